/** The conversation as this browser knows it: what was said, and what is still on its way. */

import { Connection } from "./connection.js";

const PATIENCE = 10_000; // milliseconds without "accepted" after which the connection is taken for dead

/**
 * @typedef {Object} Entry
 * @property {string} key
 * @property {number|null} sequence the server's number; null while it has not been answered
 * @property {string} author citizen, bot, staff or system
 * @property {object} content
 * @property {Date} at
 * @property {"sending"|"sent"|"failed"} state of a citizen's own message
 * @property {string} [reason]
 */

/**
 * Fires `change` (detail: the entries that are new, and whether they are older ones), `typing`, `state` and `slow` (detail:
 * whether somebody types, the server is there, the server asked us to wait).
 */
export class Talk extends EventTarget {
  /**
   * @param {string} server
   * @param {import("./store.js").Store} store
   */
  constructor(server, store) {
    super();
    this.store = store;
    /** @type {Map<string, Entry>} */
    this.entries = new Map();
    this.last = 0;
    this.first = Infinity;
    this.pause = 0;
    this.connection = new Connection(server, () => ({ type: "hello", token: store.token, after: this.last }));
    this.connection.addEventListener("frame", (event) => this.#receive(event.detail));
    this.connection.addEventListener("state", (event) => this.#fire("state", event.detail));
    for (const unsent of store.unsent) this.#add(this.#own(unsent.id, unsent, new Date(unsent.at), "sending"));
  }

  /** All entries in the order they are shown: answered ones by number, then what waits. @returns {Entry[]} */
  get list() {
    const number = (entry) => entry.sequence ?? Infinity;
    return [...this.entries.values()].sort((a, b) => (number(a) === number(b) ? a.at - b.at : number(a) - number(b)));
  }

  /** Whether older messages may exist than those shown. */
  get hasEarlier() {
    return this.first > 1 && this.first !== Infinity;
  }

  /**
   * Say something: kept until the server has it, sent as soon as it can be.
   *
   * @param {{kind: string, text?: string, payload?: string, attachments?: string[], position?: object}} content
   */
  say(content) {
    const message = { ...content, id: newId(), at: new Date().toISOString() };
    this.store.keep(message);
    const entry = this.#own(message.id, message, new Date(message.at), "sending");
    this.#add(entry);
    this.#change([entry]);
    this.#send(message);
  }

  /** Try a message again that was refused. @param {string} key */
  retry(key) {
    const entry = this.entries.get(key);
    if (!entry || entry.state !== "failed") return;
    entry.state = "sending";
    const message = { ...entry.content, id: key, at: entry.at.toISOString() };
    this.store.keep(message);
    this.#change([]);
    this.#send(message);
  }

  /** Ask for the hundred messages before those shown. */
  askEarlier() {
    this.connection.send({ type: "earlier", before: this.first });
  }

  #send(message) {
    if (this.pause) return; // later messages must not overtake one that was asked to wait
    const { at, ...frame } = message;
    if (!this.connection.send({ type: "send", ...frame })) return;
    setTimeout(() => {
      const silent = this.entries.get(message.id)?.state === "sending" && !this.pause;
      if (silent && this.connection.online) this.connection.renew();
    }, PATIENCE);
  }

  #receive(frame) {
    switch (frame.type) {
      case "welcome":
        return this.#welcome(frame);
      case "message":
        return this.#change([this.#said(frame.message)]);
      case "earlier":
        if (!frame.messages.length) this.first = 1;
        for (const message of frame.messages) this.#said(message);
        return this.#change([], true);
      case "accepted":
        return this.#accepted(frame.id);
      case "error":
        return this.#refused(frame);
      case "typing":
        return this.#fire("typing", frame.on);
    }
  }

  #welcome(frame) {
    if (this.store.token !== frame.token) this.#forget();
    this.store.token = frame.token;
    const before = new Set(this.entries.keys());
    for (const message of frame.messages) this.#said(message);
    for (const { id, content, at } of frame.waiting) {
      this.store.drop(id);
      this.#add(this.#own(id, content, new Date(at), "sent"));
    }
    this.#change([...this.entries.values()].filter((entry) => !before.has(entry.key)));
    this.#resume();
  }

  /** The server does not know this visitor any more: what it had told us is not this conversation. */
  #forget() {
    for (const [key, entry] of this.entries) if (entry.sequence !== null) this.entries.delete(key);
    this.last = 0;
    this.first = Infinity;
  }

  #said(message) {
    const own = message.author === "citizen";
    const key = own && message.event_id ? message.event_id : message.id;
    if (own) this.store.drop(key);
    this.last = Math.max(this.last, message.sequence);
    this.first = Math.min(this.first, message.sequence);
    const entry = { ...message, key, at: new Date(message.at), state: "sent" };
    return this.#add(entry);
  }

  #own(key, { kind, text, payload, attachments, position }, at, state) {
    return { key, sequence: null, author: "citizen", content: { kind, text, payload, attachments, position }, at, state };
  }

  /** Add an entry, or bring the one of the same key up to date. */
  #add(entry) {
    const known = this.entries.get(entry.key);
    if (!known) {
      this.entries.set(entry.key, entry);
      return entry;
    }
    if (known.sequence === null) Object.assign(known, { sequence: entry.sequence, state: entry.state, at: entry.at });
    return known;
  }

  #accepted(id) {
    this.store.drop(id);
    const entry = this.entries.get(id);
    if (entry) entry.state = "sent";
    this.#change([]);
  }

  #refused(frame) {
    if (!frame.id) return;
    if (frame.code === "slow_down" || frame.code === "try_again") {
      if (frame.code === "slow_down") this.#fire("slow", true);
      clearTimeout(this.pause);
      this.pause = setTimeout(() => this.#resume(), (frame.after ?? 3) * 1000 + Math.random() * 1000);
      return;
    }
    this.store.drop(frame.id);
    const entry = this.entries.get(frame.id);
    if (entry) Object.assign(entry, { state: "failed", reason: { th: frame.message, en: frame.message_en } });
    this.#change([]);
  }

  /** Send what waits, in the order it was written. */
  #resume() {
    clearTimeout(this.pause);
    this.pause = 0;
    this.#fire("slow", false);
    for (const unsent of this.store.unsent) this.#send(unsent);
  }

  #change(entries, older = false) {
    this.#fire("change", { entries, older });
  }

  #fire(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** An id nobody else will have; `randomUUID` itself exists on secure pages only. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
