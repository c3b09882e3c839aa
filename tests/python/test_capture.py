"""``talkface capture`` on videos of a rendered face."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from talkface import load_clip
from talkface.cli import main
from talkface.rig import CHANNEL_INDEX
from talkface.rotation import from_angles, to_angles

pytest.importorskip("mediapipe", reason="the [capture] extra is not installed")
pytest.importorskip("scipy", reason="the face is rendered with SciPy")

from talkface.capture import MODEL_VARIABLE, capture

FPS = 25
HELD = 8
SHOWN: dict[str, tuple[dict[str, float], tuple[float, float, float]]] = {
    "neutral": ({}, (0, 0, 0)),
    "jaw": ({"jawOpen": 0.8}, (0, 0, 0)),
    "smile": ({"mouthSmileLeft": 0.9}, (0, 0, 0)),
    "pucker": ({"mouthPucker": 0.9}, (0, 0, 0)),
    "turn": ({}, (0.3, 0, 0)),
    "nod": ({}, (0, 0.25, 0)),
    "tilt": ({}, (0, 0, 0.3)),
}


@pytest.fixture(scope="module")
def pictures(data_root: Path) -> dict[str, np.ndarray]:
    from talkface_train.render import FaceMesh, render

    mesh = FaceMesh.load(data_root)
    drawn = {"nothing": np.zeros((320, 320, 3), np.uint8)}
    for name, (weights, angles) in SHOWN.items():
        row = np.zeros(len(CHANNEL_INDEX))
        for channel, weight in weights.items():
            row[CHANNEL_INDEX[channel]] = weight
        drawn[name] = render(mesh, row, from_angles(*angles), 320, 320, view=(0.0, -1.0, 32.0))
    return drawn


@pytest.fixture
def film(pictures, tmp_path: Path):
    import cv2

    def make(*scenes: tuple[str, int]) -> Path:
        path = tmp_path / "film.mp4"
        writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"mp4v"), FPS, (320, 320))
        for name, count in scenes:
            for _ in range(count):
                writer.write(cv2.cvtColor(pictures[name], cv2.COLOR_RGB2BGR))
        writer.release()
        return path

    return make


@pytest.fixture
def task(data_root: Path) -> Path:
    return data_root / "mediapipe_face_landmarker" / "face_landmarker_v2_with_blendshapes.task"


def test_a_rendered_face_comes_back(film, task: Path, tmp_path: Path, capsys) -> None:
    path = film(*((name, HELD) for name in SHOWN), ("neutral", HELD))
    out = tmp_path / "clip.csv"
    assert main(["capture", str(path), "--model", str(task), "-o", str(out)]) == 0
    assert f"a face in {HELD * (len(SHOWN) + 1)}" in capsys.readouterr().err
    clip = load_clip(out)
    assert clip.fps == Fraction(FPS)

    def shown(channel: str) -> dict[str, float]:
        """The channel's mean over the last half of each scene."""
        values = clip.channel(channel)
        return {
            name: float(values[HELD * i + HELD // 2 : HELD * (i + 1)].mean())
            for i, name in enumerate(SHOWN)
        }

    jaw, pucker = shown("jawOpen"), shown("mouthPucker")
    assert jaw["jaw"] > 0.3
    assert jaw["neutral"] < 0.15
    assert pucker["pucker"] > 0.4
    assert pucker["neutral"] < 0.2
    assert shown("mouthSmileLeft")["smile"] > shown("mouthSmileRight")["smile"] + 0.2
    turn, nod, tilt = to_angles(clip.head_rotation)
    for name, angle in (("turn", turn), ("nod", nod), ("tilt", tilt)):
        first = HELD * list(SHOWN).index(name)
        settled = float(angle[first + HELD // 2 : first + HELD].mean())
        assert 0.45 * max(SHOWN[name][1]) < settled < 1.2 * max(SHOWN[name][1])


def test_a_head_that_only_turns_keeps_its_neck_where_it_is(film, task: Path) -> None:
    clip = capture(film(("neutral", 12), ("turn", HELD), ("tilt", HELD)), task).clip
    assert np.abs(clip.head_translation).max() < 0.012


def test_short_gaps_are_filled_and_long_ones_go_to_rest(film, task: Path) -> None:
    path = film(("jaw", 12), ("nothing", 5), ("jaw", 12), ("nothing", 30), ("neutral", 6))
    made = capture(path, task)
    # The landmarker's tracking may lose or find the face a frame late.
    assert made.seen + made.filled + made.lost == len(made.clip) == 65
    assert made.filled == pytest.approx(5, abs=2)
    assert made.lost == pytest.approx(30, abs=3)
    jaw = made.clip.channel("jawOpen")
    assert jaw[12:17].min() > 0.3
    assert np.abs(made.clip.weights[38:50]).max() == 0
    assert np.abs(np.diff(jaw[28:40])).max() < 0.3
    assert capture(path, task, max_gap=0.0).filled == 0


def test_smoothing_can_be_left_out(film, task: Path) -> None:
    path = film(("neutral", 6), ("jaw", 6))
    plain, smooth = (capture(path, task, smooth=s).clip for s in (False, True))
    blink, jaw = CHANNEL_INDEX["eyeBlinkLeft"], CHANNEL_INDEX["jawOpen"]
    assert np.array_equal(plain.weights[:, blink], smooth.weights[:, blink])
    assert not np.array_equal(plain.weights[:, jaw], smooth.weights[:, jaw])


def test_what_is_missing_is_said(film, task: Path, tmp_path: Path, capsys, monkeypatch) -> None:
    monkeypatch.delenv(MODEL_VARIABLE, raising=False)
    out = str(tmp_path / "clip.csv")
    path = film(("nothing", 4))

    def said(*arguments: str) -> str:
        assert main(["capture", *arguments]) == 3
        return capsys.readouterr().err

    assert "face_landmarker.task" in said(str(path), "-o", out)
    assert "no such Face Landmarker" in said(str(path), "-o", out, "--model", "nowhere.task")
    assert "no such video" in said("nowhere.mp4", "-o", out, "--model", str(task))
    assert "no face found in 4 frames" in said(str(path), "-o", out, "--model", str(task))
    wrong = tmp_path / "wrong.task"
    wrong.write_bytes(b"not a task")
    assert "not a Face Landmarker task" in said(str(path), "-o", out, "--model", str(wrong))
    sound = tmp_path / "sound.mp4"
    sound.write_bytes(b"not a video")
    assert "not a video" in said(str(sound), "-o", out, "--model", str(task))
    assert "suffix" in said(str(path), "-o", str(tmp_path / "clip.txt"), "--model", str(task))
    assert not Path(out).exists()


def test_cancelling_stops(film, task: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        capture(film(("neutral", 4)), task, progress=lambda *_: False)
