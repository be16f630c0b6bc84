"""How every content looks on Telegram."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.telegram.keyboard import REMOVED
from channels.telegram.markup import escape
from channels.telegram.render import render, simpler
from channels.text import utf16_len
from conversations.content import Card, CardField, Carousel, Choice, Image, LocationRequest, Text, offered, plain_text
from tests import answers

ID = "msg_01k9x4e2vq8f3m7c6d5b4a3z2y"
FOLLOW = Choice(title="ติดตามเรื่อง", kind="link", payload="https://city.example/cases/P69-000123-8")
YES, NO = Choice(title="ใช่", payload="/affirm"), Choice(title="ไม่ใช่", payload="/deny")


def markup(calls: list[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = calls[-1]["reply_markup"]
    return found


def buttons(calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = [call["reply_markup"].get("inline_keyboard") or call["reply_markup"].get("keyboard") or [] for call in calls]
    return [button for one in rows for row in one for button in row]


@pytest.mark.parametrize(("name", "content"), answers.every(), ids=lambda one: one if isinstance(one, str) else "")
def test_every_answer_fits_and_offers_every_choice(name: str, content: Any) -> None:
    calls = render(content, ID)
    for call in calls:
        assert (
            0 < utf16_len(call["text"]) <= 4096 if call["method"] == "sendMessage" else utf16_len(call.get("caption", "")) <= 1024
        )
    shown = buttons(calls)
    assert all(len(one.get("callback_data", "x").encode()) <= 64 for one in shown)
    said = "\n".join(call.get("text", "") + call.get("caption", "") for call in calls)
    for place, choice in offered(content).items():
        pressed = any(one.get("callback_data") == f"{ID}:{place}" or one["text"] == choice.title for one in shown)
        opened = choice.kind == "link" and escape(choice.payload) in said
        asked = choice.kind == "photo" and ("แนบรูป" in said or "Attach a photo" in said)
        assert pressed or opened or asked, (name, place)


def test_a_button_carries_its_place_only() -> None:
    (call,) = render(Text(text="ใช่ไหมคะ", choices=[YES, NO, FOLLOW]), ID)
    assert call["reply_markup"]["inline_keyboard"] == [
        [{"text": "ใช่", "callback_data": f"{ID}:0"}, {"text": "ไม่ใช่", "callback_data": f"{ID}:1"}],
        [{"text": "ติดตามเรื่อง", "url": FOLLOW.payload}],
    ]


def test_words_are_escaped() -> None:
    (call,) = render(Text(text="<b>ก</b> & *ข*"), ID)
    assert (call["text"], call["parse_mode"]) == ("&lt;b&gt;ก&lt;/b&gt; &amp; *ข*", "HTML")


def test_half_of_a_pair_does_not_stop_a_message() -> None:
    (call,) = render(Card(title="ก\ud83dข"), ID)
    assert call["text"] == "<b>ก\ufffdข</b>"


def test_a_card() -> None:
    card = Card(title="เรื่อง", subtitle="ย่อย", text="เนื้อหา", fields=[CardField(label="ค่า", value="10 บาท")], choices=[YES])
    (call,) = render(card, ID)
    assert call["text"] == "<b>เรื่อง</b>\nย่อย\n\nเนื้อหา\n<b>ค่า</b>: 10 บาท"


@pytest.mark.parametrize(
    "url", ["http://localhost:8080/cases/1", "http://127.0.0.1:8080/", "tel:191", "https://[x", "https://host"]
)
def test_a_link_that_telegram_would_refuse_is_words(url: str) -> None:
    calls = render(Text(text="ดูได้ค่ะ", choices=[Choice(title="ดู", kind="link", payload=url)]), ID)
    assert calls[0]["text"] == f"ดูได้ค่ะ\n\nดู: {url}"
    assert calls[0]["reply_markup"] == REMOVED


def test_the_position_is_asked_for_in_place_of_the_letters() -> None:
    skip, link = Choice(title="ไม่ทราบ", payload="/skip"), FOLLOW
    (call,) = render(LocationRequest(text="ที่ไหนคะ", choices=[skip, link]), ID)
    assert call["reply_markup"]["keyboard"] == [[{"text": "📍 ส่งตำแหน่งของฉัน", "request_location": True}], [{"text": "ไม่ทราบ"}]]
    assert call["reply_markup"]["one_time_keyboard"]
    assert call["text"].endswith(f"ติดตามเรื่อง: {FOLLOW.payload}")
    own = Choice(title="ส่งตำแหน่ง", kind="location")
    (call,) = render(Text(text="ที่ไหนคะ", choices=[own, skip]), ID)
    assert [one["text"] for one in buttons([call])] == ["ส่งตำแหน่ง", "ไม่ทราบ"]
    (call,) = render(LocationRequest(text="Where is it?"), ID)
    assert buttons([call])[0]["text"] == "📍 Share my location"


def test_a_photo_is_asked_for_in_words() -> None:
    (call,) = render(
        Text(text="มีรูปไหมคะ", choices=[Choice(title="ส่งรูป", kind="photo"), Choice(title="ข้าม", payload="/skip")]), ID
    )
    assert "แนบรูปได้ด้วยปุ่มคลิปหนีบกระดาษ" in call["text"]
    assert [one["text"] for one in buttons([call])] == ["ข้าม"]


def test_more_choices_than_buttons_are_words() -> None:
    calls = render(Text(text="เรื่องใดคะ", choices=[Choice(title=f"เรื่อง {n}", payload=f"/x{n}") for n in range(130)]), ID)
    assert len(buttons(calls)) == 100
    assert all(f"• เรื่อง {n}" in calls[0]["text"] for n in range(100, 130))


def test_a_carousel_is_a_message_a_card() -> None:
    cards = [Card(title=f"เรื่อง {n}", choices=[YES]) for n in range(3)]
    calls = render(Carousel(text="เรื่องของคุณ", cards=cards, choices=[NO]), ID)
    assert [call["text"] for call in calls] == ["เรื่องของคุณ", *(f"<b>เรื่อง {n}</b>" for n in range(3))]
    data = [[one["callback_data"].removeprefix(ID) for one in buttons([call])] for call in calls]
    assert data == [[], [":c0.0"], [":c1.0"], [":c2.0", ":0"]]


def test_a_picture() -> None:
    (call,) = render(Image(url="https://city.example/a.png", alt="แผนที่ & ทาง"), ID)
    assert (call["method"], call["photo"], call["caption"]) == ("sendPhoto", "https://city.example/a.png", "แผนที่ &amp; ทาง")
    (call,) = render(Image(url="http://city.example/a.png?a=1&b=2", alt="แผนที่"), ID)
    assert call["text"] == "แผนที่\nhttp://city.example/a.png?a=1&amp;b=2"


def test_a_card_with_more_words_than_a_caption_stands_below_its_picture() -> None:
    card = Card(title="ประกาศ", text="ก" * 2000, image_url="https://city.example/a.jpg", choices=[YES])
    first, second = render(card, ID)
    assert first["method"] == "sendPhoto"
    assert "caption" not in first
    assert buttons([second])[0]["text"] == "ใช่"


def test_simpler_has_every_address_in_words() -> None:
    card = Card(title="ประกาศ", text="เชิญค่ะ", image_url="https://city.example/a.jpg", choices=[YES, FOLLOW])
    (call,) = render(card, ID)
    plain = simpler(call)
    assert plain is not None
    assert plain["text"] == f"<b>ประกาศ</b>\n\nเชิญค่ะ\nติดตามเรื่อง: {FOLLOW.payload}\nhttps://city.example/a.jpg"
    assert plain["reply_markup"] == {"inline_keyboard": [[{"text": "ใช่", "callback_data": f"{ID}:0"}]]}
    assert simpler(plain) is None


@given(st.integers(1, 6), st.integers(3500, 4096))
def test_simpler_fits_too(links: int, length: int) -> None:
    choices = [Choice(title=f"ที่ {n}", kind="link", payload="https://city.example/" + "a" * 250) for n in range(links)]
    *_, last = render(Text(text="ก" * length, choices=choices), ID)
    plain = simpler(last)
    assert plain is not None
    assert utf16_len(plain["text"]) <= 4096


def test_blank_words_are_something() -> None:
    assert [call["text"] for call in render(Text(text="  "), ID)] == ["…"]


@given(st.text(min_size=1, max_size=9000))
def test_any_text_fits(text: str) -> None:
    calls = render(Text(text=text), ID)
    assert all(0 < utf16_len(call["text"]) <= 4096 for call in calls)
    assert plain_text(Text(text=text)).strip() == "" or calls[0]["text"] != "…"
