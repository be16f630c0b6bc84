import pytest

from core.database import Database
from helpdesk import staff, staff_notice
from helpdesk.role import Role
from helpdesk.staff import Member

from .conftest import Opener


@pytest.fixture
async def people(database: Database) -> list[Member]:
    """Two supervisors."""
    async with database.write() as session:
        names = ("one@demo", "two@demo")
        return [await staff.add(session, name, name, [Role.SUPERVISOR], "long enough 77", actor="cli") for name in names]


async def test_the_same_cause_tells_the_same_person_once(database: Database, people: list[Member], opened: Opener) -> None:
    case = await opened()
    async with database.write() as session:
        assert await staff_notice.tell(session, people[:1], case, "late", "เลยกำหนดแล้ว", key="late:1") == 1
        assert await staff_notice.tell(session, people + people, case, "late", "เลยกำหนดแล้ว", key="late:1") == 1
        assert await staff_notice.tell(session, [], case, "late", "เลยกำหนดแล้ว", key="late:2") == 0
    async with database.read() as session:
        for member in people:
            ((notice, number),) = await staff_notice.latest(session, member)
            assert (notice.text, number) == ("เลยกำหนดแล้ว", case.number)


async def test_only_ones_own_notices_are_marked_as_read(database: Database, people: list[Member]) -> None:
    first, second = people
    async with database.write() as session:
        for key in ("a", "b"):
            await staff_notice.tell(session, people, None, "news", key, key=key)
        mine = [notice for notice, _ in await staff_notice.latest(session, first)]
        await staff_notice.mark_read(session, first, [mine[0].id])
        await staff_notice.mark_read(session, second, [mine[1].id])
    async with database.read() as session:
        assert (await staff_notice.unread(session, first), await staff_notice.unread(session, second)) == (1, 2)
        assert [notice.read_at is None for notice, _ in await staff_notice.latest(session, first)] == [True, False]
