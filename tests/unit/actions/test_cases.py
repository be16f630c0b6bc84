"""Cases from the chat: opened once, followed by their reporter, added to, disputed."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from actions.backend import Backend
from actions.feedback import KeepFeedback, ValidateFeedbackForm
from actions.follow import CaseStatus, Dispute
from actions.information import AddInformation, ValidateInformationForm
from actions.personal_data import MyData, OpenDataCase, wished
from actions.report.sending import Cancel, GoOn, OpenCase
from conversations.conversation import Conversation
from conversations.feedback import Feedback
from helpdesk import case as cases
from helpdesk.record import Case, CaseAttachment, CaseEvent
from tests.unit.actions.conftest import Run, responses

CONFIRMED: dict[str, Any] = {
    "report_category": "flooding",
    "report_description": "น้ำท่วมซอยสุขใจ 5",
    "report_place": {"text": "ซอยสุขใจ 5", "latitude": 13.7, "longitude": 100.5},
    "report_photos": [],
    "report_contact": {"phone": "0812345678", "consent": True},
    "report_confirmed": True,
}


async def only_case(shared: Backend) -> Case:
    async with shared.database.read() as session:
        return (await session.scalars(select(Case))).one()


async def opened(run: Run, **more: Any) -> str:
    changed, _ = await run(OpenCase, "/affirm", "affirm", slots={**CONFIRMED, **more.pop("slots", {})}, **more)
    return str(changed["last_case"])


async def closed(shared: Backend, days: int = 0) -> None:
    case = await only_case(shared)
    async with shared.database.write() as session:
        for state in ("accepted", "done"):
            case = await cases.change(session, case, state, key=state, actor="staff:1", note="แก้ไขแล้ว")
        case.state_at -= timedelta(days=days)
        await session.merge(case)


async def test_a_confirmed_report_becomes_a_case(run: Run, known: Conversation, shared_backend: Backend, photo: str) -> None:
    slots = {**CONFIRMED, "report_photos": [photo, "att_of_somebody_else"], "report_next": {"words": "ขยะล้นถัง"}}

    changed, said = await run(OpenCase, "/affirm", "affirm", slots=slots)

    case = await only_case(shared_backend)
    assert (case.number, case.category, case.contact) == (changed["last_case"], "flooding", "0812345678")
    assert case.latitude == 13.7
    assert case.consent_at is not None
    assert changed["report_description"] is None
    assert changed["report_next"] == {"words": "ขยะล้นถัง"}
    assert responses(said) == ["card", "utter_offer_next"]
    async with shared_backend.database.read() as session:
        assert (await session.scalars(select(CaseAttachment.attachment_id))).all() == [photo]


async def test_the_same_confirmation_opens_nothing_twice(run: Run, known: Conversation, shared_backend: Backend) -> None:
    assert await opened(run) == await opened(run)
    assert (await only_case(shared_backend)).description == "น้ำท่วมซอยสุขใจ 5"


async def test_no_contact_is_kept_without_consent(run: Run, known: Conversation, shared_backend: Backend) -> None:
    await opened(run, slots={"report_contact": {"phone": "0812345678", "consent": None}})

    assert (await only_case(shared_backend)).contact is None


async def test_a_report_without_words_says_its_kind(run: Run, known: Conversation, shared_backend: Backend) -> None:
    await opened(run, slots={"report_description": "-"})

    assert (await only_case(shared_backend)).description == "น้ำท่วมขัง"


async def test_what_was_not_confirmed_is_not_sent(run: Run, known: Conversation, shared_backend: Backend) -> None:
    _, waiting = await run(OpenCase, "ฟหกด", slots={**CONFIRMED, "report_confirmed": False})
    _, nothing = await run(OpenCase, "/resume_report", "resume_report")

    assert responses(waiting) == ["utter_report_paused"]
    assert not nothing
    async with shared_backend.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Case)) == 0


async def test_cancel_forgets_everything(run: Run) -> None:
    changed, said = await run(Cancel, "ยกเลิก", "cancel", slots=CONFIRMED, loop="report_form")

    assert responses(said) == ["utter_report_cancelled"]
    assert changed["report_description"] is None
    assert changed["active_loop"] is None


async def test_cancel_of_nothing(run: Run) -> None:
    assert responses((await run(Cancel, "ยกเลิก", "cancel"))[1]) == ["utter_nothing_to_cancel"]


async def test_a_yes_goes_on_only_with_something_open(run: Run) -> None:
    changed, _ = await run(GoOn, "ใช่", "affirm", slots={"report_next": {"words": "ขยะ"}})
    assert changed == {"followup": "report_form"}

    assert responses((await run(GoOn, "ใช่", "affirm"))[1]) == ["utter_anything_else"]


async def test_the_reporter_sees_all_others_what_is_public(run: Run, known: Conversation, stranger: Conversation) -> None:
    number = await opened(run)
    entities = [{"entity": "case_number", "value": number}]

    _, own = await run(CaseStatus, number, "check_case_status", entities=entities)
    _, public = await run(CaseStatus, number, "check_case_status", entities=entities, who=stranger)

    assert "ซอยสุขใจ 5" in str(own[0]["custom"])
    assert own[0]["custom"]["case_number"] == number
    assert "0812345678" not in str(public[0]["custom"])
    assert "add_case_information" not in str(public[0]["custom"])


async def test_own_cases_without_a_number(run: Run, known: Conversation) -> None:
    assert responses((await run(CaseStatus, "ถึงไหนแล้ว", "check_case_status"))[1]) == ["utter_no_cases"]
    first = await opened(run)
    assert responses((await run(CaseStatus, "ถึงไหนแล้ว", "check_case_status"))[1]) == ["card"]
    await opened(run, event="e2")

    _, said = await run(CaseStatus, "ถึงไหนแล้ว", "check_case_status")

    assert responses(said) == ["utter_your_cases", "carousel"]
    assert f'/add_case_information{{"case_number":"{first}"}}' in str(said[1]["custom"])


@pytest.mark.parametrize("words", ["เรื่อง P69-0001 ถึงไหน", "P69-000001-4"])
async def test_a_mistyped_number_is_said_back(run: Run, known: Conversation, words: str) -> None:
    _, said = await run(CaseStatus, words, "check_case_status")

    assert responses(said) == ["utter_case_not_found"]
    assert said[0]["number"].startswith("P69-0")
    assert "ถึงไหน" not in said[0]["number"]


async def test_words_are_added_at_once_or_asked_for(run: Run, known: Conversation, shared_backend: Backend) -> None:
    number = await opened(run)

    bare, said = await run(ValidateInformationForm, "ขอเพิ่มข้อมูลค่ะ", "add_case_information")
    assert (bare["information_case"], bare["requested_slot"]) == (number, "information")
    assert responses(said) == ["utter_what_information"]

    told, _ = await run(ValidateInformationForm, "น้ำสูงถึงเข่าแล้ว", "chitchat", confidence=0.3, slots=bare)
    assert told == {"information": "น้ำสูงถึงเข่าแล้ว", "requested_slot": None}

    slots = {**bare, **told}
    for _ in range(2):
        await run(AddInformation, "น้ำสูงถึงเข่าแล้ว", "chitchat", slots=slots, event="e3")
    async with shared_backend.database.read() as session:
        assert (await session.scalars(select(CaseEvent.text).where(CaseEvent.kind == "added"))).all() == ["น้ำสูงถึงเข่าแล้ว"]


async def test_nobody_adds_to_anothers_case(run: Run, known: Conversation, stranger: Conversation) -> None:
    number = await opened(run)
    entities = [{"entity": "case_number", "value": number}]

    changed, said = await run(ValidateInformationForm, f"เพิ่มใน {number} ว่าน้ำลดแล้ว", entities=entities, who=stranger)

    assert responses(said) == ["utter_case_not_yours"]
    assert changed["information_case"] is None


async def test_a_finished_case_is_disputed_once(run: Run, known: Conversation, shared_backend: Backend) -> None:
    await opened(run)
    assert responses((await run(Dispute, "ยังดับอยู่", "dispute_case_closed"))[1]) == ["utter_dispute_not_closed"]
    await closed(shared_backend)

    for _ in range(2):
        _, said = await run(Dispute, "ปิดแล้วแต่น้ำยังท่วม", "dispute_case_closed", event="e5")

    assert responses(said) == ["utter_disputed"]
    assert (await only_case(shared_backend)).state == "reopened"


async def test_a_dispute_may_be_too_late(run: Run, known: Conversation, shared_backend: Backend) -> None:
    await opened(run)
    await closed(shared_backend, days=30)

    assert responses((await run(Dispute, "ยังไม่เสร็จ", "dispute_case_closed"))[1]) == ["utter_dispute_too_late"]


async def test_a_dispute_of_nothing(run: Run, known: Conversation) -> None:
    assert responses((await run(Dispute, "ยังไม่เสร็จ", "dispute_case_closed"))[1]) == ["utter_no_cases"]


async def test_a_request_on_own_data_is_a_real_case(run: Run, known: Conversation, shared_backend: Backend) -> None:
    wish, said = await run(MyData, "ขอลบข้อมูลของฉัน", "request_my_data")
    assert wish == {"data_wish": "delete"}
    assert said[0]["case_count"] == 0

    for _ in range(2):
        await run(OpenDataCase, "ใช่ค่ะ", "affirm", slots=wish)

    assert "ขอลบข้อมูลส่วนบุคคล" in (await only_case(shared_backend)).description


@pytest.mark.parametrize(
    ("words", "wish"), [("ลบข้อมูลผมออก", "delete"), ("ถอนความยินยอม", "withdraw"), ("แก้เบอร์โทร", "correct"), ("ข้อมูลของฉัน", "copy")]
)
def test_which_right_is_meant(words: str, wish: str) -> None:
    assert wished(words) == wish


async def test_feedback_is_kept_once_and_masked(run: Run, known: Conversation, shared_backend: Backend) -> None:
    bare, said = await run(ValidateFeedbackForm, "อยากติชมบริการค่ะ", "give_feedback")
    assert bare == {"feedback": None, "requested_slot": "feedback"}
    assert responses(said) == ["utter_feedback_ask"]
    words = "คุณสมหญิง 081-234-5678 พูดจาไม่ดี"
    told, _ = await run(ValidateFeedbackForm, words, "give_feedback", slots=bare)

    for _ in range(2):
        await run(KeepFeedback, words, "give_feedback", slots=told)

    async with shared_backend.database.read() as session:
        kept = (await session.scalars(select(Feedback))).one()
    assert "081" not in kept.text
    assert "พูดจาไม่ดี" in kept.text
