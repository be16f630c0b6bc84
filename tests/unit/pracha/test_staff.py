"""`pracha staff`: the console's people from the command line."""

import asyncio
import re

import pyotp
import pytest
from sqlalchemy import select

from core import clock
from core.audit import AuditEntry
from core.cipher import Cipher
from core.database import Database
from core.settings import settings
from helpdesk import second_factor, staff
from helpdesk.staff import Member, Staff
from tests.unit.pracha.operator import Operator

PASSWORD = "a long enough password"


@pytest.fixture
def empty(operator: Operator) -> Operator:
    async def nothing(_database: Database) -> None:
        pass

    operator.prepare(nothing)
    return operator


def add(operator: Operator, login: str = "malee", *more: str) -> str:
    """Take somebody in with a generated password, which is what the command printed."""
    result = operator.command("staff", "add", login, "--role", "administrator", "--generate", *more)
    assert result.exit_code == 0, result.output
    found = re.search(r"password: (\S+)", result.output)
    assert found is not None
    return found[1]


def check(login: str, password: str) -> Member | None:
    async def look() -> Member | None:
        database = Database(settings().database)
        found = await staff.check(database, login, password)
        await database.close()
        return found

    return asyncio.run(look())


def rows() -> list[Staff]:
    return _read(select(Staff).order_by(Staff.login))


def _read(query):  # type: ignore[no-untyped-def]
    async def look():  # type: ignore[no-untyped-def]
        database = Database(settings().database)
        async with database.read() as session:
            found = list(await session.scalars(query))
        await database.close()
        return found

    return asyncio.run(look())


def test_a_generated_password_opens_the_console(empty: Operator) -> None:
    password = add(empty, "malee", "--name", "มาลี")
    member = check("malee", password)
    assert member is not None
    assert (member.name, member.roles) == ("มาลี", {"administrator"})
    assert [(entry.actor, entry.action) for entry in _read(select(AuditEntry))] == [("cli", "staff.add")]


def test_a_password_is_asked_for_twice_and_shown_never(empty: Operator) -> None:
    result = empty.command("staff", "add", "malee", "--role", "curator", "--role", "reviewer", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    assert PASSWORD not in result.output
    member = check("malee", PASSWORD)
    assert member is not None
    assert member.roles == {"curator", "reviewer"}


@pytest.mark.parametrize(
    ("words", "typed", "told"),
    [
        (("add", "Ma Lee", "--role", "curator", "--generate"), "", "A login has"),
        (("add", "malee2", "--role", "king", "--generate"), "", "no such role"),
        (("add", "malee2", "--role", "curator"), "short\nshort\n", "at least 12 characters"),
        (("add", "malee", "--role", "curator", "--generate"), "", "taken"),
        (("lock", "malee"), "", "At least one administrator"),
        (("lock", "nobody"), "", "no such member"),
        (("unlock", "nobody"), "", "no such member"),
        (("roles", "malee", "--role", "curator"), "", "At least one administrator"),
        (("password", "nobody", "--generate"), "", "no such member"),
    ],
)
def test_what_cannot_be_done_is_said_and_ends_with_1(empty: Operator, words: tuple[str, ...], typed: str, told: str) -> None:
    password = add(empty)
    result = empty.command("staff", *words, typed=typed)
    assert result.exit_code == 1
    assert told in result.output
    assert [row.login for row in rows()] == ["malee"]
    assert check("malee", password) is not None


def test_a_password_is_no_argument(empty: Operator) -> None:
    assert empty.command("staff", "add", "malee", PASSWORD, "--role", "curator").exit_code == 2
    assert empty.command("staff", "add", "malee", "--password", PASSWORD, "--role", "curator").exit_code == 2


def test_lock_unlock_roles_password_and_list(empty: Operator) -> None:
    add(empty)
    old = add(empty, "somchai")
    assert empty.command("staff", "roles", "somchai", "--role", "reviewer").output.strip() == "somchai: reviewer"
    assert empty.command("staff", "lock", "SOMCHAI").exit_code == 0
    assert check("somchai", old) is None
    shown = empty.command("staff", "list").output
    assert re.search(r"somchai .*reviewer .*\d{4}", shown)
    assert empty.command("staff", "unlock", "somchai").exit_code == 0
    assert check("somchai", old) is not None
    found = re.search(r"password: (\S+)", empty.command("staff", "password", "somchai", "--generate").output)
    assert found is not None
    assert check("somchai", old) is None
    assert check("somchai", found[1]) is not None


def test_the_list_of_nobody_says_how_to_begin(empty: Operator) -> None:
    assert "pracha staff add" in empty.command("staff", "list").output


def test_a_lost_second_factor_is_taken_away(empty: Operator) -> None:
    add(empty)

    async def enrol(database: Database) -> None:
        cipher = Cipher("a key for tests that is long enough")
        async with database.write() as session:
            row = await staff.named(session, "malee")
            assert row is not None
            member = await staff.find(session, row.id)
            assert member is not None
            secret = await second_factor.begin(session, member, cipher)
            await second_factor.confirm(session, member, pyotp.TOTP(secret).at(clock.now()), cipher)

    empty.prepare(enrol)
    assert re.search(r"malee .* yes", empty.command("staff", "list").output)
    assert empty.command("staff", "reset-second-factor", "malee").exit_code == 0
    assert not re.search(r"malee .* yes", empty.command("staff", "list").output)
    again = empty.command("staff", "reset-second-factor", "malee")
    assert (again.exit_code, "No second factor" in again.output) == (1, True)
    lines = [(entry.actor, entry.action) for entry in _read(select(AuditEntry).order_by(AuditEntry.id))]
    assert lines[-1] == ("cli", "staff.second_factor.off")


def test_accounts_elsewhere_are_linked_and_unlinked(empty: Operator) -> None:
    add(empty)
    unknown = empty.command("staff", "link", "malee", "city", "subject-1")
    assert (unknown.exit_code, "No such provider" in unknown.output) == (1, True)
    empty.set("PRACHA_OIDC__CITY__ISSUER", "https://login.city.example")
    empty.set("PRACHA_OIDC__CITY__CLIENT_ID", "pracha")
    assert empty.command("staff", "link", "malee", "city", "subject-1").exit_code == 0
    assert re.search(r"malee .* city", empty.command("staff", "list").output)
    assert empty.command("staff", "link", "malee", "city", "subject-2").exit_code == 1
    assert empty.command("staff", "unlink", "malee", "city").exit_code == 0
    assert empty.command("staff", "unlink", "malee", "city").exit_code == 1
