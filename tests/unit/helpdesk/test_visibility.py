"""Who may see which case: a small world of three agencies, and every kind of member."""

from collections.abc import Collection

import pytest
from sqlalchemy import select

from core.database import Database
from helpdesk import password as passwords
from helpdesk.agency import HOME, Agency, CaseShare, Unit, agencies_of
from helpdesk.record import Case
from helpdesk.role import Role
from helpdesk.staff import Member
from helpdesk.visibility import may_see, may_work, supervises, visible

from .conftest import Opener
from .desk import Desk, cheap_passwords

PLACES = {
    "none": (None, None),
    "city": (HOME, None),
    "works": (HOME, "works"),
    "health": (HOME, "health"),
    "power": ("power", None),
}


@pytest.fixture
async def cases(database: Database, opened: Opener, monkeypatch: pytest.MonkeyPatch) -> dict[str, Case]:
    """A case of nobody, of the city, of two of its units, and of another agency."""
    monkeypatch.setattr(passwords, "_HASHER", cheap_passwords())
    async with database.write() as session:
        for agency_id in (HOME, "power", "water"):
            named = {"name_th": agency_id, "name_en": agency_id, "province": None, "district": None, "subdistrict": None}
            session.add(Agency(id=agency_id, level="local", **named))
        await session.flush()
        session.add_all(Unit(id=name, agency_id=HOME, name_th=name, name_en=name) for name in ("works", "health"))
    made = {}
    for name, (agency_id, unit_id) in PLACES.items():
        case = await opened(key=name)
        async with database.write() as session:
            row = await session.get_one(Case, case.id)
            row.agency_id, row.unit_id = agency_id, unit_id
            made[name] = row
    return made


async def hire(database: Database, *roles: Role, agencies: Collection[tuple[str, str | None]] = ()) -> Member:
    return await Desk(database).hire_into(roles, agencies)


async def seen(database: Database, member: Member, cases: dict[str, Case]) -> set[str]:
    """The names of the cases in the member's list; asking for each alone must say the same."""
    async with database.read() as session:
        listed = set(await session.scalars(select(Case.id).where(await visible(session, member))))
        alone = {case.id for case in cases.values() if await may_see(session, member, case)}
    assert alone == listed
    return {name for name, case in cases.items() if case.id in listed}


CITY = {"none", "city", "works", "health"}


@pytest.mark.parametrize(
    ("roles", "agencies", "expected"),
    [
        ([Role.OFFICER], [], CITY),
        ([Role.SUPERVISOR], [], CITY),
        ([Role.AUDITOR], [], CITY),
        ([Role.OFFICER], [(HOME, None)], CITY),
        ([Role.OFFICER], [(HOME, "works")], {"none", "city", "works"}),
        ([Role.SUPERVISOR], [(HOME, "works")], CITY),
        ([Role.AUDITOR], [(HOME, "health")], CITY),
        ([Role.OFFICER], [("power", None)], {"power"}),
        ([Role.OFFICER], [("power", None), (HOME, "health")], {"power", "none", "city", "health"}),
        ([Role.SUPERVISOR], [("water", None)], set()),
        ([Role.ADMINISTRATOR], [], set()),
        ([Role.ADMINISTRATOR], [(HOME, None)], set()),
        ([Role.CURATOR], [], set()),
    ],
)
async def test_each_sees_the_cases_of_their_agencies(
    database: Database, cases: dict[str, Case], roles: list[Role], agencies: list[tuple[str, str | None]], expected: set[str]
) -> None:
    assert await seen(database, await hire(database, *roles, agencies=agencies), cases) == expected


async def test_an_invited_agency_sees_the_case_and_only_that_one(database: Database, cases: dict[str, Case]) -> None:
    water, citizen = await hire(database, Role.OFFICER, agencies=[("water", None)]), await hire(database, Role.OFFICER)
    async with database.write() as session:
        session.add(CaseShare(case_id=cases["works"].id, agency_id="water", actor="staff:1"))
        session.add(CaseShare(case_id=cases["power"].id, agency_id=HOME, actor="staff:1"))
    assert await seen(database, water, cases) == {"works"}
    assert await seen(database, citizen, cases) == CITY | {"power"}


async def test_who_reads_may_not_always_work(database: Database, cases: dict[str, Case]) -> None:
    officer, auditor = await hire(database, Role.OFFICER), await hire(database, Role.AUDITOR)
    async with database.read() as session:
        assert await may_work(session, officer, cases["city"])
        assert not await may_work(session, officer, cases["power"])
        assert not await may_work(session, auditor, cases["city"])


async def test_a_supervisor_leads_their_own_agency(database: Database, cases: dict[str, Case]) -> None:
    city, power = await hire(database, Role.SUPERVISOR), await hire(database, Role.SUPERVISOR, agencies=[("power", None)])
    officer = await hire(database, Role.OFFICER)
    async with database.read() as session:
        leads = [[await supervises(session, one, agency) for agency in (None, HOME, "power")] for one in (city, power, officer)]
        assert leads == [[True, True, False], [False, False, True], [False, False, False]]
        assert await agencies_of(session, city) == {HOME}
        assert await agencies_of(session, power) == {"power"}
