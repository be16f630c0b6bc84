"""Formats: YAML, CSV and XLSX behind one reader and one kind of writer."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, Literal, Protocol

from knowledge_base.exchange import csv_file, xlsx_file, yaml_file
from knowledge_base.exchange.exported import Exported
from knowledge_base.exchange.limit import LARGEST
from knowledge_base.exchange.problem import Problem, whole
from knowledge_base.exchange.record import Record

Kind = Literal["yaml", "csv", "xlsx"]
_Read = tuple[list[Record], list[Problem]]


class Writer(Protocol):
    """Writes one file; `close` must be called, and leaves the file itself open."""

    def add(self, rows: Iterable[Exported]) -> None:
        """Write FAQs."""

    def close(self) -> None:
        """Finish the file."""


@dataclass(frozen=True)
class Format:
    """One kind of file. ``unit`` is what its rows are called."""

    title: str
    ending: str
    content_type: str
    unit: str
    read: Callable[[bytes], _Read]
    writer: Callable[[IO[bytes]], Writer]


FORMATS: Mapping[Kind, Format] = {
    "xlsx": Format(
        "Excel (XLSX)",
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "แถว",
        xlsx_file.read,
        xlsx_file.Writer,
    ),
    "csv": Format("CSV", ".csv", "text/csv", "แถว", csv_file.read, csv_file.Writer),
    "yaml": Format("YAML", ".yml", "application/yaml", "บรรทัด", yaml_file.read, yaml_file.Writer),
}
_ENDINGS: Mapping[str, Kind] = {
    ".yml": "yaml",
    ".yaml": "yaml",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xls": "xlsx",
}


def kind_of(name: str) -> Kind:
    """The kind of a file by the ending of its name: "คำตอบ.xlsx" -> "xlsx".

    Raises:
        Refused: the ending is another one.
    """
    kind = _ENDINGS.get(PurePath(name).suffix.lower())
    if kind is None:
        raise whole("ชื่อไฟล์ต้องลงท้ายด้วย .xlsx, .csv, .yml หรือ .yaml")
    return kind


def read(data: bytes, kind: Kind) -> _Read:
    """Read a file: the FAQs that are right, and all problems. It may take seconds: call it in a thread.

    Raises:
        Refused: nothing of it can be read.
    """
    if len(data) > LARGEST:
        raise too_large()
    if not data.strip():
        raise whole("ไฟล์นี้ว่างเปล่า")
    return FORMATS[kind].read(data)


def too_large() -> Exception:
    """For a file of more bytes than are read."""
    return whole(f"ไฟล์ใหญ่เกิน {LARGEST // 1024 // 1024} MB กรุณาแบ่งเป็นหลายไฟล์")
