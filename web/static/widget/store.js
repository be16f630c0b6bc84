/** What the browser keeps for one server: the visitor's token and the messages that are not yet safe with the city. */

/**
 * @typedef {Object} Unsent
 * @property {string} id the same on every attempt, so that the server takes the message once
 * @property {string} kind
 * @property {string} [text]
 * @property {string} [payload]
 * @property {string[]} [attachments]
 * @property {{latitude: number, longitude: number}} [position]
 * @property {string} at
 */

export class Store {
  /** @param {string} server */
  constructor(server) {
    this.name = `pracha:${server}`;
    this.memory = new Map(); // for browsers that forbid storage: the conversation then lasts as long as the page
  }

  /** @returns {string|null} */
  get token() {
    return this.#read("token");
  }

  /** @param {string} value */
  set token(value) {
    this.#write("token", value);
  }

  /** @returns {Unsent[]} */
  get unsent() {
    const kept = this.#read("unsent");
    try {
      const list = JSON.parse(kept ?? "[]");
      return Array.isArray(list) ? list.filter((one) => typeof one?.id === "string") : [];
    } catch {
      return [];
    }
  }

  /** @param {Unsent} message */
  keep(message) {
    this.#write("unsent", JSON.stringify([...this.unsent.filter((one) => one.id !== message.id), message]));
  }

  /** @param {string} id */
  drop(id) {
    this.#write("unsent", JSON.stringify(this.unsent.filter((one) => one.id !== id)));
  }

  /** The newest sequence number this visitor has seen with the panel open. */
  get seen() {
    return Number(this.#read("seen") ?? 0);
  }

  /** @param {number} sequence */
  set seen(sequence) {
    this.#write("seen", String(sequence));
  }

  /** @param {string} key */
  #read(key) {
    try {
      return localStorage.getItem(`${this.name}:${key}`);
    } catch {
      return this.memory.get(key) ?? null;
    }
  }

  /** @param {string} key @param {string} value */
  #write(key, value) {
    this.memory.set(key, value);
    try {
      localStorage.setItem(`${this.name}:${key}`, value);
    } catch {
      // private windows may forbid it; memory has it
    }
  }
}
