"""The streaming model as an ONNX graph."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidArgument, RuntimeException
from torch import Tensor, nn
from torch.onnx.errors import OnnxExporterError

from talkface_train.articulation.model import expansion
from talkface_train.models.feeling import Conditions
from talkface_train.models.whole import StreamingModel

LOG = logging.getLogger("talkface_export")
Array = NDArray[np.float32]

OPSET = 17
BATCH = "batch"
"""Name of the free axis that every port has."""
FATAL = 4
"""ONNX Runtime's severity: a run that fails is an answer here."""


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
    """Write a module as a graph; ``given``: values for its ``inputs``, batch 1, audio first.
    Returns the inputs that it has: those of ``optional`` that nothing in it reads are left out.

    The axis of every port that is the batch's is free and called ``batch``. ``batch_axes``: where
    it is in an input and its ``*_out``; 0 in all others. A module that says something else in a
    batch, because its code reads a size of 1, or that the exporter cannot write so, gets a graph
    without a free axis, and a warning.
    """
    at = {f"{name}{end}": axis for name, axis in (batch_axes or {}).items() for end in ("", "_out")}
    axes = {name: at.get(name, 0) for name in (*inputs, *outputs)}
    with torch.inference_mode():
        said = step(*given)
    ports = dict(zip((*inputs, *outputs), (*given, *said), strict=True))
    try:
        _export(step, given, inputs, outputs, path, axes)
    except OnnxExporterError as error:
        obstacle: str | None = str(error).split(". ", 1)[0]
    else:
        read = _finish(path, ports, optional, axes)
        told = {name: ports[name].numpy() for name in inputs if name in read}
        obstacle = _obstacle(path, told, axes)
    if obstacle:
        LOG.warning("a crowd will run the streams of this graph one by one: %s", obstacle)
        _export(step, given, inputs, outputs, path, {})
        read = _finish(path, ports, optional, {})
    return read


def _export(
    step: nn.Module,
    given: tuple[Tensor, ...],
    inputs: Sequence[str],
    outputs: Sequence[str],
    path: Path,
    axes: Mapping[str, int],
) -> None:
    with warnings.catch_warnings(), torch.inference_mode(), _plain_attention():
        # The TorchScript exporter writes fewer operators for these graphs than the newer one.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            step,
            given,
            str(path),
            opset_version=OPSET,
            dynamo=False,
            do_constant_folding=True,
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes={name: {axis: BATCH} for name, axis in axes.items()},
        )


def _finish(
    path: Path, ports: Mapping[str, Tensor], optional: Collection[str], axes: Mapping[str, int]
) -> set[str]:
    model = onnx.load(str(path))
    _strip(model)
    read = {name for node in model.graph.node for name in node.input}
    for port in list(model.graph.input):
        if port.name in optional and port.name not in read:
            model.graph.input.remove(port)
    for port in model.graph.output:
        _shape(port, ports[port.name], axes.get(port.name))
    onnx.checker.check_model(model, full_check=True)
    path.write_bytes(model.SerializeToString(deterministic=True))
    return {port.name for port in model.graph.input}


def _shape(port: onnx.ValueInfoProto, value: Tensor, free: int | None) -> None:
    """Give a port the shape of ``value`` but for its batch: the exporter loses sizes on the way."""
    sizes = zip(port.type.tensor_type.shape.dim, value.shape, strict=True)
    for axis, (dimension, size) in enumerate(sizes):
        if axis == free:
            dimension.dim_param = BATCH
        else:
            dimension.dim_value = size


def _obstacle(path: Path, given: Mapping[str, Array], axes: Mapping[str, int]) -> str | None:
    """Why a graph cannot run two streams at once, a fresh one in silence and one that has heard
    noise; None when they say what they say alone."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = FATAL
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    names = [port.name for port in session.get_outputs()]

    def run(values: Mapping[str, Array]) -> dict[str, Array]:
        return dict(zip(names, session.run(None, dict(values)), strict=True))

    audio, *others = given
    noise = np.random.default_rng(0).normal(0.0, 0.05, given[audio].shape).astype(np.float32)
    second = {**given, audio: noise}
    after = run(second)
    second |= {name: after[f"{name}_out"] for name in others if f"{name}_out" in after}
    joint = {name: np.concatenate([given[name], second[name]], axes[name]) for name in given}
    try:
        together = run(joint)
    except (Fail, InvalidArgument, RuntimeException) as error:
        return str(error)
    for row, alone in enumerate((run(given), run(second))):
        for name in names:
            ours = together[name].take([row], axes[name])
            if not np.allclose(ours, alone[name], rtol=1e-3, atol=1e-3):
                return f"{name} of a stream hangs on the others in a batch"
    return None


@contextmanager
def _plain_attention() -> Iterator[None]:
    """Transformers of torch as single operators: their fused layer is none of ONNX's."""
    before = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        yield
    finally:
        torch.backends.mha.set_fastpath_enabled(before)


def _strip(graph: onnx.ModelProto) -> None:
    """Drop what names the machine or the moment: docs, node names, the producer's version."""
    graph.doc_string = ""
    graph.producer_version = ""
    graph.graph.name = "talkface"
    for node in graph.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
