/** The help centre: search while somebody types, thumbs without a new page, sharing. All but sharing works without this file. */

const PAUSE = 250; // milliseconds without a key before we ask
const SHORTEST = 2; // letters

/** @param {HTMLFormElement} form */
function searchAsYouType(form) {
  const field = form.elements.namedItem("q");
  const results = document.querySelector("#results");
  const browse = document.querySelector("#browse");
  const said = document.querySelector("[data-said]");
  let shown = field.value.trim();
  let timer = 0;
  let asking = null;

  /** Put what was found into the page, or take it away; only the number is read aloud. */
  function show(found) {
    results.replaceChildren(...found);
    if (browse) browse.hidden = found.length > 0;
    said.textContent = results.querySelector("[data-count]")?.dataset.count ?? "";
  }

  async function look() {
    const words = field.value.trim();
    if (words === shown) return;
    asking?.abort();
    shown = words;
    if (words.length < SHORTEST) return show([]);
    asking = new AbortController();
    const address = new URL(form.action);
    address.search = new URLSearchParams({ q: words, typing: "1" }).toString();
    try {
      const answer = await fetch(address, { signal: asking.signal, headers: { Accept: "text/html" } });
      if (!answer.ok && answer.status !== 429) return;
      // The server escaped what people wrote, and scripts of a parsed document never run.
      show([...new DOMParser().parseFromString(await answer.text(), "text/html").body.children]);
    } catch (error) {
      if (error.name !== "AbortError") shown = null; // the button still leads to the results
    }
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
}

/** @param {HTMLFormElement} form */
function rateInPlace(form) {
  const section = form.closest("section");
  const thank = (name) => {
    for (const words of section.querySelectorAll("[data-thanks]")) words.hidden = words.dataset.thanks !== name;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, event.submitter));
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      form.hidden = true;
      thank((await answer.json()).helped);
    } catch {
      section.querySelector("[data-thanks='failed']").hidden = false;
    }
  });
}

/** @param {HTMLButtonElement} button */
function share(button) {
  const page = { title: button.dataset.title, url: button.dataset.share };
  const copied = document.querySelector("[data-copied]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      if (navigator.share) return await navigator.share(page);
      await navigator.clipboard.writeText(page.url);
      copied.hidden = false;
    } catch (error) {
      if (error.name === "AbortError") return; // they changed their mind
      const copy = document.querySelector("[data-copy]"); // no clipboard without https: they copy it themselves
      copy.hidden = false;
      copy.querySelector("input").select();
    }
  });
}

document.querySelectorAll("form[data-search]").forEach(searchAsYouType);
document.querySelectorAll("form[data-rate]").forEach(rateInPlace);
document.querySelectorAll("[data-share]").forEach(share);
