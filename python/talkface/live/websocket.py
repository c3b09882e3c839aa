"""JSON lines over WebSocket, for browsers and anything else that has JSON.

A browser can only call, so this side listens. Each message is one line: first a header, then a
frame each (:func:`talkface.live.senders.frame_line`).

Any page in a browser may call a server on this machine, also a stranger's. Pages of other origins
than this machine are therefore refused unless they are named; programs that send no origin are not.

The ``websockets`` library does the protocol: a server that strangers' pages can reach is no place
for own code.
"""

from __future__ import annotations

import logging
import queue
import re
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from talkface.errors import require
from talkface.live.senders import Address, LiveFrame, frame_line, header_line
from talkface.rigs import RigMap

PORT = 8765
LOCAL_ORIGIN = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")
WAITING = 120
"""Lines that wait for a slow client; the oldest are dropped beyond."""


class WebSocketSender:
    """Serves frames to every client that is connected; needs the [websocket] extra.

    ``origins``: further origins of pages that may listen, for instance ``https://studio.example``
    or ``null`` (files and sandboxes, also a stranger's sandbox). ``lost`` counts lines that slow
    clients did not get.

    ``rig_map``: the channels to send, None for Apple's 52.

    Raises OSError when the port is taken, MissingExtraError without the library.
    """

    def __init__(
        self, at: Address, origins: Sequence[str] = (), rig_map: RigMap | None = None
    ) -> None:
        self._rig = rig_map
        server = require("websockets.sync.server", "websocket", "a WebSocket sender")
        self._closed_error = require("websockets.exceptions", "websocket", "").ConnectionClosed
        self._clients: set[queue.Queue[str | None]] = set()
        self._header = ""
        self._closed = False
        self._begun = threading.Event()
        self._lock = threading.Lock()
        self.lost = 0
        quiet = logging.getLogger("talkface.websocket")
        quiet.setLevel(logging.CRITICAL)
        self._server = server.serve(
            self._serve,
            at.host,
            at.port,
            origins=[None, LOCAL_ORIGIN, *origins],
            compression=None,
            max_size=1024,
            close_timeout=1,
            logger=quiet,
        )
        self.address = Address(at.host, self._server.socket.getsockname()[1])
        self.name = f"websocket ws://{self.address}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def clients(self) -> int:
        """How many are connected and listening."""
        return len(self._clients)

    def send(self, frame: LiveFrame) -> None:
        if self._rig is not None:
            frame = replace(frame, pose=self._rig.apply(frame.pose))
        if not self._begun.is_set():
            self._header = header_line(frame.pose, frame.rate)
            self._begun.set()
        with self._lock:
            clients = list(self._clients)
        if clients:
            line = frame_line(frame)
            for lines in clients:
                self._put(lines, line)

    def _put(self, lines: queue.Queue[str | None], line: str | None) -> None:
        while True:
            try:
                return lines.put_nowait(line)
            except queue.Full:
                with suppress(queue.Empty):
                    lines.get_nowait()
                    self.lost += 1

    def _serve(self, connection: Any) -> None:
        """One client, in a thread of its own."""
        lines: queue.Queue[str | None] = queue.Queue(WAITING)
        self._begun.wait()
        lines.put(self._header)
        with self._lock:
            if self._closed:
                return
            self._clients.add(lines)
        with suppress(self._closed_error):
            while (line := lines.get()) is not None:
                connection.send(line)
        with self._lock:
            self._clients.discard(lines)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            clients = list(self._clients)
        self._begun.set()
        for lines in clients:
            self._put(lines, None)
        self._server.shutdown()
