"""What readers of curves share: rows of a CSV, and a clip with the file's own channel names."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from talkface.clip import Clip, even_rate

TIME_TOLERANCE = 2e-5
"""Seconds by which a frame of an even rate may be off in a file that rounds its times."""


def read_rows(path: Path) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a CSV, cells stripped, empty lines dropped.

    ValueError for no header, a column named twice, or rows of another width.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as handle:
            rows = [[cell.strip() for cell in row] for row in csv.reader(handle) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{path} is not a CSV: {error}") from None
    header = rows[0] if rows else []
    lowered = [name.lower() for name in header]
    if len(set(lowered)) != len(lowered):
        raise ValueError(f"{path} names a column twice")
    widths = {len(row) for row in rows[1:]}
    if widths - {len(header)}:
        raise ValueError(f"{path} is damaged: rows have {sorted(widths)} cells, not {len(header)}")
    return header, rows[1:]


def numbers(path: Path, rows: Sequence[Sequence[str]], width: int) -> NDArray[np.float64]:
    """Cells as numbers [rows, width]; ValueError for one that is none, or not finite."""
    try:
        table = np.array(rows, dtype=np.float64).reshape(len(rows), width)
    except ValueError as error:
        raise ValueError(f"{path} is damaged: {error}") from None
    if not np.isfinite(table).all():
        raise ValueError(f"{path} holds values that are not finite")
    return table


def growing(path: Path, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """The times; ValueError when they are not finite or do not grow."""
    if not (np.isfinite(times).all() and (np.diff(times) > 0).all()):
        raise ValueError(f"{path} holds times that do not grow")
    return times


def named_clip(
    channels: Sequence[str],
    weights: NDArray[np.float64],
    times: NDArray[np.float64],
    head_rotation: NDArray[np.float32] | None = None,
    head_translation: NDArray[np.float64] | None = None,
    fps: Fraction | None = None,
    tolerance: float = TIME_TOLERANCE,
) -> Clip:
    """A clip of weights [frames, channels]; its head is at rest where none is given, and its rate
    is told from the times when ``fps`` is None."""
    count = len(times)
    if head_rotation is None:
        head_rotation = np.tile(np.array([0, 0, 0, 1], dtype=np.float32), (count, 1))
    if head_translation is None:
        head_translation = np.zeros((count, 3))
    return Clip(
        weights=np.asarray(weights, dtype=np.float32).reshape(count, len(channels)),
        timestamps=np.asarray(times, dtype=np.float64),
        head_rotation=head_rotation.reshape(count, 4),
        head_translation=head_translation.astype(np.float32).reshape(count, 3),
        emotion=np.zeros((count, 0), dtype=np.float32),
        visemes=np.zeros((count, 0), dtype=np.float32),
        channels=tuple(channels),
        fps=even_rate(times, tolerance) if fps is None else fps,
    )


def require_rate(clip: Clip, what: str) -> Fraction:
    """The clip's frame rate; ValueError when its frames are not evenly spaced."""
    if clip.fps is None:
        raise ValueError(
            f"{what} needs evenly spaced frames: retime the clip first "
            "(talkface.retime, or talkface convert --fps 60)"
        )
    return clip.fps
