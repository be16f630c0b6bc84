"""What the public pages read: titles that follow every change, and single texts."""

from datetime import timedelta

from core import clock
from core.database import Database
from knowledge_base import faq, reading, use
from knowledge_base.entry import Bilingual, Entry
from knowledge_base.reading import Catalogue


def written(faq_id: str, question: str = "ขอใบขับขี่ใหม่", group: str = "transport", **parts: object) -> Entry:
    return Entry.model_validate(
        {
            "id": faq_id,
            "group": group,
            "agency": "กรมการขนส่งทางบก",
            "question": Bilingual(th=question, en=f"Question {faq_id}"),
            "summary": Bilingual(th="ทำได้ค่ะ", en="You can."),
            "source": "กรมการขนส่งทางบก",
            "review_by": "2027-06-30",
            **parts,
        }
    )


async def publish(database: Database, *entries: Entry) -> None:
    async with database.write() as session:
        for entry in entries:
            await faq.seed_entry(session, entry, "system:content", state="published", reason="test")


async def ids(catalogue: Catalogue) -> list[str]:
    return list((await catalogue.shelf()).titles)


async def test_the_catalogue_follows_every_change(database: Database) -> None:
    catalogue = Catalogue(database)
    assert await ids(catalogue) == []
    await publish(database, written("b"), written("a", group="tax"))
    assert await ids(catalogue) == ["a", "b"]
    async with database.write() as session:
        await faq.switch(session, "a", "staff:1", on=False)
    assert await ids(catalogue) == ["b"]
    assert list((await catalogue.shelf()).groups) == ["transport"]
    async with database.write() as session:
        await faq.switch(session, "a", "staff:1", on=True)
        row = await session.get(faq.Faq, "b")
        assert row is not None
        await faq.archive(session, "b", "staff:1", seen=row.version)
    assert await ids(catalogue) == ["a"]


async def test_a_shelf_is_the_same_until_something_changes(database: Database) -> None:
    catalogue = Catalogue(database)
    await publish(database, written("a"))
    first = await catalogue.shelf()
    assert await catalogue.shelf() is first
    await publish(database, written("a", "ถามใหม่"))
    assert (await catalogue.shelf()).titles["a"].th == "ถามใหม่"
    assert first.titles["a"].th == "ขอใบขับขี่ใหม่"


async def test_a_new_draft_changes_nothing_that_citizens_see(database: Database) -> None:
    catalogue = Catalogue(database)
    await publish(database, written("a"))
    async with database.write() as session:
        row = await session.get(faq.Faq, "a")
        assert row is not None
        await faq.save(session, written("a", "ฉบับร่าง", group="tax"), "staff:1", seen=row.version, reason="ย้ายหมวด")
    shelf = await catalogue.shelf()
    assert shelf.titles["a"].th == "ขอใบขับขี่ใหม่"
    assert list(shelf.groups) == ["transport"]
    async with database.read() as session:
        entry = await reading.live_entry(session, "a")
    assert entry is not None
    assert entry.question.th == "ขอใบขับขี่ใหม่"


async def test_titles_are_found_by_all_their_words_in_either_language(database: Database) -> None:
    await publish(database, written("a", "ใบขับขี่หาย ขอใบแทน"), written("b", "ต่ออายุใบขับขี่"))
    shelf = await Catalogue(database).shelf()
    assert [title.id for title in shelf.containing(["ใบขับขี่"], 5)] == ["a", "b"]
    assert [title.id for title in shelf.containing(["หาย", "ใบขับขี่"], 5)] == ["a"]
    assert [title.id for title in shelf.containing(["QUESTION", "b"], 5)] == ["b"]
    assert len(shelf.containing(["ใบขับขี่"], 1)) == 1
    assert shelf.containing([], 5) == []


async def test_the_last_reviewed_stand_first(database: Database) -> None:
    await publish(database, written("never"), written("old", reviewed="2026-01-01"), written("late", reviewed="2026-11-22"))
    assert [title.id for title in (await Catalogue(database).shelf()).recent] == ["late", "old"]


async def test_what_was_public_once_is_told_from_what_never_was(database: Database) -> None:
    await publish(database, written("a"))
    async with database.write() as session:
        await faq.save(session, written("draft"), "staff:1", seen=None)
        await faq.switch(session, "a", "staff:1", on=False)
    async with database.read() as session:
        assert await reading.live_among(session, ["a", "draft", "unknown"]) == {}
        assert [await reading.was_public(session, faq_id) for faq_id in ("a", "draft", "unknown")] == [True, False, False]


async def test_the_most_read_count_people_and_not_offers(database: Database) -> None:
    await publish(database, written("a"), written("b"), written("c"))
    async with database.write() as session:
        for faq_id, kind in (
            ("a", "offered"),
            ("a", "offered"),
            ("a", "offered"),
            ("b", "viewed"),
            ("c", "answered"),
            ("c", "chosen"),
        ):
            await use.count(session, faq_id, kind, "web")  # type: ignore[arg-type]
    today = clock.local(clock.now()).date()
    async with database.read() as session:
        assert await reading.most_read(session, today, 5) == ["c", "b"]
        assert await reading.most_read(session, today, 1) == ["c"]
        assert await reading.most_read(session, today + timedelta(days=1), 5) == []
