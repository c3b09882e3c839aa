"""Waveform augmentation: microphones, rooms, noises, levels. All audio is float32 at 16 kHz."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

RATE = 16000
Audio = NDArray[np.float32]
Generator = np.random.Generator


def rms(audio: Audio) -> float:
    """Root mean square of the louder half of the audio's 20 ms blocks, so pauses do not count."""
    blocks = audio[: len(audio) // 320 * 320].reshape(-1, 320)
    if not len(blocks):
        return 1e-6
    power = np.sort((blocks.astype(np.float64) ** 2).mean(axis=1))
    return float(np.sqrt(power[len(power) // 2 :].mean()) + 1e-9)


def set_level(audio: Audio, dbfs: float) -> Audio:
    """Audio scaled so that :func:`rms` is ``dbfs``."""
    return (audio * (10 ** (dbfs / 20) / rms(audio))).astype(np.float32)


def speed(audio: Audio, factor: float) -> Audio:
    """Play ``factor`` times faster (pitch moves with it), by cubic interpolation."""
    from scipy.ndimage import map_coordinates

    count = int(len(audio) / factor)
    positions = np.arange(count) * factor
    return map_coordinates(audio, [positions], order=3, mode="nearest").astype(np.float32)


def _filter(audio: Audio, response: NDArray[np.float64]) -> Audio:
    """Zero-phase filter given by gains at evenly spaced frequencies from 0 to 8 kHz."""
    size = _fast(len(audio))
    spectrum = np.fft.rfft(audio, n=size)
    gains = np.interp(np.linspace(0, 1, len(spectrum)), np.linspace(0, 1, len(response)), response)
    return np.fft.irfft(spectrum * gains, n=size)[: len(audio)].astype(np.float32)


def _fast(length: int) -> int:
    from scipy.fft import next_fast_len

    return int(next_fast_len(length, real=True))


def equalise(audio: Audio, generator: Generator) -> Audio:
    """A random microphone: smooth response of up to +-8 dB over 9 bands."""
    decibels = generator.normal(0, 3.5, 9).clip(-8, 8)
    smooth = np.interp(np.linspace(0, 8, 65), np.arange(9), decibels)
    return _filter(audio, 10 ** (smooth / 20))


def band_limit(audio: Audio, low_hz: float, high_hz: float) -> Audio:
    """Band-pass with soft edges, like a telephone or a codec."""
    frequency = np.linspace(0, RATE / 2, 257)
    gains = 1 / (1 + np.exp(-(frequency - low_hz) / 40)) / (1 + np.exp((frequency - high_hz) / 80))
    return _filter(audio, gains)


def reverberate(audio: Audio, generator: Generator) -> Audio:
    """A synthetic room: decaying noise tail, RT60 0.1 to 0.7 s, direct sound first."""
    rt60 = generator.uniform(0.1, 0.7)
    length = int(rt60 * RATE)
    decay = 10 ** (-3 * np.arange(length) / length)
    tail = generator.normal(0, 1, length) * decay
    tail[: int(0.002 * RATE)] = 0
    direct_to_reverberant = 10 ** (generator.uniform(-2, 14) / 20)
    tail *= 1 / (np.sqrt((tail**2).sum()) * direct_to_reverberant + 1e-9)
    tail[0] = 1.0
    size = _fast(len(audio) + length)
    wet = np.fft.irfft(np.fft.rfft(audio, size) * np.fft.rfft(tail, size))[: len(audio)]
    return wet.astype(np.float32)


def _coloured(count: int, generator: Generator) -> Audio:
    exponent = generator.uniform(0, 2.2)
    size = _fast(count)
    spectrum = np.fft.rfft(generator.normal(0, 1, size))
    frequency = np.maximum(np.arange(len(spectrum)), 4)
    noise_ = np.fft.irfft(spectrum / frequency ** (exponent / 2), n=size)
    return noise_[:count].astype(np.float32)


def _tones(count: int, generator: Generator) -> Audio:
    """Chords of decaying harmonics on a beat: stands in for music."""
    out = np.zeros(count, dtype=np.float32)
    beat = int(RATE * generator.uniform(0.18, 0.6))
    time = np.arange(beat * 3) / RATE
    scale = 110.0 * 2 ** (np.array([0, 2, 4, 5, 7, 9, 11, 12]) / 12)
    for start in range(0, count, beat):
        note = np.zeros(len(time))
        for pitch in generator.choice(scale, 3) * generator.choice([1, 2, 4]):
            for harmonic in range(1, 6):
                note += np.sin(2 * np.pi * pitch * harmonic * time) / harmonic**1.3
        note *= np.exp(-time * generator.uniform(2, 9))
        stop = min(count, start + len(note))
        out[start:stop] += note[: stop - start].astype(np.float32)
    return out


def _clicks(count: int, generator: Generator) -> Audio:
    """Keyboard-like bursts of 2 to 30 ms."""
    out = np.zeros(count, dtype=np.float32)
    for start in generator.integers(0, count, max(1, count // 4000)):
        length = min(int(generator.uniform(0.002, 0.03) * RATE), count - start)
        burst = generator.normal(0, generator.uniform(0.3, 3), length)
        out[start : start + length] += burst * np.exp(-np.arange(length) / max(length / 4, 1))
    return out


def noise(
    count: int, babble: Callable[[], Audio], recorded: Sequence[Audio], generator: Generator
) -> Audio:
    """``count`` samples of one kind of noise, at no particular level.

    ``babble`` draws an utterance of another speaker; ``recorded`` are room recordings.
    """
    kind = generator.choice(
        ["coloured", "babble", "tones", "clicks", "recorded"], p=[0.42, 0.24, 0.1, 0.08, 0.16]
    )
    if kind == "babble":
        out = np.zeros(count, dtype=np.float32)
        for _ in range(int(generator.integers(3, 9))):
            voice = set_level(babble(), -20)
            out += np.resize(np.roll(voice, int(generator.integers(len(voice)))), count)
        return out
    if kind == "tones":
        return _tones(count, generator)
    if kind == "clicks":
        return _clicks(count, generator) + 0.01 * _coloured(count, generator)
    if kind == "recorded" and recorded:
        sample = recorded[int(generator.integers(len(recorded)))]
        return np.resize(np.roll(sample, int(generator.integers(len(sample)))), count)
    return _coloured(count, generator)


def degrade(
    audio: Audio,
    babble: Callable[[], Audio],
    recorded: Sequence[Audio],
    generator: Generator,
    clean: bool = False,
) -> Audio:
    """One recording chain over a whole tape: room, microphone, noise, clipping, level, codec.

    ``clean`` leaves only the level. Levels run from -50 to -8 dBFS, SNR from 0 to 40 dB.
    """
    if not clean:
        if generator.random() < 0.35:
            audio = reverberate(audio, generator)
        if generator.random() < 0.7:
            audio = equalise(audio, generator)
        if generator.random() < 0.65:
            snr = generator.uniform(0, 40)
            added = noise(len(audio), babble, recorded, generator)
            level = rms(audio) / 10 ** (snr / 20)
            audio = audio + added * (level / (np.sqrt((added**2).mean()) + 1e-9))
        if generator.random() < 0.12:
            audio = band_limit(audio, generator.uniform(80, 350), generator.uniform(3000, 6000))
    audio = set_level(audio, generator.uniform(-50, -8))
    if not clean and generator.random() < 0.06:
        ceiling = float(np.quantile(np.abs(audio), generator.uniform(0.97, 0.998)))
        audio = np.clip(audio, -ceiling, ceiling)
    return np.round(np.clip(audio, -1, 1) * 32767).astype(np.float32) / 32767
