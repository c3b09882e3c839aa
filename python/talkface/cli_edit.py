"""``talkface edit``: an animator's edits on a clip that was baked again."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Add = Callable[[str, str, Callable[[argparse.Namespace], int]], Any]


def add_command(add: Add) -> None:
    """The command, by the function that adds one (name, text, what it runs)."""
    command = add("edit", "Put an animator's edits on a clip (docs/3d.md).", _edit)
    command.add_argument("clip", help="a clip in any format that `talkface formats` lists")
    command.add_argument("edits", help=".json, as examples/blender_import.py writes them")
    command.add_argument("-o", "--output", required=True, metavar="OUT", help="the clip to write")


def _edit(options: argparse.Namespace) -> int:
    from talkface.clip import load_clip
    from talkface.edits import load_edits
    from talkface.sinks import check_output

    check_output(Path(options.output))
    edits = load_edits(Path(options.edits))
    edits.apply(load_clip(options.clip)).save(options.output)
    print(f"{options.output}: {len(edits.channels)} channels edited", file=sys.stderr)
    return 0
