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

from talkface.errors import MissingExtraError, TalkFaceError, require
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


def _frame_rate(text: str) -> Fraction:
    try:
        rate = Fraction(text).limit_denominator(1001)
    except (ValueError, ZeroDivisionError):
        raise argparse.ArgumentTypeError(f"not a frame rate: {text!r}") from None
    if not 1 <= rate <= 1000:
        raise argparse.ArgumentTypeError("the frame rate must be 1 to 1000")
    return rate


def _knob(text: str) -> tuple[str, float]:
    name, sign, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError:
        hint = "" if sign else " (write NAME=VALUE)"
        raise argparse.ArgumentTypeError(f"not a knob: {text!r}{hint}") from None


def _add_face(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--bundle", metavar="FOLDER", help="bundle folder (default: the one inside)"
    )
    parser.add_argument("--provider", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--threads", type=int, default=1, help="threads for inference (default: 1)")


def _add_motion(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=0, help="of blinks, gaze and sway (default: 0)")
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
        command.set_defaults(run=run)
        return command

    animate = add("animate", "Animate a recording into a file.", _animate)
    animate.add_argument("input", help="a sound file (anything libsndfile reads)")
    animate.add_argument(
        "-o", "--output", required=True, metavar="OUT",
        help=".csv (Live Link Face app), .json or .npz",
    )  # fmt: skip
    animate.add_argument(
        "--fps", type=_frame_rate, help="frames a second, for instance 30, 60 or 60000/1001 "
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
    inspect.add_argument("bundle", nargs="?", help="bundle folder (default: the one inside)")
    inspect.add_argument("--json", action="store_true", help="for machines")

    doctor = add("doctor", "Say what is installed, what works and what to install.", _doctor)
    doctor.add_argument("--json", action="store_true", help="for machines")

    bench = add("bench", "Measure speed, latency and memory on this machine.", _bench)
    bench.add_argument(
        "--seconds", type=float, default=20.0, help="audio for each row (default: 20)"
    )
    bench.add_argument("--json", action="store_true", help="for machines")
    _add_face(bench)

    evaluate = add("evaluate", "Score bundles on real speech with timed phones.", _evaluate)
    evaluate.add_argument(
        "--bundle",
        action="append",
        default=[],
        metavar="FOLDER",
        help="may be repeated (default: the one inside)",
    )
    evaluate.add_argument(
        "--data", metavar="FOLDER", help="shared data (default: TALKFACE_DATA, ../shared/data)"
    )
    evaluate.add_argument(
        "--suite", action="append", default=[], metavar="NAME",
        help="a name or a pattern (babble_*); may be repeated (default: all)",
    )  # fmt: skip
    evaluate.add_argument("--list-suites", action="store_true", help="say what there is, and stop")
    evaluate.add_argument("--split", choices=("test", "dev"), default="test")
    evaluate.add_argument(
        "--script", action="store_true", help="also each bundle with the true phones given to it"
    )
    evaluate.add_argument("--no-baselines", action="store_true", help="bundles only")
    evaluate.add_argument(
        "--full",
        action="store_true",
        help="a table a suite as well, with all columns and intervals",
    )
    evaluate.add_argument(
        "--json", nargs="?", const="-", metavar="FILE", help="for machines (no FILE or -: print it)"
    )
    evaluate.add_argument("--plot", metavar="OUT", help="one picture: .png, .svg or .pdf")
    _add_train(add)
    return parser


def _add_train(add: Callable[[str, str, Callable[[argparse.Namespace], int]], Any]) -> None:
    train = add(
        "train", "Train a bundle further on aligned speech of your own (needs the [train] extra).",
        _train,
    )  # fmt: skip
    train.add_argument(
        "folder", help="sound files, each with its phones (.TextGrid, .tsv, .lab, .json) or its "
        "English text (.txt, needs the [align] extra) under the same name",
    )  # fmt: skip
    train.add_argument(
        "--resume-from", default="default", metavar="BUNDLE",
        help="the bundle to start from: a folder, or default",
    )  # fmt: skip
    train.add_argument("-o", "--output", required=True, metavar="OUT", help="the new bundle")
    train.add_argument("--name", help="of the new bundle (default: its folder's)")
    train.add_argument("--steps", type=int, default=400, help="default: 400, a few minutes")
    train.add_argument("--work", metavar="FOLDER", help="keep features and checkpoints here")


def _face(options: argparse.Namespace) -> Any:
    from talkface.face import TalkFace

    return TalkFace(options.bundle, options.provider, threads=options.threads)


def _animate(options: argparse.Namespace) -> int:
    from talkface.sinks import check_suffix

    output = Path(options.output)
    check_suffix(output)
    fps = options.fps
    if fps is None and output.suffix.lower() == ".csv":
        fps = Fraction(60)
    phones, text = _script(options)
    face = _face(options)
    with Progress(f"animating {Path(options.input).name}", enabled=not options.quiet) as progress:
        clip = face.animate(
            options.input, fps=fps, seed=options.seed, raw=options.raw,
            knobs=dict(options.knob), phones=phones, text=text, progress=progress.update,
        )  # fmt: skip
    clip.save(output)
    if not options.quiet:
        print(f"{output}: {len(clip)} frames at {float(clip.fps):g} fps", file=sys.stderr)
    return OK


def _script(options: argparse.Namespace) -> tuple[Any, str | None]:
    """Phones and text that ``animate`` was given, if any."""
    if options.text_file:
        return None, Path(options.text_file).read_text("utf-8")
    if not options.phones:
        return None, options.text
    from talkface.script import read

    return read(options.phones, Path(options.input).stem), None


def _plot(options: argparse.Namespace) -> int:
    from talkface.plots import plot_clip

    clip = _face(options).animate(options.input, seed=options.seed, knobs=dict(options.knob))
    labels = _read_labels(Path(options.phones), Path(options.input).stem) if options.phones else []
    path = plot_clip(clip, Path(options.output), labels)
    print(path, file=sys.stderr)
    return OK


def _read_labels(table: Path, name: str) -> list[tuple[float, float, str]]:
    rows = [line.split("\t") for line in table.read_text("utf-8").splitlines()[1:]]
    labels = [(float(row[1]), float(row[2]), row[3]) for row in rows if row[0] == name]
    if not labels:
        raise ValueError(f"{table} has no phones of {name}")
    return labels


def _inspect(options: argparse.Namespace) -> int:
    from talkface.face import TalkFace
    from talkface.knobs import table

    face = TalkFace(options.bundle)
    info = {**face.info, "path": str(face.path), "channels": list(face.bundle_channels)}
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
    print(f"  visemes     {info['viseme_count'] or 'none'}")
    print(f"  runtime     ONNX Runtime {info['onnxruntime']}, {info['provider']}")
    print("knobs (name, default, range):")
    for knob in table():
        span = f"{knob.default:g} [{knob.minimum:g}, {knob.maximum:g}]"
        print(f"  {knob.name:<20} {span:<18} {knob.doc}")
    return OK


def _doctor(options: argparse.Namespace) -> int:
    from talkface import doctor

    report = doctor.examine()
    print(json.dumps(report.as_dict(), indent=1) if options.json else doctor.render(report))
    return doctor.main_status(report)


def _bench(options: argparse.Namespace) -> int:
    from talkface import bench

    def tell(text: str) -> None:
        print(f"  {text} ...", file=sys.stderr)

    report = bench.run(
        options.bundle, options.provider, options.threads, options.seconds, progress=tell
    )
    print(json.dumps(report.as_dict(), indent=1) if options.json else bench.render(report))
    return OK


def _evaluate(options: argparse.Namespace) -> int:
    from talkface.face import TalkFace
    from talkface_train import evaluate, report, suites
    from talkface_train.baselines import load_baselines
    from talkface_train.data import real

    chosen = suites.named(options.suite)
    if options.list_suites:
        width = max(len(suite.name) for suite in chosen)
        print("\n".join(f"{suite.name:<{width}}  {suite.about}" for suite in chosen))
        return OK
    root = real.data_root(options.data)
    if root is None:
        raise ValueError(
            "no shared data folder (with splits.json): give --data or set TALKFACE_DATA"
        )
    for name in (options.json, options.plot):
        if name and name != "-" and not Path(name).parent.is_dir():
            raise ValueError(f"no such folder: {Path(name).parent}")
    if options.plot:
        require("matplotlib", "plot", "plotting")
    systems: list[evaluate.System] = [
        evaluate.BundleSystem(TalkFace(bundle)) for bundle in options.bundle or [None]
    ]
    if options.script:
        systems += [evaluate.ScriptSystem(TalkFace(bundle)) for bundle in options.bundle or [None]]
    if not options.no_baselines:
        systems += load_baselines()
    tables = {}
    for suite in chosen:
        with Progress(f"scoring {suite.name}") as progress:
            takes = suite.takes(root, options.split)
            if not takes:
                continue
            tables[suite.name] = evaluate.evaluate(systems, takes, progress.over, suite.columns)
        if options.full and options.json != "-":
            print(report.markdown(suite.name, tables[suite.name]) + "\n", flush=True)
    if not tables:
        names = ", ".join(suite.name for suite in chosen)
        raise ValueError(f"no recordings in the {options.split} split of {names}")
    _report(options, tables)
    return OK


def _train(options: argparse.Namespace) -> int:
    import tempfile

    from talkface.face import default_bundle

    for module in ("torch", "onnx", "safetensors"):
        require(module, "train", "training")
    from talkface_export.finetune import FineTune, fine_tune

    if options.steps < 1:
        raise ValueError("--steps must be at least 1")
    output = Path(options.output)
    if not Path(options.folder).is_dir() or not output.parent.is_dir():
        missing = output.parent if Path(options.folder).is_dir() else options.folder
        raise ValueError(f"no such folder: {missing}")
    source = default_bundle() if options.resume_from == "default" else Path(options.resume_from)
    logging.getLogger().setLevel(logging.INFO)
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(options.work or temporary)
        scores = fine_tune(
            source, Path(options.folder), output, work, options.name or output.name,
            FineTune(steps=options.steps),
        )  # fmt: skip
    before, after = scores["before"], scores["after"]
    print(f"{output}: {scores['files']} recordings, {scores['held_out']} held out")
    for key, title in (("accuracy", "viseme accuracy"), ("jaw_r", "r of jawOpen")):
        print(f"  {title:<16} {before[key]:.3f} -> {after[key]:.3f}")
    return OK


def _report(options: argparse.Namespace, tables: dict[str, Any]) -> None:
    from talkface.plots import plot_scores
    from talkface_train import report

    if options.json == "-":
        print(report.as_json(tables))
    else:
        print(report.compact(tables))
    if options.json not in (None, "-"):
        Path(options.json).write_text(report.as_json(tables) + "\n", "utf-8")
    if options.plot:
        print(plot_scores(tables, report.PANELS, Path(options.plot)), file=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code (see ``talkface --help``)."""
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s", stream=sys.stderr)
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except MissingExtraError as error:
        return _complain(error, MISSING)
    except TalkFaceError as error:
        return _complain(error, FAILED)
    except (ValueError, TypeError, OSError) as error:
        return _complain(error, BAD_INPUT)
    except KeyboardInterrupt:
        return _complain("interrupted", INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    return code


def _complain(error: object, code: int) -> int:
    print(f"talkface: {error}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
