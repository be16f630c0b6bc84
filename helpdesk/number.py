"""Case numbers such as ``P69-000123-8``: Buddhist year, running number, check digit.

The check digit is Damm's: it notices every wrong digit and every swap of two neighbours, the slips people make when they
copy or read out a number.
"""

import re

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Base

# Damm's quasigroup of order 10: anti-symmetric in the way that makes the swaps visible, zeros on the diagonal
_TABLE = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙０１２３４５６７８９Ｐ‐‑‒–—−", "01234567890123456789P------")
_WRITTEN = re.compile(r"(?<![A-Za-z0-9])[Pp]\d{2}-\d{6,9}-\d(?!\d)", re.ASCII)
_LOOSE = re.compile(r"(?<![A-Za-z0-9])[Pp](?:[\s.\-]{0,3}[0-9]){9,12}(?![0-9])")
_ATTEMPT = re.compile(r"(?<![A-Za-z0-9])[Pp](?:[\s.\-]{0,3}[0-9]){5,}")


class CaseCounter(Base):
    """The last running number given out in a Buddhist year."""

    __tablename__ = "case_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


async def take(session: AsyncSession, year: int) -> int:
    """Take the year's next running number, 1 for the first, in the caller's transaction.

    One statement counts and locks the row until the transaction ends: no number is given twice, and a number whose case
    is rolled back is given again.
    """
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    first = insert(CaseCounter).values(year=year, last=1)
    counted = first.on_conflict_do_update(index_elements=["year"], set_={"last": CaseCounter.last + 1})
    taken = await session.execute(counted.returning(CaseCounter.last))
    return int(taken.scalar_one())


def make(year: int, running: int) -> str:
    """Write a number: ``make(2569, 123)`` -> ``P69-000123-8``.

    Args:
        year: The Buddhist year.
        running: The running number in that year, from 1; more than six digits are fine.
    """
    if running < 1:
        raise ValueError("running numbers begin with 1")
    short, counted = f"{year % 100:02d}", f"{running:06d}"
    return f"P{short}-{counted}-{_check_digit(short + counted)}"


def parse(text: str) -> str | None:
    """Find a case number in what somebody wrote.

    Args:
        text: Such as "p69 000123 8", "Ｐ๖๙๐๐๐๑๒๓๘" or "เรื่อง P69-000123-8 ถึงไหนแล้วคะ".

    Returns:
        The number as it is written, or None when there is none or its check digit is wrong.
    """
    folded = text.translate(_DIGITS)
    for pattern in (_WRITTEN, _LOOSE):
        for match in pattern.finditer(folded):
            number = _checked("".join(char for char in match.group() if char.isdigit()))
            if number is not None:
                return number
    return None


def looks_like(text: str) -> bool:
    """Whether somebody tried to write a case number, right or wrong: ``P69-00012`` does, ``0812345678`` does not."""
    return _ATTEMPT.search(text.translate(_DIGITS)) is not None


def _checked(digits: str) -> str | None:
    year, running, check = digits[:2], digits[2:-1], digits[-1]
    if _check_digit(year + running) != check or (len(running) > 6 and running.startswith("0")) or int(running) == 0:
        return None
    return f"P{year}-{running}-{check}"


def _check_digit(digits: str) -> str:
    interim = "0"
    for digit in digits:
        interim = _TABLE[int(interim)][int(digit)]
    return interim
