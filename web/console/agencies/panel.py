"""What passes between agencies on a case, and when it is due: a panel of the case's page, and a page of its own.

The case's page includes ``console/cases/_agency.html`` with what `read` gives as ``panel``. A refused form comes back on the
page of its own, with all that was typed.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from core import audit, clock, ids
from helpdesk import case as cases
from helpdesk import forwarding, office, service_level
from helpdesk.agency import HOME, Agency
from helpdesk.agency_error import UnknownAgency
from helpdesk.error import CaseChanged, CaseError
from helpdesk.record import Case
from helpdesk.service_level import LABELS, Clock
from helpdesk.staff import Member
from helpdesk.visibility import may_see
from web import parts
from web.console import access, page
from web.console.access import Route
from web.console.agencies import rules
from web.console.agencies.sheet import Form, Typed
from web.failures import Failure

CASES = f"{access.HOME}/cases"
TEMPLATE = "console/agencies/case.html"
_REASON = 2000  # letters that go back into the page; the door refuses more than it keeps
_DONE = {"forward": "ส่งต่อเรื่องแล้ว และแจ้งผู้แจ้งให้ทราบแล้ว", "invite": "เชิญหน่วยงานแล้ว", "dismiss": "สิ้นสุดการร่วมดำเนินการแล้ว"}


async def read(session: AsyncSession, member: Member, case: Case) -> Mapping[str, Any]:
    """What the panel shows to a member who may see the case."""
    agency = await session.get(Agency, case.agency_id or HOME)
    return {
        "number": case.number,
        "version": case.version,
        "key": ids.new_id("frm"),
        "agency": agency.name_th if agency else "",
        "unit": case.unit,
        "because": case.routed_because,
        "hops": case.hops,
        "invited": await forwarding.invited(session, case),
        "home": HOME,
        "clocks": await _clocks(session, case),
        "targets": await rules.targets(session) if member.may("case.work") else [],
        "longest": forwarding.LONGEST_REASON,
    }


async def show(request: web.Request) -> web.Response:
    """The panel as a page; that it was read is written into the audit log."""
    return await _page(request)


async def act(request: web.Request) -> web.Response:
    """Forward the case, invite an agency, or end an invitation: ``/console/cases/{number}/{what}``."""
    member, what, post = access.staff(request), request.match_info["what"], await request.post()
    form, reason = Form(post), str(post.get("reason", ""))[:_REASON]
    try:
        async with parts.of(request).database.write() as session:
            case = await _found(session, request)
            await _do(session, case, member, what, form, reason)
            stays = await may_see(session, member, case)
    except CaseChanged as refusal:
        return await _page(request, what=what, typed=Typed(form.typed(), reason=reason), mistake=str(refusal), status=409)
    except CaseError as refusal:
        return await _page(request, what=what, typed=Typed(form.typed(), reason=reason), mistake=str(refusal), status=422)
    raise web.HTTPSeeOther(f"{CASES}/{case.number}/agency?done={what}" if stays else f"{CASES}?done={what}")


ROUTES = [
    Route("GET", f"{CASES}/{{number}}/agency", show, "case.read"),
    Route("POST", f"{CASES}/{{number}}/{{what:forward|invite|dismiss}}", act, "case.work"),
]


async def _do(session: AsyncSession, case: Case, member: Member, what: str, form: Form, reason: str) -> None:
    agency_id, _, unit_id = form.text("target").partition("/")
    key = form.text("key")[:60] or ids.new_id("frm")
    if not agency_id:
        raise UnknownAgency()
    if what == "forward":
        seen = form.number("seen", case.version)
        await forwarding.forward(session, case, member, agency_id, unit_id or None, reason=reason, key=key, version=seen)
    elif what == "invite":
        await forwarding.invite(session, case, member, agency_id, reason=reason, key=key)
    else:
        await forwarding.dismiss(session, case, member, agency_id, key=key)


async def _found(session: AsyncSession, request: web.Request) -> Case:
    """The case of the address; one that the member may not see is not there."""
    case = await cases.find(session, request.match_info["number"])
    if case is None or not await may_see(session, access.staff(request), case):
        raise Failure(404)
    return case


async def _page(
    request: web.Request,
    *,
    what: str = "",
    typed: Typed | None = None,
    mistake: str = "",
    status: int = 200,
) -> web.Response:
    member = access.staff(request)
    async with parts.of(request).database.write() as session:
        case = await _found(session, request)
        audit.record(session, member.actor, "case.read", f"case:{case.number}")
        shown = await read(session, member, case)
    done = _DONE.get(request.query.get("done", ""), "") if request.method == "GET" else ""
    values = {
        "case": case,
        "panel": shown,
        "cases": CASES,
        "what": what,
        "typed": typed or Typed(),
        "mistake": mistake,
        "done": done,
    }
    return page.render(request, TEMPLATE, status=status, works=member.may("case.work"), **values)


async def _clocks(session: AsyncSession, case: Case) -> list[Mapping[str, Any]]:
    """Each clock that has an end: its name, its end, and how it stands in words."""
    calendar, now = await office.calendar(session), clock.now()
    on = service_level.running(case)
    found: list[Mapping[str, Any]] = []
    for name, due in service_level.dues(case).items():
        if due is None or (name is Clock.UPDATE and name not in on and case.paused_at is None):
            continue
        left = calendar.between(now, due) - calendar.between(due, now)
        kind, words = _standing(case, name, due, name in on, left)
        found.append({"label": LABELS[name], "due": due, "kind": kind, "words": words})
    return found


def _standing(case: Case, name: Clock, due: datetime, runs: bool, left: timedelta) -> tuple[str, str]:
    if runs and left < timedelta():
        return "late", f"เกินกำหนดมาแล้ว {length(-left)} (นับเวลาทำการ)"
    if runs:
        kind = "soon" if left <= service_level.SOON else ""
        return kind, f"เหลือเวลาทำการ {length(left)}" if left else "ครบกำหนดแล้ว"
    if name is Clock.FIRST and case.first_answered_at is not None:
        return _met(case.first_answered_at, due, "ตอบแล้ว")
    if case.paused_at is not None:
        return "", "หยุดนับระหว่างรอข้อมูลจากผู้แจ้ง"
    return _met(case.state_at, due, "สิ้นสุดแล้ว")


def _met(when: datetime, due: datetime, words: str) -> tuple[str, str]:
    return ("", f"{words} ทันกำหนด") if when <= due else ("late", f"{words} แต่เกินกำหนด")


def length(time: timedelta) -> str:
    """Office time in words: ``11 ชั่วโมง 20 นาที``."""
    hours, minutes = divmod(max(round(time / timedelta(minutes=1)), 1), 60)
    named = [f"{hours:,} ชั่วโมง"] if hours else []
    named += [f"{minutes} นาที"] if minutes else []
    return " ".join(named)
