"""Forwarding and inviting on a case's page: who may, what comes back when it is refused, and that nobody guesses a case."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core import clock
from core.audit import AuditEntry
from helpdesk import agency_content, forwarding, register
from helpdesk.agency import HOME, CaseShare, Unit
from helpdesk.record import Case
from tests.unit.web.console.conftest import Desk
from tests.unit.web.town import Town
from web.console.agencies.panel import length

ROADS = "agc_highways"
WHY = "ถนนเส้นนี้อยู่ในความดูแลของแขวงทางหลวง"


class Scene:
    """A case of the city, its officer, and an officer of the highways."""

    def __init__(self, town: Town, case: Case, city: Desk, roads: Desk) -> None:
        self.town, self.case, self.city, self.roads = town, case, city, roads
        self.path = f"/console/cases/{case.number}"

    def form(self, **changes: str) -> dict[str, str]:
        return {"key": "frm_1", "seen": "1", "target": ROADS, "reason": WHY} | changes

    async def now(self) -> Case:
        async with self.town.database.read() as session:
            return await session.get_one(Case, self.case.id)


@pytest.fixture
async def scene(town: Town, console: Callable[..., Any]) -> Scene:
    async with town.database.write() as session:
        await agency_content.seed(session, town.settings)
    case = await town.open_case()
    city, roads = await console("officer"), await console("officer")
    async with town.database.write() as session:
        await register.put_member(session, ROADS, roads.member.id, None, actor="cli")
    return Scene(town, case, city, roads)


async def test_the_panel_says_whose_case_it_is_why_and_when_it_is_due(scene: Scene) -> None:
    shown = await scene.city.get(f"{scene.path}/agency")
    assert all(words in shown for words in ("เทศบาลเมืองธาราใส", "กองช่าง", "ส่งให้ กองช่าง เพราะเป็นเรื่องไฟส่องสว่างสาธารณะ"))
    assert all(words in shown for words in ("ตอบครั้งแรก", "แก้ไขเสร็จ", "เหลือเวลาทำการ"))
    async with scene.town.database.read() as session:
        read = select(AuditEntry).where(AuditEntry.action == "case.read", AuditEntry.actor == scene.city.member.actor)
        assert [line.subject for line in await session.scalars(read)] == [f"case:{scene.case.number}"]


async def test_a_case_is_forwarded(scene: Scene) -> None:
    answer = await scene.city.post(f"{scene.path}/forward", scene.form(), status=303)
    assert answer.headers["Location"] == f"{scene.path}/agency?done=forward"  # the city goes on reading
    assert ((await scene.now()).agency_id, (await scene.now()).unit) == (ROADS, "แขวงทางหลวง")
    await scene.city.post(f"{scene.path}/forward", scene.form(), status=303)  # sent twice
    assert (await scene.now()).hops == 1
    shown = await scene.roads.get(f"{scene.path}/agency?done=forward")
    assert "ส่งต่อมาแล้ว 1 ครั้ง" in shown
    assert WHY in shown


async def test_who_loses_a_case_by_forwarding_goes_to_the_list(scene: Scene) -> None:
    case = await scene.town.open_case(category="staff-conduct", key="secret")
    answer = await scene.city.post(f"/console/cases/{case.number}/forward", scene.form(), status=303)
    assert answer.headers["Location"] == "/console/cases?done=forward"
    await scene.city.get(f"/console/cases/{case.number}/agency", status=404)


async def test_to_a_unit_of_the_own_agency(scene: Scene) -> None:
    async with scene.town.database.read() as session:
        unit = await session.scalar(select(Unit.id).where(Unit.name_th == "งานเทศกิจ"))
    await scene.city.post(f"{scene.path}/forward", scene.form(target=f"{HOME}/{unit}"), status=303)
    assert ((await scene.now()).unit_id, (await scene.now()).hops) == (unit, 0)


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"reason": " "}, 422, "กรุณาเขียนเหตุผล"),
        ({"target": ""}, 422, "ไม่พบหน่วยงานนี้"),
        ({"target": "agc_pea"}, 422, "ยังไม่มีเจ้าหน้าที่ในระบบ"),
        ({"target": f"{ROADS}/unt_none"}, 422, "ไม่พบส่วนงานนี้"),
        ({"seen": "7"}, 409, "เพิ่งถูกแก้ไขโดยผู้อื่น"),
    ],
)
async def test_a_refused_form_comes_back_with_all_it_held(scene: Scene, changes: dict[str, str], status: int, words: str) -> None:
    form = scene.form(**changes)
    text = await (await scene.city.post(f"{scene.path}/forward", form, status=status)).text()
    assert words in text
    assert f">{form['reason'].strip()}" in text
    assert (await scene.now()).agency_id == HOME


async def test_a_guest_is_invited_works_and_is_let_go(scene: Scene) -> None:
    await scene.roads.get(f"{scene.path}/agency", status=404)
    await scene.city.post(f"{scene.path}/invite", scene.form(), status=303)
    assert "หน่วยงานที่ร่วมดูแล" in await scene.roads.get(f"{scene.path}/agency")
    refused = await scene.roads.post(f"{scene.path}/forward", scene.form(target="agc_rural_roads", key="f2"), status=422)
    assert "แขวงทางหลวงชนบท" in await refused.text()
    await scene.city.post(f"{scene.path}/dismiss", {"target": ROADS, "key": "d"}, status=303)
    await scene.roads.get(f"{scene.path}/agency", status=404)


async def test_another_agencys_case_is_not_there_to_guess(scene: Scene) -> None:
    await scene.roads.get(f"{scene.path}/agency", status=404)
    for what in ("forward", "invite", "dismiss"):
        await scene.roads.post(f"{scene.path}/{what}", scene.form(), status=404)
    await scene.city.get("/console/cases/P69-999999-0/agency", status=404)
    async with scene.town.database.read() as session:
        assert list(await session.scalars(select(CaseShare))) == []


async def test_an_auditor_reads_and_changes_nothing(scene: Scene, console: Callable[..., Any]) -> None:
    auditor = await console("auditor")
    shown = await auditor.get(f"{scene.path}/agency")
    assert '<form method="post" action="/console/cases' not in shown
    await auditor.post(f"{scene.path}/forward", scene.form(), status=403)


async def test_what_is_late_is_said(scene: Scene) -> None:
    async with scene.town.database.write() as session:
        (await session.get_one(Case, scene.case.id)).first_due_at = clock.now() - timedelta(days=30)
    assert "เกินกำหนดมาแล้ว" in await scene.city.get(f"{scene.path}/agency")


@pytest.mark.parametrize(("state", "words"), [("waiting_citizen", "หยุดนับระหว่างรอข้อมูลจากผู้แจ้ง"), ("done", "สิ้นสุดแล้ว ทันกำหนด")])
async def test_clocks_that_stand_still_or_ended_say_so(scene: Scene, state: str, words: str) -> None:
    await scene.town.move_case(scene.case, "accepted", state)
    shown = await scene.city.get(f"{scene.path}/agency")
    assert words in shown
    assert "ตอบแล้ว ทันกำหนด" in shown


async def test_after_four_hops_the_officer_is_told_whom_to_ask(scene: Scene) -> None:
    async with scene.town.database.write() as session:
        (await session.get_one(Case, scene.case.id)).hops = forwarding.MOST_HOPS
    text = await (await scene.city.post(f"{scene.path}/forward", scene.form(), status=422)).text()
    assert "ต้องให้หัวหน้างานของเทศบาลเมืองธาราใสเป็นผู้กำหนดหน่วยงาน" in text


def test_office_time_has_words() -> None:
    times = (timedelta(hours=11, minutes=20), timedelta(hours=8), timedelta(minutes=5), timedelta(seconds=2))
    assert [length(time) for time in times] == ["11 ชั่วโมง 20 นาที", "8 ชั่วโมง", "5 นาที", "1 นาที"]
