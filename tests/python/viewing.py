"""A viewer's server in a thread, plain requests to it, and a browser."""

from __future__ import annotations

import http.client
import json
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from talkface.viewer.server import ViewServer
from talkface.viewer.session import Session

ROOT = Path(__file__).resolve().parents[2]
SPEECH = ROOT / "examples" / "speech.wav"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SOFTWARE_WEBGL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
READY = "Boolean(globalThis.talkface && talkface.state().ready)"


@contextmanager
def serving(session: Session) -> Iterator[ViewServer]:
    server = ViewServer(session)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def ask(
    server: ViewServer, method: str, path: str, body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[int, Mapping[str, str], bytes]:  # fmt: skip
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.request(method, path, body, dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def animated(server: ViewServer, **request: Any) -> tuple[int, dict[str, Any]]:
    body = json.dumps({"recording": "r1", **request}).encode()
    status, _, data = ask(server, "POST", "/api/animate", body)
    return status, json.loads(data)


@contextmanager
def chromium() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright (extra [dev])")
    if CHROMIUM is None:
        pytest.skip("needs chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required", *SOFTWARE_WEBGL],
        )
        yield browser
        browser.close()


def until(page: Any, condition: str, seconds: float = 90) -> None:
    """Wait for a JavaScript expression; the page's policy forbids what Playwright would inject."""
    end = time.monotonic() + seconds
    while not page.evaluate(condition):
        assert time.monotonic() < end, f"never came true: {condition}"
        page.wait_for_timeout(50)
