"""Losses of EcoFace: of the emotion space (section 3.2), the generator and its expert (3.3)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor


def contrastive_loss(space: Tensor, label: Tensor, temperature: float) -> Tensor:
    """Supervised contrast of ``space`` [N, E] by ``label`` [N], mean over anchors with a partner.

    Equation 4 leaves out the sum over the partners ``p`` that its ``1 / |P(i)|`` divides, and does
    not say that ``z`` has length 1, without which the temperature means nothing. It sums over
    anchors; the mean does not grow with the batch.
    """
    unit = torch.nn.functional.normalize(space, dim=1)
    self_pair = torch.eye(len(unit), dtype=torch.bool, device=unit.device)
    logits = (unit @ unit.T / temperature).masked_fill(self_pair, -torch.inf)
    log_share = (logits - logits.logsumexp(dim=1, keepdim=True)).masked_fill(self_pair, 0.0)
    partner = ((label.unsqueeze(0) == label.unsqueeze(1)) & ~self_pair).to(unit.dtype)
    count = partner.sum(dim=1)
    each = -(log_share * partner).sum(dim=1) / count.clamp(min=1.0)
    return each.sum() / (count > 0).sum().clamp(min=1)


def audio_visual_loss(heard: Tensor, seen: Tensor, mask: Tensor) -> Tensor:
    """Squared distance of emotion features [B, T, E], mean over frames in ``mask`` [B, T]
    (equation 5)."""
    return ((heard - seen).square().sum(dim=2) * mask).sum() / mask.sum().clamp(min=1.0)


def triplet_loss(space: Tensor, label: Tensor, level: Tensor, margin: float) -> Tensor:
    """Mean hinge over all triplets of ``space`` [N, E] with one emotion ``label`` [N], whose
    positive has the anchor's ``level`` [N] and whose negative another (equation 7).

    The equation does not name the emotion; the text keeps triplets within one. Without triplets the
    loss is 0.
    """
    apart = (space.unsqueeze(1) - space.unsqueeze(0)).square().sum(dim=2)
    same = label.unsqueeze(0) == label.unsqueeze(1)
    even = level.unsqueeze(0) == level.unsqueeze(1)
    other = ~torch.eye(len(space), dtype=torch.bool, device=space.device)
    valid = (same & even & other).unsqueeze(2) & (same & ~even).unsqueeze(1)
    hinge = torch.relu(apart.unsqueeze(2) - apart.unsqueeze(1) + margin)
    return (hinge * valid).sum() / valid.sum().clamp(min=1)


def reconstruction_loss(said: Tensor, wanted: Tensor, mask: Tensor, spread: float) -> Tensor:
    """Negative log likelihood of curves [B, T, K] under normals of ``spread`` but for its constant,
    mean over frames in ``mask`` [B, T] and channels."""
    error = (0.5 / spread**2) * (said - wanted).square().mean(dim=2)
    return (error * mask).sum() / mask.sum().clamp(min=1.0)


def flow_divergence(
    mean: Tensor, log_variance: Tensor, latent: Tensor, prior: Tensor, log_det: Tensor, mask: Tensor
) -> Tensor:
    """One sample of KL(posterior, prior), mean over latent frames in ``mask`` [B, L].

    ``latent`` [B, L, Z], drawn from ``mean`` and ``log_variance``, has under a flow the density
    ``N(prior; 0, 1) exp(log_det)``. A sample may be negative, its mean may not.
    """
    offset = (latent - mean).square() * torch.exp(-log_variance)
    posterior = -0.5 * (offset + log_variance + math.log(2.0 * math.pi)).sum(dim=2)
    flowed = -0.5 * (prior.square() + math.log(2.0 * math.pi)).sum(dim=2) + log_det
    return ((posterior - flowed) * mask).sum() / mask.sum().clamp(min=1.0)


def expert_loss(true: Tensor, false: Tensor, mask: Tensor) -> Tensor:
    """Binary cross entropy of the expert's probabilities [B, W] of pairs that fit and that do not,
    over windows in ``mask`` [B, W]. Equation 12 prints the pairs that fit alone, which an expert
    that always says yes solves."""
    losses = -(true.clamp(min=1e-4).log() + (1.0 - false).clamp(min=1e-4).log())
    return 0.5 * (losses * mask).sum() / mask.sum().clamp(min=1.0)


def sync_loss(said: Tensor, mask: Tensor) -> Tensor:
    """Mean of ``-log`` of the expert's probability [B, W] of what was said (equation 11)."""
    return (-said.clamp(min=1e-4).log() * mask).sum() / mask.sum().clamp(min=1.0)


def visual_emotion_loss(said: Tensor, wanted: Tensor, mask: Tensor) -> Tensor:
    """One minus the cosine of visual emotion features [B, T, E], mean over frames.

    Equation 11 prints ``-log e`` of a feature; the text compares features, and a similarity may be
    negative, where a logarithm has no value.
    """
    near = torch.nn.functional.cosine_similarity(said, wanted, dim=2)
    return ((1.0 - near) * mask).sum() / mask.sum().clamp(min=1.0)


@dataclass(frozen=True)
class EcoFaceTerms:
    """The paper prints no weights; its temperature and margin are not printed either.

    ``spread``: of a channel about what is said, which weighs curves against the divergence.
    """

    contrastive: float = 1.0
    audio_visual: float = 0.1
    triplet: float = 1.0
    divergence: float = 0.01
    sync: float = 0.1
    emotion: float = 0.1
    temperature: float = 0.07
    margin: float = 0.5
    spread: float = 0.2

    def __call__(
        self, answers: Mapping[str, Tensor], batch: Mapping[str, Tensor]
    ) -> dict[str, Tensor]:
        """Weighted terms by name; those of parts that the system lacks are left out."""
        mask, label = batch["mask"], batch["emotion"].long()
        weight = mask.unsqueeze(2) / mask.sum(dim=1).clamp(min=1.0).reshape(-1, 1, 1)
        heard, seen = ((answers[name] * weight).sum(dim=1) for name in ("heard", "seen"))
        space, twice = torch.cat([heard, seen]), torch.cat([label, label])
        # Levels are told apart where emotions are: on the sphere.
        unit = torch.nn.functional.normalize(space, dim=1)
        level = torch.cat([batch["level"], batch["level"]])
        # A latent frame counts where all its frames do.
        blocks = mask.reshape(len(mask), answers["latent"].shape[1], -1).amin(dim=2)
        divergence = flow_divergence(
            answers["mean"],
            answers["log_variance"],
            answers["latent"],
            answers["prior"],
            answers["log_det"],
            blocks,
        )
        terms = {
            "contrastive": self.contrastive * contrastive_loss(space, twice, self.temperature),
            "audio_visual": self.audio_visual
            * audio_visual_loss(answers["heard"], answers["seen"], mask),
            "triplet": self.triplet * triplet_loss(unit, twice, level, self.margin),
            "reconstruction": reconstruction_loss(
                answers["curves"], batch["curves"], mask, self.spread
            ),
            "divergence": self.divergence * divergence,
        }
        if "sync_said" in answers:
            windows = answers["sync_said"].shape[1]
            fits = mask.unfold(1, mask.shape[1] - windows + 1, 1).amin(dim=2)
            terms["expert"] = expert_loss(answers["sync_true"], answers["sync_false"], fits)
            terms["sync"] = self.sync * sync_loss(answers["sync_said"], fits)
        if "seen_said" in answers:
            wanted = answers["seen"].detach()
            terms["emotion"] = self.emotion * visual_emotion_loss(
                answers["seen_said"], wanted, mask
            )
        return terms
