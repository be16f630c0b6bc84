"""Throttling: how often a password or a code may be tried, and how long one waits after that."""

from aiohttp import web

from web import address, parts

SECRET_RULES = ("5/minute", "10/15 minutes", "20/2 hours")  # of one login: waits grow from seconds to two hours
ADDRESS_RULES = ("60/15 minutes", "240/2 hours")  # an office shares one address
TOO_OFTEN = "ลองหลายครั้งเกินไป กรุณารอประมาณ {} แล้วลองใหม่"


async def address_wait(request: web.Request) -> int:
    """Count a try of the client's address; the seconds to wait, 0 for now."""
    known = parts.of(request)
    client = address.client(request, known.settings.trusted_proxies)
    return await known.rates.wait_all(ADDRESS_RULES, "console-address", client)


async def secret_wait(request: web.Request, kind: str, login: str) -> int:
    """Count a try of a login's ``password`` or ``code``; the seconds to wait, 0 for now."""
    return await parts.of(request).rates.wait_all(SECRET_RULES, f"console-{kind}", _named(login))


async def succeeded(request: web.Request, kind: str, login: str) -> None:
    """It was right: the next mistake is a first one."""
    await parts.of(request).rates.forget(SECRET_RULES, f"console-{kind}", _named(login))


def words(seconds: int) -> str:
    """What is told to who must wait: "ลองหลายครั้งเกินไป กรุณารอประมาณ 2 นาที แล้วลองใหม่"."""
    if seconds < 60:
        return TOO_OFTEN.format(f"{seconds} วินาที")
    return TOO_OFTEN.format(f"{-(-seconds // 60)} นาที")


def _named(login: str) -> str:
    return login.strip().lower()[:100]
