"""A face: one opened bundle, whole buffers and streams over it."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from talkface.audio import Audio, AudioSource, load
from talkface.clip import Clip, from_poses
from talkface.emotion import Emotion, Key, directed
from talkface.emotion import in_samples as keys_in_samples
from talkface.errors import TalkFaceError, translated
from talkface.knobs import as_pairs
from talkface.rig import EMOTIONS
from talkface.runtime import PROVIDERS, load_cuda_libraries, onnxruntime_library
from talkface.script import Phone, Script, as_phones
from talkface.script.timed import in_samples
from talkface.shipped import locate
from talkface.stream import Facts, Settings, Stream
from talkface.style import StyleSource, as_text

if TYPE_CHECKING:
    from talkface.crowd import Crowd

LOG = logging.getLogger("talkface")
FrameRate: TypeAlias = int | float | Fraction | None

UNSUPPORTED = -6
_LOG_LEVELS = (logging.INFO, logging.WARNING, logging.ERROR)


def as_frame_rate(fps: FrameRate) -> tuple[int, int]:
    """A frame rate as (num, den); (0, 1), the graph's own, for None. 59.94 becomes 60000/1001."""
    if fps is None:
        return 0, 1
    rate = fps if isinstance(fps, Fraction) else Fraction(fps).limit_denominator(1001)
    if not 1 <= rate <= 1000:
        raise ValueError(f"fps must be 1 to 1000, not {fps}")
    return rate.numerator, rate.denominator


class TalkFace:
    """An opened bundle. Immutable; share it between threads and streams.

    ``bundle``: a bundle folder, or the name of one that ships (``"low_latency"``; `talkface
    bundles` lists them), None for the default bundle. ``provider``: ``"cpu"``, ``"cuda"`` or
    ``"tensorrt"``; TensorRT falls back to CUDA, and CUDA to the CPU, with a log line. ``device``:
    index of the GPU. ``cuda_graph``: crowds replay captured CUDA graphs. ``cache_folder``: where
    TensorRT keeps its engines. ``style``: a style file's path, its JSON text or a
    mapping, of all animations and streams (docs/emotion.md). ``threads``: intra-op threads of ONNX
    Runtime.

    Raises FileNotFoundError when there is no bundle or no style file, ValueError for a style that
    cannot be, and TalkFaceError when the bundle is damaged, of a newer schema, or ONNX Runtime is
    missing; the message says what to do.
    """

    def __init__(
        self,
        bundle: str | os.PathLike[str] | None = None,
        provider: str = "cpu",
        style: StyleSource | None = None,
        *,
        device: int = 0,
        threads: int = 1,
        cuda_graph: bool = False,
        cache_folder: str | os.PathLike[str] | None = None,
    ) -> None:
        from talkface._core import Model

        if provider not in PROVIDERS:
            raise ValueError(f"provider must be one of {', '.join(PROVIDERS)}, not {provider!r}")
        if provider != "cpu":
            load_cuda_libraries()
        self._style = as_text(style)
        self.path = locate(bundle)
        with translated():
            self._model = Model(
                path=str(self.path),
                provider=provider,
                device=device,
                threads=threads,
                onnxruntime=onnxruntime_library(),
                log=_log,
                cuda_graph=cuda_graph,
                cache_folder="" if cache_folder is None else os.fspath(cache_folder),
            )
        self._info: dict[str, Any] = self._model.info()
        self.emotions: tuple[str, ...] = EMOTIONS[: self._info["emotion_count"]]
        self.identities: tuple[str, ...] = tuple(self._model.identities())
        if self._style:
            self.stream()  # refuses what the style must not say

    def __repr__(self) -> str:
        return (
            f"TalkFace({self._info['name']!r}, version {self._info['version']}, "
            f"{self._info['provider']})"
        )

    @property
    def info(self) -> dict[str, Any]:
        """Facts about the bundle: name, version, licence, rates, look-ahead, provider ..."""
        return dict(self._info)

    @property
    def bundle_channels(self) -> tuple[str, ...]:
        """Channels that this bundle drives; the others stay at 0 or come from idle life."""
        return tuple(self._model.channels())

    @property
    def expression_channels(self) -> tuple[str, ...]:
        """Channels to which emotion adds; none when it adds to none."""
        if not self._info["expression_count"]:
            return ()
        return tuple(json.loads(self._model.manifest())["expression_channels"])

    @property
    def takes_emotion(self) -> bool:
        """Whether this bundle can be directed; one whose expression follows what it hears alone
        cannot."""
        return bool(self.expression_channels) and bool(
            json.loads(self._model.manifest())["inputs"].get("emotion")
        )

    @property
    def frame_rate(self) -> Fraction:
        """The graph's own frame rate."""
        return Fraction(*self._info["frame_rate"])

    def animate(
        self,
        buffer: AudioSource,
        sample_rate: float | None = None,
        *,
        fps: FrameRate = None,
        emotion: Emotion = "auto",
        emotion_weight: float | None = None,
        seed: int = 0,
        knobs: Mapping[str, float] | None = None,
        raw: bool = False,
        phones: Script | None = None,
        text: str | None = None,
        progress: Callable[[int, int], bool] | None = None,
    ) -> Clip:
        """Animate a whole buffer: the stream with one chunk and a flush, bit for bit.

        ``buffer``: float32 in [-1, 1] or int16, [samples] or [samples, channels]; bytes of PCM16;
        or a path to a sound file. ``sample_rate``: Hz, 8,000 to 192,000; None means the file's own,
        16,000 for arrays and bytes. ``fps``: frames a second, 1 to 1000; None gives the graph's own
        rate. ``seed``: of idle life and the head. ``knobs``: see :func:`talkface.knobs.table`.
        ``raw``: the graph's own output, without post-processing and idle life. ``progress`` is
        called with the samples done and in all; return False to stop early.

        ``phones``: what is said, as timed phones (start and end in seconds, symbol), or a file of
        them (see :mod:`talkface.script`); the mouth follows them instead of what the model hears.
        ``text``: what is said, in English; it is aligned with the recording, which needs the
        [align] extra.

        ``emotion``: ``"auto"`` shows what is heard; a name (``"happy"``), a mapping of names to
        shares, or a sequence of ``(seconds, name, mapping or "auto")`` directs it (see
        :mod:`talkface.emotion`). ``emotion_weight``: how far that replaces what is heard, 0 to 1;
        None means 1.

        Frame ``i`` lies at ``i / fps`` seconds of the input; there is one for every such time
        before its end, and for up to 60 ms more where a bundle of little look-ahead (low_latency)
        closes a mouth that was cut off in a sound.

        Raises ValueError or TypeError for audio, a script or an emotion that cannot be taken,
        FileNotFoundError for a missing file, TalkFaceError when inference fails or the bundle takes
        no script or no emotion, MissingExtraError for ``text`` without the [align] extra.
        """
        from talkface import _core

        keys = self._directed(emotion, emotion_weight)
        audio = load(buffer, sample_rate)
        script = _script(audio, phones, text)
        rate = as_frame_rate(fps)
        with translated():
            num, den, poses = _core.animate(
                self._model,
                audio.samples,
                audio.rate,
                audio.channels,
                rate,
                check_seed(seed),
                raw,
                as_pairs(knobs),
                in_samples(script, audio.rate),
                keys_in_samples(keys, audio.rate),
                self._style,
                progress,
            )
        return from_poses(
            poses, self.emotions, self._info["viseme_count"] > 0, Fraction(num, den), audio
        )

    def stream(
        self,
        sample_rate: int = 16000,
        channels: int = 1,
        *,
        fps: FrameRate = None,
        emotion: Emotion = "auto",
        emotion_weight: float | None = None,
        seed: int = 0,
        ring_ms: int = 1000,
        store_ms: int = 4000,
        timed_capacity: int = 1024,
        sleep_ms: int = 0,
        sampling: bool = False,
        raw: bool = False,
        knobs: Mapping[str, float] | None = None,
    ) -> Stream:
        """A stream: one character that hears audio as it comes.

        ``sample_rate``, ``channels``: of pushed audio, 8,000 to 192,000 Hz, 1 to 8 interleaved.
        ``ring_ms``: audio that ``push`` can hold before ``process``; ``store_ms``: frames kept for
        ``read`` and ``sample``. ``sampling``: only ``sample`` is used, so the oldest frames may be
        overwritten. ``timed_capacity``: phones, and emotion keys, that lie on the clock.
        ``sleep_ms``: of silence below -60 dBFS after which the stream rests until there is sound,
        0 for never, else at least 200. The others as in :meth:`animate`; a constant emotion lasts
        until :meth:`Stream.set_emotion` changes it, timed keys until ``reset`` or ``interrupt``.
        """
        from talkface._core import Stream as CoreStream

        settings = Settings(
            sample_rate,
            channels,
            as_frame_rate(fps),
            check_seed(seed),
            ring_ms,
            store_ms,
            timed_capacity,
            sleep_ms,
            sampling,
            raw,
        )
        self._directed(emotion, emotion_weight)
        return Stream(
            lambda options: CoreStream(self._model, options),
            self._facts,
            settings,
            knobs=knobs or {},
            emotion=emotion,
            emotion_weight=emotion_weight,
            style=self._style,
        )

    def crowd(
        self,
        count: int = 0,
        sample_rate: int = 16000,
        channels: int = 1,
        *,
        max_streams: int | None = None,
        max_batch: int = 64,
        threads: int = 1,
        **options: Any,
    ) -> Crowd:
        """A crowd: many characters, those with a hop ready in one run (:mod:`talkface.crowd`).

        ``count``: streams to begin with, ``crowd.streams``. ``max_streams``: at a time, None for
        256 or ``count``; ``max_batch``: of one run, 1 to 256; ``threads``: that share a tick.
        ``options``: of every stream, as :meth:`stream` takes them, with smaller buffers
        (:data:`talkface.crowd.MEMBER`); the ``seed`` of stream ``i`` is ``seed + i``.
        """
        from talkface.crowd import Crowd

        return Crowd(
            self,
            count,
            {"sample_rate": sample_rate, "channels": channels, **options},
            max(count, 256) if max_streams is None else max_streams,
            max_batch,
            threads,
        )

    @property
    def _facts(self) -> Facts:
        return Facts(
            self.emotions,
            self._info["viseme_count"] > 0,
            self._info["sample_rate"],
            self._info["frame_rate"],
        )

    def _directed(self, emotion: Emotion, weight: float | None) -> list[Key]:
        keys = directed(emotion, weight)
        if keys and not self.takes_emotion:
            raise TalkFaceError(UNSUPPORTED, "this bundle takes no emotion")
        return keys


@cache
def _default_face() -> TalkFace:
    return TalkFace()


def animate(buffer: AudioSource, sample_rate: float | None = None, **options: Any) -> Clip:
    """:meth:`TalkFace.animate` with the default bundle, which is opened once and kept."""
    return _default_face().animate(buffer, sample_rate, **options)


def _script(audio: Audio, phones: Script | None, text: str | None) -> list[Phone]:
    if phones is not None and text is not None:
        raise ValueError("give phones or text, not both")
    if text is not None:
        from talkface.script.align import align

        return align(audio, text)
    return [] if phones is None else as_phones(phones)


def check_seed(seed: int) -> int:
    """A seed that the runtime takes; ValueError for others."""
    if not 0 <= seed < 2**64:
        raise ValueError("seed must be a whole number from 0 to 2**64 - 1")
    return int(seed)


def _log(level: int, message: str) -> None:
    LOG.log(_LOG_LEVELS[level], "%s", message)
