"""Parts of an index: FAQs cut into what a question is compared with. Immutable; parts are joined without cutting anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from knowledge_base import postings
from knowledge_base.entry import Entry
from knowledge_base.postings import Flags, Postings
from knowledge_base.vectors import Keys, keys
from knowledge_base.wording import Wording, trigrams


@dataclass(frozen=True)
class Part:
    """Some FAQs.

    ``questions`` are the keys of all ways to ask, FAQ after FAQ, and ``counts`` how many each FAQ has; ``answers`` are two
    keys for each, of its Thai and its English answer.
    """

    ids: tuple[str, ...]
    questions: Keys
    counts: NDArray[np.int32]
    answers: Keys
    words: Postings
    letters: Postings

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Where each FAQ's questions begin, and the end."""
        return np.concatenate([np.zeros(1, np.int64), np.cumsum(self.counts, dtype=np.int64)])

    def asking(self, key: int) -> NDArray[np.int64]:
        """The places of the FAQs that have a question of this key."""
        order, ordered = self._sorted
        low, high = np.searchsorted(ordered, np.array([key], np.uint64))[0], np.searchsorted(ordered, np.uint64(key), "right")
        found: NDArray[np.int64] = np.unique(np.searchsorted(self.starts, order[low:high], "right") - 1)
        return found

    @cached_property
    def _sorted(self) -> tuple[NDArray[np.int64], Keys]:
        order = self.questions.argsort()
        return order, self.questions[order]


def cut(entries: Sequence[Entry], wording: Wording) -> tuple[Part, list[str]]:
    """Cut FAQs into a part. Blocks, for some 3 ms a FAQ.

    Returns:
        The part, and the texts whose vectors it will want: all questions, all Thai answers, all English answers.
    """
    asked, thai, english = _compared(entries, wording)
    documents = [[*known, *_answer(entry, wording)] for known, entry in zip(asked, entries, strict=True)]
    flat = [text for known in asked for text in known]
    part = Part(
        ids=tuple(entry.id for entry in entries),
        questions=keys(flat),
        counts=np.array([len(known) for known in asked], np.int32),
        answers=np.stack([keys(thai), keys(english)], axis=1),
        words=postings.collect([word for text in document for word in wording.words(text)] for document in documents),
        letters=postings.collect([three for text in document for three in trigrams(text)] for document in documents),
    )
    return part, [*flat, *thai, *english]


def texts(entries: Sequence[Entry], wording: Wording) -> list[str]:
    """The texts whose vectors a part of these FAQs wants, as `cut` gives them."""
    asked, thai, english = _compared(entries, wording)
    return [*(text for known in asked for text in known), *thai, *english]


def join(parts: Sequence[Part], kept: Sequence[Flags]) -> Part:
    """Join parts into one with the FAQs that stay, in the order of the parts."""
    return Part(
        ids=tuple(
            faq_id
            for part, flags in zip(parts, kept, strict=True)
            for faq_id, stays in zip(part.ids, flags.tolist(), strict=True)
            if stays
        ),
        questions=np.concatenate(
            [part.questions[np.repeat(flags, part.counts)] for part, flags in zip(parts, kept, strict=True)]
        ),
        counts=np.concatenate([part.counts[flags] for part, flags in zip(parts, kept, strict=True)]),
        answers=np.concatenate([part.answers[flags] for part, flags in zip(parts, kept, strict=True)]),
        words=postings.merge([part.words for part in parts], kept),
        letters=postings.merge([part.letters for part in parts], kept),
    )


def questions(entry: Entry, wording: Wording) -> list[str]:
    """Give a FAQ's questions in one wording, without doubles."""
    return list(dict.fromkeys(wording.canonical(text) for text in entry.questions()))


def _compared(entries: Sequence[Entry], wording: Wording) -> tuple[list[list[str]], list[str], list[str]]:
    """Give each FAQ's questions, its Thai answer and its English answer, as their meaning is compared."""
    thai = [wording.canonical(f"{entry.question.th} {entry.summary.th}") for entry in entries]
    english = [wording.canonical(f"{entry.question.en} {entry.summary.en}") for entry in entries]
    return [questions(entry, wording) for entry in entries], thai, english


def _answer(entry: Entry, wording: Wording) -> list[str]:
    """Give what else words are looked for in: the Thai answer."""
    parts = [entry.summary.th, *entry.steps, *entry.documents, entry.fee, entry.time, entry.where]
    return [wording.canonical(part) for part in parts if part]
