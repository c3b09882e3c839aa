"""Does the mouth move with the sound: beats, loudness, offset (docs/metrics.md, "Synchrony").

``times`` [T]: seconds of the frames in the audio.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.signal import find_peaks

from talkface.rig import CHANNELS
from talkface_train.articulation.aperture import aperture
from talkface_train.metrics.checks import Array, Floats, clip, counted
from talkface_train.metrics.curves import correlation
from talkface_train.metrics.prosody import RATE, SPEECH_DECIBELS, loudness, runs

BEAT_SECONDS = 0.1
"""Standard deviation of the reward for a near beat (SAiD)."""
ONSET_SLOPE = 60.0
"""Decibels a second at which loudness rises at an onset."""
ONSET_SPACING = 0.1
BEAT_PROMINENCE = 0.2
"""How much slower than its surroundings a face is at a beat, in mean speeds."""
STILL = 1e-4
"""Channels that change less from frame to frame, on average, do not move."""
REACH_SECONDS, STEP_SECONDS = 0.4, 0.01
"""Of the offsets that are tried."""


def opening(curves: Array) -> Floats:
    """Aperture [T] of curves [T, 52]."""
    named = {name: curves[:, CHANNELS.index(name)] for name in ("jawOpen", "mouthClose")}
    return aperture(named).astype(np.float64)


def envelope(audio: Array, sample_rate: int = 16000) -> Floats:
    """Loudness in dB [F] at 50 frames a second, frame ``i`` at ``i / 50`` s; what lies more than
    30 dB below the loud parts (95th percentile) or below -60 dB is set to that floor."""
    decibels = loudness(clip(audio, "audio", 1), sample_rate)
    floor = max(float(np.percentile(decibels, 95)) - SPEECH_DECIBELS, -60.0)
    return np.maximum(decibels, floor)


def audio_beats(audio: Array, sample_rate: int = 16000) -> Floats:
    """Seconds of onsets: where loudness, smoothed by 20 ms, rises fastest and by at least 60 dB a
    second; the steeper of two within 100 ms."""
    smooth = gaussian_filter1d(envelope(audio, sample_rate), 1.0, mode="nearest")
    slope = np.concatenate([[0.0], np.diff(smooth) * RATE, [0.0]])
    found = find_peaks(slope, height=ONSET_SLOPE, distance=int(ONSET_SPACING * RATE))[0]
    return np.asarray((found - 0.5) / RATE, dtype=np.float64)


def motion_beats(curves: Array, times: Array, mask: NDArray[np.generic] | None = None) -> Floats:
    """Seconds at which curves [T, K] stand still for a moment (SAiD).

    ``r_t`` is the mean over channels that move of ``|b_t+1 - b_t|`` over its mean over time; beats
    are its local minima with a prominence of 0.2. Frames outside ``mask`` [T] do not count.
    """
    counts = counted(mask, len(curves))
    if np.shape(times) != counts.shape:
        raise ValueError(f"times: [{len(counts)}] are needed, not {list(np.shape(times))}")
    clip(curves[counts], "curves")
    both = counts[1:] & counts[:-1]
    change = np.abs(np.diff(np.where(counts[:, None], curves, 0.0), axis=0))
    usual = change[both].mean(axis=0) if both.any() else np.zeros(change.shape[1])
    moves = usual > STILL
    if not moves.any():
        return np.zeros(0)
    speed = (change[:, moves] / usual[moves]).mean(axis=1)
    still = [
        first + find_peaks(-speed[first:end], prominence=BEAT_PROMINENCE)[0]
        for first, end in runs(both)
    ]
    at = np.concatenate(still)
    return np.asarray((times[at] + times[at + 1]) / 2, dtype=np.float64)


def beat_alignment(beats: Sequence[float] | Array, met_by: Sequence[float] | Array) -> float:
    """BA in [0, 1]: mean over ``beats`` of ``exp(-d^2 / (2 0.1^2))``, ``d`` seconds to the nearest
    of ``met_by``. ``beats`` are the sound's (SAiD) or the true face's (DiffPoseTalk), ``met_by``
    the system's. NaN without the former, 0 without the latter."""
    if len(beats) == 0:
        return float("nan")
    if len(met_by) == 0:
        return 0.0
    apart = np.abs(np.subtract.outer(np.asarray(beats), np.asarray(met_by))).min(axis=1)
    return float(np.exp(-0.5 * (apart / BEAT_SECONDS) ** 2).mean())


def loudness_correlation(
    mouth: Array, times: Array, audio: Array, sample_rate: int = 16000
) -> float:
    """SLCC: Pearson's r of :func:`envelope` and the opening ``mouth`` [T]; 0 where the mouth does
    not move, NaN where loudness does not."""
    clip(mouth, "mouth", 1)
    return correlation(mouth, _at(times, envelope(audio, sample_rate)))


def audio_visual_offset(
    mouth: Array, times: Array, audio: Array, sample_rate: int = 16000
) -> float:
    """By how many milliseconds the opening ``mouth`` [T] follows loudness: the shift within 400 ms
    at which both correlate best. Positive: the mouth is late, sound early.

    NaN without a positive correlation and in clips shorter than 1 s. A true face has an offset of
    its own, since mouths open before they are heard: read the difference from it.
    """
    clip(mouth, "mouth", 1)
    heard = np.arange(times[0] + REACH_SECONDS, times[-1] - REACH_SECONDS, STEP_SECONDS)
    if len(heard) * STEP_SECONDS < 0.2 - 1e-6:
        return float("nan")
    loud = _at(heard, envelope(audio, sample_rate))
    count = round(REACH_SECONDS / STEP_SECONDS)
    lags = np.arange(-count, count + 1) * STEP_SECONDS
    agree = [correlation(np.interp(heard + lag, times, mouth), loud) for lag in lags]
    best = int(np.argmax(agree))
    return float(lags[best] * 1000) if agree[best] > 0 else float("nan")


def _at(times: Array, loud: Floats) -> Floats:
    found: Floats = np.interp(times, np.arange(len(loud)) / RATE, loud)
    return found
