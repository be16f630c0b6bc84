"""The audit log on the screen: found, paged, exported, itself watched, and changed by nothing."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from core.audit import AuditEntry
from tests.unit.web.console.conftest import Desk
from tests.unit.web.town import Town
from web.console import audit, routes

Console = Callable[..., Any]
PAGE = "/console/audit"


async def write(town: Town, *lines: tuple[str, str, str], at: datetime | None = None, **detail: Any) -> None:
    async with town.database.write() as session:
        for actor, action, subject in lines:
            row = AuditEntry(actor=actor, action=action, subject=subject, detail=detail)
            if at is not None:
                row.at = at
            session.add(row)
            await session.flush()


async def lines(town: Town, action: str) -> list[AuditEntry]:
    async with town.database.read() as session:
        return list(await session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)))


async def exported(desk: Desk, query: str = "") -> list[list[str]]:
    text = await desk.get(f"{PAGE}/export.csv{query}")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


async def test_lines_are_shown_in_words(town: Town, console: Console) -> None:
    auditor, officer = await console("auditor"), await console("officer", name="เจ้าหน้าที่เคาน์เตอร์")
    await write(town, (officer.member.actor, "case.read", "case:P69-000001-5"), at=datetime(2026, 11, 22, 7, 30, tzinfo=UTC))
    page = await auditor.get(PAGE)
    for words in ("เจ้าหน้าที่เคาน์เตอร์", "ดูเรื่อง", "case:P69-000001-5", "22 พ.ย. 69 14.30 น."):
        assert words in page


async def test_reading_the_log_stands_in_the_log(town: Town, console: Console) -> None:
    auditor = await console("auditor")
    await auditor.get(f"{PAGE}?subject=case:P69-000001-5&from=2026-11-01")
    await exported(auditor, "?action=case")
    [read], [taken] = await lines(town, "audit.read"), await lines(town, "audit.export")
    assert (read.actor, read.subject) == (auditor.member.actor, "audit")
    assert read.detail["subject"] == "case:P69-000001-5"
    assert read.detail["since"].startswith("2026-11-01")
    assert (taken.actor, taken.detail["action"]) == (auditor.member.actor, "case")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"1", "2", "3"}),
        ("?actor=staff:1", {"1", "3"}),
        ("?action=case", {"1", "2"}),
        ("?action=case.read", {"1"}),
        ("?subject=s:2", {"2"}),
        ("?actor=staff:1&action=faq", {"3"}),
        ("?from=2026-11-22&to=2026-11-22", {"1", "2", "3"}),
        ("?from=2569-11-22", {"1", "2", "3"}),
        ("?to=2026-11-21", set()),
        ("?from=2026-11-23", set()),
    ],
)
async def test_filters_narrow_page_and_file_alike(town: Town, console: Console, query: str, found: set[str]) -> None:
    auditor = await console("auditor")
    # 00:30 on the 22nd in Bangkok is still the 21st in UTC.
    made = (("staff:1", "case.read", "s:1"), ("staff:2", "case.note", "s:2"), ("staff:1", "faq.publish", "s:3"))
    await write(town, *made, at=datetime(2026, 11, 21, 17, 30, tzinfo=UTC))
    page = await auditor.get(f"{PAGE}{query}")
    assert {number for number in "123" if f">s:{number}<" in page} == found
    rows = await exported(auditor, query)
    assert {row[5][2:] for row in rows if row[5].startswith("s:")} == found


async def test_older_lines_follow_by_key_and_keep_the_filters(
    town: Town, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "PAGE_SIZE", 2)
    auditor = await console("auditor")
    for number in range(5):  # one after the other: lines of the same moment have no order
        await write(town, ("staff:1", "case.read", f"s:{number}"))
    seen, address = [], f"{PAGE}?actor=staff:1"
    while address:
        page = await auditor.get(address)
        seen.append([number for number in "43210" if f">s:{number}<" in page])
        link = page.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0] if 'rel="next"' in page else ""
        address = link.replace("&amp;", "&")
        await write(town, ("staff:1", "case.read", "s:new"))  # what comes meanwhile moves no page
    assert seen == [["4", "3"], ["2", "1"], ["0"]]


async def test_a_file_is_written_in_pieces_and_says_where_it_was_cut(
    town: Town, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "PIECE", 2)
    auditor = await console("auditor")
    for number in range(5):  # one after the other: lines of the same moment have no order
        await write(town, ("staff:1", "case.read", f"s:{number}"))
    rows = await exported(auditor, "?actor=staff:1")
    assert [row[5] for row in rows[1:]] == ["s:4", "s:3", "s:2", "s:1", "s:0"]
    monkeypatch.setattr(audit, "MOST", 3)
    rows = await exported(auditor, "?actor=staff:1")
    assert [row[5] for row in rows[1:-1]] == ["s:4", "s:3", "s:2"]
    assert "ตัดที่ 3 บรรทัด" in rows[-1][0]


async def test_a_spreadsheet_runs_nothing_of_it(town: Town, console: Console) -> None:
    auditor = await console("auditor")
    await write(town, ("staff:1", "case.read", '=HYPERLINK("https://evil.example")'), ("staff:1", "case.read", "@SUM(1)"))
    rows = await exported(auditor, "?actor=staff:1")
    assert [row[5][:2] for row in rows[1:]] == ["'@", "'="]


async def test_what_is_shown_is_text(town: Town, console: Console) -> None:
    auditor = await console("auditor")
    await write(town, ("<script>alert(1)</script>", "<b>x.y", '"><img src=x>'), note="<script>")
    page = await auditor.get(f"{PAGE}?subject=%22%3E%3Cscript%3E")
    assert "<script>" not in page
    page = await auditor.get(PAGE)
    assert "<script>" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize("query", ["?from=yesterday", "?to=2026-13-45", "?from=1-2", "?from=99999-01-01"])
async def test_a_date_that_cannot_be_read_is_said(town: Town, console: Console, query: str) -> None:
    auditor = await console("auditor")
    for path in (PAGE, f"{PAGE}/export.csv"):
        assert "อ่านวันที่ไม่ได้" in await auditor.get(f"{path}{query}", status=422)
    assert await lines(town, "audit.read") == []


async def test_an_odd_key_shows_nothing_wrong(console: Console) -> None:
    auditor = await console("auditor")
    assert "ไม่มีรายการ" in await auditor.get(f"{PAGE}?before=!")
    await auditor.get(f"{PAGE}?before={'x' * 5000}")


def test_no_address_changes_or_deletes_a_line() -> None:
    assert {(route.method, route.right) for route in routes.ROUTES if route.path.startswith(PAGE)} == {("GET", "audit.read")}


async def test_other_methods_do_nothing(town: Town, console: Console) -> None:
    auditor = await console("auditor")
    await write(town, ("staff:1", "case.read", "s:1"))
    [row] = await lines(town, "case.read")
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for path in (PAGE, f"{PAGE}/{row.id}", f"{PAGE}/export.csv"):
            answer = await auditor.post(path, {"id": row.id}, method=method)
            assert answer.status in {404, 405}, (method, path)
    async with town.database.read() as session:
        assert await session.scalar(select(func.count()).where(AuditEntry.id == row.id)) == 1
