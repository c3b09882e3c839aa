"""Score systems on real speech with timed phones: tables with medians and bootstrap intervals.

Definitions: docs/metrics.md. Needs the shared data folder, but not torch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
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
from talkface_train.data.phones import BILABIALS, SILENCE, UNKNOWN, VISEME_OF, Segment
from talkface_train.data.real import Recording
from talkface_train.metrics import probe
from talkface_train.metrics.bootstrap import interval
from talkface_train.metrics.closure import ClosureScore, score_closures
from talkface_train.metrics.curves import correlation, inside_silence, jitter_ratio
from talkface_train.metrics.faces import FACE_CURVES, Face, PhoneFit, face_correlation
from talkface_train.metrics.labiodental import contacts, tucked
from talkface_train.metrics.statistics import Median, Pooled, Ratio

REFERENCE = "v1"
CHANNELS = ("jawOpen", "mouthPucker", "mouthFunnel")
ROUNDING = ("mouthPucker", "mouthFunnel")
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
        return self._as_animation(self._clip(audio))

    def _clip(self, audio: Array, **options: Any) -> Clip:
        """The audio animated, without frames behind its end, in which a mouth closes late."""
        clip = self.face.animate(audio, 16000, fps=FPS, **options)
        count = frames_within(len(audio), FPS)
        return replace(clip, weights=clip.weights[:count], visemes=clip.visemes[:count])

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
        return self._as_animation(self._clip(audio, phones=phones))


@dataclass(frozen=True)
class Take:
    """A recording as a suite plays it.

    ``listen`` gives the audio (None: the file's own, float32 mono at 16 kHz); ``face`` is what the
    curves are compared with, ``fit`` the correlations of a linear fit from the true phones with it.
    """

    recording: Recording
    listen: Callable[[], Array] | None = None
    face: Face | None = None
    fit: dict[str, float] = field(default_factory=dict)

    def audio(self) -> Array:
        """What the systems hear."""
        return self.listen() if self.listen else read_audio(self.recording.path)


def frames_within(samples: int, fps: int, rate: int = 16000) -> int:
    """Frames of a clip that lie before the end of its samples."""
    return -(-samples * fps // rate)


def read_audio(path: Path) -> Array:
    """A sound file as float32."""
    return read_file(path).samples.astype(np.float32, copy=False)


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
    nasals: tuple[int, int]
    stops: tuple[int, int]
    labiodentals: ClosureScore
    face: dict[str, float]
    fit: dict[str, float]


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


def _where(segments: Sequence[Segment], phones: Iterable[str]) -> list[tuple[float, float]]:
    return [(s.start, s.end) for s in segments if s.phone in phones]


def score_file(
    system: System, recording: Recording, audio: Array, face: Face | None = None
) -> FileScore:
    """All metrics of one recording; those of faces when there is one."""
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
    silences, unknown = _spans(segments, SILENCE), _spans(segments, UNKNOWN)
    closures = score_closures(sealed(named), FPS, model.closures(segments), silences, unknown)
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
        nasals=closures.recalled(_where(segments, "M")),
        stops=closures.recalled(_where(segments, BILABIALS - {"M"})),
        labiodentals=score_closures(tucked(named), FPS, contacts(segments), silences, unknown),
        face=face_correlation(named, FPS, face) if face else {},
        fit={},
    )


def _precision(score: ClosureScore) -> tuple[float, float]:
    return score.hits, score.hits + score.false_alarms


def _recall(score: ClosureScore) -> tuple[float, float]:
    return score.hits, score.hits + score.misses


def _f1(score: ClosureScore) -> tuple[float, float]:
    return 2 * score.hits, 2 * score.hits + score.misses + score.false_alarms


def _one(values: dict[str, float], name: str) -> tuple[float, float]:
    return (values[name], 1) if name in values else (0, 0)


def _share(names: Sequence[str]) -> Ratio:
    def sums(score: FileScore) -> tuple[float, float]:
        shared = [n for n in names if n in score.fit and n in score.face]
        return sum(score.face[n] for n in shared), sum(score.fit[n] for n in shared)

    return Ratio(sums)


STATISTICS: dict[str, Callable[[Sequence[FileScore]], float]] = {
    "accuracy": Median(lambda s: s.accuracy),
    "probe_share": Median(lambda s: s.probe / max(s.reference_probe, 1e-9)),
    "closure_precision": Ratio(lambda s: _precision(s.closures), least=1),
    "closure_recall": Ratio(lambda s: _recall(s.closures), least=1),
    "closure_recall_m": Ratio(lambda s: s.nasals),
    "closure_recall_pb": Ratio(lambda s: s.stops),
    "closure_f1": Ratio(lambda s: _f1(s.closures), least=1),
    "closure_lateness_ms": Pooled(
        lambda s: s.closures.lateness, lambda late: 1000 * float(np.median(late))
    ),
    "labiodental_precision": Ratio(lambda s: _precision(s.labiodentals)),
    "labiodental_recall": Ratio(lambda s: _recall(s.labiodentals)),
    **{f"r_{name}": Median(lambda s, n=name: s.correlation[n]) for name in CHANNELS},  # type: ignore[misc]
    "rounding_r": Median(lambda s: float(np.mean([s.correlation[n] for n in ROUNDING]))),
    "jitter_ratio": Median(lambda s: s.jitter),
    "silence_opening_p99": Pooled(
        lambda s: s.silence, lambda opening: float(np.percentile(opening, 99))
    ),
    **{f"face_r_{name}": Ratio(lambda s, n=name: _one(s.face, n)) for name in FACE_CURVES},  # type: ignore[misc]
    "share_of_phone_fit": _share(FACE_CURVES),
    **{f"share_of_phone_fit_{name}": _share([name]) for name in FACE_CURVES},
}
"""Column to statistic over files. Counts of gestures are pooled; the others are medians over files,
``silence_opening_p99`` a percentile over all silent frames, the columns of faces means."""


def suite_recordings(root: Path, suite: str, split: str = "test") -> list[Recording]:
    """Recordings of a suite of ``splits.json`` (or ``telephone``), in one split."""
    suites = {**real.suites(root), **OWN_SUITES}
    if suite not in suites:
        raise ValueError(f"no suite {suite!r}; there are {', '.join(suites)}")
    wanted = "eval_only" if suite in OWN_SUITES else split
    return [r for name in suites[suite] for r in real.load(root, name, split=wanted)]


def evaluate(
    systems: Sequence[System],
    recordings: Sequence[Recording | Take],
    progress: Callable[[Iterable[Take]], Iterable[Take]] = iter,
    columns: Sequence[str] = tuple(STATISTICS),
) -> dict[str, dict[str, Any]]:
    """System name to column to ``[value, low, high]``, and ``files`` and ``closures`` counts.

    Takes with a phone fit add a row for it, which has the columns of faces only.
    """
    takes = [item if isinstance(item, Take) else Take(item) for item in recordings]
    scores: dict[str, list[FileScore]] = {system.name: [] for system in systems}
    for take in progress(takes):
        audio = take.audio()
        for system in systems:
            score = score_file(system, take.recording, audio, take.face)
            scores[system.name].append(replace(score, fit=take.fit))
    table: dict[str, dict[str, Any]] = {}
    for name, rows in scores.items():
        table[name] = {key: interval(rows, STATISTICS[key]) for key in columns}
        closures = sum((row.closures for row in rows), ClosureScore())
        table[name]["files"] = len(rows)
        table[name]["closures"] = closures.hits + closures.misses
    fits = [take.fit for take in takes if take.fit]
    if fits:
        table[PhoneFit.name] = {
            f"face_r_{name}": interval(fits, Ratio(lambda fit, n=name: _one(fit, n)))  # type: ignore[misc]
            for name in FACE_CURVES
        }
        table[PhoneFit.name]["files"] = len(fits)
    return table
