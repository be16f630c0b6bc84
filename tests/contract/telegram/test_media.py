"""The files of citizens, fetched from Telegram."""

from typing import Any

import pytest

from channels.contract import MediaGone, MediaLater
from channels.telegram.channel import TelegramChannel
from tests.contract.telegram.samples import TOKEN, account, refusal
from tests.platforms import Platform


async def test_a_file_is_fetched(channel: TelegramChannel) -> None:
    file = await channel.fetch({"kind": "image", "id": "f1", "size": 1000})
    assert (file.data[:3], len(file.data), file.media_type, file.name) == (b"\xff\xd8\xff", 1000, "image/jpeg", "")
    file = await channel.fetch({"kind": "file", "id": "f1", "name": "คำขอ.pdf", "type": "application/pdf"})
    assert (file.media_type, file.name) == ("application/pdf", "คำขอ.pdf")


async def test_a_file_that_is_too_large(telegram_platform: Platform) -> None:
    telegram_platform.forget()
    small = TelegramChannel("main", account(telegram_platform.url), limit=999)
    with pytest.raises(MediaGone, match="too_large"):
        await small.fetch({"kind": "image", "id": "f1", "size": 1000})
    assert telegram_platform.calls() == []
    with pytest.raises(MediaGone, match="too_large"):  # whatever size Telegram told
        await small.fetch({"kind": "image", "id": "f1", "size": 10})
    await small.close()


@pytest.mark.parametrize(
    ("answer", "error", "code"),
    [
        (refusal(400, "Bad Request: file is too big"), MediaGone, "too_large"),
        (refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable"), MediaLater, "^$"),
        (refusal(400, "Bad Request: invalid file_id"), MediaGone, "gone"),
        (refusal(401, "Unauthorized"), MediaLater, "^$"),
        (refusal(429, "Too Many Requests", retry_after=1), MediaLater, "^$"),
        (refusal(500, "Internal Server Error"), MediaLater, "^$"),
    ],
)
async def test_a_file_that_cannot_be_had(
    channel: TelegramChannel, telegram_platform: Platform, answer: dict[str, Any], error: type[Exception], code: str
) -> None:
    telegram_platform.script(method="getFile", answers=[answer])
    with pytest.raises(error, match=code) as raised:
        await channel.fetch({"kind": "image", "id": "f1"})
    assert TOKEN not in f"{raised.value!r}"
