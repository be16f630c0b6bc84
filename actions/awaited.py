"""The case that waits for the citizen: what they write or send next is their answer, without a button or a command."""

from collections.abc import Sequence

from actions import information, mine
from actions.action import Event, slots
from actions.backend import backend
from actions.turn import Turn
from actions.voice import Voice


async def heard(turn: Turn, voice: Voice, photos: Sequence[str] = ()) -> list[Event] | None:
    """Add words, photos or a position to the case that waits for them; asks which, if several do.

    Gives None when no case waits, and in the middle of a form, whose question comes first.
    """
    if turn.loop:
        return None
    async with backend().database.read() as session:
        meant = await mine.meant(session, turn, mine.awaits)
    if meant.several:
        voice.say("utter_which_case", mine.choices(meant.several, "add_case_information", voice))
        return slots(information=turn.words or None, loose_photos=list(photos) or None)
    if meant.case is None or not meant.theirs or not mine.awaits(meant.case):
        return None
    await information.write(turn, meant.case.number, turn.words, photos)
    voice.say("utter_information_added", number=meant.case.number)
    return slots(last_case=meant.case.number, loose_photos=None)
