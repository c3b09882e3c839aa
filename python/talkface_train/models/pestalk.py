"""PESTalk: emotion heard in time and in frequency, a style looked up by voice and emotion, and a
decoder for each half of the face. docs/systems-pestalk-ecoface.md lists sizes and corrections."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, ClassVar, cast

import torch
from torch import Tensor, nn

from talkface.rig import CHANNELS, EMOTIONS
from talkface_train.models.causal import (
    BiasedAttention,
    Stack,
    Terms,
    joined,
    periodic_position,
    pooled,
    running_mean,
)
from talkface_train.models.kan import KanLayer
from talkface_train.models.system import Batch, Conditions, System, SystemOutput

UPPER = tuple(k for k, name in enumerate(CHANNELS) if name.startswith(("eye", "brow", "tongue")))
LOWER = tuple(k for k in range(len(CHANNELS)) if k not in UPPER)
"""20 and 32 as in section 3.4. The paper's twentieth upper channel is its capture's empty
``_neutral``; ours is ``tongueOut``, which that capture lacks."""
PERIOD = 25


class KanConformer(nn.Module):
    """Half a KAN layer, attention, a causal depthwise convolution, half a KAN layer (section 3.1).

    Memory [B, window, 3 H]: keys, values, and the convolution's past: ``window >= kernel - 1``.
    """

    def __init__(self, width: int, heads: int, window: int, kernel: int = 5) -> None:
        super().__init__()
        self.memory, self.kernel = 3 * width, kernel
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(4))
        self.first, self.last = KanLayer(width, width), KanLayer(width, width)
        self.attention = BiasedAttention(width, heads, window)
        self.gate = nn.Linear(width, 2 * width)
        self.convolve = nn.Conv1d(width, width, kernel, groups=width)
        self.leave = nn.Linear(width, width)

    def forward(self, x: Tensor, memory: Tensor, heard: Tensor) -> tuple[Tensor, Tensor]:
        """As every block of models/causal.py."""
        width = x.shape[2]
        held, past = memory.split([2 * width, width], dim=2)
        x = x + 0.5 * self.first(self.norms[0](x))
        said, held = self.attention(self.norms[1](x), held, heard)
        x = x + said
        whole = torch.cat([past, nn.functional.glu(self.gate(self.norms[2](x)), dim=2)], dim=1)
        recent = whole[:, past.shape[1] - self.kernel + 1 :].transpose(1, 2)
        x = x + self.leave(nn.functional.silu(self.convolve(recent).transpose(1, 2)))
        x = x + 0.5 * self.last(self.norms[3](x))
        return x, torch.cat([held, whole[:, -past.shape[1] :]], dim=2)


class StyleLibrary(nn.Module):
    """Rows <speaker x emotion>, each a voice and an emotion of length 1 side by side (section 3.2).

    The paper's rows are [voice, emotion] and its queries [emotion, voice]; here both are
    [voice, emotion]. It compares them whole, where the longer half decides; here both halves count
    the same.
    """

    rows: Tensor
    filled: Tensor

    def __init__(self, speakers: int, voice: int, emotion: int) -> None:
        super().__init__()
        self.voice, self.emotion = voice, emotion
        count = speakers * len(EMOTIONS)
        self.register_buffer("rows", torch.zeros(count, voice + emotion))
        self.register_buffer("filled", torch.zeros(count))

    def key(self, voice: Tensor, emotion: Tensor) -> Tensor:
        """Both halves at length 1, in the one order."""
        halves = (nn.functional.normalize(half, dim=-1) for half in (voice, emotion))
        return torch.cat(list(halves), dim=-1)

    @torch.no_grad()
    def build(self, voice: Tensor, emotion: Tensor, speaker: Tensor, label: Tensor) -> None:
        """Rows from training clips: ``voice`` [N, V] averaged by ``speaker`` [N], ``emotion``
        [N, E] by speaker and ``label`` [N]. A pair without a clip has no row."""
        self.rows.zero_()
        self.filled.zero_()
        for who in speaker.unique().tolist():
            mean_voice = voice[speaker == who].mean(dim=0)
            for what in label[speaker == who].unique().tolist():
                mean = emotion[(speaker == who) & (label == what)].mean(dim=0)
                row = int(who) * len(EMOTIONS) + int(what)
                self.rows[row] = self.key(mean_voice, mean)
                self.filled[row] = 1.0

    def forward(self, voice: Tensor, emotion: Tensor) -> Tensor:
        """The nearest row [..., V + E]; zeros while the library is empty."""
        nearness = self.key(voice, emotion) @ self.rows.T - 4.0 * (1.0 - self.filled)
        return self.rows[nearness.argmax(dim=-1)]


class PesTalk(System):
    """Section 3 of the paper. Features: content, emotion and mel frames side by side.

    The voice is the running mean and spread of the mel, so that a stream needs no other network
    (the paper: a pretrained speaker network). ``without``: names of ``ablations``.
    """

    name: ClassVar[str] = "pestalk"
    ablations: ClassVar[tuple[str, ...]] = ("frequency", "style", "disentangle")
    parts: ClassVar[tuple[str, ...]] = ("features", "emotion_features", "mel")
    upper_first: Tensor

    def __init__(
        self,
        content_width: int,
        emotion_width: int,
        mel_width: int = 80,
        identities: int = 8,
        hidden: int = 128,
        frequency_width: int = 64,
        style_width: int = 32,
        layers: int = 2,
        window: int = 50,
        without: Collection[str] = (),
    ) -> None:
        super().__init__()
        self.widths, self.without = [content_width, emotion_width, mel_width], frozenset(without)
        self.hidden, self.style_width = hidden, style_width
        self.wants_pairs = "disentangle" not in self.without
        self.content = Stack(content_width, hidden, 1, window)
        self.temporal = Stack(emotion_width, hidden, layers, window)
        both = hidden
        if "frequency" not in self.without:
            self.frequency = Stack(mel_width, frequency_width, layers, window, block=KanConformer)
            both += frequency_width
        self.fuse = nn.Linear(both, hidden)
        self.classify = nn.Linear(hidden, len(EMOTIONS))
        told = hidden
        if "style" not in self.without:
            self.library = StyleLibrary(identities, 2 * mel_width, hidden)
            self.style = nn.Linear(2 * mel_width + hidden, style_width)
            told += style_width
        self.upper = Stack(told, hidden, layers, window)
        self.lower = Stack(told, hidden, layers, window)
        self.upper_face = nn.Linear(hidden, len(UPPER))
        self.lower_face = nn.Linear(hidden, len(LOWER))
        order = torch.tensor(UPPER + LOWER).argsort()
        self.register_buffer("upper_first", order, persistent=False)

    @classmethod
    def paper(cls, content_width: int = 1024, emotion_width: int = 1024, **options: Any) -> PesTalk:
        """What the paper prints: features of 256, 180 speakers. It prints no layers or heads."""
        return cls(
            content_width, emotion_width, hidden=256, frequency_width=256, identities=180, **options
        )

    def initial_state(self) -> dict[str, Tensor]:
        """State of a fresh stream, batch 1."""
        names = ["content", "temporal", "upper", "lower"]
        names += [] if "frequency" in self.without else ["frequency"]
        state = {name: cast(Stack, getattr(self, name)).initial_state() for name in names}
        return state | {
            "heard": torch.zeros(1, 1),
            "emotion_sum": torch.zeros(1, self.hidden),
            "mel_sum": torch.zeros(1, 2 * self.widths[2]),
        }

    def hears(
        self, features: Tensor, state: Mapping[str, Tensor]
    ) -> tuple[Tensor, Tensor, dict[str, Tensor]]:
        """Content and emotion [B, T, H] of joined features, and what the state becomes."""
        content, emotion, mel = features.split(self.widths, dim=2)
        heard, after = state["heard"], dict(state)
        said, after["content"] = self.content(content, state["content"], heard)
        streams, after["temporal"] = self.temporal(emotion, state["temporal"], heard)
        if "frequency" not in self.without:
            other, after["frequency"] = self.frequency(mel, state["frequency"], heard)
            streams = torch.cat([streams, other], dim=2)
        return said, self.fuse(streams), after

    def _run(
        self, features: Tensor, state: Mapping[str, Tensor]
    ) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        content, emotion, after = self.hears(features, state)
        heard, frames = state["heard"], features.shape[1]
        mean, after["emotion_sum"] = running_mean(emotion, state["emotion_sum"], heard)
        mel = features.split(self.widths, dim=2)[2]
        moments = torch.cat([mel, mel.square()], dim=2)
        moments, after["mel_sum"] = running_mean(moments, state["mel_sum"], heard)
        voice = voiceprint(moments)
        lower, upper = [content], [emotion]
        if "style" not in self.without:
            style = self.style(self.library(voice, mean))
            lower, upper = [content, style], [emotion, style]
        place = periodic_position(heard, frames, self.hidden, PERIOD)
        above, after["upper"] = self.upper(torch.cat(upper, 2), state["upper"], heard, place)
        below, after["lower"] = self.lower(torch.cat(lower, 2), state["lower"], heard, place)
        halves = [self.upper_face(above), self.lower_face(below)]
        after["heard"] = heard + frames
        answers = {
            "curves": torch.cat(halves, dim=2).index_select(2, self.upper_first),
            "content": content,
            "emotion": emotion,
            "voice": voice,
            "logits": self.classify(mean),
        }
        return answers, after

    def full(self, features: Tensor, conditions: Conditions) -> SystemOutput:  # noqa: ARG002
        """Everything is heard, so conditions change nothing."""
        answers, _ = self._run(features, self.fresh(features))
        return SystemOutput(answers["curves"], None, answers["logits"])

    def step(
        self,
        features: Tensor,
        conditions: Conditions,  # noqa: ARG002
        state: dict[str, Tensor],
    ) -> tuple[SystemOutput, dict[str, Tensor]]:
        """Any number of fresh frames; equals :meth:`full`."""
        answers, after = self._run(features, state)
        return SystemOutput(answers["curves"], None, answers["logits"]), after

    def clip_styles(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Voice [B, V] and emotion [B, E] of whole clips, for the library's ``build``."""
        features = joined(batch, self.parts)
        _, emotion, _ = self.hears(features, self.fresh(features))
        mel = features.split(self.widths, dim=2)[2]
        moments = pooled(torch.cat([mel, mel.square()], dim=2), batch["mask"])
        return voiceprint(moments), pooled(emotion, batch["mask"])

    @torch.no_grad()
    def settle(self, batches: Iterable[Batch]) -> None:
        """Build the library from training clips."""
        if "style" in self.without:
            return
        rows = [
            (*self.clip_styles(b), b["identity"].argmax(dim=1), b["emotion"].long())
            for b in batches
        ]
        self.library.build(*(torch.cat(column) for column in zip(*rows, strict=True)))

    def training_loss(self, batch: Batch, config: Terms) -> dict[str, Tensor]:
        """Adds to the answers the pooled content and emotion of a pair ``_12`` (same words, other
        emotion) and ``_21`` (other words, same emotion), where the batch has them."""
        features, tensors = joined(batch, self.parts), cast(Mapping[str, Tensor], batch)
        answers, _ = self._run(features, self.fresh(features))
        answers["logits"] = self.classify(pooled(answers["emotion"], batch["mask"]))
        if "disentangle" not in self.without:
            for suffix in ("_12", "_21"):
                if "features" + suffix in tensors:
                    other = joined(batch, self.parts, suffix)
                    content, emotion, _ = self.hears(other, self.fresh(other))
                    mask = tensors.get("mask" + suffix, batch["mask"])
                    answers["content" + suffix] = pooled(content, mask)
                    answers["emotion" + suffix] = pooled(emotion, mask)
        return config(answers, tensors)


def voiceprint(moments: Tensor) -> Tensor:
    """Mean and spread from means of values and of squares, side by side [..., 2 M]."""
    mean, square = moments.chunk(2, dim=-1)
    return torch.cat([mean, (square - mean.square()).clamp(min=1e-6).sqrt()], dim=-1)
