"""`pracha outbox`: dead letters looked at and sent again."""

import asyncio

import pytest
from sqlalchemy import select

from conversations import conversation, outbox
from conversations.content import Text
from conversations.outbox import PENDING, STOPPED, Outgoing
from core.audit import AuditEntry
from core.database import Database
from core.settings import settings
from pracha import outbox as commands
from tests.unit.pracha.operator import Operator

WORDS = "ไฟถนนดับหน้าบ้านเลขที่ 12"


@pytest.fixture
def letters(operator: Operator) -> list[str]:
    """Two dead letters of LINE (one may have arrived), one of Telegram, and one message that waits; their ids."""

    async def write(database: Database) -> None:
        async with database.write() as session:
            for number, (channel, account) in enumerate(
                [("line", "main"), ("line", "north"), ("telegram", "main"), ("line", "main")]
            ):
                owner = await conversation.find_or_open(session, channel, account, "U-somchai")
                await outbox.put(session, owner, "bot", Text(text=WORDS), key=str(number))
            rows = await session.scalars(select(Outgoing).order_by(Outgoing.key))
            for row in rows.all()[:3]:
                row.state, row.reason, row.attempts = STOPPED, "ไม่รับ [400]", 12
                row.uncertain = row.account == "north"

    operator.prepare(write)
    return [row.id for row in rows()]


def rows() -> list[Outgoing]:
    return list(asyncio.run(_all(Outgoing, Outgoing.key)))


def audited() -> list[tuple[str, str, str]]:
    return [(one.actor, one.action, one.subject) for one in asyncio.run(_all(AuditEntry, AuditEntry.id))]


async def _all(kind, order):  # type: ignore[no-untyped-def]
    database = Database(settings().database)
    async with database.read() as session:
        found = (await session.scalars(select(kind).order_by(order))).all()
    await database.close()
    return found


def states() -> list[str]:
    return [row.state for row in rows()]


def test_dead_letters_are_listed_without_words_or_citizens(operator: Operator, letters: list[str]) -> None:
    code, shown = operator.shown(lambda console: commands.show_all("dead", 50, console))
    assert code == 0
    assert all(row_id in shown for row_id in letters[:3])
    assert letters[3] not in shown
    assert "ไม่รับ [400]; may have arrived" in shown
    assert "3 dead letters, 3 shown" in shown
    assert WORDS not in shown
    assert "U-somchai" not in shown


def test_what_waits_can_be_listed_and_the_list_kept_short(operator: Operator, letters: list[str]) -> None:
    _, shown = operator.shown(lambda console: commands.show_all("pending", 50, console))
    assert letters[3] in shown
    _, shown = operator.shown(lambda console: commands.show_all("dead", 1, console))
    assert "3 dead letters, 1 shown" in shown


def test_one_message_is_shown_and_its_words_only_when_asked_for(operator: Operator, letters: list[str]) -> None:
    code, shown = operator.shown(lambda console: commands.show(letters[0], False, console))
    assert (code, "line main" in shown, WORDS in shown, audited()) == (0, True, False, [])
    code, shown = operator.shown(lambda console: commands.show(letters[0], True, console))
    assert (code, WORDS in shown, audited()) == (0, True, [("cli", "outbox.read", f"outbox:{letters[0]}")])
    assert "U-somchai" not in shown
    assert operator.shown(lambda console: commands.show("out_none", True, console))[0] == 1


def test_dead_letters_are_sent_again_by_id(operator: Operator, letters: list[str]) -> None:
    result = operator.command("outbox", "retry", letters[0], letters[2])
    assert (result.exit_code, "2 to be sent again" in result.output) == (0, True)
    assert states() == [PENDING, STOPPED, PENDING, PENDING]
    assert sorted(audited()) == sorted(("cli", "outbox.again", f"outbox:{one}") for one in (letters[0], letters[2]))
    result = operator.command("outbox", "retry", letters[0])  # no dead letter any more
    assert (result.exit_code, f"{letters[0]} is no dead letter" in result.output.replace("\n", " ")) == (1, True)


@pytest.mark.parametrize(
    ("options", "after"),
    [
        (["--channel", "line"], [PENDING, PENDING, STOPPED, PENDING]),
        (["--channel", "line", "--account", "north"], [STOPPED, PENDING, STOPPED, PENDING]),
        (["--all"], [PENDING] * 4),
    ],
)
def test_dead_letters_are_sent_again_by_account_or_all(
    operator: Operator, letters: list[str], options: list[str], after: list[str]
) -> None:
    assert operator.command("outbox", "retry", *options).exit_code == 0
    assert states() == after


@pytest.mark.parametrize("options", [[], ["--account", "main"], ["--all", "--channel", "line"], ["out_1", "--all"]])
def test_an_unclear_choice_changes_nothing(operator: Operator, letters: list[str], options: list[str]) -> None:
    assert operator.command("outbox", "retry", *options).exit_code == 2
    assert states() == [STOPPED, STOPPED, STOPPED, PENDING]


def test_the_commands_are_wired(operator: Operator, letters: list[str]) -> None:
    assert letters[3] in operator.command("outbox", "--state", "pending").output
    assert WORDS in operator.command("outbox", "show", letters[0], "--text").output
    assert operator.command("outbox", "--state", "lost").exit_code == 2
