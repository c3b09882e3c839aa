"""The package's head as prims of UsdSkel: a mesh skinned to the joint ``head`` with a BlendShape
for each channel, and the bust, which stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkface.render.head import Head
from talkface.rig import CHANNELS
from talkface.rigs.names import channel_name

_IDENTITY = "( (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1) )"


def meshes(channels: Sequence[str], least: float) -> Iterator[str]:
    """Lines of both meshes. Channels are named in any of ARKit's spellings, else ValueError;
    displacements under ``least`` metres are left out."""
    wanted = {name: channel_name(name) for name in channels}
    odd = [name for name, known in wanted.items() if known is None]
    if odd:
        raise ValueError(
            f"the package's head has no blendshape for {odd[0]!r}: write without it (mesh=no), or "
            "put the clip on ARKit's names first"
        )
    head = Head.load()
    still = head.turns[head.triangles].max(axis=1) == 0
    yield from _mesh(head, "Bust", head.triangles[still])
    yield "    }"
    kept = np.unique(head.triangles[~still])
    yield from _mesh(head, "Head", head.triangles[~still])
    yield f"        matrix4d primvars:skel:geomBindTransform = {_IDENTITY}"
    for kind, what in (("int[]", "Indices"), ("float[]", "Weights")):
        value = 0 if what == "Indices" else 1
        yield f"        {kind} primvars:skel:joint{what} = [{value}] ("
        yield "            elementSize = 1"
        yield '            interpolation = "constant"'
        yield "        )"
    names = ", ".join(f'"{name}"' for name in channels)
    targets = ", ".join(f"</Face/Head/{name}>" for name in channels)
    yield f"        uniform token[] skel:blendShapes = [{names}]"
    yield f"        rel skel:blendShapeTargets = [{targets}]"
    yield "        rel skel:skeleton = </Face/Skeleton>"
    for name, known in wanted.items():
        moved = head.deltas[CHANNELS.index(str(known)), kept]
        some = np.flatnonzero(np.abs(moved).max(axis=1) > least)
        yield f'        def BlendShape "{name}"'
        yield "        {"
        yield f"            uniform vector3f[] offsets = [{_vectors(moved[some])}]"
        yield f"            uniform int[] pointIndices = [{_list(some)}]"
        yield "        }"
    yield "    }"


def _mesh(head: Head, name: str, triangles: NDArray[np.int32]) -> Iterator[str]:
    """A mesh but for its closing brace."""
    kept, corners = np.unique(triangles, return_inverse=True)
    yield f'    def Mesh "{name}" ('
    if name == "Head":
        yield '        prepend apiSchemas = ["SkelBindingAPI"]'
    yield "    )"
    yield "    {"
    yield f"        int[] faceVertexCounts = [{_list([3] * len(triangles))}]"
    yield f"        int[] faceVertexIndices = [{_list(corners.ravel())}]"
    yield f"        point3f[] points = [{_vectors(head.points[kept])}]"
    colours = _vectors(_linear(head.colours[kept]), 3)
    yield f"        color3f[] primvars:displayColor = [{colours}] ("
    yield '            interpolation = "vertex"'
    yield "        )"
    yield '        uniform token subdivisionScheme = "none"'


def _linear(seen: NDArray[np.float32]) -> NDArray[np.float32]:
    """sRGB to the linear light that displayColor holds."""
    linear = np.where(seen <= 0.04045, seen / 12.92, ((seen + 0.055) / 1.055) ** 2.4)
    return linear.astype(np.float32)


def _vectors(rows: NDArray[np.float32], decimals: int = 5) -> str:
    return ", ".join(
        "({:g}, {:g}, {:g})".format(*np.round(row, decimals)) for row in rows.astype(float)
    )


def _list(values: Iterable[Any]) -> str:
    return ", ".join(str(value) for value in values)
