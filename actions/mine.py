"""The citizen's own cases, and which of them a message means."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from actions.turn import Turn
from actions.voice import Voice, choice
from conversations.content import Choice
from conversations.conversation import Conversation
from helpdesk import case as cases
from helpdesk import follower
from helpdesk import number as numbers
from helpdesk import state as states
from helpdesk.record import Case
from helpdesk.state import State

SHOWN = 5
_ATTEMPT = re.compile(r"[Pp][\s.\-]{0,3}\d(?:[\s.\-]{0,3}\d)*")


@dataclass(frozen=True)
class Meant:
    """The case a message means; ``number`` is what was written when there is none, ``several`` what it could be.

    ``own``: the citizen reported it; ``follows``: somebody else did, and they hear of it. A case that was merged is the one
    that goes on.
    """

    case: Case | None = None
    number: str = ""
    several: Sequence[Case] = ()
    own: bool = False
    follows: bool = False

    @property
    def theirs(self) -> bool:
        """Whether they may add to it and object."""
        return self.own or self.follows


async def person_of(session: AsyncSession, turn: Turn) -> str:
    """The person who writes; the conversation's row knows it best, because persons may have been merged."""
    conversation = await session.get(Conversation, turn.conversation_id)
    return conversation.person_id if conversation is not None else turn.person_id


async def meant(session: AsyncSession, turn: Turn, fits: Callable[[Case], bool] = lambda case: True) -> Meant:
    """The case a message means: by its number, else the one spoken of last, else the only one that fits."""
    person = await person_of(session, turn)
    written = written_number(turn)
    if written:
        return await _written(session, written, person)
    mine = await cases.of_person(session, person, SHOWN)
    fitting = [case for case in mine if fits(case)]
    last = str(turn.slots.get("last_case") or "")
    spoken_of = next((case for case in fitting if case.number == last), None)
    if spoken_of is not None or len(fitting) == 1:
        return _meant(spoken_of or fitting[0], person)
    # nothing fits: the newest tells why (it is closed, or not yet)
    return Meant(several=fitting) if fitting or not mine else _meant(mine[0], person)


def _meant(case: Case, person: str) -> Meant:
    """One of the cases a person reported or follows."""
    own = case.person_id == person
    return Meant(case, own=own, follows=not own)


async def _written(session: AsyncSession, number: str, person: str) -> Meant:
    found = await cases.find(session, number)
    if found is None:
        return Meant(number=number)
    case = await cases.survivor(session, found)
    own = case.person_id == person
    return Meant(case, number, own=own, follows=not own and await follower.follows(session, case, person))


def written_number(turn: Turn) -> str:
    """The case number in a message, or what looks like one: "P69-00012" is one with digits missing."""
    number = turn.value("case_number")
    if number:
        return str(number)
    if not numbers.looks_like(turn.words):
        return ""
    attempt = _ATTEMPT.search(turn.words)
    return attempt.group().strip() if attempt else turn.words


def open_still(case: Case) -> bool:
    """Whether something can be added to a case."""
    return State(case.state) not in {*states.FINISHED, State.REJECTED}


def awaits(case: Case) -> bool:
    """Whether a case waits for the citizen to tell more."""
    return case.state == State.WAITING_CITIZEN


def finished(case: Case) -> bool:
    """Whether a case was said to be done."""
    return State(case.state) in states.FINISHED


def choices(several: Sequence[Case], intent: str, voice: Voice) -> list[Choice]:
    """A button for each case: "P69-000123-8 ไฟถนนดับ"."""
    return [choice(f"{case.number} {case.title}", intent, case_number=case.number) for case in several]
