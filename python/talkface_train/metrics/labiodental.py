"""The lower lip under the upper teeth: where *f* and *v* are, and in curves (docs/metrics.md)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from talkface_train.articulation.aperture import Curves, aperture
from talkface_train.data.phones import LABIODENTALS, Segment
from talkface_train.metrics.closure import Interval

TUCK = 0.1
TUCK_APERTURE = 0.16
CONTACT = (0.1, 0.85)
MERGE_SECONDS = 0.03


def tucked(curves: Curves) -> NDArray[np.bool_]:
    """Frames where ``mouthRollLower`` leads ``mouthRollUpper`` by 0.1 and the aperture is at most
    0.16. A bilabial rolls both lips, so it does not count.
    """
    lead = curves["mouthRollLower"] - curves["mouthRollUpper"]
    return (lead >= TUCK) & (aperture(curves) <= TUCK_APERTURE)


def contacts(segments: Sequence[Segment]) -> list[Interval]:
    """10 to 85 % of each labelled *f* and *v*, in seconds; those closer than 30 ms are one."""
    found: list[Interval] = []
    for segment in segments:
        if segment.phone not in LABIODENTALS:
            continue
        length = segment.end - segment.start
        start, end = (segment.start + share * length for share in CONTACT)
        if found and start - found[-1][1] < MERGE_SECONDS:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found
