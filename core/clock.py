"""Time: UTC inside, Asia/Bangkok and the Buddhist year on the screen."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")
MONTHS = [
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
]
SHORT_MONTHS = ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."]


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def moment(seconds: float) -> datetime:
    """Seconds since 1970 as an aware moment in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def local(moment: datetime) -> datetime:
    """The same moment on a Bangkok clock."""
    return moment.astimezone(BANGKOK)


def buddhist_year(moment: datetime) -> int:
    """The Buddhist year in Bangkok: 2026-11-22 -> 2569."""
    return local(moment).year + 543


def thai_date(day: date, *, short: bool = False) -> str:
    """A date as Thais write it: ``22 พฤศจิกายน 2569``, or ``22 พ.ย. 69`` when short.

    An aware datetime is moved to Bangkok first; a plain date is taken as it is.
    """
    if isinstance(day, datetime):
        day = local(day)
    if short:
        return f"{day.day} {SHORT_MONTHS[day.month - 1]} {(day.year + 543) % 100:02d}"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year + 543}"


def thai_time(moment: datetime) -> str:
    """The Bangkok time of day: ``14.30 น.``."""
    return local(moment).strftime("%H.%M น.")


def thai_datetime(moment: datetime, *, short: bool = False) -> str:
    """Date and time as Thais write them: ``22 พฤศจิกายน 2569 เวลา 14.30 น.``."""
    joint = " " if short else " เวลา "
    return f"{thai_date(moment, short=short)}{joint}{thai_time(moment)}"
