"""Crowds: many characters over one bundle. Those that have a hop ready run as one batch.

>>> crowd = face.crowd(64, sample_rate=48000)       # doctest: +SKIP
>>> for stream, chunk in zip(crowd.streams, chunks): stream.push(chunk)   # doctest: +SKIP
>>> crowd.process()                                 # doctest: +SKIP
>>> crowd.streams[3].sample(playhead)               # doctest: +SKIP

Every stream is a :class:`talkface.Stream`, but the crowd processes it. Its poses are those of a
stream alone up to rounding (docs/crowds.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from talkface.emotion import Emotion
from talkface.errors import translate, translated
from talkface.stream import Settings, Stream

if TYPE_CHECKING:
    from talkface.face import FrameRate, TalkFace

MEMBER: dict[str, Any] = {"ring_ms": 250, "store_ms": 500, "timed_capacity": 64}
"""Buffers of a member where nothing else is said: together under 128 KB a stream at 48 kHz."""


class Crowd:
    """Made by :meth:`talkface.TalkFace.crowd`. Also a context manager, which stops its thread.

    Threads: ``process`` from one; ``join`` and ``leave`` from another, also meanwhile; ``push`` of
    each stream from one, ``read`` and ``sample`` of each from one.
    """

    def __init__(
        self,
        face: TalkFace,
        count: int,
        options: Mapping[str, Any],
        max_streams: int,
        max_batch: int,
        threads: int,
    ) -> None:
        from talkface._core import Crowd as CoreCrowd

        if not 0 <= count <= max_streams:
            raise ValueError(f"count must be 0 to max_streams, {max_streams}, not {count}")
        if not (1 <= max_streams <= 65536 and 1 <= max_batch <= 256 and 1 <= threads <= 64):
            raise ValueError("max_streams: 1 to 65536, max_batch: 1 to 256, threads: 1 to 64")
        self._face = face
        self._options = {**MEMBER, **options}
        self._seed = int(self._options.pop("seed", 0))
        self._joined = 0
        self._streams: list[Stream] = []
        with translated():
            self._core = CoreCrowd(face._model, max_streams, max_batch, threads)
        for _ in range(count):
            self.join()

    @property
    def streams(self) -> tuple[Stream, ...]:
        """The members, in the order in which they joined."""
        self._streams = [stream for stream in self._streams if not stream.closed]
        return tuple(self._streams)

    def join(self, **options: Any) -> Stream:
        """One more stream. ``options`` replace those of the crowd for it.

        Raises TalkFaceError when ``max_streams`` are there already; else as
        :meth:`talkface.TalkFace.stream`.
        """
        stream = self._make(**{"seed": self._seed + self._joined, **self._options, **options})
        self._joined += 1
        self._streams.append(stream)
        return stream

    def _make(
        self,
        *,
        fps: FrameRate = None,
        seed: int,
        emotion: Emotion = "auto",
        emotion_weight: float | None = None,
        knobs: Mapping[str, float] | None = None,
        **buffers: Any,
    ) -> Stream:
        from talkface.face import as_frame_rate, check_seed

        self._face._directed(emotion, emotion_weight)
        settings = Settings(frame_rate=as_frame_rate(fps), seed=check_seed(seed), **buffers)
        return Stream(
            self._core.join,
            self._face._facts,
            settings,
            knobs=knobs or {},
            emotion=emotion,
            emotion_weight=emotion_weight,
            style=self._face._style,
        )

    def leave(self, stream: Stream) -> None:
        """Let a member go: it is closed. ValueError for a stream that is no member."""
        if stream not in self.streams:
            raise ValueError("the stream is not of this crowd")
        self._streams.remove(stream)
        stream.close()

    @translate
    def process(self, max_steps: int = 0) -> int:
        """One tick: turn the audio of all members into frames; returns graph frames made.

        ``max_steps``: steps of the graph at most, those of the members that wait the longest first;
        0 for all. What is left over is in ``stats``. Raises TalkFaceError when the graph fails or
        the crowd's own thread is in a tick.
        """
        if max_steps < 0:
            raise ValueError("max_steps must not be negative")
        return self._core.process(max_steps)

    @translate
    def start(self, period_ms: float = 20.0) -> None:
        """Process every ``period_ms``, 0.1 to 1000, on a thread of the crowd's own."""
        if not 0.1 <= period_ms <= 1000.0:
            raise ValueError("period_ms must be 0.1 to 1000")
        self._core.start(round(1000 * period_ms))

    def stop(self) -> None:
        """End the thread of :meth:`start`, if there is one."""
        self._core.stop()

    def __enter__(self) -> Crowd:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def stats(self) -> dict[str, Any]:
        """``streams``, ``asleep``, ``full`` (frames must be read), ``backlog_steps`` and
        ``oldest_ms`` (what the last process left over) now; ``steps``, ``runs``, ``frames`` and
        ``failures`` since creation."""
        return self._core.stats()
