"""Everything of the head but its skin: eyes, teeth, tongue, brows, lashes, hair, ears, bust."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import lids, lips
from .sculpt import EYE, EYE_RADIUS, Array, cast, front, gradient, mirrored, smoothstep

Ids = NDArray[np.int64]
SKIN = (0.915, 0.735, 0.635)
LIP = (0.80, 0.45, 0.43)
INSIDE = (0.33, 0.10, 0.10)
TOOTH = (0.965, 0.95, 0.915)
TONGUE = (0.80, 0.42, 0.42)
HAIR = (0.25, 0.155, 0.105)
BROW = (0.27, 0.17, 0.12)
LASH = (0.13, 0.085, 0.07)
SCLERA = (0.965, 0.962, 0.955)
SHIRT = (0.23, 0.43, 0.50)


@dataclass(frozen=True, eq=False)
class Part:
    """Points [V, 3] (centimetres), triangles [T, 3], linear-light or not, as seen: sRGB colours
    [V, 3] in [0, 1]."""

    name: str
    points: Array
    triangles: Ids
    colours: Array


def sheet(rows: int, columns: int, closed: bool = False) -> Ids:
    """Triangles of a grid of points that runs down its rows; ``closed`` joins the last column to
    the first. Columns that run anticlockwise seen from outside's right face outwards."""
    ids = np.arange(rows * columns).reshape(rows, columns)
    if closed:
        ids = np.concatenate([ids, ids[:, :1]], axis=1)
    a, b, c, d = ids[:-1, :-1], ids[1:, :-1], ids[1:, 1:], ids[:-1, 1:]
    first, second = np.stack([a, b, c], axis=-1), np.stack([a, c, d], axis=-1)
    return np.concatenate([first.reshape(-1, 3), second.reshape(-1, 3)])


def painted(count: int, colour: tuple[float, float, float]) -> Array:
    return np.tile(np.array(colour), (count, 1))


def join(name: str, *parts: Part) -> Part:
    """Parts as one."""
    starts = np.cumsum([0, *(len(part.points) for part in parts[:-1])])
    return Part(
        name,
        np.concatenate([part.points for part in parts]),
        np.concatenate([p.triangles + s for p, s in zip(parts, starts, strict=True)]),
        np.concatenate([part.colours for part in parts]),
    )


def mirror(part: Part, name: str) -> Part:
    return Part(name, mirrored(part.points), part.triangles[:, ::-1], part.colours)


def eyeball(name: str = "eyeLeft") -> Part:
    """A ball about +Z with its iris painted on rings."""
    around = 32
    edges = [0.0, 0.2, 0.43, 0.445, 0.66, 0.93, 1.0, 1.06, 1.2, 1.6, 2.0, 2.25]
    angles = [np.arcsin(e / EYE_RADIUS) for e in edges] + [1.45, 1.8]
    shades = [
        (0.03,) * 3, (0.03,) * 3, (0.03,) * 3, (0.20, 0.33, 0.40), (0.32, 0.50, 0.58),
        (0.25, 0.41, 0.49), (0.13, 0.20, 0.25), (0.55, 0.58, 0.60),
        SCLERA, SCLERA, (0.93, 0.89, 0.87), (0.88, 0.80, 0.78), (0.8, 0.7, 0.7), (0.8, 0.7, 0.7),
    ]  # fmt: skip
    turn = np.arange(around) * 2 * np.pi / around
    points, colours = [], []
    for angle, shade in zip(angles, shades, strict=True):
        flat = np.stack([np.sin(turn), np.cos(turn)], axis=-1) * np.sin(angle)
        points.append(np.column_stack([flat, np.full(around, np.cos(angle))]) * EYE_RADIUS)
        glow = (
            1 - 0.22 * np.cos(turn) if 0.44 < np.sin(angle) * EYE_RADIUS < 1.02 else np.ones(around)
        )
        colours.append(np.array(shade) * glow[:, None])
    ball = np.concatenate(points) + EYE
    faces = sheet(len(angles), around, closed=True)[:, ::-1]
    return Part(name, ball, faces, np.clip(np.concatenate(colours), 0, 1))


TEETH_BACK = 0.82
"""How far the teeth's front stands behind the neutral seam."""


def _teeth(name: str, top: float, height: float, half: float, back: float, per: int) -> Part:
    """A row of teeth along the mouth's arch, from ``top`` down by ``height``."""
    columns = per * 12 + 1
    a = np.linspace(-1.45, 1.45, columns)
    deep = 3.6
    x = half * np.sin(a)
    z = np.polyval(lips.ARCH, 0.0) - back - deep * (1 - np.cos(a)) ** 1.5
    gap = np.abs(np.sin(np.linspace(0, 12 * np.pi, columns))) ** 0.5
    edge = (1 - 0.07 * (1 - gap)) * (1 - 0.3 * np.sin(a) ** 2)
    rows = (
        (-0.25, -0.25),
        (0.0, 0.0),
        (0.25, 0.04),
        (0.85, 0.02),
        (1.0, -0.06),
        (1.0, -0.22),
        (0.6, -0.42),
        (0.1, -0.50),
        (-0.25, -0.52),
    )
    slope = 1.5 * deep * np.sqrt(1 - np.cos(a)) * np.sin(a)
    normal = np.stack([slope, half * np.cos(a)], axis=-1)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    shadow = 1 - 0.6 * np.sin(a) ** 2  # of the cheeks, on the back teeth
    points, colours = [], []
    for down, ahead in rows:
        out = ahead - 0.05 * (1 - gap) * (0 <= down < 1)
        y = top - height * (down * edge if down > 0 else down)
        points.append(
            np.stack([x + normal[:, 0] * out, y + 0 * x, z + normal[:, 1] * out], axis=-1)
        )
        shade = np.array(TONGUE if down < 0 else TOOTH) * (shadow * (0.93 + 0.07 * gap))[:, None]
        colours.append(shade)
    faces = sheet(len(rows), columns)
    if height < 0:
        faces = faces[:, ::-1]
    return Part(name, np.concatenate(points), faces, np.concatenate(colours))


def teeth() -> tuple[Part, Part]:
    """Upper and lower teeth with a strip of gum."""
    upper = _teeth("teethUpper", lips.CENTRE_Y + 0.60, 0.98, 2.35, TEETH_BACK, 4)
    lower = _teeth("teethLower", lips.CENTRE_Y - 0.98, -0.80, 1.95, TEETH_BACK + 0.22, 4)
    return upper, lower


def tongue() -> Part:
    """A flat tapered bag, its tip behind the lower teeth."""
    rows, columns = 12, 16
    along = 1 - (1 - np.linspace(0, 1, rows)[:, None]) ** 2
    turn = np.arange(columns) * 2 * np.pi / columns
    wide = 1.3 * np.sqrt(np.clip(1 - along**5, 0, 1))
    thick = 0.42 * np.sqrt(np.clip(1 - along**8, 0, 1))
    x = wide * np.sin(turn)
    groove = 0.10 * np.exp(-((x / 0.25) ** 2)) * np.clip(3 * np.cos(turn), 0, 1)
    y = lips.CENTRE_Y - 0.85 + thick * np.cos(turn) - groove - 0.2 * (1 - along) + 0.05 * along
    z = np.polyval(lips.ARCH, 0.0) - TEETH_BACK - 0.75 - 4.2 * (1 - along) + 0 * turn
    points = np.stack([x, y, z], axis=-1).reshape(-1, 3)
    return Part("tongue", points, sheet(rows, columns, True), painted(len(points), TONGUE))


def brow(name: str = "browLeft") -> Part:
    """A tapered strip that stands off the skin."""
    columns, turn = 14, np.array([0, 1, 2, 3, 4, 5]) * 2 * np.pi / 6
    t = np.linspace(0, 1, columns)
    x = 1.25 + 4.35 * t
    y = 2.15 + 0.66 * np.sin(np.clip(t * 1.05, 0, 1) ** 0.9 * np.pi * 0.72) - 0.30 * t
    thick = (
        0.27 * (0.85 + 0.25 * t) * np.clip(1 - t**2.4, 0, 1) ** 0.8 * smoothstep(-0.05, 0.22, t)
        + 0.012
    )
    up = np.cos(turn)[:, None] * thick
    deep = np.sin(turn)[:, None] * 0.13 * (thick / 0.3)
    flat = np.stack(np.broadcast_arrays(x + 0 * up, y + up), axis=-1)
    z = front(flat[..., 0], flat[..., 1]) + deep + 0.10
    points = np.concatenate([flat, z[..., None]], axis=-1).transpose(1, 0, 2).reshape(-1, 3)
    return Part(name, points, sheet(columns, 6, True), painted(len(points), BROW))


def lash(name: str = "lashLeft") -> Part:
    """A dark line along the upper lid's margin, thicker outwards; moved by :func:`lash_of`."""
    points = lash_of(lids.NEUTRAL)
    return Part(name, points, sheet(3, lids.STEPS + 1), painted(len(points), LASH))


def lash_of(rings: Array) -> Array:
    """Points of the lash on lids posed as ``rings`` (:func:`lids.rings`)."""
    margin = rings[lids.MARGIN, : lids.STEPS + 1]
    s = lids.S[: lids.STEPS + 1]
    out = margin - EYE
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    grow = np.sqrt(np.clip(1 - np.abs(s) ** 3, 0, 1)) * (0.6 + 0.4 * smoothstep(-1, 0.8, s)) + 0.05
    up = np.array([0.0, 1.0, 0.0])
    away = 0.12 * smoothstep(0.2, 1.0, s)[:, None] * np.array([1.0, 0.25, -0.3])
    rows = [
        margin + out * 0.03 + up * 0.13 * grow[:, None],
        margin + out * 0.20 * grow[:, None] + up * 0.02 + away,
        margin - out * 0.02 - up * 0.03,
    ]
    return np.concatenate(rows)


def hair() -> Part:
    """A cap with a parted sweep: the skull pushed out where hair grows."""
    rows, columns = 26, 76
    polar = np.linspace(0.0, 1.0, rows)[:, None]
    turn = np.arange(columns) * 2 * np.pi / columns
    # How far down hair reaches at each azimuth (0 in front, half a turn behind).
    side = np.abs((turn + np.pi) % (2 * np.pi) - np.pi)
    reach = 0.93 + 0.75 * smoothstep(0.55, 1.25, side) + 0.85 * smoothstep(1.55, 2.5, side)
    reach = reach - 0.16 * np.exp(-(((turn - 0.45) / 0.28) ** 2)) + 0.02 * np.cos(14 * turn)
    angle = polar * reach
    way = np.stack(
        [np.sin(angle) * np.sin(turn), np.cos(angle) + 0 * turn, np.sin(angle) * np.cos(turn)],
        axis=-1,
    ).reshape(-1, 3)
    centre = np.array([0.0, 1.5, -1.6])
    base = cast(centre + way * 5, way)
    edge = np.broadcast_to(polar, (rows, columns)).reshape(-1)
    azimuth = np.broadcast_to(side, (rows, columns)).reshape(-1)
    sweep = 0.9 + 0.55 * np.exp(-((azimuth / 0.8) ** 2)) * smoothstep(0.2, 0.8, edge)
    lock = np.cos(np.broadcast_to(turn, (rows, columns)).reshape(-1) * 13 + 5 * edge)
    strands = (0.05 + 0.07 * edge) * lock
    thick = (sweep + strands) * np.sqrt(np.clip(1 - edge**5, 0, 1)) - 0.06
    points = base + gradient(base) * thick[:, None]
    shade = np.array(HAIR) * (1 + 0.22 * lock[:, None])
    return Part("hair", points, sheet(rows, columns, True), np.clip(shade, 0, 1))


def ear(name: str = "earLeft") -> Part:
    """A disc bent into a rim and a bowl."""
    rings, around = 9, 28
    r = np.linspace(0.0, 1.0, rings)[:, None]
    turn = np.arange(around) * 2 * np.pi / around
    outline = (
        1
        + 0.10 * np.cos(turn - 0.6)
        - 0.12 * np.cos(2 * turn)
        - 0.16 * np.sin(turn) * (np.cos(turn) < 0)
    )
    height, wide = 2.5 * np.cos(turn) * outline * r, 1.45 * np.sin(turn) * outline * r
    height = np.where(height < 0, height * 0.95, height)
    wide = wide * (1 - 0.28 * smoothstep(0.2, -2.4, height))
    rim = 0.42 * np.exp(-(((r - 0.80) / 0.14) ** 2)) - 0.30 * np.exp(-((r / 0.5) ** 2))
    lobe = smoothstep(-0.9, -1.9, height)
    out = rim * (1 - 0.8 * lobe) + 0.12 * lobe - 0.55 * smoothstep(0.86, 1.0, r)
    # Local axes: up, back and out of the head's side.
    up, back, outwards = (
        np.array([0, 0.97, -0.22]),
        np.array([0.28, -0.21, -0.93]),
        np.array([0.93, 0.02, 0.30]),
    )
    middle = np.array([7.15, -1.2, -1.5])
    points = (
        middle
        + height[..., None] * up
        + wide[..., None] * back
        + (out + 0.25 + 0.2 * wide)[..., None] * outwards
    )
    points = points.reshape(-1, 3)
    shade = np.array(SKIN) * (1 - 0.22 * np.exp(-((r / 0.42) ** 2)) + 0 * turn).reshape(-1, 1)
    shade[:, 1:] *= 0.97
    faces = sheet(rings, around, True)[:, ::-1]
    behind = Part(name, points - 0.13 * outwards, faces[:, ::-1], shade)
    return join(name, Part(name, points, faces, shade), behind)


def nostril(name: str = "nostrilLeft") -> Part:
    """A dark spot under the nose whose rim has the skin's colour."""
    around, turn = 14, np.arange(14) * 2 * np.pi / 14
    way = np.array([0.06, -0.80, 0.60])
    side, ahead = np.array([1.0, 0.0, 0.1]), np.array([-0.1, 0.6, 0.8])
    points, colours = [], []
    for r, dark in ((0.02, 1.0), (0.55, 0.95), (0.8, 0.6), (1.0, 0.1)):
        offset = r * (0.30 * np.sin(turn)[:, None] * side + 0.36 * np.cos(turn)[:, None] * ahead)
        start = np.array([0.50, -4.0, 7.3]) + offset
        skin = cast(start, np.tile(way, (around, 1)), 1.0, 2.0)
        points.append(skin + (0.10 - 0.13 * r**2) * way)
        shade = np.array(SKIN) * (1 - dark) + np.array((0.36, 0.17, 0.14)) * dark
        colours.append(np.tile(shade, (around, 1)))
    faces = sheet(4, around, True)[:, ::-1]
    return Part(name, np.concatenate(points), faces, np.concatenate(colours))


def bust() -> Part:
    """Shoulders in a shirt; the neck turns inside its collar."""
    rows = (
        (-16.6, 2.5, 2.5, -4.0), (-15.8, 4.6, 4.6, -4.0), (-14.0, 4.9, 4.9, -4.0),
        (-13.6, 5.2, 5.2, -4.0), (-13.9, 5.6, 5.6, -4.1), (-15.0, 6.0, 6.0, -4.2),
        (-16.0, 7.6, 6.6, -4.3), (-17.2, 11.5, 7.4, -4.4), (-18.8, 15.4, 8.2, -4.4),
        (-21.0, 17.6, 8.8, -4.2), (-24.5, 18.4, 9.3, -4.0), (-29.0, 18.2, 9.4, -3.8),
    )  # fmt: skip
    turn = np.arange(40) * 2 * np.pi / 40
    ring = [
        np.stack(
            [
                wide * np.sin(turn),
                y - (0.5 * np.cos(turn) if y > -15.2 else 0.0) + 0 * turn,
                z + deep * np.cos(turn),
            ],
            axis=-1,
        )
        for y, wide, deep, z in rows
    ]
    points = np.concatenate(ring)
    return Part("bust", points, sheet(len(rows), 40, True), painted(len(points), SHIRT))
