"""glTF 2.0 as a GLB (anchors-sdk.md 7e): a head with blendshapes and one animation on it.

The animation ``TalkFace`` has a ``weights`` channel on each node whose mesh has blendshapes that
are known by name, rotation and translation of the head's node, and rotation of the eyes' nodes
where there are such and no eyeLook blendshapes. Times are float seconds, samplers LINEAR.

glTF's axes are TalkFace's (right-handed, +Y up, +Z out of the face, metres), so a rotation is
written as it is, in the frame of the node's parent. The head's node should stand at the neck.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkface.clip import Clip
from talkface.glb import Glb
from talkface.rigs import identify, onto, rig
from talkface.sinks.gltf_nodes import IDENTITY, Nodes, continuous, gaze_rotation
from talkface.sinks.tables import named_clip

ANIMATION = "TalkFace"
HEAD_NODES = ("head", "J_Bip_C_Head", "mixamorig:Head", "CC_Base_Head", "neck")
EYE_NODES = {
    "Left": ("LeftEye", "eye_L", "J_Adj_L_FaceEye", "CC_Base_L_Eye", "eyeball_L"),
    "Right": ("RightEye", "eye_R", "J_Adj_R_FaceEye", "CC_Base_R_Eye", "eyeball_R"),
}
"""Names by which a head's and an eye's node are known, whatever their case."""
_LOG = logging.getLogger("talkface")
_TOLERANCE = 2e-5


@dataclass(frozen=True)
class Fit:
    """What of a GLB a clip moves.

    ``meshes``: {mesh: its rig}; ``matched`` / ``unmatched``: blendshapes that are / are not
    driven; ``missing``: channels of the clip that no blendshape takes; ``head``: the node that
    turns, or None; ``eyes``: the nodes that look about.
    """

    meshes: dict[str, str]
    matched: tuple[str, ...]
    unmatched: tuple[str, ...]
    missing: tuple[str, ...]
    head: str | None
    eyes: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"{len(self.matched)} blendshapes of {', '.join(self.meshes)} driven"]
        if self.unmatched:
            lines.append(f"left alone: {', '.join(self.unmatched)}")
        if self.missing:
            lines.append(f"channels without a blendshape: {', '.join(self.missing)}")
        lines.append(f"head: {self.head or 'no node of a known name; name it with head='}")
        if self.eyes:
            lines.append(f"eyes: {', '.join(self.eyes)}")
        return "\n".join(lines)


def write(clip: Clip, path: Path, model: str | None = None, head: str | None = None) -> None:
    """Write the clip on the package's head, or on the user's ``model`` (a .glb whose blendshapes
    have names). ``head``: name of the node that turns, where it is not one of HEAD_NODES.

    What was matched is logged, at level WARNING where something was not; :func:`fit` returns it and
    says what it raises.
    """
    if model is None:
        source = resources.files("talkface.viewer") / "head.glb"
        with resources.as_file(source) as file:
            fit(clip, file, path, head)
        return
    report = fit(clip, Path(model), path, head)
    whole = report.head and not report.unmatched and not report.missing
    _LOG.log(logging.INFO if whole else logging.WARNING, "%s: %s", path, report)


def fit(clip: Clip, model: Path, path: Path, head: str | None = None) -> Fit:
    """Write ``model`` (.glb) with the clip's animation to ``path`` and say what was matched.

    Raises FileNotFoundError, or ValueError for a clip without frames, a file that is no GLB, one
    without named blendshapes, one whose blendshapes no rig knows, or an unknown ``head`` node.
    """
    if not len(clip):
        raise ValueError("a glTF animation needs at least one frame; the clip has none")
    if not model.is_file():
        raise FileNotFoundError(f"no such model: {model}")
    glb = Glb.read(model)
    if len(glb.document.get("buffers", [])) > 1:
        raise ValueError(
            f"{model} has several buffers (compressed?); export it without compression"
        )
    tracks = Tracks(glb, clip)
    meshes: dict[str, str] = {}
    matched: list[str] = []
    unmatched: list[str] = []
    used: set[str] = set()
    for index, names in named_meshes(glb).items():
        kind = identify(names) or "arkit"
        try:
            mapped, found = onto(rig(kind), names)
        except ValueError:
            unmatched += names
            continue
        used.update(mapped.report(clip).matched)
        moved = mapped.apply(clip).weights
        meshes[glb.document["meshes"][index].get("name", f"mesh {index}")] = kind
        matched += found.matched
        unmatched += found.unmatched
        for node, item in enumerate(glb.document["nodes"]):
            if item.get("mesh") == index:
                tracks.add(node, "weights", moved.ravel())
    if not meshes:
        known = ", ".join(unmatched[:8]) or "there are none with names (extras.targetNames)"
        raise ValueError(f"{model} has no blendshape that is known by name: {known}")
    turned = _head(glb, clip, tracks, head)
    looks = any("eyelook" in name.lower().replace("_", "") for name in matched)
    eyes = () if looks else _eyes(glb, clip, tracks)
    tracks.finish()
    glb.write(path)
    return Fit(
        meshes, tuple(dict.fromkeys(matched)), tuple(dict.fromkeys(unmatched)),
        tuple(name for name in clip.channels if name not in used), turned, eyes,
    )  # fmt: skip


def named_meshes(glb: Glb) -> dict[int, list[str]]:
    """The names of each mesh's blendshapes, by the mesh's index; meshes without are left out."""
    found = {}
    for index, mesh in enumerate(glb.document.get("meshes", [])):
        first = mesh["primitives"][0]
        names = mesh.get("extras", {}).get("targetNames") or first.get("extras", {}).get(
            "targetNames"
        )
        if names and len(names) == len(first.get("targets", [])):
            found[index] = list(names)
    return found


class Tracks:
    """The channels of one animation, all at the clip's times."""

    def __init__(self, glb: Glb, clip: Clip) -> None:
        self._glb = glb
        self._channels: list[dict[str, Any]] = []
        self._samplers: list[dict[str, Any]] = []
        self._times = glb.accessor(clip.timestamps.astype("<f4"), bounds=True)

    def add(self, node: int, path: str, values: NDArray[Any]) -> None:
        """A channel: values [frames, width], or for weights [frames * targets]."""
        output = self._glb.accessor(np.ascontiguousarray(values, dtype="<f4"))
        self._samplers.append({"input": self._times, "interpolation": "LINEAR", "output": output})
        target = {"node": node, "path": path}
        self._channels.append({"sampler": len(self._samplers) - 1, "target": target})

    def finish(self) -> None:
        self._glb.add(
            "animations",
            {"name": ANIMATION, "channels": self._channels, "samplers": self._samplers},
        )


def _head(glb: Glb, clip: Clip, tracks: Tracks, name: str | None) -> str | None:
    nodes = Nodes(glb)
    node = nodes.find(*((name,) if name else HEAD_NODES))
    if node is None:
        if name:
            raise ValueError(f"the model has no node named {name!r}")
        return None
    rest = nodes.rest(node)
    tracks.add(node, "rotation", rest.turned(clip.head_rotation))
    tracks.add(node, "translation", rest.moved(clip.head_translation))
    return str(glb.document["nodes"][node].get("name", node))


def _eyes(glb: Glb, clip: Clip, tracks: Tracks) -> tuple[str, ...]:
    nodes, turned = Nodes(glb), []
    for side, names in EYE_NODES.items():
        node = nodes.find(*names)
        if node is not None:
            tracks.add(node, "rotation", nodes.rest(node).turned(gaze_rotation(clip, side)))
            turned.append(str(glb.document["nodes"][node]["name"]))
    return tuple(turned)


def read(path: Path) -> Clip:
    """The clip of a GLB's animation (``TalkFace``'s, else the first that moves blendshapes), with
    the blendshapes' own names; the head's from the node that :data:`HEAD_NODES` knows.

    Blendshapes of several meshes are taken together, each name once. Tracks at other times than
    the first are interpolated. Raises ValueError where nothing moves blendshapes.
    """
    glb = Glb.read(path)
    try:
        return _clip(glb, path)
    except (KeyError, IndexError, TypeError) as error:
        raise ValueError(f"{path} is damaged: {error!r}") from error


def _clip(glb: Glb, path: Path) -> Clip:
    named = named_meshes(glb)
    nodes = glb.document.get("nodes", [])

    def moves(channel: dict[str, Any]) -> bool:
        target = channel["target"]
        return target["path"] == "weights" and nodes[target["node"]].get("mesh") in named

    animations = sorted(
        glb.document.get("animations", []), key=lambda a: a.get("name") != ANIMATION
    )
    found = next((a for a in animations if any(map(moves, a["channels"]))), None)
    if found is None:
        raise ValueError(f"{path} has no animation of blendshapes with names (extras.targetNames)")
    times: NDArray[np.float64] | None = None
    columns: dict[str, NDArray[np.float64]] = {}
    for channel in filter(moves, found["channels"]):
        stamps, values = sampled(glb, found, channel)
        times = stamps if times is None else times
        names = named[nodes[channel["target"]["node"]]["mesh"]]
        table = at(times, stamps, values.reshape(len(stamps), len(names)))
        for name, column in zip(names, table.T, strict=True):
            columns.setdefault(name, column)
    assert times is not None
    rotation, translation = _read_head(glb, found, times)
    return named_clip(
        tuple(columns), np.stack([*columns.values()], axis=1), times,
        rotation.astype(np.float32), translation, tolerance=_TOLERANCE,
    )  # fmt: skip


def _read_head(
    glb: Glb, animation: dict[str, Any], times: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rotation, moved = np.tile(IDENTITY, (len(times), 1)), np.zeros((len(times), 3))
    nodes = Nodes(glb)
    node = nodes.find(*HEAD_NODES)
    if node is None:
        return rotation, moved
    rest = nodes.rest(node)
    for channel in animation["channels"]:
        if channel["target"].get("node") != node:
            continue
        if channel["target"]["path"] == "rotation":
            stamps, values = sampled(glb, animation, channel)
            rotation = rest.from_rest(at(times, stamps, continuous(values)))
        elif channel["target"]["path"] == "translation":
            stamps, values = sampled(glb, animation, channel)
            moved = rest.moves(at(times, stamps, values))
    return rotation, moved


def sampled(
    glb: Glb, animation: dict[str, Any], channel: dict[str, Any]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Times [frames] and values [frames, width] of a channel; a cubic spline's points alone."""
    sampler = animation["samplers"][channel["sampler"]]
    times = glb.array(sampler["input"]).astype(np.float64)
    values = glb.array(sampler["output"]).astype(np.float64)
    if not len(times) or (np.diff(times) <= 0).any():
        raise ValueError("the GLB is damaged: an animation's times do not grow")
    values = values.reshape(len(times), -1)
    if sampler.get("interpolation") == "CUBICSPLINE":
        values = values.reshape(len(times), 3, -1)[:, 1]
    return times, values


def at(
    times: NDArray[np.float64], stamps: NDArray[np.float64], values: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Values [frames, width] of other times."""
    if np.array_equal(times, stamps):
        return values
    return np.stack([np.interp(times, stamps, column) for column in values.T], axis=1)
