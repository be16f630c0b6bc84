"""The addresses of the list."""

from web.console.access import Route
from web.console.utterances import listing
from web.console.utterances.listing import BASE

ROUTES: list[Route] = [
    Route("GET", BASE, listing.show, "gap.work"),
    Route("POST", BASE, listing.change, "gap.work"),
]
