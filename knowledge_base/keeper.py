"""The keeper: follows the curators' changes and has an index of them ready, for the lifetime of one process."""

import asyncio
import os
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Database
from core.settings import ROOT, Settings
from knowledge_base import live, revision, saved
from knowledge_base.encoder import Encoder
from knowledge_base.entry import Entry
from knowledge_base.index import Index
from knowledge_base.library import Library, Step
from knowledge_base.saved import Saved
from knowledge_base.vectors import VectorStore

CHECK_SECONDS = 0.25  # between two looks at the revision
WAIT_SECONDS = 1.0  # for a change to be cut; after that the old index serves once more
LARGE = 2_000  # from so many FAQs on the grower cuts the large part, and it lies on disk
_MANY = 400  # changes that are cut at once in a large installation; of more, the newest, and the grower cuts the others
_QUIET = 900.0  # seconds without a change after which the grower takes up even a single one
_PATIENCE = 60.0  # seconds before the grower is started again
_REMEMBERED = 2 * LARGE  # texts in memory

log = structlog.get_logger(__name__)


class Keeper:
    """Holds the index and the texts of one process.

    It compares the revision when it is asked, at most every quarter of a second, and reads what changed since. Cutting and
    encoding run in a thread; from LARGE FAQs on a process of its own cuts and encodes what many processes share.
    """

    def __init__(self, database: Database, settings: Settings, folder: Path, opener: Callable[[], Encoder | None]) -> None:
        """Read nothing before the first question; ``opener`` is called in a thread and opens the encoder, if there is one."""
        self._database, self._settings, self._folder, self._opener = database, settings, folder, opener
        self.encoder: Encoder | None = None
        self._opened = False
        self._root = saved.root(settings.var)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="faq-index")
        self._library = Library(folder)
        self._synonyms: Mapping[str, str] | None = None
        self._print = ""
        self._large = False
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._index: Index | None = None
        self._usable = asyncio.Event()
        self._seen: int | None = None  # the revision whose changes were read; None to read everything
        self._saved: Saved | None = None  # what the library has taken, or is about to
        self._steps: asyncio.Task[None] | None = None
        self._encoding: asyncio.Task[None] | None = None
        self._grower: asyncio.Task[None] | None = None
        self._grown = self._changed_at = self._checked = float("-inf")
        self._checking = asyncio.Lock()

    @property
    def store(self) -> VectorStore | None:
        """Where vectors are kept, if meaning is compared."""
        return self._library.store

    async def index(self) -> Index:
        """Give the index of the newest revision, or for a short while the one before."""
        await self._check()
        if self._steps is not None and not self._steps.done():
            await asyncio.wait({self._steps}, timeout=WAIT_SECONDS)
        while self._index is None:
            await self._arrival()
        return self._index

    async def ready(self) -> None:
        """Wait until all changes so far can be found, by meaning too; in a large installation not for its first encoding."""
        self._checked = float("-inf")
        await self._check()
        if self._steps is not None:
            await self._steps
        if self._encoding is not None:
            await self._encoding
        await self.index()

    async def entries(self, ids: Collection[str]) -> dict[str, Entry]:
        """The texts of some FAQs in the order of the ids; those that are not live are left out."""
        found = {faq_id: self._entries[faq_id] for faq_id in ids if faq_id in self._entries}
        unknown = [faq_id for faq_id in ids if faq_id not in found]
        if unknown and self._large:
            seen = self._seen
            async with self._database.read() as session:
                read = await live.entries(session, unknown)
            if seen == self._seen:  # else they may be older than the change that was noticed meanwhile
                self._remember(read)
            found |= read
        return {faq_id: found[faq_id] for faq_id in ids if faq_id in found}

    async def close(self) -> None:
        """Finish what is being cut, end the grower and stop the thread."""
        if self._grower is not None:
            self._grower.cancel()
            await asyncio.gather(self._grower, return_exceptions=True)
        if self._steps is not None:
            await asyncio.wait({self._steps})
        if self._encoding is not None:
            self._encoding.cancel()
            await asyncio.gather(self._encoding, return_exceptions=True)
        self._thread.shutdown(wait=False)

    async def _arrival(self) -> None:
        """Wait for the first index, or raise what went wrong with it."""
        waiting = {task for task in (self._steps, self._grower) if task is not None and not task.done()}
        if not waiting:
            if self._steps is not None:
                await self._steps
            raise RuntimeError("the index of the knowledge base was not built")
        usable = asyncio.ensure_future(self._usable.wait())
        await asyncio.wait({usable, *waiting}, return_when=asyncio.FIRST_COMPLETED)
        usable.cancel()
        if self._index is None:
            if self._steps is not None and self._steps.done():
                await self._steps
            self._checked = float("-inf")
            await self._check()

    async def _check(self) -> None:
        """Compare revisions, at most every quarter of a second, and have what changed cut."""
        async with self._checking:
            if time.monotonic() - self._checked < CHECK_SECONDS:
                return
            async with self._database.read() as session:
                number = await revision.current(session)
                if number != self._seen or self._newer() is not None:
                    step = await self._step(number, session)
                    self._steps = asyncio.create_task(self._take(step, self._steps))
            self._care()
            self._checked = time.monotonic()

    async def _step(self, number: int, session: AsyncSession) -> Step:
        """Read what changed, and decide how to follow it."""
        synonyms = dict(await live.synonyms(session, self._folder))
        reworded = synonyms != self._synonyms
        first, since = self._seen is None, -1 if self._seen is None else self._seen
        self._large = self._large or await live.count(session) >= LARGE  # counting many takes long
        if reworded:
            self._synonyms, self._print = synonyms, saved.fingerprint(synonyms)
        newer = self._newer()
        if newer is None and first and self._large:
            newer = saved.any_newest(self._root)
        anew = first or (reworded and not self._large)
        if newer is not None:
            since, self._saved = newer.revision, newer
        elif anew:
            since, self._saved = -1, None
        unborn = self._large and since < 0  # all of a large installation: that is the grower's work
        changes = [] if unborn else await live.changes(session, since, _MANY if self._large else None)
        if number != self._seen:
            self._changed_at = time.monotonic()
            for faq_id in await live.changed(session, -1 if self._seen is None else self._seen):
                self._entries.pop(faq_id, None)
        self._remember({change.id: change.entry for change in changes if change.entry is not None})
        self._seen = number
        known = {} if anew else self._library.changed
        return Step(
            synonyms=synonyms if reworded else None,
            anew=anew,
            saved=newer,
            changes=[change for change in changes if known.get(change.id) != change.revision],
        )

    async def _take(self, step: Step, before: asyncio.Task[None] | None) -> None:
        """Have the thread take a step, after those before."""
        if before is not None:
            await asyncio.wait({before})
        loop = asyncio.get_running_loop()
        use = self._using(loop)

        def take() -> None:
            if not self._opened:
                self.encoder, self._opened = self._opener(), True
                if self.encoder is not None:
                    self._library.store = VectorStore(self._settings.var, self.encoder)
                    self._library.encoder = self.encoder.name
            self._library.take(step, use)

        try:
            await loop.run_in_executor(self._thread, take)
        except Exception:
            self._seen = self._saved = None  # read everything anew at the next question
            raise
        if not self._busy(self._encoding):
            self._encoding = asyncio.create_task(self._encode())

    async def _encode(self) -> None:
        """Encode what the steps left, piece by piece: further steps come in between, so that no change waits for it."""
        loop = asyncio.get_running_loop()
        try:
            while await loop.run_in_executor(self._thread, self._library.encode, self._using(loop)):
                pass
        except Exception:
            self._seen = self._saved = None  # read everything anew at the next question
            raise

    def _using(self, loop: asyncio.AbstractEventLoop) -> Callable[[Index], None]:
        """What the thread calls with an index that is to be used from now on."""

        def use(built: Index) -> None:
            if built.ids or not self._large:  # of a large installation nothing is no answer
                self._index = built
                loop.call_soon_threadsafe(self._usable.set)

        return use

    def _newer(self) -> Saved | None:
        """The saved part, if it holds more than the one that is used."""
        found = saved.newest(self._root, self._print) if self._large else None
        if found is not None and found == self._saved and not self._lacks_meaning(found):
            return None
        return found

    def _lacks_meaning(self, found: Saved) -> bool:
        """Tell whether the centres have come since the part was taken."""
        if (
            self.encoder is None
            or self._index is None
            or self._index.dense
            or self._busy(self._steps)
            or self._busy(self._encoding)
        ):
            return False
        return found.has_centres(self.encoder.name)

    def _care(self) -> None:
        """Start the grower where there is work for it."""
        if not self._large or self._busy(self._grower) or time.monotonic() - self._grown < _PATIENCE:
            return
        fresh = len(self._library.changed)
        quiet = fresh and time.monotonic() - self._changed_at > _QUIET
        blind = self._saved is not None and self.encoder is not None and not self._saved.has_centres(self.encoder.name)
        if saved.newest(self._root, self._print) is None or fresh >= _MANY or quiet or blind:
            self._grower = asyncio.create_task(self._grow())

    async def _grow(self) -> None:
        environment = {
            **os.environ,
            "DATABASE_URL": self._database.engine.url.render_as_string(hide_password=False),
            "PRACHA_VAR": str(self._settings.var),
            "PRACHA_DENSE": str(self._settings.dense),
        }
        command = [sys.executable, "-m", "knowledge_base.grow", str(self._folder)]
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env=environment, stdin=PIPE, stdout=DEVNULL, start_new_session=True
        )
        try:
            if code := await process.wait():
                log.warning("faq_index_not_grown", code=code)
        finally:
            self._grown = time.monotonic()
            self._checked = float("-inf")
            if process.stdin is not None:
                process.stdin.close()  # it ends when nobody holds the other end
            await process.wait()

    def _busy(self, task: asyncio.Task[None] | None) -> bool:
        return task is not None and not task.done()

    def _remember(self, read: Mapping[str, Entry]) -> None:
        self._entries.update(read)
        while self._large and len(self._entries) > _REMEMBERED:
            self._entries.popitem(last=False)
