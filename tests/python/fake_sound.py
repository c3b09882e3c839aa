"""A stand-in for the sounddevice module: devices tick when a test says so, or by themselves."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace
from typing import Any

import numpy as np


class PortAudioError(Exception):
    pass


class Device:
    """A stream of a fake device; ``tick`` calls its callback once."""

    latency = 0.02

    def __init__(self, fake: FakeSound, inward: bool, **options: Any) -> None:
        if options["device"] == "broken":
            raise PortAudioError("Invalid sample rate")
        self.options = options
        self.closed = self.started = False
        self._fake, self._inward = fake, inward
        self._done = threading.Event()
        self._thread: threading.Thread | None = None
        fake.opened.append(self)

    def start(self) -> None:
        self.started = True
        if self._fake.runs:
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while not self._done.wait(0.01):
            self.tick()

    def tick(
        self, data: Any = None, lag: float | None = 0.03, overflow: bool = False
    ) -> np.ndarray:
        """One block; ``lag``: between the device and now, None when the system does not know."""
        size = self.options["blocksize"]
        block = np.zeros((size, self.options["channels"]), np.float32)
        if self._inward:
            block[:] = 0.1 if data is None else np.asarray(data)[:, None]
        else:
            block[:] = np.nan
        lag = lag or 0.0
        when = SimpleNamespace(
            currentTime=50.0, inputBufferAdcTime=50.0 - lag, outputBufferDacTime=50.0 + lag
        )
        status = SimpleNamespace(input_overflow=overflow)
        self.options["callback"](block, size, when, status)
        return block

    def stop(self) -> None:
        self.close()

    def close(self) -> None:
        self.closed = True
        self._done.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()


class FakeSound:
    """The module. ``runs``: devices tick by themselves, about every 10 ms."""

    PortAudioError = PortAudioError

    def __init__(self, runs: bool = False) -> None:
        self.runs = runs
        self.opened: list[Device] = []

    def query_devices(self, device: Any, kind: str) -> dict[str, Any]:
        if device == "nowhere":
            raise ValueError(f"No {kind} device matching 'nowhere'")
        return {"name": f"fake {kind}", "default_samplerate": 16000.0}

    def InputStream(self, **options: Any) -> Device:
        return Device(self, True, **options)

    def OutputStream(self, **options: Any) -> Device:
        self.query_devices(options["device"], "output")
        return Device(self, False, **options)

    @staticmethod
    def now() -> float:
        return time.monotonic()
