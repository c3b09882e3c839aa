"""The server of `talkface view`: routes, ranges, refusals, what it animates and exports."""

from __future__ import annotations

import base64
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from urllib.parse import unquote

import numpy as np
import pytest
import soundfile
from viewing import ROOT, SPEECH, animated, ask, serving

import talkface
from talkface import sinks
from talkface.audio import Audio
from talkface.cli import BAD_INPUT, main
from talkface.emotion import from_text
from talkface.viewer import server as server_module
from talkface.viewer.document import peaks
from talkface.viewer.request import Request, parse
from talkface.viewer.server import PAGE, ViewServer, span
from talkface.viewer.session import HEAD, RECORDINGS, Session, Superseded

TINY_EMOTION = ROOT / "tests" / "golden" / "tiny_emotion"


@pytest.fixture(scope="module")
def server() -> Iterator[ViewServer]:
    with Session() as session:
        session.add(SPEECH, "speech.wav")
        with serving(session) as made:
            yield made


def table(text: str, width: int) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<f4").reshape(-1, width)


def wav(seconds: float = 0.5, rate: int = 16000) -> bytes:
    buffer = io.BytesIO()
    tone = 0.3 * np.sin(2 * np.pi * 200 * np.arange(int(seconds * rate)) / rate)
    soundfile.write(buffer, tone, rate, format="WAV", subtype="PCM_16")
    return buffer.getvalue()


def test_the_page_and_its_parts_are_served(server: ViewServer) -> None:
    for path, start in (
        ("/", b"<!doctype html>"), ("/viewer.js", b"/* TalkFace viewer"),
        ("/viewer.css", b":root"), ("/LICENSE.three.txt", b"The MIT License"),
        ("/head.glb", b"glTF"),
    ):  # fmt: skip
        status, headers, body = ask(server, "GET", path)
        assert status == 200, path
        assert body.startswith(start)
        assert int(headers["Content-Length"]) == len(body)
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        status, headers, nothing = ask(server, "HEAD", path)
        assert (status, nothing) == (200, b"")
        assert int(headers["Content-Length"]) == len(body)


def test_the_page_takes_nothing_from_elsewhere() -> None:
    for name in ("index.html", "viewer.css"):
        text = (PAGE / name).read_text("utf-8")
        assert "http" not in text.replace("http://www.w3.org/2000/svg", ""), name
        assert "//" not in text.replace("http://www.w3.org/2000/svg", ""), name


@pytest.mark.parametrize("path", [
    "/../pyproject.toml", "/%2e%2e/%2e%2e/pyproject.toml", "/page/../session.py", "/session.py",
    "/etc/passwd", "//etc/passwd", "/audio/../../r1.wav", "/audio/r1.wav/..",
    "/audio/%2e%2e%2fr1.wav", "/web/package.json", "/nothing",
])  # fmt: skip
def test_no_path_leads_out_of_the_routes(server: ViewServer, path: str) -> None:
    status, _, body = ask(server, "GET", path)
    assert status == 404
    assert "error" in json.loads(body)


@pytest.mark.parametrize(("header", "expected"), [
    (None, None), ("bytes=0-", (0, 100)), ("bytes=10-19", (10, 20)), ("bytes=90-200", (90, 100)),
    ("bytes=-30", (70, 100)), ("bytes=-300", (0, 100)), ("bytes=-", None), ("lines=1-2", None),
    ("bytes=0-1,4-5", None),
])  # fmt: skip
def test_ranges_are_read_as_the_standard_says(header, expected) -> None:
    assert span(header, 100) == expected


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=7-3", "bytes=-0"])
def test_a_range_outside_is_refused(server: ViewServer, header: str) -> None:
    with pytest.raises(server_module.Refused):
        span(header, 100)
    size = len(ask(server, "GET", "/audio/r1.wav")[2])
    outside = {"Range": header.replace("100", str(size))}
    assert ask(server, "GET", "/audio/r1.wav", headers=outside)[0] == 416


def test_the_sound_comes_in_parts(server: ViewServer) -> None:
    status, headers, whole = ask(server, "GET", "/audio/r1.wav")
    assert (status, headers["Accept-Ranges"]) == (200, "bytes")
    heard, rate = soundfile.read(io.BytesIO(whole))
    meant, expected_rate = soundfile.read(SPEECH)
    assert rate == expected_rate
    assert np.allclose(heard, meant, atol=2 / 32768)
    status, headers, part = ask(
        server, "GET", "/audio/r1.wav", headers={"Range": "bytes=1000-1999"}
    )
    assert status == 206
    assert headers["Content-Range"] == f"bytes 1000-1999/{len(whole)}"
    assert part == whole[1000:2000]


def test_a_run_is_what_the_library_gives(server: ViewServer, default_face) -> None:
    status, run = animated(
        server, seed=3, knobs={"lower_strength": 1.5}, emotion={"happy": 0.7}, emotion_weight=0.5
    )
    assert status == 200
    made = run["clip"]
    clip = default_face.animate(
        SPEECH, seed=3, knobs={"lower_strength": 1.5}, emotion={"happy": 0.7}, emotion_weight=0.5
    )
    assert made["frames"] == len(clip)
    assert made["channels"] == list(clip.channels)
    for name, values in (
        ("weights", clip.weights), ("head_rotation", clip.head_rotation),
        ("head_translation", clip.head_translation), ("emotion", clip.emotion),
        ("viseme", clip.visemes), ("affect", clip.affect),
    ):  # fmt: skip
        assert np.array_equal(table(made[name], values.shape[1]), values), name


def test_every_part_of_a_request_counts(server: ViewServer) -> None:
    style = {"name": "wide", "text": '{"talkface_style": 1, "gain": {"jawOpen": 2}}'}
    asked = [
        {}, {"bundle": "low_latency"}, {"identity": "lively"}, {"style": style}, {"seed": 1},
        {"emotion": "angry"}, {"raw": True}, {"knobs": {"mouth_close": 0}},
    ]  # fmt: skip
    runs = [animated(server, **request) for request in asked]
    assert {status for status, _ in runs} == {200}
    assert len({run["id"] for _, run in runs}) == len(runs)
    assert len({run["clip"]["weights"] for _, run in runs}) == len(runs)
    assert animated(server)[1]["id"] == runs[0][1]["id"]


@pytest.mark.parametrize(("request_parts", "says"), [
    ({"recording": "r99"}, "no recording"), ({"bundle": "../x"}, "no bundle"),
    ({"seed": -1}, "seed"), ({"seed": "1"}, "whole number"), ({"knobs": {"jaw": 1}}, "no knob"),
    ({"knobs": {"lower_strength": 9}}, "0 to 2"), ({"knobs": {"lower_strength": "1"}}, "a number"),
    ({"knobs": [1]}, "mapping"), ({"emotion": "hungry"}, "no emotion"),
    ({"emotion": {"happy": 0.8, "sad": 0.8}}, "sum"),
    ({"emotion_weight": 3, "emotion": "sad"}, "0 to 1"),
    ({"identity": "nobody"}, "nobody"), ({"identity": 3}, "a name"),
    ({"raw": "yes"}, "true or false"), ({"fps": 30}, "no part fps"),
    ({"style": "/etc/passwd"}, "a name and a text"),
    ({"style": {"name": "x", "text": "/etc/passwd"}}, "not JSON"),
    ({"style": {"name": "x", "text": "[1]"}}, "JSON object"),
    ({"style": {"name": "x", "text": '{"talkface_style": 1, "gain": {"jaw": 1}}'}}, "jaw"),
    ({"style": {"name": "x", "text": " " * 70000}}, "64 KiB"),
])  # fmt: skip
def test_a_bad_request_is_refused_with_a_reason(server: ViewServer, request_parts, says) -> None:
    status, told = animated(server, **request_parts)
    assert status in (400, 404)
    assert says in told["error"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b"3"])
def test_what_is_no_json_object_is_refused(server: ViewServer, body: bytes) -> None:
    status, _, told = ask(server, "POST", "/api/animate", body)
    assert status == 400
    assert "JSON" in json.loads(told)["error"]


@pytest.mark.parametrize("headers", [
    {"Host": "evil.example"}, {"Host": "127.0.0.1:1"}, {"Origin": "http://evil.example"},
    {"Origin": "null"}, {"Origin": "https://127.0.0.1"},
])  # fmt: skip
def test_strangers_pages_are_refused(server: ViewServer, headers: dict[str, str]) -> None:
    for method, path in (("GET", "/api/session"), ("POST", "/api/animate")):
        assert ask(server, method, path, b"{}" if method == "POST" else None, headers)[0] == 403


def test_its_own_page_may_call(server: ViewServer) -> None:
    own = {"Origin": f"http://localhost:{server.port}", "Host": f"localhost:{server.port}"}
    body = json.dumps({"recording": "r1"}).encode()
    assert ask(server, "POST", "/api/animate", body, own)[0] == 200


def test_other_methods_and_routes_are_refused(server: ViewServer) -> None:
    assert ask(server, "PUT", "/api/animate", b"{}")[0] == 501
    assert ask(server, "POST", "/", b"{}")[0] == 404


def test_a_taken_port_is_told(server: ViewServer, capsys) -> None:
    assert main(["view", "--no-browser", "--port", str(server.port)]) == BAD_INPUT
    assert f"port {server.port}" in capsys.readouterr().err


def test_what_nobody_foresaw_is_answered_too(server: ViewServer, monkeypatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(server.session, "animate", broken)
    status, told = animated(server)
    assert (status, told["error"]) == (500, "the server failed; its log says how")


def test_a_bad_style_ends_the_command(tmp_path, capsys) -> None:
    style = tmp_path / "bad.json"
    style.write_text('{"talkface_style": 1, "gain": {"jaw": 1}}', "utf-8")
    assert main(["view", "--no-browser", "--style", str(style)]) == BAD_INPUT
    assert "jaw" in capsys.readouterr().err


def test_only_this_machine_is_served(server: ViewServer) -> None:
    assert server.server_address[0] == "127.0.0.1"


def test_an_upload_is_animated() -> None:
    with Session() as session, serving(session) as server:
        status, _, body = ask(
            server, "POST", "/api/recordings?name=..%2F..%2Ftone%20one.wav", wav()
        )
        made = json.loads(body)
        assert (status, made["name"], made["seconds"]) == (200, "tone one.wav", 0.5)
        status, run = animated(server, recording=made["id"])
        assert (status, run["clip"]["frames"]) == (200, 25)
        told = json.loads(ask(server, "GET", "/api/session")[2])
        assert told["recording"]["id"] == made["id"]


@pytest.mark.parametrize(("body", "says"), [
    (b"", "is empty"), (b"these are words", "cannot read notes.txt as sound"),
    (wav(0.0), "holds no sound"), (wav(0.1, 4000), "resample it"),
])  # fmt: skip
def test_a_bad_upload_is_refused_with_a_reason(server: ViewServer, body: bytes, says: str) -> None:
    before = server.session.recording
    status, _, told = ask(server, "POST", "/api/recordings?name=notes.txt", body)
    assert status == 400
    assert says in json.loads(told)["error"]
    assert server.session.recording is before


def test_a_large_upload_is_refused_unread(server: ViewServer) -> None:
    size = {"Content-Length": str((512 << 20) + 1)}
    status, _, told = ask(server, "POST", "/api/recordings?name=x.wav", b"", size)
    assert status == 413
    assert "512 MiB" in json.loads(told)["error"]
    assert ask(server, "POST", "/api/animate", b"", {"Content-Length": "many"})[0] == 411


def test_every_format_is_exported(server: ViewServer, default_face, tmp_path) -> None:
    told = json.loads(ask(server, "GET", "/api/session")[2])
    names = [entry["name"] for entry in told["formats"]]
    assert names == [entry.name for entry in sinks.FORMATS if entry.writer]
    run = animated(server, emotion="happy")[1]["id"]
    for name in names:
        status, headers, body = ask(server, "GET", f"/api/export?run={run}&format={name}&fps=30")
        assert status == 200, (name, body[:200])
        assert headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''speech.")
        file = unquote(headers["Content-Disposition"].split("''")[1])
        (tmp_path / file).write_bytes(body)
        if name in ("livelink-csv", "json", "npz"):
            clip = talkface.load_clip(tmp_path / file)
            meant = default_face.animate(SPEECH, emotion="happy", fps=30)
            assert np.allclose(clip.weights, meant.weights, atol=1e-6), name


def test_an_export_keeps_the_models_own_rate(server: ViewServer) -> None:
    run = animated(server)[1]["id"]
    body = ask(server, "GET", f"/api/export?run={run}&format=npz&fps=")[2]
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert np.load(archive.open("fps.npy")).tolist() == [50, 1]


@pytest.mark.parametrize(("query", "status"), [
    ("run=0&format=npz", 404), ("", 404), ("format=npz", 404), ("run=RUN&format=tiff", 400),
    ("run=RUN&format=npz&fps=0", 400), ("run=RUN&format=npz&fps=fast", 400),
    ("run=RUN&format=npz&fps=1/0", 400), ("run=RUN&format=../x.npz", 400),
])  # fmt: skip
def test_a_bad_export_is_refused(server: ViewServer, query: str, status: int) -> None:
    run = animated(server)[1]["id"]
    found, headers, body = ask(server, "GET", f"/api/export?{query.replace('RUN', run)}")
    assert found == status, body
    assert "Content-Disposition" not in headers


def test_a_newer_request_of_a_page_ends_the_older(monkeypatch) -> None:
    with Session() as session:
        made = session.add(Audio(np.zeros(16000 * 60, np.float32), 16000, 1), "long")
        face = session.face(Request())
        begun, go_on = threading.Event(), threading.Event()
        animate = type(face).animate

        def slow(self, *args, progress, **options):
            def wait(done: int, total: int) -> bool:
                begun.set()
                assert go_on.wait(30)
                return progress(done, total)

            return animate(self, *args, progress=wait, **options)

        monkeypatch.setattr(type(face), "animate", slow)
        ended: list[BaseException] = []

        def older() -> None:
            try:
                session.animate({"recording": made.id, "page": "a"})
            except Superseded as error:
                ended.append(error)

        thread = threading.Thread(target=older)
        thread.start()
        assert begun.wait(30)
        monkeypatch.undo()
        session.animate({"recording": made.id, "page": "b", "seed": 1})
        session.animate({"recording": made.id, "page": "a", "seed": 2})
        go_on.set()
        thread.join()
        assert len(ended) == 1


def test_only_the_newest_recordings_are_kept() -> None:
    with Session() as session:
        sound = Audio(np.zeros(8000, np.float32), 16000, 1)
        made = [session.add(sound, f"{n}.wav") for n in range(RECORDINGS + 1)]
        assert not made[0].wav.exists()
        with pytest.raises(FileNotFoundError, match="open the sound again"):
            session.animate({"recording": made[0].id})
        assert session.animate({"recording": made[1].id})["clip"]["frames"] == 25
    assert not made[1].wav.parent.exists()


def test_the_session_begins_as_the_shell_says() -> None:
    with Session(
        TINY_EMOTION, Request(emotion=from_text("joy"), knobs={"mouth_close": 0.5})
    ) as session:
        told = session.describe()
        first = told["bundles"][0]
        assert told["request"]["bundle"] == first["name"] == "tiny_emotion (own)"
        assert str(ROOT) not in json.dumps(told)
        assert told["request"]["emotion"] == "happy"
        assert told["request"]["knobs"] == {"mouth_close": 0.5}
        assert told["defaults"]["knobs"] == {}
        assert [one["name"] for one in told["bundles"][1:]] == ["default", "low_latency"]
        assert parse(told["request"]).bundle == first["name"]


def test_a_shipped_bundle_by_its_folder_keeps_its_name() -> None:
    with Session(talkface.shipped.FOLDER / "low_latency", Request(emotion="excited")) as session:
        assert session.request.bundle == "low_latency"
        assert session.request.emotion == {"happy": 0.7, "surprised": 0.3}


def test_peaks_hold_the_sound() -> None:
    samples = np.zeros((48000, 2), np.float32)
    samples[24000, 1], samples[36000, 0] = 0.5, -0.75
    made = peaks(Audio(samples, 48000, 2))
    low, high = np.array(made["low"]), np.array(made["high"])
    assert len(low) == len(high) == made["rate"] == 400
    assert [high.argmax(), high.max()] == [200, 0.5]
    assert [low.argmin(), low.min()] == [300, -0.75]
    pcm = peaks(Audio(np.full(16000, -16384, np.int16), 16000, 1))
    assert set(pcm["low"]) == set(pcm["high"]) == {-0.5}


def test_phones_of_the_shell_move_the_mouth(default_face) -> None:
    with Session() as session:
        phones = [(0.5, 1.5, "AA")]
        session.add(SPEECH, "speech.wav", phones)
        assert session.describe()["recording"]["script"] is True
        made = session.animate({"recording": "r1"})["clip"]
        meant = default_face.animate(SPEECH, phones=phones)
        assert np.array_equal(table(made["weights"], 52), meant.weights)


@pytest.mark.parametrize(("arguments", "says"), [
    (["nowhere.wav"], "no such sound file"), (["--export", "x"], "needs a sound file"),
    ([str(SPEECH), "--live"], "not both"), (["--live", "http://x"], "WebSocket"),
    (["--live", "ws://x:99999999"], "WebSocket"),
    ([str(SPEECH), "--head", str(SPEECH)], "not a GLB"),
    ([str(SPEECH), "--style", "no.json"], "no.json"),
    ([str(SPEECH), "--bundle", "none"], "no bundle"),
    (["--port", "70000"], "0 to 65535"),
    (["--live", "--emotion", "happy"], "--emotion: poses that are live"),
    (["--live", "--raw", "--seed", "2"], "--seed, --raw: "), (["--phones", "x.tsv"], "--phones: "),
    (["--knob", "lower_strength=9"], "0 to 2"), (["--emotion", "hungry"], "no emotion"),
])  # fmt: skip
def test_the_command_says_what_is_wrong(arguments: list[str], says: str, capsys) -> None:
    assert main(["view", "--no-browser", *arguments]) == BAD_INPUT
    assert says in capsys.readouterr().err


def test_the_head_carries_every_channel() -> None:
    data = HEAD.read_bytes()
    size = int.from_bytes(data[12:16], "little")
    meshes = json.loads(data[20 : 20 + size])["meshes"]
    names = {name for mesh in meshes for name in mesh.get("extras", {}).get("targetNames", [])}
    assert names == set(talkface.rig.CHANNELS)
