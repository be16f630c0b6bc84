"""Cards of the chat: the report before it is sent, the case once it is open, and how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from conversations.content import Card, CardField, Choice
from core import clock, privacy
from helpdesk import category as categories
from helpdesk import notice
from helpdesk import state as states
from helpdesk.place import Place
from helpdesk.public import PublicCase
from helpdesk.record import Case
from helpdesk.state import State
from helpdesk.timeline import TimelineEntry

_NOTHING = "ไม่ได้ระบุ"
_LATEST = 5  # lines of a time line that a chat can show; the page has them all

_CONFIRM = [
    Choice(title="ยืนยันส่งเรื่อง", payload="/affirm"),
    Choice(title="แก้ไข", payload="/deny"),
    Choice(title="ยกเลิก", payload="/cancel"),
]


@dataclass(frozen=True, slots=True)
class Draft:
    """A report as far as it has been told. ``photos`` are ids of attachments."""

    category: str | None = None
    description: str | None = None
    place: Place | None = None
    happened_at: str | None = None
    photos: Sequence[str] = ()
    contact: str | None = None


def missing(draft: Draft) -> list[str]:
    """The slots still needed, in the order in which to ask: of ``category``, ``description`` and ``place``.

    A place is needed only where the category cannot be worked without one; pictures, time and contact never are.
    """
    kind = categories.category(draft.category) if draft.category else None
    needed = {
        "category": kind is None,
        "description": not (draft.description or "").strip(),
        "place": (kind is None or kind.place) and not (draft.place and draft.place.known),
    }
    return [slot for slot, absent in needed.items() if absent]


def summary_card(draft: Draft) -> Card:
    """What will be sent, for the citizen to confirm, correct (``/deny``) or drop."""
    kind = categories.category(draft.category) if draft.category else None
    values = (
        ("ประเภท", f"{kind.emoji} {kind.title_th}" if kind else ""),
        ("รายละเอียด", (draft.description or "").strip()),
        ("สถานที่", draft.place.words() if draft.place else ""),
        ("เวลา", (draft.happened_at or "").strip()),
        ("รูปภาพ", f"{len(draft.photos)} รูป" if draft.photos else "ไม่มี"),
        ("ผู้ติดต่อ", (draft.contact or "").strip()),
    )
    fields = [CardField(label=label, value=value or _NOTHING) for label, value in values]
    secret = "\nเรื่องนี้จะเก็บเป็นความลับ ไม่แสดงรายละเอียดต่อสาธารณะค่ะ" if kind and kind.confidential else ""
    return Card(title="ตรวจสอบก่อนส่งเรื่อง", text=f"ข้อมูลถูกต้องไหมคะ{secret}", fields=fields, choices=_CONFIRM)


def opened_card(case: Case) -> Card:
    """The case is open: its number, who looks after it, and where to follow it."""
    return Card(
        title="ส่งเรื่องเรียบร้อยแล้วค่ะ",
        subtitle=case.number,
        text=f"เลขที่เรื่องคือ {case.number} เก็บไว้ใช้ติดตามเรื่องนะคะ เมื่อมีความคืบหน้าจะแจ้งให้ทราบในแชตนี้ค่ะ",
        fields=_fields(("เรื่อง", case.title), ("สถานที่", case.place_text), ("หน่วยงาน", case.unit)),
        choices=[notice.follow(case.number, case.link_key)],
        case_number=case.number,
    )


def status_card(case: Case, timeline: Sequence[TimelineEntry]) -> Card:
    """How a case stands, for its reporter only; anybody else gets `public_card`.

    Args:
        case: The case.
        timeline: ``await timeline(session, case, "reporter")``.
    """
    return Card(
        title=states.label(case.state),
        subtitle=case.number,
        text=_lines(timeline),
        fields=_fields(
            ("เรื่อง", case.title),
            ("สถานที่", case.place_text),
            ("หน่วยงาน", case.unit),
            ("แจ้งเมื่อ", clock.thai_datetime(case.opened_at)),
        ),
        choices=_status_choices(State(case.state), notice.follow(case.number, case.link_key)),
        case_number=case.number,
    )


def public_card(view: PublicCase) -> Card:
    """How a case stands, for somebody who knows its number but did not report it."""
    return Card(
        title=view.state_label,
        subtitle=view.number,
        text=_lines(view.timeline),
        fields=_fields(
            ("ประเภท", view.category or ""),
            ("สถานที่", view.place or ""),
            ("หน่วยงาน", view.unit or ""),
            ("แจ้งเมื่อ", view.opened),
        ),
        choices=[notice.follow(view.number)],
        case_number=view.number,
    )


def _status_choices(state: State, follow: Choice) -> list[Choice]:
    if state in states.FINISHED:
        return [Choice(title="ยังไม่เรียบร้อย", payload="/dispute_case_closed"), follow]
    if state is State.REJECTED:
        return [follow]
    return [Choice(title="แจ้งข้อมูลเพิ่ม", payload="/add_case_information"), follow]


def joined_card(case: Case) -> Card:
    """Somebody follows a case that another reported: its number, and that they will hear of it. Masked, as for the public."""
    return Card(
        title="ติดตามเรื่องร่วมแล้วค่ะ",
        subtitle=case.number,
        text=f"เพิ่มข้อมูลในเรื่อง {case.number} แล้ว เมื่อมีความคืบหน้าจะแจ้งให้ทราบในแชตนี้ค่ะ ส่งรูปหรือข้อมูลเพิ่มได้นะคะ",
        fields=_fields(
            ("เรื่อง", privacy.mask(case.title)),
            ("สถานที่", privacy.mask(case.place_text)),
            ("สถานะ", states.label(case.state)),
            ("หน่วยงาน", case.unit),
        ),
        choices=[Choice(title="แจ้งข้อมูลเพิ่ม", payload=_adding(case.number)), notice.follow(case.number)],
        case_number=case.number,
    )


def _adding(number: str) -> str:
    return f'/add_case_information{{"case_number":"{number}"}}'


def _fields(*pairs: tuple[str, str]) -> list[CardField]:
    return [CardField(label=label, value=value) for label, value in pairs if value]


def _lines(timeline: Sequence[TimelineEntry]) -> str:
    """The latest of a time line, oldest first: ``22 พ.ย. 69 14.30 น. รับเรื่องแล้ว``."""
    return "\n".join(_line(entry) for entry in timeline[-_LATEST:])


def _line(entry: TimelineEntry) -> str:
    line = f"{clock.thai_datetime(entry.at, short=True)} {entry.label}"
    return f"{line}: {entry.text}" if entry.text else line
