"""What a batch changes: streams stepped together against each of them alone.

``python -m talkface_export.batch BUNDLE --rows 16 --steps 15000``
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from talkface_export.graph import BATCH
from talkface_export.verify import initial_of

Array = NDArray[np.float32]
HELD = 100
"""Steps for which a stream keeps an emotion, an identity and a noise."""


class Streams:
    """Seeded made streams: each loops the golden clip (noise, of a bundle without) from a place and
    at a level of its own, over a little noise, and is told other conditions every HELD steps."""

    def __init__(self, folder: Path, rows: int, seed: int = 0) -> None:
        self.manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        self._random = np.random.default_rng(seed)
        self._clip = self._random.normal(0.0, 0.05, 48000).astype(np.float32)
        if "golden" in self.manifest:
            with np.load(folder / self.manifest["golden"], allow_pickle=False) as golden:
                self._clip = golden["audio"].astype(np.float32) / 32768.0
        self.rows = rows
        self._places = self._random.integers(0, len(self._clip), rows)
        self._levels = np.exp(self._random.uniform(-2.0, 0.5, rows))
        self._told: dict[str, Array] = {}

    def given(self, step: int) -> dict[str, Array]:
        """Inputs of a step but for the state, by port, each [rows, ...]. Steps come in order."""
        inputs, hop = self.manifest["inputs"], self.manifest["hop"]
        if step % HELD == 0:
            sizes = {
                "emotion": 8,
                "identity": self.manifest["identity_size"],
                "noise": self.manifest.get("noise_size", 0),
            }
            for name in set(inputs) & set(sizes):
                drawn = self._random.normal(size=(self.rows, sizes[name]))
                if name != "noise":
                    drawn = np.exp(2.0 * drawn)
                    drawn /= drawn.sum(axis=1, keepdims=True)
                self._told[inputs[name]] = drawn.astype(np.float32)
        length = self.manifest["window"]["length"]
        at = self._places[:, None] + step * hop + np.arange(length)
        # A sample's noise must be the same in every window that sees it.
        hiss = np.sin(12.9898 * at) * 0.001
        audio = self._levels[:, None] * self._clip[at % len(self._clip)] + hiss
        return {inputs["audio"]: audio.astype(np.float32), **self._told}

    def states(self) -> list[tuple[str, str, Array]]:
        """Input, output and value at a fresh stream, batch 1, of each state."""
        entries = self.manifest["state"]
        return [(entry["input"], entry["output"], initial_of(entry)) for entry in entries]


def batch_axes(session: onnxruntime.InferenceSession) -> dict[str, int]:
    """The free axis of each input. ValueError for a graph whose inputs have none."""
    axes = {}
    for port in session.get_inputs():
        free = [at for at, size in enumerate(port.shape) if size == BATCH]
        if len(free) != 1:
            raise ValueError(
                f"input {port.name} {port.shape} has no free axis {BATCH}: export the bundle anew"
            )
        axes[port.name] = free[0]
    return axes


def session_of(graph: Path, batch: int | None = None) -> onnxruntime.InferenceSession:
    """A graph on one thread of the CPU, its ``batch`` fixed if given."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    if batch is not None:
        options.add_free_dimension_override_by_name(BATCH, batch)
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def differences(folder: Path, rows: int, steps: int, seed: int = 0) -> dict[str, float]:
    """Largest absolute difference of each output over ``steps`` steps of ``rows`` streams, all with
    a state of their own, between a run of the batch and one of each stream. ValueError for a bundle
    without a free batch."""
    streams = Streams(folder, rows, seed)
    graph = folder / streams.manifest["graph"]
    axes = batch_axes(session_of(graph))
    together, alone = session_of(graph, rows), session_of(graph, 1)
    outputs, entries = streams.manifest["outputs"], streams.states()
    wanted = [*outputs.values(), *(out for _, out, _ in entries)]
    fresh = {name: value for name, _, value in entries}
    joint = {name: np.repeat(value, rows, axis=axes[name]) for name, value in fresh.items()}
    own = [fresh] * rows
    worst = dict.fromkeys(outputs, 0.0)

    def run(session: Any, given: dict[str, Array], state: dict[str, Array]) -> tuple[Any, Any]:
        values = session.run(wanted, {**given, **state})
        return values[: len(outputs)], dict(zip(fresh, values[len(outputs) :], strict=True))

    for step in range(steps):
        given = streams.given(step)
        said, joint = run(together, given, joint)
        for row in range(rows):
            part = {name: value[row : row + 1] for name, value in given.items()}
            single, own[row] = run(alone, part, own[row])
            for name, whole, one in zip(outputs, said, single, strict=True):
                worst[name] = max(worst[name], float(np.abs(whole[row] - one[0]).max()))
    return worst


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("bundle", type=Path, help="bundle folder")
    parser.add_argument("--rows", type=int, nargs="+", default=[16], help="batch sizes")
    parser.add_argument("--steps", type=int, default=1000, help="steps of every stream")
    options = parser.parse_args(arguments)
    for rows in options.rows:
        try:
            worst = differences(options.bundle, rows, options.steps)
        except (OSError, ValueError) as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
        each = ", ".join(f"{name} {value:.1e}" for name, value in worst.items())
        print(f"{rows} rows, {options.steps} steps: {max(worst.values()):.1e} ({each})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
