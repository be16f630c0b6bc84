"""A whole story on each platform, told with really signed webhooks: ask, report with photo and place, follow the case."""

import re

import pytest

from core.database import Database
from helpdesk import case as cases
from helpdesk.state import State
from tests.citizens import Citizen, LineCitizen, MetaCitizen, TelegramCitizen
from tests.standins import Platforms
from tests.system import RunningSystem

CHANGES = (
    (State.ACCEPTED, "", "รับเรื่อง"),
    (State.IN_PROGRESS, "", "กำลังดำเนินการ"),
    (State.DONE, "เปลี่ยนหลอดไฟแล้ว 2 ดวงค่ะ", "เปลี่ยนหลอดไฟแล้ว 2 ดวง"),
)
NUMBER = re.compile(r"P\d\d-\d{6}-\d")


def _citizen(channel: str, platforms: Platforms) -> Citizen:
    if channel == "line":
        return LineCitizen("story-line", platforms)
    if channel == "telegram":
        return TelegramCitizen("story-telegram", platforms)
    return MetaCitizen(f"story-{channel}", platforms, channel)


@pytest.mark.parametrize("channel", ["line", "telegram", "messenger", "instagram"])
async def test_a_citizen_asks_reports_and_follows_the_case(channel: str, system: RunningSystem, platforms: Platforms) -> None:
    citizen, url = _citizen(channel, platforms), system.url
    assert "บัตรประจำตัวประชาชน" in await citizen.do(url, citizen.text("บัตร ปชช หาย ทำไง"))
    assert "ไฟส่องสว่างสาธารณะ" in await citizen.do(url, citizen.text("อยากแจ้งว่าไฟถนนดับมา 3 วันแล้วค่ะ มืดมาก"))
    assert "ที่ไหน" in await citizen.do(url, citizen.press("ใช่"))
    assert "รูป" in await citizen.do(url, citizen.place(13.7563, 100.5018))
    await citizen.do(url, citizen.photo())
    summary = await citizen.do(url, citizen.press("ไม่ระบุข้อมูลติดต่อ"))
    assert "ตรวจสอบก่อนส่งเรื่อง" in summary
    assert "1 รูป" in summary
    opened = await citizen.do(url, citizen.press("ยืนยันส่งเรื่อง"))
    found = NUMBER.search(opened)
    assert found is not None, opened
    number = found.group()

    assert number in await citizen.do(url, citizen.text("เรื่องที่แจ้งไปถึงไหนแล้วคะ"))
    for state, note, told in CHANGES:
        await _change(system, number, state, note)
        assert told in await citizen.answer()
    assert not platforms.judges[citizen.platform].violations()


async def _change(system: RunningSystem, number: str, state: State, note: str) -> None:
    """An officer moves the case on."""
    database = Database(f"sqlite+aiosqlite:///{system.folder / 'pracha.sqlite3'}")
    async with database.write() as session:
        case = await cases.find(session, number)
        assert case is not None
        await cases.change(session, case, state, key=f"{number}:{state}", actor="staff:officer", note=note)
    await database.close()
