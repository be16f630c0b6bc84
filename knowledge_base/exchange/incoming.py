"""In: the rows of a file into the database, all of them or none."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from core import audit
from knowledge_base import faq
from knowledge_base.exchange.formats import Kind
from knowledge_base.exchange.plan import Change, Plan
from knowledge_base.exchange.problem import Problem, Refused
from knowledge_base.faq import EditConflict

REASON = "นำเข้าจากไฟล์"


@dataclass(frozen=True)
class Done:
    """What an import did, as counts of FAQs."""

    new: int
    changed: int
    unchanged: int


async def apply(session: AsyncSession, plan: Plan, author: str, *, kind: Kind, publish: bool = False, reason: str = "") -> Done:
    """Do what a plan says.

    Args:
        session: A writing session of the caller's own transaction: what `Refused` leaves half done must be rolled back.
        plan: Of the same ``publish``.
        author: Who imports, "staff:<id>" or "cli". Their texts become drafts that a second person publishes.
        kind: Of the file, for the audit log.
        publish: The operator answers for the texts: they enter in the state the file gives.
        reason: Why, in the importer's words.

    Returns:
        The counts.

    Raises:
        Refused: the plan has problems, or somebody edited a FAQ since it was made.
    """
    if plan.problems:
        raise Refused(plan.problems)
    problems: list[Problem] = []
    for change in plan.changes:
        if change.kind == "unchanged":
            continue
        try:
            await _one(session, change, author, publish, reason.strip() or REASON)
        except EditConflict as conflict:
            problems.append(Problem(change.row, "version", _since(conflict)))
    if problems:
        raise Refused(problems)
    done = Done(len(plan.of("new")), len(plan.of("changed")), len(plan.of("unchanged")))
    counts = {"new": done.new, "changed": done.changed, "unchanged": done.unchanged}
    audit.record(session, author, "faq.import", "faq", format=kind, published=publish, **counts)
    return done


async def _one(session: AsyncSession, change: Change, author: str, publish: bool, reason: str) -> None:
    if publish:
        await faq.bring_in(session, change.entry, author, seen=change.seen, state=change.state, reason=reason)
    else:
        await faq.save(session, change.entry, author, seen=change.seen, reason=reason)
    if change.kind == "new" and not change.active:
        await faq.switch(session, change.entry.id, author, on=False, reason=reason)


def _since(conflict: EditConflict) -> str:
    return f"มีผู้แก้ไขคำตอบนี้ระหว่างที่ตรวจดูไฟล์ (รุ่น {conflict.current}) กรุณาตรวจดูใหม่"
