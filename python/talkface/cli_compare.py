"""``talkface compare``: a blind page of two systems, and the table of what its raters chose."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Add = Callable[[str, str, Callable[[argparse.Namespace], int]], Any]


def add_command(add: Add) -> None:
    """The command, by the function that adds one (name, text, what it runs)."""
    command = add(
        "compare", "A blind page that compares two systems' animations, or its score.", _compare
    )
    command.add_argument(
        "inputs", nargs="+", metavar="INPUT",
        help="two folders of animations of the same clips (.csv, .json or .npz), or two text files "
        "that list them; with --score the raters' .csv files",
    )  # fmt: skip
    command.add_argument(
        "--audio", metavar="FOLDER", help="the clips' sounds, under the same names"
    )
    command.add_argument("-o", "--output", metavar="FOLDER", help="the page's folder, new or empty")
    command.add_argument(
        "--key", metavar="FILE", help="what was on which side (default: FOLDER.key.json)"
    )
    command.add_argument("--seed", type=int, default=0, help="of order and sides (default: 0)")
    command.add_argument("--score", metavar="KEY", help="count answers by this key instead")


def _compare(options: argparse.Namespace) -> int:
    from talkface import compare

    inputs = [Path(name) for name in options.inputs]
    if options.score:
        if options.audio or options.output or options.key:
            raise ValueError("--score takes the raters' files and nothing else")
        print(compare.render(*compare.score(Path(options.score), inputs)))
        return 0
    if len(inputs) != 2 or not options.audio or not options.output:
        raise ValueError("give two folders of animations, --audio and -o (or --score)")
    output = Path(options.output)
    key = Path(options.key) if options.key else output.with_name(output.name + ".key.json")
    first, second = inputs
    count = compare.build(first, second, Path(options.audio), output, key, options.seed)
    clips = "1 clip" if count == 1 else f"{count} clips"
    print(f"{output / 'index.html'}: {clips}; what was where: {key}", file=sys.stderr)
    return 0
