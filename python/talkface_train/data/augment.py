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


def tilted(audio: Audio, slope: float) -> Audio:
    """Treble lowered (``slope`` above 0) or raised, by a filter of one zero."""
    out = audio.copy()
    out[1:] += slope * audio[:-1]
    return out


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


def telephone(audio: Audio, generator: Generator) -> Audio:
    """A telephone line: 300 to 3400 Hz, then mu-law of 8 bits (ITU-T G.711) at 8 kHz."""
    narrow = band_limit(audio, generator.uniform(200, 320), generator.uniform(3200, 3500))
    peak = float(np.abs(narrow).max()) + 1e-9
    level = generator.uniform(0.05, 1.0)
    held = np.repeat(narrow[::2], 2)[: len(narrow)] / peak * level
    coded = np.sign(held) * np.log1p(255 * np.abs(held)) / np.log(256)
    coded = np.round(coded * 127) / 127
    decoded = np.sign(coded) * np.expm1(np.abs(coded) * np.log(256)) / 255
    return band_limit((decoded * peak / level).astype(np.float32), 100, 3800)


def breath(count: int, generator: Generator) -> Audio:
    """A pause with one breath in it: shaped noise of 0.2 to 1.0 s, 10 to 30 dB below speech."""
    length = min(int(generator.uniform(0.2, 1.0) * RATE), count)
    start = int(generator.integers(count - length + 1))
    noise_ = equalise(generator.normal(0, 1, length).astype(np.float32), generator)
    noise_ = band_limit(noise_, generator.uniform(150, 600), generator.uniform(2500, 7000))
    noise_ *= np.sin(np.pi * np.arange(length) / max(length, 1)) ** generator.uniform(0.5, 2)
    out = np.zeros(count, dtype=np.float32)
    out[start : start + length] = set_level(noise_, -20 - generator.uniform(10, 30))
    return out


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


def room_of(audio: Audio) -> Audio:
    """What is left of a recording without its speech: 20 ms blocks more than 20 dB below its loud
    ones, and 0.3 s away from those."""
    blocks = audio[: len(audio) // 320 * 320].reshape(-1, 320)
    level = 10 * np.log10((blocks.astype(np.float64) ** 2).mean(axis=1) + 1e-10)
    spoken = level > np.percentile(level, 95) - 20
    near = np.convolve(spoken, np.ones(31), mode="same") > 0
    return blocks[~near].ravel()


def _coloured(count: int, generator: Generator) -> Audio:
    exponent = generator.uniform(0, 2.2)
    size = _fast(count)
    spectrum = np.fft.rfft(generator.normal(0, 1, size))
    frequency = np.maximum(np.arange(len(spectrum)), 4)
    noise_ = np.fft.irfft(spectrum / frequency ** (exponent / 2), n=size)
    return noise_[:count].astype(np.float32)


def _music(count: int, generator: Generator) -> Audio:
    """Notes on a beat over a bass, at times with drums, a phrase of 5 s over and over: a stand-in
    for music. Timbre, scale, tempo, attack and vibrato are drawn once a call.
    """
    phrase = min(count, 5 * RATE)
    out = np.zeros(phrase + 4 * RATE, dtype=np.float32)
    beat = int(RATE * generator.uniform(0.12, 0.6))
    root = 55.0 * 2 ** generator.uniform(0, 2)
    scale = np.array([[0, 2, 4, 5, 7, 9, 11, 12], [0, 2, 3, 5, 7, 8, 10, 12]])[
        int(generator.integers(2))
    ]
    time = np.arange(int(RATE * generator.choice([generator.uniform(0.3, 1.2), 3.0]))) / RATE
    attack = np.minimum(time / generator.uniform(0.003, 0.15), 1)
    shape = attack * np.exp(-time * 10 ** generator.uniform(-1, 1))
    wobble = 1 + generator.uniform(0, 0.006) * np.sin(2 * np.pi * generator.uniform(4, 7) * time)
    rolloff = generator.uniform(0.8, 2.2)
    odd = generator.random() < 0.3
    voices = int(generator.integers(1, 4))
    drums = generator.random() < 0.5
    for index, start in enumerate(range(0, phrase, beat)):
        note = np.zeros(len(time))
        pitches = root * 2 ** (generator.choice(scale, voices) / 12)
        pitches *= generator.choice([1, 2, 4], voices)
        for pitch in (*pitches, root / 2):
            phase = 2 * np.pi * pitch * np.cumsum(wobble) / RATE
            for harmonic in range(1, 9, 2 if odd else 1):
                note += np.sin(phase * harmonic) / harmonic**rolloff
        out[start : start + len(note)] += (note * shape / (voices + 1)).astype(np.float32)
        if drums:
            hit = np.arange(RATE // 8) / RATE
            thump = np.sin(2 * np.pi * (50 * hit + 8 * (1 - np.exp(-hit * 30))))
            crack = generator.normal(0, 1, len(hit)) * (index % 2)
            burst = (2 * thump + crack) * np.exp(-hit * generator.uniform(15, 40))
            out[start : start + len(burst)] += burst.astype(np.float32)
    return np.resize(out[:phrase], count)


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
        ["coloured", "babble", "music", "clicks", "recorded"], p=[0.22, 0.48, 0.10, 0.05, 0.15]
    )
    if kind == "babble":
        out = np.zeros(count, dtype=np.float32)
        for _ in range(int(generator.integers(3, 9))):
            voice = set_level(babble(), -20)
            out += np.resize(np.roll(voice, int(generator.integers(len(voice)))), count)
        return out
    return _unspoken(str(kind), count, recorded, generator)


def _unspoken(kind: str, count: int, recorded: Sequence[Audio], generator: Generator) -> Audio:
    """One kind of sound without speech; a room that was not recorded is coloured noise."""
    if kind == "music":
        return _music(count, generator)
    if kind == "breaths":
        return _breathing(count, generator)
    if kind == "coughs":
        return _coughs(count, generator) + 0.003 * _coloured(count, generator)
    if kind == "clicks":
        return _clicks(count, generator) + 0.01 * _coloured(count, generator)
    if kind == "recorded" and recorded:
        sample = recorded[int(generator.integers(len(recorded)))]
        return np.resize(np.roll(sample, int(generator.integers(len(sample)))), count)
    return _coloured(count, generator)


def _breathing(count: int, generator: Generator) -> Audio:
    """Breath after breath, with or without a rest between."""
    pieces: list[Audio] = []
    resting = generator.uniform(0.0, 0.8)
    while sum(map(len, pieces)) < count:
        pieces.append(breath(int(generator.uniform(0.4, 1.2 + resting) * RATE), generator))
    return np.concatenate(pieces)[:count]


def _coughs(count: int, generator: Generator) -> Audio:
    """Coughs, cleared throats and laughs, as bursts of noise and of pulses in a random band: a
    cough is one or two, a laugh a run of three to eight with a falling pitch."""
    out = np.zeros(count, dtype=np.float32)
    start = 0
    while start < count:
        laughs = generator.random() < 0.5
        bursts = int(generator.integers(3, 9)) if laughs else int(generator.integers(1, 3))
        pitch = generator.uniform(120, 350)
        voiced = generator.uniform(0.3, 0.9) if laughs else generator.uniform(0, 0.4)
        every = generator.uniform(0.13, 0.26)
        for index in range(bursts):
            length = int(RATE * generator.uniform(0.5, 0.9) * every * (1 if laughs else 1.8))
            time = np.arange(length) / RATE
            pulses = (np.cumsum(np.full(length, pitch * 0.96**index / RATE)) % 1.0) - 0.5
            sound = voiced * 2 * pulses + (1 - voiced) * generator.normal(0, 1, length)
            shape = np.minimum(time / 0.01, 1) * np.exp(-time * generator.uniform(8, 20))
            low, high = generator.uniform(300, 900), generator.uniform(2000, 5000)
            burst = band_limit((sound * shape).astype(np.float32), low, high)
            at = start + int(index * every * RATE)
            room = max(min(length, count - at), 0)
            out[at : at + room] += burst[:room]
        start += int(RATE * generator.uniform(1.5, 6.0))
    return out


def whisper(audio: Audio, generator: Generator) -> Audio:
    """The same speech without voice: noise through its spectral envelope, less of it below
    600 Hz."""
    from scipy.signal import istft, stft

    size, hop = 512, 128
    _, _, spectrum = stft(audio, nperseg=size, noverlap=size - hop)
    cepstrum = np.fft.irfft(np.log(np.abs(spectrum) + 1e-5), axis=0)
    cepstrum[30:-29] = 0
    envelope = np.exp(np.fft.rfft(cepstrum, axis=0).real)
    hiss = generator.normal(0, 1, len(audio))
    _, _, carrier = stft(hiss, nperseg=size, noverlap=size - hop)
    slope = np.clip(np.arange(len(envelope)) * RATE / size / 600, 0.15, 1)[:, None]
    _, out = istft(envelope * slope * carrier, nperseg=size, noverlap=size - hop)
    return out[: len(audio)].astype(np.float32)


def ambience(count: int, recorded: Sequence[Audio], generator: Generator) -> Audio:
    """Sound without speech, -70 to -15 dBFS: one or two kinds of noise and silence between."""

    def one() -> Audio:
        kind = generator.choice(
            ["music", "recorded", "breaths", "coughs", "clicks", "coloured"],
            p=[0.28, 0.24, 0.16, 0.14, 0.08, 0.10],
        )
        return _unspoken(str(kind), count, recorded, generator)

    audio = set_level(one(), -30)
    if generator.random() < 0.3:
        other = set_level(one(), -30 + generator.normal(0, 6))
        first = int(generator.integers(count))
        audio[first:] += other[first:]
    if generator.random() < 0.3:
        audio[: int(generator.integers(count // 2))] = 0
    return np.clip(set_level(audio, generator.uniform(-70, -15)), -1, 1)


def degrade(
    audio: Audio,
    babble: Callable[[], Audio],
    recorded: Sequence[Audio],
    generator: Generator,
    clean: bool = False,
) -> Audio:
    """One recording chain over a whole tape: room, microphone, noise, clipping, level, codec.

    ``clean`` leaves only the level. Levels run from -60 to -6 dBFS, SNR from 0 to 26 dB.
    """
    if not clean:
        if generator.random() < 0.3:
            audio = reverberate(audio, generator)
        if generator.random() < 0.6:
            audio = equalise(audio, generator)
        if generator.random() < 0.65:
            snr = generator.uniform(0, 26)
            added = noise(len(audio), babble, recorded, generator)
            level = rms(audio) / 10 ** (snr / 20)
            audio = audio + added * (level / (np.sqrt((added**2).mean()) + 1e-9))
        codec = generator.random()
        if codec < 0.07:
            audio = telephone(audio, generator)
        elif codec < 0.18:
            audio = band_limit(audio, generator.uniform(80, 350), generator.uniform(3000, 7000))
    audio = set_level(audio, generator.uniform(-60, -6))
    if not clean and generator.random() < 0.06:
        ceiling = float(np.quantile(np.abs(audio), generator.uniform(0.97, 0.998)))
        audio = np.clip(audio, -ceiling, ceiling)
    return np.round(np.clip(audio, -1, 1) * 32767).astype(np.float32) / 32767
