"""Blendshapes and head pose from video, by MediaPipe's Face Landmarker (the [capture] extra).

The landmarker estimates 51 of ARKit's blendshapes (no ``tongueOut``) and where the head is. It is
an estimate from a picture: it under-reports ``mouthFunnel``, ``mouthLowerDown`` and
``mouthUpperUp``, and nobody's face is at rest at 0. Filters are those of published data sets
(papers-and-metrics.md 2.1, 2.2): Savitzky-Golay over 5 frames for weights and 9 for the head;
blinks, shorter than that, stay as they are.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkface.clip import Clip, even_rate
from talkface.errors import require
from talkface.rig import CHANNEL_INDEX, CHANNELS

MODEL_VARIABLE = "TALKFACE_FACE_LANDMARKER"
UNSMOOTHED = ("eyeBlinkLeft", "eyeBlinkRight")
WEIGHT_FILTER = (5, 2)
HEAD_FILTER = (9, 3)
EASE_SECONDS = 0.2
EVEN_WITHIN = 2e-3
"""Seconds by which frames may miss an even rate: containers round their times."""
SHORTEST_FRAME = 1e-3
"""Seconds: the landmarker counts whole milliseconds."""
ORIGIN_FROM_NECK = np.array([0.0, 0.089, 0.088])
"""Metres from the neck, about which a pose turns the head, to the origin of the landmarker's face:
measured on a rendered face that turns, nods and tilts by 0.3 rad."""

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Capture:
    """``clip``: the animation. ``seen``: frames with a face; ``filled``: frames in short gaps,
    interpolated; ``lost``: frames in longer ones, where the face is at rest."""

    clip: Clip
    seen: int
    filled: int
    lost: int


@dataclass(frozen=True, eq=False)
class _Track:
    """What the landmarker saw: ``times`` [N] seconds, ``seen`` [N], ``weights`` [N, 52],
    ``poses`` [N, 4, 4] of the head before the camera, in centimetres; 0 where nothing is seen."""

    times: Array
    seen: NDArray[np.bool_]
    weights: Array
    poses: Array


def capture(
    video: str | os.PathLike[str],
    model: str | os.PathLike[str] | None = None,
    *,
    smooth: bool = True,
    max_gap: float = 0.5,
    progress: Callable[[int, int], bool] | None = None,
) -> Capture:
    """Animate from a video of one face.

    ``model``: MediaPipe's task file with blendshapes (``face_landmarker.task``), or what
    ``TALKFACE_FACE_LANDMARKER`` names. ``smooth``: filter as the module says. ``max_gap``: seconds
    without a face that are interpolated; in longer gaps the face eases to rest within 0.2 s.
    ``progress(done, total)`` is called for each frame; False cancels.

    Weights are as estimated, in [0, 1]. The head is relative to its median pose in the video.
    Frames carry the video's own times, from 0 on. Raises FileNotFoundError for a missing file,
    ValueError for a video without a face or one that cannot be read, MissingExtraError without
    MediaPipe.
    """
    if max_gap < 0:
        raise ValueError("max_gap must be 0 or more seconds")
    path = Path(video)
    if not path.is_file():
        raise FileNotFoundError(f"no such video: {path}")
    task = _task_file(model)
    track = _track(path, task, progress)
    if not track.seen.any():
        raise ValueError(f"{path}: no face found in {len(track.seen)} frames")
    keep, filled = _presence(track, max_gap)
    weights = _filled(track, track.weights)
    rotation, translation = _head(track)
    if smooth:
        _smooth(
            weights, WEIGHT_FILTER, [i for n, i in CHANNEL_INDEX.items() if n not in UNSMOOTHED]
        )
        _smooth(rotation, HEAD_FILTER)
        _smooth(translation, HEAD_FILTER)
    weights *= keep[:, None]
    translation *= keep[:, None]
    rotation = (1 - keep[:, None]) * np.array([0.0, 0.0, 0.0, 1.0]) + keep[:, None] * rotation
    rotation /= np.linalg.norm(rotation, axis=1, keepdims=True)
    count = len(track.times)
    times = track.times - track.times[0]
    clip = Clip(
        weights=weights.clip(0, 1).astype(np.float32),
        timestamps=times,
        head_rotation=rotation.astype(np.float32),
        head_translation=translation.astype(np.float32),
        emotion=np.zeros((count, 0), np.float32),
        visemes=np.zeros((count, 0), np.float32),
        fps=even_rate(times, EVEN_WITHIN),
    )
    seen = int(track.seen.sum())
    return Capture(clip, seen, filled, count - seen - filled)


def _task_file(model: str | os.PathLike[str] | None) -> Path:
    chosen = model or os.environ.get(MODEL_VARIABLE)
    if not chosen:
        raise ValueError(
            "capture needs MediaPipe's Face Landmarker with blendshapes (face_landmarker.task): "
            f"give its path, or set {MODEL_VARIABLE}"
        )
    path = Path(chosen)
    if not path.is_file():
        raise FileNotFoundError(f"no such Face Landmarker task file: {path}")
    return path


def _frames(path: Path) -> Iterator[tuple[float, int, NDArray[np.uint8]]]:
    """Time in seconds, number of frames (0: unknown) and picture [H, W, 3] in RGB."""
    cv2 = require("cv2", "capture", "capturing from video")
    reader = cv2.VideoCapture(str(path))
    try:
        rate = reader.get(cv2.CAP_PROP_FPS)
        total = max(int(reader.get(cv2.CAP_PROP_FRAME_COUNT)), 0)
        last = None
        while True:
            whole, picture = reader.read()
            if not whole:
                break
            stamp = reader.get(cv2.CAP_PROP_POS_MSEC) / 1000
            if last is not None and stamp < last + SHORTEST_FRAME:  # a container without times
                stamp = last + 1 / (rate if rate > 0 else 30.0)
            last = stamp
            yield stamp, total, cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
    finally:
        reader.release()


def _track(path: Path, task: Path, progress: Callable[[int, int], bool] | None) -> _Track:
    mediapipe = require("mediapipe", "capture", "capturing from video")
    from mediapipe.tasks.python import BaseOptions, vision

    options = vision.FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_buffer=task.read_bytes()),
        running_mode=vision.RunningMode.VIDEO,
        output_face_blendshapes=True,
        output_facial_transformation_matrixes=True,
    )
    times, seen, weights, poses = [], [], [], []
    try:
        landmarker = vision.FaceLandmarker.create_from_options(options)
    except RuntimeError as error:
        raise ValueError(f"{task} is not a Face Landmarker task file: {error}") from error
    with landmarker:
        for time, total, picture in _frames(path):
            image = mediapipe.Image(
                image_format=mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(picture)
            )
            found = landmarker.detect_for_video(image, round(time * 1000))
            row, pose = _read(found)
            times.append(time)
            seen.append(bool(found.face_blendshapes))
            weights.append(row)
            poses.append(pose)
            if progress is not None and not progress(len(times), max(total, len(times))):
                raise KeyboardInterrupt
    if not times:
        raise ValueError(f"{path} is not a video that can be read, or has no frames")
    return _Track(np.array(times), np.array(seen), np.array(weights), np.array(poses))


def _read(found: Any) -> tuple[Array, Array]:
    row, pose = np.zeros(len(CHANNELS)), np.zeros((4, 4))
    if found.face_blendshapes:
        for shape in found.face_blendshapes[0]:
            if shape.category_name in CHANNEL_INDEX:
                row[CHANNEL_INDEX[shape.category_name]] = shape.score
        pose = np.asarray(found.facial_transformation_matrixes[0], dtype=np.float64)
    return row, pose


def _presence(track: _Track, max_gap: float) -> tuple[Array, int]:
    """How much of the face counts [N], 1 to 0, and how many frames short gaps have."""
    at = np.flatnonzero(track.seen)
    index = np.arange(len(track.seen))
    before = at[np.clip(np.searchsorted(at, index, side="right") - 1, 0, None)]
    after = at[np.clip(np.searchsorted(at, index), None, len(at) - 1)]
    inside = (index > at[0]) & (index < at[-1]) & ~track.seen
    gap = track.times[after] - track.times[before]
    short = inside & (gap <= max_gap)
    away = np.minimum(
        np.abs(track.times - track.times[before]), np.abs(track.times[after] - track.times)
    )
    keep = np.where(
        track.seen | short, 1.0, 0.5 + 0.5 * np.cos(np.pi * np.clip(away / EASE_SECONDS, 0, 1))
    )
    return keep, int(short.sum())


def _filled(track: _Track, values: Array) -> Array:
    """Columns [N, K] with linear interpolation where nothing was seen."""
    known = track.times[track.seen]
    return np.stack(
        [np.interp(track.times, known, column[track.seen]) for column in values.T], axis=1
    )


def _head(track: _Track) -> tuple[Array, Array]:
    """Rotation [N, 4] (x y z w) and translation [N, 3] (metres) about the neck, relative to the
    median pose."""
    from scipy.spatial.transform import Rotation

    poses = track.poses[track.seen]
    turns = Rotation.from_matrix(poses[:, :3, :3]).as_quat()
    turns *= np.where(turns @ turns[0] < 0, -1.0, 1.0)[:, None]
    median = Rotation.from_quat(np.median(turns, axis=0))
    places = poses[:, :3, 3] / 100
    moved = median.inv().apply(places - np.median(places, axis=0))
    turned = median.inv() * Rotation.from_quat(turns)
    moved -= turned.apply(ORIGIN_FROM_NECK) - ORIGIN_FROM_NECK
    full = np.zeros((len(track.seen), 7))
    full[track.seen] = np.concatenate([turned.as_quat(canonical=True), moved], axis=1)
    full = _filled(track, full)
    rotation = full[:, :4] / np.linalg.norm(full[:, :4], axis=1, keepdims=True)
    return rotation, full[:, 4:]


def _smooth(values: Array, shape: tuple[int, int], columns: list[int] | None = None) -> None:
    from scipy.signal import savgol_filter

    window, order = shape
    if len(values) < window:
        return
    chosen = slice(None) if columns is None else columns
    values[:, chosen] = savgol_filter(values[:, chosen], window, order, axis=0, mode="interp")
