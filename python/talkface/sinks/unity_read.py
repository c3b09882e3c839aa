"""Reader of Unity's AnimationClips, ours and animators' (see :mod:`talkface.sinks.unity_anim`).

Curves are cubic between keys, as Unity plays them; weighted tangents are played as unweighted ones.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

from talkface.clip import Clip
from talkface.errors import require
from talkface.retime import frame_rate, grid
from talkface.sinks.tables import named_clip

_PREFIX = "blendShape."
_MIRROR = np.array([1.0, -1.0, -1.0, 1.0])
_OFF_GRID = 1e-2
"""Of a frame: how far a key may be off the clip's sample rate."""

Array = NDArray[np.float64]


def read(path: Path, scale: float = 100.0) -> Clip:
    """Read the blendshape curves of a clip, and the head where it has one rotation curve.

    ``scale`` is a blendshape's full weight. Frames lie on the clip's sample rate, or at the keys'
    own times when those do not. Needs the [formats] extra. ValueError for another file, and when
    curves of several meshes disagree.
    """
    full = float(scale)
    if not full > 0:
        raise ValueError(f"scale must be above 0, not {scale}")
    body = _body(path)
    try:
        curves = _blendshapes(body)
        turns = [_keys(entry) for entry in body.get("m_RotationCurves") or []]
        times, fps = _grid([*curves.values(), *turns], float(body.get("m_SampleRate", 60.0)))
        weights = np.zeros((len(times), len(curves)))
        for index, keys in enumerate(curves.values()):
            weights[:, index] = _sampled(keys, times)[:, 0] / full
        head = _head(turns[0], times) if len(turns) == 1 and len(turns[0][0]) else None
    except KeyError as error:
        raise ValueError(f"{path} is damaged: an entry has no {error.args[0]}") from None
    except (AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"{path} is damaged: {error}") from None
    return named_clip(tuple(curves), weights, times, head, fps=fps)


def _body(path: Path) -> dict[str, Any]:
    yaml = require("yaml", "formats", "reading Unity's .anim")
    try:
        with path.open(encoding="utf-8") as handle:
            document = _built(yaml, handle)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} is not YAML: {str(error).splitlines()[0]}") from None
    body = document.get("AnimationClip") if isinstance(document, dict) else None
    if not isinstance(body, dict):
        raise ValueError(f"{path} is not a Unity AnimationClip")
    return body


def _built(yaml: Any, handle: TextIO) -> Any:
    """The first document: mappings, sequences, and scalars as text.

    Built from PyYAML's events: its loaders take minutes for a minute of curves. Tags and anchors
    say nothing here that the keys do not.
    """
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    stack: list[list[Any]] = [[]]
    for event in yaml.parse(handle, loader):
        if isinstance(event, yaml.ScalarEvent):
            stack[-1].append(event.value)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            stack.append([])
        elif isinstance(event, yaml.MappingEndEvent):
            flat = stack.pop()
            if not all(isinstance(key, str) for key in flat[::2]):
                raise yaml.YAMLError("a key that is not text")
            stack[-1].append(dict(zip(flat[::2], flat[1::2], strict=True)))
        elif isinstance(event, yaml.SequenceEndEvent):
            stack[-2].append(stack.pop())
        elif isinstance(event, yaml.AliasEvent):
            raise yaml.YAMLError("aliases, which Unity does not write")
        elif isinstance(event, yaml.DocumentEndEvent):
            break
    return stack[0][0] if stack[0] else None


def _blendshapes(body: dict[str, Any]) -> dict[str, Any]:
    curves: dict[str, Any] = {}
    for entry in body.get("m_FloatCurves") or []:
        attribute = str(entry["attribute"])
        if not attribute.startswith(_PREFIX):
            continue
        name, keys = attribute.removeprefix(_PREFIX), _keys(entry)
        if name in curves and not all(map(np.array_equal, curves[name], keys)):
            raise ValueError(f"several meshes move {name} differently; keep one")
        curves[name] = keys
    return curves


def _keys(entry: dict[str, Any]) -> tuple[Array, Array, Array, Array]:
    """Times [keys], and values, slopes in and slopes out [keys, width]."""
    rows = entry["curve"]["m_Curve"] or []

    def values(key: str) -> Array:
        found = [row.get(key, 0.0) for row in rows]
        width = max((len(v) for v in found if isinstance(v, dict)), default=1)
        axes = ("x", "y", "z", "w")[:width]
        parts = [[v[a] for a in axes] if isinstance(v, dict) else [v] * width for v in found]
        return np.array(parts, dtype=np.float64).reshape(len(rows), width)

    times = np.array([float(row["time"]) for row in rows])
    value, slope_in, slope_out = values("value"), values("inSlope"), values("outSlope")
    if not (np.isfinite(times).all() and np.isfinite(value).all()):
        raise ValueError("a key is not finite")
    if (np.diff(times) <= 0).any():
        raise ValueError("keys do not grow in time")
    return times, value, slope_in, slope_out


def _grid(curves: list[Any], rate: float) -> tuple[Array, Fraction | None]:
    stamps = [keys[0] for keys in curves if len(keys[0])]
    fps = frame_rate(rate)
    if not stamps:
        return np.zeros(0), fps
    moments = np.unique(np.concatenate(stamps))
    indices = moments * float(fps)
    if np.abs(indices - np.rint(indices)).max() > _OFF_GRID:
        return moments, None
    first, last = round(float(indices[0])), round(float(indices[-1]))
    return grid(first, last, fps), fps


def _sampled(keys: tuple[Array, Array, Array, Array], times: Array) -> Array:
    """Cubic Hermite values [times, width]; held before the first key and after the last."""
    moments, values, slope_in, slope_out = keys
    if not len(moments):
        return np.zeros((len(times), values.shape[1]))
    if len(moments) == 1:
        return np.repeat(values, len(times), axis=0)
    left = np.clip(np.searchsorted(moments, times, side="right") - 1, 0, len(moments) - 2)
    span = np.diff(moments)[left]
    u = np.clip((times - moments[left]) / span, 0.0, 1.0)[:, None]
    start, end = values[left], values[left + 1]
    leaving, coming = slope_out[left], slope_in[left + 1]
    stepped = ~(np.isfinite(leaving) & np.isfinite(coming))
    leaving, coming = (np.where(stepped, 0.0, s) * span[:, None] for s in (leaving, coming))
    curve = (
        (2 * u**3 - 3 * u**2 + 1) * start
        + (u**3 - 2 * u**2 + u) * leaving
        + (3 * u**2 - 2 * u**3) * end
        + (u**3 - u**2) * coming
    )
    return np.where(stepped, np.where(u < 1, start, end), curve)


def _head(keys: tuple[Array, Array, Array, Array], times: Array) -> NDArray[np.float32]:
    turns = _sampled(keys, times) * _MIRROR
    unit: Array = turns / np.linalg.norm(turns, axis=1, keepdims=True)
    return unit.astype(np.float32)
