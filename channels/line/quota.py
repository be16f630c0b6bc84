"""How many pushes the account may send this month, and how many it did."""

import aiohttp

from channels.line.api import PATIENCE, Api


class QuotaUnknown(Exception):
    """LINE did not tell."""


async def read(api: Api) -> tuple[int | None, int]:
    """(limit, used) of this month; None as limit means that there is none.

    Raises:
        QuotaUnknown: when LINE does not answer, or not in a way that can be read.
    """
    calls = await api.calls()
    from linebot.v3.messaging import OpenApiException

    try:
        limit = await calls.get_message_quota(_request_timeout=PATIENCE)
        used = await calls.get_message_quota_consumption(_request_timeout=PATIENCE)
    except (OpenApiException, aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        raise QuotaUnknown(type(error).__name__) from None
    return limit.value if limit.type == "limited" else None, used.total_usage
