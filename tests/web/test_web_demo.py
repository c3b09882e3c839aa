"""The demo that `make web-demo` writes, in headless Chromium: the bundle runs in the page and gives
Python's poses."""

from __future__ import annotations

import base64
import functools
import http.server
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from viewing import (
    CONTRAST,
    DROP,
    EMPTY_NAME,
    READY,
    ROOT,
    SPEECH,
    chromium,
    opened,
    seek,
    state,
    until,
)  # fmt: skip

import talkface
from talkface.clip import Clip
from talkface.knobs import table
from talkface.retime import frame_rate
from talkface.rig import CHANNELS, EMOTIONS
from talkface.shipped import default_bundle
from talkface.viewer.server import PAGE

DEMO = Path(os.environ.get("TALKFACE_WEB_DEMO", ROOT / "dist" / "web-demo"))
TOLERANCE = 1e-4
BUSY = "document.body.hasAttribute('aria-busy')"
VIEWER = DEMO / "viewer.js"
BUILT = VIEWER.is_file() and VIEWER.read_bytes() == (PAGE / "viewer.js").read_bytes()
pytestmark = pytest.mark.skipif(not BUILT, reason="no demo of this page: run `make web-demo`")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The demo's address below the root of a plain server, as hosts of project pages have it."""
    handler = functools.partial(Quiet, directory=str(DEMO.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/{DEMO.name}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as made:
        yield made


@pytest.fixture(scope="module")
def shared(browser: Any, url: str) -> Iterator[Any]:
    page = opened(browser, url)
    until(page, READY)
    page.first = list(page.said)
    yield page
    page.close()


@pytest.fixture
def page(shared: Any) -> Any:
    """The page that these tests share, with its controls as they were at first."""
    shared.said.clear()
    changed(shared, lambda: shared.click("#reset-all"))
    return shared


def changed(page: Any, act: Any) -> None:
    """Wait until what an act asks for is shown."""
    before = state(page)["run"]
    act()
    until(page, f"talkface.state().run !== {json.dumps(before)}")
    until(page, f"!{BUSY}")


def slide(page: Any, selector: str, value: float) -> None:
    page.evaluate(
        f"(() => {{ const one = document.querySelector('{selector}'); one.value = {value};"
        " one.dispatchEvent(new Event('input', { bubbles: true })); })()"
    )


def saved(page: Any, folder: Path, fps: str) -> Clip:
    page.select_option("#fps", fps)
    with page.expect_download() as waiting:
        page.locator("#downloads a").click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return talkface.load_clip(path)


def assert_same(made: Clip, meant: Clip) -> None:
    assert made.fps == meant.fps
    assert (made.channels, made.emotions) == (meant.channels, meant.emotions)
    for name in ("weights", "head_rotation", "head_translation", "emotion", "visemes", "affect"):
        ours, theirs = getattr(made, name), getattr(meant, name)
        assert ours.shape == theirs.shape, name
        assert np.abs(ours - theirs).max() < TOLERANCE, name


def test_the_page_loads_alone_and_in_silence(shared: Any, url: str) -> None:
    assert shared.first == []
    assert shared.title() == "speech.wav · TalkFace"
    hosts = shared.evaluate(
        "performance.getEntriesByType('resource').map((one) => new URL(one.name).origin)"
    )
    assert set(hosts) == {url[: url.index("/", 8)]}
    assert not shared.evaluate("crossOriginIsolated")
    assert "no sound leaves it" in shared.locator("#export-note").inner_text()


def test_controls_come_from_the_runtime(page: Any, default_face) -> None:
    for knob in table():
        one = page.locator(f"#knob-{knob.name}")
        limits = [float(one.get_attribute(name)) for name in ("min", "max")]
        assert limits == pytest.approx([knob.minimum, knob.maximum])
        assert float(one.input_value()) == pytest.approx(knob.default, abs=0.01)
        assert page.locator(f"#knob-{knob.name}-doc").text_content() == knob.doc

    def options(selector: str) -> list[str]:
        return page.locator(f"{selector} option").evaluate_all("all => all.map((o) => o.value)")

    assert options("#identity") == list(default_face.identities)
    assert options("#emotion-kind") == ["auto", *EMOTIONS, "mix"]
    assert set(state(page)["influences"]) == set(CHANNELS)


def knobs_and_seed(page: Any) -> None:
    page.fill("#seed", "7")
    page.press("#seed", "Enter")
    slide(page, "#knob-lower_strength", 1.5)
    slide(page, "#knob-blink_strength", 0)


def happy(page: Any) -> None:
    page.select_option("#emotion-kind", "happy")
    slide(page, "#emotion-weight", 0.5)
    page.select_option("#identity", "wry")


def mixed(page: Any) -> None:
    page.select_option("#emotion-kind", "mix")
    slide(page, "#mix-sad", 0.6)
    slide(page, "#mix-angry", 0.3)


STYLE = '{"talkface_style": 1, "gain": {"jawOpen": 1.5}}'


def styled(page: Any) -> None:
    file = {"name": "wide.json", "mimeType": "application/json", "buffer": STYLE.encode()}
    page.set_input_files("#style-file", [file])


WRY = {"talkface_style": 1, "identities": {"wry": 1.0}}
CASES: dict[str, tuple[Any, str, Any, dict[str, Any]]] = {
    "as heard": (lambda page: page.click("#reset-all"), "", None, {}),
    "knobs and seed": (
        knobs_and_seed, "60", None,
        {"seed": 7, "knobs": {"lower_strength": 1.5, "blink_strength": 0}},
    ),
    "happy, another identity": (
        happy, "24", WRY, {"emotion": "happy", "emotion_weight": 0.5}
    ),
    "a mix": (mixed, "60000/1001", None, {"emotion": {"sad": 0.6, "angry": 0.3}}),
    "a style file": (styled, "30", STYLE, {}),
    "raw": (lambda page: page.click("#raw"), "120", None, {"raw": True}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_poses_are_those_of_python(page: Any, tmp_path: Path, case: str) -> None:
    act, fps, style, options = CASES[case]
    changed(page, lambda: act(page))
    rate = frame_rate(fps) if fps else None
    meant = talkface.TalkFace(style=style).animate(SPEECH, fps=rate, **options)
    assert_same(saved(page, tmp_path, fps), meant)
    assert page.said == []


def test_the_face_shows_them(page: Any, default_face) -> None:
    clip = default_face.animate(SPEECH)
    shown = []
    for seconds in np.arange(0.4, 6.8, 0.8):
        seek(page, seconds)
        influences = state(page)["influences"]
        for name in CHANNELS:
            meant = np.interp(seconds, clip.timestamps, clip.channel(name))
            assert influences[name] == pytest.approx(meant, abs=2e-3), (name, seconds)
        shown.append(influences["jawOpen"])
    assert np.ptp(shown) > 0.1


def test_it_plays_and_the_mouth_moves(page: Any) -> None:
    page.evaluate(
        "(() => { const one = document.getElementById('sound'); one.currentTime = 0; })()"
    )
    page.evaluate("document.getElementById('sound').muted = true")
    page.click("#play")
    seen = []
    until(page, "talkface.state().playing")
    while state(page)["playing"] and len(seen) < 400:
        found = state(page)
        seen.append((found["shown"], found["influences"]["jawOpen"]))
        page.wait_for_timeout(50)
    times, jaw = np.array(seen).T
    assert np.ptp(times) > 3
    assert np.ptp(jaw) > 0.1
    assert page.said == []


def test_the_speed_is_told(page: Any) -> None:
    assert "times as fast as speech" in page.locator("#status").inner_text()


def test_the_newest_of_many_changes_is_shown(page: Any, tmp_path: Path) -> None:
    for seed in range(1, 6):
        page.fill("#seed", str(seed))
        page.press("#seed", "Enter")
        page.wait_for_timeout(150)
    before = None
    while before != state(page)["run"]:
        before = state(page)["run"]
        page.wait_for_timeout(500)
        until(page, f"!{BUSY}")
    assert_same(saved(page, tmp_path, ""), talkface.animate(SPEECH, seed=5))
    assert page.said == []


@pytest.mark.parametrize(("rate", "channels"), [(44100, 2), (22050, 1)])
def test_a_dropped_sound_of_any_rate(
    browser: Any, url: str, tmp_path: Path, rate: int, channels: int
) -> None:
    samples, own = soundfile.read(SPEECH, dtype="float32")
    times = np.arange(int(3 * rate)) / rate
    voice = np.interp(times, np.arange(len(samples)) / own, samples)
    sides = np.stack([voice * (0.9 - 0.5 * side) for side in range(channels)], axis=1)
    path = tmp_path / "dropped.wav"
    soundfile.write(path, sides, rate, subtype="PCM_16")
    page = opened(browser, url)
    until(page, READY)
    dropped = [path.name, base64.b64encode(path.read_bytes()).decode()]
    changed(page, lambda: page.evaluate(DROP, dropped))
    assert page.locator("#name").inner_text() == "dropped.wav"
    assert_same(saved(page, tmp_path, "50"), talkface.animate(path, fps=50))
    assert page.said == []
    page.close()


def test_errors_are_told(page: Any) -> None:
    file = {"name": "notes.wav", "mimeType": "audio/wav", "buffer": b"these are words"}
    page.set_input_files("#file", [file])
    until(page, "!document.getElementById('alert').hidden")
    assert "cannot read notes.wav as sound" in page.locator("#alert").inner_text()
    file = {
        "name": "bad.json",
        "mimeType": "application/json",
        "buffer": b'{"talkface_style": 1, "gain": {"nose": 2}}',
    }
    page.set_input_files("#style-file", [file])
    until(page, "document.getElementById('alert-text').textContent.includes('no ARKit blendshape')")
    changed(page, lambda: page.select_option("#identity", "crisp"))
    assert page.locator("#alert").is_hidden()


def test_a_damaged_bundle_is_refused(browser: Any, url: str) -> None:
    page = browser.new_page()
    damaged = (default_bundle() / "articulation.json").read_bytes().replace(b"0.1", b"0.2", 1)
    page.route("**/bundle/articulation.json", lambda route: route.fulfill(body=damaged))
    page.goto(url)
    until(page, "!document.getElementById('alert').hidden")
    assert "does not match its SHA-256" in page.locator("#alert").inner_text()
    page.close()


def test_the_file_system_is_not_enough(browser: Any) -> None:
    page = browser.new_page()
    page.goto((DEMO / "index.html").as_uri())
    until(page, "!document.getElementById('alert').hidden")
    assert "python3 -m http.server" in page.locator("#alert").inner_text()
    page.close()


def test_everything_has_a_name_and_stands_out(page: Any) -> None:
    assert page.evaluate(EMPTY_NAME) == []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert [one for one in page.evaluate(CONTRAST) if one[0] < 4.5] == []


def test_the_folder_tells_whose_work_it_holds() -> None:
    for name in ("talkface", "three", "onnxruntime", "emscripten"):
        assert (DEMO / f"LICENSE.{name}.txt").stat().st_size > 500, name
    assert (DEMO / "bundle" / "LICENSE").is_file()
