"""What ``talkface train`` is worth to one speaker: ``python -m talkface_export.gain``.

Lays recordings of one real set out as a user would (sound files with timed phones beside them),
trains ``--bundle`` further on some of them and scores both bundles on the others. The bundle must
not know the speaker: by default it is the variant ``no-dutch`` of talkface_export.variants.
"""

from __future__ import annotations

import argparse
import logging
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from talkface import TalkFace
from talkface_export.finetune import FineTune, fine_tune
from talkface_train import evaluate, report
from talkface_train.data import real
from talkface_train.data.real import Recording


def lay_out(recordings: Sequence[Recording], folder: Path) -> Path:
    """Copies of sound files, each with a table of its phones."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for recording in recordings:
        shutil.copy(recording.path, folder / recording.path.name)
        rows = [f"{s.start:.4f}\t{s.end:.4f}\t{s.phone}" for s in recording.segments]
        table = "\n".join(["start\tend\tphone", *rows]) + "\n"
        (folder / recording.path.name).with_suffix(".tsv").write_text(table, encoding="utf-8")
    return folder


def divide(recordings: Sequence[Recording], minutes: float) -> tuple[list[Recording], ...]:
    """The first recordings by name that make up ``minutes``, and the others."""
    training: list[Recording] = []
    seconds = 0.0
    ordered = sorted(recordings, key=lambda recording: recording.name)
    for recording in ordered:
        if seconds >= 60 * minutes:
            break
        training.append(recording)
        seconds += recording.segments[-1].end
    return training, ordered[len(training) :]


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, score, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--work", type=Path, default=Path("build/bundle"))
    parser.add_argument("--bundle", type=Path, help="default: WORK/variants/no-dutch/bundle")
    parser.add_argument("--set", default="nathalie_dutch", help="a real set with timed phones")
    parser.add_argument("--minutes", type=float, default=2.5, help="to train on")
    parser.add_argument("--steps", type=int, default=FineTune.steps)
    parser.add_argument("--data", help="shared data folder")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    root = real.data_root(options.data)
    if root is None:
        print("no shared data folder; set TALKFACE_DATA", file=sys.stderr)
        return 2
    bundle = options.bundle or options.work / "variants" / "no-dutch" / "bundle"
    training, held = divide(real.load(root, options.set), options.minutes)
    if not held:
        print(f"{options.set} has no more than {options.minutes:g} minutes", file=sys.stderr)
        return 2
    work = options.work / "gain"
    speech = lay_out(training, work / "user")
    tuned = work / "bundle"
    fine_tune(bundle, speech, tuned, work / "train", "tuned", FineTune(steps=options.steps))
    systems = [
        evaluate.BundleSystem(TalkFace(path), name)
        for path, name in ((bundle, "before"), (tuned, "after"))
    ]
    print(f"{len(training)} sentences to train on, {len(held)} others to score")
    print(report.markdown(options.set, evaluate.evaluate(systems, held)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
