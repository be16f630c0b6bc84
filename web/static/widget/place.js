/** Sharing one's position: asked first, in plain words, and only then of the device. */

import { el, icon } from "./dom.js";

const PATIENCE = { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 };

/**
 * Ask the visitor, then the device.
 *
 * @param {ReturnType<typeof import("./words.js").words>} words
 * @param {string} city
 * @param {(position: {latitude: number, longitude: number}|null) => void} done null when nothing is shared
 * @returns {HTMLElement} the question, to be put on the screen; its first button should have the focus
 */
export function question(words, city, done) {
  const status = el("p", { role: "status" });
  const share = el("button.primary", { type: "button" }, icon("place"), words.share);
  const cancel = el("button.plain", { type: "button", onclick: () => done(null) }, words.cancel);
  share.addEventListener("click", async () => {
    if (share.getAttribute("aria-disabled") === "true") return;
    share.setAttribute("aria-disabled", "true");
    status.textContent = words.locating;
    try {
      done(await here());
    } catch (error) {
      status.textContent = error.code === 1 ? words.placeDenied : words.placeFailed;
      share.hidden = true;
      cancel.textContent = words.understood;
      cancel.focus();
    }
  });
  return el("div.consent", { role: "group", "aria-label": words.sharePlace }, el("p", {}, words.consent(city)), status, share, cancel);
}

/** @returns {Promise<{latitude: number, longitude: number}>} */
function here() {
  return new Promise((resolve, reject) => {
    if (!navigator.geolocation) return reject(new Error("no geolocation"));
    const take = ({ coords }) => resolve({ latitude: coords.latitude, longitude: coords.longitude });
    navigator.geolocation.getCurrentPosition(take, reject, PATIENCE);
  });
}
