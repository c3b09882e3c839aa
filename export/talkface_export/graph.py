"""The streaming model as an ONNX graph."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import onnx
import torch
from torch import Tensor, nn

from talkface_train.articulation.model import expansion
from talkface_train.models.streaming import FRAMES_PER_STEP, StreamingModel

OPSET = 17
OUTPUTS = ("weights", "visemes", "closure")


class _Step(nn.Module):
    """``StreamingModel.step`` with the curves' rows repeated for left and right channels."""

    def __init__(self, model: StreamingModel, articulators: Sequence[str]) -> None:
        super().__init__()
        self.model = model
        _, matrix = expansion(articulators)
        source = torch.from_numpy(matrix).argmax(dim=0)
        width = matrix.shape[0]
        rows = torch.cat([source + frame * width for frame in range(FRAMES_PER_STEP)])
        curves = nn.Linear(model.net.curves.in_features, len(rows))
        with torch.no_grad():
            curves.weight = nn.Parameter(model.net.curves.weight[rows])
            curves.bias = nn.Parameter(model.net.curves.bias[rows])
        self.curves = curves

    def forward(self, audio: Tensor, *state: Tensor) -> tuple[Tensor, ...]:
        return self.model.step(audio, state, self.curves)


def export_graph(model: StreamingModel, articulators: Sequence[str], path: Path) -> None:
    """Write the graph: inputs ``audio`` and the states, outputs, and each state as ``*_out``.

    ``articulators``: names of the model's curves; ``weights`` has the ARKit channels they drive.
    """
    state = model.initial_state()
    names = list(state)
    inputs: tuple[Any, ...] = (torch.zeros(1, model.window), *state.values())
    step = _Step(model, articulators).eval()
    with warnings.catch_warnings(), torch.inference_mode():
        # The TorchScript exporter writes fewer operators for this graph than the newer one.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            step,
            inputs,
            str(path),
            opset_version=OPSET,
            dynamo=False,
            do_constant_folding=True,
            input_names=["audio", *names],
            output_names=[*OUTPUTS, *(f"{name}_out" for name in names)],
        )
    graph = onnx.load(str(path))
    _strip(graph)
    onnx.checker.check_model(graph, full_check=True)
    path.write_bytes(graph.SerializeToString(deterministic=True))


def _strip(graph: onnx.ModelProto) -> None:
    """Drop what names the machine or the moment: docs, node names, the producer's version."""
    graph.doc_string = ""
    graph.producer_version = ""
    graph.graph.name = "talkface"
    for node in graph.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
