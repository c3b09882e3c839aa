"""A second opinion on the jaw and on rounding, from captured faces.

Rule curves know what a phone asks for. A face also shows how wide this speaker opens for it now,
and the sound tells a part of that. Too few faces are captured to train a network on them, but one
linear layer on a trained network's hidden steps can be fitted: ridge regression from grid_s1's
training part to the curves of his face. What it says is mixed into the rules' curves
(docs/adr/0012-captured-head.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from talkface.audio import read_file
from talkface_train.data.batches import TapeSet
from talkface_train.data.real import Recording
from talkface_train.metrics.faces import Face
from talkface_train.models.captured import CapturedHead
from talkface_train.models.frontend import normalise_tape, spectrum_of
from talkface_train.models.streaming import (
    FEATURES_PER_STEP,
    FRAME_RATE,
    FRAMES_PER_STEP,
    HOP,
    SpeechNet,
    StreamingConfig,
    StreamingNet,
)

FRAMES = FRAMES_PER_STEP + StreamingNet.previews
RIDGE = 0.3
REST_SHARE = 0.3
"""How much all frames at rest count beside all frames with a face."""
REST_PERCENTILE = 5
BATCH = 32
BATCHES = 12
CROP_STEPS = 150
WARM_UP = 10

Array = NDArray[np.float32]


def features_of(audio: Array, prior: NDArray[np.float64], config: StreamingConfig) -> Tensor:
    """Features [4 S, F] of a clip (mono, 16 kHz), priming steps first, as a stream hears it."""
    steps = -(-len(audio) // HOP) + config.priming_steps
    lead = HOP * (config.priming_steps + 1) - config.look_ahead
    tail = steps * HOP - lead - len(audio)
    padded = functional.pad(torch.from_numpy(audio)[None], (lead, tail))
    spectrum = spectrum_of(padded)[0].numpy()
    return torch.from_numpy(normalise_tape(spectrum, prior))[: steps * FEATURES_PER_STEP]


def fit(
    net: StreamingNet,
    tapes: TapeSet,
    pairs: Sequence[tuple[Recording, Face]],
    shares: Mapping[str, float],
) -> CapturedHead | None:
    """The head for the channels of ``shares`` above 0, from recordings with faces and from the
    frames of ``tapes`` at rest. None when there is no share or no face."""
    names = [name for name, share in shares.items() if share > 0]
    if not pairs or not names:
        return None
    prior = tapes.prior.double().numpy()
    hidden, wanted, seen = [], [], []
    for recording, face in pairs:
        audio = read_file(recording.path).samples.astype(np.float32, copy=False)
        steps = _hidden(net, features_of(audio, prior, net.config)[None])[0]
        steps = steps[net.config.priming_steps :]
        frames = FRAMES_PER_STEP * np.arange(len(steps))[:, None] + np.arange(FRAMES)
        times = frames / FRAME_RATE
        curves = [
            np.interp(times, face.times, _opened(face.curves[name])).astype(np.float32)
            for name in names
        ]
        hidden.append(steps)
        wanted.append(torch.from_numpy(np.stack(curves, axis=2)))
        seen.append(torch.from_numpy((times >= face.times[0]) & (times <= face.times[-1])))
    rest = torch.cat([steps[still] for steps, still in _crops(net, tapes)])
    faces = torch.cat(hidden)
    weight = torch.cat(
        [
            torch.cat(seen).float(),
            torch.full((len(rest), FRAMES), REST_SHARE * len(faces) / len(rest)),
        ]
    )
    target = functional.pad(torch.cat(wanted), (0, 0, 0, 0, 0, len(rest)))
    head = CapturedHead(
        net.config.width,
        FRAMES,
        [tapes.channels.index(n) for n in names],
        [shares[n] for n in names],
    )
    _solve(head, torch.cat([faces, rest]), target, weight)
    return head


def carry(head: CapturedHead, old: StreamingNet, new: StreamingNet, tapes: TapeSet) -> CapturedHead:
    """The head for ``new``, which was trained on from ``old``: it says on ``tapes`` what ``head``
    said there."""
    carried = CapturedHead(
        new.config.width, head.frames, head.channels.tolist(), head.shares.tolist()
    )
    steps = torch.cat([steps.flatten(0, 1) for steps, _ in _crops(new, tapes)])
    before = torch.cat([steps.flatten(0, 1) for steps, _ in _crops(old, tapes)])
    with torch.inference_mode():
        said = head.rows(before).unflatten(1, (head.frames, -1))
    _solve(carried, steps, said, torch.ones(len(steps), head.frames), ridge=1e-3)
    return carried


def _opened(curve: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.clip(curve - np.percentile(curve, REST_PERCENTILE), 0.0, 1.0)


def _hidden(net: SpeechNet, features: Tensor) -> Tensor:
    with torch.inference_mode():
        return net.trunk(features)


def _crops(net: StreamingNet, tapes: TapeSet) -> list[tuple[Tensor, Tensor]]:
    """Hidden steps [B, S, width] of some crops, the same ones every time, and where all of a step's
    curves rest [B, S]."""
    batches = tapes.batches(BATCH, CROP_STEPS, WARM_UP, np.random.default_rng(3))
    found = []
    for _ in range(BATCHES):
        batch = next(batches)
        by_step = (BATCH, -1, FRAMES_PER_STEP)
        still = batch["curves"].amax(dim=2).reshape(by_step).amax(dim=2) < 1e-3
        counted = batch["weight"].reshape(by_step).amin(dim=2) > 0
        found.append((_hidden(net, batch["features"]), still & counted))
    return found


def _solve(
    head: CapturedHead, hidden: Tensor, target: Tensor, weight: Tensor, ridge: float = RIDGE
) -> None:
    """Ridge regression of ``target`` [N, frames, K] on ``hidden`` [N, width], standardised."""
    mean, spread = hidden.mean(dim=0), hidden.std(dim=0).clamp(min=1e-3)
    inputs = functional.pad((hidden - mean) / spread, (0, 1), value=1.0)
    penalty = torch.full((inputs.shape[1],), ridge * len(inputs))
    penalty[-1] = 0.0
    rows, biases = [], []
    for frame in range(head.frames):
        weighted = inputs * weight[:, frame, None]
        solved = torch.linalg.solve(
            weighted.T @ inputs + penalty.diag(), weighted.T @ target[:, frame]
        ).T
        rows.append(solved[:, :-1] / spread)
        biases.append(solved[:, -1] - rows[-1] @ mean)
    with torch.no_grad():
        head.rows.weight.copy_(torch.cat(rows))
        head.rows.bias.copy_(torch.cat(biases))
