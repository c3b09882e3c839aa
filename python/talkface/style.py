"""Style files: whose face, gains and rests of channels (docs/emotion.md)."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

from talkface.documents import read_text

StyleSource: TypeAlias = str | os.PathLike[str] | Mapping[str, Any]

MAX_BYTES = 64 << 10


def as_text(style: StyleSource | None) -> str:
    """A style as JSON text, of a path, JSON text or a mapping; empty for None.

    Raises FileNotFoundError for a missing file, ValueError for one that is no UTF-8 text or larger
    than 64 KiB, TypeError for a mapping that is no JSON. The runtime checks what it says.
    """
    if style is None:
        return ""
    if isinstance(style, Mapping):
        return json.dumps(style)
    text = os.fspath(style)
    if text.lstrip().startswith("{"):
        return text
    path = Path(text)
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"{path}: a style file has at most 64 KiB")
    return read_text(path)
