"""The page's server: loopback only, a handful of routes, nothing of the file system behind them.

Pages of strangers can call a server on this machine. So a request must name this server as its host
(a foreign name that was made to point here is refused), one that changes something must come from
this server's own page, and no path is ever turned into a file's name.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import parse_qs, quote, urlsplit

from talkface.audio import read_bytes
from talkface.errors import MissingExtraError, TalkFaceError
from talkface.retime import frame_rate
from talkface.viewer.session import Session, Superseded

LOG = logging.getLogger("talkface")
PAGE = Path(__file__).with_name("page")
MAX_UPLOAD = 512 << 20
MAX_REQUEST = 1 << 20
POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; connect-src 'self' blob:"
)
FILES = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/index.html": ("index.html", "text/html; charset=utf-8"),
    "/viewer.css": ("viewer.css", "text/css; charset=utf-8"),
    "/viewer.js": ("viewer.js", "text/javascript; charset=utf-8"),
    "/LICENSE.three.txt": ("LICENSE.three.txt", "text/plain; charset=utf-8"),
}
_RANGE = re.compile(r"bytes=(\d*)-(\d*)$")


class Refused(Exception):
    """A request that is answered with a status and a sentence."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


def span(header: str | None, size: int) -> tuple[int, int] | None:
    """First byte and the one after the last, of a Range header; None for all of the file.

    Several ranges at once, and units other than bytes, are answered with the whole file, as
    RFC 9110 allows. Raises Refused (416) for a range that lies outside.
    """
    match = _RANGE.match(header.strip()) if header else None
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last) + 1, size) if first and last else size
    if start >= end:
        raise Refused(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, f"the sound has {size} bytes")
    return start, end


class Handler(BaseHTTPRequestHandler):
    """Answers one connection; ``server`` is the :class:`ViewServer`."""

    protocol_version = "HTTP/1.1"
    server: ViewServer
    timeout = 60

    def do_GET(self) -> None:
        self._answer(self._get)

    do_HEAD = do_GET

    def do_POST(self) -> None:
        self._answer(self._post)

    def log_message(self, format: str, *args: Any) -> None:
        LOG.debug(format, *args)

    def _answer(self, run: Callable[[str, dict[str, str]], None]) -> None:
        url = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        try:
            self._check_caller()
            run(url.path, query)
        except Refused as error:
            self._refuse(error.status, str(error))
        except Superseded:
            self._refuse(HTTPStatus.CONFLICT, "a newer request came in the meantime")
        except FileNotFoundError as error:
            self._refuse(HTTPStatus.NOT_FOUND, str(error))
        except (ValueError, TypeError, TalkFaceError) as error:
            self._refuse(HTTPStatus.BAD_REQUEST, str(error))
        except MissingExtraError as error:
            self._refuse(HTTPStatus.NOT_IMPLEMENTED, str(error))
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            self.close_connection = True
        except Exception:
            LOG.exception("%s %s", self.command, url.path)
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, "the server failed; its log says how")

    def _check_caller(self) -> None:
        if self.headers.get("Host") not in self.server.names:
            raise Refused(HTTPStatus.FORBIDDEN, f"this server is {self.server.url}")
        origin = self.headers.get("Origin")
        if origin is not None and origin.removeprefix("http://") not in self.server.names:
            raise Refused(HTTPStatus.FORBIDDEN, "pages of other servers may not call this one")

    def _get(self, path: str, query: dict[str, str]) -> None:
        session = self.server.session
        if path in FILES:
            name, kind = FILES[path]
            self._send((PAGE / name).read_bytes(), kind)
        elif path == "/head.glb":
            self._send(session.head.read_bytes(), "model/gltf-binary")
        elif path == "/api/session":
            self._send_json(session.describe())
        elif path == "/api/export":
            self._export(query)
        elif match := re.fullmatch(r"/audio/(r\d+)\.wav", path):
            self._send_sound(session.recorded(match[1]).wav)
        else:
            raise Refused(HTTPStatus.NOT_FOUND, "there is nothing here")

    def _post(self, path: str, query: dict[str, str]) -> None:
        if path == "/api/animate":
            try:
                document = json.loads(self._body(MAX_REQUEST))
            except ValueError as error:
                raise Refused(HTTPStatus.BAD_REQUEST, f"not JSON: {error}") from None
            self._send_json(self.server.session.animate(document))
        elif path == "/api/recordings":
            name = Path(query.get("name", "").replace("\\", "/")).name[:120] or "sound"
            data = self._body(MAX_UPLOAD)
            if not data:
                raise Refused(HTTPStatus.BAD_REQUEST, f"{name} is empty")
            self._send_json(self.server.session.add(read_bytes(data, name), name).describe())
        else:
            raise Refused(HTTPStatus.NOT_FOUND, "there is nothing here")

    def _body(self, most: int) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit():
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "the request must say its Content-Length")
        if int(length) > most:
            raise Refused(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"more than {most >> 20} MiB are not taken"
            )
        return self.rfile.read(int(length))

    def _export(self, query: dict[str, str]) -> None:
        fps = frame_rate(query["fps"]) if query.get("fps") else None
        name, data = self.server.session.export(query.get("run", ""), query.get("format", ""), fps)
        disposition = f"attachment; filename*=UTF-8''{quote(name)}"
        self._send(data, "application/octet-stream", {"Content-Disposition": disposition})

    def _send_sound(self, path: Path) -> None:
        size = path.stat().st_size
        part = span(self.headers.get("Range"), size)
        start, end = part or (0, size)
        self.send_response(HTTPStatus.OK if part is None else HTTPStatus.PARTIAL_CONTENT)
        self.send_header("Accept-Ranges", "bytes")
        if part is not None:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{size}")
        self._headers("audio/wav", end - start)
        if self.command == "HEAD":
            return
        with path.open("rb") as handle:
            handle.seek(start)
            copy(handle, self.wfile, end - start)

    def _refuse(self, status: HTTPStatus, message: str) -> None:
        # What was not read of a body must not be taken for the next request.
        self.close_connection = self.close_connection or self.command == "POST"
        body = json.dumps({"error": message}).encode()
        self._send(body, "application/json", status=status)

    def _send_json(self, document: Any) -> None:
        body = json.dumps(document, separators=(",", ":")).encode()
        self._send(body, "application/json")

    def _send(
        self, body: bytes, kind: str, more: dict[str, str] | None = None,
        status: HTTPStatus = HTTPStatus.OK,
    ) -> None:  # fmt: skip
        self.send_response(status)
        for name, value in (more or {}).items():
            self.send_header(name, value)
        self._headers(kind, len(body))
        if self.command != "HEAD":
            self.wfile.write(body)

    def _headers(self, kind: str, length: int) -> None:
        for name, value in (
            ("Content-Type", kind),
            ("Content-Length", str(length)),
            ("Cache-Control", "no-store"),
            ("Content-Security-Policy", self.server.policy),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
        ):
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()


def copy(source: BinaryIO, target: Any, count: int) -> None:
    """Copy ``count`` bytes, or fewer where the source ends."""
    while count > 0:
        part = source.read(min(count, 1 << 16))
        if not part:
            return
        target.write(part)
        count -= len(part)


class ViewServer(ThreadingHTTPServer):
    """Serves one session on 127.0.0.1. ``port`` 0 takes a free one.

    Raises ValueError for a port that cannot be, OSError for one that is taken.
    """

    daemon_threads = True

    def __init__(self, session: Session, port: int = 0) -> None:
        if not 0 <= port <= 65535:
            raise ValueError(f"a port is a number from 0 to 65535, not {port}")
        try:
            super().__init__(("127.0.0.1", port), Handler)
        except OSError as error:
            raise OSError(f"port {port}: {error.strerror}; port 0 takes a free one") from error
        self.session = session
        self.port = int(self.server_address[1])
        self.policy = f"{POLICY} {session.live}" if session.live else POLICY
        self.url = f"http://127.0.0.1:{self.port}/"
        self.names = {f"{host}:{self.port}" for host in ("127.0.0.1", "localhost")}

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """Log what ended a connection, for instance a browser that left."""
        LOG.debug("connection of %s ended", client_address, exc_info=True)
