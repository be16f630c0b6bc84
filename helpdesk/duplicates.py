"""Duplicates: open cases that a report seems to repeat, looked for before another is opened."""

import math
import re
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import clock, thai
from helpdesk import category as categories
from helpdesk import state as states
from helpdesk.place import Place
from helpdesk.record import Case

METRES, DAYS = 200, 30
_MOST = 200  # of a crowded place no more are measured
_METRES_PER_DEGREE = 111_320.0
_EARTH = 6_371_000.0  # metres
_SHORTEST = 6  # letters of a named place
_SPACES = re.compile(r"[\s.,()\"'“”/\-]+")
_KINDS = {"ซ.": "ซอย", "ถ.": "ถนน", "ม.": "หมู่", "รร.": "โรงเรียน", "รพ.": "โรงพยาบาล"}
# words that say where the speaker is, not where on earth: two people's "หน้าบ้าน" are two places
_OWN = re.compile(
    r"^(?:แถว|ที่|ใน|หน้า|หลัง|ข้าง|ใกล้|ตรง|ริม|ปาก|รอบ)*(?:บ้าน|ซอย|ถนน|ทาง|ห้อง|หมู่บ้าน|คอนโด|ที่ทำงาน|ออฟฟิศ|นี่|นี้|นั่น)"
    r"(?:ผม|ฉัน|ดิฉัน|หนู|เรา|ตัวเอง|นี้)*$"
)


@dataclass(frozen=True)
class Near:
    """An open case that may be the same; ``metres`` is None where only the name of the place told."""

    case: Case
    metres: float | None


async def find(session: AsyncSession, category: str, place: Place | None) -> Near | None:
    """The case that a report of this category at this place most likely repeats.

    It is of the same category, open, opened in the last 30 days, and at most 200 m away or at the place of the same name.
    Confidential cases are never found: their existence is nobody's business.

    Args:
        session: Any transaction.
        category: The category's id.
        place: The place as it was told: a position, or words such as "หน้าตลาดสด ซอยเทศบาล 3".
    """
    if place is None or categories.category(category).confidential:
        return None
    where = [condition for condition in (_around(place), _named(place)) if condition is not None]
    if not where:
        return None
    query = select(Case).where(
        Case.category == category,
        Case.state.in_(states.OPEN),
        Case.merged_into.is_(None),
        Case.confidential.is_(False),
        Case.opened_at >= clock.now() - timedelta(days=DAYS),
        or_(*where),
    )
    rows = (await session.scalars(query.order_by(Case.id).limit(_MOST))).all()
    found = [Near(case, _distance(place, case)) for case in rows]
    fitting = [near for near in found if near.metres is None or near.metres <= METRES]
    return min(fitting, key=lambda near: (near.metres if near.metres is not None else 0.0, near.case.id), default=None)


def place_key(place: Place) -> str:
    """A named place spelled one way: "หน้าตลาดสด ซ.เทศบาล ๓" is ``หน้าตลาดสดซอยเทศบาล3``; empty when it names none."""
    text = thai.normalise(place.text).lower()
    for short, long in _KINDS.items():
        text = text.replace(short, long)
    key = _SPACES.sub("", text)
    areas = {area for area in (place.province, place.district, place.subdistrict) if area}
    bare = re.sub(r"^(?:จังหวัด|จ|อำเภอ|อ|เขต|ตำบล|ต|แขวง)", "", key)
    return "" if len(key) < _SHORTEST or bare in areas or key in areas or _OWN.match(key) else key[:200]


def metres(first: tuple[float, float], second: tuple[float, float]) -> float:
    """How far two positions are apart, along the ground (haversine)."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, point)) for point in (first, second))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH * math.asin(math.sqrt(min(half, 1.0)))


def _around(place: Place) -> ColumnElement[bool] | None:
    if place.position is None:
        return None
    latitude, longitude = place.position
    high = METRES / _METRES_PER_DEGREE * 1.01
    wide = high / max(math.cos(math.radians(latitude)), 0.01)
    return and_(
        Case.latitude.between(latitude - high, latitude + high), Case.longitude.between(longitude - wide, longitude + wide)
    )


def _named(place: Place) -> ColumnElement[bool] | None:
    key = place_key(place)
    if not key:
        return None
    same: list[ColumnElement[bool]] = [Case.place_key == key]
    for column, area in ((Case.province, place.province), (Case.district, place.district)):
        if area:  # "หน้าวัดกลาง" is in many districts; whoever names none may mean any
            same.append(or_(column.is_(None), column == area))
    return and_(*same)


def _distance(place: Place, case: Case) -> float | None:
    if place.position is None or case.latitude is None or case.longitude is None:
        return None
    return metres(place.position, (case.latitude, case.longitude))
