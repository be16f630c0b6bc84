"""A hit: one FAQ as search hands it to chat, API and pages."""

from dataclasses import asdict, dataclass
from typing import Any

from knowledge_base.entry import Entry
from knowledge_base.followup import Part


@dataclass(frozen=True)
class Hit:
    """One FAQ that was found, as plain data.

    ``score`` runs from 0 to 1 and can be compared between questions: how likely it is what was meant. ``answer`` holds
    steps, documents, fee, time, where, hours and link; what the city does not know is None or empty. ``part`` is set when
    only that part was asked for. Dates are ISO: "2026-11-22".
    """

    id: str
    title: str
    title_en: str
    group: str
    agency: str
    score: float
    summary: str
    summary_en: str
    answer: dict[str, Any]
    verified: bool
    source: str
    reviewed: str | None
    review_by: str
    part: Part | None = None

    def as_dict(self) -> dict[str, Any]:
        """The hit as JSON."""
        return asdict(self)


def hit(entry: Entry, score: float, part: Part | None = None) -> Hit:
    """Make a hit of a FAQ."""
    return Hit(
        id=entry.id,
        title=entry.question.th,
        title_en=entry.question.en,
        group=entry.group,
        agency=entry.agency,
        score=round(score, 4),
        summary=entry.summary.th,
        summary_en=entry.summary.en,
        answer=entry.model_dump(include={"steps", "documents", "fee", "time", "where", "hours", "link"}),
        verified=entry.verified,
        source=entry.source,
        reviewed=entry.reviewed.isoformat() if entry.reviewed else None,
        review_by=entry.review_by.isoformat(),
        part=part,
    )
