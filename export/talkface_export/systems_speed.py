"""What each published system costs in the C++ runtime, on one core.

``python -m talkface_export.systems_speed`` makes untrained systems of the recipes' sizes (weights
do not change the work), exports them and streams speech-like audio through each. ``--base`` adds
two encoders of wav2vec 2.0 base's size with random weights, which needs the [ssl] extra.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from talkface.bench import cost, speech_like
from talkface.face import TalkFace
from talkface_export.systems import WINDOWS, Mode, export_run
from talkface_export.windowed_graph import WindowOptions
from talkface_export.windows_speed import base_checkpoint
from talkface_train.cli_systems import CONFIGS
from talkface_train.systems import SYSTEMS, RunInfo, build_hearing, build_system, load_run, save_run
from talkface_train.systems_train import read_config

FPS = 25
PAPER_MS = 21.99
"""Milliseconds a frame that Lee 2026 reports on an RTX 3080 (papers-and-metrics.md 1.1)."""
PEOPLE = tuple(f"person{k}" for k in range(8))


@dataclass(frozen=True)
class Way:
    """How a system is exported: ``hop_seconds`` of a windowed one, 0 for the default."""

    encoders: str
    mode: Mode = "auto"
    hop_seconds: float = 0.0


WAYS = {
    "mel": (Way("mel"), Way("mel", "windowed", 1.0)),
    "base": (
        Way("wav2vec 2.0 base x 2", "windowed"),
        Way("wav2vec 2.0 base x 2", "windowed", 1.0),
    ),
}


@dataclass(frozen=True)
class Row:
    """One system one way; ``megabytes``: of its graph."""

    system: str
    encoders: str
    step: str
    ms_per_frame: float
    latency_ms: float
    megabytes: float


def untrained(name: str, encoder: Mapping[str, Any], folder: Path) -> Path:
    """A run of a recipe's sizes with fresh weights."""
    torch.manual_seed(0)
    config = read_config(CONFIGS / f"{name}.yaml", {})
    sizes = {**config.encoder} if not encoder else dict(encoder)
    info = RunInfo(name, PEOPLE, config.model, sizes)
    hearing = build_hearing(sizes, SYSTEMS[name].parts)
    net = nn.ModuleDict({"system": build_system(info, hearing), "hearing": hearing})
    folder.mkdir(parents=True)
    save_run(folder, info, net)
    return folder


def measure(name: str, run: Path, way: Way, seconds: float, work: Path) -> Row:
    """Export a run one way and stream audio through it."""
    out = work / "bundle"
    golden: NDArray[np.int16] = (speech_like(2.0, 16000) * 20000).astype(np.int16)
    windows = WINDOWS
    if way.hop_seconds:
        stride = load_run(run)[1].stride
        hop = max(int(way.hop_seconds * FPS) // stride, 1) * stride / FPS
        windows = WindowOptions(hop=hop, right=0.0)
    export_run(run, out, golden, mode=way.mode, windows=windows, tolerance=1e-2)
    face = TalkFace(out)
    spent = min(cost(face, 16000, None, 640, seconds) for _ in range(2))
    hop = face.info["hop"] / 16000
    step = f"windows of 1 s every {hop:g} s" if way.mode == "windowed" else "stateful"
    megabytes = (out / "model.onnx").stat().st_size / 1e6
    latency = 1000.0 * (face.info["look_ahead"] + face.info["hop"]) / 16000
    return Row(name, way.encoders, step, spent / FPS, latency, megabytes)


def markdown(rows: Sequence[Row]) -> str:
    """The table, with the paper's figure in the last row."""
    lines = [
        "| system | encoders | step | ms a frame | of 40 ms | latency ms | graph MB |",
        "|---|---|---|---:|---:|---:|---:|",
    ]
    for row in rows:
        lines.append(
            f"| {row.system} | {row.encoders} | {row.step} | {row.ms_per_frame:.2f} | "
            f"{row.ms_per_frame / (1000 / FPS):.1%} | {row.latency_ms:.0f} | {row.megabytes:.1f} |"
        )
    lines.append(
        f"| Lee 2026, as printed | wav2vec 2.0 base x 2 | whole clips, RTX 3080 | {PAPER_MS:.2f} | "
        f"{PAPER_MS / (1000 / FPS):.0%} | the clip | - |"
    )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of ``python -m talkface_export.systems_speed``."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("systems", nargs="*", metavar="SYSTEM", help="all, if none is named")
    parser.add_argument("--base", action="store_true", help="also encoders of wav2vec 2.0's size")
    parser.add_argument("--seconds", type=float, default=20.0, help="of audio (default: 20)")
    options = parser.parse_args(arguments)
    unknown = set(options.systems) - set(SYSTEMS)
    if unknown:
        print(f"no system {', '.join(sorted(unknown))}: {', '.join(SYSTEMS)}", file=sys.stderr)
        return 2
    torch.set_num_threads(1)
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        encoders: dict[str, dict[str, Any]] = {"mel": {}}
        if options.base:
            # Two of them: of one, a graph that hears it twice might compute half.
            kinds = enumerate(("content", "emotion"))
            encoders["base"] = {
                kind: str(base_checkpoint(work / kind, seed)) for seed, kind in kinds
            }
        for kind, encoder in encoders.items():
            for name in options.systems or SYSTEMS:
                run = untrained(name, encoder, work / f"{kind}-{name}")
                for way in WAYS[kind]:
                    rows.append(measure(name, run, way, options.seconds, work))
                    print(rows[-1], file=sys.stderr)
    print(markdown(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
