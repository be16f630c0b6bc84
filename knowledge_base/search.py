"""Search: from a citizen's words to an answer, a few offers, or an honest no."""

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from core.database import Database
from core.settings import Settings
from knowledge_base import gates
from knowledge_base.content import FOLDER
from knowledge_base.encoder import Vectors, open_encoder
from knowledge_base.entry import Entry
from knowledge_base.explain import Considered, Explanation, reason
from knowledge_base.followup import Part, asked_part, residue
from knowledge_base.gates import Decision, Gate
from knowledge_base.hit import Hit, hit
from knowledge_base.index import Index, Matrix
from knowledge_base.keeper import CHECK_SECONDS as CHECK_SECONDS
from knowledge_base.keeper import Keeper
from knowledge_base.lexical import Lexical
from knowledge_base.wording import Wording, trigrams

_CANDIDATES = 5
_SURE = 0.99  # the score of a question that stands word for word in the content


@dataclass(frozen=True)
class Found:
    """What a search came to.

    ``results`` is what to show: the answer first (and what comes after it), or up to ``limit`` offers, or nothing.
    ``candidates`` are the best five whatever the decision, for the record.
    """

    decision: Decision
    results: tuple[Hit, ...]
    candidates: tuple[Hit, ...]


@dataclass(frozen=True)
class _Ranked:
    """FAQs in the order of their scores: ids with scores, and for each the signals it was scored by."""

    canonical: str
    wording: Wording
    gate: Gate
    order: tuple[tuple[str, float], ...] = ()
    signals: Matrix | None = None  # rows in the same order
    vector: Vectors | None = None
    exact: bool = False


class Search:
    """Finds FAQs for the lifetime of one process, and follows the curators' changes by itself."""

    def __init__(self, database: Database, settings: Settings, *, folder: Path = FOLDER, gates_file: Path = gates.FILE) -> None:
        """Read the gates; the index is built at the first question, or by `ready`."""
        self._gates = gates.read(gates_file)
        self._askers = ThreadPoolExecutor(2, thread_name_prefix="faq-search")
        self._encoders = ThreadPoolExecutor(2, thread_name_prefix="faq-encode")
        self._keeper = Keeper(database, settings, folder, lambda: open_encoder(dense=True) if settings.dense else None)

    async def find(self, text: str, *, limit: int = 3, context_faq: str | None = None) -> Found:
        """Look for what a citizen asks.

        Args:
            text: Their words as typed, of any length: "บัตรปชช หาย ทำไงดี".
            limit: The most results.
            context_faq: The FAQ that was answered last in this conversation, for follow-ups such as "แล้วกี่บาท".

        Returns:
            The decision and the hits. Odd text finds nothing; it never raises.
        """
        ranked = await self._ranked(text)
        if (part := asked_part(ranked.canonical)) is not None and context_faq:
            context = (await self._keeper.entries([context_faq])).get(context_faq)
            if context is not None and await self._follows(ranked, context):
                follow_up = (hit(context, 1.0, part),)
                return Found("answer", follow_up, follow_up)
        return await self._found(ranked, limit)

    async def explain(self, text: str) -> Explanation:
        """Tell what a question without context finds, and why, for curators who try it.

        Args:
            text: A question as a citizen might type it.

        Returns:
            The decision, its reason, and the best five with the signals their scores were made of.
        """
        ranked = await self._ranked(text)
        found = await self._found(ranked, _CANDIDATES)
        entries = await self._keeper.entries([faq_id for faq_id, _ in ranked.order[:_CANDIDATES]])
        considered = await asyncio.get_running_loop().run_in_executor(self._askers, self._considered, ranked, entries)
        return Explanation(
            canonical=ranked.canonical,
            decision=found.decision,
            gate=ranked.gate,
            candidates=considered,
            part=asked_part(ranked.canonical),
            dense=ranked.vector is not None,
            exact=ranked.exact,
            reason=reason(
                found.decision,
                ranked.gate,
                tuple(one.score for one in considered),
                exact=ranked.exact,
                open_part=_open_part(ranked),
            ),
        )

    async def related(self, faq_id: str, limit: int = 3) -> tuple[Hit, ...]:
        """Give the live FAQs nearest to one, best first.

        Args:
            faq_id: The FAQ that was shown.
            limit: The most results.

        Returns:
            Hits without the FAQ itself, each with the score it has as an answer to that FAQ's title; nothing for an id
            that is not live.
        """
        await self._keeper.index()
        entry = (await self._keeper.entries([faq_id])).get(faq_id)
        if entry is None:
            return ()
        ranked = await self._ranked(entry.question.th, without=faq_id)
        return await self._hits(ranked.order[:limit])

    async def get(self, faq_id: str, part: Part | None = None) -> Hit | None:
        """The answer of one FAQ, for a button that names it; None if it is not live (any more)."""
        await self._keeper.index()
        entry = (await self._keeper.entries([faq_id])).get(faq_id)
        return hit(entry, 1.0, part) if entry else None

    async def ready(self) -> None:
        """Bring the index up to date completely, vectors included. Start-up and evaluation call this."""
        await self._keeper.ready()

    async def close(self) -> None:
        """Finish what runs and stop the threads."""
        await self._keeper.close()
        self._askers.shutdown(wait=False)
        self._encoders.shutdown(wait=False)

    async def _ranked(self, text: str, without: str | None = None) -> _Ranked:
        built = await self._keeper.index()
        return await asyncio.get_running_loop().run_in_executor(self._askers, self._rank, built, text, without)

    def _rank(self, built: Index, text: str, without: str | None) -> _Ranked:
        """Rank the FAQs that come near, as if there were none of the id ``without``. Runs in a thread."""
        canonical = built.wording.canonical(text)
        encoder = self._keeper.encoder if built.dense else None
        gate = self._gates.dense if encoder else self._gates.sparse
        if not built.ids or not built.wording.words(canonical):
            return _Ranked(canonical, built.wording, gate)
        encoding = self._encoders.submit(encoder.encode, [canonical]) if encoder else None
        rough = built.rough(canonical)  # while another core encodes
        vector = encoding.result()[0] if encoding else None
        near = built.near(canonical, vector, rough)
        rows = [row for row, faq_id in enumerate(near.ids) if faq_id != without and near.alive[row]]
        signals = near.signals(canonical, vector)[rows]
        scores = gate.scores(signals)
        ids = [near.ids[row] for row in rows]
        exact = None if without else built.exact(canonical)
        if exact is not None:
            place = ids.index(exact)
            scores[place] = max(float(scores[place]), _SURE)
        order = scores.argsort()[::-1]
        ranked = tuple((ids[row], float(scores[row])) for row in order)
        return _Ranked(canonical, built.wording, gate, ranked, signals[order], vector, exact is not None)

    def _considered(self, ranked: _Ranked, entries: Mapping[str, Entry]) -> tuple[Considered, ...]:
        """Give the best five with what their scores were made of. Runs in a thread."""
        if ranked.signals is None:
            return ()
        return tuple(
            Considered(
                hit(entries[faq_id], score),
                score,
                dict(zip(ranked.gate.weights, map(float, signals), strict=True)),
                self._nearest(entries[faq_id], ranked),
            )
            for (faq_id, score), signals in zip(ranked.order[:_CANDIDATES], ranked.signals[:_CANDIDATES], strict=True)
            if faq_id in entries
        )

    def _nearest(self, entry: Entry, ranked: _Ranked) -> str:
        """Give the known question of a FAQ that is most like the one asked, by meaning or else by shared letters."""
        known = [ranked.wording.canonical(text) for text in entry.questions()]
        if ranked.vector is not None and self._keeper.store is not None:
            alike = self._keeper.store.vectors(known) @ ranked.vector
        else:
            alike = Lexical([trigrams(text) for text in known]).known(trigrams(ranked.canonical))
        return entry.questions()[int(alike.argmax())]

    async def _follows(self, ranked: _Ranked, context: Entry) -> bool:
        """Tell whether a question for a part is about the FAQ that was answered last.

        It is when nothing else is named ("แล้วกี่บาท"), or only what the FAQ itself speaks of ("ค่าทำบัตรใหม่เท่าไร") and the
        words alone would not lead to another answer.
        """
        wording = ranked.wording
        rest = residue(ranked.canonical, wording)
        words = {word for text in context.questions() for word in wording.words(wording.canonical(text))}
        if not rest <= words:
            return False
        alone = await self._found(ranked, 1)
        return not rest or alone.decision != "answer" or alone.results[0].id == context.id

    async def _found(self, ranked: _Ranked, limit: int) -> Found:
        hits = await self._hits(ranked.order[: max(limit, _CANDIDATES)])
        if not hits or _open_part(ranked):
            return Found("none", (), hits[:_CANDIDATES])
        decision = ranked.gate.decide(hits[0].score, hits[1].score if len(hits) > 1 else 0.0)
        return Found(decision, hits[:limit] if decision != "none" else (), hits)

    async def _hits(self, ranked: Sequence[tuple[str, float]]) -> tuple[Hit, ...]:
        """Give the hits that are still live, with their newest text."""
        scores = dict(ranked)
        entries = await self._keeper.entries(list(scores))
        return tuple(hit(entry, scores[faq_id]) for faq_id, entry in entries.items())


def _open_part(ranked: _Ranked) -> bool:
    """Tell a question for a part that does not say of what: "กี่บาท"."""
    if asked_part(ranked.canonical) is None or residue(ranked.canonical, ranked.wording):
        return False
    return not (ranked.order and ranked.order[0][1] >= _SURE)
