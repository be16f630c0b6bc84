/** The keys of the case list: j and k walk through the rows, x ticks one, / goes to the search, ? shows the keys. */

const links = () => [...document.querySelectorAll("[data-keys] tbody th a")];

function typing(target) {
  return target instanceof Element && target.closest("input:not([type='checkbox']), textarea, select, [contenteditable]") !== null;
}

/** The row that has the focus, or -1. */
function here(all) {
  const row = document.activeElement?.closest("tr");
  return row ? all.findIndex((link) => link.closest("tr") === row) : -1;
}

function walk(step) {
  const all = links();
  if (!all.length) return;
  const now = here(all);
  const next = now < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(now + step, 0), all.length - 1);
  all[next].focus();
}

function tick() {
  const box = document.activeElement?.closest("[data-keys] tr")?.querySelector("input[type='checkbox']");
  box?.click();
}

function toggleHelp() {
  const help = document.querySelector("#keys");
  if (!help) return;
  help.open = !help.open;
  if (help.open) help.querySelector("summary").focus();
}

const KEYS = {
  j: () => walk(1),
  k: () => walk(-1),
  x: tick,
  "/": () => document.querySelector("#text")?.focus(),
  "?": toggleHelp,
};

document.addEventListener("keydown", (event) => {
  const act = KEYS[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  event.preventDefault();
  act();
});
