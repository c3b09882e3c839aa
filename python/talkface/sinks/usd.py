"""UsdSkel as USD text, ``.usda`` (anchors-sdk.md 7e): the package's head with its blendshapes and a
SkelAnimation of them and of one joint, ``head``.

USD is told +Y up and metres; its space is right-handed as TalkFace's is, so nothing is converted
but the order of a quaternion's numbers (USD writes w first). Time codes are frames:
``timeCodesPerSecond`` is the clip's rate (60 for uneven frames, whose codes are then not whole).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkface.clip import Clip
from talkface.sinks.gltf_nodes import IDENTITY, continuous
from talkface.sinks.tables import growing, named_clip

_UNEVEN_RATE = 60.0
_USD_RATE = 24.0
"""What USD takes where a file says nothing."""
_MOVED = 2e-5
"""Metres below which a point counts as not moved."""
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*$")


def write(clip: Clip, path: Path, mesh: bool | str = True) -> None:
    """Write a clip. ``mesh``: with the head's meshes, or (False, ``no``) the animation alone, to be
    bound to a rig of the user's own.

    Raises ValueError for a channel whose name cannot be a prim's, and when channels with a mesh
    are not ARKit's 52.
    """
    odd = [name for name in clip.channels if not _PLAIN.match(name)]
    if odd:
        raise ValueError(f"USD cannot name a blendshape {odd[0]!r}: letters, digits and _ alone")
    whole = mesh is True or str(mesh).lower() in ("true", "yes", "1")
    with path.open("w", encoding="utf-8", newline="\n") as handle:
        for line in _document(clip, whole):
            handle.write(line + "\n")


def _document(clip: Clip, mesh: bool) -> Iterator[str]:
    rate = float(clip.fps) if clip.fps else _UNEVEN_RATE
    codes = clip.timestamps * rate
    start, stop = (float(codes[0]), float(codes[-1])) if len(codes) else (0.0, 0.0)
    yield from (
        "#usda 1.0", "(", '    defaultPrim = "Face"', '    doc = "written by talkface"',
        f"    endTimeCode = {stop:.9g}", f"    framesPerSecond = {rate:.12g}",
        "    metersPerUnit = 1", f"    startTimeCode = {start:.9g}",
        f"    timeCodesPerSecond = {rate:.12g}", '    upAxis = "Y"', ")", "",
        'def SkelRoot "Face" (', '    prepend apiSchemas = ["SkelBindingAPI"]', ")", "{",
        '    def Skeleton "Skeleton" (', '        prepend apiSchemas = ["SkelBindingAPI"]',
        "    )", "    {", '        uniform token[] joints = ["head"]',
        f"        uniform matrix4d[] bindTransforms = [{_STILL}]",
        f"        uniform matrix4d[] restTransforms = [{_STILL}]",
        "        rel skel:animationSource = </Face/Animation>", "    }", "",
    )  # fmt: skip
    yield from _animation(clip, codes)
    if mesh:
        from talkface.sinks.usd_mesh import meshes

        yield from meshes(clip.channels, _MOVED)
    yield "}"


_STILL = "( (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1) )"


def _animation(clip: Clip, codes: NDArray[np.float64]) -> Iterator[str]:
    names = ", ".join(f'"{name}"' for name in clip.channels)
    turns = continuous(clip.head_rotation)[:, [3, 0, 1, 2]]
    yield '    def SkelAnimation "Animation"'
    yield "    {"
    yield f"        uniform token[] blendShapes = [{names}]"
    yield '        uniform token[] joints = ["head"]'
    yield "        half3[] scales = [(1, 1, 1)]"
    yield from _samples("float[] blendShapeWeights", codes, map(_numbers, clip.weights))
    yield from _samples("quatf[] rotations", codes, (f"({_numbers(q, 9)})" for q in turns))
    moved = (f"({_numbers(t, 9)})" for t in clip.head_translation)
    yield from _samples("float3[] translations", codes, moved)
    yield "    }"


def _samples(what: str, codes: NDArray[np.float64], values: Iterable[str]) -> Iterator[str]:
    yield f"        {what}.timeSamples = {{"
    for code, value in zip(codes, values, strict=True):
        yield f"            {code:.9g}: [{value}],"
    yield "        }"


def _numbers(values: Iterable[Any], digits: int = 7) -> str:
    return ", ".join(f"{float(value):.{digits}g}" for value in values)


_SAMPLE = re.compile(r"([-+0-9.eE]+)\s*:\s*\[([^\]]*)\]")


def read(path: Path) -> Clip:
    """The first SkelAnimation of a text file, blendshapes under their own names; its first joint is
    the head. ValueError for a binary file (save it as .usda) or one without blendshape weights."""
    data = path.read_bytes()
    if data[:8] == b"PXR-USDC" or data[:2] == b"PK":
        raise ValueError(f"{path} is binary USD; save it as text, .usda (usdcat -o out.usda)")
    text = data.decode("utf-8", "replace")
    if not text.startswith("#usda"):
        raise ValueError(f"{path} is not USD text: it does not begin with #usda")
    if text.count("{") != text.count("}"):
        raise ValueError(f"{path} is damaged: its braces do not match, an end may be missing")
    at = text.find("def SkelAnimation")
    names = re.search(r"token\[\]\s+blendShapes\s*=\s*\[([^\]]*)\]", text[at:]) if at >= 0 else None
    if names is None:
        raise ValueError(f"{path} has no SkelAnimation with blendShapes")
    channels = re.findall(r'"([^"]*)"', names.group(1))
    told = re.search(r"timeCodesPerSecond\s*=\s*([0-9.eE+]+)", text)
    rate = float(told.group(1)) if told else _USD_RATE
    codes, weights = _table(path, text[at:], "blendShapeWeights", len(channels))
    rotation, moved = np.tile(IDENTITY, (len(codes), 1)), np.zeros((len(codes), 3))
    stamps, turns = _table(path, text[at:], "rotations", 4)
    if len(stamps):
        turns = _between(codes, stamps, continuous(turns[:, [1, 2, 3, 0]]))
        rotation = turns / np.linalg.norm(turns, axis=1, keepdims=True)
    stamps, places = _table(path, text[at:], "translations", 3)
    if len(stamps):
        moved = _between(codes, stamps, places)
    times = growing(path, codes / rate)
    return named_clip(channels, weights, times, rotation.astype(np.float32), moved)


def _between(
    codes: NDArray[np.float64], stamps: NDArray[np.float64], values: NDArray[np.float64]
) -> NDArray[np.float64]:
    return np.stack([np.interp(codes, stamps, column) for column in values.T], axis=1)


def _table(
    path: Path, text: str, name: str, width: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Time codes [frames] and values [frames, width] of an attribute's samples; of a list of
    several (joints) the first ``width`` numbers."""
    found = re.search(rf"\b{name}\.timeSamples\s*=\s*\{{(.*?)\}}", text, re.DOTALL)
    pairs = _SAMPLE.findall(found.group(1)) if found else []
    rows = [re.findall(r"[^\s,()]+", values)[:width] for _, values in pairs]
    try:
        table = np.array(rows, dtype=np.float64).reshape(len(rows), width)
        codes = np.array([code for code, _ in pairs], dtype=np.float64)
    except ValueError as error:
        raise ValueError(f"{path} is damaged: {name} {error}") from None
    return codes, table
