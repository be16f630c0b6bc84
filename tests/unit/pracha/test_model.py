"""The model: a fresh one takes the last one's place only if it understands no less."""

import os
from pathlib import Path

import pytest

from core.settings import Settings
from pracha import model, understanding
from pracha.model import TrainingFailed, WorseModel
from pracha.understanding import Score


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation whose trainings take no time: they write the word "fresh"."""
    monkeypatch.setattr(model, "export", lambda _: None)
    monkeypatch.setattr(model, "_run_training", lambda _, out: out.write_text("fresh"))
    monkeypatch.setattr(model, "fingerprint", lambda: "now")
    return Settings(models=tmp_path)


def kept(settings: Settings, monkeypatch: pytest.MonkeyPatch, *, fresh: int, last: int) -> Path:
    """A last model, and how many of a hundred answers each gets right."""
    settings.models.mkdir(parents=True, exist_ok=True)
    path = settings.models / "pracha-before.tar.gz"
    path.write_text("last")
    scores = {"fresh": fresh, "last": last}
    monkeypatch.setattr(
        understanding, "score", lambda _, trained: Score({"intents": scores[trained.read_text()]}, {"intents": 100})
    )
    return path


def test_the_first_model_is_compared_with_nothing(installation: Settings) -> None:
    assert model.train(installation).read_text() == "fresh"


def test_a_better_model_takes_the_place(
    installation: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = kept(installation, monkeypatch, fresh=95, last=94)
    old = before.with_name("pracha-older.tar.gz")
    old.touch()
    os.utime(old, (1, 1))

    assert model.train(installation).read_text() == "fresh"
    assert before.exists(), "an engine may be running with it"
    assert not old.exists()
    assert model.last(installation) == model.path(installation)
    assert "95.0% of 100, the last model  94.0%" in capsys.readouterr().out


def test_a_worse_model_is_refused_and_the_last_stays(installation: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    before = kept(installation, monkeypatch, fresh=93, last=94)

    with pytest.raises(WorseModel, match="FORCE=1"):
        model.train(installation)

    assert before.exists()
    assert model.last(installation) == before


def test_force_keeps_a_worse_model(installation: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(installation, monkeypatch, fresh=93, last=94)

    assert model.train(installation, force=True).read_text() == "fresh"


def test_after_a_refusal_the_last_model_serves_and_nothing_is_trained_again(
    installation: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept(installation, monkeypatch, fresh=93, last=94)
    trained: list[Path] = []
    monkeypatch.setattr(model, "_run_training", lambda _, out: (trained.append(out), out.write_text("fresh")))

    assert model.ensure(installation) == before
    assert model.ensure(installation) == before
    assert len(trained) == 1


def test_a_failed_training_leaves_the_last_model(installation: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    before = kept(installation, monkeypatch, fresh=95, last=94)

    def fail(*_: object) -> None:
        raise TrainingFailed("no")

    monkeypatch.setattr(model, "_run_training", fail)
    with pytest.raises(TrainingFailed):
        model.train(installation)
    assert before.exists()


def test_models_that_cannot_be_compared_are_replaced(installation: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(installation, monkeypatch, fresh=1, last=2)
    monkeypatch.setattr(understanding, "score", lambda *_: None)

    assert model.train(installation).read_text() == "fresh"
