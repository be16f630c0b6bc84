"""Answers to questions on public services, from the knowledge base and nowhere else."""

from collections.abc import Iterable, Sequence

from actions import awaited, phrases
from actions.action import Event, TurnAction, slots
from actions.backend import backend
from actions.card import answer_card, offer, related
from actions.turn import Turn
from actions.voice import Voice
from knowledge_base import questions, use
from knowledge_base.answer import Language
from knowledge_base.hit import Hit
from knowledge_base.questions import Reason
from knowledge_base.search import Found


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
        await _chosen(turn, hit)
        await _show(hit, (), voice)
        return slots(last_faq=hit.id, offered_faqs=None)


class RateAnswer(TurnAction):
    """Counts a thumb; an answer that did not help, and offers of which none fits, go to the curators with the question."""

    called = "action_rate_answer"

    async def act(self, turn: Turn, voice: Voice) -> list[Event]:
        """Take a press of a button, or a yes or no after the answer."""
        faq = turn.value("faq") or turn.slots.get("last_faq")
        offered = turn.slots.get("offered_faqs")
        if turn.intent == "affirm" and offered:
            return await _first_of(offered, turn, voice)
        if turn.intent == "affirm" and not faq:
            # the last answer was "I have none, shall an official call?"
            return [{"event": "followup", "timestamp": None, "name": "report_form"}]
        helped = turn.intent == "affirm" or turn.value("helpful") == "yes"
        if faq:
            await _rated(turn, str(faq), helped=helped)
        elif offered and not helped:
            await _refused(turn)
        voice.say("utter_rated_helpful" if helped else "utter_rated_unhelpful")
        return slots(last_question=None, offered_faqs=None)


async def _first_of(offered: Sequence[str], turn: Turn, voice: Voice) -> list[Event]:
    """A yes to "which one do you mean?": the likeliest is shown, the others stay below it."""
    hits = [hit for faq in offered if (hit := await backend().search.get(faq)) is not None]
    if not hits:
        voice.say("utter_no_answer")
        return slots(last_faq=None, offered_faqs=None)
    await _chosen(turn, hits[0])
    await _show(hits[0], hits[1:], voice)
    return slots(last_faq=hits[0].id, offered_faqs=None)


async def search_and_answer(turn: Turn, voice: Voice) -> list[Event] | None:
    """Say what the knowledge base has for the citizen's words; None when it has nothing; a question is then recorded.

    Words that neither ask nor have an answer belong to the case that waits for the citizen, if one does.
    """
    found = await backend().search.find(turn.words, context_faq=turn.slots.get("last_faq"))
    if found.decision == "answer":
        answer, *others = found.results
        await _count(turn, "answered", [answer])
        await _show(answer, others, voice)
        return slots(last_faq=answer.id, last_question=turn.words, offered_faqs=None)
    if not phrases.asks(turn.words) and (told := await awaited.heard(turn, voice)) is not None:
        return told
    if found.decision == "suggest":
        await _count(turn, "offered", found.results, found=found)
        _offer(found.results, voice)
        return slots(last_faq=None, last_question=turn.words, offered_faqs=[hit.id for hit in found.results])
    if turn.intent == "ask_service" or phrases.asks(turn.words):
        await _record(turn, "none", found)
    return None


async def _show(hit: Hit, near: Sequence[Hit], voice: Voice) -> None:
    """The answer, with the question it answers, thumbs, and what is near it: the question's next best, then its own kin."""
    voice.show(answer_card(hit, _language(voice), await related(backend().search, hit, near)))


def _offer(hits: Sequence[Hit], voice: Voice) -> None:
    offers = [offer(hit, _language(voice)) for hit in hits]
    voice.say("utter_suggest", [*offers, voice.choice("none of these", "rate_answer", helpful="no")])


def _language(voice: Voice) -> Language:
    return "en" if voice.language == "en" else "th"


async def _count(turn: Turn, kind: use.Kind, hits: Iterable[Hit], *, found: Found | None = None) -> None:
    """Count the use of FAQs; a search that was unsure, given as ``found``, is kept for the curators with it."""
    async with backend().once.writing(backend().database, turn.key("search")) as session:
        if session is None:
            return
        for hit in hits:
            await use.count(session, hit.id, kind, turn.channel)
        if found is not None:
            await questions.record(session, turn.words, "unsure", turn.channel, found.candidates)


async def _record(turn: Turn, reason: Reason, found: Found) -> None:
    async with backend().once.writing(backend().database, turn.key("search")) as session:
        if session is not None:
            await questions.record(session, turn.words, reason, turn.channel, found.candidates)


async def _chosen(turn: Turn, hit: Hit) -> None:
    """Count a press: of an offer, which settles what the search was unsure of, or of a question below an answer."""
    offered = hit.id in (turn.slots.get("offered_faqs") or ())
    async with backend().once.writing(backend().database, turn.key("choose")) as session:
        if session is None:
            return
        await use.count(session, hit.id, "chosen" if offered else "viewed", turn.channel)
        if offered and (asked := turn.slots.get("last_question")):
            await questions.take_back(session, str(asked), "unsure", turn.channel)


async def _rated(turn: Turn, faq: str, *, helped: bool) -> None:
    """Count a thumb. The last question is kept only with the answer it got: a thumb may be on an older one."""
    asked = turn.slots.get("last_question") if faq == turn.slots.get("last_faq") else None
    shown = await backend().search.get(faq)
    async with backend().database.write() as session:
        counted = await questions.helpful(session, faq, helped, turn.key("thumb"))
        if counted and asked and not helped:
            await questions.record(session, str(asked), "unhelpful", turn.channel, [shown] if shown else ())


async def _refused(turn: Turn) -> None:
    """Keep a question of which no offer fitted; it is no longer one that the search was merely unsure of."""
    asked = turn.slots.get("last_question")
    async with backend().once.writing(backend().database, turn.key("refuse")) as session:
        if session is not None and asked:
            await questions.take_back(session, str(asked), "unsure", turn.channel)
            await questions.record(session, str(asked), "refused", turn.channel)
