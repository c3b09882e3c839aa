"""The decoupled system (Lee 2026): a neutral face from words, then what emotion adds to it, then
the head, each frame told of the one before. docs/systems-decoupled.md lists sizes and corrections.

The paper's decoders attend to speech under an alignment mask, which leaves a frame its own speech
alone: a linear map of it. So each decoder is a causal ``Stack`` that takes the speech of a frame
side by side with its query, and attends to frames before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, cast

import torch
from torch import Tensor, nn

from talkface.rig import CHANNELS
from talkface_train.models.causal import Stack, Terms, joined
from talkface_train.models.system import Batch, Conditions, System, SystemOutput

REST = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0)
"""A head that looks ahead: two columns of its rotation, then its place."""
JITTER = 0.1
"""Noise on true past frames in training, as a share of each number's own size."""
OWN_SHARE = 0.8
"""Past frames in training that are the system's own. Where truth is unknown, all are. With 0.3 of
one pass a rollout was 2.5 times as far off as frames after true ones (made clips, by hand)."""
PASSES = 3
"""Passes, each after the faces of the one before, that make the system's own past frames: about
what so many frames of a rollout add up to."""
COLDEST = 0.01
"""Least temperature of the contrast."""


def upright(pose: Tensor) -> Tensor:
    """Heads [..., 9] whose first six numbers become two columns of a rotation (Gram-Schmidt)."""
    first, second, place = pose.split(3, dim=-1)
    first = nn.functional.normalize(first, dim=-1)
    second = second - (first * second).sum(dim=-1, keepdim=True) * first
    return torch.cat([first, nn.functional.normalize(second, dim=-1), place], dim=-1)


def before(said: Tensor, start: Tensor) -> Tensor:
    """Each frame's past one: ``said`` [B, T, C] a frame later, after ``start`` [B, C]."""
    return torch.cat([start.unsqueeze(1), said[:, :-1]], dim=1)


class Decoupled(System):
    """Section 3 of the paper. Features: content and emotion frames side by side.

    ``identity`` mixes the persons' embeddings, so that weights of a hull name somebody new.
    ``noise``: width of the conditions' noise, held for a clip. ``without``: names of ``ablations``;
    without ``two_stage`` one decoder says the whole face, and there is no neutral one to contrast.
    """

    name: ClassVar[str] = "decoupled"
    ablations: ClassVar[tuple[str, ...]] = ("two_stage", "contrastive", "diversity")
    heads = True
    rest: Tensor

    def __init__(
        self,
        content_width: int,
        emotion_width: int,
        identities: int = 1,
        outputs: int = len(CHANNELS),
        hidden: int = 128,
        heads_count: int = 4,
        layers: int = 2,
        window: int = 50,
        noise: int = 8,
        person: int = 32,
        without: Collection[str] = (),
    ) -> None:
        super().__init__()
        self.widths, self.without = [content_width, emotion_width], frozenset(without)
        self.outputs, self.noise_width = outputs, noise
        self.two_stage = "two_stage" not in self.without
        self.contrasts = self.two_stage and "contrastive" not in self.without
        self.remembers = ("neutral", "felt", "head") if self.two_stage else ("felt", "head")

        def stack(inputs: int) -> Stack:
            return Stack(inputs, hidden, layers, window, heads_count)

        self.person = nn.Parameter(torch.randn(identities, person))
        if self.two_stage:
            self.start = nn.Parameter(torch.randn(identities, hidden))
            self.recall = nn.Linear(outputs, hidden)
            self.generator = stack(content_width + hidden + person)
            self.viseme = nn.Linear(hidden, outputs)
        heard = outputs if self.two_stage else content_width
        self.synthesizer = stack(emotion_width + outputs + person + heard)
        self.expression = nn.Linear(hidden, outputs)
        self.moments = nn.Linear(emotion_width, 2 * noise)
        self.nods = stack(noise + outputs + len(REST))
        self.pose = nn.Linear(hidden, len(REST))
        with torch.no_grad():
            self.pose.weight.mul_(0.1)
            self.pose.bias.zero_()
        if self.contrasts:
            self.face_space = nn.Linear(outputs, hidden)
            self.speech_space = nn.Linear(content_width + emotion_width, hidden)
            self.log_temperature = nn.Parameter(torch.tensor(0.07).log())
        self.register_buffer("rest", torch.tensor(REST), persistent=False)

    @classmethod
    def paper(cls, identities: int = 6, **options: Any) -> Decoupled:
        """What the paper prints: features of 768, six speakers, two blocks of 128 with four heads.
        Its faces are vertices: ``outputs=3 * 23370``."""
        return cls(768, 768, identities, **options)

    def initial_state(self) -> dict[str, Tensor]:
        """State of a fresh stream, batch 1."""
        state = {
            "heard": torch.zeros(1, 1),
            "felt": torch.zeros(1, self.outputs),
            "head": self.rest.unsqueeze(0).clone(),
            "felt_memory": self.synthesizer.initial_state(),
            "head_memory": self.nods.initial_state(),
        }
        if self.two_stage:
            state["neutral"] = torch.zeros(1, self.outputs)
            state["neutral_memory"] = self.generator.initial_state()
        return state

    def _neutral(
        self,
        content: Tensor,
        identity: Tensor,
        person: Tensor,
        past: Tensor,
        state: Mapping[str, Tensor],
    ) -> tuple[Tensor, Tensor]:
        """Section 3.2: the face of the words; the person is told in each frame, as its equation has
        it, and at the start in place of a past face, as its text has it."""
        place = state["heard"] + torch.arange(content.shape[1], device=content.device)
        first = (place == 0).to(content).unsqueeze(2)
        begin = (identity @ self.start).unsqueeze(1)
        query = first * begin + (1.0 - first) * self.recall(past)
        asked = torch.cat([content, query, person], dim=2)
        said, memory = self.generator(asked, state["neutral_memory"], state["heard"])
        return self.viseme(said), memory

    def _nod(
        self,
        emotion: Tensor,
        felt: Tensor,
        noise: Tensor,
        past: Tensor,
        state: Mapping[str, Tensor],
    ) -> tuple[Tensor, Tensor]:
        """Section 3.5. The paper draws noise for each frame; here ``noise`` [B, Z] is held, which
        leaves a choice of manner and takes the jitter."""
        mean, log_variance = self.moments(emotion).chunk(2, dim=2)
        spread = (0.5 * log_variance.clamp(-8.0, 4.0)).exp()
        asked = torch.cat([mean + spread * noise.unsqueeze(1), felt, past], dim=2)
        said, memory = self.nods(asked, state["head_memory"], state["heard"])
        return upright(self.rest + self.pose(said)), memory

    def _run(
        self,
        features: Tensor,
        identity: Tensor,
        noise: Tensor,
        past: Mapping[str, Tensor],
        state: Mapping[str, Tensor],
    ) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        """Frames at once, given the ``past`` one of each [B, T, C] by name."""
        content, emotion = features.split(self.widths, dim=2)
        heard, after = state["heard"], {"heard": state["heard"] + features.shape[1]}
        answers: dict[str, Tensor] = {}
        person = (identity @ self.person).unsqueeze(1).expand(-1, features.shape[1], -1)
        under = content
        if self.two_stage:
            under, after["neutral_memory"] = self._neutral(
                content, identity, person, past["neutral"], state
            )
            answers["neutral"] = under
        asked = torch.cat([emotion, past["felt"], person, under], dim=2)
        said, after["felt_memory"] = self.synthesizer(asked, state["felt_memory"], heard)
        added = self.expression(said)
        answers["felt"] = under + added if self.two_stage else added
        answers["head"], after["head_memory"] = self._nod(
            emotion, answers["felt"], noise, past["head"], state
        )
        return answers, after | {name: answers[name][:, -1] for name in self.remembers}

    def _output(self, answers: Mapping[str, Tensor]) -> SystemOutput:
        return SystemOutput(answers["felt"], answers["head"], None, answers.get("neutral"))

    def full(self, features: Tensor, conditions: Conditions) -> SystemOutput:
        """A whole clip, frame after frame."""
        return self.step(features, conditions, self.fresh(features))[0]

    def step(
        self, features: Tensor, conditions: Conditions, state: dict[str, Tensor]
    ) -> tuple[SystemOutput, dict[str, Tensor]]:
        """Any number of fresh frames, one after another; a graph is made of one."""
        said = []
        for frame in features.split(1, dim=1):
            past = {name: state[name].unsqueeze(1) for name in self.remembers}
            answers, state = self._run(frame, conditions.identity, conditions.noise, past, state)
            said.append(answers)
        joint = {name: torch.cat([one[name] for one in said], 1) for name in self.remembers}
        return self._output(joint), state

    def forced(
        self, features: Tensor, conditions: Conditions, previous: SystemOutput
    ) -> SystemOutput:
        """A whole clip at once, each frame after the one that ``previous`` has before it (as
        ``full`` gives it, or the truth). After its own ``full``, it says the same again."""
        state = self.fresh(features)
        told = {"felt": previous.curves, "head": previous.head, "neutral": previous.neutral}
        past = {name: before(cast(Tensor, told[name]), state[name]) for name in self.remembers}
        given = (features, conditions.identity, conditions.noise, past, state)
        return self._output(self._run(*given)[0])

    @torch.no_grad()
    def _past(
        self, batch: Mapping[str, Tensor], features: Tensor, noise: Tensor
    ) -> dict[str, Tensor]:
        """Past frames to learn after: true ones with noise, most of the system's own from forced
        passes, and a share of each clip's, drawn anew, at rest. With the truth alone the system
        would copy the past and not hear the speech, and a rollout would drift."""
        state, count = self.fresh(features), features.shape[:2]
        known = {"felt": ("curves", "mask"), "head": ("head", "head_mask")}
        known["neutral"] = ("neutral", "neutral_mask")
        true, sure = {}, {}
        for name in self.remembers:
            value, mask = (batch[key] for key in known[name])
            sure[name] = mask.unsqueeze(2)
            true[name] = torch.where(sure[name] > 0, value, state[name].unsqueeze(1))
        own = true
        for _ in range(PASSES):
            forced = {name: before(own[name], state[name]) for name in self.remembers}
            own, _ = self._run(features, batch["identity"], noise, forced, state)
        past = {}
        for name, value in true.items():
            rest = state[name].unsqueeze(1)
            power = (value - rest).square().sum(dim=(0, 1)) / sure[name].sum().clamp(min=1.0)
            noisy = value + JITTER * power.sqrt() * torch.randn_like(value)
            draw, keep = torch.rand(2, *count, 1, device=features.device)
            taken = torch.where((draw < OWN_SHARE) | (sure[name] == 0), own[name], noisy)
            keeps = keep < torch.rand(count[0], 1, 1, device=features.device)
            past[name] = before(torch.where(keeps, taken, rest), state[name])
        return past

    def training_loss(self, batch: Batch, config: Terms) -> dict[str, Tensor]:
        """Adds to the answers two noises and heads of them, and where it contrasts, what emotion
        adds and speech in one space [B, T, H], and the temperature between them."""
        features, tensors = joined(batch, self.parts), cast(Mapping[str, Tensor], batch)
        noise, other = torch.randn(2, len(features), self.noise_width, device=features.device)
        past, state = self._past(tensors, features, noise), self.fresh(features)
        answers, _ = self._run(features, batch["identity"], noise, past, state)
        if "diversity" not in self.without:
            emotion = features.split(self.widths, dim=2)[1]
            given = (emotion, answers["felt"], other, past["head"], state)
            answers |= {"noise": noise, "other_noise": other, "other_head": self._nod(*given)[0]}
        if self.contrasts:
            answers["added"] = self.face_space(answers["felt"] - answers["neutral"])
            answers["speech"] = self.speech_space(features)
            answers["temperature"] = self.log_temperature.exp().clamp(min=COLDEST)
        return config(answers, tensors)
