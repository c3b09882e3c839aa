"""EcoFace: an emotion space that voice and face share, and a variational generator of motion.

docs/systems-pestalk-ecoface.md lists sizes and corrections. Everything works on blocks of
``stride`` frames, the latent's rate, and is causal from block to block.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, cast

import torch
from torch import Tensor, nn

from talkface.rig import CHANNELS
from talkface_train.models.causal import Stack, Terms, Waves, joined
from talkface_train.models.system import Batch, Conditions, System, SystemOutput

FLAME = 53
"""50 of expression, 3 of the jaw."""
MOUTH = tuple(
    k for k, name in enumerate(CHANNELS) if name.startswith(("jaw", "mouth", "cheek", "nose"))
)
SYNC_FRAMES = 5
"""A window that the sync expert judges (A.3): 200 ms."""
SHIFT = 7
"""Frames by which false pairs of the sync expert are apart: more than its window."""
SCALE_LIMIT = 2.0


class Coupling(nn.Module):
    """Half of the latent is scaled and moved by what the other half and the condition say."""

    def __init__(self, latent: int, condition: int, width: int, layers: int) -> None:
        super().__init__()
        self.kept = latent // 2
        self.net = Waves(self.kept, 2 * (latent - self.kept), condition, width, layers)
        with torch.no_grad():
            self.net.leave.weight.mul_(0.1)

    def _moves(self, kept: Tensor, condition: Tensor, memory: Tensor) -> tuple[Tensor, ...]:
        said, memory = self.net(kept, condition, memory)
        scale, shift = said.chunk(2, dim=2)
        # A bounded scale keeps the inverse from blowing up far from what was seen.
        return SCALE_LIMIT * torch.tanh(scale / SCALE_LIMIT), shift, memory

    def forward(self, z: Tensor, condition: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        """``z`` [B, L, Z] towards the standard normal, and log determinant [B, L]."""
        kept, moved = z[:, :, : self.kept], z[:, :, self.kept :]
        scale, shift, _ = self._moves(kept, condition, memory)
        moved = moved * scale.exp() + shift
        return torch.cat([kept, moved], dim=2).flip(2), scale.sum(dim=2)

    def inverse(self, u: Tensor, condition: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        """Back, and the new memory."""
        u = u.flip(2)
        kept, moved = u[:, :, : self.kept], u[:, :, self.kept :]
        scale, shift, memory = self._moves(kept, condition, memory)
        return torch.cat([kept, (moved - shift) * (-scale).exp()], dim=2), memory


class FlowPrior(nn.Module):
    """Couplings and channel flips between the latent and the standard normal (A.2)."""

    def __init__(self, latent: int, condition: int, width: int, count: int, layers: int) -> None:
        super().__init__()
        self.couplings = nn.ModuleList(
            Coupling(latent, condition, width, layers) for _ in range(count)
        )

    def initial_state(self) -> Tensor:
        """Nothing heard [1, couplings, past, width]."""
        return torch.stack([cast(Coupling, c).net.initial_state() for c in self.couplings], dim=1)

    def forward(self, z: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        """``z`` [B, L, Z] to ``u``, and the log determinant of the way [B, L]."""
        total = z.new_zeros(z.shape[:2])
        memory = self.initial_state().to(z).expand(len(z), -1, -1, -1)
        for index, coupling in enumerate(self.couplings):
            z, change = coupling(z, condition, memory[:, index])
            total = total + change
        return z, total

    def inverse(self, u: Tensor, condition: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        """``u`` back to ``z``, and the new memory."""
        after: list[Tensor] = []
        for index in reversed(range(len(self.couplings))):
            coupling = cast(Coupling, self.couplings[index])
            u, held = coupling.inverse(u, condition, memory[:, index])
            after.insert(0, held)
        return u, torch.stack(after, dim=1)


class SyncExpert(nn.Module):
    """Probability that a window of mouth channels goes with its speech (A.3).

    Equation 12 gives a cosine to a cross entropy; here the probability is ``(1 + cosine) / 2``,
    which has a gradient on both sides of 0.
    """

    def __init__(self, mouth: int, content: int, width: int) -> None:
        super().__init__()
        self.face, self.speech = (
            nn.Sequential(
                nn.Conv1d(size, width, SYNC_FRAMES), nn.ReLU(), nn.Conv1d(width, width, 1)
            )
            for size in (mouth, content)
        )

    def forward(self, mouth: Tensor, content: Tensor) -> Tensor:
        """``mouth`` [B, T, M], ``content`` [B, T, C] to [B, T - SYNC_FRAMES + 1]."""
        face, speech = self.face(mouth.transpose(1, 2)), self.speech(content.transpose(1, 2))
        return 0.5 * (1.0 + nn.functional.cosine_similarity(face, speech, dim=1))


class Motion(NamedTuple):
    """What the generator said in training, at the latent's rate but for ``curves`` [B, T, K]."""

    curves: Tensor
    mean: Tensor
    log_variance: Tensor
    latent: Tensor
    prior: Tensor
    log_det: Tensor


class EcoFace(System):
    """Section 3 of the paper. Features: content and emotion frames side by side.

    ``outputs``: 52 of ARKit, FLAME, or anything; ``mouth``: what the sync expert sees, of other
    outputs than ARKit's all; ``without``: names of
    ``ablations``.
    """

    name: ClassVar[str] = "ecoface"
    ablations: ClassVar[tuple[str, ...]] = (
        "audio_visual",
        "triplet",
        "sync",
        "emotion",
        "speaker",
    )

    def __init__(
        self,
        content_width: int,
        emotion_width: int,
        identities: int = 1,
        outputs: int = len(CHANNELS),
        mouth: Sequence[int] | None = None,
        hidden: int = 128,
        told: int = 64,
        latent: int = 16,
        stride: int = 4,
        layers: int = 2,
        flow: tuple[int, int] = (32, 2),
        window: int = 50,
        without: Collection[str] = (),
    ) -> None:
        super().__init__()
        self.widths, self.without = [content_width, emotion_width], frozenset(without)
        if mouth is None:
            mouth = MOUTH if outputs == len(CHANNELS) else range(outputs)
        self.outputs, self.mouth, self.latent, self.stride = outputs, list(mouth), latent, stride
        self.noise_width = latent
        self.heard = Stack(emotion_width, hidden, layers, window)
        self.seen = Stack(outputs, hidden, layers, window)
        self.tell_content = nn.Linear(stride * content_width, told)
        self.tell_emotion = nn.Linear(stride * hidden, told)
        if "speaker" not in self.without:
            self.tell_person = nn.Linear(identities, 2 * told)
        self.encoder = Waves(stride * outputs, 2 * latent, 2 * told, hidden, layers)
        self.flow = FlowPrior(latent, 2 * told, flow[0], flow[1], layers)
        self.decoder = Waves(latent, stride * outputs, 2 * told, hidden, layers)
        if "sync" not in self.without:
            self.expert = SyncExpert(len(self.mouth), content_width, hidden)

    @classmethod
    def paper(cls, identities: int, **options: Any) -> EcoFace:
        """What the paper prints: features of 1024 and FLAME; the rest is ours."""
        given: dict[str, Any] = {"hidden": 1024, "outputs": FLAME, "mouth": range(FLAME)}
        return cls(1024, 1024, identities, **(given | options))

    def initial_state(self) -> dict[str, Tensor]:
        """State of a fresh stream, batch 1."""
        return {
            "heard": torch.zeros(1, 1),
            "emotion": self.heard.initial_state(),
            "flow": self.flow.initial_state(),
            "decoder": self.decoder.initial_state(),
        }

    def _blocks(self, x: Tensor) -> Tensor:
        return x.reshape(x.shape[0], -1, self.stride * x.shape[2])

    def condition(self, content: Tensor, emotion: Tensor) -> Tensor:
        """What generator and prior are told of speech [B, L, 2 told]."""
        parts = [self.tell_content(self._blocks(content)), self.tell_emotion(self._blocks(emotion))]
        return torch.cat(parts, dim=2)

    def _decode(
        self, latent: Tensor, condition: Tensor, identity: Tensor, memory: Tensor
    ) -> tuple[Tensor, Tensor]:
        if "speaker" not in self.without:
            condition = condition + self.tell_person(identity).unsqueeze(1)
        said, memory = self.decoder(latent, condition, memory)
        return said.reshape(said.shape[0], -1, self.outputs), memory

    def _run(
        self, features: Tensor, conditions: Conditions, state: Mapping[str, Tensor]
    ) -> tuple[SystemOutput, dict[str, Tensor]]:
        content, emotion = features.split(self.widths, dim=2)
        after = {"heard": state["heard"] + features.shape[1]}
        felt, after["emotion"] = self.heard(emotion, state["emotion"], state["heard"])
        told = self.condition(content, felt)
        noise = conditions.noise.unsqueeze(1).expand(-1, told.shape[1], -1)
        latent, after["flow"] = self.flow.inverse(noise, told, state["flow"])
        curves, after["decoder"] = self._decode(latent, told, conditions.identity, state["decoder"])
        return SystemOutput(curves, None, None), after

    def full(self, features: Tensor, conditions: Conditions) -> SystemOutput:
        """A clip whose frames are a multiple of the stride. ``noise`` [B, latent] is held for the
        clip: drawn anew for each block it would shake the face."""
        return self._run(features, conditions, self.fresh(features))[0]

    def step(
        self, features: Tensor, conditions: Conditions, state: dict[str, Tensor]
    ) -> tuple[SystemOutput, dict[str, Tensor]]:
        """``stride`` fresh frames, or a multiple; equals :meth:`full`."""
        return self._run(features, conditions, state)

    def _through(self, stack: Stack, x: Tensor, learns: bool = True) -> Tensor:
        start = stack.initial_state().to(x).expand(len(x), -1, -1, -1)
        given = (x, start, x.new_zeros(len(x), 1))
        return cast(Tensor, stack(*given)[0] if learns else _fixed(stack, *given)[0])

    def motion(
        self, curves: Tensor, content: Tensor, felt: Tensor, identity: Tensor, noise: Tensor
    ) -> Motion:
        """Curves [B, T, K] through the generator (equations 8 to 10); ``noise`` [B, L, latent]."""
        told = self.condition(content, felt)
        start = self.encoder.initial_state().to(curves).expand(len(curves), -1, -1)
        mean, log_variance = self.encoder(self._blocks(curves), told, start)[0].chunk(2, dim=2)
        log_variance = log_variance.clamp(-12.0, 6.0)
        latent = mean + noise * (0.5 * log_variance).exp()
        prior, log_det = self.flow(latent, told)
        start = self.decoder.initial_state().to(curves).expand(len(curves), -1, -1)
        said, _ = self._decode(latent, told, identity, start)
        return Motion(said, mean, log_variance, latent, prior, log_det)

    def training_loss(self, batch: Batch, config: Terms) -> dict[str, Tensor]:
        """The paper trains emotion space, expert and generator one after another; here all learn in
        one step, and what would be frozen passes no gradient to its weights."""
        tensors = cast(Mapping[str, Tensor], batch)
        frames = batch["curves"].shape[1] // self.stride * self.stride
        curves, mask = batch["curves"][:, :frames], batch["mask"][:, :frames]
        content, emotion = joined(batch, self.parts)[:, :frames].split(self.widths, dim=2)
        heard, seen = self._through(self.heard, emotion), self._through(self.seen, curves)
        noise = torch.randn(len(curves), frames // self.stride, self.latent, device=curves.device)
        said = self.motion(curves, content, heard.detach(), batch["identity"], noise)
        answers = {"heard": heard, "seen": seen, **said._asdict()}
        if "emotion" not in self.without:
            answers["seen_said"] = self._through(self.seen, said.curves, learns=False)
        if "sync" not in self.without:
            mouth = curves[:, :, self.mouth]
            answers["sync_true"] = self.expert(mouth, content)
            answers["sync_false"] = self.expert(mouth.roll(SHIFT, dims=1), content)
            answers["sync_said"] = _fixed(self.expert, said.curves[:, :, self.mouth], content)
        terms = config(answers, {**tensors, "curves": curves, "mask": mask})
        return {name: term for name, term in terms.items() if name not in self.without}


def _fixed(module: nn.Module, *given: Tensor) -> Any:
    """What ``module`` says, with a gradient to what it is given and none to its weights."""
    weights = {name: weight.detach() for name, weight in module.named_parameters()}
    return torch.func.functional_call(module, weights, given)
