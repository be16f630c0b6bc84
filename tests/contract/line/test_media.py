"""The files of citizens, fetched from LINE."""

import asyncio
from typing import Any

import pytest

from channels.contract import MediaGone, MediaLater
from channels.line.channel import LineChannel
from tests.contract.line.samples import Silence, account, script
from tests.platforms import Platform


async def test_a_file_is_fetched_up_to_the_limit(line: LineChannel, line_platform: Platform) -> None:
    for number, size in (("1", 1000), ("2", 1001)):
        await asyncio.to_thread(line_platform.post, "/_content", {"id": number, "hex": "ff" * size})
    file = await line.fetch({"kind": "image", "id": "1", "name": "บ้าน.jpg"})
    assert (len(file.data), file.media_type, file.name) == (1000, "image/jpeg", "บ้าน.jpg")
    with pytest.raises(MediaGone, match="too_large"):
        await line.fetch({"kind": "image", "id": "2"})


@pytest.mark.parametrize(
    ("status", "error"),
    [(202, MediaLater), (500, MediaLater), (503, MediaLater), (429, MediaLater), (404, MediaGone), (410, MediaGone)],
)
async def test_a_file_that_is_not_there(line: LineChannel, line_platform: Platform, status: int, error: type[Exception]) -> None:
    await script(line_platform, "/v2/bot/message/77/content", {"status": status})
    with pytest.raises(error):
        await line.fetch({"kind": "image", "id": "77"})


@pytest.mark.parametrize("media", [{"url": "http://169.254.169.254/"}, {"id": "1", "url": "https://example.com/a.jpg"}])
async def test_a_foreign_address_is_never_asked(line: LineChannel, line_platform: Platform, media: dict[str, str]) -> None:
    with pytest.raises(MediaGone, match="foreign"):
        await line.fetch({"kind": "image", **media})
    assert line_platform.calls() == []


@pytest.mark.parametrize("media", [{}, {"id": ""}, {"id": 7}, {"id": "../../bot/info?x="}])
async def test_a_file_without_a_sound_id_is_gone(line: LineChannel, line_platform: Platform, media: dict[str, Any]) -> None:
    with pytest.raises(MediaGone):
        await line.fetch(media)
    assert line_platform.calls() == []


async def test_an_unreachable_platform_is_asked_for_the_file_later() -> None:
    async with Silence("hangs up") as url:
        channel = LineChannel("main", account(url), limit=1000)
        with pytest.raises(MediaLater):
            await channel.fetch({"id": "1"})
        await channel.close()
