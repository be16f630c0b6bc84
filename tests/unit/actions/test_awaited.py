"""A case that waits for the citizen hears what they write or send next."""

from typing import Any

import pytest
from sqlalchemy import select

from actions.answer import Answer
from actions.backend import Backend
from actions.clarify import Clarify
from actions.loose import KeepPhoto, KeepPlace
from actions.report.form import ValidateReportForm
from conversations.conversation import Conversation
from helpdesk import case as cases
from helpdesk.record import CaseEvent
from helpdesk.state import State
from tests.unit.actions.conftest import Run, responses
from tests.unit.actions.test_cases import opened

ANSWER = "ตรงหน้าปั๊มน้ำมันค่ะ"


@pytest.fixture
async def waiting(run: Run, known: Conversation, shared_backend: Backend) -> str:
    """The number of the citizen's own case, of which the staff asked more."""
    return await wait(shared_backend, await opened(run))


async def wait(backend: Backend, number: str) -> str:
    async with backend.database.write() as session:
        case = await cases.find(session, number)
        assert case is not None
        await cases.change(session, case, State.WAITING_CITIZEN, key=f"{number}:{case.version}", actor="staff:x", note="ตรงไหนคะ")
    return number


async def added(backend: Backend) -> list[str]:
    async with backend.database.read() as session:
        return list(await session.scalars(select(CaseEvent.text).where(CaseEvent.kind == "added")))


@pytest.mark.parametrize(("action", "intent"), [(Clarify, "nlu_fallback"), (Answer, "ask_service")])
async def test_words_that_answer_nothing_else_are_its_answer(
    run: Run, waiting: str, shared_backend: Backend, action: Any, intent: str
) -> None:
    changed, said = await run(action, ANSWER, intent)
    assert (responses(said), changed["last_case"]) == (["utter_information_added"], waiting)
    assert await added(shared_backend) == [ANSWER]
    async with shared_backend.database.read() as session:
        case = await cases.find(session, waiting)
        assert case is not None
        assert case.state == State.IN_PROGRESS


async def test_a_question_stays_a_question(run: Run, waiting: str, shared_backend: Backend) -> None:
    _, said = await run(Answer, "ทำไมต้องรอนานขนาดนี้คะ", "ask_service")
    assert "utter_information_added" not in responses(said)
    assert await added(shared_backend) == []


async def test_without_a_case_that_waits_nothing_is_added(run: Run, known: Conversation, shared_backend: Backend) -> None:
    await opened(run)
    _, said = await run(Clarify, ANSWER)
    assert responses(said) == ["utter_clarify"]


async def test_a_photo_and_a_position_are_its_answer_too(run: Run, waiting: str, shared_backend: Backend, photo: str) -> None:
    _, said = await run(
        KeepPhoto, f'/provide_photo{{"photo":"{photo}"}}', "provide_photo", entities=[{"entity": "photo", "value": photo}]
    )
    assert responses(said) == ["utter_information_added"]
    await wait(shared_backend, waiting)
    place = [{"entity": "latitude", "value": "13.9"}, {"entity": "longitude", "value": "100.6"}]
    _, said = await run(KeepPlace, "/provide_location", "provide_location", entities=place, event="e9")
    assert responses(said) == ["utter_information_added"]


async def test_of_several_cases_that_wait_it_is_asked_which(run: Run, waiting: str, shared_backend: Backend) -> None:
    await wait(shared_backend, await opened(run, event="second"))
    changed, said = await run(Clarify, ANSWER)
    assert responses(said) == ["utter_which_case"]
    assert changed["information"] == ANSWER


async def test_words_that_sound_like_a_report_are_asked_about(run: Run, waiting: str) -> None:
    changed, said = await run(ValidateReportForm, "น้ำท่วมหน้าปั๊มน้ำมัน ซอยสุขใจ 5", "report_problem", category=[("flooding", 0.9)])
    assert changed["requested_slot"] == "report_duplicate"
    assert responses(said) == ["utter_ask_duplicate_own"]
    assert said[0]["number"] == waiting


async def test_after_a_no_the_report_goes_on_and_the_same_case_is_not_asked_about_again(run: Run, waiting: str) -> None:
    changed, _ = await run(ValidateReportForm, "น้ำท่วมค่ะ", "report_problem", category=[("flooding", 0.9)])
    refused, said = await run(ValidateReportForm, "ไม่ใช่", "deny", slots=changed)
    assert "utter_ask_duplicate_own" not in responses(said)
    assert refused["requested_slot"] == "report_category"
