/** The list of messages on the screen. */

import { shown } from "./contents.js";
import { dayName, dayOf, timeOf } from "./dates.js";
import { el, icon } from "./dom.js";

const NEAR = 80; // pixels from the end within which the list follows new messages

export class Log {
  /**
   * @param {import("./contents.js").Context} context
   * @param {{retry: (key: string) => void, earlier: () => void}} actions
   */
  constructor(context, actions) {
    this.context = context;
    this.actions = actions;
    this.nodes = new Map();
    this.days = new Map();
    this.list = el("div.messages", { role: "log", "aria-live": "polite", "aria-label": context.words.log });
    this.earlier = el("button.earlier", { type: "button", hidden: true, onclick: actions.earlier }, context.words.earlier);
    this.typing = el("div.typing", { role: "status", hidden: true });
    this.box = el("div.log", { tabindex: "0" }, this.earlier, this.list, this.typing);
    this.#stay();
  }

  /**
   * Bring the screen up to date.
   *
   * @param {import("./talk.js").Entry[]} entries in order
   * @param {{hasEarlier: boolean, added: import("./talk.js").Entry[], older: boolean}} change
   */
  show(entries, { hasEarlier, added, older }) {
    const follows = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < NEAR;
    const fromEnd = this.box.scrollHeight - this.box.scrollTop;
    this.earlier.hidden = !hasEarlier;
    this.#place(this.#wanted(entries));
    this.#allowChoices(entries);
    if (older) this.box.scrollTop = this.box.scrollHeight - fromEnd;
    else if (added.length && (follows || added.some((entry) => entry.author === "citizen"))) this.#follow(added[0]);
  }

  /** Show that somebody writes. @param {boolean} on */
  setTyping(on) {
    clearTimeout(this.timer);
    const follows = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < NEAR;
    this.typing.hidden = !on;
    const dots = [1, 2, 3].map(() => el("i", { "aria-hidden": "true" }));
    this.typing.replaceChildren(...(on ? [...dots, el("span.unseen", {}, this.context.words.typing)] : []));
    if (on) this.timer = setTimeout(() => this.setTyping(false), 30_000); // the word "off" may have been lost
    if (on && follows) this.toEnd();
  }

  /** Scroll to the newest message. */
  toEnd() {
    this.box.scrollTop = this.box.scrollHeight;
  }

  /** Who reads the newest message keeps seeing it when a picture arrives or the keyboard takes half of the room. */
  #stay() {
    let atEnd = true;
    let height = 0;
    this.box.addEventListener("scroll", () => {
      if (this.box.clientHeight !== height) return; // moved by a change of the room, not by the reader
      atEnd = this.box.scrollHeight - this.box.scrollTop - height < NEAR;
    });
    const stay = () => {
      height = this.box.clientHeight;
      if (atEnd) this.toEnd();
    };
    new ResizeObserver(stay).observe(this.box);
    this.list.addEventListener("load", stay, true); // of pictures; "load" does not bubble, but it can be caught on its way
  }

  /** What should stand in the list, a day before its first message. */
  #wanted(entries) {
    const nodes = [];
    let day = "";
    for (const entry of entries) {
      if (dayOf(entry.at) !== day) {
        day = dayOf(entry.at);
        nodes.push(this.#day(day, entry.at));
      }
      nodes.push(this.#entry(entry));
    }
    return nodes;
  }

  /** Move only what stands wrong: a screen reader reads aloud whatever is put in again. */
  #place(nodes) {
    const wanted = new Set(nodes);
    for (const node of [...this.list.children]) if (!wanted.has(node)) node.remove();
    let next = this.list.firstElementChild;
    for (const node of nodes) {
      if (node === next) next = next.nextElementSibling;
      else this.list.insertBefore(node, next);
    }
  }

  #day(key, moment) {
    if (!this.days.has(key)) this.days.set(key, el("div.day", {}, el("span", {}, dayName(moment, this.context.words))));
    return this.days.get(key);
  }

  #entry(entry) {
    let node = this.nodes.get(entry.key);
    if (!node) {
      const { words } = this.context;
      const author = { citizen: words.you, bot: words.bot, staff: words.staff }[entry.author] ?? words.system;
      const by = entry.author === "citizen" ? el("span.unseen", {}, `${author}: `) : el("p.author", {}, author);
      node = el(`div.entry.${entry.author}`, {}, by, el("div.bubble", {}, ...shown(entry.content, this.context)), el("p.state"));
      this.nodes.set(entry.key, node);
    }
    this.#state(node.lastElementChild, entry);
    return node;
  }

  #state(line, entry) {
    const { words } = this.context;
    const time = timeOf(entry.at, words.language);
    const mark = `${entry.state} ${time}`;
    if (line.dataset.mark === mark) return;
    line.dataset.mark = mark;
    line.classList.toggle("failed", entry.state === "failed");
    if (entry.author !== "citizen") line.replaceChildren(time);
    else if (entry.state === "failed") line.replaceChildren(...this.#failure(entry));
    else line.replaceChildren(`${time} · ${entry.state === "sent" ? words.sent : words.sending}`);
  }

  #failure(entry) {
    const { words } = this.context;
    const retry = el("button.retry", { type: "button", onclick: () => this.actions.retry(entry.key) }, words.retry);
    return [entry.reason?.[words.language] || words.failed, " ", retry];
  }

  /** Only the newest question can still be answered by a button; links stay. */
  #allowChoices(entries) {
    let open = true;
    for (const entry of [...entries].reverse()) {
      const node = this.nodes.get(entry.key);
      const buttons = [...node.querySelectorAll("button.choice")];
      for (const button of buttons) button.hidden = !open;
      for (const group of node.querySelectorAll(".choices")) group.hidden = [...group.children].every((one) => one.hidden);
      if (entry.author === "citizen" || buttons.length) open = false;
    }
  }

  /** Show the beginning of what is new, even when it is longer than the window. */
  #follow(entry) {
    const node = this.nodes.get(entry.key);
    const top = node.offsetTop - 12;
    this.box.scrollTop = Math.min(top, this.box.scrollHeight - this.box.clientHeight);
  }
}

/**
 * The assistant's first words, which say that it is a machine.
 *
 * @param {import("./contents.js").Context} context
 * @param {string} city
 * @returns {HTMLElement}
 */
export function greeting(context, city) {
  const { words } = context;
  const starters = words.starters.map((text) =>
    el("button.choice", { type: "button", onclick: () => context.choose({ title: text, kind: "say", payload: "" }) }, text),
  );
  return el(
    "div.entry.bot.greeting",
    {},
    el("p.author", {}, icon("robot"), words.bot),
    el("div.bubble", {}, el("p.words", {}, words.greeting(city)), el("p.note", {}, words.privacy)),
    el("div.choices", {}, ...starters),
  );
}
