"""Which of a citizen's words are kept for staff to label, written with the transcript and forgotten with it."""

import pytest
from sqlalchemy import select, update

from conversations.content import Inward
from conversations.conversation import Conversation
from conversations.message import Message
from conversations.utterance import Utterance
from tests.unit.channels.conftest import Path

UNSURE = [{"intent": "ask_service", "confidence": 0.41}, {"intent": "greet", "confidence": 0.2}]
NEAR = [{"intent": "ask_service", "confidence": 0.7}, {"intent": "greet", "confidence": 0.65}]
SURE = [{"intent": "ask_service", "confidence": 0.93}, {"intent": "greet", "confidence": 0.02}]


def text(words: str) -> Inward:
    return Inward(kind="text", text=words)


async def kept(path: Path) -> list[Utterance]:
    async with path.database.read() as session:
        return list(await session.scalars(select(Utterance).order_by(Utterance.id)))


async def test_unsure_words_are_kept_masked_and_the_transcript_names_them(path: Path) -> None:
    path.standin.guesses = UNSURE
    path.dispatch()
    await path.send_in(text("ขอถังใบใหม่ โทร 081-234-5678"), "e1")
    await path.settled_in()
    (row,) = await kept(path)
    assert (row.text, row.channel, row.count, row.state) == ("ขอถังใบใหม่ โทร [เบอร์โทร]", path.platform.name, 1, "new")
    assert (row.guesses, row.confidence) == (UNSURE, 0.41)
    async with path.database.read() as session:
        said = (await session.scalars(select(Message).where(Message.author == "citizen"))).one()
    assert said.understood == {"intent": "chitchat", "confidence": 0.9, "utterance": row.id}


async def test_the_same_words_are_counted_whoever_writes_them(path: Path) -> None:
    path.standin.guesses = NEAR
    path.dispatch()
    await path.send_in(text("ขอถังใบใหม่"), "e1")
    await path.send_in(text("ขอ ถังใบใหม่!"), "e2", who="malee")
    await path.settled_in()
    assert [row.count for row in await kept(path)] == [2]


@pytest.mark.parametrize(("guesses", "form"), [(SURE, None), ([], None), (UNSURE, "report_form")])
async def test_what_is_sure_or_was_asked_by_a_form_is_not_kept(
    path: Path, guesses: list[dict[str, object]], form: str | None
) -> None:
    path.standin.guesses, path.standin.form = guesses, form
    path.dispatch()
    await path.send_in(text("สมชาย ใจดี บ้านอยู่ข้างวัด"), "e1")
    await path.settled_in()
    assert path.standin.asked
    assert await kept(path) == []


@pytest.mark.parametrize(
    "content",
    [Inward(kind="sticker", text="ขอบคุณ"), Inward(kind="choice", text="ใช่", payload="/affirm")],
)
async def test_only_what_is_typed_is_kept(path: Path, content: Inward) -> None:
    path.standin.guesses = UNSURE
    path.dispatch()
    await path.send_in(content, "e1")
    await path.settled_in()
    assert path.standin.asked
    assert await kept(path) == []


async def test_nothing_is_kept_while_a_person_has_the_conversation(path: Path) -> None:
    path.standin.guesses = UNSURE
    conversation = await path.send_in(text("ขอถังใบใหม่"), "e1")
    async with path.database.write() as session:
        await session.execute(update(Conversation).where(Conversation.id == conversation).values(owner="staff:stf_a"))
    path.dispatch()
    await path.settled_in()
    assert len(await path.contents(conversation)) == 1
    assert await kept(path) == []


async def test_what_is_taken_back_is_forgotten_with_its_last_count(path: Path) -> None:
    path.standin.guesses = UNSURE
    path.dispatch()
    await path.send_in(text("ขอถังใบใหม่"), "e1", reference="m1")
    await path.send_in(text("ขอถังใบใหม่"), "e2", who="malee", reference="m2")
    await path.settled_in()
    counts = []
    for number, (who, reference) in enumerate([("somchai", "m1"), ("malee", "m2")]):
        await path.send_in(Inward(kind="event", event="unsend"), f"back-{number}", who=who, reference=reference)
        await path.settled_in()
        counts.append([row.count for row in await kept(path)])
    assert counts == [[1], []]
