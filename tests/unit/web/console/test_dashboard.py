"""The dashboard's page: what it shows of a small town, and to whom."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from core import clock
from helpdesk.agency import HOME, Agency, CaseShare, StaffAgency
from helpdesk.record import Case
from tests.unit.web.town import Town

DASHBOARD = "/console/dashboard"
Console = Callable[..., Any]


async def filled(town: Town) -> list[Case]:
    """Three cases of today: two of garbage, one of them done in time with four stars."""
    made = [await town.open_case(category=kind) for kind in ("garbage", "garbage", "street-light")]
    now = clock.now()
    async with town.database.write() as session:
        done = {"solved_at": now, "solve_due_at": now - timedelta(seconds=1), "rating": 4, "rated_at": now}
        await session.execute(update(Case).where(Case.id == made[0].id).values(**done, first_due_at=None))
    return made


async def test_the_page_adds_up(town: Town, console: Console) -> None:
    await filled(town)
    shown = await (await console("supervisor")).get(f"{DASHBOARD}?days=7")
    for piece in (
        "<strong>3</strong> เรื่อง",
        "<strong>4.0</strong> ดาว จาก 1 คน",
        "2 (67%)",
        "1 (33%)",
        "<strong>0%</strong> จาก 1 ครั้ง",
    ):
        assert piece in shown
    assert shown.count('<th scope="row">' + clock.thai_date(clock.now(), short=True)) == 2
    assert "style=" not in shown


async def test_an_empty_town_has_a_dashboard_too(town: Town, console: Console) -> None:
    shown = await (await console("auditor")).get(f"{DASHBOARD}?days=abc&agency=%00")
    assert "ไม่มีเรื่องประเภทใดหรือพื้นที่ใดเพิ่มขึ้นผิดปกติ" in shown
    assert "ยังไม่มีผู้ให้คะแนนในช่วงนี้" in shown


async def test_a_rise_is_told_with_its_usual_number(town: Town, console: Console) -> None:
    for _ in range(6):
        await town.open_case(category="flooding")
    shown = await (await console("administrator")).get(DASHBOARD)
    assert "<strong>6</strong></td>" in shown
    assert "0.0</td>" in shown


async def test_another_agency_counts_its_own_and_what_it_was_invited_to(town: Town, console: Console) -> None:
    supervisor = await console("supervisor")
    cases = await filled(town)
    async with town.database.write() as session:
        for agency_id, name in ((HOME, "เทศบาล"), ("agc_far", "แขวงทางหลวง")):
            if await session.get(Agency, agency_id) is None:
                session.add(Agency(id=agency_id, level="local", name_th=name, name_en=name))
        await session.flush()
        session.add(StaffAgency(staff_id=supervisor.member.id, agency_id="agc_far"))
        await session.execute(update(Case).values(agency_id=HOME))
        session.add(CaseShare(case_id=cases[0].id, agency_id="agc_far", actor="cli"))
    assert "<strong>1</strong> เรื่อง" in await supervisor.get(DASHBOARD)
    assert "<strong>0</strong> เรื่อง" in await supervisor.get(f"{DASHBOARD}?agency=agc_far")
    assert "<strong>1</strong> เรื่อง" in await supervisor.get(f"{DASHBOARD}?agency={HOME}")


async def test_charts_come_from_our_own_address(town: Town, console: Console) -> None:
    desk = await console("supervisor")
    assert 'src="/assets/uplot.js"' in await desk.get(DASHBOARD)
    assert "uPlot" in await desk.get("/assets/uplot.js")
    assert ".uplot" in await desk.get("/assets/uplot.css")
