"""Sources and playback of live faces: files, pipes, and sound devices that are fakes."""

from __future__ import annotations

import io
import os
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile
from fake_sound import FakeSound
from living import START, FakeTime, Parts, live

from talkface.errors import MissingExtraError
from talkface.live.playback import Playback
from talkface.live.session import GUARD
from talkface.live.sources import FileSource, Microphone, PipeSource, sound_devices

RAMP = np.arange(-3000, 3000, dtype=np.int16)


def drained(source, limit: int = 700) -> np.ndarray:
    parts = []
    while not source.ended:
        parts.append(source.read(limit))
    return np.concatenate(parts)


@pytest.mark.parametrize("limit", [1, 700, 100000])
def test_a_file_comes_whole(tmp_path: Path, limit: int) -> None:
    path = tmp_path / "two.wav"
    soundfile.write(path, np.stack([RAMP, -RAMP], axis=1), 24000, subtype="PCM_16")
    source = FileSource(path)
    assert (source.sample_rate, source.channels, source.live) == (24000, 2, False)
    data = drained(source, limit)
    assert np.array_equal(data, np.stack([RAMP, -RAMP], axis=1).astype(np.float32) / 32768)
    assert not len(source.read(5))
    source.close()


def test_a_dropped_file_has_ended(tmp_path: Path) -> None:
    path = tmp_path / "one.wav"
    soundfile.write(path, RAMP, 16000)
    source = FileSource(path, loop=True)
    assert len(source.read(100)) == 100
    source.drop()
    assert source.ended
    assert not len(source.read(100))
    source.close()


def test_files_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no such sound file"):
        FileSource(tmp_path / "none.wav")
    text = tmp_path / "text.wav"
    text.write_text("no sound")
    with pytest.raises(ValueError, match="as sound"):
        FileSource(text)
    empty = tmp_path / "empty.wav"
    soundfile.write(empty, RAMP[:0], 16000)
    with pytest.raises(ValueError, match="empty"):
        FileSource(empty)
    wide = tmp_path / "wide.wav"
    soundfile.write(wide, np.zeros((9, 9)), 16000)
    with pytest.raises(ValueError, match="9 channels"):
        FileSource(wide)


@pytest.mark.parametrize("pieces", [1, 3, 4096])
@pytest.mark.parametrize(
    ("form", "data"),
    [
        ("s16", RAMP.astype("<i2").tobytes()),
        ("f32", (RAMP / 32768).astype("<f4").tobytes()),
    ],
)
def test_a_pipe_in_any_pieces(form: str, data: bytes, pieces: int) -> None:
    """Writes that end inside a sample join with the next; a rest that is no sample is left."""

    class Pieces(io.RawIOBase):
        at = 0

        def read(self, _size: int = -1) -> bytes:
            part = data[self.at : self.at + pieces]
            self.at += len(part)
            return part

    source = PipeSource(Pieces(), 16000, 2, form)
    heard = drained(source)
    assert np.allclose(heard, (RAMP / 32768).reshape(-1, 2), atol=1e-7)


def test_a_real_pipe_ends_when_its_writer_does() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as stream:
        source = PipeSource(stream, 8000)
        assert not len(source.read(10))
        assert not source.ended
        os.write(writing, RAMP.tobytes() + b"x")
        os.close(writing)
        assert np.array_equal(drained(source)[:, 0] * 32768, RAMP)


def test_a_pipe_makes_its_writer_wait_and_can_be_dropped() -> None:
    second = np.zeros(16000, np.int16).tobytes()
    reading, writing = os.pipe()
    written = []

    def write() -> None:
        with os.fdopen(writing, "wb", buffering=0) as out:
            for index in range(30):
                out.write(second)
                written.append(index)

    writer = threading.Thread(target=write)
    with os.fdopen(reading, "rb") as stream:
        source = PipeSource(stream, 16000)
        writer.start()
        taken = 0
        while taken < 32000:
            taken += len(source.read(1600))
        assert len(written) < 20  # two seconds taken, ten read ahead, the pipe's own
        source.drop()
        while not source.ended:
            source.drop()
        writer.join()


def test_a_pipe_that_cannot_be_read_is_an_error() -> None:
    class Broken(io.RawIOBase):
        def read(self, _size: int = -1) -> bytes:
            raise OSError("Input/output error")

    source = PipeSource(Broken(), 16000)
    with pytest.raises(OSError, match="Input/output"):
        drained(source)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [((16000, 1, "u8"), "s16, f32"), ((16000, 9), "channels"), ((100,), "sample_rate")],
)
def test_pipes_that_cannot_be(arguments: tuple, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        PipeSource(io.BytesIO(), *arguments)


def test_a_microphone_gives_what_it_hears_and_when() -> None:
    sound = FakeSound()
    time = FakeTime()
    microphone = Microphone(None, None, time.now, sound)
    (device,) = sound.opened
    assert device.started
    assert device.options["samplerate"] == microphone.sample_rate == 16000
    assert microphone.name == "fake input"
    assert microphone.live
    assert not microphone.clock.ready
    blocks = [np.full(160, value, np.float32) for value in (0.1, 0.2, 0.3)]
    for block in blocks:
        device.tick(block)
        time.time += 0.01
    assert np.array_equal(microphone.read(10000)[:, 0], np.concatenate(blocks))
    assert not len(microphone.read(10))
    assert microphone.clock.when(0.02) == pytest.approx(time.time - 0.01 - 0.03)
    device.tick(overflow=True)
    assert microphone.overflows == 1
    assert not microphone.ended
    microphone.close()
    assert device.closed


def test_a_device_that_does_not_know_the_time_has_its_latency() -> None:
    sound = FakeSound()
    time = FakeTime()
    microphone = Microphone(2, 48000, time.now, sound)
    sound.opened[0].tick(lag=None)
    assert microphone.clock.when(0.0) == pytest.approx(time.time - 0.02)
    playback = Playback(2, 48000, 1, 0.0, time.now, sound)
    playback.write(np.zeros((480, 1), np.float32))
    sound.opened[1].tick(lag=None)
    assert playback.clock.when(0.0) == pytest.approx(time.time + 0.02)


@pytest.mark.parametrize("device", ["nowhere", "broken"])
def test_devices_that_cannot_be_opened(device: str) -> None:
    with pytest.raises(ValueError, match="cannot open the microphone"):
        Microphone(device, None, FakeTime().now, FakeSound())
    with pytest.raises(ValueError, match="cannot open the loudspeaker"):
        Playback(device, 16000, 1, 0.1, FakeTime().now, FakeSound())


def test_without_the_extra_or_its_library_the_error_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(MissingExtraError, match=r"talkface\[mic\]"):
        sound_devices()

    class NoLibrary:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "sounddevice":
                raise OSError("PortAudio library not found")

    monkeypatch.delitem(sys.modules, "sounddevice")
    monkeypatch.setattr(sys, "meta_path", [NoLibrary(), *sys.meta_path])
    with pytest.raises(MissingExtraError, match="libportaudio2"):
        sound_devices()


def test_playback_waits_for_its_prefill_and_plays_everything_once() -> None:
    sound, time = FakeSound(), FakeTime()
    playback = Playback(None, 16000, 1, 0.05, time.now, sound)
    (device,) = sound.opened
    data = np.linspace(-1, 1, 16000 // 20 + 240, dtype=np.float32)[:, None]
    playback.write(data[:799])
    assert not device.tick().any()
    assert not playback.clock.ready
    playback.write(data[799:])
    played = []
    for _ in range(7):
        played.append(device.tick())
        time.time += 0.01
    out = np.concatenate(played)[:, 0]
    assert np.array_equal(out[: len(data)], data[:, 0])
    assert not out[len(data) :].any()
    assert playback.underruns == 1
    assert playback.clock.when(0.0) == pytest.approx(START - 0.3 + 0.03)
    playback.write(np.ones((160, 1), np.float32))
    playback.end()
    assert device.tick().all()
    playback.close(wait=5)
    assert device.closed


def test_a_short_line_is_played_without_its_prefill() -> None:
    sound = FakeSound()
    playback = Playback(None, 16000, 2, 10.0, FakeTime().now, sound)
    playback.write(np.ones((100, 2), np.float32))
    assert not sound.opened[0].tick().any()
    playback.end()
    assert sound.opened[0].tick()[:100].all()
    assert playback.underruns == 0


def test_barge_in_fades_what_is_left_and_keeps_the_time() -> None:
    sound = FakeSound()
    playback = Playback(None, 16000, 1, 0.0, FakeTime().now, sound)
    playback.silence()
    playback.write(np.ones((480, 1), np.float32))
    sound.opened[0].tick()
    playback.silence()
    faded = sound.opened[0].tick()[:, 0]
    assert faded[0] == 1
    assert (np.diff(faded[:80]) < 0).all()
    assert not faded[80:].any()
    playback.write(np.full((160, 1), 0.5, np.float32))
    assert not sound.opened[0].tick().any()
    assert (sound.opened[0].tick() == 0.5).all()


@pytest.mark.parametrize("pace", [1.0, 1 + 3e-4])
def test_the_face_follows_the_loudspeaker(default_face, speech, pace) -> None:
    """Frame k goes out when sample k / fps is heard, on the loudspeaker's own clock."""
    sound = FakeSound()
    audio = np.tile(speech, 3)
    blocks = []

    def advance(now: float) -> None:
        while (at := START + len(blocks) * 0.01 * pace) <= now:
            blocks.append((at, playback_device.tick(lag=0.03)[:, 0].copy()))

    def ticking() -> float:
        return START + len(blocks) * 0.01 * pace

    time = FakeTime(meanwhile=advance)
    playback = Playback(None, 16000, 1, default_face.stream().latency + GUARD, ticking, sound)
    (playback_device,) = sound.opened

    session, keep = live(default_face, Parts([audio]), time, speaker=playback, clock=playback.clock)
    counters = session.run()
    advance(time.time + 0.1)
    played = np.concatenate([block for _, block in blocks])
    first = int(np.flatnonzero(played)[0]) - int(np.flatnonzero(audio)[0])
    assert np.array_equal(played[first : first + len(audio)], audio)
    begin = START + first / 16000 * pace + 0.03
    ideal = begin + np.arange(len(keep.times)) / 60 * pace
    assert np.abs(np.array(keep.times) - ideal).max() < 0.001
    assert np.array_equal(keep.weights, default_face.animate(audio, fps=60).weights)
    assert counters.held == counters.silence == playback.underruns == 0
