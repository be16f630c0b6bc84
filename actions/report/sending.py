"""The end of a report: it is sent, dropped, or followed by the next."""

from sqlalchemy.ext.asyncio import AsyncSession

from actions import english
from actions.action import Event, TurnAction, slots
from actions.backend import backend
from actions.report import same
from actions.report.draft import OTHER, Draft, erased, shortened
from actions.turn import Turn
from actions.voice import Voice
from conversations import attachment
from conversations.conversation import Conversation
from helpdesk import case as cases
from helpdesk import intake
from helpdesk.category import category
from helpdesk.record import Case


class OpenCase(TurnAction):
    """Sends the confirmed report to the helpdesk and tells its number."""

    called = "action_open_case"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Open the case, or say that the report waits."""
        draft = Draft.of(turn.slots)
        if draft.joins:
            return [*await _join(turn, draft, voice), *_second(draft, voice)]
        if not draft.confirmed:
            if draft.confirmed is False:
                voice.say("utter_report_paused")
            return []
        case = await _opened(turn, draft)
        voice.show(english.opened_card(case) if voice.language == "en" else intake.opened_card(case))
        return [*erased(draft), *_second(draft, voice), *slots(last_case=case.number)]


class GoOn(TurnAction):
    """After a yes that answers nothing in particular: goes on with the second problem or the half-told report."""

    called = "action_go_on"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Begin or resume the report, or ask what else can be done."""
        draft = Draft.of(turn.slots)
        if draft.next or draft.told:
            return [{"event": "followup", "timestamp": None, "name": "report_form"}]
        voice.say("utter_anything_else")
        return []


class Cancel(TurnAction):
    """Drops whatever is being told and says that nothing was sent."""

    called = "action_cancel"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Forget the draft and leave the form."""
        draft = Draft.of(turn.slots)
        voice.say("utter_report_cancelled" if turn.loop or draft.told else "utter_nothing_to_cancel")
        emptied = slots(loose_photos=None, loose_place=None, information=None, information_photos=None, information_case=None)
        return [{"event": "active_loop", "timestamp": None, "name": None}, *erased(draft), *emptied]


async def _join(turn: Turn, draft: Draft, voice: Voice) -> list[Event]:
    async with backend().database.read() as session:
        photos = await own_photos(session, turn.conversation_id, draft.photos or [])
    return await same.join(turn, draft, photos, voice)


async def _opened(turn: Turn, draft: Draft) -> Case:
    async with backend().database.write() as session:
        return await cases.open_case(
            session,
            key=turn.key("case"),
            conversation=await session.get_one(Conversation, turn.conversation_id),
            category=draft.category or OTHER,
            description=_description(draft),
            place=draft.where(),
            photos=await own_photos(session, turn.conversation_id, draft.photos or []),
            contact=draft.reach(),
            consent=draft.reach() is not None,
            happened_at=draft.time,
            actor=turn.actor,
        )


def _description(draft: Draft) -> str:
    """The citizen's words; when there were none, what the case is about."""
    return draft.description if draft.description and draft.description != "-" else category(draft.category or OTHER).title_th


async def own_photos(session: AsyncSession, conversation_id: str, photos: list[str]) -> list[str]:
    """Those of the photos that were sent in this conversation: nobody attaches another's by guessing an id."""
    return [photo for photo in dict.fromkeys(photos) if await attachment.owned(session, photo, conversation_id)]


def _second(draft: Draft, voice: Voice) -> list[Event]:
    """Offer to report the second problem that was told on the way."""
    if not draft.next:
        return []
    voice.say("utter_offer_next", next_about=shortened(str(draft.next.get("words") or "")))
    return slots(report_next=draft.next)
