"""Answers in the console, over HTTP, with two people."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import FormData

from core import clock
from knowledge_base import faq, questions
from tests.unit.web.console.conftest import Desk
from tests.unit.web.town import ENTRIES, Town

ID = "garbage-fee"
BASE = "/console/faqs"
TYPED = {
    "group": "local-environment",
    "agency": "เทศบาลเมืองธาราใส",
    "question_th": "ขอถังขยะใบใหม่ได้ที่ไหน",
    "question_en": "Where do I get a new rubbish bin?",
    "summary_th": "ติดต่อกองสาธารณสุขของเทศบาลค่ะ",
    "summary_en": "Ask the public health division.",
    "steps": "ยื่นคำขอ\r\nรับถัง",
    "documents": "บัตรประชาชน",
    "fee": "",
    "time": "",
    "where": "",
    "hours": "",
    "link": "",
    "source": "กองสาธารณสุข",
    "variants": "อยากได้ถังขยะ\nถังขยะแตก ขอใหม่",
    "review_by": "2027-05-22",
}


@pytest.fixture
async def desks(town: Town, console: Callable[..., Any]) -> tuple[Desk, Desk]:
    """A curator and a reviewer, and the answers of the town."""
    await town.publish(ENTRIES)
    return await console("curator", name="สมใจ"), await console("reviewer", name="วิชัย")


async def row(town: Town, faq_id: str = ID) -> faq.Faq:
    async with town.database.read() as session:
        return await session.get_one(faq.Faq, faq_id)


async def typed(desk: Desk, town: Town, **changes: str) -> dict[str, str]:
    """The form as the editor shows it, with what somebody changed in it."""
    found = await row(town)
    page = await desk.get(f"{BASE}/{ID}")
    body = found.body
    fields = {f"{name}_{lang}": body[name][lang] for name in ("question", "summary") for lang in ("th", "en")}
    fields |= {name: "\n".join(body[name]) for name in ("steps", "documents", "variants")}
    fields |= {
        name: body[name] or "" for name in ("group", "agency", "fee", "time", "where", "hours", "link", "source", "review_by")
    }
    fields["seen"] = re.search(r'name="seen" value="(\d+)"', page).group(1)  # type: ignore[union-attr]
    return fields | {"reason": "แก้ไขตามประกาศ", "do": "save"} | changes


def live(town: Town) -> Any:
    async def ask() -> dict[str, str | None]:
        async with town.database.read() as session:
            return {one.id: one.fee for one in await faq.live_entries(session)}

    return ask()


async def test_a_new_answer_from_draft_to_citizens_takes_two_people(town: Town, desks: tuple[Desk, Desk]) -> None:
    curator, reviewer = desks
    made = await curator.post(f"{BASE}/new", TYPED | {"do": "save"}, status=303)
    assert made.headers["Location"] == f"{BASE}/new-rubbish-bin?done=saved"
    path = f"{BASE}/new-rubbish-bin"
    assert "ขอถังขยะใบใหม่ได้ที่ไหน" in await curator.get(f"{path}?done=saved")
    await curator.post(f"{path}/submit", {"seen": "1"}, status=303)
    await curator.post(f"{path}/publish", {"seen": "2"}, status=403)  # a curator has not the right
    assert "new-rubbish-bin" in await reviewer.get(f"{BASE}?state=in_review")
    review = await reviewer.get(f"{path}/review")
    assert "สมใจ" in review
    assert "ยังไม่เคยเผยแพร่" in review
    await reviewer.post(f"{path}/publish", {"seen": "2"}, status=303)
    assert "new-rubbish-bin" in await live(town)
    async with town.database.read() as session:
        assert (await session.get_one(faq.Faq, "new-rubbish-bin")).body["steps"] == ["ยื่นคำขอ", "รับถัง"]


async def test_a_reviewer_cannot_publish_their_own_text(
    town: Town, desks: tuple[Desk, Desk], console: Callable[..., Any]
) -> None:
    _, reviewer = desks
    await reviewer.post(f"{BASE}/{ID}", await typed(reviewer, town, fee="40 บาทต่อเดือน"), status=303)
    assert "คุณเป็นผู้เขียนข้อความนี้" in await reviewer.get(f"{BASE}/{ID}/review")
    refused = await reviewer.post(f"{BASE}/{ID}/publish", {"seen": "3"}, status=403)
    assert "ผู้เขียนข้อความเผยแพร่เองไม่ได้" in await refused.text()
    assert (await live(town))[ID] == "ไม่เสียค่าธรรมเนียม"
    other = await console("reviewer")
    await other.post(f"{BASE}/{ID}/publish", {"seen": "3"}, status=303)
    assert (await live(town))[ID] == "40 บาทต่อเดือน"


async def test_what_is_live_and_its_newer_draft_are_both_shown(town: Town, desks: tuple[Desk, Desk]) -> None:
    curator, reviewer = desks
    await curator.post(f"{BASE}/{ID}", await typed(curator, town, fee="40 บาท"), status=303)
    listed = await curator.get(f"{BASE}?text={ID}")
    assert "เผยแพร่อยู่" in listed
    assert "มีฉบับร่าง" in listed
    review = await reviewer.get(f"{BASE}/{ID}/review")
    assert re.search(r"<del><span class=\"unseen\">ลบ: </span>ไม่เสียค่าธรรมเนียม</del>", review)
    assert re.search(r"<ins><span class=\"unseen\">เพิ่ม: </span>40 บาท</ins>", review)


async def test_the_second_of_two_editors_is_told_and_keeps_every_word(town: Town, desks: tuple[Desk, Desk]) -> None:
    curator, reviewer = desks
    mine = await typed(curator, town, fee="50 บาท", summary_th="คำตอบของฉันที่พิมพ์อยู่นานค่ะ", reason="เหตุผลของฉัน")
    await reviewer.post(f"{BASE}/{ID}", await typed(reviewer, town, fee="45 บาท"), status=303)
    answer = await curator.post(f"{BASE}/{ID}", mine, status=409)
    page = await answer.text()
    assert "วิชัย บันทึกฉบับใหม่ไปแล้วเมื่อ" in page
    for words in (mine["fee"], mine["summary_th"], mine["reason"]):
        assert words in page
    assert '<del><span class="unseen">ลบ: </span>45</del>' in page
    assert '<ins><span class="unseen">เพิ่ม: </span>50</ins>' in page
    assert (await row(town)).version == 3  # nothing was saved
    seen = re.search(r'name="seen" value="(\d+)"', page).group(1)  # type: ignore[union-attr]
    await curator.post(f"{BASE}/{ID}", mine | {"seen": seen}, status=303)
    assert (await row(town)).body["fee"] == "50 บาท"
    assert "45 บาท" in await curator.get(f"{BASE}/{ID}/versions?from=0&to=3")


async def test_the_two_of_different_actions_are_told_too(town: Town, desks: tuple[Desk, Desk]) -> None:
    curator, reviewer = desks
    await curator.post(f"{BASE}/{ID}", await typed(curator, town, fee="40 บาท", do="submit"), status=303)
    await curator.post(f"{BASE}/{ID}", await typed(curator, town, fee="60 บาท"), status=303)
    refused = await reviewer.post(f"{BASE}/{ID}/return", {"seen": "4", "reason": "ตัวเลขไม่ตรงกับประกาศ"}, status=409)
    page = await refused.text()
    assert "มีการเปลี่ยนแปลงใหม่" in page
    assert "60 บาท" in page


async def test_a_script_is_text_everywhere(town: Town, desks: tuple[Desk, Desk]) -> None:
    curator, reviewer = desks
    script = "<script>alert(1)</script><b>x</b>"
    names = ("question_th", "question_en", "summary_th", "summary_en", "steps", "documents", "fee", "where", "agency", "source")
    soon = str((clock.now() + timedelta(days=30)).date())
    evil = await typed(curator, town, **dict.fromkeys(names, script), variants=script, reason=script, review_by=soon)
    await curator.post(f"{BASE}/{ID}", evil | {"do": "submit"}, status=303)
    pages = [
        await reviewer.get(f"{BASE}/{ID}/review"),
        await curator.get(f"{BASE}/{ID}"),
        await curator.get(f"{BASE}?text=alert"),
        await curator.get(f"{BASE}/{ID}/versions"),
        await (await curator.post(f"{BASE}/preview", evil | {"faq": ID}, status=200, htmx=True)).text(),
    ]
    await reviewer.post(f"{BASE}/{ID}/publish", {"seen": "4", "reason": script}, status=303)
    await town.search.ready()
    pages += [await curator.get(f"{BASE}/try?q=alert"), await curator.get(f"{BASE}/due")]
    for page in pages:
        assert "<script>alert" not in page
        assert "<b>x</b>" not in page
        assert "&lt;script&gt;alert(1)" in page


async def test_a_megabyte_is_refused_by_field_and_stays_in_the_form(town: Town, desks: tuple[Desk, Desk]) -> None:
    curator, _ = desks
    huge = "ก" * 1_048_576
    form = FormData(default_to_multipart=True)
    for name, value in (await typed(curator, town, fee=huge, summary_th="สั้นค่ะ", steps="หนึ่ง\n" + huge)).items():
        form.add_field(name, value)
    answer = await curator.post(f"{BASE}/{ID}", form, status=422)
    page = await answer.text()
    assert "ยาว 1,048,576 ตัวอักษร เกิน 600 ตัวอักษร" in page
    assert "บรรทัดที่ 2 ยาว 1,048,576 ตัวอักษร" in page
    assert page.count(huge) == 2
    assert "ข้อความยาวเกินไป จึงแสดงตัวอย่างไม่ได้" in page
    assert (await row(town)).version == 2


async def test_many_short_lines_are_refused_too(town: Town, desks: tuple[Desk, Desk]) -> None:
    curator, _ = desks
    answer = await curator.post(f"{BASE}/{ID}", await typed(curator, town, steps="ก\n" * 5_000), status=422)
    assert "มี 5,000 บรรทัด เกิน 60 บรรทัด" in await answer.text()


async def test_every_mistake_is_told_at_its_field(town: Town, desks: tuple[Desk, Desk]) -> None:
    curator, _ = desks
    wrong = await typed(
        curator, town, question_th=" ", link="http://x", review_by="พรุ่งนี้", variants="ซ้ำ\nซ้ำ", group="", reason=" "
    )
    page = await (await curator.post(f"{BASE}/{ID}", wrong, status=422)).text()
    for field in ("question_th", "link", "review_by", "variants", "group", "reason"):
        assert f'id="{field}-mistake-1"' in page
    assert "ลิงก์ต้องขึ้นต้นด้วย https://" in page
    assert "มีสำนวนซ้ำกัน: ซ้ำ" in page
    assert (await row(town)).version == 2


async def test_the_switch_works_at_once_and_asks_no_version(town: Town, desks: tuple[Desk, Desk]) -> None:
    curator, reviewer = desks
    await reviewer.post(f"{BASE}/{ID}", await typed(reviewer, town, fee="40 บาท"), status=303)
    await curator.post(f"{BASE}/{ID}/switch", {"on": "0"}, status=422)
    await curator.post(f"{BASE}/{ID}/switch", {"on": "0", "reason": "ราคาผิด"}, status=303)
    assert ID not in await live(town)
    assert "คำตอบนี้ปิดอยู่" in await curator.get(f"{BASE}/{ID}")
    assert ID in await curator.get(f"{BASE}?on=0&state=published")
    await curator.post(f"{BASE}/{ID}/switch", {"on": "1", "reason": "แก้แล้ว"}, status=303)
    assert ID in await live(town)


async def test_roll_back_gives_a_draft_that_another_person_publishes(town: Town, desks: tuple[Desk, Desk]) -> None:
    curator, reviewer = desks
    await curator.post(f"{BASE}/{ID}", await typed(curator, town, fee="40 บาท", do="submit"), status=303)
    await reviewer.post(f"{BASE}/{ID}/publish", {"seen": "4"}, status=303)
    assert "ย้อนกลับ" in await curator.get(f"{BASE}/{ID}/versions")
    await curator.post(f"{BASE}/{ID}/restore", {"number": "2", "seen": "5"}, status=422)
    await curator.post(f"{BASE}/{ID}/restore", {"number": "2", "seen": "4", "reason": "x"}, status=409)
    await curator.post(f"{BASE}/{ID}/restore", {"number": "77", "seen": "5", "reason": "x"}, status=404)
    await curator.post(f"{BASE}/{ID}/restore", {"number": "2", "seen": "5", "reason": "ประกาศถูกยกเลิก"}, status=303)
    assert (await live(town))[ID] == "40 บาท"
    await reviewer.post(f"{BASE}/{ID}/publish", {"seen": "6"}, status=303)
    assert (await live(town))[ID] == "ไม่เสียค่าธรรมเนียม"
    history = await curator.get(f"{BASE}/{ID}/versions?from=2&to=4")
    assert "ประกาศถูกยกเลิก" in history
    assert "<ins>" in history


async def test_a_text_is_sent_back_with_its_reason(town: Town, desks: tuple[Desk, Desk]) -> None:
    curator, reviewer = desks
    await curator.post(f"{BASE}/{ID}", await typed(curator, town, fee="40 บาท", do="submit"), status=303)
    await reviewer.post(f"{BASE}/{ID}/return", {"seen": "4"}, status=422)
    await reviewer.post(f"{BASE}/{ID}/return", {"seen": "4", "reason": "แนบเลขที่ประกาศด้วย"}, status=303)
    assert "แนบเลขที่ประกาศด้วย" in await curator.get(f"{BASE}/{ID}")
    assert (await row(town)).state == "draft"


async def test_confirmation_is_the_reviewers_and_ends_with_the_facts(town: Town, desks: tuple[Desk, Desk]) -> None:
    curator, reviewer = desks
    await curator.post(f"{BASE}/{ID}/confirm", {"seen": "2", "reason": "โทรถามแล้ว"}, status=403)
    await reviewer.post(f"{BASE}/{ID}/confirm", {"seen": "2", "reason": "หนังสือตอบของกอง"}, status=303)
    assert (await row(town)).body["verified"] is True
    await curator.post(f"{BASE}/{ID}", await typed(curator, town, variants="ค่าขยะกี่บาท"), status=303)
    assert (await row(town)).body["verified"] is True
    await curator.post(f"{BASE}/{ID}", await typed(curator, town, fee="40 บาท", verified="1"), status=303)
    found = await row(town)
    assert found.body["verified"] is False
    assert found.body["reviewed"] is not None


async def test_an_archived_answer_leaves_and_comes_back_as_a_draft(town: Town, desks: tuple[Desk, Desk]) -> None:
    curator, _ = desks
    await curator.post(f"{BASE}/{ID}/archive", {"seen": "2"}, status=422)
    await curator.post(f"{BASE}/{ID}/archive", {"seen": "2", "reason": "เลิกบริการแล้ว"}, status=303)
    assert ID not in await live(town)
    await curator.post(f"{BASE}/{ID}", await typed(curator, town, fee="ฟรี"), status=303)
    assert (await row(town)).state == "draft"


async def test_review_without_change_sets_the_next_day(town: Town, desks: tuple[Desk, Desk]) -> None:
    curator, reviewer = desks
    async with town.database.write() as session:
        found = await session.get_one(faq.Faq, ID)
        found.review_by = found.review_by.replace(year=found.review_by.year - 2)
    assert ID in await curator.get(f"{BASE}/due")
    past = await curator.post(f"{BASE}/{ID}/reviewed", {"seen": "2", "review_by": "2020-01-01"}, status=422)
    assert "ในอนาคต" in await past.text()
    day = str(ENTRIES[0].review_by)
    await curator.post(f"{BASE}/{ID}/reviewed", {"seen": "2", "review_by": day}, status=303)
    await curator.post(f"{BASE}/{ID}/reviewed", {"seen": "2", "review_by": day}, status=409)
    await reviewer.post(f"{BASE}/{ID}/publish", {"seen": "4"}, status=303)
    assert str((await row(town)).review_by) == day


async def test_an_id_is_proposed_and_never_taken_twice(town: Town, desks: tuple[Desk, Desk]) -> None:
    curator, _ = desks
    for expected in ("new-rubbish-bin", "new-rubbish-bin-2"):
        made = await curator.post(f"{BASE}/new", TYPED | {"do": "save"}, status=303)
        assert expected + "?" in made.headers["Location"]
    taken = await curator.post(f"{BASE}/new", TYPED | {"do": "save", "id": ID}, status=422)
    assert "มีคำตอบที่ใช้รหัสนี้แล้ว" in await taken.text()
    for bad in ("Bad Id", "new", "a" * 100):
        assert 'id="id-mistake-1"' in await (await curator.post(f"{BASE}/new", TYPED | {"id": bad}, status=422)).text()


async def test_preview_is_what_the_channels_send_and_warns_of_their_limits(town: Town, desks: tuple[Desk, Desk]) -> None:
    curator, _ = desks
    await town.publish([ENTRIES[0].model_copy(update={"id": "other", "variants": ["ถังขยะแตก ขอใหม่"]})])
    answer = await curator.post(f"{BASE}/preview", TYPED, status=200, htmx=True)
    page = await answer.text()
    assert "<html" not in page
    assert page.count("ติดต่อกองสาธารณสุขของเทศบาลค่ะ") == 3
    assert page.count("ข้อมูลเบื้องต้น โปรดตรวจสอบกับหน่วยงาน") == 3
    assert "new-rubbish-bin" in page
    assert '<a href="/console/faqs/other">other</a>' in page
    long = TYPED | {"steps": "\n".join(["ขั้นตอนที่ยาวมาก " * 20] * 20), "language": "en"}
    page = await (await curator.post(f"{BASE}/preview", long, status=200, htmx=True)).text()
    assert "LINE: ยาวเกินหนึ่งการ์ด" in page
    assert "Telegram: ยาวเกินหนึ่งข้อความ" in page
    assert "Ask the public health division." in page
    half = await curator.post(f"{BASE}/preview", {"question_th": "ถามว่า"}, status=200, htmx=True)
    assert "ถามว่า" in await half.text()


async def test_preview_works_without_javascript_and_saves_nothing(town: Town, desks: tuple[Desk, Desk]) -> None:
    curator, _ = desks
    page = await (await curator.post(f"{BASE}/{ID}", await typed(curator, town, fee="77 บาท", do="preview"), status=200)).text()
    assert page.count("77 บาท") >= 4
    assert (await row(town)).version == 2


async def test_saving_nothing_new_says_so(town: Town, desks: tuple[Desk, Desk]) -> None:
    curator, _ = desks
    answer = await curator.post(f"{BASE}/{ID}", await typed(curator, town), status=303)
    assert answer.headers["Location"].endswith("?done=same")
    assert (await row(town)).version == 2


async def test_the_list_is_searched_filtered_and_paged(town: Town, desks: tuple[Desk, Desk]) -> None:
    curator, _ = desks
    rows = await curator.get(f"{BASE}?text=ขยะ", htmx=True)
    assert "<html" not in rows
    assert ID in rows
    assert "land-tax" not in rows
    assert "ไม่พบคำตอบตามที่ค้นหา" in await curator.get(f"{BASE}?text=ไม่มีแน่นอน")
    for odd in ("due=x", "due=99999999999", "on=2", "sort=drop", "after=zzz", "state=odd", "text=%00%25"):
        await curator.get(f"{BASE}?{odd}")
    many = [ENTRIES[0].model_copy(update={"id": f"many-{number:03}"}) for number in range(60)]
    await town.publish(many)
    first = await curator.get(f"{BASE}?text=many-")
    assert "many-049" in first
    assert "many-050" not in first
    assert "after=many-049" in first
    assert "many-059" in await curator.get(f"{BASE}?text=many-&after=many-049")


async def test_try_it_shows_what_is_found_why_and_what_the_citizen_gets(town: Town, desks: tuple[Desk, Desk]) -> None:
    curator, _ = desks
    await town.search.ready()
    page = await curator.get(f"{BASE}/try?q=บัตรประชาชนหาย ต้องทำอย่างไร")
    assert "ตรงกับคำถามที่มีอยู่ทุกตัวอักษร" in page
    assert "สัญญาณที่ใช้ให้คะแนน" in page
    assert "ตอบตรงคำถาม" in page  # the thumb below the citizen's card
    follow_up = await curator.get(f"{BASE}/try?q=แล้วเสียค่าใช้จ่ายเท่าไหร่&context=id-card-lost", htmx=True)
    assert "เป็นคำถามต่อเนื่อง" in follow_up
    assert "ไม่เสียค่าธรรมเนียม" in follow_up
    nothing = await curator.get(f"{BASE}/try?q=วิธีแทงหวยให้ถูก")
    assert "ประชายังไม่มีคำตอบเรื่องนี้" in nothing
    await curator.get(f"{BASE}/try?q=%00%F0%9F%98%80&context=no-such")


async def test_a_question_without_answer_becomes_one_and_is_done_when_it_is_published(
    town: Town, desks: tuple[Desk, Desk]
) -> None:
    curator, reviewer = desks
    async with town.database.write() as session:
        asked = await questions.record(session, "ขอถังขยะใบใหม่ยังไงคะ", "none", "line")
    assert asked is not None
    page = await curator.get(f"{BASE}/new?gap={asked.id}")
    assert "ขอถังขยะใบใหม่ยังไงคะ" in page
    await curator.post(f"{BASE}/new", TYPED | {"do": "submit", "gap": asked.id}, status=303)

    async def now() -> tuple[str, str | None]:
        async with town.database.read() as session:
            kept = await session.get_one(questions.UnansweredQuestion, asked.id)
            return kept.state, kept.faq_id

    assert await now() == ("in_work", "new-rubbish-bin")
    await reviewer.post(f"{BASE}/new-rubbish-bin/publish", {"seen": "2"}, status=303)
    assert await now() == ("done", "new-rubbish-bin")
    await curator.get(f"{BASE}/new?gap=no-such", status=404)


@pytest.mark.parametrize("path", ["", "/review", "/versions"])
async def test_an_unknown_answer_is_not_found(desks: tuple[Desk, Desk], path: str) -> None:
    await desks[0].get(f"{BASE}/no-such{path}", status=404)


@pytest.mark.parametrize("what", ["submit", "archive", "switch", "restore", "reviewed", ""])
async def test_nothing_can_be_done_with_an_unknown_answer(desks: tuple[Desk, Desk], what: str) -> None:
    sent = {"seen": "1", "number": "1", "reason": "x", "review_by": str(ENTRIES[0].review_by)} | TYPED
    await desks[0].post(f"{BASE}/no-such/{what}".rstrip("/"), sent, status=404)
