"""Curves against captured faces, and the linear fit beside them."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from talkface_train.data import real
from talkface_train.data.phones import PHONES, Segment
from talkface_train.data.real import Recording
from talkface_train.metrics import faces
from talkface_train.metrics.faces import Face, PhoneFit, face_correlation, phone_features

TIMES = np.arange(75) / 25


def wave(times: np.ndarray) -> np.ndarray:
    return 0.3 + 0.2 * np.sin(2 * np.pi * 1.3 * times)


def write_face(path: Path, late: float) -> None:
    rows = [f"{t:.3f},{wave(t - late):.5f},0.2" for t in TIMES]
    path.write_text("\n".join(["time,jawOpen,mouthPucker", *rows]), encoding="utf-8")


def test_the_lag_is_taken_out(tmp_path: Path) -> None:
    path = tmp_path / "a_arkit.csv"
    write_face(path, late=0.06)
    grid = np.arange(320) / 100
    curves = {"jawOpen": wave(grid), "mouthPucker": wave(grid)}
    right = face_correlation(curves, 100, faces.load_face(path, lag=0.06))
    wrong = face_correlation(curves, 100, faces.load_face(path, lag=0.0))
    assert right["jawOpen"] == pytest.approx(1, abs=0.01)
    assert wrong["jawOpen"] < 0.95
    assert "mouthPucker" not in right
    flat = {name: np.zeros(320) for name in curves}
    assert face_correlation(flat, 100, faces.load_face(path))["jawOpen"] == 0


def test_features_are_shares_of_phones() -> None:
    segments = [Segment(0.4, 0.6, "AA"), Segment(0.6, 0.7, "UNK")]
    x = phone_features(segments, np.array([0.2, 0.5, 0.6]))
    width = len(PHONES)
    assert x.shape == (3, 9 * width + 1)
    middle = x[:, 4 * width : 5 * width]
    assert middle[0, PHONES.index("SIL")] == 1
    assert middle[1, PHONES.index("AA")] == 1
    assert middle[2, PHONES.index("AA")] == pytest.approx(0.5, abs=0.05)
    assert middle[2].sum() == pytest.approx(0.5, abs=0.05)
    assert np.all(x[:, -1] == 1)


def made_clip(seed: int) -> tuple[Recording, Face]:
    """A face whose jaw opens on AA and whose lips pucker 80 ms before UW; its rest is anywhere."""
    generator = np.random.default_rng(seed)
    edges = np.linspace(0, 3, 16)
    segments = tuple(
        Segment(a, b, str(generator.choice(["AA", "UW", "S"])))
        for a, b in itertools.pairwise(edges)
    )
    table = phone_features(segments, TIMES)
    width = len(PHONES)
    jaw = table[:, 4 * width + PHONES.index("AA")]
    pucker = table[:, 6 * width + PHONES.index("UW")]
    curves = {"jawOpen": jaw + generator.normal(0, 3), "mouthPucker": pucker}
    return Recording(f"a{seed}", "made", "one", Path("none"), segments), Face(TIMES, curves)


def test_the_fit_learns_what_is_linear_in_the_phones() -> None:
    fit = PhoneFit([made_clip(seed) for seed in range(20)], ridge=0.1)
    reached = fit.correlation(*made_clip(99))
    assert min(reached.values()) > 0.98


def test_the_fit_cannot_learn_noise() -> None:
    generator = np.random.default_rng(0)
    clips = [
        (recording, Face(TIMES, {name: generator.normal(0, 1, 75) for name in face.curves}))
        for recording, face in map(made_clip, range(20))
    ]
    assert max(PhoneFit(clips[:-1]).correlation(*clips[-1]).values()) < 0.5


@pytest.mark.data
def test_the_lag_and_the_ridge_are_those_of_dev(data_root: Path, capsys) -> None:
    assert faces.main(["--data", str(data_root)]) == 0
    lags, ridges = capsys.readouterr().out.split("ridge of the fit")
    jaw = {int(row.split()[0]): float(row.split()[1]) for row in lags.splitlines()[1:]}
    assert max(jaw, key=lambda lag: jaw[lag]) == round(1000 * faces.LAG_SECONDS)
    both = {float(r.split()[0]): sum(map(float, r.split()[1:])) for r in ridges.splitlines()[1:]}
    assert max(both, key=lambda ridge: both[ridge]) == faces.RIDGE


@pytest.mark.data
def test_faces_are_found_where_sets_have_them(data_root: Path) -> None:
    for name in ("grid_s1", "grid_face"):
        assert all(real.face_path(recording) for recording in real.load(data_root, name, "test"))
    assert not any(real.face_path(r) for r in real.load(data_root, "ljspeech", "test"))
