"""A head track: time, position, and rotation as a quaternion and as angles.

Columns ``time`` (seconds), ``x y z`` (metres; +X the character's left, +Y up, +Z forward),
``qx qy qz qw`` (unit quaternion, identity = neutral) and ``turn nod tilt`` (degrees, intrinsic
Y-X-Z: + to the character's left, + down, + right ear down). It is glTF's space and TalkFace's own,
so nothing is converted. The reader takes the quaternion, and the angles where that is absent.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from talkface.clip import Clip
from talkface.rotation import from_angles, to_angles
from talkface.sinks.tables import growing, named_clip, numbers, read_rows

POSITION = ("x", "y", "z")
QUATERNION = ("qx", "qy", "qz", "qw")
ANGLES = ("turn", "nod", "tilt")


def write(clip: Clip, path: Path) -> None:
    """Write the head of a clip."""
    angles = np.degrees(np.stack(to_angles(clip.head_rotation), axis=1))
    table = np.concatenate([clip.head_translation, clip.head_rotation, angles], axis=1)
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["time", *POSITION, *QUATERNION, *ANGLES])
        for seconds, row in zip(clip.timestamps, table, strict=True):
            writer.writerow([f"{seconds:.9f}", *(f"{value:.8f}" for value in row)])


def read(path: Path) -> Clip:
    """A clip with the head alone: no channels. ValueError for a file without a rotation, or a
    quaternion of no length."""
    header, rows = read_rows(path)
    names = [name.lower() for name in header]
    if not names or names[0] != "time":
        raise ValueError(f"{path} is not a head track: its first column must be time")
    table = numbers(path, rows, len(names))

    def columns(wanted: tuple[str, ...]) -> NDArray[np.float64] | None:
        if not set(wanted) <= set(names):
            return None
        return table[:, [names.index(name) for name in wanted]]

    rotation, angles = columns(QUATERNION), columns(ANGLES)
    if rotation is not None:
        length = np.linalg.norm(rotation, axis=1, keepdims=True)
        if (length < 0.5).any():
            raise ValueError(f"{path} holds a rotation that is not a unit quaternion")
        turned = (rotation / length).astype(np.float32)
    elif angles is not None:
        turned = from_angles(*np.radians(angles).T)
    else:
        raise ValueError(f"{path} needs columns {' '.join(QUATERNION)} or {' '.join(ANGLES)}")
    times = growing(path, table[:, 0])
    return named_clip((), np.zeros((len(table), 0)), times, turned, columns(POSITION))
