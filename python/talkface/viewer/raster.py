"""Triangles into pixels with a z-buffer, in NumPy alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Fragments:
    """What is seen: ``pixel`` [N] (row * width + column, each once), its ``triangle`` [N] and the
    shares [N, 3] of the triangle's corners."""

    pixel: NDArray[np.int64]
    triangle: NDArray[np.int64]
    shares: NDArray[np.float32]


def rasterise(
    points: NDArray[np.float32], triangles: NDArray[np.int32], width: int, height: int
) -> Fragments:
    """The nearest triangle at each pixel's middle.

    ``points`` [V, 3]: column, row (downwards) and nearness (greater is nearer) of each vertex.
    Triangles [T, 3] that run anticlockwise on the screen face us; others are not drawn.
    """
    corners = points[triangles]
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    low = np.ceil(corners[:, :, :2].min(axis=1) - 0.5).astype(np.int32)
    high = np.floor(corners[:, :, :2].max(axis=1) - 0.5).astype(np.int32)
    low, high = np.maximum(low, 0), np.minimum(high, (width - 1, height - 1))
    span = (high - low + 1).max(axis=1)
    drawn = (area < -1e-9) & (high >= low).all(axis=1)
    found: list[tuple[NDArray[np.int64], ...]] = []
    sides = 2 ** np.ceil(np.log2(np.maximum(span, 1))).astype(np.int32)
    for side in np.unique(sides[drawn]):
        chosen = np.flatnonzero(drawn & (sides == side))
        limit = max(1, (1 << 21) // int(side) ** 2)
        for start in range(0, len(chosen), limit):
            found.append(_cover(corners, first, second, area, low, chosen[start : start + limit], side))
    if not found:
        none = np.zeros(0, dtype=np.int64)
        return Fragments(none, none, np.zeros((0, 3), dtype=np.float32))
    column, row, triangle, u, v, depth = (np.concatenate(part) for part in zip(*found, strict=True))
    inside = (column < width) & (row < height)
    pixel = row[inside].astype(np.int64) * width + column[inside]
    triangle, u, v = triangle[inside], u[inside], v[inside]
    depth = depth[inside].astype(np.float32)
    nearest = np.full(width * height, -np.inf, dtype=np.float32)
    np.maximum.at(nearest, pixel, depth)
    seen = np.flatnonzero(depth >= nearest[pixel])
    pixel, once = np.unique(pixel[seen], return_index=True)
    seen = seen[once]
    shares = np.stack([1 - u[seen] - v[seen], u[seen], v[seen]], axis=1)
    return Fragments(pixel, triangle[seen], shares)


def _cover(corners, first, second, area, low, chosen, side):  # type: ignore[no-untyped-def]
    """Pixels of squares of ``side`` that chosen triangles cover."""
    grid = np.arange(side, dtype=np.float32)
    x = (low[chosen, 0] + np.float32(0.5) - corners[chosen, 0, 0])[:, None] + grid
    y = (low[chosen, 1] + np.float32(0.5) - corners[chosen, 0, 1])[:, None] + grid
    e1, e2, whole = first[chosen], second[chosen], area[chosen, None]
    u = (x * (e2[:, 1, None] / whole))[:, None, :] - (y * (e2[:, 0, None] / whole))[:, :, None]
    v = (y * (e1[:, 0, None] / whole))[:, :, None] - (x * (e1[:, 1, None] / whole))[:, None, :]
    which, row, column = np.nonzero((u >= -1e-5) & (v >= -1e-5) & (u + v <= 1 + 1e-5))
    u, v, triangle = u[which, row, column], v[which, row, column], chosen[which]
    depth = corners[triangle, 0, 2] + u * first[triangle, 2] + v * second[triangle, 2]
    return low[triangle, 0] + column, low[triangle, 1] + row, triangle, u, v, depth
