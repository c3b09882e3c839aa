"""Sequences that the head decoder learns from: rule-made heads of tapes, and captured heads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import torch
from numpy.typing import NDArray
from torch import Tensor

from talkface_train.captured import features_of
from talkface_train.data import head_captured, head_motion
from talkface_train.data.batches import TapeSet
from talkface_train.data.head_captured import CapturedPose
from talkface_train.data.phones import PHONE_INDEX, SILENCE
from talkface_train.data.real import Recording
from talkface_train.models.frontend import MELS
from talkface_train.models.streaming import (
    FEATURES_PER_STEP,
    FRAME_RATE,
    FRAMES_PER_STEP,
    StreamingConfig,
)

DECIBELS = 10.0 / np.log(10.0)
"""Loudness of features, a natural logarithm of power, in dB."""
LOUDNESS_DELAY = 6
"""Features from a frame back to the one about its time, in features of whole tapes: step k's last
feature ends at sample 640 k + 1600."""
WRONG = 0.12
"""How far the silence that the decoder is given in training may be from the labels: at runtime it
is what the visemes' head says."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Example:
    """One sequence from a fresh start: ``features`` [4 S, F] as steps hear them, phone codes
    ``phones`` [2 S]."""

    features: Floats
    phones: NDArray[np.uint8]


def tape_example(tapes: TapeSet, tape: int) -> Example:
    """A tape from its priming steps on, as far as its labels and the look-ahead go."""
    features, phones = tapes.whole(tape, primed=True).numpy(), tapes.phones(tape)
    steps = min(len(features) // FEATURES_PER_STEP, len(phones) // FRAMES_PER_STEP)
    return Example(features[: steps * FEATURES_PER_STEP], phones[: steps * FRAMES_PER_STEP])


def loudness_of(features: Floats) -> NDArray[np.float64]:
    """Loudness in dB about each frame [2 S], relative to the speech before."""
    heard = DECIBELS * features[:, MELS].astype(np.float64)
    at = np.arange(len(heard) // 2) * 2 - LOUDNESS_DELAY
    at = np.clip(at, 0, len(heard) - 2)
    found: NDArray[np.float64] = 0.5 * (heard[at] + heard[at + 1])
    return found


def silence_of(phones: NDArray[np.uint8], generator: np.random.Generator | None = None) -> Floats:
    """Probability of silence [T] as labels say it or, with a generator, as a network might."""
    silent: Floats = (phones == PHONE_INDEX[SILENCE]).astype(np.float32)
    if generator is None:
        return silent
    padded = np.pad(silent, 3, mode="edge")
    shift = int(generator.integers(-2, 3))
    silent = padded[3 + shift : 3 + shift + len(phones)]
    padded = np.pad(silent, 1, mode="edge")
    silent = 0.25 * padded[:-2] + 0.5 * silent + 0.25 * padded[2:]
    low, high = generator.uniform(0.0, WRONG, 2)
    return np.asarray(low + (1.0 - low - high) * silent, dtype=np.float32)


def basis_of(example: Example) -> tuple[Floats, NDArray[np.int64]]:
    """Basis curves of what is heard, and where phrases start."""
    return head_motion.basis(loudness_of(example.features), example.phones)


class RuleSet:
    """Tapes with the basis of their rule-made motion."""

    def __init__(self, tapes: TapeSet, chosen: Sequence[int]) -> None:
        self.tapes = tapes
        self._chosen = list(chosen)
        self._bases = [basis_of(tape_example(tapes, tape)) for tape in self._chosen]

    def batch(self, size: int, generator: np.random.Generator) -> dict[str, Tensor]:
        """``features``, ``silence``, ``arousal`` [B, S], ``latent`` [B, S, 8] and the ``pose``
        [B, 2 S, 6] that the rules make of them."""
        rows: list[dict[str, Floats]] = []
        for index in generator.integers(len(self._chosen), size=size):
            example = tape_example(self.tapes, self._chosen[index])
            rows.append(_drawn(example, self._bases[index], generator))
        return _ruled(rows)


def _drawn(
    example: Example, basis: tuple[Floats, NDArray[np.int64]], generator: np.random.Generator
) -> dict[str, Floats]:
    curves, starts = basis
    frames = len(example.phones)
    return {
        "features": example.features,
        "silence": silence_of(example.phones, generator),
        "basis": curves,
        "arousal": head_motion.drawn_arousal(frames, generator),
        "latent": head_motion.drawn_latents(frames, starts, generator),
    }


def _ruled(rows: Sequence[dict[str, Floats]]) -> dict[str, Tensor]:
    """Rows of :func:`_drawn`, cut to the shortest, and the rules' pose."""
    frames = min(len(row["basis"]) for row in rows)
    joined = {
        name: np.stack([row[name][: frames * (1 + (name == "features"))] for row in rows])
        for name in rows[0]
    }
    pose = head_motion.motion(joined.pop("basis"), joined["latent"], joined["arousal"])
    for name in ("arousal", "latent"):
        # A step is given what holds at its last frame.
        joined[name] = joined[name][:, FRAMES_PER_STEP - 1 :: FRAMES_PER_STEP]
    tensors = {name: torch.from_numpy(np.ascontiguousarray(v)) for name, v in joined.items()}
    return {**tensors, "pose": torch.from_numpy(pose)}


class CapturedSet:
    """Captured clips, padded to one length: ``features`` [N, 4 S, F], ``phones`` [N, 2 S],
    ``pose`` [N, 2 S, 6] and ``seen`` [N, 2 S], 1 where there is a picture; priming steps first."""

    def __init__(
        self,
        pairs: Sequence[tuple[Recording, CapturedPose]],
        prior: NDArray[np.float64],
        config: StreamingConfig,
    ) -> None:
        priming = config.priming_steps * FRAMES_PER_STEP
        features, phones, poses, seen = [], [], [], []
        for recording, captured in pairs:
            audio = soundfile.read(recording.path, dtype="float32")[0]
            heard = features_of(audio, prior, config).numpy()
            count = len(heard) // FEATURES_PER_STEP * FRAMES_PER_STEP
            times = (np.arange(count) - priming) / FRAME_RATE
            features.append(heard)
            phones.append(head_motion.phone_codes(recording.segments, times))
            poses.append(captured.poses(times))
            first = max(float(captured.times[0]), 0.0)
            inside = (times >= first) & (times <= captured.times[-1])
            seen.append(inside.astype(np.float32))
        most = max(len(row) for row in phones)
        self.features = _padded(features, most * FEATURES_PER_STEP // FRAMES_PER_STEP)
        self.phones = [np.pad(row, (0, most - len(row))) for row in phones]
        self.pose, self.seen = _padded(poses, most), _padded(seen, most)

        self._bases = [basis_of(self._example(index)) for index in range(len(self))]

    def __len__(self) -> int:
        return len(self.phones)

    def _example(self, index: int) -> Example:
        return Example(self.features[index].numpy(), self.phones[index])

    def ruled(self, index: Sequence[int], generator: np.random.Generator) -> dict[str, Tensor]:
        """As a batch of rules, from the sound of captured clips: else the sound itself would say
        that the speaker hardly moves, at any latent and arousal."""
        return _ruled([_drawn(self._example(i), self._bases[i], generator) for i in index])


def load_captured(
    root: Path | None, prior: NDArray[np.float64], config: StreamingConfig
) -> CapturedSet | None:
    """The training part of grid_s1, or None where the shared data is absent."""
    pairs = head_captured.load(root, "grid_s1", "train") if root else []
    return CapturedSet(pairs, prior, config) if pairs else None


def _padded(rows: Sequence[Floats], length: int) -> Tensor:
    padded = [
        np.pad(row, [(0, length - len(row))] + [(0, 0)] * (row.ndim - 1), mode="edge")
        if row.ndim > 1
        else np.pad(row, (0, length - len(row)))
        for row in rows
    ]
    return torch.from_numpy(np.stack(padded).astype(np.float32))
