"""Answers for the screen: a hit as headed parts, the same on every channel."""

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

    @property
    def text(self) -> str:
        """The lines as text: steps numbered, several lines with bullets."""
        if len(self.lines) < 2:
            return "".join(self.lines)
        if self.name == "steps":
            return "\n".join(f"{number}. {line}" for number, line in enumerate(self.lines, start=1))
        return "\n".join(f"• {line}" for line in self.lines)


@dataclass(frozen=True)
class Display:
    """An answer as plain text in its parts; whoever puts it into HTML escapes it."""

    title: str
    summary: str
    sections: tuple[Section, ...]
    warning: str  # "" once the agency has confirmed the answer
    origin: tuple[Section, ...]  # its source and the day of its last review


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
        warning=_warning(hit, english),
        origin=_origin(hit, english),
    )


def _section(hit: Hit, name: str, english: bool) -> Section:
    value = hit.answer.get(name)
    lines = tuple(value) if isinstance(value, list) else (value,) if value else ()
    return Section(name, _HEADINGS[name][english], lines)


def _unknown(hit: Hit, section: Section, english: bool) -> Section:
    line = f"Please check with {hit.agency}." if english else f"โปรดตรวจสอบกับ{hit.agency}ค่ะ"
    return Section(section.name, section.heading, (line,))


def _warning(hit: Hit, english: bool) -> str:
    if hit.verified:
        return ""
    return "General information; please check with the agency." if english else "ข้อมูลเบื้องต้น โปรดตรวจสอบกับหน่วยงาน"


def _origin(hit: Hit, english: bool) -> tuple[Section, ...]:
    """Say where the answer comes from and when it was last read over."""
    parts = [Section("source", "Source" if english else "ที่มา", (hit.source,))]
    if hit.reviewed:
        day = hit.reviewed if english else clock.thai_date(date.fromisoformat(hit.reviewed))
        parts.append(Section("reviewed", "Last reviewed" if english else "ทบทวนล่าสุด", (day,)))
    return tuple(parts)
