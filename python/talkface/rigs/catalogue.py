"""The rigs that TalkFace knows, each as a map from ARKit's 52 channels, and how to tell them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from importlib.resources import files

import numpy as np

from talkface.clip import Clip
from talkface.rig import CHANNELS
from talkface.rigs.names import (
    ALPHABETICAL,
    APP_ORDER,
    MEDIAPIPE,
    Match,
    channel_name,
    match,
    pascal,
    sided,
    viseme_name,
)
from talkface.rigs.rig_map import RigMap, Row, parse_map, renamed

_MOST = 51
"""Channels that make a rig an ARKit one with more besides; MediaPipe and meshes without a tongue
have 51."""


def _mediapipe() -> RigMap:
    rest = Row("_neutral", {}, why="neutral: MediaPipe's measure of its own rest pose")
    shapes = {name: name for name in MEDIAPIPE if name in CHANNELS}
    rows = renamed("mediapipe", shapes, "").rows
    return RigMap("mediapipe", (rest, *rows), "MediaPipe: _neutral first, no tongueOut")


def _spelled(
    name: str, doc: str, order: Iterable[str] = CHANNELS, spell: Callable[[str], str] = str
) -> Callable[[], RigMap]:
    return lambda: renamed(name, {spell(channel): channel for channel in order}, doc)


def _words(name: str) -> str:
    words = "".join(f"_{c}" if c.isupper() else c for c in pascal(name)).removeprefix("_")
    return words.replace("Left", "L").replace("Right", "R")


def _stored(name: str) -> Callable[[], RigMap]:
    def read() -> RigMap:
        text = (files("talkface.rigs") / "data" / f"{name}.json").read_text("utf-8")
        return parse_map(json.loads(text), name)

    return read


def _dna() -> RigMap:
    rows = (
        replace(row, target=row.target.replace("CTRL_expressions_", "CTRL_expressions."))
        for row in rig("metahuman").rows
    )
    return RigMap("metahuman-dna", tuple(rows), "The same as a DNA file has them, with a dot")


_MAKERS: dict[str, Callable[[], RigMap]] = {
    "arkit": _spelled("arkit", "Apple's 52, jawOpen, in Live Link UDP order"),
    "arkit-app": _spelled("arkit-app", "JawOpen, in the phone app's CSV order", APP_ORDER, pascal),
    "arkit-alphabetical": _spelled("arkit-alphabetical", "jawOpen, by the alphabet", ALPHABETICAL),
    "arkit-pascal": _spelled("arkit-pascal", "JawOpen: Unreal, Audio2Face", CHANNELS, pascal),
    "arkit-sided": _spelled("arkit-sided", "eyeBlink_L: Unity's sample, Maya", CHANNELS, sided),
    "arkit-words": _spelled("arkit-words", "Eye_Blink_L: words joined by _", CHANNELS, _words),
    "mediapipe": _mediapipe,
    **{
        name: _stored(name)
        for name in (
            "cc4", "metahuman", "oculus15", "vrm0", "vrm1", "readyplayerme", "readyplayerme-extras",
        )
    },
    "metahuman-dna": _dna,
}  # fmt: skip

RIGS: tuple[str, ...] = tuple(_MAKERS)
"""Names of the rigs that :func:`rig` knows."""


@cache
def rig(name: str) -> RigMap:
    """The map from ARKit's 52 (oculus15: from visemes) to a rig; ValueError for an unknown name."""
    if name not in _MAKERS:
        raise ValueError(f"no rig {name!r}; there are {', '.join(RIGS)} (or give a map's .json)")
    return _MAKERS[name]()


def onto(rig_map: RigMap, names: Iterable[str]) -> tuple[RigMap, Match]:
    """The map onto an avatar's own target names, and what matched.

    A name is known by its exact text, else as ARKit's or a viseme's in any spelling; targets that
    the avatar lacks are left out, and names that the map lacks stay at rest. ValueError when
    nothing matches.
    """
    given = tuple(names)
    by_key = {_key(target): target for target in rig_map.targets}

    def spelled(name: str) -> str | None:
        return name if name in rig_map.targets else by_key.get(_key(name))

    found = match(given, rig_map.targets, spelled)
    if not found.matched:
        raise ValueError(
            f"none of the {len(given)} targets is of rig {rig_map.name!r}: "
            f"{', '.join(given[:5]) or 'there are none'}"
        )
    rows = {row.target: row for row in rig_map.rows}
    mine = tuple(
        replace(rows[found.matched[name]], target=name)
        if name in found.matched
        else Row(name, {}, why=f"neutral: not of {rig_map.name}")
        for name in given
    )
    return RigMap(rig_map.name, mine, rig_map.doc), found


def _key(name: str) -> str:
    viseme = viseme_name(name)
    return channel_name(name) or (f"viseme_{viseme}" if viseme else name)


def identify(names: Iterable[str]) -> str | None:
    """The rig that ``names`` are of, or None.

    ``arkit`` when all names are ARKit's in some spelling, or at least 51 of its channels are there;
    else the rig that knows the most of them, when that is at least half.
    """
    given = [name for name in names if name != MEDIAPIPE[0]]
    if not given:
        return None
    spelled = [channel_name(name) for name in given]
    known = len(set(spelled) - {None})
    if None not in spelled or known >= _MOST:
        return "arkit"
    scores = {name: _share(given, name) for name in _TOLD_APART}
    best = max(scores, key=lambda name: scores[name])
    share = known / len(given)
    if share >= 0.5 and share >= scores[best]:
        return "arkit"
    return best if scores[best] >= 0.5 else None


_TOLD_APART = (
    "cc4", "metahuman", "metahuman-dna", "oculus15", "vrm0", "vrm1", "readyplayerme-extras",
)  # fmt: skip


def _share(names: list[str], rig_name: str) -> float:
    targets = {target.lower() for target in rig(rig_name).targets}
    return sum(bool({name.lower(), _key(name).lower()} & targets) for name in names) / len(names)


def to_arkit(clip: Clip) -> tuple[Clip, Match]:
    """The clip on ARKit's 52 channels, columns by name in any spelling and order; channels that it
    lacks are 0. ValueError when two columns name the same channel, or none names any."""
    found = match(clip.channels)
    if not found.matched and clip.channels:
        raise ValueError(
            f"none of the {len(clip.channels)} channels is ARKit's: {', '.join(clip.channels[:5])}"
        )
    weights = np.zeros((len(clip), len(CHANNELS)), dtype=np.float32)
    for index, name in enumerate(clip.channels):
        if name in found.matched:
            weights[:, CHANNELS.index(found.matched[name])] = clip.weights[:, index]
    return replace(clip, weights=weights, channels=CHANNELS), found


def arkit_clip(clip: Clip, what: str) -> Clip:
    """The clip on ARKit's 52 for ``what``, which needs them all; ValueError when some are missing
    (MediaPipe's lack of tongueOut is allowed)."""
    if clip.channels == CHANNELS:
        return clip
    found = match(clip.channels)
    missing = [name for name in found.missing if name != "tongueOut"]
    if missing:
        raise ValueError(
            f"{what} needs ARKit's 52 channels, and the clip lacks {len(missing)} of them "
            f"({', '.join(missing[:3])}{', ...' if len(missing) > 3 else ''}): "
            "write a format that holds any rig (--to table-csv, a2f-csv, .json, .npz), or bring "
            "the clip back by talkface convert --rig arkit, where its rig holds enough for that"
        )
    return to_arkit(clip)[0]
