"""`pracha outbox`: what waits and what was given up, without citizens' words or ids unless they are asked for."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import Select, func, select

from conversations import outbox
from conversations.content import outward, plain_text
from conversations.message import Message
from conversations.outbox import STOPPED, Outgoing
from core import audit
from core.database import Database
from core.settings import settings
from pracha.channels import moment
from pracha.tables import import_all

STATES = {"dead": STOPPED, **{state: state for state in ("pending", "sending", "sent", "stopped")}}


async def show_all(state: str, limit: int, console: Console) -> int:
    """Print the newest rows in a state. Gives the exit code."""
    database = _database()
    chosen = Outgoing.state == STATES[state]
    async with database.read() as session:
        rows = list(await session.scalars(select(Outgoing).where(chosen).order_by(Outgoing.created_at.desc()).limit(limit)))
        count = await session.scalar(select(func.count()).where(chosen)) or 0
    await database.close()
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("id", min_width=30, no_wrap=True)  # whole on narrow terminals too, to be copied
    for name in ("account", "written"):
        table.add_column(name)
    table.add_column("attempts", justify="right")
    table.add_column("reason", overflow="fold")
    for row in rows:
        table.add_row(row.id, f"{row.channel} {escape(row.account)}", moment(row.created_at), str(row.attempts), _reason(row))
    if rows:
        console.print(table)
    console.print(f"{count} {'dead letters' if STATES[state] == STOPPED else state}, {len(rows)} shown", highlight=False)
    return 0


async def show(row_id: str, text: bool, console: Console) -> int:
    """Print one row; with ``text`` also what it says, which is written into the audit log. Gives the exit code."""
    database = _database()
    async with database.write() as session:
        row = await session.get(Outgoing, row_id)
        if row is not None:
            for name, value in _facts(row):
                console.print(f"  {name:<13}{escape(value)}", highlight=False, soft_wrap=True)
        if row is not None and text:
            said = await session.get_one(Message, row.message_id)
            console.print(escape(plain_text(outward(said.content))), highlight=False, soft_wrap=True)
            audit.record(session, "cli", "outbox.read", f"outbox:{row.id}")
    await database.close()
    if row is None:
        console.print(f"[red]No message in the outbox has the id {escape(row_id)}[/]", highlight=False)
    return 0 if row is not None else 1


async def retry(ids: Sequence[str], channel: str | None, account: str | None, everything: bool, console: Console) -> int:
    """Put dead letters back, by id, by account or all. Gives the exit code: 1 when there was none, 2 for a bad choice."""
    if sum((bool(ids), channel is not None, everything)) != 1 or (account is not None and channel is None):
        console.print("[red]Say which: ids, or --channel (with --account if you like), or --all[/]", highlight=False)
        return 2
    database = _database()
    async with database.write() as session:
        chosen = list(await session.scalars(_chosen(ids, channel, account)))
        back = await outbox.again(session, chosen, actor="cli")
    await database.close()
    for row_id in ids:
        if row_id not in back:
            console.print(f"[red]{escape(row_id)} is no dead letter[/]", highlight=False)
    console.print(f"{len(back)} to be sent again", highlight=False)
    return 0 if back and len(back) >= len(set(ids)) else 1


def _chosen(ids: Sequence[str], channel: str | None, account: str | None) -> Select[Any]:
    query = select(Outgoing.id).where(Outgoing.state == STOPPED)
    if ids:
        query = query.where(Outgoing.id.in_(ids))
    if channel is not None:
        query = query.where(Outgoing.channel == channel)
    return query if account is None else query.where(Outgoing.account == account)


def _facts(row: Outgoing) -> list[tuple[str, str]]:
    return [
        ("id", row.id),
        ("account", f"{row.channel} {row.account}"),
        ("state", row.state),
        ("conversation", row.conversation_id),
        ("message", row.message_id),
        ("written", moment(row.created_at)),
        ("due", moment(row.due_at)),
        ("sent", moment(row.sent_at)),
        ("attempts", str(row.attempts)),
        ("reason", _reason(row)),
    ]


def _reason(row: Outgoing) -> str:
    doubt = "may have arrived" if row.uncertain else ""
    return "; ".join(part for part in (escape(row.reason or ""), doubt) if part)


def _database() -> Database:
    import_all()
    return Database(settings().database)
