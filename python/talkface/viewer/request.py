"""What the page asks for: checked, and as ``TalkFace.animate`` takes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from talkface.emotion import Emotion, directed
from talkface.face import check_seed
from talkface.knobs import table
from talkface.style import MAX_BYTES


@dataclass(frozen=True)
class Request:
    """Options of one animation.

    ``bundle``: a name that the session lists. ``identity``: one of the bundle's; ``style``: a style
    file's name and JSON text, instead of it. ``emotion``, ``emotion_weight``, ``seed``, ``knobs``,
    ``raw``: as in :meth:`talkface.TalkFace.animate`.
    """

    bundle: str = "default"
    identity: str = ""
    style: Mapping[str, str] | None = None
    emotion: Emotion = "auto"
    emotion_weight: float | None = None
    seed: int = 0
    knobs: Mapping[str, float] = field(default_factory=dict)
    raw: bool = False

    def options(self) -> dict[str, Any]:
        """Keyword arguments of ``animate``."""
        return {
            "emotion": self.emotion,
            "emotion_weight": self.emotion_weight,
            "seed": self.seed,
            "knobs": dict(self.knobs),
            "raw": self.raw,
        }

    def style_document(self) -> dict[str, Any] | None:
        """The style for ``TalkFace``; None for the bundle's first identity as it is."""
        if self.style is not None:
            return _style(self.style["text"])
        if self.identity:
            return {"talkface_style": 1, "identities": {self.identity: 1.0}}
        return None


def parse(document: Any) -> Request:
    """A request from the page's JSON object; missing parts have their defaults.

    Raises ValueError or TypeError that says which part cannot be.
    """
    if not isinstance(document, Mapping):
        raise TypeError("the request must be a JSON object")
    known = Request.__dataclass_fields__
    odd = sorted(set(document) - set(known))
    if odd:
        raise ValueError(f"the request has no part {', '.join(odd)}; it has {', '.join(known)}")
    made = replace(Request(), **document)
    for name in ("bundle", "identity"):
        if not isinstance(getattr(made, name), str):
            raise TypeError(f"{name} must be a name")
    if not isinstance(made.raw, bool):
        raise TypeError("raw must be true or false")
    if isinstance(made.seed, bool) or not isinstance(made.seed, int):
        raise TypeError("seed must be a whole number")
    check_seed(made.seed)
    _check_knobs(made.knobs)
    _check_style(made.style)
    directed(made.emotion, made.emotion_weight)
    return made


def _check_knobs(knobs: Any) -> None:
    if not isinstance(knobs, Mapping):
        raise TypeError("knobs must be a mapping of names to numbers")
    limits = {knob.name: knob for knob in table()}
    for name, value in knobs.items():
        if name not in limits:
            raise ValueError(f"no knob {name!r}; there are {', '.join(limits)}")
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise TypeError(f"{name} must be a number, not {value!r}")
        low, high = limits[name].minimum, limits[name].maximum
        if not low <= value <= high:
            raise ValueError(f"{name} must be {low:g} to {high:g}, not {value:g}")


def _check_style(style: Any) -> None:
    if style is None:
        return
    if not isinstance(style, Mapping) or not all(
        isinstance(style.get(key), str) for key in ("name", "text")
    ):
        raise TypeError("style must have a name and a text")
    _style(style["text"])


def _style(text: str) -> dict[str, Any]:
    if len(text.encode()) > MAX_BYTES:
        raise ValueError("a style file has at most 64 KiB")
    try:
        document = json.loads(text)
    except ValueError as error:
        raise ValueError(f"the style file is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise ValueError("the style file must hold a JSON object (docs/emotion.md)")
    return document
