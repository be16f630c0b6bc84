"""Browsers in words that a member recognises: "Chrome บน Android" from a long User-Agent."""

_BROWSERS = (  # the first mark that is found: many browsers call themselves Chrome or Safari besides
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def words(agent: str) -> str:
    """Browser and system; "เบราว์เซอร์ที่ไม่รู้จัก" where neither is known. A browser may say what it likes: a hint, no proof."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return " บน ".join(part for part in (browser, system) if part) or "เบราว์เซอร์ที่ไม่รู้จัก"
