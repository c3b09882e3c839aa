"""Streams: the clock, reading, sampling, overrun, underrun, knobs, threads."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from streaming import STILL, feed

from talkface import TalkFace


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
    from talkface.bench import resident

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
    before = resident()
    minutes(55)
    grown = resident() - before
    assert grown < 2 * 2**20
    assert stream.next_sample == 3600 * 48000
    assert frames == pytest.approx(3600 * 60, abs=60)
    last = stream.sample()
    assert np.isfinite(last.weights).all()
