"""Law (e) of graphs: a stream in a batch says what it says alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest

from talkface.shipped import default_bundle, locate, names
from talkface_export.batch import Streams, batch_axes, differences, main, session_of
from talkface_export.speed import main as speed

GOLDEN = Path(__file__).parents[1] / "golden"
BUNDLES = [*map(locate, names()), GOLDEN / "tiny", GOLDEN / "tiny_emotion"]


@pytest.mark.parametrize("folder", BUNDLES, ids=lambda folder: folder.name)
def test_a_batch_says_what_its_streams_say_alone(folder: Path) -> None:
    worst = differences(folder, rows=5, steps=250)
    assert set(worst) >= {"weights", "closure"}
    assert max(worst.values()) < 1e-5


@pytest.mark.parametrize("folder", BUNDLES, ids=lambda folder: folder.name)
def test_every_port_has_one_free_axis(folder: Path) -> None:
    session = session_of(folder / "model.onnx")
    for port in (*session.get_inputs(), *session.get_outputs()):
        assert [size for size in port.shape if not isinstance(size, int)] == ["batch"], port.name


def test_recurrent_units_have_their_batch_behind_their_layers() -> None:
    axes = batch_axes(session_of(default_bundle() / "model.onnx"))
    assert {name for name, axis in axes.items() if axis == 1} == {"gru", "head_memory"}
    assert set(axes.values()) == {0, 1}


def test_the_made_streams_differ_and_are_the_same_again() -> None:
    made = [Streams(default_bundle(), 3, seed).given(0) for seed in (1, 1, 2)]
    assert set(made[0]) == {"audio", "emotion", "identity", "noise"}
    for name, value in made[0].items():
        assert np.array_equal(value, made[1][name])
        assert not np.array_equal(value, made[2][name])
        assert not np.array_equal(value[0], value[1])


def test_streams_that_lean_on_one_another_are_noticed(tmp_path: Path) -> None:
    folder = shutil.copytree(GOLDEN / "tiny", tmp_path / "leaning")
    model = onnx.load(folder / "model.onnx")
    tanh = next(node for node in model.graph.node if node.op_type == "Tanh")
    last = onnx.helper.make_node("ReduceMean", list(tanh.input), ["mean"], axes=[0], keepdims=1)
    both = onnx.helper.make_node("Add", [tanh.input[0], "mean"], ["both"])
    at = list(model.graph.node).index(tanh)
    tanh.input[0] = "both"
    model.graph.node.insert(at, both)
    model.graph.node.insert(at, last)
    onnx.save(model, folder / "model.onnx")
    assert max(differences(folder, rows=2, steps=10).values()) > 1e-3


def test_the_command_says_how_far_and_refuses_a_fixed_graph(tmp_path: Path, capsys) -> None:
    folder = shutil.copytree(GOLDEN / "tiny", tmp_path / "fixed")
    assert main([str(folder), "--rows", "2", "--steps", "3"]) == 0
    assert capsys.readouterr().out.startswith("2 rows, 3 steps: ")
    model = onnx.load(folder / "model.onnx")
    for port in (*model.graph.input, *model.graph.output):
        port.type.tensor_type.shape.dim[0].dim_value = 1
    onnx.save(model, folder / "model.onnx")
    assert main([str(folder)]) == 1
    assert "no free axis batch: export the bundle anew" in capsys.readouterr().err


def test_the_cost_of_a_step_is_measured_side_by_side(capsys) -> None:
    tiny, default = GOLDEN / "tiny", default_bundle()
    assert speed([str(tiny), str(default), "--rows", "1", "8", "--turns", "5"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" rows")[0] for line in lines] == [
        "tiny: 1", "default: 1", "tiny: 8", "default: 8",
    ]  # fmt: skip
    least = [float(line.rsplit("(")[1].split()[0]) for line in lines]
    assert 0 < least[0] < least[1] < least[3]
    assert speed([str(tiny / "missing")]) == 1
    assert "missing" in capsys.readouterr().err
