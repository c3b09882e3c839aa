"""Several answers to one clip: how near the best one and the mean one come, how much they differ.

``samples``: [S, T, K] curves; errors are means over frames of the L2 norm over channels.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from talkface_train.metrics.checks import Array, clip
from talkface_train.metrics.coefficients import blendshape_error


def mean_estimate_error(samples: Array, wanted: Array) -> float:
    """MEE: error of the mean of all samples (ProbTalk3D)."""
    return blendshape_error(clip(samples, "samples", 3).mean(axis=0), wanted)


def coverage_error(samples: Array, wanted: Array) -> float:
    """CE: error of the sample that comes nearest (ProbTalk3D)."""
    return min(blendshape_error(sample, wanted) for sample in clip(samples, "samples", 3))


def average_pairwise_distance(samples: Array) -> float:
    """APD: mean over pairs of samples of how far apart they are."""
    samples = clip(samples, "samples", 3)
    if len(samples) < 2:
        raise ValueError("a distance needs two samples")
    return float(np.mean([blendshape_error(a, b) for a, b in combinations(samples, 2)]))
