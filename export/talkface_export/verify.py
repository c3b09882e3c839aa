"""The proof of a bundle: torch = ONNX Runtime = C++ on its golden clip (law (f))."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from talkface import TalkFace


@dataclass(frozen=True)
class Differences:
    """Largest absolute differences from the golden frames."""

    onnxruntime: float
    runtime: float

    def within(self, tolerance: float) -> bool:
        return max(self.onnxruntime, self.runtime) <= tolerance

    def __str__(self) -> str:
        return (
            f"torch to ONNX Runtime {self.onnxruntime:.2e}, "
            f"torch to the C++ runtime {self.runtime:.2e}"
        )


def run_graph(
    folder: Path,
    audio: NDArray[np.float32],
    mix: NDArray[np.float32] | None = None,
    noise: NDArray[np.float32] | None = None,
) -> dict[str, NDArray[np.float32]]:
    """Step the bundle's graph through Python's ONNX Runtime as the C++ runtime does.

    ``audio``: mono float32 at the model's rate; ``mix`` [8]: the emotion to show, neutral if not
    given; ``noise`` [noise_size]: zeros if not given. The identity is the first. Returns each
    output for frames with t < the end.
    """
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        str(folder / manifest["graph"]), options, providers=["CPUExecutionProvider"]
    )
    hop, length = manifest["hop"], manifest["window"]["length"]
    reach = manifest["look_ahead"]
    step_frames = manifest["frames_per_step"]
    rate = manifest["frame_rate"]["num"] / manifest["frame_rate"]["den"]
    frames = int(np.ceil(len(audio) * rate / manifest["sample_rate"]))
    first = -(max(reach - 1, 0) // hop)
    steps = -(-frames // step_frames)
    lead = length - reach - first * hop
    padded = np.concatenate(
        [np.zeros(lead, np.float32), audio, np.zeros(steps * hop + reach, np.float32)]
    )
    state = {entry["input"]: initial_of(entry) for entry in manifest["state"]}
    names = list(manifest["outputs"])
    outputs: dict[str, list[NDArray[np.float32]]] = {name: [] for name in names}
    given = _conditions(manifest, mix, noise)
    wanted = list(manifest["outputs"].values()) + [entry["output"] for entry in manifest["state"]]
    for index in range(steps - first):
        window = padded[index * hop : index * hop + length][None]
        values = session.run(wanted, {manifest["inputs"]["audio"]: window, **given, **state})
        state = {
            entry["input"]: value
            for entry, value in zip(manifest["state"], values[len(names) :], strict=True)
        }
        if index + first >= 0:
            for name, value in zip(names, values, strict=False):
                outputs[name].append(value[0])
    return {name: np.concatenate(parts)[:frames] for name, parts in outputs.items()}


def _conditions(
    manifest: dict[str, Any], mix: NDArray[np.float32] | None, noise: NDArray[np.float32] | None
) -> dict[str, NDArray[np.float32]]:
    first = np.eye(1, max(manifest["identity_size"], 1), dtype=np.float32)
    neutral = np.eye(1, max(len(manifest["emotions"]), 1), dtype=np.float32)
    values = {
        "emotion": neutral if mix is None else mix[None],
        "identity": first,
        "noise": (
            np.zeros((1, manifest.get("noise_size", 0)), np.float32)
            if noise is None
            else noise[None]
        ),
    }
    return {port: values[name] for name, port in manifest["inputs"].items() if name in values}


def drawn(size: int, seed: int = 0) -> NDArray[np.float32]:
    """The noise [size] that the C++ runtime holds for the first phrase of a stream of ``seed``
    (anim/latent.h): 12 uniforms a number, whose sum has variance 1."""
    sums = [sum(_uniform(seed, 1000 + i, part) for part in range(12)) - 6.0 for i in range(size)]
    return np.array(sums, np.float32)


def _uniform(seed: int, stream: int, counter: int) -> float:
    # base/prng.h
    word = (1 << 64) - 1
    z = seed * 0x9E3779B97F4A7C15 + stream * 0xD1B54A32D192ED03
    z = (z + counter * 0x2545F4914F6CDD1D + 0x632BE59BD9B4E019) & word
    for _ in range(2):
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & word
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & word
        z ^= z >> 31
    return (z >> 11) / 9007199254740992.0


def initial_of(entry: dict[str, Any]) -> NDArray[np.float32]:
    """The value at a fresh stream of an entry of a manifest's ``state``."""
    state = np.zeros(entry["shape"], np.float32)
    if "initial" in entry:
        state.flat[:] = entry["initial"]
    return state


def verify_bundle(folder: Path) -> Differences:
    """Compare a bundle's golden frames with Python's ONNX Runtime and with the C++ runtime."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    with np.load(folder / manifest["golden"], allow_pickle=False) as golden:
        reference = {name: golden[name] for name in golden.files}
    audio = reference.pop("audio")
    mix, noise = reference.pop("mix", None), reference.pop("noise", None)
    stepped = run_graph(folder, audio.astype(np.float32) / 32768.0, mix, noise)
    graph = max(_distance(stepped[name], value) for name, value in reference.items())
    face = TalkFace(folder)
    told: dict[str, Any] = {}
    if mix is not None:
        shares = dict(zip(manifest["emotions"], mix.tolist(), strict=True))
        told = {"emotion": shares, "knobs": {"emotion_transition_ms": 0.0}}
    clip = face.animate(audio, manifest["sample_rate"], raw=True, **told)
    columns = [clip.channels.index(name) for name in manifest["channels"]]
    expected = np.zeros_like(clip.weights)
    expected[:, columns] = reference["weights"]
    if "expression" in reference:
        added = [clip.channels.index(name) for name in manifest["expression_channels"]]
        more = reference["expression"]
        base = expected[:, added]
        expected[:, added] = base + more * np.where(more > 0, 1.0 - base, base)
    runtime = _distance(clip.weights, np.clip(expected, 0.0, 1.0))
    for name in ("visemes", "emotion"):
        if name in reference:
            ours = getattr(clip, name)
            runtime = max(runtime, _distance(ours, reference[name][:, : ours.shape[1]]))
    return Differences(graph, runtime)


def _distance(a: NDArray[Any], b: NDArray[Any]) -> float:
    if a.shape != b.shape:
        raise ValueError(f"shapes differ: {a.shape} and {b.shape}")
    return float(np.abs(a.astype(np.float64) - b).max())
