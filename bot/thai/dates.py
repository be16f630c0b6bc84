"""When something happened or shall happen: days and hours joined into one `time` entity."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta, timezone
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.training_data.message import Message

from bot.thai.days import Day, find_days
from bot.thai.entities import CleanText, add_entities, text_of
from bot.thai.hours import Hour, find_hours

BANGKOK = timezone(timedelta(hours=7), "Asia/Bangkok")
_BETWEEN = re.compile(
    r"[\s,]*(?:(?:ตอน|เวลา|ช่วง|ประมาณ|ราวๆ|ราว|สัก|เมื่อ|ของ|ก่อน|หลัง|ตั้งแต่|ที่|at|เช้ามืด|เช้า|สาย|บ่าย|เย็น|ค่ำ|ดึก|กลางคืน|กลางดึก)"
    r"[ๆ\s,]*){0,4}"
)
_BY_EVENING = ("เย็น", "ค่ำ")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ThaiDateExtractor(GraphComponent, EntityExtractorMixin):
    """Finds the entity `time`: a day as 2026-11-05, a moment as 2026-11-05T20:00, in Bangkok's time.

    "เมื่อวานสองทุ่ม" is one entity. It counts from `now` of the message's metadata, else from the clock.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ThaiDateExtractor:
        """Make the extractor; it has nothing to learn."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the times of each message to its entities."""
        for message in messages:
            now = now_of(message.get("metadata"))
            add_entities(message, find_times(text_of(message), now), self.name)
        return messages


def now_of(metadata: dict[str, Any] | None) -> datetime:
    """Return Bangkok's time from metadata such as {"now": "2026-11-05T10:00:00+07:00"}, else the clock's."""
    said = metadata.get("now") if isinstance(metadata, dict) else None
    if isinstance(said, str):
        try:
            now = datetime.fromisoformat(said.replace("Z", "+00:00"))
        except ValueError:
            now = datetime.now(BANGKOK)
        return now.astimezone(BANGKOK).replace(tzinfo=None) if now.tzinfo else now
    return datetime.now(BANGKOK).replace(tzinfo=None)


def find_times(text: str, now: datetime) -> Iterator[dict[str, Any]]:
    """Find the times in a text as it was typed, counted from `now` (Bangkok, without zone)."""
    clean = CleanText(text)
    days = list(find_days(clean.text, now))
    hours = [hour for hour in find_hours(clean.text) if not any(_overlap(hour, day) for day in days)]
    for start, end, value in _joined(clean.text, days, hours, now):
        yield clean.entity("time", start, end, value)


def _joined(text: str, days: list[Day], hours: list[Hour], now: datetime) -> Iterator[tuple[int, int, str]]:
    """Join each day with the hour beside it, and say the rest as they are."""
    left = list(hours)
    for day in days:
        hour = next((hour for hour in left if _beside(text, day, hour)), None)
        if hour is None or day.at:
            yield day.start, day.end, _said(day.at) if day.at else day.on.isoformat()
            continue
        left.remove(hour)
        start, end = min(day.start, hour.start), max(day.end, hour.end)
        yield start, end, _said(_moment(day, hour, text[start:end]))
    for hour in left:
        yield hour.start, hour.end, _said(datetime.combine(now.date(), hour.at))


def _moment(day: Day, hour: Hour, said: str) -> datetime:
    """Put day and hour together; ตีสอง of เมื่อคืน is of the day after, 6 โมง of เย็น is 18:00."""
    at = hour.at
    if any(word in said for word in _BY_EVENING) and 3 <= at.hour < 12:
        at = time(at.hour + 12, at.minute)
    on = day.on
    midnight = "เที่ยงคืน" in said
    of_that_night = "เมื่อคืน" in said or "คืนนี้" in said
    if of_that_night if midnight else "คืน" in said and at.hour < 6:
        on += timedelta(days=1)
    return datetime.combine(on, at)


def _beside(text: str, day: Day, hour: Hour) -> bool:
    first, second = sorted([(day.start, day.end), (hour.start, hour.end)])
    return bool(_BETWEEN.fullmatch(text, first[1], second[0]))


def _overlap(hour: Hour, day: Day) -> bool:
    return hour.start < day.end and day.start < hour.end


def _said(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")
