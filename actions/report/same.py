"""The same matter: an open case that a report seems to repeat, looked for as soon as its kind and its place are known."""

import json

from sqlalchemy.ext.asyncio import AsyncSession

from actions import mine, phrases
from actions.action import Event, slots
from actions.backend import backend
from actions.report.draft import OTHER, Draft, erased, shortened
from actions.report.reading import GIVE_UP, Reading
from actions.turn import Turn
from actions.voice import Voice
from conversations.conversation import Conversation
from core import privacy
from helpdesk import case as cases
from helpdesk import duplicates, intake
from helpdesk import state as states
from helpdesk.duplicates import Near
from helpdesk.error import CaseMerged, NotJoinable
from helpdesk.record import Case

_LONG_ENOUGH = 12  # letters of words that add something


async def looked(turn: Turn, draft: Draft) -> Draft:
    """The draft with the case that may be the same, once kind and place are told; looked for anew when one was corrected."""
    if draft.kind == "contact" or draft.description is None or draft.category is None or not draft.place:
        return draft
    held = draft.duplicate or {}
    if held.get("number") and "about" not in held and not held.get("answer"):
        return draft  # the case that waits for the citizen is asked about first
    about = json.dumps([draft.category, draft.place], ensure_ascii=False, sort_keys=True)
    if held.get("about") == about:
        return draft
    async with backend().database.read() as session:
        near = await duplicates.find(session, draft.category or OTHER, draft.where())
        person = await mine.person_of(session, turn)
    found = _told(near, person) if near else {}
    if found and found["number"] == held.get("number") and held.get("answer") == "no":
        found["answer"] = "no"  # the same case is not asked about twice
    return draft.but(duplicate={"about": about, **found})


async def answer_perhaps(turn: Turn, draft: Draft) -> Draft:
    """The draft with the citizen's own case that waits for them: words that sound like a report may be the answer to it."""
    async with backend().database.read() as session:
        meant = await mine.meant(session, turn, mine.awaits)
    if meant.case is None or not meant.own or not mine.awaits(meant.case):
        return draft
    return draft.but(duplicate=_told(Near(meant.case, None), meant.case.person_id))


def ask(draft: Draft, voice: Voice) -> None:
    """Ask whether it is the same, with the number and a way to say no."""
    found = draft.duplicate or {}
    response = "utter_ask_duplicate_own" if found.get("own") else "utter_ask_duplicate"
    state = states.label(str(found.get("state")), voice.language)
    voice.say(response, number=found.get("number"), about=shortened(str(found.get("title"))), state=state)


def read(turn: Turn, draft: Draft) -> Reading:
    """Read words as the answer. Whoever is not understood twice goes on with a report of their own: nothing is lost."""
    if turn.intent == "affirm":
        return Reading(draft.answered("join"), stop=True)
    if phrases.skips(turn.words) or turn.intent == "skip" or (turn.intent == "deny" and "รูป" in turn.words):
        return Reading(draft.answered("no").but(photos=draft.photos or []))  # the answer to the next question, said early
    if turn.intent == "deny":
        return Reading(draft.answered("no"))
    tried = draft.tried("duplicate")
    if turn.words and len(turn.words) >= _LONG_ENOUGH:
        tried = tried.but(description=f"{draft.description}\n{turn.words}" if draft.description else turn.words)
    return Reading(tried if tried.times("duplicate") < GIVE_UP else tried.answered("no"))


async def join(turn: Turn, draft: Draft, photos: list[str], voice: Voice) -> list[Event]:
    """Follow the other case instead of opening one; when it has just ended, the report goes on."""
    number = str((draft.duplicate or {}).get("number") or "")
    async with backend().database.write() as session:
        case = await cases.find(session, number)
        joined = await _joined(session, turn, draft, case, photos) if case is not None else None
    if joined is None:
        voice.say("utter_not_joined", number=number)
        return [*draft.answered("no").events(draft), {"event": "followup", "timestamp": None, "name": "report_form"}]
    if (draft.duplicate or {}).get("own"):
        voice.say("utter_information_added", number=joined.number)
    else:
        voice.show(intake.joined_card(joined))
    return [*erased(draft), *slots(last_case=joined.number)]


async def _joined(session: AsyncSession, turn: Turn, draft: Draft, case: Case, photos: list[str]) -> Case | None:
    conversation = await session.get_one(Conversation, turn.conversation_id)
    words = "" if draft.description == "-" else draft.description or ""
    place = draft.where()
    told = "\n".join(part for part in (words, place.words() if place else "") if part)
    try:
        if case.person_id == conversation.person_id:
            return await cases.add_information(
                session, case, key=turn.key("join"), text=told, photos=photos, position=None, actor=turn.actor
            )
        return await cases.join(
            session, case, key=turn.key("join"), conversation=conversation, text=told, photos=photos, actor=turn.actor
        )
    except (NotJoinable, CaseMerged):
        return None


def _told(near: Near, person: str) -> dict[str, object]:
    own = near.case.person_id == person
    title = near.case.title if own else privacy.mask(near.case.title)
    return {"number": near.case.number, "title": title, "state": near.case.state, "own": own}
