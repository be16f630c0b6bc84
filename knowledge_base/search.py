"""Search: from a citizen's words to an answer, a few offers, or an honest no."""

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.database import Database
from core.settings import Settings
from knowledge_base import faq, gates, index, revision
from knowledge_base.background import read_unanswerable
from knowledge_base.content import FOLDER
from knowledge_base.encoder import Encoder, Vectors, open_encoder
from knowledge_base.entry import Entry
from knowledge_base.explain import Considered, Explanation, reason
from knowledge_base.followup import Part, asked_part, residue
from knowledge_base.gates import Decision, Gate
from knowledge_base.hit import Hit, hit
from knowledge_base.index import Index, Matrix
from knowledge_base.lexical import Lexical
from knowledge_base.vectors import VectorStore
from knowledge_base.wording import Wording, read_synonyms, trigrams

CHECK_SECONDS = 0.5  # between two looks at the revision
WAIT_SECONDS = 1.0  # for a rebuild; after that the old index serves once more
_CANDIDATES = 5
_QUICK = 64  # texts to encode (about half a second) for which a rebuild need not go without meaning first
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
    """All FAQs in the order of their scores: ids with scores, and for each the signals it was scored by."""

    canonical: str
    gate: Gate
    order: tuple[tuple[str, float], ...] = ()
    signals: Matrix | None = None  # rows in the same order
    vector: Vectors | None = None
    exact: bool = False


class Search:
    """Finds FAQs for the lifetime of one process, and follows the curators' changes by itself."""

    def __init__(self, database: Database, settings: Settings, *, folder: Path = FOLDER, gates_file: Path = gates.FILE) -> None:
        """Read the gates and the curators' words; the index is built at the first question, or by `ready`."""
        self._database = database
        self._settings = settings
        self._folder = folder
        self._gates = gates.read(gates_file)
        self._wording = Wording(read_synonyms(folder))
        self._askers = ThreadPoolExecutor(2, thread_name_prefix="faq-search")
        self._builder = ThreadPoolExecutor(1, thread_name_prefix="faq-index")
        self._encoder: Encoder | None = None
        self._store: VectorStore | None = None
        self._index: Index | None = None
        self._live: dict[str, Entry] = {}
        self._revision: int | None = None  # of the newest build, finished or not
        self._indexed = -1  # the revision of the index in use
        self._checked = float("-inf")
        self._checking = asyncio.Lock()
        self._build: asyncio.Task[None] | None = None
        self._usable = asyncio.Event()

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
        if (part := asked_part(ranked.canonical)) is not None:
            context = self._live.get(context_faq or "")
            if context is not None and self._follows(ranked, context):
                follow_up = (hit(context, 1.0, part),)
                return Found("answer", follow_up, follow_up)
        return self._found(ranked, limit)

    async def explain(self, text: str) -> Explanation:
        """Tell what a question without context finds, and why, for curators who try it.

        Args:
            text: A question as a citizen might type it.

        Returns:
            The decision, its reason, and the best five with the signals their scores were made of.
        """
        ranked = await self._ranked(text)
        found = self._found(ranked, _CANDIDATES)
        considered = await asyncio.get_running_loop().run_in_executor(self._askers, self._considered, ranked)
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
                open_part=self._open_part(ranked),
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
        await self._current()
        if (entry := self._live.get(faq_id)) is None:
            return ()
        ranked = await self._ranked(entry.question.th, without=faq_id)
        return self._hits(ranked.order[:limit])

    async def get(self, faq_id: str, part: Part | None = None) -> Hit | None:
        """The answer of one FAQ, for a button that names it; None if it is not live (any more)."""
        await self._current()
        entry = self._live.get(faq_id)
        return hit(entry, 1.0, part) if entry else None

    async def ready(self) -> None:
        """Bring the index up to date completely, vectors included. Start-up and evaluation call this."""
        self._checked = float("-inf")
        await self._check()
        if self._build is not None:
            await self._build

    async def close(self) -> None:
        """Finish what runs and stop the threads."""
        if self._build is not None:
            await asyncio.wait({self._build})
        self._askers.shutdown(wait=False)
        self._builder.shutdown(wait=False)

    async def _current(self) -> Index:
        """Give the index of the newest revision, or for a short while the one before."""
        await self._check()
        if self._build is not None and not self._build.done():
            await asyncio.wait({self._build}, timeout=WAIT_SECONDS)
        if self._index is None and self._build is not None:
            usable = asyncio.ensure_future(self._usable.wait())
            await asyncio.wait({self._build, usable}, return_when=asyncio.FIRST_COMPLETED)
            usable.cancel()
        if self._index is None and self._build is not None:
            await self._build  # raises what went wrong
        if self._index is None:
            raise RuntimeError("the index of the knowledge base was not built")
        return self._index

    async def _check(self) -> None:
        """Compare revisions, at most every half second, and start a rebuild if something changed."""
        async with self._checking:
            if time.monotonic() - self._checked < CHECK_SECONDS:
                return
            async with self._database.read() as session:
                number = await revision.current(session)
                if number != self._revision:
                    entries = await faq.live_entries(session)
                    self._live = {entry.id: entry for entry in entries}  # what is gone is not shown from now on
                    self._revision = number
                    self._build = asyncio.create_task(self._rebuild(entries, number))
            self._checked = time.monotonic()

    async def _rebuild(self, entries: Sequence[Entry], number: int) -> None:
        loop = asyncio.get_running_loop()
        try:
            built, quick = await loop.run_in_executor(self._builder, self._build_lexical, entries)
            if not quick or self._store is None:
                self._use(built, number)
            if self._store is not None:
                self._use(await loop.run_in_executor(self._builder, self._add_meaning, built, self._store), number)
        except Exception:
            self._revision = None  # try again at the next question
            raise

    def _use(self, built: Index, number: int) -> None:
        """Answer from this index, unless a build that was begun later is in use already."""
        if number >= self._indexed:
            self._index, self._indexed = built, number
            self._usable.set()

    def _build_lexical(self, entries: Sequence[Entry]) -> tuple[Index, bool]:
        """Build without meaning, and tell whether meaning can be added quickly."""
        if self._encoder is None and self._settings.dense:
            self._encoder = open_encoder(dense=True)
            self._store = VectorStore(self._settings.var, self._encoder) if self._encoder else None
        unanswerable = read_unanswerable({entry.id for entry in entries}, self._folder)
        built = index.build(entries, unanswerable, self._wording)
        return built, self._store is None or self._store.missing(index.texts_to_encode(built)) <= _QUICK

    def _add_meaning(self, built: Index, store: VectorStore) -> Index:
        return index.with_meaning(built, store.vectors(index.texts_to_encode(built)))

    async def _ranked(self, text: str, without: str | None = None) -> _Ranked:
        built = await self._current()
        return await asyncio.get_running_loop().run_in_executor(self._askers, self._rank, built, text, without)

    def _rank(self, built: Index, text: str, without: str | None) -> _Ranked:
        """Rank all FAQs, as if there were none of the id ``without``. Runs in a thread."""
        canonical = self._wording.canonical(text)
        encoder = self._encoder if built.meaning is not None else None
        gate = self._gates.dense if encoder else self._gates.sparse
        places = np.array([place for place, entry in enumerate(built.entries) if entry.id != without], dtype=np.intp)
        if not places.size or not self._wording.words(canonical):
            return _Ranked(canonical, gate)
        vector = encoder.encode([canonical])[0] if encoder else None
        signals = built.signals(canonical, vector)[places]
        scores = gate.scores(signals)
        exact = None if without else built.exact.get(canonical)
        if exact is not None:
            scores[exact] = max(float(scores[exact]), _SURE)
        order = scores.argsort()[::-1]
        ids = tuple((built.entries[places[row]].id, float(scores[row])) for row in order)
        return _Ranked(canonical, gate, ids, signals[order], vector, exact is not None)

    def _considered(self, ranked: _Ranked) -> tuple[Considered, ...]:
        """Give the best five with what their scores were made of. Runs in a thread."""
        if ranked.signals is None:
            return ()
        shown = ((number, pair) for number, pair in enumerate(ranked.order) if pair[0] in self._live)
        return tuple(
            Considered(
                hit(entry := self._live[faq_id], score),
                score,
                dict(zip(ranked.gate.weights, map(float, ranked.signals[number]), strict=True)),
                self._nearest(entry, ranked),
            )
            for number, (faq_id, score) in list(shown)[:_CANDIDATES]
        )

    def _nearest(self, entry: Entry, ranked: _Ranked) -> str:
        """Give the known question of a FAQ that is most like the one asked, by meaning or else by shared letters."""
        known = [self._wording.canonical(text) for text in entry.questions()]
        if ranked.vector is not None and self._store is not None:
            alike = self._store.vectors(known) @ ranked.vector
        else:
            alike = Lexical([trigrams(text) for text in known]).known(trigrams(ranked.canonical))
        return entry.questions()[int(alike.argmax())]

    def _follows(self, ranked: _Ranked, context: Entry) -> bool:
        """Tell whether a question for a part is about the FAQ that was answered last.

        It is when nothing else is named ("แล้วกี่บาท"), or only what the FAQ itself speaks of ("ค่าทำบัตรใหม่เท่าไร") and the
        words alone would not lead to another answer.
        """
        rest = residue(ranked.canonical, self._wording)
        words = {word for text in context.questions() for word in self._wording.words(self._wording.canonical(text))}
        if not rest <= words:
            return False
        alone = self._found(ranked, 1)
        return not rest or alone.decision != "answer" or alone.results[0].id == context.id

    def _open_part(self, ranked: _Ranked) -> bool:
        """Tell a question for a part that does not say of what: "กี่บาท"."""
        if asked_part(ranked.canonical) is None or residue(ranked.canonical, self._wording):
            return False
        return not (ranked.order and ranked.order[0][1] >= _SURE)

    def _found(self, ranked: _Ranked, limit: int) -> Found:
        hits = self._hits(ranked.order[: max(limit, _CANDIDATES)])
        if not hits or self._open_part(ranked):
            return Found("none", (), hits[:_CANDIDATES])
        decision = ranked.gate.decide(hits[0].score, hits[1].score if len(hits) > 1 else 0.0)
        return Found(decision, hits[:limit] if decision != "none" else (), hits)

    def _hits(self, ranked: Sequence[tuple[str, float]]) -> tuple[Hit, ...]:
        """Give the hits that are still live, with their newest text."""
        return tuple(hit(self._live[faq_id], score) for faq_id, score in ranked if faq_id in self._live)
