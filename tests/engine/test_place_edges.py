"""Where places begin and end, whatever the model saw."""

from __future__ import annotations

import pytest

from bot.thai.gazetteer import Gazetteer
from bot.thai.place_edges import mended
from core import thai

GAZETTEER = Gazetteer(
    {"provinces": ["ขอนแก่น", "เลย"], "districts": [["บางขุนเทียน", 0]], "subdistricts": [["ท่าเสา", 0], ["ท่าข้าม", 0]]}
)


def places(text: str, *seen: str) -> list[str]:
    found = [(text.index(part), text.index(part) + len(part), 0.9) for part in seen]
    return [text[start:end] for start, end, _ in mended(thai.spans(text), found, GAZETTEER)]


@pytest.mark.parametrize(
    ("text", "seen", "meant"),
    [
        ("เหม็นมาก แถวท่าเรือท่าเสา เวียนหัว", "แถวท่าเรือท่าเสา", "ท่าเรือท่าเสา"),
        ("ไฟดับ หน้าวัดท่าเสาค่ะ มืดมาก", "หน้าวัดท่าเสาค่ะ", "หน้าวัดท่าเสา"),
        ("คนเดินบนถนน หน้าตลาดท่าเสา", "ถนน หน้าตลาดท่าเสา", "หน้าตลาดท่าเสา"),
        ("ท่อแตก ซอย 17 น้ำพุ่ง", "ซอย 17 น้ำ", "ซอย 17"),
        ("แก้วแตกในสนามเด็กเล่นใต้ทางด่วนท่าเสา", "ใต้ทางด่วนท่าเสา", "สนามเด็กเล่นใต้ทางด่วนท่าเสา"),
        ("กระจกแตก ท้ายหมู่บ้านบางขุนเทียนจ้า", "ท้ายหมู่บ้านบางขุน", "ท้ายหมู่บ้านบางขุนเทียน"),
    ],
)
def test_edges_are_put_right(text: str, seen: str, meant: str) -> None:
    assert places(text, seen) == [meant]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("น้ำท่วมครึ่งล้อแล้วคับ แยกเกษตร", "แยกเกษตร"),
        ("ซ.ประชาอุทิศ 90 ถนนแตกลายงา", "ซ.ประชาอุทิศ 90"),
        ("ไฟฟ้าที่ลานย่าโมใช้ไม่ได้", "ลานย่าโม"),
    ],
)
def test_a_named_landmark_is_found_where_the_model_saw_none(text: str, meant: str) -> None:
    assert places(text) == [meant]


@pytest.mark.parametrize("text", ["ถนนพังมาก", "ร้านชาบูทิ้งเศษอาหาร", "ทั้งบึงเลยค่ะ", "เขาก็เอามาวางใหม่", "ไฟดับค่ะ"])
def test_what_is_only_talked_about_is_no_place(text: str) -> None:
    assert places(text) == []
