"""Following a case, and objecting when it was closed too early."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from actions import english, mine
from actions.action import Event, TurnAction, slots
from actions.backend import backend
from actions.turn import Turn
from actions.voice import Voice
from conversations.content import Card, Carousel
from helpdesk import case as cases
from helpdesk import intake
from helpdesk.error import DisputeTooLate, NotFinished, NotRateable
from helpdesk.record import Case

_STILL_BROKEN = "ยังไม่เรียบร้อย"


class CaseStatus(TurnAction):
    """Tells how a case stands: all of it to its reporter, what is public to others."""

    called = "action_case_status"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Show the case of the number, or the citizen's own."""
        async with backend().database.read() as session:
            if mine.written_number(turn):
                return await _one(session, turn, voice)
            person = await mine.person_of(session, turn)
            own = await cases.of_person(session, person, mine.SHOWN)
            if not own:
                voice.say("utter_no_cases")
                return []
            cards = [await _card(session, case, voice, own=case.person_id == person) for case in own]
        if len(cards) == 1:
            voice.show(cards[0])
            return slots(last_case=own[0].number)
        voice.say("utter_your_cases")
        shown = [card.model_copy(update={"choices": _numbered(card)}) for card in cards]
        voice.show(Carousel(text="\n".join(f"{card.subtitle} {card.title}" for card in cards), cards=shown))
        return []


class Dispute(TurnAction):
    """Reopens a case that was said to be done but is not."""

    called = "action_dispute"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Record the objection, or say why it cannot be."""
        async with backend().database.read() as session:
            meant = await mine.meant(session, turn, mine.finished)
        if meant.several:
            voice.say("utter_which_case", mine.choices(meant.several, "dispute_case_closed", voice))
            return slots(information=turn.words or None)
        if not _may_change(meant, voice) or meant.case is None:
            return []
        voice.say(await _disputed(turn, meant.case), number=meant.case.number)
        return slots(last_case=meant.case.number, information=None)


class Rate(TurnAction):
    """Keeps the stars that the reporter of a finished case gave by pressing one."""

    called = "action_rate_case"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Keep them and ask for a word, or say why they cannot be kept."""
        async with backend().database.read() as session:
            meant = await mine.meant(session, turn, mine.finished)
        if meant.case is None or not meant.own:
            _may_change(replace(meant, follows=False), voice)
            return []
        number, stars = meant.case.number, str(turn.value("stars") or "")
        try:
            async with backend().database.write() as session:
                await cases.rate(
                    session, meant.case, key=turn.key("rate"), stars=int(stars) if stars.isdecimal() else 0, actor=turn.actor
                )
        except NotRateable:
            voice.say("utter_case_not_rateable", number=number)
            return []
        voice.say("utter_case_rated", number=number)
        return slots(rated_case=number, last_case=number)


async def _disputed(turn: Turn, case: Case) -> str:
    """Reopen a case; the response that tells how it went."""
    words = turn.words or str(turn.slots.get("information") or _STILL_BROKEN)
    try:
        async with backend().database.write() as session:
            await cases.dispute(session, case, key=turn.key("dispute"), text=words, actor=turn.actor)
    except NotFinished:
        return "utter_dispute_not_closed"
    except DisputeTooLate:
        return "utter_dispute_too_late"
    return "utter_disputed"


async def _one(session: AsyncSession, turn: Turn, voice: Voice) -> list[Event]:
    meant = await mine.meant(session, turn)
    if meant.case is None:
        voice.say("utter_case_not_found", number=meant.number)
        return []
    voice.show(await _card(session, meant.case, voice, own=meant.own))
    if not meant.theirs:
        return []
    return slots(last_case=meant.case.number)


async def _card(session: AsyncSession, case: Case, voice: Voice, *, own: bool) -> Card:
    """All of a case to its reporter, what is public to everybody else."""
    if not own:
        return intake.public_card(await cases.public_view(session, case))
    if voice.language == "en":
        return english.status_card(case)
    return intake.status_card(case, await cases.timeline(session, case, "reporter"))


def _numbered(card: Card) -> list[object]:
    """The card's buttons, each naming its case: of several cards a button alone would not say which."""
    number = f'{{"case_number":"{card.case_number}"}}'
    return [
        button.model_copy(update={"payload": button.payload + number}) if button.kind == "reply" else button
        for button in card.choices
    ]


def _may_change(meant: mine.Meant, voice: Voice) -> bool:
    """Whether the case is there and the citizen's own, or one they follow; says so if not."""
    if meant.case is None:
        voice.say("utter_case_not_found" if meant.number else "utter_no_cases", number=meant.number)
    elif not meant.theirs:
        voice.say("utter_case_not_yours", number=meant.case.number)
    return meant.case is not None and meant.theirs
