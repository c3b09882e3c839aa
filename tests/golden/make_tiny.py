"""Make the seeded tiny bundle and its golden poses (`make golden`).

The tiny bundle covers what the default one does not: another hop and frame rate, a window that
reaches back, an emotion output, no visemes, a state with an initial value. It is built from ONNX
operators alone, so the tests that use it need no torch. The articulation table is the default
one's. The second tiny bundle is make_tiny_emotion.py's.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tiny_speech import tiny_speech

HERE = Path(__file__).parent
HOP, LOOK_AHEAD, LENGTH, FRAMES, HIDDEN = 320, 400, 640, 2, 24
CHANNELS = [
    "jawOpen", "mouthClose", "mouthPucker", "mouthPressLeft", "mouthPressRight", "eyeBlinkLeft",
    "browInnerUp", "tongueOut",
]  # fmt: skip
EMOTIONS = [
    "neutral", "happy", "sad", "angry", "fearful", "disgusted", "surprised", "contempt",
]  # fmt: skip


def port(name: str, *shape: int) -> onnx.ValueInfoProto:
    """An input or output of this shape behind a free batch."""
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", *shape])


def graph() -> onnx.ModelProto:
    generator = np.random.default_rng(42)

    def constant(name: str, *shape: int, scale: float = 1.0) -> onnx.TensorProto:
        values = generator.normal(0, scale, shape).astype(np.float32)
        return numpy_helper.from_array(values, name)

    shapes = {
        "frames_by": [0, FRAMES, -1],
        "flat": [0, FRAMES],
    }
    initializers = [
        constant("w_in", LENGTH, HIDDEN, scale=0.4),
        constant("w_state", HIDDEN, HIDDEN, scale=0.15),
        constant("w_weights", HIDDEN, FRAMES * len(CHANNELS), scale=0.8),
        constant("w_closure", HIDDEN, FRAMES, scale=1.5),
        constant("w_class", HIDDEN, FRAMES * 8, scale=0.7),
        constant("w_affect", HIDDEN, FRAMES * 2, scale=0.7),
        numpy_helper.from_array(np.float32([[0.95]]), "decay"),
        numpy_helper.from_array(np.float32([[-1.0]]), "shift"),
        *(numpy_helper.from_array(np.int64(v), k) for k, v in shapes.items()),
    ]
    node = helper.make_node
    nodes = [
        node("MatMul", ["audio", "w_in"], ["a"]),
        node("MatMul", ["memory", "w_state"], ["b"]),
        node("Mul", ["bias", "decay"], ["bias_out"]),
        node("Add", ["a", "b"], ["ab"]),
        node("Add", ["ab", "bias_out"], ["abc"]),
        node("Tanh", ["abc"], ["memory_out"]),
        node("MatMul", ["memory_out", "w_weights"], ["wl"]),
        node("Add", ["wl", "shift"], ["ws"]),
        node("Sigmoid", ["ws"], ["wg"]),
        node("Reshape", ["wg", "frames_by"], ["weights"]),
        node("MatMul", ["memory_out", "w_closure"], ["cl"]),
        node("Sigmoid", ["cl"], ["cg"]),
        node("Reshape", ["cg", "flat"], ["closure"]),
        node("MatMul", ["memory_out", "w_class"], ["el"]),
        node("Reshape", ["el", "frames_by"], ["er"]),
        node("Softmax", ["er"], ["es"], axis=2),
        node("MatMul", ["memory_out", "w_affect"], ["vl"]),
        node("Tanh", ["vl"], ["vt"]),
        node("Reshape", ["vt", "frames_by"], ["va"]),
        node("Concat", ["es", "va"], ["emotion"], axis=2),
    ]

    model = helper.make_model(
        helper.make_graph(
            nodes,
            "tiny",
            [port("audio", LENGTH), port("memory", HIDDEN), port("bias", 1)],
            [
                port("weights", FRAMES, len(CHANNELS)),
                port("closure", FRAMES),
                port("emotion", FRAMES, 10),
                port("memory_out", HIDDEN),
                port("bias_out", 1),
            ],
            initializers,
        ),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=8,
    )
    onnx.checker.check_model(model, full_check=True)
    return model


def file_entry(data: bytes) -> dict[str, object]:
    return {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def make_bundle(folder: Path) -> None:
    from talkface_export.articulation import articulation_text

    folder.mkdir(parents=True, exist_ok=True)
    data = graph().SerializeToString(deterministic=True)
    (folder / "model.onnx").write_bytes(data)
    table = articulation_text("v1").encode()
    (folder / "articulation.json").write_bytes(table)
    manifest = {
        "schema": 1,
        "name": "tiny",
        "version": "1.0.0",
        "licence": "Apache-2.0",
        "sample_rate": 16000,
        "hop": HOP,
        "look_ahead": LOOK_AHEAD,
        "window": {"offset": LOOK_AHEAD - LENGTH, "length": LENGTH},
        "frame_rate": {"num": 100, "den": 1},
        "frames_per_step": FRAMES,
        "graph": "model.onnx",
        "inputs": {"audio": "audio"},
        "outputs": {"weights": "weights", "closure": "closure", "emotion": "emotion"},
        "channels": CHANNELS,
        "emotions": EMOTIONS,
        "identity_size": 0,
        "style_size": 0,
        "state": [
            {"input": "memory", "output": "memory_out", "shape": [1, HIDDEN]},
            {"input": "bias", "output": "bias_out", "shape": [1, 1], "initial": [0.75]},
        ],
        "tolerance": 1e-4,
        "articulation": "articulation.json",
        "files": {"articulation.json": file_entry(table), "model.onnx": file_entry(data)},
    }
    text = json.dumps(manifest, indent=1) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def make_poses(bundle: Path, path: Path) -> None:
    from talkface import TalkFace

    clip = TalkFace(bundle).animate(tiny_speech(), 16000, fps=60, seed=7)
    np.savez_compressed(
        path,
        weights=clip.weights,
        head_rotation=clip.head_rotation,
        head_translation=clip.head_translation,
        emotion=clip.emotion,
    )


if __name__ == "__main__":
    make_bundle(HERE / "tiny")
    make_poses(HERE / "tiny", HERE / "tiny_poses.npz")
