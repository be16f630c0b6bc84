import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import thai
from helpdesk import wording
from helpdesk.place import Place


@given(st.text(max_size=300))
def test_a_title_is_one_short_line(text: str) -> None:
    title = wording.title(wording.clean(text))
    assert "\n" not in title
    assert thai.utf16_len(title) <= wording.TITLE_UNITS


def test_a_short_description_is_its_own_title() -> None:
    assert wording.title("ไฟถนนดับ 3 ดวง\nหน้าโรงเรียน") == "ไฟถนนดับ 3 ดวง หน้าโรงเรียน"


def test_a_long_one_ends_between_phrases_where_it_can() -> None:
    assert wording.title("ฝาท่อระบายน้ำแตก หน้าร้านสะดวกซื้อ ใกล้สี่แยกไฟแดงตลาดสดเทศบาล") == "ฝาท่อระบายน้ำแตก หน้าร้านสะดวกซื้อ…"
    assert wording.title("ก" * 100) == "ก" * 59 + "…"
    assert wording.title("ไฟ " + "ก" * 100) == "ไฟ " + "ก" * 56 + "…"


@given(st.text(alphabet=st.characters(), max_size=50))
def test_what_is_clean_can_be_kept(text: str) -> None:
    clean = wording.clean(text)
    assert "\x00" not in clean
    assert clean.encode().decode() == clean == clean.strip()


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Place(), ""),
        (Place(" หน้าตลาด "), "หน้าตลาด"),
        (Place(latitude=13.0, longitude=100.0), "ตามตำแหน่งบนแผนที่"),
        (Place(province="นนทบุรี", district="ปากเกร็ด", subdistrict="บางพูด"), "ตำบล/แขวง บางพูด อำเภอ/เขต ปากเกร็ด จังหวัด นนทบุรี"),
    ],
)
def test_a_place_is_a_line_to_read(place: Place, words: str) -> None:
    assert place.words() == words
    assert place.known is bool(words)
