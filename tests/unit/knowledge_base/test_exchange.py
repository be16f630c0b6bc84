"""Round trips: what goes out comes in as it was."""

import csv
import io
import json
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.database import Database
from knowledge_base import content, faq
from knowledge_base.entry import Entry
from knowledge_base.exchange import formats, incoming, plan
from knowledge_base.exchange.csv_file import guarded, unguarded
from knowledge_base.exchange.exported import Exported
from knowledge_base.exchange.formats import Kind
from knowledge_base.exchange.outgoing import export
from knowledge_base.exchange.record import tidy
from knowledge_base.exchange.value import joined, split
from knowledge_base.exchange.xlsx_file import LONGEST_CELL, TooLong
from tests.unit.knowledge_base.samples import SECOND, STAFF, entry
from tests.unit.knowledge_base.sheets import NAMES, file

KINDS: list[Kind] = ["xlsx", "csv", "yaml"]
LETTERS = st.characters(exclude_categories=("Cs",))
NASTY = st.sampled_from(
    [
        "=1+1",
        "-5",
        "+66",
        "@a",
        "'",
        "'=x",
        "_x000D_",
        "_x005F_",
        "\\n",
        "\\",
        "a\nb",
        "เเ",
        "ที่",
        "null",
        "~",
        "yes",
        "1e3",
        "#",
        ": ",
        "2027-05-22",
        "- ",
        "|",
        '"',
        ";",
        "\t",
        "\u2028",
        "\x0b",
        "\uffff",
        "\xa0",
        "😀",
        "*a",
        "&a",
        "!x",
        "%",
        "007",
        "1.0",
        "sep=;",
        "<b>",
    ]
)
LINES = st.lists(st.one_of(st.text(LETTERS, min_size=1, max_size=12), NASTY), min_size=1, max_size=4).map("".join)
DAYS = st.dates(date(1990, 1, 1), date(2199, 12, 31))
LINE = LINES.filter(lambda text: _kept(text) != "")


def _kept(text: str) -> str:
    return tidy(entry(agency="ก" + text + "ก")).agency[1:-1].strip()


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Any entry that the rules allow, and that has something to see in each of its parts."""
    maybe = st.one_of(st.none(), LINE)
    lists = st.lists(LINE, max_size=3)
    return entry(
        agency=draw(LINE),
        question={"th": draw(LINE), "en": draw(LINE)},
        summary={"th": draw(LINE), "en": draw(LINE)},
        steps=draw(lists),
        documents=draw(lists),
        fee=draw(maybe),
        time=draw(maybe),
        source=draw(LINE),
        verified=draw(st.booleans()),
        review_by=draw(DAYS),
        reviewed=draw(st.one_of(st.none(), DAYS)),
        variants=draw(st.lists(LINE, max_size=3, unique_by=_kept)),
    )


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(one=entries())
def test_any_text_comes_back_as_it_was(kind: Kind, one: Entry) -> None:
    records, problems = formats.read(file(kind, [one], version=7, state="published", active=False), kind)
    assert problems == []
    assert records[0].entry == tidy(one)
    assert (records[0].version, records[0].state, records[0].active) == (7, "published", False)


@given(st.lists(LINE))
def test_lists_in_a_cell_keep_their_items(items: list[str]) -> None:
    stripped = [item.strip() for item in items]
    assert split(joined(stripped)) == stripped


@given(st.one_of(st.text(), NASTY))
def test_no_cell_of_csv_is_a_formula_and_all_come_back(text: str) -> None:
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("kind", KINDS)
async def test_an_export_brought_in_again_changes_nothing(database: Database, kind: Kind) -> None:
    async with database.write() as session:
        await content.seed(session)
        await faq.save(session, entry(fee="=1+1", steps=["บรรทัด 1\r\nบรรทัด 2", "\\n"]), STAFF, seen=None)
    buffer = io.BytesIO()
    async with database.read() as session:
        written = await export(session, buffer, kind)
        records, problems = formats.read(buffer.getvalue(), kind)
        made = await plan.make(session, records)
    assert (written, len(records), problems) == (151, 151, [])
    assert [one.kind for one in made.changes] == ["unchanged"] * 151
    assert (made.problems, made.notices) == ([], [])


@pytest.mark.parametrize("kind", KINDS)
async def test_another_installation_gets_the_same_texts(database: Database, kind: Kind) -> None:
    given = [entry("a-one"), entry("b-two", verified=True), entry("c-three")]
    data = file(kind, given[:1], state="published") if kind == "yaml" else file(kind, given, state="published", active=False)
    records, _ = formats.read(data, kind)
    async with database.write() as session:
        made = await plan.make(session, records, publish=True)
        await incoming.apply(session, made, "cli", kind=kind, publish=True)
        rows = [await session.get_one(faq.Faq, record.entry.id) for record in records]
    assert [Entry.model_validate(row.body) for row in rows] == given[: len(records)]
    assert {row.state for row in rows} == {"published"}
    assert {row.on for row in rows} == {kind == "yaml"}


async def test_the_live_export_has_what_citizens_read(database: Database) -> None:
    async with database.write() as session:
        await faq.save(session, entry("a-live"), STAFF, seen=None)
        await faq.publish(session, "a-live", SECOND, seen=1)
        await faq.save(session, entry("a-live", fee="100 บาท"), STAFF, seen=2, reason="ใหม่")
        await faq.save(session, entry("b-draft"), STAFF, seen=None)
        await faq.save(session, entry("c-off"), STAFF, seen=None)
        await faq.publish(session, "c-off", SECOND, seen=1)
        await faq.switch(session, "c-off", SECOND, on=False)
    buffer = io.BytesIO()
    async with database.read() as session:
        assert await export(session, buffer, "yaml", live=True) == 1
        assert await export(session, io.BytesIO(), "yaml", group="transport") == 3
        assert await export(session, io.BytesIO(), "yaml", group="tax") == 0
    records, _ = formats.read(buffer.getvalue(), "yaml")
    assert [(one.entry, one.version, one.state) for one in records] == [(entry("a-live"), 2, "published")]


def test_an_exported_yaml_file_is_a_content_file(tmp_path: Path) -> None:
    (tmp_path / "transport.yml").write_bytes(file("yaml", [entry()], version=9, state="published"))
    assert [one.entry() for one in content.read(tmp_path)] == [entry()]


def test_csv_is_for_excel() -> None:
    data = file("csv", [entry(fee="=HYPERLINK(1)", time="-5 วัน")])
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert (rows[0]["fee"], rows[0]["time"]) == ("'=HYPERLINK(1)", "'-5 วัน")
    assert rows[0]["steps"] == "ยื่นคำขอ\nรอเจ้าหน้าที่ตรวจเรือ"


def test_a_workbook_is_for_people() -> None:
    data = file("xlsx", [entry(fee="=HYPERLINK(1)", time="@SUM(A1)")])
    book = load_workbook(io.BytesIO(data))
    sheet, about = book["FAQ"], book["คำอธิบาย"]
    assert [cell.value for cell in sheet[1]] == NAMES
    assert sheet.freeze_panes == "B2"
    fee = sheet.cell(2, NAMES.index("fee") + 1)
    assert (fee.data_type, fee.value, fee.quotePrefix) == ("s", "=HYPERLINK(1)", True)
    assert [row[0].value for row in about.iter_rows(min_row=2)] == NAMES
    assert {str(rule.sqref)[0] for rule in sheet.data_validations.dataValidation} == {"C", "D", "T"}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert re.search(rb"<f[ >]", archive.read("xl/worksheets/sheet1.xml")) is None


def test_what_does_not_fit_into_excel_is_said_and_not_cut() -> None:
    long = entry(variants=[f"{number} " + "ก" * 590 for number in range(100)])
    assert sum(map(len, long.variants)) > LONGEST_CELL
    with pytest.raises(TooLong, match=r"boat-licence: คำถามแบบอื่น ยาวเกิน 32,767"):
        file("xlsx", [long])
    assert formats.read(file("csv", [long]), "csv")[0][0].entry == long


def test_changes_are_stored_and_restored() -> None:
    change = plan.Change(7, entry(), "changed", 3, ("fee", "steps"), "draft", False)
    assert plan.Change.restore(json.loads(json.dumps(change.store()))) == change


def test_states_and_words_of_an_exported_row() -> None:
    texts = dict(zip(NAMES, Exported(entry(verified=True), 4, "in_review", False).texts(), strict=True))
    assert (texts["version"], texts["state"], texts["active"], texts["verified"]) == ("4", "in_review", "ไม่ใช่", "ใช่")
