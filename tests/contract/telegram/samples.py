"""An account at Telegram, messages for its citizen, and what Telegram's stand-in is told and was asked."""

from dataclasses import replace
from typing import Any

from channels.contract import Envelope
from conversations.content import Outward, Text
from core.settings import TelegramAccount
from tests.platforms import Platform
from tests.unit.channels.telegram.updates import CITIZEN

TOKEN = "123456:a-token-that-nobody-may-see"
MESSAGE = "msg_01k9x4e2vq8f3m7c6d5b4a3z2y"
HELLO = Text(text="สวัสดีค่ะ")


def account(url: str) -> TelegramAccount:
    return TelegramAccount(token=TOKEN, api_url=url)


def envelope(content: Outward, **more: Any) -> Envelope:
    base = Envelope("out_1", "cnv_1", str(CITIZEN), "main", MESSAGE, 1, "bot", content, None, 1)
    return replace(base, **more)


def refusal(code: int, description: str, **parameters: Any) -> dict[str, Any]:
    answer = {"ok": False, "error_code": code, "description": description}
    return {**answer, "parameters": parameters} if parameters else answer


def called(platform: Platform) -> list[str]:
    return [call["method"] for call in platform.calls()]
