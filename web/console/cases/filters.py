"""The filters of the list: read from the address, and what there is to choose from."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from multidict import MultiMapping
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import storable
from helpdesk import listing, staff
from helpdesk import saved_view as views
from helpdesk.agency import Agency
from helpdesk.category import all_categories
from helpdesk.listing import ALL, NOBODY, OPEN, ORDERS, Filter
from helpdesk.service_target import PRIORITIES
from helpdesk.staff import Member
from helpdesk.state import State

STATES = (OPEN, ALL, *State)
MINE = "me"
NAMES = ("state", "category", "source", "assignee", "priority", "label", "agency", "late", "text", "order")  # what a view keeps
LONGEST = 200  # letters of a value
_CATEGORIES = frozenset(category.id for category in all_categories())


def read(query: MultiMapping[str], member: Member) -> Filter:
    """The filter that an address asks for; what cannot be read asks for nothing."""
    asked = {name: storable.text(query.get(name, "")[:LONGEST]).strip() for name in (*NAMES, "how")}
    return Filter(
        state=asked["state"] if asked["state"] in STATES else OPEN,
        category=asked["category"] if asked["category"] in _CATEGORIES else "",
        source=asked["source"],
        assignee=member.id if asked["assignee"] == MINE else asked["assignee"],
        priority=asked["priority"] if asked["priority"] in PRIORITIES else "",
        label=asked["label"],
        agency=asked["agency"],
        late=bool(asked["late"]),
        text=asked["text"],
        order=next((order for order in ORDERS if order == asked["order"]), "new"),
        loose=asked["how"] == "loose",
    )


def kept(query: str) -> str:
    """The part of an address's query that a saved view keeps: no page, no message."""
    pairs = [(name, value) for name, value in parse_qsl(query) if name in NAMES and value]
    return urlencode([(name, storable.text(value[:LONGEST])) for name, value in pairs])


async def offered(session: AsyncSession, member: Member) -> Mapping[str, Any]:
    """What there is to choose from: members, labels, agencies, the member's own views."""
    agencies = await session.execute(select(Agency.id, Agency.name_th).order_by(Agency.name_th))
    return {
        "members": await staff.members(session, "case.work"),
        "labels_in_use": await listing.labels(session),
        "agencies": [(agency_id, name) for agency_id, name in agencies],
        "views": await views.of_member(session, member.id),
        "categories": all_categories(),
        "nobody": NOBODY,
        "mine": MINE,
    }
