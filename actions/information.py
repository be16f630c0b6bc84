"""More words or photos for a case that is open already."""

from collections.abc import Sequence

from actions import mine, phrases
from actions.action import Event, TurnAction, slots
from actions.backend import backend
from actions.report.pressed import located
from actions.report.sending import own_photos
from actions.turn import Turn
from actions.voice import Voice
from conversations.content import Position
from helpdesk import case as cases
from helpdesk.record import Case

FORM = "information_form"
_ASIDE = frozenset({"emergency", "cancel", "check_case_status", "ask_service", "talk_to_human", "choose_faq", "change_language"})
_DONE = slots(requested_slot=None)


class ValidateInformationForm(TurnAction):
    """Finds out which case is meant and what is to be added."""

    called = "validate_information_form"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Take what the message tells, or ask for it."""
        if turn.slots.get("requested_slot") != "information" or _names_another(turn):
            return await _begin(turn, voice)
        number = str(turn.slots.get("information_case") or "")
        if [name for name in turn.done if name != FORM]:
            voice.say("utter_what_information", number=number)
            return slots(requested_slot="information")
        return _answer(turn, voice)


class AddInformation(TurnAction):
    """Writes what was told into the case."""

    called = "action_add_information"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Add it and say so."""
        if turn.loop == "report_form":
            voice.say("utter_finish_report_first")
            return []
        told, number = turn.slots.get("information"), str(turn.slots.get("information_case") or "")
        if not number or told is None:
            return []
        await write(turn, number, str(told), list(turn.slots.get("information_photos") or []))
        voice.say("utter_information_added", number=number)
        return [*_forgotten(), *slots(last_case=number)]


def _names_another(turn: Turn) -> bool:
    """Whether a button of another case was pressed while words for one are waited for."""
    return turn.structured and turn.intent == "add_case_information"


async def _begin(turn: Turn, voice: Voice) -> list[Event]:
    words = turn.words if turn.words and not phrases.says_nothing(turn.words) else turn.slots.get("information")
    photos = [*(turn.slots.get("loose_photos") or []), *turn.values("photo")] or None
    kept = slots(information=words, information_photos=photos, loose_photos=None)
    async with backend().database.read() as session:
        meant = await mine.meant(session, turn, mine.open_still)
    if meant.several:
        voice.say("utter_which_case", mine.choices(meant.several, "add_case_information", voice))
        return [*kept, *_DONE]
    if not _open(meant, voice) or meant.case is None:
        return [*_forgotten(), *_DONE]
    if words or photos:
        return [*kept, *slots(information=words or "", information_case=meant.case.number), *_DONE]
    voice.say("utter_what_information", number=meant.case.number)
    return slots(information_case=meant.case.number, requested_slot="information")


def _answer(turn: Turn, voice: Voice) -> list[Event]:
    if turn.intent == "provide_photo":
        return [*slots(information="", information_photos=turn.values("photo")), *_DONE]
    if turn.intent == "provide_location":
        return [*slots(information=""), *_DONE]
    if turn.structured or (turn.intent in _ASIDE and turn.confidence >= 0.5):
        return []
    if turn.intent == "deny" or phrases.unknown(turn.words):
        voice.say("utter_anything_else")
        return [*_forgotten(), *_DONE]
    return [*slots(information=turn.words), *_DONE]


def _open(meant: mine.Meant, voice: Voice) -> bool:
    if meant.case is None:
        voice.say("utter_case_not_found" if meant.number else "utter_no_cases", number=meant.number)
    elif not meant.theirs:
        voice.say("utter_case_not_yours", number=meant.case.number)
    elif not mine.open_still(meant.case):
        voice.say("utter_information_closed", number=meant.case.number)
    else:
        return True
    return False


async def write(turn: Turn, number: str, words: str, photos: Sequence[str]) -> Case | None:
    """Add words, own photos and the position of this very message to a case, or to the one with which it was merged."""
    where = located(turn) or {}
    position = Position.model_validate({"label": where.pop("text"), **where}) if where else None
    async with backend().database.write() as session:
        case = await cases.find(session, number)
        if case is None:
            return None
        return await cases.add_information(
            session,
            await cases.survivor(session, case),
            key=turn.key("information"),
            text=words,
            photos=await own_photos(session, turn.conversation_id, list(photos)),
            position=position,
            actor=turn.actor,
            person_id=await mine.person_of(session, turn),
        )


def _forgotten() -> list[Event]:
    return slots(information=None, information_photos=None, information_case=None)
