"""Writing a bundle: graph, golden clip, manifest with hashes; nothing unless it proves equal."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from talkface.rig import EMOTIONS
from talkface_export.articulation import FILE_NAME, articulation_text, digest_of
from talkface_export.graph import export_graph, output_ports
from talkface_export.verify import Differences, verify_bundle
from talkface_train.articulation import load_articulation
from talkface_train.articulation.model import expansion
from talkface_train.models.feeling import Conditions, Feeling, shown
from talkface_train.models.frontend import SAMPLE_RATE
from talkface_train.models.head import LATENT
from talkface_train.models.streaming import FRAME_RATE, FRAMES_PER_STEP, HOP
from talkface_train.models.whole import StreamingModel

GOLDEN_MIX = {"happy": 0.6, "surprised": 0.3}
"""Shown throughout the golden clip."""
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
    feeling = model.feeling
    ports = Conditions._fields if feeling else ()
    return {
        "schema": 2 if feeling else 1,
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
        "inputs": {name: name for name in ("audio", *ports)},
        "outputs": output_ports(model),
        "channels": list(expansion(_articulators(facts))[0]),
        "emotions": list(EMOTIONS) if feeling else [],
        "identity_size": len(feeling.identities) if feeling else 0,
        "style_size": 0,
        **(_felt(feeling) if feeling else {}),
        "state": state_entries(model.initial_state()),
        "tolerance": TOLERANCE,
        "golden": "golden.npz",
        "articulation": FILE_NAME,
    }


def state_entries(state: Mapping[str, Tensor]) -> list[dict[str, Any]]:
    """A manifest's ``state`` of a graph whose outputs add ``_out`` to the inputs' names."""
    entries = []
    for name, value in state.items():
        entry: dict[str, Any] = {
            "input": name,
            "output": f"{name}_out",
            "shape": list(value.shape),
        }
        if bool((value != 0).any()):
            entry["initial"] = [float(x) for x in value.flatten()]
        entries.append(entry)
    return entries


def _felt(feeling: Feeling) -> dict[str, Any]:
    with torch.inference_mode():
        rest = feeling.expression_at_rest()
    return {
        "identities": list(feeling.identities),
        "noise_size": LATENT,
        "expression_channels": list(feeling.channels),
        "expression_rest": [[round(float(x), 6) for x in row] for row in rest],
    }


def _articulators(facts: BundleFacts) -> tuple[str, ...]:
    return load_articulation(facts.articulation).channels


def golden_of(
    model: StreamingModel, facts: BundleFacts, audio: NDArray[np.int16]
) -> dict[str, NDArray[Any]]:
    """What torch makes of a clip: the reference that every runtime is held to. With a feeling, for
    ``mix``, a constant emotion."""
    samples = torch.from_numpy(audio.astype(np.float32) / 32768.0)
    mix = shown(GOLDEN_MIX)
    conditions = model.feeling.defaults()._replace(emotion=mix) if model.feeling else None
    with torch.inference_mode():
        made = {name: value.numpy() for name, value in model.full(samples, conditions).items()}
    _, matrix = expansion(_articulators(facts))
    weights = (made.pop("curves") @ matrix).astype(np.float32)
    told = {"mix": mix[0].numpy()} if model.feeling else {}
    return {"audio": audio, "weights": weights, **made, **told}


def write_bundle(
    model: StreamingModel, audio: NDArray[np.int16], facts: BundleFacts, folder: Path
) -> Differences:
    """Export, verify, and only then put the bundle in place of ``folder``.

    ``audio``: the golden clip, int16 mono at 16 kHz. Raises ParityError when torch, ONNX Runtime
    and the C++ runtime differ by more than the tolerance.
    """

    def fill(work: Path) -> dict[str, Any]:
        export_graph(model, _articulators(facts), work / "model.onnx")
        np.savez(work / "golden.npz", **golden_of(model, facts, audio))  # type: ignore[arg-type]
        table = articulation_text(facts.articulation)
        (work / FILE_NAME).write_text(table, encoding="utf-8")
        for name, text in facts.documents.items():
            (work / name).write_text(text, encoding="utf-8")
        return manifest_of(model, facts)

    return put_bundle(folder, fill)


def put_bundle(folder: Path, fill: Callable[[Path], dict[str, Any]]) -> Differences:
    """Put a bundle in place of ``folder`` once it is proved. ``fill`` writes its files into a
    folder and returns its manifest, which gets its ``files`` here. Raises ParityError."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        work = Path(temporary) / "bundle"
        work.mkdir()
        manifest = fill(work)
        manifest["files"] = hashes_of(work)
        text = json.dumps(manifest, indent=1) + "\n"
        (work / "manifest.json").write_text(text, encoding="utf-8")
        differences = verify_bundle(work)
        allowed = manifest["tolerance"]
        if not differences.within(allowed):
            raise ParityError(f"no bundle was written: {differences}, allowed {allowed}")
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
