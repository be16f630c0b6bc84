"""The end of a case: what closing needs, stars, and the objection that supervisors hear of."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from conversations.conversation import Conversation
from conversations.message import Message
from core import clock
from core.database import Database
from helpdesk import case as cases
from helpdesk import closing, record, staff, staff_notice
from helpdesk import state as states
from helpdesk.error import CaseError, NoteMissing, NotRateable, PhotoMissing
from helpdesk.record import Case, CaseAttachment
from helpdesk.state import State

from .conftest import Opener

Mover = Callable[..., Awaitable[Case]]


async def rate(database: Database, case: Case, stars: int, text: str = "", key: str = "r1") -> Case:
    async with database.write() as session:
        return await cases.rate(session, case, key=key, stars=stars, text=text, actor=f"citizen:{case.person_id}")


async def sent(database: Database, conversation: Conversation) -> list[dict[str, object]]:
    async with database.read() as session:
        query = select(Message.content).where(Message.conversation_id == conversation.id).order_by(Message.sequence)
        return list(await session.scalars(query))


async def test_where_the_category_says_so_done_needs_a_picture(
    database: Database, opened: Opener, moved: Mover, photo: Callable[[Conversation | None], Awaitable[str]]
) -> None:
    case, picture = await moved(await opened(category="road-damage"), "accepted"), await photo(None)
    async with database.write() as session:
        with pytest.raises(PhotoMissing, match="ถนนชำรุด"):
            await cases.change(session, case, "done", key="d1", actor="staff:1", note="ซ่อมแล้ว")
        case = await cases.change(session, case, "done", key="d2", actor="staff:1", note="ซ่อมแล้ว", photos=[picture])
    assert case.solved_at is not None
    async with database.read() as session:
        assert [held.role for held in await session.scalars(select(CaseAttachment))] == [record.AFTER]


async def test_closing_what_was_never_done_needs_a_note(database: Database, opened: Opener, moved: Mover) -> None:
    case = await moved(await opened(), "waiting_citizen")
    async with database.write() as session:
        with pytest.raises(NoteMissing):
            await cases.change(session, case, "closed", key="c1", actor="staff:1")
        case = await cases.change(session, case, "closed", key="c2", actor="staff:1", note="ไม่ได้รับข้อมูลเพิ่มภายใน 30 วัน")
    assert case.solved_at is None


async def test_the_reporter_of_a_closed_case_is_asked_for_stars_by_buttons(
    database: Database, opened: Opener, moved: Mover, reporter: Conversation, stranger: Conversation
) -> None:
    case = await moved(await opened(), "accepted")
    async with database.write() as session:
        await cases.join(session, case, key="j", conversation=stranger, text="", actor="citizen:2")
    await moved(case, "done", "closed")
    *_, question = await sent(database, reporter)
    assert "1 ถึง 5 ดาว" in str(question["text"])
    payloads = [choice["payload"] for choice in question["choices"]]  # type: ignore[attr-defined]
    assert payloads[0] == f'/rate_case{{"case_number":"{case.number}","stars":"5"}}'
    assert len(payloads) == 5
    assert "ดาว" not in str(await sent(database, stranger))  # who only follows is told, not asked


async def test_a_case_closed_without_being_done_is_not_rated_by_question(
    database: Database, opened: Opener, moved: Mover, reporter: Conversation
) -> None:
    await moved(await opened(), "waiting_citizen", "closed")
    assert "ดาว" not in str(await sent(database, reporter))


async def test_stars_are_kept_with_the_case_and_a_word_may_follow(database: Database, opened: Opener, moved: Mover) -> None:
    case = await moved(await opened(), "accepted", "done")
    await rate(database, case, 4)
    await rate(database, case, 4)
    case = await rate(database, case, 4, "ช่างสุภาพมากค่ะ", key="r2")
    case = await rate(database, case, 5, key="r3")
    assert (case.rating, case.rating_text, case.state) == (5, "ช่างสุภาพมากค่ะ", "done")
    async with database.read() as session:
        assert [entry.kind for entry in await cases.timeline(session, case, "staff")].count("rated") == 3
        assert "สุภาพ" not in str(await cases.timeline(session, case, "public"))


@pytest.mark.parametrize("stars", [0, 6, -1])
async def test_stars_are_one_to_five(database: Database, opened: Opener, moved: Mover, stars: int) -> None:
    case = await moved(await opened(), "accepted", "done")
    with pytest.raises(NotRateable):
        await rate(database, case, stars)


async def test_an_open_case_is_not_rated(database: Database, opened: Opener) -> None:
    with pytest.raises(NotRateable):
        await rate(database, await opened(), 5)


async def test_supervisors_hear_of_objections_and_of_few_stars(database: Database, opened: Opener, moved: Mover) -> None:
    async with database.write() as session:
        boss = await staff.add(session, "boss@demo", "boss", ["supervisor"], "correct horse battery", actor="cli")
        await staff.add(session, "officer@demo", "officer", ["officer"], "correct horse battery", actor="cli")
    case = await moved(await opened(), "accepted", "done")
    await rate(database, case, 5)
    await rate(database, case, 2, key="r2")
    async with database.write() as session:
        case = await cases.dispute(session, case, key="d", text="ยังดับอยู่", actor=f"citizen:{case.person_id}")
    assert (case.state, case.solved_at) == ("reopened", None)
    async with database.read() as session:
        told = [notice.kind for notice, _ in await staff_notice.latest(session, boss)]
        everybody = await session.scalars(select(staff_notice.StaffNotice.staff_id))
        assert set(everybody) == {boss.id}
    assert sorted(told) == ["disputed", "rated"]


@given(path=st.lists(st.sampled_from([*State, "dispute"]), max_size=8))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_is_tried_the_machine_holds_and_every_step_is_in_the_history(
    database: Database, reporter: Conversation, opened: Opener, path: list[State | str]
) -> None:
    from core import ids

    case = await opened(key=ids.new_id("evt"))
    walked = [State.NEW.value]
    for number, step in enumerate(path):
        new = State.REOPENED if step == "dispute" else State(step)
        allowed = new in states.TRANSITIONS[State(walked[-1])] and (step != "dispute" or walked[-1] in states.FINISHED)
        try:
            async with database.write() as session:
                if step == "dispute":
                    case = await cases.dispute(session, case, key=str(number), text="", actor="citizen:1")
                else:
                    case = await cases.change(session, case, new, key=str(number), actor="staff:1", note="แล้ว")
        except CaseError:
            assert not allowed
        else:
            assert allowed
            walked.append(new.value)
    async with database.read() as session:
        case = await session.get_one(Case, case.id)
        entries = await cases.timeline(session, case, "staff")
    assert (case.state, case.version) == (walked[-1], len(walked))
    assert [entry.state for entry in entries] == walked
    assert (case.solved_at is not None) == ("done" in walked and _after_done(walked))


def _after_done(walked: list[str]) -> bool:
    """Whether nothing but closing came after the last time it was done."""
    last = len(walked) - 1 - walked[::-1].index("done")
    return set(walked[last + 1 :]) <= {"closed"}


NOON = datetime(2026, 12, 1, 12, 0, tzinfo=clock.BANGKOK)


async def test_what_nobody_disputed_for_fourteen_days_is_closed_and_the_reporter_is_asked_for_stars(
    database: Database, reporter: Conversation, opened: Opener, moved: Mover, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    old, new, open_still = [await opened(key=key) for key in ("old", "new", "open")]
    old = await moved(old, "accepted", "done")
    await moved(open_still, "accepted")
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(days=13))
    new = await moved(new, "accepted", "done")
    later = NOON + timedelta(days=14)
    monkeypatch.setattr(clock, "now", lambda: later)
    async with database.read() as session:
        assert await closing.due(session)
        assert not await closing.due(session, later.replace(hour=22)), "nobody is told at night"
        assert not await closing.due(session, later - timedelta(minutes=1))
    async with database.write() as session:
        assert [await closing.sweep(session), await closing.sweep(session)] == [1, 0]
    async with database.read() as session:
        states_now = {case.id: case.state for case in await session.scalars(select(Case))}
    assert (states_now[old.id], states_now[new.id], states_now[open_still.id]) == ("closed", "done", "accepted")
    said = [str(content) for content in await sent(database, reporter)]
    assert sum("ให้คะแนน 1 ถึง 5 ดาว" in words for words in said) == 1
