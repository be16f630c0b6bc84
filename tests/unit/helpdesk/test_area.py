import pytest

from helpdesk import area
from helpdesk.area import Area

TAMBON = Area("นนทบุรี", "ปากเกร็ด", "บางพูด")


@pytest.mark.parametrize(
    ("outer", "inside"),
    [
        (Area(), True),
        (Area("นนทบุรี"), True),
        (Area("นนทบุรี", "ปากเกร็ด"), True),
        (TAMBON, True),
        (Area("นนทบุรี", "เมืองนนทบุรี"), False),
        (Area("ปทุมธานี"), False),
        (Area("ปทุมธานี", "ปากเกร็ด"), False),
    ],
)
def test_an_area_covers_what_lies_inside(outer: Area, inside: bool) -> None:
    assert outer.covers(TAMBON) is inside


def test_an_unknown_place_lies_in_the_country_only() -> None:
    assert Area().covers(Area())
    assert not Area("นนทบุรี").covers(Area())
    assert not TAMBON.covers(Area("นนทบุรี"))


def test_a_narrower_area_is_deeper() -> None:
    assert [one.depth for one in (Area(), Area("นนทบุรี"), Area("นนทบุรี", "ปากเกร็ด"), TAMBON)] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (TAMBON, "ต.บางพูด"),
        (Area("นนทบุรี", "ปากเกร็ด"), "อ.ปากเกร็ด"),
        (Area("นนทบุรี"), "จ.นนทบุรี"),
        (Area("กรุงเทพมหานคร", "บางรัก", "สีลม"), "แขวงสีลม"),
        (Area("กรุงเทพมหานคร", "บางรัก"), "เขตบางรัก"),
        (Area("กรุงเทพมหานคร"), "กรุงเทพมหานคร"),
        (Area(), "ทั่วประเทศ"),
    ],
)
def test_an_area_is_called_as_thais_call_it(place: Area, words: str) -> None:
    assert place.words() == words


def test_names_are_read_as_people_type_them() -> None:
    assert area.read(" จ.นนทบุรี", "อำเภอ ปากเกร็ด", "ตำบลบางพูด ") == TAMBON
    assert area.read("จังหวัดนนทบุรี", "อ.ปากเกร็ด", "ต. บางพูด") == TAMBON
    assert area.read("กรุงเทพมหานคร", "เขตบางรัก", "แขวงสีลม") == Area("กรุงเทพมหานคร", "บางรัก", "สีลม")
    assert area.read() == Area()
    assert area.read("  ", "เขต") == Area(None, "เขต")
