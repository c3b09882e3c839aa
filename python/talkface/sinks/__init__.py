"""Writers of clips and their readers, chosen by a file's suffix."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from talkface.clip import Clip
from talkface.sinks import csv_sink, json_sink, npz_sink

_WRITERS: dict[str, Callable[[Clip, Path], None]] = {
    ".csv": csv_sink.write,
    ".json": json_sink.write,
    ".npz": npz_sink.write,
}
_READERS: dict[str, Callable[[Path], Clip]] = {
    ".csv": csv_sink.read,
    ".json": json_sink.read,
    ".npz": npz_sink.read,
}
SUFFIXES = tuple(_WRITERS)


def save_clip(clip: Clip, path: Path) -> Path:
    """Write a clip in the format of the path's suffix; ValueError for an unknown one."""
    check_suffix(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"no such folder: {path.parent}")
    _WRITERS[path.suffix.lower()](clip, path)
    return path


def read_clip(path: Path) -> Clip:
    """Read a clip in the format of the path's suffix."""
    check_suffix(path)
    if not path.is_file():
        raise FileNotFoundError(f"no such clip: {path}")
    return _READERS[path.suffix.lower()](path)


def check_suffix(path: Path) -> None:
    """ValueError when no format has the path's suffix."""
    if path.suffix.lower() not in _WRITERS:
        raise ValueError(f"{path.name}: the suffix must be one of {', '.join(SUFFIXES)}")
