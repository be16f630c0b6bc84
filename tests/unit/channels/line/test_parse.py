"""What LINE posts, read into events."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.contract import Inbound, Odd
from channels.line.parse import parse
from conversations.content import Position

USER = {"type": "user", "userId": "U4af4980629"}
GROUP = {"type": "group", "groupId": "Ca56f94637c", "userId": "U4af4980629"}
ROOM = {"type": "room", "roomId": "Ra8dbf4673c"}


def event(**more: Any) -> dict[str, Any]:
    return {
        "type": "message",
        "mode": "active",
        "timestamp": 1_763_800_000_123,
        "source": USER,
        "webhookEventId": "01FZ74A0TDDPYRVKNK77XKC3ZR",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": "nHuyWiB7yP5Zw52FIkcQobQuGDXCTA",
        **more,
    }


def said(message: dict[str, Any], **more: Any) -> dict[str, Any]:
    return event(message={"id": "325708", **message}, **more)


def read(*events: Any) -> list[Inbound | Odd]:
    return parse({"destination": "U8e742f61d673b39c7fff3cecb7536ef0", "events": list(events)})


def one(told: Any) -> Inbound:
    (found,) = read(told)
    assert isinstance(found, Inbound)
    return found


def test_a_text_keeps_its_ids_its_time_and_what_answering_needs() -> None:
    found = one(said({"type": "text", "text": "ไฟดับค่ะ", "markAsReadToken": "30yhdy232", "quotedMessageId": "9"}))
    assert (found.external_id, found.event_id, found.reference) == ("U4af4980629", "01FZ74A0TDDPYRVKNK77XKC3ZR", "325708")
    assert (found.content.kind, found.content.text, found.rank) == ("text", "ไฟดับค่ะ", 1_763_800_000_123)
    assert int(found.at.timestamp() * 1000) == 1_763_800_000_123
    token = "nHuyWiB7yP5Zw52FIkcQobQuGDXCTA"
    assert found.details == {"source": "user", "reply_token": token, "read_token": "30yhdy232", "quoted": "9"}


def test_one_body_may_carry_many_citizens() -> None:
    users = [
        event(source={"type": "user", "userId": f"U{n}"}, message={"type": "text", "id": str(n), "text": "x"}) for n in range(5)
    ]
    assert [found.external_id for found in read(*users) if isinstance(found, Inbound)] == ["U0", "U1", "U2", "U3", "U4"]


def test_an_odd_piece_takes_nothing_of_the_others_with_it() -> None:
    good = said({"type": "text", "text": "x"})
    found = read(good, None, "x", 7, [], {}, {"type": 7}, event(message=None), good)
    assert [type(piece).__name__ for piece in found] == ["Inbound", *["Odd"] * 7, "Inbound"]


@pytest.mark.parametrize(
    ("text", "emojis", "read_as"),
    [
        ("(love)", [{"index": 0, "length": 6}], "❤️"),
        ("ขอบคุณ (Thank you)", [{"index": 7, "length": 11}], "ขอบคุณ 🙏"),
        ("ไฟดับ ()", [{"index": 6, "length": 2}], "ไฟดับ 🔸"),
        ("😡😡(angry)(A)!", [{"index": 11, "length": 3}, {"index": 4, "length": 7}], "😡😡😡A!"),
        ("(love) (love)", [{"index": 7, "length": 6}], "(love) ❤️"),
        ("(love)", [{"index": 3, "length": 60}], "(love)"),
        ("(love)", [{"index": 0, "length": 6}, {"index": 2, "length": 3}], "(l🔸)"),
        ("(love)", [{"index": "0", "length": None}, {"index": -3, "length": 2}, {"index": 10**30, "length": 1}, 7], "(love)"),
    ],
)
def test_line_emoji_become_readable_where_they_stood(text: str, emojis: list[Any], read_as: str) -> None:
    assert one(said({"type": "text", "text": text, "emojis": emojis})).content.text == read_as


def test_our_own_mention_is_taken_out_and_others_are_kept() -> None:
    mention = {
        "mentionees": [{"index": 0, "length": 7, "type": "user", "isSelf": True}, {"index": 10, "length": 5, "type": "all"}]
    }
    found = one(said({"type": "text", "text": "@Pracha 💡@เพื่อน ไฟดับ", "mention": mention}))
    assert found.content.text == "💡@เพื่อน ไฟดับ"


@pytest.mark.parametrize(
    ("sticker", "text"),
    [
        ({"keywords": ["cony", "Thanks", "happy"]}, "ขอบคุณ"),
        ({"keywords": ["hello", "hi", "bye"]}, "สวัสดี"),
        ({"keywords": ["ok", "sorry", "Yes"]}, "ตกลง"),
        ({"keywords": ["no"]}, "ไม่"),
        ({"keywords": ["brown", "running"]}, ""),
        ({"keywords": ["thanks"], "text": "ไปกินข้าวกัน"}, "ไปกินข้าวกัน"),
        ({"keywords": "thanks"}, ""),
        ({}, ""),
    ],
)
def test_a_sticker_says_a_word_where_its_keywords_tell_one(sticker: dict[str, Any], text: str) -> None:
    found = one(said({"type": "sticker", "packageId": "446", "stickerId": "1988", **sticker}))
    assert (found.content.kind, found.content.text) == ("sticker", text)
    assert found.content.details["sticker"] == "1988"


@pytest.mark.parametrize("kind", ["image", "video", "audio", "file"])
def test_a_file_is_named_for_fetching_later(kind: str) -> None:
    found = one(
        said({"type": kind, "contentProvider": {"type": "line"}, "fileName": "คำร้อง.pdf", "fileSize": 2138, "duration": 60000})
    )
    assert found.content.kind == kind
    assert found.content.details["media"] == [{"kind": kind, "id": "325708", "name": "คำร้อง.pdf", "size": 2138}]


def test_an_album_keeps_its_place_and_a_foreign_picture_its_address() -> None:
    album = {"id": "E005D41A7288F41B65593ED38FF6E9834B046AB36A37921A56BC236F13A91855", "index": 2, "total": 3}
    assert one(said({"type": "image", "imageSet": album})).content.details["album"] == album
    provider = {"type": "external", "originalContentUrl": "https://example.com/original.mp4"}
    found = one(said({"type": "video", "contentProvider": provider}))
    assert found.content.details["media"] == [{"kind": "video", "url": "https://example.com/original.mp4"}]


def test_a_location_has_a_place_and_a_label() -> None:
    found = one(said({"type": "location", "title": "ตลาดสด", "address": "ถนนเทศบาล 3", "latitude": 13.7, "longitude": 100.5}))
    assert found.content.position == Position(latitude=13.7, longitude=100.5, label="ตลาดสด, ถนนเทศบาล 3")


@pytest.mark.parametrize("latitude", [None, "13.7", True, 91, float("nan"), float("inf"), 10**400, []])
def test_a_location_that_is_nowhere_is_odd(latitude: Any) -> None:
    (found,) = read(said({"type": "location", "latitude": latitude, "longitude": 100.5}))
    assert isinstance(found, Odd)


def test_a_postback_is_a_choice_with_its_payload() -> None:
    found = one(event(type="postback", postback={"data": "/affirm", "params": {"date": "2026-11-22", "n": 1}}))
    assert (found.content.kind, found.content.payload) == ("choice", "/affirm")
    assert found.content.details == {"params": {"date": "2026-11-22"}}
    assert one(event(type="postback", postback={"data": "x", "displayText": "ใช่"})).content.text == "ใช่"


@pytest.mark.parametrize(
    ("told", "name", "text"),
    [
        ({"type": "follow", "follow": {"isUnblocked": True}}, "follow", ""),
        ({"type": "unfollow"}, "unfollow", ""),
        ({"type": "unsend", "unsend": {"messageId": "325708"}}, "unsend", ""),
        ({"type": "join", "source": GROUP}, "join", ""),
        ({"type": "leave", "source": ROOM}, "leave", ""),
        ({"type": "memberJoined", "source": GROUP, "joined": {"members": [USER]}}, "other", "memberJoined"),
        ({"type": "beacon", "beacon": {"hwid": "d41d8cd98f", "type": "enter"}}, "other", "beacon"),
        ({"type": "invented_tomorrow"}, "other", "invented_tomorrow"),
        ({"type": "botSuspended", "source": None}, "other", "botSuspended"),
        ({"mode": "standby", "message": {"type": "text", "id": "1", "text": "ขอถามหน่อย"}}, "standby", "ขอถามหน่อย"),
        ({"type": "unsend", "mode": "standby", "unsend": {"messageId": "1"}}, "unsend", ""),
    ],
)
def test_events_are_named(told: dict[str, Any], name: str, text: str) -> None:
    found = one(event(**told))
    assert (found.content.kind, found.content.event, found.content.text) == ("event", name, text)


def test_an_unsent_message_is_named_by_its_id() -> None:
    assert one(event(type="unsend", unsend={"messageId": "325708"})).reference == "325708"


@pytest.mark.parametrize("source", [GROUP, ROOM])
@pytest.mark.parametrize(
    "message", [{"type": "text", "text": "ความลับ"}, {"type": "image"}, {"type": "location"}, {"type": "sticker"}]
)
def test_what_a_group_says_to_itself_is_not_kept(source: dict[str, str], message: dict[str, Any]) -> None:
    found = one(said({**message, "title": "ความลับ", "fileName": "ความลับ"}, source=source))
    assert found.external_id == source.get("groupId", source.get("roomId"))
    assert (found.content.event, found.content.text) == ("other", "group_message")
    assert "ความลับ" not in repr(found)


def test_a_group_that_mentions_us_speaks_to_us_and_its_words_are_not_kept() -> None:
    mention = {"mentionees": [{"index": 0, "length": 7, "type": "user", "isSelf": True}]}
    found = one(said({"type": "text", "text": "@Pracha ความลับ", "mention": mention}, source=GROUP))
    assert found.content.event == "group"
    assert "ความลับ" not in repr(found)


def test_an_edited_message_is_told_anew() -> None:
    found = one(said({"type": "text", "text": "ไฟดับ 4 ดวง"}, type="messageEdited"))
    assert (found.content.text, found.content.details, found.reference) == ("ไฟดับ 4 ดวง", {"edited": True}, "325708")


def test_a_redelivery_has_the_same_id_and_says_that_it_is_one() -> None:
    first = said({"type": "text", "text": "x"})
    again = {**first, "deliveryContext": {"isRedelivery": True}}
    assert one(again).details["redelivery"] is True
    for told in (first, again):
        del told["webhookEventId"]
    assert one(first).event_id == one(again).event_id != one({**first, "timestamp": 1_763_800_000_124}).event_id


@pytest.mark.parametrize("timestamp", [None, "1763800000123", True, -1, 0, 10**30, float("inf"), []])
def test_a_senseless_time_is_the_present(timestamp: Any) -> None:
    found = one(said({"type": "text", "text": "x"}, timestamp=timestamp))
    assert found.rank is None
    assert found.at.year >= 2025


def test_what_no_database_takes_is_taken_out() -> None:
    found = one(said({"type": "text", "text": "ไฟ\ud83dดับ\x00", "emojis": [{"index": 2, "length": 1}]}))
    assert found.content.text.encode()
    assert "\x00" not in found.content.text


@pytest.mark.parametrize("payload", [None, [], "x", 7, {}, {"events": None}, {"events": {}}])
def test_a_body_without_events_is_odd(payload: Any) -> None:
    assert parse(payload) == [Odd(payload)]


def test_an_empty_body_checks_the_connection_only() -> None:
    assert parse({"destination": "U8e742f61d673b39c7fff3cecb7536ef0", "events": []}) == []


def test_a_bottomless_event_is_odd() -> None:
    deep: Any = "x"
    for _ in range(5000):
        deep = {"source": [deep]}
    told = event(source=USER, message={"type": "text", "id": "1", "text": deep})
    del told["webhookEventId"]
    (found,) = read(told)
    assert isinstance(found, Odd)


EXPECTED = {
    "Webhook Event Objects": ["text", "event:follow", "event:unfollow"],
    "Video": ["video"],
    "Audio": ["audio"],
    "File": ["file"],
    "Location": ["location"],
    "Edit event": ["event:other"],
    "Unsend event": ["event:unsend"],
    "Unfollow event": ["event:unfollow"],
    "Join event": ["event:join"],
    "Leave event": ["event:leave"],
    "Member join event": ["event:other"],
    "Member leave event": ["event:other"],
    "Video viewing complete event": ["event:other"],
    "Beacon event": ["event:other"],
    "Account link event": ["event:other"],
    "Membership event": ["event:other"],
    "Response": [],
}


def examples(shared: Path) -> list[tuple[str, Any]]:
    return [tuple(pair) for pair in json.loads((shared / "specs/line/docs-webhook-examples.json").read_text(encoding="utf-8"))]


def test_every_example_of_the_documentation_is_understood(shared: Path) -> None:
    for name, payload in examples(shared):
        found = parse(payload)
        assert all(isinstance(piece, Inbound) for piece in found), name
        kinds = [piece.content.kind + (f":{piece.content.event}" if piece.content.event else "") for piece in found]  # type: ignore[union-attr]
        assert kinds == EXPECTED[name], name


_LEAF = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=12)
    | st.sampled_from(["user", "group", "text", "image", "\ud800", "\x00", "external", 10**30])
)
_JSON = st.recursive(
    _LEAF, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4), max_leaves=12
)


def _sound(found: list[Inbound | Odd]) -> None:
    for piece in found:
        if isinstance(piece, Inbound):
            stored = json.dumps(
                [piece.external_id, piece.event_id, piece.reference, dict(piece.details), piece.content.model_dump()]
            )
            json.loads(stored, parse_constant=lambda word: pytest.fail(f"{word} is no JSON")).__repr__().encode()
            assert "\\u0000" not in stored
            assert 0 < len(piece.external_id) <= 100
            assert 0 < len(piece.event_id) <= 100
            assert piece.at.tzinfo is not None


@given(payload=_JSON)
def test_no_json_at_all_breaks_the_reading(payload: Any) -> None:
    _sound(parse(payload))
    _sound(parse({"events": payload}))
    _sound(parse({"destination": "U1", "events": [payload, {"type": "message", "source": USER, "message": payload}]}))


FULL = [
    said(
        {"type": "text", "text": "x(love)", "emojis": [{"index": 1, "length": 6}], "mention": {"mentionees": [{"isSelf": True}]}}
    ),
    said({"type": "sticker", "keywords": ["ok"], "stickerId": "1"}),
    said({"type": "image", "contentProvider": {"type": "line"}, "imageSet": {"id": "E0", "index": 1, "total": 2}}),
    said({"type": "file", "fileName": "x.pdf", "fileSize": 2138}),
    said({"type": "location", "title": "x", "latitude": 13.7, "longitude": 100.5}),
    event(type="postback", postback={"data": "x", "params": {"date": "2026-11-22"}}),
    event(type="unsend", unsend={"messageId": "1"}, source=GROUP),
]


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [path, *(deeper for key, inner in value.items() for deeper in _places(inner, (*path, key)))]
    if isinstance(value, list):
        return [path, *(deeper for place, inner in enumerate(value) for deeper in _places(inner, (*path, place)))]
    return [path]


@given(which=st.sampled_from(FULL), data=st.data())
def test_no_event_with_something_else_in_its_place_breaks_the_reading(which: dict[str, Any], data: st.DataObject) -> None:
    told = copy.deepcopy(which)
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from([place for place in _places(told) if place]))
        holder = told
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = data.draw(_JSON)
    _sound(read(told))
