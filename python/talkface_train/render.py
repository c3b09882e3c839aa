"""Pictures of a face: ICT-FaceKit's mesh with ARKit weights, drawn by a small z-buffer renderer.

It needs no display and no GPU. Meant for looking at what a bundle does and for contact
sheets, not for beauty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from talkface.rig import CHANNELS

MESH = "ict_facekit/ict_arkit52.npz"
SKIN = (0.82, 0.66, 0.57)
SCLERA = (0.93, 0.93, 0.92)
COLOURS = {
    "M_Face": SKIN,
    "M_BackHead": SKIN,
    "M_Teeth": (0.93, 0.91, 0.86),
    "M_GumsTongue": (0.72, 0.36, 0.36),
    "M_ScleraLeft": SCLERA,
    "M_ScleraRight": SCLERA,
    "M_IrisLeft": SCLERA,
    "M_IrisRight": SCLERA,
}
"""By material; lashes, tear film and occlusion shells, all of them transparent, are left out."""
IRIS = (0.20, 0.27, 0.32)
IRIS_RADIUS = 0.6
"""Centimetres of the front of each eyeball that are its iris; pupils are half as wide."""
PUPIL = (0.05, 0.05, 0.05)
EYEBALLS = slice(21496, 23094), slice(23094, 24692)
SOCKET = slice(11144, 13226)
"""Polygons of the mouth's inside, a part of M_BackHead, and of the eyeballs (ICT-FaceKit's
README)."""
SOCKET_COLOUR = (0.30, 0.10, 0.10)
LIGHT = np.array([0.25, 0.35, 0.9]) / np.linalg.norm([0.25, 0.35, 0.9])
NECK = np.array([0.0, -8.0, -2.0])
"""What the head turns about, in the mesh's centimetres."""
SAMPLING = 2


@dataclass(frozen=True, eq=False)
class FaceMesh:
    """``neutral`` [V, 3] (centimetres, +Y up, +Z out of the face), ``deltas`` [52, V, 3] in the
    canonical channel order, ``triangles`` [T, 3] and their ``colours`` [T, 3] in [0, 1]."""

    neutral: NDArray[np.float32]
    deltas: NDArray[np.float32]
    triangles: NDArray[np.int32]
    colours: NDArray[np.float32]

    @classmethod
    def load(cls, root: Path) -> FaceMesh:
        """ICT-FaceKit's mesh of the shared data. Raises FileNotFoundError without it."""
        with np.load(root / MESH, allow_pickle=False) as file:
            names = [str(name) for name in file["arkit_names"]]
            deltas = file["arkit_deltas"][[names.index(name) for name in CHANNELS]]
            neutral, quads, materials = file["neutral"], file["faces"], file["face_material"]
        drawn = np.isin(materials, list(COLOURS))
        colours = np.array([COLOURS.get(str(name), SKIN) for name in materials], dtype=np.float32)
        colours[SOCKET] = SOCKET_COLOUR
        for ball in EYEBALLS:
            corners = neutral[quads[ball][:, :3]]
            middle = (corners.min(axis=(0, 1)) + corners.max(axis=(0, 1))) / 2
            from_middle = corners.mean(axis=1) - middle
            away = np.where(from_middle[:, 2] > 0, np.hypot(*from_middle[:, :2].T), np.inf)
            colours[ball][away < IRIS_RADIUS] = IRIS
            colours[ball][away < IRIS_RADIUS / 2] = PUPIL
        quads, colours = quads[drawn], colours[drawn]
        triangles = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
        whole = (triangles >= 0).all(axis=1)  # a quad of three corners ends with -1
        return cls(neutral, deltas, triangles[whole], np.tile(colours, (2, 1))[whole])

    def posed(self, weights: Sequence[float] | NDArray[np.float32]) -> NDArray[np.float32]:
        """Vertices [V, 3] under 52 weights in canonical order."""
        moved: NDArray[np.float32] = self.neutral + np.tensordot(
            np.asarray(weights, dtype=np.float32), self.deltas, axes=1
        )
        return moved


def render(
    mesh: FaceMesh,
    weights: Sequence[float] | NDArray[np.float32],
    rotation: Sequence[float] | NDArray[np.float32] = (0.0, 0.0, 0.0, 1.0),
    width: int = 300,
    height: int = 360,
    view: tuple[float, float, float] = (0.0, -1.0, 22.0),
) -> NDArray[np.uint8]:
    """A picture [height, width, 3] of the face.

    ``weights``: 52 in canonical order; ``rotation``: of the head about the neck, a unit quaternion
    x y z w; ``view``: the centre (x, y) and the height of what is seen, in centimetres.
    """
    turned = Rotation.from_quat(rotation).apply(mesh.posed(weights) - NECK)
    vertices = turned + NECK
    scale = height * SAMPLING / view[2]
    size = (height * SAMPLING, width * SAMPLING)
    screen = vertices * (scale, -scale, scale)
    screen[:, 0] += size[1] / 2 - view[0] * scale
    screen[:, 1] += size[0] / 2 + view[1] * scale
    shades = _shades(vertices, mesh.triangles)
    colours = (mesh.colours * shades[:, None]).clip(0, 1)
    picture = _draw(screen[mesh.triangles], colours, size)
    averaged = picture.reshape(height, SAMPLING, width, SAMPLING, 3).mean(axis=(1, 3))
    return (averaged * 255).round().astype(np.uint8)


def _shades(vertices: NDArray[np.float64], triangles: NDArray[np.int32]) -> NDArray[np.float64]:
    """Brightness of each triangle, from normals averaged at its corners."""
    a, b, c = (vertices[triangles[:, k]] for k in range(3))
    flat = np.cross(b - a, c - a)
    normals = np.zeros_like(vertices)
    for k in range(3):
        np.add.at(normals, triangles[:, k], flat)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-12
    smooth = normals[triangles].mean(axis=1)
    shade: NDArray[np.float64] = 0.35 + 0.68 * np.maximum(smooth @ LIGHT, 0.0)
    return shade


def _draw(
    corners: NDArray[np.float64], colours: NDArray[np.float64], size: tuple[int, int]
) -> NDArray[np.float64]:
    """Triangles ``corners`` [T, 3, 3] (x right, y down, z towards the eye) into a picture."""
    low = np.floor(corners[:, :, :2].min(axis=1)).astype(int)
    extent = np.ceil(corners[:, :, :2].max(axis=1)).astype(int) - low + 1
    span = extent.max(axis=1)
    ax, ay = corners[:, 0, 0], corners[:, 0, 1]
    e1, e2 = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area = e1[:, 0] * e2[:, 1] - e1[:, 1] * e2[:, 0]
    pixels, depths, paints = [], [], []
    # In groups that fit into squares of 2, 4, 8... pixels.
    sides = 2 ** np.maximum(np.ceil(np.log2(span)).astype(int), 1)
    for side in np.unique(sides):
        chosen = np.flatnonzero((sides == side) & (area < -1e-9))
        grid = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2)
        at = low[chosen][:, None] + grid[None]
        x = at[..., 0] + 0.5 - ax[chosen][:, None]
        y = at[..., 1] + 0.5 - ay[chosen][:, None]
        u = (x * e2[chosen, 1][:, None] - y * e2[chosen, 0][:, None]) / area[chosen][:, None]
        v = (y * e1[chosen, 0][:, None] - x * e1[chosen, 1][:, None]) / area[chosen][:, None]
        inside = (u >= -1e-6) & (v >= -1e-6) & (u + v <= 1 + 1e-6)
        inside &= (at >= 0).all(axis=2) & (at[..., 0] < size[1]) & (at[..., 1] < size[0])
        which, cell = np.nonzero(inside)
        triangle = chosen[which]
        depth = corners[triangle, 0, 2]
        depth = depth + u[which, cell] * e1[triangle, 2] + v[which, cell] * e2[triangle, 2]
        pixels.append(at[which, cell, 1] * size[1] + at[which, cell, 0])
        depths.append(depth)
        paints.append(triangle)
    picture = np.ones((size[0] * size[1], 3))
    if pixels:
        order = np.argsort(np.concatenate(depths), kind="stable")
        picture[np.concatenate(pixels)[order]] = colours[np.concatenate(paints)[order]]
    return picture.reshape(*size, 3)
