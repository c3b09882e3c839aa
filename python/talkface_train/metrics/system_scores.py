"""All scores of one clip of a published system, and what each of them is."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from talkface.rig import CHANNELS
from talkface_train.metrics import coefficients as c
from talkface_train.metrics import synchrony
from talkface_train.metrics.checks import Array, compared, counted
from talkface_train.metrics.curves import jitter_ratio, velocity_ratio
from talkface_train.metrics.mesh import mesh_scores
from talkface_train.metrics.rig import Rig

Better = Literal["lower", "higher", "zero", "one"]


class Score(NamedTuple):
    """``unit``: empty for none; ``better``: lower, higher, or the nearer to 0 or 1."""

    unit: str
    better: Better
    meaning: str


SCORES: dict[str, Score] = {
    "LVE": Score("mm", "lower", "furthest lip vertex, mean over frames"),
    "LVE_legacy": Score("m2", "lower", "its square"),
    "EVE": Score("mm", "lower", "furthest vertex of eyes and forehead, mean over frames"),
    "MVE": Score("mm", "lower", "all vertices, mean"),
    "lip_L2": Score("mm", "lower", "lip vertices, mean"),
    "MOD": Score("mm", "lower", "height of the lips"),
    "FDD": Score("mm", "zero", "upper face: spread of truth minus spread"),
    "FDD_abs": Score("mm", "lower", "upper face: difference of spreads"),
    "FDD_legacy": Score("m2", "zero", "FDD of squared norms"),
    "LBE": Score("", "lower", "12 lip channels, L2"),
    "PBE": Score("", "lower", "27 channels of jaw and mouth, L2"),
    "UBE": Score("", "lower", "13 channels of the upper face, L2"),
    "MBE": Score("", "lower", "52 channels, L2"),
    "MBE_max": Score("", "lower", "worst channel, mean over frames"),
    "RMSE": Score("", "lower", "52 channels"),
    "MAE": Score("", "lower", "52 channels"),
    "NMSE": Score("", "lower", "squared error over variance, channels that move"),
    "AVE": Score("", "lower", "difference of variances, L2"),
    "velocity_ratio": Score("", "one", "mean change over that of truth"),
    "jitter_ratio": Score("", "one", "mean second difference over that of truth"),
    "BA_motion": Score("", "higher", "beats of truth met by beats"),
    "BA_audio": Score("", "higher", "onsets of the sound met by beats"),
    "SLCC": Score("", "higher", "loudness against opening, r"),
    "offset": Score("ms", "zero", "by which the mouth follows loudness"),
}
"""Those of :func:`score_pair`, then those of :func:`score_sound`, in the order of tables."""


def score_pair(
    rig: Rig,
    said: Array,
    wanted: Array,
    fps: float,
    mask: NDArray[np.generic] | None = None,
    spread: Array | None = None,
) -> dict[str, float]:
    """Mesh and coefficient scores of one clip, curves [T, 52] in canonical order at ``fps``.

    ``mask`` [T]: frames that count. ``spread`` [52]: standard deviations of channels for NMSE
    (:func:`talkface_train.metrics.coefficients.channel_spread` of the training set); without it
    those of ``wanted``. NaN: undefined for this clip. Raises ValueError for other shapes, clips
    without frames that count, and numbers that are not finite.
    """
    _canonical(wanted)
    counting, frames = compared(said, wanted, mask), counted(mask, len(wanted))
    if spread is None:
        spread = counting[1].std(axis=0)
    times = np.arange(len(wanted)) / fps
    beats = [synchrony.motion_beats(curves, times, frames) for curves in (wanted, said)]
    return {
        **mesh_scores(rig, *(rig.columns(curves) for curves in counting)),
        "LBE": c.blendshape_error(*counting, c.LIP12),
        "PBE": c.blendshape_error(*counting, c.LIP27),
        "UBE": c.blendshape_error(*counting, c.UPPER13),
        "MBE": c.blendshape_error(*counting),
        "MBE_max": c.worst_channel_error(*counting),
        "RMSE": c.root_mean_square_error(*counting),
        "MAE": c.mean_absolute_error(*counting),
        "NMSE": c.normalised_error(*counting, spread),
        "AVE": c.variance_error(*counting),
        "velocity_ratio": velocity_ratio(said, wanted, frames),
        "jitter_ratio": jitter_ratio(said, wanted, frames),
        "BA_motion": synchrony.beat_alignment(*beats),
    }


def score_sound(
    said: Array, fps: float, audio: Array, sample_rate: int = 16000, first: float | None = None
) -> dict[str, float]:
    """Scores of curves [T, 52] against mono ``audio`` [N] alone.

    ``first``: seconds of frame 0 in the audio; by default the middle of the first frame, where
    the published systems have it.
    """
    _canonical(said)
    begins = 0.5 / fps if first is None else first
    times = begins + np.arange(len(said)) / fps
    mouth = synchrony.opening(said)
    beats = synchrony.audio_beats(audio, sample_rate)
    return {
        "BA_audio": synchrony.beat_alignment(beats, synchrony.motion_beats(said, times)),
        "SLCC": synchrony.loudness_correlation(mouth, times, audio, sample_rate),
        "offset": synchrony.audio_visual_offset(mouth, times, audio, sample_rate),
    }


def _canonical(curves: Array) -> None:
    if np.shape(curves)[1:] != (len(CHANNELS),):
        raise ValueError(f"curves: [T, {len(CHANNELS)}] are needed, not {list(np.shape(curves))}")
