"""Handing cases over between agencies, and inviting others: who may, who is told, and how ping-pong ends."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import select

from conversations.message import Message
from core.audit import AuditEntry
from core.database import Database
from helpdesk import case as cases
from helpdesk import forwarding
from helpdesk.agency import HOME, Agency, CaseShare, Unit
from helpdesk.agency_error import (
    CaseFinished,
    NobodyThere,
    NotYours,
    ReasonMissing,
    ReasonTooLong,
    SameAgency,
    SupervisorNeeded,
    TooManyHops,
    UnknownAgency,
    UnknownUnit,
)
from helpdesk.case import Case, CaseEvent
from helpdesk.error import CaseChanged
from helpdesk.role import Role
from helpdesk.staff import Member
from helpdesk.staff_notice import StaffNotice
from helpdesk.visibility import may_see, may_work

from .conftest import Opener
from .desk import Desk

WHY = "ถนนเส้นนี้อยู่ในความดูแลของแขวงทางหลวง"
ROADS, RURAL = "agc_highways", "agc_rural_roads"
Act = Callable[..., Awaitable[Case]]


@pytest.fixture
def forward(database: Database) -> Act:
    """Hands a case over in a transaction of its own: ``await forward(case, officer, ROADS)``."""

    async def act(case: Case, member: Member, to: str, unit: str | None = None, **more: Any) -> Case:
        async with database.write() as session:
            given = {"reason": WHY, "key": f"{case.version}"} | more
            return await forwarding.forward(session, case, member, to, unit, **given)

    return act


@pytest.fixture
def invite(database: Database) -> Act:
    async def act(case: Case, member: Member, to: str, **more: Any) -> Case:
        async with database.write() as session:
            return await forwarding.invite(session, case, member, to, **({"reason": "ต้องปิดถนนด้วยกัน", "key": "i1"} | more))

    return act


class Crew:
    """An officer of the city and of two other agencies, and the city's supervisor."""

    def __init__(self, city: Member, roads: Member, rural: Member, lead: Member) -> None:
        self.city, self.roads, self.rural, self.lead = city, roads, rural, lead


@pytest.fixture
async def crew(desk: Desk) -> Crew:
    officers = [await desk.hire(Role.OFFICER, agency=one) for one in ("", ROADS, RURAL)]
    return Crew(*officers, await desk.hire(Role.SUPERVISOR))


async def rows(database: Database, table: Any) -> list[Any]:
    async with database.read() as session:
        return list(await session.scalars(select(table)))


async def test_the_new_agency_has_the_case_with_history_notice_and_audit(
    crew: Crew, forward: Act, opened: Opener, database: Database
) -> None:
    case = await forward(await opened(), crew.city, ROADS)
    assert (case.agency_id, case.unit_id, case.unit, case.hops, case.version) == (ROADS, None, "แขวงทางหลวง", 1, 2)
    assert case.routed_because == f"ส่งต่อให้ แขวงทางหลวง เพราะ{WHY}"
    event = next(event for event in await rows(database, CaseEvent) if event.kind == "forwarded")
    assert (event.text, event.public, event.actor) == (f"ส่งต่อให้ แขวงทางหลวง: {WHY}", True, crew.city.actor)
    assert (event.detail["from"], event.detail["to"]) == (HOME, ROADS)
    (said,) = await rows(database, Message)
    assert "ส่งต่อให้แขวงทางหลวงดูแลแล้วค่ะ" in said.content["text"]
    assert {"label": "เหตุผล", "value": WHY} in said.content["fields"]
    line = next(line for line in await rows(database, AuditEntry) if line.action == "case.forward")
    assert (line.actor, line.subject, line.detail["to"]) == (crew.city.actor, f"case:{case.number}", ROADS)


async def test_the_new_agency_is_told_and_the_city_goes_on_reading(
    crew: Crew, forward: Act, opened: Opener, database: Database
) -> None:
    case = await forward(await opened(), crew.city, ROADS)
    assert [told.staff_id for told in await rows(database, StaffNotice)] == [crew.roads.id]
    async with database.read() as session:
        seen = [await may_see(session, member, case) for member in (crew.roads, crew.city, crew.rural)]
        assert seen == [True, True, False]


async def test_of_a_confidential_case_the_city_keeps_nothing(
    crew: Crew, forward: Act, opened: Opener, database: Database
) -> None:
    case = await forward(await opened(category="staff-conduct", place=None), crew.city, ROADS)
    async with database.read() as session:
        assert not await may_see(session, crew.city, case)
        public = await cases.timeline(session, case, "public")
        assert "แขวงทางหลวง" not in str(public)


async def test_a_repeat_changes_nothing(crew: Crew, forward: Act, opened: Opener, database: Database) -> None:
    first = await forward(await opened(), crew.city, ROADS, key="k")
    again = await forward(first, crew.city, ROADS, key="k")
    assert (again.hops, again.version) == (1, 2)
    assert len(await rows(database, Message)) == 1


async def test_another_unit_of_the_same_agency_is_no_hop(crew: Crew, forward: Act, opened: Opener, database: Database) -> None:
    async with database.read() as session:
        health = await session.scalar(select(Unit.id).where(Unit.name_th == "กองสาธารณสุขและสิ่งแวดล้อม"))
    case = await forward(await opened(), crew.city, HOME, health)
    assert (case.agency_id, case.unit_id, case.unit, case.hops) == (HOME, health, "กองสาธารณสุขและสิ่งแวดล้อม", 0)
    with pytest.raises(SameAgency, match="กองสาธารณสุข"):
        await forward(case, crew.city, HOME, health)


async def test_back_to_who_had_it_needs_a_supervisor(crew: Crew, forward: Act, opened: Opener) -> None:
    case = await forward(await opened(), crew.city, ROADS)
    with pytest.raises(SupervisorNeeded, match="เคยรับเรื่องนี้แล้ว"):
        await forward(case, crew.roads, HOME)
    case = await forward(case, crew.roads, RURAL)
    with pytest.raises(SupervisorNeeded):
        await forward(case, crew.rural, ROADS)
    case = await forward(case, crew.lead, ROADS)
    assert (case.agency_id, case.hops) == (ROADS, 3)


async def test_the_agencys_own_supervisor_may_send_it_back(desk: Desk, crew: Crew, forward: Act, opened: Opener) -> None:
    lead = await desk.hire(Role.SUPERVISOR, agency=ROADS)
    case = await forward(await opened(), crew.city, ROADS)
    assert (await forward(case, lead, HOME)).hops == 2


async def test_after_four_hops_only_the_citys_supervisor_decides(
    desk: Desk, crew: Crew, forward: Act, opened: Opener, database: Database
) -> None:
    theirs = await desk.hire(Role.SUPERVISOR, agency=ROADS)
    await desk.hire(Role.OFFICER, agency="agc_police")
    case = await opened()
    for member, to in ((crew.city, RURAL), (crew.rural, ROADS), (theirs, HOME), (crew.lead, ROADS)):
        case = await forward(case, member, to)
    assert case.hops == forwarding.MOST_HOPS
    with pytest.raises(TooManyHops, match="ถูกส่งต่อมาแล้ว 4 ครั้ง ต้องให้หัวหน้างานของเทศบาลเมืองธาราใส"):
        await forward(case, theirs, "agc_police")
    stuck = [told.staff_id for told in await rows(database, StaffNotice) if told.kind == "stuck"]
    assert stuck == [crew.lead.id]
    assert (await forward(case, crew.lead, "agc_police")).hops == 5


async def test_a_stuck_confidential_case_is_shown_to_the_city(
    crew: Crew, forward: Act, opened: Opener, database: Database
) -> None:
    case = await forward(await opened(category="staff-conduct", place=None), crew.city, ROADS)
    async with database.write() as session:
        (await session.get_one(Case, case.id)).hops = forwarding.MOST_HOPS - 1
    case = await forward(case, crew.roads, RURAL)
    async with database.read() as session:
        assert await may_see(session, crew.lead, case)


async def test_who_is_not_responsible_hands_nothing_over(crew: Crew, forward: Act, invite: Act, opened: Opener) -> None:
    case = await opened()
    with pytest.raises(NotYours, match=case.number):
        await forward(case, crew.roads, RURAL)
    case = await invite(case, crew.city, ROADS)
    with pytest.raises(NotYours):  # a guest is not the host
        await forward(case, crew.roads, RURAL)
    with pytest.raises(NotYours):
        await invite(case, crew.roads, RURAL, key="i2")


async def test_bad_wishes_are_said_and_change_nothing(crew: Crew, forward: Act, opened: Opener, database: Database) -> None:
    case = await opened()
    async with database.write() as session:
        foreign = await session.scalar(select(Unit.id).where(Unit.agency_id == "agc_police"))
        (await session.get_one(Agency, RURAL)).is_on = False
    for error, to, more in (
        (ReasonMissing, ROADS, {"reason": "  "}),
        (ReasonTooLong, ROADS, {"reason": "ก" * 501}),
        (UnknownAgency, "agc_none", {}),
        (UnknownAgency, RURAL, {}),
        (UnknownUnit, ROADS, {"unit": foreign}),
        (NobodyThere, "agc_pea", {}),
        (CaseChanged, ROADS, {"version": 7}),
    ):
        with pytest.raises(error):
            await forward(case, crew.city, to, **more)
    (kept,) = await rows(database, Case)
    assert (kept.agency_id, kept.hops, kept.version) == (HOME, 0, 1)
    assert await rows(database, Message) == []


async def test_a_finished_case_goes_nowhere(crew: Crew, forward: Act, opened: Opener, moved: Act) -> None:
    case = await moved(await opened(), "accepted", "done")
    with pytest.raises(CaseFinished, match="ดำเนินการเสร็จแล้ว"):
        await forward(case, crew.city, ROADS)


async def test_an_invited_agency_works_beside_and_the_citizen_is_told_nothing(
    crew: Crew, invite: Act, opened: Opener, database: Database
) -> None:
    case = await opened()
    for key in ("i1", "i1", "i2"):
        case = await invite(case, crew.city, ROADS, key=key)
    assert (case.agency_id, case.hops, case.version) == (HOME, 0, 1)
    events = [event for event in await rows(database, CaseEvent) if event.kind == "invited"]
    assert [(event.text, event.public) for event in events] == [("เชิญ แขวงทางหลวง ร่วมดำเนินการ: ต้องปิดถนนด้วยกัน", False)]
    assert [told.staff_id for told in await rows(database, StaffNotice)] == [crew.roads.id]
    assert await rows(database, Message) == []
    async with database.read() as session:
        assert await may_work(session, crew.roads, case)
        assert [agency.id for agency in await forwarding.invited(session, case)] == [ROADS]


async def test_the_responsible_agency_is_not_invited(crew: Crew, invite: Act, opened: Opener) -> None:
    with pytest.raises(SameAgency, match="เทศบาลเมืองธาราใส"):
        await invite(await opened(), crew.city, HOME)


async def test_to_a_confidential_case_a_supervisor_invites(crew: Crew, invite: Act, opened: Opener) -> None:
    case = await opened(category="staff-conduct", place=None)
    with pytest.raises(SupervisorNeeded, match="เป็นความลับ"):
        await invite(case, crew.city, ROADS)
    assert (await invite(case, crew.lead, ROADS)).id == case.id


async def test_an_invitation_ends(crew: Crew, invite: Act, opened: Opener, database: Database) -> None:
    case = await invite(await opened(), crew.city, ROADS)
    for _ in range(2):
        async with database.write() as session:
            await forwarding.dismiss(session, case, crew.city, ROADS, key="d")
    async with database.read() as session:
        assert not await may_see(session, crew.roads, case)
    assert len([event for event in await rows(database, CaseEvent) if event.kind == "dismissed"]) == 1


async def test_a_guest_who_gets_the_case_is_a_guest_no_more(
    crew: Crew, forward: Act, invite: Act, opened: Opener, database: Database
) -> None:
    case = await invite(await opened(), crew.city, ROADS)
    await forward(case, crew.city, ROADS)
    assert [share.agency_id for share in await rows(database, CaseShare)] == [HOME]
