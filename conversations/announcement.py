"""What a citizen is told around the part of a conversation in which a person answers, in Thai and English."""

from core.settings import settings

_TAKEN = ("คุณกำลังคุยกับเจ้าหน้าที่ของ{city}แล้วค่ะ", "You are now talking to a member of staff of {city}.")
_PASSED_ON = (
    "เจ้าหน้าที่ของ{city}อีกคนมาดูแลต่อแล้วค่ะ ไม่ต้องเล่าใหม่นะคะ",
    "Another member of staff of {city} goes on from here. You need not tell it again.",
)
_RETURNED = ("กลับมาคุยกับผู้ช่วยอัตโนมัติแล้วค่ะ", "You are talking to the automatic assistant again.")
_REQUEUED = (
    "เจ้าหน้าที่ส่งต่อให้ผู้รับผิดชอบเรื่องนี้ค่ะ กรุณารอสักครู่ ไม่ต้องเล่าใหม่นะคะ",
    "You are being passed on to those responsible. One moment please; you need not tell it again.",
)
_LOST = (
    "ขออภัยค่ะ เจ้าหน้าที่หลุดจากระบบ กำลังหาเจ้าหน้าที่คนอื่นมาดูแลต่อค่ะ",
    "Sorry, the member of staff was cut off. We are looking for somebody else.",
)
_LEFT = (
    "ออกจากคิวแล้วค่ะ กลับมาคุยกับผู้ช่วยอัตโนมัติแล้วค่ะ มีอะไรให้ช่วยพิมพ์ได้เลยค่ะ",
    "You have left the queue and are talking to the automatic assistant again. How can I help?",
)
_LATE = (
    "ขออภัยค่ะ ยังไม่มีเจ้าหน้าที่ว่าง จึงเปิดเรื่องให้เจ้าหน้าที่ติดต่อกลับแล้วค่ะ เลขที่เรื่องคือ {number}\nกลับมาคุยกับผู้ช่วยอัตโนมัติแล้วค่ะ",
    "Sorry, nobody is free yet. We have opened a case so that staff contact you: {number}\n"
    "You are talking to the automatic assistant again.",
)
_CLOSED = (
    "ขออภัยค่ะ ขณะนี้อยู่นอกเวลาที่เจ้าหน้าที่ตอบแชต จึงเปิดเรื่องให้เจ้าหน้าที่ติดต่อกลับแล้วค่ะ เลขที่เรื่องคือ {number}\nกลับมาคุยกับผู้ช่วยอัตโนมัติแล้วค่ะ",
    "Sorry, staff do not answer chats at this hour. We have opened a case so that they contact you: {number}\n"
    "You are talking to the automatic assistant again.",
)
_QUEUED = ("ส่งต่อให้เจ้าหน้าที่แล้วค่ะ กรุณารอสักครู่", "You have been put through to our staff. One moment please.")
_STANDING = ("รับข้อความไว้แล้วค่ะ เจ้าหน้าที่จะเห็นเมื่อเข้ามาคุย", "Our staff will see this message when they join.")
_PLACE = ("คุณอยู่คิวที่ {position}", "You are number {position} in the queue.")
_WITHIN = ("ส่วนใหญ่รอไม่เกิน {minutes} นาที", "Most people wait no longer than {minutes} minutes.")
_URGENT = (
    "หากมีอันตรายอยู่ตอนนี้ ไม่ต้องรอเจ้าหน้าที่ โทรได้ทันทีค่ะ\n• 191 ตำรวจ เหตุด่วนเหตุร้าย\n• 199 ดับเพลิง\n"
    "• 1669 เจ็บป่วยฉุกเฉิน\n• 1323 สายด่วนสุขภาพจิต",
    "If anyone is in danger now, do not wait for an officer. Call at once:\n• 191 police\n• 199 fire brigade\n"
    "• 1669 medical emergency\n• 1323 mental health line",
)
STAY, STAY_EN = "กลับไปคุยกับบอท", "Back to the bot"  # LINE and Messenger show 20 signs of a button


def taken(language: str) -> str:
    """A person has taken the conversation."""
    return _said(_TAKEN, language)


def passed_on(language: str) -> str:
    """A colleague of the person has taken it."""
    return _said(_PASSED_ON, language)


def returned(language: str) -> str:
    """The assistant answers again."""
    return _said(_RETURNED, language)


def requeued(language: str) -> str:
    """The person has put it back into the queue."""
    return _said(_REQUEUED, language)


def lost(language: str) -> str:
    """The person's screen is gone."""
    return _said(_LOST, language)


def left(language: str) -> str:
    """The citizen did not want to wait."""
    return _said(_LEFT, language)


def nobody_came(language: str, number: str, *, closed: bool) -> str:
    """A case was opened instead: ``number`` is its number."""
    return _said(_CLOSED if closed else _LATE, language, number=number)


def queued(language: str, position: int, minutes: int | None) -> str:
    """Just put into the queue: "… คุณอยู่คิวที่ 2 ส่วนใหญ่รอไม่เกิน 5 นาทีค่ะ"."""
    return f"{_said(_QUEUED, language)}\n{standing(language, position, minutes)}"


def noted(language: str, position: int, minutes: int | None) -> str:
    """Written while waiting."""
    return f"{_said(_STANDING, language)}\n{standing(language, position, minutes)}"


def urgent(language: str) -> str:
    """Written while waiting, by somebody in danger."""
    return _said(_URGENT, language)


def standing(language: str, position: int, minutes: int | None) -> str:
    """The place in the queue, and the time where it is known."""
    parts = [_said(_PLACE, language, position=position)]
    if minutes is not None:
        parts.append(_said(_WITHIN, language, minutes=minutes))
    return " ".join(parts) if language == "en" else f"{' '.join(parts)} ค่ะ"


def stay(language: str) -> str:
    """The button that leaves the queue."""
    return STAY_EN if language == "en" else STAY


def _said(words: tuple[str, str], language: str, **values: object) -> str:
    city = settings().city_en if language == "en" else settings().city_th
    return words[language == "en"].format(city=city, **values)
