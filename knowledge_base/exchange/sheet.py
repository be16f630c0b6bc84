"""A sheet: a head and rows of cells, whether it came as CSV or XLSX."""

from collections.abc import Iterable, Sequence

from knowledge_base.exchange.column import BY_NAME, COLUMNS, named
from knowledge_base.exchange.problem import Problem, whole
from knowledge_base.exchange.record import Cell, Raw, Record, check
from knowledge_base.exchange.value import split


def read(
    head: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]], *, head_row: int = 1
) -> tuple[list[Record], list[Problem]]:
    """Read all rows below a head.

    Args:
        head: The texts of the first row.
        rows: Each other row's number and texts; rows without any text are passed over.
        head_row: The number of the head's row.

    Returns:
        The rows that are right, and all problems.

    Raises:
        Refused: it is not a sheet of FAQs at all.
    """
    names = [named(text) for text in head]
    if not set(names) & set(BY_NAME):
        raise whole("ไม่พบหัวตาราง: แถวแรกต้องเป็นชื่อคอลัมน์ เช่น id, group, question_th")
    problems = list(_head_problems(head, names, head_row))
    lacking = [column.name for column in COLUMNS if column.name not in names]
    raws: list[Raw] = []
    for number, texts in rows:
        if not any(text.strip() for text in texts):
            continue
        if any(text.strip() for text in texts[len(names) :]):
            problems.append(Problem(number, "", f"แถวนี้มี {len(texts)} ช่อง เกินหัวตารางซึ่งมี {len(names)} ช่อง"))
        raws.append(Raw(number, _cells(names, texts)))
    records, wrong = check(raws, lacking=lacking)
    if not raws and not problems:
        raise whole("ไม่มีข้อมูลใต้หัวตาราง")
    return records, problems + wrong


def _head_problems(head: Sequence[str], names: Sequence[str], row: int) -> Iterable[Problem]:
    for column in COLUMNS:
        if column.name not in names and not column.optional:
            yield Problem(row, column.name, f"ไม่มีคอลัมน์ {column.name} ({column.title})")
    for number, (text, name) in enumerate(zip(head, names, strict=True)):
        if not name:
            continue
        if name in names[:number]:
            yield Problem(row, name, f"มีคอลัมน์ {name} ซ้ำกัน")
        elif name not in BY_NAME:
            yield Problem(row, text.strip()[:60], f"ไม่รู้จักคอลัมน์ “{text.strip()[:60]}” สะกดถูกหรือไม่")


def _cells(names: Sequence[str], texts: Sequence[str]) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    for name, text in zip(names, texts, strict=False):
        column = BY_NAME.get(name)
        if column is not None and name not in found:
            found[name] = split(text) if column.kind == "list" else text
    return found
