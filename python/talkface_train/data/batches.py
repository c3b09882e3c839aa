"""Random crops of tapes as training batches."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from talkface_train.articulation import load_articulation
from talkface_train.data.tapes import LEAD_SAMPLES
from talkface_train.models.frontend import FEATURE_HOP, FEATURES, MELS, band_positions
from talkface_train.models.streaming import (
    FEATURES_PER_STEP,
    FRAMES_PER_STEP,
    StreamingConfig,
)

COLD_SHARE = 0.35
"""Crops that begin their tape, where running means are those of a fresh stream: what a clip of a
few seconds hears from end to end."""
START_FRAMES = 12
"""Frames at the start of a tape that can count for more: a cold network is a rare one."""


class TapeSet:
    """Tapes of :func:`talkface_train.data.tapes.build`, memory-mapped.

    ``taught``: a teacher's answers for their frames (talkface_train/data/taught.py), for batches.
    """

    def __init__(self, folder: Path, model: StreamingConfig, taught: Path | None = None) -> None:
        summary = json.loads((folder / "tapes.json").read_text("utf-8"))
        lengths = np.array(summary["lengths"])
        self.prior = torch.tensor(summary["prior"], dtype=torch.float32)
        self.channels = load_articulation(summary["plan"]["articulation"]).channels
        total, labels = (int(n) for n in lengths.sum(axis=0))
        self._features = _map(folder / "features.bin", np.float16, (total, FEATURES))
        self._phones = _map(folder / "phones.bin", np.uint8, (labels,))
        self._closure = _map(folder / "closure.bin", np.float16, (labels,))
        self._curves = _map(folder / "curves.bin", np.float16, (labels, len(self.channels)))
        self._taught = (
            None
            if taught is None
            else _map(taught, np.float16, (labels, taught.stat().st_size // (2 * labels)))
        )
        self._starts = np.concatenate([[[0, 0]], np.cumsum(lengths, axis=0)])
        self._lengths = lengths
        self._priming = model.priming_steps
        self._first_feature = (
            model.look_ahead // FEATURE_HOP
            - FEATURES_PER_STEP * (self._priming + 1)
            + (LEAD_SAMPLES // FEATURE_HOP)
        )

    def __len__(self) -> int:
        return len(self._lengths)

    def labels(self, tape: int) -> int:
        """Label frames of a tape."""
        return int(self._lengths[tape][1])

    def phones(self, tape: int) -> NDArray[np.uint8]:
        """Phone codes of a tape's label frames, silence (0) in those of priming steps before."""
        first, end = self._starts[tape][1], self._starts[tape + 1][1]
        return np.pad(self._phones[first:end], (self._priming * FRAMES_PER_STEP, 0))

    def whole(self, tape: int, primed: bool = False) -> Tensor:
        """Features [4 S, F] of a tape from frame 0 on, priming steps left out unless ``primed``,
        as far as the look-ahead allows."""
        left_out = 0 if primed else self._priming * FEATURES_PER_STEP
        first = self._starts[tape][0] + self._first_feature + left_out
        steps = (self._starts[tape + 1][0] - first) // FEATURES_PER_STEP
        part = self._features[first : first + steps * FEATURES_PER_STEP]
        return torch.from_numpy(np.asarray(part, dtype=np.float32))

    def curve_sample(self, count: int = 200_000) -> Tensor:
        """Target curves spread over the whole set, for their scale."""
        step = max(len(self._curves) // count, 1)
        return torch.from_numpy(np.asarray(self._curves[::step], dtype=np.float32))

    def batches(
        self,
        size: int,
        steps: int,
        warm_up: int,
        generator: np.random.Generator,
        masks: int = 0,
        stretch: float = 0.0,
        start_weight: float = 1.0,
    ) -> Iterator[dict[str, Tensor]]:
        """Endless batches of ``size`` crops of ``steps`` steps, with ``masks`` SpecAugment masks
        of each kind (Park et al. 2019) and the frequency axis of each stretched by a factor of this
        standard deviation, another one every time.

        Frames of the first ``warm_up`` steps of a crop that does not begin its tape carry no
        weight: the recurrent state is still cold there. The first frame of a tape has
        ``start_weight``, which falls to 1 over START_FRAMES.
        """
        while True:
            crops = [self._crop(steps, warm_up, generator, start_weight) for _ in range(size)]
            for crop in crops:
                if stretch > 0:
                    _stretch(crop["features"], float(generator.normal(1.0, stretch)))
                _mask(crop["features"], masks, generator)
            yield _stack(crops)

    def _crop(
        self, steps: int, warm_up: int, generator: np.random.Generator, start_weight: float
    ) -> dict[str, NDArray[Any]]:
        tape = int(generator.integers(len(self._lengths)))
        frames, labels = self._lengths[tape]
        available = (int(frames) - self._first_feature) // FEATURES_PER_STEP
        limit = min(available, int(labels) // FRAMES_PER_STEP + self._priming)
        room = limit - steps
        cold = room <= 0 or generator.random() < COLD_SHARE
        start = 0 if cold else int(generator.integers(room + 1))
        steps = min(steps, limit - start)
        first = self._starts[tape][0] + self._first_feature + start * FEATURES_PER_STEP
        features = np.asarray(
            self._features[first : first + steps * FEATURES_PER_STEP], dtype=np.float32
        )
        skip = max((self._priming - start) * FRAMES_PER_STEP, 0)
        at = self._starts[tape][1] + max((start - self._priming) * FRAMES_PER_STEP, 0)
        count = steps * FRAMES_PER_STEP - skip
        weight = np.ones(steps * FRAMES_PER_STEP, dtype=np.float32)
        weight[: skip if start == 0 else warm_up * FRAMES_PER_STEP] = 0.0
        if start == 0:
            first_frames = weight[skip : skip + START_FRAMES]
            first_frames *= np.linspace(start_weight, 1.0, START_FRAMES)[: len(first_frames)]

        def labelled(source: NDArray[Any], fill: int = 0) -> NDArray[Any]:
            part = np.asarray(source[at : at + count])
            if part.dtype == np.float16:
                part = part.astype(np.float32)
            pad = [(skip, 0)] + [(0, 0)] * (part.ndim - 1)
            return np.pad(part, pad, constant_values=fill)

        crop = {
            "features": features,
            "phones": labelled(self._phones, 255),
            "closure": labelled(self._closure),
            "curves": labelled(self._curves),
            "weight": weight,
        }
        if self._taught is not None:
            crop["taught"] = labelled(self._taught)
        return crop


def _stretch(features: NDArray[np.float32], factor: float) -> None:
    """Another length of vocal tract, in place: bands read between those of the tape."""
    positions = band_positions(min(max(factor, 0.88), 1.14))
    low = np.minimum(positions.astype(int), MELS - 2)
    part = (positions - low).astype(np.float32)
    features[:, :MELS] = features[:, low] * (1 - part) + features[:, low + 1] * part


def _mask(features: NDArray[np.float32], count: int, generator: np.random.Generator) -> None:
    """Set ``count`` runs of up to 7 bands, and of up to 60 ms, to the mean level in place."""
    frames = len(features)
    for _ in range(count):
        width = int(generator.integers(8))
        low = int(generator.integers(MELS - width + 1))
        features[:, low : low + width] = 0.0
        length = int(generator.integers(7))
        first = int(generator.integers(max(frames - length, 1)))
        features[first : first + length, :MELS] = 0.0


def _map(path: Path, dtype: Any, shape: tuple[int, ...]) -> NDArray[Any]:
    return np.memmap(path, dtype, "r", shape=shape)


def _stack(crops: list[dict[str, NDArray[Any]]]) -> dict[str, Tensor]:
    return {name: torch.from_numpy(np.stack([c[name] for c in crops])) for name in crops[0]}
