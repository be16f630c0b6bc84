"""The content files: FAQs as YAML, read strictly and brought into the database."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge_base import faq, synonym
from knowledge_base.entry import Written

FOLDER = Path(__file__).resolve().parent / "content"
AUTHOR = "system:content"
_LOADER = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)  # both safe; the one in C is there nearly everywhere and ten times as quick
_NOT_FAQS = {"synonyms.yml"}


class ContentError(ValueError):
    """A content file cannot be used; the message names the file, the FAQ and the field."""


@dataclass(frozen=True)
class Seeded:
    """What `seed` did, as counts."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    left_alone: int = 0


def read(folder: Path = FOLDER) -> list[Written]:
    """Read all FAQs of a folder.

    Args:
        folder: Where the files `<group>.yml` are.

    Returns:
        The FAQs in the order of files and places.

    Raises:
        ContentError: In plain words: "tax.yml, land-building-tax, link: a link must begin with https:// ...".
    """
    found: dict[str, Written] = {}
    for path in sorted(folder.glob("*.yml")):
        if path.name in _NOT_FAQS:
            continue
        for written in _read_file(path):
            if written.id in found:
                raise ContentError(f"{path.name}, {written.id}, id: this id is used twice")
            if written.group != path.stem:
                raise ContentError(f"{path.name}, {written.id}, group: must be {path.stem!r} as the file is called")
            found[written.id] = written
    return list(found.values())


def _read_file(path: Path) -> list[Written]:
    try:
        rows = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise ContentError(f"{path.name}: this is not readable YAML: {problem}") from problem
    if not isinstance(rows, list):
        raise ContentError(f"{path.name}: the file must be a list of FAQs, each beginning with '- id:'")
    return [_read_entry(path.name, place, row) for place, row in enumerate(rows, start=1)]


def _read_entry(file: str, place: int, row: Any) -> Written:
    name = str(row.get("id", f"number {place}")) if isinstance(row, dict) else f"number {place}"
    try:
        return Written.model_validate(row)
    except ValidationError as problem:
        first = problem.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "entry"
        raise ContentError(f"{file}, {name}, {field}: {_plain(first['type'], first['msg'])}") from problem


def _plain(kind: str, message: str) -> str:
    words = {
        "missing": "this part is missing",
        "extra_forbidden": "there is no such part; is the name spelt right?",
        "string_too_short": "this part is empty",
        "string_type": "this part must be text (put numbers and yes/no in quotes)",
    }
    return words.get(kind, message.removeprefix("Value error, "))


async def seed(session: AsyncSession, folder: Path = FOLDER) -> Seeded:
    """Bring the content files into the database; run again, it changes nothing.

    A FAQ that staff have edited or archived is left as it is; one they only switched off is updated and stays off.
    """
    counts = {"added": 0, "updated": 0, "unchanged": 0, "left_alone": 0}
    for written in read(folder):
        counts[await _seed_one(session, written)] += 1
    await synonym.seed(session, folder)
    return Seeded(**counts)


async def _seed_one(session: AsyncSession, written: Written) -> str:
    entry = written.entry()
    row = await session.get(faq.Faq, entry.id, with_for_update=True)
    if row is None:
        await faq.seed_entry(session, entry, AUTHOR, state=written.state, reason="เนื้อหาตั้งต้นของระบบ")
        return "added"
    if row.body != row.seeded or (row.state == "archived" and written.state != "archived"):
        return "left_alone"
    if row.body == entry.body():
        return "unchanged"
    await faq.seed_entry(session, entry, AUTHOR, state=written.state, reason="ไฟล์เนื้อหาตั้งต้นเปลี่ยน")
    return "updated"
