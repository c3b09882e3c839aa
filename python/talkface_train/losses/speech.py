"""Losses of the speech-to-face model. All take [B, T, ...] and a [B, T] weight mask."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional


def _masked_mean(values: Tensor, mask: Tensor) -> Tensor:
    return (values * mask).sum() / mask.sum().clamp(min=1.0)


def curve_loss(
    predicted: Tensor,
    target: Tensor,
    scale: Tensor,
    mask: Tensor,
    velocity: float,
    acceleration: float = 0.0,
) -> Tensor:
    """Squared error of curves divided by their ``scale`` [C], plus ``velocity`` times that of
    their frame differences (EmoTalk's velocity term, papers-and-metrics.md 1.3) and
    ``acceleration`` times the absolute error of their second differences: a network that hears a
    little more at every step revises itself, which shows as jitter. Absolute, not squared: small
    doubts settle at rest and quick lips stay quick."""
    error = (predicted - target) / scale
    position = _masked_mean(error.square().mean(dim=2), mask)
    motion = error.diff(dim=1)
    jerk = motion.diff(dim=1)
    return (
        position
        + velocity * _masked_mean(motion.square().mean(dim=2), mask[:, 1:])
        + acceleration * _masked_mean(jerk.abs().mean(dim=2), mask[:, 2:])
    )


def label_loss(
    logits: Tensor,
    labels: Tensor,
    mask: Tensor,
    smoothing: float = 0.0,
    soft: Tensor | None = None,
    share: float = 0.0,
) -> Tensor:
    """Cross-entropy over classes; labels of 255 are ignored. With ``soft`` class probabilities of a
    teacher [B, T, C], a ``share`` of the loss is towards them."""
    known = (labels != 255) & (mask > 0)
    hard = functional.cross_entropy(logits[known], labels[known].long(), label_smoothing=smoothing)
    if soft is None:
        return hard
    return (1 - share) * hard + share * functional.cross_entropy(logits[known], soft[known])


def closure_loss(logits: Tensor, target: Tensor, mask: Tensor, positive: float) -> Tensor:
    """Binary cross-entropy of the closure gain, closed frames weighted by ``positive``."""
    weight = 1.0 + (positive - 1.0) * target
    loss = functional.binary_cross_entropy_with_logits(logits, target, weight, reduction="none")
    return _masked_mean(loss, mask)


def forecast_loss(logits: Tensor, target: Tensor, mask: Tensor, positive: float) -> Tensor:
    """:func:`closure_loss` of what comes after each step: ``logits`` [B, S, F] against the
    ``target`` [B, T] of the F frames behind each step's own, T / S frames a step."""
    frames = target.shape[1] // logits.shape[1]

    def behind(values: Tensor) -> Tensor:
        ahead = functional.pad(values, (0, logits.shape[2]))[:, frames:]
        return ahead.unfold(1, logits.shape[2], frames)[:, : logits.shape[1]]

    return closure_loss(logits, behind(target), behind(mask), positive)


def curve_scale(curves: Tensor, floor: float = 0.02) -> Tensor:
    """Per-channel standard deviation of targets [N, C], floored."""
    return curves.std(dim=0).clamp(min=floor)


__all__ = ["closure_loss", "curve_loss", "curve_scale", "forecast_loss", "label_loss"]
