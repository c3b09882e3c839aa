"""What adapters share: sources of clips, and readers of the sound and faces that they find."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from talkface.audio import read_file
from talkface.clip import load_clip
from talkface.rig import CHANNELS
from talkface_train.data.clips import FRAME_RATE, Clip, Face, Floats
from talkface_train.data.voices import resample

ALPHABETICAL = tuple(sorted(CHANNELS))
"""The order of ARKit's names in 3D-ETF and in what follows it."""
LARGEST_WEIGHT = 5.0
"""Of arrays of curves; trackers go a little beyond 1, percentages far."""
CONTAINERS = {".mp4", ".m4a", ".mov", ".avi", ".mkv", ".flv", ".webm"}
EMOTIONS = {
    "neutral": "neutral", "calm": "neutral", "happy": "happy", "happiness": "happy", "sad": "sad",
    "sadness": "sad", "angry": "angry", "anger": "angry", "fear": "fearful", "fearful": "fearful",
    "disgust": "disgusted", "disgusted": "disgusted", "surprised": "surprised",
    "surprise": "surprised", "contempt": "contempt",
}  # fmt: skip
"""Words of the sets for the rig's emotions."""

FaceReader = Callable[[], Face]
AudioReader = Callable[[], Floats]


class LayoutError(ValueError):
    """A folder that is not laid out as its adapter reads it."""


@dataclass(frozen=True)
class Source:
    """A clip that can be prepared: where its sound is, or what makes it, and how to read its
    face."""

    clip: Clip
    audio: Path | AudioReader
    face: FaceReader | None = None


@dataclass(frozen=True)
class Options:
    """What the command line says beside the folder: see ``prepare --help``."""

    faces: Path | None = None
    fps: float | None = None
    metres_per_unit: float | None = None
    hours: float = 0.5
    takes: int = 1
    seed: int = 0


@dataclass(frozen=True)
class Adapter:
    """A set's name, what of its layout is read, and its scan of a folder."""

    name: str
    layout: str
    scan: Callable[[Path, Options], Iterable[Source]]


def found(root: Path, patterns: Sequence[str], layout: str) -> Iterator[Path]:
    """Files below ``root`` by any of the patterns, in order; LayoutError when there are none."""
    if not root.is_dir():
        raise LayoutError(f"no such folder: {root}")
    paths = sorted({path for pattern in patterns for path in root.glob(pattern)})
    if not paths:
        raise LayoutError(f"nothing like {layout} in {root}: docs/data.md shows the layout")
    yield from paths


def read_audio(path: Path | AudioReader) -> Floats:
    """A sound file, a film's sound by ffmpeg, or what a reader makes, as mono at 16 kHz."""
    if not isinstance(path, Path):
        return path()
    if path.suffix.lower() not in CONTAINERS:
        audio = read_file(path)
        samples = audio.samples.astype(np.float32, copy=False)
        mono = samples.mean(axis=1) if samples.ndim == 2 else samples
        resampled: Floats = resample(mono, audio.rate).astype(np.float32, copy=False)
        return resampled
    program = shutil.which("ffmpeg")
    if program is None:
        raise LayoutError(
            f"{path.name} needs ffmpeg to be read: install it, or put a .wav of the same name there"
        )
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "sound.wav"
        order = [program, "-v", "error", "-i", str(path), "-ac", "1", "-ar", "16000", str(wav)]
        result = subprocess.run(order, capture_output=True, text=True, check=False)
        if result.returncode:
            raise LayoutError(f"ffmpeg cannot read {path}: {result.stderr.strip()}")
        return read_audio(wav)


def captured(options: Options, names: Iterable[str]) -> FaceReader | None:
    """How to read the face of a clip from ``--faces``, under the first of its names that exists."""
    if options.faces is None:
        return None
    if not options.faces.is_dir():
        raise LayoutError(f"no such folder of faces: {options.faces}")
    for name in names:
        for suffix in (".csv", ".json", ".npz", ".npy"):
            path = options.faces / f"{name}{suffix}"
            if path.is_file():
                return lambda: read_curves(path, options.fps or 30.0)
    return None


def read_curves(path: Path, fps: float) -> Face:
    """ARKit curves of a file.

    ``.npy`` is [frames, 52] at ``fps`` in alphabetical order; a ``.json`` with ``names`` and
    ``frames`` of ``weights`` is BEAT's; anything else is a clip that ``talkface capture``, the
    Live Link Face app or :meth:`talkface.Clip.save` wrote.
    """
    if path.suffix == ".npy":
        table = read_array(path)
        if table.ndim != 2 or table.shape[1] != len(CHANNELS):
            raise LayoutError(f"{path} is {list(table.shape)}, not [frames, {len(CHANNELS)}]")
        if table.size and np.nanmax(table) > LARGEST_WEIGHT:
            raise LayoutError(f"{path} has weights up to {table.max():g}: 1 is a whole shape")
        return Face(fps, by_name(table, ALPHABETICAL))
    if path.suffix == ".json":
        document = json.loads(path.read_text("utf-8"))
        if "names" in document and "frames" in document:
            return _beat(document, path)
    clip = load_clip(path)
    if not len(clip):
        raise LayoutError(f"{path} has no frames")
    weights = by_name(clip.weights, clip.channels)
    head = head_columns(clip.head_rotation, clip.head_translation)
    if clip.fps is not None:
        return Face(float(clip.fps), weights, start=float(clip.timestamps[0]), head=head)
    return evenly(clip.timestamps, weights, head)


def read_array(path: Path) -> Floats:
    """A NumPy file of numbers; one that is pickled is refused."""
    try:
        values = np.load(path, allow_pickle=False)
    except ValueError as error:
        raise LayoutError(f"cannot read {path} as an array of numbers: {error}") from error
    numbers: Floats = values.astype(np.float32)
    return numbers


def by_name(table: NDArray[np.float32], names: Sequence[str]) -> Floats:
    """Curves [N, names] as [N, 52] in the rig's order, in [0, 1]; 0 where a name is missing."""
    unknown = set(names) - set(CHANNELS)
    if unknown or len(names) != table.shape[1]:
        raise LayoutError(f"{table.shape[1]} curves with names such as {sorted(unknown)[:3]}")
    out = np.zeros((len(table), len(CHANNELS)), dtype=np.float32)
    for column, name in enumerate(names):
        out[:, CHANNELS.index(name)] = np.clip(table[:, column], 0.0, 1.0)
    return out


def head_columns(rotation: NDArray[np.float32], translation: NDArray[np.float32]) -> Floats | None:
    """Unit quaternions [N, 4] (x y z w) and metres [N, 3] as [N, 9]; None when nothing moves."""
    from scipy.spatial.transform import Rotation

    if not len(rotation) or (np.ptp(rotation, axis=0).max() == 0 and not translation.any()):
        return None
    matrix = Rotation.from_quat(rotation).as_matrix()
    columns = [matrix[:, :, 0], matrix[:, :, 1], translation]
    joined: Floats = np.concatenate(columns, axis=1).astype(np.float32)
    return joined


def evenly(times: NDArray[np.float64], curves: Floats, head: Floats | None) -> Face:
    """Frames at any times as 25 a second; not seen where no frame is near."""
    count = max(round(float(times[-1] - times[0]) * FRAME_RATE) + 1, 1)
    grid = times[0] + np.arange(count) / FRAME_RATE

    def at(table: Floats) -> Floats:
        columns = [np.interp(grid, times, column) for column in table.T]
        return np.stack(columns, axis=1).astype(np.float32)

    after = np.clip(np.searchsorted(times, grid), 1, max(len(times) - 1, 1))
    ends = np.minimum(np.stack([after - 1, after]), len(times) - 1)
    seen = np.abs(times[ends] - grid).min(axis=0) <= 0.75 / FRAME_RATE
    moved = None if head is None else at(head)
    return Face(FRAME_RATE, at(curves), start=float(times[0]), head=moved, seen=seen)


def _beat(document: dict[str, list[dict[str, list[float]]]], path: Path) -> Face:
    """BEAT's curves: 51 of ARKit's by name, 60 frames a second with a time each."""
    try:
        frames = document["frames"]
        table = np.array([frame["weights"] for frame in frames], dtype=np.float32)
        times = np.array([frame["time"] for frame in frames], dtype=np.float64)
    except (KeyError, TypeError) as error:
        raise LayoutError(f"{path}: a frame without {error}, as BEAT's have") from error
    if len(times) < 2 or (np.diff(times) <= 0).any():
        raise LayoutError(f"{path} has no rising times")
    names = tuple(str(name) for name in document["names"])
    return evenly(times, by_name(table, names), None)
