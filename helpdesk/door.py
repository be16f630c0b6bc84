"""What all doors of a case share: its row locked, the version compared, a step of the state machine written."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import audit
from helpdesk import history
from helpdesk import state as states
from helpdesk.error import CaseChanged, CaseMerged
from helpdesk.record import Case, CaseEvent
from helpdesk.state import State


async def locked(session: AsyncSession, case: Case) -> Case:
    """The case as it is now, its row locked until the transaction ends (SQLite locks the whole database anyway)."""
    query = select(Case).where(Case.id == case.id).with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(query)).one()


async def alive(session: AsyncSession, case: Case) -> None:
    """Let a case pass that was not merged into another.

    Raises:
        CaseMerged: with the number under which it goes on.
    """
    if case.merged_into is not None:
        raise CaseMerged(case.number, (await session.get_one(Case, case.merged_into)).number)


def unchanged(case: Case, seen: int | None) -> None:
    """Let a case pass that is still as the officer saw it; without a version anything passes.

    Raises:
        CaseChanged: when somebody else was quicker.
    """
    if seen is not None and case.version != seen:
        raise CaseChanged(case.number)


async def step(session: AsyncSession, case: Case, new: State, kind: str, *, key: str, actor: str, text: str) -> CaseEvent:
    """Move a locked case and write history and audit line.

    Raises:
        TransitionRefused: when the machine has no such step.
    """
    states.check(case.state, new)
    return await put(session, case, new, kind, key=key, actor=actor, text=text)


async def put(session: AsyncSession, case: Case, new: State, kind: str, *, key: str, actor: str, text: str) -> CaseEvent:
    """Set a state whatever the machine says; only `helpdesk.relation.merge` ends a case that way."""
    old = case.state
    case.state = new.value
    case.version += 1
    # what an officer writes to the citizen is published; what the citizen says in a dispute is not
    event = await history.append(session, case, kind, key=key, actor=actor, text=text, public=True)
    case.state_at = event.at
    if new is State.DONE:
        case.solved_at = event.at
    elif new not in states.FINISHED:
        case.solved_at = None
    audit.record(session, actor, "case.state", f"case:{case.number}", old=old, new=new.value, event=event.id)
    await session.flush()
    return event
