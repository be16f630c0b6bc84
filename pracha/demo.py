"""What a newcomer needs to try the running system: addresses, the API key and log-ins, kept in `var/demo.json`."""

import json
from pathlib import Path
from typing import Any

from rich.console import Console

from core.database import Database
from core.settings import Settings
from helpdesk import password as passwords
from helpdesk import staff
from helpdesk.role import TITLES, Role
from pracha.secrets import write_private

STAFF = {
    "curator@demo": Role.CURATOR,
    "reviewer@demo": Role.REVIEWER,
    "admin@demo": Role.ADMINISTRATOR,
    "officer@demo": Role.OFFICER,
    "supervisor@demo": Role.SUPERVISOR,
    "auditor@demo": Role.AUDITOR,
}

Login = dict[str, Any]  # {"login": "curator@demo", "password": "…", "roles": ["curator"]}


async def logins(settings: Settings) -> list[Login]:
    """The demo's staff with their passwords: made when there is no staff yet, else those of `var/demo.json` that still work.

    They are never made where `Settings.may_demonstrate` says no.
    """
    database = Database(settings.database)
    try:
        async with database.read() as session:
            empty = not await staff.everybody(session)
        if not empty:
            kept = [one for one in _kept(file(settings)) if await _works(database, one)]
        else:
            kept = await _hire(database) if settings.may_demonstrate else []
    finally:
        await database.close()
    return kept


def write(settings: Settings, logins: list[Login]) -> Path:
    """Write `var/demo.json` (mode 600): ``url``, ``console``, ``api_key`` and ``logins``."""
    key = settings.api_keys[0].get_secret_value() if settings.api_keys else ""
    path, url = file(settings), settings.base_url
    content = {"url": url, "console": f"{url}/console/", "api_key": key, "logins": logins}
    write_private(path, json.dumps(content, ensure_ascii=False, indent=2) + "\n")
    return path


def show(settings: Settings, path: Path, logins: list[Login], console: Console) -> None:
    """Print where things are. Neither API key nor passwords are printed: terminals are recorded."""
    url = settings.base_url
    console.print()
    console.print(f"[bold]{settings.city_th}[/] is open:")
    for name, address in (
        ("the city's page with the chat", f"{url}/"),
        ("follow a case", f"{url}/cases"),
        ("the staff's console", f"{url}/console/"),
        ("the API, described", f"{url}/api/docs"),
        ("health", f"{url}/readyz"),
    ):
        console.print(f"  {name:<31}{address}", highlight=False)
    kept = "the API key and the log-ins" if logins else "the API key"
    console.print(f"  {kept:<31}in {path} (readable by you only)", highlight=False)
    if logins and not settings.may_demonstrate:
        names = ", ".join(one["login"] for one in logins)
        console.print(f"[red]The demo's staff can still log in: {names}. Lock them: pracha staff lock LOGIN[/]", highlight=False)
    console.print("\nCtrl-C ends everything.", highlight=False)


def file(settings: Settings) -> Path:
    """Where it is kept."""
    return settings.var / "demo.json"


async def _hire(database: Database) -> list[Login]:
    made: list[Login] = []
    async with database.write() as session:
        for login, role in STAFF.items():
            password = passwords.generate()
            await staff.add(session, login, TITLES[role], [role], password, actor="cli")
            made.append({"login": login, "password": password, "roles": [role.value]})
    return made


def _kept(path: Path) -> list[Login]:
    """What an earlier run wrote; nothing where that cannot be read."""
    try:
        written = json.loads(path.read_text(encoding="utf-8"))["logins"]
        return [one for one in written if {"login", "password", "roles"} <= one.keys()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


async def _works(database: Database, one: Login) -> bool:
    return await staff.check(database, str(one["login"]), str(one["password"])) is not None
