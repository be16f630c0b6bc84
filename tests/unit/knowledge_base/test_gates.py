"""Gates and the logit behind them."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base import calibrate, gates, logit
from knowledge_base.gates import Gate, Gates
from knowledge_base.index import DENSE, SPARSE
from knowledge_base.logit import Asked

GATE = Gate({"a": 2.0, "b": -1.0}, -3.0, answer=0.6, margin=0.2, offer=0.3)


@given(st.lists(st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4)), max_size=8))
def test_scores_are_shares_of_one(rows: list[tuple[float, float]]) -> None:
    scores = GATE.scores(np.array(rows).reshape(-1, 2))
    assert np.isfinite(scores).all()
    assert (scores >= 0).all()
    assert scores.sum() <= 1 + 1e-9


def test_an_equal_rival_halves_and_nothing_fitting_leaves_all_low() -> None:
    alone, rivalled = GATE.scores(np.array([[6.0, 0.0]])), GATE.scores(np.array([[6.0, 0.0], [6.0, 0.0]]))
    assert alone[0] > 0.99
    assert rivalled[0] == pytest.approx(0.5, abs=0.01)
    assert GATE.scores(np.array([[0.0, 0.0], [0.0, 1.0]])).max() < 0.1


@pytest.mark.parametrize(
    ("best", "second", "decision"),
    [(0.7, 0.1, "answer"), (0.7, 0.6, "suggest"), (0.5, 0.0, "suggest"), (0.3, 0.3, "suggest"), (0.29, 0.0, "none")],
)
def test_the_three_outcomes(best: float, second: float, decision: str) -> None:
    assert GATE.decide(best, second) == decision


def test_gates_survive_the_file(tmp_path: Path) -> None:
    dense = Gate(dict.fromkeys(DENSE, 0.5), -1.0, 0.8, 0.1, 0.2)
    sparse = Gate(dict.fromkeys(SPARSE, 0.25), -2.0, 0.7, 0.0, 0.1)
    gates.write(Gates(dense, sparse), tmp_path / "gates.yml", "Measured today.\nOn two lines.")
    assert gates.read(tmp_path / "gates.yml") == Gates(dense, sparse)
    assert (tmp_path / "gates.yml").read_text().startswith("# Measured today.\n# On two lines.\ndense:")


def test_the_gates_in_use_are_sensible() -> None:
    current = gates.read()
    for gate in (current.dense, current.sparse):
        assert 0.1 < gate.offer < gate.answer < 1


def samples() -> Asked:
    """Three FAQs; the right one's first signal stands out, for strangers none does; the second signal is noise."""
    random = np.random.default_rng(7)
    signals = random.normal(size=(300, 3, 2))
    right = np.repeat([0, 1, 2, -1], 75)
    signals[np.arange(225), right[:225], 0] += 4
    return Asked(signals, right)


def test_the_logit_finds_what_tells() -> None:
    tells, noise, bias = logit.fit(samples())
    assert tells > 1
    assert abs(noise) < 0.5
    assert bias < 0


def test_calibration_keeps_its_bounds() -> None:
    asked = samples()
    gate = calibrate.fit(asked, ("tells", "noise"))
    figures = calibrate.report(gate, asked)
    assert figures["right_at_1"] > 0.9
    assert figures["answered"] > 0.7
    assert figures["false_answers"] <= calibrate.FALSE_ANSWERS
    assert figures["wrong_answers"] <= calibrate.WRONG_ANSWERS
    assert figures["not_found"] < 0.1
