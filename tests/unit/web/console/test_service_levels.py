"""Service levels in the console: targets, office hours, single days."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from helpdesk import holiday, office, service_target
from tests.unit.web.console.conftest import Desk
from tests.unit.web.town import Town

PATH = "/console/service-levels"
WEEK = {f"day{number}": "08.30-16.30" if number < 5 else "" for number in range(7)}


@pytest.fixture
async def desk(town: Town, console: Callable[..., Any]) -> Desk:
    made: Desk = await console("administrator")
    return made


async def target(town: Town, category: str, priority: str) -> service_target.Target:
    async with town.database.read() as session:
        return await service_target.find(session, category, priority)


async def test_a_target_is_set_and_given_back(town: Town, desk: Desk) -> None:
    key = {"category": "garbage", "priority": "normal"}
    suggested = await target(town, "garbage", "normal")
    await desk.post(f"{PATH}/target", key | {"first": "1.5", "update": "", "solve": "40"}, status=303)
    own = await target(town, "garbage", "normal")
    assert (own.first, own.update, own.solve) == (timedelta(minutes=90), None, timedelta(hours=40))
    shown = await desk.get(f"{PATH}?done=target")
    assert all(words in shown for words in ("เมืองกำหนดเอง", "1.5 ชม.", "ไม่กำหนด", "บันทึกกำหนดเวลาแล้ว"))
    await desk.post(f"{PATH}/suggested", key, status=303)
    assert await target(town, "garbage", "normal") == suggested


async def test_a_category_gets_a_target_of_its_own(town: Town, desk: Desk) -> None:
    await desk.post(f"{PATH}/target", {"category": "noise", "priority": "high", "first": "2"}, status=303)
    assert (await target(town, "noise", "high")).first == timedelta(hours=2)
    assert (await target(town, "trees", "high")).first == timedelta(hours=4)


@pytest.mark.parametrize(
    "change",
    [{"first": "เร็ว"}, {"first": "0"}, {"first": "2001"}, {"first": "1e3"}, {"priority": "huge"}, {"category": "ghosts"}],
)
async def test_bad_targets_are_refused_with_what_was_typed(town: Town, desk: Desk, change: dict[str, str]) -> None:
    form = {"category": "noise", "priority": "normal", "first": "3", "update": "", "solve": "77"} | change
    text = await (await desk.post(f"{PATH}/target", form, status=422)).text()
    assert 'role="alert"' in text
    assert 'value="77"' in text


async def test_the_hours_of_the_week_are_set(town: Town, desk: Desk) -> None:
    await desk.post(f"{PATH}/hours", WEEK | {"day5": "๐๙.๐๐-12:00, 13:00 – 15.00 น."}, status=303)
    async with town.database.read() as session:
        week = await office.hours(session)
    assert (office.words(week[0]), office.words(week[5]), week[6]) == ("08.30-16.30", "09.00-12.00, 13.00-15.00", ())
    assert 'value="09.00-12.00, 13.00-15.00"' in await desk.get(PATH)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"day0": "เช้าถึงเย็น"}, "ไม่ใช่ช่วงเวลา"),
        ({"day0": "16.30-08.30"}, "ไม่ใช่ช่วงเวลา"),
        ({"day0": "08.30-25.00"}, "ไม่ใช่ช่วงเวลา"),
        ({"day0": "08.75-12.00"}, "ไม่ใช่ช่วงเวลา"),
        ({"day0": "08.30-12.00, 11.00-16.30"}, "ซ้อนหรือชนกัน"),
        ({f"day{number}": "" for number in range(7)}, "อย่างน้อยหนึ่งช่วง"),
    ],
)
async def test_bad_hours_are_refused(town: Town, desk: Desk, change: dict[str, str], words: str) -> None:
    assert words in await (await desk.post(f"{PATH}/hours", WEEK | change, status=422)).text()
    async with town.database.read() as session:
        assert await office.hours(session) == office.suggested()


async def test_a_day_is_closed_opened_and_given_back(town: Town, desk: Desk) -> None:
    form = {"day": "2570-01-04", "name": "วันหยุดพิเศษ", "hours": ""}  # typed by hand, in the Buddhist year
    await desk.post(f"{PATH}/day", form, status=303)
    async with town.database.read() as session:
        assert list((await office.calendar(session)).hours(date(2027, 1, 4))) == []
    shown = await desk.get(PATH)
    assert "4 มกราคม 2570 วันหยุดพิเศษ" in shown
    await desk.post(f"{PATH}/day", form | {"hours": "09.00-12.00"}, status=303)
    assert "09.00-12.00" in await desk.get(PATH)
    await desk.post(f"{PATH}/usual", {"day": "2027-01-04"}, status=303)
    async with town.database.read() as session:
        assert await office.days(session) == []


@pytest.mark.parametrize("change", [{"day": "เมื่อวาน"}, {"name": " "}, {"hours": "08.30-12.00, 13.00-16.30"}])
async def test_bad_days_are_refused(town: Town, desk: Desk, change: dict[str, str]) -> None:
    form = {"day": "2027-01-04", "name": "วันหยุดพิเศษ", "hours": ""} | change
    await desk.post(f"{PATH}/day", form, status=422)
    async with town.database.read() as session:
        assert await office.days(session) == []


async def test_the_coming_holidays_are_shown(town: Town, desk: Desk) -> None:
    assert "ยังไม่มีข้อมูลวันหยุด" in await desk.get(PATH)
    async with town.database.write() as session:
        await holiday.refresh(session)
        coming = await holiday.coming(session, 1)
    assert coming[0].name in await desk.get(PATH)
