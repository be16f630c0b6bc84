"""The citizen's own words, made fit to be kept and shown."""

from core import thai

TITLE_UNITS = 60  # UTF-16 units: what fits above a card on a telephone


def clean(text: str) -> str:
    """The text without white space around it and without what a database cannot hold: NUL and halves of emojis."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode().strip()


def title(description: str) -> str:
    """The beginning of a description as one line: ``ไฟถนนดับ 3 ดวง หน้าโรงเรียน…``."""
    line = " ".join(description.split())
    if thai.utf16_len(line) <= TITLE_UNITS:
        return line
    kept = thai.clip_utf16(line, TITLE_UNITS - 1)
    if not line[len(kept)].isspace() and " " in kept:
        shorter = kept.rsplit(" ", 1)[0]
        # Thai puts spaces between phrases; a title that loses half of itself to end at one is worse than a cut word
        kept = shorter if len(shorter) * 2 > len(kept) else kept
    return kept.rstrip() + "…"
