"""`pracha telegram setup`: the webhook and the commands are registered, and what is wrong is said."""

from typing import Any

import pytest

from channels.setup import SetupFailed
from channels.telegram.setup import UPDATES, setup
from channels.telegram.verify import secret
from core.settings import TelegramAccount
from tests.contract.telegram.samples import TOKEN, account, refusal
from tests.platforms import Platform


async def test_setup(telegram_platform: Platform) -> None:
    telegram_platform.forget()
    own = account(telegram_platform.url)
    lines = await setup(own, "https://city.example/webhooks/telegram/main", "เทศบาลเมืองธาราใส")
    assert telegram_platform.violations() == []
    calls = {call["method"]: call["args"] for call in telegram_platform.calls()}
    assert calls["setWebhook"] == {
        "url": "https://city.example/webhooks/telegram/main",
        "secret_token": secret(own),
        "allowed_updates": UPDATES,
        "max_connections": 40,
    }
    languages = [call["args"].get("language_code") for call in telegram_platform.calls() if call["method"] == "setMyCommands"]
    assert languages == [None, "en"]
    assert "เทศบาลเมืองธาราใส" in str([call["args"] for call in telegram_platform.calls() if call["method"] == "setMyDescription"])
    assert "@spec_bot" in lines[0]
    assert TOKEN not in "".join(lines)
    assert secret(own) not in "".join(lines)


async def test_setup_tells_what_went_wrong_last(telegram_platform: Platform) -> None:
    info = {"url": "https://a.example", "has_custom_certificate": False, "pending_update_count": 12}
    failed = {"last_error_date": 1_795_000_000, "last_error_message": "Wrong response from the webhook: 502 Bad Gateway"}
    telegram_platform.script(method="getWebhookInfo", answers=[{"ok": True, "result": {**info, **failed}}])
    lines = await setup(account(telegram_platform.url), "https://city.example/webhooks/telegram/main", "เมือง")
    assert lines[-2] == "waiting at Telegram: 12 updates"
    assert lines[-1].endswith("Wrong response from the webhook: 502 Bad Gateway")


@pytest.mark.parametrize(
    ("url", "more", "words"),
    [
        ("http://city.example/w", {}, "https"),
        ("https://city.example:8080/w", {}, "8443"),
        ("https://city.example:x/w", {}, "PRACHA_PUBLIC_URL"),
        ("https://city.example/w", {"webhook_secret": "ไทย"}, "WEBHOOK_SECRET"),
        ("https://city.example/w", {"token": ""}, "BotFather"),
    ],
)
async def test_setup_asks_for_what_is_missing(telegram_platform: Platform, url: str, more: dict[str, str], words: str) -> None:
    telegram_platform.forget()
    own = TelegramAccount.model_validate({"token": TOKEN, "api_url": telegram_platform.url, **more})
    with pytest.raises(SetupFailed, match=words):
        await setup(own, url, "เมือง")
    assert telegram_platform.calls() == []


@pytest.mark.parametrize(
    ("method", "answer", "words"),
    [
        ("getMe", refusal(401, "Unauthorized"), "does not know this token"),
        (
            "setWebhook",
            refusal(400, "Bad Request: bad webhook: Failed to resolve host"),
            "Failed to resolve host|failed to resolve host",
        ),
        ("setWebhook", refusal(429, "Too Many Requests", retry_after=5), "in 5 seconds"),
        ("setMyCommands", refusal(500, "Internal Server Error"), "cannot be reached"),
    ],
)
async def test_setup_says_why_telegram_refused(
    telegram_platform: Platform, method: str, answer: dict[str, Any], words: str
) -> None:
    telegram_platform.script(method=method, answers=[answer])
    with pytest.raises(SetupFailed, match=words) as raised:
        await setup(account(telegram_platform.url), "https://city.example/webhooks/telegram/main", "เมือง")
    assert TOKEN not in str(raised.value)
