"""A report that repeats an open case: one question, a way to say no, and what joining does."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import select

from actions.backend import Backend
from actions.feedback import KeepFeedback
from actions.follow import CaseStatus, Dispute, Rate
from actions.information import AddInformation
from actions.report.form import ValidateReportForm
from actions.report.sending import OpenCase
from conversations.conversation import Conversation
from helpdesk import case as cases
from helpdesk import follower
from helpdesk.case import Place
from helpdesk.record import Case, CaseAttachment, CaseEvent
from tests.unit.actions.conftest import Run, responses

PLACE = {"text": "หน้าตลาดสด ซอยเทศบาล 3"}
TOLD: dict[str, Any] = {
    "requested_slot": "report_place",
    "report_category": "flooding",
    "report_description": "น้ำท่วมสูงมาก",
    "report_place": None,
}
Open = Callable[..., Awaitable[Case]]


@pytest.fixture
def first(shared_backend: Backend) -> Open:
    """Somebody's open case at the place."""

    async def opened(who: Conversation, **changes: Any) -> Case:
        report: dict[str, Any] = {
            "key": "first", "category": "flooding", "description": "น้ำท่วม โทร 081-234-5678", "place": Place(PLACE["text"]),
            "photos": [], "contact": None, "consent": False, "happened_at": None, "actor": "citizen:x",
        }  # fmt: skip
        async with shared_backend.database.write() as session:
            conversation = await session.get_one(Conversation, who.id)
            return await cases.open_case(session, **report | {"conversation": conversation} | changes)

    return opened


async def asked(run: Run, **more: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    return await run(ValidateReportForm, PLACE["text"], "nlu_fallback", slots=TOLD, **more)


async def test_before_another_case_is_opened_the_first_is_offered_masked(
    run: Run, known: Conversation, stranger: Conversation, first: Open
) -> None:
    case = await first(stranger)

    changed, said = await asked(run)

    assert changed["requested_slot"] == "report_duplicate"
    assert responses(said) == ["utter_ask_duplicate"]
    assert said[0]["number"] == case.number
    assert "081" not in str(said)


async def test_where_nothing_is_near_nothing_is_asked(run: Run, known: Conversation, stranger: Conversation, first: Open) -> None:
    await first(stranger, place=Place("หน้าวัดกลาง ถนนริมน้ำ"))
    await first(stranger, key="b", category="noise")

    changed, _ = await asked(run)

    assert changed["requested_slot"] == "report_photos"
    assert "number" not in changed["report_duplicate"]


async def test_the_citizens_own_case_is_offered_in_other_words(run: Run, known: Conversation, first: Open) -> None:
    await first(known)
    _, said = await asked(run)
    assert responses(said) == ["utter_ask_duplicate_own"]


@pytest.mark.parametrize(
    ("words", "intent", "next_field"),
    [
        ("/deny", "deny", "report_photos"),
        ("ไม่ใช่ค่ะ", "deny", "report_photos"),
        ("ข้าม", "skip", "report_contact"),
        ("/skip", "skip", "report_contact"),
        ("ไม่มีรูปค่ะ", "deny", "report_contact"),
    ],
)
async def test_a_no_goes_on_with_a_report_of_ones_own(
    run: Run, known: Conversation, stranger: Conversation, first: Open, words: str, intent: str, next_field: str
) -> None:
    await first(stranger)
    held = (await asked(run))[0]

    changed, _ = await run(ValidateReportForm, words, intent, slots={**TOLD, **held})

    assert changed["requested_slot"] == next_field
    again, _ = await run(ValidateReportForm, "เปลี่ยนใจ", "nlu_fallback", slots={**TOLD, **held, **changed})
    assert again["requested_slot"] != "report_duplicate"  # it is asked once


async def test_whoever_is_not_understood_twice_opens_a_case_of_their_own(
    run: Run, known: Conversation, stranger: Conversation, first: Open
) -> None:
    await first(stranger)
    held = (await asked(run))[0]
    changed, said = await run(ValidateReportForm, "ฟหกด", "nlu_fallback", slots={**TOLD, **held})
    assert responses(said) == ["utter_ask_duplicate"]
    changed, _ = await run(ValidateReportForm, "ฟหกด", "nlu_fallback", slots={**TOLD, **held, **changed})
    assert changed["requested_slot"] == "report_photos"


async def test_a_yes_follows_the_first_case_and_opens_none(
    run: Run, known: Conversation, stranger: Conversation, first: Open, shared_backend: Backend, photo: str
) -> None:
    case = await first(stranger)
    held = {**(await asked(run))[0], "report_photos": [photo]}

    changed, said = await run(ValidateReportForm, "/affirm", "affirm", slots={**TOLD, **held})
    assert changed["requested_slot"] is None
    assert not said
    for _ in range(2):  # the engine may ask again
        ended, said = await run(OpenCase, "/affirm", "affirm", slots={**TOLD, **held, **changed})

    assert ended["last_case"] == case.number
    assert ended["report_description"] is None
    assert responses(said) == ["card"]
    assert "081" not in str(said)
    async with shared_backend.database.read() as session:
        assert (await session.scalars(select(Case.id))).all() == [case.id]
        assert await follower.people(session, case) == [stranger.person_id, known.person_id]
        event = (await session.scalars(select(CaseEvent).where(CaseEvent.kind == "joined"))).one()
        assert event.text == f"น้ำท่วมสูงมาก\n{PLACE['text']}"
        assert (await session.scalars(select(CaseAttachment.attachment_id))).all() == [photo]


async def test_a_case_that_just_ended_is_not_joined_and_the_report_goes_on(
    run: Run, known: Conversation, stranger: Conversation, first: Open, shared_backend: Backend
) -> None:
    case = await first(stranger)
    held = (await asked(run))[0]
    changed, _ = await run(ValidateReportForm, "/affirm", "affirm", slots={**TOLD, **held})
    async with shared_backend.database.write() as session:
        await cases.change(session, case, "rejected", key="r", actor="staff:1", note="ซ้ำ")

    ended, said = await run(OpenCase, "/affirm", "affirm", slots={**TOLD, **held, **changed})

    assert responses(said) == ["utter_not_joined"]
    assert ended["followup"] == "report_form"
    assert ended["report_duplicate"]["answer"] == "no"


async def join(shared: Backend, case: Case, who: Conversation) -> None:
    async with shared.database.write() as session:
        conversation = await session.get_one(Conversation, who.id)
        await cases.join(session, case, key="j", conversation=conversation, text="", actor="citizen:y")


async def test_who_follows_sees_the_public_card_may_add_and_object(
    run: Run, known: Conversation, stranger: Conversation, first: Open, shared_backend: Backend
) -> None:
    case = await first(stranger)
    await join(shared_backend, case, known)
    _, said = await run(CaseStatus, "เรื่องถึงไหนแล้ว", "check_case_status")
    assert said[0]["custom"]["case_number"] == case.number
    assert "081" not in str(said)
    _, said = await run(AddInformation, "น้ำลดแล้ว", slots={"information": "น้ำลดแล้ว", "information_case": case.number})
    assert responses(said) == ["utter_information_added"]
    async with shared_backend.database.write() as session:
        for state in ("accepted", "done"):
            case = await cases.change(session, case, state, key=state, actor="staff:1", note="แก้ไขแล้ว")
    _, said = await run(Dispute, "ยังท่วมอยู่", "dispute_case_closed")
    assert responses(said) == ["utter_disputed"]


async def test_stars_by_a_button_and_a_word_after_them(
    run: Run, known: Conversation, first: Open, shared_backend: Backend
) -> None:
    case = await first(known)
    entities = [{"entity": "case_number", "value": case.number}, {"entity": "stars", "value": "4"}]
    _, said = await run(Rate, "/rate_case", "rate_case", entities=entities)
    assert responses(said) == ["utter_case_not_rateable"]
    async with shared_backend.database.write() as session:
        for state in ("accepted", "done", "closed"):
            case = await cases.change(session, case, state, key=state, actor="staff:1", note="แก้ไขแล้ว")

    changed, said = await run(Rate, "/rate_case", "rate_case", entities=entities)
    assert (changed["rated_case"], responses(said)) == (case.number, ["utter_case_rated"])
    changed, _ = await run(KeepFeedback, "ช่างสุภาพ", "give_feedback", slots={"feedback": "ช่างสุภาพ", **changed})

    assert changed["rated_case"] is None
    async with shared_backend.database.read() as session:
        rated = await session.get_one(Case, case.id)
    assert (rated.rating, rated.rating_text) == (4, "ช่างสุภาพ")


async def test_nobody_rates_anothers_case(
    run: Run, known: Conversation, stranger: Conversation, first: Open, shared_backend: Backend
) -> None:
    case = await first(stranger)
    await join(shared_backend, case, known)
    async with shared_backend.database.write() as session:
        for state in ("accepted", "done"):
            case = await cases.change(session, case, state, key=state, actor="staff:1", note="แก้ไขแล้ว")
    entities = [{"entity": "case_number", "value": case.number}, {"entity": "stars", "value": "1"}]
    _, said = await run(Rate, "/rate_case", "rate_case", entities=entities)
    assert responses(said) == ["utter_case_not_yours"]
