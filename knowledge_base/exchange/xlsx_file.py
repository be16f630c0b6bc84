"""XLSX: a sheet of FAQs and one that explains it. The file is a ZIP of XML, so it is looked over before it is read."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from typing import IO, Any
from xml.parsers import expat

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from knowledge_base.exchange.column import COLUMNS, Column, named
from knowledge_base.exchange.exported import Exported
from knowledge_base.exchange.limit import MOST_FILES, MOST_ROWS, UNPACKED, too_many_rows
from knowledge_base.exchange.problem import Problem, Refused, whole
from knowledge_base.exchange.record import Record
from knowledge_base.exchange.sheet import read as read_sheet
from knowledge_base.exchange.value import NO, YES

SHEET, ABOUT = "FAQ", "คำอธิบาย"
LONGEST_CELL = 32_767  # letters; Excel takes no more
_CHOICES = {"state": '"draft,in_review,published,archived"', "yes": f'"{YES},{NO}"'}
_FORMULA = tuple("=+-@")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_x(?=[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TOP = Alignment(vertical="top", wrap_text=True)
_WIDEST, _LAST_ROW = 100, 1_048_576  # columns that are looked at; rows of Excel


class TooLong(ValueError):
    """A part of a FAQ does not fit into a cell; the words are Thai."""


class Writer:
    """Writes a workbook row by row."""

    def __init__(self, file: IO[bytes]) -> None:
        """Begin with the head. The caller closes ``file``."""
        self._file = file
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet(SHEET)
        self._sheet.freeze_panes = "B2"
        for number, column in enumerate(COLUMNS, start=1):
            self._sheet.column_dimensions[get_column_letter(number)].width = column.width
            if column.kind in _CHOICES:
                self._sheet.data_validations.append(_choice(column, get_column_letter(number)))
        self._sheet.append([_head(self._sheet, column.name) for column in COLUMNS])

    def add(self, rows: Iterable[Exported]) -> None:
        """Write FAQs.

        Raises:
            TooLong: a part does not fit into a cell.
        """
        for row in rows:
            texts = zip(COLUMNS, row.texts(), strict=True)
            try:
                cells = [self._cell(column, text, row.entry.id) for column, text in texts]
            except TooLong:
                self._sheet.close()  # it lies half written in a temporary file
                raise
            self._sheet.append(cells)

    def close(self) -> None:
        """Add the sheet that explains, and write the file."""
        about = self._book.create_sheet(ABOUT)
        for letter, width in zip("ABCD", (18, 26, 80, 14), strict=True):
            about.column_dimensions[letter].width = width
        about.freeze_panes = "A2"
        about.append([_head(about, text) for text in ("คอลัมน์", "ชื่อไทย", "คำอธิบาย", "ต้องกรอก")])
        for column in COLUMNS:
            row = (column.name, column.title, column.about, YES if column.needed else "")
            about.append([_text(about, text) for text in row])
        self._book.save(self._file)

    def _cell(self, column: Column, text: str, faq_id: str) -> Any:
        if column.kind == "number":
            return int(text) if text else None
        safe = _HARMFUL.sub(lambda found: f"_x{ord(found.group()[0]):04X}_" + found.group()[1:], text)
        if len(safe) > LONGEST_CELL:
            raise TooLong(
                f"{faq_id}: {column.title} ยาวเกิน {LONGEST_CELL:,} ตัวอักษร ซึ่ง Excel ใส่ในช่องเดียวไม่ได้ กรุณาส่งออกเป็น CSV หรือ YAML"
            )
        return _text(self._sheet, safe) if safe else None


def read(data: bytes) -> tuple[list[Record], list[Problem]]:
    """Read a workbook: the rows that are right, and all problems.

    Raises:
        Refused: it is no workbook of FAQs, or one that would fill the memory.
    """
    with _readable():
        _look_over(data)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        try:
            rows, problems = _rows(_sheet(book))
        finally:
            book.close()
    if not rows:
        raise whole("แผ่นงานนี้ว่างเปล่า")
    records, wrong = read_sheet(rows[0][1], rows[1:], head_row=rows[0][0])
    told = {(one.row, one.column) for one in problems}
    return records, problems + [one for one in wrong if (one.row, one.column) not in told]


@contextmanager
def _readable() -> Iterator[None]:
    """Say in plain words that a file is broken: zipfile, expat and openpyxl raise whatever their parts happen to raise."""
    try:
        yield
    except Refused:
        raise
    except Exception as error:
        raise whole("เปิดไฟล์ไม่ได้: ไฟล์ชำรุดหรือไม่ใช่ Excel (.xlsx)") from error


def _look_over(data: bytes) -> None:
    """Refuse what has a password, would unpack to too much, is damaged, or declares entities."""
    if data.startswith(_OLD_OFFICE):
        raise whole("ไฟล์นี้เป็น .xls รุ่นเก่าหรือตั้งรหัสผ่านไว้ กรุณาบันทึกเป็น .xlsx ที่ไม่มีรหัสผ่าน")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = archive.infolist()
        if len(files) > MOST_FILES or sum(one.file_size for one in files) > UNPACKED:
            raise whole("ไฟล์นี้ขยายแล้วใหญ่เกินไป จึงไม่เปิด กรุณาแบ่งเป็นหลายไฟล์")
        if any(one.flag_bits & 1 for one in files):
            raise whole("ไฟล์นี้ตั้งรหัสผ่านไว้ กรุณาบันทึกโดยไม่มีรหัสผ่าน")
        for one in files:
            _without_entities(archive.read(one))  # never more than the size just added up, and its checksum is compared


def _without_entities(xml: bytes) -> None:
    """Refuse a document type: it is where entities that multiply are declared, and Excel never writes one."""

    def refuse(*_: object) -> None:
        raise whole("ไฟล์นี้มีคำสั่ง XML ที่ Excel ไม่ใช้ จึงไม่เปิด")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    with suppress(expat.ExpatError):  # a picture, or XML that openpyxl will not be able to read either
        parser.Parse(xml, True)


def _sheet(book: Any) -> Any:
    sheets = book.worksheets
    chosen = [sheet for sheet in sheets if sheet.title.strip().casefold() == SHEET.casefold()]
    if not chosen and len(sheets) != 1:
        names = ", ".join(f"“{sheet.title}”" for sheet in sheets[:10])
        raise whole(f"ไม่พบแผ่นงานชื่อ {SHEET} ในไฟล์นี้มี {names or 'แต่แผนภูมิ'}")
    return chosen[0] if chosen else sheets[0]


def _rows(sheet: Any) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    """The rows that are not empty as texts, and the cells that hold something else than text."""
    found: list[tuple[int, list[str]]] = []
    problems: list[Problem] = []
    sheet.reset_dimensions()  # a file may claim any size
    blank: Any = None
    for number, row in enumerate(sheet.iter_rows(max_col=_WIDEST), start=1):
        if number > _LAST_ROW:
            raise whole(f"แผ่นงานมีแถวเกิน {_LAST_ROW:,} ซึ่ง Excel ไม่มี")
        if row is blank:  # openpyxl fills gaps with one and the same row
            continue
        if all(cell.value is None for cell in row):
            blank = row
            continue
        if len(found) > MOST_ROWS:
            raise too_many_rows()
        found.append((number, [_read_text(cell) for cell in row]))
        head = found[0][1]
        problems += [_odd(number, head, place, cell) for place, cell in enumerate(row) if cell.data_type in ("f", "e")]
    return found, problems


def _odd(number: int, head: Sequence[str], place: int, cell: Any) -> Problem:
    column = named(head[place]) if place < len(head) and head[place] else get_column_letter(place + 1)
    words = "ช่องนี้เป็นสูตร ต้องเป็นข้อความ (พิมพ์ ' นำหน้าข้อความที่ขึ้นต้นด้วย =)" if cell.data_type == "f" else f"ช่องนี้มีค่าผิดพลาด {cell.value}"
    return Problem(number, column, words)


def _read_text(cell: Any) -> str:
    value = cell.value
    if value is None or cell.data_type in ("f", "e"):
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H.%M")
    return _ESCAPED.sub(_letter, str(value))


def _letter(found: re.Match[str]) -> str:
    letter = chr(int(found.group(1), 16))
    return found.group() if "\ud800" <= letter <= "\udfff" else letter


def _head(sheet: Any, text: str) -> Any:
    cell = _text(sheet, text)
    cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDE8E4")
    return cell


def _text(sheet: Any, text: str) -> Any:
    """A cell that stays text, also where it begins like a formula and when somebody edits it in Excel."""
    cell = WriteOnlyCell(sheet, text)
    cell.data_type, cell.alignment, cell.number_format = "s", _TOP, "@"
    if text.startswith(_FORMULA):
        cell.quotePrefix = True
    return cell


def _choice(column: Column, letter: str) -> DataValidation:
    rule = DataValidation(type="list", formula1=_CHOICES[column.kind], allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = column.title, column.about[:250]
    rule.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
    return rule
