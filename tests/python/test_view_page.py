"""The page of `talkface view` in headless Chromium: loads, plays, moves, listens, is usable."""

from __future__ import annotations

import base64
import json
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
    FOCUSED,
    READY,
    SPEECH,
    animated,
    chromium,
    opened,
    seek,
    serving,
    state,
    until,
)  # fmt: skip

import talkface
from talkface.knobs import table
from talkface.rig import CHANNELS
from talkface.viewer.server import ViewServer
from talkface.viewer.session import Session


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as made:
        yield made


@pytest.fixture(scope="module")
def server() -> Iterator[ViewServer]:
    with Session() as session:
        session.add(SPEECH, "speech.wav")
        with serving(session) as made:
            yield made


@pytest.fixture(scope="module")
def shared(browser: Any, server: ViewServer) -> Iterator[Any]:
    page = opened(browser, server.url)
    until(page, READY)
    page.first = list(page.said)
    yield page
    page.close()


@pytest.fixture
def page(shared: Any) -> Any:
    """The page that these tests share, paused at its beginning and as it was at first."""
    shared.said.clear()
    shared.evaluate(
        "(() => { const sound = document.getElementById('sound');"
        " sound.pause(); sound.currentTime = 0; sound.muted = false; sound.loop = false;"
        " document.activeElement.blur(); })()"
    )
    run = state(shared)["run"]
    shared.select_option("#speed", "1")
    shared.click("#reset-all")
    shared.wait_for_timeout(200)
    until(shared, "!document.body.hasAttribute('aria-busy')")
    assert run
    shared.evaluate("document.activeElement.blur()")
    return shared


def test_the_page_loads_in_silence(shared: Any, server: ViewServer) -> None:
    assert shared.first == []
    assert shared.title() == "speech.wav · TalkFace"
    assert set(state(shared)["influences"]) == set(CHANNELS)
    assert shared.evaluate("document.getElementById('no-stage').hidden")
    hosts = shared.evaluate(
        "performance.getEntriesByType('resource').map((one) => new URL(one.name).origin)"
    )
    assert set(hosts) == {server.url.rstrip("/")}


def test_the_face_is_drawn(page: Any) -> None:
    picture = page.locator("section.stage").screenshot()
    pixels = picture_of(picture)
    middle = pixels[
        pixels.shape[0] // 4 : -pixels.shape[0] // 4, pixels.shape[1] // 3 : -pixels.shape[1] // 3
    ]
    skin = (middle[..., 0] > middle[..., 2] + 25) & (middle[..., 0] > 120)
    assert skin.mean() > 0.2


def picture_of(png: bytes) -> np.ndarray:
    pillow = pytest.importorskip("PIL.Image", reason="needs Pillow")
    import io

    return np.asarray(pillow.open(io.BytesIO(png)).convert("RGB")).astype(int)


def test_the_mouth_moves_with_the_sound(page: Any, default_face) -> None:
    """At half speed, because software draws a few pictures a second."""
    clip = default_face.animate(SPEECH)
    page.select_option("#speed", "0.5")
    page.evaluate("document.getElementById('play').click()")
    seen = []
    while not page.evaluate("document.getElementById('sound').ended") and len(seen) < 800:
        found = state(page)
        seen.append((found["seconds"], found["shown"], found["influences"]["jawOpen"]))
        page.wait_for_timeout(30)
    sounding, times, shown = (np.array(column) for column in zip(*seen, strict=True))
    assert sounding[-1] > 0.9 * clip.audio.seconds
    assert len(np.unique(times)) > 10
    assert np.median(sounding - times) < 0.5
    jaw = np.interp(times, clip.timestamps, clip.channel("jawOpen"))
    assert np.corrcoef(shown, jaw)[0, 1] > 0.99
    assert page.said == []


def test_every_morph_target_shows_its_channel(page: Any, default_face) -> None:
    clip = default_face.animate(SPEECH)
    for seconds in (0.413, 1.0, 2.517, 5.8):
        seek(page, seconds)
        shown = state(page)["influences"]
        for name in CHANNELS:
            meant = np.interp(seconds, clip.timestamps, clip.channel(name))
            assert shown[name] == pytest.approx(meant, abs=2e-3), (name, seconds)


def test_bars_show_what_is_heard(page: Any, default_face) -> None:
    clip = default_face.animate(SPEECH)
    seek(page, 6.5)
    heard = state(page)["heard"]
    for k, name in enumerate(clip.emotions):
        assert heard[name] == pytest.approx(
            np.interp(6.5, clip.timestamps, clip.emotion[:, k]), abs=2e-3
        )
    text = page.locator("#heard").inner_text()
    assert f"{round(100 * heard['neutral'])}%" in text


def changed(page: Any, act: Any) -> str:
    """The run that an act leads to."""
    before = state(page)["run"]
    act()
    until(page, f"talkface.state().run !== {json.dumps(before)}")
    until(page, "!document.body.hasAttribute('aria-busy')")
    return str(state(page)["run"])


def slide(page: Any, selector: str, value: float) -> None:
    page.evaluate(
        f"(() => {{ const one = document.querySelector('{selector}'); one.value = {value};"
        " one.dispatchEvent(new Event('input', { bubbles: true })); })()"
    )


def test_a_slider_runs_again_while_the_sound_goes_on(page: Any, server: ViewServer) -> None:
    page.evaluate(
        "(() => { const sound = document.getElementById('sound');"
        " sound.muted = sound.loop = true; sound.play(); })()"
    )
    until(page, "talkface.state().playing && talkface.state().seconds > 0")
    run = changed(page, lambda: slide(page, "#knob-lower_strength", 0))
    assert state(page)["playing"]
    assert run == animated(server, identity="average", knobs={"lower_strength": 0})[1]["id"]
    page.evaluate("document.getElementById('sound').pause()")
    seek(page, 5.8)
    assert state(page)["influences"]["jawOpen"] == pytest.approx(0, abs=1e-6)
    page.click("button[aria-label='Reset Lower strength']")
    until(page, "talkface.state().influences.jawOpen > 0.1")
    assert page.said == []


def test_every_knob_has_its_slider(page: Any) -> None:
    for knob in table():
        one = page.locator(f"#knob-{knob.name}")
        assert [float(one.get_attribute(name)) for name in ("min", "max")] == [
            knob.minimum,
            knob.maximum,
        ]
        assert float(one.input_value()) == pytest.approx(knob.default, abs=0.01)
        assert page.locator(f"#knob-{knob.name}-doc").text_content() == knob.doc
    assert page.locator("#knob-script_strength").is_disabled()


def test_voice_emotion_and_seed_run_again(page: Any, server: ViewServer) -> None:
    asked: dict[str, Any] = {"identity": "average"}

    def expect(act: Any, **more: Any) -> None:
        asked.update(more)
        assert changed(page, act) == animated(server, **asked)[1]["id"]

    expect(lambda: page.select_option("#identity", "wry"), identity="wry")
    expect(lambda: page.select_option("#emotion-kind", "angry"), emotion="angry")
    expect(lambda: slide(page, "#emotion-weight", 0.5), emotion_weight=0.5)
    none = dict.fromkeys(
        ("happy", "sad", "angry", "fearful", "disgusted", "surprised", "contempt"), 0
    )
    page.select_option("#emotion-kind", "mix")
    slide(page, "#mix-angry", 0)
    expect(lambda: slide(page, "#mix-happy", 0.7), emotion={**none, "happy": 0.7})
    expect(lambda: slide(page, "#mix-sad", 1), emotion={**none, "sad": 1})
    expect(lambda: page.select_option("#bundle", "low_latency"), bundle="low_latency")
    expect(lambda: page.click("#raw"), raw=True)
    page.fill("#seed", "7")
    expect(lambda: page.press("#seed", "Enter"), seed=7)
    style = '{"talkface_style": 1, "gain": {"jawOpen": 2}}'
    file = {"name": "wide.json", "mimeType": "application/json", "buffer": style.encode()}
    expect(
        lambda: page.set_input_files("#style-file", [file]),
        style={"name": "wide.json", "text": style},
    )
    assert page.said == []


def test_errors_are_told_and_go_away(page: Any) -> None:
    file = {"name": "bad.json", "mimeType": "application/json", "buffer": b"no style"}
    page.set_input_files("#style-file", [file])
    until(page, "!document.getElementById('alert').hidden")
    assert "not JSON" in page.locator("#alert").inner_text()
    changed(page, lambda: page.select_option("#identity", "crisp"))
    assert page.locator("#alert").is_hidden()
    file = {"name": "notes.wav", "mimeType": "audio/wav", "buffer": b"these are words"}
    page.set_input_files("#file", [file])
    until(page, "!document.getElementById('alert').hidden")
    assert "cannot read notes.wav as sound" in page.locator("#alert").inner_text()
    page.click("#alert-close")
    assert page.locator("#alert").is_hidden()


def test_exports_download(page: Any, tmp_path: Path, default_face) -> None:
    page.select_option("#fps", "30")
    for label, suffix in (
        ("Live Link Face app", ".csv"),
        ("TalkFace clip", ".json"),
        ("lossless", ".npz"),
    ):
        with page.expect_download() as waiting:
            page.locator("#downloads li", has_text=label).locator("a").first.click()
        path = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(path)
        assert path.name == f"speech{suffix}"
        clip = talkface.load_clip(path)
        assert np.allclose(clip.weights, default_face.animate(SPEECH, fps=30).weights, atol=1e-6)


def test_another_sound_is_dropped(browser: Any, tmp_path: Path) -> None:
    sound = tmp_path / "tone.wav"
    soundfile.write(sound, 0.2 * np.sin(np.arange(24000) / 20), 16000)
    with Session() as session, serving(session) as server:
        page = opened(browser, server.url)
        until(page, "document.getElementById('status').textContent !== ''")
        assert page.locator(".start").is_visible()
        page.evaluate(DROP, [sound.name, base64.b64encode(sound.read_bytes()).decode()])
        until(page, READY)
        assert page.locator("#name").inner_text() == "tone.wav"
        assert page.locator(".start").is_hidden()
        assert page.locator("#length").inner_text() == "0:01.50"
        assert page.said == []
        page.close()


def test_the_keyboard_does_it_all(page: Any) -> None:
    def at(seconds: float) -> None:
        until(page, f"Math.abs(talkface.state().seconds - {seconds}) < 0.011")

    press = page.keyboard.press
    press("ArrowRight")
    at(1)
    press("Shift+ArrowRight")
    at(1.02)
    press("ArrowLeft")
    at(0.02)
    press("End")
    at(page.evaluate("document.getElementById('sound').duration"))
    press("Home")
    at(0)
    press("Space")
    until(page, "talkface.state().playing")
    until(page, "document.getElementById('play').getAttribute('aria-label') === 'Pause'")
    press("k")
    until(page, "!talkface.state().playing")
    press("l")
    press("m")
    for name in ("loop", "mute"):
        assert page.get_attribute(f"#{name}", "aria-pressed") == "true"
    press("l")
    press("m")
    press("?")
    assert page.locator("#help").is_visible()
    press("Space")
    assert not state(page)["playing"]
    page.keyboard.press("Escape")
    assert page.locator("#help").is_hidden()
    page.focus("#knob-lower_strength")
    before = state(page)["seconds"]
    changed(page, lambda: press("ArrowLeft"))
    assert state(page)["seconds"] == before
    assert page.input_value("#knob-lower_strength") == "0.99"


def test_the_pointer_seeks_and_the_wheel_zooms(page: Any) -> None:
    box = page.locator("#curves").bounding_box()
    left, width = box["x"] + 78, box["width"] - 86
    page.mouse.click(left + width / 2, box["y"] + 80)
    length = page.evaluate("document.getElementById('sound').duration")
    until(page, f"Math.abs(talkface.state().seconds - {length / 2}) < 0.05")
    said = "document.getElementById('timeline').getAttribute('aria-valuetext')"
    until(page, f"{said}.startsWith('3.6 of 7.2 seconds')")
    page.click("#closer")
    page.mouse.click(left + 1, box["y"] + 80)
    until(page, f"Math.abs(talkface.state().seconds - {length / 4}) < 0.05")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("0")
    seek(page, length - 0.5)
    page.mouse.move(left + 1, box["y"] + 80)
    page.mouse.wheel(0, -1000)
    page.wait_for_timeout(300)
    page.mouse.click(left + width - 1, box["y"] + 80)
    until(page, f"Math.abs(talkface.state().seconds - {length} * Math.exp(-2)) < 0.05")
    page.keyboard.press("0")
    page.mouse.click(left + 1, box["y"] + 80)
    until(page, "talkface.state().seconds < 0.05")


def test_everything_has_a_name(page: Any) -> None:
    assert page.evaluate(EMPTY_NAME) == []
    double = page.evaluate(
        "(() => { const all = [...document.querySelectorAll('[id]')].map((one) => one.id);"
        " return all.filter((id, k) => all.indexOf(id) !== k); })()"
    )
    assert double == []
    lost = page.evaluate(
        "[...document.querySelectorAll('[aria-describedby], [aria-labelledby], label[for]')]"
        ".filter((one) => !document.getElementById(one.getAttribute('aria-describedby')"
        " || one.getAttribute('aria-labelledby') || one.htmlFor)).map((one) => one.outerHTML)"
    )
    assert lost == []
    assert page.get_attribute("html", "lang") == "en"
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    tree = page.locator("body").aria_snapshot()
    for said in (
        'slider "Playhead"', 'button "Play"', 'combobox "Bundle"', 'slider "Lower strength"',
        'switch "Raw: no knobs, no idle life"', "status",
    ):  # fmt: skip
        assert said in tree, said


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out(page: Any, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = page.evaluate(CONTRAST)
    assert len(found) > 80
    assert [one for one in found if one[0] < 4.5] == []


def test_focus_is_seen(page: Any) -> None:
    seen = set()
    for _ in range(24):
        page.keyboard.press("Tab")
        seen.add(tuple(page.evaluate(FOCUSED)))
    shown = [one for one in seen if one[0] != "BODY"]
    assert len(shown) > 15
    assert [one for one in shown if one[2] != "solid" or one[3] < 2] == []


def test_a_telephone_has_it_all(page: Any) -> None:
    """Every button can be hit by a finger (WCAG 2.5.8: 24 pixels), and nothing lies beside."""
    size = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    try:
        small = page.evaluate(
            "[...document.querySelectorAll('header button, .tools *, .shots button')]"
            ".filter((one) => one.matches('button, select'))"
            ".map((one) => [one.textContent.trim(), one.getBoundingClientRect()])"
            ".filter(([, box]) => box.width < 24 || box.height < 24 || box.right > 390)"
            ".map(([name, box]) => [name, box.width, box.height])"
        )
        assert small == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        header = page.locator("header").bounding_box()
        assert header["height"] < 56  # one line, however long the recording's name
    finally:
        page.set_viewport_size(size)


def test_a_cut_line_ends_with_a_closed_mouth(browser: Any, tmp_path: Path, speech) -> None:
    """A bundle of little look-ahead closes it behind the sound."""
    cut = tmp_path / "cut.wav"
    soundfile.write(cut, speech[:20800], 16000)
    with Session("low_latency") as session, serving(session) as server:
        session.add(cut, "cut.wav")
        page = opened(browser, server.url)
        until(page, READY)
        seek(page, 1.28)
        assert state(page)["influences"]["jawOpen"] > 0.1
        page.keyboard.press("Space")
        until(page, "document.getElementById('sound').ended")
        until(page, "talkface.state().influences.jawOpen < 0.02", 10)
        page.close()
