"""Bad microphones, rooms, lines and company for the test sets, the same in every run.

Every draw comes from a generator seeded by words (:func:`generator_of`), so a recording is always
degraded the same way. Apart from :mod:`talkface_train.data.augment` on purpose: how training is
augmented may change, the yardstick may not. All audio is float32 at 16 kHz.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from talkface_train.data.augment import rms, set_level

RATE = 16000
BLOCK = RATE // 50
LINE_DBFS = -22.0
QUIET_DBFS = -45.0
FAR_DBFS, FAR_SNR = -38.0, 20.0

Audio = NDArray[np.float32]
Generator = np.random.Generator


def generator_of(*words: str) -> Generator:
    """A generator seeded by words, such as a degradation and a file name."""
    digest = hashlib.sha256("/".join(words).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "little"))


def as_pcm16(audio: Audio) -> Audio:
    """What a 16-bit recording of the audio holds; louder than full scale is turned down."""
    loud = max(float(np.abs(audio).max(initial=0.0)), 1.0)
    return (np.round(audio / loud * 32767) / 32767).astype(np.float32)


def mix(speech: Audio, noise: Audio, snr: float) -> Audio:
    """Noise under speech; ``snr`` in dB between the speech without its pauses and the noise."""
    power = float(np.sqrt((noise.astype(np.float64) ** 2).mean())) + 1e-12
    return as_pcm16(speech + noise * np.float32(rms(speech) / 10 ** (snr / 20) / power))


def _shaped(audio: Audio, gains: NDArray[np.float64]) -> Audio:
    """Zero-phase filter; ``gains`` at evenly spaced frequencies from 0 to 8 kHz."""
    spectrum = np.fft.rfft(audio, 1 << len(audio).bit_length())
    at = np.linspace(0, 1, len(spectrum))
    spectrum *= np.interp(at, np.linspace(0, 1, len(gains)), gains)
    return np.fft.irfft(spectrum)[: len(audio)].astype(np.float32)


def coloured(count: int, generator: Generator) -> Audio:
    """Noise whose power falls by 0 to 6 dB an octave (above 40 Hz), at no particular level."""
    slope = generator.uniform(0, 2)
    hertz = np.maximum(np.linspace(0, RATE / 2, 2049), 40.0)
    return _shaped(generator.normal(0, 1, count).astype(np.float32), (hertz / 1000) ** (-slope / 2))


def babble(count: int, voices: Sequence[Audio], generator: Generator) -> Audio:
    """Everybody talks at once, each as loud as the next, from a random place of their audio."""
    out = np.zeros(count, dtype=np.float32)
    for voice in voices:
        turned = np.roll(set_level(voice, -20), -int(generator.integers(len(voice))))
        out += np.resize(turned, count)
    return out


def telephone(audio: Audio) -> Audio:
    """A telephone line: 300 to 3400 Hz, 8 kHz, -22 dBFS, 8-bit mu-law, and back."""
    size = 1 << max(len(audio).bit_length(), 1)
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    gains = 1 / (1 + np.exp((300 - hertz) / 25)) / (1 + np.exp((hertz - 3400) / 50))
    spectrum = np.fft.rfft(audio, size) * gains
    line = np.fft.irfft(spectrum[: size // 4 + 1])[: len(audio) // 2 + 1] / 2
    line = set_level(line.astype(np.float32), LINE_DBFS).astype(np.float64)
    pressed = np.sign(line) * np.log1p(255 * np.minimum(np.abs(line), 1)) / np.log(256)
    heard = np.round(pressed * 127) / 127
    line = np.sign(heard) * np.expm1(np.abs(heard) * np.log(256)) / 255
    wide = np.zeros(size // 2 + 1, dtype=np.complex128)
    wide[: size // 4] = np.fft.rfft(line, size // 2)[: size // 4] * 2
    return as_pcm16(np.fft.irfft(wide)[: len(audio)].astype(np.float32))


def far_microphone(audio: Audio, generator: Generator) -> Audio:
    """Across a room: RT60 of 0.4 to 0.7 s, the echoes as loud as the voice (+-3 dB), -38 dBFS,
    and the room's noise 20 dB below. The direct sound stays where it was.
    """
    rt60 = generator.uniform(0.4, 0.7)
    time = np.arange(int(rt60 * RATE)) / RATE
    echoes = (generator.normal(0, 1, len(time)) * 10 ** (-3 * time / rt60)).astype(np.float32)
    tail = _shaped(echoes, 1 / np.sqrt(1 + (np.linspace(0, 8, 2049) / 3) ** 2))
    tail[: RATE // 200] = 0
    tail *= 10 ** (generator.uniform(-3, 3) / 20) / np.sqrt((tail**2).sum())
    tail[0] = 1.0
    size = 1 << (len(audio) + len(tail)).bit_length()
    wet = np.fft.irfft(np.fft.rfft(audio, size) * np.fft.rfft(tail, size))[: len(audio)]
    return mix(
        set_level(wet.astype(np.float32), FAR_DBFS), coloured(len(audio), generator), FAR_SNR
    )


def quiet(audio: Audio) -> Audio:
    """The same recording at -45 dBFS."""
    return as_pcm16(set_level(audio, QUIET_DBFS))


def room(audio: Audio, generator: Generator) -> Audio:
    """What a recording holds before and after its speech, at -65 to -40 dBFS; at most 6 s.

    Speech is what lies within 28 dB of the loudest 20 ms blocks, with 0.3 s on both sides. Empty
    when less than 2 s remain.
    """
    blocks = audio[: len(audio) // BLOCK * BLOCK].reshape(-1, BLOCK).astype(np.float64)
    level = 10 * np.log10((blocks**2).mean(axis=1) + 1e-10)
    spoken = np.flatnonzero(level > np.percentile(level, 95) - 28)
    first, last = (spoken[0] - 15) * BLOCK, (spoken[-1] + 16) * BLOCK
    before, after = audio[: max(first, 0)], audio[last : len(blocks) * BLOCK]
    seam = min(len(before), len(after), RATE // 20)
    fade = np.linspace(0, 1, seam, dtype=np.float32)
    joined = np.concatenate(
        [
            before[: len(before) - seam],
            before[len(before) - seam :] * (1 - fade) + after[:seam] * fade,
            after[seam:],
        ]
    )[: 6 * RATE]
    if len(joined) < 2 * RATE:
        return np.zeros(0, dtype=np.float32)
    return as_pcm16(set_level(joined, generator.uniform(-65, -40)))


def music(seconds: float, generator: Generator) -> Audio:
    """A synthetic tune: held chords, a melody and a drum on a beat, at -40 to -15 dBFS."""
    count = int(seconds * RATE)
    out = np.zeros(count)
    beat = int(RATE * generator.uniform(0.25, 0.6))
    scale = 110 * 2 ** (np.array([0, 2, 4, 5, 7, 9, 11]) / 12 + generator.uniform(0, 1))

    def play(start: int, pitch: float, length: int, decay: float, loudness: float) -> None:
        time = np.arange(min(length, count - start)) / RATE
        partials = sum(
            np.sin(2 * np.pi * pitch * k * time + generator.uniform(0, 6)) / k**1.4
            for k in range(1, 7)
            if pitch * k < RATE / 2
        )
        ramp = np.minimum(time / 0.01, 1) * np.minimum((time[-1] - time) / 0.02, 1)
        out[start : start + len(time)] += loudness * partials * np.exp(-decay * time) * ramp

    for index, start in enumerate(range(0, count - BLOCK, beat)):
        if index % 4 == 0:
            root = int(generator.integers(len(scale)))
            for step in (0, 2, 4):
                play(start, scale[(root + step) % len(scale)], 4 * beat, 0.3, 0.5)
        play(start, 4 * generator.choice(scale), beat, generator.uniform(1, 6), 1.0)
        hit = generator.normal(0, 0.6, min(BLOCK * 4, count - start))
        out[start : start + len(hit)] += hit * np.exp(-np.arange(len(hit)) / BLOCK * 2)
    return as_pcm16(set_level(out.astype(np.float32), generator.uniform(-40, -15)))
