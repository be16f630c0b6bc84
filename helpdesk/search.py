"""Search over cases: the words that a case is found by, and the condition that finds it.

Thai is written without spaces, so a case is cut into words when it is told, and a question in the same way. Words stand in a
table of their own, so that a search reads an index and no texts. A word is found by its beginning, too: "ประปา" while it is
being typed. Where the two were cut differently, `holding` looks through the texts themselves.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import thai
from helpdesk import number as numbers
from helpdesk.record import Case, CaseWord

LONGEST = 40  # letters of a word
MOST = 400  # words of one case: what stands at the end of a very long text is not found by it
ASKED = 8  # words of a question
_LAST = "\U0010ffff"


def words(text: str) -> list[str]:
    """The words to find a text by, each once: "ไฟถนนดับ 3 ดวง" gives ``["ไฟ", "ถนน", "ดับ", "3", "ดวง"]``."""
    found = (word.lower() for word in thai.words(text))
    kept = (word[:LONGEST] for word in found if any(char.isalnum() for char in word))
    return list(dict.fromkeys(kept))


async def add(session: AsyncSession, case: Case, *texts: str) -> None:
    """Let a case be found by these texts, too; the caller has locked it."""
    wanted = dict.fromkeys(word for text in texts for word in words(text))
    there = set(await session.scalars(select(CaseWord.word).where(CaseWord.case_id == case.id)))
    new = [word for word in wanted if word not in there][: max(MOST - len(there), 0)]
    session.add_all(CaseWord(word=word, case_id=case.id) for word in new)
    await session.flush()


async def add_case(session: AsyncSession, case: Case) -> None:
    """Let a new case be found by what its reporter told, by its number, and by the running number alone."""
    running = case.number.split("-")[1]
    areas = (area for area in (case.subdistrict, case.district, case.province) if area)
    session.add_all(CaseWord(word=word, case_id=case.id) for word in {case.number.lower(), running, running.lstrip("0")})
    await session.flush()
    await add(session, case, case.description, case.place_text, *areas)


def matching(text: str) -> ColumnElement[bool] | None:
    """The condition for cases that have all words of a question; None when it asks nothing. A whole number finds its case."""
    number = numbers.parse(text)
    if number is not None:
        return Case.number == number
    asked = words(text)[:ASKED]
    return and_(*(_beginning(word) for word in asked)) if asked else None


def holding(text: str) -> ColumnElement[bool]:
    """The condition for cases whose texts hold all pieces of a question as they were typed; it reads every text."""
    columns = (Case.description, Case.place_text)
    return and_(*(or_(*(column.icontains(piece, autoescape=True) for column in columns)) for piece in _pieces(text)))


def _beginning(word: str) -> ColumnElement[bool]:
    found = select(CaseWord.case_id).where(CaseWord.word >= word, CaseWord.word < word + _LAST)
    return Case.id.in_(found)


def _pieces(text: str) -> Iterable[str]:
    return thai.normalise(text).split()[:ASKED]
