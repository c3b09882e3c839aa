"""Fewer poses by distance, and streams that rest in silence."""

from __future__ import annotations

import numpy as np
import pytest
from laws import assert_equal, join, noise, run_stream
from streaming import STILL

HALF_SECOND = 8000


def played(stream, audio, rates=()):
    """Frames of audio in chunks of 20 ms; ``rates``: by chunk."""
    changes = dict(rates)
    parts = []
    for index, start in enumerate(range(0, len(audio), 320)):
        if index in changes:
            stream.set_rate(changes[index])
        stream.push(audio[start : start + 320])
        stream.process()
        parts.append(stream.read())
    stream.flush()
    stream.process()
    return join([*parts, stream.read()])


@pytest.mark.parametrize(("rate", "stride"), [(25, 2), (12.5, 4)])
def test_fewer_poses_are_interpolated_between(default_face, speech, rate, stride) -> None:
    audio = speech[: 4 * HALF_SECOND]
    full = played(default_face.stream(), audio)
    fewer = played(default_face.stream(), audio, [(0, rate)])
    assert len(fewer.weights) == len(full.weights)
    kept = fewer.weights[::stride]
    between = (kept[:-1] + kept[1:]) / 2
    middle = fewer.weights[stride // 2 :: stride][: len(between)]
    assert np.abs(middle - between).max() < 1e-5
    jaw = full.channels.index("jawOpen")
    assert np.corrcoef(full.weights[:, jaw], fewer.weights[:, jaw])[0, 1] > 0.85


def test_a_change_of_rate_makes_no_jump(default_face, speech) -> None:
    audio = speech[: 5 * HALF_SECOND]
    changes = [(20, 25), (41, 12.5), (63, 50), (80, 12.5), (99, 50)]
    full = played(default_face.stream(), audio)
    mixed = played(default_face.stream(), audio, changes)
    assert len(mixed.weights) == len(full.weights)
    largest = np.abs(np.diff(full.weights, axis=0)).max(axis=0)
    assert (np.abs(np.diff(mixed.weights, axis=0)).max(axis=0) <= largest + 0.05).all()


def test_a_rate_is_kept_by_reset_and_saved(tiny_face) -> None:
    audio = noise(16000)
    stream = tiny_face.stream()
    first = played(stream, audio, [(0, float(tiny_face.frame_rate / 4))])
    stream.reset()
    assert_equal(played(stream, audio), first)
    other = tiny_face.stream()
    other.load(stream.save())
    other.reset()
    assert_equal(played(other, audio), first)


def spoken_and_silent() -> np.ndarray:
    silence = np.zeros(3 * 16000, np.float32)
    speech = noise(16000, 1.0)
    return np.concatenate([speech, silence, speech, silence, speech])


def test_a_stream_rests_in_silence_and_wakes(tiny_face) -> None:
    stream = tiny_face.stream(sleep_ms=500, knobs=STILL)
    audio = spoken_and_silent()
    asleep, steps, parts = [], [], []
    for start in range(0, len(audio), 320):
        stream.push(audio[start : start + 320])
        stream.process()
        parts.append(stream.read())
        asleep.append(stream.asleep)
        steps.append(stream.stats["steps"])
    clip = join(parts)
    chunk = 320 / 16000
    assert not any(asleep[: round(1.4 / chunk)])
    assert all(asleep[round(1.7 / chunk) : round(3.9 / chunk)])
    assert not asleep[round(4.2 / chunk)]
    rested = slice(round(1.8 / chunk), round(3.9 / chunk))
    assert steps[rested.start] == steps[rested.stop], "the graph does not run"
    # Frames keep coming, on time.
    assert np.array_equal(clip.timestamps, np.arange(len(clip.timestamps)) / 100)
    assert len(clip.timestamps) >= 100 * len(audio) / 16000 - 12


def test_sleep_loses_nothing_of_what_is_said(default_face, speech) -> None:
    silence = np.zeros(2 * 16000, np.float32)
    line = speech[:16000]
    audio = np.concatenate([silence, line, silence])
    awake = played(default_face.stream(knobs=STILL), audio)
    slept = played(default_face.stream(sleep_ms=500, knobs=STILL), audio)
    assert slept.timestamps.shape == awake.timestamps.shape
    during = slice(100, 150)
    jaw = awake.channels.index("jawOpen")
    a, b = awake.weights[during, jaw], slept.weights[during, jaw]
    assert a.max() > 0.2
    assert np.corrcoef(a, b)[0, 1] > 0.9
    assert np.abs(np.diff(slept.weights, axis=0)).max() < 0.5


@pytest.mark.parametrize("rate", [16000, 44100])
def test_sleep_does_not_hang_on_chunks(tiny_face, rate) -> None:
    parts = [noise(rate, 0.7), np.zeros(rate), noise(rate, 0.5), np.zeros(rate * 2), noise(rate, 1)]
    audio = np.concatenate(parts).astype(np.float32)
    clips = [
        run_stream(tiny_face.stream(rate, sleep_ms=300, ring_ms=3000), audio, sizes)
        for sizes in ([10**6], [rate // 50], [977, 13, 2000])
    ]
    assert_equal(clips[0], clips[1])
    assert_equal(clips[0], clips[2])


def test_a_sleeper_is_saved_flushed_interrupted_and_reset(tiny_face) -> None:
    audio = np.concatenate([noise(16000, 0.5), np.zeros(16000, np.float32)])
    stream = tiny_face.stream(sleep_ms=300, store_ms=8000)
    played(stream, audio)
    stream.push(np.zeros(16000, np.float32))
    stream.process()
    stream.push(np.zeros(4000, np.float32))
    stream.process()
    assert stream.asleep or stream.stats["steps"] > 0
    blob = stream.save()
    twin = tiny_face.stream(sleep_ms=300, store_ms=8000)
    twin.load(blob)
    assert twin.asleep == stream.asleep
    for one in (stream, twin):
        one.interrupt(50)
        one.process()
        one.push(noise(16000, 0.6))
        one.flush()
        one.process()
    assert_equal(stream.read(), twin.read())
    stream.reset()
    stream.process()
    assert not stream.asleep
    assert stream.stats["frames"] == 0
