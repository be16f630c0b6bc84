"""Answers: what is offered beside them, follow-ups, what is counted and what is kept for the curators."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select

from actions import backend
from actions.answer import Answer, ChooseFaq, RateAnswer
from actions.backend import Backend
from actions.once import Once
from core.database import Database
from core.settings import Settings
from knowledge_base import faq, gates
from knowledge_base.questions import FaqThumb, QuestionCount, UnansweredQuestion
from knowledge_base.search import Search
from knowledge_base.use import FaqUse
from tests.unit.actions.conftest import Run, responses

ALLOWANCE = "ขอเบี้ยผู้สูงอายุต้องทำยังไง"


@pytest.fixture
async def unsure(seeded: None, shared_backend: Backend, tmp_path: Path) -> AsyncIterator[Backend]:
    """A search that answers nothing at once but offers."""
    strict = yaml.safe_load(gates.FILE.read_text(encoding="utf-8"))
    for gate in strict.values():
        gate["answer"] = 2.0
    (tmp_path / "gates.yml").write_text(yaml.safe_dump(strict), encoding="utf-8")
    search = Search(shared_backend.database, Settings(var=tmp_path, dense=False), gates_file=tmp_path / "gates.yml")
    backend.use(Backend(shared_backend.database, search, shared_backend.reception))
    yield backend.backend()
    await search.close()


async def uses(shared: Backend) -> dict[tuple[str, str], int]:
    async with shared.database.read() as session:
        rows = (await session.scalars(select(FaqUse))).all()
    assert {row.channel for row in rows} <= {"web"}
    return {(row.faq_id, row.kind): row.times for row in rows}


async def kept(shared: Backend) -> dict[str, int]:
    """How many questions are kept, by reason."""
    async with shared.database.read() as session:
        query = select(QuestionCount.reason, func.sum(QuestionCount.times)).where(QuestionCount.times > 0)
        return {reason: int(times) for reason, times in await session.execute(query.group_by(QuestionCount.reason))}


def pressed(faq: str, **more: str) -> dict[str, Any]:
    return {"entities": [{"entity": name, "value": value} for name, value in {"faq": faq, **more}.items()]}


async def test_an_answer_says_what_it_answers_asks_whether_it_helped_and_offers_its_kin(
    run: Run, seeded: None, shared_backend: Backend
) -> None:
    _, said = await run(Answer, ALLOWANCE, "ask_service")

    told = said[0]["custom"]
    assert told["title"] == "ลงทะเบียนรับเบี้ยยังชีพผู้สูงอายุ ทำอย่างไร"
    payloads = [choice["payload"] for choice in told["choices"]]
    assert payloads[:2] == [f'/rate_answer{{"faq":"elderly-allowance","helpful":"{word}"}}' for word in ("yes", "no")]
    related = [payload.split('"')[3] for payload in payloads[2:]]
    assert 1 <= len(related) <= 3
    assert all(payload.startswith("/choose_faq") for payload in payloads[2:])
    assert "elderly-allowance" not in related
    assert await uses(shared_backend) == {("elderly-allowance", "answered"): 1}


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("แล้วเสียค่าใช้จ่ายเท่าไหร่", "ค่าธรรมเนียม"),
        ("แล้วต้องใช้เอกสารอะไรบ้างคะ", "เอกสารที่ใช้"),
        ("ต้องไปยื่นที่ไหน", "ติดต่อที่"),
        ("เปิดกี่โมงคะ", "เวลาทำการ"),
        ("ใช้เวลากี่วัน", "ระยะเวลา"),
        ("มีขั้นตอนยังไงบ้าง", "ขั้นตอน"),
    ],
)
async def test_a_follow_up_is_answered_from_the_part_it_asks_for(run: Run, seeded: None, words: str, part: str) -> None:
    changed, said = await run(Answer, words, "ask_service", slots={"last_faq": "elderly-allowance"})

    assert changed["last_faq"] == "elderly-allowance"
    first = said[0]["custom"]["fields"][0]
    assert first["label"] == part
    assert first["value"].strip()


async def test_a_part_the_city_does_not_know_points_to_the_agency(run: Run, seeded: None, shared_backend: Backend) -> None:
    words = {"fee": "แล้วเสียค่าใช้จ่ายเท่าไหร่", "time": "ใช้เวลากี่วัน", "hours": "เปิดกี่โมงคะ"}
    async with shared_backend.database.read() as session:
        lacking = await _lacking(session, tuple(words))
    assert lacking, "every FAQ knows its fee, time and hours: look for another part"
    for part, (lacks, agency) in lacking.items():
        _, said = await run(Answer, words[part], "ask_service", slots={"last_faq": lacks})
        assert said[0]["custom"]["fields"][0]["value"] == f"โปรดตรวจสอบกับ{agency}ค่ะ"


async def _lacking(session: Any, parts: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """For each part a live FAQ that does not know it, with its agency."""
    entries = await faq.live_entries(session)
    found = {part: next(((one.id, one.agency) for one in entries if not getattr(one, part)), None) for part in parts}
    return {part: one for part, one in found.items() if one is not None}


async def test_a_turn_that_is_asked_again_counts_once(run: Run, seeded: None, shared_backend: Backend) -> None:
    for _ in range(2):
        await run(Answer, ALLOWANCE, "ask_service")
        await run(Answer, "แล้วกี่บาท", "ask_service", event="e2")

    assert await uses(shared_backend) == {("elderly-allowance", "answered"): 1}
    assert await kept(shared_backend) == {"none": 1}


async def test_offers_are_kept_as_unsure_until_one_is_chosen(run: Run, unsure: Backend) -> None:
    changed, said = await run(Answer, ALLOWANCE, "ask_service")
    offered = changed["offered_faqs"]
    assert responses(said) == ["utter_suggest"]
    assert await kept(unsure) == {"unsure": 1}
    assert await uses(unsure) == {(faq, "offered"): 1 for faq in offered}

    slots = {"offered_faqs": offered, "last_question": ALLOWANCE}
    for _ in range(2):
        await run(ChooseFaq, "/choose_faq", "choose_faq", slots=slots, event="e2", **pressed(offered[0]))
    assert await kept(unsure) == {}
    assert (await uses(unsure))[(offered[0], "chosen")] == 1


async def test_a_yes_to_the_offers_chooses_the_first(run: Run, unsure: Backend) -> None:
    changed, _ = await run(Answer, ALLOWANCE, "ask_service")
    slots = {"offered_faqs": changed["offered_faqs"], "last_question": ALLOWANCE}
    shown, _ = await run(RateAnswer, "ใช่ค่ะ", "affirm", slots=slots, event="e2")
    assert shown["last_faq"] == changed["offered_faqs"][0]
    assert await kept(unsure) == {}


async def test_none_of_the_offers_is_refused_and_no_longer_unsure(run: Run, unsure: Backend) -> None:
    changed, _ = await run(Answer, ALLOWANCE, "ask_service")
    slots = {"offered_faqs": changed["offered_faqs"], "last_question": ALLOWANCE}
    for _ in range(2):
        _, said = await run(
            RateAnswer,
            "/rate_answer",
            "rate_answer",
            slots=slots,
            event="e2",
            entities=[{"entity": "helpful", "value": "no"}],
        )
    assert responses(said) == ["utter_rated_unhelpful"]
    assert await kept(unsure) == {"refused": 1}


async def test_a_question_below_an_answer_is_read_not_chosen(run: Run, seeded: None, shared_backend: Backend) -> None:
    await run(ChooseFaq, "/choose_faq", "choose_faq", **pressed("id-card-lost"))
    assert await uses(shared_backend) == {("id-card-lost", "viewed"): 1}


async def test_a_thumb_down_keeps_the_question_with_its_answer_but_only_its_own(
    run: Run, seeded: None, shared_backend: Backend
) -> None:
    slots = {"last_faq": "elderly-allowance", "last_question": "คนแก่ได้เงินตอนไหน โทร 081-234-5678"}
    for _ in range(2):
        await run(RateAnswer, "/rate_answer", "rate_answer", slots=slots, **pressed("elderly-allowance", helpful="no"))
    await run(RateAnswer, "/rate_answer", "rate_answer", slots=slots, event="e2", **pressed("id-card-lost", helpful="no"))

    async with shared_backend.database.read() as session:
        (row,) = (await session.scalars(select(UnansweredQuestion))).all()
        assert len((await session.scalars(select(FaqThumb))).all()) == 2
    assert (row.text, row.count) == ("คนแก่ได้เงินตอนไหน โทร [เบอร์โทร]", 1)
    assert [near["id"] for near in row.candidates] == ["elderly-allowance"]
    assert await kept(shared_backend) == {"unhelpful": 1}


async def test_a_failed_transaction_is_not_remembered_and_old_keys_are_forgotten(database: Database) -> None:
    once = Once(most=2)
    with pytest.raises(RuntimeError, match="broken"):
        async with once.writing(database, "a"):
            raise RuntimeError("broken")
    for key in ("a", "b", "c"):
        async with once.writing(database, key) as session:
            assert session is not None
    async with once.writing(database, "c") as session:
        assert session is None
    async with once.writing(database, "a") as session:
        assert session is not None
