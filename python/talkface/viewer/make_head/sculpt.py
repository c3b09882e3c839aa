"""The head as a smooth implicit surface, and rays cast onto it.

Units of this package: centimetres, origin between the eyes, +Y up, +Z out of the face, +X to the
character's left (the GLB is written in metres about the neck).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

EYE = np.array([3.4, 0.0, 3.5])
"""Centre of the left eyeball."""
EYE_RADIUS = 2.35
LID = 0.17
"""How far a lid stands off its eyeball."""


def mirrored(points: Array) -> Array:
    """The points with x turned round."""
    result: Array = points * np.array([-1.0, 1.0, 1.0])
    return result


def smoothstep(low: Any, high: Any, x: Any) -> Array:
    """0 at ``low``, 1 at ``high`` (which may lie below ``low``), smooth between."""
    t = np.clip((np.asarray(x, dtype=np.float64) - low) / (np.asarray(high) - low), 0.0, 1.0)
    result: Array = t * t * (3 - 2 * t)
    return result


def bump(points: Array, centre: Any, size: Any) -> Array:
    """A Gaussian of the points [..., 3] about a centre, ``size`` in x, y, z or one number."""
    away = (points - np.asarray(centre)) / np.asarray(size)
    result: Array = np.exp(-0.5 * (away**2).sum(axis=-1))
    return result


def _union(a: Array, b: Array, k: float) -> Array:
    h = np.clip(0.5 + 0.5 * (b - a) / k, 0.0, 1.0)
    result: Array = b + (a - b) * h - k * h * (1 - h)
    return result


def _carve(a: Array, b: Array, k: float) -> Array:
    return -_union(-a, b, k)


def _ball(p: Array, centre: Any, radius: float) -> Array:
    result: Array = np.linalg.norm(p - np.asarray(centre), axis=-1) - radius
    return result


def _ellipsoid(p: Array, centre: Any, radii: Any) -> Array:
    q = (p - np.asarray(centre)) / np.asarray(radii)
    k0 = np.linalg.norm(q, axis=-1)
    k1 = np.linalg.norm(q / np.asarray(radii), axis=-1)
    result: Array = k0 * (k0 - 1.0) / np.maximum(k1, 1e-9)
    return result


def _capsule(p: Array, a: Any, b: Any, ra: float, rb: float) -> Array:
    a, b = np.asarray(a), np.asarray(b)
    along = np.clip(((p - a) @ (b - a)) / ((b - a) @ (b - a)), 0.0, 1.0)
    result: Array = np.linalg.norm(p - a - along[..., None] * (b - a), axis=-1)
    result -= ra + (rb - ra) * along
    return result


_SOCKET = EYE + np.array([0.1, 0.0, 3.3])


def head(points: Array) -> Array:
    """Signed distance (about) of points [..., 3] from the skin, negative inside."""
    p = points * 1.0
    p[..., 0] = np.abs(p[..., 0])
    d = _ellipsoid(p, (0, 3.6, -2.2), (7.5, 8.2, 9.0))
    d = _union(d, _ellipsoid(p, (0, -1.5, 0.6), (6.5, 8.0, 6.3)), 2.0)
    d = _union(d, _ellipsoid(p, (0, -6.0, 2.4), (4.8, 4.2, 4.7)), 2.0)
    d = _union(d, _ball(p, (0, -8.6, 5.1), 1.6), 1.8)
    d = _union(d, _ball(p, (3.7, -3.0, 3.6), 2.7), 1.6)
    d = _union(d, _capsule(p, (0.8, 2.3, 5.2), (4.4, 2.2, 3.6), 1.1, 0.9), 1.4)
    d = _union(d, _capsule(p, (0, -6.0, -3.2), (0, -19.0, -4.4), 3.9, 4.4), 2.2)
    d = _carve(d, _ellipsoid(p, _SOCKET, (2.6, 1.8, 1.3)), 1.3)
    d = _union(d, _ball(p, EYE, EYE_RADIUS + LID), 0.35)
    d = _union(d, _capsule(p, (0, 0.6, 5.6), (0, -3.1, 7.55), 0.55, 0.72), 1.0)
    d = _union(d, _ball(p, (0, -3.25, 7.75), 0.92), 0.5)
    d = _union(d, _ball(p, (0.98, -3.55, 6.8), 0.70), 0.4)
    return _union(d, _ellipsoid(p, (0, -6.0, 5.3), (2.9, 1.7, 1.75)), 1.3)


def cast(points: Array, directions: Array, outside: float = 7.0, inside: float = 9.0) -> Array:
    """Where lines through points [N, 3] along directions first meet the skin from outside; the
    points themselves where a line misses it."""
    steps = np.linspace(outside, -inside, 160)
    values = np.stack([head(points + t * directions) for t in steps])
    hit = np.array(values < 0)
    met: NDArray[np.bool_] = np.any(hit, axis=0)
    first = np.where(met, np.argmax(hit, axis=0), 0)
    low, high = steps[first], steps[np.maximum(first - 1, 0)]
    for _ in range(30):
        middle = (low + high) / 2
        below = head(points + middle[:, None] * directions) < 0
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.where(met[:, None], points + low[:, None] * directions, points)


def gradient(points: Array) -> Array:
    """Unit outward normals of the sculpt at points [N, 3]."""
    step = 1e-3
    made = np.stack([head(points + d) - head(points - d) for d in np.eye(3) * step], axis=-1)
    result: Array = made / (np.linalg.norm(made, axis=1, keepdims=True) + 1e-12)
    return result


def settle(points: Array) -> Array:
    """Points [N, 3] near the skin, moved onto it."""
    for _ in range(3):
        points = points - head(points)[:, None] * gradient(points)
    return points


def front(x: Any, y: Any) -> Array:
    """Depth of the skin seen from the front at (x, y)."""
    x, y = np.broadcast_arrays(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64))
    points = np.stack([x.ravel(), y.ravel(), np.full(x.size, 3.0)], axis=-1)
    met = cast(points, np.broadcast_to((0.0, 0.0, 1.0), points.shape))
    result: Array = met[:, 2].reshape(x.shape)
    return result
