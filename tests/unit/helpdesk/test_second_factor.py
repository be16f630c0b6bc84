"""The second factor: when it is in force, which codes are taken, how often, and who may take it away."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select

from core import clock
from core.audit import AuditEntry
from core.cipher import Cipher
from core.database import Database
from helpdesk import second_factor, staff
from helpdesk.second_factor import SecondFactor
from helpdesk.staff import Member, Role, StaffError
from tests.unit.helpdesk.test_staff import hire

CIPHER = Cipher("a key for tests that is long enough")
SECRET = pyotp.random_base32()
NOW = datetime(2026, 11, 22, 3, 0, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Stops the clock at `NOW`; ``at(seconds=30)`` moves it there from `NOW`."""

    def move(**how: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(**how))

    move()
    return move


def code(secret: str, **later: float) -> str:
    return pyotp.TOTP(secret).at(clock.now() + timedelta(**later))


async def enrol(database: Database, login: str = "suda") -> tuple[Member, str, list[str]]:
    member = await hire(database, login)
    async with database.write() as session:
        secret = await second_factor.begin(session, member, CIPHER)
        member, codes = await second_factor.confirm(session, member, code(secret), CIPHER)
    return member, secret, codes


async def takes(database: Database, member: Member, typed: str) -> bool:
    async with database.write() as session:
        return await second_factor.check(session, member, typed, CIPHER)


async def test_nothing_is_in_force_before_the_first_code(database: Database) -> None:
    member = await hire(database)
    async with database.write() as session:
        secret = await second_factor.begin(session, member, CIPHER)
        assert await second_factor.state(session, member.id) is None
        assert await second_factor.protected(session) == []
    assert not await takes(database, member, code(secret))
    with pytest.raises(StaffError) as refused:
        async with database.write() as session:
            await second_factor.confirm(session, member, "000000", CIPHER)
    assert refused.value.code == "code_wrong"
    async with database.write() as session:
        await second_factor.confirm(session, member, code(secret), CIPHER)
        assert await second_factor.protected(session) == [member.id]
        known = await second_factor.state(session, member.id)
    assert known is not None
    assert known.recovery_left == 10


async def test_the_codes_of_now_and_a_step_beside_are_taken(database: Database, at: Callable[..., None]) -> None:
    member, secret, _ = await enrol(database)
    at(minutes=10)
    for seconds, right in ((-60, False), (-30, True), (0, True), (30, True), (60, False)):
        assert await takes(database, member, code(secret, seconds=seconds)) is right, seconds


async def test_a_code_is_taken_once(database: Database, at: Callable[..., None]) -> None:
    member, secret, _ = await enrol(database)
    assert not await takes(database, member, code(secret))  # it confirmed the set-up
    at(minutes=5)
    assert await takes(database, member, code(secret))
    assert not await takes(database, member, code(secret))
    assert not await takes(database, member, code(secret, seconds=-30))  # nor an older one that was looked at meanwhile
    at(minutes=5, seconds=30)
    assert await takes(database, member, code(secret))


async def test_codes_may_be_typed_as_thais_do(database: Database, at: Callable[..., None]) -> None:
    member, secret, _ = await enrol(database)
    at(minutes=5)
    shown = code(secret)
    thai = shown.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    assert await takes(database, member, f" {thai[:3]} {thai[3:]} ")


@pytest.mark.parametrize("typed", ["", " ", "0", "12345", "1234567", "abcdef", "-", "½½½½½½", "x" * 5000, "１２３"])
async def test_what_is_no_code_is_refused(database: Database, at: Callable[..., None], typed: str) -> None:
    member, _, _ = await enrol(database)
    at(minutes=5)
    assert not await takes(database, member, typed)


async def test_a_recovery_code_is_used_up_and_audited(database: Database) -> None:
    member, _, codes = await enrol(database)
    assert len(set(codes)) == 10
    assert await takes(database, member, codes[3].upper().replace("-", " "))
    assert not await takes(database, member, codes[3])
    assert await takes(database, member, codes[4])
    async with database.read() as session:
        known = await second_factor.state(session, member.id)
        rows = await session.scalars(select(AuditEntry).where(AuditEntry.action == "staff.second_factor.recovery"))
        assert [(row.actor, row.detail["left"]) for row in rows] == [(member.actor, 9), (member.actor, 8)]
    assert known is not None
    assert known.recovery_left == 8


async def test_another_members_codes_open_nothing(database: Database, at: Callable[..., None]) -> None:
    one, _, _ = await enrol(database, "one")
    _, secret, codes = await enrol(database, "two")
    at(minutes=5)
    assert not await takes(database, one, code(secret))
    assert not await takes(database, one, codes[0])


async def test_new_recovery_codes_end_the_old_ones(database: Database) -> None:
    member, _, old = await enrol(database)
    async with database.write() as session:
        new = await second_factor.renew_codes(session, member)
    assert not await takes(database, member, old[0])
    assert await takes(database, member, new[0])


async def test_neither_secret_nor_codes_lie_open(database: Database) -> None:
    member, secret, codes = await enrol(database)
    async with database.read() as session:
        row = await session.get_one(SecondFactor, member.id)
        log = [str(entry.detail) for entry in await session.scalars(select(AuditEntry))]
    kept = f"{row.secret} {row.recovery} {log}"
    assert secret not in kept
    assert not any(one in kept or one.replace("-", "") in kept for one in codes)


async def test_a_secret_copied_to_another_member_opens_nothing(database: Database, at: Callable[..., None]) -> None:
    one, _, _ = await enrol(database, "one")
    two, secret, _ = await enrol(database, "two")
    async with database.write() as session:
        (await session.get_one(SecondFactor, one.id)).secret = (await session.get_one(SecondFactor, two.id)).secret
    at(minutes=5)
    with pytest.raises(StaffError):
        await takes(database, one, code(secret))


async def test_set_up_and_reset_end_sessions_and_are_audited(database: Database, at: Callable[..., None]) -> None:
    before = await hire(database)
    at(seconds=1)
    async with database.write() as session:
        secret = await second_factor.begin(session, before, CIPHER)
        on, _ = await second_factor.confirm(session, before, code(secret), CIPHER)
    at(seconds=2)
    async with database.write() as session:
        off = await second_factor.reset(session, before.id, actor="staff:boss")
    assert before.changed_at != on.changed_at < off.changed_at
    async with database.read() as session:
        rows = await session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("staff.second_factor")))
        lines = {(row.actor, row.action, row.subject) for row in rows}
        assert await second_factor.state(session, before.id) is None
    assert lines == {
        (before.actor, "staff.second_factor.on", before.actor),
        ("staff:boss", "staff.second_factor.off", before.actor),
    }


async def test_what_cannot_be_done_changes_nothing(database: Database) -> None:
    member, _, _ = await enrol(database)
    other = await hire(database, "other")
    for work, refusal in (
        (lambda session: second_factor.begin(session, member, CIPHER), "second_factor_on"),
        (lambda session: second_factor.confirm(session, member, "000000", CIPHER), "second_factor_off"),
        (lambda session: second_factor.pending(session, member, CIPHER), "second_factor_off"),
        (lambda session: second_factor.renew_codes(session, other), "second_factor_off"),
        (lambda session: second_factor.reset(session, other.id, actor="cli"), "second_factor_off"),
        (lambda session: second_factor.reset(session, "stf_nobody", actor="cli"), "staff_unknown"),
    ):
        with pytest.raises(StaffError) as refused:
            async with database.write() as session:
                await work(session)
        assert refused.value.code == refusal
    async with database.read() as session:
        found = await staff.find(session, other.id)
    assert found == other


def test_it_is_required_of_the_roles_that_the_settings_name() -> None:
    member = Member("1", "x", "x", frozenset({"officer", "supervisor"}))
    assert second_factor.required(member, ["supervisor"])
    assert not second_factor.required(member, ["administrator"])
    assert not second_factor.required(member, [])


def test_the_settings_know_the_same_roles() -> None:
    from typing import get_args

    from core.settings import StaffRole

    assert set(get_args(StaffRole)) == set(Role)


def test_the_apps_address_names_city_and_login() -> None:
    made = second_factor.address(Member("1", "suda@town", "สุดา", frozenset()), SECRET, "เทศบาลเมืองธาราใส")
    parsed = pyotp.parse_uri(made)
    assert (parsed.secret, parsed.name, parsed.issuer) == (SECRET, "suda@town", "เทศบาลเมืองธาราใส")
