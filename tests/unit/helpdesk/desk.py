"""A desk for tests: the city's agencies as they come with the project, and people who work in them."""

from collections.abc import Collection

from argon2 import PasswordHasher

from core.database import Database
from core.settings import Settings
from helpdesk import agency_content, staff
from helpdesk import password as passwords
from helpdesk.agency import StaffAgency
from helpdesk.role import Role
from helpdesk.staff import Member

SETTINGS = Settings(city_th="เทศบาลเมืองธาราใส", city_en="Thara Sai Town Municipality")


class Desk:
    """``await desk.hire(Role.OFFICER, agency="agc_pea")`` takes somebody in; an empty agency makes them the city's."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def seed(self) -> None:
        async with self.database.write() as session:
            await agency_content.seed(session, SETTINGS)

    async def hire(self, *roles: Role, agency: str = "", unit: str | None = None) -> Member:
        return await self.hire_into(roles, [(agency, unit)] if agency else [])

    async def hire_into(self, roles: Collection[Role], agencies: Collection[tuple[str, str | None]]) -> Member:
        async with self.database.write() as session:
            login = f"m{len(await staff.everybody(session))}@demo"
            member = await staff.add(session, login, login, roles, "long enough 77", actor="cli")
            session.add_all(StaffAgency(staff_id=member.id, agency_id=one, unit_id=part) for one, part in agencies)
        return member


def cheap_passwords() -> PasswordHasher:
    """The same kind of hash with less work: with the real one, hiring would be most of these tests' time."""
    passwords._nobody.cache_clear()
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
