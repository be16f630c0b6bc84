/** The place to write: a growing text field, the attach button, the picture that is to go along, and the limit. */

import { el, icon } from "./dom.js";
import { pick, upload } from "./photo.js";

const TALLEST = 140; // pixels
const WARN = 300; // characters before the limit from which the rest is told

/** Fires `say` (detail: contents to send, in order). */
export class Composer extends EventTarget {
  /**
   * @param {ReturnType<typeof import("./words.js").words>} words
   * @param {{server: string, store: import("./store.js").Store, limits: {text_limit: number, upload_limit: number}}} known
   */
  constructor(words, known) {
    super();
    this.words = words;
    this.known = known;
    /** @type {{id: string|null, stop: AbortController}|null} */
    this.photo = null;
    this.#build();
  }

  /** Whether the visitor may write now. @param {boolean} on */
  focus(on = true) {
    if (on) this.field.focus({ preventScroll: true });
  }

  /** Let the visitor choose a picture and attach it. */
  async attach() {
    const file = await pick();
    if (file) await this.add(file);
    this.focus();
  }

  /** Attach a picture. @param {File} file */
  async add(file) {
    this.#drop();
    const { upload_limit: limit } = this.known.limits;
    if (file.size > limit) return this.#tell(this.words.photoTooLarge(Math.round(limit / 1024 / 1024)), true);
    const photo = { id: null, stop: new AbortController(), address: URL.createObjectURL(file) };
    this.photo = photo;
    this.#preview(photo);
    try {
      const progress = (percent) => this.#progress(photo, percent);
      const { id } = await upload(this.known.server, this.known.store.token, file, { progress, signal: photo.stop.signal });
      if (this.photo !== photo) return;
      photo.id = id;
      this.#progress(photo, 100);
      this.#tell(this.words.photoReady);
    } catch (error) {
      if (this.photo !== photo) return;
      this.#drop();
      this.#tell(error.words?.[this.words.language] ?? this.words.photoFailed, true);
    }
    this.#check();
  }

  #build() {
    const { words } = this;
    this.field = el("textarea", {
      rows: "1",
      "aria-label": words.write,
      placeholder: words.write,
      "aria-describedby": "limit",
      enterkeyhint: "send",
      oninput: () => this.#typed(),
      onkeydown: (event) => this.#key(event),
    });
    this.limit = el("p.limit", { id: "limit", role: "status", hidden: true });
    this.tray = el("div.tray", { hidden: true });
    const attach = { type: "button", "aria-label": words.attach, title: words.attach, onclick: () => this.attach() };
    this.sending = el("button.send", { type: "submit", "aria-label": words.send, title: words.send }, icon("send"));
    const row = el("div.row", {}, el("button.attach", attach, icon("photo")), this.field, this.sending);
    const submit = (event) => {
      event.preventDefault();
      this.#send();
    };
    this.form = el("form.composer", { onsubmit: submit }, this.tray, this.limit, row);
    this.#check();
  }

  #key(event) {
    // Enter that only ends a composition (Thai and Chinese keyboards) must not send.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  #typed() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, TALLEST)}px`;
    this.#tell("");
    this.#check();
  }

  /** Whether all may be sent; says so when the text is too long. The text is never cut. */
  #check() {
    const count = [...this.field.value].length;
    const { text_limit: limit } = this.known.limits;
    const tooLong = count > limit;
    if (tooLong) this.#tell(this.words.tooLong(count.toLocaleString("en"), limit.toLocaleString("en")), true);
    else if (count > limit - WARN) this.#tell(this.words.nearLimit((limit - count).toLocaleString("en")));
    this.field.setAttribute("aria-invalid", String(tooLong));
    const something = this.field.value.trim() !== "" || this.photo?.id;
    const waits = this.photo !== null && !this.photo.id;
    this.sending.setAttribute("aria-disabled", String(tooLong || waits || !something));
    return !tooLong && !waits && Boolean(something);
  }

  #send() {
    if (!this.#check()) return;
    const contents = [];
    if (this.photo?.id) contents.push({ kind: "image", attachments: [this.photo.id] });
    if (this.field.value.trim()) contents.push({ kind: "text", text: this.field.value.trim() });
    this.field.value = "";
    this.#drop();
    this.#typed();
    this.dispatchEvent(new CustomEvent("say", { detail: contents }));
  }

  #preview(photo) {
    const { words } = this;
    this.bar = el("progress", { max: "100", value: "0", "aria-label": words.attach });
    const remove = el("button.remove", { type: "button", "aria-label": words.removePhoto, title: words.removePhoto }, icon("close"));
    remove.addEventListener("click", () => {
      this.#drop();
      this.#tell("");
      this.#check();
      this.focus();
    });
    this.tray.replaceChildren(el("img", { src: photo.address, alt: words.photo }), this.bar, remove);
    this.tray.hidden = false;
    this.#progress(photo, 0);
    this.#check();
  }

  #progress(photo, percent) {
    if (this.photo !== photo) return;
    this.bar.value = percent;
    this.bar.hidden = photo.id !== null;
    if (photo.id === null) this.#tell(this.words.uploading(percent));
  }

  #drop() {
    if (this.photo) {
      this.photo.stop.abort();
      URL.revokeObjectURL(this.photo.address);
    }
    this.photo = null;
    this.tray.hidden = true;
    this.tray.replaceChildren();
  }

  #tell(text, wrong = false) {
    this.limit.textContent = text;
    this.limit.hidden = !text;
    this.limit.classList.toggle("wrong", wrong);
  }
}
