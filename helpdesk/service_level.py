"""Service levels: when a case is due, kept on the case itself and worked out anew with every line of its history.

Three clocks run on office time. *First*: until a person has answered. *Update*: since the citizen last heard from a person.
*Solve*: since the case was opened, or reopened. All stand still while the case waits for the citizen, and end with it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_
from sqlalchemy.ext.asyncio import AsyncSession

from core import clock
from helpdesk import office, record, service_target
from helpdesk import state as states
from helpdesk.calendar import Calendar
from helpdesk.record import Case, CaseEvent
from helpdesk.service_target import Target
from helpdesk.state import State

SOON = timedelta(hours=4)  # of office time before a case is due it counts as soon late
_OVER = states.FINISHED | {State.REJECTED}
_TELLING = (record.STATE, record.FORWARDED)  # events that send the citizen a notice
_IDLE = (record.NOTE, record.INVITED, record.DISMISSED, record.ASSIGNED, record.LABELLED)  # events that move no clock
_BY_PEOPLE = ("staff:", "cli")


class Clock(StrEnum):
    """What is measured."""

    FIRST = "first"
    UPDATE = "update"
    SOLVE = "solve"


LABELS: Mapping[Clock, str] = {
    Clock.FIRST: "ตอบครั้งแรก",
    Clock.UPDATE: "แจ้งความคืบหน้า",
    Clock.SOLVE: "แก้ไขเสร็จ",
}


async def keep(session: AsyncSession, case: Case, event: CaseEvent) -> None:
    """Work a case's times out anew after an event of its history; `helpdesk.history.append` calls it for every event."""
    if event.kind in _IDLE and case.solve_from is not None:
        return
    calendar = await office.calendar(session)
    advance(case, event, calendar)
    settle(case, await service_target.find(session, case.category, case.priority), calendar, event.at)


def advance(case: Case, event: CaseEvent, calendar: Calendar) -> None:
    """Let an event begin, answer, stop or start a case's clocks."""
    if case.solve_from is None:
        _begin(case)
    if event.state == State.REOPENED and event.kind in (record.STATE, record.DISPUTED):
        case.solve_from, case.paused_for, case.news_at = event.at, 0, event.at
    if event.kind in _TELLING and event.actor.startswith(_BY_PEOPLE):
        case.news_at = event.at
        if event.kind == record.STATE:
            case.first_answered_at = case.first_answered_at or event.at
    _pause_or_go_on(case, event, calendar)


def settle(case: Case, target: Target, calendar: Calendar, now: datetime) -> None:
    """Write when each clock ends, the first of them that runs, and the first of whose end nobody was told yet."""
    before = dues(case)
    paused = timedelta(seconds=case.paused_for)
    if case.first_answered_at is None:
        case.first_due_at = _due(calendar, case.opened_at, target.first, paused)
    if case.first_answered_at is not None and case.news_at is not None:
        case.update_due_at = _due(calendar, case.news_at, target.update, timedelta())
    case.solve_due_at = _due(calendar, case.solve_from or case.opened_at, target.solve, paused)
    after = dues(case)
    moved = {name for name, due in after.items() if due != before[name] and due is not None and due > now}
    case.late_told = [name for name in case.late_told if name not in moved]
    run = running(case)
    case.due_at = min(run.values(), default=None)
    case.escalate_at = min((due for name, due in run.items() if name not in case.late_told), default=None)


def dues(case: Case) -> dict[Clock, datetime | None]:
    """When each clock ends or ended."""
    return {Clock.FIRST: case.first_due_at, Clock.UPDATE: case.update_due_at, Clock.SOLVE: case.solve_due_at}


def running(case: Case) -> dict[Clock, datetime]:
    """The clocks that run now with their ends; none while the case waits for the citizen, and none when it is over."""
    if case.state in _OVER or case.paused_at is not None:
        return {}
    answered = case.first_answered_at is not None
    on = {Clock.FIRST: not answered, Clock.UPDATE: answered, Clock.SOLVE: True}
    return {name: due for name, due in dues(case).items() if due is not None and on[name]}


def late(now: datetime | None = None) -> ColumnElement[bool]:
    """A condition over `Case`: something is overdue."""
    return Case.due_at <= (now or clock.now())


async def soon_late(session: AsyncSession, now: datetime | None = None) -> ColumnElement[bool]:
    """A condition over `Case`: nothing is overdue yet, but will be within `SOON` of office time."""
    moment = now or clock.now()
    return and_(Case.due_at > moment, Case.due_at <= (await office.calendar(session)).add(moment, SOON))


def _begin(case: Case) -> None:
    """Start a case's clocks; one that staff worked on before there were clocks counts as answered."""
    case.solve_from = case.opened_at
    case.paused_for, case.late_told = case.paused_for or 0, case.late_told or []
    if case.version > 1 and case.first_answered_at is None:
        case.first_answered_at = case.news_at = case.state_at


def _pause_or_go_on(case: Case, event: CaseEvent, calendar: Calendar) -> None:
    waits = event.state == State.WAITING_CITIZEN
    if waits and event.kind == record.STATE:
        case.paused_at = case.paused_at or event.at
    elif case.paused_at is not None and (not waits or event.kind == record.ADDED):
        # the citizen has spoken, or staff went on without them
        case.paused_for += int(calendar.between(case.paused_at, event.at).total_seconds())
        case.paused_at, case.news_at = None, event.at


def _due(calendar: Calendar, start: datetime, work: timedelta | None, paused: timedelta) -> datetime | None:
    return None if work is None else calendar.add(start, work + paused)
