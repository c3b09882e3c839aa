"""Packets of Live Link Face, as Unreal's ARKit Face Support takes them (anchors-sdk.md 7a, 7b).

One UDP datagram a frame, big-endian: version 6, device, subject, frame time, frame rate, and 61
values: the 52 channels in Unreal's order, then head and eyes in radians, with the axes and signs of
the phone app (:mod:`talkface.sinks.csv_sink`).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np
from numpy.typing import NDArray

from talkface.clip import Clip
from talkface.rig import CHANNEL_INDEX, CHANNELS, ROTATION_COLUMNS
from talkface.rotation import from_angles
from talkface.sinks.csv_sink import rotation_columns

PORT = 11111
VERSION = 6
VALUE_NAMES: tuple[str, ...] = (*CHANNELS, *ROTATION_COLUMNS)
"""Names of the 61 values, in the packet's order."""
MAX_BYTES = 774
"""Unreal drops longer packets."""
MAX_NAME_BYTES = MAX_BYTES - 270
"""Of device and subject together, in UTF-8."""

_LENGTH = struct.Struct(">i")
_TIME = struct.Struct(">ifii")
_INT32 = range(-(2**31), 2**31)
_LARGEST = float(np.finfo(np.float32).max)


class PacketError(ValueError):
    """A datagram that is no Live Link Face packet; the message says why."""


@dataclass(frozen=True)
class FrameTime:
    """A frame number with its part of a frame, at ``rate`` frames a second."""

    frame: int
    sub_frame: float
    numerator: int
    denominator: int

    def __post_init__(self) -> None:
        if self.frame not in _INT32:
            raise ValueError(f"frame number {self.frame} does not fit into 32 bits")
        if not abs(self.sub_frame) <= _LARGEST:
            raise ValueError("the sub-frame must be a finite number of 32 bits")
        if not (0 < self.numerator < 2**31 and 0 < self.denominator < 2**31):
            raise ValueError(f"not a frame rate: {self.numerator}/{self.denominator}")

    @property
    def rate(self) -> Fraction:
        return Fraction(self.numerator, self.denominator)

    @property
    def seconds(self) -> float:
        """Since frame 0."""
        return float((self.frame + Fraction(self.sub_frame)) / self.rate)


@dataclass(frozen=True, eq=False)
class Packet:
    """One packet. ``device`` keys the subject in Unreal, ``subject`` is the name shown there.

    ``values``: float32 [61], named by :data:`VALUE_NAMES`. The app also sends short packets when it
    sees no face: with no values (None, or none counted), and some without a ``time``.

    Raises ValueError for empty names, names of more than 504 bytes together, values that are not 61
    or not finite, and values without a time.
    """

    device: str
    subject: str
    time: FrameTime | None = None
    values: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        if not (self.device and self.subject):
            raise ValueError("device and subject need a name of at least one character")
        size = len(_utf8(self.device)) + len(_utf8(self.subject))
        if size > MAX_NAME_BYTES:
            raise ValueError(
                f"device and subject have {size} bytes together, {MAX_NAME_BYTES} are taken: "
                "shorten them"
            )
        if self.values is None:
            return
        if self.time is None:
            raise ValueError("values need a frame time")
        with np.errstate(over="ignore"):
            values = np.asarray(self.values, dtype=np.float32)
        if values.shape not in ((0,), (len(VALUE_NAMES),)):
            raise ValueError(f"a packet has 61 values, not an array of shape {values.shape}")
        if not np.isfinite(values).all():
            bad = VALUE_NAMES[int(np.flatnonzero(~np.isfinite(values))[0])]
            raise ValueError(f"{bad} is not a finite number of 32 bits")
        object.__setattr__(self, "values", values)

    @property
    def has_face(self) -> bool:
        return self.values is not None and len(self.values) > 0


def _utf8(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError(f"{text!r} cannot be written as UTF-8") from None


def encode(packet: Packet) -> bytes:
    """The datagram of a packet."""
    device, subject = _utf8(packet.device), _utf8(packet.subject)
    head = b"".join(
        (bytes((VERSION,)), _LENGTH.pack(len(device)), device, _LENGTH.pack(len(subject)), subject)
    )
    if packet.time is None:
        return head
    time = packet.time
    head += _TIME.pack(time.frame, time.sub_frame, time.numerator, time.denominator)
    if packet.values is None:
        return head
    return head + bytes((len(packet.values),)) + packet.values.astype(">f4").tobytes()


def decode(data: bytes) -> Packet:
    """The packet of a datagram; ``encode`` gives the same bytes again.

    Raises PacketError, and nothing else, for bytes that are no such packet.
    """
    if not data or data[0] != VERSION:
        raise PacketError(f"not a packet of version {VERSION}: {bytes(data[:1]).hex() or 'empty'}")
    if len(data) > MAX_BYTES:
        raise PacketError(f"{len(data)} bytes are too many for a packet")
    device, at = _name(data, 1, "device")
    subject, at = _name(data, at, "subject")
    time: FrameTime | None = None
    values: NDArray[np.float32] | None = None
    try:
        if at < len(data):
            if len(data) < at + _TIME.size:
                raise PacketError("the packet ends inside its frame time")
            time = FrameTime(*_TIME.unpack_from(data, at))
            at += _TIME.size
        if at < len(data):
            values = _values(data[at:])
        return Packet(device, subject, time, values)
    except ValueError as error:
        raise PacketError(str(error)) from None


def _name(data: bytes, at: int, what: str) -> tuple[str, int]:
    if len(data) < at + _LENGTH.size:
        raise PacketError(f"the packet ends before its {what}")
    (length,) = _LENGTH.unpack_from(data, at)
    at += _LENGTH.size
    if not 0 < length <= len(data) - at:
        raise PacketError(f"the length of the {what}, {length}, cannot be")
    try:
        return bytes(data[at : at + length]).decode("utf-8"), at + length
    except UnicodeDecodeError:
        raise PacketError(f"the {what} is not UTF-8") from None


def _values(data: bytes) -> NDArray[np.float32]:
    count = data[0]
    if count not in (0, len(VALUE_NAMES)):
        raise PacketError(f"a packet has 61 values or none, not {count}")
    if len(data) != 1 + 4 * count:
        raise PacketError(f"{len(data) - 1} bytes of values, {4 * count} are needed")
    return np.frombuffer(data, dtype=">f4", offset=1).astype(np.float32)


def values_of(clip: Clip) -> NDArray[np.float32]:
    """The 61 values of each frame, float32 [frames, 61]."""
    angles = rotation_columns(clip)
    turned = np.stack([angles[name] for name in ROTATION_COLUMNS], axis=1)
    weights = clip.weights[:, _order(clip.channels)]
    return np.concatenate([weights, turned.astype(np.float32)], axis=1)


@cache
def _order(channels: tuple[str, ...]) -> list[int]:
    return [channels.index(name) for name in CHANNELS]


def clip_of(packets: Sequence[Packet]) -> Clip:
    """The faces among packets of one subject as a clip, each at its own frame time.

    Packets without a face are left out; frames that come late are put in their place, and of two
    with one time the later counts. Head translation is not in the format.
    """
    faces = {p.time.seconds: p.values for p in packets if p.has_face and p.time}
    times = np.array(sorted(faces), dtype=np.float64)
    table = np.array([faces[time] for time in times], dtype=np.float64)
    table = table.reshape(len(times), len(VALUE_NAMES))
    named = dict(zip(VALUE_NAMES, table.T, strict=True))
    weights = np.zeros((len(times), len(CHANNELS)), dtype=np.float32)
    for name, index in CHANNEL_INDEX.items():
        weights[:, index] = named[name]
    return Clip(
        weights=weights,
        timestamps=times,
        head_rotation=from_angles(named["HeadYaw"], -named["HeadPitch"], named["HeadRoll"]),
        head_translation=np.zeros((len(times), 3), dtype=np.float32),
        emotion=np.zeros((len(times), 0), dtype=np.float32),
        visemes=np.zeros((len(times), 0), dtype=np.float32),
    )
