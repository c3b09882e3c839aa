"""Evaluation: perfect systems score perfectly, baselines are what they say."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from talkface_train import evaluate, report
from talkface_train.articulation import load_articulation
from talkface_train.baselines import (
    FPS,
    Animation,
    frames_of,
    load_baselines,
    loudness,
    mfcc,
    smooth,
)
from talkface_train.data import real
from talkface_train.data.phones import Segment
from talkface_train.data.real import Recording
from talkface_train.metrics import probe
from talkface_train.metrics.faces import Face, PhoneFit

SEGMENTS = tuple(
    Segment(a, b, phone)
    for a, b, phone in [
        (0.0, 0.5, "SIL"), (0.5, 0.6, "M"), (0.6, 0.8, "AA"), (0.8, 0.9, "B"), (0.9, 1.1, "UW"),
        (1.1, 1.2, "F"), (1.2, 1.4, "IY"), (1.4, 1.5, "P"), (1.5, 1.7, "AO"), (1.7, 2.4, "SIL"),
    ]
)  # fmt: skip


class Oracle:
    """Knows the phones: its curves are the reference, delayed by some frames."""

    def __init__(self, delay: int = 0) -> None:
        self.name = f"oracle {delay}"
        self.delay = delay

    def animate(self, audio) -> Animation:
        model = load_articulation("v1")
        frames = len(audio) // (16000 // FPS)
        table = np.roll(model.curves(SEGMENTS, frames, FPS), self.delay, axis=0)
        labels = evaluate.labels_of(SEGMENTS, np.arange(frames) / FPS)
        curves = dict(zip(model.channels, table.T, strict=True))
        return Animation(curves, np.roll(labels, self.delay).astype(np.int64))


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    path = tmp_path / "a.flac"
    noise = np.random.default_rng(0).normal(0, 0.05, int(2.4 * 16000))
    soundfile.write(path, noise, 16000)
    return Recording("a", "made", "one", path, SEGMENTS)


def test_an_oracle_scores_perfectly(recording: Recording) -> None:
    table = evaluate.evaluate([Oracle()], [recording])["oracle 0"]
    assert table["accuracy"][0] == 1
    assert table["closure_f1"][0] == 1
    assert abs(table["closure_lateness_ms"][0]) < 10
    assert table["r_jawOpen"][0] == pytest.approx(1)
    assert table["r_mouthPucker"][0] == pytest.approx(1)
    assert table["probe_share"][0] == pytest.approx(1)
    assert table["jitter_ratio"][0] == pytest.approx(1)
    assert table["silence_opening_p99"][0] < 0.01
    assert table["closure_recall_m"][0] == table["closure_recall_pb"][0] == 1
    assert table["labiodental_recall"][0] == table["labiodental_precision"][0] == 1
    assert table["rounding_r"][0] == pytest.approx(1)
    assert np.isnan(table["face_r_jawOpen"][0])
    assert (table["files"], table["closures"]) == (1, 3)


def test_a_late_oracle_is_late(recording: Recording) -> None:
    table = evaluate.evaluate([Oracle(3)], [recording])["oracle 3"]
    assert table["closure_lateness_ms"][0] == pytest.approx(30, abs=10)
    assert table["accuracy"][0] < 1


def test_a_script_makes_a_bundle_an_oracle(recording: Recording, default_face) -> None:
    """In noise that hides no speech: what is right comes from the phones."""
    system = evaluate.ScriptSystem(default_face)
    table = evaluate.evaluate([system], [recording])[system.name]
    assert table["accuracy"][0] > 0.9
    assert table["closure_f1"][0] == 1
    assert abs(table["closure_lateness_ms"][0]) <= 15
    assert table["r_jawOpen"][0] > 0.99
    assert table["silence_opening_p99"][0] < 0.01


def test_the_probe_reads_visemes_off_rule_curves() -> None:
    model = load_articulation("v1")
    curves = model.curves(SEGMENTS, 240, FPS)
    labels = evaluate.labels_of(SEGMENTS, np.arange(240) / FPS)
    assert (probe.classify(curves, FPS) == labels).mean() > 0.6


def test_the_probe_can_be_fitted() -> None:
    model = load_articulation("v1")
    curves = model.curves(SEGMENTS, 240, FPS)
    labels = evaluate.labels_of(SEGMENTS, np.arange(240) / FPS)
    fitted = probe.fit([curves], [labels], FPS, steps=300)
    classes = (probe.stack(curves, FPS) @ fitted["weight"] + fitted["bias"]).argmax(axis=1)
    assert (classes == labels).mean() > 0.9


def test_baselines_animate_anything(speech) -> None:
    for system in load_baselines():
        animation = system.animate(speech)
        frames = -(-len(speech) // 160)
        assert len(animation.visemes) == frames
        assert all(len(curve) == frames for curve in animation.curves.values())
        assert animation.curves["jawOpen"].max() > 0.05
        assert len(set(animation.visemes)) > 1


def test_front_ends_of_the_baselines() -> None:
    tone = np.sin(np.arange(16000) / 5).astype(np.float32)
    tone[8000:] *= 0.01
    level = loudness(tone)
    assert level[10:40].mean() - level[60:95].mean() == pytest.approx(40, abs=4)
    assert mfcc(tone).shape == (100, 12)
    assert frames_of(tone).shape == (100, 400)
    step = np.repeat([0.0, 1.0], 100)[:, None].astype(np.float32)
    smoothed = smooth(step, 0.03)
    assert smoothed[99, 0] == pytest.approx(1 - smoothed[100, 0], abs=0.06)


def test_takes_have_their_own_sound_and_face(recording: Recording) -> None:
    times = np.arange(60) / 25
    jaw = Oracle().animate(np.zeros(38400, dtype=np.float32)).curves["jawOpen"]
    face = Face(
        times, {"jawOpen": np.interp(times, np.arange(240) / 100, jaw), "mouthPucker": 0 * times}
    )
    fit = {"jawOpen": 0.8, "mouthPucker": 0.5}
    heard = []

    class Listener(Oracle):
        def animate(self, audio) -> Animation:
            heard.append(float(np.abs(audio).max()))
            return super().animate(audio)

    take = evaluate.Take(recording, lambda: np.zeros(38400, dtype=np.float32), face, fit)
    columns = ("face_r_jawOpen", "face_r_mouthPucker", "share_of_phone_fit")
    table = evaluate.evaluate([Listener()], [take, take], columns=columns)
    assert heard == [0, 0]
    row = table["oracle 0"]
    assert list(row) == [*columns, "files", "closures"]
    assert row["face_r_jawOpen"][0] == pytest.approx(1)
    assert np.isnan(row["face_r_mouthPucker"][0])
    assert row["share_of_phone_fit"][0] == pytest.approx(1 / 0.8)
    assert table[PhoneFit.name]["face_r_jawOpen"][0] == pytest.approx(0.8)


def test_the_face_of_a_late_system_agrees_less(recording: Recording) -> None:
    times = np.arange(60) / 25
    jaw = Oracle().animate(np.zeros(38400, dtype=np.float32)).curves["jawOpen"]
    face = Face(times, {"jawOpen": np.interp(times, np.arange(240) / 100, jaw)})
    take = evaluate.Take(recording, face=face)
    late = evaluate.evaluate([Oracle(6)], [take], columns=["face_r_jawOpen"])["oracle 6"]
    assert late["face_r_jawOpen"][0] < 0.9


def test_tables_are_drawn(recording: Recording) -> None:
    table = evaluate.evaluate([Oracle(), Oracle(2)], [recording])
    text = report.markdown("made", table)
    assert "| metric | oracle 0 | oracle 2 |" in text
    assert text.count("\n|") == len(evaluate.STATISTICS) + 2
    quiet = evaluate.evaluate([Oracle()], [recording], columns=["silence_opening_p99"])
    lines = report.compact({"made": table, "quiet": quiet}).splitlines()
    assert len(lines) == 2 + 2 + 1
    assert len({len(line) for line in lines}) == 1
    assert [cell.strip() for cell in lines[2].split("|")[1:4]] == ["made", "oracle 0", "1.000"]
    assert [cell.strip() for cell in lines[4].split("|")[1:4]] == ["quiet", "oracle 0", "-"]
    assert set(report.COMPACT) | set(report.PANELS) <= set(evaluate.STATISTICS)


def test_what_is_undefined_is_null() -> None:
    table = {"a": {"accuracy": (0.5, float("nan"), 1.0), "files": 3}}
    assert json.loads(report.as_json({"s": table})) == {
        "s": {"a": {"accuracy": [0.5, None, 1.0], "files": 3}}
    }


def test_scores_are_drawn(recording: Recording, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the [plot] extra is not installed")
    from talkface.plots import plot_scores

    table = evaluate.evaluate([Oracle(), Oracle(2)], [recording])
    quiet = evaluate.evaluate([Oracle()], [recording], columns=["silence_opening_p99"])
    out = plot_scores({"made": table, "quiet": quiet}, report.PANELS, tmp_path / "s.svg")
    text = out.read_text("utf-8")
    assert text.count('<g id="axes_') == len(report.PANELS) - 1


@pytest.mark.data
def test_suites_come_from_the_splits(data_root: Path) -> None:
    clean = evaluate.suite_recordings(data_root, "english_clean")
    assert {r.dataset for r in clean} == {"ljspeech", "librispeech", "vctk", "kathleen_arctic",
                                          "librivox_phones"}  # fmt: skip
    for recording in clean:
        assert real.split_of(data_root, recording.dataset, recording.path.name) == "test"
    with pytest.raises(ValueError, match="no suite"):
        evaluate.suite_recordings(data_root, "klingon")


@pytest.mark.data
def test_no_training_recording_is_held_out(data_root: Path) -> None:
    from talkface_train.data import corpus

    training = corpus.real_training(data_root)
    assert len(training) > 1500
    for recording in training:
        split = real.split_of(data_root, recording.dataset, recording.path.name)
        assert split == "train"
        assert recording.dataset != "wakeup_telephone"


@pytest.mark.data
def test_real_sets_are_read(data_root: Path) -> None:
    for name in real.PHONE_SETS:
        recordings = real.load(data_root, name)
        assert recordings, name
        for recording in recordings[:20]:
            starts = [s.start for s in recording.segments]
            assert starts == sorted(starts)
    with pytest.raises(ValueError, match="timed phones"):
        real.load(data_root, "kerstin_german")
    stops = [s for r in real.load(data_root, "emodb") for s in r.segments if s.closed]
    assert len(stops) > 1500
    assert all(s.start <= s.closed[0] <= s.closed[1] <= s.end + 1e-6 for s in stops)


@pytest.mark.data
def test_rules_of_the_true_phones_tuck_the_lip(data_root: Path) -> None:
    class Rules:
        name = "rules"
        segments: tuple[Segment, ...] = ()

        def animate(self, audio) -> Animation:
            model = load_articulation("v1")
            frames = -(-len(audio) // 160)
            table = model.curves(self.segments, frames, FPS)
            curves = dict(zip(model.channels, table.T, strict=True))
            return Animation(curves, np.zeros(frames, dtype=np.int64))

    rules = Rules()
    hits, alarms, wanted = 0, 0, 0
    for recording in evaluate.suite_recordings(data_root, "english_clean", "dev"):
        rules.segments = recording.segments
        found = evaluate.score_file(rules, recording, evaluate.read_audio(recording.path))
        hits += found.labiodentals.hits
        alarms += found.labiodentals.false_alarms
        wanted += found.labiodentals.hits + found.labiodentals.misses
    assert wanted > 30
    assert hits / wanted >= 0.95
    assert hits / (hits + alarms) >= 0.95


def test_a_bundle_is_scored_on_its_sound_alone(low_latency_face, speech) -> None:
    """Frames behind a cut vowel, in which the mouth closes, are nobody's speech."""
    cut = speech[:20800]
    assert len(low_latency_face.animate(cut, fps=100)) > 130
    scored = evaluate.BundleSystem(low_latency_face).animate(cut)
    assert len(scored.visemes) == 130
    assert {len(curve) for curve in scored.curves.values()} == {130}
