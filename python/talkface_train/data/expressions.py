"""What emotions do to a face: EMFACS prototypes as ARKit channels, people, and how both go with
speech. Targets that the expression network is trained towards.

Prototypes and the map from action units to channels are those of papers-and-metrics.md 6.4
(EMFACS; Ekman, Friesen, Hager 2002, "Facial Action Coding System: Investigator's Guide"); full
intensity lies at 0.6 to 0.8 there, so that nothing is pinned. Smaller values beside the prototypes
(a squint in joy, a wrinkled nose in anger) are ours, chosen by looking at docs/images/emotions.png.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from talkface.rig import CHANNELS, EMOTIONS

BOTH: dict[str, dict[str, float]] = {
    "happy": {  # 6 + 12
        "mouthSmile": 0.7, "cheekSquint": 0.65, "eyeSquint": 0.3, "mouthDimple": 0.15,
        "mouthUpperUp": 0.15, "browOuterUp": 0.12,
    },
    "sad": {  # 1 + 4 + 15, with a little of 17
        "browInnerUp": 0.75, "browDown": 0.25, "mouthFrown": 0.5, "eyeSquint": 0.2,
        "mouthShrugLower": 0.3, "mouthLowerDown": 0.05,
    },
    "angry": {  # 4 + 5 + 7 + 23
        "browDown": 0.8, "eyeWide": 0.25, "eyeSquint": 0.5, "noseSneer": 0.2,
        "mouthPress": 0.3, "mouthFrown": 0.2, "jawForward": 0.15, "cheekSquint": 0.15,
    },
    "fearful": {  # 1 + 2 + 4 + 5 + 7 + 20 + 26
        "browInnerUp": 0.75, "browOuterUp": 0.4, "browDown": 0.2, "eyeWide": 0.7,
        "mouthStretch": 0.35, "mouthFrown": 0.1, "jawOpen": 0.15,
    },
    "disgusted": {  # 9 + 15 + 16 + 17
        "noseSneer": 0.75, "browDown": 0.4, "eyeSquint": 0.4, "cheekSquint": 0.35,
        "mouthFrown": 0.4, "mouthUpperUp": 0.2, "mouthLowerDown": 0.08, "mouthShrugLower": 0.3,
    },
    "surprised": {  # 1 + 2 + 5 + 26
        "browInnerUp": 0.8, "browOuterUp": 0.75, "eyeWide": 0.65, "jawOpen": 0.25,
    },
    "contempt": {"eyeSquint": 0.2},  # R12 + R14: below
}  # fmt: skip
"""Full intensity of each emotion, left and right alike where a channel has two sides."""
ONE_SIDED: dict[str, dict[str, float]] = {
    "contempt": {"mouthSmileRight": 0.3, "mouthDimpleRight": 0.4, "browOuterUpLeft": 0.35},
}
FACS_LEVELS = (0.0, 0.1, 0.3, 0.55, 0.8, 1.0)
"""None, trace, slight, marked, severe, maximum (FACS A to E; papers-and-metrics.md 6.4)."""
UPPER = ("brow", "eye", "cheekSquint", "noseSneer")
CORNERS = ("mouthSmile", "mouthFrown", "mouthDimple", "mouthStretch")
LIPS_IN_SPEECH = 0.5
"""What is left of the corners of the mouth while somebody speaks; of lips and jaw, nothing."""
CALM_LEVEL = 0.85
ACCENT = 0.3
"""Of full intensity: brows and lids between stresses, and what the strongest stress adds."""


def channels() -> tuple[str, ...]:
    """Channels that any emotion moves, in the rig's order."""
    moved = {name for table in BOTH.values() for name in table}
    single = {name for table in ONE_SIDED.values() for name in table}
    return tuple(c for c in CHANNELS if c in single or c in moved or _stem(c) in moved)


def prototypes() -> NDArray[np.float32]:
    """Full intensity [8, channels] of each of the rig's emotions; neutral is 0."""
    table = np.zeros((len(EMOTIONS), len(channels())), dtype=np.float32)
    for row, emotion in enumerate(EMOTIONS):
        for column, channel in enumerate(channels()):
            both = BOTH.get(emotion, {})
            value = both.get(channel, both.get(_stem(channel), 0.0))
            table[row, column] = ONE_SIDED.get(emotion, {}).get(channel, value)
    return table


def intensity(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Share of full intensity at each weight of an emotion, by the steps of FACS."""
    levels = np.interp(weights, np.linspace(0, 1, len(FACS_LEVELS)), FACS_LEVELS)
    return levels.astype(np.float32)


def regions() -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which of :func:`channels` belong to the upper face, and which to the mouth's corners."""
    names = channels()
    upper = np.array([name.startswith(UPPER) for name in names])
    corners = np.array([name.startswith(CORNERS) for name in names])
    return upper, corners


@dataclass(frozen=True)
class Person:
    """How somebody shows and speaks: ``upper`` and ``mouth``, strength of expression; ``lean``, how
    much more of it on the left; ``jaw``, ``spread``, ``rounding`` and ``lips``, gains of speech."""

    name: str
    upper: float = 1.0
    mouth: float = 1.0
    lean: float = 0.0
    jaw: float = 1.0
    spread: float = 1.0
    rounding: float = 1.0
    lips: float = 1.0


PEOPLE = (
    Person("average"),
    Person("reserved", 0.6, 0.55, -0.08, 0.7, 0.75, 0.85, 0.8),
    Person("lively", 1.2, 1.2, 0.06, 1.25, 1.2, 1.15, 1.15),
    Person("crisp", 0.9, 0.8, 0.1, 0.8, 1.25, 1.25, 1.35),
    Person("relaxed", 0.8, 1.05, -0.12, 1.15, 0.8, 0.65, 0.75),
    Person("wry", 1.0, 0.9, 0.22, 0.95, 1.1, 0.9, 1.0),
)
"""Who the bundle knows; any mixture of them is a person too. Ranges of the gains: dials of 0.35 to
1 over speech and asymmetries of 5 to 15 % are usual (papers-and-metrics.md 6.2, 6.4)."""


def strengths(person: Person) -> NDArray[np.float32]:
    """Gain of each of :func:`channels`."""
    upper, _ = regions()
    gains = np.where(upper, person.upper, person.mouth)
    sides = [_side(name) for name in channels()]
    return (gains * (1.0 + person.lean * np.array(sides))).astype(np.float32)


def articulation_gains(person: Person, names: tuple[str, ...]) -> NDArray[np.float32]:
    """Gain of each ARKit channel that speech drives."""
    gains = []
    for name in names:
        if name.startswith("jaw") or name == "mouthClose":
            gain = person.jaw
        elif name.startswith(("mouthStretch", "mouthSmile", "mouthDimple")):
            gain = person.spread
        elif name.startswith(("mouthPucker", "mouthFunnel")):
            gain = person.rounding
        else:
            gain = person.lips
        gains.append(gain * (1.0 + person.lean * _side(name)))
    return np.array(gains, dtype=np.float32)


def targets(
    mix: NDArray[np.float32],
    voice: NDArray[np.float32],
    stress: NDArray[np.float32],
    person: Person,
) -> NDArray[np.float32]:
    """Expression [T, channels] of a mixture [T, 8] of emotions in somebody who speaks as much as
    ``voice`` [T] in [0, 1] says, with stresses [T] in [0, 1]."""
    upper, corners = regions()
    full = intensity(mix) @ prototypes() * strengths(person)
    spoken = np.where(upper, 1.0, np.where(corners, LIPS_IN_SPEECH, 0.0))
    kept = 1.0 - voice[:, None] * (1.0 - spoken)
    level = 1.0 - voice * (1.0 - CALM_LEVEL) + ACCENT * voice * stress
    out = full * kept * np.where(upper, level[:, None], 1.0)
    return np.clip(out, 0.0, 0.95).astype(np.float32)


def _stem(name: str) -> str:
    return name.removesuffix("Left").removesuffix("Right")


def _side(name: str) -> float:
    return 1.0 if name.endswith("Left") else -1.0 if name.endswith("Right") else 0.0
