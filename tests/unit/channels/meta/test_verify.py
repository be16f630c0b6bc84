"""Whose webhook it is."""

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.contract import Unverified
from channels.meta.channel import MetaChannel
from channels.meta.verify import verify_token
from tests.unit.channels.meta.samples import LIMIT, SECRET, account, channel, signed

BODY = '{"object":"page","entry":[{"ข้อความ":"ไฟดับ"}]}'.encode()


def test_what_meta_signed_is_taken() -> None:
    channel().verify(BODY, signed(BODY))
    channel().verify(BODY, {key.lower(): value for key, value in signed(BODY).items()})


def test_the_signature_is_the_one_that_openssl_makes() -> None:
    digest = "96378d0712236d34076bc6796a3a5452bb68e8b8f10077fc89f9d530da1583b8"  # echo -n '{}' | openssl dgst -sha256 -hmac …
    channel().verify(b"{}", {"X-Hub-Signature-256": f"sha256={digest}"})


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Hub-Signature-256": ""},
        {"X-Hub-Signature-256": "sha256="},
        {"X-Hub-Signature-256": signed(BODY)["X-Hub-Signature-256"].removeprefix("sha256=")},
        {"X-Hub-Signature-256": signed(BODY)["X-Hub-Signature-256"].upper()},
        {"X-Hub-Signature-256": signed(BODY, "another-secret")["X-Hub-Signature-256"]},
        {"X-Hub-Signature": "sha1=" + hmac.new(SECRET.encode(), BODY, "sha1").hexdigest()},
        {"X-Hub-Signature-256": "sha256=ก\udc80"},
    ],
)
def test_anything_else_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(Unverified):
        channel().verify(BODY, headers)


@given(st.binary(max_size=200), st.integers(0, 199), st.integers(1, 255))
def test_a_changed_byte_is_noticed(body: bytes, place: int, change: int) -> None:
    headers = signed(body)
    changed = bytearray(body or b"x")
    changed[place % len(changed)] ^= change
    with pytest.raises(Unverified):
        channel().verify(bytes(changed), headers)


def test_without_a_secret_nobody_is_believed() -> None:
    open_door = MetaChannel("messenger", "main", {"main": account(secret="")}, limit=LIMIT)
    with pytest.raises(Unverified):
        open_door.verify(BODY, signed(BODY, ""))


def test_the_challenge_is_answered_to_whom_knows_the_verify_token() -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": verify_token(account()), "hub.challenge": "1158201444"}
    assert channel().challenge(query) == "1158201444"
    assert channel().challenge({**query, "hub.verify_token": "guessed"}) is None
    assert channel().challenge({**query, "hub.verify_token": "ก\udc80"}) is None
    assert channel().challenge({**query, "hub.mode": "unsubscribe"}) is None
    assert channel().challenge({}) is None


def test_the_operator_may_choose_the_verify_token() -> None:
    chosen = MetaChannel("messenger", "main", {"main": account(verify_token="chosen")}, limit=LIMIT)
    query = {"hub.mode": "subscribe", "hub.challenge": "7"}
    assert chosen.challenge({**query, "hub.verify_token": "chosen"}) == "7"
    assert chosen.challenge({**query, "hub.verify_token": verify_token(account())}) is None


def test_the_derived_verify_token_does_not_show_the_secret() -> None:
    assert verify_token(account()) == verify_token(account("2008"))
    assert verify_token(account()) != verify_token(account(secret="another"))
    assert SECRET not in verify_token(account())
