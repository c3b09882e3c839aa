"""Speech encoders: whole clips and streams agree, and checkpoints of others are read safely."""

from __future__ import annotations

import builtins
import json
from pathlib import Path

import pytest
import torch
from checkpoints import KERNELS, STRIDES, checkpoint

from talkface_train import huggingface
from talkface_train.huggingface import HuggingFaceEncoder, read_facts
from talkface_train.models.encoders import HOP, MIDDLE, MelEncoder, NotStreamable
from talkface_train.models.waveform import RunningScale, at_animation_rate, position_of


def _audio(seconds: float = 1.0, batch: int = 1, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return 0.1 * torch.randn(batch, int(seconds * 16000), generator=generator)


def _streamed(encoder, audio: torch.Tensor) -> torch.Tensor:
    state, frames = encoder.initial_state(), []
    for block in encoder.padded(audio).split(HOP, dim=1):
        frame, state = encoder.step(block, state)
        frames.append(frame)
    return torch.cat(frames[encoder.priming_steps :], dim=1)


@pytest.fixture
def mel() -> MelEncoder:
    torch.manual_seed(0)
    return MelEncoder(width=24, context=8).eval()


@pytest.mark.parametrize("look_ahead", [0, 320, 480, 1600, 2080])
def test_mel_streams_what_it_says_of_a_whole_clip(look_ahead):
    torch.manual_seed(0)
    encoder = MelEncoder(width=16, context=12, look_ahead=look_ahead).eval()
    audio = _audio(0.83)
    with torch.inference_mode():
        whole = encoder(audio)
        torch.testing.assert_close(_streamed(encoder, audio), whole, atol=2e-5, rtol=1e-4)
    assert whole.shape == (1, 20, 16)


def test_mel_hears_its_look_ahead_and_no_further(mel):
    audio = _audio()
    frame = 10
    heard = HOP * frame + MIDDLE + mel.look_ahead
    further, within = audio.clone(), audio.clone()
    further[:, heard:] = 0.3
    within[:, heard - 100 :] = 0.3
    with torch.inference_mode():
        before = mel(audio)[:, : frame + 1]
        assert torch.equal(mel(further)[:, : frame + 1], before)
        assert not torch.allclose(mel(within)[:, frame], before[:, frame])


def test_mel_learns_and_keeps_its_prior(mel):
    mel.train()
    mel(_audio(0.4, batch=2)).square().sum().backward()
    assert mel.stack.weight.grad.abs().sum() > 0
    prior = torch.linspace(-3, -1, 48)
    other = MelEncoder(width=24, context=8, prior=prior)
    mel.load_state_dict(other.state_dict())
    assert torch.equal(mel.front.front.prior, prior)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_mel_step_is_a_graph(mel, tmp_path: Path):
    onnxruntime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    pytest.importorskip("onnx", reason="onnx is not installed")

    class Step(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = mel

        def forward(self, audio, *state):
            frame, new = self.encoder.step(audio, dict(zip(names, state, strict=True)))
            return frame, *new.values()

    state = mel.initial_state()
    names = list(state)
    inputs = (_audio(0.04), *state.values())
    path = tmp_path / "step.onnx"
    torch.onnx.export(
        Step(), inputs, path, dynamo=False, opset_version=17, input_names=["sound", *names]
    )
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    feeds = dict(zip(["sound", *names], (x.numpy() for x in inputs), strict=True))
    found = session.run(None, {i.name: feeds[i.name] for i in session.get_inputs()})
    with torch.inference_mode():
        wanted, new = mel.step(inputs[0], state)
    torch.testing.assert_close(torch.from_numpy(found[0]), wanted, atol=1e-4, rtol=1e-4)
    assert len(found) == 1 + len(new)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"look_ahead": 100}, "multiple of 160"), ({"context": 2}, "4 or more"), ({"layers": 0}, "1")],
)
def test_mel_refuses_sizes_that_do_not_fit(wrong, says):
    with pytest.raises(ValueError, match=says):
        MelEncoder(**wrong)


def test_a_clip_shorter_than_a_frame_is_refused(mel):
    with pytest.raises(ValueError, match="640 samples"):
        mel(torch.zeros(1, 639))


def test_frames_keep_their_places_whatever_the_clips_length():
    assert position_of(0, 320, 400) == (0, pytest.approx(0.375))
    assert position_of(3, 320, 400) == (6, pytest.approx(0.375))
    centres = (200 + 320 * torch.arange(60.0)).reshape(1, -1, 1)
    middles = (MIDDLE + HOP * torch.arange(29.0)).reshape(1, -1, 1)
    torch.testing.assert_close(at_animation_rate(centres, 29, 320, 400), middles)
    torch.testing.assert_close(at_animation_rate(centres[:, :30], 14, 320, 400), middles[:, :14])
    held = at_animation_rate(centres[:, :10], 20, 320, 400)
    assert torch.equal(held[0, -1], centres[0, 9])


def test_the_running_scale_ignores_what_comes_later():
    scale = RunningScale()
    audio = _audio(8.0) * 4 + 0.05
    later = audio.clone()
    later[:, 64000:] *= 10
    assert torch.equal(scale.whole(audio)[:, :64000], scale.whole(later)[:, :64000])
    settled = scale.whole(audio)[:, 96000:]
    assert settled.std() == pytest.approx(1.0, abs=0.15)
    assert settled.mean() == pytest.approx(0.0, abs=0.05)
    assert torch.isfinite(scale.whole(torch.zeros(1, 16000))).all()


@pytest.mark.parametrize("kind", ["wav2vec2", "hubert", "wavlm"])
@pytest.mark.parametrize("norm", ["layer", "group"])
def test_checkpoints_give_frames_at_25_a_second(tmp_path: Path, kind, norm):
    encoder = HuggingFaceEncoder(checkpoint(tmp_path, kind, norm))
    with torch.inference_mode():
        frames = encoder(_audio(1.01, batch=2))
    assert frames.shape == (2, 25, 16)
    assert torch.isfinite(frames).all()
    assert encoder.frame_rate == 25
    assert (encoder.facts.hop, encoder.facts.field) == (320, 400)
    assert encoder.facts.frames_per_second == 50
    assert encoder.look_ahead is None
    assert not any(p.requires_grad for p in encoder.parameters())
    with pytest.raises(NotStreamable, match="group" if norm == "group" else "attends"):
        encoder.initial_state()
    with pytest.raises(NotStreamable):
        encoder.step(_audio(0.04), {})


@pytest.mark.parametrize("scaled", [True, False])
def test_layer_normalised_convolutions_stream(tmp_path: Path, scaled):
    folder = checkpoint(tmp_path)
    (folder / "preprocessor_config.json").write_text(json.dumps({"do_normalize": scaled}))
    encoder = HuggingFaceEncoder(folder, hear="convolution")
    assert encoder.stateful
    assert (encoder.scale is not None) is scaled
    assert (encoder.width, encoder.look_ahead, encoder.priming_steps) == (8, 400, 1)
    audio = _audio(0.83)
    with torch.inference_mode():
        whole = encoder(audio)
        torch.testing.assert_close(_streamed(encoder, audio), whole, atol=1e-4, rtol=1e-3)
    later = audio.clone()
    later[:, 640 * 5 + MIDDLE + 400 :] = 0.3
    with torch.inference_mode():
        torch.testing.assert_close(encoder(later)[:, :6], whole[:, :6])


def test_group_normalised_convolutions_say_why_they_do_not_stream(tmp_path: Path):
    encoder = HuggingFaceEncoder(checkpoint(tmp_path, norm="group"), hear="convolution")
    assert not encoder.stateful
    with pytest.raises(NotStreamable, match="first convolution over all it hears"):
        encoder.padded(_audio())


def test_only_the_mixture_of_layers_learns(tmp_path: Path):
    encoder = HuggingFaceEncoder(checkpoint(tmp_path), hear="mixture").train()
    assert not encoder.model.training
    encoder(_audio(0.4)).square().sum().backward()
    assert [n for n, p in encoder.named_parameters() if p.requires_grad] == ["shares"]
    assert encoder.shares.grad.shape == (3,)


def _described(folder: Path, **config) -> Path:
    facts = {
        "model_type": "hubert", "conv_kernel": KERNELS, "conv_stride": STRIDES, "conv_dim": [512],
        "hidden_size": 768, "num_hidden_layers": 12, "feat_extract_norm": "group", **config,
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(facts))
    return folder


def test_facts_come_from_the_folder_alone(tmp_path: Path):
    (_described(tmp_path) / "model.safetensors").touch()
    facts = read_facts(tmp_path)
    assert (facts.hop, facts.field, facts.group_norm, facts.scaled) == (320, 400, True, False)


def test_pickles_are_refused(tmp_path: Path):
    (_described(tmp_path) / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(FileNotFoundError, match=r"pytorch_model\.bin is a pickle"):
        HuggingFaceEncoder(tmp_path)


def test_other_models_and_empty_folders_are_refused(tmp_path: Path):
    with pytest.raises(FileNotFoundError, match=r"no config\.json"):
        HuggingFaceEncoder(tmp_path)
    with pytest.raises(ValueError, match="'bert' model; known are wav2vec2"):
        HuggingFaceEncoder(_described(tmp_path, model_type="bert"))
    with pytest.raises(ValueError, match="hear must be"):
        HuggingFaceEncoder(tmp_path, hear="all")


def test_a_checkpoint_that_lacks_weights_is_refused(tmp_path: Path):
    from safetensors.torch import load_file, save_file

    path = checkpoint(tmp_path) / "model.safetensors"
    kept = {k: v for k, v in load_file(path).items() if "layers.1." not in k}
    save_file(kept, path, metadata={"format": "pt"})
    with pytest.raises(ValueError, match="lacks weights"):
        HuggingFaceEncoder(tmp_path)


def test_the_error_without_transformers_names_the_extra(tmp_path: Path, monkeypatch):
    (_described(tmp_path) / "model.safetensors").touch()
    real = builtins.__import__

    def without(name, *rest, **more):
        if name == "transformers":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=r"\[ssl\] extra"):
        huggingface.HuggingFaceEncoder(tmp_path)
