"""Crowds from Python: membership, overload, threads, and what must be refused."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from laws import noise

from talkface import TalkFaceError


def push_all(crowd, seconds: float = 0.2) -> None:
    for stream in crowd.streams:
        assert stream.push(noise(16000)[: int(16000 * seconds)])


def test_streams_join_and_leave(tiny_face) -> None:
    crowd = tiny_face.crowd(2, max_streams=3, seed=7)
    first = crowd.streams[0]
    third = crowd.join(fps=30)
    assert third.fps == 30
    with pytest.raises(TalkFaceError, match="max_streams"):
        crowd.join()
    push_all(crowd)
    crowd.process()
    assert crowd.stats["streams"] == 3
    crowd.leave(first)
    with pytest.raises(ValueError, match="closed"):
        first.push(np.zeros(10, np.float32))
    with pytest.raises(ValueError, match="not of this crowd"):
        crowd.leave(first)
    crowd.process()
    assert crowd.stats["streams"] == 2
    crowd.join()


def test_a_place_is_free_at_once(tiny_face) -> None:
    crowd = tiny_face.crowd(2, max_streams=2)
    crowd.process()
    for _ in range(3):  # before a tick as after one
        crowd.leave(crowd.streams[0])
        crowd.join()
        with pytest.raises(TalkFaceError, match="full"):
            crowd.join()
    push_all(crowd)
    crowd.process()
    assert crowd.stats["streams"] == 2
    assert all(stream.frames_ready for stream in crowd.streams)
    crowd.streams[0].close()
    assert [stream.closed for stream in crowd.streams] == [False]


def test_members_have_seeds_of_their_own(default_face) -> None:
    crowd = default_face.crowd(2, seed=3, store_ms=4000)
    single = default_face.stream(seed=4)
    for stream in (*crowd.streams, single):
        for _ in range(10):
            stream.push(noise(16000)[:3200])
            crowd.process()
            if stream is single:
                single.process()
    clips = [stream.read() for stream in (*crowd.streams, single)]
    assert not np.array_equal(clips[0].head_rotation, clips[1].head_rotation)
    assert np.abs(clips[1].head_rotation - clips[2].head_rotation).max() < 1e-5


def test_a_member_is_processed_by_its_crowd_alone(tiny_face) -> None:
    crowd = tiny_face.crowd(1)
    with pytest.raises(TalkFaceError, match="belongs to a crowd"):
        crowd.streams[0].process()


def test_overload_goes_oldest_first_and_shows_its_backlog(tiny_face) -> None:
    crowd = tiny_face.crowd(4, ring_ms=1000)
    audio = noise(16000)
    for index, stream in enumerate(crowd.streams):
        stream.push(audio[: 4000 + 1600 * index])
    crowd.process(max_steps=1)
    waiting = crowd.stats
    assert waiting["backlog_steps"] > 4
    assert waiting["oldest_ms"] > 300
    made = [stream.stats["steps"] for stream in crowd.streams]
    assert made == [0, 0, 0, 1]
    for _ in range(8):
        crowd.process(max_steps=2)
    made = [stream.stats["steps"] for stream in crowd.streams]
    assert made[3] > made[0], "what has waited longest runs first"
    crowd.process()
    assert crowd.stats["backlog_steps"] == 0
    assert crowd.stats["oldest_ms"] == 0


def test_under_overload_nobody_starves(tiny_face) -> None:
    crowd = tiny_face.crowd(6)
    audio = noise(16000, 4.0)
    for tick in range(60):
        for stream in crowd.streams:
            stream.push(audio[tick * 640 : (tick + 1) * 640])
        crowd.process(max_steps=4)
    steps = [stream.stats["steps"] for stream in crowd.streams]
    assert max(steps) - min(steps) <= 2


def test_nobody_starves_when_rings_are_full(tiny_face) -> None:
    crowd = tiny_face.crowd(6)
    crowd.join(sample_rate=48000)
    crowd.join(ring_ms=1000)
    for _ in range(200):
        for stream in crowd.streams:
            stream.push(noise(16000)[: 960 if stream is crowd.streams[6] else 320])
        crowd.process(max_steps=3)
        for stream in crowd.streams:
            stream.read()
    assert all(stream.stats["refused_samples"] for stream in crowd.streams[:7])
    steps = [stream.stats["steps"] for stream in crowd.streams]
    assert max(steps) - min(steps) <= 2, steps


def test_a_full_store_holds_up_nobody_else(tiny_face) -> None:
    crowd = tiny_face.crowd(2, ring_ms=1000)
    idle, reader = crowd.streams
    frames = 0
    for _ in range(60):
        for stream in crowd.streams:
            stream.push(noise(16000)[:640])
        crowd.process()
        frames += len(reader.read().weights)
    assert crowd.stats["full"] == 1
    assert frames > 200
    assert idle.frames_ready < 60


def test_the_crowds_own_thread(tiny_face) -> None:
    with tiny_face.crowd(3, sampling=True, threads=2) as crowd:
        crowd.start(5)
        with pytest.raises(TalkFaceError, match="already"):
            crowd.start(5)
        push_all(crowd)
        until = time.monotonic() + 20
        while crowd.stats["frames"] < 15 and time.monotonic() < until:
            time.sleep(0.01)
    assert crowd.stats["frames"] >= 15
    assert not crowd.streams[0].sample().empty
    crowd.stop()
    crowd.start()
    crowd.stop()


def test_joining_and_leaving_while_the_thread_runs(tiny_face) -> None:
    crowd = tiny_face.crowd(max_streams=64)
    crowd.start(1)
    errors = []

    def churn(seed: int) -> None:
        try:
            for turn in range(25):
                stream = crowd.join(seed=seed + turn)
                stream.push(noise(16000)[:2000])
                stream.sample()
                crowd.leave(stream)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=churn, args=(100 * i,)) for i in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    crowd.stop()
    crowd.process()
    assert not errors
    assert crowd.stats["streams"] == 0


def test_bad_options_are_refused(tiny_face) -> None:
    for bad in ({"count": 5, "max_streams": 4}, {"count": -1}, {"max_batch": 0}, {"threads": 65}):
        with pytest.raises(ValueError, match=r"must|max_"):
            tiny_face.crowd(**bad)
    with pytest.raises(ValueError, match="Hz"):
        tiny_face.crowd(1, 100)
    crowd = tiny_face.crowd(1)
    with pytest.raises(ValueError, match="max_steps"):
        crowd.process(-1)
    with pytest.raises(ValueError, match="period_ms"):
        crowd.start(0)
    with pytest.raises(TypeError, match="unexpected"):
        crowd.join(colour="red")
    for rate in (30, 0, -50, float("nan"), 1e-300):
        with pytest.raises(ValueError, match="poses_per_second"):
            crowd.streams[0].set_rate(rate)
    with pytest.raises(ValueError, match="sleep_ms"):
        tiny_face.stream(sleep_ms=100)
