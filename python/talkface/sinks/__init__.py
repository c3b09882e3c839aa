"""Writers of clips and their readers, chosen by a file's suffix or by a format's name."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np

from talkface import whole
from talkface.clip import Clip
from talkface.sinks.formats import FORMATS, SUFFIXES, Format, for_reading, for_writing

__all__ = [
    "FORMATS", "SUFFIXES", "Format", "check_output", "for_reading", "for_writing", "read_clip",
    "read_named", "save_clip",
]  # fmt: skip

_LOG = logging.getLogger("talkface")


def save_clip(clip: Clip, path: Path, name: str | None = None, **options: Any) -> Path:
    """Write a clip in the named format, or that of the path's suffix.

    ``options`` go to the format's writer. ValueError for an unknown format or option, for a clip
    that the format cannot hold, and for values that are not finite.
    """
    entry = for_writing(path, name)
    _check(clip, "the clip")
    with whole.written(path) as part:
        entry.write(clip, part, **options)
    return path


def read_named(path: Path, name: str | None = None, **options: Any) -> Clip:
    """Read a clip with the file's own channel names, in the named format or the one that its
    suffix and beginning tell; ``options`` are its reader's. FileNotFoundError, or ValueError that
    says what is wrong."""
    entry = for_reading(path, name)
    with np.errstate(over="ignore", invalid="ignore"):  # becomes infinity or NaN, refused below
        clip = entry.read(path, **options)
    _check(clip, str(path))
    return clip


def read_clip(path: Path, name: str | None = None, **options: Any) -> Clip:
    """Read a clip; a rig of ARKit's names, in any spelling and order, comes on the 52 canonical
    channels, any other under the file's own names.

    Columns beside ARKit's are left out and logged at level INFO; ``talkface convert`` lists them.
    """
    from talkface.rig import CHANNELS
    from talkface.rigs import identify, to_arkit

    clip = read_named(path, name, **options)
    if clip.channels == CHANNELS or identify(clip.channels) != "arkit":
        return clip
    on_arkit, found = to_arkit(clip)
    if found.unmatched:
        if for_reading(path, name).own:
            return clip
        _LOG.info("%s: not ARKit's, left out: %s", path, ", ".join(found.unmatched))
    return on_arkit


def check_output(path: Path) -> None:
    """ValueError when no format has the path's suffix, OSError when it cannot be a file."""
    for_writing(path)
    whole.check(path)


def _check(clip: Clip, what: str) -> None:
    """ValueError when a value that files hold is not finite."""
    for part in ("weights", "timestamps", "head_rotation", "head_translation"):
        if not np.isfinite(getattr(clip, part)).all():
            raise ValueError(f"{what} holds {part} that are not finite; nothing can play those")
