"""JSON lines over WebSocket, heard by the websockets library's client."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator
from fractions import Fraction

import pytest
from clips import make_clip

from talkface.live import websocket
from talkface.live.senders import Address, LiveFrame, frame_line
from talkface.live.websocket import WebSocketSender
from talkface.rig import CHANNELS

_client = pytest.importorskip("websockets.sync.client", reason="needs the [websocket] extra")
_exceptions = pytest.importorskip("websockets.exceptions", reason="needs the [websocket] extra")
ClientConnection, connect = _client.ClientConnection, _client.connect
ConnectionClosed, InvalidStatus = _exceptions.ConnectionClosed, _exceptions.InvalidStatus

RATE = Fraction(60000, 1001)


@pytest.fixture
def sender() -> Iterator[WebSocketSender]:
    made = WebSocketSender(Address("127.0.0.1", 0), ["https://studio.example"])
    yield made
    made.close()


def call(sender: WebSocketSender, origin: str | None = None) -> ClientConnection:
    return connect(f"ws://{sender.address}", origin=origin, compression=None)  # type: ignore[arg-type]


def send_until_heard(sender: WebSocketSender, clients: int, index: int = 0) -> None:
    """Frames until that many clients listen, who then have all that follow."""
    while sender.clients < clients:
        sender.send(LiveFrame(index, RATE, make_clip(1)))


def test_a_client_gets_the_header_and_then_frames(sender: WebSocketSender) -> None:
    clip = make_clip(1)
    with call(sender) as client:
        send_until_heard(sender, 1)
        sender.send(LiveFrame(7, RATE, clip, held=True))
        header = json.loads(client.recv(10))
        assert header == {
            "format": "talkface-stream",
            "version": 1,
            "fps": [60000, 1001],
            "channels": list(CHANNELS),
            "emotions": list(clip.emotions),
        }
        frame = json.loads(client.recv(10))
        while frame["frame"] != 7:
            frame = json.loads(client.recv(10))
    assert frame["held"] is True
    assert frame["seconds"] == pytest.approx(7 * 1001 / 60000, abs=1e-6)
    assert frame["weights"] == pytest.approx(clip.weights[0].tolist(), abs=1e-5)
    assert frame["head_rotation"] == pytest.approx(clip.head_rotation[0].tolist(), abs=1e-6)
    assert frame["head_translation"] == pytest.approx(clip.head_translation[0].tolist(), abs=1e-6)
    assert frame["emotion"] == pytest.approx(clip.emotion[0].tolist(), abs=1e-5)


def test_lines_are_lines() -> None:
    line = frame_line(LiveFrame(0, RATE, make_clip(1)))
    assert line.endswith("\n")
    assert line.count("\n") == 1


def test_a_pose_that_is_not_finite_is_refused() -> None:
    clip = make_clip(1)
    clip.weights[0, 0] = math.nan
    with pytest.raises(ValueError, match="finite"):
        frame_line(LiveFrame(0, RATE, clip))


@pytest.mark.parametrize(
    "origin", [None, "http://localhost:8000", "https://127.0.0.1", "https://studio.example"]
)
def test_pages_of_this_machine_and_named_ones_may_listen(
    sender: WebSocketSender, origin: str | None
) -> None:
    with call(sender, origin) as client:
        send_until_heard(sender, 1)
        assert json.loads(client.recv(10))["version"] == 1


@pytest.mark.parametrize(
    "origin",
    [
        "https://example.org",
        "null",
        "http://localhost.evil.example",
        "http://evil.example/localhost",
    ],
)
def test_strangers_pages_are_refused(sender: WebSocketSender, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        call(sender, origin)
    assert refused.value.response.status_code == 403


def test_another_rig() -> None:
    from talkface.rigs import rig

    sender = WebSocketSender(Address("127.0.0.1", 0), rig_map=rig("vrm1"))
    with call(sender) as client:
        send_until_heard(sender, 1)
        assert json.loads(client.recv(10))["channels"] == list(rig("vrm1").targets)
        assert len(json.loads(client.recv(10))["weights"]) == len(rig("vrm1").targets)
    sender.close()


def test_two_clients_get_the_same_and_one_may_leave(sender: WebSocketSender) -> None:
    with call(sender) as first:
        with call(sender) as second:
            send_until_heard(sender, 2)
            sender.send(LiveFrame(9, RATE, make_clip(1)))
            for client in (first, second):
                while json.loads(client.recv(10)).get("frame") != 9:
                    pass
        while sender.clients > 1:
            sender.send(LiveFrame(10, RATE, make_clip(1)))
        sender.send(LiveFrame(11, RATE, make_clip(1)))
        while json.loads(first.recv(10)).get("frame") != 11:
            pass


def test_a_slow_client_loses_the_oldest_lines_and_holds_no_one_up(
    sender: WebSocketSender, monkeypatch
) -> None:
    blocked = threading.Event()
    with call(sender) as client:
        send_until_heard(sender, 1)
        server_side = next(iter(sender._server.connections))
        deliver = server_side.send

        def slow(line: str) -> None:
            blocked.wait(10)
            deliver(line)

        monkeypatch.setattr(server_side, "send", slow)
        for index in range(1000, 1000 + 3 * websocket.WAITING):
            sender.send(LiveFrame(index, RATE, make_clip(1)))
        assert sender.lost >= websocket.WAITING
        blocked.set()
        last = 1000 + 3 * websocket.WAITING - 1
        while json.loads(client.recv(10)).get("frame") != last:
            pass


def test_a_client_that_never_got_a_frame_does_not_hold_up_the_end() -> None:
    sender = WebSocketSender(Address("127.0.0.1", 0))
    with call(sender) as client:
        sender.close()
        with pytest.raises(ConnectionClosed):
            client.recv(10)


def test_a_port_that_is_taken_is_an_error(sender: WebSocketSender) -> None:
    with pytest.raises(OSError, match="in use"):
        WebSocketSender(sender.address)


def test_without_the_library_the_extra_is_named(monkeypatch) -> None:
    import sys

    from talkface.errors import MissingExtraError

    monkeypatch.setitem(sys.modules, "websockets.sync.server", None)
    with pytest.raises(MissingExtraError, match=r"talkface\[websocket\]"):
        WebSocketSender(Address("127.0.0.1", 0))
