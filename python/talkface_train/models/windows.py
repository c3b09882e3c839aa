"""Encoders that attend to all they are given, in a stream: their convolutional front end hears each
sample once, and their transformer each window once.

A front end's frame ``i`` is a function of samples ``[hop i, hop i + field)`` alone, so frames are
kept by absolute index: the feature cache holds a window's frames but the newest, and a step makes
those of its new samples and moves the window on by as many. What a step says is the window's
frames before its last ones, which are their right context.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from talkface_train.models.encoders import FRAME_RATE, HOP, Encoder, State, chosen
from talkface_train.models.frontend import SAMPLE_RATE
from talkface_train.models.hearing import FrozenHearing, Hearing, mel_of
from talkface_train.models.waveform import RunningScale, position_of, samples_needed


class ConvolvedEncoder(Encoder):
    """A convolutional front end, and a transformer that attends to all of its frames.

    ``hop`` and ``field``: samples from one frame of the front end to the next, and that one frame
    hears. ``convolved``: its width. ``scale``: what it hears the audio through. ``uncached``: why a
    frame hangs on more than its own samples; None when it does not.
    """

    hop: int
    field: int
    convolved: int
    scale: RunningScale | None
    uncached: str | None
    front: nn.Module

    @abstractmethod
    def convolve(self, audio: Tensor) -> Tensor:
        """Scaled audio [B, N] to the front end's frames [B, (N - field) // hop + 1, convolved]."""

    @abstractmethod
    def frozen(self, audio: Tensor) -> ConvolvedEncoder:
        """This encoder, its front end normalised by the statistics of a calibration clip [1, N] in
        place of those of whatever it hears; ValueError where there is nothing to freeze."""

    @abstractmethod
    def attend(self, frames: Tensor) -> Tensor:
        """The front end's frames [B, F, convolved] to as many of the encoder [B, F, width]."""


def same_front(one: ConvolvedEncoder, other: ConvolvedEncoder) -> bool:
    """Whether two encoders' front ends say the same of everything: fine-tuned checkpoints often
    keep that of the one they came from."""
    if (one.scale is None, one.hop, one.field) != (other.scale is None, other.hop, other.field):
        return False
    ours, theirs = one.front.state_dict(), other.front.state_dict()
    return str(one.front) == str(other.front) and all(
        torch.equal(value, theirs[name]) for name, value in ours.items()
    )


def check_windows(hearing: Hearing) -> list[ConvolvedEncoder]:
    """The encoders of a hearing that can run in windows by absolute index, each once.

    Raises ValueError with the reason for others.
    """
    if not isinstance(hearing, FrozenHearing) or hearing.look_ahead is not None:
        raise ValueError("encoders that stream have no use for a feature cache")
    encoders: list[ConvolvedEncoder] = []
    for name in hearing.parts:
        if name == "mel":
            continue
        encoder = hearing.encoder_of(name)
        if not isinstance(encoder, ConvolvedEncoder):
            raise ValueError("the encoders do not tell their front end from what comes behind it")
        if HOP % encoder.hop:
            raise ValueError(
                f"frames every {encoder.hop} samples do not lie alike in each {HOP} samples"
            )
        if all(encoder is not known for known in encoders):
            encoders.append(encoder)
    return encoders


def calibrated(hearing: Hearing, audio: Tensor) -> FrozenHearing:
    """The same hearing of frozen encoders (:meth:`ConvolvedEncoder.frozen`), those that need no
    freezing as they are. ValueError where none does."""
    encoders = check_windows(hearing)
    assert isinstance(hearing, FrozenHearing)
    needy = [encoder for encoder in encoders if encoder.uncached is not None] or encoders
    frozen = {id(encoder): encoder.frozen(audio) for encoder in needy}
    content, emotion = (frozen.get(id(e), e) for e in (hearing.content, hearing.emotion))
    return FrozenHearing(content, emotion, hearing.parts, hearing.frontend_key).eval()


@dataclass(frozen=True)
class Layout:
    """Where a front end's frames lie in a step: ``made`` in it; ``frames`` of the window, of which
    ``first`` is the first that the step's own frames lie on, ``pace`` apart, each ``share`` on its
    way to the next; ``tail``: samples that the next step hears again."""

    made: int
    frames: int
    first: int
    pace: int
    share: float
    tail: int

    @property
    def cached(self) -> int:
        return self.frames - self.made


def blocks_ahead(encoder: ConvolvedEncoder) -> int:
    """Blocks of 640 samples past a frame's own that its neighbours in the front end reach into."""
    return -(-samples_needed(1, encoder.hop, encoder.field) // HOP) - 1


def layout_of(encoder: ConvolvedEncoder, kept: int, ahead: int, seconds: float) -> Layout:
    """``kept``: animation frames of a step, whose audio ends ``ahead`` blocks past the last one's
    own 640 samples; ``seconds``: of a window, which is longer where they need it."""
    hop, field, pace = encoder.hop, encoder.field, HOP // encoder.hop
    place, share = position_of(0, hop, field)
    newest = (HOP * (1 + ahead) - field) // hop  # of the last animation frame's first
    span = pace * (kept - 1) + newest - place + 1
    frames = max(round(seconds * SAMPLE_RATE / hop), span, pace * kept + 1)
    tail = hop * (-(-field // hop) - 1)
    return Layout(pace * kept, frames, frames - span, pace, share, tail)


class Windows(nn.Module):
    """A hearing of the whole clip, in steps of ``kept`` animation frames of 640 samples.

    ``seconds``: of a window, at least a step's and its right context. ``right``: animation frames
    of right context. ``cached``: whether the front end's frames are kept; else it hears the
    window's samples anew each step, which says the same. ValueError where that would not be so.

    Time counts from sample 0 of the encoders' own clip. Steps end ``ahead`` blocks of 640 samples
    past their last frame's own; the first step hears ``early`` blocks of silence before the clip.
    """

    def __init__(
        self, hearing: Hearing, kept: int, seconds: float, right: int, cached: bool = True
    ) -> None:
        super().__init__()
        encoders = check_windows(hearing)
        assert isinstance(hearing, FrozenHearing)
        reasons = [encoder.uncached for encoder in encoders if encoder.uncached is not None]
        if cached and reasons:
            raise ValueError(f"its front end's frames cannot be cached: {reasons[0]}")
        self.hearing, self.kept, self.cached = hearing, kept, cached
        self.listens = "mel" in hearing.parts
        self.ahead = max(map(blocks_ahead, encoders)) + right
        if self.listens:
            self.ahead = max(self.ahead, hearing.mel.priming_steps)
        self.early = -self.ahead % kept
        self.scale = RunningScale()
        self.fronts: dict[str, ConvolvedEncoder] = {}
        self.front_of: dict[str, str] = {}
        for name in hearing.parts:
            if name == "mel":
                continue
            encoder = hearing.encoder_of(name)
            alike = [known for known, other in self.fronts.items() if same_front(other, encoder)]
            self.front_of[name] = alike[0] if alike else name
            self.fronts.setdefault(self.front_of[name], encoder)
        self.layouts = {
            name: layout_of(encoder, kept, self.ahead, seconds)
            for name, encoder in self.fronts.items()
        }
        with torch.no_grad():
            for name, encoder in self.fronts.items():
                silence = encoder.convolve(torch.zeros(1, encoder.field))
                self.register_buffer(f"{name}_silence", silence, persistent=False)

    @property
    def seconds(self) -> float:
        """Of audio that the transformer of the longest window hears."""
        return max(
            ((self.layouts[name].frames - 1) * encoder.hop + encoder.field) / SAMPLE_RATE
            for name, encoder in self.fronts.items()
        )

    @property
    def right_seconds(self) -> float:
        """Of audio behind a step's last frame, from its middle to the window's end."""
        return (self.ahead + 0.5) / FRAME_RATE

    def initial_state(self) -> State:
        """State of a fresh stream, batch 1. ``heard``: 0 until the first step. ``*_audio``: samples
        to hear again, ``*_frames``: the feature cache, of each front end."""
        state = {"heard": torch.zeros(1, 1)}
        if any(encoder.scale is not None for encoder in self.fronts.values()):
            state["scale"] = self.scale.initial_state()
        for name, encoder in self.fronts.items():
            layout = self.layouts[name]
            samples = layout.tail + (0 if self.cached else encoder.hop * layout.cached)
            if samples:
                state[f"{name}_audio"] = torch.zeros(1, samples)
            if self.cached:
                state[f"{name}_frames"] = torch.zeros(1, layout.cached, encoder.convolved)
        if self.listens:
            state |= {f"mel_{n}": v for n, v in self.hearing.mel.front.initial_state().items()}
            late = self.ahead - self.hearing.mel.priming_steps
            if late:
                state["mel_late"] = torch.zeros(1, late, self.hearing.widths["mel"])
        return state

    def step(self, audio: Tensor, state: Mapping[str, Tensor]) -> tuple[State, State]:
        """The next samples [B, 640 kept] and state to each part's frames [B, kept, width] and new
        state."""
        fresh, after = state["heard"] < 0.5, {"heard": (state["heard"] + 1.0).clamp(max=1.0)}
        heard = dict.fromkeys(self.fronts, audio)
        if "scale" in state:
            scaled, new = self._along(self._scaled, audio, {"scale": state["scale"]}, fresh)
            after |= new
            heard = {n: audio if e.scale is None else scaled for n, e in self.fronts.items()}
        windows = {}
        for name in self.fronts:
            windows[name], new = self._window(name, heard[name], state, fresh)
            after |= new
        said: State = {}
        attended: dict[int, Tensor] = {}
        for name in self.hearing.parts:
            if name == "mel":
                said[name], new = self._mel(audio, state, fresh)
                after |= new
                continue
            encoder = self.hearing.encoder_of(name)
            if id(encoder) not in attended:
                attended[id(encoder)] = encoder.attend(windows[self.front_of[name]])
            said[name] = self._kept(attended[id(encoder)], self.layouts[self.front_of[name]])
        return said, {name: after[name] for name in state}

    def _window(
        self, name: str, heard: Tensor, state: Mapping[str, Tensor], fresh: Tensor
    ) -> tuple[Tensor, State]:
        """The front end's frames of a window [B, frames, convolved] and new state."""
        new = {}
        if (audio := f"{name}_audio") in state:
            heard = torch.cat([state[audio], heard], dim=1)
            new[audio] = heard[:, heard.shape[1] - state[audio].shape[1] :]
        frames = self.fronts[name].convolve(heard)
        if (cache := f"{name}_frames") in state:
            silence = self.get_buffer(f"{name}_silence").expand_as(state[cache])
            before = chosen(fresh, {cache: silence}, {cache: state[cache]})[cache]
            frames = torch.cat([before, frames], dim=1)
            new[cache] = frames[:, self.layouts[name].made :]
        return frames, new

    def _kept(self, rows: Tensor, layout: Layout) -> Tensor:
        end = layout.first + layout.pace * (self.kept - 1) + 1
        before = rows[:, layout.first : end : layout.pace]
        behind = rows[:, layout.first + 1 : end + 1 : layout.pace]
        return before + (behind - before) * layout.share

    def _mel(
        self, audio: Tensor, state: Mapping[str, Tensor], fresh: Tensor
    ) -> tuple[Tensor, State]:
        front = self.hearing.mel.front
        inner = {name: state[f"mel_{name}"] for name in front.initial_state()}
        rows, inner = self._along(front.step, audio, inner, fresh)
        mel, after = mel_of(rows), {f"mel_{name}": value for name, value in inner.items()}
        if "mel_late" in state:
            mel = torch.cat([state["mel_late"], mel], dim=1)
            after["mel_late"] = mel[:, self.kept :]
        return mel[:, : self.kept], after

    def _along(
        self,
        step: Callable[[Tensor, State], tuple[Tensor, State]],
        audio: Tensor,
        state: State,
        fresh: Tensor,
    ) -> tuple[Tensor, State]:
        """Blocks of 640 samples one by one. A clip's running means know nothing of what was before
        it."""
        found = []
        for index, block in enumerate(audio.split(HOP, dim=1)):
            said, new = step(block, state)
            found.append(said)
            state = chosen(fresh, state, new) if index < self.early else new
        return torch.cat(found, dim=1), state

    def _scaled(self, block: Tensor, state: State) -> tuple[Tensor, State]:
        scaled, new = self.scale(block, state["scale"])
        return scaled, {"scale": new}
