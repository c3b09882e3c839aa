"""The articulation table of a bundle: what the model was trained towards, for scripts to use too.

``python -m talkface_export.articulation FOLDER --table v1 --version 1.0.1`` adds the table to a
bundle that was exported without one; graph and golden clip stay as they are.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from talkface import TalkFace
from talkface.rig import VISEMES
from talkface_train.articulation.model import LATEST
from talkface_train.data.phones import PHONES, VISEME_OF

FILE_NAME = "articulation.json"


def articulation_text(version: str) -> str:
    """A table version with the viseme of every phone, as JSON. Schema: docs/bundle.md."""
    source = resources.files("talkface_train.articulation") / f"{version}.json"
    table = json.loads(source.read_text(encoding="utf-8"))
    table["visemes"] = {
        name: [phone for phone in PHONES if VISEME_OF[phone] == index]
        for index, name in enumerate(VISEMES)
    }
    return json.dumps(table, ensure_ascii=False) + "\n"


def digest_of(path: Path) -> dict[str, Any]:
    """What a manifest says about a file."""
    return {
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "bytes": path.stat().st_size,
    }


def add_articulation(folder: Path, table: str, version: str) -> None:
    """Put a table into an exported bundle and give the bundle a new version."""
    (folder / FILE_NAME).write_text(articulation_text(table), encoding="utf-8")
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    files = {**manifest.pop("files"), FILE_NAME: digest_of(folder / FILE_NAME)}
    manifest["version"] = version
    manifest["articulation"] = FILE_NAME
    manifest["files"] = dict(sorted(files.items()))
    path.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    TalkFace(folder)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("bundle", type=Path, help="bundle folder")
    parser.add_argument("--table", default=LATEST, help=f"table version (default: {LATEST})")
    parser.add_argument("--version", required=True, help="new version of the bundle")
    options = parser.parse_args(arguments)
    add_articulation(options.bundle, options.table, options.version)
    return 0


if __name__ == "__main__":
    sys.exit(main())
