"""The streaming model as an ONNX graph."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import onnx
import torch
from torch import Tensor, nn

from talkface_train.articulation.model import expansion
from talkface_train.models.feeling import Conditions
from talkface_train.models.whole import StreamingModel

OPSET = 17
BATCH = "batch"
"""Name of the free axis that every port has."""


def output_ports(model: StreamingModel) -> dict[str, str]:
    """Ports of the outputs before the state; the emotion that is heard has another name than the
    one to show, which is an input."""
    names = ("weights", *model.outputs[1:])
    return {name: "heard" if name == "emotion" else name for name in names}


class _Step(nn.Module):
    """``StreamingModel.step`` with the articulators' columns repeated for left and right, and an
    identity's gains on them."""

    source: Tensor

    def __init__(self, model: StreamingModel, articulators: Sequence[str]) -> None:
        super().__init__()
        self.model = model
        _, matrix = expansion(articulators)
        self.register_buffer("source", torch.from_numpy(matrix).argmax(dim=0), persistent=False)

    def forward(self, audio: Tensor, *others: Tensor) -> tuple[Tensor, ...]:
        if self.model.feeling is None:
            curves, *rest = self.model.step(audio, others)
            return curves.index_select(2, self.source), *rest
        given = Conditions(*others[: len(Conditions._fields)])
        curves, *rest = self.model.step(audio, others[len(given) :], given)
        gains = given.identity.unsqueeze(1) @ self.model.feeling.articulation
        weights = (curves.index_select(2, self.source) * gains).clamp(max=1.0)
        return weights, *rest


def export_graph(model: StreamingModel, articulators: Sequence[str], path: Path) -> None:
    """Write the graph: inputs ``audio``, those of :class:`Conditions` where the model has a feeling
    and the states; outputs, and each state as ``*_out``. Every port has a free axis ``batch``.

    ``articulators``: names of the model's curves; ``weights`` has the ARKit channels they drive.
    """
    state = model.initial_state()
    conditions = model.feeling.defaults() if model.feeling else ()
    inputs: tuple[Any, ...] = (torch.zeros(1, model.window), *conditions, *state.values())
    write_graph(
        _Step(model, articulators).eval(),
        inputs,
        ["audio", *(Conditions._fields if model.feeling else ()), *state],
        [*output_ports(model).values(), *(f"{name}_out" for name in state)],
        path,
        batch_axes=model.batch_axes,
    )


def write_graph(
    step: nn.Module,
    given: tuple[Tensor, ...],
    inputs: Sequence[str],
    outputs: Sequence[str],
    path: Path,
    optional: Collection[str] = (),
    batch_axes: Mapping[str, int] | None = None,
) -> set[str]:
    """Write a module as a graph; ``given``: values for its ``inputs``, batch 1. Returns the inputs
    that it has: those of ``optional`` that nothing in it reads are left out.

    The axis of every port that is the batch's is free and called ``batch``. ``batch_axes``: where
    it is in an input and its ``*_out``; 0 in all others.
    """
    axes = {f"{name}{end}": at for name, at in (batch_axes or {}).items() for end in ("", "_out")}
    with warnings.catch_warnings(), torch.inference_mode(), _plain_attention():
        # The TorchScript exporter writes fewer operators for these graphs than the newer one.
        warnings.simplefilter("ignore")
        said = step(*given)
        torch.onnx.export(
            step,
            given,
            str(path),
            opset_version=OPSET,
            dynamo=False,
            do_constant_folding=True,
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes={name: {axes.get(name, 0): BATCH} for name in (*inputs, *outputs)},
        )
    model = onnx.load(str(path))
    _strip(model)
    for port, value in zip(model.graph.output, said, strict=True):
        _free(port, value, axes.get(port.name, 0))
    read = {name for node in model.graph.node for name in node.input}
    for port in list(model.graph.input):
        if port.name in optional and port.name not in read:
            model.graph.input.remove(port)
    onnx.checker.check_model(model, full_check=True)
    path.write_bytes(model.SerializeToString(deterministic=True))
    return {port.name for port in model.graph.input}


@contextmanager
def _plain_attention() -> Iterator[None]:
    """Transformers of torch as single operators: their fused layer is none of ONNX's."""
    before = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        yield
    finally:
        torch.backends.mha.set_fastpath_enabled(before)


def _free(port: onnx.ValueInfoProto, value: Tensor, axis: int) -> None:
    """Give a port the shape of ``value`` but for its batch: the exporter loses sizes on the way."""
    for at, (dimension, size) in enumerate(
        zip(port.type.tensor_type.shape.dim, value.shape, strict=True)
    ):
        if at == axis:
            dimension.dim_param = BATCH
        else:
            dimension.dim_value = size


def _strip(graph: onnx.ModelProto) -> None:
    """Drop what names the machine or the moment: docs, node names, the producer's version."""
    graph.doc_string = ""
    graph.producer_version = ""
    graph.graph.name = "talkface"
    for node in graph.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
