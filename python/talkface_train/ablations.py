"""What each part of a published system is worth: the recipe anew without it, on one budget, twice.

``python -m talkface_train.ablations pestalk --out build/ablations``. Runs and scores that are there
are kept, so it goes on where it stopped. docs/systems.md has the tables.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from talkface_train.cli_systems import CONFIGS
from talkface_train.data import real
from talkface_train.metrics.rig import Rig
from talkface_train.speakers import RunSpeaker
from talkface_train.systems import BEST, SYSTEMS
from talkface_train.systems_report import Table, compare
from talkface_train.systems_train import RunConfig, SystemTrainer, read_config

FULL = "full"
STEPS = 2000
"""About a quarter of an hour on one core."""
SEEDS = (0, 1)
COLUMNS = ("LVE", "EVE", "FDD_abs", "LBE", "MBE", "velocity_ratio", "emotion_uar")
CLIPS = 40

Scores = dict[str, dict[int, Table]]


def plans(config: RunConfig, seeds: Sequence[int]) -> dict[tuple[str, int], RunConfig]:
    """A configuration for the whole system and for each of its ablations, by seed."""
    names = (FULL, *SYSTEMS[config.system].ablations)
    return {
        (name, seed): replace(config, without=() if name == FULL else (name,), seed=seed)
        for name in names
        for seed in seeds
    }


def run_all(
    config: RunConfig,
    seeds: Sequence[int],
    out: Path,
    folders: Sequence[Path],
    rig: Rig,
    clips: int,
) -> Scores:
    """Train and score what is not there yet; all scores by ablation and seed."""
    scores: Scores = {}
    for (name, seed), plan in plans(config, seeds).items():
        folder = out / config.system / f"{name}-{seed}"
        path = folder / "scores.json"
        if not path.is_file():
            trainer = SystemTrainer(plan, folder)
            if trainer.run() == float("inf") or not (folder / BEST).is_file():
                raise ValueError(f"{folder} has no best weights")
            table = compare([RunSpeaker(folder, name)], folders, rig, clips)
            path.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
        scores.setdefault(name, {})[seed] = json.loads(path.read_text("utf-8"))
    return scores


def value_of(
    table: Mapping[str, Mapping[str, Mapping[str, float]]], title: str, name: str
) -> float:
    """One score of the only speaker of a table."""
    row = next(iter(table[title].values()))
    found = row.get(name)
    return float("nan") if found is None else float(found)


def noise_of(scores: Scores, title: str, name: str) -> float:
    """Mean distance of a score between two seeds, over all ablations: what a repeat changes."""
    apart = [
        np.ptp([value_of(table, title, name) for table in by_seed.values()])
        for by_seed in scores.values()
    ]
    known = [value for value in apart if np.isfinite(value)]
    return float(np.mean(known)) if known else float("nan")


def markdown(scores: Scores) -> str:
    """A table a set: means over seeds; what is within the noise of the whole system is a tie."""
    parts = []
    for title in next(iter(scores[FULL].values())):
        columns = [c for c in COLUMNS if np.isfinite(_mean(scores[FULL], title, c))]
        parts += [f"**{title}**\n", "| without | " + " | ".join(columns) + " |"]
        parts.append("|---|" + "---:|" * len(columns))
        noise = {c: noise_of(scores, title, c) for c in columns}
        for name, by_seed in scores.items():
            cells = []
            for column in columns:
                mean, whole = (_mean(s, title, column) for s in (by_seed, scores[FULL]))
                tie = name != FULL and abs(mean - whole) <= noise[column]
                cells.append(f"{mean:.3f}" + (" tie" if tie else ""))
            parts.append(f"| {'nothing' if name == FULL else name} | " + " | ".join(cells) + " |")
        parts.append("| noise | " + " | ".join(f"{noise[c]:.3f}" for c in columns) + " |\n")
    return "\n".join(parts)


def _mean(by_seed: Mapping[int, Table], title: str, name: str) -> float:
    return float(np.mean([value_of(table, title, name) for table in by_seed.values()]))


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of ``python -m talkface_train.ablations``."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("system", choices=SYSTEMS)
    parser.add_argument("--out", type=Path, default=Path("build/ablations"))
    parser.add_argument("--config", type=Path, help="the recipe (default: the system's own)")
    parser.add_argument("--data", action="append", default=[], metavar="CLIPS", help="folders")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"of each run (default: {STEPS})")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    parser.add_argument("--clips", type=int, default=CLIPS, help="to score of a split at most")
    parser.add_argument("--shared", help="shared data folder, for ICT-FaceKit")
    options = parser.parse_args(arguments)
    root = real.data_root(options.shared)
    if root is None:
        print("no shared data: give --shared or set TALKFACE_DATA", file=sys.stderr)
        return 3
    try:
        changes = {"steps": options.steps, "check_every": options.steps, "system": options.system}
        if options.data:
            changes["data"] = options.data
        config = read_config(options.config or CONFIGS / f"{options.system}.yaml", changes)
        folders = [Path(name) for name in config.data]
        rig = Rig.ict(root)
        scores = run_all(config, options.seeds, options.out, folders, rig, options.clips)
    except (OSError, ValueError, FloatingPointError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(markdown(scores))
    return 0


if __name__ == "__main__":
    sys.exit(main())
