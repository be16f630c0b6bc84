"""The list: every FAQ, found as one types, by state, group, agency and what is due."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from aiohttp import web

from knowledge_base import catalogue, faq
from knowledge_base.figures import figures
from web import parts
from web.console import page
from web.console.faqs import labels, sheet
from web.portal import groups

SHOWN = 50
_YES_NO = {"1": True, "0": False}
_DAYS_OF_USE = 30


async def show(request: web.Request) -> web.Response:
    """A page of the list; for htmx the rows only."""
    asked, today = {name: sheet.asked(request, name) for name in request.query}, sheet.today()
    due = asked.get("due", "")
    async with parts.of(request).database.read() as session:
        rows = await faq.listing(
            session,
            text=asked.get("text", ""),
            group=asked.get("group", ""),
            agency=asked.get("agency", ""),
            state=asked.get("state", ""),
            on=_YES_NO.get(asked.get("on", "")),
            verified=_YES_NO.get(asked.get("verified", "")),
            review_before=today + timedelta(days=int(due)) if due.isdecimal() and len(due) < 5 else None,
            sort=asked.get("sort", "id"),
            limit=SHOWN + 1,
            after=asked.get("after", ""),
        )
        shown = rows[:SHOWN]
        used = await figures(session, [row.id for row in shown], today - timedelta(days=_DAYS_OF_USE - 1))
        counts = await faq.counts(session, today)
        known = await catalogue.groups(session)
    values: Mapping[str, Any] = {
        "rows": [(row, labels.badges(row, today), used[row.id]) for row in shown],
        "more": rows[SHOWN - 1].id if len(rows) > SHOWN else "",
        "counts": counts,
        "groups": named(known),
        "group_names": dict(named(known)),
        "asked": asked,
        "filtered": any(asked.get(name) for name in ("text", "group", "agency", "state", "on", "verified", "due", "after")),
        "labels": labels,
        "base": sheet.BASE,
    }
    return page.show(request, "console/faqs/list.html", "rows", values=values)


def named(known: Any) -> list[tuple[str, str]]:
    """All groups as (id, Thai name): those of the help centre in its order, then what else there is."""
    return [
        (one, groups.named(one).th if one in groups.GROUPS else one)
        for one in groups.in_order({**groups.GROUPS, **dict.fromkeys(known)})
    ]
