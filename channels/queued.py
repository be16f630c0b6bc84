"""Citizens who wait for a person: what they write is kept for that person, and they may leave the queue with a word."""

import re
from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncSession

from channels.job import Job
from conversations import announcement, handover, outbox, ownership, waiting
from conversations.content import Choice, Text
from conversations.conversation import Conversation
from conversations.waiting import Waiting
from core import clock
from core.urgency import surely_urgent

PERSON, STOP = "/talk_to_human", "/cancel"  # payloads
_STOPPING = {
    *("ยกเลิก", "ยกเลิกคิว", "ยกเลิกการรอ", "ออกจากคิว", "ไม่รอ", "ไม่รอแล้ว", "ไม่คุยแล้ว"),
    *("คุยกับบอท", "คุยกับบอต", "คุยกับบอทต่อ", "คุยกับบอตต่อ", "กลับไปคุยกับบอต", "คุยกับผู้ช่วยอัตโนมัติ", "คุยกับผู้ช่วยอัตโนมัติต่อ"),
    *("cancel", "stop", "stop waiting", "back to the assistant", announcement.STAY, announcement.STAY_EN.casefold()),
}
_POLITE = re.compile(r"(ขอ)?(.*?)[\s.!]*(นะ)?(คะ|ค่ะ|ครับ|คับ|ค่า|จ้า|จ้ะ)?[\s.!]*")


async def caused(session: AsyncSession, found: Job) -> bool:
    """Whether the present wait was brought about by this very event, which is handled again."""
    wait = await waiting.present(session, found.conversation.id)
    return wait is not None and wait.event_id == found.row.event_id


async def version(session: AsyncSession, found: Job, conversation: Conversation) -> int:
    """The ownership under which the assistant answers an event: the one it was asked under.

    When the event has put the conversation into the queue, what the assistant says to that may still leave; but not once a
    person has taken it.
    """
    if conversation.owner == ownership.QUEUE and await caused(session, found):
        return conversation.owner_version
    return found.conversation.owner_version


def wants_person(found: Job) -> bool:
    """Whether a button asked for a person: that is understood even when the engine is away."""
    return found.request is not None and found.request.payload == PERSON


def put_through(found: Job) -> Callable[[AsyncSession, Conversation], Awaitable[None]]:
    """Put into the queue without the engine, in the handler's transaction."""

    async def put(session: AsyncSession, conversation: Conversation) -> None:
        actor, event = f"citizen:{conversation.person_id}", found.row.event_id
        wait = await handover.ask(session, conversation.id, event, reason=waiting.FAILED, actor=actor)
        if wait is None or wait.ended_at is not None:
            return
        here = await handover.locked(session, conversation.id)
        place, minutes = await waiting.position(session, wait), await waiting.estimate(session)
        await _tell(session, found, here, announcement.queued(found.language, place, minutes))

    return put


def answer(found: Job) -> Callable[[AsyncSession, Conversation], Awaitable[None]]:
    """An event of somebody who waits, in the handler's transaction: they leave, or are told once how it stands.

    Whoever writes of an emergency is told the numbers to call, each time.
    """

    async def put(session: AsyncSession, conversation: Conversation) -> None:
        wait = await waiting.present(session, conversation.id)
        if wait is None or conversation.owner != ownership.QUEUE:
            return
        if stops(found):
            await handover.leave(session, conversation.id, actor=f"citizen:{conversation.person_id}", event_id=found.row.event_id)
        elif found.content.kind == "text" and surely_urgent(found.content.text):
            await _tell(session, found, conversation, announcement.urgent(found.language))
        elif wait.told_at is None and found.content.kind != "event":
            wait.told_at = clock.now()
            await _tell(session, found, conversation, await _standing(session, found, wait))

    return put


def stops(found: Job) -> bool:
    """Whether somebody does not want to wait any longer: "ยกเลิก", "คุยกับบอทต่อค่ะ", or the button."""
    if found.request is not None and found.request.payload == STOP:
        return True
    return found.content.kind == "text" and is_stop(found.content.text)


def is_stop(text: str) -> bool:
    """Whether these words leave the queue: "ขอยกเลิกค่ะ"."""
    said = " ".join(text.split()).casefold()
    polite = _POLITE.fullmatch(said)
    return said in _STOPPING or (polite is not None and polite[2].strip() in _STOPPING)


async def _standing(session: AsyncSession, found: Job, wait: Waiting) -> str:
    return announcement.noted(found.language, await waiting.position(session, wait), await waiting.estimate(session))


async def _tell(session: AsyncSession, found: Job, conversation: Conversation, words: str) -> None:
    content = Text(text=words, choices=[Choice(title=announcement.stay(found.language), payload=STOP)])
    await outbox.put(
        session,
        conversation,
        "system",
        content,
        key=f"{found.row.id}:queue",
        event_id=found.row.event_id,
        owner_version=conversation.owner_version,
    )
