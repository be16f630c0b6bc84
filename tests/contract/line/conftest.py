"""Our adapter, connected to LINE's stand-in, which judges every call by LINE's published interface."""

from collections.abc import AsyncIterator

import pytest

from channels.line.channel import LineChannel
from tests.contract.line.samples import account
from tests.platforms import Platform


@pytest.fixture
async def line(line_platform: Platform) -> AsyncIterator[LineChannel]:
    line_platform.forget()
    channel = LineChannel("main", account(line_platform.url), limit=1000)
    yield channel
    await channel.close()
    assert line_platform.violations() == []
