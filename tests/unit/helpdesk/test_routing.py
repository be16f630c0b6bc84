"""To whom a new case goes, and the reason that stands with it."""

from typing import Any

import pytest
from sqlalchemy import select

from core.database import Database
from helpdesk import agency_content, area, category
from helpdesk.agency import HOME, Agency, CaseShare, Unit
from helpdesk.case import Case, Place
from helpdesk.role import Role
from helpdesk.routing import Route, route
from helpdesk.rule import Rule

from .conftest import Opener
from .desk import SETTINGS, Desk

TAMBON = ("นนทบุรี", "ปากเกร็ด", "บางพูด")


async def rule(database: Database, agency: str = "agc_highways", **fields: Any) -> str:
    async with database.write() as session:
        row = Rule(**{"category": "street-light", "province": None, "district": None, "subdistrict": None} | fields)
        row.agency_id = agency
        session.add(row)
        await session.flush()
        return row.id


async def routed(database: Database, name: str = "street-light", place: tuple[str, ...] = TAMBON) -> Route:
    async with database.read() as session:
        return await route(session, category.category(name), area.read(*place))


async def unit_id(database: Database, words: str) -> str:
    async with database.read() as session:
        return str(await session.scalar(select(Unit.id).where(Unit.agency_id == HOME, Unit.name_th == words)))


async def test_without_a_rule_it_is_the_citys_and_the_categorys_unit(desk: Desk, database: Database) -> None:
    chosen = await routed(database)
    assert (chosen.agency_id, chosen.unit_id, chosen.words) == (HOME, await unit_id(database, "กองช่าง"), "กองช่าง")
    assert chosen.because == "ส่งให้ กองช่าง เพราะเป็นเรื่องไฟส่องสว่างสาธารณะใน ต.บางพูด"
    assert (await routed(database, place=())).because == "ส่งให้ กองช่าง เพราะเป็นเรื่องไฟส่องสว่างสาธารณะ"


async def test_before_the_city_is_registered_only_the_unit_is_known(database: Database) -> None:
    chosen = await routed(database)
    assert (chosen.agency_id, chosen.unit_id, chosen.words) == (None, None, "กองช่าง")


async def test_a_rule_sends_the_case_to_another_agency(desk: Desk, database: Database) -> None:
    await desk.hire(Role.OFFICER, agency="agc_pea")
    chosen = await routed(database, "electricity", ("เชียงใหม่", "", ""))
    assert (chosen.agency_id, chosen.words) == ("agc_pea", "การไฟฟ้าส่วนภูมิภาค")
    assert chosen.because == "ส่งให้ การไฟฟ้าส่วนภูมิภาค เพราะเป็นเรื่องไฟฟ้า เสาไฟ และสายไฟ-สายสื่อสาร"


async def test_the_narrowest_area_wins_also_over_the_rank(desk: Desk, database: Database) -> None:
    await desk.hire(Role.OFFICER, agency="agc_highways")
    await desk.hire(Role.OFFICER, agency="agc_rural_roads")
    await rule(database, province="นนทบุรี", rank=1)
    narrow = await rule(database, "agc_rural_roads", province="นนทบุรี", district="ปากเกร็ด", rank=900)
    chosen = await routed(database)
    assert (chosen.agency_id, chosen.rule_id) == ("agc_rural_roads", narrow)
    assert chosen.because.endswith("เพราะเป็นเรื่องไฟส่องสว่างสาธารณะใน อ.ปากเกร็ด")
    assert (await routed(database, place=("นนทบุรี", "บางใหญ่", ""))).agency_id == "agc_highways"
    assert (await routed(database, place=("ปทุมธานี", "", ""))).agency_id == HOME


async def test_then_a_rule_for_the_category_then_the_smaller_rank_then_the_older(desk: Desk, database: Database) -> None:
    await desk.hire(Role.OFFICER, agency="agc_highways")
    for_all = await rule(database, category=None, province="นนทบุรี", rank=1)
    assert (await routed(database)).rule_id == for_all
    assert (await routed(database)).because == "ส่งให้ แขวงทางหลวง เพราะดูแลทุกเรื่องใน จ.นนทบุรี"
    older = await rule(database, province="นนทบุรี")
    assert (await routed(database)).rule_id == older
    await rule(database, province="นนทบุรี")
    assert (await routed(database)).rule_id == older
    first = await rule(database, province="นนทบุรี", rank=5)
    assert (await routed(database)).rule_id == first


async def test_a_rule_without_area_holds_where_its_agency_works(desk: Desk, database: Database) -> None:
    await desk.hire(Role.OFFICER, agency="agc_highways")
    async with database.write() as session:
        (await session.get_one(Agency, "agc_highways")).province = "นนทบุรี"
    await rule(database)
    assert (await routed(database)).agency_id == "agc_highways"
    assert (await routed(database, place=("ปทุมธานี", "", ""))).agency_id == HOME
    assert (await routed(database, place=())).agency_id == HOME  # nobody knows that it is there


async def test_districts_of_bangkok_are_found_with_and_without_their_title(desk: Desk, database: Database) -> None:
    await desk.hire(Role.OFFICER, agency="agc_mea")
    for district in ("บางรัก", "เขตบางรัก"):
        assert (await routed(database, "electricity", ("กรุงเทพมหานคร", district, ""))).agency_id == "agc_mea"
    chosen = await routed(database, "electricity", ("สมุทรปราการ", "", ""))
    assert chosen.because.endswith("ใน จ.สมุทรปราการ")


async def test_an_agency_of_which_nobody_works_here_is_spoken_with(desk: Desk, database: Database) -> None:
    await desk.hire(Role.AUDITOR, agency="agc_pea")  # reads, but cannot take a case
    chosen = await routed(database, "electricity", ("เชียงใหม่", "", ""))
    assert (chosen.agency_id, chosen.unit_id) == (HOME, await unit_id(database, "ศูนย์รับเรื่องร้องทุกข์"))
    assert chosen.words == "ศูนย์รับเรื่องร้องทุกข์ (ประสานการไฟฟ้าส่วนภูมิภาค)"
    assert chosen.because.endswith("แต่หน่วยงานนี้ยังไม่มีเจ้าหน้าที่ในระบบ")


@pytest.mark.parametrize("what", ["agency", "unit"])
async def test_what_is_off_gets_nothing(desk: Desk, database: Database, what: str) -> None:
    await desk.hire(Role.OFFICER, agency="agc_police")
    assert (await routed(database, "safety", ())).words == "สำนักงานตำรวจแห่งชาติ สถานีตำรวจ"
    async with database.write() as session:
        row = (
            await session.get(Agency, "agc_police")
            if what == "agency"
            else await session.scalar(select(Unit).where(Unit.agency_id == "agc_police", Unit.name_th == "สถานีตำรวจ"))
        )
        assert row is not None
        row.is_on = False
    assert (await routed(database, "safety", ())).agency_id == HOME


async def test_a_case_is_routed_in_the_transaction_that_opens_it(desk: Desk, database: Database, opened: Opener) -> None:
    await desk.hire(Role.OFFICER, agency="agc_pea")
    case = await opened(category="electricity", place=Place("หน้าตลาด", province="เชียงใหม่"))
    assert (case.agency_id, case.unit, case.hops) == ("agc_pea", "การไฟฟ้าส่วนภูมิภาค", 0)
    assert case.routed_because.startswith("ส่งให้ การไฟฟ้าส่วนภูมิภาค")
    async with database.read() as session:
        assert set(await session.scalars(select(CaseShare.agency_id).where(CaseShare.case_id == case.id))) == {HOME}


async def test_the_city_does_not_read_a_confidential_case_of_others(desk: Desk, database: Database, opened: Opener) -> None:
    await desk.hire(Role.OFFICER, agency="agc_damrongdhama")
    case = await opened(category="corruption", place=None)
    assert case.agency_id == "agc_damrongdhama"
    async with database.read() as session:
        assert list(await session.scalars(select(CaseShare))) == []


async def test_the_content_is_brought_in_once_and_names_real_categories(desk: Desk, database: Database) -> None:
    known = {one.id for one in category.all_categories()}
    async with database.write() as session:
        rules = list(await session.scalars(select(Rule)))
        assert {rule.category for rule in rules} <= known
        for rule in rules:
            await session.delete(rule)
        await session.flush()
        assert await agency_content.seed(session, SETTINGS.model_copy(update={"city_th": "เทศบาลอื่น"})) == 0
        assert list(await session.scalars(select(Rule))) == []
        assert (await session.get_one(Agency, HOME)).name_th == "เทศบาลอื่น"


async def test_every_units_name_in_the_content_is_a_unit(desk: Desk) -> None:
    for one in agency_content.written():
        assert {rule.unit for rule in one.rules} - {""} <= {unit.name_th for unit in one.units}


async def test_the_city_has_a_unit_for_all_it_does_itself(desk: Desk, database: Database) -> None:
    for one in category.all_categories():
        chosen = await routed(database, one.id, ())
        assert (chosen.agency_id, bool(chosen.unit_id)) == (HOME, True), one.id


async def test_a_repeat_gives_the_case_back_as_it_was_routed(desk: Desk, database: Database, opened: Opener) -> None:
    first = await opened()
    await desk.hire(Role.OFFICER, agency="agc_highways")
    await rule(database)
    again: Case = await opened()
    assert (again.id, again.agency_id) == (first.id, HOME)
