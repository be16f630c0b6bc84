"""The statistics' page and its files."""

import csv
import io
from collections.abc import Callable
from typing import Any

from knowledge_base import questions, use
from tests.unit.web.town import ENTRIES, Town
from web.console.statistics import as_csv

STATISTICS = "/console/statistics"


async def used(town: Town) -> None:
    """Two answers and a choice on LINE, a question on the web that found nothing, three thumbs."""
    await town.publish(ENTRIES)
    async with town.database.write() as session:
        for kind in ("answered", "answered", "chosen", "offered"):
            await use.count(session, "id-card-renewal", kind, "line")  # type: ignore[arg-type]
        await use.count(session, "garbage-fee", "viewed", "help")
        await questions.record(session, "เลี้ยงช้างในบ้านได้ไหม", "none", "web")
        for number, yes in enumerate((True, False, False)):
            await questions.helpful(session, "land-tax", yes, f"press-{number}")


async def test_the_page_adds_up(town: Town, console: Callable[..., Any]) -> None:
    curator = await console("curator")
    await used(town)
    shown = await curator.get(f"{STATISTICS}?days=7")
    for piece in ("<strong>4</strong>", "<strong>2</strong> 50%", "เลือกแล้ว 1", "<strong>1</strong> 25%", "เลี้ยงช้างในบ้านได้ไหม"):
        assert piece in shown
    assert "บัตรประชาชนหมดอายุ ต่ออายุอย่างไร" in shown
    assert "33%" in shown
    assert "style=" not in shown
    assert 'height="50.0"' in shown


async def test_one_channel_alone(town: Town, console: Callable[..., Any]) -> None:
    curator = await console("curator")
    await used(town)
    shown = await curator.get(f"{STATISTICS}?channel=web&days=90")
    assert "<strong>1</strong> 100%" in shown
    assert "บัตรประชาชนหมดอายุ ต่ออายุอย่างไร" not in shown


async def test_an_empty_town_has_statistics_too(town: Town, console: Callable[..., Any]) -> None:
    curator = await console("curator")
    assert "ยังไม่มีคำถามในช่วงนี้" in await curator.get(f"{STATISTICS}?days=abc&channel=%00")


async def test_files_for_a_spreadsheet(town: Town, console: Callable[..., Any]) -> None:
    curator = await console("curator")
    await used(town)
    faqs = list(csv.reader(io.StringIO((await curator.get(f"{STATISTICS}/faqs.csv?days=7")).lstrip("\ufeff"))))
    assert ["id-card-renewal", "บัตรประชาชนหมดอายุ ต่ออายุอย่างไร", "2", "1", "1", "0", "0", "0"] in faqs
    days = list(csv.reader(io.StringIO((await curator.get(f"{STATISTICS}/days.csv?days=7")).lstrip("\ufeff"))))
    assert (len(days), days[-1][1:]) == (8, ["4", "2", "1", "1", "1", "0"])
    await curator.get(f"{STATISTICS}/passwords.csv", status=404)


def test_no_cell_is_a_formula() -> None:
    written = as_csv(["a"], [["=HYPERLINK(1)"], ["@x"], [-1]]).decode("utf-8-sig").splitlines()
    assert written == ["a", "'=HYPERLINK(1)", "'@x", "-1"]


async def test_only_those_with_the_right(town: Town, console: Callable[..., Any]) -> None:
    await (await console("officer")).get(STATISTICS, status=403)
