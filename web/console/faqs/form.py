"""The editor's form: what somebody typed, kept to the letter, and what is wrong with it in plain words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from core import clock, storable
from knowledge_base.entry import Entry
from knowledge_base.hit import Hit

LINES = ("steps", "documents", "variants")
_OPTIONAL = ("fee", "time", "where", "hours", "link")
_BILINGUAL = ("question", "summary")
FIELDS = (
    "group",
    "agency",
    *(f"{name}_{language}" for name in _BILINGUAL for language in ("th", "en")),
    *LINES,
    *_OPTIONAL,
    "source",
    "review_by",
)
LONGEST_SHOWN = 20_000  # letters of a whole answer up to which it is drawn
_EMPTY = "กรุณากรอกช่องนี้"

Mistakes = dict[str, list[str]]


@dataclass(frozen=True)
class Form:
    """The fields as text; those of `LINES` hold one item a line."""

    values: Mapping[str, str]

    @classmethod
    def typed(cls, post: Mapping[str, Any]) -> "Form":
        """What a browser sent. Nothing is cut off: it goes back to the page as it came."""
        return cls({name: _text(post.get(name, "")) for name in FIELDS})

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Form":
        """A FAQ's text as it stands."""
        values = {name: "\n".join(" ".join(item.split("\n")) for item in body[name]) for name in LINES}
        values |= {f"{name}_{language}": body[name][language] for name in _BILINGUAL for language in ("th", "en")}
        values |= {name: body[name] or "" for name in (*_OPTIONAL, "group", "agency", "source", "review_by")}
        return cls(values)

    @classmethod
    def empty(cls, **values: str) -> "Form":
        """A new FAQ, with what is known of it."""
        return cls(dict.fromkeys(FIELDS, "") | values)

    def lines(self, name: str) -> list[str]:
        """The items of a field, without empty ones."""
        return [line for line in (line.strip() for line in self.values[name].split("\n")) if line]

    @property
    def review_day(self) -> str:
        """The day of review in words, "22 พฤษภาคม 2570": browsers show dates in ways of their own."""
        try:
            return clock.thai_date(date.fromisoformat(self.values["review_by"].strip()))
        except ValueError:
            return ""

    def entry(self, faq_id: str, *, verified: bool, reviewed: date | None) -> tuple[Entry | None, Mistakes]:
        """The text if it can be saved, else what is wrong by field: {"fee": ["ยาว 1,048,576 ตัวอักษร ..."]}."""
        data = self._data() | {"id": faq_id, "verified": verified, "reviewed": reviewed}
        mistakes: Mistakes = {}
        if doubled := _doubled(data["variants"]):
            mistakes["variants"] = [f"มีสำนวนซ้ำกัน: {'; '.join(doubled[:5])}"]
        try:
            entry = Entry.model_validate(data)
        except ValidationError as problem:
            for error in problem.errors():
                field, words = _plain(error)
                if words:
                    mistakes.setdefault(field, []).append(words)
            return None, mistakes
        return (None, mistakes) if mistakes else (entry, {})

    def hit(self, faq_id: str, *, verified: bool, reviewed: str | None) -> Hit | None:
        """The answer as far as it is written, for the preview; None for one that is far too long to be drawn."""
        data = self._data()
        if sum(map(len, self.values.values())) > LONGEST_SHOWN:
            return None
        return Hit(
            id=faq_id or "new",
            title=data["question"]["th"] or "…",
            title_en=data["question"]["en"] or "…",
            group=data["group"],
            agency=data["agency"] or "หน่วยงาน",
            score=1.0,
            summary=data["summary"]["th"],
            summary_en=data["summary"]["en"],
            answer={name: data[name] for name in ("steps", "documents", *_OPTIONAL)},
            verified=verified,
            source=data["source"] or "…",
            reviewed=reviewed,
            review_by=data["review_by"],
        )

    def _data(self) -> dict[str, Any]:
        clean = {name: value.strip() for name, value in self.values.items()}
        data: dict[str, Any] = {name: self.lines(name) for name in LINES}
        data |= {name: {language: clean[f"{name}_{language}"] for language in ("th", "en")} for name in _BILINGUAL}
        data |= {name: clean[name] or None for name in _OPTIONAL}
        return data | {name: clean[name] for name in ("group", "agency", "source", "review_by")}


def _text(value: Any) -> str:
    return storable.text(value).replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else ""


def _doubled(lines: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return list(dict.fromkeys(line for line in lines if line in seen or seen.add(line)))  # type: ignore[func-returns-value]


def _plain(error: Mapping[str, Any]) -> tuple[str, str]:
    """One error of pydantic's as a field of the form and a sentence about it."""
    place, kind, limits = [str(part) for part in error["loc"]], error["type"], error.get("ctx", {})
    field = "_".join(place[:2]) if place[0] in _BILINGUAL else place[0]
    line = f"บรรทัดที่ {int(place[1]) + 1:,} " if place[0] in LINES and len(place) > 1 else ""
    if kind == "string_too_long":
        too_long = f"ยาว {len(error['input']):,} ตัวอักษร เกิน {limits['max_length']:,} ตัวอักษร กรุณาย่อให้สั้นลง"
        return field, line + too_long
    if kind == "too_long":
        return field, f"มี {limits['actual_length'] or len(error['input']):,} บรรทัด เกิน {limits['max_length']:,} บรรทัด"
    if field == "link":
        return field, "ลิงก์ต้องขึ้นต้นด้วย https:// และมีชื่อเว็บไซต์"
    if field == "review_by":
        return field, "กรุณาเลือกวันที่"
    if field == "id":
        return field, "ใช้ได้เฉพาะ a-z ตัวเลข และขีดกลางระหว่างคำ ไม่เกิน 80 ตัวอักษร เช่น id-card-lost"
    if field == "group" and error["input"]:
        return field, "กรุณาเลือกหมวดจากรายการ"
    if field == "variants" and not line:
        return field, ""  # doubles were told already
    return field, line + _EMPTY
