"""The index: all published FAQs, ready to be compared with what a citizen asks. Immutable.

It is made of parts: a large one, and one with what changed since. Where FAQs are many, a question is compared roughly with all
of them first, and exactly with the few hundred that came nearest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from knowledge_base import background as ground
from knowledge_base.background import Background
from knowledge_base.encoder import Vectors
from knowledge_base.entry import Entry
from knowledge_base.lexical import Lexical, Scores
from knowledge_base.meaning import Kept, Meaning, centres, gather, kept_centres
from knowledge_base.part import Part, cut
from knowledge_base.postings import Flags
from knowledge_base.vectors import NONE, VectorStore, keys
from knowledge_base.wording import Wording, trigrams

Matrix = NDArray[np.float64]
Places = NDArray[np.int64]
SPARSE = ("words", "words_known", "letters", "letters_known", "words_elsewhere", "letters_elsewhere")
DENSE = (*SPARSE, "nearest", "several", "centre", "nearest_elsewhere", "several_elsewhere")


_K1, _B = 3.0, 1.0  # a FAQ asks the same in many ways: what stands in many of them is what it is about
_COSINES = 5  # brings them to the size of the other signals
FEW = 512  # up to so many FAQs all are compared exactly
_BEST = 64  # FAQs that come nearest by words, by letters and by meaning, each
_SAMPLE = 160  # FAQs whatever the question, so that z-scores mean the same as among few
_EFFORT = 200_000  # postings looked at for the rough comparison
_SPREAD = 0.01  # of the most a score can be: below lie questions such as "zxcv asdfgh", of which one FAQ has one trigram


@dataclass(frozen=True)
class Index:
    """Compares a question with FAQs, and with the background, by words, letters and (given vectors) meaning.

    ``alive`` are the FAQs that may be found; ``kept`` holds the vectors of the parts where not all are in memory (`meaning`).
    """

    ids: tuple[str, ...]
    parts: tuple[Part, ...]
    alive: Flags
    wording: Wording
    words: Lexical
    letters: Lexical
    background: Background
    meaning: Meaning | None = None
    kept: tuple[Kept, ...] = ()
    texts: tuple[str, ...] = field(default=(), repr=False)

    @property
    def dense(self) -> bool:
        """Whether meaning can be compared."""
        return self.meaning is not None or bool(self.kept)

    def exact(self, canonical: str) -> str | None:
        """The id of the FAQ that has this very question, if only one has."""
        key = int(keys([canonical])[0])
        places = [place + first for part, first in zip(self.parts, self._firsts, strict=True) for place in part.asking(key)]
        living = [place for place in places if self.alive[place]]
        return self.ids[living[0]] if len(living) == 1 else None

    def rough(self, canonical: str) -> list[Scores]:
        """Compare a question with all FAQs by its rarer words and trigrams; nothing where FAQs are few."""
        if len(self.ids) <= FEW:
            return []
        return [
            self.words.scores(self.wording.words(canonical), _EFFORT),
            self.letters.scores(trigrams(canonical), _EFFORT),
        ]

    def near(self, canonical: str, vector: Vectors | None = None, rough: Sequence[Scores] | None = None) -> "Index":
        """The same with a few hundred FAQs only: those nearest to a question, and some others to compare with.

        Args:
            canonical: The question, already in one wording.
            vector: Its vector, if meaning is to be compared.
            rough: What `rough` gave, where that was asked while the vector was made.

        Returns:
            An index whose `signals` are exact, of all FAQs that may be found if they are few.
        """
        if len(self.ids) <= FEW:
            return self if self.alive.all() else self._among(self.alive.nonzero()[0])
        compared = [*(self.rough(canonical) if rough is None else rough)]
        if vector is not None and self.kept:
            compared.append(np.concatenate([part.centres @ vector for part in self.kept]) + 1)
        best = [_best(np.where(self.alive, scores, 0)) for scores in compared]
        asking = [part.asking(int(keys([canonical])[0])) + first for part, first in zip(self.parts, self._firsts, strict=True)]
        places = np.unique(np.concatenate([*best, *asking, self._sample]))
        return self._among(places[self.alive[places]])

    def _among(self, places: Places) -> "Index":
        bounds = np.searchsorted(places, [*self._firsts[1:]])
        within = [some - first for some, first in zip(np.split(places, bounds), self._firsts, strict=True)]
        return replace(
            self,
            ids=tuple(self.ids[place] for place in places.tolist()),
            parts=(),
            alive=np.ones(len(places), np.bool_),
            words=self.words.among(places),
            letters=self.letters.among(places),
            meaning=gather(self.kept, within) if self.kept else None,
            kept=(),
        )

    @cached_property
    def _firsts(self) -> list[int]:
        """The place of each part's first FAQ."""
        sizes = [len(part.ids) for part in self.parts]
        return [sum(sizes[:number]) for number in range(len(sizes))]

    @cached_property
    def _sample(self) -> Places:
        return np.random.default_rng(1).permutation(len(self.ids))[:_SAMPLE]

    def signals(self, canonical: str, vector: Vectors | None = None, *, without: int | None = None) -> Matrix:
        """Compare a question with every FAQ.

        Args:
            canonical: The question, already in one wording.
            vector: Its vector; None leaves meaning out.
            without: A question of the background to be left out, for calibration.

        Returns:
            One row for each FAQ; the columns are SPARSE or, with a vector, DENSE. Words and letters are z-scores over the
            FAQs; the others can be compared between questions.
        """
        words, letters = self.wording.words(canonical), trigrams(canonical)
        columns = [
            _z(self.words.scores(words), self.words.most(words)),
            self.words.known(words),
            _z(self.letters.scores(letters), self.letters.most(letters)),
            self.letters.known(letters),
            *self._alike(self.background.lexical(words, letters, without)),
        ]
        if vector is not None and self.meaning is not None:
            near = [*self.meaning.cosines(vector), *self._alike(self.background.cosines(vector, without))]
            columns += [cosines * np.float32(_COSINES) for cosines in near]
        return np.stack(columns, axis=1).astype(np.float64)

    def _alike(self, values: Sequence[float]) -> list[NDArray[np.float32]]:
        return [np.full(len(self.ids), value, dtype=np.float32) for value in values]


def build(entries: Sequence[Entry], unanswerable: Sequence[str], wording: Wording) -> Index:
    """Index FAQs by words and letters; `with_meaning` adds the rest. Blocks for about 3 ms a FAQ."""
    part, texts = cut(entries, wording)
    background = ground.build(unanswerable, wording)
    return replace(assemble([part], background, wording), texts=(*texts, *background.texts))


def assemble(parts: Sequence[Part], background: Background, wording: Wording, alive: Flags | None = None) -> Index:
    """Make an index of parts, without meaning."""
    ids = tuple(faq_id for part in parts for faq_id in part.ids)
    return Index(
        ids=ids,
        parts=tuple(parts),
        alive=np.ones(len(ids), np.bool_) if alive is None else alive,
        wording=wording,
        words=Lexical(parts=[part.words for part in parts], k1=_K1, b=_B),
        letters=Lexical(parts=[part.letters for part in parts], k1=_K1, b=_B),
        background=background,
    )


def texts_to_encode(index: Index) -> list[str]:
    """The texts whose vectors `with_meaning` wants, in its order: questions, Thai answers, English answers, background."""
    return list(index.texts)


def with_meaning(index: Index, vectors: Vectors) -> Index:
    """The index that `build` gave with the vectors of `texts_to_encode`."""
    if not index.ids:
        return index
    part = index.parts[0]
    asked, faqs = len(part.questions), len(part.ids)
    questions, thai, english, others = np.split(vectors, [asked, asked + faqs, asked + 2 * faqs])
    starts = part.starts[:-1]
    meaning = Meaning(questions, starts, centres(questions, starts), (thai, english))
    return replace(index, meaning=meaning, background=ground.with_vectors(index.background, others))


def with_kept(index: Index, kept: Sequence[Kept], background: Vectors) -> Index:
    """The same index with the vectors of its parts and of the background; few FAQs' are read into memory."""
    meaning = None
    if 0 < len(index.ids) <= FEW:
        meaning = gather(kept, [np.arange(len(part.answers)) for part in kept])
    return replace(index, meaning=meaning, kept=tuple(kept), background=ground.with_vectors(index.background, background))


def keep(part: Part, store: VectorStore, middles: Vectors | None = None) -> Kept | None:
    """Find the vectors of a part in the store; None while some are not there.

    Args:
        part: The part.
        store: Where the vectors are.
        middles: The centres, if they are known already.
    """
    wanted = np.concatenate([part.questions, part.answers.ravel()])
    vectors, rows = store.locate(wanted)
    if (rows == NONE).any():
        return None
    questions, answers = rows[: len(part.questions)], rows[len(part.questions) :].reshape(-1, 2)
    if middles is None:
        middles = kept_centres(vectors, questions, part.starts)
    return Kept(vectors, questions, part.starts, answers, middles)


def _best(scores: NDArray[np.float32]) -> Places:
    """Give the places of the highest scores above 0."""
    places = np.argpartition(scores, -_BEST)[-_BEST:]
    return places[scores[places] > 0]


def _z(scores: NDArray[np.float32], most: float) -> NDArray[np.float32]:
    """How far each score stands out. Where all share next to nothing with the question, nothing stands out far."""
    spread = max(float(scores.std()), _SPREAD * most) if scores.size else 0.0
    return (scores - scores.mean()) / np.float32(spread) if spread > 1e-6 else np.zeros_like(scores)
