"""The 52 ARKit blendshapes as fields of displacement over the head's parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import lids, lips
from .chart import Skin
from .lips import LEFT, RIGHT, Mouth
from .parts import Part, lash_of
from .sculpt import EYE, EYE_RADIUS, Array, bump, mirrored, smoothstep

HINGE = np.array([0.0, -1.6, -0.6])
JAW_ANGLE = np.radians(19.0)
GAZE = 0.611
"""Radians an eyeball turns at weight 1 (docs/conventions.md)."""


def _rotate_x(points: Array, angle: float, about: Array) -> Array:
    c, s = np.cos(angle), np.sin(angle)
    return (points - about) @ np.array([[1, 0, 0], [0, c, s], [0, -s, c]]) + about


def jaw_drop(points: Array) -> Array:
    """What a full jawOpen adds to points that follow the jaw altogether."""
    return _rotate_x(points, JAW_ANGLE, HINGE) - points + np.array([0.0, -0.15, -0.1])


def jaw_share(points: Array) -> Array:
    """How far skin follows the jaw, by its angle about the hinge."""
    y, z = points[:, 1] - HINGE[1], points[:, 2] - HINGE[2]
    angle = np.degrees(np.arctan2(y, z))
    beside = np.maximum(np.abs(points[:, 0]) - lips.HALF_WIDTH, 0)
    away = np.hypot(beside, points[:, 1] - lips.CENTRE_Y)
    soft = 4 + 15 * smoothstep(0.2, 4.5, away)
    middle = -29.0 - 10 * smoothstep(0, 4, beside)
    share = smoothstep(middle + soft, middle - soft, angle)
    neck = smoothstep(-14.5, -10.3, points[:, 1]) * smoothstep(-3.5, 1.8, points[:, 2])
    result: Array = share * neck
    return result


@dataclass(frozen=True, eq=False)
class Rig:
    """The skin with what its fields need."""

    skin: Skin

    def lip_ids(self) -> Any:
        return self.skin.mouth

    def spread(self, moved: Array, reach: float) -> Array:
        """A displacement of the mouth's rings [RINGS, N, 3] over the whole skin: the rings' own, and
        around them the border's, fading within ``reach`` centimetres."""
        points, mouth = self.skin.points, self.skin.mouth
        out = self.around(points, moved, reach)
        out[mouth.ravel()] = moved.reshape(-1, 3)
        return out

    def around(self, points: Array, moved: Array, reach: float) -> Array:
        border = self.skin.points[self.skin.mouth[0]]
        away = np.linalg.norm(points[:, None] - border[None], axis=-1)
        near = away.min(axis=1)
        share = np.exp(-0.5 * ((away - near[:, None]) / 0.35) * (away + near[:, None]) / 0.5)
        share /= share.sum(axis=1, keepdims=True)
        fade = smoothstep(reach, 0.0, near) * (points[:, 2] > 0)
        result: Array = (share @ moved[0]) * fade[:, None]
        return result


def _pose_delta(pose: Mouth) -> Array:
    return lips.rings(pose) - lips.NEUTRAL


def _shift(x: Any = 0.0, y: Any = 0.0, z: Any = 0.0) -> Array:
    made = np.zeros((2 * lips.STEPS, 3))
    for axis, value in enumerate((x, y, z)):
        made[:, axis] += value
    return made


_HALVES = {"Left": LEFT, "Right": RIGHT}
_UP, _LOW = lips.UPPER.astype(float), (~lips.UPPER).astype(float)
_MID = np.clip(1 - lips.S**2, 0, 1)


def _half_bump(side: str) -> Array:
    """1 in the middle of one half of the mouth."""
    s = lips.S if side == "Left" else -lips.S
    return smoothstep(-0.75, 0.30, s) * smoothstep(1.0, 0.45, s)


def mouth_poses() -> dict[str, tuple[Mouth, float]]:
    """Poses of the mouth's channels (but jaw and mouthClose) and how far each is felt."""
    poses: dict[str, tuple[Mouth, float]] = {
        "mouthFunnel": (Mouth(width=0.70, forward=0.55 * (0.4 + 0.6 * _MID), flare=0.42 * _MID, thick=1.12, bulge=1.3), 2.6),
        "mouthPucker": (Mouth(width=0.50, forward=0.95 * (0.35 + 0.65 * _MID), thick=1.22, bulge=1.55), 3.0),
        "mouthLeft": (Mouth(shift=_shift(x=0.95, z=-0.28 * lips.S, y=0.12 * lips.S)), 3.4),
        "mouthRight": (Mouth(shift=_shift(x=-0.95, z=0.28 * lips.S, y=-0.12 * lips.S)), 3.4),
        "mouthRollLower": (Mouth(roll=_LOW * np.sqrt(_MID), shift=_shift(z=-0.10 * _LOW * _MID)), 1.2),
        "mouthRollUpper": (Mouth(roll=_UP * np.sqrt(_MID), shift=_shift(z=-0.10 * _UP * _MID)), 1.0),
        "mouthShrugLower": (Mouth(shift=_shift(y=0.42 * _MID**0.7, z=0.12 * _MID), bulge=1 + 0.25 * _LOW), 1.6),
        "mouthShrugUpper": (Mouth(shift=_shift(y=0.40 * _MID**0.7, z=0.15 * _MID), bulge=1 + 0.25 * _UP), 1.3),
    }  # fmt: skip
    for side, half in _HALVES.items():
        sign = 1.0 if side == "Left" else -1.0
        corner = smoothstep(0.15, 1.0, half)
        pull = np.clip((half - 0.35) / 0.65, 0, 1) ** 1.7
        middle = _half_bump(side)
        poses["mouthSmile" + side] = (
            Mouth(shift=_shift(x=sign * 0.85 * corner, y=1.0 * pull, z=-0.62 * pull), thick=1 - 0.22 * corner), 3.2)  # fmt: skip
        poses["mouthFrown" + side] = (
            Mouth(shift=_shift(x=sign * 0.18 * corner, y=-0.9 * pull, z=-0.22 * pull)), 2.6)  # fmt: skip
        poses["mouthDimple" + side] = (
            Mouth(shift=_shift(x=sign * 0.55 * corner, y=0.12 * pull, z=-0.55 * pull), thick=1 - 0.15 * corner), 2.0)  # fmt: skip
        poses["mouthStretch" + side] = (
            Mouth(shift=_shift(x=sign * 0.85 * corner, y=-0.30 * pull, z=-0.45 * pull), thick=1 - 0.18 * corner), 3.2)  # fmt: skip
        poses["mouthPress" + side] = (
            Mouth(thick=1 - 0.38 * smoothstep(0.25, 0.8, half), bulge=1 - 0.55 * smoothstep(0.25, 0.8, half),
                  roll=0.18 * middle, shift=_shift(x=sign * 0.12 * corner, y=0.06 * pull)), 1.4)  # fmt: skip
        poses["mouthLowerDown" + side] = (
            Mouth(shift=_shift(y=-0.72 * middle * _LOW, x=sign * 0.08 * middle * _LOW), flare=0.10 * middle * _LOW), 1.8)  # fmt: skip
        poses["mouthUpperUp" + side] = (
            Mouth(shift=_shift(y=0.62 * middle * _UP, z=0.03 * middle * _UP), flare=0.08 * middle * _UP), 1.8)  # fmt: skip
    return poses


def mouth_close() -> Array:
    """Both margins to one line between them, against a full jawOpen."""
    drop = jaw_drop(lips.NEUTRAL[lips.MARGIN])
    meet = 0.38 + 0.12 * np.abs(lips.S) ** 5
    moved = drop * (meet - lips.JAW)[:, None]
    return np.broadcast_to(moved, lips.NEUTRAL.shape) * _inside_fade()[:, None, None]


def _inside_fade() -> Array:
    fade = np.ones(lips.RINGS)
    fade[lips.LIP_RINGS :] = (0.8, 0.5, 0.15, 0.0)
    return fade


def eye_rings(name: str) -> tuple[Array, Array]:
    """Displacement of the left lids' rings and what the eyeball goes back (centimetres)."""
    base = lids.NEUTRAL
    back = np.zeros(3)
    if name == "eyeBlink":
        up, down = lids.closed()
        posed, back = lids.rings(up, down, bulge=0.10), np.array([0.0, 0.0, -0.12])
    elif name == "eyeSquint":
        posed = lids.rings(lids.UP - 0.26, lids.DOWN - 0.42, bulge=0.02)
    elif name == "eyeWide":
        posed = lids.rings(lids.UP + 0.36, lids.DOWN + 0.08)
    elif name == "eyeLookDown":
        posed = lids.rings(lids.UP - 0.62, lids.DOWN + 0.16, bulge=0.03)
    elif name == "eyeLookUp":
        posed = lids.rings(lids.UP + 0.34, lids.DOWN - 0.14)
    else:
        posed = base
    return posed - base, back


_LOOKS = {"eyeLookDown": (0, 1), "eyeLookUp": (0, -1), "eyeLookIn": (-1, 0), "eyeLookOut": (1, 0)}


def eyeball(name: str, points: Array) -> Array:
    """Displacement of the left eyeball's points."""
    if name not in _LOOKS:
        return np.tile(eye_rings(name)[1], (len(points), 1))
    aside, down = _LOOKS[name]
    away = points - EYE
    turn, nod = GAZE * aside, GAZE * down
    c, s = np.cos(turn), np.sin(turn)
    away = away @ np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]])
    return _rotate_x(away, nod, np.zeros(3)) + EYE - points


Field = Callable[[Array], Array]


def _along(*terms: tuple[Any, Any, Any]) -> Field:
    """The sum of bumps: (centre, size, vector at its top)."""

    def field(points: Array) -> Array:
        made = np.zeros_like(points)
        for centre, size, vector in terms:
            made += bump(points, centre, size)[:, None] * np.asarray(vector)
        return made

    return field


LEFT_FIELDS: dict[str, Field] = {
    "browDown": _along(((1.9, 2.2, 5.5), (1.7, 1.05, 3), (-0.28, -0.72, 0.10)), ((4.3, 2.4, 4.5), (1.3, 1.0, 3), (-0.05, -0.30, 0.02))),
    "browOuterUp": _along(((4.3, 2.5, 4.6), (1.6, 1.4, 3), (0.0, 0.95, 0.02))),
    "cheekPuff": _along(((4.3, -4.9, 4.4), (1.8, 1.7, 2.2), (0.75, 0.0, 0.75))),
    "cheekSquint": _along(((3.6, -2.6, 5.4), (1.5, 0.95, 2.0), (0.05, 0.55, 0.32)), ((3.3, -1.15, 5.6), (1.5, 0.35, 2), (0.0, 0.16, 0.06))),
    "noseSneer": _along(((0.95, -3.35, 7.0), (0.65, 0.75, 1.3), (0.10, 0.50, 0.10)), ((1.7, -2.6, 6.2), (0.8, 1.3, 1.5), (0.0, 0.30, 0.12)), ((0.9, 1.3, 6.3), (0.8, 0.7, 2.0), (-0.06, -0.22, 0.10))),
    "mouthSmile": _along(((3.75, -2.9, 5.0), (1.3, 1.15, 2.0), (0.22, 0.45, 0.42)), ((2.5, -4.4, 6.2), (0.45, 0.9, 1.5), (0.0, 0.05, -0.16))),
}  # fmt: skip


def left_field(name: str) -> Field:
    """The field of a channel's left half; its middle line stays on the middle."""
    field = LEFT_FIELDS[name]
    if name not in ("noseSneer", "mouthSmile", "cheekPuff"):
        return field
    return lambda points: field(points) * smoothstep(-0.25, 0.75, points[:, :1])


INNER_UP: Field = _along(((0.0, 2.4, 6.0), (1.75, 1.35, 3), (0.0, 0.95, 0.02)))
LOWER_SHRUG: Field = _along(((0.0, -8.6, 6.5), (1.6, 1.1, 2.2), (0.0, 0.42, 0.22)))


def jaw_aside(points: Array) -> Array:
    """What a full jawLeft adds to points that follow the jaw altogether: a turn, mostly."""
    ahead = np.clip(points[:, 2] - HINGE[2], 0, None)
    made = np.zeros_like(points)
    made[:, 0] = 0.10 + 0.105 * ahead
    return made
