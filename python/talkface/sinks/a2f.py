"""NVIDIA Audio2Face's files (anchors-sdk.md 3.5, 7e): curves alone, no head.

JSON: ``exportFps``, ``trackPath``, ``numPoses``, ``numFrames``, ``facsNames`` and ``weightMat``
[frame][pose]; frames are counted from 0. CSV: ``timeCode`` in seconds, then
``blendShapes.<Name>``. ARKit's names are written as ``EyeBlinkLeft``, in the engine's order, which
is the order of NVIDIA's own configurations; another rig's names as they are.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np

from talkface.clip import Clip
from talkface.documents import read_json
from talkface.retime import frame_rate
from talkface.rig import CHANNELS
from talkface.rigs.names import pascal
from talkface.sinks.tables import growing, named_clip, numbers, read_rows, require_rate

_COLUMN = "blendShapes."


def _spelled(clip: Clip) -> list[str]:
    return [pascal(name) if name in CHANNELS else name for name in clip.channels]


def write_weights(clip: Clip, path: Path, track: str = "") -> None:
    """Write the JSON; ``track`` names the sound. ValueError when frames are not evenly spaced."""
    rate = require_rate(clip, "Audio2Face's JSON")
    document = {
        "exportFps": float(rate),
        "trackPath": track,
        "numPoses": len(clip.channels),
        "numFrames": len(clip),
        "facsNames": _spelled(clip),
        "weightMat": [[round(float(value), 6) for value in row] for row in clip.weights],
    }
    path.write_text(json.dumps(document), encoding="utf-8")


def read_weights(path: Path) -> Clip:
    """Read the JSON by its names. ValueError for another file or one that contradicts itself."""
    document = read_json(path)
    keys = ("exportFps", "facsNames", "weightMat")
    if not isinstance(document, dict) or not set(keys) <= set(document):
        raise ValueError(f"{path} is not Audio2Face JSON: it needs {', '.join(keys)}")
    names, frames = document["facsNames"], document["weightMat"]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError(f"{path} is damaged: facsNames must be a list of names")
    if len(set(names)) != len(names):
        raise ValueError(f"{path} names a pose twice")
    try:
        rate = frame_rate(document["exportFps"])
        table = np.array(frames, dtype=np.float64).reshape(len(frames), len(names))
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{path} is damaged: {error}") from None
    for key, count in (("numFrames", len(frames)), ("numPoses", len(names))):
        if document.get(key, count) != count:
            raise ValueError(f"{path} is damaged: {key} says {document[key]}, there are {count}")
    if not np.isfinite(table).all():
        raise ValueError(f"{path} holds values that are not finite")
    times = np.array([float(index / rate) for index in range(len(frames))])
    return named_clip(names, table, times, fps=rate)


def write_csv(clip: Clip, path: Path) -> None:
    """Write the CSV."""
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["timeCode", *(_COLUMN + name for name in _spelled(clip))])
        for seconds, row in zip(clip.timestamps, clip.weights, strict=True):
            writer.writerow([f"{seconds:.9f}", *(f"{value:.6f}" for value in row)])


def read_csv(path: Path) -> Clip:
    """Read the CSV by column names, with or without a column of row numbers before the times;
    times as they stand. ValueError for another file."""
    header, rows = read_rows(path)
    skip = 1 if header[:1] == [""] else 0
    names = header[skip + 1 :]
    if [name.lower() for name in header[skip : skip + 1]] != ["timecode"] or not all(
        name.startswith(_COLUMN) for name in names
    ):
        raise ValueError(f"{path} is not an Audio2Face CSV: it needs timeCode and {_COLUMN}...")
    table = numbers(path, [row[skip:] for row in rows], len(names) + 1)
    channels = [name.removeprefix(_COLUMN) for name in names]
    return named_clip(channels, table[:, 1:], growing(path, table[:, 0]))
