"""Choices as Telegram's keyboards: buttons under a message, or in place of the letters when the position is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from channels.text import clip
from conversations.content import Choice

MOST = 100  # buttons of one message
_TITLE_LIMIT = 64  # characters; more does not fit the width of a telephone
_HALF = 18  # characters of a title that leaves room for another one beside it
_ASK_PHOTO = {True: "📎 แนบรูปได้ด้วยปุ่มคลิปหนีบกระดาษค่ะ", False: "📎 Attach a photo with the paper clip button."}
_SHARE = {True: "📍 ส่งตำแหน่งของฉัน", False: "📍 Share my location"}
REMOVED: dict[str, Any] = {"remove_keyboard": True}

Offer = tuple[str, Choice]  # the choice's place in the content (see conversations.content.offered), and itself


@dataclass(frozen=True)
class Keyboard:
    """A ``reply_markup``, and lines for what cannot be a button."""

    markup: Mapping[str, Any] = field(default_factory=lambda: REMOVED)
    lines: Sequence[str] = ()


def keyboard(offers: Sequence[Offer], message_id: str, *, place: bool = False, thai: bool = True) -> Keyboard:
    """The offers of one message. ``place``: ask for the position even if no choice does; ``thai``: for words of our own.

    A button under a message carries ``<message id>:<place>``, since Telegram allows it 64 bytes and payloads are longer. One in
    place of the letters sends its title as words.
    """
    asks = [choice.title for _, choice in offers if choice.kind == "location"]
    lines = [_ASK_PHOTO[thai]] if any(choice.kind == "photo" for _, choice in offers) else []
    if asks or place:
        return _in_place_of_letters(offers, asks[0] if asks else _SHARE[thai], lines)
    buttons = [_button(choice, f"{message_id}:{at}") for at, choice in offers if choice.kind == "reply" or opens(choice)]
    lines += [_line(choice) for _, choice in offers if choice.kind == "link" and not opens(choice)]
    lines += [f"• {button['text']}" for button in buttons[MOST:]]
    if not buttons:
        return Keyboard(lines=lines)
    return Keyboard({"inline_keyboard": _rows(buttons[:MOST])}, lines)


def opens(choice: Choice) -> bool:
    """Whether Telegram takes it as a button with an address: http or https, and a dot in the host's name."""
    if choice.kind != "link":
        return False
    try:
        parts = urlsplit(choice.payload)
        return (
            parts.scheme in ("http", "https") and "." in (parts.hostname or "") and not (parts.hostname or "").startswith("127.")
        )
    except ValueError:
        return False


def _in_place_of_letters(offers: Sequence[Offer], ask: str, lines: list[str]) -> Keyboard:
    buttons: list[dict[str, Any]] = [{"text": choice.title} for _, choice in offers if choice.kind == "reply"]
    lines += [_line(choice) for _, choice in offers if choice.kind == "link"]
    lines += [f"• {button['text']}" for button in buttons[MOST - 1 :]]
    rows = [[{"text": ask, "request_location": True}], *_rows(buttons[: MOST - 1])]
    return Keyboard({"keyboard": rows, "resize_keyboard": True, "one_time_keyboard": True}, lines)


def _button(choice: Choice, data: str) -> dict[str, Any]:
    title = clip(choice.title, _TITLE_LIMIT)
    return {"text": title, "url": choice.payload} if choice.kind == "link" else {"text": title, "callback_data": data}


def _line(choice: Choice) -> str:
    return f"{choice.title}: {choice.payload}"


def _rows(buttons: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Two short titles a row, a long one alone."""
    rows: list[list[dict[str, Any]]] = []
    for button in buttons:
        if rows and len(rows[-1]) == 1 and max(len(rows[-1][0]["text"]), len(button["text"])) <= _HALF:
            rows[-1].append(button)
        else:
            rows.append([button])
    return rows
