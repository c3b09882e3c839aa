"""What emotion does to a face beside speech: how much, how evenly, and whether it stays out of the
way of the lips (papers-and-metrics.md 3.4)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from talkface.rig import CHANNELS

UPPER = tuple(
    index
    for index, name in enumerate(CHANNELS)
    if name.startswith(("brow", "eyeSquint", "eyeWide", "cheekSquint", "noseSneer"))
)
"""Brows, squints, wide eyes, cheeks and nose: what shows an emotion and speaks no sound."""
LIPS = tuple(i for i, name in enumerate(CHANNELS) if name.startswith(("jaw", "mouth")))
"""LIP27 of papers-and-metrics.md 3.2."""
PINNED = 0.999
REST_PERCENTILE = 5

Weights = NDArray[np.float32]


def upper_energy(weights: Weights) -> float:
    """Mean over frames of the L2 norm of the upper face, of weights [T, 52]."""
    return float(np.linalg.norm(weights[:, UPPER], axis=1).mean())


def above_rest(weights: Weights) -> Weights:
    """Weights above what each channel shows at rest in the clip: its 5th percentile."""
    rest: Weights = np.percentile(weights, REST_PERCENTILE, axis=0).astype(np.float32)
    return np.maximum(weights - rest, 0.0)


def upper_speed(weights: Weights, fps: float) -> float:
    """Mean over frames and channels of how fast the upper face changes, weight a second."""
    return float(np.abs(np.diff(weights[:, UPPER], axis=0)).mean() * fps)


def longest_pin(weights: Weights) -> int:
    """Most frames in a row that any channel spends at 1."""
    longest = 0
    for column in (weights >= PINNED).T:
        edges = np.flatnonzero(np.diff(np.concatenate([[False], column, [False]]).astype(np.int8)))
        runs = edges[1::2] - edges[::2]
        longest = max(longest, int(runs.max(initial=0)))
    return longest


def differences(
    one: Weights, other: Weights, at_closures: NDArray[np.bool_]
) -> tuple[float, float]:
    """Mean absolute difference of two animations of one sentence: in the upper face over all
    frames, and in the lips over the frames of true lip closures (papers-and-metrics.md 3.4)."""
    apart = np.abs(one - other)
    lips = apart[at_closures][:, LIPS]
    return float(apart[:, UPPER].mean()), float(lips.mean()) if lips.size else float("nan")


def spearman(levels: Sequence[float], values: Sequence[float]) -> float:
    """Rank correlation; ties share their mean rank."""
    from scipy.stats import spearmanr

    return float(spearmanr(levels, values).statistic)
