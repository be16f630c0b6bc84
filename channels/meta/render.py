"""An answer as Messenger and Instagram take it: the ``message`` objects of the Send API.

Quick replies vanish as soon as another message follows, so they stand on the last payload. Neither platform has a button
that asks for a picture or a position: words say how.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from channels.text import Measure, clip, split, utf8_len
from conversations.content import Card, Carousel, Choice, Image, Outward, plain_text

REPLIES, TITLE = 13, 20  # quick replies; characters of their titles and of buttons' titles
BUTTONS, BUTTON_TEXT = 3, 640
ELEMENTS, ELEMENT_TEXT = 10, 80
PLAIN_ALT = "รูปภาพ"  # the alternative text that says nothing


@dataclass(frozen=True)
class Limits:
    """How long a text may be, and whether quick replies may stand on something else than a text."""

    text: int
    measure: Measure
    replies_anywhere: bool


LIMITS = {"messenger": Limits(2000, len, True), "instagram": Limits(1000, utf8_len, False)}

# In Thai, and in English for those whom we answer in English.
_PHOTO = ("ส่งรูปในแชตนี้ได้เลยค่ะ", "You can send the photo here in this chat.")
_PLACE = (
    "ในแชตนี้ไม่มีปุ่มส่งตำแหน่ง พิมพ์ชื่อสถานที่หรือจุดสังเกตได้เลยค่ะ",
    "This chat has no position button. Please type a place or a landmark.",
)
_MORE = ("เรื่องอื่นพิมพ์บอกได้เลยค่ะ", "For anything else, just type it:")
_CHOOSE = ("เลือกได้เลยค่ะ", "Please choose.")
_LINKS = ("ดูเพิ่มเติมได้ที่นี่ค่ะ", "See more here.")


def render(content: Outward, platform: str) -> list[dict[str, Any]]:
    """One content as one or more payloads, to be sent in this order."""
    limits = LIMITS[platform]
    if isinstance(content, Carousel):
        return _carousel(content, limits)
    if isinstance(content, Image):
        return _image(content, limits)
    pictures: list[dict[str, Any]] = []
    words, choices = plain_text(content), list(content.choices)
    if isinstance(content, Card) and content.image_url:
        pictures, words = _picture(content.image_url, words)
    if content.type == "location_request" and not any(choice.kind == "location" for choice in choices):
        choices.append(Choice(title="ตำแหน่ง", kind="location"))
    return pictures + _talk(words, choices, limits)


def _talk(words: str, choices: Sequence[Choice], limits: Limits) -> list[dict[str, Any]]:
    """Words with their choices: texts, then a template for the links, then the quick replies."""
    english = _is_english(words)
    links = [choice for choice in choices if _linkable(choice)]
    replies = [choice for choice in choices if choice.kind == "reply"]
    parts = split("\n\n".join(_said(words, choices, links, replies, english)), limits.text, limits.measure)
    payloads: list[dict[str, Any]] = [{"text": part} for part in parts]
    if links:
        fits = bool(parts) and len(parts[-1]) <= BUTTON_TEXT
        text = payloads.pop()["text"] if fits else _LINKS[english]
        payloads.append(_template({"template_type": "button", "text": text, "buttons": _buttons(links[:BUTTONS])}))
    return _with_replies(payloads, replies, limits, english)


def _said(words: str, choices: Sequence[Choice], links: Sequence[Choice], replies: Sequence[Choice], english: bool) -> list[str]:
    """The words, and below them what no button can show."""
    kinds = {choice.kind for choice in choices}
    hints = [hint[english] for kind, hint in (("photo", _PHOTO), ("location", _PLACE)) if kind in kinds]
    addresses = [c for c in choices if c.kind == "link" and c not in links[:BUTTONS]]
    listed = [f"{choice.title}: {choice.payload}" if choice.payload else choice.title for choice in addresses]
    return [part for part in (words.strip(), "\n".join(listed), "\n".join(_in_words(replies, english)), *hints) if part]


def _in_words(replies: Sequence[Choice], english: bool) -> list[str]:
    """Titles too long for a button, all with their numbers; else only those for which there is no button."""
    if _numbered(replies):
        return [f"{number}. {choice.title}" for number, choice in enumerate(replies, 1)]
    rest = [f"• {choice.title}" for choice in replies[REPLIES:]]
    return [_MORE[english], *rest] if rest else []


def _numbered(replies: Sequence[Choice]) -> bool:
    return any(len(choice.title) > TITLE for choice in replies)


def _with_replies(
    payloads: list[dict[str, Any]], replies: Sequence[Choice], limits: Limits, english: bool
) -> list[dict[str, Any]]:
    if replies and not (payloads and (limits.replies_anywhere or "text" in payloads[-1])):
        payloads.append({"text": _CHOOSE[english]})
    if replies:
        prefixes = [f"{number}. " if _numbered(replies) else "" for number in range(1, len(replies) + 1)]
        payloads[-1]["quick_replies"] = [
            {"content_type": "text", "title": clip(prefix + choice.title, TITLE), "payload": choice.payload or choice.title}
            for prefix, choice in list(zip(prefixes, replies, strict=True))[:REPLIES]
        ]
    return payloads


def _carousel(content: Carousel, limits: Limits) -> list[dict[str, Any]]:
    english = _is_english(content.text)
    cards = content.cards[:ELEMENTS]
    details = [plain for card in cards if (plain := _beyond(card))]
    outer = [choice for choice in content.choices if choice.kind != "reply"]
    outer += [choice for card in cards for choice in card.choices if choice.kind in {"photo", "location"}]
    payloads = _talk("\n\n".join([content.text, *details]), outer, limits)
    elements = [_element(card, content.text) for card in cards]
    payloads.append(_template({"template_type": "generic", "elements": elements}))
    replies = [choice for choice in content.choices if choice.kind == "reply"]
    if _numbered(replies) or len(replies) > REPLIES:
        payloads += [{"text": part} for part in split("\n".join(_in_words(replies, english)), limits.text, limits.measure)]
    return _with_replies(payloads, replies, limits, english)


def _element(card: Card, otherwise: str) -> dict[str, Any]:
    """A card of a generic template, which needs more than a title."""
    element: dict[str, Any] = {"title": clip(card.title, ELEMENT_TEXT) or PLAIN_ALT}
    element["subtitle"] = clip(_below(card) or otherwise, ELEMENT_TEXT)
    if card.image_url and _secure(card.image_url):
        element["image_url"] = card.image_url
    if shown := _shown(card):
        element["buttons"] = _buttons(shown)
    return {key: value for key, value in element.items() if value}


def _below(card: Card) -> str:
    return card.plain().removeprefix(card.title).strip()


def _shown(card: Card) -> list[Choice]:
    return [choice for choice in card.choices if choice.kind == "reply" or _linkable(choice)][:BUTTONS]


def _beyond(card: Card) -> str:
    """The whole card in words when its element cannot hold all of it, else nothing."""
    hidden = [choice for choice in card.choices if choice not in _shown(card) and choice.kind in {"reply", "link"}]
    fits = len(card.title) <= ELEMENT_TEXT and len(_below(card)) <= ELEMENT_TEXT
    insecure = card.image_url if card.image_url and not _secure(card.image_url) else ""
    lines = [f"• {choice.title}" + (f": {choice.payload}" if choice.kind == "link" else "") for choice in hidden]
    return "" if fits and not hidden and not insecure else "\n".join(part for part in (card.plain(), insecure, *lines) if part)


def _image(content: Image, limits: Limits) -> list[dict[str, Any]]:
    pictures, words = _picture(content.url, "" if content.alt == PLAIN_ALT else content.alt)
    return [{"text": part} for part in split(words, limits.text, limits.measure)] + pictures


def _picture(url: str, words: str) -> tuple[list[dict[str, Any]], str]:
    """The picture as a payload; in words when Meta would not fetch it."""
    if _secure(url):
        return [{"attachment": {"type": "image", "payload": {"url": url}}}], words
    return [], "\n".join(part for part in (words, url) if part)


def _buttons(choices: Sequence[Choice]) -> list[dict[str, str]]:
    return [
        {"type": "web_url", "title": clip(choice.title, TITLE), "url": choice.payload}
        if choice.kind == "link"
        else {"type": "postback", "title": clip(choice.title, TITLE), "payload": choice.payload or choice.title}
        for choice in choices
    ]


def _template(payload: dict[str, Any]) -> dict[str, Any]:
    return {"attachment": {"type": "template", "payload": payload}}


def _linkable(choice: Choice) -> bool:
    return choice.kind == "link" and _secure(choice.payload)


def _secure(url: str) -> bool:
    return url.startswith("https://") and len(url) > len("https://")


def _is_english(words: str) -> bool:
    return not any("\u0e01" <= letter <= "\u0e5b" for letter in words)
