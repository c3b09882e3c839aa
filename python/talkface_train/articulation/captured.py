"""Curves estimated from video, as the shared data stores them."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FPS = 100
"""Rate at which rule curves are made to be compared with faces."""


def read_face(path: Path) -> dict[str, NDArray[np.float64]]:
    """Captured curves by name, with ``time`` in seconds."""
    with path.open(newline="", encoding="utf-8") as handle:
        header, *rows = csv.reader(handle)
    table = np.array(rows, dtype=np.float64)
    return {name: table[:, i] for i, name in enumerate(header)}
