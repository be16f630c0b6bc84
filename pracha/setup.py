"""`pracha line setup` and its like: an account made ready at its platform."""

from collections.abc import Mapping
from typing import Literal, TypeVar

from rich.console import Console
from rich.markup import escape

from channels.setup import SetupFailed
from core.settings import Settings, settings
from pracha.channels import PLATFORMS, webhook

Platform = Literal["line", "telegram", "messenger", "instagram"]
FIRST_VARIABLE = {"line": "CHANNEL_SECRET", "telegram": "TOKEN", "messenger": "PAGE_ID", "instagram": "PAGE_ID"}
Kind = TypeVar("Kind")


class NoAccount(Exception):
    """There is no such account in the settings; the words say which there are, or how to make one."""


async def setup(platform: Platform, account: str | None, console: Console) -> int:
    """Set an account up and print what was done. Gives the exit code."""
    current = settings()
    try:
        for line in await _setup(platform, account, current):
            console.print(escape(line), highlight=False, soft_wrap=True)
    except (SetupFailed, NoAccount) as error:
        console.print(f"[red]{escape(str(error))}[/]", highlight=False, soft_wrap=True)
        return 1
    return 0


async def _setup(platform: Platform, wanted: str | None, current: Settings) -> list[str]:
    """A platform's code is loaded only when it is asked for."""
    if platform == "line":
        from channels.line import setup as line

        name, line_account = choose(platform, current.line, wanted)
        return await line.setup(line_account, webhook(current, platform, name), current.city_th)
    if platform == "telegram":
        from channels.telegram import setup as telegram

        name, telegram_account = choose(platform, current.telegram, wanted)
        return await telegram.setup(telegram_account, webhook(current, platform, name), current.city_th)
    from channels.meta import setup as meta

    name, meta_account = choose(platform, current.messenger if platform == "messenger" else current.instagram, wanted)
    return await meta.setup(platform, meta_account, current.city_th, webhook(current, platform, name))


def choose(platform: Platform, accounts: Mapping[str, Kind], wanted: str | None) -> tuple[str, Kind]:
    """The account that is meant: the one named, else the only one, else ``main``.

    Raises:
        NoAccount: when it cannot be told.
    """
    name = wanted or (next(iter(accounts)) if len(accounts) == 1 else "main")
    if name in accounts:
        return name, accounts[name]
    title, page = PLATFORMS[platform], f"docs/channels/{platform}.md"
    if not accounts:
        variable = f"PRACHA_{platform.upper()}__MAIN__{FIRST_VARIABLE[platform]}"
        raise NoAccount(f"No {title} account is configured: .env has no {variable}. {page} explains it step by step.")
    raise NoAccount(f"There is no {title} account {name!r}; choose one with --account: {', '.join(sorted(accounts))}")
