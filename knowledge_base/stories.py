"""Stories: a curator's question as citizens send it, with what happened to them before it, and with typing errors.

Calibration asks such questions too, because many citizens tell their story first: "แม่อายุมากแล้วเดินไม่ค่อยไหว บัตรประชาชนหายทำไง".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge_base.content import FOLDER

_CLOSING = "จบ: "
_LEFT_OUT = dict.fromkeys("่้๊๋์", 0.12)  # marks that hurried people forget, and how often
_MIXED_UP = {"ศ": ("ส", 0.2), "ษ": ("ส", 0.2), "ณ": ("น", 0.2), "ใ": ("ไ", 0.15), "ร": ("ล", 0.05)}
_LOST = 0.01  # of all other letters


@dataclass(frozen=True)
class Stories:
    """What people tell before their question, and how they end."""

    openings: Sequence[str]
    closings: Sequence[str]

    def tell(self, question: str, chance: np.random.Generator) -> str:
        """A story around a question, a little misspelt; the question stands at the end, in the middle or in front."""
        opening, kind = chance.choice(self.openings), chance.random()
        if kind < 0.5:
            closing = chance.choice(self.closings) if chance.random() < 0.4 else ""
            told = f"{opening} {question} {closing}"
        elif kind < 0.7:
            told = f"{opening} {chance.choice(self.openings)} {question}"
        else:
            told = f"{question} {opening}"
        return _misspelt(told.strip(), chance)


def read(folder: Path = FOLDER) -> Stories:
    """Read `stories.txt` of a content folder: one sentence a line, # begins a remark, "จบ: " a closing one."""
    lines = [line.strip() for line in (folder / "stories.txt").read_text(encoding="utf-8").splitlines()]
    told = [line for line in lines if line and not line.startswith("#")]
    return Stories(
        [line for line in told if not line.startswith(_CLOSING)],
        [line.removeprefix(_CLOSING) for line in told if line.startswith(_CLOSING)],
    )


def _misspelt(text: str, chance: np.random.Generator) -> str:
    return "".join(_typed(letter, chance.random()) for letter in text)


def _typed(letter: str, luck: float) -> str:
    if luck < _LEFT_OUT.get(letter, _LOST):
        return ""
    other, often = _MIXED_UP.get(letter, (letter, 0.0))
    return other if luck < often else letter
