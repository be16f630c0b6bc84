/** Small helpers to build elements. Text always goes in as text: nothing a citizen or a bot wrote is ever parsed as HTML. */

/**
 * An element with properties, attributes, listeners and children.
 *
 * @param {string} tag such as `button.send` (a class after the dot)
 * @param {Object<string, unknown>} [settings] `on…` functions listen, `true` sets and `false`/`null` leaves out an attribute
 * @param {...(Node|string|null)} children strings become text nodes
 * @returns {HTMLElement}
 */
export function el(tag, settings = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(settings)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";
const STROKES = {
  chat: ["M4 5.5h16v11H10.5L6 20v-3.5H4z", "M8 9.5h8", "M8 12.5h5"],
  close: ["M6 6l12 12", "M18 6L6 18"],
  send: ["M4 12l16-7-5 15-3.5-6z", "M11.5 14L20 5"],
  photo: ["M4 7h3.5L9 5h6l1.5 2H20v12H4z", "M12 10a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4z"],
  place: ["M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11z", "M12 7.8a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8z"],
  link: ["M14 5h5v5", "M19 5l-8 8", "M17 14v5H5V7h5"],
  robot: ["M5 9h14v9H5z", "M12 9V5.5", "M9 13v1", "M15 13v1"],
};

/**
 * A line drawing that says nothing to a screen reader.
 *
 * @param {keyof typeof STROKES} name
 * @returns {SVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  for (const stroke of STROKES[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", stroke);
    svg.append(path);
  }
  return svg;
}

/** Pieces of a text that are addresses; Thai letters end one, since Thai is written without spaces. */
const ADDRESS = /https?:\/\/[^\s<>"'“”‘’\u0E00-\u0E7F]+/g;
const TRAILING = /[.,:;!?)\]}]+$/;

/**
 * A text in which web addresses can be followed, as nodes.
 *
 * @param {string} text
 * @returns {Node[]}
 */
export function linked(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TRAILING, "");
    if (!safeAddress(address)) continue;
    nodes.push(document.createTextNode(text.slice(from, match.index)), outward(address, address));
    from = match.index + address.length;
  }
  nodes.push(document.createTextNode(text.slice(from)));
  return nodes;
}

/**
 * The address, if it is one of the web: never `javascript:` or `data:`.
 *
 * @param {string} address
 * @param {string} [base]
 * @returns {string|null}
 */
export function safeAddress(address, base) {
  try {
    const url = new URL(address, base);
    return ["https:", "http:", "tel:", "mailto:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/**
 * A link that opens a new tab, which cannot reach back into this page.
 *
 * @param {string} address a safe address
 * @param {...(Node|string)} children
 * @returns {HTMLElement}
 */
export function outward(address, ...children) {
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...children);
}
