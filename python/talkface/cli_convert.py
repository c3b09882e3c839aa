"""``talkface convert``: a clip from one format, rig and rate to another; ``talkface formats``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from talkface.documents import read_text

Add = Callable[[str, str, Callable[[argparse.Namespace], int]], Any]


def add_commands(add: Add) -> None:
    """The commands, by the function that adds one (name, text, what it runs)."""
    command = add("convert", "Turn a clip into another format, rig or frame rate.", _convert)
    command.add_argument("source", help="a clip in any format that `talkface formats` lists")
    command.add_argument("target", help="the file to write; its suffix chooses the format")
    command.add_argument("--from", dest="source_format", metavar="FORMAT", help="of the source")
    command.add_argument("--to", dest="target_format", metavar="FORMAT", help="of the target")
    rig = command.add_mutually_exclusive_group()
    rig.add_argument("--rig", metavar="RIG", help="put it on this rig (`talkface formats`)")
    rig.add_argument("--map", metavar="FILE", help="a rig map of your own, .json (docs/rigs.md)")
    command.add_argument(
        "--names", metavar="FILE",
        help="a text file with the avatar's own blendshape names, one a line; the rig's are "
        "matched with them and written under them",
    )  # fmt: skip
    command.add_argument(
        "--prefix", default="", help="put before each channel's name, such as blendShape1."
    )
    command.add_argument("--fps", type=rate, help="frames a second: 30, 59.94, 60000/1001")
    command.add_argument(
        "--option", type=_option, action="append", default=[], metavar="NAME=VALUE",
        help="of the target's format (`talkface formats` lists them); may be repeated",
    )  # fmt: skip
    command.add_argument(
        "--from-option", type=_option, action="append", default=[], metavar="NAME=VALUE",
        help="the same, of the source's format",
    )  # fmt: skip
    command.add_argument("--json", action="store_true", help="what was matched, for machines")
    command.add_argument("-q", "--quiet", action="store_true", help="no report")
    formats = add("formats", "List formats of clips, and rigs.", _formats)
    formats.add_argument("--json", action="store_true", help="for machines")


def rate(text: str) -> Fraction:
    """A frame rate given as an option."""
    from talkface.retime import frame_rate

    try:
        return frame_rate(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _option(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise argparse.ArgumentTypeError(f"not an option: {text!r} (write NAME=VALUE)")
    return name, value


def _convert(options: argparse.Namespace) -> int:
    from talkface.convert import convert

    names = read_text(Path(options.names)).split("\n") if options.names else []
    done = convert(
        Path(options.source), Path(options.target), options.source_format, options.target_format,
        options.rig, Path(options.map) if options.map else None, options.fps, options.prefix,
        [name.strip() for name in names if name.strip()], dict(options.option),
        dict(options.from_option),
    )  # fmt: skip
    if options.json:
        print(json.dumps(done.as_dict(), indent=1))
    elif not options.quiet:
        print(render(done), file=sys.stderr)
    return 0


def render(done: Any) -> str:
    """The report of a conversion, as text."""
    rate = "uneven frames" if done.fps is None else f"{done.fps:g} fps"
    lines = [
        f"{done.source}: {done.source_format}, {done.source_rig or 'a rig of its own'}; "
        f"{len(done.matched)} of {len(done.matched) + len(done.unmatched)} channels used",
    ]
    if done.unmatched:
        lines.append(f"  left out: {_some(done.unmatched)}")
    if done.missing:
        lines.append(f"  not there, taken as 0: {_some(done.missing)}")
    lines.append(
        f"{done.target}: {done.target_format}, {done.frames} frames, {rate}; "
        f"{len(done.driven)} channels driven, {len(done.neutral)} at rest"
    )
    lines.append(f"  {done.target_format} keeps {done.keeps}")
    return "\n".join(lines)


def _some(names: Sequence[str], most: int = 12) -> str:
    more = f", ... ({len(names)} in all; --json lists them)" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _formats(options: argparse.Namespace) -> int:
    from talkface.rigs import RIGS, rig
    from talkface.sinks import FORMATS

    formats: list[dict[str, Any]] = [
        {
            "name": entry.name, "suffix": entry.suffix, "doc": entry.doc, "keeps": entry.keeps,
            "writes": entry.writer is not None, "reads": entry.reader is not None,
            "options": list(entry.options), "read_options": list(entry.read_options),
        }
        for entry in FORMATS
    ]  # fmt: skip
    rigs: list[dict[str, Any]] = [
        {"name": name, "doc": rig(name).doc, "channels": rig(name).targets} for name in RIGS
    ]
    if options.json:
        print(json.dumps({"formats": formats, "rigs": rigs}, indent=1))
        return 0
    print("formats (the first of a suffix is what the suffix alone means):")
    for entry in formats:
        ways = "/".join(way for way in ("reads", "writes") if entry[way])
        extra = f"; options {', '.join(entry['options'])}" if entry["options"] else ""
        print(f"  {entry['name']:<20} {entry['suffix']:<6} {ways:<13} {entry['doc']}")
        print(f"  {'':<20} {'':<6} {'':<13} keeps {entry['keeps']}{extra}")
    print("rigs:")
    for entry in rigs:
        print(f"  {entry['name']:<20} {len(entry['channels']):>4} channels  {entry['doc']}")
    return 0
