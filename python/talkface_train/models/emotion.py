"""Emotion from the features that the lips are read from: what a voice has sounded like lately.

Running means of the features, of their squares and of their frame differences over what is voiced,
forgotten with a time constant, go through a small classifier. Single frames say little about an
emotion and words nothing; the shape of the spectrum, its spread and its liveliness over a few
seconds do (docs/emotion.md).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from talkface.rig import EMOTIONS
from talkface_train.models.frontend import FEATURE_HOP, MELS, SAMPLE_RATE

HEARD = MELS + 1
"""Columns of a feature frame that are listened to: centred bands and loudness."""
SUMS = 1 + 3 * HEARD
MEMORY_SECONDS = 3.0
PRIOR_FRAMES = 20.0
"""Voiced frames of the prior that every mean holds: what a stream that has heard nothing says."""
VOICED_OFFSET = 1.0
KEEP = math.exp(-FEATURE_HOP / SAMPLE_RATE / MEMORY_SECONDS)
SPREAD_FLOOR = 1e-4
LEARNT = ("neutral", "happy", "sad", "angry", "fearful", "disgusted")
BORED = "bored"
"""Told apart from neutral, because it is calmer; as an emotion of the rig it counts as neutral."""
TOLD_APART = (*LEARNT, BORED)
DEAF_ODDS = 5.0
SMOOTHING = 0.1
"""Share of a label that training spreads over all classes (Szegedy et al. 2016)."""
UNHEARD = 0.01
"""Probability of each emotion without training data, always: surprised and contempt."""
VALENCE_AROUSAL = {
    "neutral": (0.0, 0.0),
    "happy": (0.8, 0.5),
    "sad": (-0.6, -0.3),
    "angry": (-0.5, 0.6),
    "fearful": (-0.6, 0.6),
    "disgusted": (-0.6, 0.35),
    "surprised": (0.4, 0.7),
    "contempt": (-0.5, 0.2),
    BORED: (-0.65, -0.62),
}
"""Russell and Mehrabian 1977, "Evidence for a three-factor theory of emotions", rounded; contempt
is a guess. No recording has such labels."""


def affect_table(names: Sequence[str] = EMOTIONS) -> Tensor:
    """VALENCE_AROUSAL as a matrix [names, 2]."""
    return torch.tensor([VALENCE_AROUSAL[name] for name in names])


def weighted_rows(frames: Tensor, before: Tensor) -> Tensor:
    """What each feature frame [B, T, HEARD] adds to the sums [B, T, SUMS]; ``before``: the frames
    one earlier."""
    weight = torch.sigmoid(frames[..., MELS:HEARD] + VOICED_OFFSET)
    parts = [frames, frames * frames, (frames - before).abs()]
    return torch.cat([weight, weight * torch.cat(parts, dim=-1)], dim=-1)


def pooled(sums: Tensor) -> Tensor:
    """Means, spreads and mean differences [N, 3 * HEARD] of sums [N, SUMS], prior included."""
    means = sums[:, 1:] / sums[:, :1]
    mean, square, moved = means.split(HEARD, dim=1)
    spread = (square - mean * mean).clamp(min=SPREAD_FLOOR).sqrt()
    return torch.cat([mean, spread, moved], dim=1)


class Listener(nn.Module):
    """Feature frames and sums to probabilities of the rig's emotions, valence and arousal.

    ``prior`` [1, SUMS]: weight and weighted sums of neutral speech. ``seeds`` classifiers of
    ``hidden`` units each say the mean of their log-odds, side by side in one layer.
    """

    prior: Tensor
    spread: Tensor
    affect: Tensor
    decay: Tensor
    fade: Tensor

    def __init__(self, hidden: int = 144, frames: int = 4) -> None:
        super().__init__()
        self.hidden = nn.Linear(3 * HEARD, hidden)
        self.classes = nn.Linear(hidden, len(TOLD_APART))
        ages = torch.arange(frames - 1, -1, -1, dtype=torch.float32)
        places = torch.zeros(len(TOLD_APART), len(EMOTIONS))
        for row, name in enumerate(TOLD_APART):
            places[row, EMOTIONS.index("neutral" if name == BORED else name)] = 1.0
        unheard = UNHEARD * (places.sum(dim=0) == 0).float()
        spread = (1.0 - unheard.sum()) * places + unheard
        self.register_buffer("prior", torch.zeros(1, SUMS))
        # What is always there is no evidence: valence and arousal are of what was learnt.
        affect = (1.0 - unheard.sum()) * affect_table(TOLD_APART)
        self.register_buffer("spread", torch.cat([spread, affect], dim=1), persistent=False)
        self.register_buffer("decay", (KEEP**ages)[None, None], persistent=False)
        self.register_buffer("fade", torch.tensor(KEEP**frames), persistent=False)

    @classmethod
    def deaf(cls) -> Listener:
        """One that was never trained: it says neutral, whatever it hears."""
        listener = cls()
        with torch.no_grad():
            for parameter in listener.parameters():
                parameter.zero_()
            listener.classes.bias[0] = DEAF_ODDS
            listener.prior[:, 0] = PRIOR_FRAMES
        return listener.eval()

    def logits(self, stats: Tensor) -> Tensor:
        """Log-odds [N, 7] of TOLD_APART, of :func:`pooled` statistics [N, 3 * HEARD]."""
        return self.classes(torch.relu(self.hidden(stats)))

    def answers(self, stats: Tensor) -> Tensor:
        """Probabilities of the rig's emotions, valence and arousal [N, 10].

        A classifier that is sure of smoothed labels still says SMOOTHING / 7 of every class: that
        much is no evidence and is taken off.
        """
        said = torch.relu(self.logits(stats).softmax(dim=1) - SMOOTHING / len(TOLD_APART))
        return (said / said.sum(dim=1, keepdim=True)) @ self.spread

    def forward(self, features: Tensor, sums: Tensor) -> tuple[Tensor, Tensor]:
        """A step's feature frames with the one before them [B, frames + 1, HEARD or more] and sums
        [B, SUMS] to answers [B, 10] and new sums."""
        heard = features[:, :, :HEARD]
        rows = weighted_rows(heard[:, 1:], heard[:, :-1])
        sums = self.fade * sums + (self.decay @ rows).squeeze(1)
        return self.answers(pooled(sums + self.prior)), sums
