"""Files with what people wrote and what it means: JSON lines, read strictly."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

Row = dict[str, Any]


class BadFile(Exception):
    """A file that nothing can be measured with; the words name the row and say why."""


def read(path: Path, needed: Collection[str], may_be_empty: Collection[str] = ()) -> list[Row]:
    """Read a file of JSON lines.

    Args:
        path: The file, UTF-8; empty lines are skipped.
        needed: The keys whose values must be texts with something in them.
        may_be_empty: The keys that may also be missing, null or "".

    Returns:
        The rows, at least one.

    Raises:
        BadFile: the file or a row cannot be used: "asked.jsonl, row 3: "text" is missing".
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(f"{path.name}: it cannot be read as UTF-8 text ({type(error).__name__})") from error
    rows = [_row(path, number, line, needed, may_be_empty) for number, line in enumerate(lines, 1) if line.strip()]
    if not rows:
        raise BadFile(f"{path.name}: there is no row in it")
    return rows


def check_known(path: Path, rows: list[Row], key: str, known: Collection[str], what: str) -> None:
    """Refuse a value that a model cannot give.

    Raises:
        BadFile: with the row.
    """
    for row in rows:
        if row[key] not in known:
            raise refused(path, row, f'"{key}" is {row[key]!r}, which is no {what} of the model')


def moment(path: Path, row: Row, key: str) -> datetime:
    """Read a value such as 2026-11-05T10:00 or 2026-11-05.

    Raises:
        BadFile: it is no such time.
    """
    try:
        return datetime.fromisoformat(row[key].replace("Z", "+00:00"))
    except ValueError as error:
        raise refused(path, row, f'"{key}" is {row[key]!r}, which is no ISO time') from error


def refused(path: Path, row: Mapping[str, Any], why: str) -> BadFile:
    """Say what is wrong with a row."""
    return BadFile(f"{path.name}, row {row['row']}: {why}")


def _row(path: Path, number: int, line: str, needed: Collection[str], may_be_empty: Collection[str]) -> Row:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise BadFile(f"{path.name}, row {number}: this is not JSON") from error
    if not isinstance(found, dict):
        raise BadFile(f"{path.name}, row {number}: this is no object in braces")
    row: Row = {**found, "row": number}
    for key in needed:
        if key not in found:
            raise refused(path, row, f'"{key}" is missing')
        if not isinstance(found[key], str) or not found[key].strip():
            raise refused(path, row, f'"{key}" must be a text that is not empty')
    for key in may_be_empty:
        if not isinstance(row.setdefault(key, None), str | None):
            raise refused(path, row, f'"{key}" must be a text or null')
    return row
