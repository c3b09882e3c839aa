"""The bundles that ship, by name: how each is made and what its card says of it."""

from __future__ import annotations

from dataclasses import dataclass

from talkface_export.recipe import Plan


@dataclass(frozen=True)
class Preset:
    """``version``: of the bundle; ``label``: behind its name in the card's title."""

    plan: Plan
    version: str
    label: str = ""


PRESETS = {
    "default": Preset(Plan(), "1.7.0"),
    "low_latency": Preset(
        Plan(partner_width=0, short_look_ahead=640, short_steps=3000),
        "1.0.0",
        "lower quality, for conversation",
    ),
}
"""All begin with the same student."""
