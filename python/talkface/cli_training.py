"""``talkface evaluate`` and ``talkface train``: the commands that need data and torch."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from talkface.errors import require
from talkface.progress import Progress

SYSTEMS = ("decoupled", "pestalk", "emotalk", "ecoface")
"""The published systems, docs/systems.md."""
FINE_STEPS = 400

Add = Callable[[str, str, Callable[[argparse.Namespace], int]], Any]


def add_commands(add: Add) -> None:
    """Both commands, by the function that adds one (name, text, what it runs)."""
    _add_evaluate(add)
    _add_train(add)


def _add_evaluate(add: Add) -> None:
    evaluate = add("evaluate", "Score bundles on real speech with timed phones.", _evaluate)
    evaluate.add_argument(
        "--bundle",
        action="append",
        default=[],
        metavar="BUNDLE",
        help="a folder, or the name of one inside; may be repeated (default: default)",
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
    evaluate.add_argument(
        "--feelings", action="store_true",
        help="emotion heard, emotion shown and the head instead of suites",
    )  # fmt: skip
    evaluate.add_argument("--no-baselines", action="store_true", help="bundles only")
    evaluate.add_argument(
        "--clips", action="append", default=[], metavar="FOLDER",
        help="score on the tests of clips of your own instead (docs/systems.md); repeatable",
    )  # fmt: skip
    evaluate.add_argument(
        "--run", dest="runs", action="append", default=[], metavar="RUN",
        help="with --clips: also a trained run of a published system; repeatable",
    )  # fmt: skip
    evaluate.add_argument(
        "--rig", metavar="FOLDER",
        help="with --clips: a folder of OBJ targets to score on (default: ICT-FaceKit of --data)",
    )  # fmt: skip
    evaluate.add_argument(
        "--full",
        action="store_true",
        help="a table a suite as well, with all columns and intervals",
    )
    evaluate.add_argument(
        "--json", nargs="?", const="-", metavar="FILE", help="for machines (no FILE or -: print it)"
    )
    evaluate.add_argument("--plot", metavar="OUT", help="one picture: .png, .svg or .pdf")


def _add_train(add: Add) -> None:
    train = add(
        "train", "Train a bundle further on aligned speech of your own, or a published system on "
        "clips (needs the [train] extra).",
        _train,
    )  # fmt: skip
    train.add_argument(
        "folder", metavar="FOLDER|SYSTEM",
        help="sound files, each with its phones (.TextGrid, .tsv, .lab, .json) or its English text "
        f"(.txt, needs the [align] extra) under the same name; or one of {', '.join(SYSTEMS)}",
    )  # fmt: skip
    train.add_argument(
        "--resume-from", default="default", metavar="BUNDLE",
        help="the bundle to start from: a folder, or the name of one inside (default: default)",
    )  # fmt: skip
    train.add_argument(
        "-o", "--output", "--out", required=True, metavar="OUT",
        help="the new bundle, or a system's run, which goes on where it stopped",
    )  # fmt: skip
    train.add_argument("--name", help="of the new bundle (default: its folder's)")
    train.add_argument(
        "--steps", type=int, help="default: 400, a few minutes; of a system, its YAML's"
    )
    train.add_argument("--work", metavar="FOLDER", help="keep features and checkpoints here")
    systems = train.add_argument_group("for a system (docs/systems.md)")
    systems.add_argument(
        "--data", action="append", default=[], metavar="CLIPS",
        help="folder that talkface_train.data.prepare wrote; may be repeated",
    )  # fmt: skip
    systems.add_argument("--config", metavar="YAML", help="settings (default: the system's own)")
    systems.add_argument(
        "--without", action="append", default=[], metavar="PART", help="an ablation; repeatable"
    )
    systems.add_argument("--seed", type=int, help="of weights and batches")


def _evaluate(options: argparse.Namespace) -> int:
    if options.clips or options.runs:
        return _evaluate_clips(options)
    return _evaluate_suites(options)


def _evaluate_suites(options: argparse.Namespace) -> int:
    from talkface.face import TalkFace
    from talkface.plots import check_picture
    from talkface_train import evaluate, report, suites
    from talkface_train.baselines import load_baselines
    from talkface_train.data import real

    chosen = suites.named(options.suite)
    if options.list_suites:
        width = max(len(suite.name) for suite in chosen)
        print("\n".join(f"{suite.name:<{width}}  {suite.about}" for suite in chosen))
        return 0
    root = real.data_root(options.data)
    if root is None:
        raise ValueError(
            "no shared data folder (with splits.json): give --data or set TALKFACE_DATA"
        )
    if options.json not in (None, "-") and not Path(options.json).parent.is_dir():
        raise ValueError(f"no such folder: {Path(options.json).parent}")
    if options.plot:
        check_picture(Path(options.plot))
    if options.feelings:
        return _evaluate_feelings(options, root)
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
    return 0


def _evaluate_clips(options: argparse.Namespace) -> int:
    from talkface_train import systems_report

    if not options.clips:
        raise ValueError("--run needs --clips: folders that talkface_train.data.prepare wrote")
    given = vars(options)
    for name in ("suite", "list_suites", "script", "feelings", "full", "plot"):
        if given[name]:
            raise ValueError(f"--{name.replace('_', '-')} is for suites, not for --clips")
    order = [part for folder in options.clips for part in ("--clips", folder)]
    order += [part for run in options.runs for part in ("--run", run)]
    order += [part for bundle in options.bundle for part in ("--bundle", bundle)]
    order += ["--data", options.data] if options.data else []
    order += ["--rig", options.rig] if options.rig else []
    order += ["--output", options.json] if options.json else []
    if not options.no_baselines:
        order.append("--baselines")
    systems_report.score([*order, *([] if options.bundle else ["--default"])])
    return 0


def _evaluate_feelings(options: argparse.Namespace, root: Path) -> int:
    from talkface.face import TalkFace
    from talkface_train import feelings, head_report

    for bundle in options.bundle or [None]:
        face = TalkFace(bundle)
        if not face.expression_channels:
            raise ValueError(f"{face.path} has no emotions to measure")
        with Progress("emotions shown") as progress:
            shown = feelings.sweeps(face, root, options.split, progress.update)
        heard = feelings.heard_emotions(face, root, options.split)
        print(feelings.render(heard, feelings.affect(face, root), *shown))
        rows = feelings.faces(face, root, options.split)
        print("\n## Upper faces, on GRID\n\n" + feelings.render_faces(rows))
        with Progress("heads") as progress:
            turns = feelings.heads(face, root, options.split, progress.update)
        print("\n## Heads, on GRID\n\n" + head_report.table(turns))
    return 0


def _train(options: argparse.Namespace) -> int:
    import tempfile

    from talkface.shipped import locate

    for module in ("torch", "onnx", "safetensors", "yaml"):
        require(module, "train", "training")
    if options.folder in SYSTEMS:
        from talkface_train.cli_systems import train_system

        return train_system(options)
    for name in ("data", "config", "without", "seed"):
        if getattr(options, name) not in (None, []):
            raise ValueError(f"--{name} is for systems: {', '.join(SYSTEMS)}")
    steps = FINE_STEPS if options.steps is None else options.steps
    from talkface_export.finetune import FineTune, fine_tune

    if steps < 1:
        raise ValueError("--steps must be at least 1")
    output = Path(options.output)
    if not Path(options.folder).is_dir() or not output.parent.is_dir():
        missing = output.parent if Path(options.folder).is_dir() else options.folder
        raise ValueError(f"no such folder: {missing}")
    source = locate(options.resume_from)
    logging.getLogger().setLevel(logging.INFO)
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(options.work or temporary)
        scores = fine_tune(
            source, Path(options.folder), output, work, options.name or output.name,
            FineTune(steps=steps),
        )  # fmt: skip
    before, after = scores["before"], scores["after"]
    print(f"{output}: {scores['files']} recordings, {scores['held_out']} held out")
    for key, title in (("accuracy", "viseme accuracy"), ("jaw_r", "r of jawOpen")):
        print(f"  {title:<16} {before[key]:.3f} -> {after[key]:.3f}")
    return 0


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
