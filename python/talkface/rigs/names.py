"""Spellings of the 52 ARKit names and of the 15 visemes, and names matched whatever their order.

Facts: anchors-sdk.md 7b. A name is read without its path (all up to the last ``.``, ``|`` or
``:``), without a known prefix, and without case, ``_``, ``-`` and spaces; ``L`` and ``R`` at its
end are left and right, always the character's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from talkface.rig import CHANNELS, LIVE_LINK_CSV_COLUMNS, VISEMES

PREFIXES = (r"bs", r"blend_?shapes?\d*", r"arkit", r"face", r"head", r"shape", r"morph", r"a\d\d")
"""Prefixes that are taken off, each a pattern before ``_``: ``BS_``, ``head_blendShapes_``,
``A25_`` (Character Creator 3 numbers its ARKit shapes so)."""

_PREFIX = re.compile(rf"^(?:{'|'.join(PREFIXES)})_", re.IGNORECASE)
_PATH = re.compile(r"^.*[.|:]")
_FILLER = re.compile(r"[_\-\s]")
_SIDES = (("left", "l"), ("right", "r"))


def bare(name: str) -> str:
    """A name without its path, prefixes, case and filler: ``blendShape1.eyeBlink_L`` is
    ``eyeblinkl``."""
    name = _PATH.sub("", name.strip())
    shorter = _PREFIX.sub("", name)
    while shorter != name:
        name, shorter = shorter, _PREFIX.sub("", shorter)
    return _FILLER.sub("", name).lower()


def _spellings() -> dict[str, str]:
    table = {}
    for name in CHANNELS:
        key = name.lower()
        table[key] = name
        for long, short in _SIDES:
            if key.endswith(long):
                table[key.removesuffix(long) + short] = name
    return table


_ARKIT = _spellings()
_VISEME = {
    **{name.lower(): name for name in VISEMES},
    **{name.lower(): short for name, short in (("ih", "I"), ("oh", "O"), ("ou", "U"))},
}


def channel_name(name: str) -> str | None:
    """The ARKit channel that ``name`` spells, or None."""
    return _ARKIT.get(bare(name))


def viseme_name(name: str) -> str | None:
    """The viseme that ``name`` spells (``viseme_PP``, ``vrc.v_pp``, ``ih`` for ``I``), or None."""
    name = _PATH.sub("", name.strip()).lower()
    return _VISEME.get(name.removeprefix("viseme_").removeprefix("v_"))


@dataclass(frozen=True)
class Match:
    """Which given names a rig knows.

    ``matched``: the rig's name of each given name that is known, in the given order.
    ``unmatched``: given names that the rig does not know.
    ``missing``: names of the rig that were not given.
    """

    matched: dict[str, str]
    unmatched: tuple[str, ...]
    missing: tuple[str, ...]


def match(
    names: Iterable[str],
    known: Iterable[str] = CHANNELS,
    spelled: Callable[[str], str | None] = channel_name,
) -> Match:
    """Match names with a rig's, whatever their order and spelling.

    ``spelled`` gives the rig's name of a spelling, or None. Raises ValueError when two names spell
    the same one.
    """
    matched: dict[str, str] = {}
    unmatched = []
    first: dict[str, str] = {}
    wanted = tuple(known)
    for name in names:
        found = spelled(name)
        if found is None or found not in wanted:
            unmatched.append(name)
            continue
        if found in first:
            raise ValueError(f"{first[found]!r} and {name!r} both name {found}; leave one out")
        first[found] = name
        matched[name] = found
    return Match(matched, tuple(unmatched), tuple(name for name in wanted if name not in first))


def pascal(name: str) -> str:
    """``EyeBlinkLeft``: Unreal, Live Link, Audio2Face."""
    return name[0].upper() + name[1:]


def sided(name: str) -> str:
    """``eyeBlink_L``: Unity's ARKit sample and exports from Maya."""
    for long, short in _SIDES:
        side = long.capitalize()
        if name.endswith(side):
            return f"{name.removesuffix(side)}_{short.upper()}"
    return name


APP_ORDER: tuple[str, ...] = tuple(
    name[0].lower() + name[1:] for name in LIVE_LINK_CSV_COLUMNS[: len(CHANNELS)]
)
"""The 52 as the Live Link Face app's CSV has them: right before left of jaw and mouth."""

ALPHABETICAL: tuple[str, ...] = tuple(sorted(CHANNELS))
"""The 52 as most papers have them."""

MEDIAPIPE: tuple[str, ...] = ("_neutral", *(n for n in ALPHABETICAL if n != "tongueOut"))
"""The 52 of MediaPipe's Face Landmarker: ``_neutral`` first, no tongueOut."""
