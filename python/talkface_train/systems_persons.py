"""Tune a trained run to people it does not know, on six clips each, and score others of theirs.

``python -m talkface_train.systems_persons RUN --clips made``. A folder's split ``tune`` has the
clips to tune on, ``test_unseen`` the others (docs/data.md); of a set that a run left out, any of
its splits can be told.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from talkface.progress import Progress
from talkface_train.data.clips import Clip, ClipError, ClipSet
from talkface_train.metrics.coefficients import LIP27, blendshape_error
from talkface_train.speakers import Floats, RunSpeaker, Said, frames_of
from talkface_train.systems_data import SystemSet
from talkface_train.systems_report import held_out
from talkface_train.systems_tuning import Tuned, tune_person

CLIPS = 6
STEPS, LEARNING_RATE = 200, 0.05
ROWS = ("nobody known", "hull", "hull, gains")
"""Everybody's mean, the paper's tuning, and ours on top of it."""


@dataclass(frozen=True)
class Person:
    """One stranger: lip error (27 channels of jaw and mouth, L2) and whole-face error (52) by
    ROWS, on ``clips`` other clips."""

    name: str
    clips: int
    lips: tuple[float, ...]
    face: tuple[float, ...]
    hull: dict[str, float]


class Worn:
    """A run with a tuned person for strangers."""

    def __init__(self, speaker: RunSpeaker, tuned: Tuned) -> None:
        self.name, self.tuned = "tuned", tuned
        self.speaker = speaker

    def say(self, clip: Clip, audio: Floats) -> Said:
        said = self.speaker.say(clip, audio)
        worn = self.tuned.worn(torch.from_numpy(said.curves)).clamp(0.0, 1.0)
        return Said(worn.numpy(), said.rotation, said.heard)


def chosen(clips: Sequence[Clip], count: int = CLIPS) -> list[Clip]:
    """Clips to tune on: as many emotions as there are, another sentence each."""
    found: list[Clip] = []
    for _ in range(count):
        sentences = {clip.sentence for clip in found}
        free = [c for c in clips if c.sentence not in sentences]
        if not free:
            break
        told = [clip.emotion for clip in found]
        found.append(min(free, key=lambda clip: (told.count(clip.emotion), clip.name)))
    return found


def tune_all(
    run: Path,
    folder: Path,
    count: int = CLIPS,
    steps: int = STEPS,
    splits: tuple[str, str] = ("tune", "test_unseen"),
) -> list[Person]:
    """Every stranger of a folder who has clips to tune on. Raises ClipError when nobody has."""
    speaker = RunSpeaker(run)
    tunes, tests = (held_out(folder, split) for split in splits)
    known = speaker.info.identities
    names = sorted({c.identity for c in tunes} & {c.identity for c in tests} - set(known))
    if not names:
        raise ClipError(
            f"nobody in {folder} is new to {run} and has clips in {' and '.join(splits)}"
        )
    pool = SystemSet([folder], splits[0], speaker.hearing, known, progress=False)
    people = []
    for name in names:
        mine = {c.name for c in chosen([c for c in tunes if c.identity == name], count)}
        items = [item for item in pool.items if item.clip.name in mine]
        batch = pool.collate(items, None)
        versions: list[RunSpeaker | Worn] = [speaker]
        found: list[Tuned] = []
        for gains in (False, True):
            with Progress(f"tuning to {name}") as bar:
                tuned = tune_person(
                    speaker.system, speaker.hearing, [batch], steps, LEARNING_RATE, gains,
                    bar.update,
                )  # fmt: skip
            found.append(tuned)
            versions.append(Worn(RunSpeaker(run, whose=tuned.identity.numpy()), tuned))
        others = [clip for clip in tests if clip.identity == name]
        lips, face = zip(*(_errors(v, folder, others) for v in versions), strict=True)
        weights = {k: float(w) for k, w in zip(known, found[0].identity, strict=True) if w > 0.05}
        people.append(Person(name, len(others), lips, face, weights))
    return people


def _errors(
    speaker: RunSpeaker | Worn, folder: Path, others: Sequence[Clip]
) -> tuple[float, float]:
    clips = ClipSet(folder)
    lips, face = [], []
    for clip in others:
        audio, truth = clips.audio(clip), clips.face(clip)
        assert truth is not None
        wanted = truth.at_frame_rate(frames_of(audio))
        said = speaker.say(clip, audio).curves
        lips.append(blendshape_error(said, wanted["target"], LIP27, wanted["mask"]))
        face.append(blendshape_error(said, wanted["target"], None, wanted["mask"]))
    return float(np.mean(lips)), float(np.mean(face))


def markdown(people: Sequence[Person]) -> str:
    """A row a person and a kind of tuning."""
    lines = [
        "| who | tuned | other clips | lip error | whole-face error |",
        "|---|---|---|---|---|",
    ]
    for person in people:
        for index, row in enumerate(ROWS):
            cells = [
                f"{values[index]:.3f}"
                + (f" ({values[index] / values[0] - 1:+.0%})" if index else "")
                for values in (person.lips, person.face)
            ]
            lines.append(f"| {person.name} | {row} | {person.clips} | {' | '.join(cells)} |")
    for person in people:
        parts = ", ".join(f"{name} {weight:.2f}" for name, weight in person.hull.items())
        lines.append(f"\n{person.name}: {parts}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of ``python -m talkface_train.systems_persons``."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("run", type=Path, help="a trained run's folder")
    parser.add_argument("--clips", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--count", type=int, default=CLIPS, help=f"to tune on (default: {CLIPS})")
    parser.add_argument("--tune-split", default="tune", help="default: tune")
    parser.add_argument("--test-split", default="test_unseen", help="default: test_unseen")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"default: {STEPS}")
    parser.add_argument("-o", "--output", type=Path, help="write the numbers as JSON")
    options = parser.parse_args(arguments)
    try:
        splits = (options.tune_split, options.test_split)
        people = tune_all(options.run, options.clips, options.count, options.steps, splits)
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(markdown(people))
    if options.output:
        rows = [vars(person) for person in people]
        options.output.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
