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
from knowledge_base import content, gates, index, logit, stories, whitening
from knowledge_base.background import read_unanswerable
from knowledge_base.encoder import Encoder, open_plain_encoder
from knowledge_base.entry import Entry
from knowledge_base.gates import Gate, Gates
from knowledge_base.index import DENSE, SPARSE, Index, Matrix
from knowledge_base.logit import Asked
from knowledge_base.stories import Stories
from knowledge_base.vectors import VectorStore
from knowledge_base.whitening import Whitened, Whitening
from knowledge_base.wording import Wording, read_synonyms

FALSE_ANSWERS = 0.03  # unanswerable questions that may get an answer all the same
WRONG_ANSWERS = 0.04  # answerable questions that may get another FAQ's answer
LOST = 0.06  # right candidates that the offer gate may hide
_NONE = -1
_Flags = NDArray[np.bool_]


class Cached:
    """An encoder that keeps what it encoded, in its store."""

    def __init__(self, store: VectorStore, name: str) -> None:
        """Answer from a store; ``name`` is its encoder's."""
        self.encode = store.vectors
        self.name = name


def ask_all(
    entries: Sequence[Entry], unanswerable: Sequence[str], wording: Wording, encoder: Encoder | None, stories: Stories
) -> Asked:
    """Ask every variant and every unanswerable question, as they are and within stories, of an index without it.

    Blocks for a minute, and for some more where the encoder has not seen the texts before.
    """
    chance = np.random.default_rng(1)
    signals: list[Matrix] = []
    right: list[int] = []
    for kept, left_out in _rounds(entries):
        built, whitened = _built(kept, unanswerable, wording, encoder)
        for place, question in left_out:
            signals += [_ask(built, told, whitened) for told in (question, stories.tell(question, chance))]
            right += [place, place]
    built, whitened = _built(entries, unanswerable, wording, encoder)
    for number, question in enumerate(unanswerable):
        told = (question, stories.tell(question, chance))
        signals += [_ask(built, text, whitened, without=number) for text in told]
        right += [_NONE, _NONE]
    return Asked(np.stack(signals), np.array(right))


def fit_whitening(entries: Sequence[Entry], wording: Wording, encoder: Encoder) -> Whitening:
    """Find the whitening for an encoder from the questions of FAQs."""
    known = [[*dict.fromkeys(wording.canonical(question) for question in entry.questions())] for entry in entries]
    starts = np.cumsum([0, *(len(questions) for questions in known[:-1])])
    return whitening.fit(encoder.name, encoder.encode([question for questions in known for question in questions]), starts)


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


def _built(
    entries: Sequence[Entry], unanswerable: Sequence[str], wording: Wording, encoder: Encoder | None
) -> tuple[Index, Encoder | None]:
    built = index.build(entries, unanswerable, wording)
    if encoder is None:
        return built, None
    whitened = Whitened(encoder, fit_whitening(entries, wording, encoder))
    return index.with_meaning(built, whitened.encode(index.texts_to_encode(built))), whitened


def _ask(built: Index, question: str, encoder: Encoder | None, *, without: int | None = None) -> Matrix:
    canonical = built.wording.canonical(question)
    return built.signals(canonical, encoder.encode([canonical])[0] if encoder else None, without=without)


def _judged(gate: Gate, asked: Asked) -> tuple[Matrix, Matrix, _Flags, _Flags]:
    """Give the best and second score of every question, whether the best is right, and whether there is a right one."""
    scores = np.stack([gate.scores(signals) for signals in asked.signals])
    ranked = np.sort(scores, axis=1)[:, ::-1]
    return ranked[:, 0], ranked[:, 1], scores.argmax(axis=1) == asked.right, asked.right >= 0


def _share(those: _Flags, among: _Flags) -> float:
    return int((those & among).sum()) / max(int(among.sum()), 1)


def main() -> None:
    """Calibrate on the content files and write `gates.yml` and `whitening.npz`."""
    entries = [written.entry() for written in content.read() if written.state == "published"]
    unanswerable = read_unanswerable({entry.id for entry in entries})
    wording, told = Wording(read_synonyms()), stories.read()
    plain = open_plain_encoder(dense=True)
    if plain is None:
        sys.exit("calibration needs the sentence encoder: run `make setup`")
    encoder = Cached(VectorStore(settings().var, plain), plain.name)
    found = {}
    remark = f"Written by `python -m knowledge_base.calibrate` from {len(entries)} FAQs.\n"
    for name, names, using in (("dense", DENSE, encoder), ("sparse", SPARSE, None)):
        asked = ask_all(entries, unanswerable, wording, using, told)
        found[name] = fit(asked, names)
        figures = ", ".join(f"{key} {value:.3f}" for key, value in report(found[name], asked).items())
        remark += f"{name}: {figures}\n"
    whitening.write(fit_whitening(entries, wording, encoder))
    gates.write(Gates(**found), gates.FILE, remark)
    sys.stdout.write(remark)


if __name__ == "__main__":
    main()
