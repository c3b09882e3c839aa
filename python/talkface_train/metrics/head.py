"""Head motion in numbers: range, speed, jerk, diversity, beats, stillness, distance to real heads.

Heads are unit quaternions [T, 4] (x y z w) at ``fps`` frames a second in our axes; angles are turn,
nod and tilt of docs/conventions.md in degrees. No paper of this field measures heads with numbers
that can be compared, so these are our definitions (docs/head.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from talkface.rotation import from_angles, to_angles

AXES = ("turn", "nod", "tilt")
BEAT_DEGREES = 0.3
"""Prominence of a nod that counts as a beat."""
BEAT_SECONDS = 0.1
"""How far from a stressed peak a beat may lie: one standard deviation of the reward."""
BEAT_LAG = 0.06
"""Seconds after a stressed peak at which a beat is expected (data/head_motion.py's LATE)."""
WINDOW_SECONDS, WINDOW_HOP = 1.0, 0.5
SETTLE_SECONDS = 0.5
NOISE_BAND = (0.1, 2.0)
"""Hz of the random head: what captured heads do most of."""
DERIVATIVE_RATE = 25.0
"""Frames a second at which speed and jerk are measured: that of the captured heads."""

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Motion:
    """Of one head: standard deviation and range of each axis in degrees; ``speed``: mean and 95th
    percentile of angular velocity, degrees a second; ``jerk``: mean and maximum of the third
    derivative's norm, degrees a second cubed; ``furthest``: the largest angle from neutral."""

    std: tuple[float, float, float]
    range: tuple[float, float, float]
    speed: tuple[float, float]
    jerk: tuple[float, float]
    furthest: float


def angles_of(rotation: NDArray[np.floating]) -> Array:
    """(turn, nod, tilt) in degrees [T, 3]."""
    found: Array = np.degrees(np.stack(to_angles(rotation), axis=-1))
    return found


def quaternions_of(head: NDArray[np.floating]) -> Array:
    """6-D rotations [..., 6 or more] (two columns of the matrix) to unit quaternions [..., 4], by
    Gram-Schmidt."""
    from scipy.spatial.transform import Rotation

    first, second = np.asarray(head[..., :3], float), np.asarray(head[..., 3:6], float)
    a = first / np.linalg.norm(first, axis=-1, keepdims=True)
    b = second - (a * second).sum(axis=-1, keepdims=True) * a
    b /= np.linalg.norm(b, axis=-1, keepdims=True)
    matrix = np.stack([a, b, np.cross(a, b)], axis=-1)
    flat = Rotation.from_matrix(matrix.reshape(-1, 3, 3)).as_quat(canonical=True)
    found: Array = flat.reshape(*matrix.shape[:-2], 4)
    return found


def geodesic(a: NDArray[np.floating], b: NDArray[np.floating]) -> Array:
    """Angle between rotations [..., 4] in degrees."""
    one, other = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    side = np.where((one * other).sum(axis=-1, keepdims=True) < 0, -1.0, 1.0)
    # By the chord: the arc cosine of nearly 1 is noise.
    chord = np.linalg.norm(one - side * other, axis=-1)
    found: Array = np.degrees(4 * np.arcsin(np.minimum(chord / 2, 1.0)))
    return found


def motion_of(rotation: NDArray[np.floating], fps: float) -> Motion:
    """Speed and jerk from Euler angles sampled at DERIVATIVE_RATE: heads are small, and rates of
    frames must not matter."""
    angles = _resampled(angles_of(rotation), fps, DERIVATIVE_RATE)
    speed = np.linalg.norm(np.diff(angles, axis=0), axis=1) * DERIVATIVE_RATE
    jerk = np.linalg.norm(np.diff(angles, n=3, axis=0), axis=1) * DERIVATIVE_RATE**3
    std, span = angles.std(axis=0), np.ptp(angles, axis=0)
    still = np.broadcast_to([0.0, 0.0, 0.0, 1.0], np.shape(rotation))
    return Motion(
        std=(float(std[0]), float(std[1]), float(std[2])),
        range=(float(span[0]), float(span[1]), float(span[2])),
        speed=(float(speed.mean()), float(np.percentile(speed, 95))),
        jerk=(float(jerk.mean()), float(jerk.max())),
        furthest=float(geodesic(rotation, still).max()),
    )


def diversity(heads: Sequence[NDArray[np.floating]]) -> float:
    """Average pairwise distance: mean over pairs of the mean angle between them, in degrees."""
    return float(np.mean([geodesic(a, b).mean() for a, b in combinations(heads, 2)]))


def least_diversity(heads: Sequence[NDArray[np.floating]]) -> float:
    """Mean angle between the two heads that are most alike, in degrees."""
    return float(min(geodesic(a, b).mean() for a, b in combinations(heads, 2)))


def beats_of(rotation: NDArray[np.floating], fps: float) -> Array:
    """Seconds at which the head is lowest in a nod of at least BEAT_DEGREES."""
    from scipy.signal import find_peaks

    nod = angles_of(rotation)[:, AXES.index("nod")]
    return np.asarray(find_peaks(nod, prominence=BEAT_DEGREES)[0] / fps, dtype=np.float64)


def beat_alignment(beats: Sequence[float] | Array, peaks: Sequence[float] | Array) -> float:
    """In [0, 1]: harmonic mean of how near a beat each stressed peak lies (plus BEAT_LAG) and how
    near a peak each beat, by a Gaussian of BEAT_SECONDS. NaN without peaks, 0 without beats.

    Both ways, so that a head that never stops nodding gains nothing by it.
    """
    if len(peaks) == 0:
        return float("nan")
    if len(beats) == 0:
        return 0.0
    apart = np.asarray(beats)[:, None] - (np.asarray(peaks)[None, :] + BEAT_LAG)
    near = np.exp(-0.5 * (apart / BEAT_SECONDS) ** 2)
    found, meant = float(near.max(axis=0).mean()), float(near.max(axis=1).mean())
    return 2 * found * meant / max(found + meant, 1e-9)


def activity(rotation: NDArray[np.floating], fps: float, mask: Mask | None = None) -> float:
    """Root mean square of angular velocity in degrees a second, over the masked frames."""
    velocity = np.gradient(angles_of(rotation), axis=0) * fps
    if mask is not None:
        velocity = velocity[mask]
    return float(np.sqrt((velocity**2).sum(axis=1).mean())) if len(velocity) else float("nan")


def quiescence(rotation: NDArray[np.floating], fps: float, silent: Mask) -> float:
    """Standard deviation of angles in :func:`settled` silence over that in speech: 0 is frozen, 1
    is as lively. NaN where there is too little of either."""
    angles = angles_of(rotation)
    parts = angles[settled(silent, fps)], angles[~silent]
    if min(len(part) for part in parts) < 10:
        return float("nan")
    quiet, spoken = (float(np.sqrt(part.var(axis=0).sum())) for part in parts)
    return quiet / spoken if spoken > 1e-6 else float("nan")


def settled(silent: Mask, fps: float) -> Mask:
    """Frames of silence from SETTLE_SECONDS after speech to a tenth of a second before it: a head
    takes its time to come to rest."""
    speech = np.flatnonzero(~silent)
    if len(speech) == 0:
        return np.ones(len(silent), dtype=bool)
    frames = np.arange(len(silent))
    after = np.searchsorted(speech, frames)
    since = np.where(after > 0, frames - speech[np.maximum(after - 1, 0)], len(silent))
    until = np.where(after < len(speech), speech[np.minimum(after, len(speech) - 1)] - frames, 1e9)
    found: Mask = silent & (since > SETTLE_SECONDS * fps) & (until > 0.1 * fps)
    return found


def windows(rotation: NDArray[np.floating], fps: float) -> Array:
    """One row [9] for each second of a head, every half second: for turn, nod, tilt the mean about
    the clip's median, the standard deviation, and the root mean square of velocity over 10."""
    angles = _resampled(angles_of(rotation), fps, DERIVATIVE_RATE)
    angles = angles - np.median(angles, axis=0)
    velocity = np.gradient(angles, axis=0) * DERIVATIVE_RATE
    length, hop = int(WINDOW_SECONDS * DERIVATIVE_RATE), int(WINDOW_HOP * DERIVATIVE_RATE)
    rows = []
    for start in range(0, len(angles) - length + 1, hop):
        part = slice(start, start + length)
        rms = np.sqrt((velocity[part] ** 2).mean(axis=0)) / 10.0
        rows.append([*angles[part].mean(axis=0), *angles[part].std(axis=0), *rms])
    return np.array(rows, dtype=np.float64).reshape(-1, 9)


def frechet(one: Array, other: Array) -> float:
    """Frechet distance of two sets of rows [N, K] taken as normal: squared distance of means plus
    trace(A + B - 2 (A B)^1/2)."""
    a, b = (np.atleast_2d(np.cov(rows, rowvar=False)) for rows in (one, other))
    # The eigenvalues of a product of two covariances are real and not negative.
    roots = np.sqrt(np.maximum(np.real(np.linalg.eigvals(a @ b)), 0.0))
    apart = one.mean(axis=0) - other.mean(axis=0)
    return float(apart @ apart + np.trace(a + b) - 2.0 * roots.sum())


def still_head(frames: int) -> Array:
    """Identity [T, 4]."""
    return np.tile([0.0, 0.0, 0.0, 1.0], (frames, 1))


def random_head(
    frames: int, fps: float, std: Sequence[float], generator: np.random.Generator
) -> Array:
    """Band-limited noise whose turn, nod and tilt have ``std`` degrees, knowing nothing of speech:
    [T, 4]."""
    count = max(frames, int(20 * fps))
    frequency = np.fft.rfftfreq(count, 1.0 / fps)
    inside = (frequency >= NOISE_BAND[0]) & (frequency <= NOISE_BAND[1])
    # Power falls with frequency squared, as that of a body that is pushed about does.
    shape = np.where(inside, 1.0 / np.maximum(frequency, NOISE_BAND[0]), 0.0)
    columns = []
    for size in std:
        phase = generator.normal(size=len(frequency)) + 1j * generator.normal(size=len(frequency))
        noise = np.fft.irfft(shape * phase, count)
        columns.append(noise[:frames] / noise.std() * np.radians(size))
    return np.asarray(from_angles(*columns), dtype=np.float64)


def _resampled(values: Array, fps: float, rate: float) -> Array:
    count = int((len(values) - 1) / fps * rate + 1e-6) + 1
    at, times = np.arange(count) / rate, np.arange(len(values)) / fps
    return np.stack([np.interp(at, times, column) for column in values.T], axis=1)
