"""`pracha agency`: the register from the command line."""

import asyncio

import pytest

from core.database import Database
from core.settings import settings
from helpdesk import agency_content, staff
from helpdesk.agency import agencies_of
from pracha.agency import show_all
from tests.unit.pracha.operator import Operator


@pytest.fixture
def seeded(operator: Operator) -> Operator:
    """The agencies that come with the project, and an officer."""

    async def seed(database: Database) -> None:
        async with database.write() as session:
            await agency_content.seed(session, settings())
            await staff.add(session, "malee", "เจ้าหน้าที่", ["officer"], "a long enough password", actor="cli")

    operator.prepare(seed)
    return operator


def belongs(login: str) -> frozenset[str]:
    async def look() -> frozenset[str]:
        database = Database(settings().database)
        async with database.read() as session:
            row = await staff.named(session, login)
            assert row is not None
            member = await staff.find(session, row.id)
            assert member is not None
            found = await agencies_of(session, member)
        await database.close()
        return found

    return asyncio.run(look())


def test_all_agencies_are_listed(seeded: Operator) -> None:
    code, shown = seeded.shown(show_all)
    assert code == 0
    assert all(words in shown for words in ("agc_home", "กองช่าง", "agc_pea", "การไฟฟ้าส่วนภูมิภาค"))


def test_a_category_and_a_place_are_tried(seeded: Operator) -> None:
    result = seeded.command("agency", "try", "street-light", "นนทบุรี/ปากเกร็ด/บางพูด")
    assert result.exit_code == 0
    assert "ส่งให้ กองช่าง เพราะเป็นเรื่องไฟส่องสว่างสาธารณะใน ต.บางพูด" in result.output
    for wrong in (("ghosts",), ("trees", "ดาวอังคาร")):
        assert seeded.command("agency", "try", *wrong).exit_code == 1


def test_somebody_joins_and_leaves(seeded: Operator) -> None:
    assert seeded.command("agency", "join", "malee", "agc_pea").exit_code == 0
    assert belongs("malee") == {"agc_pea"}
    refused = seeded.command("agency", "join", "malee", "agc_pea", "--leave")
    assert refused.exit_code == 1
    assert "หน่วยงานเดียว" in refused.output.replace("\n", "")
    assert seeded.command("agency", "join", "malee", "agc_none").exit_code == 1
    assert seeded.command("agency", "join", "nobody", "agc_pea").exit_code == 1
