"""The pressed button that is let go, and the sign that an answer is being written."""

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.telegram.acknowledge import acknowledge
from channels.telegram.channel import TelegramChannel
from channels.telegram.client import close, connect
from tests.contract.telegram.samples import account, called, refusal
from tests.platforms import Platform
from tests.unit.channels.telegram.updates import CITIZEN


async def test_a_pressed_button_is_let_go(channel: TelegramChannel, telegram_platform: Platform) -> None:
    links = [{"text": "แผนที่", "url": "https://city.example/map"}]
    await channel.acknowledge(str(CITIZEN), {"callback": "cb1", "message": 7})
    await channel.acknowledge(str(CITIZEN), {"callback": "cb2", "message": 7, "links": links})
    answered, tidied, _, kept = telegram_platform.calls()
    assert answered == {"method": "answerCallbackQuery", "args": {"callback_query_id": "cb1"}}
    assert tidied == {"method": "editMessageReplyMarkup", "args": {"chat_id": CITIZEN, "message_id": 7}}
    assert kept["args"]["reply_markup"] == {"inline_keyboard": [links]}


async def test_others_see_that_an_answer_is_being_written_and_groups_nothing(
    channel: TelegramChannel, telegram_platform: Platform
) -> None:
    await channel.acknowledge("-100", {})
    await channel.acknowledge("-100", {"callback": "cb1", "message": 7})
    await channel.acknowledge(str(CITIZEN), {})
    assert telegram_platform.calls() == [{"method": "sendChatAction", "args": {"chat_id": CITIZEN, "action": "typing"}}]


async def test_an_acknowledgement_that_fails_does_not_matter(channel: TelegramChannel, telegram_platform: Platform) -> None:
    old = refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    telegram_platform.script(method="answerCallbackQuery", answers=[old])
    telegram_platform.script(method="editMessageReplyMarkup", answers=[refusal(400, "Bad Request: message is not modified")])
    telegram_platform.script(method="sendChatAction", answers=[refusal(500, "Internal Server Error")])
    await channel.acknowledge(str(CITIZEN), {"callback": "cb1", "message": 7})
    await channel.acknowledge(str(CITIZEN), {})
    assert called(telegram_platform) == ["answerCallbackQuery", "editMessageReplyMarkup", "sendChatAction"]


async def test_an_acknowledgement_does_not_wait_for_a_platform_that_hangs() -> None:
    ended = asyncio.Event()

    async def hang(_request: web.Request) -> web.Response:
        await ended.wait()
        return web.Response()

    app = web.Application()
    app.router.add_post("/{path:.*}", hang)
    async with TestServer(app) as server, asyncio.timeout(5):
        bot = connect(account(str(server.make_url("/"))))
        await acknowledge(bot, str(CITIZEN), {}, seconds=0.1)
        ended.set()
        await close(bot)
