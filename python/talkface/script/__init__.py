"""Scripts: timed phones that move the mouth instead of what the model hears (docs/script.md)."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, TypeAlias

from talkface.script.engines import (
    from_azure,
    from_characters,
    from_marks,
    from_speech_marks,
    from_timepoints,
)
from talkface.script.files import from_lab, from_table, from_textgrid, read
from talkface.script.timed import Phone, as_phone

__all__ = [
    "Phone", "Script", "as_phones", "from_azure", "from_characters", "from_lab", "from_marks",
    "from_speech_marks", "from_table", "from_textgrid", "from_timepoints", "read",
]  # fmt: skip

Script: TypeAlias = "Iterable[Any] | str | os.PathLike[str]"


def as_phones(script: Script) -> list[Phone]:
    """Phones of a path, or of a sequence of (start, end, symbol) or of objects with these fields.

    Raises ValueError for times or symbols that cannot be, FileNotFoundError for a missing file.
    """
    if isinstance(script, (str, os.PathLike)):
        return read(script)
    return [as_phone(item) for item in script]
