"""Whose account of a sign-in provider is whose."""

import pytest
from sqlalchemy import select

from core.audit import AuditEntry
from core.database import Database
from helpdesk import identity, staff
from helpdesk.staff import Member, StaffError
from tests.unit.helpdesk.test_staff import hire


async def link(database: Database, member: Member, provider: str = "city", subject: str = "sub-1") -> Member:
    async with database.write() as session:
        return await identity.link(session, member.id, provider, subject, actor="staff:boss")


async def found(database: Database, provider: str = "city", subject: str = "sub-1") -> Member | None:
    async with database.read() as session:
        return await identity.find(session, provider, subject)


async def by_email(database: Database, email: str, subject: str = "sub-1") -> Member | None:
    async with database.write() as session:
        return await identity.link_by_email(session, "city", subject, email)


async def test_a_linked_account_is_found_under_its_provider_only(database: Database) -> None:
    member = await link(database, await hire(database))
    assert await found(database) == member
    assert await found(database, "other") is None
    assert await found(database, subject="SUB-1") is None


async def test_an_e_mail_address_that_is_a_login_links_at_the_first_sign_in(database: Database) -> None:
    member = await hire(database, "suda@city.example")
    linked = await by_email(database, "Suda@city.example")
    assert linked is not None
    assert linked.id == member.id
    assert await found(database) == linked
    async with database.read() as session:
        rows = await session.scalars(select(AuditEntry).where(AuditEntry.action == "staff.identity.link"))
        assert [(row.actor, row.subject, row.detail) for row in rows] == [("oidc:city", member.actor, {"provider": "city"})]


async def test_an_address_given_to_a_newcomer_links_nothing(database: Database) -> None:
    await hire(database, "suda@city.example")
    await by_email(database, "suda@city.example", "sub-1")
    assert await by_email(database, "suda@city.example", "sub-2") is None
    assert await found(database, subject="sub-2") is None


@pytest.mark.parametrize("email", ["", "nobody@city.example", "suda"])
async def test_other_addresses_link_nothing(database: Database, email: str) -> None:
    await hire(database, "suda@city.example")
    assert await by_email(database, email) is None


async def test_a_locked_member_is_neither_linked_nor_found(database: Database) -> None:
    member = await hire(database, "suda@city.example")
    await link(database, await hire(database, "malee"), subject="sub-2")
    async with database.write() as session:
        await staff.lock(session, member.id, actor="cli")
        malee = await staff.named(session, "malee")
        assert malee is not None
        await staff.lock(session, malee.id, actor="cli")
    assert await by_email(database, "suda@city.example") is None
    assert await found(database, subject="sub-2") is None


async def test_one_account_for_one_member_and_one_member_for_one_account(database: Database) -> None:
    suda, malee = await hire(database, "suda"), await hire(database, "malee")
    await link(database, suda)
    for who, subject, code in ((malee, "sub-1", "subject_taken"), (suda, "sub-2", "identity_taken")):
        with pytest.raises(StaffError) as refused:
            await link(database, who, subject=subject)
        assert refused.value.code == code
    await link(database, suda, provider="other")
    async with database.read() as session:
        everybodys = await identity.everybodys(session)
    assert {key: [row.provider for row in rows] for key, rows in everybodys.items()} == {suda.id: ["city", "other"]}


@pytest.mark.parametrize("subject", ["", "x" * 256, "a\nb"])
async def test_a_malformed_subject_is_refused(database: Database, subject: str) -> None:
    with pytest.raises(StaffError) as refused:
        await link(database, await hire(database), subject=subject)
    assert refused.value.code == "subject_malformed"


async def test_unlinking_ends_sign_in_and_sessions(database: Database) -> None:
    member = await link(database, await hire(database))
    async with database.write() as session:
        changed = await identity.unlink(session, member.id, "city", actor="staff:boss")
    assert changed.changed_at > member.changed_at
    assert await found(database) is None
    with pytest.raises(StaffError) as refused:
        async with database.write() as session:
            await identity.unlink(session, member.id, "city", actor="staff:boss")
    assert refused.value.code == "identity_unknown"
