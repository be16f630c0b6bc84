from pathlib import Path

import pytest
import yaml

from core import thai
from helpdesk import category
from helpdesk.error import UnknownCategory

IDS = [
    "road-damage",
    "sidewalk",
    "street-light",
    "flooding",
    "drainage",
    "garbage",
    "waste-water",
    "noise",
    "air-pollution",
    "water-supply",
    "electricity",
    "trees",
    "canal",
    "traffic-signal",
    "traffic-obstruction",
    "public-transport",
    "stray-animals",
    "safety",
    "illegal-building",
    "street-vending",
    "consumer",
    "staff-conduct",
    "corruption",
    "other",
]


def test_the_24_categories_are_there_in_order() -> None:
    assert [known.id for known in category.all_categories()] == IDS


def test_titles_are_those_of_the_domain(shared: Path) -> None:
    listed = yaml.safe_load((shared / "domain" / "categories.yml").read_text(encoding="utf-8"))
    ours = [(known.id, known.title_th, known.title_en) for known in category.all_categories()]
    assert ours == [(row["id"], row["title_th"], row["title_en"]) for row in listed]


def test_buttons_fit_and_differ() -> None:
    buttons = [known.button for known in category.all_categories()]
    assert len(set(buttons)) == 24
    assert all(thai.utf16_len(button) <= 24 for button in buttons)
    assert all(len(known.short) <= 20 for known in category.all_categories())


def test_everything_needed_is_said_in_thai() -> None:
    for known in category.all_categories():
        assert known.emoji
        for words in (known.short, known.unit, known.hint):
            assert any("ก" <= char <= "ฮ" for char in words), known.id


def test_a_place_is_not_insisted_on_where_there_may_be_none() -> None:
    assert [known.id for known in category.all_categories() if not known.place] == [
        "consumer",
        "staff-conduct",
        "corruption",
        "other",
    ]


def test_what_is_about_officers_is_confidential() -> None:
    assert [known.id for known in category.all_categories() if known.confidential] == ["staff-conduct", "corruption"]


def test_a_picture_is_asked_for_where_it_helps() -> None:
    assert category.category("road-damage").photo
    assert not category.category("noise").photo


def test_an_unknown_category_is_named() -> None:
    with pytest.raises(UnknownCategory, match="ghosts"):
        category.category("ghosts")
