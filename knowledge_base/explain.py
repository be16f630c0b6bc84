"""Explanations: what a search found and why, for the curators' "try it"."""

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge_base.followup import Part
from knowledge_base.gates import Decision, Gate
from knowledge_base.hit import Hit


@dataclass(frozen=True)
class Considered:
    """One FAQ that came near.

    ``signals`` are what its score was made of, by the names in `gates.yml`; ``nearest`` is the known question of this FAQ
    that is most like the one asked, as curators wrote it.
    """

    hit: Hit
    score: float
    signals: Mapping[str, float]
    nearest: str


@dataclass(frozen=True)
class Explanation:
    """What became of a question.

    ``canonical`` is the question as the search reads it, with the curators' synonyms in: "บัตร ปชช หายย" -> "บัตรประชาชน หาย".
    ``gate`` holds the thresholds ``answer``, ``margin`` and ``offer`` (0 to 1) and the weights of the signals; ``reason``
    says in a Thai sentence how they led to the decision. ``part`` is the part of an answer that the question asks for, if
    any. ``dense`` tells whether meaning was compared, ``exact`` whether the question stands word for word in the content.
    """

    canonical: str
    decision: Decision
    gate: Gate
    candidates: tuple[Considered, ...]
    part: Part | None
    dense: bool
    exact: bool
    reason: str


def reason(decision: Decision, gate: Gate, scores: tuple[float, ...], *, exact: bool, open_part: bool) -> str:
    """Say in Thai why this was decided.

    Args:
        decision: What was decided.
        gate: The thresholds it was decided with.
        scores: The scores of the candidates, best first; none where nothing was comparable.
        exact: The question stands word for word in the content.
        open_part: Only a part is asked for and nothing says of which answer ("กี่บาท").

    Returns:
        One or two sentences, such as "คะแนนสูงสุด 0.93 ถึงเกณฑ์ตอบ 0.86 และนำอันดับถัดไป 0.88 (เกณฑ์ 0.00) จึงตอบทันที".
    """
    if open_part:
        return "ถามเฉพาะส่วนหนึ่งของคำตอบโดยไม่บอกว่าเรื่องใด และไม่มีคำตอบก่อนหน้าให้อ้างถึง จึงไม่เดา"
    if not scores:
        return "ไม่มีคำให้เปรียบเทียบ หรือยังไม่มีคำตอบที่เผยแพร่"
    best, lead = scores[0], scores[0] - (scores[1] if len(scores) > 1 else 0.0)
    if exact and decision == "answer":
        return "ตรงกับคำถามที่มีอยู่ทุกตัวอักษร จึงตอบทันที"
    if decision == "answer":
        return f"คะแนนสูงสุด {best:.2f} ถึงเกณฑ์ตอบ {gate.answer:.2f} และนำอันดับถัดไป {lead:.2f} (เกณฑ์ {gate.margin:.2f}) จึงตอบทันที"
    if decision == "none":
        return f"คะแนนสูงสุด {best:.2f} ไม่ถึงเกณฑ์เสนอ {gate.offer:.2f} จึงตอบว่าไม่พบ"
    if best >= gate.answer:
        return f"คะแนนสูงสุด {best:.2f} ถึงเกณฑ์ตอบ แต่นำอันดับถัดไปเพียง {lead:.2f} (เกณฑ์ {gate.margin:.2f}) จึงเสนอให้เลือก"
    return f"คะแนนสูงสุด {best:.2f} ถึงเกณฑ์เสนอ {gate.offer:.2f} แต่ไม่ถึงเกณฑ์ตอบ {gate.answer:.2f} จึงเสนอให้เลือก"
