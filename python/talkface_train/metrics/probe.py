"""A fixed linear probe from curves to visemes: can the phone be read off the face?

Multinomial logistic regression over the articulators at -40, 0 and +40 ms, trained once on rule
curves of training phones and stored as ``probe_v1.npz``. A system's accuracy through it is quoted
as a share of what rule curves of the true phones reach on the same files.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

OFFSETS_SECONDS = (-0.04, 0.0, 0.04)
VISEMES = 15

Array = NDArray[np.float32]


def stack(curves: Array, fps: float) -> Array:
    """Curves [frames, articulators] with their neighbours: [frames, 3 * articulators]."""
    index = np.arange(len(curves))
    shifts = [round(offset * fps) for offset in OFFSETS_SECONDS]
    return np.concatenate(
        [curves[np.clip(index + shift, 0, len(curves) - 1)] for shift in shifts], axis=1
    )


@cache
def _weights(version: str) -> tuple[Array, Array]:
    source = resources.files("talkface_train.metrics") / f"probe_{version}.npz"
    with source.open("rb") as handle, np.load(handle, allow_pickle=False) as stored:
        return stored["weight"], stored["bias"]


def classify(curves: Array, fps: float, version: str = "v1") -> NDArray[np.int64]:
    """Viseme index per frame of articulator curves [frames, articulators]."""
    weight, bias = _weights(version)
    classes: NDArray[np.int64] = (stack(curves, fps) @ weight + bias).argmax(axis=1)
    return classes


def fit(
    curves: Sequence[Array], labels: Sequence[NDArray[np.uint8]], fps: float, steps: int = 400
) -> dict[str, Array]:
    """Fit the probe by full-batch gradient descent with momentum; labels of 255 are ignored."""
    x = np.concatenate([stack(c, fps) for c in curves])
    y = np.concatenate(labels)
    x, y = x[y != 255], y[y != 255]
    mean, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-3)
    x = (x - mean) / scale
    target = np.eye(VISEMES, dtype=np.float32)[y]
    weight = np.zeros((x.shape[1], VISEMES))
    bias = np.zeros(VISEMES)
    moved_weight, moved_bias = np.zeros_like(weight), np.zeros_like(bias)
    for _ in range(steps):
        logits = x @ weight + bias
        logits -= logits.max(axis=1, keepdims=True)
        chance = np.exp(logits)
        error = chance / chance.sum(axis=1, keepdims=True) - target
        moved_weight = 0.9 * moved_weight + x.T @ error / len(x) + 1e-5 * weight
        moved_bias = 0.9 * moved_bias + error.mean(axis=0)
        weight -= 0.5 * moved_weight
        bias -= 0.5 * moved_bias
    folded = weight / scale[:, None]
    return {
        "weight": folded.astype(np.float32),
        "bias": (bias - mean @ folded).astype(np.float32),
    }
