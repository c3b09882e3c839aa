"""Emotions that a host directs: names, mixes, timed keys.

A mix holds a share of each of the eight emotions of :data:`talkface.rig.EMOTIONS`; what the others
leave of 1 is neutral's. A direction is a mix and a weight, 0 to 1: how far it replaces the emotion
that is heard. What a host may write:

- ``"auto"``: what is heard;
- a name: one of ours, or one of :data:`ALIASES` (Audio2Face's emotions, Epic's moods, the classes
  of usual recognisers), in any case;
- a mapping of names to shares, ``{"happy": 0.7, "surprised": 0.2}``;
- a sequence of keys, ``(seconds, name, mapping or "auto")``, or with a weight of its own as a third
  value; between keys mix and weight go linearly, the last key holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

from talkface.documents import read_text
from talkface.rig import EMOTIONS
from talkface.script.timed import FARTHEST, number, parse_json

Mix: TypeAlias = tuple[float, ...]
Emotion: TypeAlias = str | Mapping[str, float] | Sequence[Any]

AUTO = "auto"
NEUTRAL: Mix = (1.0, *(0.0 for _ in EMOTIONS[1:]))
SLACK = 1e-6

ALIASES: dict[str, dict[str, float]] = {
    # Audio2Face
    "amazement": {"surprised": 0.7, "happy": 0.3},
    "anger": {"angry": 1.0},
    "cheekiness": {"happy": 0.6, "contempt": 0.2},
    "disgust": {"disgusted": 1.0},
    "fear": {"fearful": 1.0},
    "grief": {"sad": 1.0},
    "joy": {"happy": 1.0},
    "outofbreath": {"surprised": 0.2, "fearful": 0.2},
    "pain": {"sad": 0.4, "angry": 0.2, "disgusted": 0.3},
    "sadness": {"sad": 1.0},
    # Epic's moods
    "surprise": {"surprised": 1.0},
    "confident": {"happy": 0.2, "contempt": 0.1},
    "excited": {"happy": 0.7, "surprised": 0.3},
    "bored": {"sad": 0.2, "contempt": 0.2},
    "playful": {"happy": 0.7, "contempt": 0.1},
    "confused": {"surprised": 0.3, "fearful": 0.2},
    # recognisers of 4 to 8 classes
    "calm": {"neutral": 1.0},
    "happiness": {"happy": 1.0},
    "excitement": {"happy": 0.7, "surprised": 0.3},
    "frustration": {"angry": 0.5, "sad": 0.2},
    "frustrated": {"angry": 0.5, "sad": 0.2},
    "boredom": {"sad": 0.2, "contempt": 0.2},
    "contemptuous": {"contempt": 1.0},
    "scared": {"fearful": 1.0},
    "neu": {"neutral": 1.0},
    "hap": {"happy": 1.0},
    "exc": {"happy": 0.7, "surprised": 0.3},
    "ang": {"angry": 1.0},
    "fru": {"angry": 0.5, "sad": 0.2},
    "fea": {"fearful": 1.0},
    "dis": {"disgusted": 1.0},
    "sur": {"surprised": 1.0},
    "con": {"contempt": 1.0},
    "other": {"neutral": 1.0},
    "unknown": {"neutral": 1.0},
}
"""Other people's names, as mixes of ours."""


@dataclass(frozen=True)
class Key:
    """A direction at a time: ``seconds`` of the input, ``mix`` of eight, ``weight`` 0 to 1."""

    seconds: float
    mix: Mix
    weight: float


def as_weight(value: Any) -> float:
    """A weight; ValueError for anything but a number from 0 to 1."""
    weight = number(value, "an emotion's weight")
    if not 0 <= weight <= 1:
        raise ValueError(f"an emotion's weight must be 0 to 1, not {weight:g}")
    return weight


def is_auto(emotion: Any) -> bool:
    """Whether this says: show what is heard."""
    return isinstance(emotion, str) and emotion.strip().lower() in (AUTO, "autodetect")


def as_mix(emotion: Any) -> Mix:
    """Shares of the eight emotions, neutral's included, of a name or a mapping of names.

    Raises ValueError for an unknown name, a share outside [0, 1] and shares that sum to more than
    1; TypeError for something else.
    """
    if isinstance(emotion, str):
        emotion = {emotion: 1.0}
    if not isinstance(emotion, Mapping):
        raise TypeError(f"an emotion must be a name or a mapping of names, not {emotion!r}")
    shares = dict.fromkeys(EMOTIONS, 0.0)
    total = 0.0
    for name, value in emotion.items():
        share = number(value, f"the share of {name!r}")
        if not 0 <= share <= 1:
            raise ValueError(f"the share of {name!r} must be 0 to 1, not {share:g}")
        total += share
        for ours, part in _parts(name).items():
            shares[ours] += share * part
    if total > 1 + SLACK:
        raise ValueError(f"the shares of an emotion must sum to at most 1, not {total:g}")
    shown = [min(shares[name], 1.0) for name in EMOTIONS[1:]]
    return (max(1.0 - sum(shown), 0.0), *shown)


def constant(emotion: Emotion, weight: float | None = None) -> tuple[Mix, float]:
    """Mix and weight of ``"auto"``, a name or a mapping; the weight is 1 unless given."""
    if is_auto(emotion):
        return NEUTRAL, 0.0
    return as_mix(emotion), 1.0 if weight is None else as_weight(weight)


def is_timed(emotion: Any) -> bool:
    """Whether this is a sequence of keys."""
    return isinstance(emotion, Sequence) and not isinstance(emotion, str)


def as_keys(keys: Iterable[Any], weight: float | None = None) -> list[Key]:
    """Keys of ``(seconds, emotion)`` or ``(seconds, emotion, weight)``, in time order.

    ``weight``: of those that give none, 1 by default. Next to an ``"auto"`` key its neighbours' mix
    stays and only the weight moves. Raises ValueError or TypeError for what cannot be.
    """
    rows = [_row(item, weight) for item in keys]
    for (before, *_), (after, *_) in pairwise(rows):
        if after < before:
            raise ValueError(f"keys must be in time order: {before:g}, {after:g}")
    made: list[Key] = []
    for index, (seconds, mix, share) in enumerate(rows):
        if mix is not None:
            made.append(Key(seconds, mix, share))
            continue
        around = [rows[i][1] for i in (index - 1, index + 1) if 0 <= i < len(rows)]
        found = [mix for mix in around if mix is not None] or [NEUTRAL]
        made += [Key(seconds, mix, 0.0) for mix in dict.fromkeys(found)]
    return made


def in_samples(keys: Iterable[Key], rate: int) -> list[tuple[int, Mix, float]]:
    """Keys as the core takes them: positions at the sample rate."""
    return [(round(key.seconds * rate), key.mix, key.weight) for key in keys]


def directed(emotion: Emotion, weight: float | None = None) -> list[Key]:
    """Any emotion as keys; nothing for ``"auto"``."""
    if is_timed(emotion):
        return as_keys(emotion, weight)
    mix, share = constant(emotion, weight)
    return [Key(0.0, mix, share)] if share > 0 else []


def from_text(text: str) -> Emotion:
    """What the shell takes: ``auto``, ``happy``, ``happy:0.7,surprised:0.2`` or a .json file.

    The file holds what :mod:`talkface.emotion` describes: keys, a mapping or a name. Raises
    FileNotFoundError for a missing file, ValueError for what cannot be.
    """
    if text.lower().endswith(".json"):
        made: Emotion = parse_json(read_text(Path(text)))
        directed(made)
        return made
    if ":" not in text:
        return text.strip()
    shares: dict[str, float] = {}
    for part in text.split(","):
        name, sign, share = part.partition(":")
        if not sign or name.strip() in shares:
            raise ValueError(f"not an emotion: {text!r} (write happy:0.7,surprised:0.2)")
        shares[name.strip()] = number(share, f"the share of {name.strip()!r}")
    return shares


def _parts(name: Any) -> dict[str, float]:
    key = str(name).strip().lower()
    if key in EMOTIONS:
        return {key: 1.0}
    if key in ALIASES:
        return ALIASES[key]
    raise ValueError(f"no emotion {name!r}; there are {', '.join(EMOTIONS)}, and 'auto'")


def _row(item: Any, weight: float | None) -> tuple[float, Mix | None, float]:
    if isinstance(item, Key):
        return _time(item.seconds), item.mix, as_weight(item.weight)
    if not isinstance(item, Sequence) or isinstance(item, str) or len(item) not in (2, 3):
        raise ValueError(f"a key must be (seconds, emotion) or with a weight, not {item!r}")
    seconds = _time(item[0])
    if is_auto(item[1]):
        return seconds, None, 0.0
    own = item[2] if len(item) == 3 else weight
    mix, share = constant(item[1], own)
    return seconds, mix, share


def _time(value: Any) -> float:
    seconds = number(value, "a key's time")
    if not 0 <= seconds <= FARTHEST:
        raise ValueError(f"a key's time must be 0 or later, not {seconds:g}")
    return seconds
