"""LINE's signature, by its official vector and against forgeries."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.contract import Unverified
from channels.line.verify import sign, verify

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
BODY = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
SIGNATURE = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="


@pytest.mark.parametrize("name", ["X-Line-Signature", "x-line-signature", "X-LINE-SIGNATURE"])
def test_the_official_vector_is_accepted_whatever_the_case_of_the_header(name: str) -> None:
    verify(SECRET, BODY, {"Host": "city.example", name: SIGNATURE})


@pytest.mark.parametrize(
    "told",
    [
        "",
        " ",
        "ไม่ใช่ลายเซ็น",
        "\udcff",
        SIGNATURE[:-1],
        SIGNATURE + "=",
        SIGNATURE.lower(),
        "AAAA",
        "-_" * 22,
        SIGNATURE[:-4] + "AAA=",
    ],
)
def test_other_signatures_are_refused(told: str) -> None:
    with pytest.raises(Unverified):
        verify(SECRET, BODY, {"X-Line-Signature": told})


def test_a_missing_header_and_an_empty_secret_are_refused() -> None:
    with pytest.raises(Unverified):
        verify(SECRET, BODY, {})
    with pytest.raises(Unverified):
        verify("", BODY, {"X-Line-Signature": base64.b64encode(sign("", BODY)).decode()})


@given(body=st.binary(), secret=st.text(min_size=1).filter(lambda text: text.isprintable()), change=st.integers(0))
def test_what_was_signed_is_accepted_and_what_was_changed_is_not(body: bytes, secret: str, change: int) -> None:
    headers = {"X-Line-Signature": base64.b64encode(sign(secret, body)).decode()}
    verify(secret, body, headers)
    place = change % (len(body) + 1)
    with pytest.raises(Unverified):
        verify(secret, body[:place] + b"x" + body[place:], headers)
