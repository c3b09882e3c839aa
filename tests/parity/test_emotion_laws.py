"""The laws of the runtime where emotion is directed, the head moves and a style is worn."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from laws import assert_equal, join, noise, run_stream

from talkface import Stream, TalkFace

KEYS = [(0.1, "happy"), (0.4, {"sad": 0.5, "surprised": 0.3}, 0.7), (0.4, "auto"), (0.9, "angry")]
DIRECTIONS = [
    {"emotion": "auto"},
    {"emotion": {"happy": 0.7, "contempt": 0.2}, "emotion_weight": 0.6},
    {"emotion": KEYS},
]
STYLE = {
    "talkface_style": 1,
    "identities": {"ben": 0.5, "cho": 0.5},
    "gain": {"jawOpen": 1.3},
    "rest": {"mouthSmileLeft": 0.1},
    "expression": 0.8,
}


@pytest.fixture(scope="module")
def styled_face(emotion_face: TalkFace) -> TalkFace:
    return TalkFace(emotion_face.path, style=STYLE)


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("size", [7, 160, 441, 16000])
def test_any_chunking_gives_the_same_frames(styled_face, speech, direction, size: int) -> None:
    audio = speech[:24000]
    whole = styled_face.animate(audio, fps=60, seed=3, **direction)
    stream = styled_face.stream(fps=60, seed=3, **direction)
    assert_equal(whole, run_stream(stream, audio, [size]))


@pytest.mark.parametrize("rate", [8000, 44100, 47999])
def test_chunking_holds_at_every_rate(emotion_face: TalkFace, rate: int) -> None:
    audio = noise(rate)
    whole = emotion_face.animate(audio, rate, fps=30, emotion=KEYS)
    stream = emotion_face.stream(rate, fps=30, emotion=KEYS)
    assert_equal(whole, run_stream(stream, audio, [441, 7, rate // 50, 1, 1024]))


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sizes=st.lists(st.integers(1, 5000), min_size=1, max_size=12), seed=st.integers(0, 2**32))
def test_random_chunking_gives_the_same_frames(emotion_face: TalkFace, sizes, seed: int) -> None:
    generator = np.random.default_rng(seed)
    audio = generator.normal(0, 0.1, 12000).astype(np.float32)
    audio[generator.integers(0, 6000) :][:5000] = 0
    times = np.sort(generator.uniform(0, 0.8, 5)).round(3)
    names = generator.choice(["happy", "sad", "auto", "fearful"], 5)
    keys = list(zip(times.tolist(), names.tolist(), strict=True))
    whole = emotion_face.animate(audio, seed=seed, emotion=keys)
    assert_equal(whole, run_stream(emotion_face.stream(seed=seed, emotion=keys), audio, sizes))


def test_raw_streams_keep_the_law_too(emotion_face: TalkFace, speech) -> None:
    audio = speech[:20000]
    whole = emotion_face.animate(audio, raw=True, emotion=KEYS)
    assert_equal(whole, run_stream(emotion_face.stream(raw=True, emotion=KEYS), audio, [333]))


def utterances(stream: Stream, speech, chunk: int):
    """Two utterances with a gap, keys on the way; every frame."""
    parts = []
    stream.push_emotion(KEYS)
    for start in (0, 20000):
        audio = speech[start : start + 12007]
        for at in range(0, len(audio), chunk):
            stream.push(audio[at : at + chunk])
            stream.process()
            parts.append(stream.read())
        stream.flush()
        stream.process()
        parts.append(stream.read())
    return join(parts)


def test_gaps_keep_the_law(emotion_face: TalkFace, speech) -> None:
    first = utterances(emotion_face.stream(seed=5), speech, 700)
    assert_equal(first, utterances(emotion_face.stream(seed=5), speech, 12007))


def test_reset_then_replay_is_identical(styled_face: TalkFace, speech) -> None:
    stream = styled_face.stream(seed=9, emotion="happy")
    first = utterances(stream, speech, 999)
    stream.push_emotion([(0.0, "sad"), (5.0, "fearful")])
    stream.push(speech[:3000])
    stream.process()
    stream.reset()
    stream.process()
    assert_equal(first, utterances(stream, speech, 4096))


def test_saved_state_replays(styled_face: TalkFace, speech) -> None:
    stream = styled_face.stream(22050, fps=30, seed=4, emotion="surprised", emotion_weight=0.5)
    stream.push_emotion([(0.2, "happy"), (0.5, "sad")])
    stream.push(speech[:9000])
    stream.process()
    stream.read(5)
    stream.push_emotion([(0.8, "angry")])  # a key that waits for process is part of the state
    stream.push(speech[9000:12000])
    blob = stream.save()

    def rest(target: Stream):
        target.process()
        target.push(speech[12000:20000])
        target.flush()
        target.process()
        return target.read()

    first = rest(stream)
    stream.set_emotion("disgusted")
    stream.load(blob)
    assert_equal(first, rest(stream))
    other = styled_face.stream(22050, fps=30, seed=4)
    other.load(blob)
    assert_equal(first, rest(other))


def test_every_moment_of_a_stream_can_be_saved(emotion_face: TalkFace, speech) -> None:
    """Between utterances, too, where the next one has forgotten what the last one heard."""
    audio = speech[:6400]

    def play(stream: Stream, save: bool):
        parts = []
        for start in range(0, len(audio), 640):
            if save:
                blob = stream.save()
                stream = emotion_face.stream(seed=1)
                stream.load(blob)
            stream.push(audio[start : start + 640])
            if start % 1920 == 1280:
                stream.flush()
            stream.process()
            parts.append(stream.read())
        return join(parts)

    assert_equal(
        play(emotion_face.stream(seed=1), save=False), play(emotion_face.stream(seed=1), save=True)
    )


def test_interrupts_replay(emotion_face: TalkFace, speech) -> None:
    def play(chunk: int):
        stream = emotion_face.stream(seed=2, emotion="happy")
        stream.push_emotion(KEYS)
        stream.push(speech[:9000])
        stream.process()
        parts = [stream.read(30)]
        stream.interrupt(100)
        stream.process()
        parts.append(stream.read(5))
        for start, end in pairwise([*range(9000, 20000, chunk), 20000]):
            stream.push(speech[start:end])
            stream.process()
            parts.append(stream.read())
        stream.flush()
        stream.process()
        return join([*parts, stream.read()])

    first = play(500)
    assert_equal(first, play(3100))
