"""Setting up a bot: the webhook, the list of commands, and the words that people read before they begin."""

import re
from urllib.parse import urlsplit

from telegram import Bot, BotCommand
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from channels.setup import SetupFailed
from channels.telegram.client import close, connect
from channels.telegram.refusal import described, seconds
from channels.telegram.verify import secret
from core import clock
from core.settings import TelegramAccount

UPDATES = ["message", "edited_message", "callback_query", "my_chat_member", "message_reaction"]
CONNECTIONS = 40  # at once, from Telegram to our webhook
_PORTS = {None, 443, 80, 88, 8443}
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_THAI = [
    BotCommand("report", "แจ้งปัญหาในพื้นที่"),
    BotCommand("status", "ติดตามเรื่องที่แจ้งไว้"),
    BotCommand("help", "ถามอะไรได้บ้าง"),
    BotCommand("staff", "คุยกับเจ้าหน้าที่"),
    BotCommand("language", "เปลี่ยนภาษา / Language"),
    BotCommand("start", "เริ่มต้นใหม่"),
]
_ENGLISH = [
    BotCommand("report", "Report a problem"),
    BotCommand("status", "Follow a case"),
    BotCommand("help", "What I can do for you"),
    BotCommand("staff", "Talk to the staff"),
    BotCommand("language", "ภาษา / Language"),
    BotCommand("start", "Start"),
]


async def setup(account: TelegramAccount, webhook_url: str, city: str) -> list[str]:
    """Register ``webhook_url`` and everything else Telegram knows of the bot; gives lines for the operator.

    Raises:
        SetupFailed: with words that say what to do.
    """
    _check(account, webhook_url)
    bot = connect(account)
    try:
        return [
            *await _introduce(bot),
            *await _register(bot, account, webhook_url),
            *await _describe(bot, city),
            *await _state(bot),
        ]
    except InvalidToken:
        raise SetupFailed(
            "Telegram does not know this token. Ask @BotFather for it (/mybots, API Token) and put it into .env."
        ) from None
    except RetryAfter as error:
        raise SetupFailed(f"Telegram asks to wait; run this again in {seconds(error):.0f} seconds.") from None
    except BadRequest as error:
        raise SetupFailed(f"Telegram refused: {described(error)}") from None
    except TelegramError:
        raise SetupFailed("Telegram cannot be reached. Is this machine allowed to speak to the address in API_URL?") from None
    finally:
        await close(bot)


def _check(account: TelegramAccount, webhook_url: str) -> None:
    if not account.token.get_secret_value():
        raise SetupFailed("There is no token. Ask @BotFather for one and put PRACHA_TELEGRAM__MAIN__TOKEN into .env.")
    if not _SECRET.fullmatch(secret(account)):
        raise SetupFailed(
            "WEBHOOK_SECRET may hold only A-Z, a-z, 0-9, _ and -, at most 256 of them. Leave it out to have one made."
        )
    try:
        parts = urlsplit(webhook_url)
        port = parts.port
    except ValueError:
        raise SetupFailed("The public address is not a web address; set PRACHA_PUBLIC_URL.") from None
    if parts.scheme != "https" or not parts.hostname:
        raise SetupFailed("Telegram posts to https addresses only; set PRACHA_PUBLIC_URL to the one that citizens' browsers use.")
    if port not in _PORTS:
        raise SetupFailed("Telegram posts to the ports 443, 80, 88 and 8443 only; PRACHA_PUBLIC_URL names another.")


async def _introduce(bot: Bot) -> list[str]:
    me = await bot.get_me()
    lines = [f"bot: @{me.username}, https://t.me/{me.username}"]
    if me.can_read_all_group_messages:
        lines.append(
            "privacy mode is off: in groups the bot would get everything said. Turn it on: @BotFather, /setprivacy, Enable"
        )
    if me.can_join_groups:
        lines.append(
            "groups may take the bot in, where it only says that it serves private chats: @BotFather, /setjoingroups, Disable"
        )
    return lines


async def _register(bot: Bot, account: TelegramAccount, webhook_url: str) -> list[str]:
    await bot.set_webhook(webhook_url, secret_token=secret(account), allowed_updates=UPDATES, max_connections=CONNECTIONS)
    return [f"webhook: {webhook_url}"]


async def _describe(bot: Bot, city: str) -> list[str]:
    await bot.set_my_commands(_THAI)
    await bot.set_my_commands(_ENGLISH, language_code="en")
    await bot.set_my_description(
        f"ผู้ช่วยของ{city}: ถามเรื่องบริการ แจ้งปัญหาในพื้นที่ และติดตามเรื่องได้ตลอด 24 ชั่วโมง คำตอบมาจากระบบอัตโนมัติ "
        "และขอคุยกับเจ้าหน้าที่ได้ เหตุด่วนเหตุร้ายโทร 191 เจ็บป่วยฉุกเฉินโทร 1669"[:512]
    )
    await bot.set_my_description(
        "Ask about services, report a problem and follow your case, in Thai or English. Answers come from a program; you can ask "
        "for a person. Emergencies: police 191, ambulance 1669.",
        language_code="en",
    )
    await bot.set_my_short_description(f"ผู้ช่วยของ{city} ถามบริการ แจ้งปัญหา ติดตามเรื่อง"[:120])
    await bot.set_my_short_description("Ask about services, report a problem, follow your case", language_code="en")
    return [f"commands: {', '.join('/' + one.command for one in _THAI)} (Thai and English)", "description: Thai and English"]


async def _state(bot: Bot) -> list[str]:
    info = await bot.get_webhook_info()
    lines = [f"waiting at Telegram: {info.pending_update_count} updates"]
    if info.last_error_message and info.last_error_date:
        when = clock.local(info.last_error_date)
        lines.append(f"last failure of the webhook, {when:%Y-%m-%d %H:%M}: {info.last_error_message[:200]}")
    return lines
