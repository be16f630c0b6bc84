"""The month's quota of pushes, as LINE tells it."""

import pytest

from channels.line.channel import LineChannel
from channels.line.quota import QuotaUnknown
from tests.contract.line.samples import script
from tests.platforms import Platform


async def test_the_quota_is_read(line: LineChannel, line_platform: Platform) -> None:
    limit, used = await line.quota()
    assert limit == 300
    assert used >= 0
    await script(line_platform, "/v2/bot/message/quota", {"status": 200, "body": {"type": "none"}})
    assert (await line.quota())[0] is None
    await script(line_platform, "/v2/bot/message/quota", {"status": 401})
    with pytest.raises(QuotaUnknown):
        await line.quota()
