"""Live faces on a clock that the tests move: exact times, catching up, gaps, barge-in."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from living import START, FakeTime, Keep, Parts, live

from talkface.live.clocks import DeviceClock, SteadyClock, SystemTime
from talkface.live.senders import LiveFrame
from talkface.live.session import CATCH_UP, GUARD, MARGIN, Session, delay_of
from talkface.live.sources import FileSource
from talkface.rig import CHANNELS

RATES = [Fraction(30), Fraction(60), Fraction(60000, 1001)]
LOWER = [i for i, name in enumerate(CHANNELS) if name.startswith(("jaw", "mouth"))]


@pytest.mark.parametrize("fps", RATES)
def test_frames_are_those_of_animate_at_their_exact_times(default_face, speech, fps) -> None:
    session, keep = live(default_face, Parts([speech[:32000]]), FakeTime(), fps)
    counters = session.run()
    clip = default_face.animate(speech[:32000], fps=fps)
    assert keep.indices == list(range(len(clip)))
    assert np.array_equal(keep.weights, clip.weights)
    assert np.array_equal(
        np.concatenate([f.pose.head_rotation for f in keep.frames]), clip.head_rotation
    )
    assert keep.times == [START + float(k / fps) for k in range(len(clip))]
    assert {f.rate for f in keep.frames} == {fps}
    assert counters.sent == len(clip)
    assert counters.held == counters.skipped == counters.underruns == 0
    assert counters.late.longest == 0


def test_a_line_that_closes_behind_its_sound_is_sent_to_the_end(low_latency_face, speech) -> None:
    cut = speech[:20800]
    session, keep = live(low_latency_face, Parts([cut]), FakeTime())
    assert session.run().held == 0
    clip = low_latency_face.animate(cut, fps=60)
    assert len(clip) > len(cut) / 16000 * 60 + 2
    assert np.array_equal(keep.weights, clip.weights)


@pytest.mark.parametrize("fps", [Fraction(60), Fraction(60000, 1001)])
def test_ten_minutes_do_not_drift(tiny_face, fps) -> None:
    """Each frame goes out at its own time to a nanosecond, and audio is neither short nor extra."""
    minute = np.random.default_rng(0).normal(0, 0.1, 16000 * 60).astype(np.float32)
    source = Parts([minute] * 10)
    time = FakeTime(late=lambda due: 0.004 * abs(math.sin(due * 77)))  # the system wakes us late
    session, keep = live(tiny_face, source, time, fps)
    pushed = []
    time.meanwhile = lambda now: pushed.append((now, session._pushed))
    counters = session.run()
    assert keep.indices == list(range(math.ceil(600 * fps)))
    ideal = START + np.arange(len(keep.times)) * float(1 / fps)
    late = np.array(keep.times) - ideal
    assert late.min() > -1e-9
    assert late.max() < 0.0041
    assert abs(late[-600:].mean() - late[:600].mean()) < 2e-4  # of the sine's own phases
    assert counters.held == counters.skipped == counters.underruns == 0
    assert counters.silence == counters.dropped == 0
    now, samples = pushed[len(pushed) - 120]
    ahead = samples / 16000 - (now - START)
    assert (
        session._stream.latency + GUARD < ahead <= session._stream.latency + GUARD + MARGIN + 0.02
    )


class CrystalMicrophone:
    """A microphone whose second lasts ``pace`` seconds and whose callbacks come late at random."""

    live = True
    sample_rate, channels = 16000, 1
    ended = False

    def __init__(self, pace: float, audio: np.ndarray) -> None:
        self.clock = DeviceClock(16000)
        self._pace, self._audio, self._begin = pace, audio, START
        self._late = np.random.default_rng(1)
        self._heard = self._taken = 0

    def advance(self, now: float) -> None:
        while (at := self._begin + (self._heard + 160) / 16000 * self._pace) <= now:
            self.clock.observe(self._heard + 160, at + self._late.exponential(0.0005))
            self._heard += 160

    def true_time(self, seconds: float) -> float:
        return self._begin + seconds * self._pace

    def read(self, limit: int) -> np.ndarray:
        end = min(self._heard, self._taken + limit)
        part = np.take(self._audio, range(self._taken, end), mode="wrap")
        self._taken = end
        return part[:, None]

    def drop(self) -> None:
        pass


def test_a_microphone_with_another_crystal_does_not_drift(tiny_face, bursts) -> None:
    """Ten minutes at 200 millionths are 120 ms: the frames stay at the samples they belong to."""
    pace = 1 + 2e-4
    audio = (bursts / 32768).astype(np.float32)
    microphone = CrystalMicrophone(pace, audio)
    time = FakeTime(meanwhile=microphone.advance)
    session, keep = live(tiny_face, microphone, time, clock=microphone.clock)
    microphone.clock.delay = delay = delay_of(session._stream)
    counters = session.run(600)
    assert keep.indices == list(range(36000))
    true = np.array([microphone.true_time(k / 60) for k in range(36000)]) + delay
    error = np.array(keep.times) - true
    assert np.abs(error[1200:]).max() < 0.001
    assert abs(error[-600:].mean() - error[1200:1800].mean()) < 1e-4
    assert counters.held == counters.skipped == counters.underruns == 0
    assert counters.silence == counters.dropped == 0
    assert microphone.clock.pace == pytest.approx(pace, abs=2e-5)
    expected = tiny_face.animate(np.resize(audio, 32000), fps=60).weights[:100]
    assert np.array_equal(keep.weights[:100], expected)


def test_a_microphone_that_is_late_leaves_no_lag_behind(tiny_face, bursts) -> None:
    audio = (bursts / 32768).astype(np.float32)
    microphone = CrystalMicrophone(1.0, audio)

    def advance(now: float) -> None:
        if not START + 0.7 < now < START + 0.9:
            microphone.advance(now)

    time = FakeTime(meanwhile=advance)
    session, _ = live(tiny_face, microphone, time, clock=microphone.clock)
    microphone.clock.delay = delay_of(session._stream)
    push, program = session._stream.push, []
    session._stream.push = lambda chunk: program.append(np.array(chunk)) or push(chunk)
    counters = session.run(2)
    assert counters.underruns == 1
    assert counters.silence > 0.1
    assert counters.dropped == pytest.approx(counters.silence)
    heard = np.concatenate(program)
    differs = np.flatnonzero(heard != np.resize(audio, len(heard)))
    assert 0 < differs[-1] - differs[0] < counters.silence * 16000
    assert not heard[differs].any()


def test_a_gap_of_the_device_starts_its_clock_anew() -> None:
    clock = DeviceClock(48000)
    assert not clock.ready
    for block in range(500):
        clock.observe(480 * block, 5 + block / 100)
    assert clock.when(5.0) == pytest.approx(10)
    assert clock.position(10.0) == pytest.approx(5)
    clock.observe(480 * 500, 12.0)
    assert clock.jumps == 1
    assert clock.when(5.0) == pytest.approx(12)
    clock.observe(480 * 499, 12.0)  # not forward: no news
    assert clock.when(5.0) == pytest.approx(12)


def test_a_device_that_has_not_started_has_no_time() -> None:
    with pytest.raises(RuntimeError, match="not started"):
        DeviceClock(16000).when(0)


def test_late_frames_are_sent_at_once_and_too_late_ones_left_out(tiny_face, bursts) -> None:
    stalls = {30: 0.09, 60: 0.49}

    def late(due: float) -> float:
        return stalls.pop(round((due - START) * 60), 0.0)

    session, keep = live(tiny_face, Parts([bursts / 32768]), FakeTime(late))
    counters = session.run()
    left_out = set(range(120)) - set(keep.indices)
    # 0.49 s after frame 60 is due, the oldest ones are more than CATCH_UP late.
    assert left_out == set(range(60, 60 + math.ceil((0.49 - CATCH_UP) * 60)))
    assert keep.indices == sorted(keep.indices)
    assert counters.skipped == len(left_out)
    assert counters.sent == 120 - len(left_out)
    times = dict(zip(keep.indices, keep.times, strict=True))
    assert [times[k] - START for k in range(30, 36)] == pytest.approx([0.59] * 6)
    assert times[36] == pytest.approx(START + 0.6)
    assert max(times[k] - START - k / 60 for k in times) <= CATCH_UP + 1e-9
    clip = tiny_face.animate(bursts, fps=60)
    assert np.array_equal(keep.weights, clip.weights[keep.indices])


def test_silence_stands_in_for_audio_that_is_not_there(tiny_face, bursts) -> None:
    audio = (bursts / 32768).astype(np.float32)
    source = Parts([audio[:8000], *[None] * 60, audio[8000:]])
    session, keep = live(tiny_face, source, FakeTime())
    counters = session.run()
    assert counters.underruns == 1
    gap = round(counters.silence * 16000)
    assert gap > 1600
    program = np.concatenate([audio[:8000], np.zeros(gap, np.float32), audio[8000:]])
    clip = tiny_face.animate(program, fps=60)
    assert keep.indices == list(range(len(clip)))
    assert np.array_equal(keep.weights, clip.weights)
    assert counters.held == counters.skipped == 0


def test_a_pipe_that_is_silent_at_first_has_a_living_face(default_face, speech) -> None:
    source = Parts([*[None] * 30, speech[:8000]])
    session, keep = live(default_face, source, FakeTime())
    counters = session.run()
    assert counters.underruns == 0
    assert counters.silence > 0.2
    assert counters.sent == len(keep.frames) > 40


def test_frames_that_are_not_made_in_time_are_held_and_then_eased(default_face, speech) -> None:
    session, keep = live(default_face, Parts([speech]), FakeTime())
    process = session._stream.process
    calls = []

    def stuck() -> int:
        calls.append(None)
        return 0 if 80 < len(calls) < 140 else process()

    session._stream.process = stuck
    counters = session.run()
    held = [frame for frame in keep.frames if frame.held]
    assert counters.held == len(held) > 20
    assert keep.indices == list(range(len(keep.frames)))
    before = keep.frames[held[0].index - 1]
    assert np.abs(held[0].pose.weights - before.pose.weights).max() < 0.05
    assert held[-1].pose.weights[0, LOWER].max() < 0.01
    clip = default_face.animate(speech, fps=60)
    kept = [frame.index for frame in keep.frames if not frame.held]
    assert np.array_equal(keep.weights[kept], clip.weights[kept])


def test_barge_in_forgets_the_rest_and_comes_to_rest(default_face, speech) -> None:
    source = Parts([speech])
    session, keep = live(default_face, source, FakeTime())
    send = keep.send

    def send_and_interrupt(frame: LiveFrame) -> None:
        send(frame)
        if frame.index == 75:
            session.interrupt()

    keep.send = send_and_interrupt
    counters = session.run()
    assert source.dropped
    assert counters.interrupts == 1
    assert keep.indices == list(range(len(keep.frames)))
    assert 75 < len(keep.frames) < 75 + 60 * (default_face.stream().latency + GUARD + MARGIN + 0.1)
    assert counters.held == 0
    mouth = keep.weights[:, LOWER].max(axis=1)
    assert mouth[75] > 0.02
    assert mouth[-1] < 0.01
    clip = default_face.animate(speech, fps=60)
    assert np.array_equal(keep.weights[:76], clip.weights[:76])


def test_barge_in_of_a_microphone_goes_on_listening(tiny_face, bursts) -> None:
    microphone = CrystalMicrophone(1.0, (bursts / 32768).astype(np.float32))
    session, keep = live(
        tiny_face, microphone, FakeTime(meanwhile=microphone.advance), clock=microphone.clock
    )
    microphone.clock.delay = delay_of(session._stream)
    session.run(1)
    session.interrupt()
    session.run(3)
    assert keep.indices == list(range(180))
    assert session.counters.held == 0
    assert np.ptp(keep.weights[120:], axis=0).max() > 0.01


def test_stop_and_rest(tiny_face, bursts) -> None:
    session, keep = live(tiny_face, Parts([bursts / 32768]), FakeTime())
    session.run(0.5)
    session.rest()
    assert keep.indices == list(range(31))
    assert not keep.frames[-1].pose.weights.any()
    assert keep.frames[-1].pose.head_rotation.tolist() == [[0, 0, 0, 1]]
    session.stop()
    session.run()
    assert len(keep.frames) == 31


def test_a_live_source_that_runs_ahead_is_cut(tiny_face, bursts) -> None:
    class Flood(Parts):
        live = True

        def drop(self) -> None: ...

    session, keep = live(tiny_face, Flood([np.tile(bursts / 32768, 5)]), FakeTime())
    counters = session.run()
    assert counters.dropped > 5
    assert len(keep.frames) < 60 * 3


@pytest.mark.parametrize("threaded", [True, False])
def test_an_error_of_a_sender_or_a_source_comes_out(tiny_face, bursts, threaded) -> None:
    class Broken(Parts):
        def read(self, _limit: int) -> np.ndarray:
            raise OSError("the disk is gone")

    session, _ = live(tiny_face, Broken([bursts]), FakeTime(), threaded=threaded)
    with pytest.raises(OSError, match="disk"):
        session.run()

    session, keep = live(tiny_face, Parts([bursts / 32768]), FakeTime(), threaded=threaded)

    def refuse(frame: LiveFrame) -> None:
        raise ValueError(f"cannot send {frame.index}")

    keep.send = refuse
    with pytest.raises(ValueError, match="cannot send 0"):
        session.run()


def test_threads_on_the_systems_clock_lose_nothing(tiny_face, bursts) -> None:
    time = SystemTime()
    source = Parts([bursts / 32768])
    keep = Keep()
    stream = tiny_face.stream(16000, fps=60)
    session = Session(stream, source, [keep], SteadyClock(time.now() + 0.2), time)
    counters = session.run()
    assert counters.sent + counters.skipped == 120
    assert keep.indices == sorted(set(keep.indices))
    made = [frame.index for frame in keep.frames if not frame.held]
    assert np.array_equal(
        np.concatenate([f.pose.weights for f in keep.frames if not f.held]),
        tiny_face.animate(bursts, fps=60).weights[made],
    )


def test_system_time_never_wakes_early() -> None:
    time = SystemTime()
    for wait in (-1.0, 0.0, 0.0003, 0.004):
        due = time.now() + wait
        assert time.sleep_until(due) >= due


def test_a_file_over_and_over(tiny_face) -> None:
    path = Path(__file__).resolve().parents[2] / "examples" / "speech.wav"
    source = FileSource(path, loop=True)
    session, keep = live(tiny_face, source, FakeTime())
    session.run(20)
    assert keep.indices == list(range(1200))
    assert session.counters.silence == 0
    source.close()
