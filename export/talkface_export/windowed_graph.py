"""Systems whose encoders hear the whole clip, as graphs that hear it in windows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

from talkface_export.system_graph import SystemGraph
from talkface_train.models.causal import joined
from talkface_train.models.encoders import FRAME_RATE, HOP, MIDDLE, State
from talkface_train.models.hearing import Hearing
from talkface_train.models.system import System
from talkface_train.models.windows import Windows, calibrated, check_windows

LONGEST_STEP, LONGEST_WINDOW = 160000, 100
"""What the runtime takes: samples of a hop or of a look-ahead, and seconds."""
HOP_SECONDS = 0.32


@dataclass(frozen=True)
class WindowOptions:
    """How a graph hears in windows.

    ``seconds``: of audio in a window, longer where a step and its right context need it. ``hop``:
    seconds between windows; 0 for 0.32, or the next that the system's stride divides. ``right``:
    seconds of right context behind a step's last frame. ``cache``: whether the convolutional front
    end hears each sample once; None for where it can.
    """

    seconds: float = 1.0
    hop: float = 0.0
    right: float = 0.16
    cache: bool | None = None

    def frames(self, stride: int) -> tuple[int, int]:
        """Animation frames of a hop and of the right context. ValueError for what cannot be."""
        right, most = round(self.right * FRAME_RATE), LONGEST_STEP // HOP
        kept = -(-round(HOP_SECONDS * FRAME_RATE) // stride) * stride
        if self.hop:
            kept = round(self.hop * FRAME_RATE)
        if kept % stride or not 0 < kept <= most:
            raise ValueError(
                f"a hop must be a multiple of {stride} frames ({stride / FRAME_RATE:g} s) and at "
                f"most {most / FRAME_RATE:g} s, not {self.hop:g} s"
            )
        if self.right < 0 or kept + right > most:
            raise ValueError(
                f"a hop and its right context must be at most {most / FRAME_RATE:g} s, "
                f"not {self.hop:g} and {self.right:g}"
            )
        if not 0.0 < self.seconds <= LONGEST_WINDOW:
            raise ValueError(
                f"a window must be at most {LONGEST_WINDOW} seconds, not {self.seconds:g}"
            )
        return kept, right


class WindowedGraph(SystemGraph):
    """Steps that say the frames in a window before its right context.

    ``uncached``: why the front end hears whole windows anew; None where it hears each sample once.
    ``calibrated``: whether it is normalised by a calibration clip's statistics.
    ``window_seconds``: of audio that encoders hear at once; ``right_seconds``: of it behind the
    middle of a step's last frame.
    """

    window_seconds: float
    right_seconds: float
    uncached: str | None
    calibrated = False


class WholeWindowGraph(WindowedGraph):
    """Encoders of any kind: each step tells them a window as if it were a clip."""

    def __init__(
        self,
        system: System,
        hearing: Hearing,
        identities: int,
        options: WindowOptions,
        uncached: str,
    ) -> None:
        super().__init__(system, hearing, identities)
        kept, self.right = options.frames(system.stride)
        self.hop, self.look_ahead = HOP * kept, HOP * (kept + self.right) - MIDDLE
        frames = max(round(options.seconds * FRAME_RATE), kept + self.right)
        self.offset = self.look_ahead - HOP * frames
        self.window_seconds = frames / FRAME_RATE
        self.right_seconds = (self.right + 0.5) / FRAME_RATE
        self.uncached = uncached

    def heard(self) -> State:
        return {}

    def hear(self, audio: Tensor, state: Mapping[str, Tensor]) -> tuple[Tensor, State]:  # noqa: ARG002
        frames = joined(self.hearing(audio), self.system.parts)
        last = frames.shape[1] - self.right
        return frames[:, last - self.frames_per_step : last], {}


class ConvolvedGraph(WindowedGraph):
    """Encoders of a convolutional front end and a transformer: a step takes the new samples alone,
    and the rest of its window lies in the state. ``frozen``: what steps hear by, where it is not
    what the offline pass hears by."""

    def __init__(
        self,
        system: System,
        hearing: Hearing,
        identities: int,
        options: WindowOptions,
        uncached: str | None,
        frozen: Hearing | None = None,
    ) -> None:
        super().__init__(system, hearing, identities)
        kept, right = options.frames(system.stride)
        inner = hearing if frozen is None else frozen
        self.windows = Windows(inner, kept, options.seconds, right, uncached is None)
        self.hop = HOP * kept
        self.look_ahead = self.hop + HOP * self.windows.ahead - MIDDLE
        self.offset = self.look_ahead - self.hop
        self.window_seconds = self.windows.seconds
        self.right_seconds = self.windows.right_seconds
        self.uncached, self.calibrated = uncached, frozen is not None

    def heard(self) -> State:
        return {f"hearing_{n}": value for n, value in self.windows.initial_state().items()}

    def hear(self, audio: Tensor, state: Mapping[str, Tensor]) -> tuple[Tensor, State]:
        inner = {name: state[f"hearing_{name}"] for name in self.windows.initial_state()}
        parts, after = self.windows.step(audio, inner)
        return joined(parts, self.system.parts), {f"hearing_{n}": v for n, v in after.items()}


def windowed_graph(
    system: System,
    hearing: Hearing,
    identities: int,
    options: WindowOptions,
    calibration: Tensor | None = None,
) -> WindowedGraph:
    """The graph of a system in windows, with a feature cache where its encoders can have one.

    ``calibration`` [1, N]: speech whose statistics front ends are normalised by that would else be
    by those of all that they hear. Raises ValueError for options that cannot be, such as a cache
    that would change what is heard.
    """
    try:
        encoders = check_windows(hearing)
    except ValueError as error:
        if options.cache or calibration is not None:
            raise ValueError(f"there is nothing to cache: {error}") from error
        return WholeWindowGraph(system, hearing, identities, options, str(error))
    frozen = None
    if calibration is not None:
        frozen = calibrated(hearing, calibration)
        encoders = check_windows(frozen)
    reasons = [encoder.uncached for encoder in encoders if encoder.uncached is not None]
    if options.cache is False:
        reasons = ["--no-cache"]
    uncached = None if options.cache or not reasons else reasons[0]
    return ConvolvedGraph(system, hearing, identities, options, uncached, frozen)
