"""Streams: flush, interrupt, reset, save and load, also while a worker is in process."""

from __future__ import annotations

import hashlib
import struct
import threading

import numpy as np
import pytest
from streaming import STILL, feed

from talkface import TalkFace, TalkFaceError
from talkface.rig import CHANNELS

LOWER = [i for i, name in enumerate(CHANNELS) if name.startswith(("jaw", "mouth"))]


def test_flush_ends_an_utterance_and_the_next_goes_on(face: TalkFace, speech) -> None:
    """Two utterances on one clock: no frame is lost or doubled, each hears only its own audio."""
    first, second = speech[:10007], speech[20000:35000]
    stream = face.stream()
    parts = []
    for audio in (first, second):
        parts += feed(stream, audio, 700)
        stream.flush()
        stream.process()
        parts.append(stream.read())
    times = np.concatenate([part.timestamps for part in parts])
    total = len(first) + len(second)
    rate = float(stream.fps)
    assert np.allclose(times, np.arange(len(times)) / rate)
    assert len(times) == int(np.ceil(total * rate / 16000))
    weights = np.concatenate([part.weights for part in parts])
    alone = face.animate(first).weights
    assert np.array_equal(weights[: len(alone)], alone)


CUT = 20800  # samples of the example that end in a vowel


@pytest.mark.parametrize("fps", [30, 50, 60])
def test_a_line_cut_in_a_vowel_ends_with_a_closed_mouth(
    low_latency_face: TalkFace, default_face: TalkFace, speech, fps: int
) -> None:
    """Where the frames at its end were made too soon, the line goes on for 60 ms."""
    clip = low_latency_face.animate(speech[:CUT], fps=fps, emotion={"happy": 0.0, "neutral": 1.0})
    end = int(np.ceil(CUT / 16000 * fps))
    mouth = clip.weights[:, LOWER].max(axis=1)
    assert mouth[end - 1] > 0.15
    assert mouth[-1] < (0.02 if fps == 50 else 0.1)
    assert np.all(np.diff(mouth[end - 1 :]) <= 0)
    assert 0.04 <= clip.seconds - CUT / 16000 + 1 / fps <= 0.09
    inside = default_face.animate(speech[:CUT], fps=fps, emotion={"happy": 0.0, "neutral": 1.0})
    assert len(inside) == end
    assert inside.weights[-1, LOWER].max() < 0.15


def test_a_line_that_ends_in_silence_ends_with_its_sound(low_latency_face, speech) -> None:
    assert len(low_latency_face.animate(speech, fps=50)) == np.ceil(len(speech) / 320)
    still = low_latency_face.animate(speech[:CUT], fps=50, knobs={"silence_rest": 0})
    assert len(still) == CUT / 320
    raw = low_latency_face.animate(speech[:CUT], fps=50, raw=True)
    assert len(raw) == CUT / 320


@pytest.mark.parametrize("rate", [16000, 48000])
def test_a_late_closing_does_not_depend_on_chunks(low_latency_face, speech, rate: int) -> None:
    """Nor on whether somebody read it before the next line, which begins behind it."""
    audio = np.repeat(speech[: 2 * CUT], rate // 16000)
    cut = CUT * rate // 16000
    results = []
    for chunk, eager in ((rate, True), (317, True), (1601, False)):
        stream = low_latency_face.stream(rate, ring_ms=4000)
        parts = []
        for line in (audio[:cut], audio[cut : 2 * cut]):
            for at in range(0, len(line), chunk):
                stream.push(line[at : at + chunk])
                if eager:
                    stream.process()
            stream.flush()
            if eager:
                stream.process()
                stream.load(stream.save())
                parts.append(stream.read().weights)
        stream.process()
        results.append(np.concatenate([*parts, stream.read().weights]))
    assert len(results[0]) == 2 * CUT // 320 + 3
    assert all(np.array_equal(results[0], other) for other in results[1:])


@pytest.mark.parametrize("seen", [60, 68])
def test_an_interrupt_in_a_late_closing_keeps_the_clock(low_latency_face, speech, seen) -> None:
    """Whether or not somebody read it, frames go on one by one."""
    stream = low_latency_face.stream(fps=50, ring_ms=2000)
    stream.push(speech[:CUT])
    stream.flush()
    stream.process()
    parts = [stream.read(seen)]
    assert len(parts[0]) == seen
    stream.interrupt()
    parts += feed(stream, speech[CUT:40000])
    stream.flush()
    stream.process()
    parts.append(stream.read())
    times = np.concatenate([part.timestamps for part in parts])
    assert np.allclose(times, np.arange(len(times)) / 50)
    assert len(times) >= 40000 / 320


def test_flushing_nothing_makes_nothing(face: TalkFace) -> None:
    stream = face.stream()
    stream.flush()
    stream.flush()
    assert stream.process() == 0
    assert stream.frames_ready == 0


def test_flushes_can_wait_for_process(face: TalkFace, speech) -> None:
    eager = face.stream()
    lazy = face.stream(ring_ms=3000)
    parts = []
    for start in range(0, 24000, 6000):
        chunk = speech[start : start + 6000]
        parts += feed(eager, chunk)
        eager.flush()
        eager.process()
        parts.append(eager.read())
        lazy.push(chunk)
        lazy.flush()
    lazy.process()
    assert np.array_equal(np.concatenate([p.weights for p in parts]), lazy.read().weights)


def test_too_many_waiting_flushes_are_refused(face: TalkFace) -> None:
    stream = face.stream()
    for _ in range(16):
        stream.push(np.zeros(10, np.float32))
        stream.flush()
    with pytest.raises(BufferError, match="process"):
        stream.flush()
    stream.process()
    stream.flush()


def test_interrupt_eases_to_neutral_and_leaves_no_stale_frame(
    default_face: TalkFace, speech
) -> None:
    stream = default_face.stream(knobs=STILL, emotion="neutral")
    stream.push(speech[:16000])
    stream.process()
    playhead = 0.5
    before = stream.sample(playhead)
    assert before.weights[LOWER].sum() > 0.05
    stream.interrupt(ease_ms=120)
    stream.process()
    early = stream.sample(playhead + 0.04)
    assert 0 < early.weights[LOWER].sum() < before.weights[LOWER].sum() * 1.05
    for later in (0.14, 0.2, 0.4, 0.6):
        assert stream.sample(playhead + later).weights[LOWER].max() < 1e-6
    assert stream.next_sample == 16000


def test_speech_after_an_interrupt_keeps_the_clock(default_face: TalkFace, speech) -> None:
    stream = default_face.stream(knobs=STILL)
    stream.push(speech[:12000])
    stream.process()
    stream.sample(0.3)
    stream.interrupt(80)
    stream.process()
    stream.push(speech[:16000])
    stream.flush()
    stream.process()
    alone = default_face.animate(speech[:16000], knobs=STILL, fps=50)
    peak = int(alone.channel("jawOpen").argmax())
    now = stream.sample(12000 / 16000 + peak / 50)
    jaw = CHANNELS.index("jawOpen")
    assert now.weights[jaw] == pytest.approx(alone.channel("jawOpen")[peak], abs=0.08)


def test_interrupt_before_anything_is_harmless(face: TalkFace, speech) -> None:
    stream = face.stream()
    stream.interrupt(0)
    stream.process()
    stream.push(speech[:8000])
    stream.flush()
    stream.process()
    assert np.array_equal(stream.read().weights, face.animate(speech[:8000]).weights)


def test_reset_empties_at_once(face: TalkFace, speech) -> None:
    stream = face.stream()
    stream.push(speech[:16000])
    stream.process()
    assert stream.frames_ready > 0
    stream.reset()
    assert stream.frames_ready == 0
    assert len(stream.read()) == 0
    assert stream.sample(0.2).empty
    assert stream.next_sample == 0
    stream.push(speech[:8000])  # after the request, before it is carried out: counts as new
    stream.flush()
    stream.process()
    assert np.array_equal(stream.read().weights, face.animate(speech[:8000]).weights)
    assert stream.stats["taken_samples"] == 8000


def in_flight(stream, action) -> None:
    """Run ``action`` while another thread is inside process."""
    worker = threading.Thread(target=stream.process)
    worker.start()
    while worker.is_alive() and stream.stats["steps"] == 0:
        pass
    assert worker.is_alive(), "process was too quick for this test"
    action()
    worker.join()


def test_reset_while_process_runs_keeps_what_is_pushed_after_it(default_face, speech) -> None:
    stream = default_face.stream(ring_ms=30000)
    stream.push(np.tile(speech, 3))

    def renew() -> None:
        stream.reset()
        assert stream.push(speech[:8000]) == 8000

    in_flight(stream, renew)
    stream.flush()
    stream.process()
    assert np.array_equal(stream.read().weights, default_face.animate(speech[:8000]).weights)


def test_a_reply_pushed_while_process_runs_survives_the_interrupt(default_face, speech) -> None:
    stream = default_face.stream(ring_ms=30000, store_ms=30000, knobs=STILL)
    stream.push(np.tile(speech, 3))
    start = stream.next_sample

    def barge_in() -> None:
        stream.interrupt(60)
        stream.push(speech[:32000])

    in_flight(stream, barge_in)
    stream.flush()
    while stream.process() or stream.full:
        stream.read()
    alone = default_face.animate(speech[:32000], knobs=STILL, fps=50).channel("jawOpen")
    jaw = CHANNELS.index("jawOpen")
    peak = int(alone.argmax())
    pose = stream.sample(start / 16000 + peak / 50)
    assert pose.weights[jaw] == pytest.approx(alone[peak], abs=0.1)


def test_a_second_worker_is_told_that_the_stream_is_busy(default_face, speech) -> None:
    stream = default_face.stream(ring_ms=60000)
    stream.push(np.tile(speech, 8))

    def intrude() -> None:
        for call in (stream.process, stream.save, lambda: stream.load(b"")):
            with pytest.raises(TalkFaceError, match="another thread"):
                call()

    in_flight(stream, intrude)
    stream.read()
    assert stream.process() >= 0


def test_interrupt_then_reset_is_just_created(face: TalkFace, speech) -> None:
    stream = face.stream()
    stream.push(speech[:8000])
    stream.process()
    stream.interrupt(1000)
    stream.reset()
    assert stream.process() == 0
    stream.push(speech[:8000])
    stream.flush()
    stream.process()
    assert np.array_equal(stream.read().weights, face.animate(speech[:8000]).weights)


def test_a_prompt_reader_gets_the_reply_from_its_start(default_face: TalkFace, speech) -> None:
    stream = default_face.stream(knobs=STILL)
    stream.push(speech[:16000])
    stream.process()
    stream.read()
    stream.interrupt(1000)
    stream.process()
    gap = stream.read()
    assert len(gap) > 0
    assert gap.timestamps[-1] < 1.0
    stream.push(speech[:16000])
    stream.flush()
    stream.process()
    reply = stream.read()
    assert reply.timestamps[0] == pytest.approx(1.0)
    assert len(reply) == 50


def test_a_long_easing_neither_blocks_speech_nor_gets_lost(face: TalkFace, speech) -> None:
    for sampling in (False, True):
        stream = face.stream(store_ms=500, sampling=sampling)
        stream.push(speech[:4000])
        stream.process()
        stream.sample(0.1)
        stream.read(2)
        stream.interrupt(3000)
        stream.process()
        assert not stream.sample(0.15).early
        stream.push(speech[4000:8000])
        for _ in range(30):
            stream.process()
            ready = stream.frames_ready
            assert (len(stream.read()) > 0) == (ready > 0)
        assert stream.stats["taken_samples"] == 8000
        newest = stream.sample()
        assert newest.flags == 0


def test_interrupt_after_an_underrun_does_not_open_the_mouth_again(default_face, speech) -> None:
    stream = default_face.stream(knobs=STILL, emotion="neutral")
    stream.push(speech[8000:16000])
    stream.process()
    end = (stream.frames_ready - 1) / 50
    gone = stream.sample(end + 0.4)
    assert gone.weights.max() == 0
    stream.interrupt(2000)
    stream.process()
    for later in (0.0, 0.1, 0.5):
        assert stream.sample(end + 0.4 + later).weights.max() < 1e-6


def test_save_and_load_in_the_middle_of_an_easing(default_face: TalkFace, speech) -> None:
    def play(stream, parts):
        frames = []
        for part in parts:
            stream.push(part)
            stream.process()
            frames.append(stream.read().weights)
        return np.concatenate(frames)

    stream = default_face.stream(seed=5)
    play(stream, [speech[:9000]])
    stream.interrupt(400)
    play(stream, [speech[9000:11000]])
    blob = stream.save()
    rest = [speech[11000:14000], speech[14000:20000]]
    first = play(stream, rest)
    stream.load(blob)
    assert np.array_equal(first, play(stream, rest))


def test_a_foreign_or_damaged_state_changes_nothing(face: TalkFace, speech) -> None:
    stream = face.stream(seed=1)
    stream.push(speech[:8000])
    stream.process()
    blob = stream.save()
    foreign = face.stream(seed=2)
    damaged = bytearray(blob)
    damaged[len(blob) // 2] ^= 1
    for bad, words in (
        (blob[:-1], "not a state"),
        (b"", "not a state"),
        (bytes(len(blob)), "not a state"),
        (foreign.save(), "another bundle or other stream options"),
        (bytes(damaged), "checksum"),
    ):
        with pytest.raises(TalkFaceError, match=words):
            stream.load(bad)
    assert stream.save() == blob


@pytest.mark.parametrize("rate", [16000, 48000, 22050])
def test_a_state_whose_resampler_ran_ahead_is_refused(tiny_face: TalkFace, rate: int) -> None:
    """It would never finish its utterance."""
    stream = tiny_face.stream(rate)
    stream.push(np.full(rate // 16, 0.1, np.float32))
    stream.process()
    blob = bytearray(stream.save())
    # Inputs taken and outputs made lie side by side, behind the ring's counters.
    pairs = ((i, *struct.unpack_from("<qq", blob, i)) for i in range(len(blob) - 16))
    at = [i for i, taken, made in pairs if taken == rate // 16 and 900 < made <= 1000][-1]
    struct.pack_into("<q", blob, at, rate // 16 + 90)
    digest = 8 + 64
    body = blob[digest + 64 :]
    blob[digest : digest + 64] = hashlib.sha256(body).hexdigest().encode()
    with pytest.raises(TalkFaceError, match="consistent"):
        stream.load(bytes(blob))
