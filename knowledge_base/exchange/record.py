"""Records: a FAQ as one row, on its way between a file and an entry."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from knowledge_base.entry import Entry
from knowledge_base.exchange.column import COLUMNS, Column, place
from knowledge_base.exchange.problem import Problem
from knowledge_base.exchange.value import BadValue, a_date, a_number, a_state, a_yes, clean

Cell = str | list[str]
_READERS: Mapping[str, Callable[[str], Any]] = {"date": a_date, "yes": a_yes, "state": a_state, "number": a_number}


@dataclass(frozen=True)
class Raw:
    """A row as it was read: text or a list of texts by column name. An empty cell may be left out.

    ``lines`` are the lines on which single parts stand, where a file's rows have many (YAML); ``said`` names the columns
    whose problem was told already.
    """

    row: int
    cells: Mapping[str, Cell]
    lines: Mapping[str, int] = field(default_factory=dict)
    said: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Record:
    """A row whose parts are right. ``version``, ``state`` and ``active`` are None where the file does not say."""

    row: int
    entry: Entry
    version: int | None = None
    state: str | None = None
    active: bool | None = None


def tidy(entry: Entry) -> Entry:
    """The entry as every file gives it back: line ends of one kind, and no character that cannot be seen and harms files."""
    return Entry.model_validate(_tidied(entry.body()))


def check(raws: Iterable[Raw], *, lacking: Iterable[str] = ()) -> tuple[list[Record], list[Problem]]:
    """Read every row.

    Args:
        raws: The rows of a file.
        lacking: Columns that the whole sheet lacks, which was said already.

    Returns:
        The rows that are right, and the problems of all others.
    """
    records: list[Record] = []
    problems: list[Problem] = []
    first: dict[str, int] = {}
    told = frozenset(lacking)
    for raw in raws:
        record, wrong = _read(raw, raw.said | told)
        faq_id = raw.cells.get("id", "")
        if isinstance(faq_id, str) and (faq_id := clean(faq_id)):
            if faq_id in first:
                wrong.append(Problem(_line(raw, "id"), "id", f"รหัส {faq_id[:80]} ซ้ำกับแถว {first[faq_id]}"))
            first.setdefault(faq_id, _line(raw, "id"))
        problems += wrong
        if record is not None and not wrong:
            records.append(record)
    return records, problems


def changed(before: Entry, after: Entry) -> list[str]:
    """The names of the columns in which two entries differ."""
    old, new = before.body(), after.body()
    return [column.name for column in COLUMNS if column.path and _part(old, column.path) != _part(new, column.path)]


def cells(entry: Entry) -> dict[str, Any]:
    """The parts of an entry by column name: text, list of texts, True, False or None."""
    body = entry.body()
    return {column.name: _part(body, column.path) for column in COLUMNS if column.path}


def _read(raw: Raw, told: frozenset[str]) -> tuple[Record | None, list[Problem]]:
    problems: dict[str, list[str]] = {}
    body: dict[str, Any] = {"question": {}, "summary": {}}
    about: dict[str, Any] = {}
    for column in COLUMNS:
        try:
            value = _value(column, raw.cells.get(column.name, ""))
        except BadValue as bad:
            problems[column.name] = [str(bad)]
            continue
        if value in (None, ""):
            continue
        if column.path:
            _set(body, column.path, value)
        else:
            about[column.name] = value
    known = told | set(problems)
    entry, wrong = _entry(body)
    for name, words in wrong:
        if name not in known:
            problems.setdefault(name, []).append(words)
    found = [Problem(_line(raw, name), name, words) for name, all_words in problems.items() for words in all_words]
    return (Record(raw.row, entry, **about) if entry is not None else None), found


def _value(column: Column, cell: Cell) -> Any:
    if column.kind == "list":
        items = [cell] if isinstance(cell, str) else cell
        return [text for item in items if (text := clean(item))]
    text = clean("\n".join(cell) if isinstance(cell, list) else cell)
    return _READERS[column.kind](text) if text and column.kind in _READERS else text


def _entry(body: Mapping[str, Any]) -> tuple[Entry | None, list[tuple[str, str]]]:
    try:
        return Entry.model_validate(body), []
    except ValidationError as error:
        return None, [_plain(one["loc"], one["type"], one["msg"], one.get("ctx", {}), body) for one in error.errors()]


def _plain(
    path: Sequence[str | int], kind: str, message: str, context: Mapping[str, Any], body: Mapping[str, Any]
) -> tuple[str, str]:
    """The column and what is wrong with it, in Thai."""
    column = place(tuple(path))
    if kind == "string_too_long":
        words = f"ยาวเกิน {context['max_length']} ตัวอักษร"
    elif kind == "too_long":
        words = f"มี {context['actual_length']} ข้อ เกินที่กำหนด {context['max_length']} ข้อ"
    elif kind in ("missing", "string_too_short"):
        words = "ช่องนี้ว่าง ต้องกรอก"
    elif kind == "string_pattern_mismatch":
        words = "ใช้ได้เฉพาะ a-z, 0-9 และขีดกลางคั่นคำ เช่น id-card-lost"
    elif column == "id":
        words = "รหัสนี้ใช้เป็นที่อยู่ของหน้าอื่นแล้ว กรุณาใช้รหัสอื่น"
    elif column == "link":
        words = "ลิงก์ต้องขึ้นต้นด้วย https:// และมีชื่อเว็บไซต์"
    elif column == "variants" and kind == "value_error":
        words = _twice(body["variants"])
    else:
        words = message.removeprefix("Value error, ")
    numbers = [part for part in path if isinstance(part, int)]
    return column, f"ข้อ {numbers[0] + 1}: {words}" if numbers else words


def _twice(items: Sequence[str]) -> str:
    again = next((item for number, item in enumerate(items) if item in items[:number]), "")
    return f"มีข้อที่ซ้ำกัน: “{again[:60]}”" if again else "มีข้อที่ซ้ำกัน"


def _line(raw: Raw, column: str) -> int:
    return raw.lines.get(column, raw.row)


def _part(body: Mapping[str, Any], path: Sequence[str]) -> Any:
    value: Any = body
    for name in path:
        value = value[name]
    return value


def _set(body: dict[str, Any], path: Sequence[str], value: Any) -> None:
    for name in path[:-1]:
        body = body[name]
    body[path[-1]] = value


def _tidied(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _tidied(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_tidied(part) for part in value]
    return clean(value) if isinstance(value, str) else value
