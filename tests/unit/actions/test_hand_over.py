"""The wish for a person: the queue when somebody may come, a case when nobody does."""

import pytest
from sqlalchemy import select

from actions.backend import Backend
from actions.hand_over import HandOver
from conversations import handover, waiting
from conversations.conversation import Conversation
from conversations.waiting import Waiting
from tests.unit.actions.conftest import Desk, Run, responses


async def owner(shared: Backend) -> str:
    async with shared.database.read() as session:
        return str(await session.scalar(select(Conversation.owner)))


async def test_when_nobody_may_come_a_case_is_offered_and_nothing_changes(
    run: Run, known: Conversation, shared_backend: Backend
) -> None:
    _, said = await run(HandOver, "ขอคุยกับคน", "talk_to_human")
    assert responses(said) == ["utter_hand_over"]
    assert "08.30" in said[0]["hours"]
    assert await owner(shared_backend) == "bot"


async def test_when_somebody_may_come_the_talk_is_put_into_the_queue(
    run: Run, known: Conversation, shared_backend: Backend, desk: Desk
) -> None:
    desk.man()
    _, said = await run(HandOver, "ขอคุยกับคน", "talk_to_human")
    assert responses(said) == ["utter_queued"]
    assert said[0]["standing"] == "คุณอยู่คิวที่ 1 ค่ะ"  # how long others waited is not known, so nothing is said of it
    assert said[0]["buttons"][0]["payload"] == "/cancel"
    assert await owner(shared_backend) == "queue"


async def test_a_repeated_event_waits_once_and_is_answered_alike(
    run: Run, known: Conversation, shared_backend: Backend, desk: Desk
) -> None:
    desk.man()
    first = await run(HandOver, "/talk_to_human", "talk_to_human", event="e7")
    again = await run(HandOver, "/talk_to_human", "talk_to_human", event="e7")
    assert first[1] == again[1]
    async with shared_backend.database.read() as session:
        (wait,) = (await session.scalars(select(Waiting))).all()
    assert (wait.event_id, wait.reason, wait.ended_at) == ("e7", waiting.ASKED, None)


async def test_a_repeat_finds_its_place_even_when_everybody_has_gone_home_meanwhile(
    run: Run, known: Conversation, shared_backend: Backend, desk: Desk
) -> None:
    async with shared_backend.database.write() as session:
        await handover.ask(session, known.id, "e1", reason=waiting.ASKED, actor="citizen:x")
    assert responses((await run(HandOver, "ขอคุยกับคน", event="e1"))[1]) == ["utter_queued"]


async def test_a_report_that_is_being_told_is_left_so_that_no_question_follows(run: Run, known: Conversation, desk: Desk) -> None:
    assert "active_loop" not in (await run(HandOver, "ขอคุยกับคน", loop="report_form", event="e1"))[0]
    desk.man()
    changed, _ = await run(HandOver, "ขอคุยกับคน", loop="report_form", event="e2")
    assert changed == {"active_loop": None}


async def test_a_program_that_nobody_can_write_to_is_offered_a_case(
    run: Run, known: Conversation, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.man()
    monkeypatch.setattr("actions.hand_over._NO_WAY_BACK", {"web"})
    assert responses((await run(HandOver, "ขอคุยกับคน"))[1]) == ["utter_hand_over"]


async def test_the_english_words(run: Run, known: Conversation, desk: Desk) -> None:
    desk.man()
    said = (await run(HandOver, "a person please", slots={"language": "en"}))[1]
    assert said[0]["standing"] == "You are number 1 in the queue."
