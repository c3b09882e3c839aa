"""Losses of the decoupled system (section 3.6 of Lee 2026)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from talkface.rig import EMOTIONS

TINY = 1e-8
"""Under roots, so that a perfect frame has a gradient."""
PARTS = (slice(0, 6), slice(6, 9))
"""Of a head: two columns of its rotation, and its place."""


def norm_loss(said: Tensor, wanted: Tensor, mask: Tensor) -> Tensor:
    """Distance, not squared, of frames [B, T, C], mean over those in ``mask`` [B, T]: L_n, L_e,
    L_r and L_t. The paper's norm of a whole clip grows with its length; this does not."""
    apart = ((said - wanted).square().sum(dim=2) + TINY).sqrt()
    return (apart * mask).sum() / mask.sum().clamp(min=1.0)


def contrastive_loss(
    face: Tensor, speech: Tensor, temperature: Tensor, mask: Tensor, near: int
) -> Tensor:
    """Cross entropy of which speech goes with a face and which face with speech, both [B, T, H],
    among the frames of a clip in ``mask`` [B, T]; mean over them.

    Printed, both sums have one denominator, dot products are bare, and every other frame is
    wrong. Here the first runs over rows and the second over columns of cosines divided by
    ``temperature``, and frames at most ``near`` away are no wrong answers: they are all but right.
    """
    unit, other = (torch.nn.functional.normalize(x, dim=2) for x in (face, speech))
    scores = unit @ other.transpose(1, 2) / temperature
    place = torch.arange(mask.shape[1], device=mask.device)
    away = (place.unsqueeze(0) - place.unsqueeze(1)).abs()
    rival = (away == 0) | ((away > near) & (mask.unsqueeze(1) * mask.unsqueeze(2) > 0))
    scores = scores.masked_fill(~rival, -torch.inf)
    right = scores.diagonal(dim1=1, dim2=2)
    each = scores.logsumexp(dim=2) + scores.logsumexp(dim=1) - 2.0 * right
    return (each * mask).sum() / mask.sum().clamp(min=1.0)


def diversity_loss(
    head: Tensor, other: Tensor, noise: Tensor, far: Tensor, mask: Tensor, cap: float
) -> Tensor:
    """Minus how far heads [B, T, 9] of two noises [B, Z] are apart, a unit of noise, at most
    ``cap``; mean over clips with a frame in ``mask`` [B, T].

    Printed, the ratio is added to what falls, though it is to grow; and without a cap it grows
    for ever.
    """
    frames = mask.sum(dim=1)
    apart = torch.zeros_like(frames)
    for part in PARTS:
        squares = (head - other)[:, :, part].square().sum(dim=2)
        apart = apart + ((squares + TINY).sqrt() * mask).sum(dim=1) / frames.clamp(min=1.0)
    ratio = apart / (noise - far).norm(dim=1).clamp(min=TINY)
    counts = (frames > 0).to(ratio)
    mean: Tensor = (ratio.clamp(max=cap) * counts).sum() / counts.sum().clamp(min=1.0)
    return -mean


@dataclass(frozen=True)
class DecoupledTerms:
    """The paper's weights; ``near`` (frames) and ``cap`` (radians or metres a unit of noise) are
    ours."""

    neutral: float = 1.0
    felt: float = 1.0
    rotation: float = 0.01
    translation: float = 0.01
    contrastive: float = 1.0
    diversity: float = 0.01
    near: int = 3
    cap: float = 0.05

    def __call__(
        self, answers: Mapping[str, Tensor], batch: Mapping[str, Tensor]
    ) -> dict[str, Tensor]:
        """Weighted terms by name; those of parts that the system lacks are left out."""
        head, seen, mask = answers["head"], batch["head_mask"], batch["mask"]
        turn, move = (
            norm_loss(head[:, :, part], batch["head"][:, :, part], seen) for part in PARTS
        )
        terms = {
            "felt": self.felt * norm_loss(answers["felt"], batch["curves"], mask),
            "rotation": self.rotation * turn,
            "translation": self.translation * move,
        }
        if "neutral" in answers:
            terms["neutral"] = self.neutral * norm_loss(
                answers["neutral"], batch["neutral"], batch["neutral_mask"]
            )
        if "added" in answers:
            # Emotion adds nothing to speech without it, so there is nothing to tell apart.
            felt = mask * (batch["emotion"] != EMOTIONS.index("neutral")).unsqueeze(1)
            terms["contrastive"] = self.contrastive * contrastive_loss(
                answers["added"], answers["speech"], answers["temperature"], felt, self.near
            )
        if "other_head" in answers:
            terms["diversity"] = self.diversity * diversity_loss(
                answers["head"], answers["other_head"], answers["noise"], answers["other_noise"],
                seen, self.cap,
            )  # fmt: skip
        return terms
