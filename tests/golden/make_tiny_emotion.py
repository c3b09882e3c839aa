"""The second seeded tiny bundle: schema 2, with emotion, identities, head and noise.

Its graph hears how loud the audio is: loud speech is happy, quiet audio silent. Expression follows
the emotion input, the head the noise, the weights the identity.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
from make_tiny import EMOTIONS, file_entry, make_poses, port
from onnx import TensorProto, helper, numpy_helper

HOP, LOOK_AHEAD, LENGTH, FRAMES, HIDDEN, PARTS, NOISE = 320, 1280, 1920, 2, 12, 12, 4
IDENTITIES = ["ada", "ben", "cho"]
CHANNELS = [
    "jawOpen", "mouthClose", "mouthPucker", "mouthPressLeft", "mouthPressRight", "mouthSmileLeft",
    "mouthLowerDownLeft", "browInnerUp", "tongueOut",
]  # fmt: skip
EXPRESSION = [
    "jawOpen", "mouthClose", "mouthSmileLeft", "mouthSmileRight", "mouthFrownLeft",
    "mouthUpperUpLeft", "mouthPressLeft", "browInnerUp", "browDownLeft", "cheekSquintLeft",
]  # fmt: skip


def expression_rest() -> np.ndarray:
    """What each emotion adds to a silent face, float32 [8, E] in [-1, 1]; neutral's is 0."""
    rest = np.round(np.random.default_rng(7).uniform(-0.5, 0.8, (8, len(EXPRESSION))), 3)
    rest[0] = 0
    rest[1, [2, 3]] = 0.8, 0.75  # a happy face smiles
    return rest.astype(np.float32)


def graph() -> onnx.ModelProto:
    generator = np.random.default_rng(43)

    def constant(name: str, *shape: int, scale: float = 1.0) -> onnx.TensorProto:
        return numpy_helper.from_array(generator.normal(0, scale, shape).astype(np.float32), name)

    def given(name: str, values: object, kind: type = np.float32) -> onnx.TensorProto:
        return numpy_helper.from_array(np.asarray(values, kind), name)

    count = len(EXPRESSION)
    silent = np.full((1, FRAMES, 15), 0.0, np.float32)
    silent[:, :, 0] = 6
    loud = np.zeros((1, FRAMES, 15), np.float32)
    loud[:, :, 0] = -250
    happy = np.zeros((1, FRAMES, 8), np.float32)
    happy[:, :, 1] = 40
    identity_head = np.tile(np.float32([1, 0, 0, 0, 1, 0, 0, 0, 0]), (1, FRAMES, 1))
    head_scale = np.float32([0.1] * 6 + [0.01] * 3).reshape(1, 1, 9)
    shapes = {
        "parts": [0, PARTS, LENGTH // PARTS],
        "frames_by": [0, FRAMES, -1],
        "flat": [0, FRAMES],
        "over_frames": [0, 1, -1],
    }
    initializers = [
        constant("w_in", PARTS, HIDDEN, scale=8.0),
        constant("w_state", HIDDEN, HIDDEN, scale=0.15),
        constant("w_identity", len(IDENTITIES), HIDDEN, scale=0.5),
        constant("w_weights", HIDDEN, FRAMES * len(CHANNELS), scale=0.8),
        constant("w_closure", HIDDEN, FRAMES, scale=1.5),
        constant("w_class", HIDDEN, FRAMES * 8, scale=0.5),
        constant("w_affect", HIDDEN, FRAMES * 2, scale=0.7),
        constant("w_lively", HIDDEN, FRAMES * count, scale=0.7),
        constant("w_head", HIDDEN, FRAMES * 9, scale=0.7),
        constant("w_noise", NOISE, 9, scale=0.8),
        given("w_emotion", expression_rest()),
        given("silent", silent),
        given("loud", loud),
        given("happy", happy),
        given("upright", identity_head),
        given("head_scale", head_scale),
        given("shift", [[-1.0]]),
        *(given(name, shape, np.int64) for name, shape in shapes.items()),
    ]
    node = helper.make_node
    nodes = [
        node("Reshape", ["audio", "parts"], ["in_parts"]),
        node("ReduceL2", ["in_parts"], ["long"], axes=[2], keepdims=0),
        node("Constant", [], ["per_sample"], value_float=(LENGTH / PARTS) ** -0.5),
        node("Mul", ["long", "per_sample"], ["loudness"]),
        node("ReduceMean", ["loudness"], ["level"], axes=[1], keepdims=1),
        node("Reshape", ["level", "over_frames"], ["level3"]),
        node("MatMul", ["loudness", "w_in"], ["a"]),
        node("MatMul", ["memory", "w_state"], ["b"]),
        node("MatMul", ["identity", "w_identity"], ["c"]),
        node("Add", ["a", "b"], ["ab"]),
        node("Add", ["ab", "c"], ["abc"]),
        node("Tanh", ["abc"], ["memory_out"]),
        node("MatMul", ["memory_out", "w_weights"], ["wl"]),
        node("Add", ["wl", "shift"], ["ws"]),
        node("Sigmoid", ["ws"], ["wg"]),
        node("Reshape", ["wg", "frames_by"], ["weights"]),
        node("MatMul", ["memory_out", "w_closure"], ["cl"]),
        node("Sigmoid", ["cl"], ["cg"]),
        node("Reshape", ["cg", "flat"], ["closure"]),
        node("Mul", ["level3", "loud"], ["louder"]),
        node("Add", ["louder", "silent"], ["vis"]),
        node("Softmax", ["vis"], ["visemes"], axis=2),
        node("MatMul", ["memory_out", "w_class"], ["el"]),
        node("Reshape", ["el", "frames_by"], ["er"]),
        node("Mul", ["level3", "happy"], ["eh"]),
        node("Add", ["er", "eh"], ["ea"]),
        node("Softmax", ["ea"], ["es"], axis=2),
        node("MatMul", ["memory_out", "w_affect"], ["vl"]),
        node("Tanh", ["vl"], ["vt"]),
        node("Reshape", ["vt", "frames_by"], ["va"]),
        node("Concat", ["es", "va"], ["heard"], axis=2),
        node("MatMul", ["emotion", "w_emotion"], ["xm"]),
        node("Reshape", ["xm", "over_frames"], ["xc"]),
        node("MatMul", ["memory_out", "w_lively"], ["xl"]),
        node("Sigmoid", ["xl"], ["xs"]),
        node("Reshape", ["xs", "frames_by"], ["xf"]),
        node("Mul", ["xc", "xf"], ["expression"]),
        node("MatMul", ["noise", "w_noise"], ["hm"]),
        node("Reshape", ["hm", "over_frames"], ["hn"]),
        node("MatMul", ["memory_out", "w_head"], ["hl"]),
        node("Reshape", ["hl", "frames_by"], ["hf"]),
        node("Add", ["hf", "hn"], ["ha"]),
        node("Tanh", ["ha"], ["ht"]),
        node("Mul", ["ht", "head_scale"], ["hs"]),
        node("Add", ["hs", "upright"], ["head"]),
    ]

    model = helper.make_model(
        helper.make_graph(
            nodes,
            "tiny_emotion",
            [
                port("audio", LENGTH),
                port("emotion", 8),
                port("identity", len(IDENTITIES)),
                port("noise", NOISE),
                port("memory", HIDDEN),
            ],
            [
                port("weights", FRAMES, len(CHANNELS)),
                port("visemes", FRAMES, 15),
                port("closure", FRAMES),
                port("heard", FRAMES, 10),
                port("expression", FRAMES, count),
                port("head", FRAMES, 9),
                port("memory_out", HIDDEN),
            ],
            initializers,
        ),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=8,
    )
    onnx.checker.check_model(model, full_check=True)
    return model


def make_emotion_bundle(folder: Path) -> None:
    from talkface_export.articulation import articulation_text

    folder.mkdir(parents=True, exist_ok=True)
    table = articulation_text("v1").encode()
    (folder / "articulation.json").write_bytes(table)
    data = graph().SerializeToString(deterministic=True)
    (folder / "model.onnx").write_bytes(data)
    manifest = {
        "schema": 2,
        "name": "tiny-emotion",
        "version": "1.0.0",
        "licence": "Apache-2.0",
        "sample_rate": 16000,
        "hop": HOP,
        "look_ahead": LOOK_AHEAD,
        "window": {"offset": LOOK_AHEAD - LENGTH, "length": LENGTH},
        "frame_rate": {"num": 100, "den": 1},
        "frames_per_step": FRAMES,
        "graph": "model.onnx",
        "inputs": {name: name for name in ("audio", "emotion", "identity", "noise")},
        "outputs": {
            "weights": "weights",
            "visemes": "visemes",
            "closure": "closure",
            "emotion": "heard",
            "expression": "expression",
            "head": "head",
        },
        "channels": CHANNELS,
        "emotions": EMOTIONS,
        "identity_size": len(IDENTITIES),
        "identities": IDENTITIES,
        "style_size": 0,
        "noise_size": NOISE,
        "expression_channels": EXPRESSION,
        "expression_rest": [[round(float(x), 3) for x in row] for row in expression_rest()],
        "state": [{"input": "memory", "output": "memory_out", "shape": [1, HIDDEN]}],
        "tolerance": 1e-4,
        "articulation": "articulation.json",
        "files": {"articulation.json": file_entry(table), "model.onnx": file_entry(data)},
    }
    text = json.dumps(manifest, indent=1) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    HERE = Path(__file__).parent
    make_emotion_bundle(HERE / "tiny_emotion")
    make_poses(HERE / "tiny_emotion", HERE / "tiny_emotion_poses.npz")
