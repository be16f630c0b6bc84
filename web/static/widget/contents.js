/** How a message's content looks: words, cards, carousels, pictures and positions. */

import { el, icon, linked, outward, safeAddress } from "./dom.js";

const SHORT = 40; // characters of a value that stands beside its label

/**
 * @typedef {Object} Context
 * @property {ReturnType<typeof import("./words.js").words>} words
 * @property {string} server
 * @property {(address: string, image: HTMLImageElement) => Promise<boolean>} picture shows a picture of ours or of the web
 * @property {(choice: object) => void} choose what happens when a choice is taken
 */

/**
 * The elements of a content.
 *
 * @param {object} content as `conversations.content` describes it
 * @param {Context} context
 * @returns {Node[]}
 */
export function shown(content, context) {
  const draw = OUTWARD[content.type] ?? INWARD[content.kind];
  const nodes = draw ? draw(content, context) : [el("p", {}, content.text || context.words.unsupported)];
  if (content.choices?.length) nodes.push(choices(content.choices, context));
  return nodes;
}

const OUTWARD = {
  text: (content) => [words(content.text)],
  location_request: (content, context) => [
    words(content.text),
    choices([{ title: context.words.sharePlace, kind: "location", payload: "" }], context),
  ],
  image: (content, context) => [picture(content.url, content.alt, context)],
  card: (content, context) => [card(content, context)],
  carousel: (content, context) => [words(content.text), carousel(content, context)],
};

const INWARD = {
  text: (content) => [words(content.text)],
  choice: (content) => [words(content.text || content.payload)],
  image: (content, context) =>
    (content.attachments ?? []).map((id) => picture(`/media/${encodeURIComponent(id)}`, context.words.photoOf, context)),
  location: (content, context) => [place(content.position, context)],
};

function words(text) {
  return el("p.words", {}, ...linked(text));
}

function card(content, context) {
  return el(
    "article.card",
    {},
    content.image_url ? picture(content.image_url, "", context) : null,
    el("h3", {}, content.title),
    content.subtitle ? el("p.subtitle", {}, content.subtitle) : null,
    content.text ? words(content.text) : null,
    content.fields?.length ? fields(content.fields) : null,
  );
}

function fields(list) {
  // A long value needs the whole width of a telephone, below its label.
  const kind = (value) => (value.length > SHORT || value.includes("\n") ? "div.long" : "div");
  const pairs = list.map(({ label, value }) => el(kind(value), {}, el("dt", {}, label), el("dd", {}, ...linked(value))));
  return el("dl", {}, ...pairs);
}

function carousel(content, context) {
  const items = content.cards.map((one) => {
    const item = el("li", {}, card(one, context));
    if (one.choices?.length) item.append(choices(one.choices, context));
    return item;
  });
  // A box that scrolls must be reachable by keyboard.
  return el("ul.carousel", { tabindex: "0", "aria-label": context.words.cards }, ...items);
}

function choices(list, context) {
  const buttons = list.map((choice) => (choice.kind === "link" ? link(choice, context) : button(choice, context)));
  return el("div.choices", {}, ...buttons.filter(Boolean));
}

function button(choice, context) {
  const drawings = { location: "place", photo: "photo" };
  const drawing = drawings[choice.kind];
  return el(
    "button.choice",
    { type: "button", onclick: () => context.choose(choice) },
    drawing ? icon(drawing) : null,
    choice.title,
  );
}

function link(choice, context) {
  const address = safeAddress(choice.payload, context.server);
  if (!address) return null;
  const node = outward(address, choice.title, icon("link"), el("span.unseen", {}, ` ${context.words.newTab}`));
  node.className = "choice";
  return node;
}

function picture(address, alt, context) {
  const image = el("img", { alt, loading: "lazy" });
  const frame = el("div.picture", {}, image);
  context.picture(address, image).then((good) => {
    if (!good) frame.replaceChildren(el("p.lost", {}, context.words.photoLost));
  });
  return frame;
}

function place(position, context) {
  const numbers = `${position.latitude.toFixed(5)}, ${position.longitude.toFixed(5)}`;
  return el("p.place", {}, icon("place"), el("span", {}, context.words.place, el("br"), el("small", {}, numbers)));
}
