"""How well the search does on questions it has never seen."""

import io
import json
from pathlib import Path

import pytest

from core.database import Base, Database
from core.settings import Settings, settings
from knowledge_base import content, faq
from knowledge_base.evaluate import evaluate_faq, measure
from tests.unit.knowledge_base.conftest import MakeSearch

HERE = Path(__file__).parent


def lines(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


ASKED = [(row["text"], row["topic"]) for row in lines("unseen_questions.jsonl")]
STRANGERS = [row["text"] for row in lines("unseen_oos.jsonl")]


def test_the_unseen_questions_are_unseen() -> None:
    written = content.read()
    known = {text for one in written for text in one.questions()}
    assert not known & {text for text, _ in ASKED}
    for one in written:
        assert [topic for _, topic in ASKED].count(one.id) >= 3, one.id
    assert len(set(STRANGERS)) >= 40


async def test_unseen_questions_with_meaning(seeded: Database, make_search: MakeSearch, dense: bool) -> None:
    figures = await measure(await make_search(seeded, dense=dense), ASKED, STRANGERS)
    assert figures.right_at_1 >= 0.85
    assert figures.right_at_3 >= 0.95
    assert figures.false_answers <= 0.05
    assert figures.answered >= 0.6
    assert figures.not_found <= 0.05


async def test_unseen_questions_without_meaning(seeded: Database, make_search: MakeSearch) -> None:
    figures = await measure(await make_search(seeded, dense=False), ASKED, STRANGERS)
    assert figures.right_at_1 >= 0.75
    assert figures.right_at_3 >= 0.9
    assert figures.false_answers <= 0.05
    assert figures.not_found <= 0.15


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation of its own, without meaning, as the command line sees it."""
    monkeypatch.setenv("PRACHA_VAR", str(tmp_path))
    monkeypatch.setenv("PRACHA_DENSE", "false")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    settings.cache_clear()
    yield settings()
    settings.cache_clear()


def small_files(folder: Path) -> tuple[Path, Path]:
    asked, strangers = folder / "asked.jsonl", folder / "oos.jsonl"
    rows = [{"text": "บัตรประชาชนหายทำอย่างไร", "topic": "id-card-lost"}, {"text": "บัตรประชาชนหาย", "topic": "no-such-topic"}]
    asked.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n", encoding="utf-8")
    strangers.write_text(json.dumps({"text": "หวยออกอะไร"}) + "\n", encoding="utf-8")
    return asked, strangers


async def test_the_command_evaluates_the_content_files_before_set_up(installation: Settings, tmp_path: Path) -> None:
    out = io.StringIO()
    await evaluate_faq(*small_files(tmp_path), out)
    last = json.loads(out.getvalue().splitlines()[-1])
    assert list(last) == (
        ["right_at_1", "right_at_3", "right_at_5", "mrr", "answered", "offered", "not_found", "false_answers", "p50_ms", "p95_ms"]
    )
    assert (last["right_at_1"], last["right_at_5"], last["mrr"], last["false_answers"]) == (0.5, 0.5, 0.5, 0.0)
    assert last["p50_ms"] > 0


async def test_the_command_evaluates_what_is_installed(installation: Settings, tmp_path: Path) -> None:
    database = Database(installation.database)
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with database.write() as session:
        await content.seed(session)
        await faq.switch(session, "id-card-lost", "staff:somchai", on=False)
    await database.close()
    figures = await evaluate_faq(small_files(tmp_path)[0], None, io.StringIO())
    assert (figures.right_at_5, figures.false_answers) == (0.0, None)
