"""Score published systems, bundles and baselines beside each other on held-out clips.

``python -m talkface_train.systems_report --clips made --run runs/pestalk -o scores.json``
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from talkface.progress import Progress
from talkface.rig import CHANNEL_INDEX, CHANNELS
from talkface_train.articulation import load_articulation, sealed
from talkface_train.baselines import load_baselines
from talkface_train.data import real
from talkface_train.data.clips import Clip, ClipError, ClipSet
from talkface_train.data.phones import SILENCE, UNKNOWN
from talkface_train.data.splits import read_splits
from talkface_train.metrics.closure import ClosureScore, score_closures
from talkface_train.metrics.emotion import Answers, unweighted_recall
from talkface_train.metrics.head import motion_of
from talkface_train.metrics.rig import Rig
from talkface_train.metrics.system_scores import SCORES, score_pair, score_sound
from talkface_train.speakers import (
    BaselineSpeaker,
    BundleSpeaker,
    RunSpeaker,
    Said,
    Speaker,
    frames_of,
)

TESTS = ("test_seen", "test_unseen")
RATE = 25
COLUMNS = (
    "LVE", "lip_L2", "EVE", "FDD_abs", "MVE", "LBE", "PBE", "UBE", "MBE", "AVE", "velocity_ratio",
    "jitter_ratio", "BA_audio", "SLCC", "closure_f1", "emotion_uar", "head_std", "head_speed",
)  # fmt: skip
"""What tables show; SCORES has most of them, the others are of this module."""
Table = dict[str, dict[str, dict[str, float]]]


def held_out(folder: Path, split: str, most: int | None = None) -> list[Clip]:
    """Clips with faces of a split; ``most`` of them, evenly over the sorted names."""
    clips = ClipSet(folder)
    names = set(read_splits(folder, clips.clips).get(split, ()))
    found = [clip for clip in clips if clip.name in names and clip.face]
    if most is not None and len(found) > most:
        found = [found[round(i)] for i in np.linspace(0, len(found) - 1, most)]
    return found


def score_set(
    speaker: Speaker, folder: Path, chosen: Sequence[Clip], rig: Rig, title: str = ""
) -> dict[str, float]:
    """Means of all scores over clips of a folder; closures and emotions over all of them."""
    clips = ClipSet(folder)
    rows: dict[str, list[float]] = defaultdict(list)
    closures, answers = ClosureScore(), []
    with Progress(f"{speaker.name} on {title or folder.name}") as progress:
        for clip in progress.over(chosen):
            audio = clips.audio(clip)
            said = speaker.say(clip, audio)
            face = clips.face(clip)
            assert face is not None
            if face.curves is None:
                raise ClipError(
                    f"{clip.name} of {folder} has vertices, and curves are scored here: "
                    "talkface_train.metrics.mesh scores vertices"
                )
            truth = face.at_frame_rate(frames_of(audio))
            scores = {
                **score_pair(rig, said.curves, truth["target"], RATE, truth["mask"]),
                **score_sound(said.curves, RATE, audio),
                **_head_scores(said),
            }
            for name, value in scores.items():
                rows[name].append(value)
            if clip.phones:
                closures += closures_of(said.curves, clip)
            if said.heard is not None and clip.emotion is not None:
                answers.append((clip.identity, clip.emotion, said.heard))
    found = {name: _mean(values) for name, values in rows.items()}
    known = [value for value in rows["offset"] if np.isfinite(value)]
    found["offset"] = float(np.median(known)) if known else float("nan")
    if closures.hits + closures.misses:
        found["closure_f1"] = closures.f1
    if len({acted for _, acted, _ in answers}) > 1:
        columns = zip(*answers, strict=True)
        found["emotion_uar"] = unweighted_recall(Answers(*(tuple(c) for c in columns)))
    return {**found, "clips": float(len(chosen))}


def closures_of(curves: NDArray[np.float32], clip: Clip) -> ClosureScore:
    """Which of a clip's true closures the lips made, as docs/metrics.md has it."""
    fine = np.repeat(curves, 4, axis=0)
    named = {name: fine[:, index] for name, index in CHANNEL_INDEX.items()}
    spans = {
        phone: [(s.start, s.end) for s in clip.phones if s.phone == phone]
        for phone in (SILENCE, UNKNOWN)
    }
    true = load_articulation().closures(clip.phones)
    return score_closures(sealed(named), 4 * RATE, true, spans[SILENCE], spans[UNKNOWN])


def _head_scores(said: Said) -> dict[str, float]:
    if said.rotation is None or len(said.rotation) < 8:
        return {}
    motion = motion_of(said.rotation, RATE)
    return {"head_std": float(np.linalg.norm(motion.std)), "head_speed": motion.speed[0]}


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if np.isfinite(value)]
    return float(np.mean(known)) if known else float("nan")


def compare(
    speakers: Sequence[Speaker], folders: Sequence[Path], rig: Rig, most: int | None = None
) -> Table:
    """Scores by set (folder and split), speaker and name."""
    table: Table = {}
    for folder in folders:
        for split in TESTS:
            chosen = held_out(folder, split, most)
            if chosen:
                title = f"{folder.name} {split}"
                table[title] = {s.name: score_set(s, folder, chosen, rig, title) for s in speakers}
    if not table:
        names = ", ".join(map(str, folders))
        raise ClipError(f"no clip with a face in {' or '.join(TESTS)} of {names}")
    return table


def markdown(table: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    """A table a set, a row a speaker."""
    parts = []
    for title, rows in table.items():
        names = [n for n in COLUMNS if any(np.isfinite(r.get(n, np.nan)) for r in rows.values())]
        clips = next(iter(rows.values()))["clips"]
        heads = [f"{n} ({SCORES[n].unit})" if n in SCORES and SCORES[n].unit else n for n in names]
        parts.append(f"**{title}** ({clips:.0f} clips)\n")
        parts.append("| system | " + " | ".join(heads) + " |")
        parts.append("|---|" + "---:|" * len(names))
        for who, row in rows.items():
            cells = [_cell(row.get(name, float("nan"))) for name in names]
            parts.append(f"| {who} | " + " | ".join(cells) + " |")
        parts.append("")
    return "\n".join(parts)


def _cell(value: float) -> str:
    return "-" if not np.isfinite(value) else f"{value:.3f}"


def as_json(table: Table) -> str:
    """All scores; null where one is undefined."""
    rows = {
        title: {
            who: {name: value if np.isfinite(value) else None for name, value in row.items()}
            for who, row in by_speaker.items()
        }
        for title, by_speaker in table.items()
    }
    return json.dumps(rows, indent=1)


def rig_of(folder: Path | None, data: str | None) -> Rig:
    """The face to score on: OBJ targets of a folder, else ICT-FaceKit of the shared data.

    Raises ValueError or FileNotFoundError.
    """
    if folder is not None:
        rig = Rig.obj_folder(folder)
        missing = [name for name in CHANNELS if name not in rig.names]
        if missing or len(rig.names) != len(CHANNELS):
            raise ValueError(
                f"{folder} needs a target for each of ARKit's {len(CHANNELS)} channels and no "
                f"other: {len(missing)} are missing ({', '.join(missing[:3])})"
            )
        return rig
    root = real.data_root(data)
    if root is None:
        raise FileNotFoundError(
            "no face to score on: --data or TALKFACE_DATA names the shared data with ICT-FaceKit, "
            "--rig a folder of OBJ targets (docs/metrics.md)"
        )
    return Rig.ict(root)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of ``python -m talkface_train.systems_report``."""
    try:
        score(arguments)
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def score(arguments: Sequence[str] | None = None) -> None:
    """Score and print what the command line names. Raises ValueError or OSError."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--clips", action="append", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--run", action="append", default=[], type=_named, metavar="[NAME=]RUN")
    parser.add_argument(
        "--bundle", action="append", default=[], type=_named, metavar="[NAME=]FOLDER"
    )
    parser.add_argument("--default", action="store_true", help="also the bundle inside")
    parser.add_argument("--baselines", action="store_true", help="also the baselines")
    parser.add_argument("--most", type=int, help="clips of a split at most")
    parser.add_argument("--data", help="shared data folder, for ICT-FaceKit")
    parser.add_argument("--rig", type=Path, help="OBJ targets to score on instead")
    parser.add_argument("-o", "--output", help="write all scores as JSON (-: print it alone)")
    options = parser.parse_args(arguments)
    rig = rig_of(options.rig, options.data)
    speakers: list[Speaker] = [RunSpeaker(path, name) for name, path in options.run]
    speakers += [BundleSpeaker(path, name) for name, path in options.bundle]
    speakers += [BundleSpeaker(None)] if options.default else []
    speakers += [BaselineSpeaker(b) for b in load_baselines()] if options.baselines else []
    if not speakers:
        raise ValueError("nothing to score: give --run, --bundle, --default or --baselines")
    table = compare(speakers, options.clips, rig, options.most)
    print(as_json(table) if options.output == "-" else markdown(table))
    if options.output not in (None, "-"):
        Path(options.output).write_text(as_json(table) + "\n", encoding="utf-8")


def _named(text: str) -> tuple[str, Path]:
    name, _, path = text.rpartition("=")
    return name or Path(path).name, Path(path)


if __name__ == "__main__":
    sys.exit(main())
