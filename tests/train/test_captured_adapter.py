"""Recordings of one's own as clips."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import soundfile

from talkface import TalkFace
from talkface_train.data import prepare
from talkface_train.data.clips import ClipSet


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    folder.mkdir()
    sound = (0.1 * np.sin(np.arange(24000) * 0.05)).astype(np.float32)
    face = TalkFace().animate(sound, 16000)
    for index in range(4):
        soundfile.write(folder / f"take{index}.wav", sound, 16000)
        face.save(folder / f"take{index}.csv")
    return folder


def label(root: Path, rows: list[dict[str, str]]) -> None:
    with (root / "labels.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def run(root: Path, out: Path) -> int:
    return prepare.main(["captured", str(root), "--out", str(out)])


def test_faces_lie_beside_their_sounds(root: Path, tmp_path: Path):
    assert run(root, tmp_path / "out") == 0
    clips = ClipSet(tmp_path / "out")
    assert [clip.name for clip in clips] == [f"take{i}" for i in range(4)]
    assert clips.identities == ("me",)
    face = clips.face(clips[0])
    assert face.curves.shape[1] == 52
    assert 1.4 < len(face) / face.fps < 1.6


def test_a_table_says_who_and_how(root: Path, tmp_path: Path):
    label(root, [
        {"name": "take0", "identity": "ann", "emotion": "anger", "level": "0.5", "text": "No!"},
        {"name": "take1", "identity": "", "emotion": "", "level": "", "text": ""},
    ])  # fmt: skip
    assert run(root, tmp_path / "out") == 0
    clips = ClipSet(tmp_path / "out")
    first, second = clips.named("take0"), clips.named("take1")
    assert (first.identity, first.emotion, first.level) == ("ann", "angry", 0.5)
    assert first.sentence == "no"
    # As spreadsheets save it.
    table = root / "labels.csv"
    table.write_text(table.read_text("utf-8"), encoding="utf-8-sig")
    assert run(root, tmp_path / "again") == 0
    assert ClipSet(tmp_path / "again").named("take0").identity == "ann"
    assert (second.identity, second.emotion, second.level) == ("me", None, None)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"name": "take9"}, "no such recording"),
        ({"name": "take0", "emotion": "hungry"}, "none of"),
        ({"name": "take0", "level": "much"}, "no number"),
        ({"name": "take0", "mood": "fine"}, "it has mood, name"),
    ],
)
def test_a_table_that_does_not_fit_is_named(root: Path, tmp_path: Path, capsys, row, said):
    label(root, [row])
    assert run(root, tmp_path / "out") == 1
    assert said in capsys.readouterr().err
