"""The citizen's own data: what is kept, and requests to the data protection officer."""

from actions import english, mine
from actions.action import Event, TurnAction, slots
from actions.backend import backend
from actions.report.draft import OTHER
from actions.turn import Turn
from actions.voice import Voice
from conversations.conversation import Conversation
from helpdesk import case as cases
from helpdesk import intake

_MOST = 100
# what is wished, the words that tell it, and what the officer reads
_WISHES: dict[str, tuple[tuple[str, ...], str]] = {
    "delete": (("ลบ", "ล้าง", "เอาออก", "ทำลาย", "delete", "erase", "remove"), "ขอลบข้อมูลส่วนบุคคล"),
    "withdraw": (("ถอนความยินยอม", "ยกเลิกความยินยอม", "ไม่ยินยอม", "withdraw"), "ขอถอนความยินยอม"),
    "correct": (("แก้", "เปลี่ยน", "ไม่ถูกต้อง", "correct", "change", "update"), "ขอแก้ไขข้อมูลส่วนบุคคลให้ถูกต้อง"),
    "copy": (("สำเนา", "ขอดู", "ดูข้อมูล", "copy", "see", "access"), "ขอดูและขอรับสำเนาข้อมูลส่วนบุคคล"),
}
_WORDS = {"copy": "copy of data", "correct": "correct data", "delete": "delete data", "withdraw": "withdraw consent"}


class MyData(TurnAction):
    """Tells what is kept and offers a request; a yes opens it."""

    called = "action_my_data"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Count what there is and offer the rights."""
        async with backend().database.read() as session:
            person = await mine.person_of(session, turn)
            count = sum(case.person_id == person for case in await cases.of_person(session, person, _MOST))
        choices = [voice.choice(word, "request_data_case", kind=kind) for kind, word in _WORDS.items()]
        voice.say("utter_my_data", [*choices, voice.choice("no", "deny")], case_count=count)
        return slots(data_wish=wished(turn.words))


class OpenDataCase(TurnAction):
    """Opens a case for the data protection officer."""

    called = "action_open_data_case"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Open it and tell its number."""
        kind = str(turn.value("kind") or turn.slots.get("data_wish") or "copy")
        request = _WISHES.get(kind, _WISHES["copy"])[1]
        async with backend().database.write() as session:
            case = await cases.open_case(
                session,
                key=turn.key("data"),
                conversation=await session.get_one(Conversation, turn.conversation_id),
                category=OTHER,
                description=f"{request} (คำขอใช้สิทธิของเจ้าของข้อมูลส่วนบุคคล ตาม PDPA)",
                place=None,
                photos=(),
                contact=None,
                consent=False,
                happened_at=None,
                actor=turn.actor,
            )
        voice.say("utter_data_case_opened")
        voice.show(english.opened_card(case) if voice.language == "en" else intake.opened_card(case))
        return slots(last_case=case.number, data_wish=None)


def wished(words: str) -> str:
    """Which right somebody wants to use: "ลบข้อมูลผมออก" -> ``delete``; ``copy`` when it is not said."""
    folded = words.casefold()
    return next((kind for kind, (signs, _) in _WISHES.items() if any(sign in folded for sign in signs)), "copy")
