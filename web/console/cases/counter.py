"""The counter: a case written down for somebody who stands there or telephones, and the slip they take home."""

from typing import Any

from aiohttp import web

from core import audit, ids, storable
from core.database import Database
from helpdesk import case as cases
from helpdesk import duplicates
from helpdesk.case import Place
from helpdesk.category import all_categories, category
from helpdesk.duplicates import Near
from helpdesk.error import CaseError, UnknownCategory
from helpdesk.record import Case
from helpdesk.visibility import may_see
from web import parts
from web.console import access, page, qr
from web.console.cases import labels, listing, sheet, upload

PATH = f"{listing.BASE}/new"
TEMPLATE = "console/cases/new.html"
_LONGEST = 5_000  # letters of the description
_FIELDS = ("source", "category", "description", "place", "district", "latitude", "longitude", "happened_at", "contact", "consent")
_MISSING = "กรุณาเลือกประเภทเรื่องและเขียนรายละเอียด"
_NO_PLACE = "เรื่องประเภท “{title}” ต้องระบุสถานที่"
_NO_POSITION = "พิกัดไม่ถูกต้อง กรุณาใส่เป็นตัวเลข เช่น 13.7563 และ 100.5018 หรือเว้นว่างทั้งสองช่อง"


class _Incomplete(CaseError):
    """Something is missing or wrong in the form."""


async def show(request: web.Request) -> web.Response:
    """The empty form."""
    return _page(request, dict.fromkeys(_FIELDS, ""))


async def add(request: web.Request) -> web.Response:
    """Open the case, or offer the open one that it seems to repeat; then the slip."""
    form, known, member = await request.post(), parts.of(request), access.staff(request)
    typed: dict[str, Any] = {name: storable.text(str(form.get(name, ""))[:_LONGEST]).strip() for name in _FIELDS}
    typed["form_key"] = str(form.get("key", ""))[:60]
    try:
        place = _checked(typed)
        typed["held"] = await upload.keep(form, known.settings.var / "media", known.database, pictures=True)
        near = None if form.get("anyway") else await _near(request, typed, place)
        if near is not None:
            return _page(request, typed, near=near, status=409)
        case = await _open(known.database, member.actor, typed, place)
    except CaseError as refusal:
        return _page(request, typed, mistake=str(refusal), status=422)
    raise web.HTTPSeeOther(f"{listing.BASE}/{case.number}/slip")


async def slip(request: web.Request) -> web.Response:
    """The slip to print, with the number and a code that leads to the case's page."""
    known = parts.of(request)
    async with known.database.write() as session:
        case = await sheet.found(session, request)
        audit.record(session, access.staff(request).actor, "case.slip", f"case:{case.number}")
    # who told it on a channel has the secret address already; whoever stood at the counter gets it on paper only
    secret = f"?k={case.link_key}" if case.source in labels.COUNTER else ""
    address = f"{known.settings.base_url}/cases/{case.number}"
    values: dict[str, Any] = {
        "case": case,
        "kind": category(case.category),
        "address": address,
        "code": qr.drawn(address + secret, quiet_zone=2),  # the paper around it is white
        "labels": labels,
    }
    return page.render(request, "console/cases/slip.html", base=listing.BASE, **values)


def _checked(typed: dict[str, Any]) -> Place:
    if typed["source"] not in labels.COUNTER:
        typed["source"] = labels.COUNTER[0]
    if not typed["category"] or not typed["description"]:
        raise _Incomplete(_MISSING)
    try:
        kind = category(typed["category"])
    except UnknownCategory:
        raise _Incomplete(_MISSING) from None
    place = Place(typed["place"], *_position(typed), district=typed["district"] or None)
    if kind.place and not place.known:
        raise _Incomplete(_NO_PLACE.format(title=kind.title_th))
    return place


def _position(typed: dict[str, Any]) -> tuple[float | None, float | None]:
    if not typed["latitude"] and not typed["longitude"]:
        return None, None
    try:
        latitude, longitude = float(typed["latitude"]), float(typed["longitude"])
    except ValueError:
        raise _Incomplete(_NO_POSITION) from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise _Incomplete(_NO_POSITION)
    return latitude, longitude


async def _near(request: web.Request, typed: dict[str, Any], place: Place) -> Near | None:
    """The open case that this one seems to repeat, if the officer may see it."""
    async with parts.of(request).database.read() as session:
        near = await duplicates.find(session, typed["category"], place)
        return near if near is not None and await may_see(session, access.staff(request), near.case) else None


async def _open(database: Database, actor: str, typed: dict[str, Any], place: Place) -> Case:
    async with database.write() as session:
        return await cases.open_case(
            session,
            key=f"counter:{actor}:{typed['form_key']}",
            conversation=None,
            category=typed["category"],
            description=typed["description"],
            place=place,
            photos=typed["held"],
            contact=typed["contact"] or None,
            consent=bool(typed["consent"]),
            happened_at=typed["happened_at"] or None,
            actor=actor,
            source=typed["source"],
        )


def _page(
    request: web.Request,
    typed: dict[str, Any],
    *,
    near: Near | None = None,
    mistake: str = "",
    status: int = 200,
) -> web.Response:
    values: dict[str, Any] = {
        "typed": {"held": [], **typed},
        "near": near,
        "mistake": mistake,
        "categories": all_categories(),
        "labels": labels,
        "base": listing.BASE,
        "path": PATH,
        "form_key": typed.get("form_key") or ids.new_id("frm"),
    }
    return page.render(request, TEMPLATE, status=status, **values)
