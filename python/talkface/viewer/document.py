"""A clip and a sound as the page takes them: tables as base64, the peaks of the waveform."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkface.audio import Audio
from talkface.clip import Clip
from talkface.rig import VISEMES

PEAKS = 40_000
"""At most so many pairs of peaks a recording."""
FINEST = 400


def table(values: NDArray[Any]) -> str:
    """An array as base64 of little-endian float32, row by row."""
    return base64.b64encode(np.ascontiguousarray(values, dtype="<f4").tobytes()).decode("ascii")


def clip_document(clip: Clip) -> dict[str, Any]:
    """The clip under its own names; ValueError when its frames are not evenly spaced."""
    if clip.fps is None:
        raise ValueError(
            "the viewer shows clips of an even frame rate; convert this one with --fps"
        )
    return {
        "fps": [clip.fps.numerator, clip.fps.denominator],
        "frames": len(clip),
        "channels": list(clip.channels),
        "emotions": list(clip.emotions),
        "visemes": list(VISEMES) if clip.visemes.shape[1] else [],
        "weights": table(clip.weights),
        "head_rotation": table(clip.head_rotation),
        "head_translation": table(clip.head_translation),
        "emotion": table(clip.emotion),
        "viseme": table(clip.visemes),
        "affect": None if clip.affect is None else table(clip.affect),
    }


def peaks(audio: Audio) -> dict[str, Any]:
    """Lowest and highest sample [-1, 1] of each stretch, all channels together; ``rate``: stretches
    a second."""
    samples = audio.samples
    if samples.dtype == np.int16:
        samples = samples.astype(np.float32) / 32768.0
    rows = samples.reshape(audio.frames, -1)
    rate = min(float(FINEST), PEAKS / audio.seconds, float(audio.rate))
    count = max(1, int(np.ceil(audio.seconds * rate)))
    starts = np.minimum((np.arange(count) * audio.rate / rate).astype(np.int64), audio.frames - 1)
    low = np.minimum.reduceat(rows.min(axis=1), starts)
    high = np.maximum.reduceat(rows.max(axis=1), starts)
    return {
        "rate": rate,
        "low": np.round(np.clip(low, -1, 1), 3).tolist(),
        "high": np.round(np.clip(high, -1, 1), 3).tolist(),
    }
