"""What tests of live faces share: time that the test moves, and senders that keep what they get."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from talkface.live.clocks import SteadyClock
from talkface.live.senders import LiveFrame
from talkface.live.session import Session

START = 1000.3


class FakeTime:
    """Passes only while someone sleeps. ``late``: by how much a sleep until ``due`` ends late;
    ``meanwhile``: called with the time at which it ends."""

    def __init__(
        self,
        late: Callable[[float], float] = lambda _: 0.0,
        meanwhile: Callable[[float], None] = lambda _: None,
    ) -> None:
        self.time = START - 0.3
        self._late = late
        self.meanwhile = meanwhile

    def now(self) -> float:
        return self.time

    def sleep_until(self, due: float) -> float:
        self.time = max(self.time, due + self._late(due))
        self.meanwhile(self.time)
        return self.time


class Keep:
    """A sender that keeps frames and when they came."""

    name = "keep"

    def __init__(self, time: FakeTime | None = None) -> None:
        self._time = time
        self.frames: list[LiveFrame] = []
        self.times: list[float] = []

    def send(self, frame: LiveFrame) -> None:
        self.frames.append(frame)
        if self._time is not None:
            self.times.append(self._time.now())

    def close(self) -> None:
        pass

    @property
    def indices(self) -> list[int]:
        return [frame.index for frame in self.frames]

    @property
    def weights(self) -> np.ndarray:
        return np.concatenate([frame.pose.weights for frame in self.frames])


class Parts:
    """A source of given parts: arrays, or None for a call that finds nothing yet."""

    live = False

    def __init__(self, parts: Sequence[Any], sample_rate: int = 16000) -> None:
        self.parts = [None if p is None else np.asarray(p, np.float32)[:, None] for p in parts]
        self.sample_rate = sample_rate
        self.channels = 1
        self.dropped = False

    @property
    def ended(self) -> bool:
        return not self.parts

    def read(self, limit: int) -> np.ndarray:
        if not self.parts or self.parts[0] is None:
            self.parts[:1] = []
            return np.zeros((0, 1), np.float32)
        part = self.parts[0]
        self.parts[0] = part[limit:]
        if not len(self.parts[0]):
            self.parts.pop(0)
        return part[:limit]

    def drop(self) -> None:
        self.dropped = True
        self.parts.clear()

    def close(self) -> None:
        pass


def live(face: Any, source: Any, time: FakeTime, fps: Any = Fraction(60), **options: Any):
    """A session without threads on a steady clock, and the sender that keeps its frames."""
    keep = Keep(time)
    stream = face.stream(source.sample_rate, source.channels, fps=fps)
    options = {"clock": SteadyClock(START), "threaded": False} | options
    return Session(stream, source, [keep], time=time, **options), keep
