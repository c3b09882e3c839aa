"""`talkface live` and `talkface listen`."""

from __future__ import annotations

import io
import json
import re
import socket
import subprocess
import sys
import threading
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile
from fake_sound import FakeSound

import talkface
from talkface.cli import BAD_INPUT, MISSING, OK, main
from talkface.live.livelink import PORT
from talkface.live.receiver import LiveLinkReceiver
from talkface.live.senders import Address, LiveFrame, LiveLinkSender

ROOT = Path(__file__).resolve().parents[2]
TINY = str(ROOT / "tests" / "golden" / "tiny")


@pytest.fixture
def sound(tmp_path: Path, bursts) -> Path:
    path = tmp_path / "bursts.wav"
    soundfile.write(path, bursts[:12000], 16000)
    return path


@pytest.fixture
def port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    code = main(["live", *arguments, "--bundle", TINY])
    out, err = capsys.readouterr()
    return code, out, err


def test_a_file_to_everything_at_once(sound: Path, port: int, capsys) -> None:
    with LiveLinkReceiver(port=0) as receiver:
        code, out, err = run(
            capsys, str(sound), "--livelink", str(receiver.address), "--livelink",
            str(receiver.address), "--vmc", ":9", "--websocket", f":{port}",
            "--subject", "Anna", "--fps", "30", "--json",
        )  # fmt: skip
        assert code == OK, err
        report = json.loads(out)
        assert report["fps"] == [30, 1]
        assert report["sent"] + report["skipped"] == 23
        assert report["seconds"] == pytest.approx(23 / 30, abs=1e-3)
        assert len(report["senders"]) == 3
        got = [receiver.receive(5) for _ in range(2 * report["sent"])]
        assert set(receiver.latest) == {"talkface-live", "talkface-live-1"}
        assert {arrival.packet.subject for arrival in got if arrival} == {"Anna"}
        assert "to livelink 127.0.0.1" in err


def test_what_is_sent_is_what_animate_gives(sound: Path, tiny_face, capsys) -> None:
    with LiveLinkReceiver(port=0) as receiver:
        assert run(capsys, str(sound), "--livelink", str(receiver.address), "-q")[0] == OK
        weights = tiny_face.animate(sound, fps=60).weights
        count = 0
        while (arrival := receiver.receive(0.2)) is not None:
            time, values = arrival.packet.time, arrival.packet.values
            assert time is not None
            assert values is not None
            if time.frame < len(weights):  # A busy machine holds the last frame for a moment.
                count += np.array_equal(values[:52], weights[time.frame])
        assert count > 20


def test_a_line_cut_by_seconds_ends_at_rest(sound: Path, capsys) -> None:
    with LiveLinkReceiver(port=0) as receiver:
        to = str(receiver.address)
        code, _, err = run(capsys, str(sound), "--livelink", to, "--seconds", "0.2")
        assert code == OK
        assert "12 frames, 0.2 s" in err
        *spoken, last = [receiver.receive(5) for _ in range(13)]
    assert any(arrival.packet.values[17] > 0.02 for arrival in spoken)
    assert last.packet.time.frame == 12
    assert not np.any(last.packet.values)


def test_a_map_of_the_users_is_sent(sound: Path, tmp_path: Path, capsys) -> None:
    from talkface.rigs import rig

    path = rig("vrm1").save(tmp_path / "mine.json")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        to = f":{receiver.getsockname()[1]}"
        assert run(capsys, str(sound), "--vmc", to, "--map", str(path), "-q")[0] == OK
        receiver.settimeout(5)
        names = set()
        while b"Apply" not in (data := receiver.recv(2048)):
            if data.startswith(b"/VMC/Ext/Blend/Val"):
                names.add(data[24:].split(b"\0")[0])
    assert {b"aa", b"oh"} <= names
    assert b"jawOpen" not in names


def test_pcm_on_standard_input(monkeypatch, bursts, port: int, capsys) -> None:
    stdin = SimpleNamespace(buffer=io.BytesIO(bursts[:8000].tobytes()), isatty=lambda: False)
    monkeypatch.setattr(sys, "stdin", stdin)
    code, out, err = run(
        capsys, "-", "--rate", "16000", "--format", "s16", "--livelink", f":{port}", "--json"
    )
    assert code == OK, err
    report = json.loads(out)
    assert report["sent"] + report["skipped"] >= 30
    assert report["seconds"] >= 0.5


def test_a_microphone_and_a_loudspeaker(monkeypatch, port: int, capsys) -> None:
    fake = FakeSound(runs=True)
    monkeypatch.setitem(sys.modules, "sounddevice", fake)
    code, out, err = run(
        capsys, "mic", "--play", "--livelink", f":{port}", "--seconds", "0.3", "--json"
    )
    assert code == OK, err
    report = json.loads(out)
    assert report["sent"] + report["skipped"] == 18
    assert report["microphone"]["overflows"] == 0
    assert "playback" in report
    assert report["latency_ms"] > report["stream_latency_ms"]
    assert all(device.closed for device in fake.opened)
    code, out, err = run(capsys, "mic", "--livelink", f":{port}", "--seconds", "0.2", "--json")
    assert code == OK, err
    assert "playback" not in json.loads(out)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["{sound}"], "say where to send"),
        (["{sound}", "--livelink", "10.1.2.3"], "--allow-remote"),
        (["{sound}", "--livelink", "--seconds", "-1"], "--seconds"),
        (["{sound}", "--livelink", "--rate", "16000"], "--rate"),
        (["{sound}", "--livelink", "--subject", ""], "subject"),
        (["{sound}", "--vmc", "--rig", "cat"], "no rig 'cat'"),
        (["{sound}", "--vmc", "--map", "cat.json"], "no such rig map"),
        (["{sound}", "--livelink", "--channels", "2", "--format", "f32"], "--channels, --format"),
        (["{sound}", "--livelink", "--device", "usb"], "--device"),
        (["mic", "--livelink", "--loop"], "--loop"),
        (["{sound}", "--vmc", "--subject", "Anna"], "--subject"),
        (["{sound}", "--livelink", "--origin", "http://x"], "--origin"),
        (["{sound}", "--livelink", "--rig", "vrm1"], "--rig"),
        ([f"{TINY}/manifest.json", "--livelink"], "talkface render"),
        (["nothing.wav", "--livelink"], "no such sound file"),
    ],
)
def test_what_cannot_be_is_said(sound: Path, arguments: list[str], says: str, capsys) -> None:
    code, _, err = run(capsys, *(a.format(sound=sound) for a in arguments))
    assert code == BAD_INPUT
    assert says in err


def test_standard_input_must_be_a_pipe_with_a_rate(monkeypatch, capsys) -> None:
    for terminal, says in ((True, "terminal"), (False, "--rate")):
        stdin = SimpleNamespace(buffer=io.BytesIO(), isatty=lambda terminal=terminal: terminal)
        monkeypatch.setattr(sys, "stdin", stdin)
        code, _, err = run(capsys, "-", "--livelink")
        assert code == BAD_INPUT
        assert says in err


def test_an_empty_pipe_is_told(monkeypatch, port: int, capsys) -> None:
    stdin = SimpleNamespace(buffer=io.BytesIO(), isatty=lambda: False)
    monkeypatch.setattr(sys, "stdin", stdin)
    code, _, err = run(capsys, "-", "--rate", "16000", "--livelink", f":{port}")
    assert code == BAD_INPUT
    assert "no sound came" in err


def test_a_missing_extra_is_named(monkeypatch, capsys) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    code, _, err = run(capsys, "mic", "--livelink")
    assert code == MISSING
    assert "talkface[mic]" in err


PRESS = """
import os, pty, sys
child, terminal = pty.fork()
if child == 0:
    os.execv(sys.executable, [sys.executable, "-m", "talkface", *sys.argv[2:]])
text = b""
pressed = False
while True:
    try:
        data = os.read(terminal, 4096)
    except OSError:
        break
    if not data:
        break
    text += data
    if b"underruns" in text and not pressed:
        pressed = True
        os.write(terminal, sys.argv[1].encode())
_, status = os.waitpid(child, 0)
sys.stdout.write(text.decode())
sys.exit(os.waitstatus_to_exitcode(status))
"""


@pytest.mark.parametrize("key", [" ", "q", "\\x03"])
def test_keys_of_a_terminal(sound: Path, port: int, key: str) -> None:
    """Space is barge-in, which ends a file; q and Ctrl-C end everything. The status line shows."""
    done = subprocess.run(
        [sys.executable, "-c", PRESS, key.encode().decode("unicode_escape"), "live", str(sound),
         "--loop", "--livelink", f":{port}", "--json", "--bundle", TINY],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == OK, done.stdout + done.stderr
    report = json.loads(done.stdout[done.stdout.index("{") :])
    assert report["interrupts"] == (key == " ")
    assert "space interrupts" in done.stdout
    assert "silence" in done.stdout


def test_termination_restores_everything(sound: Path, port: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "talkface", "live", str(sound), "--loop", "--livelink", f":{port}",
         "--json", "--bundle", TINY],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process, LiveLinkReceiver(port=port) as receiver:
        assert all(receiver.receive(60) for _ in range(5))
        process.terminate()
        out, err = process.communicate(timeout=60)
        assert process.returncode == OK, err
        assert json.loads(out)["sent"] > 0
        packet = None
        while (arrival := receiver.receive(0.2)) is not None:
            packet = arrival.packet
        assert packet is not None
        assert not packet.values.any()  # a neutral face comes last


def test_listen_counts_and_records(tmp_path: Path, tiny_face, bursts, port: int, capsys) -> None:
    clip = tiny_face.animate(bursts[:4000], fps=60)
    stop = threading.Event()

    def send() -> None:
        from dataclasses import replace

        sender = LiveLinkSender(Address("127.0.0.1", port), "Anna", "phone")
        junk = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        while not stop.wait(0.05):
            junk.sendto(b"junk", ("127.0.0.1", port))
            for index in range(len(clip)):
                row = slice(index, index + 1)
                one = replace(
                    clip, weights=clip.weights[row], timestamps=clip.timestamps[row],
                    head_rotation=clip.head_rotation[row],
                )  # fmt: skip
                sender.send(LiveFrame(7200 + index, Fraction(60), one))
        sender.close()
        junk.close()

    thread = threading.Thread(target=send)
    thread.start()
    out = tmp_path / "take.csv"
    try:
        code = main(["listen", f":{port}", "-o", str(out), "--seconds", "1.5", "--json"])
    finally:
        stop.set()
        thread.join()
    printed = capsys.readouterr()
    assert code == OK, printed.err
    report = json.loads(printed.out)
    assert report["devices"]["phone"]["subject"] == "Anna"
    assert report["devices"]["phone"]["fps"] == [60, 1]
    assert report["rejected"] > 0
    take = talkface.load_clip(out)
    assert len(take) == len(clip)
    assert take.fps == 60
    assert np.allclose(take.weights, clip.weights, atol=1e-6)


def test_listening_in_vain_is_an_error_when_recording(tmp_path: Path, port: int, capsys) -> None:
    code = main(["listen", f":{port}", "-o", str(tmp_path / "a.csv"), "--seconds", "0.2"])
    assert code == BAD_INPUT
    assert "nothing came" in capsys.readouterr().err
    assert main(["listen", f":{port}", "-o", str(tmp_path / "a.txt")]) == BAD_INPUT
    assert main(["listen", f":{port}", "--seconds", "0"]) == BAD_INPUT
    assert main(["listen", "192.0.2.1", "--seconds", "0.1"]) == BAD_INPUT
    assert "cannot listen on 192.0.2.1:11111" in capsys.readouterr().err


def test_default_ports_are_those_of_the_tools() -> None:
    from talkface.live import vmc, websocket

    assert (PORT, vmc.PORT, websocket.PORT) == (11111, 39539, 8765)


PAGE = (ROOT / "docs" / "live.md").read_text("utf-8")


def test_the_pages_commands_are_understood() -> None:
    from talkface.cli import _parser

    lines = re.findall(r"(?<!pip )talkface ((?:live|listen)\b(?!  )[^`\n|]*)", PAGE)
    commands = [line for line in lines if len(line.split()) > 1]
    assert len(commands) >= 9
    for line in commands:
        _parser().parse_args(line.replace("HOST:", "127.0.0.1:").split())


def test_the_pages_program_runs(tmp_path: Path) -> None:
    [code] = re.findall(r"```python\n(.*?)```", PAGE, flags=re.S)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"\d+ Anna \d\.\d+", done.stdout.strip())


def test_the_pages_lines_have_the_fields_that_are_sent(tiny_face, bursts) -> None:
    from talkface.live.senders import frame_line, header_line

    clip = tiny_face.animate(bursts[:100])
    header, frame = (json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE, re.S))
    assert header.keys() == json.loads(header_line(clip, Fraction(60))).keys()
    assert frame.keys() == json.loads(frame_line(LiveFrame(90, Fraction(60), clip))).keys()
