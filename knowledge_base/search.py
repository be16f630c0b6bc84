"""Search: from a citizen's words to an answer, a few offers, or an honest no."""

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from core.database import Database
from core.settings import Settings
from knowledge_base import faq, gates, index, revision
from knowledge_base.background import read_unanswerable
from knowledge_base.content import FOLDER
from knowledge_base.encoder import Encoder, open_encoder
from knowledge_base.entry import Entry
from knowledge_base.followup import Part, asked_part, residue
from knowledge_base.gates import Decision
from knowledge_base.hit import Hit, hit
from knowledge_base.index import Index
from knowledge_base.vectors import VectorStore
from knowledge_base.wording import Wording, read_synonyms

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
        built = await self._current()
        loop = asyncio.get_running_loop()
        canonical, ranked = await loop.run_in_executor(self._askers, self._rank, built, text)
        if (part := asked_part(canonical)) is not None:
            context = self._live.get(context_faq or "")
            if context is not None and self._follows(built, canonical, context, ranked):
                follow_up = (hit(context, 1.0, part),)
                return Found("answer", follow_up, follow_up)
            if not residue(canonical, self._wording) and not (ranked and ranked[0][1] >= _SURE):
                return Found("none", (), self._hits(ranked[:_CANDIDATES]))  # "กี่บาท", but of what?
        return self._found(built, ranked, limit)

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

    def _rank(self, built: Index, text: str) -> tuple[str, list[tuple[str, float]]]:
        """Give the question in our wording and the ids of all FAQs with their scores, best first. Runs in a thread."""
        canonical = self._wording.canonical(text)
        if not built.entries or not self._wording.words(canonical):
            return canonical, []
        dense = built.meaning is not None and self._encoder is not None
        vector = self._encoder.encode([canonical])[0] if dense and self._encoder else None
        gate = self._gates.dense if dense else self._gates.sparse
        scores = gate.scores(built.signals(canonical, vector))
        exact = built.exact.get(canonical)
        if exact is not None:
            scores[exact] = max(float(scores[exact]), _SURE)
        order = scores.argsort()[::-1]
        return canonical, [(built.entries[place].id, float(scores[place])) for place in order]

    def _follows(self, built: Index, canonical: str, context: Entry, ranked: Sequence[tuple[str, float]]) -> bool:
        """Tell whether a question for a part is about the FAQ that was answered last.

        It is when nothing else is named ("แล้วกี่บาท"), or only what the FAQ itself speaks of ("ค่าทำบัตรใหม่เท่าไร") and the
        words alone would not lead to another answer.
        """
        rest = residue(canonical, self._wording)
        words = {word for text in context.questions() for word in self._wording.words(self._wording.canonical(text))}
        if not rest <= words:
            return False
        alone = self._found(built, ranked, 1)
        return not rest or alone.decision != "answer" or alone.results[0].id == context.id

    def _found(self, built: Index, ranked: Sequence[tuple[str, float]], limit: int) -> Found:
        hits = self._hits(ranked[: max(limit, _CANDIDATES)])
        if not hits:
            return Found("none", (), ())
        gate = self._gates.sparse if built.meaning is None else self._gates.dense
        decision = gate.decide(hits[0].score, hits[1].score if len(hits) > 1 else 0.0)
        return Found(decision, hits[:limit] if decision != "none" else (), hits)

    def _hits(self, ranked: Sequence[tuple[str, float]]) -> tuple[Hit, ...]:
        """Give the hits that are still live, with their newest text."""
        return tuple(hit(self._live[faq_id], score) for faq_id, score in ranked if faq_id in self._live)
