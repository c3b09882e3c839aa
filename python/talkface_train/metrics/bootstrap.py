"""Bootstrap intervals over files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")
RESAMPLES = 1000


def interval(
    items: Sequence[T], statistic: Callable[[Sequence[T]], float], seed: int = 0
) -> tuple[float, float, float]:
    """``statistic`` of all files, and its 2.5 and 97.5 percentiles over resampled files.

    A statistic of :mod:`talkface_train.metrics.statistics` is resampled in one go.
    """
    value = statistic(items)
    if len(items) < 2:
        return value, value, value
    generator = np.random.default_rng(seed)
    picks = generator.integers(len(items), size=(RESAMPLES, len(items)))
    resampled: Any = getattr(statistic, "resampled", None)
    values = (
        resampled(items, picks)
        if resampled
        else np.array([statistic([items[i] for i in pick]) for pick in picks])
    )
    values = values[np.isfinite(values)]
    if not len(values):
        return value, float("nan"), float("nan")
    low, high = np.percentile(values, [2.5, 97.5])
    return value, float(low), float(high)
