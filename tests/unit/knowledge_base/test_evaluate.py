"""How well the search does on questions it has never seen."""

import io
import json
from pathlib import Path

import pytest

from core.database import Base, Database
from core.settings import Settings, settings
from knowledge_base import content, faq
from knowledge_base.background import read_unanswerable
from knowledge_base.evaluate import QuestionsError, evaluate_faq, measure
from tests.unit.knowledge_base.conftest import MakeSearch

HERE = Path(__file__).parent
HALVES = ("unseen_a", "unseen_b")


def lines(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def asked(*names: str) -> list[tuple[str, str]]:
    return [(row["text"], row["topic"]) for name in names for row in lines(name)]


STRANGERS = [row["text"] for name in ("unseen_oos", "unseen_oos_a", "unseen_oos_b") for row in lines(name)]


def test_the_unseen_questions_are_unseen() -> None:
    written = content.read()
    known = {text for one in written for text in one.questions()}
    questions = asked("unseen_questions", *HALVES, "unseen_english")
    assert not known & {text for text, _ in questions}
    assert {topic for _, topic in questions} <= {one.id for one in written}
    for one in written:
        assert [topic for _, topic in asked(*HALVES)].count(one.id) == 3, one.id
    unanswerable = set(read_unanswerable(set()))
    assert not unanswerable & set(STRANGERS)
    assert len(set(STRANGERS)) >= 185


async def test_unseen_questions_with_meaning(seeded: Database, make_search: MakeSearch, dense: bool) -> None:
    search = await make_search(seeded, dense=dense)
    figures = await measure(search, asked(*HALVES)[::3], STRANGERS[::2])  # one of each three: it takes a third of the time
    assert figures.right_at_1 >= 0.88
    assert figures.right_at_3 >= 0.95
    assert figures.false_answers <= 0.05
    assert figures.answered >= 0.5
    assert figures.not_found <= 0.08


async def test_english_questions_find_thai_answers(seeded: Database, make_search: MakeSearch, dense: bool) -> None:
    figures = await measure(await make_search(seeded, dense=dense), asked("unseen_english"), [])
    assert figures.right_at_1 >= 0.9
    assert figures.right_at_3 >= 0.97
    assert figures.answered >= 0.75


async def test_unseen_questions_without_meaning(seeded: Database, make_search: MakeSearch) -> None:
    figures = await measure(await make_search(seeded, dense=False), asked(*HALVES), STRANGERS)
    assert figures.right_at_1 >= 0.85
    assert figures.right_at_3 >= 0.93
    assert figures.false_answers <= 0.05
    assert figures.not_found <= 0.1


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ('{"text": "ก", "topic": "x"}\nหาย\n', "asked.jsonl, line 2: this is not JSON"),
        ('\n{"text": "ก"}\n', "asked.jsonl, line 2: the part 'topic' must be there and be text"),
        ('{"text": 5, "topic": "x"}\n', "asked.jsonl, line 1: the part 'text' must be there and be text"),
        ('["ก"]\n', "asked.jsonl, line 1: the part 'text' must be there and be text"),
        (" \n", "asked.jsonl holds no question"),
    ],
)
async def test_a_bad_file_is_named_with_its_line(tmp_path: Path, rows: str, message: str) -> None:
    file = tmp_path / "asked.jsonl"
    file.write_text(rows, encoding="utf-8")
    with pytest.raises(QuestionsError) as raised:
        await evaluate_faq(file, None, io.StringIO())
    assert str(raised.value).startswith(message)


async def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "asked.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(QuestionsError, match=r"^asked.jsonl cannot be read as UTF-8 text"):
        await evaluate_faq(tmp_path / "asked.jsonl", None, io.StringIO())


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
    questions, strangers = folder / "asked.jsonl", folder / "oos.jsonl"
    rows = [{"text": "บัตรประชาชนหายทำอย่างไร", "topic": "id-card-lost"}, {"text": "บัตรประชาชนหาย", "topic": "no-such-topic"}]
    questions.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n", encoding="utf-8")
    strangers.write_text(json.dumps({"text": "หวยออกอะไร"}) + "\n", encoding="utf-8")
    return questions, strangers


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
