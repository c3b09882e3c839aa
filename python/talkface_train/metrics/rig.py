"""Faces whose vertices follow curves: a template, a target for each channel, and regions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from talkface.rig import CHANNELS
from talkface_train.metrics.checks import Array, clip
from talkface_train.render import FaceMesh

NARROW_FACE = 6706
"""ICT-FaceKit's first vertices: forehead to chin, without ears, neck, mouth socket and eyeballs."""
OUTER_LIPS = (5708, 5695, 2081, 0, 4275, 6200, 6213, 6346, 6461, 5518, 5957, 5841)
"""ICT-FaceKit's vertices of Multi-PIE landmarks 48 to 59: the edge of the lips."""
LIP_TARGETS = ("mouthRollLower", "mouthRollUpper", "mouthPucker", "mouthFunnel")
LIP_SHARE = 0.7
UPPER_MOVES, SPEECH_MOVES = 1.0, 0.5
"""Millimetres: what an upper target moves by more, and no target of speech by as much."""
NEUTRAL, REGIONS = "neutral.obj", "regions.json"

Indices = NDArray[np.intp]
Vertices = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Rig:
    """``template`` [V, 3] and ``basis`` [K, V, 3] in units of ``unit`` millimetres, +Y up;
    ``names`` of the K channels; ``lips`` and ``upper``: indices of vertices."""

    template: Vertices
    basis: Vertices
    names: tuple[str, ...]
    lips: Indices
    upper: Indices
    unit: float = 1.0

    def __post_init__(self) -> None:
        if self.basis.shape != (len(self.names), *self.template.shape):
            raise ValueError(
                f"basis: {len(self.names)} targets of {list(self.template.shape)} are needed, "
                f"not {list(self.basis.shape)}"
            )
        for what, region in (("lips", self.lips), ("upper", self.upper)):
            if not len(region) or region.min() < 0 or region.max() >= len(self.template):
                raise ValueError(f"{what}: not vertices of a mesh of {len(self.template)}")

    @classmethod
    def ict(cls, root: Path) -> Rig:
        """The narrow face of ICT-FaceKit (centimetres) of the data folder ``root``, 52 channels.

        Lips: 987 vertices inside the polygon of :data:`OUTER_LIPS`, seen from the front, or on it.
        Upper: 1957 vertices, by :func:`upper_of`.
        """
        mesh = FaceMesh.load(root)
        template, basis = mesh.neutral[:NARROW_FACE], mesh.deltas[:, :NARROW_FACE]
        lips = inside(template[:, :2], template[list(OUTER_LIPS), :2])
        lips[list(OUTER_LIPS)] = True
        return cls(
            template, basis, CHANNELS, np.flatnonzero(lips), upper_of(CHANNELS, basis * 10.0), 10.0
        )

    @classmethod
    def obj_folder(cls, folder: Path, unit: float = 1000.0) -> Rig:
        """A folder with ``neutral.obj`` and one OBJ of the same topology for each target, named
        by its channel; ``unit``: millimetres of one of theirs (FLAME's are metres).

        ``regions.json``: ``{"lips": [...], "upper": [...]}``, indices of vertices. Without it
        :func:`lips_of` and :func:`upper_of` find them, if the targets bear ARKit's names.
        """
        template = _vertices_of(folder / NEUTRAL)
        found = {path.stem: path for path in folder.glob("*.obj") if path.name != NEUTRAL}
        names = tuple(name for name in CHANNELS if name in found)
        names += tuple(sorted(set(found) - set(names)))
        if not names:
            raise ValueError(f"{folder}: no targets beside {NEUTRAL}")
        basis = np.zeros((len(names), *template.shape), dtype=np.float32)
        for row, name in zip(basis, names, strict=True):
            target = _vertices_of(found[name])
            if target.shape != template.shape:
                raise ValueError(f"{found[name]}: {len(target)} vertices, not {len(template)}")
            row[:] = target - template
        if (folder / REGIONS).is_file():
            regions = json.loads((folder / REGIONS).read_text())
            lips, upper = (np.array(regions[key], dtype=np.intp) for key in ("lips", "upper"))
        else:
            lips, upper = (find(names, basis * np.float32(unit)) for find in (lips_of, upper_of))
        return cls(template, basis, names, lips, upper, unit)

    def moved(self, curves: Array, region: Indices | None = None) -> Vertices:
        """How far curves [T, K] move the vertices of ``region`` (all): [T, R, 3] millimetres."""
        weights = clip(curves, "curves").astype(np.float32)
        if weights.shape[1] != len(self.names):
            raise ValueError(f"curves: {len(self.names)} channels, not {weights.shape[1]}")
        basis = self.basis if region is None else self.basis[:, region]
        flat = weights @ (basis.reshape(len(basis), -1) * np.float32(self.unit))
        moved: Vertices = flat.reshape(len(weights), -1, 3)
        return moved

    def vertices(self, curves: Array, region: Indices | None = None) -> Vertices:
        """Vertices of ``region`` (all) under curves [T, K]: [T, R, 3] millimetres.

        A region builds nothing else. :func:`talkface_train.metrics.mesh.mesh_scores` goes through
        long clips in pieces.
        """
        template = self.template if region is None else self.template[region]
        placed: Vertices = self.moved(curves, region)
        placed += template * np.float32(self.unit)
        return placed

    def columns(self, curves: Array) -> Array:
        """This rig's channels of curves [T, 52] in canonical order."""
        strange = [name for name in self.names if name not in CHANNELS]
        if strange:
            raise ValueError(f"the rig's {', '.join(strange[:3])} are no ARKit channels")
        if np.shape(curves)[-1] != len(CHANNELS):
            raise ValueError(f"curves: [T, {len(CHANNELS)}] are needed, not {np.shape(curves)}")
        return curves[:, [CHANNELS.index(name) for name in self.names]]


def lips_of(names: Sequence[str], basis: Vertices) -> Indices:
    """Vertices that one of :data:`LIP_TARGETS` moves at least 0.7 times as far as the one that it
    moves furthest. On ICT-FaceKit: all but a few of the lips, and a rim of skin."""
    absent = [name for name in LIP_TARGETS if name not in names]
    if absent:
        raise ValueError(f"without {absent[0]} lips must be listed in {REGIONS}")
    far = np.linalg.norm(basis[[list(names).index(name) for name in LIP_TARGETS]], axis=2)
    return np.flatnonzero((far >= LIP_SHARE * far.max(axis=1, keepdims=True)).any(axis=0))


def upper_of(names: Sequence[str], basis: Vertices) -> Indices:
    """Eyes and forehead: vertices that a brow, blink, squint or wide eye moves by more than 1 mm
    and no jaw or mouth by 0.5 mm; ``basis`` in millimetres."""
    far = np.linalg.norm(basis, axis=2)
    upper = [name.startswith(("brow", "eyeBlink", "eyeSquint", "eyeWide")) for name in names]
    speech = [name.startswith(("jaw", "mouth")) for name in names]
    if not any(upper):
        raise ValueError(f"without brows and eyes the upper face must be listed in {REGIONS}")
    spoken = far[speech].max(axis=0, initial=0.0)
    return np.flatnonzero((far[upper].max(axis=0) > UPPER_MOVES) & (spoken < SPEECH_MOVES))


def inside(points: Array, polygon: Array) -> NDArray[np.bool_]:
    """Which points [N, 2] lie in the polygon [P, 2], by the even-odd rule."""
    x, y = points.T
    odd = np.zeros(len(points), dtype=bool)
    for (ax, ay), (bx, by) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        if ay != by:
            odd ^= ((y < ay) != (y < by)) & (x < ax + (bx - ax) * (y - ay) / (by - ay))
    return odd


def _vertices_of(path: Path) -> Vertices:
    """The ``v`` lines of an OBJ file."""
    with path.open() as file:
        rows = [line.split()[1:4] for line in file if line.startswith("v ")]
    if not rows:
        raise ValueError(f"{path}: no vertices")
    return np.array(rows, dtype=np.float32)
