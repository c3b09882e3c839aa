"""Acted emotions to learn from and to be asked about: EmoDB, and neutral speech of other sets.

EmoDB is Burkhardt et al. 2005, "A database of German emotional speech"; its boredom is none of the
rig's emotions: it is learnt as what is calmer than neutral, and never asked about.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from talkface_train.data import augment, real
from talkface_train.degrade import coloured, mix
from talkface_train.models.emotion import BORED

ACTED = {
    "neutral": "neutral",
    "happiness": "happy",
    "sadness": "sad",
    "anger": "angry",
    "fear": "fearful",
    "disgust": "disgusted",
}
"""EmoDB's emotions as the rig's."""
BOREDOM = "boredom"
NEUTRAL_SETS = {
    "librispeech": 48,
    "vctk": 27,
    "ljspeech": 30,
    "kathleen_arctic": 20,
    "grid_s1": 60,
    "speechocean762": 80,
}
"""Read speech that counts as neutral, and how many clips of each: one language and eight voices
would else stand for everybody."""
LONGEST_SECONDS = 5.0
SPEED_SPREAD = 0.2
"""Largest logarithm of a variant's speed, and pitch with it: there are only eight voices."""

Audio = NDArray[np.float32]


@dataclass(frozen=True)
class ActedClip:
    """A recording with one emotion; ``speaker`` is one of EmoDB's, or the set of a neutral clip."""

    path: Path
    speaker: str
    emotion: str


def acted_clips(root: Path, split: str | None = None, bored: bool = False) -> list[ActedClip]:
    """EmoDB's clips of the emotions in ACTED, of one split or all; ``bored``: and its boredom."""
    names = {**ACTED, BOREDOM: BORED} if bored else ACTED
    with (root / "emodb" / "labels.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    return [
        ActedClip(root / "emodb" / "audio" / row["file"], row["speaker"], names[row["emotion"]])
        for row in rows
        if row["emotion"] in names
        and (split is None or real.split_of(root, "emodb", row["file"]) == split)
    ]


def neutral_clips(root: Path, generator: np.random.Generator) -> list[ActedClip]:
    """Some clips of the training part of NEUTRAL_SETS."""
    clips = []
    for name, count in NEUTRAL_SETS.items():
        recordings = real.load(root, name, "train")
        chosen = generator.permutation(len(recordings))[:count]
        clips += [ActedClip(recordings[i].path, name, "neutral") for i in sorted(chosen)]
    return clips


def variant(audio: Audio, generator: np.random.Generator) -> Audio:
    """The clip as somebody else might have recorded it: another speed, room, microphone, noise.

    Milder than what lips are learnt from: emotions lie in the colour of a voice, and strong
    equalisers, rooms and noise take more of it than they teach.
    """
    audio = augment.speed(audio, float(np.exp(generator.uniform(-SPEED_SPREAD, SPEED_SPREAD))))
    if generator.random() < 0.1:
        audio = augment.reverberate(audio, generator)
    if generator.random() < 0.7:
        audio = augment.tilted(audio, float(generator.uniform(-0.5, 0.5)))
    if generator.random() < 0.8:
        audio = mix(audio, coloured(len(audio), generator), generator.uniform(10, 40))
    return augment.set_level(audio, generator.uniform(-45, -10))
