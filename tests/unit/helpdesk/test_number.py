import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.database import Database
from helpdesk import number

YEARS = st.integers(2550, 2649)
RUNNING = st.integers(1, 999_999_999)
THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def test_a_number_has_year_running_number_and_check_digit() -> None:
    assert number.make(2569, 123) == "P69-000123-8"
    assert number.make(2569, 1_234_567)[:11] == "P69-1234567"
    with pytest.raises(ValueError, match="begin with 1"):
        number.make(2569, 0)


def test_the_check_digit_is_damms() -> None:
    assert number._check_digit("572") == "4"  # the example of Damm's paper
    assert all(row[digit] == "0" for digit, row in enumerate(number._TABLE))


@given(YEARS, RUNNING)
def test_what_is_made_is_read(year: int, running: int) -> None:
    made = number.make(year, running)
    assert number.parse(made) == made
    assert number.looks_like(made)


@given(YEARS, RUNNING, st.data())
def test_every_spelling_is_read(year: int, running: int, data: st.DataObject) -> None:
    made = number.make(year, running)
    gaps = data.draw(st.lists(st.sampled_from(["", " ", "-", " - ", "–"]), min_size=len(made), max_size=len(made)))
    typed = "".join(char + gap for char, gap in zip(made.replace("-", ""), gaps, strict=False))
    if data.draw(st.booleans()):
        typed = typed.translate(THAI)
    if data.draw(st.booleans()):
        typed = typed.lower()
    assert number.parse(f"เรื่อง{typed} ถึงไหนแล้วคะ") == made
    assert number.looks_like(typed)


@given(YEARS, RUNNING, st.data())
def test_every_wrong_digit_is_noticed(year: int, running: int, data: st.DataObject) -> None:
    made = number.make(year, running)
    place = data.draw(st.sampled_from([index for index, char in enumerate(made) if char.isdigit()]))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != made[place]]))
    typed = made[:place] + wrong + made[place + 1 :]
    assert number.parse(typed) is None
    assert number.parse(typed.replace("-", "")) is None
    assert number.looks_like(typed)


@given(YEARS, RUNNING)
def test_every_swap_of_neighbours_is_noticed(year: int, running: int) -> None:
    digits = number.make(year, running)[1:].replace("-", "")
    for place in range(len(digits) - 1):
        if digits[place] != digits[place + 1]:
            swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
            assert number.parse(f"P{swapped}") is None
            assert number.parse(f"P{swapped[:2]}-{swapped[2:-1]}-{swapped[-1]}") is None


@pytest.mark.parametrize(
    "text",
    ["", "สวัสดีค่ะ", "0812345678", "1-2345-67890-12-3", "P69-000123-4", "P69-000123-88", "XP69-000123-8", "P69", "P00-000000-0"],
)
def test_no_number_is_none(text: str) -> None:
    assert number.parse(text) is None


def test_a_number_is_found_beside_other_digits() -> None:
    assert number.parse("P69-000123-8 5 วันแล้ว") == "P69-000123-8"
    assert number.parse("P69-000123-4 หรือ P69-000123-8") == "P69-000123-8"


@pytest.mark.parametrize(
    ("text", "attempt"), [("p69-00012", True), ("0812345678", False), ("ซอย 69", False), ("เลขที่ P๖๙๐๐๐", True)]
)
def test_an_attempt_is_told_from_other_digits(text: str, attempt: bool) -> None:
    assert number.looks_like(text) is attempt


@given(st.text())
def test_any_text_is_read_without_error(text: str) -> None:
    found = number.parse(text)
    assert found is None or number.parse(found) == found


async def test_running_numbers_count_per_year(database: Database) -> None:
    async with database.write() as session:
        assert [await number.take(session, year) for year in (2569, 2569, 2570, 2569)] == [1, 2, 1, 3]


async def test_a_number_rolled_back_is_given_again(database: Database) -> None:
    async def fail() -> None:
        async with database.write() as session:
            assert await number.take(session, 2569) == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with database.write() as session:
        assert await number.take(session, 2569) == 1


async def test_numbers_taken_at_once_differ(database: Database) -> None:
    async def one() -> int:
        async with database.write() as session:
            return await number.take(session, 2569)

    assert sorted(await asyncio.gather(*(one() for _ in range(30)))) == list(range(1, 31))
