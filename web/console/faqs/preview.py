"""The preview: an answer as LINE, Telegram and the widget show it, made by the code that really sends it."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from actions.card import answer_card
from actions.voice import TITLE_LENGTH
from channels.line import flex
from channels.line import render as line
from channels.telegram import render as telegram
from channels.text import ELLIPSIS, utf16_len
from conversations.content import Card, Outward, plain_text
from knowledge_base.answer import Language
from knowledge_base.hit import Hit

_BOLD = re.compile(r"(<b>.*?</b>)", re.DOTALL)


@dataclass(frozen=True)
class TelegramMessage:
    """One message: its words as (bold, text), and the rows of buttons below it."""

    words: tuple[tuple[bool, str], ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Preview:
    """One content on three channels. ``line`` is what LINE's interface takes: Flex bubbles and texts."""

    content: Outward
    line: list[dict[str, Any]]
    telegram: list[TelegramMessage]
    warnings: list[str]


def of(hit: Hit, language: Language = "th") -> Preview:
    """An answer as a citizen gets it."""
    return drawn(answer_card(hit, language))


def drawn(content: Outward) -> Preview:
    """Any content on the three channels, and where a channel's limits change it."""
    on_line = line.render(content)
    calls = [call for call in telegram.render(content, "msg_preview") if "text" in call]
    return Preview(content, on_line, [_telegram(call) for call in calls], _warnings(content, on_line, len(calls)))


def _telegram(call: dict[str, Any]) -> TelegramMessage:
    """The words back from Telegram's HTML, in which only titles are marked up."""
    pieces = [piece for piece in _BOLD.split(call["text"]) if piece]
    words = tuple((piece.startswith("<b>"), unescape(piece.removeprefix("<b>").removesuffix("</b>"))) for piece in pieces)
    rows = call["reply_markup"].get("inline_keyboard", [])
    return TelegramMessage(words, tuple(tuple(button["text"] for button in row) for row in rows))


def _warnings(content: Outward, on_line: list[dict[str, Any]], messages: int) -> list[str]:
    found: list[str] = []
    if isinstance(content, Card):
        if len(content.title) > TITLE_LENGTH:
            found.append(f"คำถามยาว {len(content.title)} ตัวอักษร ปุ่มตัวเลือกจะตัดให้เหลือ {TITLE_LENGTH}")
        if utf16_len(content.title) > flex.TITLE:
            found.append(f"LINE: หัวการ์ดแสดงได้ {flex.TITLE} ตัวอักษร คำถามเต็มจะไปอยู่ในเนื้อความ")
    if len(on_line) > 1:
        found.append(f"LINE: ยาวเกินหนึ่งการ์ด ส่วนที่เหลือส่งต่อเป็นข้อความ รวม {len(on_line)} ข้อความ")
    if on_line[-1].get("text", "").endswith(ELLIPSIS) and not plain_text(content).endswith(ELLIPSIS):
        found.append(f"LINE: ส่งได้ไม่เกิน {line.MOST} ข้อความต่อครั้ง ท้ายคำตอบจะถูกตัด")
    if messages > 1:
        found.append(f"Telegram: ยาวเกินหนึ่งข้อความ จะแบ่งส่ง {messages} ข้อความ")
    return found
