"""The doors of staff: who is taken in, who is let in, and what ends a session."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import clock
from core.audit import AuditEntry
from core.database import Database
from helpdesk import password as passwords
from helpdesk import staff
from helpdesk.staff import RIGHTS, Member, Role, Staff, StaffError

PASSWORD = "ข้าวเหนียวมะม่วง 3 จาน"


async def hire(database: Database, login: str = "suda", *roles: str, name: str = "สุดา", password: str = PASSWORD) -> Member:
    async with database.write() as session:
        return await staff.add(session, login, name, roles or (Role.CURATOR,), password, actor="cli")


async def row(database: Database, member: Member) -> Staff:
    async with database.read() as session:
        return await session.get_one(Staff, member.id)


async def audited(database: Database) -> list[tuple[str, str, str]]:
    async with database.read() as session:
        rows = await session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(one.actor, one.action, one.subject) for one in rows]


async def test_whoever_was_taken_in_is_let_in(database: Database) -> None:
    made = await hire(database, " Suda@Town ", Role.CURATOR, Role.REVIEWER)
    assert made == await staff.check(database, "suda@town", PASSWORD) == await staff.check(database, "SUDA@town ", PASSWORD)
    assert made.roles == {"curator", "reviewer"}
    assert made.actor == f"staff:{made.id}"


async def test_a_password_is_kept_as_argon2id_hash_only(database: Database) -> None:
    stored = (await row(database, await hire(database))).password
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored


@pytest.mark.parametrize(
    ("login", "password"), [("suda", "something else 12"), ("suda", ""), ("nobody", PASSWORD), ("", PASSWORD)]
)
async def test_others_are_not(database: Database, login: str, password: str) -> None:
    await hire(database)
    assert await staff.check(database, login, password) is None


async def test_the_same_letters_typed_in_another_way_are_the_same_password(database: Database) -> None:
    await hire(database, password="น้ำตกพันวาน้ำใส")
    assert await staff.check(database, "suda", "น้ำตกพันวาน้ำใส".replace("ำ", "ํา")) is not None


async def test_an_unknown_login_takes_as_long_as_a_wrong_password(database: Database) -> None:
    await hire(database)

    async def seconds(login: str) -> float:
        began = time.process_time()
        for _ in range(3):
            await staff.check(database, login, "not the password")
        return time.process_time() - began

    known, unknown = await seconds("suda"), await seconds("nobody")
    assert unknown > 0.5 * known


async def test_a_weaker_hash_becomes_todays_at_the_next_log_in_and_no_session_ends(database: Database) -> None:
    member = await hire(database)
    async with database.write() as session:
        (await session.get_one(Staff, member.id)).password = PasswordHasher(time_cost=1, memory_cost=8192).hash(PASSWORD)
    assert await staff.check(database, "suda", PASSWORD) == member
    stored = (await row(database, member)).password
    assert not passwords.outdated(stored)
    assert await passwords.fits(stored, PASSWORD)


@pytest.mark.parametrize("broken", ["", "not a hash", "$argon2id$v=19$m=65536"])
async def test_a_broken_hash_lets_nobody_in(database: Database, broken: str) -> None:
    member = await hire(database)
    async with database.write() as session:
        (await session.get_one(Staff, member.id)).password = broken
    assert await staff.check(database, "suda", PASSWORD) is None


async def test_a_locked_member_is_not_let_in_and_keeps_their_name(database: Database) -> None:
    member = await hire(database)
    async with database.write() as session:
        await staff.lock(session, member.id, actor="cli")
    assert await staff.check(database, "suda", PASSWORD) is None
    async with database.read() as session:
        assert await staff.find(session, member.id) is None
        assert await staff.names(session, [member.actor]) == {member.actor: "สุดา"}
    async with database.write() as session:
        await staff.unlock(session, member.id, actor="cli")
    assert await staff.check(database, "suda", PASSWORD) is not None


Door = Callable[[AsyncSession, str], Awaitable[Member]]
CHANGES: dict[str, Door] = {
    "staff.password": lambda session, who: staff.change_password(session, who, "another password", actor="staff:boss"),
    "staff.roles": lambda session, who: staff.set_roles(session, who, [Role.REVIEWER], actor="staff:boss"),
    "staff.lock": lambda session, who: staff.lock(session, who, actor="staff:boss"),
    "staff.unlock": lambda session, who: staff.unlock(session, who, actor="staff:boss"),
}


@pytest.mark.parametrize("action", CHANGES)
async def test_every_change_is_audited_and_ends_older_sessions(database: Database, action: str) -> None:
    member = await hire(database)
    async with database.write() as session:
        changed = await CHANGES[action](session, member.id)
    assert changed.changed_at > member.changed_at
    assert (await row(database, member)).changed_at == changed.changed_at
    assert ("staff:boss", action, member.actor) in await audited(database)


async def test_the_audit_log_holds_no_password(database: Database) -> None:
    member = await hire(database)
    async with database.write() as session:
        await staff.change_password(session, member.id, "another password", actor="cli")
    async with database.read() as session:
        details = [one.detail for one in await session.scalars(select(AuditEntry))]
    assert "password" not in str(details)
    assert "argon2" not in str(details)


@pytest.mark.parametrize(
    ("login", "name", "roles", "password", "code"),
    [
        ("s", "สุดา", ["curator"], PASSWORD, "login_malformed"),
        ("suda<script>", "สุดา", ["curator"], PASSWORD, "login_malformed"),
        ("สุดา", "สุดา", ["curator"], PASSWORD, "login_malformed"),
        ("suda2", "  ", ["curator"], PASSWORD, "name_missing"),
        ("suda2", "ส" * 81, ["curator"], PASSWORD, "name_missing"),
        ("suda2", "สุดา", [], PASSWORD, "role_missing"),
        ("suda2", "สุดา", ["king"], PASSWORD, "role_unknown"),
        ("suda2", "สุดา", ["curator"], "short", "password_short"),
        ("suda2", "สุดา", ["curator"], "x" * 257, "password_long"),
        ("suda2", "สุดา", ["curator"], "xxxxxxxxxxxxxxx", "password_weak"),
        ("suda@the-town", "สุดา", ["curator"], "Suda@The-Town", "password_weak"),
        ("suda@the-town", "สุดา", ["curator"], "the-town-suda", "password_weak"),
        ("suda2", "สุดา", ["curator"], "กขกขกขกขกขกข", "password_weak"),
        ("suda2", "สุดา", ["curator"], "123456789012", "password_weak"),
        ("suda2", "สุดา", ["curator"], "1qaz2wsx3edc", "password_weak"),
        ("suda2", "สุดา", ["curator"], "P@ssword123456", "password_weak"),
        ("SUDA", "สุดา", ["curator"], PASSWORD, "login_taken"),
    ],
)
async def test_what_is_refused_changes_nothing(
    database: Database, login: str, name: str, roles: list[str], password: str, code: str
) -> None:
    await hire(database)
    with pytest.raises(StaffError) as refused:
        async with database.write() as session:
            await staff.add(session, login, name, roles, password, actor="cli")
    assert refused.value.code == code
    assert str(refused.value)
    assert refused.value.english
    async with database.read() as session:
        assert [one.login for one in await staff.everybody(session)] == ["suda"]


async def test_a_password_somebody_else_gave_must_be_changed_and_ends_after_a_week(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.write() as session:
        made = await staff.add(session, "suda", "สุดา", [Role.CURATOR], PASSWORD, actor="staff:boss", temporary=True)
    assert made.must_change
    assert await staff.check(database, "suda", PASSWORD) == made
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(days=7, minutes=1))
    assert await staff.check(database, "suda", PASSWORD) is None
    monkeypatch.undo()
    async with database.write() as session:
        own = await staff.change_password(session, made.id, "another password", actor=made.actor)
    assert not own.must_change
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(days=700))
    assert await staff.check(database, "suda", "another password") == own


async def test_the_last_administrator_stays(database: Database) -> None:
    boss, other = await hire(database, "boss", Role.ADMINISTRATOR), await hire(database, "other", Role.ADMINISTRATOR)
    async with database.write() as session:
        await staff.lock(session, other.id, actor="cli")
    for change in (CHANGES["staff.lock"], CHANGES["staff.roles"]):
        with pytest.raises(StaffError, match="ผู้ดูแลระบบ"):
            async with database.write() as session:
                await change(session, boss.id)
    assert (await row(database, boss)).roles == ["administrator"]
    async with database.write() as session:
        await staff.unlock(session, other.id, actor="cli")
        await staff.set_roles(session, boss.id, [Role.CURATOR], actor="cli")


async def test_nobody_is_changed_who_does_not_exist(database: Database) -> None:
    for change in CHANGES.values():
        with pytest.raises(StaffError, match="ไม่พบ"):
            async with database.write() as session:
                await change(session, "stf_nobody")


async def test_names_of_everybody_who_may_stand_in_a_history(database: Database) -> None:
    member = await hire(database)
    async with database.read() as session:
        names = await staff.names(session, [member.actor, "cli", "system:content", "staff:gone", None, member.actor])
        assert await staff.names(session, []) == {}
    assert names == {
        member.actor: "สุดา",
        "cli": "ผู้ดูแลเครื่อง",
        "system:content": "เนื้อหาตั้งต้น",
        "staff:gone": "staff:gone",
    }


async def test_only_those_who_may_do_it_can_be_given_work(database: Database) -> None:
    await hire(database, "curator", Role.CURATOR, name="ก")
    reviewer = await hire(database, "reviewer", Role.REVIEWER, name="ข")
    locked = await hire(database, "locked", Role.REVIEWER, name="ค")
    await hire(database, "officer", Role.OFFICER, name="ง")
    async with database.write() as session:
        await staff.lock(session, locked.id, actor="cli")
    async with database.read() as session:
        assert [member.login for member in await staff.members(session, "gap.work")] == ["curator", "reviewer"]
        assert await staff.members(session, "faq.publish") == [reviewer]


def test_rights() -> None:
    may = {role: {right for right in RIGHTS if Member("1", "x", "x", frozenset({role})).may(right)} for role in Role}
    curation = {"faq.read", "faq.write", "faq.switch", "faq.exchange", "gap.work", "synonym.write", "statistics.read"}
    assert may[Role.CURATOR] == curation
    assert may[Role.REVIEWER] == curation | {"faq.publish"}
    assert may[Role.ADMINISTRATOR] - may[Role.REVIEWER] == {"staff.manage", "agency.manage", "audit.read", "dashboard.read"}
    assert may[Role.OFFICER] == {"case.read", "case.work", "chat.read", "chat.work"}
    assert may[Role.SUPERVISOR] - may[Role.OFFICER] == {"case.supervise", "dashboard.read"}
    assert may[Role.AUDITOR] == {"case.read", "chat.read", "dashboard.read", "audit.read"}
    assert set().union(*may.values()) == set(RIGHTS)
    assert not Member("1", "x", "x", frozenset({"a role of a later version"})).may("faq.read")


def test_a_misspelt_right_is_a_mistake_and_no_refusal() -> None:
    with pytest.raises(KeyError):
        Member("1", "x", "x", frozenset({"administrator"})).may("faq.reed")


async def test_hashing_leaves_the_loop_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher())  # at its real cost
    longest, ticking = 0.0, True

    async def tick() -> None:
        nonlocal longest
        while ticking:
            began = time.monotonic()
            await asyncio.sleep(0.001)
            longest = max(longest, time.monotonic() - began)

    ticker = asyncio.create_task(tick())
    began = time.monotonic()
    await asyncio.gather(*(passwords.hashed(PASSWORD) for _ in range(4)))
    whole, ticking = time.monotonic() - began, False
    await ticker
    assert longest < whole / 2


def test_generated_passwords_are_long_and_never_the_same() -> None:
    made = {passwords.generate() for _ in range(50)}
    assert len(made) == 50
    assert all(len(one) >= passwords.SHORTEST for one in made)


def test_the_default_of_a_member_is_older_than_any_change() -> None:
    assert Member("1", "x", "x", frozenset()).changed_at < datetime(2020, 1, 1, tzinfo=UTC)
