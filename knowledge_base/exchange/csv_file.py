"""CSV: one row a FAQ, with commas and a byte order mark, so that Excel shows Thai. Semicolons and tabs are read too."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from knowledge_base.exchange.column import BY_NAME, COLUMNS, named
from knowledge_base.exchange.encoding import decoded
from knowledge_base.exchange.exported import Exported
from knowledge_base.exchange.limit import MOST_ROWS, too_many_rows
from knowledge_base.exchange.problem import Problem, Refused, whole
from knowledge_base.exchange.record import Record
from knowledge_base.exchange.sheet import read as read_sheet

_SEPARATORS = ",;\t|"
_FORMULA = tuple("=+-@\t\r＝＋－＠")
_MARK = "'"  # before what Excel would take for a formula; as Excel shows it before a text itself
csv.field_size_limit(16 * 1024 * 1024)  # a FAQ may hold more than the library's 128 KiB in one cell; the file is limited already


class Writer:
    """Writes a CSV file row by row."""

    def __init__(self, file: IO[bytes]) -> None:
        """Begin with the head. The caller closes ``file``."""
        self._text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="", write_through=True)
        self._rows = csv.writer(self._text)
        self._rows.writerow([column.name for column in COLUMNS])

    def add(self, rows: Iterable[Exported]) -> None:
        """Write FAQs."""
        self._rows.writerows([guarded(text) for text in row.texts()] for row in rows)

    def close(self) -> None:
        """Finish the file."""
        self._text.flush()
        self._text.detach()


def read(data: bytes) -> tuple[list[Record], list[Problem]]:
    """Read a CSV file: the rows that are right, and all problems.

    Raises:
        Refused: it is no CSV file of FAQs.
    """
    text = decoded(data)
    first, _, rest = text.partition("\n")
    if first.strip().strip('"').lower().startswith("sep=") and len(first.strip().strip('"')) <= 5:
        text = rest
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        found = list(_filled(rows))
    except csv.Error as error:
        row = Problem(rows.line_num, "", f"จัดรูปแบบ CSV ผิดที่บรรทัด {rows.line_num} ของไฟล์ อาจปิดเครื่องหมายคำพูดไม่ครบ ({error})")
        raise Refused([row]) from error
    if not found:
        raise whole("ไฟล์นี้ว่างเปล่า")
    records, problems = read_sheet(found[0][1], found[1:], head_row=found[0][0])
    return records, problems + list(_short_rows(found))


def guarded(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula: "=1+1" -> "'=1+1"."""
    if text.startswith(_FORMULA) or (text.startswith(_MARK) and text[1:].startswith((*_FORMULA, _MARK))):
        return _MARK + text
    return text


def unguarded(text: str) -> str:
    """The text before it was guarded."""
    return text[1:] if text.startswith(_MARK) and text[1:].startswith((*_FORMULA, _MARK)) else text


def _filled(rows: Iterable[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, with their numbers."""
    filled = 0
    for number, row in enumerate(rows, start=1):
        if any(row):
            filled += 1
            if filled > MOST_ROWS + 1:
                raise too_many_rows()
            yield number, [unguarded(cell) for cell in row]


def _separator(text: str) -> str:
    """The separator with which the first row names most columns."""
    head = text[:20_000]

    def known(separator: str) -> int:
        try:
            row = next(csv.reader(io.StringIO(head, newline=""), delimiter=separator), [])
        except csv.Error:
            return 0
        return sum(named(cell) in BY_NAME for cell in row)

    return max(_SEPARATORS, key=known)


def _short_rows(rows: Sequence[tuple[int, Sequence[str]]]) -> Iterable[Problem]:
    """Rows that end early: a line end or a quotation mark was lost, and what would be read is not what was meant."""
    width = len(rows[0][1])
    for number, row in rows[1:]:
        if len(row) < width:
            yield Problem(number, "", f"แถวนี้มี {len(row)} ช่อง แต่หัวตารางมี {width} ช่อง")
