"""Live faces: from a microphone, a file or a pipe to engines, VTuber tools and browsers.

``talkface live`` is the command (docs/live.md); these are its parts.
"""

from __future__ import annotations

from talkface.live.livelink import Packet, PacketError, decode, encode
from talkface.live.receiver import LiveLinkReceiver
from talkface.live.senders import (
    Address,
    LiveFrame,
    LiveLinkSender,
    Sender,
    VmcSender,
    address,
)
from talkface.live.session import Session

__all__ = [
    "Address",
    "LiveFrame",
    "LiveLinkReceiver",
    "LiveLinkSender",
    "Packet",
    "PacketError",
    "Sender",
    "Session",
    "VmcSender",
    "address",
    "decode",
    "encode",
]
