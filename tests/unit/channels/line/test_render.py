"""Answers as LINE shows them: within its limits, with nothing dropped."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.line.render import render
from channels.text import utf16_len
from conversations.content import Card, CardField, Carousel, Choice, Image, LocationRequest, Outward, Text, plain_text
from tests.answers import every

ANSWERS = dict(every())


def words(value: Any) -> list[str]:
    """Every string a citizen sees, in order."""
    if isinstance(value, list):
        return [text for one in value for text in words(one)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if value.get("type") == "text" else []
    return own + [text for key, one in value.items() if key != "quickReply" for text in words(one)]


def items(payloads: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [item["action"] for item in payloads[-1].get("quickReply", {}).get("items", [])]


def squeezed(text: str) -> str:
    return "".join(text.split())


def within_limits(payloads: list[dict[str, Any]]) -> None:
    assert 1 <= len(payloads) <= 5
    assert all("quickReply" not in payload for payload in payloads[:-1])
    for payload in payloads:
        if payload["type"] == "text":
            assert 0 < utf16_len(payload["text"]) <= 5000
        if payload["type"] == "flex":
            assert 0 < utf16_len(payload["altText"]) <= 400
            assert len(json.dumps(payload["contents"])) <= (50_000 if payload["contents"]["type"] == "carousel" else 30_000)
            assert len(payload["contents"].get("contents", [])) <= 12
            assert all(words(payload))
    assert len(items(payloads)) <= 13
    for action in items(payloads):
        assert 0 < len(action["label"]) <= 20
        assert len(action.get("data", "")) <= 300
        assert len(action.get("displayText", "")) <= 300


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_keeps_within_limits_and_says_everything(name: str) -> None:
    content = ANSWERS[name]
    payloads = render(content)
    within_limits(payloads)
    said = squeezed("".join(words(payloads)))
    if isinstance(content, Card):
        parts = [
            content.title,
            content.subtitle or "",
            content.text,
            *(text for one in content.fields for text in (one.label, one.value)),
        ]
        assert all(squeezed(part) in said for part in parts)
    elif not isinstance(content, Image):
        assert squeezed(content.text) in said


_TITLE = st.text("กขนที่้ำเ💡ab 1", min_size=1, max_size=80).filter(lambda text: bool(text.strip()))
_CHOICE = st.builds(
    Choice,
    title=_TITLE,
    payload=st.sampled_from(["", "/affirm", "https://city.example/ก?a=1", "/x" + "ก" * 298]),
    kind=st.sampled_from(["reply", "link", "location", "photo"]),
)
_WORDS = st.text("กขนที่้ำเ💡ab \n", min_size=1, max_size=60).map(lambda text: text * 100) | _TITLE
_CARD = st.builds(
    Card,
    title=_WORDS,
    subtitle=st.none() | _WORDS,
    text=_WORDS | st.just(""),
    fields=st.lists(st.builds(CardField, label=_TITLE | st.just(""), value=_WORDS | st.just("")), max_size=6),
    image_url=st.sampled_from([None, "https://city.example/ภาพ.jpg", "http://city.example/a.jpg"]),
    choices=st.lists(_CHOICE, max_size=16),
)
_CHOICES = st.lists(_CHOICE, max_size=16)


@given(
    content=_CARD
    | st.builds(Text, text=_WORDS, choices=_CHOICES)
    | st.builds(LocationRequest, text=_WORDS, choices=_CHOICES)
    | st.builds(Carousel, text=_WORDS, cards=st.lists(_CARD, min_size=1, max_size=10), choices=_CHOICES)
)
def test_whatever_is_to_be_said_keeps_within_limits(content: Outward) -> None:
    within_limits(render(content))


@given(card=_CARD)
def test_a_card_drops_none_of_its_words(card: Card) -> None:
    payloads = render(card)
    for payload in payloads:
        payload.get("contents", {}).pop("footer", None)  # its rows stand between the bubble and what follows it
    said = squeezed("".join(words(payloads)))
    for part in (card.title, card.text, *(one.value for one in card.fields)):
        assert squeezed(part) in said


def test_a_reply_sends_its_payload_and_shows_its_title() -> None:
    (payload,) = render(Text(text="ใช่ไหมคะ", choices=[Choice(title="ใช่", payload="/affirm")]))
    assert items([payload]) == [{"type": "postback", "label": "ใช่", "data": "/affirm", "displayText": "ใช่"}]


def test_a_title_too_long_for_a_button_is_told_whole_in_the_text() -> None:
    title = "ขอทราบวิธีการขอใบอนุญาตก่อสร้างบ้านพักอาศัยสองชั้น"
    (payload,) = render(
        Text(text="ใช่เรื่องนี้ไหมคะ", choices=[Choice(title=title, payload="/y"), Choice(title="ไม่ใช่", payload="/deny")])
    )
    assert payload["text"] == f"ใช่เรื่องนี้ไหมคะ\n\n1. {title}"
    assert [action["label"][:3] for action in items([payload])] == ["1. ", "ไม่"]
    assert items([payload])[0]["displayText"] == title


def test_more_choices_than_fit_are_told_by_number() -> None:
    (payload,) = render(Text(text="เรื่องใดคะ", choices=[Choice(title=f"เรื่อง {n}", payload=f"/x{n}") for n in range(1, 16)]))
    assert len(items([payload])) == 13
    assert payload["text"].endswith("14. เรื่อง 14\n15. เรื่อง 15")


def test_photo_and_place_are_asked_of_the_device() -> None:
    (payload,) = render(
        Text(text="มีรูปไหมคะ", choices=[Choice(title="ส่งรูป", kind="photo"), Choice(title="ส่งตำแหน่ง", kind="location")])
    )
    assert [action["type"] for action in items([payload])] == ["camera", "cameraRoll", "location"]
    (english,) = render(Text(text="Any photo?", choices=[Choice(title="Send a photo", kind="photo")]))
    assert [action["label"] for action in items([english])] == ["Take a photo", "Choose a photo"]


def test_asking_for_a_place_always_offers_to_share_it_and_once_only() -> None:
    (bare,) = render(LocationRequest(text="ที่ไหนคะ", choices=[Choice(title="ไม่ทราบ", payload="/skip")]))
    assert [action["label"] for action in items([bare])] == ["ส่งตำแหน่ง", "ไม่ทราบ"]
    (asked,) = render(LocationRequest(text="Where?", choices=[Choice(title="Here", kind="location")]))
    assert [action["label"] for action in items([asked])] == ["Here"]
    (english,) = render(LocationRequest(text="Where?"))
    assert [action["label"] for action in items([english])] == ["Send location"]


def test_links_are_escaped_and_what_line_refuses_becomes_words() -> None:
    links = [
        Choice(title="แผนที่", kind="link", payload="https://city.example/แผนที่?q=1,2#ก"),
        Choice(title="ไฟล์", kind="link", payload="ftp://city.example/x"),
    ]
    (payload,) = render(Text(text="ดูที่นี่ค่ะ", choices=links))
    (action,) = items([payload])
    assert action["uri"].isascii()
    assert action["uri"].startswith("https://city.example/%E0%B9%81")
    assert "2. ไฟล์: ftp://city.example/x" in payload["text"]


def test_a_card_has_its_links_as_rows_and_its_replies_below_the_message() -> None:
    card = Card(
        title="บัตรหาย",
        text="แจ้งที่สำนักทะเบียนค่ะ",
        image_url="https://city.example/a.jpg",
        choices=[Choice(title="ดูแผนที่", kind="link", payload="https://maps.example/"), Choice(title="ช่วยได้", payload="/x")],
    )
    (payload,) = render(card)
    bubble = payload["contents"]
    assert bubble["hero"]["url"] == "https://city.example/a.jpg"
    assert bubble["footer"]["contents"][0]["action"] == {"type": "uri", "uri": "https://maps.example/", "label": "ดูแผนที่"}
    assert [action["label"] for action in items([payload])] == ["ช่วยได้"]
    assert payload["altText"] == plain_text(card)


def test_a_picture_without_https_is_told_as_an_address() -> None:
    assert render(Image(url="https://city.example/a.png"))[0]["type"] == "image"
    assert render(Image(url="http://city.example/a.png", alt="แผนที่"))[0]["text"] == "แผนที่\nhttp://city.example/a.png"
    assert "http://city.example/a.jpg" in words(render(Card(title="x", image_url="http://city.example/a.jpg")))


def test_a_carousel_is_one_message_after_its_words() -> None:
    text, cards = render(ANSWERS["carousel"])
    assert text["text"] == "เรื่องของคุณ"
    assert len(cards["contents"]["contents"]) == 10
    assert len(cards["contents"]["contents"][0]["footer"]["contents"]) == 3
    assert [action["label"] for action in items([cards])] == ["เรื่องอื่น"]
