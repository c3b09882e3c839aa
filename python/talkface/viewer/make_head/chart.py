"""The skin's topology: a grid about the head in which rings about the mouth and the eyes take the
place of rectangles, all quads but for the fans at the crown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import lids, lips
from .sculpt import Array, cast, front, mirrored, settle, smoothstep

Quads = NDArray[np.int64]

FRONT_COLUMNS = 14
"""Columns to either side that are evenly spaced in x over the front of the face."""
STEP = 0.42
SIDE_COLUMNS = 11
WIDTH = 7.3
# Rows: name, y in front, y behind, half-width, depth in front, depth behind, pitch of the ray.
_ROWS = (
    (11.6, 11.4, 1.6, 0.0, 3.6, 1.45),
    (11.0, 10.3, 3.4, 2.0, 6.6, 1.1),
    (9.8, 8.8, 5.2, 4.0, 8.8, 0.8),
    (8.3, 7.2, 6.4, 5.4, 10.2, 0.5),
    (6.8, 5.6, 7.0, 6.0, 11.0, 0.25),
    (5.4, 4.2, 7.3, 6.5, 11.2, 0.1),
    (4.1, 3.0, 7.3, 6.6, 11.2, 0.0),
    (3.0, 2.1, 7.3, 6.6, 11.0, 0.0),
    (1.95, 1.3, 7.3, 6.6, 10.8, 0.0),  # over the eyes: row 8
    (1.50, 0.8, 7.3, 6.6, 10.6, 0.0),
    (1.03, 0.3, 7.3, 6.6, 10.4, 0.0),
    (0.55, -0.2, 7.3, 6.6, 10.2, 0.0),
    (0.08, -0.7, 7.3, 6.6, 10.0, 0.0),
    (-0.38, -1.2, 7.3, 6.6, 9.7, 0.0),
    (-0.82, -1.7, 7.3, 6.6, 9.4, 0.0),
    (-1.25, -2.2, 7.3, 6.6, 9.1, 0.0),
    (-1.68, -2.7, 7.3, 6.6, 8.8, 0.0),  # under the eyes: row 16
    (-2.15, -3.1, 7.25, 6.6, 8.5, 0.0),
    (-2.62, -3.5, 7.2, 6.6, 8.2, 0.0),
    (-3.05, -3.9, 7.1, 6.6, 8.0, 0.0),
    (-3.48, -4.3, 7.0, 6.6, 7.8, 0.0),
    (-3.90, -4.7, 6.95, 6.6, 7.6, 0.0),
    (-4.32, -5.1, 6.9, 6.6, 7.5, 0.0),  # over the mouth: row 22
    (-4.76, -5.5, 6.85, 6.6, 7.4, 0.0),
    (-5.20, -5.9, 6.8, 6.6, 7.4, 0.0),
    (-5.64, -6.3, 6.75, 6.6, 7.4, 0.0),
    (-6.08, -6.7, 6.7, 6.6, 7.4, 0.0),
    (-6.52, -7.1, 6.6, 6.5, 7.5, 0.0),
    (-6.96, -7.5, 6.5, 6.4, 7.6, 0.0),
    (-7.40, -7.9, 6.4, 6.3, 7.7, -0.03),
    (-7.86, -8.3, 6.2, 6.2, 7.8, -0.06),  # under the mouth: row 30
    (-8.45, -8.7, 5.9, 6.2, 7.9, -0.1),
    (-9.15, -9.1, 5.5, 6.2, 8.0, -0.2),
    (-9.55, -9.35, 5.35, 6.1, 8.05, -0.32),
    (-9.85, -9.6, 5.2, 5.8, 8.1, -0.5),
    (-10.4, -10.1, 5.0, 5.0, 8.2, -0.9),
    (-10.6, -10.6, 4.9, 3.6, 8.3, -1.25),
    (-10.75, -10.95, 4.8, 2.8, 8.35, -1.2),
    (-10.95, -11.3, 4.8, 2.0, 8.4, -0.9),
    (-11.5, -11.8, 4.8, 1.6, 8.5, -0.3),
    (-12.6, -12.8, 4.8, 1.4, 8.6, 0.0),
    (-14.0, -14.0, 4.8, 1.2, 8.8, 0.0),
    (-15.6, -15.6, 4.9, 1.0, 9.0, 0.0),
    (-17.2, -17.2, 5.0, 0.8, 9.2, 0.0),
)
_MOUTH = (22, 30, 8)
_EYE = (8, 16, 3, 14)
"""Rows of the patch, and columns of the left one."""


@dataclass(frozen=True, eq=False)
class Skin:
    """``points`` [V, 3], ``quads`` [Q, 4] (anticlockwise from outside; a fan's repeats its last),
    and where the rings stand: ``mouth`` [RINGS, 2 * STEPS] and ``eyes``, left then right."""

    points: Array
    quads: Quads
    mouth: Quads
    eyes: tuple[Quads, Quads]


def _columns() -> Array:
    """Azimuths of the columns from the middle of the face to the back, left side."""
    even = np.arcsin(np.arange(FRONT_COLUMNS + 1) * STEP / WIDTH)
    rest = np.linspace(even[-1], np.pi, SIDE_COLUMNS + 1)[1:]
    return np.concatenate([even, rest])


def _grid() -> tuple[Array, Array]:
    """Points before they are cast [rows, columns, 3], and the rays' directions."""
    half = _columns()
    u = np.concatenate([-half[:0:-1][1:], half])  # -N + 1 .. N; the back's column is shared
    rows = np.array(_ROWS)
    ahead = (1 + np.cos(u)) / 2
    y = rows[:, 0, None] * ahead + rows[:, 1, None] * (1 - ahead)
    x = rows[:, 2, None] * np.sin(u)
    deep = np.where(np.cos(u) > 0, rows[:, 3, None], rows[:, 4, None] - 1.0)
    z = deep * np.cos(u) - np.where(np.cos(u) > 0, 0.0, 1.0) * 0.5
    turn = smoothstep(0.62, 1.35, np.abs(u)) * np.pi / 2
    turn = np.where(np.abs(u) > np.pi / 2, np.maximum(turn, np.abs(u)), turn) * np.sign(u)
    low = smoothstep(-9.8, -11.4, rows[:, :1])
    turn = turn + (u - turn) * low
    x, z = x * (1 - low), z * (1 - low) - 4.0 * low
    pitch = rows[:, 5, None] * np.where(rows[:, 5, None] < 0, ahead, 1.0)
    way = np.stack(
        [np.sin(turn) * np.cos(pitch), np.sin(pitch) + 0 * turn, np.cos(turn) * np.cos(pitch)],
        axis=-1,
    )
    return np.stack([x, y, z], axis=-1), way


def _around(ids: Quads) -> Quads:
    """The rim of a block of grid points, from the middle of its first column's side round over the
    top row and back along the bottom row."""
    middle = ids.shape[0] // 2
    top = [*ids[middle:0:-1, 0], *ids[0, :-1], *ids[:middle, -1]]
    bottom = [*ids[middle:-1, -1], *ids[-1, :0:-1], *ids[:middle:-1, 0]]
    return np.array(top + bottom)


def _strip(outer: Quads, inner: Quads) -> Quads:
    """Quads between two rings that run clockwise seen from outside."""
    return np.stack([outer, inner, np.roll(inner, -1), np.roll(outer, -1)], axis=-1)


def _blend(rim: Array, ring: Array, count: int) -> Array:
    """Points [count, N, 3] between a rim and a ring, on the skin as seen from the front."""
    share = np.arange(1, count + 1)[:, None, None] / (count + 1)
    flat = rim[None, :, :2] * (1 - share) + ring[None, :, :2] * share
    depth = front(flat[..., 0], flat[..., 1])
    return np.concatenate([flat, depth[..., None]], axis=-1)


class _Sheet:
    """The grid about the head, in which patches of rings take the place of blocks."""

    def __init__(self) -> None:
        start, way = _grid()
        self.points = cast(start.reshape(-1, 3), way.reshape(-1, 3))
        self._ids: Quads = np.arange(len(self.points)).reshape(start.shape[:2])
        self._free = np.ones((start.shape[0] - 1, start.shape[1]), dtype=bool)
        self._middle = len(_columns()) - 2  # column of the face's middle
        self.quads: list[Quads] = []

    def patch(
        self,
        rows: tuple[int, int],
        columns: tuple[int, int],
        between: int,
        rings: Array,
        flip: bool,
    ) -> Quads:
        """Put rings in the place of a block of the grid, with ``between`` more on the skin around
        them; ``flip``: rings and block are of the right side, given as of the left. Returns the
        rings' points' numbers [rings, N]."""
        first, last = (-columns[1], -columns[0]) if flip else columns
        first, last = first + self._middle, last + self._middle
        self._free[rows[0] : rows[1], first:last] = False
        block = self._ids[rows[0] : rows[1] + 1, first : last + 1]
        rim = _around(block[:, ::-1] if flip else block)
        placed = mirrored(self.points[rim]) if flip else self.points[rim]
        made = np.concatenate([_blend(placed, rings[0], between), rings])
        ids = len(self.points) + np.arange(made.shape[0] * made.shape[1]).reshape(made.shape[:2])
        self.points = np.concatenate(
            [self.points, (mirrored(made) if flip else made).reshape(-1, 3)]
        )
        for outer, inner in zip([rim, *ids[:-1]], ids, strict=True):
            strip = _strip(outer, inner)
            self.quads.append(strip[:, ::-1] if flip else strip)
        return ids[between:]

    def close(self, ring: Quads) -> None:
        """Sew a ring of the mouth up, its upper half to its lower."""
        half = len(ring) // 2
        upper, lower = ring[: half + 1], np.append(ring[0], ring[: half - 1 : -1])
        self.quads.append(np.stack([upper[:-1], lower[:-1], lower[1:], upper[1:]], axis=-1))

    def finish(self) -> None:
        """Add what is left of the grid, and a fan at the crown."""
        rows, columns = np.nonzero(self._free)
        beside = (columns + 1) % len(self._ids[0])
        ids = self._ids
        corners = (ids[rows, columns], ids[rows + 1, columns], ids[rows + 1, beside])
        self.quads.append(np.stack([*corners, ids[rows, beside]], axis=-1))
        crown = np.full_like(ids[0], len(self.points))
        after = np.roll(ids[0], -1)
        self.quads.append(np.stack([crown, ids[0], after, after], axis=-1))
        top = cast(np.array([[0.0, 11.8, -2.2]]), np.array([[0.0, 1.0, 0.0]]))
        self.points = np.concatenate([self.points, top])


def build() -> Skin:
    """The neutral skin."""
    sheet = _Sheet()
    top, bottom, wide = _MOUTH
    mouth = sheet.patch((top, bottom), (-wide, wide), 3, lips.NEUTRAL, False)
    sheet.close(mouth[-1])
    top, bottom, first, last = _EYE
    left, right = (
        sheet.patch((top, bottom), (first, last), 2, lids.NEUTRAL, flip) for flip in (False, True)
    )
    sheet.finish()
    points, quads = sheet.points, np.concatenate(sheet.quads)
    # The right half is cut into triangles as the mirror image of the left.
    right_half = points[quads].mean(axis=1)[:, 0] < 0
    quads[right_half] = np.roll(quads[right_half], 1, axis=1)
    used = np.unique(quads)
    number = np.zeros(len(points), dtype=np.int64)
    number[used] = np.arange(len(used))
    quads = number[quads]
    return Skin(_relaxed(points[used], quads), quads, number[mouth], (number[left], number[right]))


def _relaxed(points: Array, quads: Quads) -> Array:
    """The points with throat and nape evened out, where rays meet the skin at odd angles."""
    ends = np.stack([quads, np.roll(quads, -1, axis=1)], axis=-1).reshape(-1, 2)
    ends = np.concatenate([ends, ends[:, ::-1]])
    count = np.bincount(ends[:, 0], minlength=len(points))[:, None]
    share = smoothstep(-9.2, -10.8, points[:, 1:2]) * smoothstep(-17.2, -16.0, points[:, 1:2])
    moving = np.flatnonzero(share[:, 0] > 0)
    for _ in range(40):
        middle = np.zeros_like(points)
        for axis in range(3):
            middle[:, axis] = np.bincount(ends[:, 0], points[ends[:, 1], axis], len(points))
        points = points + share * 0.6 * (middle / count - points)
        points[moving] = settle(points[moving])
    return points


def triangles(quads: Quads) -> NDArray[np.int64]:
    """Quads cut in two; a quad that repeats a corner gives one."""
    cut = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    whole = (cut[:, 0] != cut[:, 1]) & (cut[:, 1] != cut[:, 2]) & (cut[:, 0] != cut[:, 2])
    made: Quads = cut[whole]
    return made
