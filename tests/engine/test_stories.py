"""The runner of dialogue tests: it passes what is right and says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.runtime.stories import main, run_tests
from tests.engine.conftest import PROJECT

STORY = """
version: "3.1"
stories:
  - story: wrong
    steps:
      - user: |
          {text}
        intent: {intent}
      - action: {action}
"""


async def test_a_right_dialogue_passes(model: Path) -> None:
    assert await run_tests(model, PROJECT / "tests") == {"dialogues.yml: a report and a farewell": ""}


@pytest.mark.parametrize(
    ("text", "intent", "action", "why"),
    [
        ("สวัสดีค่ะ", "goodbye", "utter_goodbye", "intent greet instead of goodbye"),
        ("สวัสดีค่ะ", "greet", "utter_goodbye", "action utter_greet instead of utter_goodbye"),
        ("[สวัสดีค่ะ](phone)", "greet", "utter_greet", "entity phone not found"),
    ],
    ids=["intent", "action", "entity"],
)
async def test_a_wrong_dialogue_fails(model: Path, tmp_path: Path, text: str, intent: str, action: str, why: str) -> None:
    (tmp_path / "wrong.yml").write_text(STORY.format(text=text, intent=intent, action=action), encoding="utf-8")

    failures = await run_tests(model, tmp_path)

    assert why in failures["wrong.yml: wrong"]


def test_no_dialogues_are_no_success(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--model", str(model), "--tests", str(tmp_path)]) == 1
    assert "0 of 0 dialogues passed" in capsys.readouterr().out
