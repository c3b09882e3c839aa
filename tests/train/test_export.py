"""Export: a bundle that proves equal, or no bundle; and make_bundle from nothing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from talkface import TalkFace
from talkface_export import bundle as bundles
from talkface_export.articulation import articulation_text
from talkface_export.articulation import main as add_table
from talkface_export.bundle import BundleFacts, ParityError, write_bundle
from talkface_export.verify import run_graph, verify_bundle
from talkface_train.articulation import Articulation, load_articulation
from talkface_train.articulation.model import LATEST
from talkface_train.data.phones import Segment
from talkface_train.models.frontend import MELS
from talkface_train.models.streaming import StreamingConfig, StreamingNet
from talkface_train.models.whole import Member, StreamingModel

FACTS = BundleFacts("small", "0.0.1", "Apache-2.0", "v1", {"MODEL_CARD.md": "A test.\n"})


@pytest.fixture(scope="module")
def model() -> StreamingModel:
    torch.manual_seed(3)
    config = StreamingConfig(width=24, layers=2, hidden=16, context=8, look_ahead=1280)
    net = StreamingNet(config)
    with torch.no_grad():
        net.curves.bias.fill_(-1.0)
    return StreamingModel([Member(net.eval())], torch.full((MELS,), -2.0)).eval()


@pytest.fixture(scope="module")
def folder(model, tmp_path_factory) -> Path:
    from tiny_speech import tiny_speech

    out = tmp_path_factory.mktemp("bundle") / "small"
    write_bundle(model, tiny_speech(), FACTS, out)
    return out


def test_torch_onnxruntime_and_the_runtime_agree(folder: Path) -> None:
    differences = verify_bundle(folder)
    assert differences.onnxruntime < 1e-4
    assert differences.runtime < 1e-4


def test_python_and_cpp_step_the_graph_alike(folder: Path) -> None:
    audio = np.random.default_rng(0).normal(0, 0.05, 20000).astype(np.float32)
    stepped = run_graph(folder, audio)
    face = TalkFace(folder)
    clip = face.animate(audio, raw=True)
    columns = [clip.channels.index(name) for name in face.bundle_channels]
    assert np.abs(clip.weights[:, columns] - stepped["weights"]).max() < 1e-5
    assert np.abs(clip.visemes - stepped["visemes"]).max() < 1e-5


@pytest.mark.parametrize("look_ahead", [0, 480])
def test_a_short_look_ahead_plays_and_hears_no_further(tmp_path: Path, look_ahead: int) -> None:
    from tiny_speech import tiny_speech

    torch.manual_seed(5)
    config = StreamingConfig(width=24, layers=1, hidden=16, context=8, look_ahead=look_ahead)
    small = StreamingModel([Member(StreamingNet(config).eval())], torch.full((MELS,), -2.0)).eval()
    write_bundle(small, tiny_speech(), FACTS, tmp_path / "short")
    face = TalkFace(tmp_path / "short")
    assert face.stream(16000).latency == pytest.approx((640 + max(look_ahead, 321)) / 16000)
    audio = np.random.default_rng(0).normal(0, 0.05, 20000).astype(np.float32)
    heard = face.animate(audio, raw=True).weights
    at = 9600  # frame 30 begins a step
    later = audio.copy()
    later[at + look_ahead :] *= -0.5
    changed = face.animate(later, raw=True).weights
    assert np.array_equal(heard[:32], changed[:32])
    assert not np.array_equal(heard[32:34], changed[32:34])
    stream = face.stream(16000)
    parts = []
    for start in range(0, len(audio), 333):
        stream.push(audio[start : start + 333])
        stream.process()
        parts.append(stream.read().weights)
    stream.flush()
    stream.process()
    parts.append(stream.read().weights)
    assert np.array_equal(np.concatenate(parts), face.animate(audio).weights)


def test_the_manifest_lists_every_file_with_its_hash(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    names = {path.name for path in folder.iterdir()} - {"manifest.json"}
    expected = {"model.onnx", "golden.npz", "MODEL_CARD.md", "articulation.json"}
    assert set(manifest["files"]) == names >= expected
    assert manifest["look_ahead"] == 1280
    assert len(manifest["channels"]) == 21


def test_the_table_in_a_bundle_is_the_one_trained_on(folder: Path) -> None:
    table = json.loads((folder / "articulation.json").read_text("utf-8"))
    phones = [Segment(0.0, 0.2, "M"), Segment(0.2, 0.5, "AY"), Segment(0.5, 0.9, "SIL")]
    trained = load_articulation("v1").curves(phones, 50, 50)
    assert np.array_equal(Articulation(table).curves(phones, 50, 50), trained)
    assert table["visemes"]["PP"] == ["B", "M", "P"]
    assert len(TalkFace(folder).animate(np.zeros(8000, np.float32), phones=phones)) == 25


def test_a_bundle_without_a_table_can_be_given_one(folder: Path, tmp_path: Path) -> None:
    old = shutil.copytree(folder, tmp_path / "old")
    (old / "articulation.json").unlink()
    manifest = json.loads((old / "manifest.json").read_text("utf-8"))
    del manifest["articulation"], manifest["files"]["articulation.json"]
    (old / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    assert add_table([str(old), "--table", "v1", "--version", "0.0.2"]) == 0
    given = json.loads((old / "manifest.json").read_text("utf-8"))
    whole = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert given == {**whole, "version": "0.0.2"}
    for name in ("articulation.json", "model.onnx", "golden.npz"):
        assert (old / name).read_bytes() == (folder / name).read_bytes()


def test_the_default_bundle_has_the_exporters_table(default_face: TalkFace) -> None:
    text = (default_face.path / "articulation.json").read_text("utf-8")
    assert text == articulation_text(LATEST)


def test_the_graph_names_no_machine_and_needs_no_custom_operator(folder: Path) -> None:
    graph = onnx.load(folder / "model.onnx")
    assert {node.domain for node in graph.graph.node} <= {"", "ai.onnx"}
    assert [entry.version for entry in graph.opset_import] == [17]
    assert b"/work" not in (folder / "model.onnx").read_bytes()
    assert len(graph.graph.node) < 110


def test_export_is_reproducible(model, folder: Path, tmp_path: Path) -> None:
    from tiny_speech import tiny_speech

    write_bundle(model, tiny_speech(), FACTS, tmp_path / "again")
    a, b = (p / "model.onnx" for p in (folder, tmp_path / "again"))
    assert a.read_bytes() == b.read_bytes()


def test_disagreement_writes_no_bundle(model, tmp_path: Path, monkeypatch) -> None:
    from tiny_speech import tiny_speech

    honest = bundles.golden_of

    def off(*arguments):
        golden = honest(*arguments)
        golden["weights"] = golden["weights"] + 0.01
        return golden

    monkeypatch.setattr(bundles, "golden_of", off)
    with pytest.raises(ParityError, match="no bundle was written"):
        write_bundle(model, tiny_speech(), FACTS, tmp_path / "bad")
    assert list(tmp_path.iterdir()) == []


def test_make_bundle_goes_from_nothing_to_a_bundle(tmp_path: Path) -> None:
    """The whole line at its smallest: voices, tapes, training, export, card. Says "synthetic"."""
    from talkface_export.make_bundle import main
    from talkface_train.data.voices import VOICES, VoiceError, synthesise

    for voice in VOICES:
        try:
            list(synthesise(voice, ["Hello."], seed=0))
        except VoiceError as error:
            pytest.skip(str(error))
    out, work = tmp_path / "out" / "mini", tmp_path / "work"
    small = ["--hours", "0.02", "--tapes", "12", "--steps", "4", "--width", "24", "--layers", "1"]
    small += ["--teacher-steps", "2", "--alone-steps", "2", "--threads", "1"]
    small += ["--more-tapes", "8", "--more-steps", "2"]
    small += ["--expression-steps", "2", "--head-steps", "2"]
    command = ["--out", str(out), "--work", str(work), "--data", "none", "--workers", "1", *small]
    assert main(command) == 0
    card = (out / "MODEL_CARD.md").read_text()
    assert "synthetic" in card
    assert "Not measured" in card
    training = json.loads((out / "training.json").read_text())
    assert training["data"] == "synthetic only"
    assert training["minutes"] >= 0
    assert TalkFace(out).info["name"] == "mini"
    assert main(command) == 0  # resumes: everything is cached
    nearer = ["--preset", "low_latency", "--short-steps", "2", "--out", str(out.parent / "near")]
    assert main([*command, *nearer]) == 0
    face = TalkFace(out.parent / "near")
    assert (face.info["version"], face.info["look_ahead"]) == ("1.0.0", 640)
    card = (out.parent / "near" / "MODEL_CARD.md").read_text()
    assert card.startswith("# Model card: TalkFace near bundle: lower quality, for conversation\n")
    assert "look-ahead 40 ms" in card
    assert "2 more steps" in card
