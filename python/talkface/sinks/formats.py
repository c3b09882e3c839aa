"""The formats of clips: names, suffixes, what each keeps, and which one a file is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from talkface.clip import Clip


@dataclass(frozen=True)
class Format:
    """One format. ``writer`` and ``reader`` are ``module:function`` below ``talkface.sinks``,
    imported when used (None: the format cannot do that); ``keeps`` says what of a clip it holds,
    ``options`` what its writer takes besides the clip and the path, ``read_options`` its reader
    besides the path.

    ``told``: whether a file of the suffix is of this format, from its beginning; None for one that
    takes what no other does. ``own``: channel names are kept even when some are not ARKit's.
    """

    name: str
    suffix: str
    doc: str
    keeps: str
    writer: str | None
    reader: str | None
    told: Callable[[bytes], bool] | None = None
    options: tuple[str, ...] = ()
    read_options: tuple[str, ...] = ()
    own: bool = False

    def write(self, clip: Clip, path: Path, **options: Any) -> None:
        """Write a clip; ValueError for an unknown option, or a clip that does not fit."""
        if self.writer is None:
            raise ValueError(f"{self.name} can be read but not written")
        _known(options, self.options, f"{self.name} has no option")
        _function(self.writer)(clip, path, **options)

    def read(self, path: Path, **options: Any) -> Clip:
        """A clip with the file's own channel names; ValueError for another file or option."""
        if self.reader is None:
            raise ValueError(f"{self.name} can be written but not read")
        _known(options, self.read_options, f"reading {self.name} has no option")
        clip: Clip = _function(self.reader)(path, **options)
        return clip


def _known(options: dict[str, Any], names: tuple[str, ...], words: str) -> None:
    odd = sorted(set(options) - set(names))
    if odd:
        raise ValueError(f"{words} {', '.join(odd)}; it has {', '.join(names) or 'none'}")


def _function(address: str) -> Callable[..., Any]:
    module, _, name = address.partition(":")
    function: Callable[..., Any] = getattr(import_module(f"talkface.sinks.{module}"), name)
    return function


def _header(start: bytes) -> list[str]:
    line = start.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8", "replace")
    return [cell.strip().strip('"').lower() for cell in line.split(",")]


def _is_engine(start: bytes) -> bool:
    return _header(start)[:2] == ["timecode", "framerate"]


def _is_a2f_csv(start: bytes) -> bool:
    return any(cell.startswith("blendshapes.") for cell in _header(start)[:3])


def _is_head(start: bytes) -> bool:
    cells = _header(start)
    return cells[0] == "time" and bool({"qw", "turn"}.intersection(cells))


def _is_table(start: bytes) -> bool:
    return _header(start)[0] == "time"


def _is_a2f_json(start: bytes) -> bool:
    return b'"facsNames"' in start or b'"exportFps"' in start


FORMATS: tuple[Format, ...] = (
    Format(
        "livelink-csv", ".csv", "Live Link Face app, iPhone", "52 ARKit, head rotation",
        "csv_sink:write", "csv_sink:read",
    ),
    Format(
        "livelink-engine-csv", ".csv", "Unreal's own ARKit face writer", "52 ARKit, head rotation",
        "engine_csv:write", "engine_csv:read", _is_engine,
    ),
    Format(
        "a2f-csv", ".csv", "Audio2Face, timeCode and blendShapes.*", "any rig",
        "a2f:write_csv", "a2f:read_csv", _is_a2f_csv,
    ),
    Format(
        "head-csv", ".csv", "head track: position, quaternion, angles", "head",
        "head_csv:write", "head_csv:read", _is_head,
    ),
    Format(
        "table-csv", ".csv", "plain table: time and a column a channel", "any rig",
        "table_csv:write", "table_csv:read", _is_table,
    ),
    Format(
        "json", ".json", "TalkFace clip", "everything but sound",
        "json_sink:write", "json_sink:read", own=True,
    ),
    Format(
        "a2f-json", ".json", "Audio2Face, exportFps and weightMat", "any rig",
        "a2f:write_weights", "a2f:read_weights", _is_a2f_json, ("track",),
    ),
    Format(
        "npz", ".npz", "TalkFace clip, lossless", "everything but sound",
        "npz_sink:write", "npz_sink:read", own=True,
    ),
    Format(
        "gltf", ".glb", "glTF 2.0: the package's head, or a model of yours, animated",
        "blendshapes by name, head", "gltf_sink:write", "gltf_sink:read",
        options=("model", "head"),
    ),
    Format(
        "vrma", ".vrma", "VRM 1 animation: expressions, head, gaze",
        "expressions, head rotation", "vrma:write", "vrma:read", options=("expressions",),
    ),
    Format(
        "usd", ".usda", "UsdSkel as text: the package's head, animated",
        "any rig, head", "usd:write", "usd:read", options=("mesh",),
    ),
    Format(
        "unity-anim", ".anim", "Unity AnimationClip, YAML", "any rig, head rotation if asked",
        "unity_anim:write", "unity_read:read", options=("mesh", "head", "scale"),
        read_options=("scale",),
    ),
)  # fmt: skip
"""All formats. The first of a suffix is what that suffix means when no format is named."""

SUFFIXES: tuple[str, ...] = tuple(dict.fromkeys(entry.suffix for entry in FORMATS))


def by_name(name: str) -> Format:
    """The format of a name; ValueError lists them."""
    for entry in FORMATS:
        if entry.name == name:
            return entry
    raise ValueError(f"no format {name!r}; there are {', '.join(entry.name for entry in FORMATS)}")


def for_writing(path: Path, name: str | None = None) -> Format:
    """The format to write: ``name``'s, else the path's suffix's. ValueError for an unknown one."""
    if name is not None:
        return by_name(name)
    return _of_suffix(path)[0]


def for_reading(path: Path, name: str | None = None) -> Format:
    """The format to read: ``name``'s, else told from the suffix and the file's beginning.
    ValueError for an unknown one, FileNotFoundError."""
    hint = "; talkface animate makes a clip of sound"
    entries = [by_name(name)] if name is not None else _of_suffix(path, hint)
    if not path.is_file():
        raise FileNotFoundError(f"no such clip: {path}")
    if len(entries) > 1:
        with path.open("rb") as handle:
            start = handle.read(_BEGINNING)
        for entry in entries:
            if entry.told is not None and entry.told(start):
                return entry
    return entries[0]


_BEGINNING = 1 << 16


def _of_suffix(path: Path, hint: str = "") -> list[Format]:
    entries = [entry for entry in FORMATS if entry.suffix == path.suffix.lower()]
    if not entries:
        raise ValueError(f"{path.name}: the suffix must be one of {', '.join(SUFFIXES)}{hint}")
    return entries
