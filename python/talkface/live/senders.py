"""Senders: where the frames of a live face go.

A sender sends to this machine unless it is told to go elsewhere: a face shows what someone says,
and UDP has no secrets.
"""

from __future__ import annotations

import ipaddress
import json
import socket
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from talkface.clip import Clip
from talkface.live.livelink import FrameTime, Packet, encode, values_of
from talkface.live.vmc import VmcEncoder
from talkface.rigs import RigMap


@dataclass(frozen=True)
class LiveFrame:
    """Frame ``index`` of a live face, at ``index / rate`` seconds of the audio.

    ``pose``: a clip of one frame. ``held``: the frame was not made in time, the pose is the last
    one, or on its way from there to neutral.
    """

    index: int
    rate: Fraction
    pose: Clip
    held: bool = False

    @property
    def seconds(self) -> float:
        return float(self.index / self.rate)


class Sender(Protocol):
    """Takes frames in order. ``name`` says what and where, for people."""

    name: str

    def send(self, frame: LiveFrame) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Address:
    """A host and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether what goes there stays on this machine."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def address(text: str, port: int, *, allow_remote: bool = False) -> Address:
    """``HOST:PORT``, ``HOST``, ``:PORT`` or ``[IPV6]:PORT``; ``port`` and 127.0.0.1 where missing.

    Raises ValueError for anything else, and for a host that is not this machine unless
    ``allow_remote``.
    """
    try:
        bare = ipaddress.ip_address(text).version == 6
    except ValueError:
        bare = False
    host, _, number = (text, "", "") if bare else text.rpartition(":")
    if not bare and ":" not in text:
        host, number = ("", text) if text.isdigit() else (text, "")
    host = host.strip("[]")
    if host in ("", "localhost"):  # Receivers listen on IPv4; localhost may be IPv6 first.
        host = "127.0.0.1"
    if number and not (number.isascii() and number.isdigit() and 0 < int(number) < 65536):
        raise ValueError(f"not an address: {text!r} (write HOST:PORT)")
    if any(c.isspace() or c in "/\\" for c in host):
        raise ValueError(f"not a host: {host!r} (write HOST:PORT)")
    found = Address(host, int(number) if number else port)
    if not (allow_remote or found.is_loopback):
        raise ValueError(
            f"{found} is not this machine; allow sending elsewhere with --allow-remote "
            "(allow_remote=True) if it should hear what is said here"
        )
    return found


class Datagrams:
    """A UDP socket to one address. ``lost`` counts datagrams that the system refused."""

    def __init__(self, to: Address) -> None:
        try:
            family, kind, protocol, _, where = socket.getaddrinfo(
                to.host, to.port, type=socket.SOCK_DGRAM
            )[0]
        except (OSError, UnicodeError) as error:
            raise ValueError(f"no such host: {to.host} ({error})") from None
        self._socket = socket.socket(family, kind, protocol)
        self._socket.setblocking(False)
        self.lost = 0
        try:  # So that the system tells when nobody listens on this machine.
            self._socket.connect(where)
        except OSError as error:
            self._socket.close()
            raise ValueError(f"cannot send to {to}: {error}") from None

    def send(self, data: bytes) -> None:
        try:
            self._socket.send(data)
        except OSError:  # No one listens, the network is down, the buffer is full: UDP goes on.
            self.lost += 1

    def close(self) -> None:
        self._socket.close()


class LiveLinkSender:
    """Live Link Face packets (:mod:`talkface.live.livelink`): head and eyes in radians.

    ``subject``: the name in Unreal; ``device`` keys it there: two senders need two.
    """

    def __init__(
        self, to: Address, subject: str = "TalkFace", device: str = "talkface-live"
    ) -> None:
        Packet(device, subject)
        self._subject, self._device = subject, device
        self._out = Datagrams(to)
        self.name = f"livelink {to}"

    def send(self, frame: LiveFrame) -> None:
        time = FrameTime(frame.index, 0.0, frame.rate.numerator, frame.rate.denominator)
        values = values_of(frame.pose)[0]
        self._out.send(encode(Packet(self._device, self._subject, time, values)))

    @property
    def lost(self) -> int:
        return self._out.lost

    def close(self) -> None:
        self._out.close()


class VmcSender:
    """VMC messages (:mod:`talkface.live.vmc`), in Unity's axes.

    ``rig_map``: the blendshapes to send, None for Apple's 52.
    """

    def __init__(self, to: Address, rig_map: RigMap | None = None, bone: str = "Head") -> None:
        self._rig = rig_map
        self._encoder = VmcEncoder(bone)
        self._out = Datagrams(to)
        self.name = f"vmc {to}"

    def send(self, frame: LiveFrame) -> None:
        pose = frame.pose if self._rig is None else self._rig.apply(frame.pose)
        for message in self._encoder.messages(pose):
            self._out.send(message)

    @property
    def lost(self) -> int:
        return self._out.lost

    def close(self) -> None:
        self._out.close()


FORMAT = "talkface-stream"
FORMAT_VERSION = 1


def header_line(pose: Clip, rate: Fraction) -> str:
    """The first JSON line of a stream: names and rates, as in :mod:`talkface.sinks.json_sink`."""
    return _line(
        {
            "format": FORMAT,
            "version": FORMAT_VERSION,
            "fps": [rate.numerator, rate.denominator],
            "channels": list(pose.channels),
            "emotions": list(pose.emotions),
        }
    )


def frame_line(frame: LiveFrame) -> str:
    """A frame as a JSON line; our own axes, quaternions x y z w, metres (docs/conventions.md)."""
    pose = frame.pose
    return _line(
        {
            "frame": frame.index,
            "seconds": round(frame.seconds, 6),
            "weights": [round(float(value), 5) for value in pose.weights[0]],
            "head_rotation": [round(float(value), 6) for value in pose.head_rotation[0]],
            "head_translation": [round(float(value), 6) for value in pose.head_translation[0]],
            "emotion": [round(float(value), 5) for value in pose.emotion[0]],
            "held": frame.held,
        }
    )


def _line(document: dict[str, Any]) -> str:
    try:
        return json.dumps(document, separators=(",", ":"), allow_nan=False) + "\n"
    except ValueError:
        raise ValueError("a pose must be finite") from None
