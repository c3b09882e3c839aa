"""Strangers, tuned to on a few clips."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from toy_clips import TINY, make_clips

from talkface_train import systems_persons as persons
from talkface_train.data.clips import Clip, ClipSet
from talkface_train.systems_train import SystemTrainer, config_of


@pytest.fixture(scope="module")
def clips(tmp_path_factory) -> Path:
    return make_clips(tmp_path_factory.mktemp("clips") / "clips")


@pytest.fixture(scope="module")
def run(clips: Path, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "run"
    given = {**TINY, "system": "decoupled", "data": [str(clips)]}
    SystemTrainer(config_of(given, "x"), folder, progress=False).run()
    return folder


def test_clips_to_tune_on_differ_in_words_and_emotion():
    clips = [Clip(f"c{i}{e}", "a", e, text=f"say {i}") for i in range(4) for e in ("happy", "sad")]
    found = persons.chosen(clips, 4)
    assert len({clip.sentence for clip in found}) == 4
    assert sorted(str(clip.emotion) for clip in found) == ["happy", "happy", "sad", "sad"]
    assert len(persons.chosen(clips, 9)) == 4


def test_a_stranger_is_tuned_to_and_scored_on_other_clips(clips: Path, run: Path):
    people = persons.tune_all(run, clips, 3, 40)
    assert len(people) == 1
    person = people[0]
    unseen = {clip.identity for clip in ClipSet(clips)} - {"b", "c"}
    assert {person.name} == unseen
    assert person.clips == 2
    # Six steps of training say nearly nothing: gains and offsets must help.
    assert person.face[2] < person.face[0]
    assert np.isfinite(person.lips).all()
    assert sum(person.hull.values()) == pytest.approx(1.0, abs=0.11)
    text = persons.markdown(people)
    assert "| hull, gains | 2 |" in text


def test_nobody_new_is_said(clips: Path, run: Path, capsys):
    (clips / "splits.json").rename(clips / "away.json")
    try:
        assert persons.main([str(run), "--clips", str(clips)]) == 1
        assert "splits.json" in capsys.readouterr().err
    finally:
        (clips / "away.json").rename(clips / "splits.json")
