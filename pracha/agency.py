"""`pracha agency`: who is responsible for what, and who belongs where, from the command line, through the register's doors."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from core.database import Database
from core.settings import settings
from helpdesk import area as areas
from helpdesk import area_name, register, routing, staff
from helpdesk.category import category
from helpdesk.error import CaseError
from pracha.tables import import_all

ACTOR = "cli"


async def show_all(console: Console) -> int:
    """Print all agencies with their units and how many people each has. Gives the exit code."""
    database = _database()
    async with database.read() as session:
        rows, units = await register.agencies(session), await register.units(session)
        belonging = [row.agency_id for row in await register.memberships(session)]
    await database.close()
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("id", "name", "area", "units", "people", "on"):
        table.add_column(name)
    for row in rows:
        own = ", ".join(unit.name_th for unit in units if unit.agency_id == row.id)
        count = str(belonging.count(row.id))
        table.add_row(row.id, escape(row.name_th), row.area.words(), escape(own), count, "yes" if row.is_on else "no")
    console.print(table)
    return 0


async def try_out(kind: str, place: str, console: Console) -> int:
    """Print who would get a case of this category at ``จังหวัด/อำเภอ/ตำบล``, and why. Gives the exit code."""
    database = _database()
    try:
        area = areas.read(*place.split("/")[:3])
        area_name.check(area)
        async with database.read() as session:
            found = await routing.route(session, category(kind), area)
    except CaseError as error:
        console.print(f"[red]{escape(str(error))}[/]", highlight=False)
        return 1
    finally:
        await database.close()
    console.print(found.because, highlight=False, soft_wrap=True)
    return 0


async def join(login: str, agency_id: str, leave: bool, console: Console) -> int:
    """Let a member of staff belong to an agency, or no longer. Gives the exit code."""
    database = _database()
    try:
        async with database.write() as session:
            member = await staff.named(session, login)
            if member is None:
                console.print(f"[red]nobody has the login {escape(login)}[/]", highlight=False)
                return 1
            if leave:
                await register.drop_member(session, agency_id, member.id, actor=ACTOR)
            else:
                await register.put_member(session, agency_id, member.id, None, actor=ACTOR)
    except CaseError as error:
        console.print(f"[red]{escape(str(error))}[/]", highlight=False)
        return 1
    finally:
        await database.close()
    console.print(f"{escape(login)}: {'left' if leave else 'joined'} {escape(agency_id)}", highlight=False)
    return 0


def _database() -> Database:
    import_all()
    return Database(settings().database)
