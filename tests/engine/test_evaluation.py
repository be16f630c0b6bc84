"""The figures of an evaluation, and what it refuses."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from bot.evaluation import rows, understanding
from bot.evaluation.figures import Judged, accuracy, calibration_error, confusions, macro_f1
from bot.evaluation.foreign import evaluate
from bot.evaluation.model import Reader
from bot.evaluation.rows import BadFile
from tests.engine.processes import ROOT

JUDGED = [Judged("a", "a", 0.95), Judged("a", "b", 0.95), Judged("b", "b", 0.55), Judged("b", "b", 0.55)]


def write(path: Path, *found: Any) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def reader(model: Path) -> Reader:
    return Reader(model)


def test_accuracy_is_the_share_of_right_ones() -> None:
    assert accuracy(JUDGED) == 0.75


def test_macro_f1_counts_each_label_the_same() -> None:
    assert macro_f1(JUDGED) == pytest.approx((2 / 3 + 4 / 5) / 2)


def test_the_calibration_error_is_how_far_claims_and_shares_are_apart() -> None:
    assert calibration_error(JUDGED) == pytest.approx((0.45 * 2 + 0.45 * 2) / 4)


def test_mistakes_are_counted() -> None:
    assert confusions(JUDGED) == [("a", "b", 1)]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("nonsense", "row 2: this is not JSON"),
        ("[1]", "row 2: this is no object"),
        ('{"text": "ไฟดับ"}', 'row 2: "intent" is missing'),
        ('{"text": " ", "intent": "greet"}', 'row 2: "text" must be a text that is not empty'),
        ('{"text": 5, "intent": "greet"}', 'row 2: "text" must be a text that is not empty'),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, line: str, why: str) -> None:
    file = tmp_path / "asked.jsonl"
    file.write_text('{"text": "สวัสดี", "intent": "greet"}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(BadFile, match="asked.jsonl, " + why):
        rows.read(file, ("text", "intent"))


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="there is no row in it"):
        rows.read(write(tmp_path / "empty.jsonl"), ("text",))


def test_a_date_that_no_calendar_has_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "dates.jsonl", {"text": "เมื่อวาน", "now": "2026-13-01", "iso": None})
    with pytest.raises(BadFile, match='row 1: "now"'):
        understanding.check("dates", file)


def test_intents_are_measured(reader: Reader, tmp_path: Path) -> None:
    file = write(tmp_path / "i.jsonl", {"text": "สวัสดีค่ะ", "intent": "greet"}, {"text": "สวัสดีครับ", "intent": "goodbye"})
    out = io.StringIO()

    figures = understanding.intents(reader, file, out)

    assert figures["accuracy"] == 0.5
    assert set(figures) == {"accuracy", "macro_f1", "ece"}
    assert "1 x goodbye read as greet" in out.getvalue()


def test_an_intent_that_the_model_does_not_know_is_refused(reader: Reader, tmp_path: Path) -> None:
    file = write(tmp_path / "i.jsonl", {"text": "สวัสดีค่ะ", "intent": "great"})
    with pytest.raises(BadFile, match="row 1: \"intent\" is 'great'"):
        understanding.intents(reader, file, io.StringIO())


def test_places_must_be_found_to_the_letter(reader: Reader, tmp_path: Path) -> None:
    report = {"text": "น้ำท่วมหน้าปากซอยลาดพร้าว 71", "category": "flooding"}
    file = write(tmp_path / "r.jsonl", {**report, "place": "หน้าปากซอยลาดพร้าว 71"}, {**report, "place": "ซอยลาดพร้าว"})

    figures = understanding.reports(reader, file, io.StringIO())

    assert figures == {"category_accuracy": 1.0, "place_exact": 0.5}


def test_a_time_is_right_to_what_the_row_says(reader: Reader, tmp_path: Path) -> None:
    asked = {"text": "ไฟดับเมื่อวานสองทุ่ม", "now": "2026-11-05T10:00"}
    wanted = ["2026-11-04T20:00", "2026-11-04", "2026-11-04T21:00", None]
    file = write(tmp_path / "d.jsonl", *({**asked, "iso": iso} for iso in wanted))

    assert understanding.dates(reader, file, io.StringIO()) == {"accuracy": 0.5}


def test_the_pipeline_learns_foreign_labels(tmp_path: Path) -> None:
    lights = [{"text": f"ไฟดับ {word}", "kind": "a/b c"} for word in ("ถนน", "ซอย", "บ้าน", "ตลาด", "วัด")]
    floods = [{"text": f"น้ำท่วม {word}", "kind": "[x](y)"} for word in ("ถนน", "ซอย", "บ้าน", "ตลาด", "วัด")]
    train = write(tmp_path / "train.jsonl", *lights, *floods)
    test = write(tmp_path / "test.jsonl", {"text": "น้ำท่วมแล้ว", "kind": "[x](y)"}, {"text": "ไฟดับอีก", "kind": "a/b c"})

    assert evaluate(ROOT / "config.yml", train, test, "kind", tmp_path / "kept", io.StringIO()) == {"accuracy": 1.0}
