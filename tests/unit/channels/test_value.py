"""Values of any type read as what is wanted, or as empty."""

from typing import Any

import pytest

from channels.value import clean, items, mapping, mappings

ODD: list[Any] = [None, True, 0, 1.5, "text", "", b"bytes", (1, 2)]


@pytest.mark.parametrize("odd", ODD)
def test_what_does_not_fit_reads_as_empty(odd: Any) -> None:
    assert (mapping(odd), items(odd), mappings(odd)) == ({}, [], [])


def test_what_fits_is_kept() -> None:
    assert mapping({"a": 1}) == {"a": 1}
    assert items([1, None]) == [1, None]
    assert mappings([{"a": 1}, "b", None, {}]) == [{"a": 1}, {}]
    assert (mapping([1]), items({"a": 1}), mappings({"a": 1})) == ({}, [], [])


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("ไฟดับค่ะ 💡", "ไฟดับค่ะ 💡"),
        ("\ud83d\udca1", "💡"),  # two halves that belong together
        ("ไฟ\ud83d ดับ\udca1", "ไฟ\ufffd ดับ\ufffd"),
        ("ไฟ\0ดับ", "ไฟดับ"),
        ("\ufeffไฟ", "\ufeffไฟ"),
    ],
)
def test_clean_text_can_be_kept(text: str, kept: str) -> None:
    assert clean(text) == kept
    kept.encode()
