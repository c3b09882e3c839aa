"""An animator's edits of a clip: offsets over time, put on a clip that was baked again.

``examples/blender_import.py`` writes them (JSON)::

    {"format": "talkface-edits", "version": 1,
     "channels": {"mouthSmileLeft": [[0.5, 0.0], [0.8, 0.3], [1.4, 0.0]]}}
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from talkface.clip import Clip

FORMAT = "talkface-edits"
VERSION = 1


@dataclass(frozen=True)
class Edits:
    """``channels``: points [n, 2] of seconds and offset by channel, times growing; straight lines
    between them, held beyond them."""

    channels: Mapping[str, NDArray[np.float64]]

    def apply(self, clip: Clip) -> Clip:
        """The clip with the offsets added, edited channels kept within [0, 1].

        Channels are taken by name in any ARKit spelling. ValueError when the clip lacks one.
        """
        from talkface.rigs import channel_name

        own = {channel_name(name) or name: i for i, name in enumerate(clip.channels)}
        weights = clip.weights.copy()
        for name, points in self.channels.items():
            index = own.get(channel_name(name) or name)
            if index is None:
                raise ValueError(f"the clip has no channel {name!r}, which was edited")
            offset = np.interp(clip.timestamps, points[:, 0], points[:, 1])
            weights[:, index] = np.clip(weights[:, index] + offset, 0.0, 1.0)
        return replace(clip, weights=weights)


def load_edits(path: Path) -> Edits:
    """Read a file of edits. Raises FileNotFoundError, or ValueError that says what is wrong."""
    if not path.is_file():
        raise FileNotFoundError(f"no such edits: {path}")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} is not JSON: {error}") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError(f"{path} is not a file of TalkFace edits")
    if document.get("version", 0) > VERSION:
        raise ValueError(f"{path} was written by a newer TalkFace; update it")
    try:
        channels = {name: _points(points) for name, points in document["channels"].items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValueError(f"{path} is damaged: {error}") from error
    return Edits(channels)


def _points(points: object) -> NDArray[np.float64]:
    table = np.array(points, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] != 2 or not np.isfinite(table).all():
        raise ValueError("points must be pairs of seconds and offset")
    if (np.diff(table[:, 0]) <= 0).any():
        raise ValueError("times of points must grow")
    return table
