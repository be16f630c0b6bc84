"""The handover: the doors through which a conversation goes from the assistant to people, between them, and back.

Every door works in the caller's writing transaction. It changes the owner by compare-and-set, writes the wait in the queue and
what the citizen is told, so that all of it is kept or nothing.
"""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from conversations import announcement, outbox, ownership, waiting
from conversations.content import Outward, Text
from conversations.conversation import Conversation
from conversations.message import Message
from conversations.outbox import PENDING, SENDING, Outgoing
from conversations.ownership import BOT, QUEUE
from conversations.person import Person
from conversations.waiting import Waiting
from core import clock


class OwnerChanged(Exception):
    """Somebody else was faster; ``owner`` answers the conversation now."""

    def __init__(self, owner: str) -> None:
        """Keep who it is."""
        super().__init__(owner)
        self.owner = owner


class StillSending(Exception):
    """Words of the owner are on their way, and would not be sent any more."""


def cause(conversation_id: str, event_id: str) -> str:
    """The key of a wait that a citizen's event brings about, whoever handles the event."""
    return f"{conversation_id}:{event_id}:hand_over"


async def waited(session: AsyncSession, conversation_id: str, event_id: str) -> Waiting | None:
    """The wait that this event has brought about, ended or not."""
    return await session.scalar(select(Waiting).where(Waiting.key == cause(conversation_id, event_id)))


async def ask(session: AsyncSession, conversation_id: str, event_id: str, *, reason: str, actor: str) -> Waiting | None:
    """Put a conversation of the assistant's into the queue; who asks tells the citizen.

    The same event finds the wait it brought about before, ended or not. None when the assistant does not own the conversation.
    """
    known = await waited(session, conversation_id, event_id)
    if known is not None:
        return known
    if not await ownership.change(session, conversation_id, BOT, QUEUE, actor=actor):
        return await waited(session, conversation_id, event_id)  # the very same event may have been handled meanwhile
    return await _wait(session, conversation_id, cause(conversation_id, event_id), reason=reason, event_id=event_id)


async def take(session: AsyncSession, conversation_id: str, *, actor: str, expected: str = QUEUE) -> Conversation:
    """Take a conversation from the queue, from the assistant or from a colleague, whoever ``expected`` is.

    Raises:
        OwnerChanged: when it is not ``expected`` any more.
    """
    conversation = await _changed(session, conversation_id, expected, actor, actor=actor)
    await _end(session, conversation_id, waiting.TAKEN, taken_by=actor)
    words = announcement.passed_on if ownership.is_person(expected) else announcement.taken
    await _tell(session, conversation, words(await language_of(session, conversation)))
    return conversation


async def give_back(session: AsyncSession, conversation_id: str, *, actor: str, unsent: bool = False) -> Conversation:
    """Let the assistant answer again.

    Raises:
        OwnerChanged: when ``actor`` does not own it.
        StillSending: when words of theirs have not left yet and ``unsent`` does not say that they may be dropped.
    """
    if not unsent:
        await _all_left(session, conversation_id, actor)
    conversation = await _changed(session, conversation_id, actor, BOT, actor=actor)
    await _tell(session, conversation, announcement.returned(await language_of(session, conversation)))
    return conversation


async def pass_on(session: AsyncSession, conversation_id: str, to: str, *, actor: str, unsent: bool = False) -> Conversation:
    """Give a conversation to a colleague, ``to`` (``staff:stf_…``).

    Raises:
        OwnerChanged, StillSending: as `give_back`.
    """
    if not unsent:
        await _all_left(session, conversation_id, actor)
    conversation = await _changed(session, conversation_id, actor, to, actor=actor)
    await _tell(session, conversation, announcement.passed_on(await language_of(session, conversation)))
    return conversation


async def requeue(
    session: AsyncSession,
    conversation_id: str,
    *,
    owner: str,
    actor: str,
    reason: str = waiting.PASSED_ON,
    unit: str = "",
    note: str = "",
    unsent: bool = False,
) -> Waiting:
    """Put a person's conversation back into the queue, perhaps for another unit, with a note for whoever takes it.

    Raises:
        OwnerChanged, StillSending: as `give_back`, for ``owner``.
    """
    if not unsent:
        await _all_left(session, conversation_id, owner)
    conversation = await _changed(session, conversation_id, owner, QUEUE, actor=actor)
    words = announcement.lost if reason == waiting.LOST else announcement.requeued
    await _tell(session, conversation, words(await language_of(session, conversation)))
    key = f"{conversation_id}:{conversation.owner_version}:{reason}"
    return await _wait(session, conversation_id, key, reason=reason, from_actor=owner, unit=unit or None, note=note or None)


async def leave(session: AsyncSession, conversation_id: str, *, actor: str, event_id: str | None = None) -> bool:
    """The citizen does not want to wait any longer, said with an event; False when they do not wait any more."""
    try:
        conversation = await _changed(session, conversation_id, QUEUE, BOT, actor=actor)
    except OwnerChanged:
        return False
    await _end(session, conversation_id, waiting.LEFT)
    await _tell(session, conversation, announcement.left(await language_of(session, conversation)), event_id=event_id)
    return True


async def give_up(session: AsyncSession, conversation_id: str, outcome: str, case_number: str) -> Conversation:
    """Nobody came, and a case was opened instead: its number is said and the assistant answers again.

    Raises:
        OwnerChanged: when the conversation does not wait any more; the caller's transaction must then be given up.
    """
    conversation = await _changed(session, conversation_id, QUEUE, BOT, actor="system")
    await _end(session, conversation_id, outcome, case_number=case_number)
    language, closed = await language_of(session, conversation), outcome == waiting.CLOSED
    words = announcement.nobody_came(language, case_number, closed=closed)
    await _tell(session, conversation, words, case_number=case_number)
    return conversation


async def say(session: AsyncSession, conversation_id: str, content: Outward, *, actor: str, key: str) -> Message:
    """A person's message, sent if they still own the conversation at that moment; a repeat of ``key`` finds the first.

    Raises:
        OwnerChanged: when ``actor`` does not own the conversation; nothing was written.
    """
    conversation = await locked(session, conversation_id)
    known = await session.scalar(select(Message).join(Outgoing, Outgoing.message_id == Message.id).where(Outgoing.key == key))
    if known is not None:
        return known
    if conversation.owner != actor:
        raise OwnerChanged(conversation.owner)
    said = await outbox.put(session, conversation, actor, content, key=key, owner_version=conversation.owner_version)
    conversation.staff_read = said.sequence
    return said


async def locked(session: AsyncSession, conversation_id: str) -> Conversation:
    """The conversation as it is now, its row locked until the transaction ends.

    Raises:
        sqlalchemy.exc.NoResultFound: when there is none.
    """
    query = select(Conversation).where(Conversation.id == conversation_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one()


async def language_of(session: AsyncSession, conversation: Conversation) -> str:
    """``th`` or ``en``, as the citizen has chosen."""
    return await session.scalar(select(Person.language).where(Person.id == conversation.person_id)) or "th"


async def _changed(session: AsyncSession, conversation_id: str, expected: str, new: str, *, actor: str) -> Conversation:
    done = await ownership.change(session, conversation_id, expected, new, actor=actor)
    conversation = await locked(session, conversation_id)
    if not done:
        raise OwnerChanged(conversation.owner)
    return conversation


async def _all_left(session: AsyncSession, conversation_id: str, actor: str) -> None:
    query = (
        select(Outgoing.id)
        .join(Message, Message.id == Outgoing.message_id)
        .where(Outgoing.conversation_id == conversation_id, Outgoing.state.in_((PENDING, SENDING)), Message.author == actor)
    )
    if await session.scalar(query.limit(1)) is not None:
        raise StillSending


async def _wait(session: AsyncSession, conversation_id: str, key: str, *, reason: str, **more: str | None) -> Waiting:
    wait = Waiting(conversation_id=conversation_id, key=key, reason=reason, **more)
    session.add(wait)
    await session.flush()
    return wait


async def _end(session: AsyncSession, conversation_id: str, outcome: str, **more: str) -> None:
    wait = await waiting.present(session, conversation_id)
    if wait is not None:
        wait.ended_at, wait.outcome = clock.now(), outcome
        for name, value in more.items():
            setattr(wait, name, value)


async def _tell(
    session: AsyncSession,
    conversation: Conversation,
    words: str,
    *,
    case_number: str | None = None,
    event_id: str | None = None,
) -> None:
    key = f"handover:{conversation.id}:{conversation.owner_version}"
    await outbox.put(session, conversation, "system", Text(text=words, case_number=case_number), key=key, event_id=event_id)
