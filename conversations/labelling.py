"""Labelling: what staff make of an utterance that the assistant was unsure of.

Every change here writes an audit line in the caller's transaction. The line names the intent and never the words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from conversations.utterance import Utterance
from core import audit, clock

State = Literal["new", "accepted", "rejected"]
STATES: tuple[State, ...] = ("new", "accepted", "rejected")


class UtteranceNotFound(LookupError):
    """There is no such utterance: it was removed, or the citizen took it back."""


class AlreadyLabelled(RuntimeError):
    """Somebody was quicker; ``labelled_by`` names them: "staff:<id>"."""

    def __init__(self, labelled_by: str) -> None:
        """Name them."""
        super().__init__(labelled_by)
        self.labelled_by = labelled_by


class AlreadyExported(RuntimeError):
    """The wording stands in the training data already, where only a person can take it out."""


@dataclass(frozen=True)
class Page:
    """Some utterances, and how many there are in all."""

    rows: Sequence[Utterance]
    number: int


async def listed(session: AsyncSession, *, state: str = "", text: str = "", limit: int = 25, offset: int = 0) -> Page:
    """List utterances, those that came most often first; a filter that is empty lets all pass."""
    wanted = select(Utterance)
    if state:
        wanted = wanted.where(Utterance.state == state)
    if text:
        wanted = wanted.where(Utterance.text.icontains(text, autoescape=True))
    number = await session.scalar(select(func.count()).select_from(wanted.subquery()))
    ordered = wanted.order_by(Utterance.count.desc(), Utterance.last_at.desc(), Utterance.id).limit(limit).offset(offset)
    return Page((await session.scalars(ordered)).all(), number or 0)


async def counts(session: AsyncSession) -> dict[str, int]:
    """How many there are in each state."""
    rows = await session.execute(select(Utterance.state, func.count()).group_by(Utterance.state))
    return {state: number for state, number in rows}


async def accept(session: AsyncSession, utterance_id: str, intent: str, actor: str) -> None:
    """Say what is meant; the export takes it into the training data.

    Args:
        session: A writing session.
        utterance_id: The utterance, which must be new.
        intent: As training data name it: "greet", "report_problem/garbage".
        actor: Who says so: "staff:<id>".

    Raises:
        UtteranceNotFound: There is none of this id.
        AlreadyLabelled: Somebody has labelled it.
    """
    row = await _new(session, utterance_id)
    _labelled(session, row, "accepted", actor, intent)


async def reject(session: AsyncSession, utterance_id: str, actor: str) -> None:
    """Say that nothing is to be learned from it; raises as `accept` does."""
    row = await _new(session, utterance_id)
    _labelled(session, row, "rejected", actor, None)


async def remove(session: AsyncSession, utterance_id: str, actor: str) -> None:
    """Delete the words at once, because they still tell of a person; this cannot be undone.

    Raises:
        UtteranceNotFound: There is none of this id.
        AlreadyExported: It stands in the training data.
    """
    row = await _unexported(session, utterance_id)
    await session.delete(row)
    audit.record(session, actor, "utterance.remove", f"utterance:{row.id}")


async def undo(session: AsyncSession, utterance_id: str, actor: str) -> None:
    """Make an utterance new again.

    Raises:
        UtteranceNotFound: There is none of this id.
        AlreadyExported: It stands in the training data.
    """
    row = await _unexported(session, utterance_id)
    if row.state == "new":
        return
    audit.record(session, actor, "utterance.undo", f"utterance:{row.id}", old=row.intent or row.state)
    row.state, row.intent, row.labelled_by, row.labelled_at = "new", None, None, None


async def waiting(session: AsyncSession) -> Sequence[Utterance]:
    """The accepted utterances that were not exported yet, in the order in which they were labelled."""
    wanted = select(Utterance).where(Utterance.state == "accepted", Utterance.exported_at.is_(None))
    return (await session.scalars(wanted.order_by(Utterance.labelled_at, Utterance.id))).all()


async def exported(session: AsyncSession, ids: Sequence[str], actor: str) -> None:
    """Mark utterances as standing in the training data."""
    rows = (await session.scalars(select(Utterance).where(Utterance.id.in_(ids)).with_for_update())).all()
    for row in rows:
        row.exported_at = clock.now()
        audit.record(session, actor, "utterance.export", f"utterance:{row.id}", intent=row.intent)


async def _found(session: AsyncSession, utterance_id: str) -> Utterance:
    row = await session.get(Utterance, utterance_id, with_for_update=True)
    if row is None:
        raise UtteranceNotFound(utterance_id)
    return row


async def _unexported(session: AsyncSession, utterance_id: str) -> Utterance:
    row = await _found(session, utterance_id)
    if row.exported_at is not None:
        raise AlreadyExported(utterance_id)
    return row


async def _new(session: AsyncSession, utterance_id: str) -> Utterance:
    row = await _found(session, utterance_id)
    if row.state != "new":
        raise AlreadyLabelled(row.labelled_by or "")
    return row


def _labelled(session: AsyncSession, row: Utterance, state: State, actor: str, intent: str | None) -> None:
    row.state, row.intent, row.labelled_by, row.labelled_at = state, intent, actor, clock.now()
    detail = {"intent": intent} if intent else {}
    audit.record(session, actor, "utterance.accept" if intent else "utterance.reject", f"utterance:{row.id}", **detail)
