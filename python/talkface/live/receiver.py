"""A receiver of Live Link Face packets: TalkFace's, the phone app's or anyone's."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass

from talkface.live.livelink import MAX_BYTES, Packet, PacketError, decode
from talkface.live.senders import Address


@dataclass(frozen=True)
class Arrival:
    """A packet, when it came (monotonic seconds) and from whom."""

    packet: Packet
    at: float
    sender: Address


class LiveLinkReceiver:
    """Listens on a UDP port; ``host`` 0.0.0.0 hears the whole network, the default this machine.

    ``latest``: the last packet with a face of each device. ``rejected``: how many datagrams were no
    such packets, ``reason`` why the last was not.

    Raises OSError when the port is taken: Unreal and other tools listen on 11111 too.
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 11111) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        try:
            self._socket.bind((host, port))
        except OSError as error:
            self._socket.close()
            raise OSError(
                f"cannot listen on {Address(host, port)} ({error.strerror}): another tool may "
                "listen there (Unreal does on 11111), or it is no address of this machine"
            ) from None
        self.address = Address(host, self._socket.getsockname()[1])
        self.latest: dict[str, Packet] = {}
        self.rejected = 0
        self.reason = ""

    def receive(self, timeout: float | None = None) -> Arrival | None:
        """The next packet; None when none has come within ``timeout`` seconds (None: wait)."""
        until = None if timeout is None else time.monotonic() + timeout
        while True:
            left = None if until is None else max(until - time.monotonic(), 1e-6)
            self._socket.settimeout(left)
            try:
                data, sender = self._socket.recvfrom(MAX_BYTES + 1)
            except TimeoutError:
                return None
            at = time.monotonic()
            try:
                packet = decode(data)
            except PacketError as error:
                self.rejected += 1
                self.reason = str(error)
                continue
            if packet.has_face:
                self.latest[packet.device] = packet
            return Arrival(packet, at, Address(sender[0], sender[1]))

    def arrivals(self, seconds: float) -> Iterator[Arrival]:
        """Packets as they come, for ``seconds``."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            arrival = self.receive(left)
            if arrival is not None:
                yield arrival

    def close(self) -> None:
        self._socket.close()

    def __enter__(self) -> LiveLinkReceiver:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
