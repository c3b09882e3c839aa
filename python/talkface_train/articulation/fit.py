"""Fit the rounding of an articulation table to captured faces: ``python -m
talkface_train.articulation.fit``.

Gradient descent on the dominances and rates of one group and the targets of one curve, over the
training part of grid_s1, towards correlation with the captured curve and its spread; a prior keeps
every number near the table's. It prints; tables are written by hand, because one talker and 51
words do not decide for a language. Table ``v2`` was made from this.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from talkface_train.articulation.captured import read_face
from talkface_train.articulation.model import Articulation, load_articulation
from talkface_train.data import real
from talkface_train.data.phones import SILENCE
from talkface_train.data.real import Recording

FPS = 100
SECONDS = 3.1
GROUP, CURVE = "round", "mouthPucker"


@dataclass
class Parameters:
    """Targets and logarithms of dominances [phones], logarithms of rates in and out [2]."""

    targets: Tensor
    dominances: Tensor
    rates: Tensor

    def all(self) -> list[Tensor]:
        return [self.targets, self.dominances, self.rates]


@dataclass(frozen=True)
class Clip:
    """One recording: its units, the gain of the rest law, and the captured curve."""

    phones: Tensor
    start: Tensor
    end: Tensor
    silent: Tensor
    rest: Tensor
    seconds: Tensor
    captured: Tensor


def load(recordings: Sequence[Recording], model: Articulation, names: Sequence[str]) -> list[Clip]:
    """Recordings with a face."""
    times = np.arange(int(SECONDS * FPS)) / FPS
    clips = []
    for recording in recordings:
        path = real.face_path(recording)
        if path is None:
            continue
        face = read_face(path)
        segments = model.with_silence(recording.segments, SECONDS)
        units = model.units(segments)
        rest = np.ones((len(times), 1))
        model.rest_law(rest, segments, times)
        clips.append(
            Clip(
                torch.tensor([names.index(u.phone) for u in units]),
                torch.tensor([u.start for u in units], dtype=torch.float32),
                torch.tensor([u.end for u in units], dtype=torch.float32),
                torch.tensor([u.phone == SILENCE for u in units]),
                torch.tensor(rest[:, 0], dtype=torch.float32),
                torch.tensor(face["time"], dtype=torch.float32),
                torch.tensor(face[CURVE], dtype=torch.float32),
            )
        )
    return clips


def curve(clip: Clip, p: Parameters, model: Articulation) -> Tensor:
    """The rule's curve at the captured frames, as :meth:`Articulation.curves` makes it."""
    times = torch.arange(int(SECONDS * FPS)) / FPS
    length = (clip.end - clip.start).clamp(min=0.02)
    low, high = model.table["hold"]
    first = torch.where(clip.silent, clip.start, clip.start + low * length)
    last = torch.where(clip.silent, clip.end, clip.start + high * length)
    reference = torch.sqrt(model.table["reference_seconds"] / length)
    speed = torch.where(clip.silent, torch.ones_like(length), reference)
    rate_in, rate_out = p.rates.exp()
    before = (first - times[:, None]).clamp(min=0) * speed * rate_in
    after = (times[:, None] - last).clamp(min=0) * speed * rate_out
    weight = p.dominances.exp()[clip.phones] * torch.exp(-before - after)
    values = (weight * p.targets[clip.phones]).sum(1) / (weight.sum(1) + 1e-9)
    sigma = model.table["smoothing_seconds"] * FPS
    radius = max(int(3 * sigma + 0.5), 1)
    kernel = torch.exp(-0.5 * (torch.arange(-radius, radius + 1) / sigma) ** 2)
    padded = functional.pad(values[None, None], (radius, radius), mode="replicate")
    smooth = functional.conv1d(padded, (kernel / kernel.sum())[None, None])[0, 0] * clip.rest
    at = (clip.seconds * FPS).clamp(0, len(times) - 1.001)
    index = at.long()
    return torch.lerp(smooth[index], smooth[index + 1], at - index)


def correlation(a: Tensor, b: Tensor) -> Tensor:
    a, b = a - a.mean(), b - b.mean()
    return (a * b).sum() / (a.norm() * b.norm() + 1e-6)


def score(clips: Sequence[Clip], p: Parameters, model: Articulation) -> float:
    """Mean correlation over clips."""
    with torch.no_grad():
        return float(np.mean([float(correlation(curve(c, p, model), c.captured)) for c in clips]))


def fit(
    clips: Sequence[Clip], start: Parameters, model: Articulation, prior: float, steps: int
) -> Parameters:
    """Descend from a table's own numbers. Only phones that are rounded there may round."""
    free = Parameters(*(x.clone().requires_grad_() for x in start.all()))
    optimiser = torch.optim.Adam(free.all(), 0.01)
    rounded = (start.targets > 0).float()

    def bounded() -> Parameters:
        moved = start.targets + (free.targets - start.targets) * rounded
        return Parameters(moved.clamp(min=0), free.dominances, free.rates)

    for step in range(steps):
        chosen = np.random.default_rng(step).choice(len(clips), 40, replace=False)
        loss = torch.zeros(())
        for index in chosen:
            clip = clips[int(index)]
            values = curve(clip, bounded(), model)
            spread = clip.captured.std().clamp(min=0.03)
            loss = loss + 1 - correlation(values, clip.captured)
            loss = loss + 0.01 * ((values.std() - clip.captured.std()) / spread).square()
        away = [
            ((x - y) / width).square().sum()
            for x, y, width in zip(free.all(), start.all(), (0.1, 0.5, 0.3), strict=True)
        ]
        loss = loss / len(chosen) + prior * sum(away, torch.zeros(())) / len(start.targets)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return Parameters(*(x.detach() for x in bounded().all()))


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit and print."""
    parser = argparse.ArgumentParser(description="Fit rounding to captured faces.")
    parser.add_argument("--data", help="the shared data folder")
    parser.add_argument("--version", default="v1", help="articulation table to start from")
    parser.add_argument("--prior", type=float, default=0.05, help="weight of the table's numbers")
    parser.add_argument("--steps", type=int, default=250)
    options = parser.parse_args(arguments)
    root = real.data_root(options.data)
    if root is None:
        print("no shared data folder; set TALKFACE_DATA", file=sys.stderr)
        return 2
    model = load_articulation(options.version)
    rows, group = model.table["phones"], model.table["groups"][GROUP]
    start = Parameters(
        torch.tensor([row["targets"].get(CURVE, 0.0) for row in rows.values()]),
        torch.tensor([row.get("dominance", {}).get(GROUP, 1.0) for row in rows.values()]).log(),
        torch.tensor([float(group["rate_in"]), float(group["rate_out"])]).log(),
    )
    train, dev = (load(real.load(root, "grid_s1", s), model, list(rows)) for s in ("train", "dev"))
    found = fit(train, start, model, options.prior, options.steps)
    for name, p in ((options.version, start), ("fitted", found)):
        train_r, dev_r = score(train, p, model), score(dev, p, model)
        print(f"{name}: {CURVE} r {train_r:.3f} on train, {dev_r:.3f} on dev")
    print("rates in and out:", " ".join(f"{rate:.1f}" for rate in found.rates.exp().tolist()))
    for phone, target, dominance in zip(
        rows, found.targets.tolist(), found.dominances.exp().tolist(), strict=True
    ):
        print(f"{phone:4} target {target:.2f}  dominance {dominance:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
