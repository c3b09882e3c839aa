"""Score systems on real speech with timed phones: tables with medians and bootstrap intervals.

Definitions: docs/metrics.md. Needs the shared data folder, but not torch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from talkface import Clip, TalkFace
from talkface.audio import read_file
from talkface_train.articulation import load_articulation, sealed
from talkface_train.articulation.aperture import aperture
from talkface_train.baselines import FPS, Animation
from talkface_train.data import real
from talkface_train.data.phones import SILENCE, UNKNOWN, VISEME_OF, Segment
from talkface_train.data.real import Recording
from talkface_train.metrics import probe
from talkface_train.metrics.bootstrap import interval
from talkface_train.metrics.closure import ClosureScore, score_closures
from talkface_train.metrics.curves import correlation, inside_silence, jitter_ratio

REFERENCE = "v1"
CHANNELS = ("jawOpen", "mouthPucker", "mouthFunnel")
JITTER_STEP = 2  # jitter is measured at 50 fps, the graph's own rate
OWN_SUITES = {"telephone": ["wakeup_telephone"]}

Array = NDArray[np.float32]


class System(Protocol):
    """Anything that turns 16 kHz mono audio into an :class:`Animation` at 100 fps."""

    name: str

    def animate(self, audio: Array) -> Animation: ...


class BundleSystem:
    """A bundle, as a user gets it: post-processing on, default knobs."""

    def __init__(self, face: TalkFace, name: str | None = None) -> None:
        self.face = face
        self.name = name or f"{face.info['name']} {face.info['version']}"

    def animate(self, audio: Array) -> Animation:
        return self._as_animation(self.face.animate(audio, 16000, fps=FPS))

    def _as_animation(self, clip: Clip) -> Animation:
        curves = {}
        for name in load_articulation(REFERENCE).channels:
            sides = [name] if name in clip.channels else [f"{name}Left", f"{name}Right"]
            curves[name] = np.mean([clip.channel(side) for side in sides], axis=0)
        return Animation(curves, clip.visemes.argmax(axis=1))


class ScriptSystem(BundleSystem):
    """A bundle that is given the true phones of every recording."""

    def __init__(self, face: TalkFace, name: str | None = None) -> None:
        super().__init__(face, name or f"{face.info['name']} {face.info['version']} + script")

    def animate_recording(self, recording: Recording, audio: Array) -> Animation:
        phones = [s for s in recording.segments if s.end > s.start]
        return self._as_animation(self.face.animate(audio, 16000, fps=FPS, phones=phones))


@dataclass(frozen=True)
class FileScore:
    """One system on one recording."""

    name: str
    accuracy: float
    probe: float
    reference_probe: float
    closures: ClosureScore
    correlation: dict[str, float]
    jitter: float
    silence: Array


def labels_of(segments: Sequence[Segment], times: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Viseme at each time; silence outside labels, 255 where the phone is unknown."""
    labels = np.zeros(len(times), dtype=np.uint8)
    for segment in segments:
        first, last = np.searchsorted(times, (segment.start, segment.end))
        labels[first:last] = 255 if segment.phone == UNKNOWN else VISEME_OF[segment.phone]
    return labels


def _spans(segments: Sequence[Segment], phone: str) -> list[tuple[float, float]]:
    spans: list[tuple[float, float]] = []
    for segment in segments:
        if segment.phone != phone:
            continue
        if spans and segment.start - spans[-1][1] < 1e-3:
            spans[-1] = (spans[-1][0], segment.end)
        else:
            spans.append((segment.start, segment.end))
    return spans


def score_file(system: System, recording: Recording, audio: Array) -> FileScore:
    """All metrics of one recording."""
    if isinstance(system, ScriptSystem):
        animation = system.animate_recording(recording, audio)
    else:
        animation = system.animate(audio)
    frames = len(animation.visemes)
    times = np.arange(frames) / FPS
    segments = [*recording.segments]
    end = segments[-1].end if segments else 0.0
    if len(audio) / 16000 - end > 1e-3:
        segments.append(Segment(end, len(audio) / 16000, SILENCE))
    labels = labels_of(segments, times)
    known = labels != 255
    model = load_articulation(REFERENCE)
    reference = model.curves(segments, frames, FPS)
    predicted = np.stack([animation.curves[name] for name in model.channels], axis=1)
    named = dict(zip(model.channels, predicted.T, strict=True))
    silences = _spans(segments, SILENCE)
    closures = score_closures(
        sealed(named), FPS, model.closures(segments), silences, _spans(segments, UNKNOWN)
    )
    quiet = inside_silence(times, silences)
    return FileScore(
        name=f"{recording.dataset}/{recording.name}",
        accuracy=float((animation.visemes == labels)[known].mean()),
        probe=float((probe.classify(predicted, FPS) == labels)[known].mean()),
        reference_probe=float((probe.classify(reference, FPS) == labels)[known].mean()),
        closures=closures,
        correlation={
            name: correlation(named[name], reference[:, model.channels.index(name)], known)
            for name in CHANNELS
        },
        jitter=jitter_ratio(predicted[::JITTER_STEP], reference[::JITTER_STEP]),
        silence=aperture(named)[quiet].astype(np.float32),
    )


def _median(pick: Callable[[FileScore], float]) -> Callable[[Sequence[FileScore]], float]:
    def statistic(scores: Sequence[FileScore]) -> float:
        values = [pick(score) for score in scores]
        finite = [value for value in values if np.isfinite(value)]
        return float(np.median(finite)) if finite else float("nan")

    return statistic


def _pooled(pick: Callable[[ClosureScore], float]) -> Callable[[Sequence[FileScore]], float]:
    return lambda scores: pick(sum((s.closures for s in scores), ClosureScore()))


def _lateness(score: ClosureScore) -> float:
    return 1000 * float(np.median(score.lateness)) if score.lateness else float("nan")


def _silence_p99(scores: Sequence[FileScore]) -> float:
    pooled = np.concatenate([score.silence for score in scores])
    return float(np.percentile(pooled, 99)) if len(pooled) else float("nan")


def _probe_share(scores: Sequence[FileScore]) -> float:
    return float(np.median([s.probe / max(s.reference_probe, 1e-9) for s in scores]))


STATISTICS: dict[str, Callable[[Sequence[FileScore]], float]] = {
    "accuracy": _median(lambda s: s.accuracy),
    "probe_share": _probe_share,
    "closure_precision": _pooled(lambda c: c.precision),
    "closure_recall": _pooled(lambda c: c.recall),
    "closure_f1": _pooled(lambda c: c.f1),
    "closure_lateness_ms": _pooled(_lateness),
    **{f"r_{name}": _median(lambda s, n=name: s.correlation[n]) for name in CHANNELS},  # type: ignore[misc]
    "jitter_ratio": _median(lambda s: s.jitter),
    "silence_opening_p99": _silence_p99,
}
"""Column to statistic over files. Closure counts are pooled; the others are medians over files,
``silence_opening_p99`` a percentile over all silent frames."""


def suite_recordings(root: Path, suite: str, split: str = "test") -> list[Recording]:
    """Recordings of a suite of ``splits.json`` (or ``telephone``), in one split."""
    suites = {**real.suites(root), **OWN_SUITES}
    if suite not in suites:
        raise ValueError(f"no suite {suite!r}; there are {', '.join(suites)}")
    wanted = "eval_only" if suite in OWN_SUITES else split
    return [r for name in suites[suite] for r in real.load(root, name, split=wanted)]


def evaluate(
    systems: Sequence[System],
    recordings: Sequence[Recording],
    progress: Callable[[Iterable[Recording]], Iterable[Recording]] = iter,
) -> dict[str, dict[str, Any]]:
    """System name to column to ``[value, low, high]``, and ``files`` and ``closures`` counts."""
    scores: dict[str, list[FileScore]] = {system.name: [] for system in systems}
    for recording in progress(recordings):
        audio = read_file(recording.path).samples.astype(np.float32, copy=False)
        for system in systems:
            scores[system.name].append(score_file(system, recording, audio))
    table: dict[str, dict[str, Any]] = {}
    for name, rows in scores.items():
        table[name] = {key: interval(rows, statistic) for key, statistic in STATISTICS.items()}
        closures = sum((row.closures for row in rows), ClosureScore())
        table[name]["files"] = len(rows)
        table[name]["closures"] = closures.hits + closures.misses
    return table


def markdown(suite: str, table: dict[str, dict[str, Any]]) -> str:
    """One suite as a Markdown table: value and 95 % interval."""
    first = next(iter(table.values()))
    lines = [
        f"**{suite}** ({first['files']} files, {first['closures']} closures)",
        "",
        "| metric | " + " | ".join(table) + " |",
        "|---|" + "---|" * len(table),
    ]
    for key in STATISTICS:
        cells = []
        for row in table.values():
            value, low, high = row[key]
            digits = 1 if key.endswith("_ms") else 3
            shown = f"{value:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}]"
            cells.append("-" if np.isnan(value) else shown)
        lines.append(f"| {key} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
