"""Law (e): a crowd's stream equals the same stream alone, whatever the others do."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from laws import FIELDS, assert_equal, join, noise, run_stream

from talkface import Clip, Crowd, Stream, TalkFace

TOLERANCE = 1e-5
RATES = (16000, 44100, 48000)
BUFFERS = {"ring_ms": 400, "store_ms": 1000, "timed_capacity": 64}


def assert_near(a: Clip, b: Clip) -> None:
    for name in FIELDS:
        x, y = getattr(a, name), getattr(b, name)
        assert x.shape == y.shape, name
        assert np.abs(x - y).max(initial=0.0) <= TOLERANCE, name


@dataclass
class Pair:
    """A member and its twin that streams alone."""

    member: Stream
    alone: Stream
    rate: int
    at: int = 0
    frames: list[list[Clip]] = field(default_factory=lambda: [[], []])

    @property
    def both(self) -> tuple[Stream, Stream]:
        return self.member, self.alone

    def push(self, seconds: float) -> None:
        audio = noise(self.rate, 3.0)
        count = round(seconds * self.rate)
        chunk = np.roll(audio, -self.at)[:count]
        taken = {stream.push(chunk) for stream in self.both}
        assert len(taken) == 1
        self.at += taken.pop()

    def collect(self) -> None:
        self.alone.process()
        for stream, parts in zip(self.both, self.frames, strict=True):
            parts.append(stream.read())
        assert_near(self.frames[0][-1], self.frames[1][-1])
        poses = [stream.sample(self.at / self.rate - 0.15) for stream in self.both]
        assert np.abs(poses[0].weights - poses[1].weights).max() <= TOLERANCE
        assert poses[0].flags == poses[1].flags


def joined(face: TalkFace, crowd: Crowd, seed: int, **options) -> Pair:
    rate = RATES[seed % len(RATES)]
    how = {"sample_rate": rate, "seed": seed, **BUFFERS, **options}
    return Pair(crowd.join(**how), face.stream(**how), rate)


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["push"] * 8 + ["tick"] * 6 + ["join", "leave", "reset", "flush"]
                        + ["interrupt", "knob", "emotion", "rate", "save"]),
        st.integers(0, 1000),
    ),
    min_size=20, max_size=60,
)  # fmt: skip


def act(what: str, number: int, face: TalkFace, crowd: Crowd, pairs: list[Pair]) -> None:
    if what == "join" or not pairs:
        if len(pairs) < 12:
            pairs.append(joined(face, crowd, number, sleep_ms=300 if number % 4 == 0 else 0))
        return
    pair = pairs[number % len(pairs)]
    if what == "push":
        for offset, other in enumerate(pairs):
            other.push(0.005 + 0.0004 * ((number + 97 * offset) % 200))
    elif what == "tick":
        crowd.process()
        for other in pairs:
            other.collect()
    elif what == "leave":
        pairs.remove(pair)
        crowd.leave(pair.member)
    elif what == "save":
        pair.member.load(pair.alone.save())
    elif what != "emotion" or face.info["expression_count"]:
        for stream in pair.both:
            call(what, number, face, stream)


def call(what: str, number: int, face: TalkFace, stream: Stream) -> None:
    match what:
        case "reset":
            stream.reset()
        case "flush":
            stream.flush()
        case "interrupt":
            stream.interrupt(number % 200)
        case "knob":
            stream.set_knob("lower_strength", number / 1000)
        case "rate":
            stream.set_rate(float(face.frame_rate / (1, 2, 4)[number % 3]))
        case "emotion":
            stream.set_emotion({"happy": number / 1000})


@pytest.mark.parametrize("bundle", ["tiny", "emotion"])
def test_members_equal_streams_alone(bundle: str, request: pytest.FixtureRequest) -> None:
    face: TalkFace = request.getfixturevalue(f"{bundle}_face")

    @settings(
        max_examples=40, deadline=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.integers(1, 5), st.sampled_from([1, 2, 3]), st.sampled_from([2, 64]), ACTIONS)
    def check(count: int, threads: int, max_batch: int, actions: list[tuple[str, int]]) -> None:
        crowd = face.crowd(max_batch=max_batch, threads=threads)
        pairs = [joined(face, crowd, seed) for seed in range(count)]
        for what, number in actions:
            act(what, number, face, crowd, pairs)
        crowd.process()
        for pair in pairs:
            pair.collect()

    check()


def test_the_default_bundle_in_a_crowd(default_face, speech) -> None:
    crowd = default_face.crowd(9, ring_ms=400)
    pairs = [joined(default_face, crowd, seed) for seed in (1, 2)]
    alone = [default_face.stream(seed=i, ring_ms=400, store_ms=500) for i in range(9)]
    for start in range(0, len(speech) // 2, 480):
        for i, pair in enumerate(zip(crowd.streams[:9], alone, strict=True)):
            shift = 700 * i
            for stream in pair:
                stream.push(speech[start + shift : start + shift + 480])
        for other in pairs:
            other.push(0.03)
        crowd.process()
        for pair in zip(crowd.streams[:9], alone, strict=True):
            pair[1].process()
            assert_near(*(stream.read() for stream in pair))
        for other in pairs:
            other.collect()
    assert crowd.stats["steps"] / crowd.stats["runs"] > 4


@pytest.mark.parametrize("count", [63, 64, 90, 131])
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_large_ticks_leave_nobody_out(tiny_face, count: int, threads: int) -> None:
    """Ticks that are cut into large and small parts, with batches smaller than those."""
    crowd = tiny_face.crowd(count, threads=threads, max_batch=20)
    audio = noise(16000, 2.0)
    for part in range(3):
        for i, stream in enumerate(crowd.streams):
            stream.push(audio[100 * i + 2400 * part :][:2400])
        crowd.process()
    for i, member in enumerate(crowd.streams):
        alone = tiny_face.stream(seed=i)
        for part in range(3):
            alone.push(audio[100 * i + 2400 * part :][:2400])
        alone.process()
        assert_near(member.read(), alone.read())
    assert crowd.stats["backlog_steps"] == 0
    assert crowd.stats["runs"] > 3


@pytest.mark.parametrize(("count", "parts"), [(63, 2), (64, 4), (200, 4)])
def test_two_threads_take_large_parts_and_share_a_rest(tiny_face, count: int, parts: int) -> None:
    runs = []
    for threads in (1, 2):
        crowd = tiny_face.crowd(count, threads=threads, max_batch=256)
        for stream in crowd.streams:
            stream.push(noise(16000, 0.2))
        crowd.process()
        runs.append(crowd.stats["runs"])
    assert runs[0] > 0
    assert runs[1] == parts * runs[0]


def test_a_crowd_of_one_is_the_same_for_any_chunks(tiny_face) -> None:
    clips = []
    audio = noise(48000)
    for sizes in ([100000], [480], [7, 1999, 3]):
        crowd = tiny_face.crowd(1, 48000, ring_ms=2000, store_ms=4000)
        stream = crowd.streams[0]
        parts, at, index = [], 0, 0
        while at < len(audio):
            at += stream.push(audio[at : at + sizes[index % len(sizes)]])
            index += 1
            crowd.process()
            parts.append(stream.read())
        stream.flush()
        crowd.process()
        clips.append(join([*parts, stream.read()]))
    assert_equal(clips[0], clips[1])
    assert_equal(clips[0], clips[2])
    assert_near(clips[0], run_stream(tiny_face.stream(48000), audio, [960]))


def test_a_run_that_fails_nowhere_leaves_no_failures(tiny_face) -> None:
    crowd = tiny_face.crowd(3)
    for stream in crowd.streams:
        stream.push(noise(16000)[:3000])
    assert crowd.process() > 0
    assert crowd.stats["failures"] == 0
    assert crowd.stats["frames"] == sum(s.stats["frames"] for s in crowd.streams)
