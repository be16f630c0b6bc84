"""The time line of a case: its history as people read it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import clock, privacy
from helpdesk import record
from helpdesk import state as states
from helpdesk.record import Case, CaseEvent

Audience = Literal["public", "reporter", "staff"]

_LABELS = {
    record.ADDED: "ผู้แจ้งให้ข้อมูลเพิ่มเติม",
    record.DISPUTED: "ผู้แจ้งขอให้ตรวจสอบอีกครั้ง",
    record.NOTE: "บันทึกจากเจ้าหน้าที่",
    record.FORWARDED: "ส่งต่อหน่วยงานที่รับผิดชอบ",
    record.INVITED: "เชิญหน่วยงานร่วมดำเนินการ",
    record.DISMISSED: "สิ้นสุดการร่วมดำเนินการ",
    record.LATE: "เกินกำหนดเวลา",
    record.ASSIGNED: "มอบหมายงาน",
    record.PRIORITY: "ความสำคัญ",
    record.LABELLED: "ป้าย",
    record.JOINED: "มีผู้แจ้งเรื่องเดียวกันเพิ่ม",
    record.MERGED: "รวมกับเรื่องอื่น",
    record.ABSORBED: "รวมเรื่องอื่นเข้ามา",
    record.SPLIT: "แยกเป็นอีกเรื่อง",
    record.RELATED: "เชื่อมกับเรื่องอื่น",
    record.RATED: "ผู้แจ้งให้คะแนน",
}


class TimelineEntry(BaseModel):
    """One line: when, what, and what was said with it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: datetime
    date: str  # "22 พฤศจิกายน 2569 เวลา 14.30 น."
    kind: str  # a word of `helpdesk.record`: opened, state, added, …
    state: str  # the case's state after it
    label: str
    text: str
    public: bool


async def timeline(session: AsyncSession, case: Case, audience: Audience = "public") -> list[TimelineEntry]:
    """The time line of a case, oldest first.

    Args:
        session: Any transaction.
        case: The case.
        audience: ``public`` sees public events, masked, and of a confidential case no words at all; ``reporter`` sees the
            same unmasked and what they added themselves; ``staff`` sees everything.
    """
    query = select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.sequence)
    events: Sequence[CaseEvent] = (await session.scalars(query)).all()
    return [_entry(case, event, audience) for event in events if _visible(event, audience)]


def _visible(event: CaseEvent, audience: Audience) -> bool:
    if audience == "staff" or event.public:
        return True
    # what somebody else who follows the case added is not the reporter's to read
    return audience == "reporter" and event.kind == record.ADDED and not event.detail.get("follower")


def _entry(case: Case, event: CaseEvent, audience: Audience) -> TimelineEntry:
    return TimelineEntry(
        at=event.at,
        date=clock.thai_datetime(event.at),
        kind=event.kind,
        state=event.state,
        label=_LABELS.get(event.kind) or states.label(event.state),
        text=_text(case, event) if audience == "public" else event.text,
        public=event.public,
    )


def _text(case: Case, event: CaseEvent) -> str:
    """What the public may read of an event: never the citizen's words, nothing of a confidential case."""
    return "" if case.confidential or event.kind == record.DISPUTED else privacy.mask(event.text)
