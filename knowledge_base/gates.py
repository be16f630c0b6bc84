"""Gates: what the signals of a search weigh, and when their sum is good enough to answer, to offer, or to say no."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import yaml

from knowledge_base.index import DENSE, SPARSE, Matrix

FILE = Path(__file__).resolve().parent / "gates.yml"
Decision = Literal["answer", "suggest", "none"]


@dataclass(frozen=True)
class Gate:
    """The weights and gates for one set of signals, as `calibrate` found them.

    ``answer`` and ``margin`` are what the best FAQ must reach, and by how much it must lead, to be given as the answer;
    ``offer`` is what it must reach to be offered. All are scores from 0 to 1.
    """

    weights: Mapping[str, float]
    bias: float
    answer: float
    margin: float
    offer: float

    def scores(self, signals: Matrix) -> Matrix:
        """How likely each FAQ is the one meant: from 0 to 1, and together with "none of them" exactly 1.

        A rival that fits as well therefore takes from a FAQ's score, and a question that nothing fits leaves all low.
        """
        if not signals.size:
            return np.zeros(len(signals))
        fits = signals @ np.array(list(self.weights.values())) + self.bias
        highest = max(float(fits.max()), 0.0)
        shares: Matrix = np.exp(fits - highest)
        scores: Matrix = shares / (shares.sum() + np.exp(-highest))
        return scores

    def decide(self, best: float, second: float) -> Decision:
        """Judge the two highest scores."""
        if best >= self.answer and best - second >= self.margin:
            return "answer"
        return "suggest" if best >= self.offer else "none"


@dataclass(frozen=True)
class Gates:
    """The gate for searches with meaning and the one for those without."""

    dense: Gate
    sparse: Gate


def read(path: Path = FILE) -> Gates:
    """Read `gates.yml`."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Gates(dense=_gate(data["dense"], DENSE), sparse=_gate(data["sparse"], SPARSE))


def write(gates: Gates, path: Path, remark: str) -> None:
    """Write `gates.yml` with a remark on top about where the numbers come from."""
    data = {"dense": _plain(gates.dense), "sparse": _plain(gates.sparse)}
    lines = "".join(f"# {line}\n" for line in remark.splitlines())
    path.write_text(lines + yaml.safe_dump(data, sort_keys=False), encoding="utf-8")


def _gate(data: Mapping[str, Any], names: tuple[str, ...]) -> Gate:
    weights = {name: float(data["weights"][name]) for name in names}
    return Gate(weights, float(data["bias"]), float(data["answer"]), float(data["margin"]), float(data["offer"]))


def _plain(gate: Gate) -> dict[str, Any]:
    return {
        "weights": {name: round(float(weight), 4) for name, weight in gate.weights.items()},
        "bias": round(float(gate.bias), 4),
        "answer": round(float(gate.answer), 3),
        "margin": round(float(gate.margin), 3),
        "offer": round(float(gate.offer), 3),
    }
