"""`talkface view` with no server to ask: the folder it writes, live poses, the built page."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from viewing import READY, ROOT, SPEECH, chromium, opened, seek, serving, state, until

import talkface
from talkface.cli import OK, main
from talkface.clip import Clip
from talkface.glb import Glb
from talkface.rig import CHANNELS
from talkface.viewer.document import clip_document
from talkface.viewer.server import PAGE
from talkface.viewer.session import HEAD, Session

WEB = ROOT / "python" / "talkface" / "viewer" / "web"
"""The page's sources, which are not in the package."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as made:
        yield made


NOSE, RIGHT_EAR = [0.0, 0.05, 0.1], [-0.08, 0.08, 0.0]
SHIFT = [0.01, 0.02, 0.03]
TURNS = ((NOSE, (0, -1, 1)), (NOSE, (1, 0, -1)), (RIGHT_EAR, (-1, -1, 0)))
"""Where a point goes with a nod (+X), a turn to the character's left (+Y), a tilt (+Z)."""


def turning(angle: float) -> Clip:
    """A second of nod, one of turn, one of tilt."""
    rotation = np.zeros((3, 4), np.float32)
    rotation[:, :3] = np.eye(3) * np.sin(angle / 2)
    rotation[:, 3] = np.cos(angle / 2)
    return Clip(
        weights=np.zeros((3, 52), np.float32),
        timestamps=np.arange(3.0),
        head_rotation=rotation,
        head_translation=np.array([SHIFT] * 3, np.float32),
        emotion=np.zeros((3, 0), np.float32),
        visemes=np.zeros((3, 0), np.float32),
        fps=Fraction(1),
    )


def test_nod_turn_and_tilt(browser: Any, tmp_path: Path, monkeypatch) -> None:
    clip = turning(0.3)
    made = clip_document(clip)
    run = Session.animate
    monkeypatch.setattr(Session, "animate", lambda self, asked: {**run(self, asked), "clip": made})
    assert main(["view", str(SPEECH), "--export", str(tmp_path / "page")]) == OK
    page = opened(browser, (tmp_path / "page" / "index.html").as_uri())
    until(page, f"{READY} && document.getElementById('sound').readyState > 2")
    for k, (point, moves) in enumerate(TURNS):
        seek(page, k)
        assert np.allclose(state(page)["rotation"], clip.head_rotation[k], atol=1e-6)
        found = np.array(page.evaluate(f"talkface.where({point})")) - point - SHIFT
        assert [int(np.sign(round(value, 4))) for value in found] == list(moves)
    seek(page, 0.5)
    half = clip.head_rotation[0] + clip.head_rotation[1]
    assert np.allclose(state(page)["rotation"], half / np.linalg.norm(half), atol=1e-6)
    assert page.locator("#heard").is_hidden()
    assert page.said == []
    page.close()


def test_a_folder_works_without_a_server(browser: Any, tmp_path: Path, default_face) -> None:
    folder = tmp_path / "page"
    assert (
        main(["view", str(SPEECH), "--export", str(folder), "--emotion", "sad", "--seed", "5"])
        == OK
    )
    names = {path.name for path in folder.iterdir()}
    assert names == {
        "index.html", "viewer.css", "viewer.js", "LICENSE.three.txt", "data.js", "audio.wav",
        "clip.csv", "clip.json", "head.glb",
    }  # fmt: skip
    clip = default_face.animate(SPEECH, emotion="sad", seed=5)
    assert np.allclose(talkface.load_clip(folder / "clip.json").weights, clip.weights, atol=1e-6)
    page = opened(browser, (folder / "index.html").as_uri())
    until(page, READY)
    until(page, "document.getElementById('sound').readyState > 2")
    seek(page, 2.4)
    meant = np.interp(2.4, clip.timestamps, clip.channel("jawOpen"))
    assert state(page)["influences"]["jawOpen"] == pytest.approx(meant, abs=2e-3)
    assert "written" in page.locator("#carried").inner_text()
    assert page.locator("#knob-lower_strength").is_disabled()
    assert page.locator("[data-open]").first.is_hidden()
    assert page.locator("#downloads a").count() == 4
    assert page.said == []
    page.close()
    assert main(["view", str(SPEECH), "--export", str(folder)]) != OK


def renamed(path: Path) -> Path:
    """Our head with names as other tools write them, and without tongueOut."""
    glb = Glb.read(HEAD)
    for mesh in glb.document["meshes"]:
        names = mesh.get("extras", {}).get("targetNames", [])
        for k, name in enumerate(names):
            sided = name.replace("Left", "_L").replace("Right", "_R")
            forms = (sided, f"blendShape2.{sided}", name[0].upper() + name[1:])
            names[k] = "smirk" if name == "tongueOut" else forms[k % 3]
    for node in glb.document["nodes"]:
        node["name"] = f"mesh of {node['name']}"
    glb.write(path)
    return path


def test_live_poses_move_another_head(browser: Any, tmp_path: Path) -> None:
    header = {
        "format": "talkface-clip",
        "channels": ["jawOpen", "mouthClose"],
        "emotions": ["neutral", "happy"],
    }
    frame = {
        "frame": 0, "seconds": 0.0, "weights": [0.5, 0.25], "head_rotation": [0, 0.6, 0, 0.8],
        "head_translation": [0, 0, 0], "emotion": [0.25, 0.75],
    }  # fmt: skip
    head = renamed(tmp_path / "other.glb")
    with Session(live="ws://127.0.0.1:8765", head=head) as session, serving(session) as server:
        page = browser.new_page()
        said: list[str] = []
        page.on("pageerror", lambda error: said.append(str(error)))

        def answer(socket: Any) -> None:
            socket.send(json.dumps(header) + "\n")
            socket.send(json.dumps(frame) + "\n")

        page.route_web_socket("ws://127.0.0.1:8765/", answer)
        page.goto(server.url)
        until(page, "globalThis.talkface?.state().influences.jawOpen === 0.5")
        found = state(page)
        assert found["influences"]["mouthClose"] == 0.25
        assert np.allclose(found["rotation"], [0, 0.6, 0, 0.8])
        assert found["heard"] == {"neutral": 0.25, "happy": 0.75}
        assert page.locator(".playback").is_hidden()
        assert set(found["influences"]) == set(CHANNELS) - {"tongueOut"}
        assert "lacks 1 of 52" in page.locator("#head-note").inner_text()
        assert said == []
        page.close()


def needs(folder: Path) -> dict[str, str]:
    return dict(json.loads((folder / "package.json").read_text("utf-8"))["devDependencies"])


def test_packages_of_page_and_demo_are_pinned() -> None:
    assert needs(WEB)["esbuild"] == needs(WEB / "demo")["esbuild"]
    for folder in (WEB, WEB / "demo"):
        assert all(re.fullmatch(r"\d+\.\d+\.\d+", one) for one in needs(folder).values())
        locked = json.loads((folder / "package-lock.json").read_text("utf-8"))["packages"]
        assert locked[""]["devDependencies"] == needs(folder)
        assert all("integrity" in one for name, one in locked.items() if name)


def test_the_built_page_is_of_these_sources() -> None:
    built = (PAGE / "viewer.js").read_text("utf-8")
    digest = hashlib.sha256()
    for path in [*sorted((WEB / "src").iterdir()), WEB / "package.json"]:
        digest.update(path.read_bytes())
    assert f"sources {digest.hexdigest()} " in built, "run `npm ci && npm run build` in viewer/web"
    three = needs(WEB)["three"]
    assert f"three.js {three}, MIT" in built
    assert "three.js authors" in (PAGE / "LICENSE.three.txt").read_text("utf-8")


def test_the_build_makes_the_committed_page() -> None:
    if shutil.which("node") is None or not (WEB / "node_modules").is_dir():
        pytest.skip("needs node and `npm ci` in viewer/web")
    done = subprocess.run(
        ["node", "build.mjs", "--check"], cwd=WEB, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_program_of_the_page_on_the_viewer_runs(monkeypatch, capsys) -> None:
    program = re.search(
        r"```python\n(.*?)```", (ROOT / "docs" / "viewer.md").read_text("utf-8"), re.S
    )
    monkeypatch.chdir(ROOT)
    exec(compile(program[1], "viewer.md", "exec"), {})
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\n", capsys.readouterr().out)
