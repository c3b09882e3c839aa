"""Sounds that are not speech, for the test sets, the same in every run.

Made by rules, apart from what training hears (:mod:`talkface_train.data.augment`) on purpose: other
sources, other shapes. Nobody was recorded. All audio is float32 at 16 kHz.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from talkface_train.data.augment import set_level
from talkface_train.degrade import RATE, Audio, Generator, as_pcm16


def _resonant(source: NDArray[np.float64], hertz: Sequence[float], width: float) -> Audio:
    """A source through parallel resonances of ``width`` Hz, as a mouth or a box has them."""
    spectrum = np.fft.rfft(source)
    at = np.fft.rfftfreq(len(source), 1 / RATE)
    gains = sum(1 / (1 + ((at - f) / width) ** 2) / (1 + i) for i, f in enumerate(hertz))
    return np.fft.irfft(spectrum * gains, len(source)).astype(np.float32)


def _place(out: Audio, start: int, sound: Audio) -> None:
    room = max(min(len(sound), len(out) - start), 0)
    out[start : start + room] += sound[:room]


def _voice(count: int, hertz: NDArray[np.float64], generator: Generator) -> NDArray[np.float64]:
    """A breathy glottal source that follows a pitch contour."""
    phase = np.cumsum(np.interp(np.arange(count), np.linspace(0, count, len(hertz)), hertz)) / RATE
    saw = 1.0 - 2.0 * (phase % 1.0)
    return saw + 0.3 * generator.normal(0, 1, count)


def breaths(seconds: float, generator: Generator) -> Audio:
    """In and out through mouth and nose, 0.5 to 1.4 s each, -60 to -35 dBFS."""
    out = np.zeros(int(seconds * RATE), dtype=np.float32)
    start = int(generator.uniform(0, 0.5) * RATE)
    while start < len(out):
        count = int(generator.uniform(0.5, 1.4) * RATE)
        shape = np.sin(np.pi * np.linspace(0, 1, count)) ** generator.uniform(0.7, 2.0)
        formants = sorted(generator.uniform(400, 4500, 3))
        _place(out, start, _resonant(generator.normal(0, 1, count) * shape, formants, 600))
        start += count + int(generator.uniform(0.1, 0.8) * RATE)
    return as_pcm16(set_level(out, generator.uniform(-60, -35)))


def coughs(seconds: float, generator: Generator) -> Audio:
    """One to three coughs at a time: a burst, air, at times a voiced end; -40 to -15 dBFS."""
    out = np.zeros(int(seconds * RATE), dtype=np.float32)
    start = int(generator.uniform(0.2, 0.8) * RATE)
    while start < len(out):
        formants = [generator.uniform(500, 900), generator.uniform(1100, 1800), 2800.0]
        for _ in range(int(generator.integers(1, 4))):
            count = int(generator.uniform(0.18, 0.4) * RATE)
            time = np.arange(count) / RATE
            rush = generator.normal(0, 1, count) * np.exp(-time * generator.uniform(8, 18))
            rush[: RATE // 100] *= 3
            if generator.random() < 0.5:
                contour = generator.uniform(120, 260) * np.linspace(1.2, 0.8, 5)
                swell = np.sin(np.pi * np.clip((time - 0.1) / 0.2, 0, 1)) ** 2
                rush += 0.5 * swell * _voice(count, contour, generator)
            _place(out, start, _resonant(rush, formants, 250))
            start += count + int(generator.uniform(0.02, 0.15) * RATE)
        start += int(generator.uniform(1.0, 3.0) * RATE)
    return as_pcm16(set_level(out, generator.uniform(-40, -15)))


def laughter(seconds: float, generator: Generator) -> Audio:
    """Bouts of four to nine calls, about five a second, falling in pitch, breath between."""
    out = np.zeros(int(seconds * RATE), dtype=np.float32)
    start = int(generator.uniform(0.1, 0.6) * RATE)
    while start < len(out):
        pitch = generator.uniform(160, 420)
        formants = [generator.uniform(550, 900), generator.uniform(1200, 2000), 2700.0]
        for index in range(int(generator.integers(4, 10))):
            count = int(generator.uniform(0.16, 0.24) * RATE)
            time = np.linspace(0, 1, count)
            called = _voice(count, pitch * 0.94**index * np.array([1.0, 1.1, 0.9]), generator)
            puff = generator.normal(0, 0.5, count) * (time < 0.45)
            swell = np.sin(np.pi * np.clip((time - 0.3) / 0.6, 0, 1)) ** 2
            _place(out, start, _resonant(called * swell + puff, formants, 180) * 0.93**index)
            start += count
        start += int(generator.uniform(0.6, 2.0) * RATE)
    return as_pcm16(set_level(out, generator.uniform(-40, -15)))


def keys(seconds: float, generator: Generator) -> Audio:
    """Typing: press and release of a key, three to nine a second with pauses, -60 to -30 dBFS."""
    out = np.zeros(int(seconds * RATE), dtype=np.float32)
    box = sorted(generator.uniform(300, 6500, 4))
    start = int(generator.uniform(0.1, 0.6) * RATE)
    while start < len(out):
        for loudness, after in ((1.0, 0), (0.4, int(generator.uniform(0.05, 0.1) * RATE))):
            count = RATE // 25
            knock = generator.normal(0, 1, count) * np.exp(-np.arange(count) / RATE * 250)
            _place(out, start + after, loudness * _resonant(knock, box, 350))
        pause = generator.uniform(0.5, 1.5) if generator.random() < 0.1 else 0.0
        start += int((generator.uniform(0.11, 0.33) + pause) * RATE)
    return as_pcm16(set_level(out, generator.uniform(-60, -30)))
