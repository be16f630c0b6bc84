"""Only Telegram knows the secret."""

import re

import pytest

from channels.contract import Unverified
from channels.telegram.channel import TelegramChannel
from channels.telegram.verify import HEADER, secret
from core.settings import TelegramAccount

ACCOUNT = TelegramAccount(token="123456:abc")
CHANNEL = TelegramChannel("main", ACCOUNT, limit=1000)


def test_a_secret_is_made_from_the_token() -> None:
    made = secret(ACCOUNT)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", made)
    assert made == secret(TelegramAccount(token="123456:abc"))
    assert made != secret(TelegramAccount(token="123456:abd"))
    assert secret(TelegramAccount(token="123456:abc", webhook_secret="own")) == "own"


def test_the_right_header_passes() -> None:
    CHANNEL.verify(b"{}", {HEADER: secret(ACCOUNT)})


@pytest.mark.parametrize("headers", [{}, {HEADER: ""}, {HEADER: "x" * 43}, {HEADER: secret(ACCOUNT)[:-1]}, {HEADER: "ส\udc80"}])
def test_every_other_header_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(Unverified):
        CHANNEL.verify(b"{}", headers)


def test_without_token_and_secret_nothing_passes() -> None:
    bare = TelegramChannel("main", TelegramAccount(token=""), limit=1000)
    with pytest.raises(Unverified):
        bare.verify(b"{}", {HEADER: ""})
