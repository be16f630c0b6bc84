"""Search over cases: the words that a case is found by, and the condition that finds it.

Words stand in a table of their own, so that a search reads an index and no texts (`core.search_words`). Where case and question
were cut differently, `holding` looks through the texts themselves.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import thai
from core.search_words import ASKED, asked, beginning, words
from helpdesk import number as numbers
from helpdesk.record import Case, CaseWord

MOST = 400  # words of one case: what stands at the end of a very long text is not found by it


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
    wanted = asked(text)
    return and_(*(_having(word) for word in wanted)) if wanted else None


def holding(text: str) -> ColumnElement[bool]:
    """The condition for cases whose texts hold all pieces of a question as they were typed; it reads every text."""
    columns = (Case.description, Case.place_text)
    return and_(*(or_(*(column.icontains(piece, autoescape=True) for column in columns)) for piece in _pieces(text)))


def _having(word: str) -> ColumnElement[bool]:
    return Case.id.in_(select(CaseWord.case_id).where(beginning(CaseWord.word, word)))


def _pieces(text: str) -> Iterable[str]:
    return thai.normalise(text).split()[:ASKED]
