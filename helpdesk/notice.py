"""What those who follow a case are told when it changes, and where.

The reporter reads their own words. Others, who joined or whose case was merged into this one, read them masked, as the
public does, and get no address by which a case can be rated.
"""

import json
from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from conversations import outbox
from conversations.content import Card, CardField, Choice, Outward, Text
from conversations.conversation import Conversation
from core import privacy
from core.settings import settings
from helpdesk import state as states
from helpdesk.record import Case, CaseConversation, CaseEvent, CaseFollower
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
_STARS = ("1 ★ ไม่พอใจ", "2 ★ ควรปรับปรุง", "3 ★ พอใช้", "4 ★ ดี", "5 ★ ดีมาก")
_RATE = "เรื่อง “{title}” ({number}) ปิดแล้ว การดูแลเรื่องนี้เป็นอย่างไรบ้างคะ ให้คะแนน 1 ถึง 5 ดาวได้เลยค่ะ"


def forwarded_card(case: Case, reason: str, *, own: bool) -> Card:
    """Tell who has the case now, and why: ``ส่งต่อให้แขวงทางหลวงดูแลแล้วค่ะ``. Others than the reporter read all words masked."""
    said = str if own else privacy.mask
    return Card(
        title="ส่งต่อหน่วยงานที่รับผิดชอบ",
        subtitle=said(case.title),
        text=f"เรื่อง “{said(case.title)}” ส่งต่อให้{case.unit}ดูแลแล้วค่ะ หากมีความคืบหน้าจะแจ้งให้ทราบนะคะ",
        fields=_fields(
            ("หน่วยงาน", case.unit),
            ("สถานที่", said(case.place_text)),
            ("เหตุผล", said(reason)),
            ("เลขที่เรื่อง", case.number),
        ),
        choices=[_followed(case, own)],
        case_number=case.number,
    )


def card(case: Case, note: str = "", *, own: bool = True) -> Card:
    """Tell of a case's present state in the case's own words.

    Args:
        case: The case as it is now.
        note: The officer's word to the citizen: "เปลี่ยนหลอดไฟแล้ว 3 ดวง".
        own: Whether the reader is the reporter; others read all words masked.
    """
    said = str if own else privacy.mask
    lines = (("สถานที่", said(case.place_text)), ("หมายเหตุ", said(note)), ("เลขที่เรื่อง", case.number))
    return Card(
        title=states.label(case.state),
        subtitle=said(case.title),
        text=_WORDS[State(case.state)].format(title=said(case.title), unit=case.unit),
        fields=_fields(*lines),
        choices=[*_objecting(case), *_answering(case), _followed(case, own)],
        case_number=case.number,
    )


def merged_card(case: Case, into: Case, *, own: bool) -> Card:
    """Tell that a case goes on under another number. ``own``: whether the reader reported the other one, too."""
    said = str if own else privacy.mask
    return Card(
        title="รวมเรื่องแล้ว",
        subtitle=into.number,
        text=f"เรื่อง {case.number} เป็นเรื่องเดียวกับ {into.number} จึงรวมกันแล้วค่ะ จากนี้จะแจ้งความคืบหน้าของ {into.number} ให้ทราบแทนนะคะ",
        fields=_fields(("เรื่อง", said(into.title)), ("สถานที่", said(into.place_text)), ("สถานะ", states.label(into.state))),
        choices=[_followed(into, own)],
        case_number=into.number,
    )


def split_card(case: Case, new: Case) -> Card:
    """Tell the reporter that a part of their case has a number of its own."""
    return Card(
        title="แยกเป็นเรื่องใหม่",
        subtitle=new.number,
        text=f"เรื่อง {case.number} มีมากกว่าหนึ่งเรื่อง เจ้าหน้าที่จึงแยกส่วนนี้เป็นเรื่อง {new.number} และจะแจ้งความคืบหน้าของทั้งสองเรื่องค่ะ",
        fields=_fields(("เรื่อง", new.title), ("สถานที่", new.place_text), ("หน่วยงาน", new.unit)),
        choices=[_followed(new, own=True)],
        case_number=new.number,
    )


def rating_question(case: Case) -> Text:
    """Ask for 1 to 5 stars, the best first."""
    stars = reversed(list(enumerate(_STARS, start=1)))
    return Text(
        text=_RATE.format(title=case.title, number=case.number),
        choices=[Choice(title=title, payload=_payload("rate_case", case, stars=str(number))) for number, title in stars],
        case_number=case.number,
    )


def follow(number: str, key: str = "") -> Choice:
    """The button that opens a case's page; ``key`` is the secret by which the page knows its reporter."""
    secret = f"?k={key}" if key else ""
    return Choice(title="ติดตามเรื่อง", kind="link", payload=f"{settings().base_url}/cases/{number}{secret}")


async def send(session: AsyncSession, case: Case, event: CaseEvent) -> None:
    """Write the notice of a change to every conversation that follows the case, and ask the reporter of a closed one for stars.

    It leaves if, and only if, the caller's transaction is committed.
    """
    asks = case.state == State.CLOSED and case.solved_at is not None
    for conversation in await _followers(session, case):
        own = conversation.person_id == case.person_id
        await _put(session, conversation, case, event, card(case, event.text, own=own))
        if own and asks:
            await _put(session, conversation, case, event, rating_question(case), ":stars")


async def tell_disputed(session: AsyncSession, case: Case, event: CaseEvent) -> None:
    """Tell those who follow a case that it was reopened; who disputed it knows, and their words are not passed on."""
    for conversation in await _followers(session, case):
        if event.actor != f"citizen:{conversation.person_id}":
            await _put(session, conversation, case, event, card(case, own=conversation.person_id == case.person_id))


async def tell_forwarded(session: AsyncSession, case: Case, event: CaseEvent, reason: str) -> None:
    """Tell those who follow a case which agency has it now."""
    for conversation in await _followers(session, case):
        told = forwarded_card(case, reason, own=conversation.person_id == case.person_id)
        await _put(session, conversation, case, event, told)


async def tell_merged(session: AsyncSession, case: Case, into: Case, event: CaseEvent) -> None:
    """Tell those who followed a case that it goes on under another number."""
    for conversation in await _followers(session, case):
        told = merged_card(case, into, own=conversation.person_id == into.person_id)
        await _put(session, conversation, case, event, told)


async def tell_split(session: AsyncSession, case: Case, new: Case, event: CaseEvent) -> None:
    """Tell the reporter of a case that a part of it became another."""
    for conversation in await _followers(session, new):
        await _put(session, conversation, case, event, split_card(case, new))


async def _followers(session: AsyncSession, case: Case) -> Sequence[Conversation]:
    """The conversations in which reporter and followers speak of the case, locked."""
    others = select(CaseFollower.person_id).where(CaseFollower.case_id == case.id)
    query = (
        select(Conversation)
        .join(CaseConversation, CaseConversation.conversation_id == Conversation.id)
        .where(
            CaseConversation.case_id == case.id,
            or_(Conversation.person_id == case.person_id, Conversation.person_id.in_(others)),
        )
        .order_by(Conversation.id)  # one order for all, so that two transactions cannot wait for each other
        .with_for_update(of=Conversation)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(query)).all()


async def _put(
    session: AsyncSession, conversation: Conversation, case: Case, event: CaseEvent, told: Outward, part: str = ""
) -> None:
    key = f"case:{case.number}:{event.id}:{conversation.id}{part}"
    await outbox.put(session, conversation, "system", told, key=key)


def _objecting(case: Case) -> list[Choice]:
    if case.state not in states.FINISHED:
        return []
    return [Choice(title="ยังไม่เรียบร้อย", payload=_payload("dispute_case_closed", case))]


def _answering(case: Case) -> list[Choice]:
    if case.state != State.WAITING_CITIZEN:
        return []
    return [Choice(title="ตอบเจ้าหน้าที่", payload=_payload("add_case_information", case))]


def _followed(case: Case, own: bool) -> Choice:
    return follow(case.number, case.link_key if own else "")


def _payload(intent: str, case: Case, **values: str) -> str:
    return f"/{intent}{json.dumps({'case_number': case.number, **values}, separators=(',', ':'))}"


def _fields(*pairs: tuple[str, str]) -> list[CardField]:
    return [CardField(label=label, value=value) for label, value in pairs if value]
