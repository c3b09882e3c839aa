"""CSV as the Live Link Face app writes it (anchors-sdk.md 7b), read back by column name.

Header ``Timecode,BlendshapeCount`` and 61 columns in the app's order; timecode ``HH:MM:SS:FF.fff``
with 60 frames to the second, so that any frame rate fits; angles in radians.

Angles of the app, from its captures: eye pitch is positive looking down and eye yaw positive
looking to the character's right (arkit_rom_capture: 0.61 rad at weight 1). HeadYaw is positive
turning to the character's left and HeadPitch positive looking up: while a captured speaker looks at
the phone, eye angles follow head angles with a slope of +0.9 and +1.3 (livelink_captures "dao").
The sign of HeadRoll could not be told from captures; it is written positive for tilt about +Z.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from talkface.clip import Clip
from talkface.rig import CHANNELS, LIVE_LINK_CSV_COLUMNS, ROTATION_COLUMNS
from talkface.rigs import arkit_clip
from talkface.rotation import from_angles, to_angles
from talkface.sinks.tables import named_clip, numbers, read_rows

EYE_RADIANS_AT_ONE = 0.611
TIMECODE_RATE = 60
_TIMECODE = re.compile(r"(\d+):(\d{1,2}):(\d{1,2})[:;](\d+(?:\.\d+)?)$")


def timecode(seconds: float) -> str:
    """``HH:MM:SS:FF.fff`` at 60 frames to the second."""
    thousandths = round(seconds * TIMECODE_RATE * 1000)
    whole, sub = divmod(thousandths, 1000)
    rest, frame = divmod(whole, TIMECODE_RATE)
    minutes, second = divmod(rest, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02d}:{minute:02d}:{second:02d}:{frame:02d}.{sub:03d}"


def parse_timecode(text: str, rate: float = TIMECODE_RATE) -> float:
    """Seconds of a timecode whose seconds have ``rate`` frames; ValueError when it is not one."""
    match = _TIMECODE.match(text.strip())
    if match is None:
        raise ValueError(f"not a timecode: {text!r}")
    hours, minutes, seconds, frames = match.groups()
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(frames) / rate


def rotation_columns(clip: Clip) -> dict[str, NDArray[np.float64]]:
    """The nine head and eye angles of the app, in radians."""
    turn, nod, tilt = to_angles(clip.head_rotation)

    def eye(side: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        inward = 1.0 if side == "Left" else -1.0
        look = {part: clip.channel(f"eyeLook{part}{side}") for part in ("In", "Out", "Up", "Down")}
        yaw = inward * (look["In"].astype(np.float64) - look["Out"]) * EYE_RADIANS_AT_ONE
        pitch = (look["Down"].astype(np.float64) - look["Up"]) * EYE_RADIANS_AT_ONE
        return yaw, pitch

    (left_yaw, left_pitch), (right_yaw, right_pitch) = eye("Left"), eye("Right")
    still = np.zeros(len(clip))
    values = (turn, -nod, tilt, left_yaw, left_pitch, still, right_yaw, right_pitch, still)
    return dict(zip(ROTATION_COLUMNS, values, strict=True))


def write(clip: Clip, path: Path) -> None:
    """Write a clip as the app would; ValueError when it is not on ARKit's channels."""
    clip = arkit_clip(clip, "a Live Link Face CSV")
    angles = rotation_columns(clip)
    names = {name[0].upper() + name[1:]: name for name in CHANNELS}
    columns = [
        angles[column] if column in angles else clip.channel(names[column])
        for column in LIVE_LINK_CSV_COLUMNS
    ]
    table = np.stack(columns, axis=1)
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["Timecode", "BlendshapeCount", *LIVE_LINK_CSV_COLUMNS])
        for seconds, row in zip(clip.timestamps, table, strict=True):
            code = timecode(float(seconds))
            writer.writerow([code, len(columns), *(f"{value:.10f}" for value in row)])


def read(path: Path) -> Clip:
    """Read an app CSV, ours or the phone's, by column names; time counts from the first row.

    The clip's channels are the file's columns without the angles; head translation is not in the
    format. Raises ValueError for another file.
    """
    header, rows = read_rows(path)
    if len(header) < 2 or header[0].lower() != "timecode":
        raise ValueError(f"{path} is not a Live Link Face CSV: no Timecode column")
    table = numbers(path, [row[2:] for row in rows], len(header) - 2)
    times = elapsed(path, [row[0] for row in rows])
    names, weights, head = split_angles(header[2:], table)
    return named_clip(names, weights, times, head, tolerance=1.5e-3 / TIMECODE_RATE)


def elapsed(path: Path, codes: list[str], rate: float = TIMECODE_RATE) -> NDArray[np.float64]:
    """Seconds of timecodes since the first, over midnight too."""
    try:
        times = np.array([parse_timecode(code, rate) for code in codes], dtype=np.float64)
    except ValueError as error:
        raise ValueError(f"{path} is damaged: {error}") from None
    return np.unwrap(times - times[:1], period=86400.0)


def split_angles(
    names: list[str], table: NDArray[np.float64], radians: float = 1.0
) -> tuple[list[str], NDArray[np.float64], NDArray[np.float32]]:
    """Names and columns without the nine angles, and the head rotation they give; an angle of 1 is
    ``radians``. Eye angles repeat the eyeLook channels and are dropped."""
    angles = {name.lower() for name in ROTATION_COLUMNS}
    kept = [index for index, name in enumerate(names) if name.lower() not in angles]
    lowered = [name.lower() for name in names]

    def angle(name: str) -> NDArray[np.float64]:
        key = name.lower()
        known = key in lowered
        return table[:, lowered.index(key)] * radians if known else np.zeros(len(table))

    head = from_angles(angle("HeadYaw"), -angle("HeadPitch"), angle("HeadRoll"))
    return [names[index] for index in kept], table[:, kept], head
