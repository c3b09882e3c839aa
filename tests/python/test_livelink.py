"""Live Link Face packets: the captures, names of any length, damage, axes."""

from __future__ import annotations

import gzip
import math
import socket
import struct
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from clips import make_clip
from hypothesis import given, settings
from hypothesis import strategies as st

from talkface.live.livelink import (
    MAX_BYTES,
    MAX_NAME_BYTES,
    VALUE_NAMES,
    FrameTime,
    Packet,
    PacketError,
    clip_of,
    decode,
    encode,
    values_of,
)
from talkface.live.receiver import LiveLinkReceiver
from talkface.live.senders import Address, LiveFrame, LiveLinkSender, address
from talkface.rig import CHANNELS
from talkface.rotation import from_angles

VALUES = np.linspace(-0.5, 1, 61).astype(np.float32)
TIME = FrameTime(1234, 0.25, 60, 1)


def packet(**changes) -> Packet:
    return Packet(
        **{"device": "a device", "subject": "Anna", "time": TIME, "values": VALUES} | changes
    )


def capture(path: Path) -> Iterator[bytes]:
    data = gzip.decompress(path.read_bytes())
    version, count = struct.unpack_from(">BI", data)
    assert version == 6
    at = 5
    for _ in range(count):
        (size,) = struct.unpack_from(">I", data, at)
        yield data[at + 4 : at + 4 + size]
        at += 4 + size
    assert at == len(data)


@pytest.mark.data
def test_all_captures_decode_and_encode_to_the_same_bytes(data_root: Path) -> None:
    files = sorted((data_root / "livelink_captures").glob("*.gesichter"))
    assert len(files) == 63
    moved = {}
    for path in files:
        seen = []
        for data in capture(path):
            found = decode(data)
            assert encode(found) == data
            assert found.has_face
            assert found.time is not None
            assert found.time.rate == 60
            seen.append(found.values)
        moved[path.stem] = [VALUE_NAMES[i] for i in np.flatnonzero(np.ptp(np.stack(seen), axis=0))]
    named = {stem.removeprefix("debug-"): names for stem, names in moved.items()}
    assert len(named.pop("all-blendshapes")) == 61
    assert len(named.pop("dao")) > 50
    assert {name: [n.lower() for n in names] for name, names in named.items()} == {
        name.lower(): [name.lower()] for name in VALUE_NAMES
    }


@pytest.mark.data
def test_the_recorded_face_becomes_a_clip(data_root: Path) -> None:
    packets = [decode(d) for d in capture(data_root / "livelink_captures" / "dao.gesichter")]
    clip = clip_of(packets)
    assert len(clip) == len(packets) == 180
    assert (np.diff(clip.timestamps) > 0).all()
    assert np.allclose(
        values_of(clip)[:, :55], np.stack([p.values for p in packets])[:, :55], atol=1e-5
    )


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80)
floats = st.floats(-1e3, 1e3, width=32)
times = st.builds(
    FrameTime,
    st.integers(-(2**31), 2**31 - 1),
    st.floats(0, 1, width=32),
    st.integers(1, 2**31 - 1),
    st.integers(1, 2**31 - 1),
)


@settings(max_examples=200, deadline=None)
@given(names, names, times, st.lists(floats, min_size=61, max_size=61))
def test_round_trip(device: str, subject: str, time: FrameTime, values: list[float]) -> None:
    given_packet = Packet(device, subject, time, np.array(values, np.float32))
    data = encode(given_packet)
    assert len(data) == 270 + len(device.encode()) + len(subject.encode())
    back = decode(data)
    assert (back.device, back.subject, back.time) == (device, subject, time)
    assert np.array_equal(back.values, given_packet.values)


@pytest.mark.parametrize("name", ["A", "Ångström", "顔", "🙂" * 20, "x" * (MAX_NAME_BYTES - 1)])
def test_names_of_any_length_and_script(name: str) -> None:
    for one in (packet(subject=name, device="d"), packet(device=name, subject="s")):
        back = decode(encode(one))
        assert (back.device, back.subject) == (one.device, one.subject)


def test_layout_byte_by_byte() -> None:
    data = encode(Packet("dé", "S", FrameTime(258, 0.5, 60000, 1001), VALUES))
    assert data[:13] == b"\x06\0\0\0\x03d\xc3\xa9\0\0\0\x01S"
    assert data[13:30] == b"\0\0\x01\x02\x3f\0\0\0\0\0\xea\x60\0\0\x03\xe9\x3d"
    assert data[30:] == struct.pack(">61f", *VALUES)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"device": ""}, "at least one character"),
        ({"subject": ""}, "at least one character"),
        ({"subject": "x" * 500}, "shorten"),
        ({"subject": "\ud800"}, "UTF-8"),
        ({"values": VALUES[:60]}, "61 values"),
        ({"time": None}, "frame time"),
    ],
)
def test_what_cannot_be_sent_is_refused(changes: dict, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        packet(**changes)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1e39])
def test_values_that_are_not_finite_are_refused_by_name(bad: float) -> None:
    values = VALUES.astype(np.float64)
    values[17] = bad
    with pytest.raises(ValueError, match="jawOpen"):
        packet(values=values)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((2**31, 0.0, 60, 1), "32 bits"),
        ((0, math.nan, 60, 1), "sub-frame"),
        ((0, 0.0, 0, 1), "frame rate"),
        ((0, 0.0, 60, 0), "frame rate"),
        ((0, 0.0, 60, -1), "frame rate"),
    ],
)
def test_frame_times_that_cannot_be(arguments: tuple, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        FrameTime(*arguments)


def test_short_packets_say_that_there_is_no_face() -> None:
    for short in (
        packet(values=None),
        packet(values=np.zeros(0, np.float32)),
        packet(time=None, values=None),
    ):
        data = encode(short)
        back = decode(data)
        assert not back.has_face
        assert back.subject == "Anna"
        assert encode(back) == data


def test_truncated_packets_are_rejected() -> None:
    data = encode(packet())
    names_end = len(data) - 261
    whole = {names_end, names_end + 16, len(data)}  # no face without, no face with a time, a face
    for length in range(len(data)):
        if length in whole:
            assert not decode(data[:length]).has_face
        else:
            with pytest.raises(PacketError):
                decode(data[:length])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"\x05" + encode(packet())[1:], "version 6"),
        (encode(packet()) + b"\0", "bytes of values"),
        (encode(packet()) + bytes(MAX_BYTES), "too many"),
        (b"\x06\xff\xff\xff\xff", "length of the device"),
        (b"\x06\0\0\0\x01\xff\0\0\0\x01S", "device is not UTF-8"),
        (b"\x06\0\0\0\x01D\0\0\0\x02\xc3(", "subject is not UTF-8"),
        (encode(packet(values=None)) + b"\x34" + bytes(52 * 4), "not 52"),
        (encode(packet())[:-4] + b"\x7f\xc0\0\0", "RightEyeRoll"),
    ],
)
def test_damaged_packets_say_what_is_wrong(data: bytes, says: str) -> None:
    with pytest.raises(PacketError, match=says):
        decode(data)


def survives(data: bytes) -> None:
    try:
        found = decode(data)
    except PacketError as error:
        assert str(error)
    else:
        assert encode(found) == data


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=900))
def test_fuzzed_bytes(data: bytes) -> None:
    survives(data)
    survives(b"\x06" + data)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_fuzzed_packets(data: st.DataObject) -> None:
    whole = bytearray(encode(packet()))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        how = data.draw(st.sampled_from(["set", "insert", "cut"]))
        if how == "set":
            whole[at] = data.draw(st.integers(0, 255))
        elif how == "insert":
            whole[at:at] = data.draw(st.binary(min_size=1, max_size=8))
        else:
            del whole[at : at + data.draw(st.integers(1, 8))]
        if not whole:
            break
    survives(bytes(whole))


@pytest.mark.parametrize(
    ("turn", "nod", "tilt", "expected"),
    [
        (0.3, 0, 0, (0.3, 0, 0)),  # yaw is positive to the character's left
        (0, 0.2, 0, (0, -0.2, 0)),  # pitch is positive looking up
        (0, 0, 0.1, (0, 0, 0.1)),
        (0, 0, 0, (0, 0, 0)),
    ],
)
def test_head_axes(turn: float, nod: float, tilt: float, expected: tuple) -> None:
    clip = make_clip(1)
    clip.head_rotation[:] = from_angles(turn, nod, tilt)
    values = dict(zip(VALUE_NAMES, values_of(clip)[0], strict=True))
    head = [values[name] for name in ("HeadYaw", "HeadPitch", "HeadRoll")]
    assert np.allclose(head, expected, atol=1e-6)


def test_eyes_are_radians_from_the_look_channels() -> None:
    clip = make_clip(1)
    clip.weights[:] = 0
    clip.weights[0, CHANNELS.index("eyeLookDownLeft")] = 1
    clip.weights[0, CHANNELS.index("eyeLookInRight")] = 0.5
    values = dict(zip(VALUE_NAMES, values_of(clip)[0], strict=True))
    assert values["LeftEyePitch"] == pytest.approx(0.611)
    assert values["RightEyeYaw"] == pytest.approx(-0.3055)
    assert values["LeftEyeYaw"] == values["RightEyePitch"] == values["LeftEyeRoll"] == 0


@pytest.mark.parametrize("order", [CHANNELS, tuple(reversed(CHANNELS)), tuple(sorted(CHANNELS))])
def test_values_go_by_name(order: tuple[str, ...]) -> None:
    from dataclasses import replace

    clip = make_clip(3)
    other = replace(
        clip, channels=order, weights=clip.weights[:, [CHANNELS.index(name) for name in order]]
    )
    assert np.array_equal(values_of(other), values_of(clip))
    assert np.array_equal(values_of(clip)[:, VALUE_NAMES.index("jawOpen")], clip.channel("jawOpen"))


def test_a_clip_comes_back_by_frame_time() -> None:
    clip = make_clip(12, Fraction(60000, 1001))
    packets = [
        Packet("d", "s", FrameTime(i, 0.0, 60000, 1001), row)
        for i, row in enumerate(values_of(clip))
    ]
    no_face = Packet("d", "s", FrameTime(40, 0.0, 60000, 1001))
    back = clip_of([no_face, *reversed(packets), packets[3]])
    assert np.allclose(back.timestamps, clip.timestamps, rtol=0, atol=1e-12)
    assert np.allclose(back.weights, clip.weights)
    assert np.allclose(back.head_rotation, clip.head_rotation, atol=1e-6)
    assert len(clip_of([no_face])) == 0


@pytest.mark.parametrize("rate", [Fraction(30), Fraction(60), Fraction(60000, 1001)])
def test_sender_to_receiver(rate: Fraction) -> None:
    clip = make_clip(1)
    with LiveLinkReceiver(port=0) as receiver:
        sender = LiveLinkSender(receiver.address, "Größe", "device 7")
        raw = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        raw.sendto(b"\x06 nonsense", ("127.0.0.1", receiver.address.port))
        for index in (0, 1, 35999):
            sender.send(LiveFrame(index, rate, clip))
        arrivals = [receiver.receive(10) for _ in range(3)]
        assert receiver.receive(0.0) is None
        raw.close()
        sender.close()
        assert receiver.rejected == 1
        assert "length of the device" in receiver.reason
        found = [arrival.packet for arrival in arrivals if arrival]
        assert [(p.time.frame, p.time.sub_frame, p.time.rate) for p in found if p.time] == [
            (0, 0.0, rate), (1, 0.0, rate), (35999, 0.0, rate),
        ]  # fmt: skip
        assert receiver.latest == {"device 7": found[-1]}
        assert found[0].subject == "Größe"
        assert np.array_equal(found[0].values, values_of(clip)[0])
        assert arrivals[0] is not None
        assert arrivals[0].sender.is_loopback
        assert receiver.latest["device 7"].time.seconds == float(35999 / rate)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Address("127.0.0.1", 9)),
        ("127.0.0.1", Address("127.0.0.1", 9)),
        ("127.9.9.9:80", Address("127.9.9.9", 80)),
        (":4000", Address("127.0.0.1", 4000)),
        ("4000", Address("127.0.0.1", 4000)),
        ("localhost:1", Address("127.0.0.1", 1)),
        ("[::1]:5", Address("::1", 5)),
        ("::1", Address("::1", 9)),
    ],
)
def test_addresses(text: str, expected: Address) -> None:
    assert address(text, 9) == expected


@pytest.mark.parametrize(
    "text", ["10.0.0.2:5", "[fe80::1]:5", "example.org", "0.0.0.0", "speech.wav"]
)
def test_other_machines_must_be_allowed(text: str) -> None:
    with pytest.raises(ValueError, match="--allow-remote"):
        address(text, 9)
    assert not address(text, 9, allow_remote=True).is_loopback


@pytest.mark.parametrize(
    "text", ["127.0.0.1:0", "127.0.0.1:70000", "a:b", "examples/speech.wav", "::1:x"]
)
def test_addresses_that_cannot_be(text: str) -> None:
    with pytest.raises(ValueError, match="HOST:PORT"):
        address(text, 9, allow_remote=True)


def test_a_sender_knows_when_nobody_listens() -> None:
    with LiveLinkReceiver(port=0) as receiver:
        to = receiver.address
    sender = LiveLinkSender(to)
    for index in range(10):
        sender.send(LiveFrame(index, Fraction(60), make_clip(1)))
    assert sender.lost > 0
    sender.close()


def test_an_unknown_host_is_an_error_that_says_so() -> None:
    with pytest.raises(ValueError, match="no such host"):
        LiveLinkSender(Address("no-such-host.invalid", 5))
