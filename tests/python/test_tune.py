"""``talkface tune``: a style that brings a face nearer to a captured one."""

from __future__ import annotations

import csv
import json
import wave
from pathlib import Path

import numpy as np
import pytest

from talkface import TalkFace, load_clip, tune
from talkface.cli import main
from talkface.rig import CHANNEL_INDEX, CHANNELS
from talkface.tune import Pair

ROOT = Path(__file__).resolve().parents[2]
EMOTION = ROOT / "tests" / "golden" / "tiny_emotion"
TINY = ROOT / "tests" / "golden" / "tiny"
OWN = {
    "talkface_style": 1,
    "identities": {"ben": 1.0},
    "gain": {"jawOpen": 0.6},
    "rest": {"browInnerUp": 0.2, "eyeSquintLeft": 0.1},
}


def record(path: Path, seed: int) -> None:
    """Syllables of noise of many levels, two seconds."""
    generator = np.random.default_rng(seed)
    levels = np.repeat(generator.uniform(0, 0.4, 16) * (generator.random(16) < 0.7), 2000)
    samples = np.clip(levels * generator.normal(0, 1, 32000), -1, 1)
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, 16000, 0, "NONE", ""))
        out.writeframes((samples * 32767).astype("<i2").tobytes())


def capture(path: Path, style: dict, lag: float = 0.0) -> Path:
    """The face that a style makes of a recording, as a table of curves."""
    clip = TalkFace(EMOTION, style=style).animate(path, fps=25, knobs=tune.STILL)
    out = path.with_suffix(".csv")
    with out.open("w", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["time", *CHANNELS])
        for seconds, row in zip(clip.timestamps, clip.weights, strict=True):
            writer.writerow([f"{seconds + lag:.4f}", *(f"{x:.5f}" for x in row)])
    return out


@pytest.fixture
def pairs(tmp_path: Path) -> list[Pair]:
    found = []
    for seed in range(5):
        sound = tmp_path / f"clip{seed}.wav"
        record(sound, seed)
        found.append(Pair(sound, capture(sound, OWN)))
    return found


def test_a_style_comes_back_from_its_faces(pairs: list[Pair]) -> None:
    told: list[tuple[int, int]] = []
    tuned = tune.tune(EMOTION, pairs[:4], "me", lambda *at: told.append(at))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert tuned.style["name"] == "me"
    assert sum(tuned.style["identities"].values()) == pytest.approx(1.0, abs=1e-6)
    assert tuned.style["rest"]["eyeSquintLeft"] == pytest.approx(0.1, abs=0.02)
    assert tuned.lag == pytest.approx(0.0, abs=0.011)
    assert tuned.after.face < 0.4 * tuned.before.face
    assert tuned.held is not None
    assert tuned.held[1].face < 0.5 * tuned.held[0].face
    # On a clip that it never saw, by running the style.
    plain = tune.errors_of(TalkFace(EMOTION), pairs[4:], tuned.lag)
    own = tune.errors_of(TalkFace(EMOTION, style=tuned.style), pairs[4:], tuned.lag)
    assert own.lips < 0.75 * plain.lips
    assert own.face < 0.5 * plain.face


def test_late_curves_are_found_late(pairs: list[Pair]) -> None:
    late = [Pair(pair.sound, capture(pair.sound, OWN, lag=0.06)) for pair in pairs[:3]]
    assert tune.tune(EMOTION, late).lag == pytest.approx(0.06, abs=0.011)


def test_a_face_that_is_the_bundles_own_stays(pairs: list[Pair]) -> None:
    plain = {"talkface_style": 1}
    same = [Pair(pair.sound, capture(pair.sound, plain)) for pair in pairs[:3]]
    tuned = tune.tune(EMOTION, same)
    assert tuned.after.face <= tuned.before.face + 0.02
    assert not tuned.style["rest"]


def test_a_channel_that_was_not_captured_is_left_alone(pairs: list[Pair]) -> None:
    for pair in pairs[:2]:
        rows = list(csv.reader(pair.curves.read_text().splitlines()))
        for row in rows[1:]:
            row[1 + CHANNEL_INDEX["mouthPucker"]] = "0"
        with pair.curves.open("w", newline="") as handle:
            csv.writer(handle).writerows(rows)
    assert "mouthPucker" not in tune.tune(EMOTION, pairs[:2]).style["gain"]


def test_what_cannot_be_tuned_on_is_refused(pairs: list[Pair], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="1 to 6 clips, not 0"):
        tune.tune(EMOTION, [])
    with pytest.raises(ValueError, match="not 7"):
        tune.tune(EMOTION, pairs[:1] * 7)
    with pytest.raises(ValueError, match="takes no identity"):
        tune.tune(TINY, pairs[:1])
    with pytest.raises(FileNotFoundError, match="no curves beside"):
        tune.curves_of(tmp_path / "other.wav")
    rows = pairs[0].curves.read_text().splitlines()
    pairs[0].curves.write_text("\n".join(rows[:4]))
    with pytest.raises(ValueError, match=r"at least 0\.5 s"):
        tune.tune(EMOTION, pairs[:1])
    still = [rows[0], *(",".join([row.split(",")[0], *["0.1"] * 52]) for row in rows[1:])]
    pairs[0].curves.write_text("\n".join(still))
    with pytest.raises(ValueError, match="jawOpen never moves"):
        tune.tune(EMOTION, pairs[:1])
    moved = [
        rows[0],
        *(f"{float(row.split(',')[0]) + 9},{row.split(',', 1)[1]}" for row in rows[1:]),
    ]
    pairs[0].curves.write_text("\n".join(moved))
    with pytest.raises(ValueError, match="goes on for"):
        tune.tune(EMOTION, pairs[:1])


def test_the_shell_writes_a_style_that_loads(
    pairs: list[Pair], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "me.json"
    sounds = [str(pairs[0].sound), f"{pairs[1].sound}={pairs[1].curves}"]
    assert main(["tune", *sounds, "-o", str(out), "--bundle", str(EMOTION)]) == 0
    said = capsys.readouterr().err
    assert "each by a style of the others" in said
    assert "->" in said
    style = json.loads(out.read_text())
    assert style["name"] == "me"
    TalkFace(EMOTION, style=out).animate(pairs[0].sound)
    assert main(["tune", str(tmp_path / "no.wav"), "-o", str(out)]) == 3
    assert "no such file" in capsys.readouterr().err
    assert main(["tune", str(tmp_path), "-o", str(tmp_path / "s.json")]) == 3
    assert "is a folder: name its sound files" in capsys.readouterr().err


def test_a_plain_table_keeps_its_clock(tmp_path: Path) -> None:
    path = tmp_path / "curves.csv"
    path.write_text("time,jawOpen,HeadYaw\n0.5,0.1,5\n0.54,0.2,6\n0.58,0.3,7\n")
    clip = load_clip(path)
    assert clip.timestamps.tolist() == pytest.approx([0.5, 0.54, 0.58])
    assert clip.channel("jawOpen").tolist() == pytest.approx([0.1, 0.2, 0.3])
    assert clip.head_rotation[:, 3].tolist() == [1.0, 1.0, 1.0]
    path.write_text("time,jawOpen\n0.5,0.1\n0.4,0.2\n")
    with pytest.raises(ValueError, match="do not grow"):
        load_clip(path)


def test_a_clip_that_fits_already_has_no_share(tmp_path: Path, capsys) -> None:
    """TalkFace's own curves, lossless: an error of nothing grows by no percentage."""
    sound = Path(__file__).resolve().parents[2] / "examples" / "speech.wav"
    curves = TalkFace().animate(sound).save(tmp_path / "own.npz")
    assert main(["tune", f"{sound}={curves}", "-o", str(tmp_path / "style.json")]) == 0
    lips = next(
        line for line in capsys.readouterr().err.splitlines() if line.startswith("these clips")
    ).split("  ")
    assert "%" not in next(part for part in lips if "->" in part)
