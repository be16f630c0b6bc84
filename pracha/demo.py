"""What a newcomer needs to try the running system: addresses and the API key, printed and kept in `var/demo.json`."""

import json
from pathlib import Path

from rich.console import Console

from core.settings import Settings
from pracha.secrets import write_private


def write(settings: Settings) -> Path:
    """Write `var/demo.json` (mode 600): ``url``, ``api_key`` and ``logins``."""
    key = settings.api_keys[0].get_secret_value() if settings.api_keys else ""
    path = settings.var / "demo.json"
    content = {"url": settings.base_url, "api_key": key, "logins": []}
    write_private(path, json.dumps(content, ensure_ascii=False, indent=2) + "\n")
    return path


def show(settings: Settings, path: Path, console: Console) -> None:
    """Print where things are. The API key is not printed: terminals are recorded."""
    url = settings.base_url
    console.print()
    console.print(f"[bold]{settings.city_th}[/] is open:")
    for name, address in (
        ("the city's page with the chat", f"{url}/"),
        ("follow a case", f"{url}/cases"),
        ("the API, described", f"{url}/api/docs"),
        ("health", f"{url}/readyz"),
    ):
        console.print(f"  {name:<31}{address}", highlight=False)
    console.print(f"  {'the API key':<31}in {path} (readable by you only)", highlight=False)
    console.print("\nCtrl-C ends everything.", highlight=False)
