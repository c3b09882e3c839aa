"""A plain table: ``time`` in seconds, then a column a channel under its own name, any rig.

Six decimals for weights, nine for times. No head: :mod:`talkface.sinks.head_csv` has it.
"""

from __future__ import annotations

import csv
from pathlib import Path

from talkface.clip import Clip
from talkface.rig import ROTATION_COLUMNS
from talkface.sinks.tables import growing, named_clip, numbers, read_rows

_ANGLES = {name.lower() for name in ROTATION_COLUMNS}


def write(clip: Clip, path: Path) -> None:
    """Write times and weights."""
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["time", *clip.channels])
        for seconds, row in zip(clip.timestamps, clip.weights, strict=True):
            writer.writerow([f"{seconds:.9f}", *(f"{value:.6f}" for value in row)])


def read(path: Path) -> Clip:
    """Read a table by column names, times as they stand. Columns called as the app's angles are
    left out: their units are not known. ValueError for another file."""
    header, rows = read_rows(path)
    if not header or header[0].lower() != "time":
        raise ValueError(f"{path} is not a table of curves: its first column must be time")
    table = numbers(path, rows, len(header))
    kept = [i for i, name in enumerate(header) if i and name.lower() not in _ANGLES]
    return named_clip([header[i] for i in kept], table[:, kept], growing(path, table[:, 0]))
