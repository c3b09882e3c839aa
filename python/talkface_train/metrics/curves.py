"""Curves against reference curves: correlation, jitter, the mouth in silence (docs/metrics.md)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SILENCE_EROSION_SECONDS = 0.1

Array = NDArray[np.floating]


def correlation(a: Array, b: Array, mask: NDArray[np.bool_] | None = None) -> float:
    """Pearson's r over the masked frames; NaN when the reference ``b`` is flat, 0 when ``a`` is."""
    if mask is not None:
        a, b = a[mask], b[mask]
    if len(b) < 3 or float(np.std(b)) < 1e-4:
        return float("nan")
    if float(np.std(a)) < 1e-6:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def jitter_ratio(
    predicted: Array, reference: Array, mask: NDArray[np.bool_] | None = None
) -> float:
    """Mean absolute second difference of [frames, channels], predicted over reference, over runs
    of masked frames; NaN where the reference does not move."""
    return _change_ratio(predicted, reference, mask, 2)


def velocity_ratio(
    predicted: Array, reference: Array, mask: NDArray[np.bool_] | None = None
) -> float:
    """:func:`jitter_ratio` of the first difference."""
    return _change_ratio(predicted, reference, mask, 1)


def _change_ratio(
    predicted: Array, reference: Array, mask: NDArray[np.bool_] | None, order: int
) -> float:
    kept = np.ones(len(reference), dtype=bool) if mask is None else mask
    if len(kept) <= order:
        return float("nan")
    whole = np.lib.stride_tricks.sliding_window_view(kept, order + 1).all(axis=1)
    said, wanted = (np.abs(np.diff(c, n=order, axis=0))[whole] for c in (predicted, reference))
    if not whole.any() or wanted.mean() < 1e-9:
        return float("nan")
    return float(said.mean()) / float(wanted.mean())


def inside_silence(
    times: NDArray[np.float64], silences: Sequence[tuple[float, float]]
) -> NDArray[np.bool_]:
    """Frames inside labelled silence eroded by 100 ms at both ends."""
    mask = np.zeros(len(times), dtype=bool)
    for start, end in silences:
        low, high = start + SILENCE_EROSION_SECONDS, end - SILENCE_EROSION_SECONDS
        mask |= (times >= low - 1e-9) & (times <= high + 1e-9)
    return mask
