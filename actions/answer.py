"""Answers to questions on public services, from the knowledge base and nowhere else."""

from collections.abc import Sequence

from actions import phrases
from actions.action import Event, TurnAction, slots
from actions.backend import backend
from actions.card import answer_card, offer
from actions.turn import Turn
from actions.voice import Voice
from knowledge_base import questions
from knowledge_base.answer import Language
from knowledge_base.hit import Hit
from knowledge_base.search import Found

_RELATED = 0.1  # how well another FAQ must fit to be offered below the answer


class Answer(TurnAction):
    """Answers, offers up to three questions, or says that there is no answer and lets the curators know."""

    called = "action_answer"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Search for the citizen's words; a button without words asks for the question."""
        if turn.structured:
            voice.say("utter_ask_question")
            return []
        answered = await search_and_answer(turn, voice)
        if answered is not None:
            return answered
        voice.say("utter_no_answer")
        return slots(last_faq=None, last_question=turn.words, offered_faqs=None)


class ChooseFaq(TurnAction):
    """Answers one of the offered questions."""

    called = "action_choose_faq"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Show it, unless the curators have taken it away since."""
        hit = await backend().search.get(str(turn.value("faq") or ""))
        if hit is None:
            voice.say("utter_no_answer")
            return slots(last_faq=None)
        _show(hit, (), voice)
        return slots(last_faq=hit.id, offered_faqs=None)


class RateAnswer(TurnAction):
    """Counts a thumb; an answer that did not help goes to the curators with the question."""

    called = "action_rate_answer"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Take a press of a button, or a yes or no after the answer."""
        faq = turn.value("faq") or turn.slots.get("last_faq")
        offered = turn.slots.get("offered_faqs")
        if turn.intent == "affirm" and offered:
            return await _first_of(offered, voice)
        if turn.intent == "affirm" and not faq:
            # the last answer was "I have none, shall an official call?"
            return [{"event": "followup", "timestamp": None, "name": "report_form"}]
        helped = turn.intent == "affirm" or turn.value("helpful") == "yes"
        async with backend().database.write() as session:
            if faq:
                await questions.helpful(session, str(faq), helped, turn.key("thumb"))
            asked = turn.slots.get("last_question")
            if asked and not helped:
                await questions.record(session, str(asked), "unhelpful" if faq else "refused", turn.channel)
        voice.say("utter_rated_helpful" if helped else "utter_rated_unhelpful")
        return slots(last_question=None, offered_faqs=None)


async def _first_of(offered: Sequence[str], voice: Voice) -> list[Event]:
    """A yes to "which one do you mean?": the likeliest is shown, the others stay below it."""
    hits = [hit for faq in offered if (hit := await backend().search.get(faq)) is not None]
    if not hits:
        voice.say("utter_no_answer")
        return slots(last_faq=None, offered_faqs=None)
    _show(hits[0], hits[1:], voice)
    return slots(last_faq=hits[0].id, offered_faqs=None)


async def search_and_answer(turn: Turn, voice: Voice) -> list[Event] | None:
    """Say what the knowledge base has for the citizen's words; None when it has nothing; a question is then recorded."""
    found = await backend().search.find(turn.words, context_faq=turn.slots.get("last_faq"))
    if found.decision == "answer":
        _show(found.results[0], found.results[1:], voice)
        return slots(last_faq=found.results[0].id, last_question=turn.words, offered_faqs=None)
    if found.decision == "suggest":
        _offer(found.results, voice)
        return slots(last_faq=None, last_question=turn.words, offered_faqs=[hit.id for hit in found.results])
    if turn.intent == "ask_service" or phrases.asks(turn.words):
        await _record(turn, found)
    return None


def _show(hit: Hit, more: Sequence[Hit], voice: Voice) -> None:
    """The answer, with the question it answers, thumbs, and what is near it."""
    voice.show(answer_card(hit, _language(voice), [near for near in more if near.score >= _RELATED]))


def _offer(hits: Sequence[Hit], voice: Voice) -> None:
    offers = [offer(hit, _language(voice)) for hit in hits]
    voice.say("utter_suggest", [*offers, voice.choice("none of these", "rate_answer", helpful="no")])


def _language(voice: Voice) -> Language:
    return "en" if voice.language == "en" else "th"


async def _record(turn: Turn, found: Found) -> None:
    async with backend().database.write() as session:
        await questions.record(session, turn.words, "none", turn.channel, found.candidates)
