"""Transformers of others in windows, as bundles: the feature cache changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

torch = pytest.importorskip("torch", reason="the [train] extra is not installed")

from checkpoints import checkpoint  # noqa: E402
from system_runs import in_stream, make_run, noise  # noqa: E402

from talkface import TalkFace  # noqa: E402
from talkface_export.bundle import TOLERANCE  # noqa: E402
from talkface_export.systems import export_run, graph_of, main  # noqa: E402
from talkface_export.verify import run_graph  # noqa: E402
from talkface_export.windowed_graph import ConvolvedGraph, WindowOptions  # noqa: E402

CACHED, ANEW = WindowOptions(), WindowOptions(cache=False)


@pytest.fixture(autouse=True)
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def run_of(folder: Path, name: str = "pestalk", **more) -> Path:
    """An untrained system that hears a tiny checkpoint."""
    folder.mkdir(exist_ok=True)
    path = checkpoint(folder / "checkpoint", **more)
    return make_run(folder / "run", name, {"content": str(path)})


@pytest.fixture(scope="module", params=["pestalk", "ecoface"])
def both(request, tmp_path_factory):
    """One run with the cache and without; PESTalk hears a mel as well, and ECoFace four frames a
    step."""
    folder = tmp_path_factory.mktemp(request.param)
    run = run_of(folder, request.param)
    facts = {}
    for name, windows in (("cached", CACHED), ("anew", ANEW)):
        facts[name] = export_run(run, folder / name, noise(1.0), windows=windows)
    return folder, facts


def test_a_bundle_with_a_cache_says_what_one_without_says(both):
    folder, facts = both
    for name in ("cached", "anew"):
        assert facts[name].parity.within(TOLERANCE)
        assert 0 < facts[name].offline.mean < facts[name].offline.largest
    audio = noise(4.27, seed=4).astype(np.float32) / 32768
    graphs = [run_graph(folder / name, audio) for name in ("cached", "anew")]
    for output, cached in graphs[0].items():
        assert cached.std(axis=0).max() > 1e-3
        assert np.abs(cached - graphs[1][output]).max() < 1e-5
    faces = [
        TalkFace(folder / name).animate(audio, raw=True).weights for name in ("cached", "anew")
    ]
    assert faces[0].shape == (107, 52)
    assert np.abs(faces[0] - faces[1]).max() < 1e-5


def test_the_runtime_streams_it_in_odd_chunks(both):
    folder, _ = both
    face, audio = TalkFace(folder / "cached"), noise(2.3, seed=6)
    clip = face.animate(audio)
    assert np.array_equal(in_stream(face, audio), clip.weights)
    again = in_stream(face, audio, chunk=5121)
    assert np.array_equal(again, clip.weights)


def test_the_graphs_front_end_hears_each_sample_once(both):
    """What goes into the first convolution of a step."""
    import onnx

    folder, _ = both
    heard = {}
    for name in ("cached", "anew"):
        graph = onnx.shape_inference.infer_shapes(onnx.load(folder / name / "model.onnx")).graph
        kernels = {i.name: i.dims for i in graph.initializer}
        known = {
            value.name: [d.dim_value for d in value.type.tensor_type.shape.dim]
            for value in (*graph.value_info, *graph.input)
        }
        first = [
            node for node in graph.node
            if node.op_type == "Conv" and list(kernels.get(node.input[1], ())) == [8, 1, 10]
        ]  # fmt: skip
        heard[name] = [known[node.input[0]][1:] for node in first]
    # One front end for content and emotion: 5120 new samples and 320 to hear again, or a window.
    assert heard == {"cached": [[1, 5440]], "anew": [[1, 34 * 320 + 5440]]}


def test_a_bundle_says_how_it_hears(both):
    folder, facts = both
    manifest = json.loads((folder / "cached" / "manifest.json").read_text())
    assert manifest["hop"] == manifest["window"]["length"] == 5120
    assert manifest["look_ahead"] == 5120 + 640 * 5 - 320
    shapes = {entry["input"]: entry["shape"] for entry in manifest["state"]}
    assert shapes["hearing_features_frames"] == [1, 34, 8]
    assert shapes["hearing_features_audio"] == [1, 320]
    training = json.loads((folder / "cached" / "training.json").read_text())
    assert training["mode"] == "windowed"
    assert training["hop_seconds"] == 0.32
    assert training["window_seconds"] == pytest.approx(1.005)
    assert training["right_seconds"] == pytest.approx(0.22)
    assert (training["feature_cache"], training["uncached"]) == (True, None)
    assert training["distance_to_offline"]["largest"] == facts["cached"].offline.largest
    card = (folder / "cached" / "MODEL_CARD.md").read_text()
    assert "hears each sample once" in card
    assert f"{facts['cached'].offline.largest:.1e}" in card
    other = json.loads((folder / "anew" / "training.json").read_text())
    assert (other["feature_cache"], other["uncached"]) == (False, "--no-cache")


@pytest.mark.parametrize(
    ("hop", "right", "seconds"), [(0.16, 0.16, 1.0), (0.4, 0.0, 0.8), (1.0, 0.0, 1.0)]
)
def test_streams_begin_where_the_clip_does_whatever_the_hop(tmp_path, hop, right, seconds):
    """Steps as the runtime makes them: the mel and what is scaled are the clip's from its first
    sample on."""
    run = run_of(tmp_path, "pestalk")
    audio = torch.from_numpy(noise(1.2).astype(np.float32) / 32768)[None]
    graphs = [
        graph_of(run, "auto", WindowOptions(seconds, hop, right, cache))[1]
        for cache in (True, False)
    ]
    graph = graphs[0]
    assert isinstance(graph, ConvolvedGraph)
    assert graph.window == graph.hop == round(hop * 16000)
    cached, anew = (each.streamed(audio, each.defaults()) for each in graphs)
    for name, value in cached.items():
        torch.testing.assert_close(value, anew[name], atol=1e-5, rtol=0.0)

    found, real = [], graph.windows.step

    def step(*given):
        found.append(real(*given))
        return found[-1]

    graph.windows.step = step
    graph.streamed(audio, graph.defaults())
    with torch.inference_mode():
        shifted = torch.nn.functional.pad(audio, (320, 320))
        wanted = graph.hearing(shifted)["mel"]
        scaled = graph.hearing.content.scale.whole(shifted[:, : 640 * 20])
    mel = torch.cat([said["mel"] for said, _ in found[graph.priming_steps :]], dim=1)
    torch.testing.assert_close(mel[:, :27], wanted[:, :27], atol=2e-5, rtol=1e-4)
    # The samples that the next step hears again end where a step's audio does.
    for index, (_, state) in enumerate(found):
        end = graph.hop * (index + 1 - graph.priming_steps) + graph.offset + 320
        if 320 <= end <= 640 * 20:
            kept = state["features_audio"]
            torch.testing.assert_close(kept, scaled[:, end - 320 : end], atol=1e-5, rtol=0.0)


def test_a_group_norm_over_time_refuses_the_cache_and_plays_without(tmp_path, capsys):
    run, out = run_of(tmp_path, norm="group"), tmp_path / "bundle"
    assert main([str(run), "--out", str(out), "--cache"]) == 1
    assert "cannot be cached: this wav2vec2 checkpoint normalises" in capsys.readouterr().err
    assert not out.exists()
    facts = export_run(run, out, noise(1.0))
    assert facts.parity.within(TOLERANCE)
    training = json.loads((out / "training.json").read_text())
    assert training["feature_cache"] is False
    assert "feat_extract_norm is group" in training["uncached"]
    assert "Nothing of them is kept" in (out / "MODEL_CARD.md").read_text()


@pytest.mark.parametrize("kind", ["wav2vec2", "hubert", "wavlm"])
def test_a_calibration_clip_lets_a_group_norm_be_cached(tmp_path, kind):
    run, speech = run_of(tmp_path, "emotalk", norm="group", kind=kind), noise(1.5, seed=9)
    facts = export_run(run, tmp_path / "cached", noise(1.0), calibration=speech)
    export_run(run, tmp_path / "anew", noise(1.0), calibration=speech, windows=ANEW)
    audio = noise(2.1, seed=4).astype(np.float32) / 32768
    cached, anew = (run_graph(tmp_path / name, audio)["weights"] for name in ("cached", "anew"))
    assert np.abs(cached - anew).max() < 1e-5
    assert facts.parity.within(TOLERANCE)
    training = json.loads((tmp_path / "cached" / "training.json").read_text())
    assert (training["feature_cache"], training["calibrated"]) == (True, True)
    assert "a calibration clip" in (tmp_path / "cached" / "MODEL_CARD.md").read_text()
    _, plain = graph_of(run)
    _, frozen = graph_of(run, calibration=speech)
    assert sum(p.numel() for p in plain.parameters()) == sum(p.numel() for p in frozen.parameters())
    # Its distance is that to what the checkpoint itself says, not to what is left when frozen.
    clip = torch.from_numpy(audio)[None]
    ours, theirs = (g.offline(clip, g.defaults())["weights"] for g in (plain, frozen))
    assert torch.equal(ours, theirs)


def test_a_calibration_that_nothing_needs_is_refused(tmp_path, capsys):
    run = run_of(tmp_path)
    with pytest.raises(ValueError, match="needs no calibration"):
        graph_of(run, calibration=noise(1.0))
    soundfile.write(tmp_path / "clip.wav", noise(1.0), 16000)
    streams = make_run(tmp_path / "mel", "emotalk")
    words = ["--out", str(tmp_path / "bundle"), "--calibration", str(tmp_path / "clip.wav")]
    assert main([str(streams), *words]) == 1
    assert "add --mode windowed" in capsys.readouterr().err


def test_the_command_takes_hop_window_and_context(tmp_path):
    run, out = run_of(tmp_path, "emotalk"), tmp_path / "bundle"
    words = ["--hop-seconds", "0.16", "--window-seconds", "0.6", "--right-seconds", "0.2"]
    assert main([str(run), "--out", str(out), "--no-cache", *words]) == 0
    training = json.loads((out / "training.json").read_text())
    assert (training["hop_seconds"], training["uncached"]) == (0.16, "--no-cache")
    assert training["window_seconds"] == pytest.approx(0.605)
    assert TalkFace(out).info["look_ahead"] == 640 * (4 + 5 + 1) - 320
