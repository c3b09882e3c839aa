"""What tests of the runtime's laws share."""

from __future__ import annotations

import numpy as np

from talkface import Clip, Stream

FIELDS = ("weights", "head_rotation", "head_translation", "emotion", "visemes", "timestamps")


def assert_equal(a: Clip, b: Clip) -> None:
    for name in FIELDS:
        assert np.array_equal(getattr(a, name), getattr(b, name)), name


def run_stream(stream: Stream, audio: np.ndarray, sizes) -> Clip:
    """Push in chunks of the given sizes (cycled), processing after each; flush at the end."""
    parts = []
    at = 0
    sizes = list(sizes)
    index = 0
    while at < len(audio):
        chunk = audio[at : at + sizes[index % len(sizes)]]
        index += 1
        at += stream.push(chunk)
        stream.process()
        parts.append(stream.read())
    stream.flush()
    stream.process()
    parts.append(stream.read())
    return join(parts)


def join(parts: list[Clip]) -> Clip:
    return Clip(**{name: np.concatenate([getattr(p, name) for p in parts]) for name in FIELDS})


def noise(rate: int, seconds: float = 1.3) -> np.ndarray:
    generator = np.random.default_rng(rate)
    envelope = np.clip(np.sin(np.arange(int(rate * seconds)) / rate * 9), 0, 1)
    return (generator.normal(0, 0.1, len(envelope)) * envelope).astype(np.float32)
