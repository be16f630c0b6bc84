"""Our adapter with the real client, connected to a stand-in that judges every call by Telegram's published interface."""

from collections.abc import AsyncIterator

import pytest

from channels.telegram.channel import TelegramChannel
from tests.contract.telegram.samples import account
from tests.platforms import Platform


@pytest.fixture
async def channel(telegram_platform: Platform) -> AsyncIterator[TelegramChannel]:
    telegram_platform.forget()
    made = TelegramChannel("main", account(telegram_platform.url), limit=2000, breath=0)
    yield made
    await made.close()
    assert telegram_platform.violations() == []
