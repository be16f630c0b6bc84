"""`pracha nlu export`: accepted utterances become lines of the training data, and nothing else changes."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select

from conversations import labelling, utterance
from conversations.utterance import Guess, Utterance
from core.database import Database
from core.settings import settings
from pracha import nlu
from pracha.examples import Examples, FilesBroken, example, key
from tests.unit.pracha.operator import Operator

GREET = """# Words that open the talk; a remark that must stay.
version: "3.1"
nlu:
- intent: greet
  examples: |
    - สวัสดีค่ะ
    - [หวัดดี](word)จ้า
"""
REPORTS = """version: "3.1"
nlu:
- intent: report_problem/garbage
  examples: |
    - กองขยะ
    - ขยะล้น

- intent: report_problem/noise
  examples: |
    - หนวกหู
    - เสียงดัง
    - เพลงดัง
"""
ACCEPTED = {
    "ดีจ้าน้อง โทร 081-234-5678": "greet",
    "ขยะ[กองโต](ตรงนี้)": "report_problem/garbage",
    "คาราโอเกะดัง": "report_problem/noise",
    "หวัดดีจ้า!!": "greet",  # known but for its marks
    "กองขยะค่ะ": "greet",
    "เสียงดัง ": "greet",  # an example of something else
    "ทดสอบวัดผล": "greet",  # stands among the tests
}


@pytest.fixture
def root(operator: Operator, tmp_path: Path) -> Path:
    """A small assistant, and what staff have accepted."""
    files = {"nlu_data/nlu/greet.yml": GREET, "nlu_data/nlu/reports.yml": REPORTS}
    files["tests/data/intents_unseen.jsonl"] = '{"text": "ทดสอบ วัดผล", "intent": "greet"}\n'
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, "utf-8")

    async def write(database: Database) -> None:
        async with database.write() as session:
            for text, intent in ACCEPTED.items():
                kept = await utterance.collect(session, text, "line", [Guess("chitchat", 0.4)])
                assert kept is not None
                await labelling.accept(session, kept, intent, "staff:stf_a")

    operator.prepare(write)
    return tmp_path


def contents(root: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in (root / "nlu_data" / "nlu").iterdir()}


def exported() -> set[str]:
    async def load() -> set[str]:
        database = Database(settings().database)
        async with database.read() as session:
            found = set(await session.scalars(select(Utterance.text).where(Utterance.exported_at.is_not(None))))
        await database.close()
        return found

    return asyncio.run(load())


def test_accepted_ones_are_added_once_and_all_else_stays(operator: Operator, root: Path) -> None:
    code, shown = operator.shown(lambda console: nlu.export(root, check=False, console=console))
    assert code == 0
    assert "4 added, 1 known already, 2 left out" in shown
    assert "+    - ดีจ้าน้อง โทร" in shown
    assert contents(root) == {
        "greet.yml": f"{GREET}    - ดีจ้าน้อง โทร\n    - กองขยะค่ะ\n",
        "reports.yml": REPORTS.replace("    - กองขยะ\n", "    - กองขยะ\n    - ขยะ[กองโต] (ตรงนี้)\n").replace(
            "    - เพลงดัง\n", "    - เพลงดัง\n    - คาราโอเกะดัง\n"
        ),
    }
    assert "labelled greet, but an example of report_problem/noise already" in shown
    assert len(exported()) == 5
    before = contents(root)
    code, shown = operator.shown(lambda console: nlu.export(root, check=False, console=console))
    assert (code, contents(root)) == (0, before)
    assert "0 added, 0 known already, 2 left out" in shown


def test_check_shows_the_change_and_makes_none(operator: Operator, root: Path) -> None:
    before = contents(root)
    code, shown = operator.shown(lambda console: nlu.export(root, check=True, console=console))
    assert (code, contents(root), exported()) == (0, before, set())
    assert "+    - คาราโอเกะดัง" in shown
    assert "4 would be added" in shown


def test_files_that_cannot_be_read_stop_it_before_anything_is_written(operator: Operator, root: Path) -> None:
    (root / "nlu_data" / "nlu" / "reports.yml").write_text("nlu: [", "utf-8")
    before = contents(root)
    code, shown = operator.shown(lambda console: nlu.export(root, check=False, console=console))
    assert (code, contents(root), exported()) == (1, before, set())
    assert "reports.yml cannot be read as training data" in shown


def test_an_intent_that_is_written_otherwise_is_not_guessed_at(tmp_path: Path) -> None:
    (tmp_path / "greet.yml").write_text("nlu:\n- intent: greet\n  examples: '- สวัสดี'\n", "utf-8")
    examples = Examples(tmp_path)
    examples.add("greet", "หวัดดี")
    with pytest.raises(FilesBroken, match=r"greet\.yml"):
        examples.check()


def test_an_example_holds_one_line_without_placeholders_or_marks() -> None:
    assert example("โทร [เบอร์โทร]\nด่วน\u2028นะ") == "โทร ด่วน นะ"
    assert example("[ชื่อ](คน)") == "(คน)"
    assert example("ที่[นี่]{x}") == "ที่[นี่] {x}"
    assert key("ไฟดับ[หน้าวัด](place) ค่ะ") == key("ไฟดับหน้าวัดค่ะ")
