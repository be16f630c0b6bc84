"""Synonyms: people's word for the curators' word, such as "พาสปอร์ต" for "หนังสือเดินทาง".

A search puts the meaning in wherever the word stands, longer words first and once only: what was put in is not looked at
again. Every change is audited and raises the revision, so that all processes read the new pairs within a second.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core import audit, clock, thai
from core.database import Base
from knowledge_base import revision

AUTHOR = "system:content"
LONGEST = 80  # letters of a word or its meaning
_WORDS = {
    "word_missing": "กรุณาใส่คำที่ประชาชนใช้",
    "meaning_missing": "กรุณาใส่คำที่คลังความรู้ใช้",
    "too_long": f"คำยาวเกิน {LONGEST} ตัวอักษร",
    "no_letter": "คำต้องมีตัวอักษรหรือตัวเลขอย่างน้อยหนึ่งตัว",
    "one_letter": "คำที่มีตัวอักษรเดียวจะไปทับส่วนหนึ่งของคำอื่น กรุณาใช้คำที่ยาวกว่านี้",
    "begins_with_mark": "คำขึ้นต้นด้วยสระหรือวรรณยุกต์ที่ต้องมีพยัญชนะนำหน้าไม่ได้",
    "unknown": "ไม่พบคำนี้ อาจมีผู้นำออกไปแล้ว",
}


class SynonymError(ValueError):
    """A pair that cannot be kept; ``str(error)`` is a plain Thai sentence, ``field`` is "word" or "meaning"."""

    def __init__(self, code: str, field: str = "word") -> None:
        """``code`` is a key of `_WORDS`."""
        super().__init__(_WORDS[code])
        self.code, self.field = code, field


class Synonym(Base):
    """One pair. Rows come from `synonyms.yml` at first; one that a curator took away stays as a row that is off."""

    __tablename__ = "synonym"

    word: Mapped[str] = mapped_column(primary_key=True)
    meaning: Mapped[str]
    on: Mapped[bool] = mapped_column("is_on", default=True)
    author: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=clock.now)


async def seed(session: AsyncSession, folder: Path | None = None) -> int:
    """Bring the pairs of `synonyms.yml` in; run again, it changes nothing.

    A word that staff have changed or taken away is left as it is.

    Args:
        session: A writing session.
        folder: The content folder; None for the project's own.

    Returns:
        How many pairs were added or corrected.
    """
    from knowledge_base.content import FOLDER  # both import us: content seeds synonyms, wording reads content's files
    from knowledge_base.wording import read_synonyms

    known = {row.word: row for row in await session.scalars(select(Synonym))}
    changed = 0
    for word, meaning in read_synonyms(folder or FOLDER).items():
        word, meaning = thai.normalise(word), thai.normalise(meaning)
        row = known.get(word)
        if row is None:
            session.add(Synonym(word=word, meaning=meaning, author=AUTHOR))
        elif row.author == AUTHOR and row.on and row.meaning != meaning:
            row.meaning, row.at = meaning, clock.now()
        else:
            continue
        changed += 1
    if changed:
        audit.record(session, AUTHOR, "synonym.seed", "synonym", pairs=changed)
        await revision.advance(session)
    return changed


async def pairs(session: AsyncSession) -> dict[str, str]:
    """All pairs in use: {"พาสปอร์ต": "หนังสือเดินทาง", ...}."""
    rows = await session.execute(select(Synonym.word, Synonym.meaning).where(Synonym.on.is_(True)).order_by(Synonym.word))
    return {word: meaning for word, meaning in rows}


async def listing(session: AsyncSession, text: str = "", *, limit: int = 200, after: str = "") -> Sequence[Synonym]:
    """The pairs in use whose word or meaning contains ``text``, by word, beginning behind ``after``."""
    query = select(Synonym).where(Synonym.on.is_(True), Synonym.word > after).order_by(Synonym.word).limit(limit)
    if wanted := thai.normalise(text):
        query = query.where(
            or_(Synonym.word.contains(wanted, autoescape=True), Synonym.meaning.contains(wanted, autoescape=True))
        )
    return (await session.scalars(query)).all()


async def count(session: AsyncSession) -> int:
    """How many pairs are in use."""
    return await session.scalar(select(func.count()).select_from(Synonym).where(Synonym.on.is_(True))) or 0


def checked(word: str, meaning: str) -> tuple[str, str]:
    """The pair in the spelling in which it is kept: ("PassPort ", "หนังสือเดินทาง") -> ("passport", "หนังสือเดินทาง").

    Raises:
        SynonymError: in Thai, naming the field.
    """
    word, meaning = thai.normalise(word[: LONGEST * 4]), thai.normalise(meaning[: LONGEST * 4])
    for field, text in (("word", word), ("meaning", meaning)):
        if not text:
            raise SynonymError(f"{field}_missing", field)
        if len(text) > LONGEST:
            raise SynonymError("too_long", field)
        if not any(letter.isalnum() for letter in text):
            raise SynonymError("no_letter", field)
        if "\u0e30" <= text[0] < "\u0e3f" or "\u0e46" < text[0] < "\u0e4f":
            raise SynonymError("begins_with_mark", field)
    if len(word) == 1:
        raise SynonymError("one_letter")
    return word, meaning


async def put(session: AsyncSession, word: str, meaning: str, author: str, *, reason: str = "") -> Synonym:
    """Add a pair, or give a word another meaning. A pair that is there already is left untouched.

    Raises:
        SynonymError: when the pair cannot be kept.
    """
    word, meaning = checked(word, meaning)
    row = await session.get(Synonym, word, with_for_update=True)
    before = row.meaning if row is not None and row.on else None
    if row is None:
        row = Synonym(word=word)
        session.add(row)
    elif before == meaning:
        return row
    row.meaning, row.on, row.author, row.at = meaning, True, author, clock.now()
    await session.flush()
    audit.record(session, author, "synonym.put", f"synonym:{word}", meaning=meaning, before=before, reason=reason)
    await revision.advance(session)
    return row


async def remove(session: AsyncSession, word: str, author: str, *, reason: str = "") -> None:
    """Take a pair out of use; `seed` does not bring it back.

    Raises:
        SynonymError: when the word is not in use.
    """
    row = await session.get(Synonym, thai.normalise(word), with_for_update=True)
    if row is None or not row.on:
        raise SynonymError("unknown")
    row.on, row.author, row.at = False, author, clock.now()
    audit.record(session, author, "synonym.remove", f"synonym:{row.word}", meaning=row.meaning, reason=reason)
    await revision.advance(session)


def chains(known: Mapping[str, str], word: str, meaning: str) -> list[tuple[str, str]]:
    """The pairs that a new one would leave half done, since what was put in is not looked at again.

    With "คนแก่: ผู้สูงอายุ" known, "ผู้สูงอายุ: ผู้สูงวัย" leaves those who write "คนแก่" with the old word, and "ผู้เฒ่า: คนแก่"
    brings a word in that nobody else is left with.
    """
    other = {key: value for key, value in known.items() if key != word and key != value}
    before = [(key, value) for key, value in other.items() if value == word != meaning]
    behind = [(meaning, other[meaning])] if meaning in other and meaning != word else []
    return before + behind
