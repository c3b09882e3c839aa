"""CSV as Unreal's own ARKit face writer makes it (anchors-sdk.md 7a, 7b).

Header ``Timecode, FrameRate, EyeBlinkLeft, ...``: the 61 in the engine's order, a blank after each
comma, three decimals, CRLF. The timecode is ``H:M:S:F`` without padding, F whole frames of a whole
FrameRate. Head and eye angles are degrees / 180; axes and signs are those of the app's CSV
(:mod:`talkface.sinks.csv_sink`): nothing public says that the engine's differ, and no editor was at
hand to look.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from talkface.clip import Clip
from talkface.rig import CHANNELS, ROTATION_COLUMNS
from talkface.rigs import arkit_clip
from talkface.rigs.names import pascal
from talkface.sinks.csv_sink import elapsed, rotation_columns, split_angles
from talkface.sinks.tables import named_clip, numbers, read_rows, require_rate

_WHAT = "the engine's CSV"


def write(clip: Clip, path: Path) -> None:
    """Write a clip as the engine would; ValueError when it is not on ARKit's channels, or its rate
    is not a whole number."""
    clip = arkit_clip(clip, _WHAT)
    rate = require_rate(clip, _WHAT)
    if rate.denominator != 1:
        raise ValueError(
            f"{_WHAT} counts whole frames of a whole rate, not {float(rate):g}: retime the clip "
            "first (talkface.retime, or talkface convert --fps 60)"
        )
    angles = rotation_columns(clip)
    turns = np.stack([angles[name] / math.pi for name in ROTATION_COLUMNS], axis=1)
    table = np.concatenate([clip.weights, turns], axis=1)
    lines = [", ".join(("Timecode", "FrameRate", *map(pascal, CHANNELS), *ROTATION_COLUMNS))]
    for seconds, row in zip(clip.timestamps, table, strict=True):
        code = _timecode(round(float(seconds) * rate.numerator), rate.numerator)
        lines.append(", ".join((code, str(rate.numerator), *(f"{value:.3f}" for value in row))))
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("utf-8"))


def _timecode(frames: int, rate: int) -> str:
    seconds, frame = divmod(frames, rate)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute}:{second}:{frame}"


def read(path: Path) -> Clip:
    """Read an engine CSV by column names; time counts from the first row. ValueError for another
    file, or one whose frame rate changes."""
    header, rows = read_rows(path)
    if [name.lower() for name in header[:2]] != ["timecode", "framerate"]:
        raise ValueError(f"{path} is not an engine CSV: no Timecode and FrameRate columns")
    table = numbers(path, [row[1:] for row in rows], len(header) - 1)
    rates = set(table[:, 0])
    if len(rates) > 1 or any(rate < 1 for rate in rates):
        raise ValueError(f"{path} needs one FrameRate of at least 1, not {sorted(rates)}")
    rate = float(next(iter(rates), 60.0))
    names, weights, head = split_angles(header[2:], table[:, 1:], math.pi)
    return named_clip(names, weights, elapsed(path, [row[0] for row in rows], rate), head)
