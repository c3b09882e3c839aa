"""Hostile input around emotion: manifests of schema 2, styles, keys and saved states."""

from __future__ import annotations

import hashlib
import json
import random
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talkface import TalkFace, TalkFaceError, emotion

BUNDLE = Path(__file__).resolve().parents[1] / "golden" / "tiny_emotion"
REFUSED = (TalkFaceError, FileNotFoundError, ValueError)
SLOW = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
ODD = [None, -1, 0, 1, 2.5, 1e300, 2**31, "", "x" * 2000, [], {}, [[]], True, "ada", "audio"]
VALUES = st.one_of(
    st.floats(), st.integers(), st.none(), st.text(max_size=5), st.booleans(), st.just({})
)
STYLE = {
    "talkface_style": 1,
    "name": "x",
    "identities": {"ada": 0.5, "ben": 0.5},
    "gain": {"jawOpen": 1.2},
    "rest": {"mouthSmileLeft": 0.05},
    "expression": 1.0,
}


def write(folder: Path, manifest: dict) -> Path:
    for name in ("model.onnx", "articulation.json"):
        (folder / name).write_bytes((BUNDLE / name).read_bytes())
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return folder


def sound(clip) -> None:
    assert np.isfinite(clip.weights).all()
    assert clip.weights.min() >= 0
    assert clip.weights.max() <= 1
    assert np.allclose(np.linalg.norm(clip.head_rotation, axis=1), 1, atol=1e-4)


def put_odd(generator: random.Random, document: dict, paths: list[tuple]) -> None:
    for _ in range(generator.randint(1, 3)):
        *parents, last = generator.choice(paths)
        target = document
        try:
            for key in parents:
                target = target[key]
            if generator.random() < 0.2 and isinstance(target, dict):
                target.pop(last)
            else:
                target[last] = generator.choice(ODD)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took it away


@SLOW
@given(seed=st.integers(0, 2**32))
def test_odd_values_in_a_manifest_of_schema_two(tmp_path: Path, seed: int) -> None:
    generator = random.Random(seed)
    manifest = json.loads((BUNDLE / "manifest.json").read_text())
    keys = ["schema", "identities", "identity_size", "noise_size", "expression_channels",
            "expression_rest", "emotions", "style_size"]  # fmt: skip
    paths: list[tuple] = [(key,) for key in keys]
    paths += [("inputs", name) for name in manifest["inputs"]]
    paths += [("outputs", name) for name in manifest["outputs"]]
    paths += [("identities", 1), ("expression_channels", 0), ("expression_rest", 0),
              ("expression_rest", 3, 1), ("expression_rest", 0, 0)]  # fmt: skip
    put_odd(generator, manifest, paths)
    try:
        clip = TalkFace(write(tmp_path, manifest)).animate(np.full(3000, 0.1, np.float32))
    except REFUSED as error:
        assert len(str(error)) > 10
    else:
        sound(clip)


@SLOW
@given(seed=st.integers(0, 2**32))
def test_broken_styles(emotion_face: TalkFace, seed: int) -> None:
    generator = random.Random(seed)
    style = json.loads(json.dumps(STYLE))
    paths: list[tuple] = [(key,) for key in STYLE]
    paths += [("identities", "ada"), ("identities", "dan"), ("gain", "jawOpen"), ("gain", "nose"),
              ("rest", "mouthSmileLeft"), ("rest", "jawOpen")]  # fmt: skip
    put_odd(generator, style, paths)
    text = json.dumps(style)
    for _ in range(generator.randint(0, 3)):
        at = generator.randrange(len(text))
        text = text[:at] + generator.choice('{}[]",:1e9 \0') + text[at + generator.randint(0, 3) :]
    stream = emotion_face.stream(ring_ms=1000)
    try:
        stream.set_style("{" + text.removeprefix("{"))
    except REFUSED as error:
        assert len(str(error)) > 10
    stream.push(np.full(4000, 0.1, np.float32))
    stream.flush()
    stream.process()
    sound(stream.read())


@SLOW
@given(items=st.lists(st.tuples(VALUES, st.one_of(VALUES, st.just("happy")), VALUES), max_size=6))
def test_any_keys(emotion_face: TalkFace, items) -> None:
    stream = emotion_face.stream()
    try:
        stream.push_emotion(items)
    except (ValueError, TypeError) as error:
        assert len(str(error)) > 10
    stream.push(np.full(3000, 0.1, np.float32))
    stream.flush()
    stream.process()
    sound(stream.read())


@SLOW
@given(
    mix=st.dictionaries(st.one_of(st.text(max_size=8), st.sampled_from(["happy", "sad"])), VALUES)
)
def test_any_mix(mix) -> None:
    try:
        shares = emotion.as_mix(mix)
    except ValueError as error:
        assert len(str(error)) > 10
    else:
        assert sum(shares) == pytest.approx(1)
        assert min(shares) >= 0


@SLOW
@given(text=st.text(max_size=30))
def test_any_shell_text(text: str) -> None:
    try:
        emotion.directed(emotion.from_text(text))
    except (ValueError, FileNotFoundError, OSError):
        return


@SLOW
@given(seed=st.integers(0, 2**32))
def test_a_forged_state_does_no_harm(emotion_face: TalkFace, seed: int) -> None:
    """Bytes changed and the checksum made right again: refused, or a stream that still runs."""
    generator = random.Random(seed)
    stream = emotion_face.stream(ring_ms=50, store_ms=500, emotion="sad")
    stream.push_emotion([(0.01, "happy", 0.5), (0.6, "angry")])
    stream.push(np.full(700, 0.1, np.float32))
    stream.process()
    stream.push_emotion([(0.7, "fearful")])
    blob = bytearray(stream.save())
    head = 8 + 64
    key = blob.index(struct.pack("<q", 11200) + bytes(16) + struct.pack("<f", 1))
    lives = len(blob) - 400 - 632
    decisive = [key - 8, key, key + 512 * 48, lives - 632 * 60, lives, len(blob) - 400]
    for _ in range(generator.randint(1, 6)):
        if generator.random() < 0.8:
            at = generator.choice(decisive) + generator.randrange(380)
        else:
            at = generator.randrange(head + 64, len(blob) - 8)
        word = generator.choice(
            [b"\xff" * 8, b"\x00" * 8, b"\xff\xff\xff\x7f", generator.randbytes(8)]
        )
        at = min(at, len(blob) - 8)
        blob[at : at + len(word)] = word
    blob[head : head + 64] = hashlib.sha256(blob[head + 64 :]).hexdigest().encode()
    try:
        stream.load(bytes(blob))
    except TalkFaceError as error:
        assert "consistent" in str(error)
        return
    stream.push_emotion([(0.05, "surprised")])
    stream.push(np.full(300, 0.1, np.float32))
    stream.flush()
    stream.process()
    pose = stream.sample(0.1)
    assert np.isfinite(pose.weights).all()
    assert np.isfinite(pose.head_rotation).all()
    assert np.isfinite(stream.read(50).weights).all()


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("noise_size", 5, r"noise is \[1, 4\], not \[1, 5\]"),
        ("identities", ["ada", "ben"], r"identity is \[1, 3\], not \[1, 2\]"),
        ("expression_channels", ["jawOpen"], r"expression is \[1, 2, 10\], not \[1, 2, 1\]"),
        ("inputs", {"audio": "audio"}, "inputs.identity and identities must come together"),
        (
            "outputs",
            {"weights": "weights", "emotion": "heard"},
            "inputs.emotion needs outputs.expression",
        ),
        ("schema", 1, "need schema 2"),
        ("schema", 3, "update TalkFace"),
    ],
)
def test_a_graph_is_checked_against_its_manifest(tmp_path: Path, key, value, words: str) -> None:
    manifest = json.loads((BUNDLE / "manifest.json").read_text())
    manifest[key] = value
    manifest["identity_size"] = len(manifest["identities"])
    width = len(manifest["expression_channels"])
    manifest["expression_rest"] = [row[:width] for row in manifest["expression_rest"]]
    with pytest.raises(TalkFaceError, match=words):
        TalkFace(write(tmp_path, manifest))


@pytest.mark.parametrize("wild", [3e38, -3e38, np.inf, np.nan])
def test_a_wild_graph_gives_poses_in_range(tmp_path: Path, wild: float) -> None:
    onnx = pytest.importorskip("onnx", reason="makes the wild graph")
    model = onnx.load(BUNDLE / "model.onnx")
    for tensor in model.graph.initializer:
        if tensor.name in ("w_emotion", "head_scale"):
            with np.errstate(all="ignore"):
                values = onnx.numpy_helper.to_array(tensor) * np.float32(wild)
            tensor.CopyFrom(onnx.numpy_helper.from_array(values.astype(np.float32), tensor.name))
    data = model.SerializeToString()
    manifest = json.loads((BUNDLE / "manifest.json").read_text())
    digest = hashlib.sha256(data).hexdigest()
    manifest["files"]["model.onnx"] = {"sha256": digest, "bytes": len(data)}
    write(tmp_path, manifest)
    (tmp_path / "model.onnx").write_bytes(data)
    face = TalkFace(tmp_path)
    audio = np.random.default_rng(0).normal(0, 0.1, 8000).astype(np.float32)
    for raw in (False, True):
        sound(face.animate(audio, raw=raw, emotion="happy"))
