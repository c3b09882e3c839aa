"""``talkface live``: a face that follows a microphone, a file or a pipe."""

from __future__ import annotations

import argparse
import gc
import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

from talkface import cli_options
from talkface.cli_convert import rate

Add = Callable[[str, str, Callable[[argparse.Namespace], int]], Any]
PREROLL = 0.3
"""Seconds from the start to the first frame of a file or a pipe."""

EXAMPLES = """
INPUT is a sound file, "mic" for the microphone, or "-" for raw PCM on standard input:
  talkface live speech.wav --livelink
  talkface live mic --vmc --websocket
  some-tts | talkface live - --rate 24000 --format s16 --livelink --play
The space bar interrupts (the character stops and listens), q ends. docs/live.md says how to see it.
"""


def add_command(
    add: Add,
    face: Callable[[argparse.Namespace], Any],
    motion: Callable[[argparse.Namespace], dict[str, Any]],
) -> argparse.ArgumentParser:
    """The command; ``face`` and ``motion`` make a face, and options of a stream, of the options."""
    command: argparse.ArgumentParser = add(
        "live",
        "Animate a microphone, a file or a pipe as it is heard, and send the face.",
        lambda options: _live(options, face, motion),
    )
    command.epilog = EXAMPLES + "\n" + (command.epilog or "")
    command.add_argument("input", metavar="INPUT", help='a sound file, "mic", or "-"')
    sound = command.add_argument_group("sound")
    sound.add_argument("--rate", type=int, metavar="HZ", help="sample rate of a pipe or microphone")
    sound.add_argument("--channels", type=int, default=1, help="of a pipe (default: 1)")
    sound.add_argument(
        "--format", choices=("s16", "f32"), default="s16",
        help="samples of a pipe, little-endian (default: s16)",
    )  # fmt: skip
    sound.add_argument(
        "--device", metavar="NAME", help="microphone: a part of its name or its index"
    )
    sound.add_argument("--loop", action="store_true", help="play the file over and over")
    sound.add_argument("--seconds", type=float, metavar="S", help="end after S seconds of audio")
    sound.add_argument(
        "--play", nargs="?", const="", metavar="NAME",
        help="play the audio in sync with the face, on this loudspeaker or the default one",
    )  # fmt: skip
    to = command.add_argument_group("where to (at least one; each may be repeated)")
    for name, what in (
        ("livelink", "Live Link Face packets: Unreal and whatever knows them (127.0.0.1:11111)"),
        ("vmc", "VMC messages: VTuber tools (127.0.0.1:39539)"),
        ("websocket", "serve JSON lines on this address (127.0.0.1:8765)"),
    ):
        to.add_argument(
            f"--{name}", nargs="?", action="append", const="", metavar="HOST:PORT", help=what
        )
    to.add_argument(
        "--allow-remote", action="store_true", help="let addresses be other machines than this one"
    )
    rig = to.add_mutually_exclusive_group()
    rig.add_argument(
        "--rig", metavar="RIG",
        help="that --vmc and --websocket send, such as vrm0 (`talkface formats`; default: arkit)",
    )  # fmt: skip
    rig.add_argument("--map", metavar="FILE", help="a rig map of your own, .json (docs/rigs.md)")
    to.add_argument("--subject", default="TalkFace", help="name in Live Link (default: TalkFace)")
    to.add_argument(
        "--origin", action="append", default=[], metavar="ORIGIN",
        help="let pages of this origin listen to --websocket, beside those of this machine",
    )  # fmt: skip
    command.add_argument(
        "--fps", type=rate, default=Fraction(60),
        help="frames a second, for instance 30, 59.94 or 60000/1001 (default: 60)",
    )  # fmt: skip
    command.add_argument("--json", action="store_true", help="print the counters at the end")
    command.add_argument("-q", "--quiet", action="store_true", help="no status line, no summary")
    return command


def _live(
    options: argparse.Namespace,
    face: Callable[[argparse.Namespace], Any],
    motion: Callable[[argparse.Namespace], dict[str, Any]],
) -> int:
    from talkface.live.clocks import SystemTime
    from talkface.live.counters import StatusLine
    from talkface.live.keys import keys
    from talkface.live.session import GUARD, Session, delay_of

    _refuse(options)
    if options.seconds is not None and not 0 < options.seconds < 1e9:
        raise ValueError("--seconds must be positive")
    time = SystemTime()
    with ExitStack() as stack:
        senders = _senders(options)
        for sender in senders:
            stack.callback(sender.close)
        opened = face(options)
        source = _source(options, time.now)
        stack.callback(source.close)
        stream = opened.stream(
            source.sample_rate, source.channels, fps=options.fps, **motion(options)
        )
        delay = delay_of(stream) if source.live else stream.latency + GUARD
        clock, speaker = _clock(options, source, delay, time.now)
        if speaker is not None:
            stack.callback(speaker.close)
        session = Session(stream, source, senders, clock, time, speaker=speaker)
        status = StatusLine(sys.stderr, enabled=not options.quiet)
        stack.callback(status.close)

        def tick() -> None:
            latency = _latency(session, source, clock, speaker)
            status.update(time.now(), session.seconds, session.counters, latency)

        pressed = {" ": session.interrupt, "q": session.stop}
        has_keys = stack.enter_context(keys(lambda key: pressed.get(key, lambda: None)()))
        if not options.quiet:
            hint = "; space interrupts, q ends" if has_keys else ""
            print(f"to {', '.join(s.name for s in senders)}{hint}", file=sys.stderr)
        stack.enter_context(_undisturbed(session.stop))
        session.run(options.seconds, tick)
        if not (session.seconds or session.stopped):
            raise ValueError("no sound came on standard input")
        seconds = session.seconds
        if session.stopped or session.frames is None:  # cut off
            session.rest()
        elif speaker is not None:
            speaker.close(wait=2.0)
        latency = _latency(session, source, clock, speaker)
    _report(options, session, senders, {
        "seconds": round(seconds, 3),
        "stream_latency_ms": round(1000 * stream.latency, 1),
        **({} if latency is None else {"latency_ms": round(1000 * latency, 1)}),
        **_devices(source, speaker),
    })  # fmt: skip
    return 0


def _refuse(options: argparse.Namespace) -> None:
    """ValueError for an option that this source or these senders have no use for."""

    def without(use: Any, names: tuple[str, ...], why: str) -> None:
        if not use:
            cli_options.refuse(options, names, why)

    pipe, microphone = options.input == "-", options.input == "mic"
    without(pipe or microphone, ("rate",), "for pipes and microphones; a file has its own")
    without(pipe, ("channels", "format"), "for pipes (INPUT is -)")
    without(microphone, ("device",), "for the microphone (INPUT is mic)")
    without(not (pipe or microphone), ("loop",), "only a file can be played over and over")
    without(options.livelink, ("subject",), "a name in Live Link; give --livelink too")
    without(options.websocket, ("origin",), "who may listen to --websocket; give that too")
    without(
        options.vmc or options.websocket, ("rig", "map"),
        "Live Link packets hold ARKit's 52 alone; these are for --vmc and --websocket",
    )  # fmt: skip


def _clock(
    options: argparse.Namespace, source: Any, delay: float, now: Callable[[], float]
) -> tuple[Any, Any]:
    """The clock of the program, and the loudspeaker if there is one."""
    from talkface.live.clocks import SteadyClock

    if options.play is not None:
        from talkface.live.playback import Playback

        speaker = Playback(_device(options.play), source.sample_rate, source.channels, delay, now)
        return speaker.clock, speaker
    if source.live:
        source.clock.delay = delay + source.device_latency
        return source.clock, None
    return SteadyClock(now() + PREROLL), None


def _latency(session: Any, source: Any, clock: Any, speaker: Any) -> float | None:
    """Seconds from a sound at the microphone to its frame; None for what is there beforehand."""
    if not source.live:
        return None
    counters = session.counters
    if speaker is not None:
        return float(counters.ahead.quantile(0.5) + source.device_latency)
    return float(clock.delay + counters.late.quantile(0.5))


@contextmanager
def _undisturbed(stop: Callable[[], None]) -> Iterator[None]:
    """The interpreter hands over to the thread that sends soon, and does not sweep what is old;
    Ctrl-C and a request to terminate call ``stop``: an exception might come while a lock is taken.
    """
    before = sys.getswitchinterval()
    asked = {
        number: signal.signal(number, lambda *_: stop())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    sys.setswitchinterval(0.0005)
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        sys.setswitchinterval(before)
        for number, handler in asked.items():
            signal.signal(number, handler)


def _senders(options: argparse.Namespace) -> list[Any]:
    from talkface.live import livelink, vmc, websocket
    from talkface.live.senders import LiveLinkSender, VmcSender, address
    from talkface.rigs import load_map, rig

    def where(text: str, port: int) -> Any:
        return address(text, port, allow_remote=options.allow_remote)

    rig_map = (
        rig(options.rig) if options.rig else load_map(Path(options.map)) if options.map else None
    )
    found: list[Any] = []
    for index, text in enumerate(options.livelink or ()):
        device = f"talkface-live-{index}" if index else "talkface-live"
        found.append(LiveLinkSender(where(text, livelink.PORT), options.subject, device))
    found += [VmcSender(where(text, vmc.PORT), rig_map) for text in options.vmc or ()]
    found += [
        websocket.WebSocketSender(where(text, websocket.PORT), options.origin, rig_map)
        for text in options.websocket or ()
    ]
    if not found:
        raise ValueError("say where to send: --livelink, --vmc or --websocket")
    return found


def _source(options: argparse.Namespace, now: Callable[[], float]) -> Any:
    from talkface.live.sources import FileSource, Microphone, PipeSource

    if options.input == "mic":
        return Microphone(_device(options.device or ""), options.rate, now)
    if options.input != "-":
        return FileSource(Path(options.input), options.loop)
    if sys.stdin.isatty():
        raise ValueError("standard input is a terminal: pipe raw PCM into this command")
    if options.rate is None:
        raise ValueError("raw PCM does not say its sample rate: give --rate")
    return PipeSource(sys.stdin.buffer, options.rate, options.channels, options.format)


def _device(text: str) -> str | int | None:
    return (int(text) if text.isdigit() else text) if text else None


def _devices(source: Any, speaker: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if source.live:
        found["microphone"] = {
            "overflows": source.overflows,
            "jumps": source.clock.jumps,
            "device_latency_ms": round(1000 * source.device_latency, 1),
        }
    if speaker is not None:
        found["playback"] = {"underruns": speaker.underruns, "jumps": speaker.clock.jumps}
    return found


def _report(
    options: argparse.Namespace, session: Any, senders: list[Any], more: dict[str, Any]
) -> None:
    counters = {
        **session.counters.as_dict(),
        "fps": [options.fps.numerator, options.fps.denominator],
        **more,
        "senders": {sender.name: {"lost": sender.lost} for sender in senders},
    }
    if options.json:
        print(json.dumps(counters, indent=1))
    elif not options.quiet:
        late = counters["late_ms"]
        print(
            f"{counters['sent']} frames, {counters['seconds']:g} s; late p50 {late['p50']:g}, "
            f"p99 {late['p99']:g}, max {late['max']:g} ms; {counters['held']} held, "
            f"{counters['skipped']} skipped; {counters['underruns']} underruns",
            file=sys.stderr,
        )
        for sender in senders:
            if sender.lost:
                print(f"{sender.name}: {sender.lost} lost; does it listen?", file=sys.stderr)
