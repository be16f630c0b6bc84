"""The action server: what fails is told by kind and place, never by its words."""

from typing import Any

import pytest
from rasa_sdk import Action

from actions.server import ActionFailed, QuietExecutor


class Broken(Action):  # type: ignore[misc]
    def name(self) -> str:
        return "action_broken"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        raise ValueError("โทร 0812345678")


async def test_a_failure_keeps_its_words_inside(capsys: pytest.CaptureFixture[str]) -> None:
    executor = QuietExecutor()
    executor.register_action(Broken())

    with pytest.raises(ActionFailed) as failure:
        await executor.run({"next_action": "action_broken", "tracker": {"sender_id": "cnv"}, "domain": {}})

    assert "0812345678" not in str(failure.value) + str(capsys.readouterr())
    assert failure.value.__cause__ is None
