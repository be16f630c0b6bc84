"""The catalogue: found by words and kept apart by filters, in one statement a page."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event

from core.database import Database
from knowledge_base import catalogue, faq
from tests.unit.knowledge_base.samples import SECOND, STAFF, entry

DUE = date(2027, 1, 1)


@pytest.fixture
async def filled(database: Database) -> Database:
    """Five FAQs: live, live with a draft, in review, draft, archived; the first is switched off and verified."""
    async with database.write() as session:
        for faq_id in ("a-live", "b-both", "c-review", "d-draft", "e-gone"):
            body = entry(faq_id, review_by=date(2026, 12, 1) if faq_id in ("b-both", "e-gone") else date(2027, 6, 1))
            await faq.save(session, body, STAFF, seen=None)
        await faq.publish(session, "a-live", SECOND, seen=1, confirms=True)
        await faq.switch(session, "a-live", STAFF, on=False)
        await faq.publish(session, "b-both", SECOND, seen=1)
        both = entry("b-both", review_by=date(2026, 12, 1), group="tax", variants=["กี่บาทเนี่ย 100%", 'คำว่า "เรือ"'])
        await faq.save(session, both, STAFF, seen=2, reason="แก้")
        await faq.submit(session, "c-review", STAFF, seen=1)
        await faq.archive(session, "e-gone", STAFF, seen=1)
    return database


async def ids(database: Database, **options: object) -> str:
    """The first letters of what is found."""
    async with database.read() as session:
        return "".join(row.id[0] for row in await faq.listing(session, **options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({}, "abcde"),
        ({"state": "draft"}, "bd"),
        ({"state": "in_review"}, "c"),
        ({"state": "published"}, "ab"),
        ({"state": "archived"}, "e"),
        ({"state": "no-such"}, ""),
        ({"on": False}, "a"),
        ({"verified": True}, "a"),
        ({"verified": False, "state": "published"}, "b"),
        ({"group": "tax"}, "b"),
        ({"agency": "เจ้าท่า"}, "abcde"),
        ({"agency": "สรรพากร"}, ""),
        ({"review_before": DUE}, "b"),
        ({"text": "หางยาว"}, "abcde"),
        ({"text": "LONG-TAIL"}, "abcde"),
        ({"text": "marine"}, "abcde"),
        ({"text": "c-rev"}, "c"),
        ({"text": "กี่บาท 100%"}, "b"),
        ({"text": "100_"}, ""),
        ({"text": 'คำว่า "เรือ"'}, "b"),
        ({"text": "หางยาาาาว"}, "abcde"),
        ({"text": "กี่บาทท"}, "b"),
        ({"text": "variants"}, ""),
        ({"text": "'; drop table faq; --"}, ""),
    ],
)
async def test_filters(filled: Database, options: dict[str, object], found: str) -> None:
    assert await ids(filled, **options) == found


@pytest.mark.parametrize("sort", catalogue.SORTS)
async def test_pages_meet_without_gap_or_double_in_every_order(filled: Database, sort: str) -> None:
    seen: list[str] = []
    async with filled.read() as session:
        while page := await faq.listing(session, sort=sort, limit=2, after=seen[-1] if seen else ""):
            seen += [row.id for row in page]
    assert sorted(seen) == ["a-live", "b-both", "c-review", "d-draft", "e-gone"]
    assert len(seen) == 5
    if sort == "review":
        assert seen[:2] == ["b-both", "e-gone"]


async def test_due_for_review_begins_with_the_longest_overdue(filled: Database) -> None:
    async with filled.read() as session:
        due = await faq.due_for_review(session, date(2027, 12, 1))
    assert [row.id[0] for row in due] == ["b", "a"]


async def test_counts(filled: Database) -> None:
    async with filled.read() as session:
        assert await faq.counts(session, DUE) == catalogue.Counts(draft=2, in_review=1, published=2, archived=1, off=1, due=1)


async def test_counts_of_nothing(database: Database) -> None:
    async with database.read() as session:
        assert await faq.counts(session, DUE) == catalogue.Counts(0, 0, 0, 0, 0, 0)
        assert await faq.listing(session) == []


async def test_doubles_of_other_faqs_are_found_in_questions_and_variants(filled: Database) -> None:
    asked = ["กี่บาทเนี่ย 100%", "จดทะเบียนเรือหางยาวทำอย่างไร", "กี่บาทเนี่ย 100", "ไม่มีใครถาม"]
    async with filled.read() as session:
        assert await catalogue.doubles(session, asked, but="a-live") == {
            "กี่บาทเนี่ย 100%": "b-both",
            "จดทะเบียนเรือหางยาวทำอย่างไร": "b-both",
        }
        assert await catalogue.doubles(session, [], but="a-live") == {}


async def test_a_page_takes_one_statement(filled: Database) -> None:
    async with filled.read() as session:
        with counted(filled) as statements:
            await faq.listing(session, text="เรือ หางยาว", group="transport", state="published", verified=False, sort="changed")
        assert len(statements) == 1
        with counted(filled) as statements:
            await faq.counts(session, DUE)
        assert len(statements) == 1


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            statements.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)
