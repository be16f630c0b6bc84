"""Utterances whose intent the assistant was unsure of, kept for staff to label.

Every wording is one row, masked before anything is kept, counted, and without a trace of who wrote it: the transcript points
here and not the other way round.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core import clock, ids, thai
from core.database import Base
from core.privacy import mask

KEPT_AS = "utterance"  # under which a message's `understood` names the row
LONGEST = 300  # letters; who writes more tells a story, which is no example of an intent
_NOT_LETTERS = re.compile(r"[^\w\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]|_")  # Thai vowels and tones above and below are no \w


@dataclass(frozen=True)
class Guess:
    """An intent ("greet", or with the category of a report "report_problem/garbage") and how likely it is, from 0 to 1."""

    intent: str
    confidence: float


@dataclass(frozen=True)
class Doubt:
    """When the assistant counts as unsure: the best guess below ``least``, or the second nearer to it than ``margin``."""

    least: float
    margin: float


class Utterance(Base):
    """One wording. ``text`` is masked; ``guesses`` are those of the last time, best first, as {"intent", "confidence"}.

    ``state`` is "new", "accepted" or "rejected". An accepted one has the ``intent`` that staff gave it, as training data
    name it; ``exported_at`` is when it was written into them.
    """

    __tablename__ = "utterance"

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: ids.new_id("utt"))
    key: Mapped[str] = mapped_column("utterance_key", unique=True)
    text: Mapped[str]
    channel: Mapped[str]  # where it came last
    guesses: Mapped[list[Any]]
    confidence: Mapped[float]  # of the best guess
    count: Mapped[int] = mapped_column("times", default=1)
    state: Mapped[str] = mapped_column(default="new", index=True)
    intent: Mapped[str | None]
    labelled_by: Mapped[str | None]  # "staff:<id>"
    labelled_at: Mapped[datetime | None]
    exported_at: Mapped[datetime | None]
    first_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


def unsure(guesses: Sequence[Guess], doubt: Doubt) -> bool:
    """Whether staff should have a look; never without a guess, because then nobody has tried to understand."""
    if not guesses:
        return False
    best, second = guesses[0].confidence, guesses[1].confidence if len(guesses) > 1 else 0.0
    return best < doubt.least or best - second < doubt.margin


async def collect(session: AsyncSession, text: str, channel: str, guesses: Sequence[Guess]) -> str | None:
    """Keep a wording, masked; the same one again is counted up and keeps what staff made of it.

    Args:
        session: The transaction in which the transcript is written.
        text: The citizen's words, such as "อยากได้ถังใบใหม่ โทร 081-234-5678".
        channel: Where they were written: "line".
        guesses: The likeliest intents, best first; at least one.

    Returns:
        The row's id; None for words too long to be an example or without any letter.
    """
    readable = text[: 4 * LONGEST].encode("utf-8", "ignore").decode()  # half a surrogate pair cannot be stored
    masked = " ".join(mask(readable).split())
    key = utterance_key(masked)
    if not key or len(masked) > LONGEST:
        return None
    row = await _known(session, key) or await _added(session, key, masked, channel, guesses)
    if row is None:  # somebody else wrote the same at this moment
        row = await _known(session, key)
    if row is None:
        return None
    row.channel, row.last_at = channel, clock.now()
    row.guesses, row.confidence = [asdict(one) for one in guesses], guesses[0].confidence
    return row.id


async def forget(session: AsyncSession, utterance_id: object) -> None:
    """Take one count back: a citizen took their message back. With the last count goes the wording, whatever its state."""
    row = await session.get(Utterance, utterance_id, with_for_update=True) if isinstance(utterance_id, str) else None
    if row is None:
        return
    row.count -= 1
    if row.count < 1:
        await session.delete(row)


def utterance_key(masked: str) -> str:
    """The same key for wordings that differ in spaces, marks and capitals only; "" for one without letters."""
    letters = _NOT_LETTERS.sub("", thai.normalise(masked).casefold())
    return sha256(letters.encode()).hexdigest() if letters else ""


async def _known(session: AsyncSession, key: str) -> Utterance | None:
    row = await session.scalar(select(Utterance).where(Utterance.key == key).with_for_update())
    if row is not None:
        row.count += 1
    return row


async def _added(session: AsyncSession, key: str, masked: str, channel: str, guesses: Sequence[Guess]) -> Utterance | None:
    """Write a wording that was not known; None if another process was quicker."""
    row = Utterance(key=key, text=masked, channel=channel, guesses=[], confidence=guesses[0].confidence, count=1)
    try:
        async with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return None
    return row
