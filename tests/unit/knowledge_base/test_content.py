"""The content files: the rules they keep, the words of their errors, and how they enter the database."""

from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pytest
import yaml
from sqlalchemy import func, select

from core.database import Database
from knowledge_base import content, faq
from knowledge_base.background import read_unanswerable
from knowledge_base.content import ContentError, Seeded
from knowledge_base.wording import Wording, read_synonyms, trigrams
from tests.unit.knowledge_base.samples import SECOND, STAFF, entry


def test_every_faq_is_complete() -> None:
    written = content.read()
    assert len(written) == 150
    for one in written:
        assert len(one.variants) >= 10, one.id
        assert one.summary.th.endswith("ค่ะ"), one.id
        assert one.steps, one.id
        assert one.documents, one.id
        assert one.review_by > date(2026, 11, 22), one.id
        assert one.reviewed is not None, one.id
        assert one.review_by - one.reviewed < timedelta(days=400), one.id


def test_ids_and_groups_are_those_of_the_domain(shared: Path) -> None:
    topics = {topic["id"]: topic for topic in yaml.safe_load((shared / "domain" / "topics.yml").read_text())}
    written = content.read()
    assert {one.id for one in written} == topics.keys()
    for one in written:
        assert topics[one.id]["group"] == one.group
        assert topics[one.id]["agency_th"] == one.agency


def test_no_two_variants_are_alike() -> None:
    wording = Wording({})
    known = [(one.id, text, set(trigrams(wording.canonical(text)))) for one in content.read() for text in one.variants]
    for (first, one, a), (second, other, b) in combinations(known, 2):
        if min(len(a), len(b)) >= 0.6 * max(len(a), len(b)):  # else they cannot be; two million pairs take their time
            assert len(a & b) / len(a | b) < 0.6, f"{first} {one!r} / {second} {other!r}"


def test_unanswerable_questions_are_many_and_none_is_known() -> None:
    written = content.read()
    unanswerable = read_unanswerable({one.id for one in written})
    known = {text for one in written for text in one.questions()}
    assert len(unanswerable) == len(set(unanswerable)) >= 450
    assert not known & set(unanswerable)


def test_an_unanswerable_question_counts_until_its_topic_is_written(tmp_path: Path) -> None:
    (tmp_path / "unanswerable.txt").write_text("# remark\n\npassport-lost: พาสปอร์ตหาย\nหวยออกอะไร\nถาม: ตอบ\n", encoding="utf-8")
    assert read_unanswerable({"id-card-lost"}, tmp_path) == ["พาสปอร์ตหาย", "หวยออกอะไร", "ถาม: ตอบ"]
    assert read_unanswerable({"passport-lost"}, tmp_path) == ["หวยออกอะไร", "ถาม: ตอบ"]


GOOD = entry().body() | {"state": "published"}


def write(folder: Path, *rows: object, name: str = "transport.yml") -> None:
    (folder / name).write_text(yaml.safe_dump(list(rows), allow_unicode=True), encoding="utf-8")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({k: v for k, v in GOOD.items() if k != "agency"}, "transport.yml, boat-licence, agency: this part is missing"),
        (GOOD | {"fees": "5"}, "transport.yml, boat-licence, fees: there is no such part; is the name spelt right?"),
        (GOOD | {"fee": 100}, "transport.yml, boat-licence, fee: this part must be text"),
        (GOOD | {"link": "http://dlt.go.th"}, "transport.yml, boat-licence, link: a link must begin with https://"),
        (GOOD | {"link": "https:///x"}, "transport.yml, boat-licence, link: a link must begin"),
        (GOOD | {"summary": {"th": "ค่ะ", "en": ""}}, "transport.yml, boat-licence, summary.en: this part is empty"),
        (GOOD | {"variants": ["ก", "ก"]}, "transport.yml, boat-licence, variants: two variants are the same"),
        (GOOD | {"group": "tax"}, "transport.yml, boat-licence, group: must be 'transport'"),
        (GOOD | {"id": "Boat Licence"}, "transport.yml, Boat Licence, id: "),
        ("บัตรหาย", "transport.yml, number 1, entry: "),
    ],
)
def test_an_error_names_file_faq_and_field(tmp_path: Path, row: object, message: str) -> None:
    write(tmp_path, row)
    with pytest.raises(ContentError) as raised:
        content.read(tmp_path)
    assert str(raised.value).startswith(message)


def test_an_id_cannot_be_used_twice(tmp_path: Path) -> None:
    write(tmp_path, GOOD, GOOD)
    with pytest.raises(ContentError, match=r"transport.yml, boat-licence, id: this id is used twice"):
        content.read(tmp_path)


@pytest.mark.parametrize("text", ["a: [", "id: one", "", "\xff"])
def test_a_file_that_is_no_list_of_faqs_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "tax.yml").write_bytes(text.encode("latin-1"))
    with pytest.raises(ContentError, match=r"^tax.yml: "):
        content.read(tmp_path)


async def seed(database: Database, folder: Path) -> Seeded:
    async with database.write() as session:
        return await content.seed(session, folder)


async def live(database: Database) -> dict[str, str]:
    async with database.read() as session:
        return {one.id: one.summary.en for one in await faq.live_entries(session)}


async def test_seeding_twice_changes_nothing(database: Database, tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    assert await seed(database, tmp_path) == Seeded(added=1)
    assert await seed(database, tmp_path) == Seeded(unchanged=1)
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(faq.FaqVersion)) == 2  # saved, published


async def test_changed_files_update_what_staff_did_not_touch(database: Database, tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    await seed(database, tmp_path)
    write(tmp_path, GOOD | {"summary": {"th": "ใหม่ค่ะ", "en": "New."}})
    assert await seed(database, tmp_path) == Seeded(updated=1)
    assert await live(database) == {"boat-licence": "New."}


async def test_what_staff_edited_is_left_alone(database: Database, tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    await seed(database, tmp_path)
    async with database.write() as session:
        await faq.save(session, entry(summary={"th": "แก้แล้วค่ะ", "en": "Edited."}), STAFF, seen=2, reason="แก้คำผิด")
        await faq.publish(session, "boat-licence", SECOND, seen=3)
    write(tmp_path, GOOD | {"summary": {"th": "ใหม่ค่ะ", "en": "New."}})
    assert await seed(database, tmp_path) == Seeded(left_alone=1)
    assert await live(database) == {"boat-licence": "Edited."}


async def test_what_staff_archived_stays_archived(database: Database, tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    await seed(database, tmp_path)
    async with database.write() as session:
        await faq.archive(session, "boat-licence", STAFF, seen=2)
    write(tmp_path, GOOD | {"fee": "5 บาท"})
    assert await seed(database, tmp_path) == Seeded(left_alone=1)
    assert await live(database) == {}


async def test_what_staff_switched_off_is_updated_and_stays_off(database: Database, tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    await seed(database, tmp_path)
    async with database.write() as session:
        await faq.switch(session, "boat-licence", STAFF, on=False)
    write(tmp_path, GOOD | {"fee": "5 บาท"})
    assert await seed(database, tmp_path) == Seeded(updated=1)
    assert await live(database) == {}


@pytest.mark.parametrize("state", ["draft", "in_review", "archived"])
async def test_a_file_may_bring_what_is_not_live(database: Database, tmp_path: Path, state: str) -> None:
    write(tmp_path, GOOD | {"state": state})
    assert await seed(database, tmp_path) == Seeded(added=1)
    assert await seed(database, tmp_path) == Seeded(unchanged=1)
    assert await live(database) == {}
    async with database.read() as session:
        assert (await session.get_one(faq.Faq, "boat-licence")).state == state


def test_no_question_belongs_to_two_faqs_in_our_wording() -> None:
    wording = Wording(read_synonyms())
    owner: dict[str, str] = {}
    for one in content.read():
        for question in one.questions():
            assert owner.setdefault(wording.canonical(question), one.id) == one.id, question


def test_an_answer_is_not_called_confirmed_before_an_agency_confirmed_it() -> None:
    for one in content.read():
        assert not one.verified, one.id
        assert one.link is None or one.link.count("/") == 2, one.id  # the agency's front page
