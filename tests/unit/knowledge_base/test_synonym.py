"""Synonyms: seeded from the file, changed by curators, live through the revision."""

from pathlib import Path

import pytest
from sqlalchemy import select

from core.audit import AuditEntry
from core.database import Database
from knowledge_base import faq, revision, synonym
from knowledge_base.reworded import reworded
from knowledge_base.synonym import Synonym, SynonymError
from knowledge_base.wording import Wording, read_synonyms
from tests.unit.knowledge_base.samples import SECOND, STAFF, entry


async def put(database: Database, word: str, meaning: str, author: str = STAFF, reason: str = "") -> Synonym:
    async with database.write() as session:
        return await synonym.put(session, word, meaning, author, reason=reason)


async def pairs(database: Database) -> dict[str, str]:
    async with database.read() as session:
        return await synonym.pairs(session)


async def number(database: Database) -> int:
    async with database.read() as session:
        return await revision.current(session)


async def test_the_file_is_brought_in_once_and_means_the_same(database: Database) -> None:
    async with database.write() as session:
        assert await synonym.seed(session) == len(read_synonyms())
    before = await number(database)
    async with database.write() as session:
        assert await synonym.seed(session) == 0
    assert await number(database) == before
    text = "บัตร ปชชหาย ต่อพาสปอร์ตกี่ตัง"
    assert Wording(await pairs(database)).canonical(text) == Wording(read_synonyms()).canonical(text)


async def test_seeding_leaves_what_staff_changed_and_took_away(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "synonyms.yml"
    file.write_text("โรงบาล: โรงพยาบาล\nมอไซ: รถจักรยานยนต์\nรพ.: โรงพยาบาล\n", encoding="utf-8")
    async with database.write() as session:
        await synonym.seed(session, tmp_path)
        await synonym.remove(session, "มอไซ", STAFF)
    await put(database, "โรงบาล", "สถานพยาบาล")
    file.write_text("โรงบาล: โรงพยาบาล\nมอไซ: รถจักรยานยนต์\nรพ.: โรงพยาบาลรัฐ\nใบเกิด: สูติบัตร\n", encoding="utf-8")
    async with database.write() as session:
        assert await synonym.seed(session, tmp_path) == 2
    assert await pairs(database) == {"รพ.": "โรงพยาบาลรัฐ", "โรงบาล": "สถานพยาบาล", "ใบเกิด": "สูติบัตร"}


async def test_a_change_is_kept_in_one_spelling_audited_and_raises_the_revision(database: Database) -> None:
    await put(database, " PassPort  ", "หนังสือเดินทาง", reason="ประชาชนพิมพ์อังกฤษ")
    await put(database, "passport", "พาสปอร์ต", SECOND)
    async with database.write() as session:
        await synonym.remove(session, "Passport", STAFF, reason="ซ้ำ")
    assert await pairs(database) == {}
    assert await number(database) == 3
    async with database.read() as session:
        lines = (await session.scalars(select(AuditEntry).order_by(AuditEntry.id))).all()
    assert [(line.actor, line.action, line.subject) for line in lines] == [
        (STAFF, "synonym.put", "synonym:passport"),
        (SECOND, "synonym.put", "synonym:passport"),
        (STAFF, "synonym.remove", "synonym:passport"),
    ]
    assert [line.detail["reason"] for line in lines] == ["ประชาชนพิมพ์อังกฤษ", "", "ซ้ำ"]
    assert lines[1].detail["before"] == "หนังสือเดินทาง"


async def test_the_same_pair_again_changes_nothing(database: Database) -> None:
    await put(database, "ใบเกิด", "สูติบัตร")
    await put(database, "ใบเกิด ", "สูติบัตร", SECOND)
    assert await number(database) == 1
    async with database.read() as session:
        assert (await session.get_one(Synonym, "ใบเกิด")).author == STAFF


async def test_a_word_that_was_taken_away_may_come_back(database: Database) -> None:
    await put(database, "ใบเกิด", "สูติบัตร")
    async with database.write() as session:
        await synonym.remove(session, "ใบเกิด", STAFF)
        with pytest.raises(SynonymError, match="ไม่พบคำนี้"):
            await synonym.remove(session, "ใบเกิด", STAFF)
    await put(database, "ใบเกิด", "สูติบัตร")
    assert await pairs(database) == {"ใบเกิด": "สูติบัตร"}


@pytest.mark.parametrize(
    ("word", "meaning", "code", "field"),
    [
        ("  ", "สูติบัตร", "word_missing", "word"),
        ("ใบเกิด", "\u200b", "meaning_missing", "meaning"),
        ("ก" * 40 + "ขค" * 40, "สูติบัตร", "too_long", "word"),
        ("!?", "สูติบัตร", "no_letter", "word"),
        ("ท", "ทะเบียนบ้าน", "one_letter", "word"),
        ("ิบัตร", "บัตร", "begins_with_mark", "word"),
    ],
)
async def test_what_cannot_be_a_synonym_is_refused_with_its_field(
    database: Database, word: str, meaning: str, code: str, field: str
) -> None:
    with pytest.raises(SynonymError) as raised:
        await put(database, word, meaning)
    assert (raised.value.code, raised.value.field) == (code, field)
    assert await pairs(database) == {}


async def test_the_list_is_searched_by_word_and_meaning_and_goes_on(database: Database) -> None:
    for word, meaning in [("ใบเกิด", "สูติบัตร"), ("สูติบัด", "สูติบัตร"), ("100%", "ทั้งหมด"), ("100x", "ร้อยเท่า")]:
        await put(database, word, meaning)
    async with database.read() as session:
        assert [row.word for row in await synonym.listing(session, "สูติ")] == ["สูติบัด", "ใบเกิด"]
        assert [row.word for row in await synonym.listing(session, "0%")] == ["100%"]
        first = await synonym.listing(session, limit=2)
        rest = await synonym.listing(session, after=first[-1].word)
        assert [row.word for row in (*first, *rest)] == sorted(await pairs(database))
        assert await synonym.count(session) == 4


def test_pairs_that_would_be_left_half_done_are_named() -> None:
    known = {"คนแก่": "ผู้สูงอายุ", "ใบขับขี่": "ใบขับขี่"}
    assert synonym.chains(known, "ผู้สูงอายุ", "ผู้สูงวัย") == [("คนแก่", "ผู้สูงอายุ")]
    assert synonym.chains(known, "ผู้เฒ่า", "คนแก่") == [("คนแก่", "ผู้สูงอายุ")]
    assert synonym.chains(known, "ใบขี่", "ใบขับขี่") == []
    assert synonym.chains(known, "คนแก่", "ผู้สูงวัย") == []


async def test_what_a_pair_does_to_live_answers_is_shown_around_the_change(database: Database) -> None:
    long = "ก่อนอื่นให้เตรียมเอกสารทั้งหมดให้ครบถ้วนแล้วนำเรือไปตรวจสภาพที่สำนักงานเจ้าท่าภูมิภาคใกล้บ้านในวันและเวลาราชการค่ะ"
    async with database.write() as session:
        for faq_id in ("a-live", "b-draft"):
            await faq.save(session, entry(faq_id, question={"th": "ตรวจสภาพ", "en": "x"}, variants=[long]), STAFF, seen=None)
        await faq.publish(session, "a-live", SECOND, seen=1)
        effect = await reworded(session, {}, {"เรือ": "ยานพาหนะ"})
        nothing = await reworded(session, {"เครื่องบิน": "อากาศยาน"}, {})
    assert (effect.faqs, effect.looked, nothing.faqs) == (1, 1, 0)
    example = effect.examples[0]
    assert (example.faq_id, example.before) == ("a-live", "…รทั้งหมดให้ครบถ้วนแล้วนำเรือไปตรวจสภาพที่สำนักงานเจ้…")
    assert example.after == example.before.replace("เรือ", "ยานพาหนะ")
