"""Processor time of a step of graphs side by side, one thread, with a batch of streams.

``python -m talkface_export.speed BUNDLE... --rows 1 16``
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime

from talkface_export.batch import Array, Streams, batch_axes, session_of

CHUNK = 20
"""Runs of one graph before the next one's turn: other work on the machine slows all alike."""


def step_costs(folders: Sequence[Path], rows: int, turns: int) -> list[tuple[float, float]]:
    """Median and least processor time of a run over ``turns`` turns, in microseconds, of each
    bundle. ValueError for one without a free batch."""
    runs: list[tuple[onnxruntime.InferenceSession, dict[str, Array], list[float]]] = []
    for folder in folders:
        streams = Streams(folder, rows)
        graph = folder / streams.manifest["graph"]
        axes = batch_axes(session_of(graph))
        given = streams.given(0)
        given |= {n: np.repeat(value, rows, axis=axes[n]) for n, _, value in streams.states()}
        runs.append((session_of(graph, rows), given, []))
    for _ in range(turns):
        for session, given, spent in runs:
            begin = time.process_time()
            for _ in range(CHUNK):
                session.run(None, given)
            spent.append((time.process_time() - begin) / CHUNK * 1e6)
    return [(float(np.median(spent)), min(spent)) for _, _, spent in runs]


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("bundles", type=Path, nargs="+", help="bundle folders")
    parser.add_argument("--rows", type=int, nargs="+", default=[1, 16], help="batch sizes")
    parser.add_argument("--turns", type=int, default=100)
    options = parser.parse_args(arguments)
    for rows in options.rows:
        try:
            costs = step_costs(options.bundles, rows, options.turns)
        except (OSError, ValueError) as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
        for folder, (median, least) in zip(options.bundles, costs, strict=True):
            print(f"{folder.name}: {rows} rows, {median:.0f} us a run ({least:.0f} at least)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
