"""Every answer reaches Telegram, part by part, and what Telegram cannot show is sent as words."""

import asyncio
from typing import Any

from channels.contract import Retry, Sent, Stop
from channels.telegram.channel import TelegramChannel
from channels.telegram.client import close, connect
from channels.telegram.send import send
from conversations.content import Card, Choice, Image, LocationRequest, Text
from tests import answers
from tests.contract.telegram.samples import HELLO, account, called, envelope, refusal
from tests.platforms import Platform
from tests.unit.channels.telegram.updates import CITIZEN

LONG = Text(text=answers.LONG, choices=answers.THUMBS)
FOLLOW = Choice(title="ติดตามเรื่อง", kind="link", payload="https://city.example/cases/P69-000123-8")


async def test_every_answer_is_taken(channel: TelegramChannel, telegram_platform: Platform) -> None:
    taken = 0
    for name, content in answers.every():
        outcome = await channel.send([envelope(content)])
        assert isinstance(outcome, Sent), (name, outcome)
        assert outcome.count == 1
        assert all(one.startswith(f"{CITIZEN}:") for one in outcome.references)
        taken += len(outcome.references)
    assert taken == len(telegram_platform.calls()) > len(answers.every())


async def test_a_repeat_goes_on_where_the_first_attempt_ended(channel: TelegramChannel, telegram_platform: Platform) -> None:
    busy = refusal(429, "Too Many Requests: retry after 1", retry_after=1)
    whole = await channel.send([envelope(LONG)])
    assert isinstance(whole, Sent)
    texts = [call["args"]["text"] for call in telegram_platform.calls()]
    assert len(texts) == len(whole.references) > 3
    telegram_platform.forget()
    telegram_platform.script(method="sendMessage", answers=[_ok(1), _ok(2), busy, _ok(3), busy])
    first = await channel.send([envelope(LONG)])
    assert isinstance(first, Retry)
    assert first.notes == {"gone": 2, "references": [f"{CITIZEN}:1", f"{CITIZEN}:2"]}
    second = await channel.send([envelope(LONG, notes=first.notes)])
    assert isinstance(second, Retry)
    assert second.notes["gone"] == 3
    third = await channel.send([envelope(LONG, notes=second.notes)])
    assert isinstance(third, Sent)
    assert len(third.references) == len(texts)
    said = [call["args"]["text"] for call in telegram_platform.calls()]
    assert said == [*texts[:2], texts[2], texts[2], texts[3], *texts[3:]]


def _ok(number: int) -> dict[str, Any]:
    return {"ok": True, "result": {"message_id": number, "date": 1, "chat": {"id": CITIZEN, "type": "private"}}}


async def test_a_picture_that_telegram_cannot_fetch_is_sent_as_words(
    channel: TelegramChannel, telegram_platform: Platform
) -> None:
    telegram_platform.script(method="sendPhoto", answers=[refusal(400, "Bad Request: failed to get HTTP URL content")])
    outcome = await channel.send([envelope(Image(url="https://city.example/map.png", alt="แผนที่"))])
    assert isinstance(outcome, Sent)
    photo, text = telegram_platform.calls()
    assert (photo["method"], text["method"]) == ("sendPhoto", "sendMessage")
    assert text["args"]["text"] == "แผนที่\nhttps://city.example/map.png"


async def test_a_link_that_telegram_refuses_is_sent_as_words(channel: TelegramChannel, telegram_platform: Platform) -> None:
    telegram_platform.script(method="sendMessage", answers=[refusal(400, "Bad Request: BUTTON_URL_INVALID")])
    assert isinstance(await channel.send([envelope(Card(title="เรื่อง", choices=[FOLLOW]))]), Sent)
    assert telegram_platform.calls()[-1]["args"]["text"] == f"<b>เรื่อง</b>\nติดตามเรื่อง: {FOLLOW.payload}"


async def test_a_picture_for_nobody_is_not_tried_twice(channel: TelegramChannel, telegram_platform: Platform) -> None:
    telegram_platform.script(method="sendPhoto", answers=[refusal(400, "Bad Request: chat not found")])
    assert isinstance(await channel.send([envelope(Image(url="https://city.example/map.png"))]), Stop)
    assert called(telegram_platform) == ["sendPhoto"]


async def test_a_group_keeps_its_letters(channel: TelegramChannel, telegram_platform: Platform) -> None:
    for content in (HELLO, LocationRequest(text="ที่ไหนคะ"), Text(text="ใช่ไหมคะ", choices=answers.THUMBS)):
        assert isinstance(await channel.send([envelope(content, external_id="-1001234")]), Sent)
    assert ["reply_markup" in call["args"] for call in telegram_platform.calls()] == [False, False, True]


async def test_a_chat_that_is_no_number_is_stopped(channel: TelegramChannel, telegram_platform: Platform) -> None:
    assert isinstance(await channel.send([envelope(HELLO, external_id="somchai")]), Stop)
    assert telegram_platform.calls() == []


async def test_a_breath_is_taken_between_many_calls(telegram_platform: Platform) -> None:
    telegram_platform.forget()
    bot = connect(account(telegram_platform.url))
    begun = asyncio.get_running_loop().time()
    await send(bot, envelope(dict(answers.every())["carousel"]), breath=0.02)
    await close(bot)
    assert asyncio.get_running_loop().time() - begun > 0.02 * (len(telegram_platform.calls()) - 5) > 0
