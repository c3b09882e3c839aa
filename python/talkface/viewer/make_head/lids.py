"""The lids: rings about the opening of the left eye, for a pose of the lids.

A ring has 2 * STEPS points: along the upper lid from the inner corner to the outer one, and back
along the lower lid; ``s`` is -1 at the inner corner. The right eye is the mirror image.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .sculpt import EYE, EYE_RADIUS, LID, Array, front, smoothstep

STEPS = 19
RINGS = 6
"""Crease, two of the lid, the margin's front and back edge, and one behind."""
MARGIN = 3

_turn = np.linspace(-1.0, 1.0, STEPS + 1)
_across = np.sin(_turn * np.pi / 2) * 0.5 + _turn * 0.5
S: Array = np.concatenate([_across, _across[-2:0:-1]])
UPPER = np.arange(2 * STEPS) <= STEPS
SIDE = np.where(UPPER, 1.0, -1.0)
_HALF_WIDTH = 1.85
UP, DOWN = 0.88, 0.84
_CLOSED = -0.36
"""Where the lids meet, of the way from the corners' line to the lower margin's rest."""


def _corners(s: Array) -> Array:
    return 0.02 + 0.12 * s


def _arc(s: Array) -> Array:
    return np.clip(1 - np.abs(s) ** 2.1, 0, 1) ** 0.72


def opening(up: Any = UP, down: Any = DOWN) -> Array:
    """Offsets (x, y) [2 * STEPS, 2] of the margin from the eye's centre, for heights over and under
    the corners' line."""
    skew = 0.10 * np.where(UPPER, -S, 0.8 * S) * np.clip(1 - S**2, 0, 1)
    high = np.where(UPPER, up, -np.asarray(down))
    y = _corners(S) + high * _arc(S) + (high - _CLOSED) * skew
    return np.stack([_HALF_WIDTH * S, y], axis=-1)


def _on_ball(offset: Array, stand: Any) -> Array:
    """Points at (x, y) offsets from the eye's centre, ``stand`` off the eyeball."""
    away = np.linalg.norm(offset, axis=-1)
    radius = EYE_RADIUS + stand
    return np.concatenate(
        [EYE[:2] + offset, (EYE[2] + np.sqrt(np.maximum(radius**2 - away**2, 0.04)))[..., None]],
        axis=-1,
    )


def rings(up: Any = UP, down: Any = DOWN, bulge: float = 0.0) -> Array:
    """Points [RINGS, 2 * STEPS, 3] of the left eye's lids. ``bulge`` lifts them off the ball."""
    rest, margin = opening(), opening(up, down)
    spread = np.stack(
        [np.where(S > 0, 0.34, 0.22) * np.sign(S) * np.abs(S) ** 3, SIDE * (1 - np.abs(S) ** 4)],
        axis=-1,
    )
    crease = rest + spread * np.where(UPPER, 0.42, 0.40)[:, None] * (1.0, 1.0)
    made = []
    lift = bulge * (1 - S**2)
    for share in (0.0, 0.45, 0.8, 1.0):
        flat = crease + (margin - crease) * share
        point = _on_ball(flat, LID * (1 - 0.15 * share) + lift * smoothstep(0, 1, share))
        if share == 0.0:
            point[:, 2] = front(flat[:, 0] + EYE[0], flat[:, 1] + EYE[1])
            point[:, 2] -= np.where(UPPER, 0.10, 0.02) * (1 - S**2)
        made.append(point)
    inwards = margin - SIDE[:, None] * (0.0, 0.04) * (1 - np.abs(S) ** 4)[:, None]
    made.append(_on_ball(inwards, 0.012 + lift))
    made.append(_on_ball(margin + spread * 0.35, -0.16))
    return np.stack(made)


def closed(share: float = 1.0) -> tuple[Array, Array]:
    """Heights of a blink's margins: both lids on one line."""
    line = _CLOSED
    up = UP + (line - UP) * share
    down = DOWN + (-line - DOWN) * share
    return np.full(2 * STEPS, up), np.full(2 * STEPS, down)


NEUTRAL = rings()
