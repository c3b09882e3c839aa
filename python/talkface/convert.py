"""One clip from one format, rig and frame rate to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from talkface.clip import Clip
from talkface.retime import retime
from talkface.rigs import RigMap, identify, load_map, onto, rig, to_arkit
from talkface.sinks import for_reading, for_writing, read_named, save_clip


@dataclass(frozen=True)
class Conversion:
    """What :func:`convert` did.

    ``matched`` / ``unmatched``: names in the file that were used / left out. ``missing``: names
    that the map wanted and the file lacks (they count as 0). ``driven`` / ``neutral``: channels of
    the result that have a source / that stay at rest. ``keeps``: what of them the target's format
    holds.
    """

    source: str
    source_format: str
    source_rig: str | None
    target: str
    target_format: str
    keeps: str
    frames: int
    fps: float | None
    matched: tuple[str, ...]
    unmatched: tuple[str, ...]
    missing: tuple[str, ...]
    driven: tuple[str, ...]
    neutral: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class _Mapped:
    clip: Clip
    matched: tuple[str, ...]
    unmatched: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    neutral: tuple[str, ...] = ()


def convert(
    source: Path,
    target: Path,
    source_format: str | None = None,
    target_format: str | None = None,
    rig_name: str | None = None,
    map_path: Path | None = None,
    fps: Fraction | None = None,
    prefix: str = "",
    names: Sequence[str] = (),
    options: Mapping[str, Any] | None = None,
    source_options: Mapping[str, Any] | None = None,
) -> Conversion:
    """Read ``source`` and write it as ``target``.

    ``rig_name``: a rig of :data:`talkface.rigs.RIGS` to put the clip on; a file on another known
    rig comes back to ARKit first, by least squares. ``map_path``: a map of the user's instead.
    ``names``: the avatar's own blendshapes; the rig's (default: ARKit's) are matched with them and
    come under them. ``prefix`` goes before each channel's name. ``options`` are the writer's,
    ``source_options`` the reader's. Raises FileNotFoundError and ValueError as reading, mapping
    and writing do.
    """
    if map_path and (rig_name or names):
        raise ValueError("a map names its own targets: give it without a rig and names")
    writer = for_writing(target, target_format)
    clip = read_named(source, source_format, **(source_options or {}))
    if not len(clip):
        raise ValueError(f"{source} holds no frames")
    reader = for_reading(source, source_format)
    kind = identify(clip.channels)
    if map_path:
        mapped = _through(load_map(map_path), clip)
    elif rig_name or names:
        mapped = _onto(rig_name or "arkit", clip, kind, names)
    else:
        mapped = _arranged(clip, kind)
    made = mapped.clip
    if fps is not None:
        made = retime(made, fps)
    if prefix:
        made = replace(made, channels=tuple(prefix + name for name in made.channels))
    save_clip(made, target, writer.name, **(options or {}))
    rest = set(mapped.neutral)
    return Conversion(
        source=str(source),
        source_format=reader.name,
        source_rig=kind,
        target=str(target),
        target_format=writer.name,
        keeps=writer.keeps,
        frames=len(made),
        fps=None if made.fps is None else float(made.fps),
        matched=mapped.matched,
        unmatched=mapped.unmatched,
        missing=mapped.missing,
        driven=tuple(name for name in mapped.clip.channels if name not in rest),
        neutral=mapped.neutral,
    )


def _through(rig_map: RigMap, clip: Clip) -> _Mapped:
    report = rig_map.report(clip)
    return _Mapped(
        rig_map.apply(clip), report.matched, report.unmatched, report.missing, report.neutral
    )


def _arranged(clip: Clip, kind: str | None) -> _Mapped:
    """ARKit's names on the canonical channels; other rigs as they are."""
    if kind != "arkit":
        return _Mapped(clip, clip.channels)
    on_arkit, found = to_arkit(clip)
    return _Mapped(on_arkit, tuple(found.matched), found.unmatched, found.missing, found.missing)


def _onto(name: str, clip: Clip, kind: str | None, names: Sequence[str]) -> _Mapped:
    forward = onto(rig(name), names)[0] if names else rig(name)
    if kind == name != "arkit" and not names:
        return _Mapped(clip, clip.channels)
    if kind == "arkit":
        back = _arranged(clip, kind)
    elif kind is None:
        raise ValueError(
            f"cannot tell the rig of {len(clip.channels)} channels "
            f"({', '.join(clip.channels[:5]) or 'there are none'}): give a map of your own"
        )
    else:
        back = _through(rig(kind).inverse(), clip)
    there = _through(forward, back.clip)
    absent = set(back.missing)
    rest = {*there.neutral, *(row.target for row in forward.rows if absent.issuperset(row.sources))}
    neutral = tuple(target for target in forward.targets if target in rest)
    return _Mapped(there.clip, back.matched, back.unmatched, back.missing, neutral)
