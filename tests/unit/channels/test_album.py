"""Photos that were sent together, however their events arrive."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from channels import album
from channels.inbox import DONE, InboxEvent
from conversations.content import Inward
from core import clock
from tests.unit.channels.conftest import Path
from tests.unit.channels.test_media import attachments, photo, sent

ALBUMS: list[dict[str, Any]] = [{"id": "album-7"}, {"id": "album-7", "total": 3}]


@pytest.mark.parametrize("told", ALBUMS)
async def test_an_album_gets_one_answer_with_all_its_photos(path: Path, told: dict[str, Any]) -> None:
    path.platform.files |= {f"p{number}": photo() for number in range(3)}
    path.dispatch()
    for number in range(3):
        conversation = await path.send_in(sent(f"p{number}", album=told), f"e{number}", reference=f"m{number}")
        await asyncio.sleep(0.1)  # the platform posts them one after the other
    await path.settled_in()
    (asked,) = path.standin.asked
    kept = await attachments(path)
    assert len(kept) == 3
    assert all(one.id in asked["payload"] for one in kept)
    lines = await path.contents(conversation)
    assert [author for author, _ in lines] == ["citizen"] * 3 + ["bot"]
    assert [len(content["attachments"]) for author, content in lines if author == "citizen"] == [1, 1, 1]
    async with path.database.read() as session:
        assert set(await session.scalars(select(InboxEvent.state))) == {DONE}


async def test_other_albums_and_words_between_them_end_an_album(path: Path) -> None:
    path.platform.files |= {f"p{number}": photo() for number in range(4)}
    for number, name in enumerate(["a", "a", "b"]):
        await path.send_in(sent(f"p{number}", album={"id": name}), f"e{number}")
    await path.send_in(Inward(kind="text", text="ดูด้วยค่ะ"), "e3")
    await path.send_in(sent("p3", album={"id": "b"}), "e4")
    path.dispatch()
    await path.settled_in()
    assert [body["event_id"] for body in path.standin.asked] == ["e0", "e2", "e3", "e4"]


async def test_a_part_that_comes_after_a_crash_is_not_taken_for_asked(path: Path) -> None:
    path.platform.files |= {f"p{number}": photo() for number in range(3)}
    path.standin.wait = 2
    for number in range(2):
        await path.send_in(sent(f"p{number}", album={"id": "a"}), f"e{number}")
    path.dispatch()
    async with asyncio.timeout(10):
        while not path.standin.now:
            await asyncio.sleep(0.02)
    await path.stop("dispatcher-1")  # the engine may have answered by now, and answers a repeat as it did before
    path.standin.wait = 0
    await path.send_in(sent("p2", album={"id": "a"}), "e2")
    path.dispatch()
    await path.settled_in()
    assert [(body["event_id"], body["payload"].count("att_")) for body in path.standin.asked[-2:]] == [("e0", 2), ("e2", 1)]


async def test_one_photo_that_comes_late_is_waited_for_with_growing_waits(path: Path) -> None:
    path.platform.files |= {f"p{number}": photo() for number in range(2)}
    path.platform.status["p1"] = [202, 202, 200]
    for number in range(2):
        await path.send_in(sent(f"p{number}", album={"id": "a", "total": 2}), f"e{number}")
    path.dispatch()
    await path.settled_in()
    assert path.platform.fetched == {"p0": 1, "p1": 3}
    assert [body["payload"].count("att_") for body in path.standin.asked] == [2]


async def test_captions_are_joined(path: Path) -> None:
    path.platform.files |= {f"p{number}": photo() for number in range(2)}
    await path.send_in(sent("p0", album={"id": "a"}, text="ไฟดับ"), "e0")
    await path.send_in(sent("p1", album={"id": "a"}), "e1")
    path.dispatch()
    await path.settled_in()
    assert [(body["event_id"], body["text"]) for body in path.standin.asked] == [("e0:photo", None), ("e0", "ไฟดับ")]


async def test_a_photo_taken_back_in_time_is_left_out(path: Path) -> None:
    path.platform.files |= {f"p{number}": photo() for number in range(3)}
    for number in range(3):
        await path.send_in(sent(f"p{number}", album={"id": "a"}), f"e{number}", reference=f"m{number}")
    conversation = await path.send_in(Inward(kind="event", event="unsend"), "e3", reference="m1")
    path.dispatch()
    await path.settled_in()
    assert path.platform.fetched == {"p0": 1, "p2": 1}
    assert [body["payload"].count("att_") for body in path.standin.asked] == [2]
    assert [content.get("event") for author, content in await path.contents(conversation) if author == "citizen"] == [
        None,
        None,
        "unsent",
    ]


FIXED = clock.now()


def part(number: int, told: Any, seconds_ago: float = 0) -> InboxEvent:
    content = {"kind": "image", "details": {"album": told}}
    received = FIXED - timedelta(seconds=seconds_ago)
    return InboxEvent(id=number, content=content, details={}, received_at=received)


@pytest.mark.parametrize(
    ("parts", "least", "most"),
    [
        ([part(1, {})], 0, 0),
        ([part(1, {"id": "a", "total": 2})], 2.5, 3),
        ([part(1, {"id": "a", "total": 2}), part(2, {"id": "a", "total": 2})], 0, 0),
        ([part(1, {"id": "a", "total": 2}, 4)], 0, 0),
        ([part(1, {"id": "a"})], 0.5, 0.8),
        ([part(1, {"id": "a"}, 2.9), part(2, {"id": "a"})], 0, 0.11),
        ([part(1, {"id": "a"}, 1)], 0, 0),
    ],
)
def test_how_long_an_album_is_waited_for(parts: list[InboxEvent], least: float, most: float) -> None:
    for one in parts:
        one.received_at += clock.now() - FIXED  # as old now as when the case was written
    assert least <= album.seconds_left(parts) <= most
