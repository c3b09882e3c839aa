"""Nodes of a glTF scene: names, parents, rest poses; and tracks that are made of a clip.

glTF's axes are TalkFace's (right-handed, +Y up, +Z out of the face, metres): nothing is converted
but into the frame of a node's parent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from talkface.clip import Clip
from talkface.glb import Glb
from talkface.rotation import from_angles
from talkface.sinks.csv_sink import EYE_RADIANS_AT_ONE

Array = NDArray[np.float64]
IDENTITY = (0.0, 0.0, 0.0, 1.0)


def multiply(a: ArrayLike, b: ArrayLike) -> Array:
    """The product of quaternions [..., 4] (x y z w): first ``b``'s turn, then ``a``'s."""
    ax, ay, az, aw = np.moveaxis(np.asarray(a, dtype=np.float64), -1, 0)
    bx, by, bz, bw = np.moveaxis(np.asarray(b, dtype=np.float64), -1, 0)
    return np.stack(
        [
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
            aw * bw - ax * bx - ay * by - az * bz,
        ],
        axis=-1,
    )


def inverse(q: ArrayLike) -> Array:
    """The opposite turns of unit quaternions [..., 4]."""
    result: Array = np.asarray(q, dtype=np.float64) * (-1, -1, -1, 1)
    return result


def turn(q: ArrayLike, vectors: ArrayLike) -> Array:
    """Vectors [..., 3] turned by unit quaternions [..., 4]."""
    vectors = np.asarray(vectors, dtype=np.float64)
    pure = np.concatenate([vectors, np.zeros((*vectors.shape[:-1], 1))], axis=-1)
    turned: Array = multiply(multiply(q, pure), inverse(q))[..., :3]
    return turned


def continuous(rotation: ArrayLike) -> Array:
    """The same rotations [frames, 4], each within half a turn of the one before, so that they can
    be interpolated."""
    made: Array = np.array(rotation, dtype=np.float64)
    flips = (made[1:] * made[:-1]).sum(axis=1) < 0
    made[1:] *= np.cumprod(np.where(flips, -1.0, 1.0))[:, None]
    return made


def gaze(clip: Clip, side: str) -> tuple[Array, Array]:
    """Turn (to the character's left) and nod (down) of an eye, radians [frames]; at rest where the
    clip lacks the channels. ``side``: Left or Right."""

    def look(part: str) -> Array:
        name = f"eyeLook{part}{side}"
        known = name in clip.channels
        return clip.channel(name).astype(np.float64) if known else np.zeros(len(clip))

    outwards = 1.0 if side == "Left" else -1.0
    turned = outwards * (look("Out") - look("In")) * EYE_RADIANS_AT_ONE
    return turned, (look("Down") - look("Up")) * EYE_RADIANS_AT_ONE


def gaze_rotation(clip: Clip, side: str) -> Array:
    """The eye's rotations in the head [frames, 4]."""
    turned, nod = gaze(clip, side)
    return from_angles(turned, nod, np.zeros(len(clip))).astype(np.float64)


@dataclass(frozen=True)
class Rest:
    """A node at rest: ``rotation`` (x y z w) and ``translation`` in its parent, and the parent's
    rotation ``above`` and ``scale`` in the scene."""

    rotation: Array
    translation: Array
    above: Array
    scale: float

    def turned(self, rotation: ArrayLike) -> Array:
        """Turns from rest in the scene [frames, 4] as the node's rotations in its parent."""
        there = multiply(inverse(self.above), multiply(rotation, self.above))
        return continuous(multiply(there, self.rotation))

    def from_rest(self, rotation: ArrayLike) -> Array:
        """The opposite of :meth:`turned`."""
        there = multiply(rotation, inverse(self.rotation))
        made = multiply(self.above, multiply(there, inverse(self.above)))
        result: Array = made / np.linalg.norm(made, axis=1, keepdims=True)
        return result

    def moved(self, translation: ArrayLike) -> Array:
        """Moves from rest in the scene [frames, 3], metres, as translations in its parent."""
        result: Array = self.translation + turn(inverse(self.above), translation) / self.scale
        return result

    def moves(self, translation: ArrayLike) -> Array:
        """The opposite of :meth:`moved`."""
        return turn(self.above, np.asarray(translation) - self.translation) * self.scale


class Nodes:
    """The nodes of a document."""

    def __init__(self, glb: Glb) -> None:
        self._items: list[dict[str, Any]] = glb.document.get("nodes", [])
        self._parent = {
            child: index
            for index, node in enumerate(self._items)
            for child in node.get("children", ())
        }

    def find(self, *names: str) -> int | None:
        """The first node of one of the names, whatever their case, path and filler."""
        wanted = [_plain(name) for name in names]
        found = {_plain(node.get("name", "")): i for i, node in reversed([*enumerate(self._items)])}
        return next((found[name] for name in wanted if name in found), None)

    def rest(self, index: int) -> Rest:
        """A node's rest pose; its matrix, where it has one, is first taken apart, since an animated
        node must not have one (glTF 2.0, 3.6.2.2)."""
        node = self._items[index]
        above, scale = np.array(IDENTITY), 1.0
        parent = self._parent.get(index)
        while parent is not None:
            self._take_apart(self._items[parent])
            above = multiply(self._items[parent].get("rotation", IDENTITY), above)
            scale *= float(np.mean(self._items[parent].get("scale", (1, 1, 1))))
            parent = self._parent.get(parent)
        self._take_apart(node)
        return Rest(
            np.array(node.get("rotation", IDENTITY), dtype=np.float64),
            np.array(node.get("translation", (0, 0, 0)), dtype=np.float64),
            above,
            scale,
        )

    @staticmethod
    def _take_apart(node: dict[str, Any]) -> None:
        if "matrix" not in node:
            return
        matrix = np.array(node.pop("matrix"), dtype=np.float64).reshape(4, 4).T
        scale = np.linalg.norm(matrix[:3, :3], axis=0)
        node["translation"] = [float(x) for x in matrix[:3, 3]]
        node["scale"] = [float(x) for x in scale]
        node["rotation"] = [float(x) for x in _quaternion(matrix[:3, :3] / scale)]


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", re.sub(r"^.*[:|/]", "", name.lower()))


def _quaternion(matrix: Array) -> Array:
    """The unit quaternion of a rotation matrix: the eigenvector of its largest eigenvalue."""
    (xx, xy, xz), (yx, yy, yz), (zx, zy, zz) = matrix
    table = np.array(
        [
            [xx - yy - zz, 0, 0, 0],
            [xy + yx, yy - xx - zz, 0, 0],
            [xz + zx, yz + zy, zz - xx - yy, 0],
            [zy - yz, xz - zx, yx - xy, xx + yy + zz],
        ]
    )
    values, vectors = np.linalg.eigh(table / 3, UPLO="L")
    best = vectors[:, values.argmax()]
    return best if best[3] >= 0 else -best
