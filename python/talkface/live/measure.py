"""Measures ``talkface live``: ``python -m talkface.live.measure --seconds 30``.

Three processes run at the same time: the command itself, which sends a file over and over to a
loopback port; a control that does nothing but sleep until each frame's time (one ``time.sleep``)
and send its number; and a receiver that stamps what comes from both. Jitter is how far a packet's
arrival lies from its place on the exact grid, which is laid through the median; so whatever the
machine's load does to any sleeping program is in the control as well.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import socket
import struct
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkface.cli_convert import rate
from talkface.live.livelink import PacketError, decode
from talkface.progress import Progress

_CONTROL = struct.Struct(">q")
_QUIET = 3.0


def jitter(
    numbers: NDArray[np.int64], arrivals: NDArray[np.float64], fps: Fraction
) -> dict[str, float]:
    """What the arrivals (seconds [packets]) of frames ``numbers`` [packets] say, for one sender.

    ``rate``: packets a second, of a fitted line. ``p50_ms``, ``p99_ms``, ``max_ms``: jitter.
    ``drift_ms``: how much later the last tenth lies on the grid than the first, by the promptest
    twentieth of each: packets are late at times, never early.
    """
    if len(numbers) < 20:
        raise ValueError(f"only {len(numbers)} packets came: nothing to measure")
    grid = (numbers - numbers[0]) * float(1 / fps)
    offset = arrivals - grid
    away = np.abs(offset - np.median(offset))
    tenth = max(len(offset) // 10, 1)
    drift = np.quantile(offset[-tenth:], 0.05) - np.quantile(offset[:tenth], 0.05)
    return {
        "packets": len(numbers),
        "missing": int(numbers[-1] - numbers[0] + 1 - len(numbers)),
        "rate": 1 / float(np.polyfit(numbers - numbers[0], arrivals - arrivals[0], 1)[0]),
        "p50_ms": 1000 * float(np.quantile(away, 0.5)),
        "p99_ms": 1000 * float(np.quantile(away, 0.99)),
        "max_ms": 1000 * float(away.max()),
        "drift_ms": 1000 * float(drift),
    }


def measure(
    seconds: float, fps: Fraction = Fraction(60), sound: Path | None = None
) -> dict[str, Any]:
    """Run the three for ``seconds`` of audio; ``live`` and ``control`` as :func:`jitter` gives
    them, and ``command``: the counters that the command printed.

    ``sound``: a file to send, None for speech-like noise. Raises RuntimeError when a part fails.
    """
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        sound = sound or _noise(Path(folder))
        receiver = _start(stack, "talkface.live.measure", "receive")
        assert receiver.stdout is not None
        live_port, control_port = json.loads(receiver.stdout.readline())
        control = _start(
            stack, "talkface.live.measure", "control", str(control_port), str(fps), str(seconds)
        )
        command = _start(
            stack, "talkface", "live", str(sound), "--loop", "--quiet", "--json",
            "--seconds", str(seconds), "--fps", str(fps), "--livelink", f"127.0.0.1:{live_port}",
        )  # fmt: skip
        printed, _ = command.communicate(timeout=seconds + 60)
        control.communicate(timeout=seconds + 60)
        arrived, _ = receiver.communicate(timeout=60)
    if command.returncode or control.returncode or receiver.returncode:
        raise RuntimeError("the command, the control or the receiver failed; see above")
    series = json.loads(arrived)
    report: dict[str, Any] = {"fps": str(fps), "seconds": seconds, "load": os.getloadavg()[0]}
    for name in ("live", "control"):
        table = np.array(series[name], dtype=np.float64).reshape(-1, 2)
        table = table[table[:, 0] < seconds * fps]  # without the neutral face that ends it
        report[name] = jitter(table[:, 0].astype(np.int64), table[:, 1], fps)
    report["command"] = json.loads(printed)
    return report


def _start(stack: ExitStack, module: str, *arguments: str) -> subprocess.Popen[str]:
    """A module in a process of its own, which ends with the stack at the latest.

    In a session of its own too, as from a terminal of its own: Linux shares out processor time by
    sessions first, and these three must not pay for each other.
    """
    process = stack.enter_context(
        subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
    )
    stack.callback(process.kill)
    return process


def _noise(folder: Path) -> Path:
    """Ten seconds of noise with the rhythm of syllables."""
    import soundfile

    time_axis = np.arange(160000) / 16000
    loudness = np.clip(np.sin(2 * np.pi * 4 * time_axis), 0, None) ** 2
    noise = np.random.default_rng(0).normal(0, 0.1, len(time_axis))
    path = folder / "noise.wav"
    soundfile.write(path, loudness * noise, 16000)
    return path


def _control(port: int, fps: Fraction, seconds: float) -> None:
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    start = time.monotonic() + 0.5
    for index in range(int(seconds * fps)):
        left = start + float(index / fps) - time.monotonic()
        if left > 0:
            time.sleep(left)
        out.sendto(_CONTROL.pack(index), ("127.0.0.1", port))


def _receive() -> None:
    """Stamps packets until none has come for three seconds, then prints all."""
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
        one.setblocking(False)
    print(json.dumps([one.getsockname()[1] for one in sockets]), flush=True)
    live, control = sockets
    found: dict[str, list[tuple[int, float]]] = {"live": [], "control": []}
    while True:
        wait = _QUIET if found["live"] else 60.0
        ready, _, _ = select.select(sockets, [], [], wait)
        at = time.monotonic()
        if not ready:
            break
        if control in ready:
            found["control"].append((_CONTROL.unpack(control.recv(64))[0], at))
        if live in ready:
            try:
                packet = decode(live.recv(2048))
            except PacketError as error:
                raise SystemExit(f"not a packet: {error}") from None
            if packet.time is not None:
                found["live"].append((packet.time.frame, at))
    print(json.dumps(found))


def render(report: dict[str, Any]) -> str:
    """The report as text."""
    lines = [
        f"{'':<14}  packets  missing       rate    p50 ms    p99 ms    max ms  drift ms",
    ]
    for name, title in (("live", "talkface live"), ("control", "sleep only")):
        row = report[name]
        lines.append(
            f"{title:<14}  {row['packets']:>7}  {row['missing']:>7}  {row['rate']:>9.4f}"
            f"  {row['p50_ms']:>8.2f}  {row['p99_ms']:>8.2f}  {row['max_ms']:>8.2f}"
            f"  {row['drift_ms']:>8.2f}"
        )
    above = report["live"]["p99_ms"] - report["control"]["p99_ms"]
    held = report["command"]["held"]
    lines.append(
        f"p99 {above:+.2f} ms from the control's; {held} frames held; load {report['load']:.1f}"
    )
    return "\n".join(lines)


def main() -> int:
    part, *arguments = sys.argv[1:] or [""]
    if part == "receive":
        _receive()
        return 0
    if part == "control":
        port, fps, seconds = arguments
        _control(int(port), Fraction(fps), float(seconds))
        return 0
    parser = argparse.ArgumentParser(prog="talkface.live.measure", description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0, help="of audio (default: 30)")
    parser.add_argument("--fps", type=rate, default=Fraction(60), help="(default: 60)")
    parser.add_argument("--sound", type=Path, metavar="FILE", help="to send (default: noise)")
    parser.add_argument("--json", action="store_true", help="for machines")
    options = parser.parse_args()
    with Progress("measuring") as progress:
        progress.update(0, 1)
        report = measure(options.seconds, options.fps, options.sound)
    print(json.dumps(report, indent=1) if options.json else render(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
