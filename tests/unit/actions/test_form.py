"""The report form: what counts as an answer, what does not, and what is asked next."""

from typing import Any

import pytest

from actions.report.form import ValidateReportForm
from tests.unit.actions.conftest import Run, place, responses

pytestmark = pytest.mark.usefixtures("shared_backend")  # whoever tells kind and place is compared with the open cases

TOLD = {
    "requested_slot": "report_confirmed",
    "report_category": "flooding",
    "report_description": "น้ำท่วมซอยสุขใจ 5",
    "report_place": {"text": "ซอยสุขใจ 5"},
    "report_photos": [],
    "report_contact": {},
}


def asked(field: str, **told: Any) -> dict[str, Any]:
    return {**TOLD, **told, "requested_slot": f"report_{field}", **({f"report_{field}": None} if field != "confirmed" else {})}


async def test_first_words_fill_what_they_tell(run: Run) -> None:
    words = "ไฟดับซอยสุขใจ 5 โทร 0812345678"
    entities = [place("ซอยสุขใจ 5", 5), {"entity": "phone", "value": "0812345678", "start": 20, "end": 30}]

    changed, said = await run(ValidateReportForm, words, "report_problem", entities=entities, category=[("street-light", 0.8)])

    assert changed["report_description"] == words
    assert changed["report_place"] == {"text": "ซอยสุขใจ 5"}
    assert changed["report_contact"] == {"phone": "0812345678", "consent": None}
    assert changed["requested_slot"] == "report_category"
    assert responses(said) == ["utter_confirm_category"]
    assert said[0]["buttons"][0]["payload"] == '/choose_category{"category":"street-light"}'


async def test_a_bare_wish_is_asked_what_happened(run: Run) -> None:
    changed, said = await run(ValidateReportForm, "อยากแจ้งเรื่องค่ะ", "report_problem", category=[("noise", 0.9)])

    assert changed["requested_slot"] == "report_description"
    assert "report_guess" not in changed
    assert responses(said) == ["utter_ask_description"]


@pytest.mark.parametrize("where", ["หน้าบ้าน", "ถนนหน้าบ้าน", "ซอยบ้านผม"])
async def test_a_vague_place_is_not_taken(run: Run, where: str) -> None:
    changed, _ = await run(ValidateReportForm, f"ขยะ{where}ไม่มีใครเก็บ", "report_problem", entities=[place(where, 3)])

    assert "report_place" not in changed


@pytest.mark.parametrize("words", ["หน้าเซเว่นปากซอย 3", "ตรงข้ามวัดใหญ่", "แถวบางพลี ใกล้ปั๊ม"])
@pytest.mark.parametrize("intent", ["report_problem", "nlu_fallback", "chitchat", "insult", "ask_service"])
async def test_a_place_is_taken_whatever_it_was_taken_for(run: Run, words: str, intent: str) -> None:
    changed, said = await run(ValidateReportForm, words, intent, slots=asked("place"))

    assert changed["report_place"] == {"text": words}
    assert responses(said) == ["card"]


@pytest.mark.parametrize(
    ("words", "intent"),
    [("สำนักงานเขตเปิดกี่โมงคะ", "ask_office_info"), ("ทำบัตรประชาชนกี่บาท", "ask_service"), ("ขอบคุณค่ะ", "thank"), ("ยกเลิก", "cancel")],
)
async def test_something_else_is_left_to_the_rules(run: Run, words: str, intent: str) -> None:
    changed, said = await run(ValidateReportForm, words, intent, slots=asked("place"))

    assert not changed
    assert not said


async def test_the_question_is_repeated_after_something_else(run: Run) -> None:
    changed, said = await run(ValidateReportForm, "ขอบคุณค่ะ", "thank", slots=asked("photos"), done=("utter_thank",))

    assert changed == {"requested_slot": "report_photos"}
    assert responses(said) == ["utter_ask_photos"]


async def test_an_offer_of_questions_is_not_talked_over(run: Run) -> None:
    slots = {**asked("photos"), "offered_faqs": ["id-card-lost"]}

    _, said = await run(ValidateReportForm, "บัตรหาย", "ask_service", slots=slots, done=("action_answer",))

    assert not said


async def test_after_an_emergency_a_yes_does_not_send(run: Run) -> None:
    kept, said = await run(ValidateReportForm, "ไฟไหม้", "emergency", slots=TOLD, done=("action_emergency",))
    assert responses(said) == ["utter_report_kept"]

    changed, said = await run(ValidateReportForm, "ค่ะ", "affirm", slots={**TOLD, "report_tries": kept["report_tries"]})

    assert "report_confirmed" not in changed
    assert responses(said) == ["card"]


async def test_a_report_that_sounds_like_an_emergency_names_the_numbers_too(run: Run) -> None:
    _, said = await run(ValidateReportForm, "เพลิงไหม้กองขยะซอยสุขใจ 5", "report_problem")

    assert responses(said)[0] == "utter_emergency_fire"


@pytest.mark.parametrize("field", ["category", "place", "photos", "contact"])
async def test_two_unclear_answers_and_it_goes_on(run: Run, field: str) -> None:
    first, _ = await run(
        ValidateReportForm, "ฟหกด", "nlu_fallback" if field != "contact" else "report_problem", slots=asked(field)
    )
    if field == "place":
        first, _ = await run(ValidateReportForm, "ไม่รู้ค่ะ", "deny", slots=asked(field))
    slots = {**asked(field), "report_tries": first["report_tries"]}

    changed, said = await run(
        ValidateReportForm, "ไม่รู้ค่ะ" if field == "place" else "ฟหก", "deny" if field == "place" else "affirm", slots=slots
    )

    assert changed.get(f"report_{field}") is not None
    assert responses(said)[-1] in {"card", "utter_write_contact"}


async def test_an_unclear_summary_ends_in_waiting_not_in_sending(run: Run) -> None:
    slots = {**TOLD, "report_tries": {"confirmed": 2}}

    changed, _ = await run(ValidateReportForm, "ฟหกด", slots=slots)

    assert changed["report_confirmed"] is False
    assert changed["requested_slot"] is None


async def test_a_photo_is_taken_at_any_question(run: Run) -> None:
    entities = [{"entity": "photo", "value": "att_1"}, {"entity": "photo", "value": "att_2"}]

    changed, said = await run(ValidateReportForm, "/provide_photo", "provide_photo", entities=entities, slots=asked("contact"))

    assert changed["report_photos"] == ["att_1", "att_2"]
    assert changed["requested_slot"] == "report_contact"
    assert responses(said) == ["utter_photo_added", "utter_ask_contact"]


async def test_a_position_off_the_earth_is_no_place(run: Run) -> None:
    entities = [{"entity": "latitude", "value": 913.7}, {"entity": "longitude", "value": "x"}]

    changed, _ = await run(ValidateReportForm, "/provide_location", "provide_location", entities=entities, slots=asked("place"))

    assert "report_place" not in changed


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        ("แก้สถานที่เป็นซอย 7", "report_place", {"text": "ซอย 7"}),
        ("ไม่ใช่ซอยสุขใจ เป็นสุขสันต์", "report_place", {"text": "ซอยสุขสันต์ 5"}),
        ("เปลี่ยนหมวดเป็นขยะ", "report_category", "garbage"),
        ("แก้รายละเอียดเป็น น้ำท่วมถึงเข่า", "report_description", "น้ำท่วมถึงเข่า"),
        ("change the place to Soi 7", "report_place", {"text": "Soi 7"}),
        ("แก้ชื่อเป็นสมหญิง", "report_contact", {"name": "สมหญิง", "consent": True}),
    ],
)
async def test_corrections_in_free_words(run: Run, words: str, field: str, value: Any) -> None:
    changed, said = await run(ValidateReportForm, words, "add_case_information", slots=TOLD)

    assert changed[field] == value
    assert responses(said) == ["utter_changed", "card"]


async def test_edit_without_new_words_asks_again(run: Run) -> None:
    changed, said = await run(ValidateReportForm, "ขอแก้รูปค่ะ", "deny", slots=TOLD)

    assert changed["requested_slot"] == "report_photos"
    assert responses(said) == ["utter_ask_photos"]


async def test_a_second_problem_is_noted_for_later(run: Run) -> None:
    words = "อีกเรื่อง หมาจรจัดไล่กัดคนทุกวัน"

    changed, said = await run(
        ValidateReportForm, words, "report_problem", slots=asked("photos"), category=[("stray-animals", 0.9)]
    )

    assert changed["report_next"]["words"] == words
    assert responses(said) == ["utter_second_problem", "utter_ask_photos"]


@pytest.mark.parametrize(
    ("words", "contact"),
    [
        ("081-234-5678", {"phone": "0812345678", "consent": True}),
        ("สมชาย 081-234-5678 ค่ะ", {"name": "สมชาย", "phone": "0812345678", "consent": True}),
        ("ชื่อสมชาย เบอร์ 081-234-5678", {"name": "สมชาย", "phone": "0812345678", "consent": True}),
    ],
)
async def test_a_contact_written_after_the_notice_is_agreed(run: Run, words: str, contact: dict[str, Any]) -> None:
    start = words.index("081")
    phone = {"entity": "phone", "value": "0812345678", "start": start, "end": start + 12}

    changed, _ = await run(ValidateReportForm, words, "nlu_fallback", slots=asked("contact"), entities=[phone])

    assert changed["report_contact"] == contact


async def test_half_a_number_is_asked_for_again(run: Run) -> None:
    changed, said = await run(ValidateReportForm, "0812345", "nlu_fallback", slots=asked("contact"))

    assert "report_contact" not in changed
    assert responses(said) == ["utter_phone_incomplete"]


async def test_no_contact_without_agreement(run: Run) -> None:
    slots = asked("contact", report_contact={"phone": "0812345678", "consent": None})
    slots["report_contact"] = {"phone": "0812345678", "consent": None}

    changed, said = await run(ValidateReportForm, "ไม่ค่ะ", "deny", slots=slots)

    assert changed["report_contact"] == {}
    assert "0812345678" not in str(said[-1]["custom"])


async def test_a_call_back_needs_no_category_and_no_place(run: Run) -> None:
    changed, said = await run(ValidateReportForm, "/contact_case", "contact_case")

    assert changed["report_category"] == "other"
    assert responses(said) == ["utter_ask_contact_description"]


async def test_a_yes_after_the_offer_of_a_person_is_the_same(run: Run) -> None:
    changed, _ = await run(ValidateReportForm, "ใช่ค่ะ", "affirm", before="action_hand_over")

    assert changed["report_kind"] == "contact"


async def test_resuming_goes_on_where_it_was(run: Run) -> None:
    slots = {**TOLD, "requested_slot": None, "report_confirmed": False}

    changed, said = await run(ValidateReportForm, "/resume_report", "resume_report", slots=slots)

    assert changed["requested_slot"] == "report_confirmed"
    assert responses(said) == ["card"]


async def test_resuming_nothing_ends_at_once(run: Run) -> None:
    changed, said = await run(ValidateReportForm, "/resume_report", "resume_report")

    assert changed["requested_slot"] is None
    assert responses(said) == ["utter_nothing_to_resume"]


async def test_all_categories_can_be_reached(run: Run) -> None:
    seen, page = set(), 1
    while page:
        entities = [{"entity": "page", "value": page}]
        _, said = await run(ValidateReportForm, "/choose_category", "choose_category", entities=entities, slots=asked("category"))
        payloads = [button["payload"] for button in said[0]["buttons"]]
        seen |= {payload for payload in payloads if "category" in payload.partition("{")[2]}
        assert len(payloads) <= 10
        page = page + 1 if any('"page"' in payload for payload in payloads) else 0

    assert len(seen) == 24


async def test_english(run: Run) -> None:
    _, said = await run(ValidateReportForm, "no", "deny", slots={**asked("contact"), "language": "en"})

    assert said[0]["custom"]["title"] == "Please check before sending"
