"""Scores of whatever makes faces, beside each other."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from toy_clips import TINY, make_clips

from talkface import cli
from talkface_train import systems_report as report
from talkface_train.baselines import load_baselines
from talkface_train.data.clips import ClipError, ClipSet
from talkface_train.data.phones import Segment
from talkface_train.data.splits import SplitPlan, make_splits, write_splits
from talkface_train.metrics.rig import Rig
from talkface_train.speakers import BaselineSpeaker, BundleSpeaker, RunSpeaker, Said
from talkface_train.systems_train import SystemTrainer, config_of


@pytest.fixture(scope="module")
def clips(tmp_path_factory) -> Path:
    phones = (Segment(0.0, 0.2, "SIL"), Segment(0.2, 0.28, "M"), Segment(0.28, 0.6, "AA"))
    return make_clips(tmp_path_factory.mktemp("clips") / "clips", phones=phones)


@pytest.fixture(scope="module")
def run(clips: Path, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "ecoface"
    given = {**TINY, "system": "ecoface", "data": [str(clips)]}
    SystemTrainer(config_of(given, "x"), folder, progress=False).run()
    return folder


@pytest.fixture(scope="module")
def rig() -> Rig:
    from talkface.rig import CHANNELS

    template = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], np.float32)
    basis = np.random.default_rng(0).normal(size=(52, 3, 3)).astype(np.float32)
    return Rig(template, basis, CHANNELS, np.array([0, 1]), np.array([2]))


class Truth:
    """Says what is true, perhaps late."""

    def __init__(self, folder: Path, late: int = 0) -> None:
        self.clips, self.late, self.name = ClipSet(folder), late, f"truth {late}"

    def say(self, clip, audio) -> Said:
        face = self.clips.face(clip)
        curves = face.at_frame_rate(len(audio) // 640)["target"]
        return Said(np.roll(curves, self.late, axis=0), None, clip.emotion)


def test_truth_is_perfect_and_lateness_costs(clips: Path, rig: Rig):
    table = report.compare([Truth(clips), Truth(clips, 2)], [clips], rig)
    assert sorted(table) == ["clips test_seen", "clips test_unseen"]
    for rows in table.values():
        assert rows["truth 0"]["MBE"] == 0
        assert rows["truth 0"]["LVE"] == 0
        assert rows["truth 0"]["emotion_uar"] == 1.0
        assert rows["truth 2"]["MBE"] > 0.01
    text = report.markdown(table)
    assert "| truth 2 |" in text
    assert "LVE (mm)" in text


def test_closures_are_those_of_the_phones(clips: Path):
    clip = report.held_out(clips, "test_seen")[0]
    frames = 15
    open_mouth = np.zeros((frames, 52), np.float32)
    from talkface.rig import CHANNEL_INDEX

    open_mouth[:, CHANNEL_INDEX["jawOpen"]] = 0.4
    closed = open_mouth.copy()
    closed[5:7, CHANNEL_INDEX["jawOpen"]] = 0.0
    closed[5:7, CHANNEL_INDEX["mouthClose"]] = 0.0
    closed[5:7, CHANNEL_INDEX["mouthPressLeft"]] = 0.6
    closed[5:7, CHANNEL_INDEX["mouthPressRight"]] = 0.6
    assert report.closures_of(closed, clip).hits == 1
    assert report.closures_of(open_mouth, clip).hits == 0


def test_a_run_a_bundle_and_a_baseline_say_faces_of_one_length(clips: Path, run: Path):
    clip = report.held_out(clips, "test_unseen")[0]
    audio = ClipSet(clips).audio(clip)
    speakers = [RunSpeaker(run), BundleSpeaker(None), BaselineSpeaker(load_baselines()[0])]
    for speaker in speakers:
        said = speaker.say(clip, audio)
        assert said.curves.shape == (len(audio) // 640, 52), speaker.name
        assert said.curves.min() >= 0
        assert said.curves.max() <= 1


def test_a_person_who_is_known_is_oneself_and_a_stranger_is_everybody(clips: Path, run: Path):
    speaker = RunSpeaker(run)
    known = report.held_out(clips, "test_seen")[0]
    stranger = report.held_out(clips, "test_unseen")[0]
    assert sorted(speaker.conditions(known).identity[0].tolist()) == [0.0, 1.0]
    assert speaker.conditions(stranger).identity[0].tolist() == [0.5, 0.5]


def test_most_takes_clips_from_all_over(clips: Path):
    every = report.held_out(clips, "test_seen")
    some = report.held_out(clips, "test_seen", 2)
    assert [clip.name for clip in some] == [every[0].name, every[-1].name]


def test_a_face_of_ones_own_is_scored_on(clips: Path, run: Path, tmp_path: Path, capsys):
    from talkface.rig import CHANNELS

    generator = np.random.default_rng(0)
    targets = tmp_path / "targets"
    targets.mkdir()
    for name in ("neutral", *CHANNELS):
        rows = generator.normal(0, 0.01, (4, 3))
        text = "".join(f"v {x} {y} {z}\n" for x, y, z in rows)
        (targets / f"{name}.obj").write_text(text)
    (targets / "regions.json").write_text('{"lips": [0, 1], "upper": [2]}')
    order = ["evaluate", "--clips", str(clips), "--run", str(run), "--rig", str(targets)]
    assert cli.main([*order, "--no-baselines", "--json", "-"]) == 0
    table = json.loads(capsys.readouterr().out)
    assert sorted(table["clips test_seen"]) == ["default", "ecoface"]
    # Clips of less than a second have no offset.
    assert table["clips test_seen"]["ecoface"]["offset"] is None
    (targets / "tongueOut.obj").unlink()
    assert cli.main([*order, "--no-baselines"]) == 3
    assert "1 are missing (tongueOut)" in capsys.readouterr().err


def test_what_cannot_be_scored_is_said(clips: Path, rig: Rig, tmp_path: Path, monkeypatch, capsys):
    meshes = make_clips(tmp_path / "meshes", vertices=3)
    with pytest.raises(ClipError, match="has vertices"):
        report.compare([Truth(meshes)], [meshes], rig)
    plan = SplitPlan(0, 0.2, 0)
    plain = make_clips(tmp_path / "plain")
    write_splits(plain, make_splits(ClipSet(plain).clips, plan), plan)
    with pytest.raises(ClipError, match="no clip with a face in test_seen or test_unseen"):
        report.compare([Truth(plain)], [plain], rig)
    monkeypatch.setattr(report.real, "data_root", lambda _: None)
    assert cli.main(["evaluate", "--clips", str(clips)]) == 3
    assert "--rig a folder of OBJ targets" in capsys.readouterr().err
    assert cli.main(["evaluate", "--clips", str(clips), "--plot", "x.png"]) == 3
    assert "--plot is for suites" in capsys.readouterr().err


@pytest.mark.data
def test_the_command_writes_a_table(clips: Path, run: Path, tmp_path: Path, capsys, data_root):
    out = tmp_path / "scores.json"
    order = ["--clips", str(clips), "--run", f"mine={run}", "--most", "1", "-o", str(out)]
    assert report.main([*order, "--data", str(data_root)]) == 0
    assert "| mine |" in capsys.readouterr().out
    assert json.loads(out.read_text())["clips test_seen"]["mine"]["clips"] == 1
    order = ["evaluate", "--clips", str(clips), "--run", str(run), "--data", str(data_root)]
    assert cli.main([*order, "--no-baselines"]) == 0
    told = capsys.readouterr().out
    assert "| ecoface |" in told
    assert "| default |" in told
    assert cli.main(["evaluate", "--run", str(run)]) != 0
    assert "--run needs --clips" in capsys.readouterr().err
    assert report.main(["--clips", str(clips), "--data", str(data_root)]) == 1
    assert "nothing to score" in capsys.readouterr().err
