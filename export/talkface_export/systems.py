"""A trained run of a published system as a bundle (docs/systems-export.md).

``python -m talkface_export.systems RUN --out BUNDLE``
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from talkface.audio import load
from talkface.rig import CHANNELS, EMOTIONS
from talkface.shipped import default_bundle
from talkface_export.bundle import GOLDEN_MIX, TOLERANCE, ParityError, put_bundle, state_entries
from talkface_export.graph import write_graph
from talkface_export.system_card import UNSTATED, system_card, system_licence
from talkface_export.system_graph import StatefulGraph, SystemGraph, Told
from talkface_export.verify import Differences, drawn
from talkface_export.windowed_graph import (
    HOP_SECONDS,
    WindowedGraph,
    WindowOptions,
    windowed_graph,
)
from talkface_train.models.encoders import FRAME_RATE
from talkface_train.models.feeling import shown
from talkface_train.models.frontend import SAMPLE_RATE
from talkface_train.systems import RunError, RunInfo, load_run

MOST_NOISE = 32
PORTS = {"emotion": "heard"}
"""Outputs whose port has another name: the emotion to show is an input."""

Mode = Literal["auto", "stateful", "windowed"]
WINDOWS = WindowOptions()


@dataclass(frozen=True)
class Distance:
    """Between the curves of a bundle and of one pass over the whole golden clip."""

    mean: float
    largest: float


@dataclass(frozen=True)
class Exported:
    """What an export found: the proof, and how far the bundle is from the offline pass."""

    parity: Differences
    offline: Distance


class _Step(nn.Module):
    """A graph's step of tensors alone."""

    def __init__(self, graph: SystemGraph) -> None:
        super().__init__()
        self.graph, self.names = graph, tuple(graph.initial_state())

    def forward(self, audio: Tensor, *others: Tensor) -> tuple[Tensor, ...]:
        told, state = Told(*others[:3]), dict(zip(self.names, others[3:], strict=True))
        said, state = self.graph.step(audio, told, state)
        return *said.values(), *state.values()


def graph_of(
    run: Path,
    mode: Mode = "auto",
    windows: WindowOptions = WINDOWS,
    calibration: NDArray[np.int16] | None = None,
) -> tuple[RunInfo, SystemGraph]:
    """A run's graph, as :func:`export_run`.

    Raises RunError, FileNotFoundError, and ValueError for what cannot be.
    """
    info, system, hearing = load_run(run)
    if info.outputs != len(CHANNELS):
        raise RunError(f"{run} says {info.outputs} numbers a frame: only ARKit's 52 can be played")
    if system.noise_width > MOST_NOISE:
        raise RunError(
            f"{run} takes noise of {system.noise_width}, and the runtime draws {MOST_NOISE} at most"
        )
    people = len(info.identities)
    if mode == "windowed" or (mode == "auto" and hearing.obstacle is not None):
        speech = None if calibration is None else _samples(calibration)
        return info, windowed_graph(system, hearing, people, windows, speech)
    if windows != WINDOWS or calibration is not None:
        raise ValueError("windows are chosen for windowed graphs alone: add --mode windowed")
    return info, StatefulGraph(system, hearing, people)


def manifest_of(
    graph: SystemGraph,
    info: RunInfo,
    inputs: set[str],
    facts: dict[str, str],
    tolerance: float = TOLERANCE,
) -> dict[str, Any]:
    """The manifest without ``files``; ``inputs``: those that the graph has."""
    hears, told = "emotion" in graph.outputs, [n for n in Told._fields if n in inputs]
    manifest: dict[str, Any] = {
        "schema": 2,
        **facts,
        "sample_rate": SAMPLE_RATE,
        "hop": graph.hop,
        "look_ahead": graph.look_ahead,
        "window": {"offset": graph.offset, "length": graph.window},
        "frame_rate": {"num": FRAME_RATE, "den": 1},
        "frames_per_step": graph.frames_per_step,
        "graph": "model.onnx",
        "inputs": {name: name for name in ("audio", *told)},
        "outputs": {name: PORTS.get(name, name) for name in graph.outputs},
        "channels": list(CHANNELS),
        "emotions": list(EMOTIONS) if hears else [],
        "identity_size": len(info.identities) if "identity" in told else 0,
        "style_size": 0,
        "identities": list(info.identities) if "identity" in told else [],
        "noise_size": graph.system.noise_width if "noise" in told else 0,
        "state": state_entries(graph.initial_state()),
        "tolerance": tolerance,
        "golden": "golden.npz",
    }
    if graph.splits:
        rest = graph.expression_at_rest() if "emotion" in told else torch.zeros(8, len(CHANNELS))
        manifest["expression_channels"] = list(CHANNELS)
        manifest["expression_rest"] = [[round(float(x), 6) for x in row] for row in rest]
    return manifest


def export_run(
    run: Path,
    out: Path,
    audio: NDArray[np.int16],
    *,
    name: str | None = None,
    version: str = "1.0.0",
    licence: str = UNSTATED,
    mode: Mode = "auto",
    windows: WindowOptions = WINDOWS,
    calibration: NDArray[np.int16] | None = None,
    tolerance: float = TOLERANCE,
) -> Exported:
    """Write and prove a bundle of a run.

    ``audio``: the golden clip, int16 mono at 16 kHz. ``mode``: ``stateful`` for encoders that
    stream, ``windowed`` encodes in ``windows``, ``auto`` takes the first where it can.
    ``calibration``: speech, as ``audio``, for front ends that normalise over time: with its
    statistics in place of the clip's they can be cached.
    ``tolerance``: between torch, ONNX Runtime and the C++ runtime; large encoders may need more
    than the default. Raises as :func:`graph_of`, and ParityError: a stateful graph must say what
    the offline pass says, too.
    """
    info, graph = graph_of(run, mode, windows, calibration)
    exported: list[Distance] = []

    def fill(work: Path) -> dict[str, Any]:
        told, state = graph.defaults(), graph.initial_state()
        names = ("audio", *Told._fields, *state)
        inputs = write_graph(
            _Step(graph).eval(),
            (torch.zeros(1, graph.window), *told, *state.values()),
            names,
            [*(PORTS.get(n, n) for n in graph.outputs), *(f"{n}_out" for n in state)],
            work / "model.onnx",
            optional=Told._fields,
        )
        samples = _samples(audio)
        golden: dict[str, NDArray[Any]] = {"audio": audio}
        if "noise" in inputs:
            golden["noise"] = drawn(graph.system.noise_width)
            told = told._replace(noise=torch.from_numpy(golden["noise"])[None])
        if "emotion" in inputs:
            told = told._replace(emotion=shown(GOLDEN_MIX))
            golden["mix"] = told.emotion[0].numpy()
        said = graph.streamed(samples, told)
        offline = _distance(said, graph.offline(samples, told))
        if isinstance(graph, StatefulGraph) and offline.largest > tolerance:
            raise ParityError(f"no bundle was written: stream and clip differ by {offline.largest}")
        exported.append(offline)
        golden |= {n: value[0].numpy() for n, value in said.items()}
        np.savez(work / "golden.npz", **golden)  # type: ignore[arg-type]
        training = facts_of(info, graph, offline)
        title = name or out.name
        documents = {
            "MODEL_CARD.md": system_card(title, info, graph, training),
            "LICENSE": system_licence(title, licence),
            "training.json": json.dumps(training, indent=1) + "\n",
        }
        for file, text in documents.items():
            (work / file).write_text(text, encoding="utf-8")
        facts = {"name": title, "version": version, "licence": licence}
        return manifest_of(graph, info, inputs, facts, tolerance)

    out.parent.mkdir(parents=True, exist_ok=True)
    return Exported(put_bundle(out, fill), exported[0])


def facts_of(info: RunInfo, graph: SystemGraph, offline: Distance) -> dict[str, Any]:
    """What ``training.json`` says."""
    return {
        "run": _told_away(asdict(info)),
        "parameters": sum(p.numel() for p in graph.parameters()),
        **_hears(graph),
        "hop_seconds": graph.hop / SAMPLE_RATE,
        "distance_to_offline": asdict(offline),
        "torch": torch.__version__.split("+")[0],
    }


def _hears(graph: SystemGraph) -> dict[str, Any]:
    if not isinstance(graph, WindowedGraph):
        return {"mode": "stateful", "window_seconds": graph.window / SAMPLE_RATE}
    return {
        "mode": "windowed",
        "window_seconds": graph.window_seconds,
        "right_seconds": graph.right_seconds,
        "feature_cache": graph.uncached is None,
        "uncached": graph.uncached,
        "calibrated": graph.calibrated,
    }


def _told_away(value: Any) -> Any:
    """Settings for other machines: of absolute paths the last name alone."""
    if isinstance(value, dict):
        return {name: _told_away(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_told_away(inner) for inner in value]
    if isinstance(value, str) and Path(value).is_absolute():
        return Path(value).name
    return value


def _samples(audio: NDArray[np.int16]) -> Tensor:
    return torch.from_numpy(audio.astype(np.float32) / 32768.0)[None]


def _distance(said: dict[str, Tensor], wanted: dict[str, Tensor]) -> Distance:
    apart = (_felt(said) - _felt(wanted)).abs()
    return Distance(float(apart.mean()), float(apart.max()))


def _felt(said: dict[str, Tensor]) -> Tensor:
    """The face with its expression, as the runtime puts them together."""
    weights = said["weights"]
    more = said.get("expression", torch.zeros(()))
    return weights + more * torch.where(more > 0, 1.0 - weights, weights)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("run", type=Path, help="folder of a trained run")
    parser.add_argument("--out", type=Path, required=True, help="bundle folder")
    parser.add_argument("--name", help="of the bundle (default: the folder's)")
    parser.add_argument("--version", default="1.0.0", help="of the bundle")
    parser.add_argument("--licence", default=UNSTATED, help="of the weights, as the data allows")
    parser.add_argument(
        "--golden", type=Path, help="sound file to prove on (default: a synthetic sentence)"
    )
    parser.add_argument(
        "--mode",
        choices=("auto", "stateful", "windowed"),
        default="auto",
        help="stateful: encoders that stream, frame by frame; windowed: transformers, which hear "
        "a window each hop; auto (default): stateful where the encoders can",
    )
    group = parser.add_argument_group("windowed encoders")
    group.add_argument(
        "--window-seconds",
        type=float,
        default=WINDOWS.seconds,
        help="of audio that the transformer hears at once (default: %(default)g)",
    )
    group.add_argument(
        "--hop-seconds",
        type=float,
        default=WINDOWS.hop,
        help=f"between windows; 0 (default) for {HOP_SECONDS:g}, or the next that the system's "
        "stride divides. Shorter costs more, longer is later",
    )
    group.add_argument(
        "--right-seconds",
        type=float,
        default=WINDOWS.right,
        help="of right context behind the last frame of a hop (default: %(default)g)",
    )
    group.add_argument(
        "--cache",
        action=argparse.BooleanOptionalAction,
        help="keep the convolutional front end's frames, so that it hears each sample once; "
        "--no-cache runs it over each whole window anew, which says the same and costs more "
        "(default: where the checkpoint allows)",
    )
    group.add_argument(
        "--calibration",
        type=Path,
        metavar="CLIP",
        help="speech, not the golden clip, for checkpoints whose first convolution is normalised "
        "over time (wav2vec 2.0, HuBERT and WavLM base): with its statistics frozen they can be "
        "cached",
    )
    parser.add_argument(
        "--tolerance", type=float, default=TOLERANCE, help=f"of the proof (default: {TOLERANCE:g})"
    )
    options = vars(parser.parse_args(arguments))
    run, out, golden = options.pop("run"), options.pop("out"), options.pop("golden")
    windows = WindowOptions(
        options.pop("window_seconds"),
        options.pop("hop_seconds"),
        options.pop("right_seconds"),
        options.pop("cache"),
    )
    try:
        if (speech := options["calibration"]) is not None:
            options["calibration"] = _clip(speech)
        exported = export_run(run, out, _clip(golden), windows=windows, **options)
    except (ParityError, OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{out}: {exported.parity}; offline pass {exported.offline.largest:.2e} away at most")
    return 0


def _clip(path: Path | None) -> NDArray[np.int16]:
    if path is None:
        with np.load(default_bundle() / "golden.npz") as golden:
            spoken: NDArray[np.int16] = golden["audio"]
        return spoken
    audio = load(path, None)
    if audio.rate != SAMPLE_RATE or audio.channels != 1:
        raise ValueError(f"{path} must be mono at {SAMPLE_RATE} Hz")
    samples = audio.samples
    if samples.dtype != np.int16:
        samples = (np.clip(samples, -1, 1) * 32767).astype(np.int16)
    return np.asarray(samples, np.int16).reshape(-1)


if __name__ == "__main__":
    sys.exit(main())
