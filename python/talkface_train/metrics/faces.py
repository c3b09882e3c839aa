"""Curves against captured (or keyed) faces, beside a linear fit from the true phones.

``python -m talkface_train.metrics.faces`` prints how curves from the true phones agree with the
faces of grid_s1's dev part at several lags, and what the fit reaches with several ridges.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from talkface_train.articulation import load_articulation
from talkface_train.articulation.captured import read_face
from talkface_train.data import real
from talkface_train.data.phones import PHONE_INDEX, UNKNOWN, Segment
from talkface_train.data.real import Recording
from talkface_train.metrics.curves import correlation

FACE_CURVES = ("jawOpen", "mouthPucker")
LAG_SECONDS = 0.02
"""How much later the faces of GRID are than their audio, by ``jawOpen`` of grid_s1's dev part."""
RIDGE = 100.0
REACH_SECONDS = 0.16
STEP_SECONDS = 0.04
FINE = 1000

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Face:
    """Captured curves at ``times`` in seconds of the audio (the lag is taken out)."""

    times: Array
    curves: dict[str, Array]


def load_face(path: Path, lag: float = LAG_SECONDS) -> Face:
    """The curves that are compared; ``lag`` in seconds, positive where the face is later."""
    table = read_face(path)
    return Face(table["time"] - lag, {name: table[name] for name in FACE_CURVES})


def face_correlation(
    curves: Mapping[str, NDArray[np.float32]], fps: float, face: Face
) -> dict[str, float]:
    """Pearson's r of one clip by curve; 0 where the system's curve is flat, left out where the
    face's is.
    """
    grid = np.arange(len(curves[FACE_CURVES[0]])) / fps
    sampled = {name: np.interp(face.times, grid, curves[name]) for name in face.curves}
    return _correlations(sampled, face)


def _correlations(curves: Mapping[str, Array], face: Face) -> dict[str, float]:
    found = {name: correlation(curves[name], face.curves[name]) for name in face.curves}
    return {name: r for name, r in found.items() if np.isfinite(r)}


def phone_features(segments: Sequence[Segment], times: Array) -> Array:
    """Share of each phone in 40 ms bins from -160 to +160 ms: [times, 9 * phones + 1].

    The last column is 1. Gaps count as silence; unknown phones count as none.
    """
    count = int((max(times[-1], segments[-1].end if segments else 0) + 1) * FINE)
    table = np.zeros((count + 1, len(PHONE_INDEX)))
    table[1:, 0] = 1
    for segment in segments:
        first, last = round(segment.start * FINE) + 1, round(segment.end * FINE) + 1
        table[first:last] = 0
        if segment.phone != UNKNOWN:
            table[first:last, PHONE_INDEX[segment.phone]] = 1
    total = np.cumsum(table, axis=0)
    half = STEP_SECONDS / 2
    columns = []
    for offset in np.arange(-REACH_SECONDS, REACH_SECONDS + 1e-9, STEP_SECONDS):
        low = np.clip(((times + offset - half) * FINE).round(), 0, count - 1).astype(int)
        high = np.clip(((times + offset + half) * FINE).round(), low + 1, count).astype(int)
        columns.append((total[high] - total[low]) / (high - low)[:, None])
    return np.concatenate([*columns, np.ones((len(times), 1))], axis=1)


class PhoneFit:
    """Ridge regression from timed phones to captured curves, each clip's median removed.

    What rules of any kind could reach when the phones are known: estimated faces of strangers
    have that ceiling.
    """

    name = "linear fit from true phones"

    def __init__(self, pairs: Sequence[tuple[Recording, Face]], ridge: float = RIDGE) -> None:
        x = np.concatenate([phone_features(r.segments, face.times) for r, face in pairs])
        y = np.concatenate(
            [
                np.stack([face.curves[name] - np.median(face.curves[name]) for name in FACE_CURVES])
                for _, face in pairs
            ],
            axis=1,
        ).T
        penalty = ridge * np.eye(x.shape[1])
        penalty[-1, -1] = 0
        self._weight = np.linalg.solve(x.T @ x + penalty, x.T @ y)

    def correlation(self, recording: Recording, face: Face) -> dict[str, float]:
        """Pearson's r of one clip by curve, as :func:`face_correlation` gives it."""
        predicted = phone_features(recording.segments, face.times) @ self._weight
        return _correlations(dict(zip(FACE_CURVES, predicted.T, strict=True)), face)


def pairs_of(root: Path, split: str, lag: float = LAG_SECONDS) -> list[tuple[Recording, Face]]:
    """grid_s1's recordings of a split with their faces."""
    found = [(r, real.face_path(r)) for r in real.load(root, "grid_s1", split)]
    return [(recording, load_face(path, lag)) for recording, path in found if path]


def _mean(rows: Sequence[dict[str, float]]) -> str:
    return "".join(
        f"{np.mean([row[name] for row in rows if name in row]):>14.3f}" for name in FACE_CURVES
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both tables."""
    parser = argparse.ArgumentParser(description="Find the lag and the ridge on grid_s1 dev.")
    parser.add_argument("--data", help="the shared data folder")
    root = real.data_root(parser.parse_args(arguments).data)
    if root is None:
        print("no shared data folder; set TALKFACE_DATA", file=sys.stderr)
        return 2
    header = "".join(f"{name:>14}" for name in FACE_CURVES)
    print("lag of the face, ms" + header)
    model = load_articulation("v1")
    for lag in range(-60, 101, 20):
        rows = []
        for recording, face in pairs_of(root, "dev", lag / 1000):
            curves = model.curves(recording.segments, int((face.times[-1] + 0.5) * 100), 100)
            rows.append(
                face_correlation(dict(zip(model.channels, curves.T, strict=True)), 100, face)
            )
        print(f"{lag:>19}" + _mean(rows))
    print("ridge of the fit   " + header)
    train = pairs_of(root, "train")
    for ridge in (3.0, 10.0, 30.0, 100.0, 300.0):
        fit = PhoneFit(train, ridge)
        print(f"{ridge:>19g}" + _mean([fit.correlation(*pair) for pair in pairs_of(root, "dev")]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
