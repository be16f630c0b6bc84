"""Columns: how each part of a FAQ is called in a sheet, what it holds and how it is explained."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "list", "date", "yes", "state", "number"]


@dataclass(frozen=True)
class Column:
    """One column. ``path`` leads to its part of an entry; columns without one speak of the row itself.

    ``width`` is in letters, for Excel. A sheet may lack an ``optional`` column; a ``needed`` one must be filled in.
    """

    name: str
    title: str
    about: str
    kind: Kind = "text"
    path: tuple[str, ...] = ()
    width: int = 30
    needed: bool = False
    optional: bool = False


def _part(name: str, title: str, about: str, kind: Kind = "text", *, width: int = 30, needed: bool = False) -> Column:
    base, _, language = name.rpartition("_")
    path = (base, language) if language in {"th", "en"} else (name,)
    return Column(name, title, about, kind, path, width, needed)


COLUMNS: tuple[Column, ...] = (
    _part("id", "รหัส", "อักษรอังกฤษตัวเล็ก ตัวเลข และขีด เช่น id-card-lost ไม่เปลี่ยนตลอดอายุของคำตอบ ห้ามซ้ำ", needed=True),
    Column(
        "version",
        "รุ่น",
        "เลขรุ่นขณะส่งออก ใช้ตรวจว่ามีผู้แก้ไขหลังจากนั้นหรือไม่ โปรดอย่าแก้ คำตอบใหม่ให้เว้นว่าง",
        "number",
        width=8,
        optional=True,
    ),
    Column(
        "state",
        "สถานะ",
        "draft = ร่าง, in_review = รอตรวจทาน, published = เผยแพร่แล้ว, archived = เลิกใช้ ข้อความที่นำเข้าเป็นร่างเสมอ ผู้อื่นต้องตรวจก่อนเผยแพร่",
        "state",
        width=12,
        optional=True,
    ),
    Column(
        "active",
        "เปิดใช้",
        "ใช่ หรือ ไม่ใช่ คำตอบที่ปิดอยู่จะไม่แสดงต่อประชาชน คำตอบที่มีอยู่แล้วให้เปิดปิดในคอนโซล",
        "yes",
        width=9,
        optional=True,
    ),
    _part("group", "หมวด", "รหัสหมวด เช่น civil-registration", width=22, needed=True),
    _part("agency", "หน่วยงาน", "หน่วยงานที่รับผิดชอบ", needed=True),
    _part("question_th", "คำถาม (ไทย)", "คำถามเต็มภาษาไทย", width=45, needed=True),
    _part("question_en", "คำถาม (อังกฤษ)", "คำถามเต็มภาษาอังกฤษ", width=45, needed=True),
    _part("summary_th", "คำตอบสั้น (ไทย)", "คำตอบสั้นที่แสดงก่อน", width=60, needed=True),
    _part("summary_en", "คำตอบสั้น (อังกฤษ)", "คำตอบสั้นภาษาอังกฤษ", width=60, needed=True),
    _part("steps", "ขั้นตอน", "บรรทัดละหนึ่งข้อ (Alt+Enter ขึ้นบรรทัดใหม่ในช่อง)", "list", width=45),
    _part("documents", "เอกสาร", "บรรทัดละหนึ่งรายการ", "list", width=40),
    _part("fee", "ค่าธรรมเนียม", "ไม่แน่ใจให้เว้นว่าง"),
    _part("time", "ระยะเวลา", "เวลาที่ใช้หรือกำหนดเวลา ไม่แน่ใจให้เว้นว่าง"),
    _part("where", "สถานที่", "ยื่นได้ที่ไหน"),
    _part("hours", "เวลาทำการ", "วันและเวลาทำการ"),
    _part("link", "ลิงก์", "เว็บไซต์ของหน่วยงาน ขึ้นต้นด้วย https://"),
    _part("source", "แหล่งอ้างอิง", "กฎหมายหรือหน่วยงานที่เป็นที่มา", needed=True),
    _part("review_by", "ทบทวนภายใน", "วันที่ เช่น 2027-05-22 หรือ 22/05/2570", "date", width=13, needed=True),
    _part("verified", "หน่วยงานยืนยันแล้ว", "ใช่ หรือ ไม่ใช่ เว้นว่างหมายถึงไม่ใช่", "yes", width=10),
    _part("reviewed", "ทบทวนล่าสุด", "วันที่ เช่น 2026-11-22 หรือ 22/11/2569 หรือเว้นว่าง", "date", width=13),
    _part("variants", "คำถามแบบอื่น", "คำที่ประชาชนใช้ถาม บรรทัดละหนึ่งแบบ ห้ามซ้ำกัน", "list", width=50),
)
BY_NAME: Mapping[str, Column] = {column.name: column for column in COLUMNS}
_BY_TITLE = {column.title: column.name for column in COLUMNS}


def named(head: str) -> str:
    """The name of the column that a head cell means, by its name or Thai title: "คำถาม (ไทย)" -> "question_th"; else as it is."""
    plain = " ".join(head.split())
    lower = plain.lower().replace(".", "_").replace(" ", "_")
    return lower if lower in BY_NAME else _BY_TITLE.get(plain, plain)


def place(path: tuple[str | int, ...]) -> str:
    """The column of an entry's part: ("question", "th") -> "question_th", ("steps", 3) -> "steps"."""
    for column in COLUMNS:
        if column.path and path[: len(column.path)] == column.path:
            return column.name
    return str(path[0]) if path else ""
