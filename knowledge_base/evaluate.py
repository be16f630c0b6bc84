"""Evaluation: how well the search answers questions it has never seen, in numbers."""

import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

import numpy as np
from sqlalchemy import inspect

from core.audit import AuditEntry
from core.database import Base, Database
from core.settings import Settings, settings
from knowledge_base import content, faq
from knowledge_base.revision import FaqRevision
from knowledge_base.search import Found, Search
from knowledge_base.synonym import Synonym

_DEPTH = 5


class QuestionsError(ValueError):
    """A file of questions cannot be used; the message is a clear sentence."""


@dataclass(frozen=True)
class Figures:
    """The result. Shares are of the questions with a topic; ``false_answers`` of those without; None if there are none.

    "right at n" looks at the ranking, whatever the gates decide; ``not_found`` are those that got neither answer nor offer.
    """

    right_at_1: float | None
    right_at_3: float | None
    right_at_5: float | None
    mrr: float | None
    answered: float | None
    offered: float | None
    not_found: float | None
    false_answers: float | None
    p50_ms: float
    p95_ms: float


async def evaluate_faq(file: Path, oos: Path | None, out: TextIO) -> Figures:
    """Evaluate the installed knowledge base (or, before set-up, the content files) and print the figures.

    Args:
        file: JSON lines {"text", "topic"}; the topic is the id of the right FAQ.
        oos: JSON lines {"text"} that must get no answer; None for none.
        out: Where to print; the last line is one JSON object with the fields of `Figures`.

    Returns:
        The figures.

    Raises:
        QuestionsError: A file cannot be used; the message names it and the line: "asked.jsonl, line 3: ...".
    """
    asked, strangers = _rows(file, "text", "topic"), _rows(oos, "text") if oos else []
    async with _live_database(settings()) as database:
        search = Search(database, settings())
        try:
            await search.ready()
            figures = await measure(search, [(row["text"], row["topic"]) for row in asked], [row["text"] for row in strangers])
        finally:
            await search.close()
    for name, value in asdict(figures).items():
        out.write(f"{name:>14}  {'-' if value is None else value}\n")
    out.write(json.dumps(asdict(figures)) + "\n")
    return figures


async def measure(search: Search, asked: Sequence[tuple[str, str]], strangers: Sequence[str]) -> Figures:
    """Ask a search everything, one question after the other."""
    milliseconds: list[float] = []

    async def timed(text: str) -> Found:
        began = time.perf_counter()
        found = await search.find(text)
        milliseconds.append((time.perf_counter() - began) * 1000)
        return found

    answers = [(await timed(text), topic) for text, topic in asked]
    places = [_place(found, topic) for found, topic in answers]
    decisions = [found.decision for found, _ in answers]
    false = [(await timed(text)).decision == "answer" for text in strangers]
    return Figures(
        right_at_1=_mean([place <= 1 for place in places]),
        right_at_3=_mean([place <= 3 for place in places]),
        right_at_5=_mean([place <= _DEPTH for place in places]),
        mrr=_mean([1 / place for place in places]),
        answered=_mean([decision == "answer" for decision in decisions]),
        offered=_mean([decision == "suggest" for decision in decisions]),
        not_found=_mean([decision == "none" for decision in decisions]),
        false_answers=_mean(false),
        p50_ms=_percentile(milliseconds, 50),
        p95_ms=_percentile(milliseconds, 95),
    )


@asynccontextmanager
async def _live_database(configured: Settings) -> AsyncIterator[Database]:
    """Give the installation's database if it holds live FAQs, else one for the moment with the content files."""
    installed = Database(configured.database)
    try:
        if await _has_answers(installed):
            yield installed
            return
    finally:
        await installed.close()
    with TemporaryDirectory() as folder:
        passing = Database(f"sqlite+aiosqlite:///{folder}/faq.sqlite3")
        tables = [
            model.metadata.tables[model.__tablename__] for model in (faq.Faq, faq.FaqVersion, FaqRevision, AuditEntry, Synonym)
        ]
        async with passing.engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all, tables=tables)
        async with passing.write() as session:
            await content.seed(session)
        yield passing
        await passing.close()


async def _has_answers(database: Database) -> bool:
    async with database.engine.connect() as connection:
        if not await connection.run_sync(lambda plain: inspect(plain).has_table("faq")):
            return False
    async with database.read() as session:
        return bool(await faq.live_entries(session))


def _rows(file: Path, *parts: str) -> list[dict[str, str]]:
    """Read JSON lines, each with these parts as text; empty lines are skipped."""
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as problem:
        raise QuestionsError(f"{file.name} cannot be read as UTF-8 text: {problem}") from problem
    rows = [_row(f"{file.name}, line {number}", line, parts) for number, line in enumerate(lines, start=1) if line.strip()]
    if not rows:
        raise QuestionsError(f"{file.name} holds no question")
    return rows


def _row(place: str, line: str, parts: Sequence[str]) -> dict[str, str]:
    try:
        row: dict[str, str] = json.loads(line)
    except ValueError as problem:
        raise QuestionsError(f"{place}: this is not JSON: {problem}") from problem
    wrong = [part for part in parts if not isinstance(row, dict) or not isinstance(row.get(part), str) or not row[part].strip()]
    if wrong:
        raise QuestionsError(f"{place}: the part {wrong[0]!r} must be there and be text")
    return row


def _place(found: Found, topic: str) -> float:
    """Give the place of the right FAQ among the candidates, counted from 1; infinite if it is not there."""
    return next((place for place, hit in enumerate(found.candidates, start=1) if hit.id == topic), float("inf"))


def _mean(values: Sequence[float]) -> float | None:
    return round(float(np.mean(values)), 4) if values else None


def _percentile(values: Sequence[float], percent: float) -> float:
    return round(float(np.percentile(values, percent)), 2) if values else 0.0
