"""The table of post-processing parameters."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Knob:
    """A parameter of the post-processing; ``doc`` is one sentence."""

    name: str
    default: float
    minimum: float
    maximum: float
    doc: str


def table() -> tuple[Knob, ...]:
    """All knobs, as the C++ runtime lists them."""
    from talkface import _core

    return tuple(Knob(*row) for row in _core.knobs())
