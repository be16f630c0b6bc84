"""What a reporter may do on their case's public page: add words, object, and give stars.

They are known by the secret that stands in the address they were given (``?k=``): case numbers are given out in order, so a
number alone proves nothing.
"""

import hmac
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from aiohttp import hdrs, web
from sqlalchemy.ext.asyncio import AsyncSession

from core import storable
from helpdesk import case as cases
from helpdesk import number as numbers
from helpdesk import state as states
from helpdesk.error import CaseError
from helpdesk.rating import rateable
from helpdesk.record import Case
from web import parts
from web.failures import Failure
from web.portal import language, visitor

RATE = "10/minute"  # of one address and one case
_LONGEST = 2_000  # letters
_EMPTY = ("กรุณาพิมพ์ข้อความก่อนส่งค่ะ", "Please write something before you send it.")
Door = Callable[[AsyncSession, Case, str, str, int], Awaitable[Case]]


def knows(case: Case, secret: str) -> bool:
    """Whether this is the secret of the case's own address."""
    return bool(case.link_key) and hmac.compare_digest(secret.encode(), case.link_key.encode())


def offers(case: Case) -> list[str]:
    """What the reporter may do now: of ``add``, ``dispute`` and ``rate``."""
    if case.merged_into is not None:
        return []
    if case.state in states.OPEN:
        return ["add"]
    return ["rate", "dispute"] if rateable(case) else []


async def send(request: web.Request) -> web.Response:
    """One of the forms: ``POST /cases/{number}/own`` with ``k``, ``do``, ``key``, ``text`` and ``stars``."""
    if not visitor.from_our_page(request):
        raise Failure(403)
    number = numbers.parse(request.match_info["number"]) or ""
    if wait := await visitor.must_wait(request, RATE, "own-case", number):
        raise Failure(429, retry_after=wait)
    form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    text, stars = storable.text(form.get("text", "")[:_LONGEST]).strip(), form.get("stars", "")
    done = form.get("do", "")
    if done in {"add", "dispute"} and not text:
        raise Failure(422, "empty", *_EMPTY)
    try:
        async with parts.of(request).database.write() as session:
            case = await cases.find(session, number)
            if case is None or not knows(case, form.get("k", "")) or done not in _DOORS:
                raise web.HTTPNotFound
            await _DOORS[done](session, case, form.get("key", "")[:60], text, int(stars) if stars in "12345" and stars else 0)
    except CaseError as refusal:
        raise Failure(409, "refused", str(refusal), "This cannot be done now; please look at the state of the case.") from refusal
    back = language.path(language.of(request), f"/cases/{number}")
    return web.Response(status=303, headers={hdrs.LOCATION: f"{back}?{urlencode({'k': form['k'], 'done': done})}"})


async def _add(session: AsyncSession, case: Case, key: str, text: str, stars: int) -> Case:
    return await cases.add_information(session, case, key=f"page:{key}", text=text, photos=[], position=None, actor=_actor(case))


async def _dispute(session: AsyncSession, case: Case, key: str, text: str, stars: int) -> Case:
    return await cases.dispute(session, case, key=f"page:{key}", text=text, actor=_actor(case))


async def _rate(session: AsyncSession, case: Case, key: str, text: str, stars: int) -> Case:
    return await cases.rate(session, case, key=f"page:{key}", stars=stars, text=text, actor=_actor(case))


def _actor(case: Case) -> str:
    return f"citizen:{case.person_id}"


_DOORS: dict[str, Door] = {"add": _add, "dispute": _dispute, "rate": _rate}
