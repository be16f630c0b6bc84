"""`pracha eval`: the commands as an operator calls them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from core.settings import settings
from pracha.cli import app

CONTEXT = '{"cid": "c1", "text": "แม่น้ำเจ้าพระยาไหลลงสู่อ่าวไทย"}\n{"cid": "c2", "text": "ทุเรียนปลูกมากที่จันทบุรี"}\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A place for files, and an installation that was never set up and compares no meaning."""
    monkeypatch.setenv("PRACHA_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("PRACHA_DENSE", "false")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def test_retrieval_prints_a_table_and_json(folder: Path) -> None:
    (folder / "c.jsonl").write_text(CONTEXT, encoding="utf-8")
    (folder / "q.jsonl").write_text('{"question": "ทุเรียนปลูกที่ไหน", "cid": "c2"}\n', encoding="utf-8")
    done = CliRunner().invoke(
        app, ["eval", "retrieval", "--contexts", str(folder / "c.jsonl"), "--questions", str(folder / "q.jsonl")]
    )
    assert done.exit_code == 0
    assert json.loads(done.stdout.splitlines()[-1]) == {"recall_at_1": 1.0, "mrr": 1.0, "ndcg_at_10": 1.0}
    assert "BM25, newmm words" in done.stdout


def test_retrieval_names_the_bad_line(folder: Path) -> None:
    (folder / "c.jsonl").write_text(CONTEXT, encoding="utf-8")
    (folder / "q.jsonl").write_text("nonsense\n", encoding="utf-8")
    done = CliRunner().invoke(
        app, ["eval", "retrieval", "--contexts", str(folder / "c.jsonl"), "--questions", str(folder / "q.jsonl")]
    )
    assert done.exit_code == 1
    assert done.stderr.startswith("q.jsonl, line 1: this is not JSON")


def test_faq_prints_figures_and_json(folder: Path) -> None:
    (folder / "asked.jsonl").write_text('{"text": "บัตรประชาชนหายทำไง", "topic": "id-card-lost"}\n', encoding="utf-8")
    (folder / "oos.jsonl").write_text('{"text": "หวยงวดนี้ออกอะไร"}\n', encoding="utf-8")
    done = CliRunner().invoke(app, ["eval", "faq", str(folder / "asked.jsonl"), "--oos", str(folder / "oos.jsonl")])
    assert done.exit_code == 0, done.output
    last = json.loads(done.stdout.splitlines()[-1])
    assert set(last) >= {"right_at_1", "right_at_3", "right_at_5", "mrr", "answered", "offered", "not_found", "false_answers"}
    assert last["right_at_1"] == 1.0


def test_faq_names_the_bad_line(folder: Path) -> None:
    (folder / "asked.jsonl").write_text('{"text": "บัตรหาย"}\n', encoding="utf-8")
    done = CliRunner().invoke(app, ["eval", "faq", str(folder / "asked.jsonl")])
    assert done.exit_code == 1
    assert "asked.jsonl, line 1" in done.stderr
