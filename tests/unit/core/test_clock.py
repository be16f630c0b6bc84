"""Thai dates and times."""

from datetime import UTC, date, datetime

from core import clock

LATE = datetime(2026, 12, 31, 18, 30, tzinfo=UTC)  # already the new year in Bangkok


def test_dates_are_buddhist_and_of_bangkok() -> None:
    assert clock.thai_date(LATE) == "1 มกราคม 2570"
    assert clock.thai_date(date(2026, 11, 22)) == "22 พฤศจิกายน 2569"
    assert clock.thai_date(date(2026, 11, 22), short=True) == "22 พ.ย. 69"
    assert clock.buddhist_year(LATE) == 2570


def test_times() -> None:
    assert clock.thai_datetime(LATE) == "1 มกราคม 2570 เวลา 01.30 น."
    assert clock.thai_datetime(LATE, short=True) == "1 ม.ค. 70 01.30 น."
