"""The prosody-to-head model: rule-made head motion from loudness, phones, arousal and a latent.

A recording is first turned into a few basis curves at 50 Hz: nods at stressed peaks, how much
there is speech, how long a phrase has run, its beginning and its end. Head motion is a sum of them
whose coefficients are what one latent a phrase and the arousal say (docs/head.md has the table).
Angles are degrees here and radians in poses. Idle sway and breath belong to the runtime.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from talkface_train.data.phones import PHONE_INDEX, SILENCE, Segment
from talkface_train.metrics.prosody import RATE, Stress, phrases, stresses

LATENT = (
    "nod size",
    "turn side",
    "tilt side",
    "lift",
    "drift",
    "turn beats",
    "tilt beats",
    "tempo",
)
"""What each dimension of the latent says, all about standard normal."""
TEMPI = (0.75, 1.0, 1.33)
"""Lengths of nods that are in the basis, times ATTACK and RELEASE; the tempo mixes them."""
BASIS = (*(f"nods at {tempo:g}" for tempo in TEMPI), "speech", "run", "swell", "beginning", "end")
ATTACK, RELEASE = 0.15, 0.25
"""Seconds that a nod takes down and up (papers-and-metrics.md 6.5)."""
LATE = 0.06
"""Seconds from a stressed peak to the deepest point of its nod: a stream hears 100 ms ahead, and a
nod that begins when the stress is heard is as late as people's are."""
EASE = 0.12
"""Time constant in seconds of each of two poles through which speech raises a posture."""
RUN = 1.5
NOD, NOD_SPREAD, NOD_MOST, NOD_GAIN = 1.8, 0.4, 6.0, 1.3
"""Degrees of a nod on an ordinary stress at arousal 0, the power of e by which a unit of nod size
changes it, what it nears at most, and how much more it is at arousal 1. Published nods are 1.5 to 6
degrees, 4 in the middle (papers-and-metrics.md 3.4, 6.5); grid_s1's are below 1, which a nod size
of -2 nears."""
POSTURE_GAIN = 0.8
TURN, TILT, LIFT, DRIFT = 1.5, 1.0, 0.7, 1.0
BEATS = (0.45, 0.35)
SWELL = (0.4, 0.25, 0.15)
"""Degrees of nod, and of turn and tilt for a unit of their beats, when speech is SWELL_DECIBELS
louder than its phrase: between stresses the head goes on following the voice."""
SWELL_DECIBELS = 6.0
BEGIN, END = 0.7, 0.7
LEAN = (0.001, 0.004)
"""Metres forward while speaking, at arousal 0 and what arousal 1 adds."""
SHIFT = 0.0005
"""Metres aside for a degree of turn."""
LATENT_HALF_LIFE = 0.25
"""Seconds in which half of the way to a new phrase's latent is done (the runtime's)."""

# fmt: off
VOWELS = (
    "AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW",
    "UE", "OE",
)
# fmt: on
VOWEL_CODES = frozenset(PHONE_INDEX[name] for name in VOWELS)

Array = NDArray[np.float64]
Floats = NDArray[np.float32]


def phone_codes(segments: Sequence[Segment], times: Array) -> NDArray[np.uint8]:
    """Phone code at each time; silence outside labels, 255 where the phone is not known."""
    codes = np.full(len(times), PHONE_INDEX[SILENCE], dtype=np.uint8)
    for segment in segments:
        first, last = np.searchsorted(times, (segment.start, segment.end))
        codes[first:last] = PHONE_INDEX.get(segment.phone, 255)
    return codes


def vowel_runs(phones: NDArray[np.uint8]) -> list[tuple[int, int]]:
    """Runs of one vowel (first, end) in phone codes [T]."""
    cuts = np.flatnonzero(np.diff(phones.astype(np.int16))) + 1
    edges = [0, *(int(c) for c in cuts), len(phones)]
    return [(a, b) for a, b in pairwise(edges) if int(phones[a]) in VOWEL_CODES]


def basis(decibels: Array, phones: NDArray[np.uint8]) -> tuple[Floats, NDArray[np.int64]]:
    """Basis curves [T, 8] and the first frames of phrases, from loudness in dB [T] and phone codes
    [T] at 50 Hz (:data:`PHONE_INDEX`; any other code is speech that is not known)."""
    speech = phones != PHONE_INDEX[SILENCE]
    peaks = stresses(decibels, speech, vowel_runs(phones))
    return basis_of(decibels, peaks, phrases(speech))


def basis_of(
    decibels: Array, peaks: Sequence[Stress], spoken: Sequence[tuple[int, int]]
) -> tuple[Floats, NDArray[np.int64]]:
    """As :func:`basis`, from stressed peaks and phrases (first, end)."""
    frames = len(decibels)
    times = np.arange(frames) / RATE
    nods = np.zeros((len(TEMPI), frames))
    for peak in peaks:
        size = float(np.clip(0.35 + 0.5 * peak.score, 0.5, 1.25))
        for row, tempo in zip(nods, TEMPI, strict=True):
            pulse = _pulse(times, peak.frame / RATE + LATE, ATTACK * tempo, RELEASE * tempo)
            np.maximum(row, size * pulse, out=row)
    speaks, run, swell, begins, ends = (np.zeros(frames) for _ in range(5))
    for first, end in spoken:
        speaks[first:end] = 1.0
        run[first:end] = 1.0 - np.exp(-np.arange(end - first) / (RUN * RATE))
        louder = (decibels[first:end] - np.median(decibels[first:end])) / SWELL_DECIBELS
        swell[first:end] = np.clip(louder, -1.5, 1.5)
        begins += _pulse(times, first / RATE + 0.25, 0.25, 0.6)
        long_enough = (end - first) / RATE > 0.5
        ends += long_enough * _pulse(times, end / RATE + 0.1, 0.3, 0.5)
    curves = [*nods, _eased(speaks), _eased(run), _eased(swell), begins, ends]
    starts = np.array([first for first, _ in spoken], dtype=np.int64)
    return np.stack(curves, axis=1).astype(np.float32), starts


def _pulse(times: Array, peak: float, attack: float, release: float) -> Array:
    """A raised cosine up to 1 at ``peak`` and down again, with their own lengths, in seconds."""
    phase = np.where(times < peak, (times - peak) / attack, (times - peak) / release)
    return np.where(np.abs(phase) < 1, 0.5 + 0.5 * np.cos(np.pi * phase), 0.0)


def _eased(curve: Array) -> Array:
    from scipy.signal import lfilter

    keep = np.exp(-1.0 / (EASE * RATE))
    for _ in range(2):
        curve = lfilter([1.0 - keep], [1.0, -keep], curve)
    return curve


def motion(curves: Floats, latent: Floats, arousal: Floats) -> Floats:
    """Poses [..., T, 6] (nod, turn, tilt in radians, translation in metres) from basis curves
    [..., T, 8], latents [..., T, 8] and arousal [..., T]."""
    fast, middle, slow, speech, run, swell, begins, ends = np.moveaxis(curves, -1, 0)
    size, turn, tilt, lift, drift, turns, tilts, tempo = np.moveaxis(latent, -1, 0)
    pace = np.clip(tempo / 2.0, -1.0, 1.0)
    nods = middle + np.maximum(-pace, 0) * (fast - middle) + np.maximum(pace, 0) * (slow - middle)
    depth = NOD * np.exp(NOD_SPREAD * size) * (1.0 + NOD_GAIN * arousal)
    depth = NOD_MOST * np.tanh(depth / NOD_MOST)
    gain = 1.0 + POSTURE_GAIN * arousal
    posture = LIFT * lift * speech - BEGIN * begins + END * ends + SWELL[0] * swell
    x = depth * nods + gain * posture
    aside = BEATS[0] * nods + SWELL[1] * swell
    y = gain * (TURN * turn * speech + DRIFT * drift * run + aside * turns)
    z = gain * (TILT * tilt * speech + (BEATS[1] * nods + SWELL[2] * swell) * tilts)
    angles = np.radians(np.stack([x, y, z], axis=-1))
    forward = (LEAN[0] + LEAN[1] * arousal) * speech
    moved = np.stack([SHIFT * y, np.zeros_like(y), forward], axis=-1)
    return np.concatenate([angles, moved], axis=-1).astype(np.float32)


def drawn_latents(frames: int, starts: NDArray[np.int64], generator: np.random.Generator) -> Floats:
    """Latents [T, 8] as the runtime gives them: a new one at every phrase, to which it eases."""
    from scipy.signal import lfilter

    edges = [0, *(int(s) for s in starts if 0 < s < frames), frames]
    drawn = generator.standard_normal((len(edges) - 1, len(LATENT)))
    steps = np.repeat(drawn, np.diff(edges), axis=0)
    keep = 0.5 ** (1.0 / (LATENT_HALF_LIFE * RATE))
    eased, _ = lfilter([1.0 - keep], [1.0, -keep], steps, axis=0, zi=keep * steps[:1])
    return np.asarray(eased, dtype=np.float32)


def drawn_arousal(frames: int, generator: np.random.Generator) -> Floats:
    """Arousal [T] of a tape: often 0, else anything in [0, 1], sometimes changing once."""
    if generator.random() < 0.35:
        return np.zeros(frames, dtype=np.float32)
    first, second = generator.uniform(0.0, 1.0, 2)
    if generator.random() < 0.5:
        return np.full(frames, first, dtype=np.float32)
    half, middle = RATE / 4, generator.uniform(0.2, 0.8) * frames
    share = np.clip((np.arange(frames) - middle + half) / (2 * half), 0.0, 1.0)
    return np.asarray(first + (second - first) * share, dtype=np.float32)
