"""A stream: one character that hears audio as it comes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from talkface.audio import as_samples, check_rate, from_bytes
from talkface.clip import Clip, from_poses
from talkface.emotion import Emotion, as_keys, constant, is_auto, is_timed
from talkface.emotion import in_samples as keys_in_samples
from talkface.errors import translate, translated
from talkface.knobs import known
from talkface.script.timed import in_samples, phone
from talkface.style import StyleSource, as_text

if TYPE_CHECKING:
    from talkface._core import Stream as CoreStream

HELD, EASING, EARLY, EMPTY = 1, 2, 4, 8


@dataclass(frozen=True, eq=False)
class Pose:
    """One face at one time. Arrays as the rows of :class:`talkface.Clip`.

    ``held``, ``easing``: the playhead is past the newest frame, which is held for 100 ms and then
    eased to neutral over 200 ms. ``early``: it is before the oldest stored frame. ``empty``: no
    frame has been made yet, this is the neutral pose.
    """

    weights: NDArray[np.float32]
    head_rotation: NDArray[np.float32]
    head_translation: NDArray[np.float32]
    emotion: NDArray[np.float32]
    visemes: NDArray[np.float32]
    flags: int

    @property
    def held(self) -> bool:
        return bool(self.flags & HELD)

    @property
    def easing(self) -> bool:
        return bool(self.flags & EASING)

    @property
    def early(self) -> bool:
        return bool(self.flags & EARLY)

    @property
    def empty(self) -> bool:
        return bool(self.flags & EMPTY)


@dataclass(frozen=True)
class Facts:
    """What a stream must know of its bundle."""

    emotions: tuple[str, ...]
    has_visemes: bool
    model_rate: int
    graph_rate: tuple[int, int]


@dataclass(frozen=True)
class Settings:
    """Options of a stream that last: see :meth:`talkface.TalkFace.stream`."""

    sample_rate: int = 16000
    channels: int = 1
    frame_rate: tuple[int, int] = (0, 1)
    seed: int = 0
    ring_ms: int = 1000
    store_ms: int = 4000
    timed_capacity: int = 1024
    sleep_ms: int = 0
    sampling: bool = False
    raw: bool = False

    def __post_init__(self) -> None:
        check_rate(self.sample_rate)
        if not (1 <= self.channels <= 8 and self.ring_ms > 0 and self.store_ms > 0):
            raise ValueError("channels must be 1 to 8; ring_ms and store_ms must be positive")
        if not (self.timed_capacity > 0 and self.sleep_ms >= 0):
            raise ValueError("timed_capacity must be positive and sleep_ms not negative")

    def core(self) -> Any:
        """As the C++ runtime takes them."""
        from talkface._core import StreamOptions

        return StreamOptions(**{**asdict(self), "sample_rate": check_rate(self.sample_rate)})


class _Closed:
    """In place of the runtime's stream after :meth:`Stream.close`."""

    def __getattr__(self, name: str) -> Any:
        raise ValueError("this stream is closed")


class Stream:
    """Made by :meth:`talkface.TalkFace.stream`, and by crowds (:mod:`talkface.crowd`).

    Threads: ``push``, ``push_phones``, ``push_emotion`` and ``flush`` from one, ``process`` from
    one, ``read`` and ``sample`` from one, the rest from any. ``push`` and ``process`` release the
    GIL; arrays are not copied on the way in.
    """

    def __init__(
        self,
        make: Callable[[Any], CoreStream],
        facts: Facts,
        settings: Settings,
        *,
        knobs: Mapping[str, float],
        emotion: Emotion,
        emotion_weight: float | None,
        style: str,
    ) -> None:
        self.sample_rate = settings.sample_rate
        self.channels = settings.channels
        self.fps = Fraction(*(settings.frame_rate if settings.frame_rate[0] else facts.graph_rate))
        self._emotions = facts.emotions
        self._has_visemes = facts.has_visemes
        self._model_rate = facts.model_rate
        self._graph_rate = Fraction(*facts.graph_rate)
        with translated():
            self._core = make(settings.core())
            if style:
                self._core.set_style(style)
        if is_timed(emotion):
            given = as_keys(emotion, emotion_weight)
            if self.push_emotion(given) < len(given):
                raise ValueError("too many keys at once: give the rest to push_emotion later")
        elif not is_auto(emotion):
            self.set_emotion(emotion, emotion_weight)
        for name, value in knobs.items():
            self.set_knob(name, value)

    @translate
    def push(self, chunk: Any) -> int:
        """Push audio; returns the sample frames taken, fewer than given when the ring is full.

        ``chunk``: float32 or int16, [samples] (interleaved) or [samples, channels], or PCM16 bytes.
        NaN and infinities count as 0 (see ``stats``). Never blocks.
        """
        raw = isinstance(chunk, (bytes, bytearray, memoryview))
        data = from_bytes(chunk) if raw else as_samples(chunk)
        if data.ndim == 2 and data.shape[1] != self.channels:
            raise ValueError(f"the stream has {self.channels} channels, not {data.shape[1]}")
        if data.size % self.channels:
            raise ValueError(f"{data.size} samples do not divide into {self.channels} channels")
        return self._core.push(data, self.channels)

    @translate
    def push_phones(self, start: Any, end: Any, symbol: str | Sequence[str]) -> int:
        """Push timed phones of the audio; the mouth follows them instead of what the model hears.

        ``start``, ``end``: seconds since reset; ``symbol``: ARPAbet or one IPA phone; or sequences
        of these. Push them before their audio, half a second ahead if possible. Returns how many
        were taken: fewer than given when no more fit, then push the rest after ``process``.

        Raises ValueError, and takes none, for a time or a symbol that cannot be; TalkFaceError when
        the bundle has no articulation table.
        """
        if isinstance(symbol, str):
            start, end, symbol = [start], [end], [symbol]
        if not len(start) == len(end) == len(symbol):
            raise ValueError("start, end and symbol must have one length")
        phones = [phone(*row) for row in zip(start, end, symbol, strict=True)]
        return self._core.push_phones(in_samples(phones, self.sample_rate))

    @translate
    def set_emotion(self, emotion: Emotion, weight: float | None = None) -> None:
        """The emotion to show where no key says otherwise, from the next frame on.

        ``emotion``: ``"auto"``, a name or a mapping of names to shares (see
        :mod:`talkface.emotion`); ``weight``: how far it replaces what is heard, 0 to 1, None for 1.
        Reset and interrupt keep it.

        Raises ValueError or TypeError, and changes nothing, for what cannot be; TalkFaceError when
        the bundle takes no emotion.
        """
        self._core.set_emotion(*constant(emotion, weight))

    @translate
    def push_emotion(self, keys: Sequence[Any], weight: float | None = None) -> int:
        """Push timed emotions: ``(seconds, emotion)`` or ``(seconds, emotion, weight)``, in order.

        Seconds since reset; ``weight`` is that of keys that give none, None for 1. Mix and weight
        go linearly from key to key and the last one holds; a key replaces those from before that
        lie behind it. Push them before their audio. Returns how many were taken, which is fewer
        than given when no more fit: then push the rest after ``process``. An ``"auto"`` key between
        two mixes counts as two.

        Raises ValueError or TypeError, and takes none, for keys that cannot be; TalkFaceError when
        the bundle takes no emotion.
        """
        return self._core.push_emotion(keys_in_samples(as_keys(keys, weight), self.sample_rate))

    @translate
    def set_style(self, style: StyleSource | None) -> None:
        """Give this stream a style of its own, None for the default: a path, JSON text or mapping.

        Before the first push or after a flush. Raises ValueError for a style that cannot be,
        FileNotFoundError for a missing file, TalkFaceError inside an utterance.
        """
        self._core.set_style(as_text(style))

    @translate
    def process(self) -> int:
        """Turn pushed audio into frames and carry out requests; returns graph frames made.

        Stops early when unread frames fill the store (see ``full``); audio is kept.
        """
        made, self.full = self._core.process()
        return made

    full: bool = False
    """Whether the last ``process`` stopped because unread frames fill the store."""

    @translate
    def read(self, limit: int | None = None) -> Clip:
        """Frames since the last read, at most ``limit``, as a clip on the stream's clock."""
        poses = self._core.read() if limit is None else self._core.read(limit)
        return from_poses(poses, self._emotions, self._has_visemes, self.fps)

    @translate
    def sample(self, seconds: float | None = None) -> Pose:
        """The pose at a playhead in seconds since reset; None for the newest frame."""
        from talkface._core import NEWEST

        if seconds is not None and not -1e9 < seconds < 1e9:
            raise ValueError("seconds must be a finite playhead")
        playhead = NEWEST if seconds is None else round(seconds * self.sample_rate)
        pose = self._core.sample(playhead)[0]
        return Pose(
            weights=pose["weights"].copy(),
            head_rotation=pose["head_rotation"].copy(),
            head_translation=pose["head_translation"].copy(),
            emotion=pose["emotion"][: len(self._emotions)].copy(),
            visemes=pose["visemes"][: 15 if self._has_visemes else 0].copy(),
            flags=int(pose["flags"]),
        )

    @translate
    def flush(self) -> None:
        """End the utterance: no more audio for now. Frames come with the next ``process``.

        Raises BufferError when 16 flushes already wait for ``process``.
        """
        if not self._core.flush():
            raise BufferError("16 flushes are waiting; call process first")

    @translate
    def interrupt(self, ease_ms: int = 120) -> None:
        """Stop now: drop what was not played, ease to neutral. Carried out by ``process``."""
        if not 0 <= ease_ms <= 10000:
            raise ValueError("ease_ms must be 0 to 10000")
        self._core.interrupt(ease_ms)

    @translate
    def reset(self) -> None:
        """Back to the just-created state; knobs, constant emotion and style stay.

        Carried out by ``process``.
        """
        self._core.reset()

    @property
    def emotions(self) -> tuple[str, ...]:
        """Names of the emotions in poses and clips."""
        return self._emotions

    @property
    def frames_ready(self) -> int:
        """Frames that ``read`` would return now."""
        return self._core.frames_ready()

    @property
    def latency(self) -> float:
        """Algorithmic latency in seconds: resampler delay + look-ahead + hop."""
        return self._core.latency() / self._model_rate

    @property
    def next_sample(self) -> int:
        """Index of the first sample that ``push`` has not taken yet, since reset."""
        return self._core.next_sample()

    @property
    def samples_needed(self) -> int:
        """Samples that must still be pushed before another frame can be made."""
        return self._core.samples_needed()

    @property
    def asleep(self) -> bool:
        """Whether the stream rests in silence (``sleep_ms``)."""
        return bool(self._core.stats()["asleep"])

    @translate
    def set_rate(self, poses_per_second: float) -> None:
        """Make fewer poses: all of the graph's (50 a second in the default bundle), half of them or
        a quarter, for characters in the distance.

        Frames between are interpolated, so reading and sampling go on as before, and nothing jumps;
        poses come up to three of the graph's frames later. Raises ValueError for other rates.
        """
        finite = math.isfinite(poses_per_second)
        rate = Fraction(poses_per_second).limit_denominator(1001) if finite else Fraction()
        stride = self._graph_rate / rate if rate else 0
        if stride not in (1, 2, 4):
            rates = ", ".join(f"{float(self._graph_rate / n):g}" for n in (1, 2, 4))
            raise ValueError(f"poses_per_second must be one of {rates}, not {poses_per_second}")
        self._core.set_stride(int(stride))

    def close(self) -> None:
        """Let go of the runtime's stream, and leave the crowd of which it is a member."""
        self._core = cast("CoreStream", _Closed())

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return isinstance(self._core, _Closed)

    @property
    def stats(self) -> dict[str, int]:
        """Counters since reset: samples taken, refused, not finite; model resets, steps, frames;
        and whether it is asleep."""
        return self._core.stats()

    @translate
    def set_knob(self, name: str, value: float) -> None:
        """Set a knob (:func:`talkface.knobs.table`); ValueError for a wrong name or value."""
        self._core.set_knob(known(name), float(value))

    @translate
    def knob(self, name: str) -> float:
        """The value of a knob."""
        return self._core.knob(known(name))

    @translate
    def save(self) -> bytes:
        """The whole state, for quick-save and replay."""
        return self._core.save()

    @translate
    def load(self, blob: bytes) -> None:
        """Restore a state saved by a stream of the same bundle, style and options.

        Raises TalkFaceError, and changes nothing, when the blob is another's or damaged.
        """
        self._core.load(bytes(blob))
