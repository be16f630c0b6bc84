"""Answers for the screen: a hit as headed parts and as text, the same in chat, API and pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from core import clock
from knowledge_base.hit import Hit

Language = Literal["th", "en"]

_HEADINGS = {
    "steps": ("ขั้นตอน", "Steps"),
    "documents": ("เอกสารที่ใช้", "Documents"),
    "fee": ("ค่าธรรมเนียม", "Fee"),
    "time": ("ระยะเวลา", "Time"),
    "where": ("ติดต่อที่", "Where"),
    "hours": ("เวลาทำการ", "Hours"),
    "link": ("ข้อมูลเพิ่มเติม", "More information"),
}


@dataclass(frozen=True)
class Section:
    """One headed part: its name as in `Hit.answer`, the heading, and its lines (steps are numbered by their order)."""

    name: str
    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Display:
    """An answer as plain text in its parts; whoever puts it into HTML escapes it."""

    title: str
    summary: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...]


def display(hit: Hit, lang: Language = "th") -> Display:
    """Lay a hit out: the short answer, the parts the city knows, then how far it can be relied on."""
    english = lang == "en"
    names: Sequence[str] = (hit.part,) if hit.part else tuple(_HEADINGS)
    sections = [_section(hit, name, english) for name in names]
    if hit.part == "where":
        sections.append(_section(hit, "link", english))
    shown = [section for section in sections if section.lines or section.name == hit.part]
    return Display(
        title=hit.title_en if english else hit.title,
        summary="" if hit.part else (hit.summary_en if english else hit.summary),
        sections=tuple(section if section.lines else _unknown(hit, section, english) for section in shown),
        notes=_notes(hit, english),
    )


def answer_text(hit: Hit, lang: Language = "th") -> str:
    """The whole answer as text: short answer, steps, documents, fee, time, place, hours, and where it comes from.

    Args:
        hit: What was found; with `part` set, only that part is told.
        lang: "th" or "en"; parts that exist in Thai only stay Thai.
    """
    shown = display(hit, lang)
    blocks = [shown.summary] if shown.summary else []
    blocks += [_block(section) for section in shown.sections]
    blocks.append("\n".join(shown.notes))
    return "\n\n".join(blocks)


def _section(hit: Hit, name: str, english: bool) -> Section:
    value = hit.answer.get(name)
    lines = tuple(value) if isinstance(value, list) else (value,) if value else ()
    return Section(name, _HEADINGS[name][english], lines)


def _unknown(hit: Hit, section: Section, english: bool) -> Section:
    line = f"Please check with {hit.agency}." if english else f"โปรดตรวจสอบกับ{hit.agency}ค่ะ"
    return Section(section.name, section.heading, (line,))


def _block(section: Section) -> str:
    if section.name == "steps" and len(section.lines) > 1:
        lines = [f"{number}. {line}" for number, line in enumerate(section.lines, start=1)]
    elif len(section.lines) > 1:
        lines = [f"• {line}" for line in section.lines]
    else:
        lines = list(section.lines)
    return "\n".join([section.heading, *lines])


def _notes(hit: Hit, english: bool) -> tuple[str, ...]:
    """Say which question was answered, that it is not confirmed yet, the source and when it was last read over."""
    notes = [f"This answers: {hit.title_en}" if english else f"คำตอบของคำถาม: {hit.title}"]
    if not hit.verified:
        notes.append("General information; please check with the agency." if english else "ข้อมูลเบื้องต้น โปรดตรวจสอบกับหน่วยงาน")
    notes.append(f"Source: {hit.source}" if english else f"ที่มา: {hit.source}")
    if hit.reviewed:
        day = clock.thai_date(date.fromisoformat(hit.reviewed))
        notes.append(f"Last reviewed: {hit.reviewed}" if english else f"ทบทวนล่าสุด: {day}")
    return tuple(notes)
