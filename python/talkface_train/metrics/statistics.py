"""Statistics over files that can be resampled quickly.

Each is a callable from files to one number; ``resampled`` gives the same number for many picks of
files at once (``picks``: [resamples, files] of indices).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Picks = NDArray[np.int64]


def _nanmedian(values: Array) -> Array:
    """Median over the last axis without NaN; NaN where nothing is left."""
    ordered = np.sort(values, axis=-1)
    count = np.isfinite(values).sum(axis=-1)
    low = np.maximum((count - 1) // 2, 0)[..., None]
    high = (count // 2)[..., None]
    middle = np.take_along_axis(ordered, low, -1) + np.take_along_axis(ordered, high, -1)
    median: Array = middle[..., 0] / 2
    return median


class Median:
    """Median over files of one number a file; NaN does not count."""

    def __init__(self, pick: Callable[[Any], float]) -> None:
        self._pick = pick

    def __call__(self, items: Sequence[Any]) -> float:
        return float(self.resampled(items, np.arange(len(items))[None])[0])

    def resampled(self, items: Sequence[Any], picks: Picks) -> Array:
        values = np.array([self._pick(item) for item in items], dtype=np.float64)
        return _nanmedian(np.where(np.isfinite(values), values, np.nan)[picks])


class Ratio:
    """Sum over sum: ``pick`` gives a file's numerator and denominator.

    ``least`` bounds the denominator from below; without it nothing over nothing is NaN.
    """

    def __init__(self, pick: Callable[[Any], tuple[float, float]], least: float = 0.0) -> None:
        self._pick = pick
        self._least = least

    def __call__(self, items: Sequence[Any]) -> float:
        return float(self.resampled(items, np.arange(len(items))[None])[0])

    def resampled(self, items: Sequence[Any], picks: Picks) -> Array:
        sums = np.array([self._pick(item) for item in items], dtype=np.float64)[picks].sum(axis=1)
        below = np.maximum(sums[:, 1], self._least)
        ratio: Array = np.divide(sums[:, 0], below, out=np.full(len(sums), np.nan), where=below > 0)
        return ratio


class Pooled:
    """A statistic of all values of all files together, NaN where there are none."""

    def __init__(self, pick: Callable[[Any], Any], reduce: Callable[[Array], float]) -> None:
        self._pick = pick
        self._reduce = reduce

    def __call__(self, items: Sequence[Any]) -> float:
        return float(self.resampled(items, np.arange(len(items))[None])[0])

    def resampled(self, items: Sequence[Any], picks: Picks) -> Array:
        values = [np.asarray(self._pick(item), dtype=np.float64) for item in items]
        pools = (np.concatenate([values[i] for i in row]) for row in picks)
        return np.array([self._reduce(pool) if len(pool) else np.nan for pool in pools])
