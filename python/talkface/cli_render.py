"""``talkface render``: a recording or a clip as a film of the head."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from math import radians
from pathlib import Path
from typing import Any

from talkface import cli_options
from talkface.progress import Progress

Add = Callable[[str, str, Callable[[argparse.Namespace], int]], Any]


def add_command(
    add: Add,
    frame_rate: Callable[[str], Fraction],
    add_motion: Callable[[argparse.ArgumentParser], None],
    add_face: Callable[[argparse.ArgumentParser], None],
    animate: Callable[[argparse.Namespace, Callable[[int, int], bool]], Any],
) -> None:
    """The command, by what the others of ``talkface`` share: the function that adds one, options of
    motion and of the bundle, and what animates ``options.input``."""

    def run(options: argparse.Namespace) -> int:
        return _render(options, animate)

    command = add("render", "Draw a recording or a clip as a film of the head.", run)
    command.add_argument("input", help="a sound file, or a clip that talkface wrote")
    command.add_argument(
        "-o", "--output", required=True, metavar="OUT",
        help=".mp4, .mov, .mkv or .webm (ffmpeg must be on the PATH), or a folder for PNG files",
    )  # fmt: skip
    command.add_argument("--audio", metavar="FILE", help="the sound of a clip file")
    command.add_argument(
        "--size", type=_size, default=(384, 384), metavar="WxH",
        help="pixels, for instance 512 or 640x360 (default: 384)",
    )  # fmt: skip
    command.add_argument("--fps", type=frame_rate, default=Fraction(30), help="(default: 30)")
    command.add_argument(
        "--yaw", type=float, default=0.0, metavar="DEGREES",
        help="the camera's way round to the head's left (default: 0)",
    )  # fmt: skip
    command.add_argument(
        "--pitch", type=float, default=0.0, metavar="DEGREES", help="the camera's way up"
    )
    command.add_argument("--turntable", action="store_true", help="once round while it lasts")
    command.add_argument("-q", "--quiet", action="store_true", help="no progress, no summary")
    add_motion(command)
    add_face(command)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    try:
        size = int(width), int(height or width)
    except ValueError:
        raise argparse.ArgumentTypeError(f"not a size: {text!r} (512, or 640x360)") from None
    if not all(16 <= side <= 4096 for side in size):
        raise argparse.ArgumentTypeError("a picture is 16 to 4096 pixels wide and high")
    return size


def _render(
    options: argparse.Namespace,
    animate: Callable[[argparse.Namespace, Callable[[int, int], bool]], Any],
) -> int:
    from talkface.audio import read_file
    from talkface.clip import load_clip
    from talkface.render import film
    from talkface.render.picture import Camera
    from talkface.sinks import SUFFIXES

    source, output = Path(options.input), Path(options.output)
    film.check(output)
    if source.suffix.lower() in SUFFIXES:
        cli_options.refuse(
            options, (*cli_options.MOTION, *cli_options.FACE),
            f"{source.name} is a clip, animated already; give these to talkface animate, or render "
            "the sound itself",
        )  # fmt: skip
        clip = load_clip(source)
    else:
        with Progress(f"animating {source.name}", enabled=not options.quiet) as progress:
            clip = animate(options, progress.update)
    if options.audio:
        clip = replace(clip, audio=read_file(options.audio))
    camera = Camera(options.size, radians(options.yaw), radians(options.pitch))
    with Progress(f"drawing {output.name}", enabled=not options.quiet) as progress:
        count = film.write(clip, output, camera, options.fps, options.turntable, progress.update)
    if not options.quiet:
        sound = "with sound" if clip.audio else "without sound"
        print(f"{output}: {count} pictures, {sound}", file=sys.stderr)
    return 0
