"""Voices that act: neutral speech made to sound like an emotion, in the same time.

What rises and falls follows the acoustic correlates that Murray and Arnott 1993, "Toward the
simulation of emotion in synthetic speech", list (pitch, loudness, voice quality); sizes are ours.
Speaking rate is left alone on purpose: takes of one recording then share their phones' times, so
that words and emotion can be exchanged between them exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from talkface_train.data import augment

RATE = 16000
WINDOW, HOP, SEARCH = 480, 240, 120
"""Samples of a stretched grain, between grains, and how far a grain may move to fit (WSOLA,
Verhelst and Roelands 1993)."""
SCATTER = 0.25
"""Standard deviation of a take's own share of its manner: nobody acts twice alike."""

Audio = NDArray[np.float32]


@dataclass(frozen=True)
class Manner:
    """What an emotion does to a voice: ``pitch`` in semitones, ``level`` in dB, ``tilt`` of the
    treble (above 0: darker), ``breath`` in dB below the voice (0: none), ``tremor`` and ``swing``:
    depths of a trembling at 6 Hz and of a rise and fall of loudness with syllables, 4 Hz."""

    pitch: float = 0.0
    level: float = 0.0
    tilt: float = 0.0
    breath: float = 0.0
    tremor: float = 0.0
    swing: float = 0.0


MANNERS = {
    "neutral": Manner(),
    "happy": Manner(3.0, 4.0, -0.35, swing=0.3),
    "sad": Manner(-1.5, -6.0, 0.6, breath=-24.0),
    "angry": Manner(1.5, 9.0, -0.6, swing=0.45),
    "fearful": Manner(4.5, 0.0, -0.15, breath=-27.0, tremor=0.4),
    "disgusted": Manner(-2.5, 1.0, 0.25, tremor=0.15),
    "surprised": Manner(5.5, 5.0, -0.25),
    "contempt": Manner(-1.0, -3.0, 0.3, swing=0.2),
}


def act(audio: Audio, emotion: str, share: float, generator: np.random.Generator) -> Audio:
    """Speech [N] at 16 kHz as somebody in an emotion would say it, ``share`` of its manner: [N]."""
    manner = MANNERS[emotion]
    much = share * float(np.clip(generator.normal(1.0, SCATTER), 0.4, 1.6))
    acted = shifted(audio, 2.0 ** (much * manner.pitch / 12.0))
    if manner.tilt:
        acted = augment.tilted(acted, float(np.clip(much * manner.tilt, -0.9, 0.9)))
    times = np.arange(len(acted)) / RATE
    for depth, rate in ((manner.tremor, 6.0), (manner.swing, 4.0)):
        if depth:
            turn = generator.uniform(0.0, 2.0 * np.pi)
            wave = 1.0 + min(much * depth, 0.9) * np.sin(2.0 * np.pi * rate * times + turn)
            acted = acted * wave.astype(np.float32)
    if manner.breath:
        voiced = _envelope(acted) * 10.0 ** (manner.breath / 20.0) * much
        acted = acted + (voiced * generator.standard_normal(len(acted))).astype(np.float32)
    level = 20.0 * np.log10(augment.rms(audio) + 1e-9) + much * manner.level
    found: Audio = augment.set_level(acted.astype(np.float32), float(np.clip(level, -45.0, -9.0)))
    return found


def shifted(audio: Audio, factor: float) -> Audio:
    """Audio with its pitch, and its formants, ``factor`` times as high, as long as before."""
    if abs(factor - 1.0) < 1e-3:
        return audio.copy()
    return stretched(augment.speed(audio, factor), len(audio))


def stretched(audio: Audio, length: int) -> Audio:
    """Audio [N] drawn out or pushed together to ``length`` samples, at the same pitch (WSOLA)."""
    if len(audio) < WINDOW + SEARCH or length < WINDOW:
        places = np.linspace(0, max(len(audio) - 1, 0), length)
        return np.interp(places, np.arange(len(audio)), audio).astype(np.float32)
    window = np.hanning(WINDOW + 1)[:WINDOW]
    out, weight = np.zeros(length + WINDOW), np.zeros(length + WINDOW)
    padded = np.pad(audio.astype(np.float64), (SEARCH, WINDOW + 2 * SEARCH + HOP))
    last = len(audio) - 1
    taken = 0
    for start in range(0, length, HOP):
        wanted = round(start * last / max(length - 1, 1))
        if start:
            # The grain that goes on best from the one before, near where it should be.
            follows = padded[SEARCH + taken + HOP :][:WINDOW]
            near = np.lib.stride_tricks.sliding_window_view(
                padded[wanted : wanted + WINDOW + 2 * SEARCH], WINDOW
            )
            wanted += int((near[:, ::2] @ follows[::2]).argmax()) - SEARCH
        taken = min(max(wanted, -SEARCH), last)
        out[start : start + WINDOW] += window * padded[SEARCH + taken :][:WINDOW]
        weight[start : start + WINDOW] += window
    found: Audio = (out / np.maximum(weight, 1e-3))[:length].astype(np.float32)
    return found


def _envelope(audio: Audio) -> NDArray[np.float64]:
    from scipy.ndimage import uniform_filter1d

    power = uniform_filter1d(np.square(audio, dtype=np.float64), RATE // 50)
    envelope: NDArray[np.float64] = np.sqrt(np.maximum(power, 0.0))
    return envelope
