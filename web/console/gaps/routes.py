"""The addresses of the inbox."""

from web.console.access import Route
from web.console.gaps import group, listing
from web.console.gaps.listing import BASE

_ONE = BASE + "/{id}"

ROUTES: list[Route] = [
    Route("GET", BASE, listing.show, "gap.work"),
    Route("POST", BASE, listing.several, "gap.work"),
    Route("GET", _ONE, group.show, "gap.work"),
    Route("POST", f"{_ONE}/{{what:take|give_back|ignore|close}}", group.change, "gap.work"),
    Route("POST", f"{_ONE}/split", group.split, "gap.work"),
    Route("POST", f"{_ONE}/adopt", group.adopt, "faq.write"),
]
