"""`pracha faq`: answers out into a file, corrected there, and in again."""

import asyncio
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select

from core.audit import AuditEntry
from core.database import Database
from core.settings import settings
from knowledge_base import faq
from tests.unit.knowledge_base.samples import SECOND, STAFF, entry
from tests.unit.knowledge_base.sheets import as_csv, file, texts
from tests.unit.pracha.operator import Operator


@pytest.fixture
def filled(operator: Operator) -> Operator:
    """A published answer, one that is off, and a draft."""

    async def write(database: Database) -> None:
        async with database.write() as session:
            for faq_id, group in (("a-live", "transport"), ("b-off", "transport"), ("c-draft", "tax")):
                await faq.save(session, entry(faq_id, group=group), STAFF, seen=None)
            for faq_id in ("a-live", "b-off"):
                await faq.publish(session, faq_id, SECOND, seen=1)
            await faq.switch(session, "b-off", SECOND, on=False)

    operator.prepare(write)
    return operator


def rows() -> dict[str, faq.Faq]:
    async def load() -> dict[str, faq.Faq]:
        database = Database(settings().database)
        async with database.read() as session:
            found = {row.id: row for row in await session.scalars(select(faq.Faq))}
        await database.close()
        return found

    return asyncio.run(load())


def audited() -> list[tuple[str, dict[str, object]]]:
    async def load() -> list[tuple[str, dict[str, object]]]:
        database = Database(settings().database)
        async with database.read() as session:
            lines = (await session.scalars(select(AuditEntry).where(AuditEntry.action == "faq.import"))).all()
        await database.close()
        return [(line.actor, line.detail) for line in lines]

    return asyncio.run(load())


@pytest.mark.parametrize("name", ["คำตอบ.yml", "answers.csv", "answers.xlsx"])
def test_out_and_in_again_changes_nothing(filled: Operator, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    before = {row.id: (row.version, row.body, row.state, row.on) for row in rows().values()}
    done = filled.command("faq", "export", str(path))
    assert (done.exit_code, "3 answers" in done.output) == (0, True)
    done = filled.command("faq", "import", str(path))
    assert done.exit_code == 0, done.output
    assert "0 new, 0 changed, 3 unchanged" in done.output
    assert {row.id: (row.version, row.body, row.state, row.on) for row in rows().values()} == before


def test_only_a_group_or_what_is_live_goes_out(filled: Operator, tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    assert filled.command("faq", "export", str(path), "--group", "tax").exit_code == 0
    assert [one["id"] for one in yaml.safe_load(path.read_text("utf-8"))] == ["c-draft"]
    assert filled.command("faq", "export", str(path), "--live").exit_code == 0
    assert [one["id"] for one in yaml.safe_load(path.read_text("utf-8"))] == ["a-live"]
    assert [one.name for one in tmp_path.iterdir() if one.suffix == ".yml"] == ["a.yml"]


def test_what_comes_in_is_a_draft_and_a_dry_run_is_nothing(filled: Operator, tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    path.write_bytes(file("xlsx", [entry("a-live", fee="5 บาท"), entry("d-new")], version=2, state="published"))
    shown = filled.command("faq", "import", str(path), "--dry-run")
    assert shown.exit_code == 0
    assert "a-live: fee" in shown.output
    assert "d-new" in shown.output
    assert rows()["a-live"].version == 2
    assert audited() == []
    done = filled.command("faq", "import", str(path))
    assert done.exit_code == 0
    assert "drafts" in done.output
    found = rows()
    assert [(found[one].state, found[one].live) for one in ("a-live", "d-new")] == [("draft", 2), ("draft", None)]
    assert audited() == [("cli", {"format": "xlsx", "published": False, "new": 1, "changed": 1, "unchanged": 0})]


def test_the_operator_may_publish(filled: Operator, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(as_csv(texts(id="a-live", fee="5 บาท", verified="ใช่"), texts(id="d-new", state="draft")))
    assert filled.command("faq", "import", str(path), "--publish").exit_code == 0
    found = rows()
    assert (found["a-live"].state, found["a-live"].body["fee"], found["a-live"].body["verified"]) == ("published", "5 บาท", True)
    assert found["d-new"].state == "draft"


def test_a_bad_row_stops_all_and_every_problem_is_named(filled: Operator, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(as_csv(texts(id="d-new"), texts(id="e-bad", review_by="31/02/2570", link="http://x.th")))
    done = filled.command("faq", "import", str(path))
    assert done.exit_code == 1
    assert "review_by" in done.output
    assert "link" in done.output
    assert "2 problems; nothing was changed" in done.output
    assert set(rows()) == {"a-live", "b-off", "c-draft"}


def test_bad_rows_and_rows_edited_meanwhile_are_told_together(filled: Operator, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    old = texts(id="a-live", version="1", fee="5 บาท")
    path.write_bytes(as_csv(old, texts(id="e-bad", verified="?")))

    async def edit(database: Database) -> None:
        async with database.write() as session:
            await faq.save(session, entry("a-live", fee="7 บาท"), SECOND, seen=2, reason="ใหม่")

    filled.prepare(edit)
    done = filled.command("faq", "import", str(path), "--dry-run")
    assert done.exit_code == 1
    assert "version" in done.output
    assert "verified" in done.output


@pytest.mark.parametrize(("name", "data"), [("x.pdf", b"%PDF"), ("x.xlsx", b"PK\x03\x04"), ("x.yml", b"- *a")])
def test_what_is_no_such_file_is_refused(filled: Operator, tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    done = filled.command("faq", "import", str(tmp_path / name))
    assert done.exit_code == 1
    assert "nothing was changed" in done.output


def test_an_export_that_cannot_be_written_leaves_no_pieces(filled: Operator, tmp_path: Path) -> None:
    assert filled.command("faq", "export", str(tmp_path / "x.pdf")).exit_code == 1
    assert filled.command("faq", "export", str(tmp_path / "no" / "x.csv")).exit_code == 1
    assert [one.name for one in tmp_path.iterdir() if one.suffix in {".pdf", ".csv"}] == []
