"""`pracha staff`: the console's people, from the command line, through the same doors as everywhere."""

from collections.abc import Awaitable, Callable, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Database
from core.settings import settings
from helpdesk import identity, second_factor, staff
from helpdesk.staff import Member, StaffError
from pracha.channels import moment
from pracha.tables import import_all

ACTOR = "cli"


async def add(login: str, name: str, roles: Sequence[str], password: str, told: bool, console: Console) -> int:
    """Take somebody in; with ``told`` their password is printed. Gives the exit code."""

    async def work(session: AsyncSession) -> Member:
        return await staff.add(session, login, name or login, roles, password, actor=ACTOR)

    return await _do(work, console, password if told else "")


async def lock(login: str, console: Console) -> int:
    """End somebody's access. Gives the exit code."""
    return await _change(login, lambda session, found: staff.lock(session, found, actor=ACTOR), console)


async def unlock(login: str, console: Console) -> int:
    """Let somebody in again. Gives the exit code."""
    return await _change(login, lambda session, found: staff.unlock(session, found, actor=ACTOR), console)


async def set_roles(login: str, roles: Sequence[str], console: Console) -> int:
    """Give other roles. Gives the exit code."""
    return await _change(login, lambda session, found: staff.set_roles(session, found, roles, actor=ACTOR), console)


async def change_password(login: str, password: str, told: bool, console: Console) -> int:
    """Give a new password; with ``told`` it is printed. Gives the exit code."""
    work = lambda session, found: staff.change_password(session, found, password, actor=ACTOR)  # noqa: E731
    return await _change(login, work, console, password if told else "")


async def reset_second_factor(login: str, console: Console) -> int:
    """Take somebody's second factor away. Gives the exit code."""
    return await _change(login, lambda session, found: second_factor.reset(session, found, actor=ACTOR), console)


async def link(login: str, provider: str, subject: str, console: Console) -> int:
    """Let an account of a sign-in provider log somebody in. Gives the exit code."""
    if provider not in settings().oidc:
        known = ", ".join(settings().oidc) or "none"
        console.print(f"[red]No such provider.[/] Those in the settings: {escape(known)}", highlight=False)
        return 1
    return await _change(login, lambda session, found: identity.link(session, found, provider, subject, actor=ACTOR), console)


async def unlink(login: str, provider: str, console: Console) -> int:
    """Let a provider's account log somebody in no longer. Gives the exit code."""
    return await _change(login, lambda session, found: identity.unlink(session, found, provider, actor=ACTOR), console)


async def show_all(console: Console) -> int:
    """Print everybody. Gives the exit code."""
    database = _database()
    async with database.read() as session:
        rows = await staff.everybody(session)
        protected, identities = await second_factor.protected(session), await identity.everybodys(session)
    await database.close()
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("login", "name", "roles", "since", "second factor", "accounts", "locked"):
        table.add_column(name)
    for row in rows:
        locked = moment(row.locked_at) if row.locked_at else ""
        factor, accounts = "yes" if row.id in protected else "", ", ".join(one.provider for one in identities.get(row.id, ()))
        who = (escape(row.login), escape(row.name), ", ".join(row.roles), moment(row.created_at))
        table.add_row(*who, factor, escape(accounts), locked)
    if rows:
        console.print(table)
    else:
        console.print("Nobody yet: pracha staff add LOGIN --role administrator", highlight=False)
    return 0


async def _change(
    login: str, work: Callable[[AsyncSession, str], Awaitable[Member]], console: Console, password: str = ""
) -> int:
    async def found(session: AsyncSession) -> Member:
        row = await staff.named(session, login)
        if row is None:
            raise StaffError("staff_unknown")
        return await work(session, row.id)

    return await _do(found, console, password)


async def _do(work: Callable[[AsyncSession], Awaitable[Member]], console: Console, password: str) -> int:
    database = _database()
    try:
        async with database.write() as session:
            member = await work(session)
    except StaffError as error:
        console.print(f"[red]{error.english}[/] ({error})", highlight=False)
        return 1
    finally:
        await database.close()
    console.print(f"{escape(member.login)}: {', '.join(sorted(member.roles))}", highlight=False)
    if password:
        console.print(f"password: {escape(password)}", highlight=False, soft_wrap=True)
    return 0


def _database() -> Database:
    import_all()
    return Database(settings().database)
