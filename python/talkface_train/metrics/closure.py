"""Gestures that must come: were the lips sealed where a p, b or m was, the lower lip tucked where
an f or v was, and when (docs/metrics.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

TOLERANCE_SECONDS = 0.04
SILENCE_SECONDS = 0.06
EDGE_SECONDS = 0.08

Interval = tuple[float, float]


@dataclass(frozen=True)
class ClosureScore:
    """Counts of one file, the lateness in seconds of each closure found inside speech, and for
    each true closure whether it was hit."""

    hits: int = 0
    misses: int = 0
    false_alarms: int = 0
    lateness: tuple[float, ...] = field(default=())
    outcomes: tuple[tuple[Interval, bool], ...] = field(default=())

    def __add__(self, other: ClosureScore) -> ClosureScore:
        return ClosureScore(
            self.hits + other.hits,
            self.misses + other.misses,
            self.false_alarms + other.false_alarms,
            self.lateness + other.lateness,
            self.outcomes + other.outcomes,
        )

    def recalled(self, spans: Sequence[Interval]) -> tuple[int, int]:
        """Hits and number of the true closures that overlap one of ``spans``."""
        hits = [
            hit
            for (start, end), hit in self.outcomes
            if any(low < end and start < high for low, high in spans)
        ]
        return sum(hits), len(hits)

    @property
    def precision(self) -> float:
        return self.hits / max(self.hits + self.false_alarms, 1)

    @property
    def recall(self) -> float:
        return self.hits / max(self.hits + self.misses, 1)

    @property
    def f1(self) -> float:
        return 2 * self.hits / max(2 * self.hits + self.misses + self.false_alarms, 1)


def runs(mask: NDArray[np.bool_], fps: float) -> list[Interval]:
    """Maximal runs of True as (start, end) in seconds; frame i covers [i - 0.5, i + 0.5] / fps."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [
        ((start - 0.5) / fps, (end - 0.5) / fps)
        for start, end in zip(edges[::2], edges[1::2], strict=True)
    ]


@dataclass(frozen=True)
class _Piece:
    start: float
    end: float
    at_edge: bool


def _pieces(sealed: Sequence[Interval], silences: Sequence[Interval]) -> list[_Piece]:
    """Sealed runs with labelled silence cut away; ``at_edge`` when a cut end touches silence."""
    pieces = []
    for start, end in sealed:
        spans = [(start, end, False)]
        for low, high in silences:
            cut = []
            for a, b, edge in spans:
                if high <= a or low >= b:
                    cut.append((a, b, edge))
                    continue
                if a < low:
                    cut.append((a, low, True))
                if high < b:
                    cut.append((high, b, True))
            spans = cut
        pieces += [_Piece(a, b, edge) for a, b, edge in spans if b - a > 1e-6]
    return pieces


def score_closures(
    sealed: NDArray[np.bool_],
    fps: float,
    closures: Sequence[Interval],
    silences: Sequence[Interval],
    ignored: Sequence[Interval] = (),
) -> ClosureScore:
    """Match sealed runs with true closures, one to one; any other gesture is scored alike.

    ``sealed``: [frames] at ``i / fps``. ``closures``: true oral closures; ``silences``: labelled
    silences (those under 60 ms count as speech); ``ignored``: unlabelled spans, seconds.

    Each closure, in time order, is hit by the free run that overlaps it most, after widening it by
    40 ms on both sides; a run hits at most one closure. A run that reaches into silence, or to the
    last frame, and hits nothing is a false alarm only when it covers more than 80 ms of speech.
    """
    quiet = [(a, b) for a, b in silences if b - a >= SILENCE_SECONDS]
    quiet.append(((len(sealed) - 1) / fps, len(sealed) / fps + 1.0))
    pieces = [
        piece
        for piece in _pieces(runs(sealed, fps), quiet)
        if not any(a < piece.end and piece.start < b for a, b in ignored)
    ]
    closures = [c for c in closures if not any(a < c[1] and c[0] < b for a, b in ignored)]
    free = set(range(len(pieces)))
    lateness = []
    outcomes = []
    for start, end in closures:
        low, high = start - TOLERANCE_SECONDS, end + TOLERANCE_SECONDS
        overlaps = {
            i: min(pieces[i].end, high) - max(pieces[i].start, low)
            for i in free
            if pieces[i].start < high and pieces[i].end > low
        }
        outcomes.append(((start, end), bool(overlaps)))
        if not overlaps:
            continue
        best = max(overlaps, key=lambda i: overlaps[i])
        free.remove(best)
        if not pieces[best].at_edge:
            lateness.append((pieces[best].start + pieces[best].end - start - end) / 2)
    alarms = sum(
        not pieces[i].at_edge or pieces[i].end - pieces[i].start > EDGE_SECONDS for i in free
    )
    hits = sum(hit for _, hit in outcomes)
    return ClosureScore(hits, len(closures) - hits, alarms, tuple(lateness), tuple(outcomes))
