"""What is sealed opens with the same key and for the same purpose only."""

import pytest

from core.cipher import Cipher, KeyMissing, Unreadable

KEY = "k" * 32


def test_what_was_sealed_is_read_again() -> None:
    assert Cipher(KEY).unseal(Cipher(KEY).seal("ความลับ", "staff:1"), "staff:1") == "ความลับ"


def test_the_same_text_is_never_sealed_alike_and_never_lies_open() -> None:
    sealed = {Cipher(KEY).seal("JBSWY3DPEHPK3PXP", "staff:1") for _ in range(3)}
    assert len(sealed) == 3
    assert not any("JBSWY" in one for one in sealed)


@pytest.mark.parametrize(("key", "about"), [("x" * 32, "staff:1"), (KEY, "staff:2")])
def test_another_key_or_purpose_opens_nothing(key: str, about: str) -> None:
    with pytest.raises(Unreadable):
        Cipher(key).unseal(Cipher(KEY).seal("a", "staff:1"), about)


@pytest.mark.parametrize("broken", ["", "x", "!!!", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"])
def test_what_was_never_sealed_is_unreadable(broken: str) -> None:
    with pytest.raises(Unreadable):
        Cipher(KEY).unseal(broken, "staff:1")


def test_a_changed_letter_is_noticed() -> None:
    sealed = Cipher(KEY).seal("abc", "staff:1")
    other = "A" if sealed[20] != "A" else "B"
    with pytest.raises(Unreadable):
        Cipher(KEY).unseal(sealed[:20] + other + sealed[21:], "staff:1")


@pytest.mark.parametrize("key", ["", "k" * 31])
def test_a_short_key_is_none(key: str) -> None:
    with pytest.raises(KeyMissing):
        Cipher(key)
