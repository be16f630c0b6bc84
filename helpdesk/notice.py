"""What the reporter is told when a case changes, and where."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from conversations import outbox
from conversations.content import Card, CardField, Choice
from conversations.conversation import Conversation
from core.settings import settings
from helpdesk import state as states
from helpdesk.record import Case, CaseConversation, CaseEvent
from helpdesk.state import State

_WORDS: dict[State, str] = {
    State.NEW: "ได้รับเรื่อง “{title}” ไว้แล้วค่ะ",
    State.ACCEPTED: "เจ้าหน้าที่รับเรื่อง “{title}” แล้ว และส่งให้{unit}ดูแลต่อค่ะ",
    State.IN_PROGRESS: "เจ้าหน้าที่กำลังดำเนินการเรื่อง “{title}” ค่ะ",
    State.WAITING_CITIZEN: "เจ้าหน้าที่ขอข้อมูลเพิ่มเติมเรื่อง “{title}” ค่ะ พิมพ์ตอบหรือส่งรูปในแชตนี้ได้เลยค่ะ",
    State.WAITING_AGENCY: "เรื่อง “{title}” อยู่ระหว่างรอหน่วยงานที่เกี่ยวข้องค่ะ หากมีความคืบหน้าจะแจ้งให้ทราบนะคะ",
    State.DONE: "เรื่อง “{title}” ดำเนินการเสร็จแล้วค่ะ หากยังไม่เรียบร้อย แจ้งกลับได้ภายใน 14 วันนะคะ",
    State.CLOSED: "ปิดเรื่อง “{title}” แล้วค่ะ หากยังพบปัญหา แจ้งกลับได้ภายใน 14 วันนะคะ",
    State.REJECTED: "ขออภัยค่ะ เรื่อง “{title}” ไม่สามารถรับดำเนินการได้ เหตุผลอยู่ในหมายเหตุค่ะ",
    State.REOPENED: "เปิดเรื่อง “{title}” ขึ้นมาตรวจสอบอีกครั้งแล้วค่ะ",
}


def forwarded_card(case: Case, reason: str) -> Card:
    """Tell who has the case now, and why: ``ส่งต่อให้แขวงทางหลวงดูแลแล้วค่ะ``."""
    lines = (("หน่วยงาน", case.unit), ("สถานที่", case.place_text), ("เหตุผล", reason), ("เลขที่เรื่อง", case.number))
    return Card(
        title="ส่งต่อหน่วยงานที่รับผิดชอบ",
        subtitle=case.title,
        text=f"เรื่อง “{case.title}” ส่งต่อให้{case.unit}ดูแลแล้วค่ะ หากมีความคืบหน้าจะแจ้งให้ทราบนะคะ",
        fields=[CardField(label=label, value=value) for label, value in lines if value],
        choices=[follow(case.number)],
        case_number=case.number,
    )


def card(case: Case, note: str = "") -> Card:
    """Tell of a case's present state in the case's own words.

    Args:
        case: The case as it is now.
        note: The officer's word to the citizen: "เปลี่ยนหลอดไฟแล้ว 3 ดวง".
    """
    lines = (("สถานที่", case.place_text), ("หมายเหตุ", note), ("เลขที่เรื่อง", case.number))
    return Card(
        title=states.label(case.state),
        subtitle=case.title,
        text=_WORDS[State(case.state)].format(title=case.title, unit=case.unit),
        fields=[CardField(label=label, value=value) for label, value in lines if value],
        choices=[follow(case.number)],
        case_number=case.number,
    )


def follow(number: str) -> Choice:
    """The button that opens a case's page."""
    return Choice(title="ติดตามเรื่อง", kind="link", payload=f"{settings().base_url}/cases/{number}")


async def send(session: AsyncSession, case: Case, event: CaseEvent, told: Card | None = None) -> None:
    """Write the notice of a change to every conversation of the reporter that speaks of the case.

    It leaves if, and only if, the caller's transaction is committed. Without ``told`` it is the card of the present state.
    """
    query = (
        select(Conversation)
        .join(CaseConversation, CaseConversation.conversation_id == Conversation.id)
        .where(CaseConversation.case_id == case.id, Conversation.person_id == case.person_id)
        .order_by(Conversation.id)  # one order for all, so that two transactions cannot wait for each other
        .with_for_update(of=Conversation)
        .execution_options(populate_existing=True)
    )
    told = told or card(case, event.text)
    for conversation in (await session.scalars(query)).all():
        key = f"case:{case.number}:{event.id}:{conversation.id}"
        await outbox.put(session, conversation, "system", told, key=key)
