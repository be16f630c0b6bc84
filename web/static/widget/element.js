/** The element `<pracha-chat>`: a button, and a panel in which one talks with the city. */

import { Composer } from "./composer.js";
import { el, icon } from "./dom.js";
import { Log, greeting } from "./log.js";
import { Gallery } from "./photo.js";
import { question } from "./place.js";
import { Store } from "./store.js";
import { Talk } from "./talk.js";
import { words } from "./words.js";

const FONT = "Noto Sans Thai Looped";
const SMALL = "(max-width: 32rem), (max-height: 30rem)"; // where the panel takes the whole screen
const OFFLINE_AFTER = 1500; // milliseconds: a blink of the network need not be told

export class PrachaChat extends HTMLElement {
  /** The origin the widget's script came from. */
  static home = "";
  static observedAttributes = ["open"];

  connectedCallback() {
    if (this.shadowRoot) return;
    this.server = new URL(this.getAttribute("server") || PrachaChat.home).origin;
    this.words = words(this.getAttribute("lang") || document.documentElement.lang || "th");
    this.store = new Store(this.server);
    this.unread = 0;
    this.#build();
    loadFont(this.server);
    if (this.hasAttribute("open")) this.show();
    else if (this.store.token) this.#begin(); // there may be news since the last visit
  }

  disconnectedCallback() {
    this.talk?.connection.close();
  }

  attributeChangedCallback(name, before, after) {
    if (this.shadowRoot && before === null && after !== null) this.show();
    else if (this.shadowRoot && after === null) this.hide();
  }

  /** Open the panel. */
  async show() {
    if (!this.panel.hidden) return;
    this.panel.hidden = false;
    this.launcher.hidden = true;
    this.panel.setAttribute("aria-modal", String(matchMedia(SMALL).matches));
    this.setAttribute("open", "");
    await this.#begin();
    this.#count(0);
    this.log?.toEnd();
    this.#focusInside();
  }

  /** Close the panel; the conversation goes on. */
  hide() {
    if (this.panel.hidden) return;
    this.panel.hidden = true;
    this.launcher.hidden = false;
    this.removeAttribute("open");
    this.launcher.focus();
  }

  /** Open the panel and say something for the visitor, who pressed a button of the page for it. @param {string} text */
  async ask(text) {
    await this.show();
    if (this.talk) this.talk.say({ kind: "text", text });
  }

  #build() {
    const root = this.attachShadow({ mode: "open" });
    const style = el("link", { rel: "stylesheet", href: `${this.server}/static/widget/style.css` });
    this.frame = el("div.frame", { hidden: true, lang: this.words.language, role: "region", "aria-label": this.words.title });
    // Shown once it has its looks: unstyled, it would tear the page apart for a moment.
    style.addEventListener("load", () => {
      this.frame.hidden = false;
    });
    this.badge = el("span.badge", { hidden: true });
    const launch = { type: "button", "aria-haspopup": "dialog", onclick: () => this.show() };
    this.launcher = el("button.launcher", launch, icon("chat"), el("span", {}, this.words.launch), this.badge);
    this.frame.append(this.launcher, this.#panel());
    root.append(style, this.frame);
  }

  #panel() {
    const { words } = this;
    this.heading = el("h2", { id: "title", tabindex: "-1" }, words.title);
    this.city = el("p.city");
    const close = el("button.close", { type: "button", "aria-label": words.close, title: words.close, onclick: () => this.hide() }, icon("close"));
    const head = el("div.head", {}, el("span.face", {}, icon("robot")), el("div", {}, this.heading, this.city), close);
    this.status = el("p.status", { role: "status", hidden: true });
    this.body = el("div.body");
    this.panel = el("section.panel", { role: "dialog", "aria-labelledby": "title", hidden: true }, head, this.status, this.body);
    this.panel.addEventListener("keydown", (event) => this.#key(event));
    return this.panel;
  }

  /** Learn the city's name and limits, then open the socket; once only. */
  #begin() {
    this.beginning ??= this.#started().catch((error) => {
      this.beginning = null; // the next opening tries again
      console.error(`[pracha-chat] ${error.message}`);
      this.#tell(error.refused ? this.words.refused : this.words.offline);
      if (!error.refused) setTimeout(() => this.isConnected && this.#begin(), 5000);
    });
    return this.beginning;
  }

  async #started() {
    const known = await settings(this.server);
    this.cityName = known.city[this.words.language];
    this.city.textContent = this.cityName;
    this.#tell("");
    this.#assemble(known);
    this.talk.addEventListener("change", (event) => this.#changed(event.detail));
    this.talk.addEventListener("typing", (event) => this.log.setTyping(event.detail));
    this.talk.addEventListener("state", (event) => this.#connected(event.detail));
    this.talk.addEventListener("slow", (event) => this.#tell(event.detail ? this.words.slow : ""));
    this.#changed({ entries: [], older: false });
    this.talk.connection.open();
  }

  #assemble(limits) {
    const { words, server, store } = this;
    const gallery = new Gallery(server, store);
    const context = {
      words,
      server,
      picture: (address, image) => gallery.show(address, image),
      choose: (choice) => this.#choose(choice),
    };
    this.talk = new Talk(server, store);
    this.log = new Log(context, { retry: (key) => this.talk.retry(key), earlier: () => this.talk.askEarlier() });
    this.greeting = greeting(context, this.cityName);
    this.log.list.before(this.greeting);
    this.composer = new Composer(words, { server, store, limits });
    this.composer.addEventListener("say", (event) => event.detail.forEach((content) => this.talk.say(content)));
    this.aside = el("div.aside");
    this.body.replaceChildren(this.log.box, this.aside, this.composer.form);
  }

  #changed({ entries, older }) {
    const list = this.talk.list;
    this.log.show(list, { hasEarlier: this.talk.hasEarlier, added: entries, older });
    this.greeting.querySelector(".choices").hidden = list.length > 0;
    if (entries.some((entry) => entry.author !== "citizen")) this.log.setTyping(false);
    const news = list.filter((entry) => entry.author !== "citizen" && entry.sequence > this.store.seen).length;
    this.#count(this.panel.hidden ? news : 0);
  }

  #choose(choice) {
    switch (choice.kind) {
      case "location":
        return this.#askPlace();
      case "photo":
        return this.composer.attach();
    }
    const takes = choice.kind !== "say" && choice.payload;
    this.talk.say(takes ? { kind: "choice", text: choice.title, payload: choice.payload } : { kind: "text", text: choice.title });
    this.#focusInside(); // the button that had the focus is gone
  }

  #askPlace() {
    const done = (position) => {
      this.aside.replaceChildren();
      if (position) this.talk.say({ kind: "location", position });
      this.#focusInside();
    };
    this.aside.replaceChildren(question(this.words, this.cityName, done));
    this.aside.querySelector("button").focus();
  }

  #count(unread) {
    if (!this.panel.hidden && this.talk) this.store.seen = Math.max(this.store.seen, this.talk.last);
    this.badge.hidden = unread === 0;
    this.badge.replaceChildren(unread > 99 ? "99+" : String(unread), el("span.unseen", {}, ` ${this.words.unread(unread)}`));
    if (unread === 0) this.badge.replaceChildren();
  }

  #connected(online) {
    clearTimeout(this.offline);
    if (online) this.#tell("");
    else this.offline = setTimeout(() => this.#tell(this.words.offline), OFFLINE_AFTER);
  }

  #tell(text) {
    this.status.textContent = text;
    this.status.hidden = !text;
  }

  /** On a touch screen the keyboard would cover the answer, so the heading gets the focus there. */
  #focusInside() {
    if (this.panel.hidden) return;
    if (this.composer && !matchMedia("(pointer: coarse)").matches) this.composer.focus();
    else this.heading.focus({ preventScroll: true });
  }

  #key(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.hide();
    } else if (event.key === "Tab" && this.panel.getAttribute("aria-modal") === "true") {
      this.#keepInside(event);
    }
  }

  /** While the panel covers the page, Tab goes round inside it. */
  #keepInside(event) {
    const stops = [...this.panel.querySelectorAll("button, a[href], textarea, [tabindex='0']")].filter(
      (node) => node.getClientRects().length > 0,
    );
    const [first, last] = [stops[0], stops.at(-1)];
    const at = this.shadowRoot.activeElement;
    if (event.shiftKey && (at === first || at === this.heading)) last.focus();
    else if (!event.shiftKey && at === last) first.focus();
    else return;
    event.preventDefault();
  }
}

/** The server's settings; an error says why a page may not use them. */
async function settings(server) {
  const response = await fetch(`${server}/chat/settings`, { headers: { Accept: "application/json" } });
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const error = new Error(answer.error?.message ?? `the server answered ${response.status}`);
  error.refused = response.status === 403;
  throw error;
}

/** A font named inside a shadow tree is not found: it belongs to the page. */
function loadFont(server) {
  if ([...document.fonts].some((face) => face.family.replaceAll('"', "") === FONT)) return;
  const ranges = { thai: "U+02D7, U+0303, U+0331, U+0E01-0E5B, U+200C-200D, U+25CC", latin: "U+0000-00FF, U+2000-206F, U+20AC" };
  for (const [script, unicodeRange] of Object.entries(ranges)) {
    const source = `url(${server}/assets/fonts/noto-sans-thai-looped-${script}.woff2) format("woff2")`;
    document.fonts.add(new FontFace(FONT, source, { weight: "100 900", display: "swap", unicodeRange }));
  }
}
