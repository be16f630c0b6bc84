"""Service levels: targets of each category and priority, the office's hours, and its single days."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk import holiday, office, service_target
from helpdesk.category import all_categories
from helpdesk.office import OfficeError
from helpdesk.service_target import EVERY, PRIORITIES, Key, Target, TargetError
from web import parts
from web.console import access, page
from web.console.agencies import sheet
from web.console.agencies.sheet import Form, Typed

PATH = f"{access.HOME}/service-levels"
TEMPLATE = "console/agencies/levels.html"
_CLOCKS = ("first", "update", "solve")
_HOLIDAYS = 12  # of the coming ones are shown
_BUDDHIST = 543


async def show(request: web.Request) -> web.Response:
    """Everything on one page."""
    return await _page(request)


async def target(request: web.Request) -> web.Response:
    """Set a target, or go back to the suggested one: ``what`` is ``target`` or ``suggested``."""
    form = await sheet.read(request)

    async def work(session: AsyncSession, actor: str) -> str:
        category, priority = form.text("category"), form.text("priority")
        if request.match_info["what"] == "suggested":
            await service_target.drop(session, category, priority, actor=actor)
        else:
            await service_target.put(session, category, priority, _target(form), actor=actor)
        return f"{PATH}?done=target"

    return await _page(request, mistake=await sheet.attempt(request, work), typed=form.typed(), status=422)


async def hours(request: web.Request) -> web.Response:
    """Set the week's hours."""
    form = await sheet.read(request)
    typed = [form.text(f"day{number}") for number in range(len(office.WEEKDAYS))]

    async def work(session: AsyncSession, actor: str) -> str:
        await office.set_hours(session, typed, actor=actor)
        return f"{PATH}?done=hours"

    return await _page(request, mistake=await sheet.attempt(request, work), typed=form.typed(), status=422)


async def day(request: web.Request) -> web.Response:
    """Give a day hours of its own, or take them away: ``what`` is ``day`` or ``usual``."""
    form = await sheet.read(request)

    async def work(session: AsyncSession, actor: str) -> str:
        if request.match_info["what"] == "usual":
            await office.drop_day(session, _date(form.text("day")), actor=actor)
        else:
            await office.put_day(session, _date(form.text("day")), form.text("name"), form.text("hours"), actor=actor)
        return f"{PATH}?done=day"

    return await _page(request, mistake=await sheet.attempt(request, work), typed=form.typed(), status=422)


def as_hours(time: timedelta | None) -> str:
    """A target's time for a field: ``8``, ``1.5``; nothing where there is no limit."""
    return "" if time is None else f"{time / timedelta(hours=1):g}"


def _target(form: Form) -> Target:
    return service_target.target(*(_hours(form.text(name)) for name in _CLOCKS))


def _hours(typed: str) -> float | None:
    if not typed:
        return None
    whole, _, part = typed.partition(".")
    if not whole.isdecimal() or (part and not part.isdecimal()) or len(typed) > 8:
        raise TargetError(f"“{typed}” ไม่ใช่จำนวนชั่วโมงค่ะ")
    return float(typed)


def _date(typed: str) -> date:
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        raise OfficeError("กรุณาใส่วันที่ค่ะ") from None
    # Whoever types the year by hand types the Buddhist one.
    return found.replace(year=found.year - _BUDDHIST) if found.year > 2400 else found


async def _page(request: web.Request, *, mistake: str = "", typed: Typed | None = None, status: int = 200) -> web.Response:
    async with parts.of(request).database.read() as session:
        known, own = await service_target.everything(session)
        values: dict[str, Any] = {
            "targets": _rows(known, own),
            "week": [
                (name, office.words(spans)) for name, spans in zip(office.WEEKDAYS, await office.hours(session), strict=True)
            ],
            "days": [(row, office.words(office.spans_of(row))) for row in await office.days(session)],
            "holidays": await holiday.coming(session, _HOLIDAYS),
        }
    values |= {
        "path": PATH,
        "categories": all_categories(),
        "priorities": PRIORITIES,
        "typed": typed or Typed(),
        "mistake": mistake,
        "done": sheet.done(request),
    }
    return page.render(request, TEMPLATE, status=status, **values)


def _rows(known: Mapping[Key, Target], own: set[Key]) -> list[dict[str, Any]]:
    """The targets in the order of categories and priorities, those for all categories first."""
    titles = {EVERY: "ทุกประเภท"} | {one.id: one.title_th for one in all_categories()}
    return [
        {
            "category": category,
            "priority": priority,
            "title": title,
            "times": [
                as_hours(time)
                for time in (known[category, priority].first, known[category, priority].update, known[category, priority].solve)
            ],
            "own": (category, priority) in own,
            "suggested": (category, priority) in service_target.suggested(),
        }
        for category, title in titles.items()
        for priority in PRIORITIES
        if (category, priority) in known
    ]
