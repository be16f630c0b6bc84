"""Files out and in through the console: read, looked at, confirmed."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import ClientResponse, FormData
from openpyxl import load_workbook
from sqlalchemy import select

from core.audit import AuditEntry
from knowledge_base import faq
from knowledge_base.exchange import formats
from knowledge_base.exchange.limit import LARGEST
from tests.unit.knowledge_base.samples import SECOND, STAFF, entry
from tests.unit.knowledge_base.sheets import as_csv, as_xlsx, file, texts
from tests.unit.web.console.conftest import Desk
from tests.unit.web.town import Town

Console = Callable[..., Any]
BASE = "/console/exchange"


@pytest.fixture
async def town(town: Town) -> Town:
    """A published answer, and a draft of another group."""
    async with town.database.write() as session:
        await faq.save(session, entry("a-live"), STAFF, seen=None)
        await faq.publish(session, "a-live", SECOND, seen=1)
        await faq.save(session, entry("b-draft", group="tax"), STAFF, seen=None)
    return town


async def send(desk: Desk, data: bytes, name: str, *, status: int) -> ClientResponse:
    form = FormData(quote_fields=False)  # names as browsers send them
    form.add_field("csrf", desk.csrf)
    form.add_field("file", data, filename=name, content_type="application/octet-stream")
    answer = await desk.http.post(BASE, data=form, allow_redirects=False)
    text = await answer.text()
    assert answer.status == status, text[-1500:]
    return answer


def key(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


async def rows(town: Town) -> dict[str, faq.Faq]:
    async with town.database.read() as session:
        return {row.id: row for row in await session.scalars(select(faq.Faq))}


async def audited(town: Town, action: str) -> list[AuditEntry]:
    async with town.database.read() as session:
        return list(await session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


async def test_answers_go_out_in_every_format(town: Town, console: Console) -> None:
    desk = await console("curator")
    assert "นำเข้าและส่งออก" in await desk.get(BASE)
    for kind, form in formats.FORMATS.items():
        async with desk.http.get(f"{BASE}/file", params={"format": kind}) as answer:
            data = await answer.read()
            assert answer.status == 200
            assert answer.content_type == form.content_type
            assert answer.headers["Content-Disposition"].endswith(form.ending)
        assert [one.entry.id for one in formats.read(data, kind)[0]] == ["a-live", "b-draft"]
    async with desk.http.get(f"{BASE}/file", params={"format": "xlsx", "which": "live", "group": "transport"}) as answer:
        sheet = load_workbook(io.BytesIO(await answer.read()))["FAQ"]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["a-live"]
    assert [line.detail["count"] for line in await audited(town, "faq.export")] == [2, 2, 2, 1]
    await desk.get(f"{BASE}/file?format=pdf", status=404)


async def test_a_file_is_looked_at_and_then_brought_in(town: Town, console: Console) -> None:
    desk = await console("curator", name="สมหญิง")
    data = file("xlsx", [entry("a-live", fee="5 บาท"), entry("b-draft", group="tax"), entry("c-new")], version=2)
    answer = await send(desk, data, "คำตอบ <b>.xlsx", status=303)
    assert answer.headers["Location"] == f"{BASE}/preview"
    shown = await desk.get(f"{BASE}/preview")
    assert "คำตอบ &lt;b&gt;.xlsx" in shown
    assert "<ins>" in shown
    assert "5 บาท" in shown
    assert "c-new" in shown
    assert (await rows(town))["a-live"].version == 2  # looking changes nothing
    answer = await desk.post(f"{BASE}/confirm", {"key": key(shown), "reason": "ค่าธรรมเนียมใหม่"}, status=303)
    assert "เพิ่ม 1 คำตอบ แก้ไข 1 คำตอบ ไม่เปลี่ยน 1 คำตอบ" in await desk.get(answer.headers["Location"])
    found = await rows(town)
    assert [(found[one].state, found[one].live) for one in ("a-live", "c-new")] == [("draft", 2), ("draft", None)]
    async with town.database.read() as session:
        newest = (await faq.history(session, "a-live"))[0]
    assert (newest.author, newest.reason) == (desk.member.actor, "ค่าธรรมเนียมใหม่")
    line = (await audited(town, "faq.import"))[0]
    assert (line.actor, line.detail["new"], line.detail["changed"]) == (desk.member.actor, 1, 1)
    again = await desk.post(f"{BASE}/confirm", {"key": key(shown)}, status=409)  # a second press
    assert "นำเข้าไปแล้ว" in await again.text()
    assert len(await audited(town, "faq.import")) == 1


async def test_a_bad_file_shows_every_row_and_column_and_changes_nothing(town: Town, console: Console) -> None:
    desk = await console("reviewer")
    data = as_xlsx(texts(id="c-new"), texts(id="d-bad", link="http://x.th", review_by="31/02/2570"), texts(id="d-bad"))
    text = await (await send(desk, data, "x.xlsx", status=422)).text()
    assert "พบ 3 ข้อ" in text
    for row, column in ((3, "link"), (3, "review_by"), (4, "id")):
        assert re.search(rf'data-label="แถว">{row}</td>\s*<td data-label="คอลัมน์"><code>{column}</code>', text)
    assert set(await rows(town)) == {"a-live", "b-draft"}
    await desk.get(f"{BASE}/preview", status=404)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("x.xlsx", b"PK\x03\x04 broken", "ชำรุด"),
        ("x.pdf", b"%PDF", ".xlsx, .csv, .yml"),
        ("x.yml", b"- &a [*a]", "การอ้างอิง"),
        ("x.csv", b"", "ว่างเปล่า"),
    ],
)
async def test_what_is_no_such_file_is_refused(town: Town, console: Console, name: str, data: bytes, words: str) -> None:
    assert words in await (await send(await console("curator"), data, name, status=422)).text()


async def test_no_file_and_too_large_a_file(town: Town, console: Console) -> None:
    desk = await console("curator")
    assert "กรุณาเลือกไฟล์" in await (await desk.post(BASE, {}, status=422)).text()
    assert "10 MB" in await (await send(desk, b" " * (LARGEST + 1), "x.csv", status=422)).text()
    await send(desk, b" " * (LARGEST + 1_000_000), "x.csv", status=413)


async def test_who_was_overtaken_is_told_at_upload_and_at_confirmation(town: Town, console: Console) -> None:
    desk = await console("curator")
    data = as_csv(texts(id="a-live", fee="5 บาท", version="2"), texts(id="c-new"))
    await send(desk, data, "x.csv", status=303)
    shown = await desk.get(f"{BASE}/preview")
    async with town.database.write() as session:
        await faq.save(session, entry("a-live", fee="7 บาท"), SECOND, seen=2, reason="ด่วน")
    answer = await desk.post(f"{BASE}/confirm", {"key": key(shown)}, status=409)
    assert "ระหว่างที่ตรวจดูไฟล์" in await answer.text()
    assert "มีผู้แก้ไขคำตอบนี้แล้ว" in await (await send(desk, data, "x.csv", status=422)).text()
    found = await rows(town)
    assert set(found) == {"a-live", "b-draft"}
    assert found["a-live"].body["fee"] == "7 บาท"


async def test_an_upload_belongs_to_its_session_and_may_be_dropped(town: Town, console: Console) -> None:
    desk, other = await console("curator"), await console("curator")
    await send(desk, as_csv(texts(id="c-new")), "x.csv", status=303)
    shown = await desk.get(f"{BASE}/preview")
    await other.get(f"{BASE}/preview", status=404)
    await other.post(f"{BASE}/confirm", {"key": key(shown)}, status=409)
    await send(desk, as_csv(texts(id="d-new")), "y.csv", status=303)
    await desk.post(f"{BASE}/confirm", {"key": key(shown)}, status=409)  # the page of the first file is stale
    await desk.post(f"{BASE}/cancel", {}, status=303)
    await desk.get(f"{BASE}/preview", status=404)
    assert set(await rows(town)) == {"a-live", "b-draft"}


async def test_a_script_in_a_file_is_shown_as_text(town: Town, console: Console) -> None:
    desk = await console("curator")
    script = "<script>alert(1)</script>"
    await send(desk, as_csv(texts(id="c-new", question_th=script, agency=script)), "x.csv", status=303)
    shown = await desk.get(f"{BASE}/preview")
    assert script not in shown
    assert "&lt;script&gt;" in shown
    text = await (await send(desk, as_csv(texts(id="c-new", link=script, state=script)), "x.csv", status=422)).text()
    assert script not in text


async def test_nothing_of_it_opens_without_the_right_or_from_elsewhere(town: Town, console: Console) -> None:
    officer = await console("officer")
    await officer.get(BASE, status=403)
    await officer.get(f"{BASE}/file?format=csv", status=403)
    desk = await console("curator")
    await desk.post(BASE, {}, status=403, Origin="https://evil.example")
    form = FormData()
    form.add_field("file", as_csv(texts(id="c-new")), filename="x.csv")
    async with desk.http.post(BASE, data=form, allow_redirects=False) as answer:
        assert answer.status == 403


async def test_a_file_that_changes_nothing_offers_no_button(town: Town, console: Console) -> None:
    desk = await console("curator")
    async with desk.http.get(f"{BASE}/file", params={"format": "csv"}) as answer:
        data = await answer.read()
    await send(desk, data, "x.csv", status=303)
    shown = await desk.get(f"{BASE}/preview")
    assert "ไม่มีอะไรต้องนำเข้า" in shown
    assert 'name="key"' not in shown


async def test_a_notice_of_many_rows_is_told_once(town: Town, console: Console) -> None:
    desk = await console("curator")
    await send(desk, as_csv(*(texts(id=f"new-{number}", verified="ใช่") for number in range(30))), "x.csv", status=303)
    shown = await desk.get(f"{BASE}/preview")
    assert shown.count("การยืนยันของหน่วยงานนำเข้าผ่านไฟล์ไม่ได้") == 1
    assert "แถว 2, 3, 4" in shown
    assert "รวม 30 แถว" in shown
