"""The table of post-processing parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Knob:
    """A parameter of the post-processing; ``doc`` is one sentence."""

    name: str
    default: float
    minimum: float
    maximum: float
    doc: str


@cache
def table() -> tuple[Knob, ...]:
    """All knobs, as the C++ runtime lists them."""
    from talkface import _core

    return tuple(Knob(*row) for row in _core.knobs())


def known(name: str) -> str:
    """``name`` if it is a knob's; ValueError that lists the knobs otherwise."""
    names = [knob.name for knob in table()]
    if name not in names:
        raise ValueError(f"no knob {name!r}; there are {', '.join(names)}")
    return name


def as_pairs(knobs: Mapping[str, float] | None) -> list[tuple[str, float]]:
    """Knobs as the core takes them; ValueError for an unknown name."""
    return [(known(name), float(value)) for name, value in (knobs or {}).items()]
