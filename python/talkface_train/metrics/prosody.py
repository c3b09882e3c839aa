"""Loudness of speech and its stressed peaks: what heads nod to, for targets and for metrics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE = 50
"""Frames a second of everything here."""
WINDOW_SECONDS = 0.03
NEIGHBOURHOOD_SECONDS = 0.75
"""Half of the time around a peak that it is compared with."""
SPACING_SECONDS = 0.45
"""Stressed peaks are at least this far apart: about the spacing of accents, not of syllables."""
LEAST_SCORE = 0.3
PEAK_DECIBELS = 2.0
SPEECH_DECIBELS = 30.0
"""How far below its loud parts a recording is still speech."""
PAUSE_SECONDS = 0.25
"""Shorter silences do not end a phrase: closures of stops, short hesitations."""
TYPICAL_VOWEL_SECONDS = 0.09

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Stress:
    """A stressed peak: its ``frame`` and how much it stands out, about 0.3 to 2.5."""

    frame: int
    score: float


def loudness(audio: NDArray[np.floating], sample_rate: int = 16000) -> Array:
    """Loudness in dB [frames] of mono audio [N], frame i about its sample at i / RATE."""
    hop = sample_rate // RATE
    half = int(WINDOW_SECONDS * sample_rate / 2)
    frames = -(-len(audio) // hop)
    power = np.concatenate([[0.0], np.cumsum(np.asarray(audio, dtype=np.float64) ** 2)])
    centres = np.arange(frames) * hop
    low, high = (np.clip(centres + side, 0, len(audio)) for side in (-half, half))
    mean = (power[high] - power[low]) / np.maximum(high - low, 1)
    found: Array = 10.0 * np.log10(mean + 1e-9)
    return found


def speech_of(decibels: Array) -> Mask:
    """Frames [T] that speak, by loudness alone."""
    found: Mask = decibels > max(float(np.percentile(decibels, 95)) - SPEECH_DECIBELS, -60.0)
    return found


def runs(mask: Mask) -> list[tuple[int, int]]:
    """Where a mask is true: (first, end) of each run."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def phrases(speech: Mask) -> list[tuple[int, int]]:
    """Runs of speech with pauses shorter than PAUSE_SECONDS closed, in frames."""
    joined: list[tuple[int, int]] = []
    for first, end in runs(speech):
        if joined and first - joined[-1][1] < PAUSE_SECONDS * RATE:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((first, end))
    return joined


def stresses(
    decibels: Array, speech: Mask, vowels: Sequence[tuple[int, int]] | None = None
) -> list[Stress]:
    """Stressed peaks in order of time.

    A candidate is the loudest frame of a vowel (``vowels``: runs of frames) or, without vowels, a
    peak of loudness of at least PEAK_DECIBELS. Its score is how many standard deviations it is
    above the speech around it, and more for a long vowel. The best ones that keep
    SPACING_SECONDS between them are stressed.
    """
    from scipy.ndimage import gaussian_filter1d
    from scipy.signal import find_peaks

    if not speech.any():
        return []
    smooth = gaussian_filter1d(decibels, 1.5)
    lengths: list[float]
    if vowels is None:
        frames = [int(f) for f in find_peaks(smooth, prominence=PEAK_DECIBELS)[0] if speech[f]]
        lengths = [TYPICAL_VOWEL_SECONDS] * len(frames)
    else:
        frames = [first + int(np.argmax(smooth[first:end])) for first, end in vowels]
        lengths = [(end - first) / RATE for first, end in vowels]
    reach = int(NEIGHBOURHOOD_SECONDS * RATE)
    scored = []
    for frame, length in zip(frames, lengths, strict=True):
        around = slice(max(frame - reach, 0), frame + reach + 1)
        near = smooth[around][speech[around]]
        if len(near) == 0:
            continue
        score = (smooth[frame] - near.mean()) / max(float(near.std()), 3.0)
        score += 0.6 * np.log2(max(length, 0.02) / TYPICAL_VOWEL_SECONDS)
        if score >= LEAST_SCORE:
            scored.append(Stress(frame, float(score)))
    kept: list[Stress] = []
    for peak in sorted(scored, key=lambda s: -s.score):
        if all(abs(peak.frame - k.frame) >= SPACING_SECONDS * RATE for k in kept):
            kept.append(peak)
    return sorted(kept, key=lambda s: s.frame)
