"""What a citizen sent, whatever form Telegram gives it."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from channels.contract import Inbound, Odd
from channels.telegram.parse import parse
from conversations.content import Inward
from core import clock
from tests.unit.channels.telegram.updates import BOT, CHAT, CITIZEN, DATE, EVERY, GROUP, SIZED, member, message, pressed, reaction

LIMIT = 2000


def read(update: Mapping[str, Any], limit: int = LIMIT) -> Inbound:
    (one,) = parse(update, limit, BOT)
    assert isinstance(one, Inbound)
    return one


@pytest.mark.parametrize(("update", "kind", "fields"), [rest for _, *rest in EVERY], ids=[name for name, *_ in EVERY])
def test_content(update: dict[str, Any], kind: str, fields: dict[str, Any]) -> None:
    assert read(update).content == Inward(kind=kind, **fields)  # type: ignore[arg-type]


def test_ids_order_and_time() -> None:
    one = read(message(text="ก"))
    assert (one.external_id, one.event_id, one.reference, one.rank) == (str(CITIZEN), "900", f"{CITIZEN}:7", 900)
    assert one.at == datetime.fromtimestamp(DATE, UTC)
    assert read(message("edited_message", text="ก", edit_date=DATE + 60)).at == one.at + timedelta(minutes=1)
    assert read(reaction("👍")).reference == f"{CITIZEN}:7"
    assert read(member("member", "left", CHAT)).external_id == str(GROUP)


def test_a_pressed_button_tells_what_to_let_go_and_what_to_leave() -> None:
    keys = [[{"text": "ใช่", "callback_data": "msg_1:0"}], [{"text": "แผนที่", "url": "https://city.example"}]]
    one = read(pressed("msg_1:0", reply_markup={"inline_keyboard": keys}))
    assert one.details == {"callback": "cb1", "message": 7, "links": [{"text": "แผนที่", "url": "https://city.example"}]}
    assert one.external_id == str(CITIZEN)
    assert one.reference is None
    assert clock.now() - one.at < timedelta(minutes=1)


def test_the_largest_photo_that_fits_is_taken() -> None:
    sizes = [{**SIZED, "file_id": str(side), "width": side, "height": side, "file_size": side * 10} for side in (90, 320, 800)]
    assert [read(message(photo=sizes), limit).content.details["media"][0]["id"] for limit in (9000, 5000, 100)] == [
        "800",
        "320",
        "90",
    ]


def test_what_is_said_in_a_group_is_not_kept() -> None:
    for name, update, *_ in EVERY:
        if str(GROUP) in str(update):
            one = read(update)
            assert "ลับ" not in f"{one.content} {one.details}", name
            assert one.content.kind == "event"


@pytest.mark.parametrize(
    "update",
    [
        None,
        [],
        "x",
        {},
        {"update_id": "9", "message": {}},
        {"update_id": True},
        {"update_id": 10**30, "message": {"chat": {"id": 1}, "text": "x"}},
        {"update_id": 1, "message": {"text": "x"}},
        {"update_id": 1, "message": {"chat": {"id": 10**30}, "text": "x"}},
        {"update_id": 1, "poll": {"id": "1"}},
        {"update_id": 1, "inline_query": {"id": "1", "from": {"id": 1}, "query": "ลับ"}},
    ],
)
def test_what_belongs_to_nobody_is_odd(update: Any) -> None:
    assert parse(update, LIMIT) == [Odd(update)]


def test_halves_of_pairs_and_zeros_are_replaced() -> None:
    assert read(message(text="ก\ud83dข\0ค😀")).content.text == "ก\ufffdขค😀"


@pytest.mark.parametrize(
    "place", [{"latitude": 91, "longitude": 0}, {"latitude": float("nan"), "longitude": 0}, {"latitude": "1"}]
)
def test_a_place_off_the_map_is_recorded_only(place: dict[str, Any]) -> None:
    assert read(message(location=place)).content == Inward(kind="event", event="other", text="location")
