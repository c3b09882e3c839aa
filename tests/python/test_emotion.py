"""Directed and heard emotions, from names to the face."""

from __future__ import annotations

import json

import numpy as np
import pytest
from streaming import STILL

from talkface import TalkFace, TalkFaceError, emotion
from talkface.rig import CHANNELS, EMOTIONS

SMILE = CHANNELS.index("mouthSmileRight")
FAST = {"emotion_transition_ms": 0}


def smile_of(clip) -> np.ndarray:
    return clip.weights[:, SMILE]


@pytest.fixture(scope="module")
def happy_rest(emotion_face: TalkFace) -> float:
    manifest = json.loads((emotion_face.path / "manifest.json").read_text("utf-8"))
    at = manifest["expression_channels"].index("mouthSmileRight")
    return manifest["expression_rest"][1][at]


def test_names_and_mixes() -> None:
    assert emotion.as_mix("happy") == (0, 1, 0, 0, 0, 0, 0, 0)
    assert emotion.as_mix({"Happy": 0.5, "sad": 0.25}) == (0.25, 0.5, 0.25, 0, 0, 0, 0, 0)
    assert emotion.as_mix({"neutral": 1}) == emotion.as_mix("calm") == emotion.NEUTRAL
    assert emotion.as_mix({}) == emotion.NEUTRAL
    assert emotion.as_mix({"joy": 0.5, "happiness": 0.5})[1] == 1


def test_every_alias_is_a_mix() -> None:
    for name in emotion.ALIASES:
        assert name not in EMOTIONS
        mix = emotion.as_mix(name.upper())
        assert sum(mix) == pytest.approx(1)
        assert min(mix) >= 0
    audio2face = "amazement anger cheekiness disgust fear grief joy outofbreath pain sadness"
    assert set(audio2face.split()) <= set(emotion.ALIASES)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("glad", "no emotion 'glad'"),
        ({"happy": 1.5}, "0 to 1"),
        ({"happy": -0.5}, "0 to 1"),
        ({"happy": float("nan")}, "finite"),
        ({"happy": None}, "number"),
        ({"happy": 0.7, "sad": 0.5}, "sum to at most 1"),
        ([(0, "happy", 2)], "weight must be 0 to 1"),
        ([(1, "happy"), (0, "sad")], "time order"),
        ([(-1, "happy")], "0 or later"),
        ([("soon", "happy")], "number"),
        ([(0, "glad")], "no emotion"),
        ([0, "happy"], "a key must be"),
        ([(0, "happy", 1, 1)], "a key must be"),
    ],
)
def test_what_cannot_be_is_refused(emotion_face: TalkFace, bad, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        emotion_face.animate(np.zeros(1600), emotion=bad)
    with pytest.raises(ValueError, match=words):
        emotion_face.stream(emotion=bad)


def test_wrong_types_and_weights_are_refused(emotion_face: TalkFace) -> None:
    with pytest.raises(TypeError, match="name or a mapping"):
        emotion_face.stream(emotion=3)
    for weight in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="weight"):
            emotion_face.stream(emotion="happy", emotion_weight=weight)
    stream = emotion_face.stream()
    with pytest.raises(ValueError, match="no emotion"):
        stream.set_emotion("glad")


def test_an_auto_key_moves_only_the_weight() -> None:
    keys = emotion.as_keys([(0, "happy"), (1, "auto"), (2, "sad", 0.5)])
    assert [(key.seconds, key.weight) for key in keys] == [(0, 1), (1, 0), (1, 0), (2, 0.5)]
    assert keys[1].mix == emotion.as_mix("happy")
    assert keys[2].mix == emotion.as_mix("sad")
    assert emotion.as_keys([(1, "auto")]) == [emotion.Key(1, emotion.NEUTRAL, 0)]


def test_the_shell_form(tmp_path) -> None:
    assert emotion.from_text("auto") == "auto"
    assert emotion.from_text(" happy ") == "happy"
    assert emotion.from_text("happy:0.7,surprised:0.2") == {"happy": 0.7, "surprised": 0.2}
    path = tmp_path / "keys.json"
    path.write_text('[[0, "happy"], [1.5, {"sad": 0.5}, 0.5]]', "utf-8")
    assert len(emotion.directed(emotion.from_text(str(path)))) == 2
    for bad in ("happy:", "happy:0.1,sad", "happy:0.1,happy:0.2"):
        with pytest.raises(ValueError, match=r"not an emotion|number"):
            emotion.from_text(bad)
    with pytest.raises(FileNotFoundError):
        emotion.from_text(str(tmp_path / "no.json"))
    path.write_text("{", "utf-8")
    with pytest.raises(ValueError, match=r"."):
        emotion.from_text(str(path))


def test_a_bundle_without_expression_takes_no_emotion(tiny_face: TalkFace) -> None:
    assert tiny_face.expression_channels == tiny_face.identities == ()
    for given in ("happy", [(0, "happy")]):
        with pytest.raises(TalkFaceError, match="takes no emotion"):
            tiny_face.animate(np.zeros(1600), emotion=given)
        with pytest.raises(TalkFaceError, match="takes no emotion"):
            tiny_face.stream(emotion=given)
    stream = tiny_face.stream()
    with pytest.raises(TalkFaceError, match="takes no emotion"):
        stream.set_emotion("happy")
    with pytest.raises(TalkFaceError, match="takes no emotion"):
        stream.push_emotion([])


def test_direction_reaches_the_face(emotion_face: TalkFace, bursts) -> None:
    happy = smile_of(emotion_face.animate(bursts, emotion="happy"))
    half = smile_of(emotion_face.animate(bursts, emotion={"happy": 0.5}))
    neutral = smile_of(emotion_face.animate(bursts, emotion="neutral"))
    assert happy.min() > 0.1
    assert happy.mean() > half.mean() * 1.3 > 0
    assert neutral.max() == 0
    heard = smile_of(emotion_face.animate(bursts))
    assert 0 < heard.max() < happy.max()
    assert smile_of(emotion_face.animate(bursts, knobs={"emotion_strength": 0})).max() == 0
    off = emotion_face.animate(bursts, emotion="happy", knobs={"expression_strength": 0})
    assert smile_of(off).max() == 0


def test_a_weight_of_nothing_is_auto(emotion_face: TalkFace, bursts) -> None:
    auto = emotion_face.animate(bursts)
    none = emotion_face.animate(bursts, emotion="happy", emotion_weight=0)
    assert np.array_equal(auto.weights, none.weights)


def test_keys_change_the_face_at_their_time(emotion_face: TalkFace, bursts) -> None:
    keys = [(0, "neutral"), (1.0, "neutral"), (1.0, "happy")]
    smile = smile_of(emotion_face.animate(bursts, emotion=keys, knobs=FAST))
    assert smile[:95].max() == 0
    assert smile[140:].min() > 0.1


def test_silence_is_neutral(emotion_face: TalkFace) -> None:
    clip = emotion_face.animate(np.random.default_rng(0).normal(0, 1e-4, 16000))
    assert smile_of(clip).max() == 0


def test_a_directed_smile_stays_in_a_gap_and_a_heard_one_fades(
    emotion_face: TalkFace, bursts, happy_rest
) -> None:
    def gap(**direction) -> np.ndarray:
        stream = emotion_face.stream(ring_ms=10000, **direction)
        stream.push(bursts)
        stream.process()
        stream.read(20)
        stream.interrupt(0)
        stream.process()
        return smile_of(stream.read())

    held = gap(emotion="happy")
    assert len(held) > 100
    assert held[60:] == pytest.approx(happy_rest, abs=0.02)
    faded = gap()
    assert faded[0] > 0.01
    assert faded[-1] < 0.1 * faded[0]


def test_interrupt_drops_keys_and_keeps_the_setting(emotion_face: TalkFace, bursts) -> None:
    stream = emotion_face.stream(ring_ms=10000, knobs=FAST)
    stream.set_emotion("neutral")
    stream.push_emotion([(0, "happy"), (3.0, "happy")])
    stream.push(bursts[:16000])
    stream.process()
    assert smile_of(stream.read())[50] > 0.1
    stream.interrupt(0)
    stream.push(bursts)
    stream.process()
    assert smile_of(stream.read())[60:].max() < 0.01


def test_reset_drops_keys_and_keeps_the_setting(emotion_face: TalkFace, bursts) -> None:
    stream = emotion_face.stream(emotion="happy", ring_ms=10000)
    stream.push_emotion([(0, "neutral")])
    stream.reset()
    stream.push(bursts[:16000])
    stream.process()
    assert smile_of(stream.read()).min() > 0.1


def test_a_full_queue_of_keys_takes_what_fits(emotion_face: TalkFace) -> None:
    stream = emotion_face.stream()
    keys = [(i / 1000, "happy") for i in range(2000)]
    assert stream.push_emotion(keys) == 512
    stream.process()
    assert stream.push_emotion(keys[512:]) == 512
    with pytest.raises(ValueError, match="too many keys"):
        emotion_face.stream(emotion=keys)


def test_the_head_is_seeded_limited_and_lets_go(emotion_face: TalkFace, bursts) -> None:
    still = {**STILL, "head_strength": 2}
    a = emotion_face.animate(bursts, seed=1, knobs=still)
    again = emotion_face.animate(bursts, seed=1, knobs=still)
    b = emotion_face.animate(bursts, seed=2, knobs=still)
    assert np.array_equal(a.head_rotation, again.head_rotation)
    assert np.abs(a.head_rotation - b.head_rotation).max() > 0.01
    assert np.allclose(np.linalg.norm(a.head_rotation, axis=1), 1, atol=1e-5)
    assert np.linalg.norm(a.head_rotation[:, :3], axis=1).max() <= np.sin(np.pi / 18) + 1e-5
    none = emotion_face.animate(bursts, seed=1, knobs={**STILL, "head_strength": 0})
    assert np.abs(none.head_rotation[:, :3]).max() == 0
    assert np.abs(none.head_translation).max() == 0
    swaying = emotion_face.animate(bursts, knobs={**STILL, "head_strength": 0, "sway_strength": 1})
    assert np.abs(swaying.head_rotation[:, :3]).max() > 0

    stream = emotion_face.stream(seed=1, knobs=still, ring_ms=10000)
    stream.push(bursts)
    stream.process()
    before = stream.read(20).head_rotation[-1, :3]
    stream.interrupt(0)
    stream.process()
    gap = stream.read().head_rotation[:, :3]
    assert np.abs(gap[0] - before).max() < 0.01
    assert np.linalg.norm(gap[-1]) < 0.1 * np.linalg.norm(before)
    assert np.abs(np.diff(gap, axis=0)).max() < 0.01


def test_eyes_stay_on_their_target_while_the_head_turns(emotion_face: TalkFace, bursts) -> None:
    """Gaze of strength 1 differs from none by the whole head's turn and its own saccades."""
    knobs = {**STILL, "head_strength": 2}
    looks = [i for i, name in enumerate(CHANNELS) if name.startswith("eyeLook")]
    fixed = emotion_face.animate(bursts, seed=1, knobs=knobs).weights[:, looks]
    moved = emotion_face.animate(bursts, seed=1, knobs={**knobs, "gaze_strength": 1})
    assert fixed.max() == 0
    assert moved.weights[:, looks].max() > 0.02
