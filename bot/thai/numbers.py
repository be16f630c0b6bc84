"""Numbers that name something: a case, a telephone, a citizen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.training_data.message import Message

from bot.thai.entities import CleanText, add_entities, text_of

_DASH = r"[\s.\-‐‑–—_/]{0,3}"
_CASE = re.compile(rf"(?<![a-z0-9])p{_DASH}(\d{{2}}){_DASH}(\d{{6}}){_DASH}(\d)(?!\d)")
_CITIZEN = re.compile(r"(?<!\d)\d(?:[ \-]?\d){12}(?![ \-]?\d)")
_PHONE = re.compile(r"(?<![\d+])(?:\+?66|0)(?:[ \-.()]{0,3}\d){8,10}(?![ \-]?\d)")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ThaiNumberExtractor(GraphComponent, EntityExtractorMixin):
    """Finds `case_number`, `citizen_id` and `phone`, however they are spaced, and writes them in one form.

    "p๖๙ 000123 4" is the case_number P69-000123-4; "+66 81-234 5678" is the phone 0812345678.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ThaiNumberExtractor:
        """Make the extractor; it has nothing to learn."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the numbers of each message to its entities."""
        for message in messages:
            add_entities(message, find_numbers(text_of(message)), self.name)
        return messages


def find_numbers(text: str) -> Iterator[dict[str, Any]]:
    """Find case numbers, then citizen numbers, then telephone numbers in a text as it was typed."""
    clean = CleanText(text)
    for match in _CASE.finditer(clean.text):
        year, running, check = match.groups()
        yield clean.entity("case_number", *match.span(), f"P{year}-{running}-{check}")
    for match in _CITIZEN.finditer(clean.text):
        digits = _digits(match.group())
        if is_citizen_id(digits):
            yield clean.entity("citizen_id", *match.span(), digits)
    for match in _PHONE.finditer(clean.text):
        phone = national_phone(match.group())
        if phone:
            yield clean.entity("phone", *match.span(), phone)


def is_citizen_id(digits: str) -> bool:
    """Check the thirteen digits of a citizen number, the last of which follows from the others."""
    if len(digits) != 13 or digits[0] == "0":
        return False
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(digits[:12]))
    return (11 - total % 11) % 10 == int(digits[12])


def national_phone(text: str) -> str | None:
    """Return a Thai telephone number as it is dialled in Thailand, or None if there is no such number.

    "+66 2 123 4567" is "021234567".
    """
    import phonenumbers

    digits = _digits(text)
    if digits.startswith("66"):
        digits = digits[2:]
    try:
        number = phonenumbers.parse("0" + digits.lstrip("0"), "TH")
    except phonenumbers.NumberParseException:
        return None
    return f"0{number.national_number}" if phonenumbers.is_valid_number_for_region(number, "TH") else None


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
