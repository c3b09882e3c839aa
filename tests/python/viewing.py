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

EMPTY_NAME = """
[...document.querySelectorAll('button, a[href], input, select, textarea, [role=slider], dialog')]
  .filter((one) => one.type !== 'hidden')
  .filter((one) => {
    const by = one.getAttribute('aria-labelledby');
    const labels = [...(one.labels || [])].map((label) => label.textContent);
    const name = one.getAttribute('aria-label') || (by && document.getElementById(by).textContent)
      || labels.join(' ') || (one.matches('button, a') ? one.textContent : '');
    return !name.trim();
  }).map((one) => one.outerHTML)
"""
CONTRAST = """
(() => {
  const paint = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgb = (colour) => {
    paint.clearRect(0, 0, 1, 1); paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
  const behind = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour[3] > 200) return colour;
    }
    return rgb(getComputedStyle(document.body).backgroundColor);
  };
  const found = [];
  for (const one of document.querySelectorAll('body *')) {
    const text = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    const unseen = one.closest('script, style, [hidden], dialog, .start') || !one.offsetParent;
    if (!text || unseen) continue;
    const [a, b] = [light(rgb(getComputedStyle(one).color)), light(behind(one))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    found.push([Math.round(100 * ratio) / 100, one.outerHTML.slice(0, 80)]);
  }
  return found;
})()
"""


DROP = """
([name, data]) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name, { type: 'audio/wav' }));
  for (const kind of ['dragenter', 'drop']) {
    document.body.dispatchEvent(new DragEvent(kind, { bubbles: true, dataTransfer }));
  }
}
"""
FOCUSED = """
(() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const name = one.id || one.textContent.trim().slice(0, 20);
  return [one.tagName, name, style.outlineStyle, parseFloat(style.outlineWidth)];
})()
"""


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


def opened(browser: Any, url: str, **options: Any) -> Any:
    """A page that is ready; what it said to the console is in ``page.said``."""
    page = browser.new_page(viewport={"width": 1040, "height": 680}, **options)
    page.said = []
    page.on("console", lambda one: page.said.append(f"{one.type}: {one.text}"))
    page.on("pageerror", lambda error: page.said.append(f"error: {error}"))
    page.on("requestfailed", lambda one: page.said.append(f"failed: {one.url}"))
    page.goto(url)
    return page


def state(page: Any) -> dict[str, Any]:
    return dict(page.evaluate("talkface.state()"))


def seek(page: Any, seconds: float) -> None:
    page.evaluate(f"document.getElementById('sound').currentTime = {seconds}")
    until(page, f"Math.abs(talkface.state().shown - {seconds}) < 1e-4")
