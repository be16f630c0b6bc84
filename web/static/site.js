/** What the pages' buttons do: open the chat, ask in it, print. Everything else works without this file. */

/** @returns {Promise<HTMLElement & {show: () => void, ask: (text: string) => void}>} */
async function chat() {
  await customElements.whenDefined("pracha-chat");
  return document.querySelector("pracha-chat");
}

document.addEventListener("click", async (event) => {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  if (!button) return;
  if (button.hasAttribute("data-print")) window.print();
  else if (button.hasAttribute("data-open")) (await chat()).show();
  else if (button.dataset.ask) (await chat()).ask(button.dataset.ask);
});

/** After a wrong number the form itself should have the focus. */
document.querySelector("[aria-invalid='true']")?.focus();
