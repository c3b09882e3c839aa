"""Sources: where the audio of a live face comes from."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray

from talkface.audio import MAX_CHANNELS, check_file, check_rate, unreadable
from talkface.errors import MissingExtraError
from talkface.live.clocks import DeviceClock

Samples = NDArray[np.float32]


class Source(Protocol):
    """Gives audio, float32 [samples, channels], when asked, without waiting.

    ``live``: audio comes at its own pace and is taken as it comes; else it is fetched as it is
    needed. ``ended``: there will be no more.
    """

    sample_rate: int
    channels: int
    live: bool

    @property
    def ended(self) -> bool: ...

    def read(self, limit: int) -> Samples:
        """At most ``limit`` samples; fewer or none when they are not there."""
        ...

    def drop(self) -> None:
        """Forget what has not been read: someone barged in."""
        ...

    def close(self) -> None: ...


class FileSource:
    """A sound file, read as it is needed; ``loop`` begins again at its end, for ever."""

    live = False

    def __init__(self, path: Path, loop: bool = False) -> None:
        import soundfile

        if not path.is_file():
            raise FileNotFoundError(f"no such sound file: {path}")
        try:
            self._file = soundfile.SoundFile(path)
        except soundfile.LibsndfileError as error:
            raise unreadable(str(path), error) from error
        self.sample_rate, self.channels = int(self._file.samplerate), int(self._file.channels)
        check_file(str(path), self.channels, self.sample_rate)
        if not len(self._file):
            raise ValueError(f"{path} is empty")
        self._loop = loop
        self._ended = False

    @property
    def ended(self) -> bool:
        return self._ended

    def read(self, limit: int) -> Samples:
        if self._ended:
            return np.zeros((0, self.channels), np.float32)
        data: Samples = self._file.read(limit, dtype="float32", always_2d=True)
        if len(data) < limit:
            if self._loop:
                self._file.seek(0)
            else:
                self._ended = True
        return data

    def drop(self) -> None:
        self._ended = True

    def close(self) -> None:
        self._file.close()


FORMATS: dict[str, np.dtype[Any]] = {"s16": np.dtype("<i2"), "f32": np.dtype("<f4")}
"""Sample formats of a pipe, little-endian."""


class _Buffer:
    """Samples between a thread that brings them and one that takes them."""

    def __init__(self) -> None:
        self._parts: deque[Samples] = deque()
        self._lock = threading.Condition()
        self.count = 0

    def put(self, samples: Samples, limit: int, alive: Callable[[], bool] = lambda: True) -> None:
        """Append; waits while ``limit`` samples are there already, as long as ``alive``."""
        with self._lock:
            while self.count >= limit and alive():
                self._lock.wait(0.1)
            self._parts.append(samples)
            self.count += len(samples)

    def take(self, limit: int, channels: int) -> Samples:
        with self._lock:
            taken: list[Samples] = []
            while limit > 0 and self._parts:
                part = self._parts.popleft()
                if len(part) > limit:
                    self._parts.appendleft(part[limit:])
                    part = part[:limit]
                taken.append(part)
                limit -= len(part)
                self.count -= len(part)
            self._lock.notify_all()
        return np.concatenate(taken) if taken else np.zeros((0, channels), np.float32)

    def clear(self) -> None:
        with self._lock:
            self._parts.clear()
            self.count = 0
            self._lock.notify_all()


class PipeSource:
    """Raw PCM from a pipe, as text-to-speech programs write it.

    ``stream``: binary, for instance ``sys.stdin.buffer``; little-endian ``s16`` or ``f32``,
    interleaved. Ten seconds are read ahead, then the writer waits.
    """

    live = False
    _BYTES = 8192

    def __init__(
        self, stream: BinaryIO, sample_rate: int, channels: int = 1, form: str = "s16"
    ) -> None:
        if form not in FORMATS:
            raise ValueError(f"format must be one of {', '.join(FORMATS)}, not {form!r}")
        if not 1 <= channels <= MAX_CHANNELS:
            raise ValueError(f"channels must be 1 to {MAX_CHANNELS}, not {channels}")
        self.sample_rate = check_rate(sample_rate)
        self.channels = channels
        self._dtype = FORMATS[form]
        self._stream = stream
        self._buffer = _Buffer()
        self._limit = 10 * self.sample_rate
        self._closed = self._finished = False
        self._error: OSError | None = None
        threading.Thread(target=self._fill, daemon=True).start()

    def _fill(self) -> None:
        try:
            self._read_all()
        except OSError as error:
            self._error = error
        self._finished = True

    def _read_all(self) -> None:
        read: Callable[[int], bytes] = getattr(self._stream, "read1", self._stream.read)
        frame = self._dtype.itemsize * self.channels
        rest = b""
        while not self._closed and (data := read(self._BYTES)):
            data = rest + data
            whole = len(data) - len(data) % frame
            rest = data[whole:]
            if whole:
                samples = _as_float(np.frombuffer(data[:whole], self._dtype))
                self._buffer.put(
                    samples.reshape(-1, self.channels), self._limit, lambda: not self._closed
                )

    @property
    def ended(self) -> bool:
        return self._finished and not self._buffer.count and self._error is None

    def read(self, limit: int) -> Samples:
        """As of every source; raises OSError when the pipe cannot be read."""
        if self._error is not None and not self._buffer.count:
            raise self._error
        return self._buffer.take(limit, self.channels)

    def drop(self) -> None:
        self._buffer.clear()

    def close(self) -> None:
        self._closed = True


def _as_float(samples: NDArray[Any]) -> Samples:
    values = samples.astype(np.float32)
    return values / np.float32(32768) if samples.dtype.kind == "i" else values


def sound_devices() -> Any:
    """The sounddevice module. Raises MissingExtraError without it or its PortAudio library."""
    try:
        import sounddevice
    except ModuleNotFoundError:
        raise MissingExtraError(
            'microphones and playback need sounddevice: pip install "talkface[mic]"'
        ) from None
    except OSError as error:
        raise MissingExtraError(
            f"sounddevice finds no PortAudio library ({error}); install it, on Debian and Ubuntu "
            "with: apt install libportaudio2"
        ) from None
    return sounddevice


class Microphone:
    """A sound device's input; needs the [mic] extra. ``clock`` says when each sample was heard.

    ``device``: its name, a part of it or its index, None for the default one. ``monotonic``: the
    time that the clock lives in. Raises ValueError when there is no such device or it does not take
    the rate.
    """

    live = True
    channels = 1

    def __init__(
        self,
        device: str | int | None,
        sample_rate: int | None,
        monotonic: Callable[[], float],
        module: Any = None,
    ) -> None:
        sound = sound_devices() if module is None else module
        self._now = monotonic
        self._buffer = _Buffer()
        self._count = 0
        self.overflows = 0
        self.device_latency = 0.0
        try:
            info = sound.query_devices(device, "input")
            self.sample_rate = check_rate(sample_rate or round(info["default_samplerate"]))
            self.clock = DeviceClock(self.sample_rate)
            self._stream = sound.InputStream(
                samplerate=self.sample_rate,
                blocksize=self.sample_rate // 100,
                device=device,
                channels=1,
                dtype="float32",
                latency="low",
                callback=self._heard,
            )
            self.device_latency = float(self._stream.latency)
            self._stream.start()
        except (ValueError, sound.PortAudioError) as error:
            raise ValueError(f"cannot open the microphone: {error}") from None
        self.name = str(info["name"])

    def _heard(self, data: Samples, frames: int, when: Any, status: Any) -> None:
        """Called by the device's own thread."""
        now = self._now()
        if status.input_overflow:
            self.overflows += 1
        lag = when.currentTime - when.inputBufferAdcTime
        if not 0 < lag < 1:  # Not every sound system says when it heard the first sample.
            lag = self.device_latency
        self.clock.observe(self._count, now - lag)
        self._count += frames
        self._buffer.put(data.copy(), 1 << 62)

    @property
    def ended(self) -> bool:
        return False

    def read(self, limit: int) -> Samples:
        return self._buffer.take(limit, self.channels)

    def drop(self) -> None:
        """A microphone has nothing to forget: what it hears next is the one who barged in."""

    def close(self) -> None:
        self._stream.close()
