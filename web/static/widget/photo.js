/** Pictures: sending one with its progress, and showing those that only their owner may see. */

const TYPES = "image/jpeg,image/png,image/webp,image/gif";

/**
 * Let the visitor pick a picture, or take one with the telephone's camera.
 *
 * @returns {Promise<File|null>}
 */
export function pick() {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = TYPES;
  return new Promise((resolve) => {
    input.addEventListener("change", () => resolve(input.files[0] ?? null));
    input.addEventListener("cancel", () => resolve(null));
    input.click();
  });
}

/**
 * Send a picture to the server.
 *
 * @param {string} server
 * @param {string} token
 * @param {File} file
 * @param {{progress: (percent: number) => void, signal: AbortSignal}} watch
 * @returns {Promise<{id: string}>} rejects with an Error whose `words` hold the server's reason in both languages, if it gave one
 */
export function upload(server, token, file, { progress, signal }) {
  // fetch() cannot tell how much has been sent, and a photo over a mobile network takes a while.
  const request = new XMLHttpRequest();
  const form = new FormData();
  form.append("file", file);
  return new Promise((resolve, reject) => {
    request.upload.onprogress = (event) => progress(Math.round((100 * event.loaded) / event.total));
    request.onload = () => (request.status === 201 ? resolve(request.response) : reject(refusal(request.response)));
    request.onerror = request.ontimeout = () => reject(refusal(null));
    signal.addEventListener("abort", () => request.abort());
    request.open("POST", `${server}/chat/upload`);
    request.responseType = "json";
    request.timeout = 120_000;
    request.setRequestHeader("X-Pracha-Token", token);
    request.setRequestHeader("Accept", "application/json");
    request.send(form);
  });
}

function refusal(response) {
  const error = new Error("upload refused");
  if (response?.error) error.words = { th: response.error.message_th, en: response.error.message };
  return error;
}

/** Shows pictures; those below `/media/` are fetched with the visitor's token, which never stands in an address. */
export class Gallery {
  /** @param {string} server @param {import("./store.js").Store} store */
  constructor(server, store) {
    this.server = server;
    this.store = store;
  }

  /**
   * @param {string} address
   * @param {HTMLImageElement} image
   * @returns {Promise<boolean>} false when it cannot be shown
   */
  async show(address, image) {
    const url = URL.canParse(address, this.server) ? new URL(address, this.server) : null;
    if (!url || !["http:", "https:"].includes(url.protocol)) return false;
    if (url.origin !== this.server || !url.pathname.startsWith("/media/")) return load(image, url.href);
    try {
      const response = await fetch(url, { headers: { "X-Pracha-Token": this.store.token } });
      return response.ok && load(image, URL.createObjectURL(await response.blob()));
    } catch {
      return false;
    }
  }
}

function load(image, address) {
  return new Promise((resolve) => {
    image.addEventListener("load", () => resolve(true), { once: true });
    image.addEventListener("error", () => resolve(false), { once: true });
    image.loading = "eager";
    image.src = address;
  });
}
