"""The package's head as arrays that are quick to pose."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from talkface.glb import Glb
from talkface.rig import CHANNELS

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Head:
    """Metres about the neck, +Y up, +Z out of the face.

    ``points`` [V, 3], ``triangles`` [T, 3], ``colours`` [V, 3] as seen (sRGB) in [0, 1], ``gloss``
    [V] in [0, 1], ``turns`` [V]: 1 where a point goes with the head and 0 on the bust, ``deltas``
    [52, V, 3] in the canonical order of channels.
    """

    points: Floats
    triangles: NDArray[np.int32]
    colours: Floats
    gloss: Floats
    turns: Floats
    deltas: Floats

    @classmethod
    def load(cls) -> Head:
        """Read the head that comes with the package."""
        with resources.as_file(resources.files("talkface.viewer") / "head.glb") as path:
            return cls.read(path)

    @classmethod
    def read(cls, path: Path) -> Head:
        """Read a GLB of ``talkface.viewer.make_head``: nodes ``head`` and ``bust`` at the origin.
        Raises ValueError when it is another file."""
        glb = Glb.read(path)
        parts: list[tuple[Floats, NDArray[np.int32], Floats, float, float, Floats]] = []
        for node in glb.document.get("nodes", []):
            mesh = glb.document["meshes"][node["mesh"]]
            names = mesh.get("extras", {}).get("targetNames", [])
            if names and set(names) != set(CHANNELS):
                raise ValueError(f"{path} is not a head of talkface.viewer.make_head")
            for item in mesh["primitives"]:
                points = glb.array(item["attributes"]["POSITION"])
                deltas = np.zeros((len(CHANNELS), *points.shape), np.float32)
                for name, target in zip(names, item.get("targets", []), strict=True):
                    deltas[CHANNELS.index(name)] = glb.array(target["POSITION"])
                triangles = glb.array(item["indices"]).astype(np.int32).reshape(-1, 3)
                seen = _as_seen(glb.array(item["attributes"]["COLOR_0"])[:, :3])
                material = glb.document["materials"][item["material"]]["pbrMetallicRoughness"]
                gloss = 1.0 - material["roughnessFactor"]
                parts.append((points, triangles, seen, gloss, float(bool(names)), deltas))
        if not any(turns for *_, turns, _ in parts):
            raise ValueError(f"{path} has no blendshapes")
        starts = np.cumsum([0, *(len(part[0]) for part in parts)])
        return cls(
            points=np.concatenate([part[0] for part in parts]),
            triangles=np.concatenate(
                [p[1] + s for p, s in zip(parts, starts, strict=False)]
            ).astype(np.int32),
            colours=np.concatenate([part[2] for part in parts]),
            gloss=np.concatenate([np.full(len(p[0]), p[3], np.float32) for p in parts]),
            turns=np.concatenate([np.full(len(p[0]), p[4], np.float32) for p in parts]),
            deltas=np.concatenate([part[5] for part in parts], axis=1),
        )

    def posed(
        self,
        weights: ArrayLike,
        rotation: ArrayLike = (0.0, 0.0, 0.0, 1.0),
        translation: ArrayLike = (0.0, 0.0, 0.0),
    ) -> Floats:
        """Points [V, 3] under weights [52] (canonical order), the head's rotation (a unit
        quaternion x y z w about the neck) and translation (metres)."""
        weights = np.asarray(weights, dtype=np.float32)
        used = np.flatnonzero(weights)
        flat = self.deltas.reshape(len(self.deltas), -1)
        moved = self.points + (weights[used] @ flat[used]).reshape(-1, 3)
        turned = moved @ matrix(rotation).T + np.asarray(translation, dtype=np.float32)
        result: Floats = np.where(self.turns[:, None] > 0, turned, moved)
        return result


def matrix(rotation: ArrayLike) -> Floats:
    """The matrix [3, 3] of a unit quaternion x y z w."""
    x, y, z, w = np.asarray(rotation, dtype=np.float64)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ],
        dtype=np.float32,
    )


def _as_seen(linear: Floats) -> Floats:
    """Linear light to sRGB."""
    seen = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return seen.astype(np.float32)
