"""The head decoder beside captured, still and random heads: ``python -m talkface_train.head_report
--head FILE --tapes FOLDER``.

Clips of GRID with captured heads, one latent a clip, ``--seeds`` latents each; the decoder at
arousal 0 and 1. After each clip the decoder hears TAIL seconds of a quiet room; only stillness is
measured there.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import torch
from numpy.typing import NDArray

from talkface_train.captured import features_of
from talkface_train.data import head_captured, real
from talkface_train.data.head_batches import silence_of
from talkface_train.data.head_captured import CapturedPose
from talkface_train.data.head_motion import phone_codes, vowel_runs
from talkface_train.data.real import Recording
from talkface_train.metrics import head as metrics
from talkface_train.metrics.prosody import loudness, stresses
from talkface_train.models.frontend import SAMPLE_RATE
from talkface_train.models.head import LATENT, HeadNet
from talkface_train.models.streaming import FRAME_RATE, FRAMES_PER_STEP, StreamingConfig
from talkface_train.train_head import load

COLUMNS = (
    "turn std", "nod std", "tilt std", "nod range", "speed", "speed p95", "jerk", "jerk max",
    "furthest", "diversity", "least diverse", "beats", "quiescence", "frechet",
)  # fmt: skip

TAIL = 2.0
ROOM = 10 ** (-65 / 20)
"""Root mean square of the tail's white noise."""

Heads = list[NDArray[np.float64]]


@dataclass(frozen=True)
class Clip:
    """A recording as the decoder hears it, 50 frames a second, its tail included; ``length``:
    frames of the clip itself, of which the captured head is known."""

    audio: NDArray[np.float32]
    features: torch.Tensor
    phones: NDArray[np.uint8]
    priming: int
    length: int
    peaks: NDArray[np.float64]
    captured: NDArray[np.float64]

    @property
    def silent(self) -> NDArray[np.bool_]:
        return silence_of(self.phones[self.priming :]) > 0.5


HeadsOf = Callable[[int, Clip], Heads]


def clip_of(
    recording: Recording,
    pose: CapturedPose,
    prior: NDArray[np.float64],
    config: StreamingConfig,
) -> Clip:
    """Read one clip; its captured head is held before and after the pictures."""
    audio = soundfile.read(recording.path, dtype="float32")[0]
    room = np.random.default_rng(5).normal(0, ROOM, int(TAIL * SAMPLE_RATE)).astype(np.float32)
    heard_audio = np.concatenate([audio, room])
    features = features_of(heard_audio, prior, config)[None]
    length = len(audio) * FRAME_RATE // SAMPLE_RATE
    priming = config.priming_steps * FRAMES_PER_STEP
    frames = features.shape[1] // 2
    phones = phone_codes(recording.segments, (np.arange(frames) - priming) / FRAME_RATE)
    heard = phones[priming : priming + length]
    decibels = loudness(audio)[:length]
    found = stresses(decibels, heard != 0, vowel_runs(heard))
    times = np.arange(len(heard)) / FRAME_RATE
    vectors = pose.poses(times)[:, :3]
    from scipy.spatial.transform import Rotation

    captured = Rotation.from_rotvec(vectors.astype(np.float64)).as_quat(canonical=True)
    peaks = np.array([stress.frame / FRAME_RATE for stress in found])
    return Clip(heard_audio, features, phones, priming, length, peaks, captured)


@torch.inference_mode()
def decoded(
    net: HeadNet, clip: Clip, latents: NDArray[np.float32], arousal: float
) -> NDArray[np.float32]:
    """Heads [seeds, T, 9] of a clip under ``latents`` [seeds, 8]."""
    seeds, steps = len(latents), len(clip.phones) // FRAMES_PER_STEP
    silence = torch.from_numpy(silence_of(clip.phones))[None].expand(seeds, -1)
    latent = torch.from_numpy(latents)[:, None].expand(-1, steps, -1)
    heard = clip.features.expand(seeds, -1, -1)
    head = net(heard, silence, torch.full((seeds, steps), arousal), latent)
    found: NDArray[np.float32] = head[:, clip.priming :].numpy()
    return found


def measure(
    clips: Sequence[Clip],
    heads_of: HeadsOf,
    reference: NDArray[np.float64],
) -> dict[str, float]:
    """The columns of one row; ``heads_of`` gives the heads of a clip, one a seed."""
    rows: dict[str, list[float]] = {name: [] for name in COLUMNS}
    seconds = []
    for index, clip in enumerate(clips):
        heads = heads_of(index, clip)
        for full in heads:
            calm = metrics.quiescence(full, FRAME_RATE, clip.silent[: len(full)])
            head = full[: clip.length]
            found = metrics.motion_of(head, FRAME_RATE)
            beats = metrics.beats_of(head, FRAME_RATE)
            values = {
                **dict(zip(("turn std", "nod std", "tilt std"), found.std, strict=True)),
                "nod range": found.range[1],
                "speed": found.speed[0],
                "speed p95": found.speed[1],
                "jerk": found.jerk[0],
                "jerk max": found.jerk[1],
                "furthest": found.furthest,
                "beats": metrics.beat_alignment(beats, clip.peaks),
                "quiescence": calm,
            }
            for name, value in values.items():
                rows[name].append(value)
            seconds.append(metrics.windows(head, FRAME_RATE))
        heads = [head[: clip.length] for head in heads]
        if len(heads) > 1:
            rows["diversity"].append(metrics.diversity(heads))
            rows["least diverse"].append(metrics.least_diversity(heads))
    joined = np.concatenate(seconds)
    known = {name: [v for v in values if np.isfinite(v)] for name, values in rows.items()}
    summary = {
        name: _extreme(name)(values) if values else float("nan") for name, values in known.items()
    }
    summary["frechet"] = metrics.frechet(joined, reference)
    return {name: float(summary[name]) for name in COLUMNS}


def _extreme(name: str) -> Callable[[Sequence[float]], float]:
    worst = {"jerk max": max, "furthest": max, "least diverse": min}
    return worst.get(name, lambda values: float(np.mean(values)))


def report(
    net: HeadNet,
    clips: Sequence[Clip],
    known: Sequence[Clip],
    seeds: int,
) -> dict[str, dict[str, float]]:
    """Rows by name. ``known``: captured clips that nothing is measured on, for the distance and for
    the spread of the random head."""
    latents = np.random.default_rng(7).standard_normal((len(clips), seeds, LATENT))
    latents = latents.astype(np.float32)

    def ours(arousal: float) -> HeadsOf:
        return lambda index, clip: list(
            metrics.quaternions_of(decoded(net, clip, latents[index], arousal))
        )

    systems = {"decoder, arousal 0": ours(0.0), "decoder, arousal 1": ours(1.0)}
    return compared(clips, known, systems, seeds)


def compared(
    clips: Sequence[Clip], known: Sequence[Clip], systems: Mapping[str, HeadsOf], seeds: int
) -> dict[str, dict[str, float]]:
    """Rows of ``systems`` between the captured heads, the still one and random ones."""
    reference = np.concatenate([metrics.windows(c.captured, FRAME_RATE) for c in known])
    spreads = [metrics.motion_of(clip.captured, FRAME_RATE).std for clip in known]
    std = np.sqrt((np.array(spreads) ** 2).mean(axis=0)).tolist()

    def noise(index: int, clip: Clip) -> Heads:
        generator = np.random.default_rng([index, 11])
        frames = len(clip.captured)
        return [metrics.random_head(frames, FRAME_RATE, std, generator) for _ in range(seeds)]

    rows: dict[str, HeadsOf] = {
        "captured": lambda _, clip: [clip.captured],
        **systems,
        "still": lambda _, clip: [metrics.still_head(len(clip.captured))],
        "random": noise,
    }
    return {name: measure(clips, heads, reference) for name, heads in rows.items()}


def table(rows: Mapping[str, Mapping[str, float]]) -> str:
    """Markdown, a metric a line."""
    lines = ["| | " + " | ".join(rows) + " |", "|---" * (len(rows) + 1) + "|"]
    for name in COLUMNS:
        values = [row[name] for row in rows.values()]
        lines.append(f"| {name} | " + " | ".join(_number(value) for value in values) + " |")
    return "\n".join(lines)


def _number(value: float) -> str:
    if not np.isfinite(value):
        return "-"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.2f}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Metrics of the head decoder on GRID.")
    parser.add_argument("--head", type=Path, default=Path("build/bundle/head.safetensors"))
    parser.add_argument("--tapes", type=Path, default=Path("build/bundle/tapes"))
    parser.add_argument("--data", help="the shared data folder")
    parser.add_argument("--dataset", default="grid_s1", choices=head_captured.SETS)
    parser.add_argument("--split", default="dev", choices=("dev", "test"))
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--json", type=Path, help="also write the numbers here")
    options = parser.parse_args(arguments)
    root = real.data_root(options.data)
    if root is None:
        print("no shared data folder; set TALKFACE_DATA", file=sys.stderr)
        return 2
    torch.set_num_threads(1)
    prior = np.array(json.loads((options.tapes / "tapes.json").read_text("utf-8"))["prior"])
    config = StreamingConfig()
    known, measured = (
        [clip_of(*pair, prior, config) for pair in head_captured.load(root, dataset, split)]
        for dataset, split in (("grid_s1", "train"), (options.dataset, options.split))
    )
    rows = report(load(options.head), measured, known, options.seeds)
    print(table(rows))
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
