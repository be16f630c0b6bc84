"""The addresses of the chats."""

from web.console.access import Route
from web.console.chats import chat, curated, listing, owning, saying
from web.console.chats.listing import BASE

_ONE = BASE + "/{id}"
_PICTURE_LIMIT = 12 * 1024 * 1024  # bytes of a form with a picture in it

ROUTES: list[Route] = [
    Route("GET", BASE, listing.show, "chat.read"),
    Route("GET", f"{BASE}/stream", listing.live, "chat.read"),
    Route("GET", curated.BASE, curated.show, "chat.read"),
    Route("POST", curated.BASE, curated.keep, "case.supervise"),
    Route("POST", f"{curated.BASE}/{{canned}}/remove", curated.remove, "case.supervise"),
    Route("GET", _ONE, chat.show, "chat.read"),
    Route("GET", f"{_ONE}/talk", chat.talk, "chat.read"),
    Route("GET", f"{_ONE}/box", chat.box, "chat.read"),
    Route("GET", f"{_ONE}/aside", chat.aside, "chat.read"),
    Route("GET", f"{_ONE}/stream", chat.live, "chat.read"),
    Route("GET", f"{_ONE}/files/{{file}}", chat.file, "chat.read"),
    Route("POST", f"{_ONE}/say", saying.say, "chat.work", limit=_PICTURE_LIMIT),
    Route("POST", f"{_ONE}/card", saying.card, "chat.work"),
    Route("POST", f"{_ONE}/again", saying.once_more, "chat.work"),
    Route("POST", f"{_ONE}/typing", saying.typing, "chat.work"),
    Route("POST", f"{_ONE}/take", owning.take, "chat.work"),
    Route("POST", f"{_ONE}/give_back", owning.give_back, "chat.work"),
    Route("POST", f"{_ONE}/pass_on", owning.pass_on, "chat.work"),
    Route("POST", f"{_ONE}/requeue", owning.requeue, "chat.work"),
    Route("POST", f"{_ONE}/case", owning.open_case, "case.work"),
]
