"""YAML: the form of the content files. It is read without making any object but texts and lists, and without references."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

import yaml
from yaml import AliasEvent, Event, MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent

from knowledge_base.exchange.column import COLUMNS, Column
from knowledge_base.exchange.encoding import decoded
from knowledge_base.exchange.exported import Exported
from knowledge_base.exchange.limit import MOST_NODES, MOST_ROWS, too_many_rows
from knowledge_base.exchange.problem import Problem, Refused, whole
from knowledge_base.exchange.record import Cell, Raw, Record, check

_DEEPEST = 4  # list, FAQ, part, sentence
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_PARTS: Mapping[str, Column] = {".".join(column.path or (column.name,)): column for column in COLUMNS}
_BILINGUAL = frozenset(column.path[0] for column in COLUMNS if len(column.path) == 2)


@dataclass(frozen=True, slots=True)
class _Node:
    """A piece of a file: a text, a list of nodes, or a list of pairs of nodes."""

    line: int
    text: str | None = None
    items: "list[_Node] | None" = None
    pairs: "list[tuple[_Node, _Node]] | None" = None


class Writer:
    """Writes a YAML file FAQ by FAQ."""

    def __init__(self, file: IO[bytes]) -> None:
        """The caller closes ``file``."""
        self._file, self._empty = file, True

    def add(self, rows: Iterable[Exported]) -> None:
        """Write FAQs."""
        for row in rows:
            dumped = yaml.dump(
                [_plain(row)],
                Dumper=yaml.CSafeDumper,
                allow_unicode=True,
                sort_keys=False,
                default_flow_style=False,
                width=1_000_000,
            )
            self._file.write((dumped if self._empty else f"\n{dumped}").encode("utf-8", "replace"))
            self._empty = False

    def close(self) -> None:
        """Finish the file."""
        if self._empty:
            self._file.write(b"[]\n")


def read(data: bytes) -> tuple[list[Record], list[Problem]]:
    """Read a YAML file: the FAQs that are right, and all problems by line.

    Raises:
        Refused: it is no YAML file of FAQs.
    """
    try:
        root = _tree(decoded(data))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        words = f"จัดรูปแบบ YAML ผิด ({getattr(error, 'problem', None) or 'unreadable'})"
        raise Refused([Problem(mark.line + 1 if mark else 0, "", words)]) from error
    if root is None or root.items is None:
        raise whole("ไฟล์ต้องเป็นรายการคำตอบ แต่ละข้อขึ้นต้นด้วย - id:")
    if not root.items:
        raise whole("ไม่มีคำตอบในไฟล์นี้")
    if len(root.items) > MOST_ROWS:
        raise too_many_rows()
    problems: list[Problem] = []
    raws = [raw for item in root.items if (raw := _raw(item, problems)) is not None]
    records, wrong = check(raws)
    return records, problems + wrong


def _tree(text: str) -> _Node | None:
    """The file as nodes.

    Raises:
        Refused: it has references, a tag, more than one document, or goes deeper than FAQs do.
    """
    events = _counted(yaml.parse(text, Loader=yaml.CSafeLoader))
    root: _Node | None = None
    for event in events:
        if isinstance(event, (ScalarEvent, SequenceStartEvent, MappingStartEvent, AliasEvent)):
            if root is not None:
                raise Refused([Problem(_line(event), "", "ไฟล์ต้องมีเอกสารเดียว ไม่คั่นด้วย ---")])
            root = _node(event, events, 1)
    return root


def _counted(events: Iterable[Event]) -> Iterator[Event]:
    for number, event in enumerate(events):
        if number > MOST_NODES:
            raise whole("ไฟล์มีรายการมากเกินไป กรุณาแบ่งเป็นหลายไฟล์")
        yield event


def _node(event: Event, events: Iterator[Event], depth: int) -> _Node:
    line = _line(event)
    if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
        raise Refused([Problem(line, "", "ใช้การอ้างอิงข้อความ (& และ *) ในไฟล์ไม่ได้ กรุณาเขียนข้อความเต็ม")])
    if getattr(event, "tag", None) not in (None, "!"):
        raise Refused([Problem(line, "", "ใช้ชนิดข้อมูลพิเศษ (!) ในไฟล์ไม่ได้")])
    if isinstance(event, ScalarEvent):
        empty = not event.style and event.value in _NOTHING
        return _Node(line, text="" if empty else event.value)
    if depth > _DEEPEST:
        raise Refused([Problem(line, "", "ข้อมูลซ้อนกันลึกเกินรูปแบบของคำตอบ")])
    if isinstance(event, SequenceStartEvent):
        return _Node(line, items=[_node(one, events, depth + 1) for one in _until(events, SequenceEndEvent)])
    keys = _until(events, MappingEndEvent)
    return _Node(line, pairs=[(_node(key, events, depth + 1), _node(next(events), events, depth + 1)) for key in keys])


def _until(events: Iterator[Event], end: type[Event]) -> Iterator[Event]:
    """The events that begin the parts of a list or mapping; whoever takes one also takes what belongs to it."""
    while not isinstance(event := next(events), end):
        yield event


def _raw(item: _Node, problems: list[Problem]) -> Raw | None:
    if item.pairs is None:
        problems.append(Problem(item.line, "", "แต่ละข้อต้องเป็นคำตอบที่ขึ้นต้นด้วย - id:"))
        return None
    cells: dict[str, Cell] = {}
    lines: dict[str, int] = {}
    before = len(problems)
    for name, key, value in _parts(item.pairs, problems):
        column = _PARTS.get(name)
        if column is None:
            problems.append(Problem(key.line, name[:60], f"ไม่รู้จักส่วน “{name[:60]}” สะกดถูกหรือไม่"))
        elif column.name in lines:
            problems.append(Problem(key.line, column.name, f"มีส่วน {name} ซ้ำกัน"))
        else:
            lines[column.name] = key.line
            cells[column.name] = _cell(column, value, problems)
    return Raw(item.line, cells, lines, frozenset(one.column for one in problems[before:]))


def _parts(pairs: list[tuple[_Node, _Node]], problems: list[Problem]) -> Iterator[tuple[str, _Node, _Node]]:
    """All parts of a FAQ by their full name: "question.th"."""
    seen: set[str] = set()
    for key, value in pairs:
        name = key.text if key.text is not None else ""
        if name not in _BILINGUAL:
            yield name, key, value
        elif name in seen or value.pairs is None:
            words = f"มีส่วน {name} ซ้ำกัน" if name in seen else f"ส่วน {name} ต้องมี th: และ en:"
            problems.extend(Problem(key.line, f"{name}_{language}", words) for language in ("th", "en"))
        else:
            seen.add(name)
            yield from ((f"{name}.{inner.text or ''}", inner, sentence) for inner, sentence in value.pairs)


def _cell(column: Column, value: _Node, problems: list[Problem]) -> Cell:
    if column.kind == "list" and value.items is not None:
        texts = [item.text for item in value.items]
        if all(text is not None for text in texts):
            return [text for text in texts if text]
    elif value.text is not None and (column.kind != "list" or not value.text):
        return value.text
    words = "ส่วนนี้ต้องเป็นรายการข้อความ ขึ้นต้นแต่ละข้อด้วย -" if column.kind == "list" else "ส่วนนี้ต้องเป็นข้อความ"
    problems.append(Problem(value.line, column.name, words))
    return ""


def _line(event: Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 0


def _plain(row: Exported) -> dict[str, Any]:
    """The FAQ as the content files have it: empty parts left out, dates as dates."""
    body = row.entry.model_dump(mode="python")
    found: dict[str, Any] = {"id": body.pop("id"), "version": row.version, "state": row.state}
    if not row.active:
        found["active"] = False
    return found | {name: value for name, value in body.items() if value not in (None, [])}
