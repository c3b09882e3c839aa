"""Hostile input: manifests, graphs, states and audio that somebody broke on purpose."""

from __future__ import annotations

import copy
import hashlib
import json
import random
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talkface import TalkFace, TalkFaceError

TINY = Path(__file__).resolve().parents[1] / "golden" / "tiny"
REFUSED = (TalkFaceError, FileNotFoundError, ValueError)
SLOW = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


TABLE = (TINY / "articulation.json").read_bytes()
PHONES = ([0.0, 0.1, 0.2, 0.35], [0.1, 0.2, 0.3, 0.5], ["M", "AY", "F", "sil"])


def write(folder: Path, manifest: bytes, graph: bytes, table: bytes = TABLE) -> Path:
    (folder / "manifest.json").write_bytes(manifest)
    (folder / "model.onnx").write_bytes(graph)
    (folder / "articulation.json").write_bytes(table)
    return folder


def try_bundle(folder: Path) -> None:
    """Either refused with a message, or it works."""
    try:
        phones = list(zip(*PHONES, strict=True))
        clip = TalkFace(folder).animate(np.zeros(3000, np.float32), phones=phones)
    except REFUSED as error:
        assert len(str(error)) > 10
    else:
        assert np.isfinite(clip.weights).all()


@SLOW
@given(seed=st.integers(0, 2**32))
def test_flipped_bytes_in_the_manifest(tmp_path: Path, seed: int) -> None:
    generator = random.Random(seed)
    data = bytearray((TINY / "manifest.json").read_bytes())
    for _ in range(generator.randint(1, 8)):
        data[generator.randrange(len(data))] = generator.randrange(256)
    try_bundle(write(tmp_path, bytes(data), (TINY / "model.onnx").read_bytes()))


@SLOW
@given(seed=st.integers(0, 2**32))
def test_odd_values_in_the_manifest(tmp_path: Path, seed: int) -> None:
    generator = random.Random(seed)
    manifest = json.loads((TINY / "manifest.json").read_text())
    odd = [None, -1, 0, 1, 2.5, 1e300, 2**31, 2**63, "", "x" * 2000, [], {}, [[]], True, "../../x"]
    paths = [(key,) for key in manifest]
    paths += [("window", "offset"), ("window", "length"), ("frame_rate", "num"), ("state", 0),
              ("state", 0, "shape"), ("state", 1, "initial"), ("outputs", "weights"),
              ("channels", 0), ("files", "model.onnx", "bytes"), ("articulation",),
              ("files", "articulation.json", "sha256")]  # fmt: skip
    for _ in range(generator.randint(1, 3)):
        *parents, last = generator.choice(paths)
        target = manifest
        try:
            for key in parents:
                target = target[key]
            target[last] = generator.choice(odd)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took it away
    try_bundle(write(tmp_path, json.dumps(manifest).encode(), (TINY / "model.onnx").read_bytes()))


@SLOW
@given(seed=st.integers(0, 2**32))
def test_a_broken_graph_with_a_matching_hash(tmp_path: Path, seed: int) -> None:
    generator = random.Random(seed)
    graph = bytearray((TINY / "model.onnx").read_bytes())
    if generator.random() < 0.3:
        graph = graph[: generator.randrange(len(graph))]
    else:
        for _ in range(generator.randint(1, 5)):
            graph[generator.randrange(min(len(graph), 3000))] = generator.randrange(256)
    manifest = json.loads((TINY / "manifest.json").read_text())
    digest = hashlib.sha256(graph).hexdigest()
    manifest["files"]["model.onnx"] = {"sha256": digest, "bytes": len(graph)}
    try_bundle(write(tmp_path, json.dumps(manifest).encode(), bytes(graph)))


@SLOW
@given(seed=st.integers(0, 2**32))
def test_broken_states_change_nothing(tiny_face: TalkFace, seed: int) -> None:
    generator = random.Random(seed)
    stream = tiny_face.stream()
    stream.push(np.full(5000, 0.1, np.float32))
    stream.process()
    blob = stream.save()
    broken = bytearray(blob)
    for _ in range(generator.randint(1, 4)):
        broken[generator.randrange(len(broken))] ^= 1 << generator.randrange(8)
    if generator.random() < 0.3:
        broken = broken[: generator.randrange(len(broken))]
    if bytes(broken) == blob:
        return
    with pytest.raises(TalkFaceError):
        stream.load(bytes(broken))
    assert stream.save() == blob


@SLOW
@given(seed=st.integers(0, 2**32))
def test_a_forged_state_does_no_harm(tiny_face: TalkFace, seed: int) -> None:
    """Bytes changed and the checksum made right again: refused, or a stream that still runs."""
    generator = random.Random(seed)
    stream = tiny_face.stream(ring_ms=50, store_ms=500)
    stream.push_phones(*PHONES)
    stream.push(np.full(700, 0.1, np.float32))
    stream.process()
    stream.push_phones(0.6, 0.7, "M")
    blob = bytearray(stream.save())
    head = 8 + 64
    # Most of a state is audio, phones and frames; what indexes and bounds lies between and after.
    script = blob.index(struct.pack("<qqq", 1, 9600, 11200))
    decisive = [head + 64 + 801 * 4, len(blob) - 400, len(blob) - 4200, len(blob) - 1500,
                script, script + 8 + 512 * 24]  # fmt: skip
    for _ in range(generator.randint(1, 6)):
        if generator.random() < 0.8:
            at = generator.choice(decisive) + generator.randrange(380)
        else:
            at = generator.randrange(head + 64, len(blob) - 8)
        at = min(at, len(blob) - 8)
        word = generator.choice(
            [b"\xff" * 8, b"\x00" * 8, b"\xff\xff\xff\x7f", generator.randbytes(8)]
        )
        blob[at : at + len(word)] = word
    blob[head : head + 64] = hashlib.sha256(blob[head + 64 :]).hexdigest().encode()
    try:
        stream.load(bytes(blob))
    except TalkFaceError as error:
        assert "consistent" in str(error)
        return
    stream.push_phones(0.05, 0.15, "UW")
    stream.push(np.full(300, 0.1, np.float32))
    stream.flush()
    stream.process()
    assert np.isfinite(stream.sample(0.1).weights).all()
    assert np.isfinite(stream.read(50).weights).all()


@SLOW
@given(seed=st.integers(0, 2**32))
def test_a_broken_table_with_a_matching_hash(tmp_path: Path, seed: int) -> None:
    generator = random.Random(seed)
    table = json.loads(TABLE)
    odd = [None, -1, 0, 1, 2.5, 1e300, 1e-300, "", "AA", [], {}, [[]], [0, 1], True, {"open": 0}]
    for _ in range(generator.randint(1, 3)):
        target, key = table, generator.choice(list(table))
        while isinstance(target[key], (dict, list)) and target[key] and generator.random() < 0.7:
            target = target[key]
            key = (
                generator.choice(list(target))
                if isinstance(target, dict)
                else generator.randrange(len(target))
            )
        target[key] = copy.deepcopy(generator.choice(odd))
    text = bytearray(json.dumps(table).encode())
    if generator.random() < 0.3:
        text[generator.randrange(len(text))] = generator.randrange(256)
    manifest = json.loads((TINY / "manifest.json").read_text())
    digest = hashlib.sha256(text).hexdigest()
    manifest["files"]["articulation.json"] = {"sha256": digest, "bytes": len(text)}
    graph = (TINY / "model.onnx").read_bytes()
    try_bundle(write(tmp_path, json.dumps(manifest).encode(), graph, bytes(text)))


def doctored(manifest: dict, graph: bytes, folder: Path) -> Path:
    digest = hashlib.sha256(graph).hexdigest()
    manifest["files"]["model.onnx"] = {"sha256": digest, "bytes": len(graph)}
    return write(folder, json.dumps(manifest).encode(), graph)


def test_a_graph_cannot_reach_outside_its_bundle(tmp_path: Path, monkeypatch) -> None:
    onnx = pytest.importorskip("onnx", reason="makes the hostile graph")
    model = onnx.load(TINY / "model.onnx")
    (tmp_path / "secret.bin").write_bytes(b"\0" * 100000)
    monkeypatch.chdir(tmp_path)
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    for key, value in (("location", "secret.bin"), ("offset", "0"), ("length", "61440")):
        entry = tensor.external_data.add()
        entry.key, entry.value = key, value
    manifest = json.loads((TINY / "manifest.json").read_text())
    folder = tmp_path / "bundle"
    folder.mkdir()
    with pytest.raises(TalkFaceError, match="other files"):
        TalkFace(doctored(manifest, model.SerializeToString(), folder))


def test_huge_manifests_are_refused_quickly(tmp_path: Path) -> None:
    graph = (TINY / "model.onnx").read_bytes()
    for key, value in (
        ("channels", [f"jaw{i}" for i in range(300_000)]),
        ("extra", {str(i): 0 for i in range(300_000)}),
    ):
        manifest = json.loads((TINY / "manifest.json").read_text())
        manifest[key] = value
        with pytest.raises(TalkFaceError, match="too many"):
            TalkFace(write(tmp_path, json.dumps(manifest).encode(), graph))


def test_long_names_are_cut_between_characters(tmp_path: Path) -> None:
    manifest = json.loads((TINY / "manifest.json").read_text())
    manifest["licence"] = "CC BY 4.0 " + "\u00e9" * 60
    manifest["name"] = "\u20ac" * 60
    folder = doctored(manifest, (TINY / "model.onnx").read_bytes(), tmp_path)
    info = TalkFace(folder).info
    assert info["licence"].startswith("CC BY 4.0 \u00e9")
    assert set(info["name"]) == {"\u20ac"}
    with pytest.raises(FileNotFoundError):
        TalkFace(tmp_path / ("\u00e9" * 100) / ("\u00e9" * 100) / ("\u00e9" * 100))


def test_a_graph_that_loses_its_numbers_is_reset_and_counted(tmp_path: Path) -> None:
    """A graph whose state becomes infinite: poses stay finite, the state starts again."""
    onnx = pytest.importorskip("onnx", reason="makes the unstable graph")
    model = onnx.load(TINY / "model.onnx")
    for tensor in model.graph.initializer:
        if tensor.name == "decay":
            tensor.CopyFrom(onnx.numpy_helper.from_array(np.float32([[1e12]]), "decay"))
    manifest = json.loads((TINY / "manifest.json").read_text())
    folder = doctored(manifest, model.SerializeToString(), tmp_path)
    stream = TalkFace(folder).stream(ring_ms=3000)
    stream.push(np.random.default_rng(0).normal(0, 0.1, 16000).astype(np.float32))
    stream.flush()
    stream.process()
    clip = stream.read()
    assert len(clip) == 100
    assert np.isfinite(clip.weights).all()
    assert stream.stats["model_resets"] > 5


def test_a_member_that_loses_its_numbers_harms_nobody_of_its_crowd(tmp_path: Path) -> None:
    """A graph that a loud sample breaks: in a batch, that stream's state alone starts again."""
    onnx = pytest.importorskip("onnx", reason="makes the unstable graph")
    model = onnx.load(TINY / "model.onnx")
    (decays,) = [node for node in model.graph.node if node.output[0] == "bias_out"]
    decays.output[0] = "decayed"
    node, nodes = onnx.helper.make_node, model.graph.node
    at = list(nodes).index(decays) + 1
    model.graph.initializer.append(onnx.numpy_helper.from_array(np.float32([[1e20]]), "huge"))
    for made in (
        node("Mul", ["audio", "huge"], ["loud"]),
        node("Mul", ["loud", "loud"], ["squared"]),  # infinite from 0.19 on
        node("ReduceMax", ["squared"], ["most"], axes=[1], keepdims=1),
        node("Sub", ["most", "most"], ["broken"]),
        node("Add", ["decayed", "broken"], ["bias_out"]),
    ):
        nodes.insert(at, made)
        at += 1
    manifest = json.loads((TINY / "manifest.json").read_text())
    face = TalkFace(doctored(manifest, model.SerializeToString(), tmp_path))
    crowd, how = face.crowd(), {"ring_ms": 2000, "store_ms": 2000}
    pairs = [(crowd.join(seed=seed, **how), face.stream(seed=seed, **how)) for seed in range(3)]
    voices = np.random.default_rng(0).uniform(-0.15, 0.15, (3, 16000)).astype(np.float32)
    voices[1, [4000, 9000]] = 0.8
    for (member, single), voice in zip(pairs, voices, strict=True):
        member.push(voice)
        single.push(voice)
        single.process()
    crowd.process()
    resets = [single.stats["model_resets"] for _, single in pairs]
    assert resets[::2] == [0, 0]
    assert resets[1] > 1
    assert [member.stats["model_resets"] for member, _ in pairs] == resets
    for member, single in pairs:
        weights, expected = member.read().weights, single.read().weights
        assert len(weights) == len(expected) > 80
        assert np.abs(weights - expected).max() <= 1e-5


@SLOW
@given(
    data=st.binary(min_size=4, max_size=6000),
    rate=st.integers(8000, 192000),
    channels=st.integers(1, 8),
)
def test_any_bits_are_audio(tiny_face: TalkFace, data: bytes, rate: int, channels: int) -> None:
    floats = np.frombuffer(data[: len(data) // 4 * 4], dtype="<f4").copy()
    count = len(floats) // channels
    if count == 0:
        return
    audio = floats[: count * channels].reshape(count, channels)
    stream = tiny_face.stream(rate, channels)
    with np.errstate(all="ignore"):
        stream.push(audio)
        stream.flush()
        stream.process()
        clip = stream.read()
    assert np.isfinite(clip.weights).all()
    assert clip.weights.size == 0 or (clip.weights.min() >= 0 and clip.weights.max() <= 1)
    assert np.isfinite(clip.head_rotation).all()
    assert np.isfinite(clip.emotion).all()


def test_missing_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes((TINY / "manifest.json").read_bytes())
    with pytest.raises(FileNotFoundError, match=r"articulation\.json"):
        TalkFace(tmp_path)
    (tmp_path / "articulation.json").write_bytes(TABLE)
    with pytest.raises(FileNotFoundError, match=r"model\.onnx"):
        TalkFace(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"manifest\.json"):
        TalkFace(tmp_path / "nowhere")
