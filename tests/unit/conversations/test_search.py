"""Conversations are found by the words that were written in them, as soon as those were gathered."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import false, select, true

from conversations import conversation as conversations
from conversations import message, removal, search
from conversations.conversation import Conversation
from conversations.search import ConversationWord
from core.database import Database


async def say(database: Database, who: str, *texts: str, author: str = "citizen", **more: Any) -> str:
    async with database.write() as session:
        one = await conversations.find_or_open(session, "line", "city", who)
        for text in texts:
            content = {"kind": "text", "text": text} if author == "citizen" else {"type": "text", "text": text}
            await message.append(session, one, author, content, **more)
        return one.id


async def found(database: Database, question: str, seen: Any = None) -> list[tuple[str, str]]:
    """The conversations' ids with the words that are shown of each."""
    async with database.read() as session:
        matches = await search.find(session, true() if seen is None else seen, question)
    return [(one.conversation.id, str(one.message.content["text"]) if one.message else "") for one in matches]


async def gather(database: Database) -> None:
    while await search.gather(database):
        pass


async def test_all_words_of_a_question_must_stand_somewhere_in_the_conversation(database: Database) -> None:
    first = await say(database, "U1", "ไฟถนนดับมาสามวันแล้วค่ะ", "อยู่ซอยสุขใจ 5")
    second = await say(database, "U2", "ไฟถนนดับหน้าวัด")
    assert await found(database, "ไฟถนน") == []
    await gather(database)
    assert await found(database, "ไฟถนน") == [(second, "ไฟถนนดับหน้าวัด"), (first, "ไฟถนนดับมาสามวันแล้วค่ะ")]
    assert await found(database, "ไฟถนน ซอย") == [(first, "อยู่ซอยสุขใจ 5")]
    assert await found(database, "ไฟถนน จระเข้") == []
    assert await found(database, "ไฟถนน", false()) == []
    assert await found(database, " !? ") == []


async def test_words_are_found_by_their_beginning_and_in_any_spelling_of_digits(database: Database) -> None:
    one = await say(database, "U1", "ติดต่อ Facebook หมายเลข ๑๒๓")
    await gather(database)
    for question in ("face", "FACEBOOK", "123", "๑๒๓"):
        assert [conversation for conversation, _ in await found(database, question)] == [one], question


async def test_what_the_assistant_says_is_not_found_and_what_an_officer_says_is(database: Database) -> None:
    one = await say(database, "U1", "สวัสดีค่ะ")
    await say(database, "U1", "ผู้ช่วยอัตโนมัติยินดีให้บริการ", author="bot")
    await say(database, "U1", "ช่างจะเข้าไปพรุ่งนี้", author="staff:stf_1")
    await gather(database)
    assert await found(database, "ยินดีให้บริการ") == []
    assert await found(database, "ช่าง พรุ่งนี้") == [(one, "ช่างจะเข้าไปพรุ่งนี้")]


async def test_new_words_are_added_and_the_last_message_with_them_is_shown(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MESSAGES", 2)
    one = await say(database, "U1", "น้ำท่วม", "น้ำท่วมสูงมาก", "มีงูด้วย")
    await gather(database)
    await say(database, "U1", "น้ำท่วมอีกแล้ว")
    await gather(database)
    assert await found(database, "น้ำท่วม") == [(one, "น้ำท่วมอีกแล้ว")]
    assert await found(database, "งู") == [(one, "มีงูด้วย")]
    async with database.read() as session:
        row = (await session.scalars(select(Conversation))).one()
        words = list(await session.scalars(select(ConversationWord.word)))
    assert row.searched == row.last_sequence == 4
    assert len(words) == len(set(words))


async def test_two_gatherers_do_not_disturb_each_other(database: Database) -> None:
    one = await say(database, "U1", "กิ่งไม้พาดสายไฟ")
    async with database.read() as session:
        told = await search._messages(session, one, 0)
    await gather(database)
    late = [search._Step(one, 0, 1, search._words(told))]  # the slower one comes with what was gathered already
    await database.transact(lambda connection: search._keep(connection, late))
    assert await found(database, "กิ่งไม้") == [(one, "กิ่งไม้พาดสายไฟ")]


async def test_what_was_taken_back_is_not_found_any_more(database: Database, tmp_path: Path) -> None:
    one = await say(database, "U1", "เลขบัตรประชาชนของฉัน", reference="m1")
    await say(database, "U1", "สวัสดีค่ะ")
    await gather(database)
    async with database.write() as session:
        await removal.take_back(session, one, "m1", tmp_path)
    await gather(database)
    assert await found(database, "บัตรประชาชน") == []
    assert [conversation for conversation, _ in await found(database, "สวัสดี")] == [one]


async def test_what_is_gathered_while_it_is_taken_back_is_not_kept(database: Database, tmp_path: Path) -> None:
    one = await say(database, "U1", "เลขบัตรประชาชนของฉัน", reference="m1")
    for _ in range(2):  # the second time nothing of it was ever kept
        async with database.read() as session:
            since = (await session.get_one(Conversation, one)).searched
            told = search._words(await search._messages(session, one, 0))
        async with database.write() as session:
            await removal.take_back(session, one, "m1", tmp_path)
        await database.transact(partial(search._keep, steps=[search._Step(one, since, 1, told)]))
        assert await found(database, "บัตรประชาชน") == []
    await gather(database)
    assert await found(database, "บัตรประชาชน") == []
