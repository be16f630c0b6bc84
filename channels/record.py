"""Events that are only recorded: what they change in a conversation, and what the transcript keeps of them."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from channels.inbox import InboxEvent
from channels.job import Job
from conversations import file, live, message, outbox, removal
from conversations.content import Text, outward, plain_text
from conversations.conversation import Conversation
from conversations.message import Message
from conversations.person import ChannelIdentity
from conversations.removal import UNSENT
from core import clock

INBOX_AUTHOR = "staff:inbox"
_LATEST, _JUST_NOW = 10, timedelta(minutes=1)
_UNREADABLE = "(ส่งรูปหรือไฟล์จากกล่องข้อความของแพลตฟอร์ม)"


async def record(session: AsyncSession, job: Job, conversation: Conversation, folder: Path) -> list[live.Event]:
    """Write down what an event changes, in the caller's transaction; gives what open screens are to be told."""
    match job.content.event:
        case "unfollow":
            await block(session, conversation, clock.now())
        case "unsend":
            return await _taken_back(session, job.row, folder)
        case "echo":
            return await _echo(session, job, conversation)
        case "unsent":
            await _emptied(session, job.row, conversation, folder)
            return [live.message_event(await _line(session, conversation, job.row, "citizen", dict(UNSENT)))]
        case "leave":
            pass
        case "reaction" | "standby" if job.content.text.strip():
            pass
        case _:  # nothing that a person would want to read
            return []
    return [live.message_event(await _line(session, conversation, job.row, "citizen", dict(job.row.content)))]


async def block(session: AsyncSession, conversation: Conversation, since: datetime | None) -> None:
    """Remember that a citizen blocked the account, or (None) that they are back."""
    await session.execute(update(ChannelIdentity).where(ChannelIdentity.id == conversation.identity_id).values(blocked_at=since))


async def _taken_back(session: AsyncSession, row: InboxEvent, folder: Path) -> list[live.Event]:
    if row.reference is None or row.conversation_id is None:
        return []
    taken = await removal.take_back(session, row.conversation_id, row.reference, folder)
    await session.execute(
        update(InboxEvent)
        .where(InboxEvent.conversation_id == row.conversation_id, InboxEvent.reference == row.reference, InboxEvent.id != row.id)
        .values(content=dict(UNSENT))
    )
    return [{"type": "unsent", "message": message_id} for message_id in taken]


async def _emptied(session: AsyncSession, row: InboxEvent, conversation: Conversation, folder: Path) -> None:
    """Nothing is left of a message that was taken back before it was handled."""
    kept = await session.get_one(InboxEvent, row.id)
    for attachment_id in kept.content.get("attachments") or []:
        await file.remove(session, folder, attachment_id, conversation.id)
    kept.content = dict(UNSENT)


async def _echo(session: AsyncSession, job: Job, conversation: Conversation) -> list[live.Event]:
    ours = job.content.details.get("outbox") or job.row.details.get("outbox")
    if ours:
        await outbox.arrived(session, str(ours))
        return []
    if await _is_ours(session, job, conversation):
        return []
    content = Text(text=job.content.text if job.content.text.strip() else _UNREADABLE)
    shown = content.model_dump(mode="json", exclude_none=True)
    return [live.message_event(await _line(session, conversation, job.row, INBOX_AUTHOR, shown))]


async def _is_ours(session: AsyncSession, job: Job, conversation: Conversation) -> bool:
    """Whether an echo shows what we sent ourselves just now: Instagram's echoes carry neither our mark nor a program's id."""
    if job.row.reference is not None:
        known = select(Message.id).where(Message.conversation_id == conversation.id, Message.reference == job.row.reference)
        if await session.scalar(known.limit(1)) is not None:
            return True
    words = " ".join(job.content.text.split())
    for said in await message.transcript(session, conversation.id, limit=_LATEST):
        if said.author not in {"citizen", INBOX_AUTHOR} and abs(job.row.at - said.at) < _JUST_NOW:
            ours = " ".join(plain_text(outward(said.content)).split())
            if words in ours:  # without words it is a picture or a template
                return True
    return False


async def _line(
    session: AsyncSession, conversation: Conversation, row: InboxEvent, author: str, content: dict[str, object]
) -> Message:
    return await message.append(
        session, conversation, author, content, event_id=row.event_id, reference=row.reference, at=row.at, heard=False
    )
