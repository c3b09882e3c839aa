"""Speech with ARKit curves, or films to capture them from: HDTF, 3D-ETF and BEAT2."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from talkface_train.data.adapters.acted import ravdess_clip
from talkface_train.data.adapters.base import (
    CONTAINERS,
    Adapter,
    LayoutError,
    Options,
    Source,
    captured,
    found,
    read_curves,
)
from talkface_train.data.clips import Clip, Face

HDTF_LAYOUT = "RD_Radio1_000.mp4 or .wav"
ETF_LAYOUT = "RAVDESS/audio/NAME.wav with RAVDESS/blendshape/NAME.npy, and HDTF alike"
BEAT_LAYOUT = "wave16k/2_scott_0_1_1.wav with facial52/2_scott_0_1_1.json"
_SPEAKER = re.compile(r"(?:RD|WDA|WRA)_([A-Za-z]+)")
_BEAT = re.compile(r"(\d+)_([A-Za-z]+)_(\d+_\d+_\d+)")


def hdtf_identity(stem: str) -> str:
    """Who speaks in a clip of HDTF: ``WDA_BarackObama_000`` is BarackObama, ``RD_Radio1_000`` and
    other numbered programmes one identity each, for they have guests of their own."""
    match = _SPEAKER.match(stem)
    if match is None or match[1] == "Radio":
        return "hdtf/" + re.sub(r"_\d+$", "", stem)
    return f"hdtf/{match[1]}"


def _hdtf(root: Path, options: Options) -> Iterator[Source]:
    suffixes = (".wav", ".flac", *sorted(CONTAINERS))
    taken: set[str] = set()
    paths = list(found(root, [f"**/*{suffix}" for suffix in suffixes], HDTF_LAYOUT))
    for path in sorted(paths, key=lambda path: (suffixes.index(path.suffix), path)):
        if path.stem in taken:
            continue
        taken.add(path.stem)
        face = captured(options, [path.stem])
        clip = Clip(path.stem, hdtf_identity(path.stem), face=face is not None)
        yield Source(clip, path, face)


def _etf(root: Path, options: Options) -> Iterator[Source]:
    fps = options.fps or 30.0
    for path in found(root, ["*/blendshape/*.npy"], ETF_LAYOUT):
        part = path.parent.parent
        sound = part / "audio" / f"{path.stem}.wav"
        if not sound.is_file():
            raise LayoutError(f"{path.name} has no sound: {sound} is missing")
        name = f"{part.name}/{path.stem}"
        clip = ravdess_clip(name, path.stem, True)
        if clip is None:
            clip = Clip(name, hdtf_identity(path.stem), face=True)
        yield Source(clip, sound, _reader(path, fps))


def _reader(path: Path, fps: float) -> Callable[[], Face]:
    return lambda: read_curves(path, fps)


def _beat(root: Path, options: Options) -> Iterator[Source]:
    curves = root / "facial52"
    for path in found(root, ["wave16k/*.wav"], BEAT_LAYOUT):
        match = _BEAT.fullmatch(path.stem)
        if match is None:
            raise LayoutError(f"{path.name} is not named as {BEAT_LAYOUT} is")
        number, person, reading = match.groups()
        own = curves / f"{path.stem}.json"
        face = _reader(own, 60.0) if own.is_file() else captured(options, [path.stem])
        clip = Clip(
            path.stem,
            f"beat2/{number}_{person}",
            sentence=f"beat2/{reading}",
            face=face is not None,
        )
        yield Source(clip, path, face)


ADAPTERS = (
    Adapter("hdtf", HDTF_LAYOUT, _hdtf),
    Adapter("3d_etf", ETF_LAYOUT, _etf),
    Adapter("beat2", BEAT_LAYOUT, _beat),
)
