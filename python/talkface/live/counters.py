"""Counters of a live face, and the line that shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

from talkface.progress import one_line

_STEP = 2e-5
_BINS = 50_000


class Histogram:
    """Durations in steps of 20 microseconds up to a second, in bounded memory."""

    def __init__(self) -> None:
        self._bins: NDArray[np.int64] = np.zeros(_BINS, dtype=np.int64)
        self.count = 0
        self.longest = 0.0

    def add(self, seconds: float) -> None:
        self._bins[min(max(int(seconds / _STEP), 0), _BINS - 1)] += 1
        self.count += 1
        self.longest = max(self.longest, seconds)

    def quantile(self, share: float) -> float:
        """The duration that ``share`` of them do not exceed, to a step; 0 when there are none."""
        if not self.count:
            return 0.0
        cumulated = np.cumsum(self._bins)
        return min(float(np.searchsorted(cumulated, share * self.count) + 1) * _STEP, self.longest)

    def as_dict(self) -> dict[str, float]:
        """In milliseconds."""
        found = {f"p{round(100 * q)}": 1000 * self.quantile(q) for q in (0.5, 0.9, 0.99)}
        return {
            name: round(value, 2) for name, value in (*found.items(), ("max", 1000 * self.longest))
        }


@dataclass
class Counters:
    """What happened so far.

    ``sent``: frames that went out. ``held``: of these, frames that were not made in time.
    ``skipped``: frames that came too late to be sent at all. ``late``: how long after its time each
    went out. ``ahead``: how much more audio than its own moment was there when it went out: with a
    microphone the delay of the face behind it, the device's own not counted.

    ``underruns``: times the source had nothing while it was due; ``silence``: seconds of silence
    put in its place. ``dropped``: seconds of audio left out because the source ran ahead.
    """

    sent: int = 0
    held: int = 0
    skipped: int = 0
    underruns: int = 0
    silence: float = 0.0
    dropped: float = 0.0
    interrupts: int = 0
    late: Histogram = field(default_factory=Histogram)
    ahead: Histogram = field(default_factory=Histogram)

    def as_dict(self) -> dict[str, Any]:
        return {
            "sent": self.sent,
            "held": self.held,
            "skipped": self.skipped,
            "underruns": self.underruns,
            "silence_ms": round(1000 * self.silence, 1),
            "dropped_ms": round(1000 * self.dropped, 1),
            "interrupts": self.interrupts,
            "late_ms": self.late.as_dict(),
            "ahead_ms": self.ahead.as_dict(),
        }


class StatusLine:
    """One line on a terminal, written over and over; nothing where there is no terminal."""

    def __init__(self, out: TextIO, every: float = 0.25, enabled: bool = True) -> None:
        self._out = out
        self._every = every
        self._enabled = enabled and out.isatty()
        self._shown = float("-inf")
        self._before = (0, 0.0)

    def update(
        self, now: float, seconds: float, counters: Counters, latency: float | None = None
    ) -> None:
        """Show what is so at monotonic time ``now``, ``seconds`` into the audio."""
        if not self._enabled or now - self._shown < self._every:
            return
        sent, when = self._before
        pace = (counters.sent - sent) / (now - when) if self._shown > 0 else 0.0
        self._before, self._shown = (counters.sent, now), now
        text = render(seconds, pace, counters, latency)
        self._out.write(f"\r{one_line(text)}\x1b[K")
        self._out.flush()

    def close(self) -> None:
        if self._enabled and self._shown > float("-inf"):
            self._out.write("\n")
            self._out.flush()


def render(seconds: float, pace: float, counters: Counters, latency: float | None) -> str:
    """The status line as text; ``latency``: seconds from a sound to its frame, where known."""
    late = counters.late
    ahead = counters.ahead.quantile(0.5)
    lag = f"ahead {1000 * ahead:.0f}" if latency is None else f"latency {1000 * latency:.0f}"
    return (
        f"{seconds:.1f} s {pace:.1f}/s late {1000 * late.quantile(0.5):.1f} "
        f"p99 {1000 * late.quantile(0.99):.1f} max {1000 * late.longest:.1f} ms {lag} ms "
        f"underruns {counters.underruns} held {counters.held} skipped {counters.skipped} "
        f"silence {1000 * counters.silence:.0f} ms"
    )
