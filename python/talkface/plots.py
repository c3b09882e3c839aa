"""Pictures: the spectrogram over the curves of a clip; scores. Needs the [plot] extra."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkface import whole
from talkface.clip import Clip
from talkface.errors import require

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("jaw and seal", ("jawOpen", "mouthClose", "mouthPressLeft")),
    ("rounding", ("mouthPucker", "mouthFunnel")),
    ("teeth and spread", ("mouthRollLower", "mouthUpperUpLeft", "mouthStretchLeft")),
    ("lower lip, tongue", ("mouthLowerDownLeft", "tongueOut")),
)
PICTURES = (".png", ".svg", ".pdf")
Label = tuple[float, float, str]


def check_picture(path: Path) -> None:
    """Whether a picture can be drawn into ``path``, before the work: raises ValueError,
    FileNotFoundError, IsADirectoryError or MissingExtraError."""
    if path.suffix.lower() not in PICTURES:
        raise ValueError(f"{path} must end in {', '.join(PICTURES)}")
    whole.check(path)
    require("matplotlib", "plot", "plotting")


def plot_clip(clip: Clip, path: Path, labels: Sequence[Label] = ()) -> Path:
    """Draw a clip into ``path`` (PNG, SVG or PDF by its suffix); returns the path.

    ``labels``: timed phones (start, end, name) in seconds to write above the curves. The
    spectrogram needs a clip that still has its audio, as :meth:`TalkFace.animate` gives it.
    """
    matplotlib = require("matplotlib", "plot", "plotting")
    matplotlib.use("Agg")
    figure_of = require("matplotlib.figure", "plot", "plotting").Figure
    rows = len(GROUPS) + (clip.audio is not None)
    seconds = max(clip.seconds, 0.5)
    figure = figure_of(
        figsize=(min(max(8.0, 3.2 * seconds), 60.0), 1.7 * rows), layout="constrained"
    )
    axes = np.atleast_1d(figure.subplots(rows, 1, sharex=True))
    remaining = list(axes)
    if clip.audio is not None:
        _spectrogram(remaining.pop(0), clip.audio.samples, clip.audio.rate)
    for axis, (title, names) in zip(remaining, GROUPS, strict=True):
        for name in names:
            axis.plot(clip.timestamps, clip.channel(name), label=name, linewidth=1.3)
        axis.set_ylim(0, max(0.5, float(axis.get_ylim()[1])))
        axis.set_ylabel(title, fontsize=8)
        axis.legend(loc="upper right", fontsize=7, ncols=3, framealpha=0.7)
        axis.grid(alpha=0.25)
    for start, end, name in labels:
        _label(axes, start, end, name)
    axes[-1].set_xlim(0, seconds)
    axes[-1].set_xlabel("seconds")
    figure.savefig(path, dpi=110)
    return path


def _label(axes: NDArray[Any], start: float, end: float, name: str) -> None:
    for axis in axes:
        axis.axvline(start, color="black", alpha=0.18, linewidth=0.6)
    if name:
        axes[0].text(
            (start + end) / 2, 1.02, name, transform=axes[0].get_xaxis_transform(),
            ha="center", va="bottom", fontsize=7,
        )  # fmt: skip


def _spectrogram(axis: Any, samples: NDArray[Any], rate: int) -> None:
    mono = samples if samples.ndim == 1 else samples.mean(axis=1)
    if mono.dtype == np.int16:
        mono = mono.astype(np.float32) / 32768.0
    length, hop = int(0.02 * rate), int(0.005 * rate)
    count = max((len(mono) - length) // hop + 1, 1)
    padded = np.pad(mono.astype(np.float32), (0, max(length - len(mono), 0)))
    frames = np.lib.stride_tricks.sliding_window_view(padded, length)[::hop][:count]
    power = np.abs(np.fft.rfft(frames * np.hanning(length), axis=1)) ** 2
    top = int(len(power[0]) * min(8000.0 / (rate / 2), 1.0))
    decibels = 10 * np.log10(power[:, :top].T + 1e-10)
    axis.imshow(
        decibels, origin="lower", aspect="auto", cmap="magma",
        extent=(0, len(mono) / rate, 0, min(8.0, rate / 2000)),
        vmin=decibels.max() - 75, vmax=decibels.max(),
    )  # fmt: skip
    axis.set_ylabel("kHz", fontsize=8)


def plot_scores(
    tables: Mapping[str, Mapping[str, Mapping[str, Any]]], panels: Mapping[str, str], path: Path
) -> Path:
    """Draw scores of ``talkface evaluate`` into ``path``: a panel a column, a line a suite.

    ``tables``: suite to system to column to (value, low, high); ``panels``: column to title.
    """
    matplotlib = require("matplotlib", "plot", "plotting")
    matplotlib.use("Agg")
    figure_of = require("matplotlib.figure", "plot", "plotting").Figure
    systems = list(dict.fromkeys(name for table in tables.values() for name in table))
    shown = {
        key: title
        for key, title in panels.items()
        if any(_finite(row.get(key)) for table in tables.values() for row in table.values())
    }
    figure = figure_of(
        figsize=(2.2 + 2.1 * len(shown), 1.6 + 0.34 * len(tables)), layout="constrained"
    )
    axes = np.atleast_1d(figure.subplots(1, max(len(shown), 1), sharey=True))
    spread = np.linspace(-0.27, 0.27, len(systems)) if len(systems) > 1 else [0.0]
    for axis, (key, title) in zip(axes, shown.items(), strict=False):
        for colour, (system, shift) in enumerate(zip(systems, spread, strict=True)):
            rows = [
                (line + shift, *table[system][key])
                for line, table in enumerate(tables.values())
                if system in table and _finite(table[system].get(key))
            ]
            if rows:
                y, value, low, high = np.array(rows, dtype=float).T
                axis.hlines(y, low, high, color=f"C{colour}", linewidth=1.4, alpha=0.55)
                axis.plot(value, y, "o", markersize=4, color=f"C{colour}")
        for line in range(0, len(tables), 2):
            axis.axhspan(line - 0.5, line + 0.5, color="black", alpha=0.04, linewidth=0)
        axis.set_title(title, fontsize=9)
        axis.set_xlim(left=-0.02)
        axis.tick_params(labelsize=8)
        axis.grid(axis="x", alpha=0.25)
    axes[0].set_yticks(range(len(tables)), list(tables))
    axes[0].set_ylim(len(tables) - 0.5, -0.5)
    handles = [
        axes[0].plot([], [], "o-", color=f"C{colour}", label=system)[0]
        for colour, system in enumerate(systems)
    ]
    figure.legend(
        handles=handles, loc="outside upper center", ncols=len(systems), fontsize=9, frameon=False
    )
    figure.savefig(path, dpi=110)
    return path


def _finite(cell: Any) -> bool:
    return cell is not None and bool(np.isfinite(cell).all())


def plot_lines(
    panels: Mapping[str, Mapping[str, Sequence[tuple[float, float]]]], x_label: str, path: Path
) -> Path:
    """Draw panels of labelled lines over one doubly logarithmic x axis; returns the path."""
    matplotlib = require("matplotlib", "plot", "plotting")
    matplotlib.use("Agg")
    figure_of = require("matplotlib.figure", "plot", "plotting").Figure
    figure = figure_of(figsize=(5.5 * len(panels), 4.2), layout="constrained")
    axes = np.atleast_1d(figure.subplots(1, len(panels)))
    for axis, (title, lines) in zip(axes, panels.items(), strict=True):
        for label, points in lines.items():
            axis.loglog(*zip(*points, strict=True), marker="o", label=label, linewidth=1.3)
        axis.set_title(title, fontsize=10)
        axis.set_xlabel(x_label)
        axis.set_xticks([x for x, _ in points], [f"{x:g}" for x, _ in points])
        axis.grid(alpha=0.3, which="both")
        axis.legend(fontsize=7)
    figure.savefig(path, dpi=110)
    return path
