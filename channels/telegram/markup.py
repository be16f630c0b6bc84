"""Words as Telegram's HTML, in pages that fit.

Telegram counts characters after the markup was read; we count the markup too, in UTF-16 units, which is never less. So
a page may be a little shorter than it could be, and is never refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape as _escape

from channels.text import split, utf16_len
from core import storable

TEXT_LIMIT, CAPTION_LIMIT = 4096, 1024
_WORTH = 400  # units left on a page below which a block that does not fit begins on the next one


@dataclass(frozen=True)
class Block:
    """Words that belong together; ``heading`` is bold and stands right before ``text``, ``gap`` parts it from what is above."""

    text: str
    heading: str = ""
    gap: str = "\n"


def escape(text: str) -> str:
    """The text with ``&``, ``<`` and ``>`` as Telegram wants them, and nothing that UTF-8 has no bytes for."""
    return _escape(storable.text(text), quote=False)


def size(text: str) -> int:
    """The room that plain text takes once it is escaped."""
    return utf16_len(escape(text))


def pages(blocks: Sequence[Block], limit: int) -> list[str]:
    """The blocks as HTML in pages of at most ``limit``; none when there are no words at all."""
    done: list[str] = []
    page = ""
    for block in blocks:
        heading, rest = _heading(block, limit)
        while heading or rest.strip():
            gap = block.gap if page else ""
            room = limit - utf16_len(page + gap + heading)
            if size(rest) <= room:
                page, heading, rest = page + gap + heading + escape(rest), "", ""
            elif page and room < _WORTH:
                done, page = [*done, page], ""
            else:
                part = split(rest, room, size)[0]
                rest = rest.lstrip()[len(part) :].lstrip()
                done, page, heading = [*done, page + gap + heading + escape(part)], "", ""
    return [one for one in (*done, page) if one.strip()]


def _heading(block: Block, limit: int) -> tuple[str, str]:
    if not block.heading.strip():
        return "", block.text
    html = f"<b>{escape(block.heading)}</b>"
    return (html, block.text) if utf16_len(html) <= limit // 4 else ("", block.heading + block.text)
