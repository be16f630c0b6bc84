"""Broken files: every problem is named by row and column, and nothing changes."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest
import yaml
from openpyxl import Workbook
from sqlalchemy import func, select

from core.audit import AuditEntry
from core.database import Database
from knowledge_base import faq, revision
from knowledge_base.exchange import formats, incoming, plan
from knowledge_base.exchange.formats import Kind
from knowledge_base.exchange.limit import LARGEST, MOST_FILES, MOST_NODES, MOST_ROWS, UNPACKED
from knowledge_base.exchange.problem import Refused
from knowledge_base.exchange.value import BadValue, a_date, a_state, a_yes
from tests.unit.knowledge_base.samples import SECOND, STAFF, entry
from tests.unit.knowledge_base.sheets import NAMES, as_csv, as_xlsx, as_yaml, file, places, problems, texts

BAD_CELLS = {
    "id": ("บัตร", "a-z"),
    "version": ("สาม", "จำนวนเต็ม"),
    "state": ("เสร็จ", "ไม่มีสถานะ"),
    "active": ("อาจจะ", "ใช่ หรือ ไม่ใช่"),
    "group": ("Tax!", "a-z"),
    "agency": ("  ", "ว่าง"),
    "question_en": ("", "ว่าง"),
    "summary_th": ("ก" * 601, "ยาวเกิน 600"),
    "steps": ("ข้อหนึ่ง\n" + "ข" * 601, "ข้อ 2: ยาวเกิน 600"),
    "documents": ("\n".join(f"ใบที่ {number}" for number in range(61)), "เกินที่กำหนด 60"),
    "link": ("http://www.bora.dopa.go.th", "https://"),
    "review_by": ("31/02/2570", "ปฏิทิน"),
    "verified": ("น่าจะ", "ใช่ หรือ ไม่ใช่"),
    "reviewed": ("เมื่อวาน", "อ่านวันที่"),
    "variants": ("ถามแบบนี้\nถามแบบนี้", "ซ้ำกัน: “ถามแบบนี้”"),
}


def zipped(*files: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return buffer.getvalue()


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one of its parts changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return zipped(*((one, change(archive.read(one)) if one == name else archive.read(one)) for one in archive.namelist()))


def words(data: bytes, kind: Kind) -> str:
    return " / ".join(one.words for one in problems(data, kind))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("column", BAD_CELLS)
def test_a_bad_cell_is_named_by_row_and_column(kind: Kind, column: str) -> None:
    text, expected = BAD_CELLS[column]
    make = as_csv if kind == "csv" else as_xlsx
    data = make(texts(id="a-one"), texts(id="b-two") | {column: text}, texts(id="c-three"))
    assert places(data, kind) == [(3, column)]
    assert expected in words(data, kind)


def test_an_id_that_is_a_pages_address_is_refused() -> None:
    data = as_csv(texts(id="try"))
    assert places(data, "csv") == [(2, "id")]
    assert "ที่อยู่ของหน้าอื่น" in words(data, "csv")


def test_all_problems_of_all_rows_are_told_at_once() -> None:
    rows = [texts(id=f"row-{place}") | {column: text} for place, (column, (text, _)) in enumerate(BAD_CELLS.items())]
    expected = [(place, column) for place, column in enumerate(BAD_CELLS, start=2)]
    assert sorted(places(as_csv(*rows), "csv")) == sorted(expected)
    assert sorted(places(as_xlsx(*rows), "xlsx")) == sorted(expected)


def test_a_row_with_many_faults_names_each() -> None:
    row = texts(agency="", link="ftp://x", review_by="2027-13-01", verified="?")
    assert {column for _, column in places(as_csv(row), "csv")} == {"agency", "link", "review_by", "verified"}


def test_missing_unknown_and_doubled_columns_are_named() -> None:
    names = [name for name in NAMES if name not in ("fee", "version")] + ["hours", "ค่าบริการ"]
    assert places(as_csv(texts(), names=names), "csv") == [(1, "fee"), (1, "hours"), (1, "ค่าบริการ")]
    assert places(as_xlsx(texts(verified="?"), names=names), "xlsx") == [
        (1, "fee"),
        (1, "hours"),
        (1, "ค่าบริการ"),
        (2, "verified"),
    ]


def test_columns_may_be_called_by_their_thai_names_in_any_order() -> None:
    titles = {"question_th": "คำถาม (ไทย)", "fee": "ค่าธรรมเนียม"}
    row = texts(fee="100 บาท")
    data = as_csv(
        {titles.get(name, name): text for name, text in row.items()}, names=[titles.get(name, name) for name in NAMES[::-1]]
    )
    assert formats.read(data, "csv")[0][0].entry == entry(fee="100 บาท")


def test_ids_that_stand_twice_are_told_with_both_rows() -> None:
    data = as_xlsx(texts(id="a-one"), texts(id="b-two"), texts(id="a-one"))
    assert [(one.row, one.column, one.words) for one in problems(data, "xlsx")] == [(4, "id", "รหัส a-one ซ้ำกับแถว 2")]


def test_a_cell_too_many_or_too_few_is_told() -> None:
    lines = as_csv(texts(id="a-one"), texts(id="b-two", variants="")).decode("utf-8-sig")
    assert places((lines.rstrip("\r\n") + ",เกิน\r\n").encode(), "csv") == [(3, "")]
    assert (3, "") in places(b"id,group\r\na-one,tax\r\nb-two\r\n", "csv")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-05-22", (2027, 5, 22)),
        ("22/05/2570", (2027, 5, 22)),
        ("22/5/2027", (2027, 5, 22)),
        ("๒๒/๐๕/๒๕๗๐", (2027, 5, 22)),
        ("2570-05-22", (2027, 5, 22)),
        ("29/02/2571", (2028, 2, 29)),
        ("22 พฤษภาคม 2570", (2027, 5, 22)),
        ("22 พ.ค. 2570", (2027, 5, 22)),
        ("22 พฤษภาคม พ.ศ. 2570", (2027, 5, 22)),
    ],
)
def test_days_are_read_as_thais_and_computers_write_them(text: str, day: tuple[int, int, int]) -> None:
    found = a_date(text)
    assert (found.year, found.month, found.day) == day


@pytest.mark.parametrize(
    "text", ["22/05/70", "05/22/2027", "2027-02-30", "29/02/2570", "พรุ่งนี้", "22 ฟรุ้งฟริ้ง 2570", "1/1/1500", "2027"]
)
def test_days_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(BadValue):
        a_date(text)


def test_yes_no_and_states_in_both_languages() -> None:
    assert all(a_yes(text) for text in ("ใช่", "TRUE", "yes", "1", " จริง "))
    assert not any(a_yes(text) for text in ("ไม่ใช่", "ไม่", "False", "no", "0"))
    assert (a_state("ร่าง"), a_state("Published"), a_state("รอตรวจทาน")) == ("draft", "published", "in_review")


def test_what_excel_made_of_cells_is_read() -> None:
    row = {
        **texts(),
        "fee": 100,
        "time": 12.5,
        "hours": time(8, 30),
        "review_by": date(2570, 5, 22),
        "verified": True,
        "version": 3.0,
    }
    record = formats.read(as_xlsx(row), "xlsx")[0][0]
    assert (record.entry.fee, record.entry.time, record.entry.hours) == ("100", "12.5", "08.30")
    assert (record.entry.review_by, record.entry.verified, record.version) == (entry().review_by, True, 3)


def test_formulas_and_errors_of_excel_are_told() -> None:
    data = as_xlsx({**texts(id="a-one"), "fee": "=1+1", "agency": "=A1"}, {**texts(id="b-two"), "link": "#N/A"})
    assert sorted(places(data, "xlsx")) == [(2, "agency"), (2, "fee"), (3, "link")]
    assert "สูตร" in words(data, "xlsx")


def test_blank_rows_and_rows_far_below_keep_their_numbers() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(NAMES)
    for row, faq_id in ((3, "a-one"), (9_000, "b-two")):
        for place, name in enumerate(NAMES, start=1):
            sheet.cell(row, place, (texts(id=faq_id) | {"verified": "?"})[name])
    buffer = io.BytesIO()
    book.save(buffer)
    assert places(buffer.getvalue(), "xlsx") == [(3, "verified"), (9_000, "verified")]


def test_a_wrong_sheet_is_told_with_the_names_of_those_there_are() -> None:
    book = Workbook()
    book.create_sheet("งบประมาณ").append(["ปี", "บาท"])
    buffer = io.BytesIO()
    book.save(buffer)
    assert "ไม่พบแผ่นงานชื่อ FAQ" in words(buffer.getvalue(), "xlsx")
    assert "งบประมาณ" in words(buffer.getvalue(), "xlsx")
    assert "ไม่พบหัวตาราง" in words(as_xlsx({"ปี": "2569"}, names=["ปี", "บาท"], title="งบ"), "xlsx")
    assert places(as_xlsx(texts(), title="Sheet1"), "xlsx") == []


GOOD = as_xlsx(texts())
SHEET_XML = "xl/worksheets/sheet1.xml"
DOCTYPE = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;">]>'
ENTITIES = DOCTYPE + b"<a>&c;</a>"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "ว่างเปล่า"),
        (b"PK\x03\x04 not a zip", "ชำรุด"),
        (GOOD[: len(GOOD) // 2], "ชำรุด"),
        (GOOD[:200] + b"\x00" * 50 + GOOD[250:], "ชำรุด"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, ".xls รุ่นเก่าหรือตั้งรหัสผ่าน"),
        (b"id,group\n", "ชำรุด"),
        (zipped(("hello.txt", b"hello")), "ชำรุด"),
        (zipped(("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"<a/>")), "ชำรุด"),
        (with_part(GOOD, SHEET_XML, lambda _: b""), "ชำรุด"),
        (with_part(GOOD, SHEET_XML, lambda xml: xml[:-40]), "ชำรุด"),
        (with_part(GOOD, SHEET_XML, lambda xml: xml.replace(b"<worksheet", DOCTYPE + b"<worksheet", 1)), "คำสั่ง XML"),
        (with_part(GOOD, SHEET_XML, lambda xml: (DOCTYPE.decode() + xml.decode()).encode("utf-16")), "คำสั่ง XML"),
        (with_part(GOOD, "xl/workbook.xml", lambda _: b"<workbook/>"), ""),
        (with_part(GOOD, SHEET_XML, lambda xml: xml.replace(b'r="2"', b'r="99999999999"')), "ซึ่ง Excel ไม่มี"),
        (with_part(GOOD, SHEET_XML, lambda xml: xml.replace(b'r="A1"', b'r="ZZZZZZ1"')), ""),
        (zipped(("[Content_Types].xml", b"<a/>"), ("xl/media/note.bin", ENTITIES)), "คำสั่ง XML"),
        (zipped(*((f"{number}.xml", b"<a/>") for number in range(MOST_FILES + 1))), "ใหญ่เกินไป"),
        (zipped(("[Content_Types].xml", b"<a/>"), ("big.xml", b" " * (UNPACKED + 1))), "ใหญ่เกินไป"),
    ],
)
def test_a_broken_workbook_is_refused_in_plain_words(data: bytes, expected: str) -> None:
    found = problems(data, "xlsx")
    assert found
    assert expected in found[0].words


def test_a_workbook_that_lies_about_its_size_is_refused() -> None:
    bomb = bytearray(zipped(("[Content_Types].xml", b"<a/>"), ("big.xml", b" " * 5_000_000)))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        found = bomb.rindex(mark)
        bomb[found + at : found + at + 4] = (10).to_bytes(4, "little")
    assert "ชำรุด" in words(bytes(bomb), "xlsx")


def test_a_claimed_size_is_not_believed() -> None:
    huge = with_part(GOOD, SHEET_XML, lambda xml: xml.replace(b'ref="A1:V2"', b'ref="A1:XFD1048576"'))
    assert huge != GOOD
    assert places(huge, "xlsx") == []


@pytest.mark.parametrize("kind", ["csv", "yaml", "xlsx"])
def test_what_is_too_large_is_not_read(kind: Kind) -> None:
    assert "10 MB" in words(b" " * (LARGEST + 1), kind)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp874"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_is_read_however_excel_saved_it(encoding: str, separator: str) -> None:
    data = as_csv(texts(fee="100 บาท; ถ้ามี, ครั้งละ"), encoding=encoding, separator=separator)
    assert formats.read(data, "csv")[0][0].entry == entry(fee="100 บาท; ถ้ามี, ครั้งละ")


def test_a_line_that_names_the_separator_is_passed_over() -> None:
    assert places(b"\xef\xbb\xbfsep=;\r\n" + as_csv(texts(verified="?"), separator=";", encoding="utf-8"), "csv") == [
        (2, "verified")
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"   \n", "ว่างเปล่า"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "อ่านไฟล์ไม่ได้"),
        ("ปี,ชื่อ\n1,ก\n".encode(), "ไม่พบหัวตาราง"),
        (as_csv(), "ไม่มีข้อมูลใต้หัวตาราง"),
        (as_csv(texts())[:-3] + b'x"y" "z', "เครื่องหมายคำพูด"),
        (as_csv(texts(agency="กรม" * 30)).replace("กรม".encode(), "กรม".encode()[:-1], 1), "อ่านไฟล์ไม่ได้"),
        (as_csv(texts(), encoding="utf-16")[:-1], "ชำรุด"),
        (b"id\n" + b"a\n" * (MOST_ROWS + 1), "เกิน 20,000 แถว"),
    ],
)
def test_a_broken_csv_file_is_refused_in_plain_words(data: bytes, expected: str) -> None:
    assert expected in words(data, "csv")


def faq_lines(**changes: str) -> str:
    """A good FAQ in YAML, with some lines replaced."""
    lines = yaml.safe_load(file("yaml", [entry()]))[0]
    return yaml.safe_dump([lines | changes], allow_unicode=True, sort_keys=False)


def test_yaml_is_read_as_texts_whatever_it_looks_like() -> None:
    text = faq_lines().replace(
        "agency: กรมเจ้าท่า", "agency: 007\n  fee: 12:30\n  time: no\n  hours: 2027-05-22\n  where: null\n  link: ~"
    )
    one = formats.read(text.encode(), "yaml")[0][0].entry
    assert (one.agency, one.fee, one.time, one.hours, one.where, one.link) == ("007", "12:30", "no", "2027-05-22", None, None)


def test_problems_of_yaml_are_named_by_line_and_part() -> None:
    good = faq_lines()
    number = next(place for place, line in enumerate(good.split("\n"), start=1) if "source:" in line)
    text = good.replace("source: กรมเจ้าท่า", "source: กรมเจ้าท่า\n  fees: 1\n  agency: อื่น\n  link: http://x.th\n  documents: ใบเดียว")
    expected = [(number + 1, "fees"), (number + 2, "agency"), (number + 3, "link"), (number + 4, "documents")]
    text = text.replace("  documents:\n  - บัตรประชาชน\n", "")
    assert sorted(places(text.encode(), "yaml")) == [(row - 2, column) for row, column in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- &a {id: x}\n- *a\n", "การอ้างอิง"),
        ("- id: *a\n", "การอ้างอิง"),
        ("a: &a [x]\nb: &b [*a, *a]\n", "การอ้างอิง"),
        ("- !!python/object/apply:os.system ['true']\n", "ชนิดข้อมูลพิเศษ"),
        ("- id: !!binary aGk=\n", "ชนิดข้อมูลพิเศษ"),
        ("[" * 50_000, "ซ้อนกันลึก"),
        ("- id: x\n---\n- id: y\n", "เอกสารเดียว"),
        ("- id: x\n  id: [\n", "จัดรูปแบบ YAML ผิด"),
        ("- 'x", "จัดรูปแบบ YAML ผิด"),
        ("id: x\n", "รายการคำตอบ"),
        ("hello", "รายการคำตอบ"),
        ("# nothing\n", "รายการคำตอบ"),
        ("[]\n", "ไม่มีคำตอบ"),
        ("- hello\n", "ขึ้นต้นด้วย - id:"),
        ("- id: x\n  question: ถาม\n", "ต้องมี th: และ en:"),
        ("- {id: x, ? [a, b] : c}\n", "ไม่รู้จักส่วน"),
        ("- id: [x]\n", "ต้องเป็นข้อความ"),
        ("- a\n" * (MOST_ROWS + 1), "เกิน 20,000"),
        ("- [" + "a," * MOST_NODES + "]", "มากเกินไป"),
    ],
)
def test_broken_and_malicious_yaml_is_refused_in_plain_words(text: str, expected: str) -> None:
    assert expected in words(text.encode(), "yaml")


def test_doubled_parts_of_yaml_are_told() -> None:
    text = faq_lines().replace("  source:", "  question:\n    th: ก\n    en: b\n    en: c\n  source:")
    assert {column for _, column in places(text.encode(), "yaml")} == {"question_th", "question_en"}


def test_the_kind_of_a_file_is_told_by_its_name() -> None:
    assert [formats.kind_of(name) for name in ("ก.XLSX", "a.b.yml", "x.csv", "x.tsv")] == ["xlsx", "yaml", "csv", "csv"]
    with pytest.raises(Refused):
        formats.kind_of("คำตอบ.pdf")


async def read_and_apply(database: Database, data: bytes, kind: Kind, author: str = STAFF, publish: bool = False) -> plan.Plan:
    records, wrong = formats.read(data, kind)
    assert wrong == []
    async with database.write() as session:
        made = await plan.make(session, records, publish=publish)
        await incoming.apply(session, made, author, kind=kind, publish=publish, reason="ปรับค่าธรรมเนียม")
    return made


async def test_what_comes_in_is_a_draft_of_its_importer(database: Database) -> None:
    async with database.write() as session:
        await faq.save(session, entry("a-one"), STAFF, seen=None)
        await faq.publish(session, "a-one", SECOND, seen=1)
    made = await read_and_apply(
        database, file("xlsx", [entry("a-one", fee="5 บาท"), entry("b-two")], version=2, state="published"), "xlsx"
    )
    assert (made.changes[0].kind, made.changes[0].fields) == ("changed", ("fee",))
    assert made.changes[1].kind == "new"
    async with database.read() as session:
        one, two = await session.get_one(faq.Faq, "a-one"), await session.get_one(faq.Faq, "b-two")
        newest = (await faq.history(session, "a-one"))[0]
        line = (await session.scalars(select(AuditEntry).where(AuditEntry.action == "faq.import"))).one()
    assert [(row.state, row.live) for row in (one, two)] == [("draft", 2), ("draft", None)]
    assert (newest.author, newest.reason, newest.body["fee"]) == (STAFF, "ปรับค่าธรรมเนียม", "5 บาท")
    assert (line.actor, line.detail) == (STAFF, {"format": "xlsx", "published": False, "new": 1, "changed": 1, "unchanged": 0})
    async with database.write() as session:
        with pytest.raises(faq.SecondPersonNeeded):
            await faq.publish(session, "b-two", STAFF, seen=1)


async def test_a_row_edited_since_the_export_is_a_conflict_and_nothing_changes(database: Database) -> None:
    async with database.write() as session:
        for faq_id in ("a-one", "b-two"):
            await faq.save(session, entry(faq_id), STAFF, seen=None)
        await faq.save(session, entry("b-two", fee="7 บาท"), SECOND, seen=1, reason="ใหม่")
        before = await revision.current(session)
    records, _ = formats.read(file("csv", [entry("a-one", fee="5 บาท"), entry("b-two", fee="6 บาท")], version=1), "csv")
    async with database.write() as session:
        made = await plan.make(session, records)
        assert [(one.row, one.column) for one in made.problems] == [(3, "version")]
        assert "รุ่น 2" in made.problems[0].words
        with pytest.raises(Refused):
            await incoming.apply(session, made, STAFF, kind="csv")
    async with database.read() as session:
        assert await revision.current(session) == before


async def test_a_row_that_nobody_touched_in_the_file_is_no_conflict(database: Database) -> None:
    async with database.write() as session:
        await faq.save(session, entry(), STAFF, seen=None)
        await faq.save(session, entry(fee="7 บาท"), SECOND, seen=1, reason="ใหม่")
    made = await read_and_apply(database, file("csv", [entry()], version=1), "csv")
    assert [one.kind for one in made.changes] == ["unchanged"]
    assert "ไม่ได้แก้ในไฟล์" in made.notices[0].words


async def test_publishing_and_switching_are_no_edits(database: Database) -> None:
    async with database.write() as session:
        await faq.save(session, entry(), STAFF, seen=None)
        await faq.publish(session, "boat-licence", SECOND, seen=1)
        await faq.switch(session, "boat-licence", SECOND, on=False)
    made = await read_and_apply(database, file("csv", [entry(fee="5 บาท")], version=1), "csv")
    assert [one.fields for one in made.changes] == [("fee",)]
    async with database.read() as session:
        row = await session.get_one(faq.Faq, "boat-licence")
    assert (row.version, row.state, row.on, row.live) == (4, "draft", False, 2)


async def test_a_faq_put_away_since_the_export_is_a_conflict(database: Database) -> None:
    async with database.write() as session:
        await faq.save(session, entry(), STAFF, seen=None)
        await faq.archive(session, "boat-licence", SECOND, seen=1)
        records, _ = formats.read(file("csv", [entry(fee="5 บาท")], version=1), "csv")
        assert [one.column for one in (await plan.make(session, records)).problems] == ["version"]


async def test_a_file_of_another_installation_says_so(database: Database) -> None:
    async with database.write() as session:
        await faq.save(session, entry(), STAFF, seen=None)
        records, _ = formats.read(file("csv", [entry(fee="5 บาท")], version=9), "csv")
        assert "ระบบอื่น" in (await plan.make(session, records)).problems[0].words


async def test_somebody_who_edits_between_plan_and_import_stops_all_of_it(database: Database) -> None:
    async with database.write() as session:
        await faq.save(session, entry("b-two"), STAFF, seen=None)
    records, _ = formats.read(file("yaml", [entry("a-one"), entry("b-two", fee="6 บาท"), entry("c-three")], version=1), "yaml")
    async with database.read() as session:
        made = await plan.make(session, records)
    async with database.write() as session:
        await faq.save(session, entry("b-two", fee="7 บาท"), SECOND, seen=1, reason="ใหม่")
        await faq.save(session, entry("c-three"), SECOND, seen=None)
    with pytest.raises(Refused) as raised:
        async with database.write() as session:
            await incoming.apply(session, made, STAFF, kind="yaml")
    assert [one.column for one in raised.value.problems] == ["version", "version"]
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(faq.Faq)) == 2
        assert (await session.scalars(select(AuditEntry).where(AuditEntry.action == "faq.import"))).all() == []


async def test_the_agencys_word_does_not_come_from_a_file(database: Database) -> None:
    made = await read_and_apply(database, file("csv", [entry(verified=True)]), "csv")
    assert [one.column for one in made.notices if one.column == "verified"] == ["verified"]
    async with database.read() as session:
        assert (await session.get_one(faq.Faq, "boat-licence")).body["verified"] is False
    again = await read_and_apply(database, file("csv", [entry(verified=True)]), "csv")
    assert [one.kind for one in again.changes] == ["unchanged"]


async def test_states_and_switches_of_known_faqs_are_not_changed_by_files(database: Database) -> None:
    async with database.write() as session:
        await faq.save(session, entry(), STAFF, seen=None)
    made = await read_and_apply(database, file("csv", [entry()], state="published", active=False), "csv")
    assert [one.column for one in made.notices] == ["state", "active"]
    assert [one.kind for one in made.changes] == ["unchanged"]


async def test_the_operator_publishes_at_once_what_the_file_says_is_published(database: Database) -> None:
    await read_and_apply(database, file("csv", [entry("a-one")]), "csv", author="cli")
    rows = [
        texts(id="a-one", state="published"),
        texts(id="b-two"),
        texts(id="c-three", state="draft"),
        texts(id="d-four", state="เลิกใช้"),
    ]
    made = await read_and_apply(database, as_csv(*rows), "csv", author="cli", publish=True)
    assert [one.kind for one in made.changes] == ["changed", "new", "new", "new"]
    assert made.changes[0].fields == ("state",)
    async with database.read() as session:
        rows = list(await session.scalars(select(faq.Faq).order_by(faq.Faq.id)))
        assert [row.state for row in rows] == ["published", "published", "draft", "archived"]
        assert [one.id for one in await faq.live_entries(session)] == ["a-one", "b-two"]
        assert {row.seeded for row in rows} == {None}
    again = await read_and_apply(database, as_csv(texts(id="a-one", state="published"), texts(id="b-two")), "csv", publish=True)
    assert [one.kind for one in again.changes] == ["unchanged", "unchanged"]


async def test_the_content_files_are_an_import(database: Database) -> None:
    folder = Path(formats.__file__).parent.parent / "content"
    records, wrong = formats.read((folder / "tax.yml").read_bytes(), "yaml")
    assert (wrong, len(records) > 5) == ([], True)


def test_a_good_file_by_hand_is_read() -> None:
    assert formats.read(as_xlsx(texts()), "xlsx")[0][0].entry == entry()
    assert formats.read(as_yaml(yaml.safe_load(file("yaml", [entry()]))[0]), "yaml")[0][0].entry == entry()
