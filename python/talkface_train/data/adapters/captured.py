"""Recordings of one's own: sounds or films, each with the face that spoke as ``talkface capture``,
the Live Link Face app or :meth:`talkface.Clip.save` wrote it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from talkface_train.data.adapters.base import (
    CONTAINERS,
    EMOTIONS,
    Adapter,
    LayoutError,
    Options,
    Source,
    captured,
    found,
)
from talkface_train.data.clips import Clip

LAYOUT = "NAME.wav (or .mp4) with NAME.csv, .json or .npz beside it or in --faces; labels.csv"
LABELS = "labels.csv"
COLUMNS = ("name", "identity", "emotion", "level", "text")


def _captured(root: Path, options: Options) -> Iterator[Source]:
    suffixes = (".wav", ".flac", *sorted(CONTAINERS))
    paths = found(root, [f"**/*{suffix}" for suffix in suffixes], LAYOUT)
    labels, taken = _labels(root / LABELS), set()
    for path in sorted(paths, key=lambda path: (suffixes.index(path.suffix), path)):
        name = path.relative_to(root).with_suffix("").as_posix()
        if name in taken:
            continue
        taken.add(name)
        face = captured(options, [name, path.stem])
        face = face or captured(replace(options, faces=path.parent), [path.stem])
        yield Source(_clip(name, labels.get(name), face is not None), path, face)
    unknown = sorted(set(labels) - taken)
    if unknown:
        raise LayoutError(
            f"{LABELS} names {unknown[0]!r}, and there is no such recording in {root}"
        )


def _labels(path: Path) -> dict[str, Mapping[str, str]]:
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.DictReader(handle)
        columns = set(reader.fieldnames or ())
        if "name" not in columns or columns - set(COLUMNS):
            raise LayoutError(
                f"{path} needs the column name, and may have {', '.join(COLUMNS[1:])}, with commas "
                f"between; it has {', '.join(sorted(columns)) or 'none'}"
            )
        return {row["name"]: row for row in reader}


def _clip(name: str, row: Mapping[str, str] | None, face: bool) -> Clip:
    """One person, nobody knows in which emotion, unless the table says."""
    said = row or {}
    emotion, level = said.get("emotion") or None, said.get("level") or None
    if emotion is not None and emotion not in EMOTIONS:
        known = ", ".join(EMOTIONS)
        raise LayoutError(f"{LABELS}: {name} has the emotion {emotion!r}, which is none of {known}")
    try:
        strength = None if level is None else float(level)
    except ValueError:
        raise LayoutError(f"{LABELS}: {name} has the level {level!r}, which is no number") from None
    return Clip(
        name, said.get("identity") or "me", EMOTIONS.get(emotion or ""), strength,
        said.get("text") or None, face=face,
    )  # fmt: skip


ADAPTERS = (Adapter("captured", LAYOUT, _captured),)
