"""The default model in torch: streaming equals the full pass, and its receptive field."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from talkface_train.data.tapes import LEAD_SAMPLES
from talkface_train.models.frontend import (
    FEATURES,
    MELS,
    FrontEnd,
    mel_matrix,
    normalise_tape,
    spectrum_of,
)
from talkface_train.models.streaming import (
    FEATURES_PER_STEP,
    HOP,
    StreamingConfig,
    StreamingNet,
    smoothed,
)
from talkface_train.models.whole import Member, StreamingModel, Together

PRIOR = torch.full((MELS,), -2.0)
SMALL = StreamingConfig(width=24, layers=2, hidden=16, context=8)


def small_model(config: StreamingConfig = SMALL, *widths: int) -> StreamingModel:
    torch.manual_seed(0)
    configs = [config, *(replace(config, width=width, hidden=width // 2) for width in widths)]
    return StreamingModel([Member(StreamingNet(own).eval()) for own in configs], PRIOR).eval()


def some_audio(seconds: float = 1.5) -> torch.Tensor:
    generator = torch.Generator().manual_seed(1)
    audio = torch.randn(int(16000 * seconds), generator=generator) * 0.05
    audio[4000:8000] = 0
    return audio


def test_mel_filters_cover_the_band() -> None:
    for warp in (0.87, 1.0, 1.15):
        matrix = mel_matrix(warp)
        assert matrix.shape == (189, MELS + 1)
        assert np.allclose(matrix[:, :MELS].sum(axis=0), 1, atol=1e-6)
        assert np.allclose(matrix[:, MELS], matrix[:, :MELS].mean(axis=1))


def test_the_front_end_steps_as_it_runs_over_tapes() -> None:
    audio = some_audio()[None]
    whole = normalise_tape(spectrum_of(audio)[0].numpy(), PRIOR.numpy())
    for frames in (1, 4, 10):
        front = FrontEnd(PRIOR, frames)
        peak, mean = front.initial_state()
        padded = torch.nn.functional.pad(audio, (240, 0))
        parts = []
        for step in range(whole.shape[0] // frames):
            start = step * frames * 160
            features, peak, mean = front(padded[:, start : start + 240 + frames * 160], peak, mean)
            parts.append(features[0])
        stepped = torch.cat(parts).numpy()
        assert stepped.shape[1] == FEATURES
        assert np.abs(stepped - whole[: len(stepped)]).max() < 2e-4


@pytest.mark.parametrize(
    ("look_ahead", "partners"),
    [(0, ()), (480, (12,)), (640, ()), (960, ()), (1280, (32, 12)), (1600, ()), (1600, (32,))],
)
def test_streaming_equals_training(look_ahead: int, partners: tuple[int, ...]) -> None:
    """The graph, step by step from audio, equals the networks as they are trained on tapes."""
    config = StreamingConfig(width=24, layers=2, hidden=16, context=8, look_ahead=look_ahead)
    model = small_model(config, *partners)
    audio = some_audio()
    with torch.inference_mode():
        curves, visemes, closure = model.full(audio).values()
        tape = torch.cat([torch.zeros(LEAD_SAMPLES), audio, torch.zeros(4000)])
        features = normalise_tape(spectrum_of(tape[None])[0].numpy(), PRIOR.numpy())
        first = look_ahead // 160 - FEATURES_PER_STEP * (config.priming_steps + 1)
        first += LEAD_SAMPLES // 160
        count = (len(features) - first) // FEATURES_PER_STEP * FEATURES_PER_STEP
        heard = torch.from_numpy(features[None, first : first + count])
        outputs = Together([member.net for member in model.members])(heard)
    skip = 2 * config.priming_steps
    raw, preview = torch.sigmoid(outputs["curves"]), torch.sigmoid(outputs["preview"])
    expected = smoothed(raw, preview, config)[0, skip : skip + len(curves)]
    assert (curves - expected).abs().max() < 1e-4
    expected = outputs["visemes"].softmax(dim=2)[0, skip : skip + len(curves)]
    assert (visemes - expected).abs().max() < 1e-4
    raw, told = torch.sigmoid(outputs["closure"]), torch.sigmoid(outputs["forecast"][:, :, :1])
    expected = smoothed(raw, told, config)[0, skip : skip + len(curves), 0]
    assert (closure - expected).abs().max() < 1e-4


def test_networks_together_say_the_mean() -> None:
    model = small_model(SMALL, 16)
    features = torch.randn(2, 40, FEATURES, generator=torch.Generator().manual_seed(5))
    with torch.inference_mode():
        joined = Together([member.net for member in model.members], [0.75, 0.25])(features)
        said = [member.net(features) for member in model.members]
    for name, logits in joined.items():
        spread = torch.nn.Softmax(dim=2) if name in ("visemes", "phones") else torch.sigmoid
        mean = 0.75 * spread(said[0][name]) + 0.25 * spread(said[1][name])
        assert torch.allclose(spread(logits), mean, atol=1e-5)
        assert not torch.allclose(spread(said[0][name]), mean, atol=1e-3)


def test_no_frame_depends_on_audio_past_its_look_ahead() -> None:
    """Gradients of a frame reach audio up to its look-ahead, exactly, and not beyond."""
    model = small_model()
    for frame in (10, 11):
        noise = torch.Generator().manual_seed(2)
        audio = (torch.randn(16000, generator=noise) * 0.05).requires_grad_()
        model.full(audio)["curves"][frame].sum().backward()
        assert audio.grad is not None
        touched = torch.nonzero(audio.grad).flatten()
        step_end = frame // 2 * HOP + SMALL.look_ahead
        assert int(touched.max()) < step_end <= frame * 320 + SMALL.look_ahead
        assert int(touched.max()) > step_end - 40
        assert int(touched.min()) < frame * 320 - 3000


def test_smoothing_takes_from_both_sides_and_from_what_was_foretold() -> None:
    curves = torch.zeros(1, 6, 1)
    curves[0, 3] = 1.0
    preview = torch.tensor([0.0, 0.5, 0.0]).reshape(1, 3, 1)

    def of(smoothing: tuple[float, float], blending: float) -> list[float]:
        config = StreamingConfig(smoothing=smoothing, blending=blending)
        return [round(float(x), 4) for x in smoothed(curves, preview, config)[0, :, 0]]

    assert of((0.1, 0.4), 0.0) == [0.0, 0.0, 0.4, 0.7, 0.1, 0.0]
    assert of((0.0, 0.0), 0.4) == [0.0, 0.0, 0.0, 1.0, 0.2, 0.0]
    assert of((0.2, 0.2), 0.4) == [0.0, 0.0, 0.2, 0.7, 0.32, 0.04]
    assert of((0.0, 0.0), 0.0) == [0.0, 0.0, 0.0, 1.0, 0.0, 0.0]


def test_restoring_the_state_replays_the_step() -> None:
    model = small_model()
    state = list(model.initial_state().values())
    audio = some_audio()[None]
    with torch.inference_mode():
        for step in range(5):
            _, _, _, *state = model.step(audio[:, step * HOP : step * HOP + model.window], state)
        kept = [tensor.clone() for tensor in state]
        first = model.step(audio[:, 5 * HOP : 5 * HOP + model.window], state)
        again = model.step(audio[:, 5 * HOP : 5 * HOP + model.window], kept)
    for a, b in zip(first, again, strict=True):
        assert torch.equal(a, b)


def test_the_shipped_size_keeps_its_budget() -> None:
    from talkface_export.recipe import Plan, model_config

    plan = Plan()
    nets = [
        StreamingNet(model_config(replace(plan, width=w))) for w in (plan.width, plan.partner_width)
    ]
    model = StreamingModel([Member(net) for net in nets], PRIOR)
    assert model.parameters_of_nets < 2_000_000, "8 MB of float32"
    assert model.config.look_ahead <= 1600
