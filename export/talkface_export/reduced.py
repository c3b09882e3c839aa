"""Graphs of less than float32, by ONNX Runtime's own converters; here is what they leave alone.

Ports stay float32, and so does what rounding would hurt: the front end, sums that go on for
minutes, recurrent units, norms and softmax.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Literal

import numpy as np
import onnx
from onnx import NodeProto
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from onnxruntime.transformers.float16 import DEFAULT_OP_BLOCK_LIST, convert_float_to_float16

Precision = Literal["fp16", "int8"]
LEAST_WEIGHTS = {"fp16": 1024, "int8": 4096}
"""Of a layer that is worth a conversion of what goes in and out."""
LAYERS = {"fp16": ("Gemm", "MatMul", "Conv"), "int8": ("Gemm", "MatMul")}
EXACT = (
    "GRU", "LSTM", "LayerNormalization", "Softmax", "LogSoftmax", "Log", "Exp", "Pow", "Sqrt",
    "Div", "ReduceMean", "ReduceSum", "ReduceL2", "Sin", "Cos", "Mod", "CumSum",
)  # fmt: skip
"""Operators that stay float32 wherever they are."""


def named(model: onnx.ModelProto) -> onnx.ModelProto:
    """A copy whose nodes all have names, and no two the same."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    taken: set[str] = set()
    for index, node in enumerate(copy.graph.node):
        if not node.name or node.name in taken:
            node.name = f"node_{index}"
        taken.add(node.name)
    return copy


def heavy(model: onnx.ModelProto, precision: Precision) -> list[str]:
    """Names in :func:`named` of the layers to reduce: products with many constant weights that no
    logarithm hangs on. The spectrum's do: rounded, they would drown quiet speech in noise."""
    model = named(model)
    sizes = {item.name: int(np.prod(item.dims)) for item in model.graph.initializer}
    heard = _before(model, (node for node in model.graph.node if node.op_type == "Log"))
    return [
        node.name
        for node in model.graph.node
        if node.op_type in LAYERS[precision]
        and node.name not in heard
        and sizes.get(node.input[1], 0) >= LEAST_WEIGHTS[precision]
    ]


def to_fp16(model: onnx.ModelProto, layers: Collection[str]) -> onnx.ModelProto:
    """A graph whose ``layers``, and light operators between them, are 16-bit floating point."""
    model = named(model)
    halved = _halved(model, layers)
    kept = [node.name for node in model.graph.node if node.name not in halved]
    reduced: onnx.ModelProto = convert_float_to_float16(
        model,
        keep_io_types=True,
        op_block_list=[*DEFAULT_OP_BLOCK_LIST, *EXACT],
        node_block_list=kept,
    )
    return reduced


def to_int8(model: onnx.ModelProto, layers: Collection[str]) -> onnx.ModelProto:
    """A graph whose ``layers`` have 8-bit weights, a scale for each column, and round what goes in
    with a scale of every run.

    Weights without a sign: the products of signed ones overflow on processors without VNNI.
    """
    model = named(model)
    # The converter makes products of the layers, and marks their names.
    chosen = [
        f"{node.name}_MatMul" if node.op_type == "Gemm" else node.name
        for node in model.graph.node
        if node.name in layers
    ]
    with tempfile.TemporaryDirectory() as temporary:
        prepared, reduced = (Path(temporary) / name for name in ("prepared.onnx", "reduced.onnx"))
        quant_pre_process(model, prepared, skip_optimization=True, skip_symbolic_shape=True)
        quantize_dynamic(
            prepared,
            reduced,
            per_channel=True,
            weight_type=QuantType.QUInt8,
            nodes_to_quantize=chosen,
        )
        return onnx.load(str(reduced))


def _halved(model: onnx.ModelProto, layers: Collection[str]) -> set[str]:
    """The layers and what lies between two of them without an operator of EXACT or a sum that a
    state keeps."""
    first = [node for node in model.graph.node if node.name in layers]
    between = _behind(model, first) & _before(model, first)
    exact = {node.name for node in model.graph.node if node.op_type in EXACT}
    return set(layers) | (between - exact - _kept_sums(model, layers))


def _kept_sums(model: onnx.ModelProto, layers: Collection[str]) -> set[str]:
    """Nodes from a state to what becomes of it that pass no layer: what they lose is lost for
    good."""
    light = [node for node in model.graph.node if node.name not in layers]
    found: set[str] = set()
    names = {port.name for port in model.graph.output}
    for port in model.graph.input:
        if f"{port.name}_out" in names:
            reached = _spread(light, {port.name})
            found |= reached & _traced(light, {f"{port.name}_out"})
    return found


def _before(model: onnx.ModelProto, nodes: Iterable[NodeProto]) -> set[str]:
    return _traced(model.graph.node, {name for node in nodes for name in node.input})


def _behind(model: onnx.ModelProto, nodes: Iterable[NodeProto]) -> set[str]:
    return _spread(model.graph.node, {name for node in nodes for name in node.output})


def _spread(nodes: Iterable[NodeProto], values: set[str]) -> set[str]:
    """Names of the nodes, in order of running, that any of ``values`` reaches."""
    values, found = set(values), set()
    for node in nodes:
        if values.intersection(node.input):
            values.update(node.output)
            found.add(node.name)
    return found


def _traced(nodes: Iterable[NodeProto], values: set[str]) -> set[str]:
    """Names of the nodes, in order of running, that any of ``values`` is made of."""
    values, found = set(values), set()
    for node in reversed(list(nodes)):
        if values.intersection(node.output):
            values.update(node.input)
            found.add(node.name)
    return found
