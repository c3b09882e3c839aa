"""The ``talkface`` command."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from talkface import (
    cli_bench,
    cli_compare,
    cli_convert,
    cli_edit,
    cli_listen,
    cli_live,
    cli_options,
    cli_render,
    cli_training,
    cli_tune,
    cli_view,
    whole,
)
from talkface.documents import read_text
from talkface.errors import MissingExtraError, TalkFaceError, ToolError
from talkface.progress import Progress
from talkface.version import __version__

OK, FAILED, USAGE, BAD_INPUT, MISSING, INTERRUPTED = 0, 1, 2, 3, 4, 130

EXIT_CODES = """exit codes:
  0    done
  1    failed (inference, a damaged bundle, doctor found a problem)
  2    wrong usage
  3    an input cannot be read or a value is out of range
  4    something that this command needs is not installed
  130  interrupted
"""


def _knob(text: str) -> tuple[str, float]:
    name, sign, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError:
        hint = "" if sign else " (write NAME=VALUE)"
        raise argparse.ArgumentTypeError(f"not a knob: {text!r}{hint}") from None


def _add_face(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--bundle", metavar="BUNDLE",
        help="a folder, or the name of one inside (`talkface bundles`; default: default)",
    )  # fmt: skip
    parser.add_argument("--provider", choices=("cpu", "cuda", "tensorrt"), default="cpu")
    parser.add_argument("--threads", type=int, default=1, help="threads for inference (default: 1)")


def _add_motion(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=0, help="of blinks, gaze and sway (default: 0)")
    parser.add_argument(
        "--emotion", default="auto", metavar="EMOTION",
        help="auto (what is heard, the default), happy, happy:0.7,surprised:0.2, or a .json file "
        "of timed keys",
    )  # fmt: skip
    parser.add_argument(
        "--emotion-weight", type=float, metavar="W",
        help="how far --emotion replaces what is heard, 0 to 1 (default: 1)",
    )  # fmt: skip
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--neutral", action="store_true", help="the face without emotion")
    only.add_argument(
        "--emotion-only", action="store_true", help="the emotion without what speech does"
    )
    parser.add_argument("--style", metavar="FILE", help="a style file (docs/emotion.md)")
    parser.add_argument(
        "--knob", type=_knob, action="append", default=[], metavar="NAME=VALUE",
        help="post-processing; `talkface inspect` lists them; may be repeated",
    )  # fmt: skip


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="talkface",
        description="Speech in, face out: 52 ARKit blendshapes and a head from audio.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"talkface {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, text: str, run: Callable[[argparse.Namespace], int]) -> Any:
        command = commands.add_parser(
            name, help=text, description=text, epilog=EXIT_CODES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        command.set_defaults(run=run, parser=command)
        return command

    animate = add("animate", "Animate a recording into a file.", _animate)
    animate.add_argument("input", help="a sound file (anything libsndfile reads)")
    animate.add_argument(
        "-o", "--output", required=True, metavar="OUT",
        help=".csv (Live Link Face app), .json, .npz or another of `talkface formats`",
    )  # fmt: skip
    animate.add_argument(
        "--fps", type=cli_convert.rate, help="frames a second, for instance 30, 60 or 59.94 "
        "(default: 60 for .csv, else the graph's own)",
    )  # fmt: skip
    animate.add_argument("--raw", action="store_true", help="the graph's output, unprocessed")
    script = animate.add_mutually_exclusive_group()
    script.add_argument(
        "--phones", metavar="FILE", help="timed phones of the speech: TextGrid, .tsv, .lab or .json"
    )
    script.add_argument("--text", help="what is said, in English (needs the [align] extra)")
    script.add_argument("--text-file", metavar="FILE", help="the same, in a file")
    animate.add_argument("-q", "--quiet", action="store_true", help="no progress, no summary")
    _add_motion(animate)
    _add_face(animate)

    plot = add("plot", "Draw the spectrogram over the curves of a recording.", _plot)
    plot.add_argument("input", help="a sound file")
    plot.add_argument("-o", "--output", required=True, metavar="OUT", help=".png, .svg or .pdf")
    plot.add_argument(
        "--phones", metavar="TSV", help="timed phones to write above (utt start end phone)"
    )
    _add_motion(plot)
    _add_face(plot)

    inspect = add("inspect", "Say what a bundle holds, and list the knobs.", _inspect)
    inspect.add_argument(
        "bundle", nargs="?", help="a folder, or the name of one inside (default: default)"
    )
    inspect.add_argument("--json", action="store_true", help="for machines")

    bundles = add("bundles", "List the bundles inside, to be opened by name.", _bundles)
    bundles.add_argument("--json", action="store_true", help="for machines")

    doctor = add("doctor", "Say what is installed, what works and what to install.", _doctor)
    doctor.add_argument("--json", action="store_true", help="for machines")

    cli_bench.add_command(add, _add_face)

    capture = add(
        "capture", "Blendshapes and head pose from a video of a face (needs the [capture] extra).",
        _capture,
    )  # fmt: skip
    capture.add_argument("video", help="anything OpenCV reads; one face in view")
    capture.add_argument(
        "-o", "--output", required=True, metavar="OUT",
        help=".csv (Live Link Face app), .json, .npz or another of `talkface formats`",
    )  # fmt: skip
    capture.add_argument(
        "--model", metavar="TASK",
        help="MediaPipe's face_landmarker.task (default: TALKFACE_FACE_LANDMARKER)",
    )  # fmt: skip
    capture.add_argument("--no-smoothing", action="store_true", help="the estimates as they come")
    capture.add_argument(
        "--max-gap", type=float, default=0.5, metavar="SECONDS",
        help="without a face that are interpolated; longer ones go to rest (default: 0.5)",
    )  # fmt: skip
    capture.add_argument("-q", "--quiet", action="store_true", help="no progress, no summary")
    live = cli_live.add_command(add, _face, _motion)
    _add_motion(live)
    _add_face(live)
    cli_listen.add_command(add)
    cli_tune.add_command(add)
    cli_view.add_command(add, _add_face, _add_motion, _motion)
    cli_compare.add_command(add)
    cli_convert.add_commands(add)
    cli_edit.add_command(add)
    cli_render.add_command(add, cli_convert.rate, _add_motion, _add_face, _animated)
    cli_training.add_commands(add)
    return parser


def _face(options: argparse.Namespace) -> Any:
    from talkface.face import TalkFace

    return TalkFace(options.bundle, options.provider, options.style, threads=options.threads)


def _motion(options: argparse.Namespace) -> dict[str, Any]:
    """What :func:`_add_motion` adds, as ``animate`` takes it."""
    from talkface.emotion import from_text

    knobs: dict[str, float] = {}
    if options.neutral:
        knobs["expression_strength"] = 0.0
    if options.emotion_weight is not None and options.emotion == "auto":
        raise ValueError("--emotion-weight weighs what --emotion directs: give that too")
    if options.emotion_only:
        knobs = dict.fromkeys(("lower_strength", "upper_strength", "mouth_close"), 0.0)
    return {
        "seed": options.seed,
        "knobs": {**knobs, **dict(options.knob)},
        "emotion": from_text(options.emotion),
        "emotion_weight": options.emotion_weight,
    }


def _animate(options: argparse.Namespace) -> int:
    from talkface.sinks import check_output

    output = Path(options.output)
    check_output(output)
    fps = options.fps
    if fps is None and output.suffix.lower() == ".csv":
        fps = Fraction(60)
    if options.raw:
        cli_options.refuse(
            options, ("knob", "neutral", "emotion_only"), "knobs process what --raw leaves as it is"
        )
    phones, text = _script(options)
    face = _face(options)
    with Progress(f"animating {Path(options.input).name}", enabled=not options.quiet) as progress:
        clip = face.animate(
            options.input, fps=fps, raw=options.raw, phones=phones, text=text,
            progress=progress.update, **_motion(options),
        )  # fmt: skip
    clip.save(output)
    if not options.quiet:
        print(f"{output}: {len(clip)} frames at {float(clip.fps):g} fps", file=sys.stderr)
    return OK


def _animated(options: argparse.Namespace, progress: Callable[[int, int], bool]) -> Any:
    """The clip of ``options.input`` at the graph's own rate."""
    return _face(options).animate(options.input, progress=progress, **_motion(options))


def _script(options: argparse.Namespace) -> tuple[Any, str | None]:
    """Phones and text that ``animate`` was given, if any."""
    if options.text_file:
        return None, read_text(Path(options.text_file))
    if not options.phones:
        return None, options.text
    from talkface.script import read

    return read(options.phones, Path(options.input).stem), None


def _plot(options: argparse.Namespace) -> int:
    from talkface.plots import plot_clip

    whole.check(Path(options.output))
    clip = _face(options).animate(options.input, **_motion(options))
    labels = _read_labels(Path(options.phones), Path(options.input).stem) if options.phones else []
    path = plot_clip(clip, Path(options.output), labels)
    print(path, file=sys.stderr)
    return OK


def _read_labels(table: Path, name: str) -> list[tuple[float, float, str]]:
    rows = [line.split("\t") for line in read_text(table).splitlines()[1:]]
    labels = [(float(r[1]), float(r[2]), r[3]) for r in rows if r[0] == name and len(r) > 3]
    if not labels:
        raise ValueError(
            f"{table} has no phones of {name}: it needs rows of utt, start, end, phone, with tabs"
        )
    return labels


def _inspect(options: argparse.Namespace) -> int:
    from talkface.face import TalkFace
    from talkface.knobs import table

    face = TalkFace(options.bundle)
    info = {
        **face.info, "path": str(face.path), "channels": list(face.bundle_channels),
        "identities": list(face.identities), "expression_channels": list(face.expression_channels),
    }  # fmt: skip
    if options.json:
        print(json.dumps({**info, "knobs": [vars(knob) for knob in table()]}, indent=1))
        return OK
    rate = info["sample_rate"]
    print(f"{info['name']} {info['version']}, {info['licence']}")
    print(f"  folder      {info['path']}")
    print(f"  manifest    sha256 {info['sha256'][:16]}..., schema {info['schema']}")
    print(f"  audio       {rate} Hz; hop {1000 * info['hop'] / rate:g} ms; "
          f"look-ahead {1000 * info['look_ahead'] / rate:g} ms")  # fmt: skip
    print(f"  frames      {float(face.frame_rate):g} a second")
    print(f"  channels    {len(info['channels'])}: {', '.join(info['channels'])}")
    print(f"  emotions    {', '.join(face.emotions) or 'none'}")
    expression = info["expression_channels"]
    listed = f"{len(expression)}: {', '.join(expression)}" if expression else "none"
    print(f"  visemes     {info['viseme_count'] or 'none'}")
    print(f"  expression  {listed}")
    print(f"  head        {'yes' if info['has_head'] else 'sway alone'}")
    print(f"  precision   {info['precision']}")
    print(f"  identities  {', '.join(info['identities']) or 'one'}")
    print(f"  runtime     ONNX Runtime {info['onnxruntime']}, {info['provider']}")
    print("knobs (name, default, range):")
    for knob in table():
        span = f"{knob.default:g} [{knob.minimum:g}, {knob.maximum:g}]"
        print(f"  {knob.name:<20} {span:<18} {knob.doc}")
    return OK


def _bundles(options: argparse.Namespace) -> int:
    from talkface import shipped

    found = shipped.listed()
    if options.json:
        rows = [{**vars(bundle), "latency_ms": bundle.latency_ms} for bundle in found]
        print(json.dumps(rows, indent=1))
        return OK
    for bundle in found:
        print(f"{bundle.name} {bundle.version}: {bundle.about}")
        print(f"  latency {bundle.latency_ms:g} ms (look-ahead {bundle.look_ahead_ms:g}, "
              f"hop {bundle.hop_ms:g}), {bundle.megabytes:.1f} MB")  # fmt: skip
    return OK


def _doctor(options: argparse.Namespace) -> int:
    from talkface import doctor

    report = doctor.examine()
    print(json.dumps(report.as_dict(), indent=1) if options.json else doctor.render(report))
    return doctor.main_status(report)


def _capture(options: argparse.Namespace) -> int:
    from talkface.capture import capture
    from talkface.sinks import check_output

    output = Path(options.output)
    check_output(output)
    with Progress(f"watching {Path(options.video).name}", enabled=not options.quiet) as progress:
        made = capture(
            options.video, options.model, smooth=not options.no_smoothing,
            max_gap=options.max_gap, progress=progress.update,
        )  # fmt: skip
    made.clip.save(output)
    if not options.quiet:
        print(
            f"{output}: {len(made.clip)} frames; a face in {made.seen}, {made.filled} filled in, "
            f"{made.lost} at rest without one",
            file=sys.stderr,
        )
    return OK


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code (see ``talkface --help``)."""
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s", stream=sys.stderr)
    options, odd = _parser().parse_known_args(arguments)
    if odd:
        options.parser.error(cli_options.unknown(odd))
    try:
        code: int = options.run(options)
    except MissingExtraError as error:
        return _complain(error, MISSING)
    except (TalkFaceError, ToolError) as error:
        return _complain(error, FAILED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except (ValueError, TypeError, OSError) as error:
        return _complain(error, BAD_INPUT)
    except KeyboardInterrupt:
        return _complain("interrupted", INTERRUPTED)
    return code


def _complain(error: object, code: int) -> int:
    print(f"talkface: {error}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
