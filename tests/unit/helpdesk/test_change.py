import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from conversations import conversation as conversations
from conversations.content import Position
from conversations.conversation import Conversation
from conversations.message import Message
from conversations.outbox import Outgoing
from core import clock
from core.audit import AuditEntry
from core.database import Database
from helpdesk import case as cases
from helpdesk.case import Case, CaseAttachment, CaseEvent
from helpdesk.error import CaseChanged, DisputeTooLate, NoteMissing, NotFinished, TransitionRefused, UnknownPhoto, UnknownState

from .conftest import Opener


async def change(database: Database, case: Case, state: str, *, key: str = "k", **more) -> Case:
    async with database.write() as session:
        return await cases.change(session, case, state, key=key, actor="staff:1", **more)


async def rows(database: Database, table) -> list:
    async with database.read() as session:
        return list(await session.scalars(select(table)))


async def test_a_change_writes_state_history_notice_and_audit(opened: Opener, database: Database, reporter: Conversation) -> None:
    case = await change(database, await opened(), "accepted", note="จะไปดูพรุ่งนี้ค่ะ")
    assert (case.state, case.version) == ("accepted", 2)
    events = sorted(await rows(database, CaseEvent), key=lambda event: event.sequence)
    assert [(event.sequence, event.kind, event.state, event.public) for event in events] == [
        (1, "opened", "new", True),
        (2, "state", "accepted", True),
    ]
    assert case.state_at == case.changed_at == events[1].at > case.opened_at  # the days for a dispute begin here
    (sent,) = await rows(database, Outgoing)
    (said,) = await rows(database, Message)
    assert sent.key == f"case:{case.number}:{events[1].id}:{reporter.id}"
    assert sent.owner_version is None
    assert (said.author, said.conversation_id, said.content["type"]) == ("system", reporter.id, "card")
    assert {"label": "หมายเหตุ", "value": "จะไปดูพรุ่งนี้ค่ะ"} in said.content["fields"]
    line = next(line for line in await rows(database, AuditEntry) if line.action == "case.state")
    assert (line.actor, line.subject) == ("staff:1", f"case:{case.number}")
    assert (line.detail["old"], line.detail["new"]) == ("new", "accepted")


async def test_change_and_notice_are_rolled_back_together(opened: Opener, database: Database) -> None:
    case = await opened()

    async def fail() -> None:
        async with database.write() as session:
            await cases.change(session, case, "accepted", key="k", actor="staff:1")
            assert await session.scalar(select(func.count()).select_from(Outgoing)) == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert [found.state for found in await rows(database, Case)] == ["new"]
    for table in (Outgoing, Message):
        assert await rows(database, table) == []
    assert len(await rows(database, CaseEvent)) == 1


async def test_the_change_fails_with_its_notice(opened: Opener, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_, **__):
        raise OSError("the disk is full")

    case = await opened()
    monkeypatch.setattr("conversations.outbox.put", broken)
    with pytest.raises(OSError, match="disk"):
        await change(database, case, "accepted")
    assert [found.state for found in await rows(database, Case)] == ["new"]


async def test_the_second_officer_is_told_to_look_again(opened: Opener, database: Database) -> None:
    case = await opened()
    results = await asyncio.gather(
        change(database, case, "accepted", key="a"),
        change(database, case, "rejected", key="b", note="ซ้ำกับเรื่องเดิม"),
        return_exceptions=True,
    )
    lost = [result for result in results if isinstance(result, CaseChanged)]
    won = [result for result in results if isinstance(result, Case)]
    assert (len(won), len(lost)) == (1, 1)
    assert case.number in str(lost[0])
    assert [found.state for found in await rows(database, Case)] == [won[0].state]
    assert len(await rows(database, Outgoing)) == 1


async def test_the_version_an_officer_saw_counts_and_not_a_later_reading(opened: Opener, database: Database) -> None:
    first = await opened()
    await change(database, first, "accepted", key="a")
    async with database.write() as session:
        fresh = await cases.find(session, first.number)
        assert fresh is not None
        with pytest.raises(CaseChanged):
            await cases.change(session, fresh, "in_progress", key="b", actor="staff:2", version=1)
        moved = await cases.change(session, fresh, "in_progress", key="b", actor="staff:2", version=2)
        assert moved.version == 3


async def test_a_repeated_change_does_nothing_twice(opened: Opener, database: Database) -> None:
    case = await opened()
    first = await change(database, case, "accepted")
    again = await change(database, case, "accepted")
    assert (again.state, again.version) == (first.state, first.version)
    assert len(await rows(database, Outgoing)) == 1
    assert len(await rows(database, CaseEvent)) == 2


async def test_a_refused_step_names_both_states(opened: Opener, database: Database) -> None:
    with pytest.raises(TransitionRefused, match="“ส่งเรื่องแล้ว” เป็น “ดำเนินการเสร็จแล้ว”"):
        await change(database, await opened(), "done", note="เสร็จแล้ว")
    with pytest.raises(UnknownState):
        await change(database, await opened(), "asleep")


@pytest.mark.parametrize("note", ["", "   "])
async def test_done_and_rejected_need_a_note(opened: Opener, database: Database, moved, note: str) -> None:
    case = await moved(await opened(), "accepted")
    for state in ("done", "rejected"):
        with pytest.raises(NoteMissing):
            await change(database, case, state, note=note)
    assert (await change(database, case, "done", note="เปลี่ยนหลอดแล้ว")).state == "done"


async def test_pictures_of_the_work_are_after_pictures(opened: Opener, database: Database, moved, photo) -> None:
    case = await moved(await opened(), "accepted")
    picture = await photo(None)
    await change(database, case, "done", note="เสร็จ", photos=[picture])
    (kept,) = await rows(database, CaseAttachment)
    assert (kept.attachment_id, kept.role) == (picture, "after")
    assert len(await rows(database, Outgoing)) == 2
    with pytest.raises(UnknownPhoto):
        await change(database, (await rows(database, Case))[0], "closed", key="x", photos=["att_missing"])


async def test_every_conversation_of_the_reporter_is_told_and_nobody_elses(
    opened: Opener, database: Database, reporter: Conversation, stranger: Conversation
) -> None:
    case = await opened()
    async with database.write() as session:
        second = await conversations.find_or_open(session, "web", "city", "W1")
        second.person_id = reporter.person_id  # their identities were joined
        await session.flush()
        for conversation in (second, second, stranger):
            await cases.link(session, case, conversation)
    await change(database, case, "accepted")
    assert {sent.conversation_id for sent in await rows(database, Outgoing)} == {reporter.id, second.id}


async def test_notices_follow_what_was_said_before(opened: Opener, database: Database, reporter: Conversation, moved) -> None:
    await moved(await opened(), "accepted", "in_progress", "done")
    said = sorted(await rows(database, Message), key=lambda message: message.sequence)
    assert [message.sequence for message in said] == [1, 2, 3]
    assert [message.content["title"] for message in said] == ["รับเรื่องแล้ว", "กำลังดำเนินการ", "ดำเนินการเสร็จแล้ว"]


async def add(database: Database, case: Case, key: str = "evt-9", **more) -> Case:
    said = {"text": "ดับเพิ่มอีกดวง", "photos": [], "position": None, "actor": "citizen:1"} | more
    async with database.write() as session:
        return await cases.add_information(session, case, key=key, **said)


async def test_information_is_added_once_and_not_published(
    opened: Opener, database: Database, reporter: Conversation, photo
) -> None:
    case = await opened()
    picture = await photo(reporter)
    for _ in range(2):
        await add(database, case, photos=[picture], position=Position(latitude=13.5, longitude=100.25))
    added = [event for event in await rows(database, CaseEvent) if event.kind == "added"]
    assert [(event.text, event.public, event.sequence) for event in added] == [("ดับเพิ่มอีกดวง", False, 2)]
    assert added[0].detail["position"]["latitude"] == 13.5
    (kept,) = await rows(database, CaseAttachment)
    assert (kept.role, kept.event_id) == ("added", added[0].id)
    assert await rows(database, Outgoing) == []
    assert [line.action for line in await rows(database, AuditEntry)] == ["case.open", "case.add"]


async def test_added_information_does_not_stop_an_officer(opened: Opener, database: Database) -> None:
    case = await opened()
    await add(database, case)
    assert (await change(database, case, "accepted")).state == "accepted"


async def test_a_picture_sent_twice_is_kept_once(opened: Opener, database: Database, reporter: Conversation, photo) -> None:
    picture = await photo(reporter)
    case = await opened(photos=[picture])
    await add(database, case, photos=[picture])
    assert [kept.role for kept in await rows(database, CaseAttachment)] == ["before"]


async def test_anothers_picture_is_not_added(opened: Opener, database: Database, stranger: Conversation, photo) -> None:
    with pytest.raises(UnknownPhoto):
        await add(database, await opened(), photos=[await photo(stranger)])


async def dispute(database: Database, case: Case, key: str = "evt-7") -> Case:
    async with database.write() as session:
        return await cases.dispute(session, case, key=key, text="ยังมืดอยู่เลย", actor=f"citizen:{case.person_id}")


@pytest.mark.parametrize("path", [("accepted", "done"), ("accepted", "done", "closed")])
async def test_who_disputes_is_answered_in_the_chat_and_gets_no_notice(opened: Opener, database: Database, moved, path) -> None:
    case = await moved(await opened(), *path)
    before = len(await rows(database, Outgoing))
    for _ in range(2):
        reopened = await dispute(database, case)
        assert reopened.state == "reopened"
    disputed = [event for event in await rows(database, CaseEvent) if event.kind == "disputed"]
    assert [event.text for event in disputed] == ["ยังมืดอยู่เลย"]
    assert len(await rows(database, Outgoing)) == before
    assert (await change(database, reopened, "in_progress")).state == "in_progress"


async def test_others_who_follow_a_disputed_case_are_told_without_the_words(
    opened: Opener, database: Database, moved, stranger: Conversation
) -> None:
    case = await opened()
    async with database.write() as session:
        joined = {"conversation": stranger, "text": "มืดเหมือนกันค่ะ", "actor": f"citizen:{stranger.person_id}"}
        await cases.join(session, case, key="j", **joined)
    case = await moved(case, "accepted", "done")
    before = {row.id for row in await rows(database, Outgoing)}
    for _ in range(2):
        await dispute(database, case)
    (told,) = [row for row in await rows(database, Outgoing) if row.id not in before]
    assert told.conversation_id == stranger.id
    async with database.read() as session:
        content = (await session.get_one(Message, told.message_id)).content
    assert content["title"] == "เปิดเรื่องอีกครั้ง"
    assert "ยังมืดอยู่เลย" not in str(content)


async def test_an_unfinished_case_cannot_be_disputed(opened: Opener, database: Database, moved) -> None:
    case = await opened()
    with pytest.raises(NotFinished, match="ส่งเรื่องแล้ว"):
        await dispute(database, case)
    with pytest.raises(NotFinished, match="ไม่รับดำเนินการ"):
        await dispute(database, await moved(case, "rejected"))


@pytest.mark.parametrize(("days", "late"), [(13.9, False), (14.1, True)])
async def test_a_dispute_has_fourteen_days(opened: Opener, database: Database, moved, days: float, late: bool) -> None:
    case = await moved(await opened(), "accepted", "done")
    async with database.write() as session:
        await session.execute(update(Case).values(state_at=clock.now() - timedelta(days=days)))
    if not late:
        assert (await dispute(database, case)).state == "reopened"
        return
    with pytest.raises(DisputeTooLate, match="14 วัน"):
        await dispute(database, case)
    await add(database, case)  # words that come late do not give the days back
    with pytest.raises(DisputeTooLate):
        await dispute(database, case, key="again")


async def test_a_note_of_staff_tells_nobody(opened: Opener, database: Database) -> None:
    case = await opened()
    async with database.write() as session:
        for _ in range(2):
            await cases.add_note(session, case, key="n", text="โทรถามช่างแล้ว", actor="staff:1")
    notes = [event for event in await rows(database, CaseEvent) if event.kind == "note"]
    assert [(note.text, note.public) for note in notes] == [("โทรถามช่างแล้ว", False)]
    assert await rows(database, Outgoing) == []
