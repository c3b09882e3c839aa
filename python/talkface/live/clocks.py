"""Time: when a moment of the audio is heard.

The audio clock counts samples. A :class:`SteadyClock` lets them pass at the pace of the system's
monotonic clock; a :class:`DeviceClock` follows a sound device, whose crystal differs by some 100
millionths, so that nothing drifts however long it runs.
"""

from __future__ import annotations

import math
import threading
import time
from typing import Protocol

COARSE = 0.001
"""Seconds before a deadline at which one long sleep ends and short ones begin."""
FINE = 0.0002
"""The short ones. They wait, not spin: a thread that spins is the one that the scheduler stops."""


class Time(Protocol):
    """The system's time, replaced in tests."""

    def now(self) -> float: ...

    def sleep_until(self, due: float) -> float: ...


class SystemTime:
    """The monotonic clock, in seconds."""

    def now(self) -> float:
        return time.monotonic()

    def sleep_until(self, due: float) -> float:
        """Wait until ``due``; returns the time then, never before ``due``.

        Sleeps until shortly before, then in short waits, so that a late wake-up costs one of these.
        """
        while (left := due - time.monotonic()) > 0:
            time.sleep(left - COARSE if left > 2 * COARSE else min(left, FINE))
        return time.monotonic()


class Clock(Protocol):
    """Maps seconds of the audio to the monotonic time at which they are heard, and back."""

    ready: bool

    def when(self, position: float) -> float: ...

    def position(self, now: float) -> float: ...


class SteadyClock:
    """Audio second 0 is heard at ``start`` of the monotonic clock, and both run alike."""

    ready = True

    def __init__(self, start: float) -> None:
        self._start = start

    def when(self, position: float) -> float:
        return self._start + position

    def position(self, now: float) -> float:
        return now - self._start


class DeviceClock:
    """A clock that follows a sound device by what its callbacks say.

    A delay-locked loop of second order (F. Adriaensen, "Using a DLL to filter time", 2005) takes
    the jitter out of the callbacks and learns the device's rate; ``bandwidth`` is in Hz. A position
    that is off by more than ``jump`` seconds is a gap in the device's audio: the clock starts anew
    from there and counts it in ``jumps``.

    ``delay``: seconds added to when things are heard, for audio that is played later.
    """

    def __init__(
        self, sample_rate: int, delay: float = 0.0, bandwidth: float = 0.1, jump: float = 0.1
    ) -> None:
        self._rate = sample_rate
        self.delay = delay
        self._bandwidth = bandwidth
        self._jump = jump
        self._lock = threading.Lock()
        self._anchor: tuple[float, float] | None = None
        self._pace = 1.0
        self.jumps = 0

    @property
    def ready(self) -> bool:
        """Whether the device has said anything yet."""
        return self._anchor is not None

    @property
    def pace(self) -> float:
        """Monotonic seconds that a second of the device's audio takes."""
        return self._pace

    def observe(self, sample: int, now: float) -> None:
        """The device was at sample index ``sample`` at monotonic time ``now``."""
        position = sample / self._rate
        with self._lock:
            if self._anchor is None:
                self._anchor = (position, now)
                return
            where, when = self._anchor
            step = position - where
            if step <= 0:
                return
            error = now - (when + step * self._pace)
            if abs(error) > self._jump:
                self.jumps += 1
                self._anchor = (position, now)
                return
            turn = 2 * math.pi * self._bandwidth * step
            self._anchor = (position, now - error + math.sqrt(2) * turn * error)
            self._pace += turn * turn * error / step

    def when(self, position: float) -> float:
        with self._lock:
            where, when = self._known()
            return when + (position - where) * self._pace + self.delay

    def position(self, now: float) -> float:
        with self._lock:
            where, when = self._known()
            return where + (now - self.delay - when) / self._pace

    def _known(self) -> tuple[float, float]:
        if self._anchor is None:
            raise RuntimeError("the sound device has not started yet")
        return self._anchor
