"""Cases in the console, as officers use it: the list, one case, what is done with it, and who may not."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import FormData
from PIL import Image
from sqlalchemy import select, update

from conversations import conversation as conversations
from conversations.attachment import Attachment
from core import clock
from core.audit import AuditEntry
from helpdesk import case as cases
from helpdesk import listing, staff_notice
from helpdesk.agency import HOME, Agency, StaffAgency
from helpdesk.case import Place
from helpdesk.record import Case, CaseAttachment, CaseEvent, CaseLabel
from tests.unit.web.console.conftest import Desk
from tests.unit.web.town import Town
from web.console.cases import looking, routes

CASES = "/console/cases"
Console = Callable[..., Any]


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(made, "JPEG")
    return made.getvalue()


async def case_of(town: Town, number: str) -> Case:
    async with town.database.read() as session:
        return (await session.scalars(select(Case).where(Case.number == number))).one()


async def far_agency(town: Town, desk: Desk) -> None:
    """Put a member into another agency."""
    async with town.database.write() as session:
        for agency_id, name in ((HOME, "เทศบาล"), ("agc_far", "แขวงทางหลวง")):
            if await session.get(Agency, agency_id) is None:
                session.add(Agency(id=agency_id, level="local", name_th=name, name_en=name))
        await session.flush()
        session.add(StaffAgency(staff_id=desk.member.id, agency_id="agc_far"))


async def other(town: Town, **changes: Any) -> Case:
    """Another citizen's case."""
    async with town.database.write() as session:
        who = await conversations.find_or_open(session, "line", "default", f"U{clock.now().timestamp()}")
    return await town.open_case(conversation=who, actor=f"citizen:{who.person_id}", **changes)


async def test_the_list_shows_cases_of_all_channels_and_counts_them(town: Town, console: Console) -> None:
    officer = await console("officer")
    web, line = await town.open_case(), await other(town, description="ขยะล้นถัง <b>เหม็น</b>", category="garbage")
    await town.move_case(web, "accepted", "done")
    shown = await officer.get(CASES)
    assert line.number in shown
    assert web.number not in shown
    assert "ขยะล้นถัง &lt;b&gt;" in shown
    assert "ยังไม่เสร็จ (1)" in shown
    assert "ทั้งหมด (2)" in shown
    assert "style=" not in shown
    assert web.number in await officer.get(f"{CASES}?state=done")
    everything = await officer.get(f"{CASES}?state=all&order=old")
    assert everything.index(web.number) < everything.index(line.number)


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("text=ไฟถนนดับ", True),
        ("text=ธาราราม", True),
        ("text=ถนนริมน้ำ+มืด", True),
        ("text=ม่วงอ่อน", False),
        ("category=street-light", True),
        ("category=garbage", False),
        ("source=web", True),
        ("source=line", False),
        ("assignee=none", True),
        ("assignee=me", False),
        ("priority=normal", True),
        ("priority=urgent", False),
        ("label=หน้าฝน", True),
        ("label=อื่น", False),
        ("late=1", False),
        ("order=due", True),
        ("order=changed", True),
        ("state=x&category=x&order=x&after=x~y&priority=x", True),
        ("order=changed&after=ไม่ใช่เวลา", True),
    ],
)
async def test_filters_answer_htmx_with_the_rows_only(town: Town, console: Console, query: str, fits: bool) -> None:
    officer, case = await console("officer"), await town.open_case()
    async with town.database.write() as session:
        await cases.relabel(session, case, add=["หน้าฝน"], key="l", actor="staff:1")
    rows = await officer.get(f"{CASES}?{query}", htmx=True)
    assert (case.number in rows) == fits
    assert "<html" not in rows


async def test_a_case_is_found_by_its_number_in_any_spelling_and_by_a_part_of_a_word(town: Town, console: Console) -> None:
    officer, case = await console("officer"), await town.open_case(place=Place("ปากซอยร่มเกล้าอุทิศ"))
    digits = re.sub(r"\D", "", case.number)
    for text in (case.number.lower(), f"p {digits}", str(int(case.number.split("-")[1])), "มเกล้าอุ"):
        assert case.number in await officer.get(f"{CASES}?text={text}&state=all", htmx=True), text


async def test_pages_go_on_after_the_last_row(town: Town, console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    from web.console.cases import listing

    monkeypatch.setattr(listing, "SHOWN", 2)
    officer, made = await console("officer"), [(await town.open_case()).number for _ in range(5)]
    async with town.database.write() as session:  # so that they have an order by due time, too
        for place, number in enumerate(made):
            await session.execute(update(Case).where(Case.number == number).values(due_at=clock.now().replace(year=2030 + place)))
    for order, expected in (("new", made[::-1]), ("old", made), ("changed", made[::-1]), ("due", made)):
        address, seen = f"{CASES}?order={order}", []
        while address:
            shown = await officer.get(address)
            seen += re.findall(r'name="number" value="([^"]+)"', shown)
            following = re.search(r'href="([^"]+)">ถัดไป', shown)
            address = following[1].replace("&amp;", "&") if following else ""
        assert seen == expected, order


async def test_another_agencys_case_is_not_there_at_all(town: Town, console: Console) -> None:
    case, stranger = await town.open_case(), await console("officer")
    async with town.database.write() as session:
        await cases.add_note(session, case, key="n", text="ลับ", actor="staff:1")
    await far_agency(town, stranger)
    assert case.number not in await stranger.get(f"{CASES}?state=all")
    assert "ทั้งหมด (0)" in await stranger.get(f"{CASES}?state=all")
    assert f"{CASES}/{case.number}" not in await stranger.get(f"{CASES}?text={case.number}&state=all")
    own = await other(town)
    async with town.database.write() as session:
        await session.execute(update(Case).where(Case.id == own.id).values(agency_id="agc_far"))
    for route in routes.ROUTES:
        if "{number}" not in route.path:
            continue
        for what in (re.findall(r"\{what:([^}]+)\}", route.path) or [""])[0].split("|"):
            path = re.sub(r"\{what[^}]*\}", what, route.path).replace("{number}", case.number).replace("{id}", "att_1")
            if route.method == "GET":
                await stranger.get(path, status=404)
            else:
                await stranger.post(path, {"other": own.number}, status=404)
    # neither as the other one of two
    for what in ("merge", "relate"):
        answer = await stranger.post(f"{CASES}/{own.number}/{what}", {"key": "k", "other": case.number, "seen": "1"}, status=422)
        assert "ไม่พบเรื่องเลขที่นี้" in await answer.text()
    ticked = [("number", case.number), ("do", "priority"), ("priority", "urgent"), ("key", "k")]
    answer = await stranger.post(CASES, ticked, status=422)
    assert "ไม่พบเรื่องเลขที่นี้" in await answer.text()
    assert (await case_of(town, case.number)).priority == "normal"


async def test_several_cases_are_changed_each_by_itself_and_told_so(town: Town, console: Console) -> None:
    officer = await console("officer")
    one, two = await town.open_case(), await town.open_case()
    await town.move_case(two, "accepted")
    ticked = [("number", one.number), ("number", two.number), ("number", "P69-999999-9"), ("key", "k1")]
    answer = await officer.post(CASES, [*ticked, ("do", "state"), ("to", "in_progress"), ("note", "ช่างออกแล้ว")], status=200)
    told = await answer.text()
    assert "เปลี่ยนแล้ว 1 เรื่อง เปลี่ยนไม่ได้ 2 เรื่อง" in told
    assert "เปลี่ยนสถานะจาก “ส่งเรื่องแล้ว”" in told
    assert 'value="ช่างออกแล้ว"' in told  # what was typed for those that were refused
    assert [(await case_of(town, case.number)).state for case in (one, two)] == ["new", "in_progress"]
    for do, more in (("assign", {"assignee": "me"}), ("priority", {"priority": "high"}), ("label", {"label": "ด่วน"})):
        answer = await officer.post(CASES, [*ticked, ("do", do), *more.items()], status=200)
        assert "เปลี่ยนแล้ว 2 เรื่อง" in await answer.text(), do
    changed = await case_of(town, one.number)
    assert (changed.assignee, changed.priority) == (officer.member.id, "high")
    await officer.post(CASES, [*ticked, ("do", "unlabel"), ("label", "ด่วน")], status=200)
    async with town.database.read() as session:
        assert (await session.scalars(select(CaseLabel))).all() == []


async def test_nothing_ticked_is_said_and_unknown_deeds_are_refused(town: Town, console: Console) -> None:
    officer = await console("officer")
    answer = await officer.post(CASES, {"do": "priority", "priority": "high"}, status=422)
    assert "กรุณาเลือกอย่างน้อยหนึ่งเรื่อง" in await answer.text()
    await officer.post(CASES, {"do": "delete", "number": "x"}, status=400)
    many = [("number", str(number)) for number in range(101)]
    assert "ไม่เกิน 100 เรื่อง" in await (await officer.post(CASES, [*many, ("do", "label"), ("label", "ก")], status=422)).text()


async def test_a_filter_under_a_name_is_the_members_own(town: Town, console: Console) -> None:
    officer, colleague = await console("officer"), await console("officer")
    sent = {"name": " ไฟถนน  ของฉัน ", "query": "category=street-light&assignee=me&after=x&evil=1"}
    answer = await officer.post(f"{CASES}/views", sent, status=303)
    assert answer.headers["Location"] == f"{CASES}?category=street-light&assignee=me&done=view"
    shown = await officer.get(CASES)
    assert f'href="{CASES}?category=street-light&amp;assignee=me"' in shown
    assert "ไฟถนน ของฉัน" in shown
    assert "ไฟถนน ของฉัน" not in await colleague.get(CASES)
    view = re.search(r"views/(vie_\w+)/remove", shown)
    assert view is not None
    await colleague.post(f"{CASES}/views/{view[1]}/remove", status=303)
    assert "ไฟถนน ของฉัน" in await officer.get(CASES)
    await officer.post(f"{CASES}/views/{view[1]}/remove", status=303)
    assert "ไฟถนน ของฉัน" not in await officer.get(CASES)
    assert "กรุณาตั้งชื่อมุมมอง" in await (await officer.post(f"{CASES}/views", {"name": " "}, status=422)).text()


async def test_reading_a_case_shows_all_of_it_and_is_written_down(town: Town, console: Console) -> None:
    officer = await console("officer")
    case = await town.open_case(place=Place("หน้าวัด", 13.75, 100.5), contact="0812345678")
    near = await other(town, place=Place("หลังวัด", 13.751, 100.501), category="noise")
    shown = await officer.get(f"{CASES}/{case.number}")
    for words in ("081-234-5678", "0812345678", "13.75000, 100.50000", near.number, "แชตบนเว็บ", "รับเรื่องแล้ว", "ไม่รับดำเนินการ"):
        assert words in shown, words
    assert '<option value="done"' not in shown  # no step leads there yet
    assert "style=" not in shown
    assert "https://www.openstreetmap.org/" in shown
    assert "<script src" not in shown.split("</head>")[1]
    async with town.database.read() as session:
        lines = await session.scalars(select(AuditEntry).where(AuditEntry.action == "case.read"))
        assert [(line.actor, line.subject) for line in lines] == [(officer.member.actor, f"case:{case.number}")]
    await officer.get(f"{CASES}/P69-999999-9", status=404)
    await officer.get(f"{CASES}/x", status=404)


async def test_an_auditor_reads_and_changes_nothing(town: Town, console: Console) -> None:
    auditor, case = await console("auditor"), await town.open_case()
    shown = await auditor.get(f"{CASES}/{case.number}")
    assert "เปลี่ยนสถานะ</button>" not in shown
    assert "มอบหมาย</button>" not in shown
    assert "ทำกับเรื่องที่เลือก" not in await auditor.get(CASES)
    await auditor.post(f"{CASES}/{case.number}/note", {"note": "x"}, status=403)


async def test_a_state_goes_on_with_note_and_picture(town: Town, console: Console) -> None:
    officer, case = await console("officer"), await town.open_case(category="garbage")
    case = await town.move_case(case, "accepted")
    path = f"{CASES}/{case.number}"
    refused = await officer.post(f"{path}/state", {"key": "k", "seen": "2", "to": "done", "note": "เก็บแล้ว"}, status=422)
    assert "ต้องแนบรูป" in await refused.text()
    form = FormData({"key": "k2", "seen": "2", "to": "done", "note": "เก็บแล้วค่ะ"})
    form.add_field("file", picture(), filename="after.jpg", content_type="image/jpeg")
    answer = await officer.post(f"{path}/state", form, status=303)
    assert answer.headers["Location"] == f"{path}?done=state"
    assert (await case_of(town, case.number)).state == "done"
    async with town.database.read() as session:
        held = (await session.scalars(select(CaseAttachment))).one()
        stored = await session.get_one(Attachment, held.attachment_id)
    assert (held.role, stored.conversation_id) == ("after", None)
    shown = await officer.get(path)
    assert f"{path}/files/{held.attachment_id}" in shown
    async with officer.http.get(f"{path}/files/{held.attachment_id}") as file:
        assert (file.status, file.content_type) == (200, "image/jpeg")
        assert "sandbox" in file.headers["Content-Security-Policy"]
    await officer.get(f"{path}/files/att_unknown", status=404)
    await officer.get(f"{CASES}/{(await town.open_case()).number}/files/{held.attachment_id}", status=404)


async def test_who_was_slower_is_told_and_loses_nothing(town: Town, console: Console) -> None:
    officer, case = await console("officer"), await town.open_case()
    await town.move_case(case, "accepted")
    path = f"{CASES}/{case.number}"
    form = FormData({"key": "k", "seen": "1", "to": "rejected", "note": "เหตุผลที่พิมพ์ไว้ยาว ๆ"})
    form.add_field("file", picture(), filename="x.jpg", content_type="image/jpeg")
    answer = await officer.post(f"{path}/state", form, status=409)
    shown = await answer.text()
    assert "มีผู้แก้ไขเรื่องนี้ไปก่อน" in shown
    assert "เหตุผลที่พิมพ์ไว้ยาว ๆ</textarea>" in shown
    assert 'name="seen" value="2"' in shown
    held = re.search(r'name="held" value="(att_\w+)"', shown)
    assert held is not None  # the picture need not be chosen again
    again = {"key": "k2", "seen": "2", "to": "rejected", "note": "เหตุผล", "held": held[1]}
    await officer.post(f"{path}/state", again, status=303)
    async with town.database.read() as session:
        assert (await session.scalars(select(CaseAttachment.attachment_id))).all() == [held[1]]


async def test_a_citizens_file_is_not_attached_by_its_id(town: Town, console: Console) -> None:
    officer, case = await console("officer"), await town.open_case()
    async with town.database.write() as session:
        who = await conversations.find_or_open(session, "line", "default", "U9")
        row = Attachment(conversation_id=who.id, media_type="image/jpeg", name="a.jpg", size=1, sha256="0")
        session.add(row)
        await session.flush()
    await officer.post(f"{CASES}/{case.number}/note", {"key": "k", "note": "x", "held": row.id}, status=303)
    async with town.database.read() as session:
        assert (await session.scalars(select(CaseAttachment))).all() == []


async def test_files_that_are_no_pictures_are_saved_and_never_shown(town: Town, console: Console) -> None:
    officer, case = await console("officer"), await town.open_case()
    path = f"{CASES}/{case.number}"
    form = FormData({"key": "k", "note": "ใบสั่งงาน"})
    form.add_field("file", b"<script>alert(1)</script>", filename="x.html", content_type="text/html")
    await officer.post(f"{path}/note", form, status=303)
    async with town.database.read() as session:
        held = (await session.scalars(select(CaseAttachment))).one()
    async with officer.http.get(f"{path}/files/{held.attachment_id}") as file:
        assert file.content_type == "application/octet-stream"
        assert file.headers["Content-Disposition"].startswith("attachment")
    form = FormData({"key": "k2", "seen": "1", "to": "rejected", "note": "เหตุผล"})
    form.add_field("file", b"<script>", filename="bad.html", content_type="text/html")
    refused = await officer.post(f"{path}/state", form, status=422)
    assert "“bad.html” ไม่ใช่รูปภาพ" in await refused.text()


async def test_a_note_calls_a_colleague_who_sees_it_until_they_open_the_case(town: Town, console: Console) -> None:
    officer, colleague, case = await console("officer"), await console("officer"), await town.open_case()
    path = f"{CASES}/{case.number}"
    note = f"ฝาก @{colleague.member.login} กับ @nobody.here ดูต่อ"
    answer = await officer.post(f"{path}/note", {"key": "k", "note": note}, status=303)
    assert "nobody.here" in answer.headers["Location"]
    assert "nobody.here" in await officer.get(answer.headers["Location"])
    called = await colleague.get(f"{CASES}/called")
    assert f'href="{path}"' in called
    assert "ใหม่" in called
    assert '<span class="count">1</span>' in await colleague.get(CASES)
    await colleague.get(path)
    assert '<span class="count">' not in await colleague.get(CASES)


async def test_notices_are_marked_as_read_together(town: Town, console: Console) -> None:
    officer, case = await console("officer"), await town.open_case()
    async with town.database.write() as session:
        await cases.assign(session, case, officer.member.id, key="a", actor="staff:boss")
    ids = re.findall(r'name="id" value="(ntc_\w+)"', await officer.get(f"{CASES}/called"))
    assert len(ids) == 1
    await officer.post(f"{CASES}/called", {"id": ids[0]}, status=303)
    async with town.database.read() as session:
        assert await staff_notice.unread(session, officer.member) == 0


async def test_assignee_priority_and_labels_on_the_page(town: Town, console: Console) -> None:
    officer, case = await console("officer"), await town.open_case()
    path = f"{CASES}/{case.number}"
    for seen, (what, form) in enumerate(
        [
            ("assign", {"assignee": "me"}),
            ("priority", {"priority": "urgent"}),
            ("labels", {"add": "หน้าฝน, วัด"}),
            ("labels", {"remove": "วัด", "add": ""}),
        ],
        start=1,
    ):
        await officer.post(f"{path}/{what}", {"key": f"k{seen}", "seen": str(seen), **form}, status=303)
    shown = await officer.get(path)
    assert f"<p>{officer.member.name}</p>" in shown
    assert "ความสำคัญเร่งด่วน" in shown
    assert '<span class="badge">หน้าฝน</span>' in shown
    assert '<span class="badge">วัด</span>' not in shown
    refused = await officer.post(f"{path}/labels", {"key": "k9", "seen": "5", "add": "ก" * 41}, status=422)
    assert "ก" * 41 in await refused.text()
    await officer.post(f"{path}/assign", {"key": "k10", "seen": "1", "assignee": ""}, status=409)


async def test_merge_split_and_link_on_the_page(town: Town, console: Console) -> None:
    officer, case, second = await console("officer"), await town.open_case(), await other(town)
    path = f"{CASES}/{case.number}"
    await officer.post(f"{path}/relate", {"key": "k1", "other": second.number.lower()}, status=303)
    assert "เกี่ยวข้องกัน" in await officer.get(path)
    split = {"key": "k2", "category": "trees", "description": "ต้นไม้ล้มทับสายไฟ"}
    answer = await officer.post(f"{path}/split", split, status=303)
    new = answer.headers["Location"].rsplit("=", 1)[1]
    assert (await case_of(town, new)).category == "trees"
    refused = await officer.post(f"{path}/merge", {"key": "k3", "seen": "1", "other": "P69-000000-0"}, status=422)
    assert "P69-000000-0" in await refused.text()
    await officer.post(f"{path}/merge", {"key": "k4", "seen": "1", "other": second.number}, status=303)
    shown = await officer.get(path)
    assert f'เรื่องนี้รวมกับ <a href="{CASES}/{second.number}"' in shown
    assert "เปลี่ยนสถานะ</button>" not in shown
    assert "ผู้ติดตามร่วม 1 คน" in await officer.get(f"{CASES}/{second.number}")


async def test_who_else_looks_is_shown_for_a_while(town: Town, console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    officer, colleague, case = await console("officer"), await console("officer", name="หัวหน้าเวร"), await town.open_case()
    path = f"{CASES}/{case.number}"
    await colleague.get(path)
    assert "กำลังเปิดดูอยู่ด้วย: หัวหน้าเวร" in await officer.get(path)
    assert "หัวหน้าเวร" in await officer.get(f"{path}/looking", htmx=True)
    monkeypatch.setattr(looking, "SECONDS", -1)
    assert "หัวหน้าเวร" not in await officer.get(f"{path}/looking", htmx=True)


async def test_a_case_is_read_while_valkey_cannot_tell_who_looks(town: Town, console: Console) -> None:
    case = await town.open_case()
    assert await looking.look(_Away(), case, (await console("officer")).member) == []  # type: ignore[arg-type]


class _Away:
    def pipeline(self, **_: Any) -> Any:
        raise OSError


async def test_a_case_of_the_counter_gets_a_slip_with_a_code(town: Town, console: Console) -> None:
    officer = await console("officer")
    assert "สายด่วน 1111" in await officer.get(f"{CASES}/new")
    form = {"key": "k1", "source": "phone_1111", "category": "noise", "description": "เสียงดังกลางคืน", "place": "ซอยสุขใจ 5"}
    first = await officer.post(f"{CASES}/new", form, status=303)
    again = await officer.post(f"{CASES}/new", form | {"anyway": "1"}, status=303)
    assert first.headers["Location"] == again.headers["Location"]
    number = first.headers["Location"].split("/")[3]
    case = await case_of(town, number)
    assert (case.source, case.contact) == ("phone_1111", None)
    slip = await officer.get(first.headers["Location"])
    assert number in slip
    assert 'd="M' in slip
    assert case.link_key not in slip  # in the code only: who looks over a shoulder does not read it
    assert case.number in await officer.get(f"{CASES}?source=phone_1111")


async def test_the_counter_offers_the_case_that_is_there_already(town: Town, console: Console) -> None:
    officer, case = await console("officer"), await town.open_case(place=Place("หน้าวัดธาราราม", 13.75, 100.5))
    form = {"key": "k1", "category": "street-light", "description": "ไฟดับ", "latitude": "13.7505", "longitude": "100.5"}
    shown = await (await officer.post(f"{CASES}/new", form, status=409)).text()
    assert case.number in shown
    assert "56 เมตร" in shown
    await officer.post(f"{CASES}/new", form | {"anyway": "1"}, status=303)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"category": ""}, "กรุณาเลือกประเภท"),
        ({"category": "nothing"}, "กรุณาเลือกประเภท"),
        ({"description": " "}, "กรุณาเลือกประเภท"),
        ({"place": ""}, "ต้องระบุสถานที่"),
        ({"latitude": "x"}, "พิกัดไม่ถูกต้อง"),
        ({"latitude": "nan", "longitude": "nan"}, "พิกัดไม่ถูกต้อง"),
        ({"latitude": "95", "longitude": "100"}, "พิกัดไม่ถูกต้อง"),
        ({"contact": "0812345678"}, "ความยินยอม"),
    ],
)
async def test_a_counter_form_that_lacks_something_says_what(
    town: Town, console: Console, wrong: dict[str, str], words: str
) -> None:
    officer = await console("officer")
    form = {"key": "k", "category": "noise", "description": "เสียงดังกลางคืน", "place": "ซอยสุขใจ 5"} | wrong
    shown = await (await officer.post(f"{CASES}/new", form, status=422)).text()
    assert words in shown
    if "description" not in wrong:
        assert "เสียงดังกลางคืน</textarea>" in shown
    async with town.database.read() as session:
        assert (await session.scalars(select(CaseEvent))).all() == []


async def test_the_case_on_paper(town: Town, console: Console) -> None:
    officer, case = await console("officer"), await town.open_case()
    paper = await officer.get(f"{CASES}/{case.number}/print")
    assert "data-print" in paper
    assert "เปลี่ยนสถานะ</button>" not in paper
    assert "ไฟถนนดับ 3 ดวง" in paper


async def test_large_numbers_are_not_counted_to_the_end(town: Town, console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "COUNTED", 1)
    for number in range(3):
        await town.open_case(description=f"ไฟดับจุดที่ {number}")
    page = await (await console("officer")).get(CASES)
    assert "ส่งเรื่องแล้ว (1+)" in page
    assert "ทั้งหมด (1+)" in page


async def test_texts_are_looked_through_in_the_latest_cases_only(
    town: Town, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "LATEST", 1)
    await town.open_case(description="เสาไฟเอียงจะล้ม")
    await town.open_case(description="ท่อประปาแตกหน้าบ้าน")
    officer = await console("officer")
    assert "ตามที่พิมพ์ (ค้นในเรื่องล่าสุด 1 เรื่อง)" in await officer.get(f"{CASES}?text=ะปาแต")
    assert "ไม่พบเรื่อง" in await officer.get(f"{CASES}?text=าไฟเอี")
