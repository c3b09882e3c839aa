"""A bundle trained further on a folder of one's own."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from talkface import TalkFace
from talkface.cli import main
from talkface.shipped import default_bundle
from talkface_export import finetune
from talkface_export.finetune import FineTune, fine_tune
from talkface_export.gain import divide, lay_out
from talkface_export.restore import restore
from talkface_train.models.whole import Together


@pytest.fixture
def folder(tmp_path: Path, recordings) -> Path:
    source = tmp_path / "source"
    source.mkdir()
    return lay_out(recordings(source, 6), tmp_path / "user")


def test_a_bundle_comes_out_that_is_no_worse_on_what_was_held_out(
    folder: Path, tmp_path: Path
) -> None:
    loud, _ = soundfile.read(folder / "0.flac")
    soundfile.write(folder / "stereo.wav", np.stack([loud, loud], axis=1), 16000)
    shutil.copy(folder / "0.tsv", folder / "stereo.tsv")
    soundfile.write(folder / "no-script.wav", loud, 16000)
    out = tmp_path / "mine"
    small = FineTune(steps=3, tapes=6)
    scores = fine_tune(default_bundle(), folder, out, tmp_path / "work", "mine", small)
    assert scores["files"] + scores["held_out"] == 7
    assert scores["after"]["total"] <= scores["before"]["total"]
    face = TalkFace(out)
    assert face.info["name"] == "mine"
    assert face.info["look_ahead"] == TalkFace().info["look_ahead"]
    assert len(face.animate(np.zeros(8000, np.float32), phones=[(0.0, 0.3, "M")])) == 25


def test_a_pair_that_gains_nothing_stays_as_it_was(
    folder: Path, tmp_path: Path, monkeypatch
) -> None:
    totals = iter((1.0, 2.0))
    measured = finetune.dev_scores

    def worse(net, *rest):
        scores = measured(net, *rest)
        return {**scores, "total": next(totals)} if isinstance(net, Together) else scores

    monkeypatch.setattr(finetune, "dev_scores", worse)
    out = tmp_path / "mine"
    small = FineTune(steps=3, tapes=6)
    scores = fine_tune(default_bundle(), folder, out, tmp_path / "work", "mine", small)
    assert scores["after"] == scores["before"]
    for old, new in zip(restore(default_bundle()).members, restore(out).members, strict=True):
        for name in ("weight", "bias"):
            assert torch.allclose(getattr(new.lips, name), getattr(old.lips, name), atol=1e-6)


def test_what_is_missing_is_said(tmp_path: Path, folder: Path, capsys) -> None:
    out = str(tmp_path / "mine")
    assert main(["train", str(tmp_path / "nowhere"), "-o", out]) == 3
    assert "no such folder" in capsys.readouterr().err
    for path in sorted(folder.glob("*.tsv"))[2:]:
        path.unlink()
    assert main(["train", str(folder), "-o", out, "--work", str(tmp_path / "work")]) == 3
    assert "at least 4 are needed" in capsys.readouterr().err
    assert not Path(out).exists()


def test_a_speaker_is_divided_by_minutes(tmp_path: Path, recordings) -> None:
    made = recordings(tmp_path, 6)
    seconds = [recording.segments[-1].end for recording in made]
    training, others = divide(made, sum(seconds[:3]) / 60)
    assert [r.name for r in training] == ["0", "1", "2"]
    assert [r.name for r in others] == ["3", "4", "5"]
