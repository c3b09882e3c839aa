"""Audio in: arrays, PCM16 bytes and files, checked and laid out as the runtime takes them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

DEFAULT_RATE = 16000
MIN_RATE, MAX_RATE = 8000, 192000
MAX_CHANNELS = 8

Samples: TypeAlias = NDArray[np.float32] | NDArray[np.int16]
AudioSource: TypeAlias = "Samples | bytes | bytearray | memoryview | str | os.PathLike[str]"


@dataclass(frozen=True)
class Audio:
    """Interleaved samples: float32 or int16, C-contiguous, [frames] or [frames, channels]."""

    samples: Samples
    rate: int
    channels: int

    @property
    def frames(self) -> int:
        """Sample frames: samples of one channel."""
        return len(self.samples)

    @property
    def seconds(self) -> float:
        return self.frames / self.rate


def check_rate(rate: Any) -> int:
    """A sample rate as an int; ValueError when it is not one from 8,000 to 192,000 Hz."""
    number = int(rate) if float(rate).is_integer() else -1
    if not MIN_RATE <= number <= MAX_RATE:
        raise ValueError(f"sample_rate must be a whole number from 8000 to 192000 Hz, not {rate!r}")
    return number


def as_samples(array: Any) -> Samples:
    """An array as the runtime takes it: float32 or int16, 1-D mono or 2-D [samples, channels].

    float64 is converted; C-contiguous float32 and int16 are passed on without a copy. Raises
    TypeError for other types and ValueError for other shapes.
    """
    data = np.asarray(array)
    if data.dtype in (np.float64, np.float16):
        data = data.astype(np.float32)
    if data.dtype not in (np.dtype(np.float32), np.dtype(np.int16)):
        raise TypeError(f"audio must be float32 in [-1, 1] or int16, not {data.dtype}")
    if data.ndim not in (1, 2):
        raise ValueError(f"audio must be [samples] or [samples, channels], not {data.ndim}-D")
    if data.ndim == 2 and not 1 <= data.shape[1] <= MAX_CHANNELS:
        hint = "; transpose it" if data.shape[0] <= MAX_CHANNELS < data.shape[1] else ""
        raise ValueError(
            f"audio has {data.shape[1]} channels, 1 to {MAX_CHANNELS} are taken "
            f"(shape is [samples, channels]){hint}"
        )
    return np.require(data, requirements=["C", "A"])


def from_bytes(data: bytes | bytearray | memoryview) -> NDArray[np.int16]:
    """Little-endian 16-bit PCM as int16; ValueError for an odd number of bytes."""
    view = memoryview(data).cast("B")
    if len(view) % 2:
        raise ValueError(f"16-bit PCM needs an even number of bytes, not {len(view)}")
    return np.frombuffer(view, dtype="<i2").astype(np.int16, copy=False)


def read_file(path: str | os.PathLike[str]) -> Audio:
    """A sound file in any format that libsndfile reads.

    Raises FileNotFoundError, or ValueError when it is not a sound file.
    """
    file = Path(path)
    if not file.is_file():
        raise FileNotFoundError(f"no such sound file: {file}")
    return _decoded(file, str(file))


def read_bytes(data: bytes, name: str) -> Audio:
    """The contents of a sound file, as :func:`read_file`; ``name`` stands in errors."""
    return _decoded(BytesIO(data), name)


def _decoded(file: Path | BytesIO, name: str) -> Audio:
    import soundfile

    try:
        data, rate = soundfile.read(file, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise unreadable(name, error) from error
    check_file(name, data.shape[1], rate)
    samples = np.ascontiguousarray(data if data.shape[1] > 1 else data[:, 0])
    return Audio(samples, rate, data.shape[1])


def unreadable(name: str, error: Any) -> ValueError:
    """What to raise for a file that libsndfile refuses with ``error``."""
    from talkface.sinks import SUFFIXES

    clip = Path(name).suffix.lower() in SUFFIXES
    hint = "; a clip, animated already, goes to talkface render or talkface convert" if clip else ""
    return ValueError(f"cannot read {name} as sound: {error.error_string}{hint}")


def check_file(name: str, channels: int, rate: int) -> None:
    """ValueError for a sound file of more channels or another sample rate than are taken."""
    if channels > MAX_CHANNELS:
        raise ValueError(
            f"{name} has {channels} channels, at most {MAX_CHANNELS} are taken: mix it down"
        )
    if not MIN_RATE <= rate <= MAX_RATE:
        raise ValueError(
            f"{name} has {rate} samples a second, {MIN_RATE} to {MAX_RATE} are taken: resample it"
        )


def load(source: AudioSource, sample_rate: float | None = None) -> Audio:
    """Audio from an array, PCM16 bytes or a path.

    ``sample_rate`` None means the file's own rate, 16,000 Hz for arrays and bytes. Raises
    ValueError for empty audio or a rate that contradicts the file's.
    """
    if isinstance(source, (str, os.PathLike)):
        audio = read_file(source)
        if sample_rate is not None and check_rate(sample_rate) != audio.rate:
            raise ValueError(
                f"{source} has a sample rate of {audio.rate} Hz, not {sample_rate}; leave "
                f"sample_rate out for files"
            )
    else:
        raw = isinstance(source, (bytes, bytearray, memoryview))
        samples = from_bytes(source) if raw else as_samples(source)  # type: ignore[arg-type]
        channels = samples.shape[1] if samples.ndim == 2 else 1
        rate = check_rate(DEFAULT_RATE if sample_rate is None else sample_rate)
        audio = Audio(samples, rate, channels)
    if audio.frames == 0:
        name = f"{os.fspath(source)}: " if isinstance(source, (str, os.PathLike)) else ""
        raise ValueError(f"{name}the audio is empty")
    return audio
