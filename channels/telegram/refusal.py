"""What a refusal of Telegram means for the message that was to be sent."""

import os
import re
from datetime import timedelta

import httpx
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

_NO_CHAT = re.compile(
    r"chat not found|user not found|peer_id_invalid|chat_id is empty|group chat was upgraded|bot_kicked", re.IGNORECASE
)
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)  # the library on an answer that is none of the Bot API's
_REASON_LIMIT = 160  # characters

os.environ.setdefault("PTB_TIMEDELTA", "true")  # the library warns at every 429 otherwise


def outcome(error: Exception) -> Retry | Stop:
    """What is to be done. Reasons are for staff: they hold no token and nothing that a citizen wrote."""
    match error:
        case RetryAfter():
            return Retry("Telegram ขอให้ส่งช้าลง", after=seconds(error))
        case Forbidden():
            return Stop(f"ผู้รับไม่รับข้อความจากเรา (บล็อกบอต ปิดบัญชี หรือนำบอตออกจากกลุ่ม): {described(error)}", blocked=True)
        case ChatMigrated():
            return Stop("กลุ่มนี้ย้ายไปเป็นกลุ่มใหม่ของ Telegram แล้ว")
        case InvalidToken():
            return Retry("โทเคนของบอตใช้ไม่ได้ ตรวจ TOKEN ของบัญชีนี้ใน .env กับ @BotFather", broken=True, everyone=True)
        case BadRequest() if no_chat(error):
            return Stop("Telegram ไม่พบห้องสนทนาของผู้รับ")
        case BadRequest():
            return Stop(f"Telegram ไม่รับข้อความ: {described(error)}")
        case TimedOut():
            return Retry("Telegram ไม่ตอบภายในเวลา", uncertain=not _never_left(error), broken=True)
        case NetworkError() if error.message.startswith("Too Many Requests"):
            return Retry("Telegram ขอให้ส่งช้าลง")
        case NetworkError():
            return Retry("ติดต่อ Telegram ไม่ได้ หรือ Telegram ขัดข้อง", uncertain=not _never_left(error), broken=True)
        case Conflict():
            return Retry("มีโปรแกรมอื่นใช้บอตนี้อยู่ Telegram จึงยังไม่รับ")
    return Retry("Telegram ตอบสิ่งที่อ่านไม่ได้", uncertain=True, broken=True)


def no_chat(error: BadRequest) -> bool:
    """Whether it was refused because of whom it was for, so that no other form of it would be taken either."""
    return _NO_CHAT.search(error.message) is not None


def described(error: TelegramError) -> str:
    """Telegram's description without what it quotes: addresses and pieces of our text."""
    return re.sub(r"(?<!\w)[\"'“‘].*", "…", error.message, flags=re.DOTALL)[:_REASON_LIMIT]


def seconds(error: RetryAfter) -> float:
    """How long Telegram wants us to wait."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _never_left(error: TelegramError) -> bool:
    """Whether the message certainly did not reach Telegram: there was no connection."""
    return isinstance(error.__cause__, _NEVER_LEFT)
