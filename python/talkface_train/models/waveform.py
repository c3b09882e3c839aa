"""What every encoder of raw waveforms needs to stream: a gain that no later sample changes, and
frames brought to the animation's rate by a ratio that no clip's length changes.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from talkface_train.models.encoders import HOP, MIDDLE

RISE_SECONDS = 10.0
"""Time constant of the running mean and power."""
START_SECONDS = 1.0
"""How much speech of an ordinary level a fresh stream is taken to have heard."""
START_POWER = 0.05**2
"""Of speech at -26 dBFS."""
QUIETEST = 1e-7


class RunningScale(nn.Module):
    """Zero mean and unit power from what was heard so far, in place of the whole clip's statistics.

    Works in blocks of 640 samples: the mean and the gain glide from those before a block to those
    after it. State [B, 5]: weight, sum, energy, then the last mean and gain.
    """

    def initial_state(self) -> Tensor:
        """State of a fresh stream, batch 1."""
        weight = START_SECONDS * 25
        return torch.tensor([[weight, 0.0, weight * START_POWER, 0.0, START_POWER**-0.5]])

    def forward(self, block: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """One block [B, 640] and state to the scaled block and new state."""
        weight, total, energy, mean, gain = torch.split(state, 1, dim=1)
        keep = 1.0 - 1.0 / (RISE_SECONDS * 25)
        weight = keep * weight + 1.0
        total = keep * total + block.mean(dim=1, keepdim=True)
        energy = keep * energy + block.square().mean(dim=1, keepdim=True)
        new_mean = total / weight
        power = energy / weight - new_mean.square()
        new_gain = (power.clamp(min=0.0) + QUIETEST).rsqrt()
        glide = (torch.arange(HOP, device=block.device, dtype=block.dtype) + 1.0) / HOP
        means, gains = mean + (new_mean - mean) * glide, gain + (new_gain - gain) * glide
        state = torch.cat([weight, total, energy, new_mean, new_gain], dim=1)
        return (block - means) * gains, state

    def whole(self, audio: Tensor) -> Tensor:
        """Whole blocks [B, 640 S] from a fresh stream on."""
        state = self.initial_state().to(audio).expand(audio.shape[0], -1)
        blocks = []
        for block in torch.split(audio, HOP, dim=1):
            scaled, state = self(block, state)
            blocks.append(scaled)
        return torch.cat(blocks, dim=1)


def position_of(frame: int, hop: int, field: int) -> tuple[int, float]:
    """Which of an encoder's frames lie about the middle of animation frame ``frame``: the first of
    two, and the second's share.

    Its frame ``i`` hears ``field`` samples from ``hop i`` on, so it is centred ``field / 2`` later.
    """
    doubled = 2 * (HOP * frame + MIDDLE) - field
    return doubled // (2 * hop), (doubled % (2 * hop)) / (2 * hop)


def samples_needed(frames: int, hop: int, field: int) -> int:
    """Samples from the clip's start that ``frames`` animation frames need."""
    first, _ = position_of(frames - 1, hop, field)
    return hop * (first + 1) + field


def at_animation_rate(features: Tensor, frames: int, hop: int, field: int) -> Tensor:
    """Encoder frames [B, F, C] to ``frames`` animation frames, linear between neighbours.

    The ratio is fixed, whatever the clip's length: stretching a clip's ends onto each other would
    move every frame as the clip grows. Beyond its ends the outermost frame is held.
    """
    last = features.shape[1] - 1
    places = [position_of(frame, hop, field) for frame in range(frames)]
    first = torch.tensor([min(max(i, 0), last) for i, _ in places], device=features.device)
    second = torch.tensor([min(max(i + 1, 0), last) for i, _ in places], device=features.device)
    share = torch.tensor([s for _, s in places], device=features.device, dtype=features.dtype)
    before, behind = features[:, first], features[:, second]
    return before + (behind - before) * share[None, :, None]
