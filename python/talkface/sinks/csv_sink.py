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

from talkface.clip import Clip, even_rate
from talkface.rig import CHANNEL_INDEX, CHANNELS, LIVE_LINK_CSV_COLUMNS, ROTATION_COLUMNS
from talkface.rotation import from_angles, to_angles

EYE_RADIANS_AT_ONE = 0.611
TIMECODE_RATE = 60
_TIMECODE = re.compile(r"(\d+):(\d{2}):(\d{2})[:;](\d{2}(?:\.\d+)?)$")


def timecode(seconds: float) -> str:
    """``HH:MM:SS:FF.fff`` at 60 frames to the second."""
    thousandths = round(seconds * TIMECODE_RATE * 1000)
    whole, sub = divmod(thousandths, 1000)
    rest, frame = divmod(whole, TIMECODE_RATE)
    minutes, second = divmod(rest, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02d}:{minute:02d}:{second:02d}:{frame:02d}.{sub:03d}"


def parse_timecode(text: str) -> float:
    """Seconds of a timecode; ValueError when it is not one."""
    match = _TIMECODE.match(text.strip())
    if match is None:
        raise ValueError(f"not a timecode: {text!r}")
    hours, minutes, seconds, frames = match.groups()
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(frames) / TIMECODE_RATE


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
    """Write a clip as the app would."""
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
    """Read an app CSV, ours or the phone's, or a plain table whose first column is ``time`` in
    seconds: columns by name in any order and case.

    An app's time counts from its first row; a plain table's is kept, and has no head. Missing
    columns are 0; head translation is not in the format. Raises ValueError for another file.
    """
    with path.open(newline="", encoding="utf-8-sig") as handle:
        rows = [row for row in csv.reader(handle) if row]
    plain = bool(rows) and rows[0][0].strip().lower() == "time"
    if len(rows) < 2 or not (plain or rows[0][0].strip().lower() == "timecode"):
        raise ValueError(f"{path} is not a Live Link Face CSV: no Timecode column or no frames")
    header = [name.strip().lower() for name in rows[0]]
    if len(set(header)) != len(header):
        raise ValueError(f"{path} names a column twice")
    widths = {len(row) for row in rows[1:]}
    if widths != {len(header)}:
        raise ValueError(f"{path} is damaged: rows have {sorted(widths)} cells, not {len(header)}")
    try:
        cells = [row[1:] if plain else ["0", *row[2:]] for row in rows[1:]]
        table = np.array(cells, dtype=np.float64)
        times = np.array([float(row[0]) if plain else parse_timecode(row[0]) for row in rows[1:]])
    except ValueError as error:
        raise ValueError(f"{path} is damaged: {error}") from None
    if not np.isfinite(table).all():
        raise ValueError(f"{path} holds values that are not finite")

    def column(name: str) -> NDArray[np.float64]:
        key = name.lower()
        known = key in header and not (plain and name in ROTATION_COLUMNS)
        return table[:, header.index(key) - 1] if known else np.zeros(len(table))

    weights = np.zeros((len(table), len(CHANNELS)), dtype=np.float32)
    for name, index in CHANNEL_INDEX.items():
        weights[:, index] = column(name)
    if not plain:
        times = np.unwrap(times - times[0], period=86400.0)
    elif not (np.isfinite(times).all() and (np.diff(times) > 0).all()):
        raise ValueError(f"{path} holds times that do not grow")
    count = len(table)
    return Clip(
        weights=weights,
        timestamps=times,
        head_rotation=from_angles(column("HeadYaw"), -column("HeadPitch"), column("HeadRoll")),
        head_translation=np.zeros((count, 3), dtype=np.float32),
        emotion=np.zeros((count, 0), dtype=np.float32),
        visemes=np.zeros((count, 0), dtype=np.float32),
        fps=even_rate(times, 1.5e-3 / TIMECODE_RATE),
    )
