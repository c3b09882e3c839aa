"""``talkface view``: a recording's animation in the browser."""

from __future__ import annotations

import argparse
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from talkface import cli_options
from talkface.documents import read_text

Add = Callable[[str, str, Callable[[argparse.Namespace], int]], Any]
AddOptions = Callable[[argparse.ArgumentParser], None]
Motion = Callable[[argparse.Namespace], dict[str, Any]]


def add_command(add: Add, add_face: AddOptions, add_motion: AddOptions, motion: Motion) -> None:
    """The command, by the function that adds one (name, text, what it runs)."""

    def run(options: argparse.Namespace) -> int:
        return _view(options, motion(options))

    command = add("view", "Look at an animation in the browser: face, curves, knobs.", run)
    command.add_argument("input", nargs="?", help="a sound file; without one the page asks for it")
    command.add_argument("--port", type=int, default=0, help="of the page (default: a free one)")
    command.add_argument("--no-browser", action="store_true", help="only print the page's address")
    command.add_argument("--raw", action="store_true", help="begin with the graph's own output")
    command.add_argument(
        "--phones", metavar="FILE", help="timed phones of the speech: TextGrid, .tsv, .lab or .json"
    )
    command.add_argument(
        "--head", metavar="GLB", help="another head, with morph targets named as ARKit's channels"
    )
    command.add_argument(
        "--export", metavar="FOLDER",
        help="write the page as a folder that needs no server, and end",
    )  # fmt: skip
    command.add_argument(
        "--live", nargs="?", const="ws://127.0.0.1:8765", metavar="URL",
        help="show the poses that `talkface live` sends over WebSocket "
        "(default: ws://127.0.0.1:8765)",
    )  # fmt: skip
    add_motion(command)
    add_face(command)


def _view(options: argparse.Namespace, motion: dict[str, Any]) -> int:
    from talkface.viewer.request import Request
    from talkface.viewer.session import Session

    if options.export and not options.input:
        raise ValueError("--export needs a sound file")
    if options.live and options.input:
        raise ValueError("give a sound file or --live, not both")
    if options.live:
        cli_options.refuse(
            options, (*cli_options.MOTION, *cli_options.FACE, "raw"),
            "poses that are live come as they are; give these to talkface live",
        )  # fmt: skip
    if not options.input:
        cli_options.refuse(options, ("phones",), "give the sound file that these belong to")
    style = None
    if options.style:
        path = Path(options.style)
        style = {"name": path.name, "text": read_text(path)}
    request = Request(style=style, raw=options.raw, **motion)
    with Session(
        options.bundle, request, provider=options.provider, threads=options.threads,
        head=options.head, live=options.live,
    ) as session:  # fmt: skip
        if options.input:
            session.add(options.input, Path(options.input).name, _phones(options))
        if not options.export:
            return _serve(session, options)
        from talkface.viewer.static import build

        print(build(session, Path(options.export)), file=sys.stderr)
    return 0


def _phones(options: argparse.Namespace) -> Any:
    if not options.phones:
        return None
    from talkface.script import read

    return read(options.phones, Path(options.input).stem)


def _serve(session: Any, options: argparse.Namespace) -> int:
    from talkface.viewer.server import ViewServer

    with ViewServer(session, options.port) as server:
        print(f"{server.url} (Ctrl+C ends it)", file=sys.stderr, flush=True)
        if not options.no_browser:
            webbrowser.open(server.url)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print(file=sys.stderr)
    return 0
