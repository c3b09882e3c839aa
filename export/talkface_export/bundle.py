"""Writing a bundle: graph, golden clip, manifest with hashes; nothing unless it proves equal."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from talkface_export.articulation import FILE_NAME, articulation_text, digest_of
from talkface_export.graph import OUTPUTS, export_graph
from talkface_export.verify import Differences, verify_bundle
from talkface_train.articulation import load_articulation
from talkface_train.articulation.model import expansion
from talkface_train.models.frontend import SAMPLE_RATE
from talkface_train.models.streaming import FRAME_RATE, FRAMES_PER_STEP, HOP
from talkface_train.models.whole import StreamingModel

SCHEMA = 1
TOLERANCE = 1e-4


class ParityError(RuntimeError):
    """Torch, ONNX Runtime and the C++ runtime disagree: no bundle was written."""


@dataclass(frozen=True)
class BundleFacts:
    """What the manifest says beside the numbers.

    ``articulation``: version of the table that the model was trained towards; ``documents``: files
    to put in, by name.
    """

    name: str
    version: str
    licence: str
    articulation: str
    documents: dict[str, str]


def manifest_of(model: StreamingModel, facts: BundleFacts) -> dict[str, Any]:
    """The manifest without ``files``. Schema: docs/bundle.md."""
    state = []
    for name, value in model.initial_state().items():
        entry: dict[str, Any] = {
            "input": name,
            "output": f"{name}_out",
            "shape": list(value.shape),
        }
        if bool((value != 0).any()):
            entry["initial"] = [float(x) for x in value.flatten()]
        state.append(entry)
    return {
        "schema": SCHEMA,
        "name": facts.name,
        "version": facts.version,
        "licence": facts.licence,
        "sample_rate": SAMPLE_RATE,
        "hop": HOP,
        "look_ahead": model.config.look_ahead,
        "window": {"offset": model.offset, "length": model.window},
        "frame_rate": {"num": FRAME_RATE, "den": 1},
        "frames_per_step": FRAMES_PER_STEP,
        "graph": "model.onnx",
        "inputs": {"audio": "audio"},
        "outputs": {name: name for name in OUTPUTS},
        "channels": list(expansion(_articulators(facts))[0]),
        "emotions": [],
        "identity_size": 0,
        "style_size": 0,
        "state": state,
        "tolerance": TOLERANCE,
        "golden": "golden.npz",
        "articulation": FILE_NAME,
    }


def _articulators(facts: BundleFacts) -> tuple[str, ...]:
    return load_articulation(facts.articulation).channels


def golden_of(
    model: StreamingModel, facts: BundleFacts, audio: NDArray[np.int16]
) -> dict[str, NDArray[Any]]:
    """What torch makes of a clip: the reference that every runtime is held to."""
    samples = torch.from_numpy(audio.astype(np.float32) / 32768.0)
    with torch.inference_mode():
        curves, visemes, closure = model.full(samples)
    _, matrix = expansion(_articulators(facts))
    return {
        "audio": audio,
        "weights": (curves.numpy() @ matrix).astype(np.float32),
        "visemes": visemes.numpy(),
        "closure": closure.numpy(),
    }


def write_bundle(
    model: StreamingModel, audio: NDArray[np.int16], facts: BundleFacts, folder: Path
) -> Differences:
    """Export, verify, and only then put the bundle in place of ``folder``.

    ``audio``: the golden clip, int16 mono at 16 kHz. Raises ParityError when torch, ONNX Runtime
    and the C++ runtime differ by more than the tolerance.
    """
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        work = Path(temporary) / "bundle"
        work.mkdir()
        export_graph(model, _articulators(facts), work / "model.onnx")
        np.savez(work / "golden.npz", **golden_of(model, facts, audio))  # type: ignore[arg-type]
        table = articulation_text(facts.articulation)
        (work / FILE_NAME).write_text(table, encoding="utf-8")
        for name, text in facts.documents.items():
            (work / name).write_text(text, encoding="utf-8")
        manifest = manifest_of(model, facts)
        manifest["files"] = hashes_of(work)
        text = json.dumps(manifest, indent=1) + "\n"
        (work / "manifest.json").write_text(text, encoding="utf-8")
        differences = verify_bundle(work)
        if not differences.within(TOLERANCE):
            raise ParityError(f"no bundle was written: {differences}, allowed {TOLERANCE}")
        if folder.exists():
            shutil.rmtree(folder)
        shutil.move(work, folder)
    return differences


def hashes_of(folder: Path) -> dict[str, dict[str, Any]]:
    """Size and SHA-256 of every file but the manifest."""
    return {
        path.name: digest_of(path)
        for path in sorted(folder.iterdir())
        if path.name != "manifest.json"
    }
