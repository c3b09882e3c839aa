"""The one definition of an open or sealed mouth (docs/metrics.md, "Aperture")."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

SEALED_APERTURE = 0.02
SEALED_PRESS = 0.3

Curves = Mapping[str, NDArray[np.float32]]


def _mean_pair(curves: Curves, name: str) -> NDArray[np.float32]:
    if name in curves:
        return curves[name]
    return 0.5 * (curves[f"{name}Left"] + curves[f"{name}Right"])


def aperture(curves: Curves) -> NDArray[np.float32]:
    """Lip opening ``jawOpen - mouthClose`` per frame, never below 0.

    ``curves`` maps channel names to arrays of one shape.
    """
    return np.maximum(curves["jawOpen"] - curves["mouthClose"], 0.0)


def sealed(curves: Curves) -> NDArray[np.bool_]:
    """True where the lips are sealed.

    That is where ``jawOpen - mouthClose <= 0.02``, or ``mouthPress`` (mean of left and
    right) or ``mouthRoll`` (the smaller of lower and upper, so that the tucked lower lip
    of *f* and *v* does not count) is at least 0.3.
    """
    press = _mean_pair(curves, "mouthPress")
    roll = np.minimum(curves["mouthRollLower"], curves["mouthRollUpper"])
    return (aperture(curves) <= SEALED_APERTURE) | (press >= SEALED_PRESS) | (roll >= SEALED_PRESS)
