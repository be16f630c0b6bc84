"""Who else is looking at a case just now: kept in Valkey for less than a minute, and forgotten when it is away."""

import time
from collections.abc import Sequence

from aiohttp import web
from redis.asyncio import Redis
from redis.exceptions import RedisError

from helpdesk import staff
from helpdesk.record import Case
from helpdesk.staff import Member
from web import parts
from web.console import access, page
from web.console.cases import sheet

SECONDS = 45  # the page says every 20 that it is still open


async def look(valkey: Redis, case: Case, member: Member) -> list[str]:
    """Note that a member looks at the case; gives the actors of the others who do, in the order in which they came."""
    key, now = f"case:looking:{case.id}", time.time()
    try:
        async with valkey.pipeline(transaction=True) as together:
            together.zremrangebyscore(key, "-inf", now - SECONDS)
            together.zadd(key, {member.actor: now})
            together.expire(key, SECONDS)
            together.zrange(key, 0, -1)
            *_, present = await together.execute()
    except (RedisError, OSError, TimeoutError):
        return []
    return [str(actor) for actor in present if actor != member.actor]


async def show(request: web.Request) -> web.Response:
    """The names of those who look, for the page to ask again and again."""
    async with parts.of(request).database.read() as session:
        case = await sheet.found(session, request)
        present = await others(request, case)
        names = await staff.names(session, present)
    shown: Sequence[str] = [names[actor] for actor in present]
    return page.fragment(request, "console/cases/_looking.html", "story", looking=shown)


async def others(request: web.Request, case: Case) -> list[str]:
    """Those who look beside the member who asks."""
    return await look(parts.of(request).valkey, case, access.staff(request))
