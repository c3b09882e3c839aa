"""Output files that are there as a whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def check(path: Path) -> None:
    """FileNotFoundError when the path's folder is not there, IsADirectoryError when the path is a
    folder itself: better told before the work than after it."""
    if not path.parent.is_dir():
        raise FileNotFoundError(f"no such folder: {path.parent}")
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder; give the name of a file")


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """Where to write the file ``path``: under its own name in a folder beside it, from which it
    moves into its place when the block ends without an error."""
    check(path)
    target = path.resolve()
    try:
        beside = tempfile.TemporaryDirectory(prefix=".talkface-", dir=target.parent)
    except OSError as error:
        raise type(error)(f"cannot write {path}: {error.strerror}") from None
    with beside as folder:
        part = Path(folder) / path.name
        yield part
        part.replace(target)
