"""What ``talkface tune`` is worth on unseen clips: ``python -m talkface_train.tuning``.

Two people are tuned on six clips and compared on others: one made by the corpus, whose face
follows the rules of the true phones with gains and rests of its own; and the man of grid_s1 with
his captured face (with a bundle that was trained without him, to be fair).
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from talkface import TalkFace
from talkface.progress import Progress
from talkface.rig import CHANNELS
from talkface.tune import MOST_CLIPS, Errors, Pair, Tuned, errors_of, tune
from talkface_train.articulation import load_articulation
from talkface_train.articulation.model import LATEST, expansion
from talkface_train.data import real
from talkface_train.data.expressions import Person, articulation_gains
from talkface_train.data.real import Recording
from talkface_train.evaluate import suite_recordings

STRANGER = Person("stranger", jaw=0.6, spread=1.4, rounding=1.3, lips=0.65, lean=0.15)
"""None of the bundle's people, and no mixture of them: a narrow jaw and busy lips."""
STRANGER_REST = {
    "eyeSquintLeft": 0.18, "eyeSquintRight": 0.14, "browDownLeft": 0.1, "browDownRight": 0.12,
    "mouthSmileLeft": 0.06, "mouthSmileRight": 0.04, "browInnerUp": 0.05,
}  # fmt: skip
STRANGER_SET = "ljspeech"
CURVES_FPS = 60


@dataclass(frozen=True)
class Trial:
    """``tuned`` on some clips of ``who``; errors on ``count`` others: ``before``, ``after``, and
    ``restless``, with what the face shows at rest left out of the style."""

    who: str
    tuned: Tuned
    before: Errors
    after: Errors
    restless: Errors
    count: int


def stranger_pairs(recordings: Sequence[Recording], folder: Path) -> list[Pair]:
    """Curve files of the stranger's face for recordings with true phones."""
    table = load_articulation(LATEST)
    names, matrix = expansion(table.channels)
    gains = articulation_gains(STRANGER, tuple(names))
    pairs = []
    for recording in recordings:
        frames = round(recording.segments[-1].end * CURVES_FPS)
        curves = table.curves(recording.segments, frames, CURVES_FPS) @ matrix * gains
        weights = np.zeros((frames, len(CHANNELS)))
        weights[:, [CHANNELS.index(name) for name in names]] = curves.clip(0, 1)
        rest = np.array([STRANGER_REST.get(name, 0.0) for name in CHANNELS])
        weights += rest * (1.0 - weights)
        path = folder / f"{recording.name}.csv"
        with path.open("w", newline="", encoding="utf-8") as handle:
            writer = csv.writer(handle)
            writer.writerow(["time", *CHANNELS])
            for frame, row in enumerate(weights):
                writer.writerow([f"{frame / CURVES_FPS:.6f}", *(f"{x:.5f}" for x in row)])
        pairs.append(Pair(recording.path, path))
    return pairs


def captured_pairs(root: Path, split: str) -> list[Pair]:
    """The man of grid_s1."""
    found = []
    for recording in real.load(root, "grid_s1", split):
        curves = real.face_path(recording)
        if curves is not None:
            found.append(Pair(recording.path, curves))
    return found


def trial(who: str, bundle: Path | None, known: Sequence[Pair], others: Sequence[Pair]) -> Trial:
    """Tune on ``known`` and compare on ``others``."""
    with Progress(f"tuning {who}") as progress:
        tuned = tune(bundle, known, who, progress.update)
    styles = (None, tuned.style, {**tuned.style, "rest": {}})
    errors = [errors_of(TalkFace(bundle, style=style), others, tuned.lag) for style in styles]
    return Trial(who, tuned, errors[0], errors[1], errors[2], len(others))


def spread(pairs: Sequence[Pair]) -> list[Pair]:
    """MOST_CLIPS of them, evenly."""
    return [pairs[i] for i in np.linspace(0, len(pairs) - 1, MOST_CLIPS).astype(int)]


def render(trials: Sequence[Trial]) -> str:
    """A Markdown table."""
    lines = [
        "| who | style | other clips | lip error | whole-face error |",
        "|---|---|---|---|---|",
    ]
    for row in trials:
        for style, errors in (("whole", row.after), ("without rest", row.restless)):
            cells = []
            for key in ("lips", "face"):
                old, new = getattr(row.before, key), getattr(errors, key)
                cells.append(f"{old:.3f} to {new:.3f} ({new / old - 1:+.0%})")
            lines.append(f"| {row.who} | {style} | {row.count} | {cells[0]} | {cells[1]} |")
    for row in trials:
        shares = row.tuned.style["identities"].items()
        hull = ", ".join(f"{name} {share:.2f}" for name, share in shares if share >= 0.05)
        lines.append(f"\n{row.who}: {hull}; {1000 * row.tuned.lag:+.0f} ms")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", help="the shared data folder")
    parser.add_argument("--bundle", type=Path, help="default: the one inside")
    parser.add_argument("--split", default="test", choices=("dev", "test"))
    options = parser.parse_args(arguments)
    root = real.data_root(options.data)
    if root is None:
        print("no shared data: set TALKFACE_DATA", file=sys.stderr)
        return 3
    with tempfile.TemporaryDirectory() as folder:
        heard = real.load(root, STRANGER_SET, "train")
        others = suite_recordings(root, "english_clean", options.split)
        trials = [
            trial(
                "made by the corpus", options.bundle,
                spread(stranger_pairs(heard[:: len(heard) // MOST_CLIPS], Path(folder))),
                stranger_pairs(others, Path(folder)),
            ),
            trial(
                "grid_s1", options.bundle, spread(captured_pairs(root, "train")),
                captured_pairs(root, options.split),
            ),
        ]  # fmt: skip
    print(render(trials))
    return 0


if __name__ == "__main__":
    sys.exit(main())
