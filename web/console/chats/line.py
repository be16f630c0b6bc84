"""A line of a transcript as an officer sees it: who, when, what, how it was understood, and whether it has arrived."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from conversations import ownership
from conversations.attachment import Attachment
from conversations.content import Card, Carousel, Image, Inward, Position, outward, plain_text
from conversations.message import Message
from conversations.outbox import STOPPED, Outgoing
from conversations.picture import MEDIA_TYPE
from web.console.chats import labels

_KINDS = {
    "sticker": "[สติกเกอร์]",
    "audio": "[เสียง]",
    "video": "[วิดีโอ]",
    "file": "[ไฟล์]",
    "image": "",
    "location": "[ตำแหน่ง]",
}
_EVENTS = {
    "unsent": "[ประชาชนลบข้อความนี้แล้ว]",
    "session": "[เปิดหน้าต่างแชต]",
    "follow": "[เพิ่มเพื่อน]",
    "entry": "[เข้ามาจากลิงก์]",
    "reaction": "[แสดงความรู้สึก]",
}


@dataclass(frozen=True)
class File:
    """A file of a line: shown when it is a picture."""

    id: str
    picture: bool


@dataclass(frozen=True)
class Line:
    """``side``: citizen, bot, staff or system. ``guess`` is how the engine understood it, ``sure`` how sure it was (0 to 100).

    ``delivery`` is the state of what we said: ``reason`` tells why it was stopped, ``outbox`` is the id to send it again by.
    """

    sequence: int
    side: str
    author: str
    at: datetime
    text: str
    files: Sequence[File] = ()
    picture: str = ""
    position: Position | None = None
    buttons: Sequence[str] = ()
    guess: str = ""
    sure: int = 0
    delivery: str = ""
    reason: str = ""
    outbox: str = ""
    mine: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def stopped(self) -> bool:
        """Whether it was not sent and will not be."""
        return bool(self.reason)


async def lines(session: AsyncSession, said: Sequence[Message], names: Mapping[str, str], me: str) -> list[Line]:
    """The lines of these messages; ``names`` are those of the staff among their authors."""
    ids = [one.id for one in said]
    sent = {row.message_id: row for row in await session.scalars(select(Outgoing).where(Outgoing.message_id.in_(ids)))}
    wanted = {one for message in said for one in message.content.get("attachments") or []}
    found = await session.scalars(select(Attachment).where(Attachment.id.in_(wanted))) if wanted else ()
    files = {one.id: File(one.id, one.media_type == MEDIA_TYPE) for one in found}
    return [_inward(one, files) if one.author == "citizen" else _outward(one, sent.get(one.id), names, me) for one in said]


def _inward(said: Message, files: Mapping[str, File]) -> Line:
    try:
        content = Inward.model_validate(said.content)
    except ValidationError:  # written by a version with other contents
        content = Inward(kind="file")
    understood = said.understood or {}
    intent = str(understood.get("intent") or "")
    return Line(
        sequence=said.sequence,
        side="citizen",
        author="ประชาชน",
        at=said.at,
        text=_words(content),
        files=[files[one] for one in content.attachments if one in files],
        position=content.position,
        guess=labels.intent(intent) if intent else "",
        sure=round(100 * float(understood.get("confidence") or 0)),
    )


def _words(content: Inward) -> str:
    if content.kind == "event":
        told = _EVENTS.get(content.event, "")
        return f"{told} {content.text}".strip() if content.event in {"reaction", "entry"} else told or content.text
    if content.kind == "choice":
        return content.text or content.payload
    return f"{_KINDS.get(content.kind, '')} {content.text}".strip()


def _outward(said: Message, row: Outgoing | None, names: Mapping[str, str], me: str) -> Line:
    text, picture, buttons = _shown(said.content)
    person = ownership.is_person(said.author)
    stopped = row is not None and row.state == STOPPED
    return Line(
        sequence=said.sequence,
        side="staff" if person else said.author,
        author=labels.AUTHORS.get(said.author) or names.get(said.author, "เจ้าหน้าที่"),
        at=said.at,
        text=text,
        picture=picture,
        buttons=buttons,
        delivery=labels.DELIVERY.get(row.state, "") if row is not None else "",
        reason=(row.reason or "ไม่ทราบสาเหตุ") if row is not None and stopped else "",
        outbox=row.id if row is not None and stopped and said.author == me else "",
        mine=said.author == me,
    )


def _shown(data: Mapping[str, Any]) -> tuple[str, str, list[str]]:
    """Words, the address of a picture, and the titles of buttons."""
    try:
        content = outward(dict(data))
    except ValidationError:
        return str(data.get("text") or ""), "", []
    picture = content.url if isinstance(content, Image) else content.image_url or "" if isinstance(content, Card) else ""
    cards = content.cards if isinstance(content, Carousel) else []
    choices = [*getattr(content, "choices", []), *(choice for card in cards for choice in card.choices)]
    return "" if isinstance(content, Image) else plain_text(content), picture, [choice.title for choice in choices]
