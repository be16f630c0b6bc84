"""`pracha nlu`: what staff labelled in the console becomes training data."""

import asyncio
import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from conversations import labelling
from conversations.utterance import Utterance
from core.database import Database
from core.settings import ROOT, settings
from pracha.examples import Examples, FilesBroken, example, key, unseen
from pracha.tables import import_all

ACTOR = "cli"
nlu = typer.Typer(help="Training data of the assistant's understanding.", no_args_is_help=True)


@nlu.callback()
def group() -> None:
    """Keeps `export` a command of its own."""


@nlu.command("export")
def nlu_export(
    check: Annotated[bool, typer.Option("--check", help="Only show what would change.")] = False,
) -> None:
    """Add the utterances that staff accepted to nlu_data/nlu; look at the change and commit it yourself."""
    raise typer.Exit(asyncio.run(export(ROOT, check=check, console=Console())))


@dataclass
class _Plan:
    """What becomes of the accepted utterances, by id; ``left`` says why some stay out."""

    added: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


async def export(root: Path, *, check: bool, console: Console) -> int:
    """Write accepted utterances into the training data and mark them as exported; a second run changes nothing.

    The files are written first: if marking fails, the next run finds the examples there and marks them.

    Args:
        root: The folder that holds ``nlu_data/nlu`` and ``tests/data``.
        check: Only print the change.
        console: Where to print.

    Returns:
        The exit code: 1 when a file could not be read or written; then nothing is marked.
    """
    import_all()
    database = Database(settings().database)
    try:
        async with database.read() as session:
            rows = await labelling.waiting(session)
        examples = Examples(root / "nlu_data" / "nlu")
        made = _planned(rows, examples, unseen(root / "tests" / "data"))
        examples.check()
        _show(made, examples, root, console)
        if not check:
            examples.write()
            async with database.write() as session:
                await labelling.exported(session, [*made.added, *made.known], ACTOR)
    except (FilesBroken, OSError) as error:
        console.print(f"[red]{escape(str(error))}; nothing was exported[/]", highlight=False, soft_wrap=True)
        return 1
    finally:
        await database.close()
    done = "would be added" if check else "added"
    console.print(f"{len(made.added)} {done}, {len(made.known)} known already, {len(made.left)} left out", highlight=False)
    return 0


def _planned(rows: Sequence[Utterance], examples: Examples, measured: set[str]) -> _Plan:
    """Add what may be added; tests must not be learned from, and a wording has one intent only."""
    made = _Plan()
    for row in rows:
        text, intent = example(row.text), row.intent or ""
        known = examples.intent_of(text)
        if not key(text):
            made.left.append(f"{row.id}: nothing is left of it without personal data")
        elif key(text) in measured:
            made.left.append(f"{row.id}: it stands in tests/data, which is never learned from")
        elif known is None:
            examples.add(intent, text)
            made.added.append(row.id)
        elif known == intent:
            made.known.append(row.id)
        else:
            made.left.append(f"{row.id}: labelled {intent}, but an example of {known} already")
    return made


def _show(made: _Plan, examples: Examples, root: Path, console: Console) -> None:
    for path, content in examples.after.items():
        name = path.relative_to(root).as_posix()
        old = examples.before.get(path, "").splitlines()
        for line in difflib.unified_diff(old, content.splitlines(), f"a/{name}", f"b/{name}", lineterm="", n=1):
            console.print(escape(line), highlight=False, soft_wrap=True)
    for line in made.left:
        console.print(f"left out: {escape(line)}", highlight=False, soft_wrap=True)
