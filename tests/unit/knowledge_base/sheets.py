"""Files for imports, right and broken."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml
from openpyxl import Workbook

from knowledge_base.entry import Entry
from knowledge_base.exchange import formats
from knowledge_base.exchange.column import COLUMNS
from knowledge_base.exchange.exported import Exported
from knowledge_base.exchange.formats import Kind
from knowledge_base.exchange.problem import Problem, Refused
from tests.unit.knowledge_base.samples import entry

NAMES = [column.name for column in COLUMNS]


def file(kind: Kind, entries: Iterable[Entry], *, version: int = 1, state: str = "draft", active: bool = True) -> bytes:
    """A file as an export writes it."""
    buffer = io.BytesIO()
    writer = formats.FORMATS[kind].writer(buffer)
    writer.add(Exported(one, version, state, active) for one in entries)
    writer.close()
    return buffer.getvalue()


def texts(**changes: str) -> dict[str, str]:
    """The cells of one good row, by column."""
    row = dict(zip(NAMES, Exported(entry(), 1, "draft", True).texts(), strict=True))
    return row | {"version": "", "state": ""} | changes


def as_csv(*rows: Mapping[str, str], names: Sequence[str] = NAMES, encoding: str = "utf-8-sig", separator: str = ",") -> bytes:
    """A CSV file of rows by column."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=separator)
    writer.writerow(names)
    writer.writerows([row.get(name, "") for name in names] for row in rows)
    return buffer.getvalue().encode(encoding)


def as_xlsx(*rows: Mapping[str, Any], names: Sequence[str] = NAMES, title: str = "FAQ") -> bytes:
    """A workbook of rows by column, as somebody writes it by hand."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    sheet.append(list(names))
    for row in rows:
        sheet.append([row.get(name) for name in names])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def as_yaml(*rows: Mapping[str, Any]) -> bytes:
    """A YAML file of FAQs."""
    return yaml.safe_dump(list(rows), allow_unicode=True, sort_keys=False).encode()


def problems(data: bytes, kind: Kind) -> list[Problem]:
    """What is wrong with a file."""
    try:
        return formats.read(data, kind)[1]
    except Refused as refused:
        return list(refused.problems)


def places(data: bytes, kind: Kind) -> list[tuple[int, str]]:
    """Where a file is wrong."""
    return [(one.row, one.column) for one in problems(data, kind)]
