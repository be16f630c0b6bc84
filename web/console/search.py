"""One search over everything the member may see: cases, and what was written in chats."""

from aiohttp import web

from conversations import search as conversations
from core import storable
from helpdesk import listing as cases
from helpdesk import staff, visibility
from helpdesk.category import category
from helpdesk.listing import Filter
from web import parts
from web.console import access, page, trace
from web.console.access import Route
from web.console.cases import labels as case_labels
from web.console.chats import labels as chat_labels
from web.console.chats import line

BASE = f"{access.HOME}/search"
TEMPLATE = "console/search.html"
LONGEST = 200  # letters of a question
CASES, CHATS = 10, 30


async def show(request: web.Request) -> web.Response:
    """What was found; for htmx without the page around it."""
    who = access.staff(request)
    question = storable.text(request.query.get("q", "").strip()[:LONGEST])
    if not question:
        return page.show(request, TEMPLATE, "found", values={"question": "", "base": BASE})
    async with parts.of(request).database.read() as session:
        asked = Filter(state=cases.ALL, text=question)
        found = await cases.page(session, await visibility.visible(session, who), asked, limit=CASES)
        chats = await conversations.find(session, await visibility.chats(session, who), question, CHATS)
        said = [one.message for one in chats if one.message is not None]
        names = await staff.names(session, {one.conversation.owner for one in chats} | {one.author for one in said})
        lines = await line.lines(session, said, names, who.actor)
    if chats:
        await trace.leave(request, "chat.search", "chats", found=len(chats))
    values = {
        "question": question,
        "base": BASE,
        "cases": found.rows,
        "more": bool(found.after),
        "chats": chats,
        "words": dict(zip((one.conversation_id for one in said), lines, strict=True)),
        "names": names,
        "category": category,
        "labels": chat_labels,
        "states": case_labels.STATES,
    }
    return page.show(request, TEMPLATE, "found", values=values)


ROUTES = [Route("GET", BASE, show, "chat.read")]
