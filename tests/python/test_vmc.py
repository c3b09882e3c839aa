"""VMC messages, decoded by python-osc."""

from __future__ import annotations

import math
import socket
from fractions import Fraction

import numpy as np
import pytest
from clips import make_clip
from hypothesis import given, settings
from hypothesis import strategies as st

from talkface.live.senders import Address, LiveFrame, VmcSender
from talkface.live.vmc import VmcEncoder, osc_message, osc_text
from talkface.rig import CHANNELS
from talkface.rotation import from_angles

OscMessage = pytest.importorskip(
    "pythonosc.osc_message", reason="python-osc is the independent reader of OSC"
).OscMessage


def decoded(datagrams: list[bytes]) -> list[tuple[str, list]]:
    messages = [OscMessage(data) for data in datagrams]
    return [(message.address, message.params) for message in messages]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.integers(-(2**31), 2**31 - 1)
        | st.floats(width=32, allow_nan=False)
        | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
        max_size=6,
    )
)
def test_messages_read_back(arguments: list) -> None:
    data = osc_message("/a/b", *arguments)
    assert len(data) % 4 == 0
    message = OscMessage(data)
    assert message.address == "/a/b"
    assert message.params == arguments


def test_strings_are_padded_and_hold_no_zero() -> None:
    assert osc_text("abc") == b"abc\0"
    assert osc_text("abcd") == b"abcd\0\0\0\0"
    with pytest.raises(ValueError, match="zero byte"):
        osc_text("a\0b")


def test_a_frame_in_the_order_of_the_protocol() -> None:
    clip = make_clip(4)
    messages = decoded(VmcEncoder().messages(clip, 2))
    assert messages[0] == ("/VMC/Ext/OK", [1])
    assert messages[1][0] == "/VMC/Ext/T"
    assert messages[1][1] == [pytest.approx(clip.timestamps[2])]
    assert messages[2][0] == "/VMC/Ext/Bone/Pos"
    assert messages[-1] == ("/VMC/Ext/Blend/Apply", [])
    values = messages[3:-1]
    assert {address for address, _ in values} == {"/VMC/Ext/Blend/Val"}
    assert {name: value for _, (name, value) in values} == {
        name: float(clip.channel(name)[2]) for name in CHANNELS
    }


@pytest.mark.parametrize(
    ("angles", "expected"),
    [
        # Unity's axes: nod is positive about +X, turning left and the right ear down are negative.
        ((0, 0.4, 0), (math.sin(0.2), 0, 0, math.cos(0.2))),
        ((0.4, 0, 0), (0, -math.sin(0.2), 0, math.cos(0.2))),
        ((0, 0, 0.4), (0, 0, -math.sin(0.2), math.cos(0.2))),
        ((0, 0, 0), (0, 0, 0, 1)),
    ],
)
def test_head_axes(angles: tuple, expected: tuple) -> None:
    clip = make_clip(1)
    clip.head_rotation[:] = from_angles(*angles)
    _, (bone, *pose) = decoded(VmcEncoder("Neck").messages(clip))[2]
    assert bone == "Neck"
    assert pose[:3] == [0, 0, 0]
    assert np.allclose(pose[3:], expected, atol=1e-6)


def test_mirroring_agrees_with_mirrored_points() -> None:
    """A point turned by our quaternion and then mirrored is the mirrored point turned by theirs."""
    clip = make_clip(1)
    _, (_, _, _, _, *theirs) = decoded(VmcEncoder().messages(clip))[2]
    point = np.array([0.3, -0.5, 0.8])
    mirror = np.array([-1, 1, 1])

    def turned(quaternion, vector):
        axis, w = np.array(quaternion[:3], dtype=float), float(quaternion[3])
        return vector + 2 * np.cross(axis, np.cross(axis, vector) + w * vector)

    assert np.allclose(
        turned(clip.head_rotation[0], point) * mirror, turned(theirs, point * mirror), atol=1e-6
    )


@pytest.mark.parametrize("where", ["weights", "head_rotation"])
def test_a_pose_that_is_not_finite_is_refused(where: str) -> None:
    clip = make_clip(1)
    getattr(clip, where)[0, 2] = math.nan
    with pytest.raises(ValueError, match="finite"):
        VmcEncoder().messages(clip)


def test_the_sender_sends_each_message_alone() -> None:
    clip = make_clip(1)
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.bind(("127.0.0.1", 0))
    receiver.settimeout(10)
    sender = VmcSender(Address("127.0.0.1", receiver.getsockname()[1]))
    sender.send(LiveFrame(0, Fraction(60), clip))
    expected = VmcEncoder().messages(clip)
    assert [receiver.recv(2048) for _ in expected] == expected
    sender.close()
    receiver.close()


def test_a_model_with_presets_gets_those(default_face, speech) -> None:
    from talkface.rigs import rig

    clip = default_face.animate(speech[8000:24000], fps=60)
    wide = int(clip.channel("jawOpen").argmax())
    values = dict(
        params
        for address, params in decoded(VmcEncoder().messages(rig("vrm0").apply(clip), wide))
        if address.endswith("/Val")
    )
    assert set(values) == set(rig("vrm0").targets)
    assert max(values[vowel] for vowel in "AIUEO") > 0.1
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.bind(("127.0.0.1", 0))
    receiver.settimeout(10)
    sender = VmcSender(Address("127.0.0.1", receiver.getsockname()[1]), rig("vrm0"))
    sender.send(LiveFrame(0, Fraction(60), make_clip(1)))
    names = [OscMessage(receiver.recv(2048)).params for _ in range(3 + len(values))][3:]
    assert {name for name, _ in names} == set(values)
    sender.close()
    receiver.close()
