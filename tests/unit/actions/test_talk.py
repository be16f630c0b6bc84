"""Answers, fallback, emergencies, language, session, and that all of it stands in the domain."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from actions.answer import Answer, ChooseFaq, RateAnswer
from actions.backend import Backend
from actions.clarify import Clarify
from actions.emergency import Emergency
from actions.language import Language, wished
from actions.loose import KeepPhoto, KeepPlace, Unsupported
from actions.office import OfficeInfo
from actions.registry import ACTIONS
from actions.session import StartSession, Welcome
from conversations.conversation import Conversation
from core.settings import ROOT
from core.urgency import response_to, surely_urgent
from knowledge_base.questions import FaqThumb, UnansweredQuestion
from tests.unit.actions.conftest import Run, responses

DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))


async def test_an_answer_names_its_faq_and_asks_for_thumbs(run: Run, seeded: None) -> None:
    changed, said = await run(Answer, "ขอเบี้ยผู้สูงอายุต้องทำยังไง", "ask_service")

    told = said[0]["custom"]
    assert told["faq_id"] == changed["last_faq"] == "elderly-allowance"
    assert (told["title"], told["subtitle"]) == (
        "ลงทะเบียนรับเบี้ยยังชีพผู้สูงอายุ ทำอย่างไร",
        "ข้อมูลเบื้องต้น โปรดตรวจสอบกับหน่วยงาน",
    )
    assert [field["label"] for field in told["fields"]][-2:] == ["ที่มา", "ทบทวนล่าสุด"]
    assert told["choices"][0]["payload"] == '/rate_answer{"faq":"elderly-allowance","helpful":"yes"}'


async def test_a_follow_up_keeps_the_context(run: Run, seeded: None) -> None:
    changed, said = await run(Answer, "แล้วใช้เอกสารอะไรบ้าง", "ask_service", slots={"last_faq": "elderly-allowance"})

    assert changed["last_faq"] == "elderly-allowance"
    assert [field["label"] for field in said[0]["custom"]["fields"]] == ["เอกสารที่ใช้", "ที่มา", "ทบทวนล่าสุด"]


async def test_no_answer_is_said_and_recorded_for_curators(run: Run, seeded: None, shared_backend: Backend) -> None:
    _, said = await run(Answer, "แล้วกี่บาท", "ask_service")

    assert responses(said) == ["utter_no_answer"]
    async with shared_backend.database.read() as session:
        assert (await session.scalars(select(UnansweredQuestion.reason))).all() == ["none"]


async def test_a_button_without_words_asks_for_the_question(run: Run) -> None:
    assert responses((await run(Answer, "/ask_service", "ask_service"))[1]) == ["utter_ask_question"]


async def test_a_faq_that_is_gone_is_not_answered(run: Run, seeded: None) -> None:
    _, said = await run(ChooseFaq, "/choose_faq", "choose_faq", entities=[{"entity": "faq", "value": "gone"}])

    assert responses(said) == ["utter_no_answer"]


async def test_a_thumb_counts_once_and_a_bad_answer_goes_to_the_curators(run: Run, seeded: None, shared_backend: Backend) -> None:
    slots = {"last_faq": "elderly-allowance", "last_question": "เบี้ยคนแก่"}

    for _ in range(2):
        _, said = await run(RateAnswer, "ไม่ใช่ค่ะ", "deny", slots=slots)

    assert responses(said) == ["utter_rated_unhelpful"]
    async with shared_backend.database.read() as session:
        assert (await session.scalars(select(FaqThumb.yes))).all() == [False]
        assert (await session.scalars(select(UnansweredQuestion.reason))).all() == ["unhelpful"]


async def test_a_yes_after_no_answer_opens_a_case(run: Run, seeded: None) -> None:
    assert (await run(RateAnswer, "ใช่ค่ะ", "affirm"))[0] == {"followup": "report_form"}


async def test_not_understood_once_then_a_person(run: Run, seeded: None) -> None:
    _, first = await run(Clarify, "asdf qwer")
    _, second = await run(Clarify, "asdf qwer", before="action_clarify")

    assert responses(first) == ["utter_clarify"]
    assert first[0]["buttons"][-1]["payload"] == "/talk_to_human"
    assert responses(second) == ["utter_clarify_failed"]


async def test_an_emergency_is_not_lost_in_the_fallback(run: Run, seeded: None) -> None:
    assert responses((await run(Clarify, "พ่อหยุดหายใจแล้ว"))[1]) == ["utter_emergency_medical"]


@pytest.mark.parametrize(
    ("words", "response"),
    [
        ("ไฟไหม้ข้างบ้าน", "utter_emergency_fire"),
        ("มีคนหมดสติ", "utter_emergency_medical"),
        ("โจรงัดบ้าน", "utter_emergency_police"),
        ("อยากตาย", "utter_emergency_suicide"),
        ("ช่วยด้วย", "utter_emergency"),
        ("my house is on FIRE", "utter_emergency_fire"),
    ],
)
async def test_the_right_number_first(run: Run, words: str, response: str) -> None:
    assert responses((await run(Emergency, words, "emergency"))[1]) == [response]


@pytest.mark.parametrize("name", ["", "_fire", "_medical", "_police", "_suicide"])
def test_the_main_numbers_are_always_named(name: str) -> None:
    for variant in DOMAIN["responses"][f"utter_emergency{name}"]:
        assert all(number in variant["text"] for number in ("191", "1669", "1323" if name == "_suicide" else "199"))
        assert "tel:" not in str(variant)


def test_a_report_is_no_emergency() -> None:
    assert not surely_urgent("ไฟถนนดับหน้าวัด")
    assert response_to("ช่วยที") == "utter_emergency"


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("speak English please", "en"),
        ("I don't speak Thai", "en"),
        ("อ่านอังกฤษไม่ออก ขอไทย", "th"),
        ("เปลี่ยนภาษา", ""),
        ("EN", "en"),
    ],
)
def test_the_language_that_is_wished(words: str, language: str) -> None:
    assert wished(words) == language


async def test_language_changes_or_is_asked(run: Run) -> None:
    assert (await run(Language, "speak English", "change_language"))[0] == {"language": "en"}
    assert responses((await run(Language, "เปลี่ยนภาษา", "change_language"))[1]) == ["utter_which_language"]


async def test_a_new_session_keeps_the_report_and_offers_to_go_on(run: Run) -> None:
    slots = {"report_description": "ไฟถนนดับหน้าบ้าน", "requested_slot": "report_place", "language": "th", "loose_photos": ["att"]}

    changed, said = await run(StartSession, slots=slots)

    assert responses(said) == ["utter_offer_resume"]
    assert changed["report_description"] == "ไฟถนนดับหน้าบ้าน"
    assert "requested_slot" not in changed
    assert "loose_photos" not in changed
    assert {"session_started", "action"} <= set(changed)


async def test_a_first_session_says_nothing_by_itself(run: Run) -> None:
    assert not (await run(StartSession))[1]


async def test_what_comes_outside_of_a_report_is_kept(run: Run) -> None:
    changed, said = await run(
        KeepPhoto, "/provide_photo", entities=[{"entity": "photo", "value": "a"}], slots={"loose_photos": ["b"]}
    )
    assert changed == {"loose_photos": ["b", "a"]}
    assert said[0]["what"] == "รูป"
    entities = [{"entity": "latitude", "value": "13.7"}, {"entity": "longitude", "value": 100.5}]
    assert (await run(KeepPlace, "/provide_location", entities=entities))[0]["loose_place"]["latitude"] == 13.7


@pytest.mark.parametrize(("kind", "what"), [("sticker", "สติกเกอร์"), ("odd", "ข้อความแบบนี้")])
async def test_what_cannot_be_opened_is_named(run: Run, kind: str, what: str) -> None:
    _, said = await run(Unsupported, "/unsupported", entities=[{"entity": "kind", "value": kind}])

    assert said[0]["what"] == what


async def test_the_office_and_the_welcome_name_the_city(run: Run) -> None:
    assert "08.30" in (await run(OfficeInfo, "เปิดกี่โมง"))[1][0]["hours"]
    assert (await run(Welcome, slots={"language": "en"}))[1][0]["city"]


def test_domain_and_registry_agree() -> None:
    assert {action.called for action in ACTIONS} == set(DOMAIN["actions"])


def test_every_response_that_actions_say_is_in_the_domain() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in Path(ROOT / "actions").rglob("*.py"))
    source += (ROOT / "core/urgency.yml").read_text(encoding="utf-8")
    named = {word.strip("\"',)(:") for word in source.replace('"', " ").split() if word.startswith("utter_")}

    assert {name for name in named if "{" not in name} <= set(DOMAIN["responses"]) | {"utter_"}


def test_every_response_exists_in_english() -> None:
    both = {
        "utter_which_language",
        "utter_language_thai",
        "utter_language_english",
        "utter_language_thai_on",
        "utter_language_english_on",
    }
    missing = [name for name, variants in DOMAIN["responses"].items() if len(variants) < 2 and name not in both]

    assert not missing


async def test_a_payload_typed_as_words_is_words(run: Run, citizen: Conversation) -> None:
    from actions.turn import Turn
    from tests.unit.actions.conftest import tracker

    typed = tracker(citizen, "/affirm")
    typed.latest_message["intent_ranking"].append({"name": "greet", "confidence": 0.1})

    assert Turn.of(typed).words == "/affirm"
    assert Turn.of(tracker(citizen, "/affirm", "affirm")).structured
