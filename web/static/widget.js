/**
 * The loader of the chat widget: the one script an embedding page names.
 *
 *   <script src="https://city.example/widget.js" defer></script>
 *   <pracha-chat lang="th"></pracha-chat>          (optional; made when the page has none)
 *
 * Attributes of the element: `server` (where the city's assistant is; default: where this script came from),
 * `lang` (`th` or `en`; default: the page's language), `open` (shows the panel at once).
 */
"use strict";

(() => {
  const script = document.currentScript;
  const home = new URL(script ? script.src : location.href);

  const begin = async () => {
    const { PrachaChat } = await import(new URL("/static/widget/element.js", home));
    PrachaChat.home = home.origin;
    if (!customElements.get("pracha-chat")) customElements.define("pracha-chat", PrachaChat);
    if (!document.querySelector("pracha-chat")) {
      const element = document.createElement("pracha-chat");
      if (script?.dataset.lang) element.setAttribute("lang", script.dataset.lang);
      document.body.append(element);
    }
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
