"""What a refusal means, and that its reason gives nothing away."""

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from channels.contract import Retry, Stop
from channels.telegram.refusal import outcome


def caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "after", "uncertain", "broken", "everyone"),
    [
        (RetryAfter(7), 7.0, False, False, False),
        (NetworkError("Too Many Requests: slow down"), None, False, False, False),
        (InvalidToken("Unauthorized"), None, False, True, True),
        (caused(TimedOut(), httpx.ReadTimeout("")), None, True, True, False),
        (caused(TimedOut(), httpx.ConnectTimeout("")), None, False, True, False),
        (caused(TimedOut(), httpx.PoolTimeout("")), None, False, True, False),
        (caused(NetworkError("x"), httpx.ConnectError("")), None, False, True, False),
        (caused(NetworkError("x"), httpx.ReadError("")), None, True, True, False),
        (NetworkError("Bad Gateway"), None, True, True, False),
        (Conflict("x"), None, False, False, False),
        (TelegramError("Invalid server response"), None, True, True, False),
        (KeyError("result"), None, True, True, False),
    ],
)
def test_retry(error: Exception, after: float | None, uncertain: bool, broken: bool, everyone: bool) -> None:
    found = outcome(error)
    assert isinstance(found, Retry)
    assert (found.after, found.uncertain, found.broken, found.everyone) == (after, uncertain, broken, everyone)


@pytest.mark.parametrize(
    ("error", "blocked"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), True),
        (Forbidden("Forbidden: user is deactivated"), True),
        (BadRequest("Bad Request: chat not found"), False),
        (BadRequest("Bad Request: message is too long"), False),
        (ChatMigrated(-100), False),
    ],
)
def test_stop(error: TelegramError, blocked: bool) -> None:
    found = outcome(error)
    assert isinstance(found, Stop)
    assert found.blocked is blocked
    assert any("\u0e00" <= letter <= "\u0e7f" for letter in found.reason)


def test_what_telegram_quotes_is_left_out() -> None:
    found = outcome(BadRequest('Bad Request: can\'t parse entities: Unsupported start tag "ลับ" at byte offset 3'))
    assert "ลับ" not in found.reason
    assert "Can't parse entities: unsupported start tag" in found.reason
    found = outcome(BadRequest("Bad Request: inline keyboard button URL 'https://city.example/ลับ' is invalid: Wrong port"))
    assert "ลับ" not in found.reason
    assert "Inline keyboard button url" in found.reason
