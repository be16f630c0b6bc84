"""Corrections in free words: "แก้สถานที่เป็นซอย 5", "ไม่ใช่ถนนพหลโยธิน เป็นวิภาวดี"."""

import re
from dataclasses import replace

from actions import phrases
from actions.report import telling, titles
from actions.report.draft import Draft
from actions.report.reading import Reading
from actions.turn import Turn

_CHANGE = r"(?:ขอ|อยาก|ช่วย|จะ|please\s+)?\s*(?:แก้ไข|แก้|เปลี่ยน|ปรับ|change|correct|edit)\s*(?:the\s+|my\s+)?"
_TO = r"\s*(?:ให้)?\s*(?:(?:จาก|from)\s*(?P<from>.+?)\s*)?(?:เป็น|ว่า|to|:)\s*(?P<to>.+)$"
_FIELDS: dict[str, str] = {
    "place": r"สถานที่(?:เกิดเหตุ)?|ที่อยู่|จุดเกิดเหตุ|จุด|ตำแหน่ง|พิกัด|ที่เกิดเหตุ|ซอย|ถนน|place|location|address",
    "category": r"หมวด(?:หมู่)?|ประเภท(?:เรื่อง)?|category|kind|type",
    "description": r"รายละเอียด|คำอธิบาย|ข้อความ|เนื้อหา|description|details?",
    "photos": r"รูป(?:ภาพ|ถ่าย)?|ภาพ|photos?|pictures?",
    "contact": r"เบอร์(?:โทร(?:ศัพท์)?)?|โทรศัพท์|ชื่อ|ข้อมูลติดต่อ|phone(?:\s+number)?|contact|number|name",
}
_NAMED = {field: re.compile(rf"^{_CHANGE}(?P<what>{words})(?P<rest>.*)$", re.IGNORECASE) for field, words in _FIELDS.items()}
_NEW_VALUE = re.compile(r"^" + _TO, re.IGNORECASE)
_NOT_BUT = re.compile(
    r"^(?:(?:อ๋อ|อ่อ|เอ้ย|no|sorry|ขอโทษ)[\s,]*)?(?:ไม่ใช่|not)\s*(?P<old>\S.*?)[\s,]*(?:ค่ะ|ครับ|คะ)?[\s,]*"
    r"(?:แต่เป็น|แต่|ต้องเป็น|เป็น|ที่ถูกคือ|คือ|but|it is|it's)\s*(?P<new>\S.*)$",
    re.IGNORECASE,
)
_POLITE = re.compile(r"\s*(?:นะ)?(?:ค่ะ|คะ|ครับ|คับ|จ้า|จ้ะ)\s*$")
_KINDS = ("ถนน", "ซอย", "หมู่บ้าน", "หมู่", "ตำบล", "อำเภอ", "เขต", "แขวง", "จังหวัด")
_CORRECTED = ("utter_changed",)


def read(turn: Turn, draft: Draft) -> Reading | None:
    """Read a correction of what was told; None when the words are none."""
    reading = _named_change(turn, draft) or _not_but(turn, draft)
    if reading is None:
        return None
    # what was changed is shown afresh, however often the summary was not understood
    tries = {name: count for name, count in reading.draft.tries.items() if name != "confirmed"}
    return replace(reading, draft=reading.draft.but(tries=tries))


def reopened(draft: Draft, field: str) -> Reading:
    """Ask for a field again, forgetting what was told."""
    tries = {name: count for name, count in draft.tries.items() if name != field}
    cleared = draft.but(tries=tries, **{field: None})
    return Reading(cleared.but(guess=None) if field == "category" else cleared, ask=field)


def _named_change(turn: Turn, draft: Draft) -> Reading | None:
    for field, pattern in _NAMED.items():
        match = pattern.match(turn.words)
        if match and _told(draft, field):
            return _change(turn, draft, field, match["what"], match["rest"])
    return None


def _not_but(turn: Turn, draft: Draft) -> Reading | None:
    match = _NOT_BUT.match(turn.words)
    return _instead(turn, draft, match["old"], _bare(match["new"])) if match else None


def _told(draft: Draft, field: str) -> bool:
    return getattr(draft, field) is not None


def _change(turn: Turn, draft: Draft, field: str, what: str, rest: str) -> Reading | None:
    value = _NEW_VALUE.match(rest)
    if value is None:
        return reopened(draft, field) if len(_bare(rest)) < 8 else None
    new = _bare(value["to"])
    if field == "place":
        return _place(turn, draft, f"{what}{new}" if what in _KINDS and not new.startswith(what) else new)
    if field == "category":
        named = titles.named(new) or telling.told_category(turn)
        return Reading(draft.but(category=named), _CORRECTED) if named else reopened(draft, "category")
    if field == "description":
        return Reading(draft.but(description=new), _CORRECTED)
    phone = turn.value("phone")
    if field == "contact" and (phone or what.startswith(("ชื่อ", "name"))):
        told = {"phone": str(phone)} if phone else {"name": new}
        return Reading(draft.but(contact={**(draft.contact or {}), **told, "consent": True}), _CORRECTED)
    return reopened(draft, field)


def _place(turn: Turn, draft: Draft, new: str) -> Reading:
    found = [entity for entity in turn.entities if entity.get("entity") == "place" and str(entity["value"]) in new]
    return Reading(draft.but(place={"text": new, **telling.areas(found)}), _CORRECTED)


def _instead(turn: Turn, draft: Draft, old: str, new: str) -> Reading | None:
    """Put the new in the place of the old, wherever the old was told."""
    text = (draft.place or {}).get("text") or ""
    if old in text:
        return _place(turn, draft, text.replace(old, _same_kind(old, new)))
    if draft.description and old in draft.description:
        corrected = draft.but(description=draft.description.replace(old, _same_kind(old, new)))
        if draft.place is None and (phrases.names_a_place(old) or phrases.names_a_place(new)):
            return _place(turn, corrected, _same_kind(old, new))
        return Reading(corrected, _CORRECTED)
    named = titles.named(new)
    if named and draft.category is not None and not phrases.names_a_place(new):
        return Reading(draft.but(category=named), _CORRECTED)
    if draft.place is not None and (phrases.names_a_place(new) or phrases.names_a_place(old) or turn.value("place")):
        return _place(turn, draft, _same_kind(old, new))
    return None


def _same_kind(old: str, new: str) -> str:
    """Keep what kind of place it is: "ถนนพหลโยธิน", "วิภาวดี" -> "ถนนวิภาวดี"."""
    kind = next((kind for kind in _KINDS if old.startswith(kind)), "")
    return new if not kind or new.startswith(_KINDS) else f"{kind}{new}"


def _bare(words: str) -> str:
    return _POLITE.sub("", words).strip()
