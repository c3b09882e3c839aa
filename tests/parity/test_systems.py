"""Published systems as bundles: what a run says is what the runtime plays."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

torch = pytest.importorskip("torch", reason="the [train] extra is not installed")

from system_runs import (  # noqa: E402
    ENCODER,
    Split,
    Unasked,
    Wave,
    Whole,
    frozen_run,
    hear_by,
    in_stream,
    make_run,
    noise,
    shaken,
)

import talkface_export.systems as exporting  # noqa: E402
from talkface import TalkFace, TalkFaceError  # noqa: E402
from talkface_export.batch import differences  # noqa: E402
from talkface_export.bundle import TOLERANCE, ParityError  # noqa: E402
from talkface_export.system_graph import StatefulGraph  # noqa: E402
from talkface_export.systems import export_run, graph_of, main  # noqa: E402
from talkface_export.verify import drawn, run_graph, verify_bundle  # noqa: E402
from talkface_export.windowed_graph import WholeWindowGraph, WindowOptions  # noqa: E402
from talkface_train.models.causal import joined  # noqa: E402
from talkface_train.models.hearing import MelHearing  # noqa: E402
from talkface_train.models.system import Conditions  # noqa: E402
from talkface_train.systems import SYSTEMS, RunError, RunInfo, build_system  # noqa: E402


@pytest.fixture(autouse=True)
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module", params=sorted(SYSTEMS))
def exported(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    run = make_run(folder / "run", request.param)
    facts = export_run(run, folder / "bundle", noise())
    return run, folder / "bundle", facts


def test_torch_onnxruntime_and_the_runtime_agree(exported):
    _, bundle, facts = exported
    assert facts.parity.within(TOLERANCE)
    assert facts.offline.largest < TOLERANCE
    again = verify_bundle(bundle)
    assert again.within(TOLERANCE)
    with np.load(bundle / "golden.npz") as golden:
        assert golden["weights"].std(axis=0).max() > 1e-3  # faces that stand still prove nothing


def test_streams_in_a_batch_say_what_they_say_alone(exported):
    """Also while one is being primed and the others are not."""
    _, bundle, _ = exported
    assert max(differences(bundle, rows=3, steps=40).values()) < 1e-5


def test_code_that_reads_a_batch_of_one_gets_no_free_batch(tmp_path, monkeypatch, caplog):
    hear_by(monkeypatch, Whole)
    export_run(frozen_run(tmp_path / "run", "ecoface", Whole), tmp_path / "bundle", noise(1.0))
    assert "one by one" in caplog.text
    with pytest.raises(ValueError, match="no free axis"):
        differences(tmp_path / "bundle", rows=2, steps=1)
    assert len(TalkFace(tmp_path / "bundle").animate(noise(1.0))) == 25


def test_a_clip_and_a_stream_of_odd_chunks_are_equal(exported):
    _, bundle, _ = exported
    face, audio = TalkFace(bundle), noise(1.7, seed=5)
    clip = face.animate(audio)
    assert len(clip) == 43
    assert np.array_equal(in_stream(face, audio), clip.weights)
    assert clip.weights.std(axis=0).max() > 1e-3


def test_the_runtime_says_what_torch_says_of_audio_320_samples_later(exported):
    """``System.full`` by hand, without the exporter's code."""
    run, bundle, _ = exported
    info, graph = graph_of(run)
    audio = noise(1.6, seed=7)
    shifted = torch.from_numpy(np.pad(audio, (320, 320)).astype(np.float32) / 32768)[None]
    width = graph.system.noise_width
    level = torch.full((1,), 0.0 if takes_emotion(bundle) else 1.0)
    held = torch.from_numpy(drawn(width))[None]
    conditions = Conditions(torch.eye(2)[:1], torch.eye(8)[:1], level, held)
    with torch.inference_mode():
        features = joined(graph.hearing(shifted), graph.system.parts)
        said = graph.system.full(features[:, :40], conditions)
    felt = TalkFace(bundle).animate(audio, raw=True).weights
    assert felt.shape == (40, 52)
    assert info.system == graph.system.name
    bound = TOLERANCE if said.neutral is None else 0.003  # of channels close to 0 or 1
    assert np.abs(felt - said.curves[0].clamp(0, 1).numpy()).max() < bound


def takes_emotion(bundle: Path) -> bool:
    return "emotion" in json.loads((bundle / "manifest.json").read_text())["inputs"]


def test_a_bundle_is_whole_and_says_what_it_is(exported):
    _, bundle, _ = exported
    manifest = json.loads((bundle / "manifest.json").read_text())
    names = {path.name for path in bundle.iterdir()}
    assert names == {
        "manifest.json", "model.onnx", "golden.npz", "MODEL_CARD.md", "LICENSE", "training.json",
    }  # fmt: skip
    assert set(manifest["files"]) == names - {"manifest.json"}
    face = TalkFace(bundle)
    assert face.frame_rate == 25
    card = (bundle / "MODEL_CARD.md").read_text()
    assert f"*{json.loads((bundle / 'training.json').read_text())['run']['system']}*" in card
    assert face.stream(16000).latency == pytest.approx(
        (manifest["hop"] + manifest["look_ahead"]) / 16000
    )


@pytest.mark.parametrize("look_ahead", [-320, 0, 480, 640, 1600, 2080])
@pytest.mark.parametrize(("name", "model"), [("pestalk", {}), ("ecoface", {"stride": 3})])
def test_priming_of_the_runtime_and_of_encoders_end_alike(look_ahead, name, model):
    hearing = MelHearing(SYSTEMS[name].parts, **ENCODER, look_ahead=look_ahead)
    info = RunInfo(name, ("ada", "ben"), {"hidden": 16, "window": 6, **model})
    graph = StatefulGraph(shaken(build_system(info, hearing)), shaken(hearing), 2)
    assert graph.offset + graph.window == graph.look_ahead >= 0
    audio = torch.from_numpy(noise(0.9).astype(np.float32) / 32768)[None]
    stream, clip = (way(audio, graph.defaults()) for way in (graph.streamed, graph.offline))
    assert stream["weights"].shape == (1, 23, 52)
    assert torch.allclose(stream["weights"], clip["weights"], atol=1e-5)


def test_an_encoder_that_hears_no_further_than_the_frame_plays(tmp_path):
    run = make_run(tmp_path / "run", "pestalk", {**ENCODER, "look_ahead": -320})
    assert export_run(run, tmp_path / "bundle", noise(1.0)).parity.within(TOLERANCE)
    assert json.loads((tmp_path / "bundle" / "manifest.json").read_text())["look_ahead"] == 0


def test_encoders_of_others_that_stream_say_what_they_say_of_a_clip(tmp_path, monkeypatch):
    """The mel of PESTalk stands beside them, 80 samples later than they hear."""
    hear_by(monkeypatch, Wave)
    run = frozen_run(tmp_path / "run", "pestalk", Wave)
    facts = export_run(run, tmp_path / "bundle", noise(1.5))
    assert facts.parity.within(TOLERANCE)
    assert facts.offline.largest < TOLERANCE
    training = json.loads((tmp_path / "bundle" / "training.json").read_text())
    assert training["mode"] == "stateful"


@pytest.mark.parametrize(
    ("name", "seconds", "hop"), [("pestalk", 1.0, 0.0), ("ecoface", 0.5, 0.48)]
)
def test_encoders_that_hear_the_whole_clip_run_in_windows(
    tmp_path, monkeypatch, name, seconds, hop
):
    hear_by(monkeypatch, Whole)
    run, bundle, audio = frozen_run(tmp_path / "run", name, Whole), tmp_path / "bundle", noise(1.9)
    facts = export_run(run, bundle, audio, windows=WindowOptions(seconds, hop))
    assert facts.parity.within(TOLERANCE)
    assert 0 < facts.offline.mean < facts.offline.largest
    manifest = json.loads((bundle / "manifest.json").read_text())
    frames = manifest["frames_per_step"]
    assert manifest["hop"] == 640 * frames == 640 * (round(hop * 25) or 8)
    assert manifest["window"]["length"] == 640 * max(round(seconds * 25), frames + 4)
    assert manifest["look_ahead"] == 640 * (frames + 4) - 320
    training = json.loads((bundle / "training.json").read_text())
    assert training["distance_to_offline"]["largest"] == facts.offline.largest
    assert training["feature_cache"] is False
    assert "do not tell their front end" in training["uncached"]
    assert f"{facts.offline.largest:.1e}" in (bundle / "MODEL_CARD.md").read_text()
    face = TalkFace(bundle)
    clip = face.animate(audio)
    assert np.array_equal(in_stream(face, audio), clip.weights)


def test_one_window_over_the_whole_clip_is_the_offline_pass(tmp_path, monkeypatch):
    """So windows lie where they must: what is left of a distance is what windows do not hear."""
    hear_by(monkeypatch, Whole)
    run = frozen_run(tmp_path / "run", "pestalk", Whole)
    _, graph = graph_of(run, "windowed", WindowOptions(1.0, hop=1.0, right=0.0))
    assert isinstance(graph, WholeWindowGraph)
    assert graph.hop == graph.window == 16000
    audio = torch.from_numpy(noise(1.0).astype(np.float32) / 32768)[None]
    audio[:, -320:] = 0.0  # past the last frame's middle and half of its 40 ms
    stream, clip = (way(audio, graph.defaults()) for way in (graph.streamed, graph.offline))
    assert torch.allclose(stream["weights"], clip["weights"], atol=1e-6)


def test_the_command_needs_no_voice_to_be_installed(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    run = make_run(tmp_path / "run", "ecoface")
    assert main([str(run), "--out", str(tmp_path / "bundle")]) == 0, capsys.readouterr().err
    golden = np.load(tmp_path / "bundle" / "golden.npz")["audio"]
    assert golden.dtype == np.int16
    assert len(golden) > 3 * 16000


@pytest.fixture(params=[Split, Unasked])
def split(request, tmp_path, monkeypatch):
    monkeypatch.setitem(SYSTEMS, "split", request.param)
    run = make_run(tmp_path / "run", "split")
    facts = export_run(run, tmp_path / "bundle", noise())
    assert facts.parity.within(TOLERANCE)
    return request.param, tmp_path / "bundle"


def test_a_style_is_tuned_on_bundles_that_hear_and_on_those_that_are_told(split, tmp_path):
    from talkface.tune import Pair, tune

    _, bundle = split
    sound, curves = tmp_path / "take.wav", tmp_path / "take.csv"
    soundfile.write(sound, noise(1.2, seed=2), 16000)
    TalkFace().animate(sound).save(curves)
    tuned = tune(bundle, [Pair(sound, curves)])
    face = TalkFace(bundle, style=tuned.style)
    assert sum(tuned.style["identities"].values()) == pytest.approx(1.0)
    assert tuned.after.face <= tuned.before.face
    assert len(face.animate(sound)) > 0


def test_a_neutral_face_and_what_emotion_adds_come_apart(split):
    kind, bundle = split
    face, audio = TalkFace(bundle), noise(1.2, seed=2)
    manifest = json.loads((bundle / "manifest.json").read_text())
    assert len(face.expression_channels) == 52
    assert ("emotion" in manifest["inputs"]) == kind.classifies
    assert set(manifest["inputs"]) >= {"audio", "identity", "noise"}
    without = {"expression_strength": 0.0}
    plain = face.animate(audio, knobs=without).weights
    if kind.classifies:
        options = {"raw": True, "knobs": {"emotion_transition_ms": 0.0}}
        felt = face.animate(audio, emotion="happy", **options).weights
        half = face.animate(audio, emotion={"happy": 0.5}, **options).weights
        neutral = face.animate(audio, emotion="neutral", **options).weights
        assert np.abs(half - neutral).max() == pytest.approx(
            0.5 * np.abs(felt - neutral).max(), rel=0.05
        )
        assert any(any(row) for row in manifest["expression_rest"])
    else:
        felt = face.animate(audio, raw=True).weights
        with pytest.raises(TalkFaceError, match="takes no emotion"):
            face.animate(audio, emotion="happy")
        with pytest.raises(TalkFaceError, match="takes no emotion"):
            face.stream().set_emotion("happy")
        neutral = run_graph(bundle, audio.astype(np.float32) / 32768)["weights"]
        assert not any(any(row) for row in manifest["expression_rest"])
    assert np.abs(felt - neutral).max() > 0.05
    brow = face.animate(audio).channels.index("browInnerUp")
    assert np.abs(face.animate(audio).weights[:, brow] - plain[:, brow]).max() > 1e-3
    assert np.array_equal(in_stream(face, audio), face.animate(audio).weights)


def test_the_head_and_the_identity_follow_their_inputs(split):
    _, bundle = split
    face, audio = TalkFace(bundle), noise(0.8)
    one, two = (face.animate(audio, seed=seed, raw=True) for seed in (1, 2))
    assert np.abs(one.head_rotation - two.head_rotation).max() > 1e-3
    other = TalkFace(bundle, style={"talkface_style": 1, "identities": {"ben": 1}})
    assert not np.allclose(other.animate(audio, seed=1, raw=True).weights, one.weights, atol=1e-3)


def test_what_cannot_be_played_is_refused_with_a_reason(tmp_path, monkeypatch):
    run = make_run(tmp_path / "run", "ecoface")
    clip, out = noise(1.0), tmp_path / "bundle"
    with pytest.raises(ValueError, match="multiple of 4 frames"):
        export_run(run, out, clip, mode="windowed", windows=WindowOptions(hop=0.2))
    with pytest.raises(ValueError, match="at most 100 seconds"):
        export_run(run, out, clip, mode="windowed", windows=WindowOptions(101))
    with pytest.raises(ValueError, match="right context must be at most 10 s"):
        export_run(run, out, clip, mode="windowed", windows=WindowOptions(hop=9.6, right=0.6))
    with pytest.raises(ValueError, match="nothing to cache: encoders that stream"):
        export_run(run, out, clip, mode="windowed", windows=WindowOptions(cache=True))
    with pytest.raises(ValueError, match="add --mode windowed"):
        export_run(run, out, clip, windows=WindowOptions(hop=1.0))
    loud = make_run(tmp_path / "loud", "ecoface", latent=40)
    with pytest.raises(RunError, match="draws 32 at most"):
        export_run(loud, out, clip)
    facts = json.loads((run / "run.json").read_text())
    (run / "run.json").write_text(json.dumps({**facts, "outputs": 53}))
    with pytest.raises(RunError):
        export_run(run, out, clip)
    monkeypatch.setattr(exporting, "_distance", lambda *_: exporting.Distance(0.1, 0.2))
    with pytest.raises(ParityError, match=r"stream and clip differ by 0\.2"):
        export_run(make_run(tmp_path / "good", "pestalk"), out, clip)
    assert not out.exists()


def test_the_command_writes_a_bundle_or_says_why_not(tmp_path, capsys):
    import soundfile

    run, out = make_run(tmp_path / "run", "pestalk"), tmp_path / "new" / "faces"
    soundfile.write(tmp_path / "clip.wav", noise(1.0), 16000)
    words = [str(run), "--out", str(out), "--golden", str(tmp_path / "clip.wav")]
    assert main([*words, "--name", "Faces", "--version", "2.1.0", "--licence", "CC0-1.0"]) == 0
    assert "torch to the C++ runtime" in capsys.readouterr().out
    info = TalkFace(out).info
    assert (info["name"], info["version"], info["licence"]) == ("Faces", "2.1.0", "CC0-1.0")
    (run / "best.safetensors").write_bytes(b"broken")
    assert main(words) == 1
    assert f"cannot read {run / 'best.safetensors'}" in capsys.readouterr().err
    (run / "run.json").write_text("{")
    assert main(words) == 1
    assert f"cannot read {run / 'run.json'}" in capsys.readouterr().err
    (run / "run.json").unlink()
    assert main(words) == 1
    assert "holds no trained run" in capsys.readouterr().err
    assert TalkFace(out).info["version"] == "2.1.0"  # the bundle from before is untouched


def test_paths_of_the_machine_stay_out_of_a_bundle(tmp_path):
    run = make_run(tmp_path / "run", "pestalk")
    facts = json.loads((run / "run.json").read_text())
    facts["config"] = {"data": [str(tmp_path / "voices")], "frames": 100}
    (run / "run.json").write_text(json.dumps(facts))
    export_run(run, tmp_path / "bundle", noise(1.0))
    for path in (tmp_path / "bundle").iterdir():
        assert str(tmp_path).encode() not in path.read_bytes(), path.name
    training = json.loads((tmp_path / "bundle" / "training.json").read_text())
    assert training["run"]["config"]["data"] == ["voices"]
