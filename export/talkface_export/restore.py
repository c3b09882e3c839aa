"""A bundle's networks: the weights of ``model.onnx`` back in torch, to train on.

The graph folds the scale of features into each first layer; that is undone. The phone heads and
the later frames of the closure forecasts are not in a bundle: they start anew.
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
from talkface_train.models.emotion import Listener
from talkface_train.models.expression import ExpressionNet
from talkface_train.models.feeling import Feeling
from talkface_train.models.frontend import FEATURES, MEAN_START_WEIGHT, MELS
from talkface_train.models.head import HeadNet
from talkface_train.models.streaming import (
    FEATURES_PER_STEP,
    FRAMES_PER_STEP,
    StreamingConfig,
    StreamingNet,
)
from talkface_train.models.whole import FRAMES_TOLD, Member, StreamingModel

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
        start = np.array(states["mean"]["initial"], dtype=np.float32)
        prior = torch.from_numpy(start[:MELS] / MEAN_START_WEIGHT)
        units = [
            [tensors[name][0] for name in node.input[1:4]]
            for node in graph.node
            if node.op_type == "GRU"
        ]
        felt = _named(tensors, "model.feeling.")
        feeling = _feeling(manifest, felt, units.pop()) if felt else None
        if not units:
            raise KeyError("no recurrent unit")
        members = []
        for index, recurrent in enumerate(units):
            own = _named(tensors, f"model.members.{index}.")
            config = _config(manifest, tensors["model.blur"], own, recurrent, states, table)
            members.append(_member(config, own, recurrent, tensors.get("model.blend")))
    except (KeyError, TypeError, RuntimeError) as error:
        raise ForeignBundleError(f"{folder} holds another network: {error}") from error
    shares = tensors.get("model.shares")
    counts = None if shares is None else shares[0].tolist()
    return StreamingModel(members, prior, counts, feeling).eval()


def _named(tensors: dict[str, Array], prefix: str) -> dict[str, Array]:
    return {
        name.removeprefix(prefix): value
        for name, value in tensors.items()
        if name.startswith(prefix)
    }


def _member(
    config: StreamingConfig, own: dict[str, Array], recurrent: list[Array], blend: Array | None
) -> Member:
    net = StreamingNet(config)
    weights = _weights(own, recurrent, net)
    fresh = {k: v for k, v in net.state_dict().items() if k.startswith(("phones", "feature_"))}
    net.load_state_dict({**weights, **fresh})
    return Member(net, None if blend is None else _captured(blend, own, config))


def _config(
    manifest: dict[str, Any],
    blur: Array,
    own: dict[str, Array],
    recurrent: list[Array],
    states: dict[str, Any],
    table: dict[str, Any],
) -> StreamingConfig:
    cached = states["features"]["shape"][1]
    before, behind, told = (round(float(blur[0, column]), 6) for column in (0, 3, 1))
    return StreamingConfig(
        look_ahead=manifest["look_ahead"],
        context=cached + FEATURES_PER_STEP,
        width=own["stack.weight"].shape[0],
        layers=sum(name.startswith("net.splices.") and "weight" in name for name in own),
        hidden=recurrent[1].shape[1],
        curves=len(table["channels"]),
        smoothing=(before, behind),
        blending=round(told / (1.0 - before - behind), 6),
    )


def _weights(own: dict[str, Array], recurrent: list[Array], net: StreamingNet) -> dict[str, Tensor]:
    found = {name: torch.tensor(value) for name, value in _named(own, "net.").items()}
    folded = torch.tensor(own["stack.weight"])
    repeats = folded.shape[1] // FEATURES
    buffers = net.state_dict()
    shift, scale = (buffers[name].repeat(repeats) for name in ("feature_shift", "feature_scale"))
    found["stack.weight"] = folded / scale
    found["stack.bias"] = torch.tensor(own["stack.bias"]) - folded @ shift
    rows = {name: own[f"lips.{name}"] for name in ("weight", "bias")}
    for name, value in rows.items():
        frames = _by_frame(value)
        found[f"curves.{name}"] = torch.tensor(frames[:, : net.config.curves]).flatten(0, 1)
        found[f"closure.{name}"] = torch.tensor(frames[:FRAMES_PER_STEP, -1])
        found[f"forecast.{name}"] = buffers[f"forecast.{name}"].clone()
        found[f"forecast.{name}"][0] = torch.tensor(frames[-1, -1])
    return {**found, **_recurrent("gru", recurrent)}


def _recurrent(prefix: str, unit: list[Array]) -> dict[str, Tensor]:
    taken, kept, biases = unit
    bias_in, bias_kept = np.split(biases, 2)
    found = {}
    for name, value in (
        ("weight_ih", taken), ("weight_hh", kept), ("bias_ih", bias_in), ("bias_hh", bias_kept),
    ):  # fmt: skip
        # ONNX orders the gates z, r, h; torch r, z, n.
        update, reset, new = np.split(value, 3)
        found[f"{prefix}.{name}_l0"] = torch.tensor(np.concatenate([reset, update, new]))
    return found


def _feeling(manifest: dict[str, Any], own: dict[str, Array], head_unit: list[Array]) -> Feeling:
    listener = Listener(len(own["listener.hidden.bias"]))
    expression = ExpressionNet(own["expression.amount"].shape[1], len(own["expression.people"]))
    head = HeadNet(head_unit[1].shape[1], len(own["head.manner.bias"]))
    feeling = Feeling(
        listener, expression, head, manifest["identities"], manifest["expression_channels"],
        torch.tensor(own["articulation"]),
    )  # fmt: skip
    known = {name: torch.tensor(own[name]) for name in feeling.state_dict() if name in own}
    # What silence leaves of the head's unit is not in the graph but where a stream begins.
    begin = next(entry for entry in manifest["state"] if entry["input"] == "head_memory")
    start = begin.get("initial", [0.0] * head.state_size)
    rest = {"head.rest": torch.tensor(start[: head.hidden])}
    feeling.load_state_dict({**known, **rest, **_recurrent("head.gru", head_unit)})
    return feeling.eval()


def _by_frame(rows: Array) -> Array:
    return rows.reshape(FRAMES_TOLD, -1, *rows.shape[1:])


def _captured(blend: Array, own: dict[str, Array], config: StreamingConfig) -> CapturedHead:
    shares = blend[config.curves :] / SLOPE
    channels = [int(column) for column in shares.argmax(axis=1)]
    head = CapturedHead(
        config.width, FRAMES_TOLD, channels, [float(share) for share in shares.max(axis=1)]
    )
    for name in ("weight", "bias"):
        rows = _by_frame(own[f"lips.{name}"])[:, config.curves : -1]
        setattr(head.rows, name, nn.Parameter(torch.tensor(rows / SLOPE).flatten(0, 1)))
    return head
