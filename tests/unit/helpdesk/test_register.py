"""The register of agencies: what is kept, what is refused, and that every change leaves its line in the audit log."""

from typing import Any

import pytest
from sqlalchemy import select

from core.audit import AuditEntry
from core.database import Database
from helpdesk import area_name, register, rule
from helpdesk.agency import HOME, Agency, Unit, agencies_of, people
from helpdesk.agency_error import UnknownAgency, UnknownUnit
from helpdesk.area import Area
from helpdesk.area_name import UnknownArea
from helpdesk.error import UnknownCategory
from helpdesk.register import RegisterError
from helpdesk.role import Role

from .desk import Desk

TAMBON = Area("นนทบุรี", "ปากเกร็ด", "บางพูด")


async def lines(database: Database, action: str) -> list[AuditEntry]:
    async with database.read() as session:
        return list(await session.scalars(select(AuditEntry).where(AuditEntry.action == action, AuditEntry.actor == "staff:1")))


@pytest.mark.parametrize("area", [Area(), Area("นนทบุรี"), TAMBON, Area("กรุงเทพมหานคร", "บางรัก", "สีลม")])
def test_areas_that_exist_pass(area: Area) -> None:
    area_name.check(area)


@pytest.mark.parametrize(
    ("area", "words"),
    [
        (Area("นนทบุรีย์"), "ไม่พบจังหวัด “นนทบุรีย์” ค่ะ"),
        (Area("นนทบุรี", "บางรัก"), "ไม่พบอำเภอหรือเขต “บางรัก” ใน จ.นนทบุรี ค่ะ"),
        (Area("นนทบุรี", "ปากเกร็ด", "สีลม"), "ไม่พบตำบลหรือแขวง “สีลม” ใน อ.ปากเกร็ด ค่ะ"),
        (Area("นนทบุรี", None, "บางพูด"), "กรุณาใส่อำเภอหรือเขตด้วยค่ะ"),
        (Area(None, "ปากเกร็ด"), "กรุณาใส่จังหวัดด้วยค่ะ"),
    ],
)
def test_areas_that_do_not_exist_are_named(area: Area, words: str) -> None:
    with pytest.raises(UnknownArea) as refused:
        area_name.check(area)
    assert str(refused.value) == words


async def test_an_agency_is_added_and_changed(desk: Desk, database: Database) -> None:
    async with database.write() as session:
        made = await register.add_agency(session, "local", "  อบต.บางพูด ", "", TAMBON, actor="staff:1")
        await register.change_agency(session, made.id, "local", "อบต.บางพูด", "Bang Phut", Area("นนทบุรี"), False, actor="staff:1")
    async with database.read() as session:
        kept = await session.get_one(Agency, made.id)
        assert (kept.name_th, kept.name_en, kept.is_on, kept.area) == ("อบต.บางพูด", "Bang Phut", False, Area("นนทบุรี"))
        assert (await register.agencies(session))[0].id == HOME
        assert (await register.agencies(session))[-1].id == made.id
    assert len(await lines(database, "agency.add")) == len(await lines(database, "agency.change")) == 1


async def test_the_citys_name_and_being_on_are_not_changed(desk: Desk, database: Database) -> None:
    async with database.write() as session:
        city = await register.change_agency(session, HOME, "local", "อื่น", "x", Area("นนทบุรี"), False, actor="staff:1")
        assert (city.name_th, city.is_on, city.province) == ("เทศบาลเมืองธาราใส", True, "นนทบุรี")


@pytest.mark.parametrize(
    ("level", "name", "area", "error"),
    [
        ("local", "  ", Area(), RegisterError),
        ("local", "ก" * 121, Area(), RegisterError),
        ("galactic", "ก", Area(), RegisterError),
        ("local", "แขวงทางหลวง", Area(), RegisterError),
        ("local", "ก", Area("ดาวอังคาร"), UnknownArea),
    ],
)
async def test_bad_agencies_are_refused(desk: Desk, database: Database, level: str, name: str, area: Area, error: Any) -> None:
    async with database.write() as session:
        with pytest.raises(error):
            await register.add_agency(session, level, name, "", area, actor="staff:1")
    assert await lines(database, "agency.add") == []


async def test_units_are_added_renamed_and_put_off(desk: Desk, database: Database) -> None:
    async with database.write() as session:
        made = await register.put_unit(session, HOME, None, "กองคลัง", "Finance", actor="staff:1")
        await register.put_unit(session, HOME, made.id, "กองคลังและพัสดุ", "", False, actor="staff:1")
        with pytest.raises(RegisterError, match="มีส่วนงาน “กองช่าง” อยู่แล้ว"):
            await register.put_unit(session, HOME, made.id, "กองช่าง", "", actor="staff:1")
        with pytest.raises(UnknownUnit):
            await register.put_unit(session, "agc_pea", made.id, "ก", "", actor="staff:1")
        with pytest.raises(UnknownAgency):
            await register.put_unit(session, "agc_none", None, "ก", "", actor="staff:1")
    async with database.read() as session:
        kept = await session.get_one(Unit, made.id)
        assert (kept.name_th, kept.is_on) == ("กองคลังและพัสดุ", False)
        assert (await register.units(session))[-1].id == made.id


async def test_people_move_between_agencies(desk: Desk, database: Database) -> None:
    officer = await desk.hire(Role.OFFICER)
    async with database.write() as session:
        await register.put_member(session, "agc_pea", officer.id, None, actor="staff:1")
        assert await agencies_of(session, officer) == {"agc_pea"}
        assert [one.id for one in await people(session, "agc_pea", "case.work")] == [officer.id]
        assert await people(session, HOME, "case.work") == []
        with pytest.raises(RegisterError, match="หน่วยงานเดียว"):
            await register.drop_member(session, "agc_pea", officer.id, actor="staff:1")
        await register.put_member(session, HOME, officer.id, None, actor="staff:1")
        await register.drop_member(session, "agc_pea", officer.id, actor="staff:1")
        await register.drop_member(session, "agc_pea", officer.id, actor="staff:1")  # a repeat does nothing
        await register.drop_member(session, HOME, officer.id, actor="staff:1")
        assert await agencies_of(session, officer) == {HOME}
    assert len(await lines(database, "agency.member")) == 4


async def test_a_member_belongs_to_a_unit_of_the_very_agency(desk: Desk, database: Database) -> None:
    officer = await desk.hire(Role.OFFICER)
    async with database.write() as session:
        works = await session.scalar(select(Unit.id).where(Unit.name_th == "กองช่าง"))
        with pytest.raises(UnknownUnit):
            await register.put_member(session, "agc_pea", officer.id, works, actor="staff:1")
        with pytest.raises(RegisterError):
            await register.put_member(session, HOME, "stf_none", None, actor="staff:1")
        await register.put_member(session, HOME, officer.id, works, actor="staff:1")
        assert [one.id for one in await people(session, HOME, "case.work", works)] == [officer.id]
        assert await people(session, HOME, "case.work", "unt_other") == []


async def test_rules_are_added_ranked_and_taken_away(desk: Desk, database: Database) -> None:
    async with database.write() as session:
        made = await register.add_rule(session, "trees", TAMBON, "agc_pea", None, 50, actor="staff:1")
        await register.change_rank(session, made.id, 7, actor="staff:1")
        ((found, agency, _),) = await rule.fitting(session, "trees", TAMBON)
        assert (found.rank, agency.id) == (7, "agc_pea")
        everything = [row.id for row, _, _ in await rule.everything(session)]
        await register.drop_rule(session, made.id, actor="staff:1")
        with pytest.raises(RegisterError, match="ถูกนำออกไปแล้ว"):
            await register.drop_rule(session, made.id, actor="staff:1")
        assert set(everything) - {row.id for row, _, _ in await rule.everything(session)} == {made.id}
    assert [len(await lines(database, f"rule.{what}")) for what in ("add", "rank", "drop")] == [1, 1, 1]


@pytest.mark.parametrize(
    ("category", "area", "agency", "rank", "error"),
    [
        ("ghosts", Area(), "agc_pea", 1, UnknownCategory),
        (None, Area(), "agc_pea", 1, RegisterError),
        ("trees", Area("ดาวอังคาร"), "agc_pea", 1, UnknownArea),
        ("trees", Area(), "agc_none", 1, UnknownAgency),
        ("trees", Area(), "agc_pea", -1, RegisterError),
        ("trees", Area(), "agc_pea", 10_000, RegisterError),
    ],
)
async def test_bad_rules_are_refused(
    desk: Desk, database: Database, category: str | None, area: Area, agency: str, rank: int, error: Any
) -> None:
    async with database.write() as session:
        with pytest.raises(error):
            await register.add_rule(session, category, area, agency, None, rank, actor="staff:1")
