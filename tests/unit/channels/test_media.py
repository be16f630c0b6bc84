"""Files of citizens on their way from the platform into our keeping, and what the citizen is told when that fails."""

import asyncio
import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select, update

from channels import media
from channels.inbox import DONE, InboxEvent
from conversations import ownership
from conversations.attachment import Attachment
from conversations.content import Inward
from tests.unit.channels.conftest import Path

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
OGG = b"OggS\x00\x02" + b"\x00" * 22 + b"\x01\x1eOpusHead" + b"\x00" * 40


def photo(colour: str = "teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG", comment=b"secret")
    return out.getvalue()


def sent(*ids: str, kind: Any = "image", text: str = "", **details: Any) -> Inward:
    items = [{"kind": kind, "id": one, "name": "../x.exe", "url": f"https://files.example/{one}?key=1"} for one in ids]
    return Inward(kind=kind, text=text, details={"media": items, **details})


async def attachments(path: Path) -> list[Attachment]:
    async with path.database.read() as session:
        return list((await session.scalars(select(Attachment).order_by(Attachment.id))).all())


async def row(path: Path) -> InboxEvent:
    async with path.database.read() as session:
        return (await session.scalars(select(InboxEvent))).one()


async def last_answer(path: Path, conversation: str) -> str:
    author, content = (await path.contents(conversation))[-1]
    assert author == "bot"
    return str(content["text"])


async def test_a_photo_is_fetched_cleaned_and_given_to_the_engine_as_ours(path: Path) -> None:
    path.platform.files["p1"] = photo()
    path.dispatch()
    conversation = await path.send_in(sent("p1"), "e1")
    await path.settled_in()
    (kept,) = await attachments(path)
    assert path.standin.asked[0]["payload"] == f'/provide_photo{{"photo": "{kept.id}"}}'
    assert (kept.conversation_id, kept.media_type, kept.width, kept.height) == (conversation, "image/jpeg", 60, 40)
    data = (path.settings.var / "media" / kept.name).read_bytes()
    assert len(data) == kept.size
    assert b"secret" not in data
    (author, content), _ = await path.contents(conversation)
    assert (author, content["attachments"]) == ("citizen", [kept.id])
    assert "files.example" not in str(content)  # the platform's address opens the file to whoever reads it


async def test_a_repeat_after_a_crash_fetches_nothing_twice(path: Path) -> None:
    path.platform.files |= {"p1": photo(), "p2": photo("red")}
    path.standin.wait = 2
    path.dispatch()
    await path.send_in(sent("p1", "p2"), "e1")
    async with asyncio.timeout(10):
        while not path.standin.now:
            await asyncio.sleep(0.02)
    await path.stop("dispatcher-1")  # the files are here, the answer is not
    path.standin.wait = 0
    path.dispatch()
    await path.settled_in()
    kept = await attachments(path)
    assert path.platform.fetched == {"p1": 1, "p2": 1}
    assert [one.id in path.standin.asked[-1]["payload"] for one in kept] == [True, True]
    assert len(list((path.settings.var / "media").iterdir())) == 2


async def test_a_file_that_is_not_there_yet_is_asked_for_again(path: Path) -> None:
    path.platform.files["p1"] = photo()
    path.platform.status["p1"] = [202, 202, 200]
    path.dispatch()
    conversation = await path.send_in(sent("p1"), "e1")
    await path.settled_in()
    assert path.platform.fetched["p1"] == 3
    assert "provide_photo" in await last_answer(path, conversation)
    done = await row(path)
    assert (done.state, done.reason, done.attempts) == (DONE, None, 0)  # the engine's attempts are counted anew


@pytest.mark.parametrize("status", [202, 500])  # 500: a fault of the adapter itself
async def test_a_file_that_does_not_come_is_given_up_and_the_citizen_asked_to_send_it_again(
    path: Path, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setattr("channels.attempt.WITHIN", timedelta(seconds=0))
    path.platform.status["p1"] = [status]
    path.dispatch()
    conversation = await path.send_in(sent("p1"), "e1")
    await path.send_in(Inward(kind="text", text="ยังอยู่ไหม"), "e2")
    await path.settled_in()
    lines = [content["text"] for author, content in await path.contents(conversation) if author == "bot"]
    assert "กรุณาส่งใหม่อีกครั้ง" in lines[0]
    assert lines[1] == "ตอบ: ยังอยู่ไหม"
    assert len(path.standin.asked) == 1


@pytest.mark.parametrize(("status", "word"), [(404, "เปิดรูปนี้ไม่ได้แล้ว"), (413, "ใหญ่เกิน 10 MB"), (403, "จากลิงก์นี้ไม่ได้")])
async def test_a_file_that_cannot_be_had_is_answered_kindly_at_once(path: Path, status: int, word: str) -> None:
    path.platform.status["p1"] = [status]
    path.dispatch()
    conversation = await path.send_in(sent("p1"), "e1")
    await path.settled_in()
    assert word in await last_answer(path, conversation)
    assert path.platform.fetched["p1"] == 1
    assert not path.standin.asked
    assert not await attachments(path)


async def test_of_two_photos_one_is_lost_and_the_other_counts(path: Path) -> None:
    path.platform.files["p1"] = photo()
    path.platform.status["p2"] = [404]
    path.dispatch()
    conversation = await path.send_in(sent("p1", "p2"), "e1")
    await path.settled_in()
    lines = [content["text"] for author, content in await path.contents(conversation) if author == "bot"]
    assert "เปิดรูปนี้ไม่ได้แล้ว" in lines[0]
    assert "provide_photo" in lines[1]


async def test_a_picture_that_is_none_is_kept_as_a_file_and_said_so(path: Path) -> None:
    path.platform.files["p1"] = PDF
    path.dispatch()
    conversation = await path.send_in(sent("p1"), "e1")
    await path.settled_in()
    assert "เก็บไฟล์ไว้ให้เจ้าหน้าที่แล้ว" in await last_answer(path, conversation)
    (kept,) = await attachments(path)
    assert (kept.media_type, (path.settings.var / "media" / kept.name).read_bytes()) == ("application/pdf", PDF)


@pytest.mark.parametrize(
    ("kind", "data", "media_type"), [("file", PDF, "application/pdf"), ("audio", OGG, "audio/ogg"), ("video", b"??", None)]
)
async def test_other_files_are_kept_for_the_office_and_answered_as_before(
    path: Path, kind: Any, data: bytes, media_type: str | None
) -> None:
    path.platform.files["f1"] = data
    path.dispatch()
    conversation = await path.send_in(sent("f1", kind=kind), "e1")
    await path.settled_in()
    (kept,) = await attachments(path)
    assert kept.media_type == (media_type or "application/octet-stream")
    assert not kept.name.endswith("exe")
    assert await last_answer(path, conversation) == f'ตอบ: /unsupported{{"kind": "{kind}"}}'


async def test_a_photo_sent_as_a_file_is_a_photo(path: Path) -> None:
    path.platform.files["f1"] = photo()
    path.dispatch()
    conversation = await path.send_in(sent("f1", kind="file"), "e1")
    await path.settled_in()
    assert "provide_photo" in await last_answer(path, conversation)
    assert (await path.contents(conversation))[0][1]["kind"] == "image"


async def test_of_a_photo_with_words_below_it_both_are_asked_and_the_words_are_answered(path: Path) -> None:
    path.platform.files["p1"] = photo()
    path.dispatch()
    conversation = await path.send_in(sent("p1", text="ไฟดับหน้าวัด"), "e1")
    await path.settled_in()
    assert [(body["event_id"], body["text"]) for body in path.standin.asked] == [("e1:photo", None), ("e1", "ไฟดับหน้าวัด")]
    assert [author for author, _ in await path.contents(conversation)] == ["citizen", "bot"]
    assert await last_answer(path, conversation) == "ตอบ: ไฟดับหน้าวัด"


async def test_files_are_kept_for_the_officer_who_owns_the_conversation(path: Path) -> None:
    path.platform.files["p1"] = photo()
    path.dispatch()
    conversation = await path.send_in(Inward(kind="text", text="สวัสดี"), "e1")
    await path.settled_in()
    async with path.database.write() as session:
        assert await ownership.change(session, conversation, "bot", "staff:officer", actor="staff:officer")
    await path.send_in(sent("p1"), "e2")
    await path.settled_in()
    (kept,) = await attachments(path)
    assert (await path.contents(conversation))[-1][1]["attachments"] == [kept.id]
    assert len(path.standin.asked) == 1


async def test_without_an_adapter_for_the_account_the_citizen_is_told(path: Path) -> None:
    path.platform.account = "another"
    path.dispatch()
    path.platform.account = "city"
    conversation = await path.send_in(sent("p1"), "e1")
    await path.settled_in()
    assert "กรุณาส่งใหม่อีกครั้ง" in await last_answer(path, conversation)


async def test_a_file_above_the_limit_is_refused_whatever_the_adapter_says(path: Path) -> None:
    path.settings = path.settings.model_copy(update={"upload_limit": 1024 * 1024})
    path.platform.files["p1"] = photo() + b"0" * 1024 * 1024
    path.dispatch()
    conversation = await path.send_in(sent("p1"), "e1")
    await path.settled_in()
    assert "ใหญ่เกิน 1 MB" in await last_answer(path, conversation)


async def test_what_another_worker_fetched_first_stays_and_ours_is_thrown_away(path: Path) -> None:
    path.platform.files["p1"] = photo()
    conversation_id = await path.send_in(sent("p1"), "e1")
    from conversations.conversation import Conversation

    first, second = (media.Media(path.database, path.channels, path.settings) for _ in range(2))
    async with path.database.read() as session:
        conversation = await session.get_one(Conversation, conversation_id)
    stale = await row(path)
    assert await asyncio.gather(first.fetch([stale], conversation), second.fetch([stale], conversation)) == [True, True]
    (kept,) = await attachments(path)
    assert [file.name for file in (path.settings.var / "media").iterdir()] == [kept.name]


async def test_a_citizen_is_told_in_their_language(path: Path) -> None:
    from conversations.person import Person

    path.platform.status["p1"] = [404]
    conversation = await path.send_in(sent("p1"), "e1")
    async with path.database.write() as session:
        await session.execute(update(Person).values(language="en"))
    path.dispatch()
    await path.settled_in()
    assert await last_answer(path, conversation) == "Sorry, this picture can no longer be opened. Please send it again."


async def test_acknowledging_never_holds_the_answer_up(path: Path) -> None:
    path.platform.slow.clear()
    path.dispatch()
    conversation = await path.send_in(Inward(kind="text", text="สวัสดี"), "e1", details={"reply_token": "r1"})
    await path.settled_in()
    assert await last_answer(path, conversation) == "ตอบ: สวัสดี"
    assert path.platform.acknowledged == [("somchai", {"reply_token": "r1"})]


async def test_what_the_bot_does_not_answer_is_not_acknowledged(path: Path) -> None:
    path.dispatch()
    await path.send_in(Inward(kind="event", event="unfollow"), "e1")
    await path.send_in(Inward(kind="event", event="group"), "e2", who="group")
    await path.settled_in()
    assert path.platform.acknowledged == []
