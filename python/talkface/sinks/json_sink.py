"""JSON: names once, then frames as rows; the same names as the Python API."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkface.clip import Clip
from talkface.documents import read_json
from talkface.rig import VISEMES

FORMAT = "talkface-clip"
VERSION = 1


def write(clip: Clip, path: Path) -> None:
    """Write a clip; weights with 6 decimals, timestamps in seconds."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "fps": None if clip.fps is None else [clip.fps.numerator, clip.fps.denominator],
        "channels": list(clip.channels),
        "emotions": list(clip.emotions),
        "visemes": list(VISEMES) if clip.visemes.shape[1] else [],
        "timestamps": [round(float(t), 9) for t in clip.timestamps],
        "weights": _rows(clip.weights),
        "head_rotation": _rows(clip.head_rotation, 8),
        "head_translation": _rows(clip.head_translation, 8),
        "emotion": _rows(clip.emotion),
        "viseme": _rows(clip.visemes),
        **({} if clip.affect is None else {"affect": _rows(clip.affect)}),
    }
    path.write_text(json.dumps(document), encoding="utf-8")


def _rows(values: NDArray[np.float32], decimals: int = 6) -> list[list[float]]:
    return [[round(float(x), decimals) for x in row] for row in values]


def read(path: Path) -> Clip:
    """Read what :func:`write` wrote, channels under its names. ValueError when it is not that."""
    document = read_json(path)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError(f"{path} is not a TalkFace clip")
    if document.get("version", 0) > VERSION:
        raise ValueError(f"{path} was written by a newer TalkFace; update it")
    try:
        return _clip(document)
    except (LookupError, TypeError, ValueError, ArithmeticError) as error:
        raise ValueError(f"{path} is damaged: {error}") from error


def _clip(document: dict[str, Any]) -> Clip:
    times = np.array(document["timestamps"], dtype=np.float64)
    count = len(times)

    def table(key: str, width: int) -> NDArray[np.float32]:
        return np.array(document[key], dtype=np.float32).reshape(count, width)

    names = tuple(str(name) for name in document["channels"])
    if len(set(names)) != len(names):
        raise ValueError("a channel is named twice")
    fps = document["fps"]
    return Clip(
        weights=table("weights", len(names)),
        timestamps=times,
        head_rotation=table("head_rotation", 4),
        head_translation=table("head_translation", 3),
        emotion=table("emotion", len(document["emotions"])),
        visemes=table("viseme", len(document["visemes"])),
        emotions=tuple(document["emotions"]),
        channels=names,
        fps=None if fps is None else Fraction(*fps),
        affect=table("affect", 2) if "affect" in document else None,
    )
