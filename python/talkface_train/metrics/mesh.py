"""Errors of vertices in millimetres (docs/metrics.md, "Vertices").

``said``, ``wanted``: [T, V, 3] of one mesh; ``region``: indices of the vertices that are asked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from talkface_train.metrics.checks import Array, clip, compared
from talkface_train.metrics.rig import Indices, Rig

SQUARE_METRES = 1e-6
"""Of a square millimetre."""
CHUNK = 256
"""Frames that are built at a time."""


@dataclass(frozen=True)
class Dynamics:
    """Upper-face dynamics deviation: mean over vertices of the standard deviation over time of
    how far ``wanted`` is from the template, minus that of ``said``.

    ``signed``: positive is too still; vertices of opposite sign cancel. ``absolute``: of the
    difference at each vertex. Both of the norm, millimetres, as papers print it. ``legacy``:
    signed, of the squared norm, square metres, as published code computes it.
    """

    signed: float
    absolute: float
    legacy: float


def distances(said: Array, wanted: Array, region: Indices | None = None) -> Array:
    """How far each vertex is off, [T, R]."""
    said, wanted = compared(said, wanted, dims=3)
    if said.shape[2] != 3:
        raise ValueError(f"vertices are [T, V, 3], not {list(said.shape)}")
    apart = said - wanted if region is None else said[:, region] - wanted[:, region]
    return _norm(apart)


def vertex_error(said: Array, wanted: Array, region: Indices | None = None) -> float:
    """Mean over frames of the furthest vertex: LVE over lips, EVE over the upper face."""
    return float(distances(said, wanted, region).max(axis=1).mean())


def legacy_vertex_error(said: Array, wanted: Array, region: Indices | None = None) -> float:
    """Mean over frames of the furthest vertex's squared distance, in square metres."""
    return _legacy(distances(said, wanted, region).max(axis=1))


def mean_vertex_error(said: Array, wanted: Array, region: Indices | None = None) -> float:
    """Mean over frames and vertices: MVE over all, lip L2 over lips."""
    return float(distances(said, wanted, region).mean())


def dynamics_deviation(
    said: Array, wanted: Array, template: Array, region: Indices | None = None
) -> Dynamics:
    """FDD over the upper face; ``template`` [V, 3] in millimetres."""
    compared(said, wanted, dims=3)
    rest = clip(template, "template")
    chosen = slice(None) if region is None else region
    return _dynamics(*(_norm(v[:, chosen] - rest[chosen]) for v in (said, wanted)))


def mouth_opening_difference(said: Array, wanted: Array, region: Indices | None = None) -> float:
    """MOD: mean over frames of how much the height of the lips (highest minus lowest vertex)
    differs."""
    compared(said, wanted, dims=3)
    chosen = slice(None) if region is None else region
    return float(np.abs(_height(said[:, chosen]) - _height(wanted[:, chosen])).mean())


def mesh_scores(
    rig: Rig, said: Array, wanted: Array, mask: NDArray[np.generic] | None = None
) -> dict[str, float]:
    """All of the above of curves [T, K] of one clip, over the frames in ``mask`` [T].

    Vertices are built :data:`CHUNK` frames at a time and only where they are asked.
    """
    said, wanted = compared(said, wanted, mask)
    lips, upper, everywhere, opening = [], [], [], []
    swings: tuple[list[Array], list[Array]] = ([], [])
    for start in range(0, len(said), CHUNK):
        part = slice(start, start + CHUNK)
        # The rig is linear: vertices differ by what the difference of curves moves.
        apart = _norm(rig.moved(said[part] - wanted[part]))
        everywhere.append(apart.mean(axis=1))
        lips.append(apart[:, rig.lips])
        upper.append(apart[:, rig.upper].max(axis=1))
        high = [_height(rig.vertices(curves[part], rig.lips)) for curves in (said, wanted)]
        opening.append(np.abs(high[0] - high[1]))
        for swing, curves in zip(swings, (said, wanted), strict=True):
            swing.append(_norm(rig.moved(curves[part], rig.upper)))
    lip = np.concatenate(lips)
    dynamics = _dynamics(*(np.concatenate(swing) for swing in swings))
    return {
        "LVE": float(lip.max(axis=1).mean()),
        "LVE_legacy": _legacy(lip.max(axis=1)),
        "EVE": float(np.concatenate(upper).mean()),
        "MVE": float(np.concatenate(everywhere).mean()),
        "lip_L2": float(lip.mean()),
        "MOD": float(np.concatenate(opening).mean()),
        "FDD": dynamics.signed,
        "FDD_abs": dynamics.absolute,
        "FDD_legacy": dynamics.legacy,
    }


def _norm(vectors: Array) -> Array:
    found: Array = np.sqrt(np.einsum("tvc,tvc->tv", vectors, vectors))
    return found


def _height(vertices: Array) -> Array:
    found: Array = np.ptp(vertices[:, :, 1], axis=1)
    return found


def _legacy(furthest: Array) -> float:
    return float((furthest**2).mean()) * SQUARE_METRES


def _dynamics(said: Array, wanted: Array) -> Dynamics:
    """Of distances [T, U] from the template."""
    spread = wanted.std(axis=0) - said.std(axis=0)
    squared = (wanted**2).std(axis=0) - (said**2).std(axis=0)
    return Dynamics(
        float(spread.mean()), float(np.abs(spread).mean()), float(squared.mean()) * SQUARE_METRES
    )
