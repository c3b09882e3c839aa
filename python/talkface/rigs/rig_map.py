"""A named, linear map between two rigs, by names alone (architecture.md, glossary: rig map).

Each target is ``neutral + sum(weight * source)``, clipped to the target's range where it has one.
As JSON (docs/rigs.md has the schema)::

    {"format": "talkface-rig-map", "version": 1, "name": "my-head",
     "rows": [{"to": "Jaw", "from": {"jawOpen": 0.8, "mouthClose": -0.3}, "range": [0, 1],
               "why": "this jaw drops far"},
              {"to": "EarWiggle", "from": {}, "why": "speech does not move ears"}]}
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkface.clip import Clip
from talkface.documents import read_json
from talkface.rig import VISEMES
from talkface.rigs.names import channel_name

FORMAT = "talkface-rig-map"
VERSION = 1
VISEME_SOURCES: tuple[str, ...] = tuple(f"viseme_{name}" for name in VISEMES)
"""Names under which a map may use a clip's visemes."""

Range = tuple[float, float]


@dataclass(frozen=True)
class Row:
    """One target: ``sources`` are weights by source name (none: explicitly neutral), ``span`` its
    range or None, ``neutral`` its value at rest, ``why`` where this comes from."""

    target: str
    sources: Mapping[str, float]
    span: Range | None = None
    neutral: float = 0.0
    why: str = ""


@dataclass(frozen=True)
class Report:
    """What a map did with a clip's names.

    ``matched``: sources that the map used. ``unmatched``: names of the clip that it does not use.
    ``missing``: sources that it wants and the clip lacks (they count as 0).
    ``driven`` / ``neutral``: targets that have a source / that stay at rest.
    """

    matched: tuple[str, ...]
    unmatched: tuple[str, ...]
    missing: tuple[str, ...]
    driven: tuple[str, ...]
    neutral: tuple[str, ...]

    def as_dict(self) -> dict[str, list[str]]:
        return {key: list(value) for key, value in vars(self).items()}


@dataclass(frozen=True)
class RigMap:
    """A named linear map; see the module."""

    name: str
    rows: tuple[Row, ...]
    doc: str = ""

    def __post_init__(self) -> None:
        targets = [row.target for row in self.rows]
        doubled = sorted({name for name in targets if targets.count(name) > 1})
        if doubled:
            raise ValueError(f"map {self.name!r} names a target twice: {', '.join(doubled)}")
        if not self.rows:
            raise ValueError(f"map {self.name!r} has no rows")

    @cached_property
    def targets(self) -> tuple[str, ...]:
        """Names of the channels that the map gives, in its order."""
        return tuple(row.target for row in self.rows)

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Names of the channels that the map uses, each once."""
        return tuple(dict.fromkeys(name for row in self.rows for name in row.sources))

    def matrix(self, sources: Iterable[str] | None = None) -> NDArray[np.float64]:
        """Weights [targets, sources], for sources in the given order (default: its own)."""
        names = self.sources if sources is None else tuple(sources)
        return np.array([[row.sources.get(name, 0.0) for name in names] for row in self.rows])

    def report(self, clip: Clip) -> Report:
        """What the map uses of a clip; visemes are listed only where the map wants them."""
        fed = set(source_columns(clip)).intersection(self.sources)
        used = {name for name in clip.channels if fed & {name, channel_name(name)}}
        visemes = tuple(sorted(fed - used.union(map(channel_name, used)), key=self.sources.index))
        driven = [row.target for row in self.rows if fed.intersection(row.sources)]
        return Report(
            matched=(*(name for name in clip.channels if name in used), *visemes),
            unmatched=tuple(name for name in clip.channels if name not in used),
            missing=tuple(name for name in self.sources if name not in fed),
            driven=tuple(driven),
            neutral=tuple(name for name in self.targets if name not in driven),
        )

    def apply(self, clip: Clip) -> Clip:
        """The clip on the target rig: weights float32 [frames, targets], all else unchanged.

        Sources are taken by name from the clip's channels (in any ARKit spelling) and visemes; one
        that is absent counts as 0. ValueError when the clip has none of them.
        """
        columns = source_columns(clip)
        names = [name for name in self.sources if name in columns]
        if self.sources and not names:
            hint = (
                "; it keeps no visemes: animate into .npz or .json, or use a rig of blendshapes"
                if set(self.sources) <= set(VISEME_SOURCES)
                else ""
            )
            raise ValueError(
                f"map {self.name!r} fits none of the clip's channels "
                f"({_some(clip.channels)}); it wants {_some(self.sources)}{hint}"
            )
        table = np.empty((len(clip), len(names)))
        for index, name in enumerate(names):
            table[:, index] = columns[name]
        weights = table @ self.matrix(names).T + np.array([row.neutral for row in self.rows])
        for index, row in enumerate(self.rows):
            if row.span is not None:
                np.clip(weights[:, index], *row.span, out=weights[:, index])
        return replace(clip, weights=weights.astype(np.float32), channels=self.targets)

    def inverse(self) -> RigMap:
        """The least-squares map back, exact where no range clipped.

        ValueError when the map merges sources, so that they cannot be told apart again.
        """
        forward = self.matrix()
        rank = np.linalg.matrix_rank(forward) if forward.size else 0
        if rank < len(self.sources) or not self.sources:
            raise ValueError(
                f"map {self.name!r} cannot be turned round: {len(self.sources)} sources share "
                f"{rank} independent targets; write a map of your own for that way"
            )
        backward = np.linalg.pinv(forward)
        backward[np.abs(backward) < 1e-12] = 0.0
        rest = backward @ np.array([row.neutral for row in self.rows])
        rows = tuple(
            Row(
                source,
                {t: float(w) for t, w in zip(self.targets, backward[index], strict=True) if w},
                neutral=-float(rest[index]),
                why=f"least squares of {self.name}",
            )
            for index, source in enumerate(self.sources)
        )
        return RigMap(f"{self.name}-back", rows, f"back from {self.name}")

    def as_dict(self) -> dict[str, Any]:
        """The map as its JSON document."""
        rows = []
        for row in self.rows:
            entry: dict[str, Any] = {"to": row.target, "from": dict(row.sources)}
            if row.span is not None:
                entry["range"] = list(row.span)
            if row.neutral:
                entry["neutral"] = row.neutral
            rows.append({**entry, "why": row.why})
        head = {"format": FORMAT, "version": VERSION, "name": self.name, "doc": self.doc}
        return {**head, "rows": rows}

    def save(self, path: Path) -> Path:
        """Write the map as JSON, one row a line; returns the path."""
        document = self.as_dict()
        rows = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in document.pop("rows"))
        head = json.dumps(document, ensure_ascii=False)[:-1]
        path.write_text(f'{head},\n "rows": [\n  {rows}\n]}}\n', encoding="utf-8")
        return path


def source_columns(clip: Clip) -> dict[str, NDArray[np.float32]]:
    """A clip's channels under their own names, ARKit's also under the canonical one, and visemes
    under :data:`VISEME_SOURCES` unless a channel is called so."""
    columns = {}
    for index, name in enumerate(clip.channels):
        columns[name] = clip.weights[:, index]
    for index, name in enumerate(clip.channels):
        columns.setdefault(channel_name(name) or name, clip.weights[:, index])
    if clip.visemes.shape[1]:
        for index, name in enumerate(VISEME_SOURCES):
            columns.setdefault(name, clip.visemes[:, index])
    return columns


def load_map(path: Path) -> RigMap:
    """Read a rig map. FileNotFoundError, or ValueError that says which row is wrong and how."""
    if not path.is_file():
        raise FileNotFoundError(f"no such rig map: {path}")
    return parse_map(read_json(path), str(path))


def parse_map(document: Any, where: str) -> RigMap:
    """A rig map from its JSON document; ``where`` begins the message of a ValueError."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError(f'{where} is not a rig map: it needs "format": "{FORMAT}"')
    version = document.get("version")
    if not isinstance(version, int) or version < 1:
        raise ValueError(f'{where} needs "version": {VERSION}')
    if version > VERSION:
        raise ValueError(f"{where} was written for a newer TalkFace; update it")
    _known(document, {"format", "version", "name", "doc", "rows"}, where)
    name, rows = document.get("name"), document.get("rows")
    if not isinstance(name, str) or not name:
        raise ValueError(f'{where} needs a "name"')
    if not isinstance(rows, list):
        raise ValueError(f'{where} needs "rows", a list')
    parsed = tuple(_row(row, f"{where}, row {index}") for index, row in enumerate(rows, 1))
    try:
        return RigMap(name, parsed, str(document.get("doc", "")))
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None


def _row(row: Any, where: str) -> Row:
    if not isinstance(row, dict):
        raise ValueError(f'{where} must be an object with "to" and "from"')
    _known(row, {"to", "from", "range", "neutral", "why"}, where)
    target, sources = row.get("to"), row.get("from")
    if not isinstance(target, str) or not target:
        raise ValueError(f'{where} needs "to", the name of a target')
    if not isinstance(sources, dict):
        raise ValueError(f'{where} ({target}) needs "from", weights by name; {{}} for neutral')
    weights: dict[str, float] = {}
    for key, value in sources.items():
        name = channel_name(key) or key
        if name in weights:
            raise ValueError(f"{where} ({target}) names {name} twice")
        weights[name] = _number(value, f"{where}, {key}")
    span = row.get("range")
    if span is not None:
        if not isinstance(span, list) or len(span) != 2:
            raise ValueError(f'{where} ({target}): "range" must be [lowest, highest]')
        low, high = (_number(value, f"{where}, range") for value in span)
        if low > high:
            raise ValueError(f'{where} ({target}): "range" ends at {high}, below its start {low}')
        span = (low, high)
    neutral = _number(row.get("neutral", 0.0), f"{where}, neutral")
    return Row(target, weights, span, neutral, str(row.get("why", "")))


def _number(value: Any, where: str) -> float:
    try:
        number = math.nan if isinstance(value, (bool, str)) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{where}: {str(value)[:20]!r} is not a number")
    return number


def _known(entry: dict[str, Any], keys: set[str], where: str) -> None:
    odd = sorted(set(entry) - keys)
    if odd:
        raise ValueError(f"{where}: unknown {', '.join(odd)}; there are {', '.join(sorted(keys))}")


def _some(names: Iterable[str], most: int = 5) -> str:
    listed = tuple(names)
    more = f", ... {len(listed)} in all" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more


def renamed(name: str, pairs: Mapping[str, str], doc: str) -> RigMap:
    """A map that only renames: {target: source}."""
    rows = tuple(Row(target, {source: 1.0}) for target, source in pairs.items())
    return RigMap(name, rows, doc)
