"""Losses of EmoTalk (section 3.3 of the paper)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from talkface_train.losses.pestalk import class_loss, motion_loss, position_loss

HEARD = ("", "_12", "_21")
CROSSED = ("", "_22")


@dataclass(frozen=True)
class EmoTalkTerms:
    """The paper's weights (equation 2)."""

    cross: float = 1.0
    self_: float = 1.0
    velocity: float = 0.5
    classification: float = 0.1

    def __call__(
        self, answers: Mapping[str, Tensor], batch: Mapping[str, Tensor]
    ) -> dict[str, Tensor]:
        """Weighted terms by name. ``self`` (equation 4), ``velocity`` (5) and ``classification``
        (6) are means over what was said, ``cross`` the sum of both ways (3); ``cross`` and
        ``classification`` only where the answers have them."""
        own = [
            (answers["curves" + s], batch["curves" + s], batch["mask" + s])
            for s in HEARD
            if "curves" + s in answers
        ]
        crossed = [
            (answers["cross" + s], batch["curves" + s], answers["cross_mask" + s])
            for s in CROSSED
            if "cross" + s in answers
        ]
        guessed = [
            class_loss(answers["logits" + s], batch["emotion" + s])
            for s in HEARD
            if "logits" + s in answers
        ]
        terms = {
            "self": self.self_ * _mean([position_loss(*face) for face in own]),
            "velocity": self.velocity * _mean([motion_loss(*face) for face in own + crossed]),
        }
        if crossed:
            both = torch.stack([position_loss(*face) for face in crossed])
            terms["cross"] = self.cross * both.sum()
        if guessed:
            terms["classification"] = self.classification * _mean(guessed)
        return terms


def _mean(values: list[Tensor]) -> Tensor:
    return torch.stack(values).mean()
