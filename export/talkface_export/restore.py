"""A network from its bundle: the weights of ``model.onnx`` back in torch, to train on.

The graph folds the scale of features into its first layer; that is undone. The phone head and
the later frames of the closure forecast are not in a bundle: they start anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn

from talkface_train.models.captured import SLOPE, CapturedHead
from talkface_train.models.frontend import FEATURES, MEAN_START_WEIGHT, MELS
from talkface_train.models.streaming import (
    FEATURES_PER_STEP,
    FRAMES_PER_STEP,
    StreamingConfig,
    StreamingModel,
    StreamingNet,
)

Array = NDArray[np.float32]


class ForeignBundleError(ValueError):
    """A bundle that this training line did not make."""


def restore(folder: Path) -> StreamingModel:
    """The model that a bundle was exported from, in evaluation mode.

    Raises ForeignBundleError for a bundle of another network, FileNotFoundError for none.
    """
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    graph = onnx.load(str(folder / manifest["graph"])).graph
    tensors = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    table_name = manifest.get("articulation")
    try:
        table = json.loads((folder / table_name).read_text("utf-8"))
        states = {entry["input"]: entry for entry in manifest["state"]}
        config = _config(manifest, tensors, states, len(table["channels"]))
        net = StreamingNet(config)
        weights = _weights(graph, tensors, net)
        fresh = {k: v for k, v in net.state_dict().items() if k.startswith(("phones", "feature_"))}
        net.load_state_dict({**weights, **fresh})
        start = np.array(states["mean"]["initial"], dtype=np.float32)
        prior = torch.from_numpy(start[:MELS] / MEAN_START_WEIGHT)
        captured = _captured(tensors, config)
    except (KeyError, TypeError, RuntimeError, StopIteration) as error:
        raise ForeignBundleError(f"{folder} holds another network: {error}") from error
    return StreamingModel(net, prior, captured).eval()


def _config(
    manifest: dict[str, Any], tensors: dict[str, Array], states: dict[str, Any], curves: int
) -> StreamingConfig:
    cached = states["features"]["shape"][1]
    width = tensors["model.stack.weight"].shape[0]
    blur = tensors["model.blur"]
    before, behind = float(blur[0, 0]), float(blur[0, 3])
    return StreamingConfig(
        look_ahead=manifest["look_ahead"],
        context=cached + FEATURES_PER_STEP,
        width=width,
        layers=states["splices"]["shape"][1] // width,
        hidden=states["gru"]["shape"][2],
        curves=curves,
        smoothing=(before, behind),
        blending=float(blur[0, 1]) / (1.0 - before - behind),
    )


def _weights(
    graph: onnx.GraphProto,
    tensors: dict[str, Array],
    net: StreamingNet,
) -> dict[str, Tensor]:
    found = {
        name.removeprefix("model.net."): torch.tensor(value)
        for name, value in tensors.items()
        if name.startswith("model.net.")
    }
    folded = torch.tensor(tensors["model.stack.weight"])
    repeats = folded.shape[1] // FEATURES
    buffers = net.state_dict()
    shift, scale = (buffers[name].repeat(repeats) for name in ("feature_shift", "feature_scale"))
    found["stack.weight"] = folded / scale
    found["stack.bias"] = torch.tensor(tensors["model.stack.bias"]) - folded @ shift
    rows = {name: tensors[f"model.lips.{name}"] for name in ("weight", "bias")}
    for name, value in rows.items():
        frames = _by_frame(value)
        found[f"curves.{name}"] = torch.tensor(frames[:, : net.config.curves]).flatten(0, 1)
        found[f"closure.{name}"] = torch.tensor(frames[:FRAMES_PER_STEP, -1])
        found[f"forecast.{name}"] = buffers[f"forecast.{name}"].clone()
        found[f"forecast.{name}"][0] = torch.tensor(frames[-1, -1])
    node = next(node for node in graph.node if node.op_type == "GRU")
    taken, kept, biases = (tensors[name][0] for name in node.input[1:4])
    bias_in, bias_kept = np.split(biases, 2)
    for name, value in (
        ("weight_ih", taken), ("weight_hh", kept), ("bias_ih", bias_in), ("bias_hh", bias_kept),
    ):  # fmt: skip
        # ONNX orders the gates z, r, h; torch r, z, n.
        update, reset, new = np.split(value, 3)
        found[f"gru.{name}_l0"] = torch.tensor(np.concatenate([reset, update, new]))
    return found


def _by_frame(rows: Array) -> Array:
    return rows.reshape(FRAMES_PER_STEP + 1, -1, *rows.shape[1:])


def _captured(tensors: dict[str, Array], config: StreamingConfig) -> CapturedHead | None:
    if "model.blend" not in tensors:
        return None
    shares = tensors["model.blend"][config.curves :] / SLOPE
    channels = [int(column) for column in shares.argmax(axis=1)]
    head = CapturedHead(
        config.width, FRAMES_PER_STEP + 1, channels, [float(share) for share in shares.max(axis=1)]
    )
    for name in ("weight", "bias"):
        rows = _by_frame(tensors[f"model.lips.{name}"])[:, config.curves : -1]
        setattr(head.rows, name, nn.Parameter(torch.tensor(rows / SLOPE).flatten(0, 1)))
    return head
