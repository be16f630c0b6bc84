"""Provinces, districts and subdistricts in a phrase."""

from __future__ import annotations

import pytest

from bot.thai.areas import area_of
from bot.thai.gazetteer import Gazetteer
from bot.thai.landmarks import find_phrases
from core import thai


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    found = Gazetteer.read()
    assert found.provinces, "var/gazetteer.json is missing: run .venv/bin/python -m core.gazetteer"
    return found


@pytest.mark.parametrize(
    ("phrase", "area"),
    [
        ("ต.ในเมือง อ.เมือง จ.ขอนแก่น", ("ในเมือง", "เมืองขอนแก่น", "ขอนแก่น")),
        ("ตำบลในเมือง อำเภอเมืองขอนแก่น", ("ในเมือง", "เมืองขอนแก่น", "ขอนแก่น")),
        ("แขวงลาดยาว เขตจตุจักร", ("ลาดยาว", "จตุจักร", "กรุงเทพมหานคร")),
        ("เขตจตุจักร กทม.", (None, "จตุจักร", "กรุงเทพมหานคร")),
        ("หน้าเซ็นทรัล ขอนแก่น", (None, None, "ขอนแก่น")),
        ("โคราช", (None, None, "นครราชสีมา")),
        ("ซอยขอนแก่น3", (None, None, None)),
        ("ต.ในเมือง", ("ในเมือง", None, None)),
        ("หน้าปากซอย 5", (None, None, None)),
    ],
)
def test_the_area_of_a_phrase(gazetteer: Gazetteer, phrase: str, area: tuple[str | None, ...]) -> None:
    found = area_of(phrase, gazetteer)

    assert (found.get("subdistrict"), found.get("district"), found.get("province")) == area


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("ไฟดับหน้าปากซอยลาดพร้าว 71 มา 3 วัน", ["หน้าปากซอยลาดพร้าว 71"]),
        ("น้ำท่วมถนนสุขุมวิทครับ", ["ถนนสุขุมวิท"]),
        ("หมาจรจัดตรงข้ามวัดใหม่", ["ตรงข้ามวัดใหม่"]),
        ("สวัสดีค่ะ ขอสอบถามหน่อย", []),
        ("ขยะเหม็นมากเลย", []),
        ("เสาไฟล้ม 2 ต้น", []),
    ],
)
def test_rules_find_phrases(gazetteer: Gazetteer, text: str, phrases: list[str]) -> None:
    found = find_phrases(thai.spans(text), gazetteer)

    assert [text[start:end] for start, end in found] == phrases
