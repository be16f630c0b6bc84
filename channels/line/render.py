"""An answer as LINE's messages: at most five, quick replies on the last one, nothing dropped."""

from collections.abc import Sequence
from typing import Any

from channels.line import flex
from channels.line.choices import LABEL, Quick, action, address, ask_place, quick
from channels.text import clip, split, utf16_len
from conversations.content import Card, Carousel, Choice, Image, LocationRequest, Outward, Text, plain_text

MOST = 5  # messages of one call
TEXT, ALT = 5000, 400  # UTF-16 units at most
ADDRESS = 2000  # characters of a picture's address
_CARD_ROOMS = (3000, 2000, 1000, 400)  # units of words in a bubble; the next is tried when the JSON is too large
_CAROUSEL_ROOMS = (900, 500, 250, 120)

Payload = dict[str, Any]


def render(content: Outward) -> list[Payload]:
    """The messages for one content, one to five."""
    match content:
        case Card():
            return _card(content)
        case Carousel():
            return _carousel(content)
        case Image():
            return _image(content)
        case LocationRequest():
            asked = any(choice.kind == "location" for choice in content.choices)
            first = [] if asked else [ask_place(content.text)]
            return _text(content.text, [*first, *content.choices])
        case Text():
            return _text(content.text, content.choices)


def _text(text: str, choices: Sequence[Choice]) -> list[Payload]:
    below = quick(choices)
    return _finish([], [text, "\n".join(below.lines)], below)


def _card(card: Card) -> list[Payload]:
    rows, others = _rows(card.choices)
    below = quick(others)
    for room in _CARD_ROOMS:
        made = flex.bubble(card, rows, room)
        if flex.size_of(made.made) <= flex.BUBBLE:
            return _finish([_flex(made.made, card.plain())], [*made.rest, "\n".join(below.lines)], below)
    return _text(plain_text(card), card.choices)


def _rows(choices: Sequence[Choice]) -> tuple[list[Choice], list[Choice]]:
    """Rows of the card itself (links, and titles too long for a quick reply), and the rest. Both work wherever LINE does."""
    rows = [one for one in choices if action(one) and (one.kind == "link" or len(one.title) > LABEL)]
    return rows, [one for one in choices if one not in rows]


def _carousel(carousel: Carousel) -> list[Payload]:
    cards = [(card, [one for one in card.choices if action(one)]) for card in carousel.cards]
    spare = [one for card, rows in cards for one in card.choices if one not in rows]
    below = quick([*carousel.choices, *spare])
    head = _parts([carousel.text], MOST - 1)
    for room in _CAROUSEL_ROOMS:
        bubbles = [flex.bubble(card, rows, room, size="kilo") for card, rows in cards]
        made = {"type": "carousel", "contents": [one.made for one in bubbles]}
        if flex.size_of(made) <= flex.CAROUSEL and all(flex.size_of(one.made) <= flex.BUBBLE for one in bubbles):
            rest = ["\n".join([card.title, *one.rest]) for (card, _), one in zip(cards, bubbles, strict=True) if one.rest]
            return _finish([*head, _flex(made, plain_text(carousel))], [*rest, "\n".join(below.lines)], below)
    return _text(plain_text(carousel), [*carousel.choices, *(one for card in carousel.cards for one in card.choices)])


def _image(image: Image) -> list[Payload]:
    url = address(image.url)
    if url.startswith("https://") and len(url) <= ADDRESS:
        return [{"type": "image", "originalContentUrl": url, "previewImageUrl": url}]
    return _text(f"{image.alt}\n{image.url}", [])


def _flex(contents: dict[str, Any], said: str) -> Payload:
    return {"type": "flex", "altText": clip(said.strip(), ALT, utf16_len) or "…", "contents": contents}


def _finish(head: list[Payload], words: Sequence[str], below: Quick) -> list[Payload]:
    """The messages with the words that follow them; quick replies vanish with the next message, so the last one has them."""
    payloads = [*head, *_parts(words, MOST - len(head))] or [{"type": "text", "text": "…"}]
    if below.items:
        payloads[-1] = {**payloads[-1], "quickReply": {"items": below.items}}
    return payloads


def _parts(words: Sequence[str], most: int) -> list[Payload]:
    """Text messages; a text longer than all of them ends in an ellipsis."""
    text = "\n\n".join(one.strip() for one in words if one.strip())
    parts = split(text, TEXT, utf16_len)
    if len(parts) > most:
        parts = [*parts[: most - 1], clip("\n".join(parts[most - 1 :]), TEXT, utf16_len)]
    return [{"type": "text", "text": part} for part in parts]
