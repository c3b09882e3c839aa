"""The lips and the mouth's inside: rings about the seam, for a pose of the mouth.

A ring has 2 * STEPS points: along the upper lip from the right corner to the left one, and back
along the lower lip. ``s`` is -1 at the right corner and 1 at the left.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .sculpt import Array, front

STEPS = 24
CENTRE_Y = -6.05
HALF_WIDTH = 2.5
LIP_RINGS = 6
"""Border, two of the red, margin, two of the lip's back; the rings of the mouth's inside follow."""
RINGS = LIP_RINGS + 4
MARGIN = 3

_turn = np.linspace(-1.0, 1.0, STEPS + 1)
_across = np.sin(_turn * np.pi / 2) * 0.35 + _turn * 0.65
S: Array = np.concatenate([_across, _across[-2:0:-1]])
UPPER = np.arange(2 * STEPS) <= STEPS
SIDE = np.where(UPPER, 1.0, -1.0)
LEFT: Array = np.clip((1 + S) / 2, 0, 1)
RIGHT: Array = LEFT[::-1] * 0 + np.clip((1 - S) / 2, 0, 1)
JAW: Array = np.where(UPPER, 0.5 * np.abs(S) ** 5, 1 - 0.5 * np.abs(S) ** 5)
"""How far each point of a ring follows the jaw."""


@dataclass
class Mouth:
    """A pose: what is added to the neutral mouth, numbers or arrays [2 * STEPS] over a ring."""

    shift: Any = field(default_factory=lambda: np.zeros((2 * STEPS, 3)))
    width: Any = 1.0
    forward: Any = 0.0
    thick: Any = 1.0
    bulge: Any = 1.0
    roll: Any = 0.0
    """0 to 1: the red turned inwards over the teeth."""
    flare: Any = 0.0
    """Centimetres by which the red turns outwards."""


def _seam_y(s: Array) -> Array:
    return CENTRE_Y + 0.22 * np.abs(s) ** 2.4 + 0.06 * np.exp(-((s / 0.2) ** 2)) * -1.0


def _arch() -> Array:
    x = np.linspace(-HALF_WIDTH, HALF_WIDTH, 41)
    return np.polyfit(x**2, front(x, np.full_like(x, CENTRE_Y)), 2)


ARCH = _arch()


def _thickness() -> Array:
    a = np.abs(S)
    taper = np.clip(1 - a**2.2, 0, 1) ** 0.75
    bow = 1 - 0.16 * np.exp(-((S / 0.13) ** 2)) + 0.06 * np.exp(-(((a - 0.27) / 0.15) ** 2))
    return np.where(UPPER, 0.66 * taper * bow, 0.84 * np.clip(1 - a**2.0, 0, 1) ** 0.8)


THICK = _thickness()
# Of each ring: share of the thickness, way out of the face, way out of the corner (centimetres).
_PROFILE = (
    (1.00, 0.02, 0.26),
    (0.74, 0.22, 0.17),
    (0.34, 0.34, 0.07),
    (0.00, 0.14, 0.00),
    (0.06, -0.22, -0.02),
    (0.55, -0.55, 0.00),
)
# Of the inside: up or down, and back (centimetres), and share of the width.
_INSIDE = ((1.25, -0.70, 1.10), (1.7, -1.6, 1.22), (1.4, -4.2, 0.95), (0.15, -4.8, 0.2))


def rings(pose: Mouth | None = None) -> Array:
    """Points [RINGS, 2 * STEPS, 3] of the mouth in a pose."""
    pose = pose or Mouth()
    x = HALF_WIDTH * S * pose.width
    seam = np.stack([x, _seam_y(S), np.polyval(ARCH, x**2)], axis=-1)
    seam[:, 2] += pose.forward
    seam = seam + pose.shift
    thick, a = THICK * pose.thick, np.abs(S) ** 6 * np.sign(S)
    made = []
    for share, out, corner in _PROFILE:
        ring = seam.copy()
        inwards = 1 - share if out > 0 else 1.0
        ring[:, 0] += corner * a
        ring[:, 1] += SIDE * (share * thick * (1 - 0.55 * pose.roll))
        red = out > 0 and share < 1
        taper = np.sqrt(np.clip(1 - S**2, 0, 1)) * 0.85 + 0.15
        ring[:, 2] += out * taper * (pose.bulge if red else 1.0)
        ring[:, 2] -= np.asarray(pose.roll) * (0.12 + 0.42 * inwards) * taper
        ring[:, 1] += SIDE * pose.flare * (0.35 + 0.65 * inwards) * taper
        ring[:, 2] += np.abs(pose.flare) * 0.45 * inwards * taper
        made.append(ring)
    margin = made[MARGIN]
    for rise, back, wide in _INSIDE:
        ring = margin * 1.0
        rounded = np.clip(1 - S**6, 0, 1) * 0.9 + 0.1
        ring[:, 0] *= wide
        ring[:, 1] += SIDE * rise * rounded
        ring[:, 2] += back
        made.append(ring)
    return np.stack(made)


NEUTRAL = rings()
