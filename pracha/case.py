"""`pracha case`: a case looked at and moved on from the command line, through the same door as everywhere."""

from rich.console import Console

from core import audit, ids
from core.database import Database
from core.settings import settings
from helpdesk import case as cases
from helpdesk import state
from helpdesk.error import CaseError
from helpdesk.record import Case
from pracha.tables import import_all


async def show(number: str, console: Console) -> int:
    """Print a case with its whole time line; reading it is written into the audit log. Gives the exit code."""
    database = _database()
    async with database.write() as session:
        case = await cases.find(session, number)
        if case is not None:
            audit.record(session, "cli", "case.read", f"case:{case.number}")
            _print(case, await cases.timeline(session, case, "staff"), console)
    await database.close()
    return _found(case, number, console)


async def change(number: str, new: str, note: str, console: Console) -> int:
    """Move a case to another state and tell its reporter. Gives the exit code."""
    database = _database()
    code = 0
    try:
        async with database.write() as session:
            case = await cases.find(session, number)
            if case is not None:
                case = await cases.change(session, case, new, key=ids.new_id("cli"), actor="cli", note=note)
                console.print(f"{case.number}: {state.label(case.state)}", highlight=False)
        code = _found(case, number, console)
    except CaseError as error:
        console.print(f"[red]{error}[/]", highlight=False)
        code = 1
    await database.close()
    return code


def _print(case: Case, entries: list[cases.TimelineEntry], console: Console) -> None:
    console.print(f"[bold]{case.number}[/] {case.title} ({state.label(case.state)})", highlight=False)
    console.print(f"  {case.unit}", highlight=False)
    for entry in entries:
        console.print(f"  {entry.date}  {entry.label}  {entry.text}".rstrip(), highlight=False)


def _found(case: Case | None, number: str, console: Console) -> int:
    if case is None:
        console.print(f"[red]ไม่พบเรื่องหมายเลข {number} (no case has this number)[/]", highlight=False)
        return 1
    return 0


def _database() -> Database:
    import_all()
    return Database(settings().database)
