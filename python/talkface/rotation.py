"""Head rotation between the unit quaternion of a pose and Euler angles.

Angles are intrinsic Y-X-Z: turn (about +Y, to the character's left), nod (about +X, down), tilt
(about +Z, the character's right ear down), in radians.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def to_angles(rotation: ArrayLike) -> tuple[Array, Array, Array]:
    """Quaternions [..., 4] (x y z w) to (turn, nod, tilt), each [...]."""
    x, y, z, w = np.moveaxis(np.asarray(rotation, dtype=np.float64), -1, 0)
    nod = np.arcsin(np.clip(2 * (w * x - y * z), -1.0, 1.0))
    turn = np.arctan2(2 * (x * z + w * y), 1 - 2 * (x * x + y * y))
    tilt = np.arctan2(2 * (x * y + w * z), 1 - 2 * (x * x + z * z))
    return turn, nod, tilt


def from_angles(turn: ArrayLike, nod: ArrayLike, tilt: ArrayLike) -> NDArray[np.float32]:
    """(turn, nod, tilt) to unit quaternions [..., 4] (x y z w)."""
    sy, sx, sz = (np.sin(np.asarray(a, dtype=np.float64) / 2) for a in (turn, nod, tilt))
    cy, cx, cz = (np.cos(np.asarray(a, dtype=np.float64) / 2) for a in (turn, nod, tilt))
    x = cy * sx * cz + sy * cx * sz
    y = sy * cx * cz - cy * sx * sz
    z = cy * cx * sz - sy * sx * cz
    w = cy * cx * cz + sy * sx * sz
    return np.stack([x, y, z, w], axis=-1).astype(np.float32)
