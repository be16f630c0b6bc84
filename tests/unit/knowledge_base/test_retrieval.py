"""Retrieval on collections of others: figures, and files that cannot be used."""

import io
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge_base.encoder import Vectors
from knowledge_base.retrieval import CollectionError, Retriever, compare, evaluate_retrieval, rank, read

CONTEXTS = [
    {"cid": "c1", "text": "แม่น้ำเจ้าพระยาไหลผ่านกรุงเทพมหานครลงสู่อ่าวไทย"},
    {"cid": "c2", "text": "ดอยอินทนนท์เป็นยอดเขาที่สูงที่สุดในประเทศไทย อยู่ในจังหวัดเชียงใหม่"},
    {"cid": "c3", "text": "ทุเรียนเป็นผลไม้ที่ปลูกมากในจังหวัดจันทบุรีและระยอง"},
]
QUESTIONS = [
    {"question": "ยอดเขาใดสูงที่สุดในประเทศไทย", "cid": "c2"},
    {"question": "จังหวัดไหนปลูกทุเรียนมาก", "cid": "c3"},
    {"question": "แม่น้ำเจ้าพระยาไหลลงที่ใด", "cid": "c1"},
]


def written(path: Path, rows: Sequence[object]) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def contexts(tmp_path: Path) -> Path:
    return written(tmp_path / "contexts.jsonl", CONTEXTS)


def test_the_last_line_holds_the_figures_and_the_table_all_ways(tmp_path: Path, contexts: Path) -> None:
    out = io.StringIO()
    found = evaluate_retrieval(contexts, written(tmp_path / "questions.jsonl", QUESTIONS), None, out)
    *table, last = out.getvalue().splitlines()
    assert json.loads(last) == {"recall_at_1": 1.0, "mrr": 1.0, "ndcg_at_10": 1.0}
    assert found.recall_at_1 == 1.0
    assert [line.split("  ")[0] for line in table[2:]] == ["BM25, newmm words", "BM25, letter trigrams", "fused"]


def test_figures_are_those_of_the_places() -> None:
    assert rank([1, 2, 11]).recall_at_1 == pytest.approx(0.3333)
    assert rank([1, 2, 11]).mrr == pytest.approx((1 + 1 / 2 + 1 / 11) / 3, abs=1e-4)
    assert rank([1, 2, 11]).ndcg_at_10 == pytest.approx((1 + 1 / np.log2(3)) / 3, abs=1e-4)


class OneThing:
    """An encoder that only knows whether a text speaks of fruit."""

    name = "fruit-1"

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.array([[1, 0] if "ทุเรียน" in text or "ผลไม้" in text else [0, 1] for text in texts], dtype=np.float32)


def test_meaning_finds_what_shares_no_word_and_looks_into_every_piece(tmp_path: Path) -> None:
    long = "ก ข ค " * 200 + CONTEXTS[2]["text"]
    passages = [CONTEXTS[0]["text"], CONTEXTS[1]["text"], long]
    assert Retriever(passages, OneThing()).scores("ผลไม้").argmax() == 2
    assert Retriever(passages, OneThing()).signals("ผลไม้")["meaning"].tolist() == [0, 0, 1]
    assert "meaning" not in Retriever(passages).signals("ผลไม้")


@pytest.mark.parametrize("question", ["", "😀", "zzz"])
def test_a_question_that_fits_nothing_ranks_all_alike(question: str) -> None:
    assert Retriever([row["text"] for row in CONTEXTS]).scores(question).tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([QUESTIONS[0], "{broken"], "questions.jsonl, line 2: this is not JSON"),
        ([QUESTIONS[0], "", {"question": "อะไร"}], "questions.jsonl, line 3: the part 'cid' must be there and be text"),
        ([["question"]], "questions.jsonl, line 1: this must be an object like"),
        ([{"question": "อะไร", "cid": "c9"}], "questions.jsonl, line 1: there is no passage with the cid 'c9' in contexts.jsonl"),
        (["", " "], "questions.jsonl holds no line"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, contexts: Path, rows: Sequence[object], says: str) -> None:
    with pytest.raises(CollectionError) as told:
        read(contexts, written(tmp_path / "questions.jsonl", rows))
    assert str(told.value).startswith(says)


def test_a_cid_that_stands_twice_and_a_file_that_is_no_text_are_named(tmp_path: Path, contexts: Path) -> None:
    twice = written(tmp_path / "twice.jsonl", [*CONTEXTS, CONTEXTS[0]])
    with pytest.raises(CollectionError, match=r"twice\.jsonl, line 4: the cid 'c1' stands in an earlier line too"):
        read(twice, contexts)
    (tmp_path / "odd.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CollectionError, match=r"odd\.jsonl cannot be read as UTF-8 text"):
        read(contexts, tmp_path / "odd.jsonl")


def test_on_foreign_passages_the_fused_ranking_is_at_least_as_good_as_both_baselines(shared: Path) -> None:
    folder = shared / "data" / "iapp_qa"
    if not folder.is_dir():
        pytest.skip("needs ../shared/data/iapp_qa")
    ranked = compare(read(folder / "dev_contexts.jsonl", folder / "dev_questions.jsonl"))
    fused = ranked.pop("fused").ndcg_at_10
    assert fused >= max(one.ndcg_at_10 for one in ranked.values())
