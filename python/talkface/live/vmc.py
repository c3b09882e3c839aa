"""The VMC protocol: OSC messages over UDP, as VTuber tools take them (anchors-sdk.md 7e).

Each frame is a set of separate messages, because some receivers refuse bundles: ``/VMC/Ext/OK``,
the time, the head, one ``/VMC/Ext/Blend/Val`` for each of the clip's channels, and
``/VMC/Ext/Blend/Apply``. Names are case-sensitive; Apple's are what VTuber tools call perfect sync.

Axes: VMC has Unity's, left-handed, +X to the character's right, +Y up, +Z out of the face. Ours are
mirrored in X: the quaternion x y z w becomes x -y -z w. So nod stays, turn and tilt change sign.
A receiver keeps its own bone lengths: the head's position is sent as zero, as other face trackers
do, and head translation is left out. No root is sent: the character stays where it stands.

OSC is written here and not by a library: six messages of four argument types, of which all but the
numbers are made once, so that a frame's 56 messages cost little.
"""

from __future__ import annotations

import struct
from functools import cache

import numpy as np

from talkface.clip import Clip

PORT = 39539


def osc_text(text: str) -> bytes:
    """An OSC string: UTF-8, ended and padded with zeros to a multiple of four bytes."""
    data = text.encode("utf-8")
    if b"\0" in data:
        raise ValueError("an OSC string holds no zero byte")
    return data + bytes(4 - len(data) % 4)


def osc_message(address: str, *arguments: int | float | str) -> bytes:
    """An OSC 1.0 message with int32, float32 and string arguments."""
    tags, body = ",", b""
    for argument in arguments:
        if isinstance(argument, str):
            tags, body = tags + "s", body + osc_text(argument)
        elif isinstance(argument, int):
            tags, body = tags + "i", body + struct.pack(">i", argument)
        else:
            tags, body = tags + "f", body + struct.pack(">f", argument)
    return osc_text(address) + osc_text(tags) + body


@cache
def _heads(names: tuple[str, ...]) -> tuple[bytes, ...]:
    """Messages of blendshapes but for their numbers, which are the last four bytes."""
    return tuple(osc_message("/VMC/Ext/Blend/Val", name, 0.0)[:-4] for name in names)


class VmcEncoder:
    """Messages of frames. ``bone``: the humanoid bone that the head's rotation goes to."""

    def __init__(self, bone: str = "Head") -> None:
        self._ok = osc_message("/VMC/Ext/OK", 1)
        self._apply = osc_message("/VMC/Ext/Blend/Apply")
        self._bone = bone

    def messages(self, clip: Clip, row: int = 0) -> list[bytes]:
        """The datagrams of one frame of a clip, in the order to send them.

        Raises ValueError for weights or a rotation that are not finite.
        """
        weights = clip.weights[row]
        x, y, z, w = (float(value) for value in clip.head_rotation[row])
        if not (np.isfinite(weights).all() and np.isfinite([x, y, z, w]).all()):
            raise ValueError("a pose must be finite")
        numbers = weights.astype(">f4").tobytes()
        return [
            self._ok,
            osc_message("/VMC/Ext/T", float(clip.timestamps[row])),
            osc_message("/VMC/Ext/Bone/Pos", self._bone, 0.0, 0.0, 0.0, x, -y, -z, w),
            *(head + numbers[4 * i : 4 * i + 4] for i, head in enumerate(_heads(clip.channels))),
            self._apply,
        ]
