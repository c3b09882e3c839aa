"""Zip files that depend on the names and bytes of what they hold, and on nothing else."""

from __future__ import annotations

import zipfile
from pathlib import Path

TIME = (1980, 1, 1, 0, 0, 0)


def write_zip(files: dict[str, bytes], path: Path, folder: str) -> None:
    """Write ``path`` with its files, by name, in one folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{folder}/{name}", TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, whatever made it
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, files[name], compresslevel=9)
