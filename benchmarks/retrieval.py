"""How search grows from 150 to 50,000 FAQs, and how well it ranks foreign passages: ``make bench-retrieval``.

The FAQs are made from the project's own content: each is one of its answers for a place, with steps of another, so that words
are real ones. For every size a process of its own starts cold, is asked questions with and without meaning, and then has to
find a FAQ that this process publishes. Questions are encoded by the real encoder. **The FAQs' vectors are stand-ins** (random
ones of the same size: the real encoder needs some 6 ms a text, 45 minutes for 50,000 FAQs); times and memory are the same
with real ones, but what is found is not, so nothing is said about that here. Last come the foreign collections, beside plain
BM25, and one line of JSON.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import insert

from core.database import Base, Database
from core.settings import ROOT, Settings
from knowledge_base import content, faq, index, part, retrieval, revision, saved
from knowledge_base.encoder import open_encoder
from knowledge_base.entry import Entry
from knowledge_base.keeper import LARGE
from knowledge_base.search import Search
from knowledge_base.vectors import Keys, VectorStore
from knowledge_base.wording import Wording, read_synonyms
from pracha.tables import import_all

SIZES = (150, 1_500, 15_000, 50_000)
ASKED = 200
AT_ONCE = 1_000
COLLECTIONS = ROOT.parent / "shared" / "data"
NEW = "ขออนุญาตเลี้ยงจระเข้ในสวนหลังบ้านต้องทำอย่างไร"
COLUMNS = {
    "faqs": ("FAQs", 7),
    "dense": ("meaning", 8),
    "build_s": ("build s", 8),
    "build_mb": ("build MB", 9),
    "disk_mb": ("disk MB", 8),
    "cold_s": ("cold s", 7),
    "rss_mb": ("RSS MB", 7),
    "private_mb": ("own MB", 7),
    "p50_ms": ("p50 ms", 7),
    "p95_ms": ("p95 ms", 7),
    "p95_cpu_ms": ("p95 CPU", 8),
    "change_s": ("change s", 9),
}
Result = dict[str, Any]


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    reader.add_argument("--worker", nargs=3, metavar=("DATABASE", "VAR", "DENSE"), help=argparse.SUPPRESS)
    asked = reader.parse_args()
    if asked.worker:
        asyncio.run(work(*asked.worker))
        return
    print("FAQ vectors below are stand-ins (random, of the real size); questions are encoded by the real encoder.\n")
    print(" ".join(f"{title:>{width}}" for title, width in COLUMNS.values()))
    grown = [row for size in asked.sizes for row in asyncio.run(measure(size))]
    print(json.dumps({"growth": grown, "collections": collections()}))


async def measure(size: int) -> list[Result]:
    """Build a knowledge base of a size, and measure a second process on it with and without meaning."""
    with tempfile.TemporaryDirectory(prefix="bench-retrieval-") as name:
        folder = Path(name)
        async with filled(folder, size) as database:
            built = await build(folder, database, size)
            rows = []
            for dense in (False, True):
                if dense and not prepare_vectors(folder, size):
                    print(f"{size:>7} no encoder on this machine: meaning is left out")
                    continue
                row = {"faqs": size, "dense": dense, **built, **await ask(folder, database, dense)}
                rows.append(row)
                print(" ".join(f"{row[name]!s:>{width}}" for name, (_, width) in COLUMNS.items()), flush=True)
            return rows


@contextlib.asynccontextmanager
async def filled(folder: Path, size: int) -> AsyncIterator[Database]:
    """A database with so many FAQs in it."""
    import_all()
    database = Database(address(folder))
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    entries = grow(size)
    for start in range(0, size, AT_ONCE):
        async with database.write() as session:
            number = await revision.advance(session)
            for model, rows in rows_of(entries[start : start + AT_ONCE], number).items():
                await session.execute(insert(model), rows)
    yield database
    await database.close()


def grow(size: int) -> list[Entry]:
    """The content's FAQs, and as many more for places: "แจ้งเกิด... ที่เทศบาลบ้านหนองบัว หมู่ 7"."""
    known = [written.entry() for written in content.read()]
    chance = random.Random(1)
    names = [
        "หนองบัว",
        "บางกระดี่",
        "ท่าเรือ",
        "โคกสูง",
        "ดอนเมือง",
        "แม่ริม",
        "ปากน้ำ",
        "ทุ่งครุ",
        "เขาสวนกวาง",
        "คลองหลวง",
        "บ้านฉาง",
        "นาเกลือ",
    ]
    made = known[:size]
    for number in range(len(made), size):
        one, other = known[number % len(known)], chance.choice(known)
        place = f"{chance.choice(['เทศบาล', 'อบต.', 'เขต', 'อำเภอ'])}{chance.choice(names)} หมู่ {number // len(known)}"
        variants = chance.sample(one.variants, min(len(one.variants), chance.randint(2, 8)))
        made.append(
            one.model_copy(
                update={
                    "id": f"{one.id[:60]}-{number}",
                    "question": one.question.model_copy(
                        update={"th": f"{one.question.th} ที่{place}", "en": f"{one.question.en} ({number})"}
                    ),
                    "variants": [f"{variant} {place}" for variant in variants],
                    "steps": [*one.steps[:3], *other.steps[:2]],
                    "documents": [*other.documents[:3]],
                }
            )
        )
    return made


def rows_of(entries: Sequence[Entry], number: int) -> dict[type[Base], list[dict[str, Any]]]:
    """The rows of published FAQs."""
    faqs = [
        {
            "id": one.id,
            "group": one.group,
            "state": "published",
            "version": 1,
            "live": 1,
            "body": one.body(),
            "seeded": None,
            "review_by": date(2027, 1, 1),
            "revision": number,
        }
        for one in entries
    ]
    versions = [
        {"faq_id": one["id"], "number": 1, "action": "publish", "author": "bench", "reason": "bench", "body": one["body"]}
        for one in faqs
    ]
    return {faq.Faq: faqs, faq.FaqVersion: versions}


async def build(folder: Path, database: Database, size: int) -> Result:
    """Cut everything once: in this process, or where FAQs are many by the grower, as an installation does."""
    began = time.perf_counter()
    if size < LARGE:
        entries = grow(size)
        Wording({}).words("ก")  # the dictionary is loaded once per process
        began = time.perf_counter()
        index.build(entries, [], Wording(read_synonyms()))
        return {"build_s": round(time.perf_counter() - began, 2), "build_mb": 0, "disk_mb": 0.0}
    environment = {**os.environ, "DATABASE_URL": address(folder), "PRACHA_VAR": str(folder), "PRACHA_DENSE": "false"}
    command = [sys.executable, "-m", "knowledge_base.grow", str(content.FOLDER)]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env=environment, stdin=asyncio.subprocess.PIPE, start_new_session=True
    )
    if await process.wait():
        raise RuntimeError("the grower failed")
    seconds = time.perf_counter() - began
    size_on_disk = sum(path.stat().st_size for path in (folder / "index").rglob("*.*"))
    return {
        "build_s": round(seconds, 1),
        "build_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
        "disk_mb": round(size_on_disk / 2**20, 1),
    }


def prepare_vectors(folder: Path, size: int) -> bool:
    """Put stand-in vectors for all FAQs into the store, and real ones for the background; False without an encoder."""
    encoder = open_encoder(dense=True)
    if encoder is None:
        return False
    store = VectorStore(folder, encoder)
    wide = encoder.encode(["ก"]).shape[1]
    wording = Wording(read_synonyms())
    kept = saved.newest(saved.root(folder), saved.fingerprint(read_synonyms())) if size >= LARGE else None
    loaded = kept.load() if kept else part.cut(grow(size), wording)[0]
    fill(store, np.concatenate([loaded.questions, loaded.answers.ravel()]), wide)
    found = index.keep(loaded, store)
    if kept is not None and found is not None:
        kept.save_centres(encoder.name, found.centres)
    return True


def fill(store: VectorStore, wanted: Keys, wide: int) -> None:
    chance = np.random.default_rng(1)
    common = chance.standard_normal(wide).astype(np.float32)
    wanted = np.unique(wanted)
    for start in range(0, len(wanted), 50_000):
        some = wanted[start : start + 50_000]
        vectors = chance.standard_normal((len(some), wide)).astype(np.float32) + 2.5 * common
        store.add(some, vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


async def ask(folder: Path, database: Database, dense: bool) -> Result:
    """Have a second process answer, then publish a FAQ and see when that process finds it."""
    command = [sys.executable, str(Path(__file__).resolve()), "--worker", address(folder), str(folder), str(dense)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, env=environment, cwd=ROOT)
    assert process.stdin is not None
    assert process.stdout is not None
    measured: Result = json.loads(await process.stdout.readline())
    waits = []
    for number in range(3):
        new = f"{NEW} {'dense' if dense else 'sparse'} {number}"
        process.stdin.write(f"{new}\n".encode())
        await process.stdin.drain()
        await asyncio.sleep(1.0 + 0.17 * number)  # it asks all the time, and does not know when
        await publish(database, new)
        published = time.time()
        waits.append(float(await process.stdout.readline()) - published)
    process.stdin.close()
    await process.wait()
    return {**measured, "change_s": round(max(waits), 3)}


async def publish(database: Database, question: str) -> None:
    """Write and publish a FAQ as two persons do."""
    faq_id = f"new-{abs(hash(question))}"
    one = content.read()[0].entry().model_copy(update={"id": faq_id, "variants": [f"{question} นะคะ"]})
    one = one.model_copy(update={"question": one.question.model_copy(update={"th": question, "en": f"New: {faq_id}"})})
    async with database.write() as session:
        draft = await faq.save(session, one, "staff:one", seen=None, reason="ใหม่")
        await faq.publish(session, faq_id, "staff:two", seen=draft.version, reason="ใหม่")


async def work(database_url: str, var: str, dense: str) -> None:
    """The second process: start cold, answer, then tell when a question that comes on the standard input is found."""
    database = Database(database_url)
    search = Search(database, Settings(var=Path(var), dense=dense == "True"))
    began = time.perf_counter()
    await search.find("บัตรหาย")
    cold = time.perf_counter() - began
    await search.ready()
    times, worked = [], []
    for text in questions():
        asked, before = time.perf_counter(), time.process_time()
        await search.find(text)
        times.append((time.perf_counter() - asked) * 1000)
        worked.append((time.process_time() - before) * 1000)
    measured = {
        "cold_s": round(cold, 2),
        "rss_mb": memory("VmRSS"),
        "private_mb": memory("RssAnon"),
        "p50_ms": round(float(np.percentile(times, 50)), 2),
        "p95_ms": round(float(np.percentile(times, 95)), 2),
        "p95_cpu_ms": round(float(np.percentile(worked, 95)), 2),  # tells how far a busy machine made the figures worse
    }
    print(json.dumps(measured), flush=True)
    loop = asyncio.get_running_loop()
    while line := (await loop.run_in_executor(None, sys.stdin.readline)).strip():
        while not any(hit.title == line for hit in (await search.find(line)).candidates):
            await asyncio.sleep(0.02)
        print(time.time(), flush=True)
    await search.close()
    await database.close()


def questions() -> list[str]:
    """Questions as people put them: variants of the content with a word more, a letter less, or in a longer sentence."""
    chance = random.Random(2)
    variants = [variant for written in content.read() for variant in written.variants]
    asked = []
    for variant in chance.sample(variants, ASKED):
        gap = chance.randrange(len(variant))
        asked.append(
            chance.choice([f"{variant} ครับ", variant[:gap] + variant[gap + 1 :], f"สอบถามหน่อยค่ะ พอดีว่า {variant} ต้องทำยังไง"])
        )
    return asked


def collections() -> dict[str, Any]:
    """Rank foreign passages in every way; none where they are not beside the project."""
    found: dict[str, Any] = {}
    for contexts in sorted(COLLECTIONS.glob("*/*_contexts.jsonl")):
        name = f"{contexts.parent.name} {contexts.name.removesuffix('_contexts.jsonl')}"
        asked = contexts.with_name(contexts.name.replace("_contexts", "_questions"))
        compared = retrieval.compare(retrieval.read(contexts, asked))
        print(f"\n{name:<24}{'recall_at_1':>12}{'mrr':>8}{'ndcg_at_10':>12}")
        for way, one in compared.items():
            print(f"{way:<24}{one.recall_at_1:>12.4f}{one.mrr:>8.4f}{one.ndcg_at_10:>12.4f}")
        found[name] = {way: asdict(one) for way, one in compared.items()}
    if not found:
        print("\nno foreign collections beside the project")
    return found


def address(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'bench.sqlite3'}"


def memory(kind: str) -> int:
    """The memory of this process in MB: VmRSS with the pages of mapped files, which all processes share, RssAnon without."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(f"{kind}:"))) // 1024


if __name__ == "__main__":
    main()
