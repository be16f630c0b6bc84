"""What staff make of an utterance: labelled once, undone while it is not exported, removed for good."""

import pytest
from sqlalchemy import select

from conversations import labelling, utterance
from conversations.utterance import Guess, Utterance
from core.audit import AuditEntry
from core.database import Database

MINE, OTHERS = "staff:stf_a", "staff:stf_b"


@pytest.fixture
async def row(database: Database) -> str:
    async with database.write() as session:
        kept = await utterance.collect(session, "อยากได้ถังใบใหม่", "line", [Guess("ask_service", 0.4)])
    assert kept is not None
    return kept


async def read(database: Database, row: str) -> Utterance | None:
    async with database.read() as session:
        return await session.get(Utterance, row)


async def test_who_accepts_is_remembered_and_the_second_is_told(database: Database, row: str) -> None:
    async with database.write() as session:
        await labelling.accept(session, row, "ask_service", MINE)
    with pytest.raises(labelling.AlreadyLabelled, match="stf_a"):
        async with database.write() as session:
            await labelling.reject(session, row, OTHERS)
    kept = await read(database, row)
    assert kept is not None
    assert (kept.state, kept.intent, kept.labelled_by) == ("accepted", "ask_service", MINE)
    assert kept.labelled_at is not None


async def test_undo_makes_it_new_and_every_step_is_audited_without_words(database: Database, row: str) -> None:
    async with database.write() as session:
        await labelling.reject(session, row, MINE)
        await labelling.undo(session, row, OTHERS)
        await labelling.accept(session, row, "greet", OTHERS)
        await labelling.undo(session, row, OTHERS)
        await labelling.undo(session, row, OTHERS)
    kept = await read(database, row)
    assert kept is not None
    assert (kept.state, kept.intent, kept.labelled_by, kept.labelled_at) == ("new", None, None, None)
    async with database.read() as session:
        lines = (await session.scalars(select(AuditEntry).order_by(AuditEntry.id))).all()
    assert [(line.actor, line.action, line.detail) for line in lines] == [
        (MINE, "utterance.reject", {}),
        (OTHERS, "utterance.undo", {"old": "rejected"}),
        (OTHERS, "utterance.accept", {"intent": "greet"}),
        (OTHERS, "utterance.undo", {"old": "greet"}),
    ]
    assert {line.subject for line in lines} == {f"utterance:{row}"}


async def test_what_was_exported_is_neither_undone_nor_removed(database: Database, row: str) -> None:
    async with database.write() as session:
        await labelling.accept(session, row, "greet", MINE)
        assert [one.id for one in await labelling.waiting(session)] == [row]
        await labelling.exported(session, [row], "cli")
        assert await labelling.waiting(session) == []
        for change in (labelling.undo, labelling.remove):
            with pytest.raises(labelling.AlreadyExported):
                await change(session, row, MINE)


async def test_removing_leaves_nothing_of_the_words(database: Database, row: str) -> None:
    async with database.write() as session:
        await labelling.remove(session, row, MINE)
    assert await read(database, row) is None
    with pytest.raises(labelling.UtteranceNotFound):
        async with database.write() as session:
            await labelling.accept(session, row, "greet", MINE)


async def test_the_list_begins_with_what_came_most_often(database: Database, row: str) -> None:
    async with database.write() as session:
        for _ in range(2):
            await utterance.collect(session, "ถังขยะ 100% เต็ม", "line", [Guess("greet", 0.3)])
    async with database.read() as session:
        every = await labelling.listed(session, state="new")
        assert [(one.text, one.count) for one in every.rows] == [("ถังขยะ 100% เต็ม", 2), ("อยากได้ถังใบใหม่", 1)]
        assert [one.text for one in (await labelling.listed(session, text="0%")).rows] == ["ถังขยะ 100% เต็ม"]
        assert (await labelling.listed(session, state="accepted")).number == 0
        second = await labelling.listed(session, limit=1, offset=1)
        assert ([one.id for one in second.rows], second.number) == ([row], 2)
        assert await labelling.counts(session) == {"new": 2}
