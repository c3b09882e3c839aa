"""Losses as pure functions of tensors."""

from talkface_train.losses.speech import closure_loss, curve_loss, label_loss

__all__ = ["closure_loss", "curve_loss", "label_loss"]
