"""`pracha faq import|export`: FAQs as YAML, CSV and XLSX files, by the same rules as in the console."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from core.database import Database
from core.settings import settings
from knowledge_base.exchange import formats, incoming, outgoing, plan
from knowledge_base.exchange.limit import LARGEST
from knowledge_base.exchange.plan import Plan
from knowledge_base.exchange.problem import Problem, Refused
from knowledge_base.exchange.xlsx_file import TooLong
from pracha.tables import import_all

ACTOR = "cli"


async def bring_in(file: Path, *, dry_run: bool, publish: bool, console: Console) -> int:
    """Read a file and bring all of it in, or nothing when something is wrong.

    Args:
        file: A YAML, CSV or XLSX file, told by its ending.
        dry_run: Only show what would change.
        publish: The texts enter in the state the file gives (published where it gives none), without a second person.
        console: Where to print.

    Returns:
        The exit code: 1 when something is wrong.
    """
    database = _database()
    try:
        kind = formats.kind_of(file.name)
        records, problems = formats.read(_bytes(file), kind)
        async with database.read() as session:
            made = await plan.make(session, records, publish=publish)
        if problems or made.problems:
            raise Refused([*problems, *made.problems])
        _show(made, console)
        if dry_run:
            console.print("Nothing was changed: this was a dry run", highlight=False)
            return 0
        async with database.write() as session:
            done = await incoming.apply(session, made, ACTOR, kind=kind, publish=publish)
    except Refused as refused:
        _table(refused.problems, console)
        console.print(f"[red]{len(refused.problems)} problems; nothing was changed[/]", highlight=False)
        return 1
    finally:
        await database.close()
    kept = "" if publish or not done.new + done.changed else "; they are drafts until somebody publishes them in the console"
    console.print(f"{done.new} new, {done.changed} changed, {done.unchanged} unchanged{kept}", highlight=False)
    return 0


async def send_out(file: Path, *, group: str, live: bool, console: Console) -> int:
    """Write FAQs into a file, which appears when it is complete.

    Args:
        file: Its ending tells the kind.
        group: Only this group; empty for all.
        live: What citizens are told now, instead of everybody's newest texts.
        console: Where to print.

    Returns:
        The exit code: 1 when the file could not be written.
    """
    database = _database()
    unfinished: Path | None = None
    try:
        kind = formats.kind_of(file.name)
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".", suffix=file.suffix, delete=False) as buffer:
            unfinished = Path(buffer.name)
            async with database.read() as session:
                written = await outgoing.export(session, buffer.file, kind, group=group, live=live)
        os.chmod(unfinished, 0o644)
        unfinished.replace(file)
    except Refused as refused:
        _table(refused.problems, console)
        return 1
    except (TooLong, OSError) as error:
        console.print(f"[red]{escape(str(error))}[/]", highlight=False)
        return 1
    finally:
        await database.close()
        if unfinished is not None:
            unfinished.unlink(missing_ok=True)
    console.print(f"{written} answers in {escape(str(file))}", highlight=False, soft_wrap=True)
    return 0


def _bytes(file: Path) -> bytes:
    """The file, but no more of it than shows that it is too large."""
    with file.open("rb") as opened:
        return opened.read(LARGEST + 1)


def _show(made: Plan, console: Console) -> None:
    for kind in ("new", "changed"):
        for change in made.of(kind):
            what = ", ".join(change.fields) if kind == "changed" else escape(change.entry.question.th)
            console.print(f"  {kind:<9}{change.entry.id}: {what}", highlight=False, soft_wrap=True)
    if made.notices:
        _table(made.notices, console)
    console.print(
        f"{len(made.of('new'))} new, {len(made.of('changed'))} to change, {len(made.of('unchanged'))} unchanged", highlight=False
    )


def _table(problems: Sequence[Problem], console: Console) -> None:
    """Row, column and what is wrong."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("row", justify="right")
    table.add_column("column", no_wrap=True)
    table.add_column("what", overflow="fold")
    for one in problems:
        table.add_row(str(one.row or "-"), escape(one.column or "-"), escape(one.words))
    console.print(table)


def _database() -> Database:
    import_all()
    return Database(settings().database)
