"""Playing the audio of a live face, so that sound and face are heard and seen together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkface.live.clocks import DeviceClock
from talkface.live.sources import sound_devices

_FADE = 0.005


class Playback:
    """A sound device's output; needs the [mic] extra.

    Playing begins when ``prefill`` seconds have been written: that is the delay which gives the
    face its time. ``clock`` says when each written sample is heard, at the loudspeaker as far as
    the sound system knows; frames that follow it are in sync. Where nothing has been written in
    time, silence is played, the clock waits, and ``underruns`` counts it.

    ``device``: its name, a part of it or its index, None for the default one. Raises ValueError
    when there is no such device or it does not take the rate.
    """

    def __init__(
        self,
        device: str | int | None,
        sample_rate: int,
        channels: int,
        prefill: float,
        monotonic: Callable[[], float],
        module: Any = None,
    ) -> None:
        sound = sound_devices() if module is None else module
        self.clock = DeviceClock(sample_rate)
        self.underruns = 0
        self._now = monotonic
        self._rate = sample_rate
        self._channels = channels
        self._lock = threading.Lock()
        self._queue: list[NDArray[np.float32]] = []
        self._queued = self._played = 0
        self._prefill = round(prefill * sample_rate)
        self._ended = False
        self._empty = threading.Event()
        try:
            self._stream = sound.OutputStream(
                samplerate=sample_rate,
                blocksize=sample_rate // 100,
                device=device,
                channels=channels,
                dtype="float32",
                latency="low",
                callback=self._play,
            )
            self._stream.start()
        except (ValueError, sound.PortAudioError) as error:
            raise ValueError(f"cannot open the loudspeaker: {error}") from None

    def write(self, samples: NDArray[np.float32]) -> None:
        """Append samples [n, channels]; never waits."""
        with self._lock:
            self._queue.append(np.array(samples, np.float32))
            self._queued += len(samples)

    def silence(self) -> None:
        with self._lock:
            fade = round(_FADE * self._rate)
            waiting = np.zeros((self._queued, self._channels), np.float32)
            if self._queued:
                head = np.concatenate(self._queue)[:fade]
                waiting[: len(head)] = head * np.linspace(1, 0, len(head))[:, None]
            self._queue = [waiting] if self._queued else []

    def end(self) -> None:
        with self._lock:
            self._ended = True

    def _play(self, out: NDArray[np.float32], frames: int, when: Any, _status: Any) -> None:
        """Called by the device's own thread."""
        now = self._now()
        lag = when.outputBufferDacTime - when.currentTime
        if not 0 < lag < 1:  # Not every sound system says when a sample will be heard.
            lag = float(self._stream.latency)
        out[:] = 0
        with self._lock:
            begun = self._played > 0 or self._ended or self._queued >= self._prefill
            if not begun:
                return
            at = 0
            while at < frames and self._queue:
                part = self._queue.pop(0)
                fits = part[: frames - at]
                out[at : at + len(fits)] = fits
                at += len(fits)
                if len(fits) < len(part):
                    self._queue.insert(0, part[len(fits) :])
            if at:
                self.clock.observe(self._played, now + lag)
            self._played += at
            self._queued -= at
            if at < frames and not self._ended:
                self.underruns += 1
            if self._ended and not self._queued:
                self._empty.set()

    def close(self, wait: float = 0.0) -> None:
        """Stop; waits at most ``wait`` seconds for what is still to be played."""
        if wait:
            self._empty.wait(wait)
            self._stream.stop()
        self._stream.close()
