"""Triangles into pixels with a z-buffer, in NumPy alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_CELLS = 1 << 21
"""Pixels of squares that are tried at once."""


@dataclass(frozen=True, eq=False)
class Fragments:
    """What is seen: ``pixel`` [N] (row * width + column, each once), its ``triangle`` [N] and the
    shares [N, 3] of the triangle's corners."""

    pixel: NDArray[np.int64]
    triangle: NDArray[np.int64]
    shares: Floats

    def mix(self, values: Floats, triangles: NDArray[np.int32]) -> Floats:
        """Values at vertices [V, K] as they are at the fragments [N, K]."""
        corners = triangles[self.triangle]
        mixed = values[corners[:, 0]] * self.shares[:, :1]
        mixed += values[corners[:, 1]] * self.shares[:, 1:2]
        mixed += values[corners[:, 2]] * self.shares[:, 2:]
        return mixed


def rasterise(points: Floats, triangles: NDArray[np.int32], width: int, height: int) -> Fragments:
    """The nearest triangle at each pixel's middle.

    ``points`` [V, 3]: column, row (downwards) and nearness (greater is nearer) of each vertex.
    Triangles [T, 3] whose corners run anticlockwise on the screen are drawn, others face away.
    """
    corners = points[triangles]
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    low = np.ceil(corners[:, :, :2].min(axis=1) - 0.5).astype(np.int32)
    high = np.floor(corners[:, :, :2].max(axis=1) - 0.5).astype(np.int32)
    low, high = np.maximum(low, 0), np.minimum(high, (width - 1, height - 1))
    drawn = (area < -1e-9) & (high >= low).all(axis=1)
    span = (high - low + 1).max(axis=1)
    # Triangles of one span at once; larger spans in steps, so that there are few of them.
    sides = np.where(span <= 16, span, (span + 7) // 8 * 8)
    nearest = np.full(width * height, -np.inf, dtype=np.float32)
    found: list[tuple[NDArray[Any], ...]] = []
    for side in np.unique(sides[drawn]):
        chosen = np.flatnonzero(drawn & (sides == side))
        limit = max(1, _CELLS // int(side) ** 2)
        for start in range(0, len(chosen), limit):
            some = chosen[start : start + limit]
            column, row, which, u, v = _cover(
                corners[some, 0] - low[some, 0:1].astype(np.float32) * (1, 0, 0)
                - low[some, 1:2].astype(np.float32) * (0, 1, 0),
                first[some], second[some], area[some], int(side),
            )  # fmt: skip
            column, row = column + low[some, 0][which], row + low[some, 1][which]
            inside = (column < width) & (row < height)
            column, row, which, u, v = (part[inside] for part in (column, row, which, u, v))
            triangle = some[which]
            depth = corners[triangle, 0, 2] + u * first[triangle, 2] + v * second[triangle, 2]
            depth = depth.astype(np.float32)
            pixel = row.astype(np.int64) * width + column
            np.maximum.at(nearest, pixel, depth)
            found.append((pixel, triangle, u, v, depth))
    return _seen(nearest, found)


def _cover(
    origin: NDArray[Any], first: Floats, second: Floats, area: Floats, side: int
) -> tuple[NDArray[Any], ...]:
    """Pixels of squares of ``side`` that triangles cover: column and row in the square, which
    triangle, and the shares of its second and third corner."""
    grid = np.arange(side, dtype=np.float32) + np.float32(0.5)
    x = grid - origin[:, 0:1].astype(np.float32)
    y = grid - origin[:, 1:2].astype(np.float32)
    e1, e2 = first / area[:, None], second / area[:, None]
    u = (x * e2[:, 1:2])[:, None, :] - (y * e2[:, 0:1])[:, :, None]
    v = (y * e1[:, 0:1])[:, :, None] - (x * e1[:, 1:2])[:, None, :]
    which, row, column = np.nonzero((u >= -1e-5) & (v >= -1e-5) & (u + v <= 1 + 1e-5))
    return column, row, which, u[which, row, column], v[which, row, column]


def _seen(nearest: Floats, found: list[tuple[NDArray[Any], ...]]) -> Fragments:
    """The fragments that are as near as anything at their pixel, one for each pixel."""
    best = np.full(len(nearest), -1, dtype=np.int64)
    if not found:
        none = np.zeros(0, dtype=np.int64)
        return Fragments(none, none, np.zeros((0, 3), dtype=np.float32))
    pixel, triangle, u, v, depth = (np.concatenate(part) for part in zip(*found, strict=True))
    front = np.flatnonzero(depth >= nearest[pixel])
    best[pixel[front]] = front
    shown = np.flatnonzero(best >= 0)
    kept = best[shown]
    shares = np.stack([1 - u[kept] - v[kept], u[kept], v[kept]], axis=1).astype(np.float32)
    return Fragments(shown, triangle[kept], shares)
