"""What the console calls the channels by which citizens write."""

TITLES = {
    "web": "แชตบนเว็บ",
    "line": "LINE",
    "telegram": "Telegram",
    "messenger": "Messenger",
    "instagram": "Instagram",
    "api": "API",
}


def title(name: str) -> str:
    """A channel's name on the screen; one that is not known here as it is."""
    return TITLES.get(name, name)
