"""The dialogues of dialogues.yml over HTTP: real engine, real actions, real database."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select

from conversations.attachment import Attachment
from conversations.content import outward, plain_text
from conversations.conversation import Conversation
from helpdesk.record import Case
from tests.assistant import Assistant
from tests.system import RunningSystem

DIALOGUES = yaml.safe_load((Path(__file__).parent / "dialogues.yml").read_text(encoding="utf-8"))


@pytest.fixture
async def assistant(system: RunningSystem) -> AsyncIterator[Assistant]:
    spoken_to = Assistant(system)
    yield spoken_to
    await spoken_to.close()


async def citizen_with_photo(assistant: Assistant, name: str) -> tuple[Conversation, str]:
    conversation = await assistant.citizen(name)
    async with assistant.database.write() as session:
        photo = Attachment(conversation_id=conversation.id, media_type="image/jpeg", name="a.jpg", size=1, sha256="0")
        session.add(photo)
        await session.flush()
        return conversation, photo.id


def everything_said(messages: list[dict[str, Any]]) -> str:
    """Words and buttons, one a line."""
    contents = [outward(message) for message in messages]
    buttons = [choice.title for content in contents for choice in getattr(content, "choices", [])]
    return "\n".join([*(plain_text(content) for content in contents), *buttons])


async def faults(assistant: Assistant, dialogue: dict[str, Any]) -> list[str]:
    """What does not go as told in one dialogue."""
    conversation, photo = await citizen_with_photo(assistant, dialogue["dialogue"])
    found = []
    for turn in dialogue["turns"]:
        answer = await assistant.say(conversation, turn["user"].replace("PHOTO", photo))
        said, place = everything_said(answer["messages"]), f"{dialogue['dialogue']} / {turn['user']}"
        if not answer["messages"]:
            found.append(f"{place}: nothing was said")
        if turn.get("intent", answer["intent"]["name"]) != answer["intent"]["name"]:
            found.append(f"{place}: understood as {answer['intent']['name']}")
        found += [f"{place}: {piece!r} not in {said!r}" for piece in turn.get("says", []) if piece not in said]
        found += [f"{place}: {piece!r} is in {said!r}" for piece in turn.get("not_says", []) if piece in said]
    return found


@pytest.mark.timeout(400)
async def test_dialogues(assistant: Assistant) -> None:
    found = [fault for dialogue in DIALOGUES for fault in await faults(assistant, dialogue)]

    assert not found, "\n".join(found)
    assert len(DIALOGUES) >= 15
    await a_repeated_confirmation_opens_one_case(assistant)
    await a_failed_action_leaves_nothing_behind(assistant)


async def a_repeated_confirmation_opens_one_case(assistant: Assistant) -> None:
    conversation = await assistant.citizen("repeats")
    for said in ("น้ำท่วมซอยสุขใจ 5", "/affirm", "/skip", "/refuse_consent"):
        await assistant.say(conversation, said)

    first = await assistant.say(conversation, "/affirm", event="confirmed")
    again = await assistant.say(conversation, "/affirm", event="confirmed")

    assert json.dumps(first["messages"]) == json.dumps(again["messages"])
    assert again["repeated"]
    async with assistant.database.read() as session:
        assert await session.scalar(select(func.count()).where(Case.person_id == conversation.person_id)) == 1


async def a_failed_action_leaves_nothing_behind(assistant: Assistant) -> None:
    stranger = Conversation(id="cnv_unknown", person_id="per_unknown")  # no row: the case cannot be opened
    for said in ("น้ำท่วมซอยสุขใจ 5", "/affirm", "/skip", "/refuse_consent"):
        await assistant.say(stranger, said)

    status, _ = await assistant.post(stranger, "/affirm", "fails")

    assert status >= 500
    assert "น้ำท่วม" not in assistant.log()
    status_again, _ = await assistant.post(stranger, "/affirm", "fails")
    assert status_again >= 500
