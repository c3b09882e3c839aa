"""What every metric of systems refuses: other shapes, empty clips, numbers that are none."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


def clip(values: Array, what: str, dims: int = 2) -> Array:
    """``values`` if they have ``dims`` axes, none of them empty, and are finite."""
    values = np.asarray(values)
    if values.ndim != dims:
        raise ValueError(f"{what}: {dims} axes are needed, not {list(values.shape)}")
    if values.size == 0:
        raise ValueError(f"{what}: empty, {list(values.shape)}")
    if not np.isfinite(values).all():
        raise ValueError(f"{what}: not all numbers are finite")
    return values


def counted(mask: NDArray[np.generic] | None, frames: int) -> Mask:
    """Which of ``frames`` count, all without ``mask`` [T]."""
    if mask is None:
        return np.ones(frames, dtype=bool)
    found = np.asarray(mask).astype(bool)
    if found.shape != (frames,):
        raise ValueError(f"mask: [{frames}] is needed, not {list(found.shape)}")
    return found


def compared(
    said: Array, wanted: Array, mask: NDArray[np.generic] | None = None, dims: int = 2
) -> tuple[Array, Array]:
    """The frames in ``mask`` [T] of both [T, ...]; the others may hold anything."""
    said, wanted = np.asarray(said), np.asarray(wanted)
    if said.shape != wanted.shape:
        raise ValueError(f"said {list(said.shape)} and wanted {list(wanted.shape)} differ")
    frames = counted(mask, len(said) if said.ndim else 0)
    return clip(said[frames], "said", dims), clip(wanted[frames], "wanted", dims)
