/** What the console's pages do that htmx cannot. Everything else works without this file. */

const WIDE = matchMedia("(min-width: 60rem)");

/** Where the browser cannot show a closed menu's links, on wide screens it is opened. */
function unfold() {
  const menu = document.querySelector("details.menu");
  if (menu && !CSS.supports("selector(::details-content)")) menu.open = WIDE.matches;
}

/** Forms marked `data-unsaved` whose fields were changed and not sent yet. */
const unsaved = new Set();

function changed(event) {
  const form = event.target.closest?.("form[data-unsaved]");
  if (form) unsaved.add(form);
}

/** Another log-in gives a new token: pages opened before take it over, so that nothing typed in them is lost. */
function takeToken(token) {
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRF-Token": token }));
  for (const field of document.querySelectorAll("input[name='csrf']")) field.value = token;
}

async function copy(button) {
  const source = document.querySelector(button.dataset.copy);
  await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
  button.textContent = "คัดลอกแล้ว";
}

/** Passwords of a form are shown while its button is pressed in. */
function reveal(button) {
  const shown = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(shown));
  button.textContent = shown ? "ซ่อนรหัสผ่าน" : "แสดงรหัสผ่าน";
  for (const field of button.form.querySelectorAll("input[autocomplete$='password']")) field.type = shown ? "text" : "password";
}

for (const button of document.querySelectorAll("[data-reveal]")) button.hidden = false;
unfold();
WIDE.addEventListener("change", unfold);
document.addEventListener("input", changed);
document.addEventListener("change", changed);
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) unsaved.delete(event.target); // what htmx sends is done when it has arrived
});

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  if (!button) return;
  if (button.dataset.copy) copy(button);
  else if (button.hasAttribute("data-reveal")) reveal(button);
  else if (button.hasAttribute("data-print")) window.print();
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful && event.detail.requestConfig.verb !== "get") unsaved.delete(event.detail.elt.closest("form"));
});

document.addEventListener("pracha:token", (event) => takeToken(event.detail.value));

/** A failed connection is told where failures are told. */
document.addEventListener("htmx:sendError", () => {
  const told = document.createElement("p");
  told.className = "error";
  told.textContent = "ติดต่อระบบไม่ได้ กรุณาตรวจสอบอินเทอร์เน็ตแล้วลองใหม่ สิ่งที่พิมพ์ไว้ยังอยู่ในหน้านี้";
  document.querySelector("#notice")?.replaceChildren(told);
});

/** A notice of an earlier mistake goes when it is tried again. */
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.requestConfig.verb !== "get") document.querySelector("#notice")?.replaceChildren();
});

window.addEventListener("beforeunload", (event) => {
  if ([...unsaved].some((form) => form.isConnected)) event.preventDefault();
});

/** After a mistake the field itself should have the focus. */
document.querySelector("main [aria-invalid='true']")?.focus();
