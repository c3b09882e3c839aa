"""``talkface bench``: speed, latency and memory of a bundle on this machine."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Add = Callable[[str, str, Callable[[argparse.Namespace], int]], Any]


def add_command(add: Add, add_face: Callable[[Any], None]) -> None:
    """The command, by the function that adds one (name, text, what it runs) and the one that adds
    the options of a face."""
    bench = add("bench", "Measure speed, latency and memory on this machine.", _bench)
    bench.add_argument(
        "--seconds", type=float, default=20.0, help="audio for each row (default: 20)"
    )
    bench.add_argument("--json", action="store_true", help="for machines")
    add_face(bench)
    crowd = bench.add_argument_group("crowds")
    crowd.add_argument(
        "--no-crowd", action="store_true", help="one stream only (a crowd takes about a minute)"
    )
    crowd.add_argument(
        "--streams", type=int, nargs="+", metavar="N", default=[1, 4, 16, 64, 256],
        help="of a crowd (default: 1 4 16 64 256)",
    )  # fmt: skip
    crowd.add_argument(
        "--crowd-threads", type=int, nargs="+", metavar="N", default=[1, 2],
        help="that share a crowd's tick (default: 1 2)",
    )  # fmt: skip
    crowd.add_argument(
        "--also", action="append", default=[], metavar="FOLDER",
        help="another bundle beside it, for instance an int8 variant; may be repeated",
    )  # fmt: skip
    crowd.add_argument("--plot", metavar="FILE", help="a picture of the crowds (PNG, SVG or PDF)")
    bench.add_argument(
        "--encoders", action="store_true",
        help="also what encoders of wav2vec 2.0's class cost: windows with a feature cache and "
        "without, 1 s every 20 ms, 64 frames anew each second (needs [train] and [ssl])",
    )  # fmt: skip


def _bench(options: argparse.Namespace) -> int:
    from talkface import bench, bench_crowd
    from talkface.face import TalkFace
    from talkface.plots import check_picture

    def tell(text: str) -> None:
        print(f"  {text} ...", file=sys.stderr)

    if not 0.1 <= options.seconds <= 3600:
        raise ValueError(f"--seconds must be 0.1 to 3600, not {options.seconds:g}")
    if min(options.streams) < 1 or min(options.crowd_threads) < 1:
        raise ValueError("--streams and --crowd-threads must be at least 1")
    if max(options.streams) > bench_crowd.MOST:
        raise ValueError(f"--streams goes to {bench_crowd.MOST}")
    for name in ("plot", "also"):
        if options.no_crowd and getattr(options, name):
            raise ValueError(f"--{name} is for crowds: leave --no-crowd out")
    if options.plot:
        check_picture(Path(options.plot))
    report = bench.run(
        options.bundle, options.provider, options.threads, options.seconds, progress=tell
    )
    if not options.no_crowd:
        faces = [
            TalkFace(bundle, options.provider, threads=options.threads)
            for bundle in (options.bundle, *options.also)
        ]
        report.crowd = bench_crowd.run(faces, options.streams, options.crowd_threads, tell)
        if options.plot:
            bench_crowd.plot(report.crowd, Path(options.plot))
    if options.encoders:
        report.encoders = bench.encoders(tell)
    print(json.dumps(report.as_dict(), indent=1) if options.json else bench.render(report))
    return 0
