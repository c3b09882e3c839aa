"""Variants of less precision: they open, keep their tolerance, and say what they are."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest

torch = pytest.importorskip("torch", reason="the [train] extra is not installed")

from tiny_speech import tiny_speech  # noqa: E402

from talkface import TalkFace, TalkFaceError  # noqa: E402
from talkface_export.batch import differences  # noqa: E402
from talkface_export.bundle import BundleFacts, write_bundle  # noqa: E402
from talkface_export.precision import PrecisionError, convert, main  # noqa: E402
from talkface_export.reduced import heavy, to_fp16  # noqa: E402
from talkface_export.verify import verify_bundle  # noqa: E402
from talkface_train.models.frontend import MELS  # noqa: E402
from talkface_train.models.streaming import StreamingConfig, StreamingNet  # noqa: E402
from talkface_train.models.whole import Member, StreamingModel  # noqa: E402

TINY = Path(__file__).parents[1] / "golden" / "tiny"
FACTS = BundleFacts("small", "2.1.0", "Apache-2.0", "v1", {"MODEL_CARD.md": "# A card\n"})


@pytest.fixture(scope="module")
def original(tmp_path_factory) -> Path:
    torch.manual_seed(3)
    config = StreamingConfig(width=48, layers=1, hidden=16, context=8, look_ahead=1280)
    net = StreamingNet(config).eval()
    with torch.no_grad():
        net.curves.bias.fill_(-1.0)
    model = StreamingModel([Member(net)], torch.full((MELS,), -2.0)).eval()
    folder = tmp_path_factory.mktemp("precision") / "small"
    write_bundle(model, tiny_speech(), FACTS, folder)
    return folder


@pytest.fixture(scope="module", params=["fp16", "int8"])
def variant(request, original):
    folder = original.parent / request.param
    return request.param, folder, convert(original, request.param, folder)


def inferred(graph: onnx.GraphProto) -> onnx.GraphProto:
    """With the types of what lies between nodes."""
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)])
    return onnx.shape_inference.infer_shapes(model).graph


def test_the_runtime_plays_a_variant_within_its_tolerance(original, variant):
    _, folder, facts = variant
    face, audio = TalkFace(folder), tiny_speech()
    assert face.info["tolerance"] == pytest.approx(facts.tolerance)
    assert verify_bundle(folder).within(facts.tolerance)
    apart = (
        face.animate(audio, raw=True).weights - TalkFace(original).animate(audio, raw=True).weights
    )
    assert 1e-6 < np.abs(apart).max() <= facts.tolerance < 0.2


def test_it_says_what_it_is_and_hashes_are_right(variant):
    precision, folder, facts = variant
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["precision"] == precision
    assert manifest["version"] == f"2.1.0+{precision}"
    for name, entry in manifest["files"].items():
        data = (folder / name).read_bytes()
        assert entry == {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    card = (folder / "MODEL_CARD.md").read_text()
    assert card.startswith("# A card\n")
    assert f"the {precision} variant" in card
    assert f"further than {facts.tolerance:g}" in card


def test_large_layers_alone_are_reduced_and_ports_stay_float32(original, variant):
    precision, folder, facts = variant
    before, after = (onnx.load(path / "model.onnx").graph for path in (original, folder))
    assert [p.type for p in (*after.input, *after.output)] == [
        p.type for p in (*before.input, *before.output)
    ]
    kinds = {"fp16": onnx.TensorProto.FLOAT16, "int8": onnx.TensorProto.UINT8}
    small = [t for t in after.initializer if t.data_type == kinds[precision] and len(t.dims) == 2]
    assert len(small) == facts.reduced > 0
    assert facts.bytes[1] < facts.bytes[0]
    whole = {t.name for t in after.initializer if t.data_type == onnx.TensorProto.FLOAT}
    log = next(node for node in after.node if node.op_type == "Log")
    types = {v.name: v.type.tensor_type.elem_type for v in inferred(after).value_info}
    assert types[log.input[0]] == types[log.output[0]] == onnx.TensorProto.FLOAT
    units = [node for node in after.node if node.op_type == "GRU"]
    assert len(units) == 1
    assert set(units[0].input[1:4]) <= whole


def test_streams_in_a_batch_keep_the_tolerance(variant):
    _, folder, facts = variant
    assert max(differences(folder, rows=4, steps=50).values()) <= facts.tolerance


def test_the_spectrum_and_sums_that_a_state_keeps_stay_float32():
    """Rounded, the spectrum drowns quiet speech; what a sum of minutes loses is lost for good."""
    node, names = onnx.helper.make_node, ("kernels", "first", "second")
    nodes = [
        node("MatMul", ["audio", "kernels"], ["powers"], "spectrum"),
        node("Log", ["powers"], ["levels"], "log"),
        node("MatMul", ["levels", "first"], ["said"], "first layer"),
        node("Add", ["sum", "said"], ["sum_out"], "sum"),
        node("Relu", ["sum_out"], ["positive"], "between"),
        node("MatMul", ["positive", "second"], ["weights"], "second layer"),
    ]
    ports = [
        [onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1, 64]) for name in side]
        for side in (("audio", "sum"), ("weights", "sum_out"))
    ]
    weights = [onnx.numpy_helper.from_array(np.eye(64, dtype=np.float32), name) for name in names]
    model = onnx.helper.make_model(
        onnx.helper.make_graph(nodes, "sums", *ports, weights),
        opset_imports=[onnx.helper.make_opsetid("", 17)],
    )
    layers = heavy(model, "fp16")
    assert layers == ["first layer", "second layer"]
    graph = inferred(to_fp16(model, layers).graph)
    types = {v.name: v.type.tensor_type.elem_type for v in (*graph.value_info, *graph.output)}
    by_name = {n.name: types[n.output[0]] for n in graph.node}
    assert by_name["spectrum"] == by_name["log"] == by_name["sum"] == onnx.TensorProto.FLOAT
    assert by_name["first layer"] == by_name["between"] == onnx.TensorProto.FLOAT16


def test_large_graphs_are_reduced_in_one_look(original, monkeypatch):
    from talkface_export import reduced

    looks, look = [], reduced._halved
    monkeypatch.setattr(reduced, "_halved", lambda *given: looks.append(1) or look(*given))
    model = onnx.load(str(original / "model.onnx"))
    to_fp16(model, heavy(model, "fp16"))
    assert len(looks) == 1


def test_a_precision_that_is_none_is_refused(original, tmp_path):
    with pytest.raises(PrecisionError, match="must be fp16 or int8, not 'int4'"):
        convert(original, "int4", tmp_path / "out")
    wrong = shutil.copytree(original, tmp_path / "wrong")
    manifest = json.loads((wrong / "manifest.json").read_text())
    (wrong / "manifest.json").write_text(json.dumps({**manifest, "precision": "int4"}))
    with pytest.raises(TalkFaceError, match="precision must be float32, fp16 or int8, not int4"):
        TalkFace(wrong)


def test_the_command_writes_a_variant_or_says_why_not(original, variant, tmp_path, capsys):
    precision, folder, _ = variant
    out = tmp_path / "out"
    words = ["--precision", precision, "--out", str(out)]
    assert main([str(folder), *words]) == 1
    assert f"is {precision} already: take its original" in capsys.readouterr().err
    assert main([str(TINY), *words]) == 1
    assert "no golden clip" in capsys.readouterr().err
    assert not out.exists()
    assert main([str(original), *words]) == 0
    assert "layers" in capsys.readouterr().out
    assert (out / "model.onnx").read_bytes() == (folder / "model.onnx").read_bytes()
