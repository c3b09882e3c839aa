"""Scanned faces as vertices: BIWI and VOCASET, converted to one array and one sound a clip.

Both are distributed in other forms (BIWI's binary frames, VOCASET's pickles), which are not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from talkface_train.data.adapters.base import (
    Adapter,
    LayoutError,
    Options,
    Source,
    found,
    read_array,
)
from talkface_train.data.clips import Clip, Face

BIWI_LAYOUT = "vertices_npy/F1_e01.npy with wav/F1_e01.wav"
BIWI_METRES = 0.2
"""Metres in one unit, about: a deduction from scales that others train with, not a statement of its
authors."""
BIWI_VERTICES, VOCASET_VERTICES = 23370, 5023
_BIWI = re.compile(r"([FM]\d+)_(e?)(\d+)")
_VOCASET = re.compile(r"(FaceTalk_\w+_TA)_sentence(\d+)")


def read_vertices(path: Path, count: int, fps: float, metres: float) -> Face:
    """Vertices [N, 3 count] or [N, count, 3] of a NumPy file, as metres."""
    table = read_array(path)
    if table.ndim not in (2, 3) or table.size != len(table) * 3 * count:
        raise LayoutError(f"{path} is {list(table.shape)}, not [frames, {count} * 3]")
    return Face(fps, vertices=table.reshape(len(table), count, 3) * metres)


def _pairs(root: Path, layout: str) -> Iterator[tuple[Path, Path]]:
    for path in found(root, ["vertices_npy/*.npy"], layout):
        sound = root / "wav" / f"{path.stem}.wav"
        if not sound.is_file():
            raise LayoutError(f"{path.name} has no sound: {sound} is missing")
        yield path, sound


def _reader(path: Path, count: int, fps: float, metres: float) -> Callable[[], Face]:
    return lambda: read_vertices(path, count, fps, metres)


def _biwi(root: Path, options: Options) -> Iterator[Source]:
    metres = options.metres_per_unit or BIWI_METRES
    for path, sound in _pairs(root, BIWI_LAYOUT):
        match = _BIWI.fullmatch(path.stem)
        if match is None:
            raise LayoutError(f"{path.name} is not named as {BIWI_LAYOUT} is")
        person, felt, number = match.groups()
        clip = Clip(
            path.stem,
            f"biwi/{person}",
            # Its emotional takes were induced by films; which emotion each shows was only rated.
            None if felt else "neutral",
            1.0 if felt else 0.0,
            sentence=f"biwi/{number}",
            face=True,
        )
        yield Source(clip, sound, _reader(path, BIWI_VERTICES, options.fps or 25.0, metres))


def _vocaset(root: Path, options: Options) -> Iterator[Source]:
    metres = options.metres_per_unit or 1.0
    layout = VOCASET.layout
    for path, sound in _pairs(root, layout):
        match = _VOCASET.fullmatch(path.stem)
        if match is None:
            raise LayoutError(f"{path.name} is not named as {layout} is")
        person, number = match.groups()
        clip = Clip(
            path.stem,
            f"vocaset/{person}",
            "neutral",
            # Most sentences are one person's own, though their numbers repeat; some are shared.
            sentence=f"vocaset/{number}",
            face=True,
        )
        yield Source(clip, sound, _reader(path, VOCASET_VERTICES, options.fps or 30.0, metres))


VOCASET = Adapter(
    "vocaset",
    "vertices_npy/FaceTalk_170725_00137_TA_sentence01.npy with wav/....wav",
    _vocaset,
)
ADAPTERS = (Adapter("biwi", BIWI_LAYOUT, _biwi), VOCASET)
