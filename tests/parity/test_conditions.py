"""What the runtime tells a graph, against the same graph run step by step in Python."""

from __future__ import annotations

import json

import numpy as np
import onnxruntime
import pytest

from talkface import TalkFace
from talkface.rig import CHANNEL_INDEX, EMOTIONS

MASK = (1 << 64) - 1


def uniform_at(seed: int, stream: int, counter: int) -> float:
    """As in cpp/src/base/prng.h."""
    z = seed * 0x9E3779B97F4A7C15 + stream * 0xD1B54A32D192ED03
    z = (z + counter * 0x2545F4914F6CDD1D + 0x632BE59BD9B4E019) & MASK
    for _ in range(2):
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        z ^= z >> 31
    return (z >> 11) / 2**53


def run_graph(face: TalkFace, audio: np.ndarray, identity: int, emotion: str, seed: int):
    """Outputs of every frame from time 0, by name."""
    m = json.loads((face.path / "manifest.json").read_text("utf-8"))
    session = onnxruntime.InferenceSession(
        face.path / m["graph"], providers=["CPUExecutionProvider"]
    )
    hop, offset, length = m["hop"], m["window"]["offset"], m["window"]["length"]
    noise = [
        sum(uniform_at(seed, 1000 + i, part) for part in range(12)) - 6
        for i in range(m["noise_size"])
    ]
    given = {
        "emotion": np.eye(8, dtype=np.float32)[[EMOTIONS.index(emotion)]],
        "identity": np.eye(m["identity_size"], dtype=np.float32)[[identity]],
        "noise": np.array([noise], np.float32),
    }
    memory = np.zeros(m["state"][0]["shape"], np.float32)
    padded = np.concatenate([np.zeros(length, np.float32), audio, np.zeros(length, np.float32)])
    names = [output.name for output in session.get_outputs()]
    made: dict[str, list[np.ndarray]] = {name: [] for name in names}
    for step in range(-((m["look_ahead"] - 1) // hop), len(audio) // hop):
        window = padded[step * hop + offset + length :][None, :length]
        outputs = dict(
            zip(
                names, session.run(names, {**given, "audio": window, "memory": memory}), strict=True
            )
        )
        memory = outputs["memory_out"]
        if step >= 0:
            for name in names:
                made[name].append(outputs[name][0])
    return m, {name: np.concatenate(made[name]) for name in names if name != "memory_out"}


@pytest.mark.parametrize(("identity", "emotion"), [(0, "happy"), (2, "fearful"), (1, "neutral")])
def test_a_graph_is_told_emotion_identity_and_noise(emotion_face, bursts, identity, emotion):
    audio = (bursts[:16000] / 32768).astype(np.float32)
    name = emotion_face.identities[identity]
    face = TalkFace(emotion_face.path, style={"talkface_style": 1, "identities": {name: 1.0}})
    clip = face.animate(audio, raw=True, emotion=emotion, seed=11)
    m, outputs = run_graph(face, audio, identity, emotion, 11)
    expected = np.zeros_like(clip.weights)
    expected[:, [CHANNEL_INDEX[c] for c in m["channels"]]] = outputs["weights"]
    columns = [CHANNEL_INDEX[c] for c in m["expression_channels"]]
    base, d = expected[:, columns], outputs["expression"]
    expected[:, columns] = base + np.where(d > 0, d * (1 - base), d * base)
    assert np.abs(clip.weights - expected).max() < 1e-5
    assert np.abs(clip.emotion - outputs["heard"][:, :8]).max() < 1e-5
    assert np.abs(clip.head_translation - outputs["head"][:, 6:]).max() < 1e-6
    first, second = outputs["head"][:, :3], outputs["head"][:, 3:6]
    x, y, z, w = clip.head_rotation.T
    across = np.stack([1 - 2 * (y * y + z * z), 2 * (x * y + z * w), 2 * (x * z - y * w)], axis=1)
    assert np.abs(across - first / np.linalg.norm(first, axis=1, keepdims=True)).max() < 1e-5
    up = np.stack([2 * (x * y - z * w), 1 - 2 * (x * x + z * z), 2 * (y * z + x * w)], axis=1)
    lies = second - (second * across).sum(axis=1, keepdims=True) * across
    assert np.abs(up - lies / np.linalg.norm(lies, axis=1, keepdims=True)).max() < 1e-5


def test_the_emotion_bundle_gives_its_golden_poses(emotion_face: TalkFace, bursts) -> None:
    clip = emotion_face.animate(bursts, 16000, fps=60, seed=7)
    with np.load(emotion_face.path.parent / "tiny_emotion_poses.npz", allow_pickle=False) as golden:
        for name in golden.files:
            assert np.abs(getattr(clip, name) - golden[name]).max() <= 1e-5, name
