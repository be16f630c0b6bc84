"""Answers in the forms of Messenger and Instagram."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.meta.render import LIMITS, render
from conversations.content import Card, CardField, Carousel, Choice, Image, LocationRequest, Outward, Text
from tests.unit.channels.meta.samples import Platform

PLATFORMS = ["messenger", "instagram"]
LINK = Choice(title="ติดตามเรื่อง", kind="link", payload="https://city.example/c/1")
YES, NO = Choice(title="ใช่ค่ะ", payload="/affirm"), Choice(title="ไม่ใช่", payload="/deny")


def texts(payloads: list[dict[str, Any]]) -> str:
    """Everything that is said in words, the texts of templates too."""
    found = []
    for payload in payloads:
        template = payload.get("attachment", {}).get("payload", {})
        found += [payload.get("text", ""), template.get("text", ""), template.get("url", "")]
        found += [line for element in template.get("elements", []) for line in (element["title"], element.get("subtitle", ""))]
    return "\n".join(line for line in found if line)


def replies(payload: dict[str, Any]) -> list[tuple[str, str]]:
    return [(reply["title"], reply["payload"]) for reply in payload.get("quick_replies", [])]


def buttons(payload: dict[str, Any]) -> list[str]:
    return [button["title"] for button in payload["attachment"]["payload"].get("buttons", [])]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_words_with_choices_are_one_message(platform: Platform) -> None:
    (one,) = render(Text(text="ใช่ไหมคะ", choices=[YES, NO]), platform)
    assert one["text"] == "ใช่ไหมคะ"
    assert replies(one) == [("ใช่ค่ะ", "/affirm"), ("ไม่ใช่", "/deny")]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_choices_stand_on_the_last_part_only(platform: Platform) -> None:
    payloads = render(Text(text="กรุณาเตรียมบัตรประชาชนค่ะ\n" * 300, choices=[YES]), platform)
    assert len(payloads) > 2
    assert [bool(replies(payload)) for payload in payloads] == [False] * (len(payloads) - 1) + [True]


def test_instagram_counts_bytes() -> None:
    assert len(render(Text(text="ก" * 1000), "messenger")) == 1
    assert len(render(Text(text="ก" * 1000), "instagram")) == 4


@pytest.mark.parametrize("platform", PLATFORMS)
def test_links_are_buttons_under_the_words(platform: Platform) -> None:
    (one,) = render(Text(text="รับเรื่องแล้วค่ะ", choices=[LINK]), platform)
    assert one["attachment"]["payload"]["text"] == "รับเรื่องแล้วค่ะ"
    assert one["attachment"]["payload"]["buttons"] == [{"type": "web_url", "title": "ติดตามเรื่อง", "url": LINK.payload}]


def test_long_words_stand_above_the_buttons() -> None:
    words, template = render(Text(text="ก" * 700, choices=[LINK]), "messenger")
    assert words["text"] == "ก" * 700
    assert buttons(template) == ["ติดตามเรื่อง"]


def test_links_and_choices_together() -> None:
    (one,) = render(Text(text="รับเรื่องแล้วค่ะ", choices=[LINK, YES]), "messenger")
    assert (buttons(one), replies(one)) == (["ติดตามเรื่อง"], [("ใช่ค่ะ", "/affirm")])


def test_instagram_has_choices_under_texts_only() -> None:
    template, words = render(Text(text="รับเรื่องแล้วค่ะ", choices=[LINK, YES]), "instagram")
    assert (buttons(template), replies(words)) == (["ติดตามเรื่อง"], [("ใช่ค่ะ", "/affirm")])


@pytest.mark.parametrize("platform", PLATFORMS)
def test_choices_beyond_thirteen_are_said(platform: Platform) -> None:
    payloads = render(Text(text="เรื่องใดคะ", choices=[Choice(title=f"เรื่องที่ {n}", payload=f"/x{n}") for n in range(30)]), platform)
    assert len(replies(payloads[-1])) == 13
    assert all(f"• เรื่องที่ {n}\n" in texts(payloads) + "\n" for n in range(13, 30))
    assert "• เรื่องที่ 12\n" not in texts(payloads)


def test_long_titles_are_said_in_full_under_their_numbers() -> None:
    title = "ขอทราบวิธีการขอใบอนุญาตก่อสร้างบ้านพักอาศัย"
    (one,) = render(Text(text="เรื่องใดคะ", choices=[Choice(title=title, payload="/a"), YES]), "messenger")
    assert one["text"] == f"เรื่องใดคะ\n\n1. {title}\n2. ใช่ค่ะ"
    assert [shown[:3] for shown, _ in replies(one)] == ["1. ", "2. "]
    assert replies(one)[0][0].endswith("…")


@pytest.mark.parametrize("address", ["http://city.example", "tel:1669", "line://x", "", "https://"])
def test_links_that_meta_would_refuse_are_said(address: str) -> None:
    (one,) = render(Text(text="ดูได้ค่ะ", choices=[Choice(title="ดูเรื่อง", kind="link", payload=address)]), "messenger")
    assert one == {"text": f"ดูได้ค่ะ\n\nดูเรื่อง: {address}" if address else "ดูได้ค่ะ\n\nดูเรื่อง"}


def test_links_beyond_three_are_said() -> None:
    links = [Choice(title=f"ลิงก์ {n}", kind="link", payload=f"https://city.example/{n}") for n in range(5)]
    (one,) = render(Text(text="ดูได้ค่ะ", choices=links), "messenger")
    assert buttons(one) == ["ลิงก์ 0", "ลิงก์ 1", "ลิงก์ 2"]
    assert "ลิงก์ 3: https://city.example/3\nลิงก์ 4: https://city.example/4" in texts([one])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (Text(text="มีรูปไหมคะ", choices=[Choice(title="ส่งรูป", kind="photo"), YES]), "ส่งรูปในแชตนี้ได้เลยค่ะ"),
        (Text(text="Any photo?", choices=[Choice(title="Send", kind="photo"), YES]), "You can send the photo here in this chat."),
        (LocationRequest(text="ที่ไหนคะ", choices=[YES]), "ในแชตนี้ไม่มีปุ่มส่งตำแหน่ง"),
        (Text(text="ที่ไหนคะ", choices=[Choice(title="ส่งตำแหน่ง", kind="location"), YES]), "ในแชตนี้ไม่มีปุ่มส่งตำแหน่ง"),
    ],
)
def test_what_has_no_button_is_said_once(content: Outward, said: str) -> None:
    (one,) = render(content, "messenger")
    assert one["text"].count(said) == 1
    assert replies(one) == [("ใช่ค่ะ", "/affirm")]


def test_a_card_is_its_words_picture_first() -> None:
    card = Card(title="บัตรหาย", text="แจ้งได้ทุกที่ค่ะ", image_url="https://city.example/a.jpg", choices=[YES])
    picture, words = render(card, "messenger")
    assert picture == {"attachment": {"type": "image", "payload": {"url": "https://city.example/a.jpg"}}}
    assert words["text"] == card.plain()


def test_a_picture_that_meta_cannot_fetch_is_an_address() -> None:
    assert render(Image(url="http://city.example/a.png", alt="แผนที่"), "messenger") == [
        {"text": "แผนที่\nhttp://city.example/a.png"}
    ]
    assert render(Image(url="https://city.example/a.png"), "instagram") == [
        {"attachment": {"type": "image", "payload": {"url": "https://city.example/a.png"}}}
    ]


def test_a_carousel_says_what_its_cards_cannot_hold() -> None:
    short = Card(title="ไฟดับ", subtitle="กำลังซ่อม", choices=[LINK, YES])
    long = Card(title="น้ำท่วม", fields=[CardField(label="สถานที่", value="ซอยเทศบาล 5 " * 20)], choices=[YES, NO, LINK, YES])
    words, template = render(Carousel(text="เรื่องของคุณ", cards=[short, long], choices=[NO]), "messenger")
    assert "ซอยเทศบาล 5 " * 19 in words["text"]
    assert "กำลังซ่อม" not in words["text"]
    first, second = template["attachment"]["payload"]["elements"]
    assert (first["subtitle"], [button["type"] for button in first["buttons"]]) == ("กำลังซ่อม", ["web_url", "postback"])
    assert len(second["buttons"]) == 3
    assert replies(template) == [("ไม่ใช่", "/deny")]


def test_a_card_of_a_carousel_has_more_than_a_title() -> None:
    *_, template = render(Carousel(text="เรื่องของคุณ", cards=[Card(title="ไฟดับ")]), "messenger")
    assert template["attachment"]["payload"]["elements"] == [{"title": "ไฟดับ", "subtitle": "เรื่องของคุณ"}]


_TITLES = st.text(alphabet="กที่้ำ ab💡", min_size=1, max_size=80).filter(str.strip)
_CHOICES = st.lists(
    st.builds(
        Choice, title=_TITLES, payload=st.sampled_from(["", "/a", "https://x.example"]), kind=st.sampled_from(["reply", "link"])
    ),
    max_size=20,
)
_CARDS = st.builds(Card, title=_TITLES, text=st.text(alphabet="กที่้ำ \n", max_size=900), choices=_CHOICES)
_CONTENTS = st.one_of(
    st.builds(Text, text=st.text(alphabet="กที่้ำ \nab💡", min_size=1, max_size=2500).filter(str.strip), choices=_CHOICES),
    _CARDS,
    st.builds(Carousel, text=_TITLES, cards=st.lists(_CARDS, min_size=1, max_size=10), choices=_CHOICES),
)


@pytest.mark.parametrize("platform", PLATFORMS)
@given(_CONTENTS)
def test_nothing_is_too_long_and_every_choice_is_shown(platform: Platform, content: Any) -> None:
    payloads, limits = render(content, platform), LIMITS[platform]
    assert payloads
    for payload in payloads[:-1]:
        assert "quick_replies" not in payload
    for payload in payloads:
        assert "attachment" in payload or (payload["text"].strip() and limits.measure(payload["text"]) <= limits.text)
        assert len(payload.get("quick_replies", [])) <= 13
        assert all(1 <= len(title) <= 20 and said for title, said in replies(payload))
    shown = [said for _, said in replies(payloads[-1])]
    wanted = [choice for choice in content.choices if choice.kind == "reply"]
    assert shown == [choice.payload or choice.title for choice in wanted[:13]]
    compact = "".join(texts(payloads).split())
    assert all("".join(choice.title.split()) in compact for choice in wanted[13:])
