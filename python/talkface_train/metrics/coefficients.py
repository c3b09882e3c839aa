"""Errors of ARKit curves [T, K] (docs/metrics.md, "Coefficients")."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from talkface.rig import CHANNELS
from talkface_train.metrics import expression
from talkface_train.metrics.checks import Array, Floats, clip, compared

LIP12 = tuple(
    CHANNELS.index(name)
    for name in (
        "jawOpen",
        "mouthClose",
        "mouthFunnel",
        "mouthPucker",
        "mouthRollLower",
        "mouthRollUpper",
        "mouthPressLeft",
        "mouthPressRight",
        "mouthLowerDownLeft",
        "mouthLowerDownRight",
        "mouthUpperUpLeft",
        "mouthUpperUpRight",
    )
)
"""Of LBE: what seals, opens and rounds the lips."""
LIP27 = expression.LIPS
"""Of PBE: every channel of jaw and mouth."""
UPPER13 = expression.UPPER
"""Of UBE: brows, squints, wide eyes, cheeks and nose; not blinks and gaze, which nobody hears."""
LEAST_SPREAD = 0.01
"""Channels with a smaller standard deviation do not count for NMSE."""

Frames = NDArray[np.generic] | None


def blendshape_error(
    said: Array, wanted: Array, channels: Sequence[int] | None = None, mask: Frames = None
) -> float:
    """Mean over frames of the L2 norm over ``channels`` (all): LBE, PBE, UBE, MBE."""
    return float(np.linalg.norm(_apart(said, wanted, channels, mask), axis=1).mean())


def worst_channel_error(said: Array, wanted: Array, mask: Frames = None) -> float:
    """Mean over frames of the channel that is furthest off: how PESTalk's text words MBE."""
    return float(np.abs(_apart(said, wanted, None, mask)).max(axis=1).mean())


def root_mean_square_error(said: Array, wanted: Array, mask: Frames = None) -> float:
    """Over all frames and channels."""
    return float(np.sqrt((_apart(said, wanted, None, mask) ** 2).mean()))


def mean_absolute_error(said: Array, wanted: Array, mask: Frames = None) -> float:
    """Over all frames and channels."""
    return float(np.abs(_apart(said, wanted, None, mask)).mean())


def channel_spread(clips: Iterable[Array]) -> Floats:
    """Standard deviation [K] of each channel over all frames of clips [T, K]."""
    spread: Floats = np.concatenate([clip(c, "curves") for c in clips]).astype(float).std(axis=0)
    return spread


def normalised_error(said: Array, wanted: Array, spread: Array, mask: Frames = None) -> float:
    """NMSE: mean over frames and channels of the squared error over the channel's variance.

    ``spread`` [K]: standard deviations, best of the training set. Channels below
    :data:`LEAST_SPREAD` are left out; NaN if that leaves none. 1: no better than the mean.
    """
    apart = _apart(said, wanted, None, mask)
    if np.shape(spread) != (apart.shape[1],):
        raise ValueError(f"spread: [{apart.shape[1]}] is needed, not {list(np.shape(spread))}")
    moves = np.asarray(spread) >= LEAST_SPREAD
    if not moves.any():
        return float("nan")
    return float(((apart[:, moves] / np.asarray(spread)[moves]) ** 2).mean())


def variance_error(said: Array, wanted: Array, mask: Frames = None) -> float:
    """AVE: L2 norm over channels of the difference of their variances over time."""
    said, wanted = compared(said, wanted, mask)
    return float(np.linalg.norm(said.var(axis=0) - wanted.var(axis=0)))


def _apart(said: Array, wanted: Array, channels: Sequence[int] | None, mask: Frames) -> Floats:
    said, wanted = compared(said, wanted, mask)
    apart: Floats = np.subtract(said, wanted, dtype=np.float64)
    if channels is None:
        return apart
    if apart.shape[1] != len(CHANNELS):
        raise ValueError(f"curves: [T, {len(CHANNELS)}] are needed, not {list(apart.shape)}")
    return apart[:, list(channels)]
