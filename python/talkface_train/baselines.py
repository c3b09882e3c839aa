"""Two baselines, fitted on the training split and tuned on dev: a loudness-driven jaw, and the
nearest MFCC class (what uLipSync does).

``baselines_v1.npz`` holds what :func:`fit` found; ``python -m talkface_train.references`` remakes
it. Both may look at the whole utterance, which only helps them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkface.rig import VISEMES
from talkface_train.articulation import load_articulation
from talkface_train.data.phones import VISEME_OF

RATE = 16000
FPS = 100
HOP = RATE // FPS
WINDOW = 400
CEPSTRA = 12
SILENT, OPEN_VISEME, CLOSED = VISEMES.index("sil"), VISEMES.index("aa"), VISEMES.index("PP")

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Animation:
    """A system's answer at 100 fps: articulator curves [frames, n] and viseme per frame."""

    curves: dict[str, Array]
    visemes: NDArray[np.int64]


def frames_of(audio: Array) -> Array:
    """Windows of 25 ms centred on i / 100 s: [frames, 400]."""
    count = -(-len(audio) // HOP)
    padded = np.pad(audio, (WINDOW // 2, WINDOW))
    index = np.arange(count)[:, None] * HOP + np.arange(WINDOW)[None]
    return padded[index]


def loudness(audio: Array) -> Array:
    """Level per frame in dB below the utterance's 95th percentile."""
    power = (frames_of(audio).astype(np.float64) ** 2).mean(axis=1)
    decibels = 10 * np.log10(power + 1e-9)
    return (decibels - np.percentile(decibels, 95)).astype(np.float32)


def mfcc(audio: Array) -> Array:
    """12 cepstra of 26 mel bands, the utterance's mean removed: [frames, 12]."""
    spectrum = np.abs(np.fft.rfft(frames_of(audio) * np.hanning(WINDOW), 512)) ** 2
    hertz = np.linspace(0, RATE / 2, spectrum.shape[1])
    edges = 700 * (10 ** (np.linspace(0, 2595 * np.log10(1 + 8000 / 700), 28) / 2595) - 1)
    rise = (hertz[:, None] - edges[:-2]) / np.diff(edges)[:-1]
    fall = (edges[2:] - hertz[:, None]) / np.diff(edges)[1:]
    bands = np.log(spectrum @ np.maximum(np.minimum(rise, fall), 0) + 1e-9)
    angle = np.pi / 26 * np.outer(np.arange(26) + 0.5, np.arange(1, CEPSTRA + 1))
    cepstra = bands @ np.cos(angle)
    return (cepstra - cepstra.mean(axis=0)).astype(np.float32)


def smooth(values: Array, half_life: float) -> Array:
    """One-pole smoothing forwards and backwards, so without lag; half-life in seconds."""
    gain = 1 - 0.5 ** (1 / FPS / max(half_life, 1e-4))
    out = values.astype(np.float64)
    for order in (range(1, len(out)), range(len(out) - 2, -1, -1)):
        back = -order.step
        for i in order:
            out[i] = out[i + back] + gain * (out[i] - out[i + back])
    return out.astype(np.float32)


def _viseme_targets() -> tuple[tuple[str, ...], Array]:
    """Mean articulation target of each viseme's phones: [15, articulators]."""
    model = load_articulation("v1")
    rows: list[list[Array]] = [[] for _ in VISEMES]
    for phone, viseme in VISEME_OF.items():
        rows[viseme].append(model.target(phone))
    return model.channels, np.stack([np.mean(group, axis=0) for group in rows])


def _animation(curves: Array, channels: tuple[str, ...], sealed: Any, visemes: Any) -> Animation:
    named = {name: curves[:, i] for i, name in enumerate(channels)}
    named["mouthClose"] = np.where(sealed, named["jawOpen"], 0).astype(np.float32)
    return Animation(named, np.asarray(visemes, dtype=np.int64))


class LoudnessJaw:
    """The jaw follows the level; lips count as sealed where it falls below a threshold."""

    name = "loudness jaw"

    def __init__(self, parameters: dict[str, Array]) -> None:
        self.floor, self.half_life, self.closure, self.silence = parameters["loudness"]

    def animate(self, audio: Array) -> Animation:
        level = loudness(audio)
        channels, _ = _viseme_targets()
        curves = np.zeros((len(level), len(channels)), dtype=np.float32)
        opening = np.clip(1 - level / self.floor, 0, 1) * 0.4
        curves[:, channels.index("jawOpen")] = smooth(opening, float(self.half_life))
        visemes = np.where(level < self.silence, SILENT, OPEN_VISEME)
        return _animation(curves, channels, level < self.closure, visemes)


class MfccNearest:
    """Nearest class mean of MFCC vectors behind a level gate; the class's shape, smoothed."""

    name = "MFCC nearest class"

    def __init__(self, parameters: dict[str, Array]) -> None:
        self.means, self.scale = parameters["mfcc_means"], parameters["mfcc_scale"]
        self.gate, self.half_life, self.shortest = parameters["mfcc"]

    def classes(self, audio: Array) -> NDArray[np.int64]:
        """Viseme per frame."""
        x = mfcc(audio) / self.scale
        distance = ((x[:, None] - self.means[None, 1:] / self.scale) ** 2).sum(axis=2)
        return np.where(loudness(audio) < self.gate, SILENT, distance.argmin(axis=1) + 1)

    def animate(self, audio: Array) -> Animation:
        visemes = self.classes(audio)
        channels, targets = _viseme_targets()
        curves = smooth(targets[visemes], float(self.half_life))
        closed = visemes == CLOSED
        edges = np.flatnonzero(np.diff(np.concatenate([[False], closed, [False]]).astype(int)))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            closed[start:end] = end - start >= self.shortest
        return _animation(curves.astype(np.float32), channels, closed, visemes)


@cache
def _stored(version: str) -> dict[str, Array]:
    source = resources.files("talkface_train") / f"baselines_{version}.npz"
    with source.open("rb") as handle, np.load(handle, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def load_baselines(version: str = "v1") -> tuple[LoudnessJaw, MfccNearest]:
    """Both baselines with their fitted parameters."""
    return LoudnessJaw(_stored(version)), MfccNearest(_stored(version))
