"""`pracha channels`: which accounts are configured, and how each of them does."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from channels.account import ChannelAccount
from channels.inbox import InboxEvent
from conversations.outbox import PENDING, SENDING, SENT, STOPPED, Outgoing
from core import clock
from core.database import Database
from core.settings import Settings, settings
from pracha.tables import import_all

PLATFORMS = {"line": "LINE", "telegram": "Telegram", "messenger": "Messenger", "instagram": "Instagram"}
OWN = ("web", "api")  # need no settings

Account = tuple[str, str]


@dataclass
class Figures:
    """How one account does. Times are aware; ``known`` is None when nothing of note has happened yet."""

    heard_at: datetime | None = None
    waiting: int = 0
    sent: int = 0
    dead: int = 0
    known: ChannelAccount | None = None


async def show(console: Console) -> int:
    """Print all accounts, configured or not. Gives the exit code."""
    import_all()
    current = settings()
    database = Database(current.database)
    async with database.read() as session:
        figures = await collect(session, clock.now())
    await database.close()
    accounts = configured(current)
    strays = [key for key in sorted(figures) if key not in accounts]
    console.print(_table({key: figures.get(key, Figures()) for key in (*accounts, *strays)}))
    for line in _notes(current, accounts, strays, figures):
        console.print(line, highlight=False, soft_wrap=True)
    return 0


def configured(current: Settings) -> list[Account]:
    """Every account of this installation."""
    platforms = [(channel, account) for channel in PLATFORMS for account in getattr(current, channel)]
    return [*platforms, *((channel, "default") for channel in OWN)]


def webhook(current: Settings, channel: str, account: str) -> str:
    """Where a platform posts its events."""
    return f"{current.base_url}/webhooks/{channel}/{account}"


async def collect(session: AsyncSession, now: datetime) -> dict[Account, Figures]:
    """The figures of every account that left a trace."""
    found: dict[Account, Figures] = {}

    def of(channel: str, account: str) -> Figures:
        return found.setdefault((channel, account), Figures())

    inbox = select(InboxEvent.channel, InboxEvent.account, func.max(InboxEvent.received_at))
    for channel, account, at in await session.execute(inbox.group_by(InboxEvent.channel, InboxEvent.account)):
        of(channel, account).heard_at = at
    day = (Outgoing.state != SENT) | (Outgoing.sent_at > now - timedelta(hours=24))
    outbox = select(Outgoing.channel, Outgoing.account, Outgoing.state, func.count()).where(day)
    for channel, account, state, count in await session.execute(
        outbox.group_by(Outgoing.channel, Outgoing.account, Outgoing.state)
    ):
        one = of(channel, account)
        one.waiting += count if state in {PENDING, SENDING} else 0
        one.sent += count if state == SENT else 0
        one.dead += count if state == STOPPED else 0
    for known in await session.scalars(select(ChannelAccount)):
        of(known.channel, known.account).known = known
    return found


def _table(figures: dict[Account, Figures]) -> Table:
    table = Table("account", "last event", box=None, header_style="bold", pad_edge=False)
    for name in ("waiting", "sent in 24 h", "dead letters"):
        table.add_column(name, justify="right")
    table.add_column("platform")
    table.add_column("quota", justify="right")
    for (channel, account), one in figures.items():
        dead = f"[red]{one.dead}[/]" if one.dead else "0"
        came, platform = moment(one.heard_at), _platform(one.known)
        table.add_row(f"{channel} {escape(account)}", came, str(one.waiting), str(one.sent), dead, platform, _quota(one.known))
    return table


def _notes(current: Settings, accounts: list[Account], strays: list[Account], figures: dict[Account, Figures]) -> Iterator[str]:
    yield ""
    for channel, account in (*accounts, *strays):
        if channel in PLATFORMS and (channel, account) in accounts:
            yield f"{channel} {escape(account)}: webhook {escape(webhook(current, channel, account))}"
        known = figures.get((channel, account), Figures()).known
        if known is not None and known.failure:
            yield f"{channel} {escape(account)}: failed last {moment(known.failed_at)}: {escape(known.failure)}"
    for channel, account in strays:
        yield f"[yellow]{channel} {escape(account)}: not in the settings any more[/]"
    for channel, title in PLATFORMS.items():
        if not getattr(current, channel):
            yield f"{title}: not configured; see docs/channels/{channel}.md"


def _platform(known: ChannelAccount | None) -> str:
    if known is None or known.open_until is None:
        return "[green]ok[/]"
    if known.open_until > clock.now():
        return f"[red]broken, next try {clock.local(known.open_until):%H:%M:%S}[/]"
    return "[yellow]broken, being tried[/]"


def _quota(known: ChannelAccount | None) -> str:
    if known is None or known.quota_used is None:
        return ""
    text = f"{known.quota_used} / {'no limit' if known.quota_limit is None else known.quota_limit}"
    spent = known.quota_limit is not None and known.quota_used * 100 >= known.quota_limit * 80
    return f"[red]{text}[/]" if spent else text


def moment(at: datetime | None) -> str:
    """A time on a Bangkok clock, for operators: ``2026-11-22 14:30:05``."""
    return "never" if at is None else f"{clock.local(at):%Y-%m-%d %H:%M:%S}"
