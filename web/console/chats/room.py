"""The room of one chat: everything its page shows, read at once."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aiohttp import web
from redis.exceptions import RedisError
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from actions.office import office
from channels.meta import window
from conversations import canned, message, presence, waiting
from conversations.canned import CannedAnswer
from conversations.conversation import Conversation
from conversations.message import Message
from conversations.outbox import Outgoing
from conversations.ownership import BOT, QUEUE
from core import clock
from helpdesk import agency, staff, visibility
from helpdesk import case as cases
from helpdesk import category as categories
from helpdesk import state as states
from knowledge_base.answer import display
from knowledge_base.hit import Hit
from web import parts
from web.console import access
from web.console.chats import labels, line, listing
from web.failures import Failure

LINES = 100
LONGEST_QUESTION = 300  # letters that are looked for
FITS = 0.05  # a FAQ with a lower score is not worth showing
_META = frozenset({"messenger", "instagram"})
_SUGGESTED, _CASES = 3, 8


@dataclass(frozen=True)
class Window:
    """Until when a platform lets us write; ``closed`` when it does not any more, ``soon`` when it ends within two hours."""

    text: str
    closed: bool = False
    soon: bool = False


async def find(session: AsyncSession, request: web.Request) -> Conversation:
    """The conversation of this address.

    Raises:
        Failure: 404 when there is none that who asks may see.
    """
    seen = await visibility.chats(session, access.staff(request))
    found = await session.scalar(select(Conversation).where(Conversation.id == request.match_info["id"], seen))
    if found is None:
        raise Failure(404, th=labels.GONE)
    return found


async def talk(request: web.Request) -> dict[str, Any]:
    """The transcript, who owns it and who looks at it; the owner has read it then."""
    known, who, conversation_id = parts.of(request), access.staff(request), request.match_info["id"]
    before = request.query.get("before", "")
    until = int(before) if before.isascii() and before.isdecimal() and len(before) < 10 else None
    async with known.database.read() as session:
        conversation = await find(session, request)
    await listing.be_there(request, conversation_id)
    async with known.database.read() as session:
        said = await message.transcript(session, conversation_id, before=until, limit=LINES)
        looking = await _looking(request, conversation_id) - {who.actor}
        wait = await waiting.latest(session, conversation_id)
        actors = {one.author for one in said} | {conversation.owner} | looking | {wait.from_actor if wait else None}
        names = await staff.names(session, actors)
        shown = await line.lines(session, said, names, who.actor)
        place = await waiting.position(session, wait) if wait is not None and conversation.owner == QUEUE else 0
    await _read(request, conversation)
    return {
        "chat": conversation,
        "lines": shown,
        "earlier": said[0].sequence if said and said[0].sequence > 1 else 0,
        "names": names,
        "looking": sorted(names[actor] for actor in looking),
        "wait": wait,
        "place": place,
        "mine": conversation.owner == who.actor,
        "working": who.may("chat.work"),
        "window": window_of(conversation),
        "labels": labels,
        "base": listing.BASE,
        "BOT": BOT,
        "QUEUE": QUEUE,
    }


async def side(request: web.Request, conversation: Conversation) -> dict[str, Any]:
    """What stands beside the talk: suggestions, canned answers, the citizen's cases, colleagues."""
    known, who = parts.of(request), access.staff(request)
    async with known.database.read() as session:
        said = await message.transcript(session, conversation.id, limit=LINES)
        kept = await canned.everything(session)
        mine = await cases.of_person(session, conversation.person_id, _CASES)
        colleagues = [one for one in await staff.members(session, "chat.work") if one.id != who.id]
    question = request.query.get("q", "").strip()[:LONGEST_QUESTION] or last_question(said)
    return {
        "question": question,
        "hits": await suggested(request, question),
        "canned": [(one, fill(request, one)) for one in kept],
        "cases": mine,
        "states": states,
        "colleagues": colleagues,
        "units": await units(request),
        "categories": categories.all_categories(),
        "told": "\n".join(_told(said))[-1000:],
    }


async def units(request: web.Request) -> list[str]:
    """For whom a chat may wait by name: the city's units, and other agencies whose people answer chats here."""
    async with parts.of(request).database.read() as session:
        others = [one.name_th for one in await agency.with_people(session, "chat.work")]
    return [*sorted({one.unit for one in categories.all_categories()}), *others]


async def suggested(request: web.Request, question: str) -> Sequence[Hit]:
    """FAQs that may answer the question."""
    if not question:
        return ()
    found = await parts.of(request).search.find(question, limit=_SUGGESTED)
    return [hit for hit in found.candidates if hit.score >= FITS][:_SUGGESTED]


def last_question(said: Sequence[Message]) -> str:
    """The citizen's last words that are not just a yes or a name of a button."""
    return next((words for words in reversed(_told(said)) if len(words) > 3), "")[:LONGEST_QUESTION]


def faq_text(hit: Hit) -> str:
    """An answer in words, to be put into the box and changed there."""
    shown = display(hit, "th")
    return "\n".join([shown.summary, *(f"{part.heading}: {part.text}" for part in shown.sections)])


def fill(request: web.Request, kept: CannedAnswer) -> str:
    """A canned answer with its placeholders filled."""
    return canned.filled(kept.text, placeholders(request))


def placeholders(request: web.Request) -> Mapping[str, str]:
    """What canned answers may name."""
    return {
        "ชื่อหน่วยงาน": parts.of(request).settings.city_th,
        "ชื่อเจ้าหน้าที่": access.staff(request).name,
        "เวลาทำการ": office("th").hours,
        "วันนี้": clock.thai_date(clock.local(clock.now())),
    }


def window_of(conversation: Conversation) -> Window | None:
    """Meta's windows: a person may answer for seven days after the citizen's last message. Other channels have none."""
    heard = conversation.heard_at
    if conversation.channel not in _META or heard is None:
        return None
    end, left = heard + window.HUMAN, heard + window.HUMAN - clock.now()
    if left <= window.MARGIN:
        return Window("Meta ไม่ให้ส่งข้อความแล้ว เพราะเกิน 7 วันนับจากข้อความล่าสุดของประชาชน", closed=True)
    return Window(f"Meta ให้เจ้าหน้าที่ตอบได้ถึง {clock.thai_datetime(end)}", soon=left < timedelta(hours=2))


async def stamps(request: web.Request, conversation_id: str) -> Mapping[str, str]:
    """What an open page must know to be up to date: of the talk, and of who owns it and who looks at it."""
    async with parts.of(request).database.read() as session:
        conversation = await find(session, request)
    await listing.be_there(request, conversation_id)
    async with parts.of(request).database.read() as session:
        sent = await session.execute(
            select(Outgoing.state, Outgoing.sequence)
            .where(Outgoing.conversation_id == conversation_id)
            .order_by(Outgoing.sequence.desc())
            .limit(20)
        )
        said = await message.transcript(session, conversation_id, limit=20)
    emptied = sum(one.content.get("event") == "unsent" for one in said)
    looking = sorted(await _looking(request, conversation_id))
    talk = hash((conversation.last_sequence, tuple(tuple(row) for row in sent), emptied, tuple(looking)))
    return {"changed": f"{talk & 0xFFFFFFFF:08x}", "owner": str(conversation.owner_version)}


async def _looking(request: web.Request, conversation_id: str) -> set[str]:
    with contextlib.suppress(RedisError, OSError):
        return await presence.looking(parts.of(request).valkey, conversation_id)
    return set()


async def _read(request: web.Request, conversation: Conversation) -> None:
    """The owner has seen all there is."""
    actor = access.staff(request).actor
    if conversation.owner != actor or conversation.staff_read >= conversation.last_sequence:
        return
    async with parts.of(request).database.write() as session:
        await session.execute(
            update(Conversation)
            .where(Conversation.id == conversation.id, Conversation.owner == actor)
            .values(staff_read=conversation.last_sequence)
        )


def _told(said: Sequence[Message]) -> list[str]:
    kinds = {"text", "image"}
    words = [str(one.content.get("text") or "").strip() for one in said if _by_citizen(one) and one.content["kind"] in kinds]
    return [one for one in words if one]


def _by_citizen(said: Message) -> bool:
    return said.author == "citizen" and "kind" in said.content
