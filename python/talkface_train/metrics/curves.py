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


def jitter_ratio(predicted: Array, reference: Array) -> float:
    """Mean absolute second difference of [frames, channels], predicted over reference."""
    moved = float(np.abs(np.diff(reference, n=2, axis=0)).mean())
    return float(np.abs(np.diff(predicted, n=2, axis=0)).mean()) / max(moved, 1e-9)


def inside_silence(
    times: NDArray[np.float64], silences: Sequence[tuple[float, float]]
) -> NDArray[np.bool_]:
    """Frames inside labelled silence eroded by 100 ms at both ends."""
    mask = np.zeros(len(times), dtype=bool)
    for start, end in silences:
        low, high = start + SILENCE_EROSION_SECONDS, end - SILENCE_EROSION_SECONDS
        mask |= (times >= low - 1e-9) & (times <= high + 1e-9)
    return mask
