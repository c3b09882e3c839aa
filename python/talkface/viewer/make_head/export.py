"""The head as a GLB: metres about the neck, sparse blendshapes, colours at vertices."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from talkface.glb import INDICES, VERTICES, Glb
from talkface.rig import CHANNELS

from . import parts
from .assemble import Piece
from .parts import Ids
from .sculpt import Array

NECK = np.array([0.0, -9.0, -2.6])
"""What the head turns about, in centimetres of the sculpt."""
MATERIALS = {
    "skin": (0.62, "skin, lips and ears"),
    "eyes": (0.06, "eyeballs"),
    "brows": (0.8, "brows and lashes"),
    "teeth": (0.25, "teeth"),
    "tongue": (0.35, "tongue"),
    "hair": (0.55, "hair"),
    "shirt": (0.9, "shirt"),
}
"""Roughness, and what it is."""
_TINY = 1e-12
_STILL = 3e-5
"""Metres below which a vertex counts as not moved."""


def linear(colours: Array) -> Array:
    """sRGB as seen to the linear light that glTF wants at vertices."""
    result: Array = np.where(
        colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4
    )
    return result


def normals(points: Array, triangles: Ids) -> Array:
    """Unit normals [V, 3]: those of the triangles, weighted as Max 1999 does, so that a sphere's
    come out right however it is cut into triangles."""
    corners = [points[triangles[:, k]] for k in range(3)]
    flat = np.cross(corners[1] - corners[0], corners[2] - corners[0])
    sides = [((corners[k] - corners[k - 1]) ** 2).sum(axis=1) + _TINY for k in range(3)]
    made = np.zeros_like(points)
    for k in range(3):
        weight = 1 / (sides[k] * sides[(k + 1) % 3])
        np.add.at(made, triangles[:, k], flat * weight[:, None])
    made /= np.linalg.norm(made, axis=1, keepdims=True) + 1e-12
    return made


def _merge(pieces: list[Piece]) -> Piece:
    part = parts.join(pieces[0].material, *(piece.part for piece in pieces))
    deltas = {}
    for name in CHANNELS:
        if any(name in piece.deltas for piece in pieces):
            deltas[name] = np.concatenate(
                [piece.deltas.get(name, np.zeros_like(piece.part.points)) for piece in pieces]
            )
    return Piece(part, pieces[0].material, deltas)


def _primitive(glb: Glb, piece: Piece, material: int, morphs: bool) -> dict[str, object]:
    points = (piece.part.points - NECK) / 100
    triangles = piece.part.triangles
    rest = normals(points, triangles)
    colours = np.column_stack([linear(piece.part.colours), np.ones(len(points))])
    made: dict[str, object] = {
        "attributes": {
            "POSITION": glb.accessor(points.astype("<f4"), VERTICES, bounds=True),
            "NORMAL": glb.accessor(rest.astype("<f4"), VERTICES),
            "COLOR_0": glb.accessor(
                (colours * 65535 + 0.5).astype("<u2"), VERTICES, normalized=True
            ),
        },
        "indices": glb.accessor(triangles.ravel().astype("<u2"), INDICES),
        "material": material,
    }
    if not morphs:
        return made
    nothing = glb.sparse(np.zeros((len(points), 3), np.float32), np.zeros(0, np.int64))
    targets = []
    for name in CHANNELS:
        moved = piece.deltas.get(name)
        if moved is None or np.abs(moved).max() < _STILL * 100:
            targets.append({"POSITION": nothing, "NORMAL": nothing})
            continue
        moved = moved / 100
        turned = normals(points + moved, triangles) - rest
        shifted = np.flatnonzero(np.abs(moved).max(axis=1) > _STILL)
        bent = np.flatnonzero(np.abs(turned).max(axis=1) > 0.01)
        targets.append(
            {
                "POSITION": glb.sparse(moved.astype("<f4"), shifted),
                "NORMAL": glb.sparse(turned.astype("<f4"), bent),
            }
        )
    made["targets"] = targets
    return made


def write(pieces: list[Piece], path: Path) -> None:
    """Write the head: node ``head`` about the neck carries mesh ``face`` with 52 targets in the
    canonical order; node ``bust`` stays where it is."""
    glb = Glb(
        {
            "asset": {
                "version": "2.0",
                "generator": "talkface.viewer.make_head",
                "copyright": "TalkFace authors, Apache-2.0",
            },
            "scene": 0,
        }
    )
    numbers = {}
    for name, (roughness, _) in MATERIALS.items():
        surface = {"metallicFactor": 0.0, "roughnessFactor": roughness}
        numbers[name] = glb.add("materials", {"name": name, "pbrMetallicRoughness": surface})
    primitives = []
    for name in MATERIALS:
        chosen = [piece for piece in pieces if piece.material == name]
        if chosen:
            primitives.append(_primitive(glb, _merge(chosen), numbers[name], True))
    face = {
        "name": "face",
        "primitives": primitives,
        "weights": [0.0] * len(CHANNELS),
        "extras": {"targetNames": list(CHANNELS)},
    }
    shirt = Piece(parts.bust(), "shirt", {})
    bust = {"name": "bust", "primitives": [_primitive(glb, shirt, numbers["shirt"], False)]}
    head_mesh, bust_mesh = glb.add("meshes", face), glb.add("meshes", bust)
    head = glb.add("nodes", {"name": "head", "mesh": head_mesh})
    body = glb.add("nodes", {"name": "bust", "mesh": bust_mesh})
    glb.add("scenes", {"name": "TalkFace head", "nodes": [head, body]})
    glb.write(path)
