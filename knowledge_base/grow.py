"""The grower: a process of its own that brings the saved large part up to date, so that no other process is held up.

`Keeper` starts it as `python -m knowledge_base.grow FOLDER`; it ends with its parent. Of several only one works at a time, and
the others then find nothing left to do.
"""

import asyncio
import fcntl
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from core.database import Database
from core.settings import Settings, settings
from knowledge_base import index, live, part, revision, saved
from knowledge_base.encoder import open_encoder
from knowledge_base.entry import Entry
from knowledge_base.part import Part
from knowledge_base.saved import Saved
from knowledge_base.vectors import VectorStore
from knowledge_base.wording import Wording

_WORKERS = 2
_FEW = 500  # FAQs
_WAITING = 8  # batches cut or waiting to be joined
_GENTLE = 10  # how much less urgent than the processes that answer


async def grow(database: Database, configured: Settings, folder: Path) -> None:
    """Bring the saved part and its vectors up to the newest revision; takes minutes for tens of thousands of FAQs."""
    root = saved.root(configured.var)
    root.mkdir(parents=True, exist_ok=True)
    with (root / "lock").open("wb") as lock:
        await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
        async with database.read() as session:
            synonyms = dict(await live.synonyms(session, folder))
        kept = await _cut_changes(database, root, synonyms)
        if configured.dense and (encoder := open_encoder(dense=True)) is not None:
            await _encode(database, kept, VectorStore(configured.var, encoder), encoder.name, Wording(synonyms))


async def _cut_changes(database: Database, root: Path, synonyms: dict[str, str]) -> Saved:
    """Join what changed since the saved part to it."""
    print_ = saved.fingerprint(synonyms)
    known = saved.newest(root, print_)
    async with database.read() as session:
        number = await revision.current(session)
        changed = await live.changed(session, known.revision if known else -1)
    if known is not None and not changed:
        return known
    fresh = await _cut(database, sorted(changed), synonyms)
    base = [known.load()] if known else []
    flags = [np.array([faq_id not in changed for faq_id in one.ids], np.bool_) for one in base]
    flags += [np.ones(len(one.ids), np.bool_) for one in fresh]
    if not base and not fresh:
        fresh, flags = [part.cut([], Wording({}))[0]], [np.ones(0, np.bool_)]
    return saved.save(root, print_, number, part.join([*base, *fresh], flags))


async def _cut(database: Database, ids: Sequence[str], synonyms: dict[str, str]) -> list[Part]:
    if len(ids) <= _FEW:  # not worth more processes
        return [_cut_some(entries, synonyms) async for entries in live.batches(database, ids)]
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(_WORKERS, multiprocessing.get_context("spawn")) as pool:
        turn = asyncio.Semaphore(_WAITING)
        running: list[asyncio.Future[Part]] = []
        async for entries in live.batches(database, ids):
            await turn.acquire()
            running.append(loop.run_in_executor(pool, _cut_some, entries, synonyms))
            running[-1].add_done_callback(lambda _: turn.release())
        return [one for one in await asyncio.gather(*running) if one.ids]


def _cut_some(entries: Sequence[Entry], synonyms: dict[str, str]) -> Part:
    return part.cut(entries, Wording(synonyms))[0]


async def _encode(database: Database, kept: Saved, store: VectorStore, encoder: str, wording: Wording) -> None:
    """Encode what has no vector yet, and keep the centres."""
    if kept.centres(encoder) is not None:
        return
    loaded = kept.load()
    if (found := index.keep(loaded, store)) is None:
        async for entries in live.batches(database, loaded.ids):
            await asyncio.to_thread(store.prepare, part.texts(entries, wording))
        found = index.keep(loaded, store)
    if found is not None:  # else a FAQ changed meanwhile, and the next run has its texts
        kept.save_centres(encoder, found.centres)


def _end_with_parent() -> None:
    """End this process and its workers when the parent, who holds the other end of the standard input, is gone."""
    sys.stdin.read()
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)  # started by hand, together with others


async def _main(folder: Path) -> None:
    configured = settings()
    database = Database(configured.database)
    try:
        await grow(database, configured, folder)
    finally:
        await database.close()


if __name__ == "__main__":
    os.nice(_GENTLE)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    asyncio.run(_main(Path(sys.argv[1])))
