"""Readers for the real recordings of the shared data folder, and its splits.

The folder is found through ``TALKFACE_DATA``, else ``../shared/data`` beside the checkout.
Nothing of it is ever copied into the repository.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from talkface_train.data.phones import (
    SILENCE,
    UNKNOWN,
    Segment,
    from_arpabet,
    from_emodb,
    from_ipa,
)

PHONE_SETS = (
    "emodb",
    "speechocean762",
    "librispeech",
    "ljspeech",
    "kathleen_arctic",
    "vctk",
    "librivox_phones",
    "grid_s1",
    "grid_face",
    "speech_commands",
    "picovoice_wake",
    "mycroft_community",
    "nathalie_dutch",
    "wakeup_telephone",
)
"""Sets with timed phones. ``wakeup_telephone`` is share-alike: evaluate on it, never train."""


@dataclass(frozen=True)
class Recording:
    """One labelled recording: ``path`` of its audio and timed phones in seconds.

    ``effort`` scales how far the mouth moves: see :data:`EFFORTS`.
    """

    name: str
    dataset: str
    speaker: str
    path: Path
    segments: tuple[Segment, ...] = field(repr=False)
    effort: float = 1.0


EFFORTS = {"anger": 1.25, "happiness": 1.1, "fear": 1.1, "boredom": 0.85, "sadness": 0.85}
"""Gain of movement by acted emotion. Loud speech amplifies normal jaw and lip movement (Schulman
1989), soft speech shrinks it (kinematics of loud, soft and whispered speech, Folia Phoniatrica
76(5), 2024); the sizes are moderate guesses, no face was recorded with these voices."""


def data_root(path: str | Path | None = None) -> Path | None:
    """The shared data folder (``path``, ``TALKFACE_DATA``, ``../shared/data``); None if absent."""
    candidates = [path] if path else [os.environ.get("TALKFACE_DATA"), "../shared/data"]
    for candidate in candidates:
        if candidate and (Path(candidate) / "splits.json").is_file():
            return Path(candidate)
    return None


@cache
def _splits(root: Path) -> dict[str, dict[str, list[str]]]:
    splits: dict[str, dict[str, list[str]]] = json.loads((root / "splits.json").read_text("utf-8"))
    return splits


def suites(root: Path) -> dict[str, list[str]]:
    """Named groups of test sets (``english_clean`` ...)."""
    return dict(_splits(root)["suites"])


def split_of(root: Path, dataset: str, file_name: str) -> str:
    """``dev``, ``test``, ``eval_only`` or ``train`` for one audio file of a set."""
    for split in ("dev", "test", "eval_only"):
        if file_name in _splits(root)[split].get(dataset, ()):
            return split
    return "train"


def held_out(root: Path, dataset: str) -> list[Path]:
    """Audio files of a set that are only for evaluation, with or without labels, by name."""
    folder = root / dataset
    audio = folder / "audio" if (folder / "audio").is_dir() else folder
    names = sorted(_splits(root)["eval_only"].get(dataset, ()))
    return [audio / name for name in names if (audio / name).is_file()]


def load(root: Path, dataset: str, split: str | None = None) -> list[Recording]:
    """Recordings of a set, sorted by name; of one split, or of all when ``split`` is None.

    Raises ValueError for a set without timed phones.
    """
    if dataset not in PHONE_SETS:
        raise ValueError(f"{dataset!r} has no timed phones; sets: {', '.join(PHONE_SETS)}")
    folder = root / dataset
    audio = folder / "audio" if (folder / "audio").is_dir() else folder
    speakers, emotions = _column(folder, "speaker"), _column(folder, "emotion")
    recordings = []
    for name, segments in _segments(folder, dataset).items():
        path = audio / f"{name}.flac"
        if not path.is_file():
            continue
        if split is not None and split_of(root, dataset, path.name) != split:
            continue
        speaker = f"{dataset}/{speakers.get(path.name, 'one')}"
        effort = EFFORTS.get(emotions.get(path.name, ""), 1.0)
        recordings.append(Recording(name, dataset, speaker, path, segments, effort))
    return sorted(recordings, key=lambda recording: recording.name)


def face_path(recording: Recording) -> Path | None:
    """The captured curves of a recording, where its set has them."""
    folder = recording.path.parent
    name = f"{recording.name}_arkit.csv"
    paths = (folder / name, folder.parent / "arkit" / name)
    return next((path for path in paths if path.is_file()), None)


def _column(folder: Path, column: str) -> dict[str, str]:
    """A column of a set's table by file name; a file of an unknown speaker is its own speaker."""
    for table in ("transcripts.csv", "labels.csv"):
        path = folder / table
        if path.is_file():
            with path.open(encoding="utf-8", newline="") as handle:
                rows = list(csv.DictReader(handle))
            if rows and column in rows[0] and "file" in rows[0]:
                return {
                    row["file"]: row["file"] if row[column] == "unknown" else row[column]
                    for row in rows
                }
    return {}


def _segments(folder: Path, dataset: str) -> dict[str, tuple[Segment, ...]]:
    if dataset == "emodb":
        return _emodb(folder / "phones.tsv")
    if dataset == "librivox_phones":
        return {path.name.split(".")[0]: _aligned(path) for path in folder.glob("*.phone.json")}
    convert = from_ipa if dataset == "nathalie_dutch" else from_arpabet
    table: dict[str, list[Segment]] = {}
    for row in _rows(folder / "phones.tsv"):
        phone = SILENCE if row["phone"] == "SIL" else convert(row["phone"])
        segment = Segment(float(row["start"]), float(row["end"]), phone)
        table.setdefault(row["utt"], []).append(segment)
    return {name: tuple(segments) for name, segments in table.items()}


def _rows(path: Path) -> Iterable[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)


def _aligned(path: Path) -> tuple[Segment, ...]:
    segments = []
    for word in json.loads(path.read_text("utf-8"))["w"]:
        for phone in word.get("w", ()):
            start = float(phone["b"])
            name = SILENCE if phone["t"] == "SIL" else from_arpabet(phone["t"])
            segments.append(Segment(start, start + float(phone["d"]), name))
    return tuple(segments)


def _emodb(path: Path) -> dict[str, tuple[Segment, ...]]:
    """Hand labels: a stop's closure, release and aspiration become one phone with ``closed``."""
    table: dict[str, list[Segment]] = {}
    for row in _rows(path):
        segments = table.setdefault(row["utt"], [])
        start, end = float(row["start"]), float(row["end"])
        last = segments[-1] if segments else None
        phone = SILENCE if row["kind"] == "pause" else from_emodb(row["base"])
        goes_on = row["kind"] in ("release", "aspiration") and last and last.end >= start - 1e-4
        if goes_on and last and phone in (last.phone, UNKNOWN):
            segments[-1] = Segment(last.start, end, last.phone, last.closed)
            continue
        closed = (start, end) if row["kind"] == "closure" else None
        segments.append(Segment(start, end, phone, closed))
    return {name: tuple(segments) for name, segments in table.items()}
