"""BM25 over parts: the same as a library's over the whole."""

import random

import bm25s
import numpy as np
import pytest

from knowledge_base.lexical import Lexical
from knowledge_base.postings import collect, merge

CHANCE = random.Random(4)
DOCUMENTS = [[CHANCE.choice("กขคงจฉชซ") * CHANCE.randint(1, 3) for _ in range(CHANCE.randint(1, 30))] for _ in range(90)]
ASKED = ["ก", "ขข", "คคค", "ก", "ง"]


def test_scores_are_those_of_bm25s() -> None:
    library = bm25s.BM25()
    library.index(DOCUMENTS, show_progress=False)
    assert np.allclose(Lexical(DOCUMENTS).scores(ASKED), library.get_scores(ASKED), atol=1e-5)


def test_parts_and_joined_parts_score_as_one() -> None:
    whole = Lexical(DOCUMENTS)
    parts = [collect(DOCUMENTS[:50]), collect(DOCUMENTS[50:])]
    assert np.allclose(Lexical(parts=parts).scores(ASKED), whole.scores(ASKED))
    kept = [np.arange(50) != 7, np.arange(40) != 3]
    left = Lexical([document for place, document in enumerate(DOCUMENTS) if place not in (7, 53)])
    joined = Lexical(parts=[merge(parts, kept)])
    assert np.allclose(joined.scores(ASKED), left.scores(ASKED))
    assert np.allclose(joined.known(ASKED), left.known(ASKED))


def test_some_documents_score_as_among_all() -> None:
    whole = Lexical(parts=[collect(DOCUMENTS[:50]), collect(DOCUMENTS[50:])])
    some = np.array([0, 3, 49, 50, 89])
    assert np.allclose(whole.among(some).scores(ASKED), whole.scores(ASKED)[some])
    assert np.allclose(whole.among(some).known(ASKED), whole.known(ASKED)[some])


def test_known_is_a_share_in_which_unheard_pieces_count() -> None:
    lexical = Lexical([["บัตร", "หาย"], ["ภาษี"]])
    assert lexical.known(["บัตร", "หาย"]).tolist() == pytest.approx([1, 0])
    assert lexical.known(["บัตร", "แมว"])[0] < 0.5
    assert lexical.known([]).tolist() == [0, 0]


def test_nothing_is_found_in_nothing() -> None:
    assert Lexical([]).scores(["ก"]).tolist() == []
    assert Lexical([[]]).scores(["ก"]).tolist() == [0]


def test_with_little_effort_the_commonest_pieces_are_left_out() -> None:
    lexical = Lexical([["ที่", "บัตร"], ["ที่"], ["ที่"]])
    assert lexical.scores(["ที่", "บัตร"], effort=1).tolist()[1:] == [0, 0]
    assert lexical.scores(["ที่", "บัตร"], effort=1)[0] > 0
