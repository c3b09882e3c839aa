"""Poses of the mouth for ARKit's channels, and how far the skin about it follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .chart import Skin
from .lips import JAW, LEFT, LIP_RINGS, NEUTRAL, RIGHT, RINGS, STEPS, UPPER, Mouth, S, rings
from .sculpt import Array, smoothstep

_UP, _LOW = UPPER.astype(float), (~UPPER).astype(float)
_MIDDLE = np.clip(1 - S**2, 0, 1)
_MEET = 0.38
"""Where closed lips meet over an open jaw, of the way that the lower one went down."""


@dataclass(frozen=True)
class Felt:
    """What a channel adds to the mouth's rings [RINGS, 2 * STEPS, 3], and how far off the mouth
    skin still follows (centimetres)."""

    moved: Array
    reach: float


def _shift(x: Any = 0.0, y: Any = 0.0, z: Any = 0.0) -> Array:
    made = np.zeros((2 * STEPS, 3))
    for axis, value in enumerate((x, y, z)):
        made[:, axis] += value
    return made


def _whole() -> dict[str, tuple[Mouth, float]]:
    """Poses of channels that have no side of their own."""
    rolled = np.sqrt(_MIDDLE)
    funnel = Mouth(
        width=0.70,
        forward=0.55 * (0.4 + 0.6 * _MIDDLE),
        flare=0.42 * _MIDDLE,
        thick=1.12,
        bulge=1.3,
    )
    pucker = Mouth(width=0.50, forward=0.95 * (0.35 + 0.65 * _MIDDLE), thick=1.22, bulge=1.55)
    raised = _MIDDLE**0.7
    return {
        "mouthFunnel": (funnel, 2.6),
        "mouthPucker": (pucker, 3.0),
        "mouthLeft": (Mouth(shift=_shift(0.95, 0.12 * S, -0.28 * S)), 3.4),
        "mouthRight": (Mouth(shift=_shift(-0.95, -0.12 * S, 0.28 * S)), 3.4),
        "mouthRollLower": (Mouth(roll=_LOW * rolled, shift=_shift(z=-0.10 * _LOW * _MIDDLE)), 1.2),
        "mouthRollUpper": (Mouth(roll=_UP * rolled, shift=_shift(z=-0.10 * _UP * _MIDDLE)), 1.0),
        "mouthShrugLower": (
            Mouth(shift=_shift(y=0.42 * raised, z=0.12 * _MIDDLE), bulge=1 + 0.25 * _LOW),
            1.6,
        ),
        "mouthShrugUpper": (
            Mouth(shift=_shift(y=0.40 * raised, z=0.15 * _MIDDLE), bulge=1 + 0.25 * _UP),
            1.3,
        ),
    }


def _sided(side: str) -> dict[str, tuple[Mouth, float]]:
    """Poses of one side, without the side in their names."""
    half, out = (LEFT, 1.0) if side == "Left" else (RIGHT, -1.0)
    along = S * out
    corner = smoothstep(0.15, 1.0, half)
    pull = np.clip((half - 0.35) / 0.65, 0, 1) ** 1.7
    lip = smoothstep(-0.75, 0.30, along) * smoothstep(1.0, 0.45, along)
    pressed = smoothstep(0.25, 0.8, half)
    return {
        "mouthSmile": (
            Mouth(shift=_shift(out * 0.85 * corner, pull, -0.62 * pull), thick=1 - 0.22 * corner),
            3.2,
        ),
        "mouthFrown": (Mouth(shift=_shift(out * 0.18 * corner, -0.9 * pull, -0.22 * pull)), 2.6),
        "mouthDimple": (
            Mouth(
                shift=_shift(out * 0.55 * corner, 0.12 * pull, -0.55 * pull),
                thick=1 - 0.15 * corner,
            ),
            2.0,
        ),
        "mouthStretch": (
            Mouth(
                shift=_shift(out * 0.85 * corner, -0.30 * pull, -0.45 * pull),
                thick=1 - 0.18 * corner,
            ),
            3.2,
        ),
        "mouthPress": (
            Mouth(
                shift=_shift(out * 0.12 * corner, 0.06 * pull),
                thick=1 - 0.38 * pressed,
                bulge=1 - 0.55 * pressed,
                roll=0.18 * lip,
            ),
            1.4,
        ),
        "mouthLowerDown": (
            Mouth(
                shift=_shift(out * 0.08 * lip, -0.72 * lip) * _LOW[:, None], flare=0.1 * lip * _LOW
            ),
            1.8,
        ),
        "mouthUpperUp": (
            Mouth(shift=_shift(0.0, 0.62 * lip, 0.03 * lip) * _UP[:, None], flare=0.08 * lip * _UP),
            1.8,
        ),
    }


def poses(drop: Array) -> dict[str, Felt]:
    """All channels of the mouth. ``drop`` [2 * STEPS, 3]: what a full jawOpen adds to points of the
    margin that follow the jaw altogether."""
    posed = _whole()
    for side in ("Left", "Right"):
        posed |= {name + side: pose for name, pose in _sided(side).items()}
    fade = np.ones((RINGS, 1, 1))
    fade[LIP_RINGS:, 0, 0] = (0.8, 0.5, 0.15, 0.0)
    felt = {
        name: Felt((rings(pose) - NEUTRAL) * fade, reach) for name, (pose, reach) in posed.items()
    }
    meet = _MEET + (0.5 - _MEET) * np.abs(S) ** 5
    felt["mouthClose"] = Felt(drop * (meet - JAW)[:, None] * fade, 1.6)
    return felt


def about(skin: Skin, points: Array, felt: Felt) -> Array:
    """What a channel adds to points [N, 3] about the mouth: what the lips' border near them does,
    fading with the distance."""
    border = skin.points[skin.mouth[0]]
    away = np.linalg.norm(points[:, None] - border[None], axis=-1)
    near = away.min(axis=1)
    share = np.exp((near[:, None] ** 2 - away**2) / 0.35)
    share /= share.sum(axis=1, keepdims=True)
    fade = smoothstep(felt.reach, 0.0, near) * (points[:, 2] > 0)
    result: Array = (share @ felt.moved[0]) * fade[:, None]
    return result


def spread(skin: Skin, felt: Felt) -> Array:
    """What a channel of the mouth adds to the whole skin."""
    made = about(skin, skin.points, felt)
    made[skin.mouth.ravel()] = felt.moved.reshape(-1, 3)
    return made
