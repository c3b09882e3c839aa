"""Fit the yardsticks that evaluation holds fixed: the viseme probe and the two baselines.

``python -m talkface_train.references`` remakes ``metrics/probe_v1.npz`` and ``baselines_v1.npz``
from the training split; the baselines' few parameters are tuned on dev. Released versions stay as
they are; a change gets a new version.
"""

from __future__ import annotations

import argparse
import itertools
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from talkface.audio import read_file
from talkface_train.articulation import load_articulation
from talkface_train.baselines import (
    CEPSTRA,
    FPS,
    SILENT,
    LoudnessJaw,
    MfccNearest,
    mfcc,
)
from talkface_train.data import real
from talkface_train.data.real import Recording
from talkface_train.evaluate import REFERENCE, System, labels_of, score_file
from talkface_train.metrics import probe
from talkface_train.metrics.closure import ClosureScore

LOG = logging.getLogger(__name__)
TRAIN_SETS = ("librispeech", "ljspeech", "kathleen_arctic", "vctk", "speechocean762", "grid_s1")
DEV_SETS = ("librispeech", "ljspeech")
HERE = Path(__file__).parent

Array = NDArray[np.float32]


def _audio(recording: Recording) -> Array:
    return read_file(recording.path).samples.astype(np.float32, copy=False)


def fit_probe(recordings: Sequence[Recording]) -> dict[str, Array]:
    """The probe, from rule curves of training phones."""
    model = load_articulation(REFERENCE)
    curves, labels = [], []
    for recording in recordings:
        frames = int(recording.segments[-1].end * FPS)
        curves.append(model.curves(recording.segments, frames, FPS))
        labels.append(labels_of(recording.segments, np.arange(frames) / FPS))
    return probe.fit(curves, labels, FPS)


def fit_means(recordings: Sequence[Recording]) -> dict[str, Array]:
    """MFCC class means over training frames, every recording with the same weight."""
    sums = np.zeros((15, CEPSTRA))
    counts = np.zeros(15)
    squares = []
    for recording in recordings:
        features = mfcc(_audio(recording))
        labels = labels_of(recording.segments, np.arange(len(features)) / FPS)
        for viseme in range(15):
            chosen = features[labels == viseme]
            sums[viseme] += chosen.sum(axis=0)
            counts[viseme] += len(chosen)
        squares.append((features[labels != SILENT] ** 2).mean(axis=0))
    return {
        "mfcc_means": (sums / counts[:, None]).astype(np.float32),
        "mfcc_scale": np.sqrt(np.mean(squares, axis=0)).astype(np.float32),
    }


def _dev(system: System, recordings: Sequence[Recording]) -> tuple[float, float, float]:
    """Jaw correlation, closure F1 and accuracy on dev."""
    scores = [score_file(system, r, _audio(r)) for r in recordings]
    jaw = float(np.median([s.correlation["jawOpen"] for s in scores]))
    f1 = sum((s.closures for s in scores), ClosureScore()).f1
    return jaw, f1, float(np.median([s.accuracy for s in scores]))


def tune(parameters: dict[str, Array], dev: Sequence[Recording]) -> dict[str, Array]:
    """Choose each baseline's few numbers by dev, each by the metric that it decides."""

    def best(grid: Sequence[float], index: int, name: str, system: type, metric: int) -> None:
        scores = []
        for value in grid:
            trial = parameters[name].copy()
            trial[index] = value
            scores.append(_dev(system({**parameters, name: trial}), dev)[metric])
        parameters[name][index] = grid[int(np.argmax(scores))]
        LOG.info("%s[%d] = %g (%.3f)", name, index, parameters[name][index], max(scores))

    parameters["loudness"] = np.array([-30, 0.03, -20, -25], dtype=np.float32)
    parameters["mfcc"] = np.array([-30, 0.04, 3], dtype=np.float32)
    for _ in range(2):
        best([-15, -20, -25, -30, -40, -50, -60], 0, "loudness", LoudnessJaw, 0)
        best([0.01, 0.02, 0.03, 0.05, 0.08], 1, "loudness", LoudnessJaw, 0)
        best([-10, -15, -20, -25, -30, -35, -40, -45], 2, "loudness", LoudnessJaw, 1)
        best([-15, -20, -25, -30, -35, -40, -50], 3, "loudness", LoudnessJaw, 2)
        best([-15, -20, -25, -30, -35, -40, -50], 0, "mfcc", MfccNearest, 2)
        best([0.01, 0.02, 0.03, 0.05, 0.08], 1, "mfcc", MfccNearest, 0)
        best([1, 2, 3, 4, 5, 6, 8], 2, "mfcc", MfccNearest, 1)
    return parameters


def main(arguments: Sequence[str] | None = None) -> int:
    """Refit and write both files."""
    parser = argparse.ArgumentParser(description="Refit the probe and the baselines.")
    parser.add_argument("--data", help="the shared data folder")
    parser.add_argument("--out", type=Path, default=HERE, help="where to write (default: in place)")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    root = real.data_root(options.data)
    if root is None:
        print("no shared data folder; set TALKFACE_DATA", file=sys.stderr)
        return 2
    train = list(itertools.chain(*(real.load(root, name, "train") for name in TRAIN_SETS)))
    dev = list(itertools.chain(*(real.load(root, name, "dev") for name in DEV_SETS)))
    (options.out / "metrics").mkdir(parents=True, exist_ok=True)
    np.savez(options.out / "metrics" / "probe_v1.npz", **fit_probe(train))  # type: ignore[arg-type]
    np.savez(options.out / "baselines_v1.npz", **tune(fit_means(train), dev))  # type: ignore[arg-type]
    return 0


if __name__ == "__main__":
    sys.exit(main())
