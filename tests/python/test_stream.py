"""Streams: the clock, flush, interrupt, reset, underrun, overrun, save and load."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from talkface import TalkFace, TalkFaceError
from talkface.rig import CHANNELS

STILL = {"blink_strength": 0, "gaze_strength": 0, "head_strength": 0}
LOWER = [i for i, name in enumerate(CHANNELS) if name.startswith(("jaw", "mouth"))]


def feed(stream, audio, chunk: int = 1600):
    """Push everything, processing as needed; returns the frames as one list of clips."""
    parts = []
    at = 0
    while at < len(audio):
        at += stream.push(audio[at : at + chunk])
        stream.process()
        parts.append(stream.read())
    return parts


def test_latency_is_resampler_look_ahead_and_hop(face: TalkFace) -> None:
    info = face.info
    base = (info["look_ahead"] + info["hop"]) / 16000
    assert face.stream(16000).latency == pytest.approx(base)
    assert face.stream(48000).latency == pytest.approx(base + 32 / 16000, abs=2e-4)
    assert face.stream(8000).latency == pytest.approx(base + 64 / 16000, abs=2e-4)


def test_the_default_bundle_keeps_its_latency_budget(default_face: TalkFace) -> None:
    assert default_face.info["look_ahead"] <= 1600
    assert default_face.info["hop"] <= 640
    for rate in (8000, 16000, 44100, 48000, 192000):
        assert default_face.stream(rate).latency <= 0.150


@pytest.mark.parametrize("rate", [16000, 48000, 44100, 8000])
def test_samples_needed_is_exact(face: TalkFace, rate: int) -> None:
    stream = face.stream(rate)
    for _ in range(20):
        needed = stream.samples_needed
        assert needed > 0
        if needed > 1:
            stream.push(np.zeros(needed - 1, np.float32))
            assert stream.process() == 0
        assert stream.samples_needed == 1
        stream.push(np.zeros(1, np.float32))
        assert stream.samples_needed == 0
        assert stream.process() > 0
        stream.read()


@pytest.mark.parametrize("rate", [8000, 16000, 44100, 48000])
def test_no_frame_comes_later_than_the_latency(face: TalkFace, rate: int) -> None:
    """A frame at t is there once audio up to t + latency has been pushed."""
    stream = face.stream(rate)
    step = rate // 200
    ready = 0
    for index in range(200):
        stream.push(np.zeros(step, np.float32))
        stream.process()
        ready += len(stream.read())
        heard = (index + 1) * step / rate
        due = int(np.floor((heard - stream.latency) * float(stream.fps) + 1e-9)) + 1
        assert ready >= due


def test_next_sample_counts_what_was_taken(face: TalkFace) -> None:
    stream = face.stream(48000, 2)
    assert stream.next_sample == 0
    stream.push(np.zeros((960, 2), np.float32))
    assert stream.next_sample == 960
    stream.process()
    stream.flush()
    stream.process()
    assert stream.next_sample == 960


def test_a_full_ring_refuses_and_counts(face: TalkFace) -> None:
    stream = face.stream(ring_ms=100)
    assert stream.push(np.zeros(4000, np.float32)) == 1601
    assert stream.push(np.zeros(10, np.float32)) == 0
    assert stream.stats["refused_samples"] == 4000 - 1601 + 10
    stream.process()
    assert stream.push(np.zeros(1600, np.float32)) == 1600


def test_unread_frames_stop_process_and_lose_nothing(face: TalkFace, speech) -> None:
    audio = speech[:80000]
    expected = face.animate(audio).weights
    stream = face.stream(store_ms=500, ring_ms=10000)
    stream.push(audio)
    stream.flush()
    stream.process()
    assert stream.full
    parts = [stream.read().weights]
    while stream.full:
        stream.process()
        parts.append(stream.read().weights)
    assert np.array_equal(np.concatenate(parts), expected)


def test_a_sampling_stream_never_fills(face: TalkFace, speech) -> None:
    stream = face.stream(store_ms=500, sampling=True)
    for start in range(0, 80000, 1600):
        stream.push(speech[start : start + 1600])
        stream.process()
        assert not stream.full
    late = stream.sample(0.0)
    assert late.early
    newest = stream.sample()
    assert newest.flags == 0


def test_read_goes_on_after_a_gap(face: TalkFace, speech) -> None:
    """A sampling stream that is read late gives the oldest frames that are still stored."""
    stream = face.stream(store_ms=500, sampling=True)
    for start in range(0, 48000, 1600):
        stream.push(speech[start : start + 1600])
        stream.process()
    clip = stream.read()
    assert 0 < len(clip) <= 0.6 * float(stream.fps)
    assert clip.timestamps[0] > 1.5


def test_sample_interpolates_the_frames_of_read(face: TalkFace, speech) -> None:
    audio = speech[:32000]
    clip = face.animate(audio)
    stream = face.stream()
    stream.push(audio[:16000])
    stream.process()
    rate = float(stream.fps)
    for index in (0, 3, 17):
        exact = stream.sample(index / rate)
        assert np.allclose(exact.weights, clip.weights[index], atol=1e-6)
        between = stream.sample((index + 0.5) / rate)
        middle = (clip.weights[index] + clip.weights[index + 1]) / 2
        assert np.allclose(between.weights, middle, atol=1e-5)
        assert np.linalg.norm(between.head_rotation) == pytest.approx(1, abs=1e-6)


def test_underrun_holds_then_eases_to_neutral(tiny_face: TalkFace, speech) -> None:
    stream = tiny_face.stream(knobs=STILL)
    stream.push(speech[:16000])
    stream.process()
    newest = stream.sample()
    end = (stream.frames_ready - 1) / float(stream.fps)
    held = stream.sample(end + 0.09)
    assert held.held
    assert np.array_equal(held.weights, newest.weights)
    easing = stream.sample(end + 0.2)
    assert easing.easing
    assert 0 < easing.weights.sum() < newest.weights.sum()
    gone = stream.sample(end + 0.31)
    assert np.abs(gone.weights).max() == 0
    assert np.array_equal(gone.head_rotation, np.float32([0, 0, 0, 1]))


def test_sampling_before_any_frame_is_neutral(face: TalkFace) -> None:
    pose = face.stream().sample(1.0)
    assert pose.empty
    assert np.abs(pose.weights).max() == 0
    assert np.array_equal(pose.head_rotation, np.float32([0, 0, 0, 1]))


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
    stream = default_face.stream(knobs=STILL)
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
    time.sleep(0.01)
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
    stream = default_face.stream(ring_ms=30000)
    stream.push(np.tile(speech, 3))

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
    stream = default_face.stream(knobs=STILL)
    stream.push(speech[8000:16000])
    stream.process()
    end = (stream.frames_ready - 1) / 50
    gone = stream.sample(end + 0.4)
    assert gone.weights.max() == 0
    stream.interrupt(2000)
    stream.process()
    for later in (0.0, 0.1, 0.5):
        assert stream.sample(end + 0.4 + later).weights.max() < 1e-6


def test_samples_needed_is_zero_when_there_is_work(face: TalkFace, speech) -> None:
    stream = face.stream()
    fresh = stream.samples_needed
    stream.push(speech[:3000])
    stream.process()
    assert stream.samples_needed > 0
    stream.flush()
    assert stream.samples_needed == 0
    stream.process()
    assert stream.samples_needed > 0
    stream.interrupt(5000)
    assert stream.samples_needed == 0
    stream.process()
    assert 0 < stream.samples_needed <= fresh + face.info["hop"]
    stream.reset()
    assert stream.samples_needed == 0
    blob = stream.save()  # carries out the reset
    assert stream.samples_needed == fresh
    stream.load(blob)
    assert stream.samples_needed == fresh


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


def test_stats_count(face: TalkFace) -> None:
    stream = face.stream()
    audio = np.zeros(3200, np.float32)
    audio[:5] = np.nan
    stream.push(audio)
    made = stream.process()
    stats = stream.stats
    assert stats["taken_samples"] == 3200
    assert stats["nonfinite_samples"] == 5
    assert stats["frames"] == made
    assert stats["steps"] > 0
    assert stats["model_resets"] == 0


def test_knobs_change_live(default_face: TalkFace, speech) -> None:
    stream = default_face.stream()
    assert stream.knob("lower_strength") == 1
    feed(stream, speech[:16000])
    stream.set_knob("lower_strength", 0)
    parts = feed(stream, speech[16000:32000])
    jaw = parts[-1].channel("jawOpen")
    assert jaw.max() < 1e-3
    with pytest.raises(ValueError, match="no knob"):
        stream.set_knob("nope", 1)
    with pytest.raises(ValueError, match="out of range"):
        stream.set_knob("lower_strength", -1)


def test_push_refuses_wrong_shapes(face: TalkFace) -> None:
    stream = face.stream(channels=2)
    with pytest.raises(ValueError, match="2 channels"):
        stream.push(np.zeros((10, 3), np.float32))
    with pytest.raises(ValueError, match="divide"):
        stream.push(np.zeros(11, np.float32))
    assert stream.push(np.zeros(10, np.int16)) == 5
    assert stream.push(np.zeros(0, np.float32)) == 0


@pytest.mark.parametrize(
    "options",
    [
        {"sample_rate": 7000},
        {"channels": 0},
        {"channels": 9},
        {"ring_ms": 1},
        {"store_ms": 100},
        {"store_ms": 10**6},
        {"fps": 2000},
    ],
)
def test_bad_stream_options_are_refused(face: TalkFace, options) -> None:
    with pytest.raises(ValueError, match="must be"):
        face.stream(**options)


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


def test_threads_push_process_and_sample_together(face: TalkFace, speech) -> None:
    """Audio, worker and game threads at once; the frames equal the offline clip."""
    audio = np.tile(speech[:32000], 3)
    expected = face.animate(audio)
    stream = face.stream(ring_ms=200)
    done = threading.Event()
    parts = []

    def pusher() -> None:
        at = 0
        while at < len(audio):
            at += stream.push(audio[at : at + 333])
        done.set()

    def sampler() -> None:
        while not done.is_set():
            assert np.isfinite(stream.sample().weights).all()
            stream.samples_needed  # noqa: B018

    threads = [threading.Thread(target=pusher), threading.Thread(target=sampler)]
    for thread in threads:
        thread.start()
    while not done.is_set():
        stream.process()
        parts.append(stream.read())
    for thread in threads:
        thread.join()
    stream.flush()
    stream.process()
    parts.append(stream.read())
    assert np.array_equal(np.concatenate([p.weights for p in parts]), expected.weights)


def test_the_gil_is_free_while_processing(default_face: TalkFace) -> None:
    audio = np.random.default_rng(0).normal(0, 0.05, 16000 * 60).astype(np.float32)
    worker = threading.Thread(target=lambda: default_face.animate(audio))
    turns = 0
    worker.start()
    while worker.is_alive():
        turns += 1
    assert turns > 10_000


def test_an_hour_of_audio_keeps_memory_flat(tiny_face: TalkFace) -> None:
    from talkface.bench import _resident

    stream = tiny_face.stream(48000, fps=60)
    chunk = (np.random.default_rng(0).normal(0, 0.05, 24000)).astype(np.float32)
    frames = 0

    def minutes(count: int) -> None:
        nonlocal frames
        for _ in range(count * 120):
            stream.push(chunk)
            stream.process()
            frames += len(stream.read())

    minutes(5)
    before = _resident()
    minutes(55)
    grown = _resident() - before
    assert grown < 2 * 2**20
    assert stream.next_sample == 3600 * 48000
    assert frames == pytest.approx(3600 * 60, abs=60)
    last = stream.sample()
    assert np.isfinite(last.weights).all()
