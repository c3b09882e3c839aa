"""VRM 1 animations (``VRMC_vrm_animation`` 1.0, anchors-sdk.md 7e): expressions, head and gaze for
any VRM 1 avatar.

A GLB without meshes: a resting skeleton of VRM's required bones, of which only the head turns, a
node for each expression whose translation x is its weight, and a node for the gaze whose rotation
is where both eyes look together. VRM 1 faces +Z in glTF's axes, which are TalkFace's: nothing is
converted. The format allows translation of the hips alone, so head translation is not written; nor
is gaze an expression in it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkface.clip import Clip
from talkface.glb import Glb
from talkface.rig import CHANNELS
from talkface.rigs import rig
from talkface.rotation import from_angles
from talkface.sinks.gltf_nodes import IDENTITY, Nodes, continuous, gaze
from talkface.sinks.gltf_sink import Tracks, at, sampled
from talkface.sinks.tables import named_clip

EXTENSION = "VRMC_vrm_animation"
PRESETS = (
    "happy", "angry", "sad", "relaxed", "surprised", "aa", "ih", "ou", "ee", "oh", "blink",
    "blinkLeft", "blinkRight", "neutral",
)  # fmt: skip
"""Expressions that an animation may hold; looks are of the gaze."""
# Bones that VRM 1 asks for: their parent, and where they rest in it (metres), in a T-pose.
_BONES: dict[str, tuple[str | None, tuple[float, float, float]]] = {
    "hips": (None, (0.0, 0.95, 0.0)),
    "spine": ("hips", (0.0, 0.10, 0.0)),
    "chest": ("spine", (0.0, 0.15, 0.0)),
    "neck": ("chest", (0.0, 0.25, 0.0)),
    "head": ("neck", (0.0, 0.09, 0.01)),
    **{
        f"{side}{bone}": (parent.format(side), (x * sign, y, z))
        for side, sign in (("left", 1.0), ("right", -1.0))
        for bone, parent, x, y, z in (
            ("UpperArm", "chest", 0.15, 0.20, 0.0),
            ("LowerArm", "{}UpperArm", 0.25, 0.0, 0.0),
            ("Hand", "{}LowerArm", 0.25, 0.0, 0.0),
            ("UpperLeg", "hips", 0.09, -0.05, 0.0),
            ("LowerLeg", "{}UpperLeg", 0.0, -0.42, 0.0),
            ("Foot", "{}LowerLeg", 0.0, -0.42, 0.0),
        )
    },
}
_EYES = (0.0, 0.06, 0.0)
"""Where the gaze starts, from the head's bone."""


def write(clip: Clip, path: Path, expressions: str = "presets") -> None:
    """Write a clip. ``expressions``: ``presets`` (VRM 1's own, mapped from ARKit; every avatar has
    them) or ``arkit`` (custom expressions of the clip's own names, for avatars with perfect sync).

    ValueError for another value, a clip without frames, or one that maps on no preset.
    """
    if expressions not in ("presets", "arkit"):
        raise ValueError(f"expressions must be presets or arkit, not {expressions!r}")
    if not len(clip):
        raise ValueError("a VRM animation needs at least one frame; the clip has none")
    glb = Glb({"asset": {"version": "2.0", "generator": "talkface"}, "scene": 0})
    bones = {name: _bone(glb, name) for name in _BONES}
    glb.document["scenes"] = [{"nodes": [bones["hips"]]}]
    tracks = Tracks(glb, clip)
    tracks.add(bones["head"], "rotation", continuous(clip.head_rotation))
    columns = _presets(clip) if expressions == "presets" else _custom(clip)
    weights = {name: _expression(glb, tracks, name, column) for name, column in columns.items()}
    look = glb.add("nodes", {"name": "lookAt"})
    glb.document["scenes"][0]["nodes"] += [*weights.values(), look]
    tracks.add(look, "rotation", continuous(_look(clip)))
    tracks.finish()
    kind = "preset" if expressions == "presets" else "custom"
    glb.document["extensionsUsed"] = [EXTENSION]
    glb.document["extensions"] = {
        EXTENSION: {
            "specVersion": "1.0",
            "humanoid": {"humanBones": {name: {"node": node} for name, node in bones.items()}},
            "expressions": {kind: {name: {"node": node} for name, node in weights.items()}},
            "lookAt": {"node": look, "offsetFromHeadBone": list(_EYES)},
        }
    }
    glb.write(path)


def _bone(glb: Glb, name: str) -> int:
    parent, place = _BONES[name]
    node = glb.add("nodes", {"name": name, "translation": list(place)})
    if parent:
        above = next(n for n in glb.document["nodes"] if n["name"] == parent)
        above.setdefault("children", []).append(node)
    return node


def _presets(clip: Clip) -> dict[str, NDArray[np.float32]]:
    mapped = rig("vrm1")
    moved = mapped.apply(clip)
    driven = mapped.report(clip).driven
    return {name: moved.channel(name) for name in PRESETS if name in driven}


def _custom(clip: Clip) -> dict[str, NDArray[np.float32]]:
    odd = set(clip.channels) & set(PRESETS)
    if odd:
        raise ValueError(f"custom expressions cannot have presets' names: {', '.join(sorted(odd))}")
    return {name: clip.channel(name) for name in clip.channels}


def _expression(glb: Glb, tracks: Tracks, name: str, weights: NDArray[np.float32]) -> int:
    node = glb.add("nodes", {"name": name})
    values = np.zeros((len(weights), 3))
    values[:, 0] = np.clip(weights, 0, 1)
    tracks.add(node, "translation", values)
    return node


def _look(clip: Clip) -> NDArray[np.float32]:
    left, right = gaze(clip, "Left"), gaze(clip, "Right")
    turned, nod = ((a + b) / 2 for a, b in zip(left, right, strict=True))
    return from_angles(turned, nod, np.zeros(len(clip)))


def read(path: Path) -> Clip:
    """The first animation of a file: expressions under their own names, the head's rotation in its
    parent. ValueError when the file is not a VRM animation with expressions."""
    glb = Glb.read(path)
    extension = glb.document.get("extensions", {}).get(EXTENSION)
    if extension is None or not glb.document.get("animations"):
        raise ValueError(f"{path} is not a VRM 1 animation: it has no {EXTENSION}")
    try:
        return _clip(glb, extension, path)
    except (KeyError, IndexError, TypeError) as error:
        raise ValueError(f"{path} is damaged: {error!r}") from error


def _clip(glb: Glb, extension: dict[str, Any], path: Path) -> Clip:
    animation = glb.document["animations"][0]
    kinds = extension.get("expressions", {})
    named = {
        item["node"]: name
        for kind in ("preset", "custom")
        for name, item in kinds.get(kind, {}).items()
    }
    head = extension["humanoid"]["humanBones"].get("head", {}).get("node")
    times: NDArray[np.float64] | None = None
    columns: dict[str, NDArray[np.float64]] = {}
    rotation: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
    for channel in animation["channels"]:
        node, kind = channel["target"]["node"], channel["target"]["path"]
        if node in named and kind == "translation":
            stamps, values = sampled(glb, animation, channel)
            times = stamps if times is None else times
            columns[named[node]] = at(times, stamps, values)[:, 0]
        elif node == head and kind == "rotation":
            rotation = sampled(glb, animation, channel)
    if times is None:
        raise ValueError(f"{path} has no animation of expressions")
    names = [name for name in CHANNELS if name in columns]
    names += [name for name in columns if name not in CHANNELS]
    turned = np.tile(IDENTITY, (len(times), 1))
    if rotation is not None:
        there = at(times, rotation[0], continuous(rotation[1]))
        turned = Nodes(glb).rest(head).from_rest(there)
    return named_clip(
        names, np.stack([columns[name] for name in names], axis=1), times,
        turned.astype(np.float32),
    )  # fmt: skip
