"""An index that follows changes finds what one built anew would find."""

import asyncio
import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.database import Database
from core.settings import ROOT, Settings
from knowledge_base import faq, gates, index, keeper, live, part, revision, saved
from knowledge_base.encoder import Vectors
from knowledge_base.entry import Entry
from knowledge_base.index import Index
from knowledge_base.library import Library, Step
from knowledge_base.live import Change
from knowledge_base.search import Search
from knowledge_base.synonym import Synonym
from knowledge_base.vectors import VectorStore
from knowledge_base.wording import Wording, trigrams
from tests.unit.knowledge_base.samples import SECOND, STAFF, entry

THINGS = ["เรือหางยาว", "รถจักรยานยนต์", "สุนัข", "อาวุธปืน", "ตลาดนัด", "หอพัก", "ป้ายร้านค้า", "บ่อบาดาล"]
ACTS = ["จดทะเบียน", "ต่ออายุใบอนุญาต", "ยกเลิกทะเบียน", "เสียภาษี", "ขอใบแทน"]


def about(number: int, words: str = "") -> Entry:
    """One of forty FAQs, perhaps with other words."""
    thing, act = THINGS[number % len(THINGS)], ACTS[number // len(THINGS) % len(ACTS)]
    title = f"{act}{thing}{words}ทำอย่างไร"
    variants = [f"อยาก{act}{thing}{words}", f"{thing}{words} {act}ที่ไหน"]
    return entry(f"faq-{number}", question={"th": title, "en": f"Question {number}"}, variants=variants)


class Letters:
    """An encoder by letter trigrams: the same letters, the same direction."""

    name = "letters-1"

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), 256), dtype=np.float32)
        for row, text in enumerate(texts):
            for three in trigrams(text):
                vectors[row, hash(three) % 256] += 1
        lengths: Vectors = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return (vectors / lengths).astype(np.float32)


class Following:
    """A library, and the FAQs it should hold."""

    def __init__(self, folder: Path, *, dense: bool) -> None:
        self.library = Library(
            folder,
        )
        self.store = VectorStore(folder, Letters()) if dense else None
        self.library.store, self.library.encoder = self.store, "letters-1"
        self.live: dict[str, Entry] = {}
        self.number = 0
        self.built: Index | None = None
        self.take(synonyms={}, anew=True)

    def take(self, **step: object) -> None:
        self.library.take(Step(**step), self.use)  # type: ignore[arg-type]
        while self.library.encode(self.use):
            pass

    def use(self, built: Index) -> None:
        self.built = built

    def change(self, *entries: Entry, gone: Sequence[str] = ()) -> None:
        self.number += 1
        self.live |= {one.id: one for one in entries}
        self.live = {faq_id: one for faq_id, one in self.live.items() if faq_id not in gone}
        changes = [Change(one.id, self.number, one) for one in entries] + [Change(one, self.number, None) for one in gone]
        self.take(changes=changes)

    def save_large(self, folder: Path) -> None:
        """Put what is live now on disk, and take it from there."""
        cut = part.cut(list(self.live.values()), Wording({}))[0]
        kept = saved.save(folder / "index", "print", self.number, cut)
        if self.store is not None:
            self.store.prepare(part.texts(list(self.live.values()), Wording({})))
            found = index.keep(cut, self.store)
            assert found is not None
            kept.save_centres("letters-1", found.centres)
        self.take(saved=kept)

    def anew(self) -> Index:
        built = index.build(list(self.live.values()), [], Wording({}))
        return index.with_meaning(built, self.store.vectors(index.texts_to_encode(built))) if self.store else built

    def ranked(self, built: Index, text: str) -> dict[str, float]:
        vector = self.store_vector(text)
        near = built.near(text, vector)
        known = gates.read()
        scores = (known.dense if vector is not None else known.sparse).scores(near.signals(text, vector))
        return dict(sorted(zip(near.ids, scores.tolist(), strict=True), key=lambda pair: -pair[1]))

    def store_vector(self, text: str) -> Vectors | None:
        return Letters().encode([text])[0] if self.store else None


@pytest.mark.parametrize("dense", [False, True])
def test_where_faqs_are_few_a_followed_index_is_the_same_as_one_built_anew(tmp_path: Path, dense: bool) -> None:
    following = Following(tmp_path, dense=dense)
    following.change(*map(about, range(20)))
    following.change(about(3, "เก่า"), about(25), gone=["faq-7"])
    following.change(about(26), gone=["faq-25"])
    assert following.built is not None
    assert following.built.dense is dense
    for text in (about(3, "เก่า").variants[0], about(7).variants[1], about(26).question.th):
        followed, anew = following.ranked(following.built, text), following.ranked(following.anew(), text)
        assert followed == pytest.approx(anew, abs=2e-3)  # vectors are kept in half precision


@pytest.mark.parametrize("dense", [False, True])
def test_a_large_part_and_a_fresh_one_find_what_an_index_built_anew_finds(tmp_path: Path, dense: bool) -> None:
    following = Following(tmp_path, dense=dense)
    following.change(*map(about, range(30)))
    following.save_large(tmp_path)
    following.change(about(3, "เก่า"), about(31), gone=["faq-7"])
    following.change(about(32), about(31, "ใหม่"))
    assert following.built is not None
    assert following.built.dense is dense
    assert len(following.built.parts) == 2
    anew = following.anew()
    for one in following.live.values():
        for text in (one.variants[0], f"{one.variants[1]} ครับ"):
            followed = following.ranked(following.built, text)
            assert next(iter(followed)) == next(iter(following.ranked(anew, text)))
            assert set(followed) == set(following.live)
    assert following.built.exact(about(31).variants[0]) is None
    assert following.built.exact(about(31, "ใหม่").variants[0]) == "faq-31"
    assert following.built.exact(about(7).variants[0]) is None


changes = st.lists(
    st.tuples(st.sampled_from(["write", "take", "save"]), st.integers(0, 39), st.sampled_from(["", "เก่า", "ของบริษัท"])), max_size=8
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(changes=changes, text=st.tuples(st.integers(0, 39), st.sampled_from(["", "เก่า"])))
def test_whatever_changed_the_best_is_the_best_of_an_index_built_anew(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, int, str]], text: tuple[int, str]
) -> None:
    folder = tmp_path_factory.mktemp("fresh")
    following = Following(folder, dense=False)
    following.change(*map(about, range(0, 40, 2)))
    for act, number, words in changes:
        if act == "write":
            following.change(about(number, words))
        elif act == "take":
            following.change(gone=[f"faq-{number}"])
        elif following.live:
            following.save_large(folder)
    assert following.built is not None
    asked = about(*text).variants[0]
    followed, anew = following.ranked(following.built, asked), following.ranked(following.anew(), asked)
    assert set(followed) == set(anew)
    best = next(iter(anew), None)
    rivals = [faq_id for faq_id, score in anew.items() if score > anew[best] - 0.02] if best else [None]
    assert next(iter(followed), None) in rivals


def test_among_many_the_candidates_hold_the_best_and_some_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "FEW", 10)
    monkeypatch.setattr(index, "_BEST", 2)
    monkeypatch.setattr(index, "_SAMPLE", 4)
    following = Following(tmp_path, dense=True)
    following.change(*map(about, range(40)))
    assert following.built is not None
    for number in range(0, 40, 7):
        asked = about(number).variants[0]
        near = following.built.near(asked, following.store_vector(asked))
        assert f"faq-{number}" in near.ids
        assert len(near.ids) <= 2 * 3 + 4
        assert near.signals(asked, following.store_vector(asked)).shape == (len(near.ids), len(index.DENSE))


async def published(database: Database, *entries: Entry) -> None:
    async with database.write() as session:
        for one in entries:
            row = await session.get(faq.Faq, one.id)
            draft = await faq.save(session, one, STAFF, seen=row.version if row else None, reason="อัปเดต")
            await faq.publish(session, one.id, SECOND, seen=draft.version)


async def best(search: Search, text: str) -> str | None:
    candidates = (await search.find(text)).candidates
    return candidates[0].id if candidates else None


@pytest.fixture
def empty_content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    return folder


async def test_a_synonym_counts_within_a_second(database: Database, tmp_path: Path, empty_content: Path) -> None:
    await published(database, *map(about, range(6)))
    search = Search(database, Settings(var=tmp_path / "var", dense=False), folder=empty_content)
    await search.ready()
    assert (await search.explain("อยากขึ้นบัญชีน้องหมา")).canonical == "อยากขึ้นบัญชีน้องหมา"
    async with database.write() as session:
        session.add(Synonym(word="น้องหมา", meaning="สุนัข", author=STAFF))
        session.add(Synonym(word="ขึ้นบัญชี", meaning="จดทะเบียน", author=STAFF))
        await revision.advance(session)
    await asyncio.sleep(keeper.CHECK_SECONDS)
    assert (await search.explain("อยากขึ้นบัญชีน้องหมา")).canonical == "อยากจดทะเบียนสุนัข"
    assert await best(search, "อยากขึ้นบัญชีน้องหมา") == "faq-2"
    await search.close()


async def test_synonyms_of_the_content_count_until_the_table_holds_some(database: Database, empty_content: Path) -> None:
    (empty_content / "synonyms.yml").write_text("พาสปอร์ต: หนังสือเดินทาง\n", encoding="utf-8")
    async with database.read() as session:
        assert await live.synonyms(session, empty_content) == {"พาสปอร์ต": "หนังสือเดินทาง"}
    async with database.write() as session:
        session.add(Synonym(word="หมา", meaning="สุนัข", author=STAFF, on=False))
    async with database.read() as session:
        assert await live.synonyms(session, empty_content) == {}


async def test_a_large_installation_follows_changes_and_starts_from_disk(
    database: Database, tmp_path: Path, empty_content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "LARGE", 10)
    await published(database, *map(about, range(20)))
    configured = Settings(var=tmp_path / "var", dense=False)
    search = Search(database, configured, folder=empty_content)
    assert await best(search, about(4).variants[0]) == "faq-4"
    assert list((tmp_path / "var" / "index").glob("*/*/*/names.json"))

    await published(database, about(30), about(5, "ของวัด"))
    async with database.write() as session:
        await faq.switch(session, "faq-4", STAFF, on=False)
    began = time.monotonic()
    await asyncio.sleep(keeper.CHECK_SECONDS)
    assert await best(search, about(30).variants[0]) == "faq-30"
    assert time.monotonic() - began < 5  # a second where the machine is free
    assert (await search.find(about(5, "ของวัด").variants[0])).candidates[0].title == about(5, "ของวัด").question.th
    assert "faq-4" not in [hit.id for hit in (await search.find(about(4).variants[0])).candidates]
    assert await search.get("faq-4") is None
    await search.close()

    again = Search(database, configured, folder=empty_content)
    monkeypatch.setattr(keeper.Keeper, "_care", lambda self: None)  # what is on disk must do
    assert await best(again, about(30).variants[0]) == "faq-30"
    assert await best(again, about(9).variants[0]) == "faq-9"
    assert await again.get("faq-4") is None
    await again.close()

    (saved.root(configured.var) / saved.fingerprint({})).rename(saved.root(configured.var) / "cut-by-older-code")
    older = Search(database, configured, folder=empty_content)
    assert await best(older, about(30).variants[0]) == "faq-30"
    assert await older.get("faq-4") is None
    await older.close()


async def test_a_large_installation_whose_grower_fails_says_so(
    database: Database, tmp_path: Path, empty_content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "LARGE", 2)
    monkeypatch.setattr(keeper.sys, "executable", "/bin/false")
    await published(database, *map(about, range(3)))
    search = Search(database, Settings(var=tmp_path / "var", dense=False), folder=empty_content)
    with pytest.raises(RuntimeError, match="was not built"):
        await search.find("บัตร")
    await search.close()


def test_the_grower_ends_with_its_parent(tmp_path: Path) -> None:
    root = saved.root(tmp_path)
    root.mkdir(parents=True)
    with (root / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # it waits its turn
        environment = {**os.environ, "PRACHA_VAR": str(tmp_path), "DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path / 'db'}"}
        command = [sys.executable, "-m", "knowledge_base.grow", str(tmp_path)]
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdin=subprocess.PIPE, start_new_session=True)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(3)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(30) != 0
