"""NumPy archive: the clip's arrays under their own names, lossless. Read without pickle."""

from __future__ import annotations

import zipfile
import zlib
from fractions import Fraction
from pathlib import Path

import numpy as np

from talkface.clip import Clip

_DAMAGE = (
    LookupError, ValueError, TypeError, AttributeError, ArithmeticError, OSError, EOFError,
    NotImplementedError, RuntimeError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What NumPy and zipfile raise about archives that are damaged or none."""

_ARRAYS = ("weights", "timestamps", "head_rotation", "head_translation", "emotion", "visemes")


def write(clip: Clip, path: Path) -> None:
    """Write a clip, compressed."""
    fps = (0, 1) if clip.fps is None else (clip.fps.numerator, clip.fps.denominator)
    arrays = {name: getattr(clip, name) for name in _ARRAYS}
    if clip.affect is not None:
        arrays["affect"] = clip.affect
    with path.open("wb") as handle:
        np.savez_compressed(
            handle,
            channels=np.array(clip.channels),
            emotions=np.array(clip.emotions, dtype="U32"),
            fps=np.array(fps, dtype=np.int64),
            **arrays,
        )


def read(path: Path) -> Clip:
    """Read what :func:`write` wrote; ValueError when it is not that."""
    try:
        if not zipfile.is_zipfile(path):
            raise ValueError("it is no zip archive, or its end is missing")
        with path.open("rb") as handle, np.load(handle, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in _ARRAYS}
            channels = tuple(str(name) for name in archive["channels"])
            emotions = tuple(str(name) for name in archive["emotions"])
            num, den = (int(n) for n in archive["fps"])
            affect = archive["affect"] if "affect" in archive.files else None
            fps = Fraction(num, den) if num else None
        widths = {
            "weights": len(channels), "head_rotation": 4, "head_translation": 3,
            "emotion": len(emotions), "visemes": arrays["visemes"].shape[1],
        }  # fmt: skip
        count = len(arrays["timestamps"])
        for name, width in widths.items():
            if arrays[name].shape != (count, width):
                found = list(arrays[name].shape)
                raise ValueError(f"{name} is {found}, not [{count}, {width}]")
    except _DAMAGE as error:
        raise ValueError(f"{path} is not a TalkFace clip: {error}") from error
    return Clip(**arrays, channels=channels, emotions=emotions, fps=fps, affect=affect)
