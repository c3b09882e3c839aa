"""Clips at another frame rate."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkface.clip import Clip

_MOST_FRAMES = 10_000_000
_SLACK = 1e-6
"""Of a frame: times in files are rounded."""


def retime(clip: Clip, fps: Fraction | float) -> Clip:
    """The clip with frames at ``i / fps`` from its first whole frame to its last.

    Frames keep the input's clock: each lies at a whole multiple of ``1 / fps``. Values are
    interpolated in a straight line, head rotation along the shortest arc. ``fps`` is taken as a
    fraction (59.94 as 60000/1001) from 1 to 1000, else ValueError.
    """
    rate = frame_rate(fps)
    if not len(clip):
        return replace(clip, fps=rate)
    first = math.ceil(clip.timestamps[0] * float(rate) - _SLACK)
    last = math.floor(clip.timestamps[-1] * float(rate) + _SLACK)
    times = grid(first, max(first, last), rate)
    right = np.clip(np.searchsorted(clip.timestamps, times), 1, max(len(clip) - 1, 1))
    left = right - 1
    right = np.minimum(right, len(clip) - 1)
    gap = clip.timestamps[right] - clip.timestamps[left]
    share = np.where(gap > 0, (times - clip.timestamps[left]) / np.where(gap > 0, gap, 1), 0.0)
    share = np.clip(share, 0.0, 1.0)[:, None]

    def mixed(values: NDArray[Any]) -> NDArray[np.float32]:
        between: NDArray[np.float32] = (1 - share) * values[left] + share * values[right]
        return between.astype(np.float32)

    return replace(
        clip,
        weights=mixed(clip.weights),
        timestamps=times,
        head_rotation=_turned(clip.head_rotation[left], clip.head_rotation[right], share),
        head_translation=mixed(clip.head_translation),
        emotion=mixed(clip.emotion),
        visemes=mixed(clip.visemes),
        affect=None if clip.affect is None else mixed(clip.affect),
        fps=rate,
    )


def grid(first: int, last: int, rate: Fraction) -> NDArray[np.float64]:
    """Times of frames ``first`` to ``last`` in seconds; ValueError for more than ten million, which
    a damaged time asks for and no face does."""
    if last - first >= _MOST_FRAMES:
        raise ValueError(f"{last - first + 1} frames at {float(rate):g} fps are too many")
    return np.array([float(k / rate) for k in range(first, last + 1)])


def frame_rate(fps: Fraction | float | str) -> Fraction:
    """``fps`` as a fraction; rates like 23.976, 29.97, 59.94 become those by 1.001."""
    try:
        rate = Fraction(fps).limit_denominator(1001)
        near = Fraction(round(rate * Fraction(1001, 1000)) * 1000, 1001)
    except (ValueError, ZeroDivisionError, OverflowError):
        raise ValueError(f"not a frame rate: {fps!r}") from None
    if abs(rate - near) < Fraction(1, 200) and rate.denominator != 1:
        rate = near
    if not 1 <= rate <= 1000:
        raise ValueError(f"the frame rate must be 1 to 1000, not {str(fps)[:20]}")
    return rate


def _turned(
    start: NDArray[np.float32], end: NDArray[np.float32], share: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Spherical interpolation of unit quaternions [frames, 4]."""
    one, two = start.astype(np.float64), end.astype(np.float64)
    cosine = (one * two).sum(axis=1, keepdims=True)
    two = np.where(cosine < 0, -two, two)
    angle = np.arccos(np.clip(np.abs(cosine), 0.0, 1.0))
    sine = np.sin(angle)
    straight = sine < 1e-6
    safe = np.where(straight, 1.0, sine)
    weight_one = np.where(straight, 1 - share, np.sin((1 - share) * angle) / safe)
    weight_two = np.where(straight, share, np.sin(share * angle) / safe)
    mixed = weight_one * one + weight_two * two
    unit: NDArray[np.float64] = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
    return unit.astype(np.float32)
