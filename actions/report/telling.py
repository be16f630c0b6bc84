"""What a citizen's words tell besides the answer they give: a place, a telephone number, a time, a category."""

from typing import Any

from actions import phrases
from actions.report.draft import OTHER, Draft
from actions.turn import Entity, Turn

SURE = 0.35  # below it a category is not offered first
POSSIBLE = 0.04  # below it a category is not offered at all
_AREAS = ("province", "district", "subdistrict")


def absorbed(turn: Turn, draft: Draft) -> Draft:
    """The draft with everything the words tell that it does not hold yet."""
    return draft.but(
        place=draft.place if draft.place is not None else place(turn),
        contact=draft.contact if draft.contact is not None else contact(turn),
        time=draft.time or time(turn),
        guess=draft.guess or guess(turn),
    )


def place(turn: Turn) -> dict[str, Any] | None:
    """The place named in the words, if it is near enough to be found: a province alone is not."""
    found = [entity for entity in turn.entities if entity.get("entity") == "place"]
    near = [entity for entity in found if phrases.names_a_place(str(entity["value"])) or entity.get("subdistrict")]
    text = " ".join(str(entity["value"]).strip() for entity in found)
    if not near or phrases.vague_place(text):
        return None
    return {"text": text, **areas(found)}


def areas(found: list[Entity]) -> dict[str, str]:
    """The names of the areas that entities carry."""
    named = {area: entity[area] for entity in found for area in _AREAS if entity.get(area)}
    return {area: name if isinstance(name, str) else str(name) for area, name in named.items()}


def contact(turn: Turn) -> dict[str, Any] | None:
    """A telephone number told before anyone asked; whether it may be kept is asked later."""
    phone = turn.value("phone")
    return {"phone": str(phone), "consent": None} if phone else None


def time(turn: Turn) -> str | None:
    """When it happened, in the citizen's own words: "เมื่อคืน"."""
    for entity in turn.entities:
        if entity.get("entity") == "time":
            words = turn.text[int(entity.get("start") or 0) : int(entity.get("end") or 0)].strip()
            return words or None
    return None


def guess(turn: Turn) -> list[str] | None:
    """The likeliest categories of the words, if the engine is sure enough of the first."""
    if not turn.category or turn.category[0][1] < SURE:
        return None
    likely = [name for name, chance in turn.category[:3] if chance >= POSSIBLE]
    return None if likely[0] == OTHER else [name for name in likely if name != OTHER]


def told_category(turn: Turn) -> str | None:
    """The category of the words, if the engine is sure of it."""
    return turn.category[0][0] if turn.category and turn.category[0][1] >= SURE else None
