"""ARKit's channels of jaw, eyes, brows, cheeks and nose as fields of displacement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import lids, lips
from .sculpt import EYE, Array, bump, mirrored, smoothstep

HINGE = np.array([0.0, -1.6, -0.6])
JAW_ANGLE = np.radians(19.0)
GAZE = 0.611
"""Radians an eyeball turns at weight 1 (docs/conventions.md)."""
EYE_SHAPES = ("Blink", "LookDown", "LookIn", "LookOut", "LookUp", "Squint", "Wide")

Field = Callable[[Array], Array]


def _rotate_x(points: Array, angle: float, about: Array) -> Array:
    c, s = np.cos(angle), np.sin(angle)
    result: Array = (points - about) @ np.array([[1, 0, 0], [0, c, s], [0, -s, c]]) + about
    return result


def jaw_drop(points: Array) -> Array:
    """What a full jawOpen adds to points that follow the jaw altogether."""
    down = np.array([0.0, -0.15, -0.1])
    result: Array = _rotate_x(points, JAW_ANGLE, HINGE) - points + down
    return result


def jaw_aside(points: Array) -> Array:
    """What a full jawLeft adds to points that follow the jaw altogether: a turn, mostly."""
    made = np.zeros_like(points)
    made[:, 0] = 0.10 + 0.105 * np.clip(points[:, 2] - HINGE[2], 0, None)
    return made


def jaw(points: Array) -> dict[str, Array]:
    """The jaw's channels on points that follow it altogether."""
    ahead = np.tile((0.0, -0.03, 0.55), (len(points), 1))
    aside = jaw_aside(points)
    return {
        "jawOpen": jaw_drop(points),
        "jawForward": ahead,
        "jawLeft": aside,
        "jawRight": -aside,
    }


def jaw_share(points: Array) -> Array:
    """How far skin follows the jaw [N], by its angle about the hinge."""
    angle = np.degrees(np.arctan2(points[:, 1] - HINGE[1], points[:, 2] - HINGE[2]))
    beside = np.maximum(np.abs(points[:, 0]) - lips.HALF_WIDTH, 0)
    away = np.hypot(beside, points[:, 1] - lips.CENTRE_Y)
    soft = 4 + 15 * smoothstep(0.2, 4.5, away)
    middle = -29.0 - 10 * smoothstep(0, 4, beside)
    share = smoothstep(middle + soft, middle - soft, angle)
    neck = smoothstep(-14.5, -10.3, points[:, 1]) * smoothstep(-3.5, 1.8, points[:, 2])
    result: Array = share * neck
    return result


def corners_in(points: Array) -> Array:
    """What a full jawOpen adds at the mouth's corners: they come together."""
    beside = np.abs(points[:, 0]) - lips.HALF_WIDTH
    near = np.exp(-0.5 * (beside**2 + ((points[:, 1] - lips.CENTRE_Y) / 1.2) ** 2))
    made = np.zeros_like(points)
    made[:, 0] = -0.22 * np.sign(points[:, 0]) * near * (points[:, 2] > 1)
    return made


def lid_rings(name: str) -> Array:
    """What a channel of the left eye adds to its lids' rings."""
    up, down = lids.UP, lids.DOWN
    posed = {
        "eyeBlink": lambda: lids.rings(*lids.closed(), bulge=0.10),
        "eyeSquint": lambda: lids.rings(up - 0.26, down - 0.42, bulge=0.02),
        "eyeWide": lambda: lids.rings(up + 0.36, down + 0.08),
        "eyeLookDown": lambda: lids.rings(up - 0.62, down + 0.16, bulge=0.03),
        "eyeLookUp": lambda: lids.rings(up + 0.34, down - 0.14),
    }
    return posed[name]() - lids.NEUTRAL if name in posed else np.zeros_like(lids.NEUTRAL)


_LOOKS = {"eyeLookDown": (0, 1), "eyeLookUp": (0, -1), "eyeLookIn": (-1, 0), "eyeLookOut": (1, 0)}
_BLINK_BACK = -0.12
"""Centimetres that a blink takes the eyeball back, out of the way of the lid's straight path."""


def eyeball(name: str, points: Array) -> Array:
    """What a channel of the left eye adds to the eyeball's points."""
    made = np.zeros_like(points)
    if name == "eyeBlink":
        made[:, 2] = _BLINK_BACK
    if name not in _LOOKS:
        return made
    turn, nod = (GAZE * way for way in _LOOKS[name])
    c, s = np.cos(turn), np.sin(turn)
    away = (points - EYE) @ np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]])
    result: Array = _rotate_x(away, nod, np.zeros(3)) + EYE - points
    return result


def _along(*terms: tuple[Any, Any, Any]) -> Field:
    """The sum of bumps: centre, size, and the displacement at its top."""

    def field(points: Array) -> Array:
        made = np.zeros_like(points)
        for centre, size, vector in terms:
            made += bump(points, centre, size)[:, None] * np.asarray(vector)
        return made

    return field


_LEFT: dict[str, Field] = {
    "browDown": _along(
        ((1.9, 2.2, 5.5), (1.7, 1.05, 3), (-0.28, -0.72, 0.10)),
        ((4.3, 2.4, 4.5), (1.3, 1.0, 3), (-0.05, -0.30, 0.02)),
    ),
    "browOuterUp": _along(((4.3, 2.5, 4.6), (1.6, 1.4, 3), (0.0, 0.95, 0.02))),
    "cheekPuff": _along(((4.3, -4.9, 4.4), (1.8, 1.7, 2.2), (0.75, 0.0, 0.75))),
    "cheekSquint": _along(
        ((3.6, -2.6, 5.4), (1.5, 0.95, 2.0), (0.05, 0.55, 0.32)),
        ((3.3, -1.15, 5.6), (1.5, 0.35, 2), (0.0, 0.16, 0.06)),
    ),
    "noseSneer": _along(
        ((0.95, -3.35, 7.0), (0.65, 0.75, 1.3), (0.10, 0.50, 0.10)),
        ((1.7, -2.6, 6.2), (0.8, 1.3, 1.5), (0.0, 0.30, 0.12)),
        ((0.9, 1.3, 6.3), (0.8, 0.7, 2.0), (-0.06, -0.22, 0.10)),
    ),
    "mouthSmile": _along(
        ((3.75, -2.9, 5.0), (1.3, 1.15, 2.0), (0.22, 0.45, 0.42)),
        ((2.5, -4.4, 6.2), (0.45, 0.9, 1.5), (0.0, 0.05, -0.16)),
    ),
}
SIDED = tuple(_LEFT)
"""Channels with a field on either side; cheekPuff is both at once."""
BROWS = ("browDown", "browOuterUp")
_HALVED = ("cheekPuff", "mouthSmile", "noseSneer")
INNER_UP: Field = _along(((0.0, 2.4, 6.0), (1.75, 1.35, 3), (0.0, 0.95, 0.02)))
LOWER_SHRUG: Field = _along(((0.0, -8.6, 6.5), (1.6, 1.1, 2.2), (0.0, 0.42, 0.22)))


def field(name: str, points: Array, side: str = "Left") -> Array:
    """What one side of a channel of :data:`SIDED` adds to points [N, 3]."""
    if side == "Right":
        return mirrored(field(name, mirrored(points)))
    made = _LEFT[name](points)
    return made * smoothstep(-0.25, 0.75, points[:, :1]) if name in _HALVED else made
