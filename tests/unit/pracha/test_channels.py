"""`pracha channels` and the setting up of accounts, as an operator sees them."""

import itertools
from datetime import timedelta

import pytest

from channels import account
from channels.inbox import InboxEvent
from conversations import conversation, outbox
from conversations.content import Text
from conversations.outbox import PENDING, SENT, STOPPED
from core import clock
from core.database import Database
from pracha import channels
from pracha.setup import NoAccount, choose
from tests.unit.pracha.operator import Operator

TOKEN = "a-token-that-nobody-may-see"


def configure(operator: Operator) -> None:
    operator.set("PRACHA_LINE__MAIN__CHANNEL_SECRET", TOKEN)
    operator.set("PRACHA_LINE__MAIN__ACCESS_TOKEN", TOKEN)
    operator.set("PRACHA_TELEGRAM__MAIN__TOKEN", TOKEN)


async def busy(database: Database) -> None:
    """LINE: an event, 2 waiting, 1 sent, 1 dead letter, broken, a quota. An account that is gone from the settings: 1 waiting."""
    now, numbers = clock.now(), itertools.count()
    async with database.write() as session:
        line = await conversation.find_or_open(session, "line", "main", "U1")
        old = await conversation.find_or_open(session, "line", "old", "U2")
        event = {"channel": "line", "account": "main", "event_id": "e", "conversation_id": line.id, "at": now, "content": {}}
        session.add(
            InboxEvent(**event, received_at=clock.now().replace(year=2025, month=11, day=22, hour=7, minute=30, second=5))
        )
        for owner, states in ((line, (PENDING, PENDING, SENT, STOPPED)), (old, (PENDING,))):
            for state in states:
                said = await outbox.put(session, owner, "bot", Text(text="ความลับ"), key=str(next(numbers)))
                row = await session.scalar(outbox.select(outbox.Outgoing).where(outbox.Outgoing.message_id == said.id))
                assert row is not None
                row.state, row.sent_at = state, now if state == SENT else None
        until = now + timedelta(seconds=30)
        values = {"failure": "LINE ไม่ตอบ [timeout]", "failed_at": now, "open_until": until, "quota_limit": 500, "quota_used": 450}
        await account.note(session, "line", "main", **values)


async def nothing(_: Database) -> None:
    return


def line_of(text: str, start: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(start))


def test_every_account_is_shown_with_what_is_known_of_it(operator: Operator) -> None:
    configure(operator)
    operator.prepare(busy)
    code, shown = operator.shown(channels.show)
    assert code == 0
    words = line_of(shown, "line main ").split()
    assert words[:10] == ["line", "main", "2025-11-22", "14:30:05", "2", "1", "1", "broken,", "next", "try"]
    assert words[-3:] == ["450", "/", "500"]
    assert line_of(shown, "telegram main ").split() == ["telegram", "main", "never", "0", "0", "0", "ok"]
    assert "line main: webhook https://city.example/webhooks/line/main" in shown
    assert "LINE ไม่ตอบ [timeout]" in shown
    assert "line old: not in the settings any more" in shown
    assert "Messenger: not configured; see docs/channels/messenger.md" in shown
    assert "LINE: not configured" not in shown
    assert TOKEN not in shown
    assert "ความลับ" not in shown


def test_nothing_has_happened_yet(operator: Operator) -> None:
    operator.prepare(nothing)
    code, shown = operator.shown(channels.show)
    assert (code, line_of(shown, "web default").split()) == (0, ["web", "default", "never", "0", "0", "0", "ok"])
    assert operator.command("channels").exit_code == 0


@pytest.mark.parametrize("platform", ["line", "telegram", "messenger", "instagram"])
def test_setting_up_what_is_not_configured_names_the_variable_and_the_page(operator: Operator, platform: str) -> None:
    result = operator.command(platform, "setup")
    assert result.exit_code == 1
    assert f"PRACHA_{platform.upper()}__MAIN__" in result.output
    assert f"docs/channels/{platform}.md" in result.output


def test_what_a_platform_needs_is_told_in_one_line(operator: Operator) -> None:
    configure(operator)
    operator.set("PRACHA_PUBLIC_URL", "http://city.example")  # platforms call https addresses only
    for platform in ("line", "telegram"):
        result = operator.command(platform, "setup")
        assert (result.exit_code, "https" in result.output, "Traceback" in result.output) == (1, True, False)
        assert TOKEN not in result.output


def test_an_account_is_chosen_by_name_or_when_it_is_the_only_one() -> None:
    assert choose("line", {"north": 1}, None) == ("north", 1)
    assert choose("line", {"north": 1, "main": 2}, None) == ("main", 2)
    assert choose("line", {"north": 1, "main": 2}, "north") == ("north", 1)
    with pytest.raises(NoAccount, match="--account: east, north"):
        choose("line", {"north": 1, "east": 2}, None)


@pytest.mark.parametrize(
    ("name", "value", "named"),
    [
        ("PRACHA_LINE__MAIN__ACCESS_TOKEN", TOKEN, "PRACHA_LINE__MAIN__CHANNEL_SECRET: is missing"),
        ("PRACHA_API_KEYS", TOKEN, "PRACHA_API_KEYS"),
        ("PRACHA_PORT", TOKEN, "PRACHA_PORT"),
        ("PRACHA_MESSENGER", TOKEN, "PRACHA_MESSENGER"),
    ],
)
@pytest.mark.parametrize("command", [["channels"], ["outbox"], ["line", "setup"], ["case", "show", "P69-000123-8"], ["migrate"]])
def test_wrong_settings_end_every_command_with_the_variables_name(
    operator: Operator, command: list[str], name: str, value: str, named: str
) -> None:
    operator.set(name, value)
    result = operator.command(*command)
    assert (result.exit_code, named in result.output) == (1, True)
    assert TOKEN not in result.output
    assert "Traceback" not in result.output


def test_a_database_without_tables_is_told(operator: Operator) -> None:
    result = operator.command("outbox")
    assert (result.exit_code, "pracha migrate" in result.output) == (1, True)
