"""Options of ``talkface`` that an input has no use for: they are refused, not left out."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

MOTION = ("emotion", "emotion_weight", "neutral", "emotion_only", "style", "knob", "seed")
"""What says how sound is animated."""
FACE = ("bundle", "provider", "threads")
"""What animates it."""


def flag(name: str) -> str:
    """An option as it is typed."""
    return "--" + name.replace("_", "-")


def refuse(options: argparse.Namespace, names: Sequence[str], why: str) -> None:
    """ValueError that names those of the options ``names`` that were given, and says ``why``."""
    parser: argparse.ArgumentParser = options.parser
    given = [
        flag(name) for name in names if getattr(options, name, None) != parser.get_default(name)
    ]
    if given:
        raise ValueError(f"{', '.join(given)}: {why}")


def unknown(words: Sequence[str]) -> str:
    """What to say of arguments that a command does not know."""
    text = f"unrecognized arguments: {' '.join(words)}"
    names = {word.split("=", 1)[0] for word in words}
    if names.intersection(map(flag, MOTION)):
        text += " (how sound is animated is said to animate, render, view and live)"
    return text
