"""Rule curves against captured faces: ``python -m talkface_train.articulation.captured``.

Correlates curves from the true phones of grid_s1's training part with the curves estimated from
its video, at several lags (positive: the face is later than the rule).
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from talkface_train.articulation.model import LATEST, load_articulation
from talkface_train.data import real
from talkface_train.data.real import Recording

FPS = 100
CHANNELS = {
    "jawOpen": "jawOpen",
    "mouthPucker": "mouthPucker",
    "mouthLowerDown": "mouthLowerDownLeft",
}
LAGS_MS = (-60, -40, -20, 0, 20, 40, 60)


def read_face(path: Path) -> dict[str, NDArray[np.float64]]:
    """Captured curves by name, with ``time`` in seconds."""
    with path.open(newline="", encoding="utf-8") as handle:
        header, *rows = csv.reader(handle)
    table = np.array(rows, dtype=np.float64)
    return {name: table[:, i] for i, name in enumerate(header)}


def lag_table(recordings: Sequence[Recording], version: str) -> dict[str, list[float]]:
    """Mean correlation over recordings, by articulator, one a lag."""
    model = load_articulation(version)
    found: dict[str, list[list[float]]] = {name: [] for name in CHANNELS}
    for recording in recordings:
        face_path = real.face_path(recording)
        if face_path is None:
            continue
        face = read_face(face_path)
        curves = model.curves(recording.segments, int(3.1 * FPS), FPS)
        grid = np.arange(len(curves)) / FPS
        for name, captured in CHANNELS.items():
            rule = curves[:, model.channels.index(name)]
            found[name].append(
                [
                    float(
                        np.corrcoef(
                            face[captured], np.interp(face["time"] - lag / 1000, grid, rule)
                        )[0, 1]
                    )
                    for lag in LAGS_MS
                ]
            )
    return {name: list(np.nanmean(rows, axis=0)) for name, rows in found.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", help="the shared data folder")
    parser.add_argument("--version", default=LATEST, help="articulation table")
    options = parser.parse_args(arguments)
    root = real.data_root(options.data)
    if root is None:
        print("no shared data folder; set TALKFACE_DATA", file=sys.stderr)
        return 2
    recordings = real.load(root, "grid_s1", "train")
    print("lag of the face, ms   " + "".join(f"{lag:>7}" for lag in LAGS_MS))
    for name, values in lag_table(recordings, options.version).items():
        print(f"{name:<22}" + "".join(f"{value:7.3f}" for value in values))
    return 0


if __name__ == "__main__":
    sys.exit(main())
