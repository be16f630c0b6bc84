"""What citizens send by Messenger and Instagram, and what else Meta tells."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.contract import Inbound, Odd
from channels.meta.attachment import LIKES
from conversations.content import Inward, Position
from tests.unit.channels.meta.samples import AT, CITIZEN, OTHER_PAGE, PAGE, Platform, channel, echo, piece, webhook

URL = "https://scontent.xx.fbcdn.net/v/1.jpg?oh=1&oe=2"


def events(*pieces: Any, **options: Any) -> list[Inbound]:
    found = channel().parse(webhook(*pieces, **options))
    assert all(isinstance(one, Inbound) for one in found)
    return [one for one in found if isinstance(one, Inbound)]


def content(*pieces: Any, **options: Any) -> Inward:
    (one,) = events(*pieces, **options)
    return one.content


def message(**parts: Any) -> dict[str, Any]:
    return piece(message={"mid": "m_1", **parts})


def attached(kind: str, payload: Any, text: str | None = None, **more: Any) -> Inward:
    words = {} if text is None else {"text": text}
    return content(message(**words, attachments=[{"type": kind, "payload": payload, **more}]))


def test_words_come_with_sender_time_and_ids() -> None:
    (one,) = events(message(text="ไฟดับค่ะ"))
    assert (one.external_id, one.event_id, one.reference, one.account) == (CITIZEN, "m_1", "m_1", "main")
    assert one.at == datetime.fromtimestamp(AT / 1000, UTC)
    assert one.content == Inward(kind="text", text="ไฟดับค่ะ")


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (
            {"message": {"mid": "m", "text": "ข้าม", "quick_reply": {"payload": "/skip"}}},
            Inward(kind="choice", text="ข้าม", payload="/skip"),
        ),
        (
            {"postback": {"mid": "m", "title": "แจ้ง", "payload": "/report_problem"}},
            Inward(kind="choice", text="แจ้ง", payload="/report_problem"),
        ),
        ({"postback": {"mid": "m", "title": "แจ้ง"}}, Inward(kind="choice", text="แจ้ง")),
        ({"postback": {"mid": "m", "title": "เริ่ม", "payload": "/session_started"}}, Inward(kind="event", event="follow")),
        ({"postback": {"mid": "m", "payload": "GET_STARTED"}}, Inward(kind="event", event="follow")),
        (
            {"postback": {"mid": "m", "payload": "GET_STARTED", "referral": {"ref": "poster-7", "source": "SHORTLINK"}}},
            Inward(kind="event", event="entry", text="poster-7"),
        ),
        ({"referral": {"ref": "poster-7", "type": "OPEN_THREAD"}}, Inward(kind="event", event="entry", text="poster-7")),
        ({"referral": {"source": "ADS"}}, Inward(kind="event", event="follow")),
        ({"message": {"mid": "m", "is_deleted": True}}, Inward(kind="event", event="unsend")),
        ({"message": {"mid": "m", "is_unsupported": True}}, Inward(kind="file")),
        ({"message_edit": {"mid": "m", "text": "ใหม่", "num_edit": 1}}, Inward(kind="text", text="ใหม่", details={"edited": True})),
        (
            {"reaction": {"mid": "m", "action": "react", "reaction": "love", "emoji": "❤"}},
            Inward(kind="event", event="reaction", text="❤", details={"action": "react"}),
        ),
        ({"reaction": {"mid": "m", "action": "unreact"}}, Inward(kind="event", event="reaction", details={"action": "unreact"})),
        ({"pass_thread_control": {"new_owner_app_id": "1"}}, Inward(kind="event", event="other", text="pass_thread_control")),
        ({"optin": {"type": "x"}}, Inward(kind="event", event="other", text="optin")),
    ],
)
def test_kinds(part: dict[str, Any], expected: Inward) -> None:
    assert content(piece(**part)) == expected


@pytest.mark.parametrize("kind", ["image", "audio", "video", "file"])
def test_files_are_to_be_fetched_later(kind: str) -> None:
    assert attached(kind, {"url": URL}) == Inward(
        kind=kind,  # type: ignore[arg-type]
        details={"media": [{"kind": kind, "url": URL, "name": ""}]},
    )


def test_an_album_is_one_event() -> None:
    album = [{"type": "image", "payload": {"url": f"{URL}&n={n}"}} for n in range(5)]
    found = content(message(text="ดูนี่ค่ะ", attachments=album))
    assert (found.kind, found.text, len(found.details["media"])) == ("image", "ดูนี่ค่ะ", 5)


def test_different_files_of_one_message_are_events_of_their_own() -> None:
    one, two = events(message(attachments=[{"type": kind, "payload": {"url": URL}} for kind in ("image", "video")]))
    assert [(one.event_id, one.content.kind), (two.event_id, two.content.kind)] == [("m_1", "image"), ("m_1:1", "video")]


@pytest.mark.parametrize("sticker", [*sorted(LIKES), *(int(like) for like in sorted(LIKES))])
def test_the_thumb_says_yes(sticker: Any) -> None:
    assert attached("image", {"url": URL, "sticker_id": sticker}) == Inward(kind="sticker", text="ตกลง")


def test_other_stickers_say_nothing() -> None:
    assert attached("image", {"url": URL, "sticker_id": 144885145684735}) == Inward(kind="sticker")


def test_a_place() -> None:
    place = attached("location", {"coordinates": {"lat": 13.7, "long": 100}}, title="ตลาดสด")
    assert place == Inward(kind="location", position=Position(latitude=13.7, longitude=100, label="ตลาดสด"))


@pytest.mark.parametrize("point", [None, {}, {"lat": 91, "long": 0}, {"lat": "13", "long": 100}, {"lat": 1e400, "long": 1}])
def test_a_place_that_is_none_is_answered_as_what_it_says(point: Any) -> None:
    assert attached("location", {"coordinates": point}, title="ตลาดสด") == Inward(kind="text", text="ตลาดสด")


@pytest.mark.parametrize(
    ("kind", "payload", "text", "expected"),
    [
        ("fallback", {"url": "https://x.example", "title": "ข่าว"}, "ดู https://x.example", "ดู https://x.example"),
        ("fallback", {"url": "https://x.example", "title": "ข่าว"}, "ดูนี่", "ดูนี่\nhttps://x.example"),
        ("fallback", {"url": "https://x.example", "title": "ข่าว"}, None, "ข่าว\nhttps://x.example"),
        ("share", {"url": URL}, None, URL),
        ("ig_post", {"title": "น้ำท่วมซอย 5"}, None, "น้ำท่วมซอย 5"),
        ("ig_reel", {"title": "น้ำท่วมซอย 5", "url": URL, "reel_video_id": "1"}, None, "น้ำท่วมซอย 5"),
    ],
)
def test_links_become_words(kind: str, payload: Any, text: str | None, expected: str) -> None:
    assert attached(kind, payload, text) == Inward(kind="text", text=expected)


def test_a_reel_without_words_is_a_video_we_cannot_watch() -> None:
    assert attached("reel", {"url": URL}) == Inward(kind="video")


def test_being_mentioned_in_a_story_is_only_noted() -> None:
    assert attached("story_mention", {"url": URL}) == Inward(kind="event", event="other", text="story_mention")


def test_who_comes_by_a_link_and_writes_is_heard_twice() -> None:
    entry, said = events(message(text="สวัสดี", referral={"ref": "poster-7"}))
    assert (entry.content, said.content) == (
        Inward(kind="event", event="entry", text="poster-7"),
        Inward(kind="text", text="สวัสดี"),
    )
    assert entry.event_id != said.event_id


def test_receipts_are_nothing() -> None:
    assert channel().parse(webhook(piece(delivery={"mids": ["m"], "watermark": 1}), piece(read={"watermark": 1}))) == []


def test_our_own_message_comes_back_with_its_outbox_id() -> None:
    (one,) = events(echo(app_id=99, metadata="out_01k9", text="สวัสดีค่ะ"))
    assert (one.external_id, one.content) == (CITIZEN, Inward(kind="event", event="echo", details={"outbox": "out_01k9"}))


def test_the_first_parts_of_our_own_message_are_nothing() -> None:
    assert events(echo(app_id=99, metadata="part:out_01k9", text="สวัสดีค่ะ")) == []


@pytest.mark.parametrize("more", [{}, {"app_id": 263902037430900}, {"app_id": "1217981644879628"}])
def test_what_the_office_wrote_in_metas_inbox_is_an_echo(more: dict[str, Any]) -> None:
    assert content(echo(text="เจ้าหน้าที่ค่ะ", **more)) == Inward(kind="event", event="echo", text="เจ้าหน้าที่ค่ะ")


def test_what_comes_from_the_page_itself_is_never_a_citizens_word() -> None:
    said = {**message(text="เจ้าหน้าที่ค่ะ"), "sender": {"id": PAGE}, "recipient": {"id": CITIZEN}}
    (one,) = events(said)
    assert (one.external_id, one.content.event) == (CITIZEN, "echo")


def test_what_another_program_wrote_is_only_noted() -> None:
    assert content(echo(text="โฆษณา", app_id=1517776481860111, metadata="theirs")) == Inward(
        kind="event", event="other", text="message_echoes"
    )


def test_standby_tells_who_spoke_and_nothing_of_receipts() -> None:
    told = [message(text="ไฟดับ"), echo(app_id=1), piece(read={"watermark": 1}), piece(reaction={"mid": "m"})]
    found = events(*told, under="standby")
    assert [(one.external_id, one.content.event, one.content.text) for one in found] == [
        (CITIZEN, "standby", "ไฟดับ"),
        (CITIZEN, "standby", ""),
    ]


def test_several_pages_and_people_in_one_body() -> None:
    other = {**piece(message={"mid": "m_2", "text": "สอง"}), "sender": {"id": "5005"}}
    body = {"object": "page", "entry": [webhook(message(text="หนึ่ง"))["entry"][0], webhook(other, page=OTHER_PAGE)["entry"][0]]}
    found = [one for one in channel().parse(body) if isinstance(one, Inbound)]
    assert [(one.account, one.external_id, one.content.text) for one in found] == [
        ("main", CITIZEN, "หนึ่ง"),
        ("water", "5005", "สอง"),
    ]


@pytest.mark.parametrize("page", ["3009", "unknown", None, 7])
def test_a_page_of_another_app_is_not_believed(page: Any) -> None:
    (one,) = events(message(text="x"), page=page)
    assert one.account == "main"


def test_a_redelivery_keeps_the_ids_and_different_events_differ() -> None:
    pieces = [
        *(message(text="x"), piece(message_edit={"mid": "m_1", "text": "y", "num_edit": 1})),
        *(piece(message_edit={"mid": "m_1", "text": "z", "num_edit": 2}), message(is_deleted=True)),
        *(piece(reaction={"mid": "m_1", "action": "react"}), piece(reaction={"mid": "m_1", "action": "unreact"})),
        *(piece(postback={"payload": "/a"}), piece(postback={"payload": "/b"}), piece(postback={"mid": "m_1", "payload": "/b"})),
        *(piece(referral={"ref": "a"}), piece(referral={"ref": "b"}), piece(optin={}), echo(mid="m_1")),
    ]
    first, again = ([one.event_id for one in events(*pieces)] for _ in range(2))
    assert first == again
    assert len(set(first)) == len(pieces)


def test_edits_unsends_and_reactions_name_their_message() -> None:
    pieces = [piece(message_edit={"mid": "m_1", "text": "y"}), message(is_deleted=True), piece(reaction={"mid": "m_1"})]
    assert [one.reference for one in events(*pieces)] == ["m_1"] * 3


@pytest.mark.parametrize(
    ("stamp", "at"),
    [
        (1_763_800_000_123, 1_763_800_000.123),
        ("1763800000123", 1_763_800_000.123),
        (1_763_800_000, 1_763_800_000),
        ("1763800000", 1_763_800_000),
        (1_763_800_000.5, 1_763_800_000.5),
        (1_763_800_000_123_456, 1_763_800_000.123456),
        *((odd, AT / 1000) for odd in (None, True, "", "๑๗", -1, 0, 10**400, float("nan"), [], "soon")),
    ],
)
def test_times_in_seconds_and_milliseconds_and_none(stamp: Any, at: float) -> None:
    (one,) = events({**message(text="x"), "timestamp": stamp})
    assert one.at.timestamp() == pytest.approx(at, abs=0.001)


@pytest.mark.parametrize(("platform", "object"), [("messenger", "instagram"), ("instagram", "page"), ("messenger", None)])
def test_another_platforms_webhook_is_odd(platform: Platform, object: Any) -> None:
    payload = webhook(message(text="x"), object=object)
    assert channel(platform).parse(payload) == [Odd(payload)]


def test_instagram_is_read_alike() -> None:
    (one,) = channel("instagram").parse(webhook({**message(text="ค่ะ"), "timestamp": "1527459824"}, object="instagram"))
    assert isinstance(one, Inbound)
    assert (one.content.text, one.at) == ("ค่ะ", datetime.fromtimestamp(1527459824, UTC))


def test_comments_are_only_noted_and_our_own_are_nothing() -> None:
    value = {"id": "c_1", "from": {"id": CITIZEN}, "text": "สวยค่ะ", "media": {"id": "9"}}
    change, own = {"field": "comments", "value": value}, {"field": "comments", "value": {**value, "from": {"id": PAGE}}}
    body = {"object": "instagram", "entry": [{"id": PAGE, "time": AT, "changes": [change, own]}]}
    (one,) = channel("instagram").parse(body)
    assert isinstance(one, Inbound)
    assert (one.external_id, one.content) == (CITIZEN, Inward(kind="event", event="other", text="comments"))


def test_messages_that_come_as_changes_are_read() -> None:
    body = {"object": "instagram", "entry": [{"id": PAGE, "changes": [{"field": "messages", "value": message(text="ค่ะ")}]}]}
    (one,) = channel("instagram").parse(body)
    assert isinstance(one, Inbound)
    assert one.content == Inward(kind="text", text="ค่ะ")


@pytest.mark.parametrize(
    "payload",
    [
        *(None, 7, "x", [], {}, {"object": "page"}, {"object": "page", "entry": []}, {"object": "page", "entry": "x"}),
        *(webhook(page="1"), webhook(None), webhook(7), webhook({}), webhook({"message": {"text": "x"}})),
        *(webhook(piece()), webhook(piece(message=None)), webhook(piece(message=[])), webhook(piece(sender={"id": []}))),
        *(webhook({"sender": {"user_ref": "x"}, "optin": {}}), {"object": "page", "entry": [None]}),
        {"object": "page", "entry": [{"id": "1", "changes": [{"field": "feed", "value": 3}, None]}]},
    ],
)
def test_what_cannot_be_understood_is_kept_as_odd(payload: Any) -> None:
    found = channel().parse(payload)
    assert all(isinstance(one, Odd) for one in found)
    assert found or payload == []


def test_an_odd_piece_does_not_hide_the_others() -> None:
    odd, said = channel().parse(webhook(7, message(text="ยังอยู่")))
    assert odd == Odd(7)
    assert isinstance(said, Inbound)


def test_what_a_database_refuses_is_taken_out() -> None:
    (one,) = channel().parse(json.loads(json.dumps(webhook(message(text="ไฟ\ud800ดับ\0", mid="m\0\udfff")))))
    assert isinstance(one, Inbound)
    assert (one.content.text, one.event_id) == ("ไฟ?ดับ", "m?")


def test_deep_nesting_is_no_reason_to_fall() -> None:
    deep: Any = "x"
    for _ in range(5000):
        deep = [deep]
    for payload in (
        deep,
        {"object": deep},
        webhook(deep),
        webhook(piece(message={"mid": deep, "text": deep})),
        webhook(piece(x=deep)),
    ):
        channel().parse(payload)


_KEYS = [
    *("object", "entry", "id", "time", "messaging", "standby", "changes", "field", "value", "sender", "recipient", "timestamp"),
    *("message", "mid", "text", "attachments", "type", "payload", "url", "sticker_id", "coordinates", "lat", "long", "title"),
    *(
        "quick_reply",
        "postback",
        "referral",
        "ref",
        "reaction",
        "message_edit",
        "is_echo",
        "is_deleted",
        "metadata",
        "app_id",
        "from",
    ),
]
_WORDS = st.sampled_from(
    ["page", "image", "location", "fallback", "reel", "out_1", "/session_started", PAGE, CITIZEN, "\ud800", ""]
)
_SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.just(10**400), st.floats(), st.text(max_size=5), _WORDS)
_JSON = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS) | st.text(max_size=3), inner, max_size=5),
    max_leaves=25,
)
_PIECES = st.fixed_dictionaries(
    {"sender": st.just({"id": CITIZEN}) | _JSON, "recipient": st.just({"id": PAGE}) | _JSON},
    optional={key: _JSON for key in ("timestamp", "message", "postback", "referral", "reaction", "message_edit", "optin")},
)
_BODIES = st.fixed_dictionaries(
    {
        "object": st.just("page"),
        "entry": st.lists(
            st.fixed_dictionaries(
                {},
                optional={
                    "id": _SCALARS,
                    "messaging": st.lists(_PIECES, max_size=3) | _JSON,
                    "standby": st.lists(_PIECES),
                    "changes": _JSON,
                },
            ),
            max_size=3,
        ),
    }
)


@given(_JSON | _BODIES)
def test_no_json_makes_it_fail(payload: Any) -> None:
    for one in channel().parse(payload):
        if isinstance(one, Inbound):
            stored = json.dumps(
                [one.content.model_dump(mode="json"), one.external_id, one.event_id, one.reference], ensure_ascii=False
            )
            assert "\0" not in stored.encode().decode()
            assert one.external_id
            assert one.at.tzinfo is not None
