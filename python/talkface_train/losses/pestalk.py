"""Losses of PESTalk (section 3.5 of the paper)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor


def position_loss(said: Tensor, wanted: Tensor, mask: Tensor) -> Tensor:
    """Squared distance of curves [B, T, K], mean over frames in ``mask`` [B, T] (equation 8)."""
    error = (said - wanted).square().sum(dim=2)
    return (error * mask).sum() / mask.sum().clamp(min=1.0)


def motion_loss(said: Tensor, wanted: Tensor, mask: Tensor) -> Tensor:
    """Squared distance of the changes from frame to frame, mean over pairs of frames that count.

    Equation 9 prints ``B_{2:T-1} - B_{1:T}``, of different lengths; meant is
    ``B_{2:T} - B_{1:T-1}``, and there are T - 1 of them.
    """
    both = mask[:, 1:] * mask[:, :-1]
    return position_loss(torch.diff(said, dim=1), torch.diff(wanted, dim=1), both)


def class_loss(logits: Tensor, emotion: Tensor) -> Tensor:
    """Cross entropy of ``logits`` [B, 8] and class ``emotion`` [B] (equation 10)."""
    return torch.nn.functional.cross_entropy(logits, emotion.long())


def disentangle_loss(
    same: Tensor, kin: Tensor, other: Tensor, foe: Tensor, margin: float
) -> Tensor:
    """``same``, ``kin`` [B, C] are to agree, ``other``, ``foe`` [B, E] to differ: mean of
    ``1 - cos(same, kin) + relu(cos(other, foe) - margin)``.

    Content is what agrees in a pair of the same words, emotion in a pair of the same emotion.
    Equation 11 prints ``1 - mean(cos(E, E') - cos(C, C'))``, whose minimum pulls emotions together
    and pushes contents apart: both signs are turned here. Equation 6 has the right signs but learns
    its margin, which then falls to 0: here it is fixed.
    """
    cosine = torch.nn.functional.cosine_similarity
    agree, apart = cosine(same, kin, dim=1), cosine(other, foe, dim=1)
    return (1.0 - agree + torch.relu(apart - margin)).mean()


@dataclass(frozen=True)
class PesTalkTerms:
    """The paper's weights (equation 7); ``margin``: ours."""

    position: float = 1.0
    motion: float = 0.5
    classes: float = 0.1
    disentangle: float = 0.01
    margin: float = 0.0

    def __call__(
        self, answers: Mapping[str, Tensor], batch: Mapping[str, Tensor]
    ) -> dict[str, Tensor]:
        """Weighted terms by name; ``disentangle`` only where the answers have a pair."""
        said, wanted, mask = answers["curves"], batch["curves"], batch["mask"]
        terms = {
            "position": self.position * position_loss(said, wanted, mask),
            "motion": self.motion * motion_loss(said, wanted, mask),
            "class": self.classes * class_loss(answers["logits"], batch["emotion"]),
        }
        weight = mask.unsqueeze(2)
        count = weight.sum(dim=1).clamp(min=1.0)
        content, emotion = (
            (answers[name] * weight).sum(dim=1) / count for name in ("content", "emotion")
        )
        pairs = []
        if "content_12" in answers:
            kin = (content, answers["content_12"], emotion, answers["emotion_12"])
            pairs.append(disentangle_loss(*kin, self.margin))
        if "content_21" in answers:
            kin = (emotion, answers["emotion_21"], content, answers["content_21"])
            pairs.append(disentangle_loss(*kin, self.margin))
        if pairs:
            terms["disentangle"] = self.disentangle * torch.stack(pairs).sum()
        return terms
