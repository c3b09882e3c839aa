"""Unity's AnimationClip as YAML (anchors-sdk.md 7d, 7e): a curve ``blendShape.<name>`` a channel.

Weights are 0 to 100, as FBX imports have them (``scale=1`` for glTF imports whose blendshapes run
to 1). Keys are joined by straight lines (tangent mode 69: both sides linear); keys in the middle
of a run of equal values are left out when frames are evenly spaced, since the frame rate tells
where they were.

The head is written only when ``head`` names a transform, as rotation curves. Unity's space is
left-handed, +Y up, +Z forward, +X to the character's right: x of a quaternion stays, y and z change
sign. A curve replaces the transform's own rotation, so it must rest at identity. Head translation
is not written: it would move the bone from its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from talkface.clip import Clip

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./ -]*(?<! )$")
_LINEAR = 69
_MIRROR = np.array([1.0, -1.0, -1.0, 1.0])
_AXES = ("x", "y", "z", "w")


def write(
    clip: Clip, path: Path, mesh: str = "Face", head: str | None = None, scale: float = 100.0
) -> None:
    """Write a clip for the renderer at ``mesh``, a path below the Animator ("" for its own object).

    ``head``: path of the transform that turns, or None. ``scale``: a blendshape's full weight.
    ValueError when ``scale`` is not above 0.
    """
    if not float(scale) > 0:
        raise ValueError(f"scale must be above 0, not {scale}")
    with path.open("w", encoding="utf-8", newline="\n") as handle:
        for line in _document(clip, path.stem, mesh, head, float(scale)):
            handle.write(line + "\n")


def _document(clip: Clip, name: str, mesh: str, head: str | None, scale: float) -> Iterator[str]:
    rate = 60.0 if clip.fps is None else float(clip.fps)
    times = [f"{seconds:.9g}" for seconds in clip.timestamps]
    yield from _HEAD.format(name=_text(name)).splitlines()
    yield "  m_RotationCurves:" + ("" if head is not None else " []")
    if head is not None:
        yield from _rotation(clip, times, head)
    yield "  m_CompressedRotationCurves: []\n  m_EulerCurves: []"
    yield "  m_PositionCurves: []\n  m_ScaleCurves: []"
    yield "  m_FloatCurves:" + ("" if clip.channels else " []")
    for index, channel in enumerate(clip.channels):
        values = clip.weights[:, index].astype(np.float64) * scale
        yield from _curve(clip, times, values[:, None], even=clip.fps is not None)
        yield f"    attribute: {_text('blendShape.' + channel)}"
        yield f"    path: {_text(mesh)}\n    classID: 137\n    script: {{fileID: 0}}"
    stop = times[-1] if times else "0"
    yield from _TAIL.format(rate=f"{rate:.9g}", start=times[0] if times else 0, stop=stop).split(
        "\n"
    )


def _rotation(clip: Clip, times: Sequence[str], head: str) -> Iterator[str]:
    turns = clip.head_rotation.astype(np.float64) * _MIRROR
    flips = np.sign((turns[1:] * turns[:-1]).sum(axis=1))
    turns[1:] *= np.cumprod(np.where(flips < 0, -1.0, 1.0))[:, None]
    yield from _curve(clip, times, turns, even=clip.fps is not None)
    yield f"    path: {_text(head)}"


def _curve(
    clip: Clip, times: Sequence[str], values: NDArray[np.float64], even: bool
) -> Iterator[str]:
    """Keys of one curve; ``values`` is [frames, 1] or, for a quaternion, [frames, 4]."""
    texts = [tuple(f"{v:.7g}" for v in row) for row in values]
    slopes = np.zeros((len(values) + 1, values.shape[1]))
    if len(values) > 1:
        slopes[1:-1] = np.diff(values, axis=0) / np.diff(clip.timestamps)[:, None]
    last = len(texts) - 1
    yield "  - curve:\n      serializedVersion: 2"
    yield "      m_Curve:" + ("" if texts else " []")
    for index, text in enumerate(texts):
        if even and 0 < index < last and texts[index - 1] == text == texts[index + 1]:
            continue
        yield "      - serializedVersion: 3"
        yield f"        time: {times[index]}"
        yield f"        value: {_value(text)}"
        for side, slope in (("in", slopes[index]), ("out", slopes[index + 1])):
            yield f"        {side}Slope: {_value([f'{s:.7g}' for s in slope])}"
        yield f"        tangentMode: {_LINEAR}\n        weightedMode: 0"
        third = _value(["0.33333334"] * values.shape[1])
        yield f"        inWeight: {third}\n        outWeight: {third}"
    yield "      m_PreInfinity: 2\n      m_PostInfinity: 2\n      m_RotationOrder: 4"


def _value(parts: Sequence[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    return "{" + ", ".join(f"{k}: {v}" for k, v in zip(_AXES, parts, strict=True)) + "}"


def _text(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text)


_HEAD = """\
%YAML 1.1
%TAG !u! tag:unity3d.com,2011:
--- !u!74 &7400000
AnimationClip:
  m_ObjectHideFlags: 0
  m_CorrespondingSourceObject: {{fileID: 0}}
  m_PrefabInstance: {{fileID: 0}}
  m_PrefabAsset: {{fileID: 0}}
  m_Name: {name}
  serializedVersion: 7
  m_Legacy: 0
  m_Compressed: 0
  m_UseHighQualityCurve: 1"""

_TAIL = """\
  m_PPtrCurves: []
  m_SampleRate: {rate}
  m_WrapMode: 0
  m_Bounds:
    m_Center: {{x: 0, y: 0, z: 0}}
    m_Extent: {{x: 0, y: 0, z: 0}}
  m_ClipBindingConstant:
    genericBindings: []
    pptrCurveMapping: []
  m_AnimationClipSettings:
    serializedVersion: 2
    m_AdditiveReferencePoseClip: {{fileID: 0}}
    m_AdditiveReferencePoseTime: 0
    m_StartTime: {start}
    m_StopTime: {stop}
    m_OrientationOffsetY: 0
    m_Level: 0
    m_CycleOffset: 0
    m_HasAdditiveReferencePose: 0
    m_LoopTime: 0
    m_LoopBlend: 0
    m_LoopBlendOrientation: 0
    m_LoopBlendPositionY: 0
    m_LoopBlendPositionXZ: 0
    m_KeepOriginalOrientation: 0
    m_KeepOriginalPositionY: 1
    m_KeepOriginalPositionXZ: 0
    m_HeightFromFeet: 0
    m_Mirror: 0
  m_EditorCurves: []
  m_EulerEditorCurves: []
  m_HasGenericRootTransform: 0
  m_HasMotionFloatCurves: 0
  m_Events: []"""
