"""A visit: what one request of a logged-in member of staff knows about them."""

from dataclasses import dataclass

from aiohttp import web

from helpdesk.staff import Member
from web.console.session import Session


@dataclass(frozen=True)
class Visit:
    """Who asks, and in which session."""

    who: Member
    session: Session
    token: str


VISIT: web.RequestKey[Visit] = web.RequestKey("visit", Visit)


def of(request: web.Request) -> Visit | None:
    """The visit, or nothing where nobody is logged in."""
    return request.get(VISIT)
