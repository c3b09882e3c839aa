"""``talkface listen``: what Live Link Face packets come in, and a recording of them."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from talkface.progress import one_line

Add = Callable[[str, str, Callable[[argparse.Namespace], int]], Any]


def add_command(add: Add) -> None:
    """The command, by the function that adds one (name, text, what it runs)."""
    command = add(
        "listen",
        "Receive Live Link Face packets, of TalkFace or a phone, and record them.",
        _listen,
    )
    command.add_argument(
        "at", nargs="?", default="", metavar="HOST:PORT",
        help="address to listen on (default: 127.0.0.1:11111; a phone needs 0.0.0.0)",
    )  # fmt: skip
    command.add_argument("-o", "--output", metavar="OUT", help=".csv, .json or .npz")
    command.add_argument(
        "--device", metavar="ID", help="record this device (default: the first that has a face)"
    )
    command.add_argument(
        "--seconds", type=float, metavar="S", help="end after S seconds (default: Ctrl-C ends)"
    )
    command.add_argument("--json", action="store_true", help="print what came, for machines")


def _listen(options: argparse.Namespace) -> int:
    from talkface.live.livelink import PORT, Packet
    from talkface.live.receiver import LiveLinkReceiver
    from talkface.live.senders import address
    from talkface.sinks import check_output

    output = Path(options.output) if options.output else None
    if output is not None:
        check_output(output)
    if options.seconds is not None and not 0 < options.seconds < 1e9:
        raise ValueError("--seconds must be positive")
    at = address(options.at, PORT, allow_remote=True)
    kept: list[Packet] = []
    seen: dict[str, dict[str, Any]] = {}
    with LiveLinkReceiver(at.host, at.port) as receiver:
        print(f"listening on {receiver.address}", file=sys.stderr, flush=True)
        began = shown = time.monotonic()
        try:
            while options.seconds is None or time.monotonic() - began < options.seconds:
                arrival = receiver.receive(0.1)
                if arrival is not None:
                    packet = arrival.packet
                    _count(seen, packet, arrival.sender)
                    chosen = options.device or next(
                        (device for device, row in seen.items() if row["faces"]), None
                    )
                    if output is not None and packet.device == chosen:
                        kept.append(packet)
                if sys.stderr.isatty() and time.monotonic() - shown > 0.25:
                    shown = time.monotonic()
                    sys.stderr.write(f"\r{one_line(_line(seen, receiver.rejected))}\x1b[K")
        except KeyboardInterrupt:
            pass
        rejected, reason = receiver.rejected, receiver.reason
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    if options.json:
        print(json.dumps({"devices": seen, "rejected": rejected, "reason": reason}, indent=1))
    else:
        print(_line(seen, rejected) + (f" (the last: {reason})" if reason else ""), file=sys.stderr)
    if output is not None:
        _save(kept, output)
    return 0


def _count(seen: dict[str, dict[str, Any]], packet: Any, sender: Any) -> None:
    row = seen.setdefault(
        packet.device, {"subject": packet.subject, "from": str(sender), "packets": 0, "faces": 0}
    )
    row["packets"] += 1
    row["faces"] += packet.has_face
    if packet.time is not None:
        row["fps"] = [packet.time.numerator, packet.time.denominator]


def _line(seen: dict[str, dict[str, Any]], rejected: int) -> str:
    rows = [
        f"{row['subject']} ({device}, {row['from']}): {row['packets']} packets, "
        f"{row['faces']} with a face"
        for device, row in seen.items()
    ]
    return f"{'; '.join(rows) or 'nothing came'}; {rejected} rejected"


def _save(packets: list[Any], output: Path) -> None:
    from talkface.clip import even_rate
    from talkface.live.livelink import clip_of

    clip = clip_of(packets)
    if not len(clip):
        raise ValueError("no packet with a face came: nothing to record")
    times = clip.timestamps - clip.timestamps[0]
    clip = replace(clip, timestamps=times, fps=even_rate(times, 1e-4))
    clip.save(output)
    print(f"{output}: {len(clip)} frames, {clip.seconds:.2f} s", file=sys.stderr)
