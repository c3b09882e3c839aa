"""EmoTalk: words and emotion heard apart, put together again across clips of a pair, and decoded
under the guidance of the emotion. docs/systems-emotalk.md lists sizes and corrections."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, NamedTuple, cast

import torch
from torch import Tensor, nn

from talkface.rig import EMOTIONS
from talkface_train.models.causal import (
    BiasedAttention,
    Stack,
    Terms,
    joined,
    periodic_position,
    pooled,
    running_mean,
)
from talkface_train.models.system import Batch, Conditions, System, SystemOutput

HEADS = 4
PERIOD = 25


class Heard(NamedTuple):
    """Of one clip: ``content`` [B, T, H], ``guide`` [B, T, H] that the decoder attends to, and
    ``emotion`` features [B, T, E]."""

    content: Tensor
    guide: Tensor
    emotion: Tensor


class GuidedBlock(nn.Module):
    """Biased self-attention, emotion-guided attention, a feed-forward net (section 3.2).

    In the paper's code the mask of the guided attention lets frame t see key t alone. A softmax
    over one key is 1 whatever asks, so that attention is a linear map of the frame's own emotion;
    it is built as one here. ``guide``: width of what guides, 0 for no guidance.
    """

    def __init__(self, width: int, guide: int, window: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.attention = BiasedAttention(width, HEADS, window)
        self.guided = nn.Linear(guide, width) if guide else None
        self.net = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, width), nn.GELU(), nn.Linear(width, width)
        )

    def forward(
        self, x: Tensor, guide: Tensor, memory: Tensor, heard: Tensor
    ) -> tuple[Tensor, Tensor]:
        """``x`` [B, T, D], ``guide`` [B, T, G]; the rest as in models/causal.py."""
        said, memory = self.attention(self.norm(x), memory, heard)
        x = x + said
        if self.guided is not None:
            x = x + self.guided(guide)
        return x + self.net(x), memory


class EmoTalk(System):
    """Section 3 of the paper. The decoder is as wide as the features that it is told: ``hidden``
    of content, ``emotion``, and ``told`` each of person and level. ``layers``: blocks of either
    encoder and of the decoder. ``without``: names of ``ablations``.
    """

    name: ClassVar[str] = "emotalk"
    ablations: ClassVar[tuple[str, ...]] = ("cross", "velocity", "classification", "guided")

    def __init__(
        self,
        content_width: int,
        emotion_width: int,
        identities: int = 1,
        outputs: int = 52,
        hidden: int = 128,
        emotion: int = 64,
        told: int = 16,
        layers: int = 1,
        window: int = 50,
        without: Collection[str] = (),
    ) -> None:
        super().__init__()
        self.widths, self.without = [content_width, emotion_width], frozenset(without)
        self.wants_pairs = "cross" not in self.without
        self.content = Stack(content_width, hidden, layers, window)
        self.guide = Stack(emotion_width, hidden, layers, window)
        self.emotion = nn.Sequential(nn.Linear(hidden, emotion), nn.ReLU())
        self.classify = None
        if "classification" not in self.without:
            self.classify = nn.Linear(emotion, len(EMOTIONS))
        self.people = nn.Linear(identities, told, bias=False)
        self.levels = nn.Parameter(torch.randn(2, told))
        width = hidden + emotion + 2 * told
        guide = 0 if "guided" in self.without else hidden
        self.blocks = nn.ModuleList(GuidedBlock(width, guide, window) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.face = nn.Linear(width, outputs)
        nn.init.zeros_(self.face.weight)
        nn.init.zeros_(self.face.bias)
        self.width, self.window, self.emotion_width = width, window, emotion

    @classmethod
    def paper(cls, content_width: int = 1024, emotion_width: int = 1024, **options: Any) -> EmoTalk:
        """What the paper prints: features of 512, 256, 32 and 32, so a decoder of 832; 24 people.
        One decoder layer is from its code."""
        return cls(
            content_width, emotion_width, identities=24, hidden=512, emotion=256, told=32, **options
        )

    def initial_state(self) -> dict[str, Tensor]:
        """State of a fresh stream, batch 1."""
        state = {
            "heard": torch.zeros(1, 1),
            "content": self.content.initial_state(),
            "guide": self.guide.initial_state(),
            "decoder": torch.zeros(1, len(self.blocks), self.window, 2 * self.width),
        }
        if self.classify is not None:
            state["emotion_sum"] = torch.zeros(1, self.emotion_width)
        return state

    def hears(
        self, features: Tensor, state: Mapping[str, Tensor]
    ) -> tuple[Heard, dict[str, Tensor]]:
        """Words and emotion of joined features, and what the state becomes."""
        cut = self.widths[0]
        words, feeling = features[:, :, :cut], features[:, :, cut:]
        after = dict(state)
        content, after["content"] = self.content(words, state["content"], state["heard"])
        guide, after["guide"] = self.guide(feeling, state["guide"], state["heard"])
        return Heard(content, guide, self.emotion(guide)), after

    def tells(self, identity: Tensor, level: Tensor) -> Tensor:
        """Person and level [B, 2 told]: ``identity`` [B, I] mixes people, ``level`` [B] in
        [0, 1] goes from one embedding to the other."""
        weak, strong = self.levels[0], self.levels[1]
        felt = weak + level.unsqueeze(1) * (strong - weak)
        return torch.cat([self.people(identity), felt], dim=1)

    def decodes(
        self, words: Heard, feeling: Heard, told: Tensor, state: Mapping[str, Tensor]
    ) -> tuple[Tensor, Tensor]:
        """Curves [B, T, K] of the content of ``words`` with the emotion of ``feeling``, which may
        be of another clip; and the decoder's memory."""
        batch, frames, _ = words.content.shape
        constant = told.unsqueeze(1).expand(batch, frames, -1)
        x = torch.cat([words.content, feeling.emotion, constant], dim=2)
        heard, after = state["heard"], []
        x = x + periodic_position(heard, frames, self.width, PERIOD)
        for index, block in enumerate(self.blocks):
            x, held = block(x, feeling.guide, state["decoder"][:, index], heard)
            after.append(held)
        return self.face(self.norm(x)), torch.stack(after, dim=1)

    def full(self, features: Tensor, conditions: Conditions) -> SystemOutput:
        """Emotion is heard: of the conditions, person and level count."""
        return self.step(features, conditions, self.fresh(features))[0]

    def step(
        self, features: Tensor, conditions: Conditions, state: dict[str, Tensor]
    ) -> tuple[SystemOutput, dict[str, Tensor]]:
        """Any number of fresh frames; equals :meth:`full`."""
        said, after = self.hears(features, state)
        told = self.tells(conditions.identity, conditions.level)
        curves, after["decoder"] = self.decodes(said, said, told, state)
        logits = None
        if self.classify is not None:
            total = state["emotion_sum"]
            mean, after["emotion_sum"] = running_mean(said.emotion, total, state["heard"])
            logits = self.classify(mean)
        after["heard"] = state["heard"] + features.shape[1]
        return SystemOutput(curves, None, logits), after

    def training_loss(self, batch: Batch, config: Terms) -> dict[str, Tensor]:
        """Answers: ``curves`` and ``logits`` of the batch's own clip. Where it has pairs, the same
        with ``_12`` and ``_21``, and ``cross`` and ``cross_22``: the words of ``_12`` with the
        emotion of ``_21`` and the reverse, for person and level of the target (equation 3), with
        the frames that count in ``cross_mask`` and ``cross_mask_22``."""
        tensors = cast(Mapping[str, Tensor], batch)
        paired = self.wants_pairs and "features_12" in tensors
        answers, heard = {}, {}
        for suffix in ("", "_12", "_21") if paired else ("",):
            features = joined(batch, self.parts, suffix)
            fresh = self.fresh(features)
            said, _ = self.hears(features, fresh)
            heard[suffix] = said
            told = self._told(tensors, suffix)
            answers["curves" + suffix], _ = self.decodes(said, said, told, fresh)
            if self.classify is not None:
                mean = pooled(said.emotion, tensors["mask" + suffix])
                answers["logits" + suffix] = self.classify(mean)
        if paired:
            for suffix, words, feeling in (("", "_12", "_21"), ("_22", "_21", "_12")):
                told, fresh = self._told(tensors, suffix), self.fresh(tensors["features_12"])
                curves, _ = self.decodes(heard[words], heard[feeling], told, fresh)
                answers["cross" + suffix] = curves
                masks = [tensors["mask" + name] for name in (suffix, words, feeling)]
                answers["cross_mask" + suffix] = masks[0] * masks[1] * masks[2]
        terms = config(answers, tensors)
        return {name: term for name, term in terms.items() if name not in self.without}

    def _told(self, tensors: Mapping[str, Tensor], suffix: str) -> Tensor:
        return self.tells(tensors["identity" + suffix], tensors["level" + suffix])
