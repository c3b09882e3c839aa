"""Real head motion: the poses of GRID's captured faces, in our axes.

The pose columns are degrees and centimetres in the camera's space. Which way they count was
settled without pictures, from what else is in the tables (docs/head.md has the numbers):

- A speaker who reads a prompt keeps his eyes on it. Over the clips of grid_s1 the median gaze to
  his left falls with the median yaw, and gaze down falls with pitch: so yaw counts to his left and
  pitch counts down, as +Y and +X do here. The eye channels name their sides, so nothing is
  mirrored.
- A head tilts about the neck, which is below the face. Within clips the face goes to -X with roll:
  so roll lowers the right ear, as +Z does, and the lever is about 0.12 m long.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from talkface_train.articulation.captured import read_face
from talkface_train.data import real
from talkface_train.data.real import Recording

FACE_FROM_NECK = np.array([0.0, 0.089, 0.088])
"""Metres from the neck to the origin of the estimator's face (talkface/capture.py)."""
LAG_SECONDS = 0.02
"""How much later the pictures of GRID are than their audio (metrics/faces.py)."""
FILTER = (9, 3)
"""Savitzky-Golay frames and order, as in `talkface capture`."""
JAW_SEEN = np.array([-0.26, -2.5, -0.68, 0.0027, 0.0004, 0.0069])
"""What yaw, pitch, roll (degrees) and x, y, z (metres) gain with jawOpen 1, by regression over
grid_s1's training part. To the estimator an opening mouth is a longer face, nearer and tipped back:
60 % of the variance of z, which no head would do. It is taken out."""
SETS = ("grid_s1", "grid_face")

Array = NDArray[np.float64]


@dataclass(frozen=True)
class CapturedPose:
    """``times`` [N] in seconds of the audio, unit quaternions ``rotation`` [N, 4] (x y z w) and
    ``translation`` [N, 3] in metres, about the clip's median pose."""

    times: Array
    rotation: Array
    translation: Array

    def poses(self, times: Array) -> NDArray[np.float32]:
        """Poses [T, 6] (rotation vector in radians, metres) at ``times``, held at both ends."""
        from scipy.spatial.transform import Rotation

        vectors = Rotation.from_quat(self.rotation).as_rotvec()
        columns = [*vectors.T, *self.translation.T]
        return np.stack([np.interp(times, self.times, c) for c in columns], 1).astype(np.float32)


def read_pose(path: Path) -> CapturedPose:
    """The head of one captured clip, smoothed, less what the jaw makes the estimator see."""
    from scipy.signal import savgol_filter
    from scipy.spatial.transform import Rotation

    table = read_face(path)
    angles = np.stack([table[f"head{n}Deg"] for n in ("Yaw", "Pitch", "Roll")], axis=1)
    places = np.stack([table[f"head{n}"] for n in "XYZ"], axis=1) / 100.0
    values = np.concatenate([angles, places], axis=1) - table["jawOpen"][:, None] * JAW_SEEN
    if len(values) >= FILTER[0]:
        values = savgol_filter(values, *FILTER, axis=0, mode="interp")
    turns = Rotation.from_euler("YXZ", values[:, :3], degrees=True)
    middle = np.median(values, axis=0)
    median = Rotation.from_euler("YXZ", middle[:3], degrees=True)
    moved = median.inv().apply(values[:, 3:] - middle[3:])
    turned = median.inv() * turns
    moved -= turned.apply(FACE_FROM_NECK) - FACE_FROM_NECK
    moved -= np.median(moved, axis=0)
    return CapturedPose(table["time"] - LAG_SECONDS, turned.as_quat(canonical=True), moved)


def load(root: Path, dataset: str, split: str | None) -> list[tuple[Recording, CapturedPose]]:
    """Recordings of a captured set with their heads."""
    found = [(r, real.face_path(r)) for r in real.load(root, dataset, split)]
    return [(recording, read_pose(path)) for recording, path in found if path]
