"""How rule curves agree with captured faces: ``python -m talkface_train.articulation.agreement``.

Correlation, range, speed and coupling of the curves from the true phones of grid_s1 (its training
part, unless ``--split`` says otherwise) and of those estimated from its video. ``--plot FOLDER``
draws them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkface_train.articulation.captured import FPS, read_face
from talkface_train.articulation.model import LATEST, load_articulation
from talkface_train.data import real
from talkface_train.data.phones import Segment
from talkface_train.data.real import Recording

LAG_SECONDS = 0.02
"""How much later the faces of GRID are than their audio (talkface_train/metrics/faces.py)."""
BLIND = ("mouthFunnel", "mouthLowerDown", "mouthUpperUp", "tongueOut")
"""What the estimator does not see (README of the shared data)."""
COUPLED = ("jawOpen", "mouthPucker", "mouthStretch", "mouthShrugLower", "mouthRollLower")
CLASSES = {
    "p b m": "P B M",
    "f v": "F V",
    "t d n s z l": "T D N S Z L",
    "ee ih": "IY IH EY",
    "ah eh er": "AH EH ER",
    "aa ae ay": "AA AE AY",
    "oo oh w": "UW UH OW W",
}

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Pair:
    """One recording: rule and captured curves [frames, channels] at the video's frames."""

    recording: Recording
    times: Array
    rule: Array
    captured: Array


def pairs(recordings: Sequence[Recording], version: str) -> list[Pair]:
    """Recordings with a face, the face's lag taken out."""
    model = load_articulation(version)
    found = []
    for recording in recordings:
        path = real.face_path(recording)
        if path is None:
            continue
        face = read_face(path)
        times = face["time"] - LAG_SECONDS
        curves = model.curves(recording.segments, int((times[-1] + 0.1) * FPS), FPS)
        grid = np.arange(len(curves)) / FPS
        rule = np.stack([np.interp(times, grid, column) for column in curves.T], axis=1)
        captured = np.stack([_both(face, name) for name in model.channels], axis=1)
        found.append(Pair(recording, times, rule, captured))
    return found


def _both(face: Mapping[str, Array], name: str) -> Array:
    if name in face:
        return face[name]
    if f"{name}Left" not in face:
        return np.zeros(len(face["time"]))
    return 0.5 * (face[f"{name}Left"] + face[f"{name}Right"])


def _mean(values: Sequence[float]) -> float:
    known = [v for v in values if np.isfinite(v)]
    return float(np.mean(known)) if known else float("nan")


def _r(a: Array, b: Array) -> float:
    if min(a.std(), b.std()) < 1e-4:
        return float("nan")
    return float(np.corrcoef(a, b)[0, 1])


def by_channel(items: Sequence[Pair], channels: Sequence[str]) -> dict[str, dict[str, float]]:
    """Channel to mean ``r``, and to ``range`` (standard deviation within a clip) and ``speed``
    (mean absolute change a second) of rule and face."""
    table = {}
    for index, name in enumerate(channels):
        row = {"r": _mean([_r(p.rule[:, index], p.captured[:, index]) for p in items])}
        for side in ("rule", "captured"):
            curves = [(p.times, getattr(p, side)[:, index]) for p in items]
            row[f"range_{side}"] = _mean([float(c.std()) for _, c in curves])
            row[f"speed_{side}"] = _mean(
                [float(np.abs(np.diff(c)).sum() / (t[-1] - t[0])) for t, c in curves]
            )
        table[name] = row
    return table


def coupling(items: Sequence[Pair], channels: Sequence[str], side: str) -> Array:
    """Mean correlation of each of :data:`COUPLED` with each other within a clip."""
    chosen = [channels.index(name) for name in COUPLED]
    matrix = np.full((len(chosen), len(chosen)), np.nan)
    for i, a in enumerate(chosen):
        for j, b in enumerate(chosen):
            curves = [getattr(p, side) for p in items]
            matrix[i, j] = _mean([_r(c[:, a], c[:, b]) for c in curves])
    return matrix


def _inside(segments: Sequence[Segment], times: Array, phones: str) -> NDArray[np.bool_]:
    wanted = set(phones.split())
    mask = np.zeros(len(times), dtype=bool)
    for s in segments:
        if s.phone in wanted:
            quarter = 0.25 * (s.end - s.start)
            mask |= (times >= s.start + quarter) & (times < s.end - quarter)
    return mask


def by_class(items: Sequence[Pair], index: int) -> dict[str, tuple[float, float]]:
    """Class of phones to the mean of one channel in their middles, above each clip's 5th
    percentile: rule and face."""
    table = {}
    for name, phones in CLASSES.items():
        rows: list[list[float]] = [[], []]
        for p in items:
            mask = _inside(p.recording.segments, p.times, phones)
            for row, curves in zip(rows, (p.rule, p.captured), strict=True):
                column = curves[:, index]
                row.extend(column[mask] - np.percentile(column, 5))
        table[name] = (_mean(rows[0]), _mean(rows[1]))
    return table


def render(items: Sequence[Pair], channels: Sequence[str]) -> str:
    """The tables as Markdown."""
    lines = ["| articulator | r | range rule | range face | speed rule | speed face |"]
    lines.append("|---|---:|---:|---:|---:|---:|")
    for name, row in by_channel(items, channels).items():
        label = f"{name} (not seen)" if name in BLIND else name
        keys = ("r", "range_rule", "range_captured", "speed_rule", "speed_captured")
        cells = ["-" if np.isnan(row[k]) else f"{row[k]:.2f}" for k in keys]
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    rule, face = (coupling(items, channels, side) for side in ("rule", "captured"))
    lines += ["", "| coupling, rule / face | " + " | ".join(COUPLED) + " |"]
    lines.append("|---" * (len(COUPLED) + 1) + "|")
    for i, name in enumerate(COUPLED):
        cells = [f"{rule[i, j]:.2f} / {face[i, j]:.2f}" for j in range(len(COUPLED))]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _typical(items: Sequence[Pair], channels: Sequence[str]) -> Pair:
    """The recording of median agreement, jaw and pucker together."""
    chosen = [channels.index("jawOpen"), channels.index("mouthPucker")]
    scores = [_mean([_r(p.rule[:, i], p.captured[:, i]) for i in chosen]) for p in items]
    return items[int(np.argsort(scores)[len(items) // 2])]


def draw(items: Sequence[Pair], channels: Sequence[str], folder: Path) -> list[Path]:
    """``articulation-curves.png``: a sentence; ``articulation-agreement.png``: all of them."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    folder.mkdir(parents=True, exist_ok=True)
    typical = _typical(items, channels)
    figure, rows = pyplot.subplots(2, 1, figsize=(10, 4.6), sharex=True)
    for axes, name in zip(rows, ("jawOpen", "mouthPucker"), strict=True):
        index = channels.index(name)
        face = typical.captured[:, index] - np.percentile(typical.captured[:, index], 5)
        axes.plot(typical.times, face, "k", label="face, from video")
        axes.plot(typical.times, typical.rule[:, index], "C1", label="rule, from true phones")
        axes.set_ylabel(name)
        top = axes.get_ylim()[1]
        for s in typical.recording.segments:
            axes.axvline(s.start, color="0.85", lw=0.6, zorder=0)
            axes.text((s.start + s.end) / 2, top, s.phone, ha="center", va="top", fontsize=7)
    rows[0].legend(loc="center right", fontsize=8)
    rows[-1].set_xlabel("seconds")
    paths = [folder / "articulation-curves.png", folder / "articulation-agreement.png"]
    figure.tight_layout()
    figure.savefig(paths[0], dpi=110)
    figure, panels = pyplot.subplots(1, 3, figsize=(12, 3.6))
    for axes, name in zip(panels, ("jawOpen", "mouthPucker"), strict=False):
        table = by_class(items, channels.index(name))
        _bars(axes, list(table), [list(column) for column in zip(*table.values(), strict=True)])
        axes.set_title(f"{name} in the middle of", fontsize=10)
    table = by_channel(items, channels)
    seen = [name for name in channels if name not in BLIND and table[name]["range_captured"] > 0.01]
    sides = ("range_rule", "range_captured")
    _bars(panels[2], seen, [[table[name][side] for name in seen] for side in sides])
    panels[2].set_title("range (standard deviation in a clip)", fontsize=10)
    panels[0].legend(["rule", "face"], fontsize=8)
    figure.tight_layout()
    figure.savefig(paths[1], dpi=110)
    pyplot.close("all")
    return paths


def _bars(axes: Any, names: Sequence[str], columns: Sequence[Sequence[float]]) -> None:
    at = np.arange(len(names))
    for offset, colour, values in zip((-0.2, 0.2), ("C1", "0.25"), columns, strict=True):
        axes.bar(at + offset, values, 0.4, color=colour)
    axes.set_xticks(at, names, rotation=40, ha="right", fontsize=8)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; draw."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", help="the shared data folder")
    parser.add_argument("--version", default=LATEST, help="articulation table")
    parser.add_argument("--split", choices=("train", "dev"), default="train")
    parser.add_argument("--plot", type=Path, metavar="FOLDER", help="draw two pictures there")
    options = parser.parse_args(arguments)
    root = real.data_root(options.data)
    if root is None:
        print("no shared data folder; set TALKFACE_DATA", file=sys.stderr)
        return 2
    items = pairs(real.load(root, "grid_s1", options.split), options.version)
    channels = load_articulation(options.version).channels
    print(render(items, channels))
    if options.plot:
        for path in draw(items, channels, options.plot):
            print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
