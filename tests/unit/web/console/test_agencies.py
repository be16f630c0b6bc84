"""The register of agencies in the console: agencies, units, people, rules, and the place to try."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from helpdesk import agency_content, register
from helpdesk.agency import HOME, Agency, StaffAgency, Unit
from helpdesk.rule import Rule
from tests.unit.web.console.conftest import Desk, hire
from tests.unit.web.town import Town

BASE = "/console/agencies"
RULES = f"{BASE}/rules"
TAMBON = {"province": "จ.นนทบุรี", "district": "ปากเกร็ด", "subdistrict": "บางพูด"}


@pytest.fixture
async def desk(town: Town, console: Callable[..., Any]) -> Desk:
    """An administrator, and the agencies that come with the project."""
    async with town.database.write() as session:
        await agency_content.seed(session, town.settings)
    made: Desk = await console("administrator")
    return made


async def rows(town: Town, table: Any, *where: Any) -> list[Any]:
    async with town.database.read() as session:
        return list(await session.scalars(select(table).where(*where)))


async def test_the_list_shows_all_agencies_and_who_gets_cases(town: Town, desk: Desk) -> None:
    officer = await hire(town, "officer")
    async with town.database.write() as session:
        await register.put_member(session, "agc_pea", officer.id, None, actor="cli")
    shown = await desk.get(BASE)
    assert all(words in shown for words in ("เทศบาลเมืองธาราใส", "การไฟฟ้าส่วนภูมิภาค", "แขวงทางหลวง", "เมืองของเรา"))
    row = re.search(r"การไฟฟ้าส่วนภูมิภาค</a>.*?</tr>", shown, re.DOTALL)
    assert row is not None
    assert "รับเรื่อง" in row[0]
    assert "เมืองประสานให้" in shown


async def test_a_category_and_a_place_are_tried(town: Town, desk: Desk) -> None:
    query = "category=street-light&province=นนทบุรี&district=ปากเกร็ด&subdistrict=บางพูด"
    shown = await desk.get(f"{BASE}?{query}")
    assert "ส่งให้ กองช่าง เพราะเป็นเรื่องไฟส่องสว่างสาธารณะใน ต.บางพูด" in shown
    assert "ไม่มีกฎที่ตรง" in shown
    shown = await desk.get(f"{BASE}?category=electricity&province=นนทบุรี")
    assert "ประสาน การไฟฟ้านครหลวง" in shown
    assert shown.index("การไฟฟ้านครหลวง <small>จ.นนทบุรี") < shown.index("การไฟฟ้าส่วนภูมิภาค <small>ทั่วประเทศ")
    assert "ไม่พบจังหวัด “ดาวอังคาร”" in await desk.get(f"{BASE}?category=electricity&province=ดาวอังคาร")
    assert "ไม่พบประเภทเรื่อง" in await desk.get(f"{BASE}?category=ghosts")


async def test_an_agency_is_added_and_changed(town: Town, desk: Desk) -> None:
    form = {"name_th": "อบต.บางพูด", "name_en": "", "level": "local", **TAMBON}
    answer = await desk.post(BASE, form, status=303)
    (made,) = await rows(town, Agency, Agency.name_th == "อบต.บางพูด")
    assert answer.headers["Location"] == f"{BASE}/{made.id}?done=added"
    assert (made.province, made.subdistrict) == ("นนทบุรี", "บางพูด")
    shown = await desk.get(answer.headers["Location"])
    assert "เพิ่มหน่วยงานแล้ว" in shown
    await desk.post(f"{BASE}/{made.id}", form | {"name_en": "Bang Phut", "is_on": ""}, status=303)
    (made,) = await rows(town, Agency, Agency.name_th == "อบต.บางพูด")
    assert (made.name_en, made.is_on) == ("Bang Phut", False)


async def test_a_refused_agency_keeps_what_was_typed(town: Town, desk: Desk) -> None:
    form = {"name_th": "อบต.บางพูด", "level": "local", "province": "นนทบุรี", "district": "บางรัก"}
    text = await (await desk.post(BASE, form, status=422)).text()
    assert "ไม่พบอำเภอหรือเขต “บางรัก”" in text
    assert 'value="อบต.บางพูด"' in text
    assert 'value="บางรัก"' in text
    text = await (await desk.post(f"{BASE}/agc_pea", form, status=422)).text()
    assert 'value="อบต.บางพูด"' in text
    assert await rows(town, Agency, Agency.name_th == "อบต.บางพูด") == []


async def test_units_are_added_and_put_off(town: Town, desk: Desk) -> None:
    path = f"{BASE}/{HOME}"
    await desk.post(f"{path}/units", {"name_th": "กองคลัง"}, status=303)
    (made,) = await rows(town, Unit, Unit.name_th == "กองคลัง")
    assert made.is_on
    await desk.post(f"{path}/units", {"unit": made.id, "name_th": "กองคลังใหม่"}, status=303)
    (made,) = await rows(town, Unit, Unit.id == made.id)
    assert (made.name_th, made.is_on) == ("กองคลังใหม่", False)
    text = await (await desk.post(f"{path}/units", {"name_th": "กองช่าง"}, status=422)).text()
    assert "มีส่วนงาน “กองช่าง” อยู่แล้ว" in text


async def test_people_join_and_leave(town: Town, desk: Desk) -> None:
    officer = await hire(town, "officer", name="เจ้าหน้าที่การไฟฟ้า")
    path = f"{BASE}/agc_pea"
    await desk.post(f"{path}/join", {"staff": officer.id}, status=303)
    assert [row.agency_id for row in await rows(town, StaffAgency)] == ["agc_pea"]
    assert "เจ้าหน้าที่การไฟฟ้า" in await desk.get(path)
    assert "หน่วยงานเดียว" in await (await desk.post(f"{path}/leave", {"staff": officer.id}, status=422)).text()
    await desk.post(f"{BASE}/{HOME}/join", {"staff": officer.id}, status=303)
    await desk.post(f"{path}/leave", {"staff": officer.id}, status=303)
    assert [row.agency_id for row in await rows(town, StaffAgency)] == [HOME]


async def test_rules_are_added_ranked_and_removed(town: Town, desk: Desk) -> None:
    (roads,) = await rows(town, Unit, Unit.name_th == "กองช่าง")
    form = {"category": "trees", "target": f"{HOME}/{roads.id}", "rank": "5", **TAMBON}
    await desk.post(RULES, form, status=303)
    (made,) = await rows(town, Rule, Rule.category == "trees")
    assert (made.agency_id, made.unit_id, made.rank, made.district) == (HOME, roads.id, 5, "ปากเกร็ด")
    assert "ต.บางพูด" in await desk.get(f"{RULES}?done=rule")
    await desk.post(f"{RULES}/{made.id}/rank", {"rank": "9"}, status=303)
    assert [rule.rank for rule in await rows(town, Rule, Rule.category == "trees")] == [9]
    await desk.post(f"{RULES}/{made.id}/remove", status=303)
    assert await rows(town, Rule, Rule.category == "trees") == []
    assert "ถูกนำออกไปแล้ว" in await (await desk.post(f"{RULES}/{made.id}/remove", status=422)).text()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rank": "ก่อน"}, "ลำดับต้องเป็นตัวเลข"),
        ({"rank": "-3"}, "ลำดับต้องเป็นตัวเลข"),
        ({"target": "agc_none"}, "ไม่พบหน่วยงานนี้"),
        ({"category": "", "province": "", "district": "", "subdistrict": ""}, "กฎต้องระบุประเภทเรื่องหรือพื้นที่"),
    ],
)
async def test_bad_rules_are_explained(town: Town, desk: Desk, change: dict[str, str], words: str) -> None:
    form = {"category": "trees", "target": "agc_pea", "rank": "5", **TAMBON} | change
    text = await (await desk.post(RULES, form, status=422)).text()
    assert words in text
    assert await rows(town, Rule, Rule.category == "trees") == []


async def test_what_is_not_there_is_not_found(town: Town, desk: Desk) -> None:
    await desk.get(f"{BASE}/agc_none", status=404)
    await desk.post(f"{BASE}/agc_none", {"level": "local", "name_th": "ก"}, status=404)


async def test_names_are_shown_as_text(town: Town, desk: Desk) -> None:
    evil = "<script>alert(1)</script>"
    answer = await desk.post(BASE, {"name_th": evil, "level": "local"}, status=303)
    for path in (BASE, answer.headers["Location"], RULES):
        assert evil not in await desk.get(path)
