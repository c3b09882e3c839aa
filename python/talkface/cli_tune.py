"""``talkface tune``: a style file from a few captured clips."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from talkface import whole
from talkface.progress import Progress

Add = Callable[[str, str, Callable[[argparse.Namespace], int]], Any]


def add_command(add: Add) -> None:
    """The command, by the function that adds one (name, text, what it runs)."""
    command = add("tune", "A style file from at most six captured clips of a person.", _tune)
    command.add_argument(
        "clips", nargs="+", metavar="SOUND[=CURVES]",
        help="a sound file and its captured ARKit curves (.csv, .json or .npz; `talkface capture` "
        "makes them from video); without =CURVES those under the same name beside it",
    )  # fmt: skip
    command.add_argument("-o", "--output", required=True, metavar="OUT", help="the style, .json")
    command.add_argument("--name", help="of the style (default: its file's)")
    command.add_argument(
        "--bundle", metavar="BUNDLE", help="a folder, or the name of one inside (default: default)"
    )
    command.add_argument("-q", "--quiet", action="store_true", help="no progress, no table")


def _tune(options: argparse.Namespace) -> int:
    from talkface import tune

    output = Path(options.output)
    whole.check(output)
    pairs = [_pair(text) for text in options.clips]
    with Progress(f"listening to {len(pairs)} clips", enabled=not options.quiet) as progress:
        tuned = tune.tune(options.bundle, pairs, options.name or output.stem, progress.update)
    output.write_text(json.dumps(tuned.style, indent=1) + "\n", "utf-8")
    if not options.quiet:
        print(render(tuned), file=sys.stderr)
        print(output, file=sys.stderr)
    return 0


def _pair(text: str) -> Any:
    from talkface.tune import Pair, curves_of

    sound, given, curves = text.partition("=")
    path = Path(sound)
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder: name its sound files, {path}/*.wav say")
    if not path.is_file():
        raise FileNotFoundError(f"no such file: {path}")
    if given and not Path(curves).is_file():
        raise FileNotFoundError(f"no such file: {curves}")
    return Pair(path, Path(curves) if given else curves_of(path))


def render(tuned: Any) -> str:
    """The table of errors before and after, as text."""
    rows = [("these clips", tuned.before, tuned.after)]
    if tuned.held:
        rows.append(("each by a style of the others", *tuned.held))
    lines = [f"{'error':<30}  {'lips':<22}  whole face"]
    for title, before, after in rows:
        lips, face = (_change(getattr(before, k), getattr(after, k)) for k in ("lips", "face"))
        lines.append(f"{title:<30}  {lips:<22}  {face}")
    shares = ", ".join(f"{name} {share:.0%}" for name, share in tuned.style["identities"].items())
    lines.append(f"identities: {shares}; curves {1000 * tuned.lag:+.0f} ms from their sound")
    return "\n".join(lines)


def _change(before: float, after: float) -> str:
    share = f" ({after / before - 1:+.0%})" if before >= 0.0005 else ""
    return f"{before:.3f} -> {after:.3f}{share}"
