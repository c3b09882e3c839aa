"""What published systems hear."""

from __future__ import annotations

import pytest
import torch

from talkface_train.models.encoders import HOP, MelEncoder
from talkface_train.models.hearing import PARTS, FrozenHearing, MelHearing

AUDIO = torch.sin(torch.arange(HOP * 12) * 0.07)[None] * 0.3 + 0.01 * torch.randn(
    1, HOP * 12, generator=torch.Generator().manual_seed(1)
)


def streamed(hearing) -> dict[str, torch.Tensor]:
    source = hearing.content
    state, found = hearing.initial_state(), []
    for step in padded(source).split(HOP, dim=1):
        said, state = hearing.step(step, state)
        found.append(said)
    lead = source.priming_steps
    return {n: torch.cat([said[n] for said in found], dim=1)[:, lead:] for n in hearing.parts}


def padded(encoder) -> torch.Tensor:
    return encoder.padded(AUDIO)


def test_a_stream_hears_what_a_clip_does():
    torch.manual_seed(0)
    hearing = MelHearing(PARTS, width=12, emotion_width=10).eval()
    with torch.inference_mode():
        clip, stream = hearing(AUDIO), streamed(hearing)
    assert {name: value.shape[1:] for name, value in clip.items()} == {
        "features": (12, 12), "emotion_features": (12, 10), "mel": (12, 48),
    }  # fmt: skip
    assert hearing.widths == {"features": 12, "emotion_features": 10, "mel": 48}
    for name, value in clip.items():
        torch.testing.assert_close(stream[name], value, atol=2e-5, rtol=1e-4)


def test_rows_of_a_clip_give_its_frames_without_the_priming_steps():
    hearing = MelHearing(width=8).eval()
    rows = hearing.frontend(AUDIO)
    assert rows.shape[1] == hearing.rows_per_frame * (12 + hearing.priming_steps)
    assert hearing.encode(rows)["features"].shape == (1, 12, 8)
    assert "mel" not in hearing.encode(rows)


def test_the_mel_keeps_a_voices_colour_and_words_do_not_need_it():
    dark = torch.nn.functional.avg_pool1d(AUDIO[None], 5, 1, 2)[0]
    hearing = MelHearing(PARTS, width=8).eval()
    mel = [hearing(audio)["mel"][:, -4:].mean(dim=1) for audio in (AUDIO, dark)]
    assert (mel[0] - mel[1])[0, -12:].mean() > 0.2


def test_frozen_encoders_stream_as_they_hear():
    torch.manual_seed(0)
    content, emotion = MelEncoder(6).eval(), MelEncoder(5).eval()
    hearing = FrozenHearing(content, emotion, PARTS, ["toy"]).eval()
    with torch.inference_mode():
        clip, stream = hearing(AUDIO), streamed(hearing)
    for name, value in clip.items():
        torch.testing.assert_close(stream[name], value, atol=2e-5, rtol=1e-4)


def test_encoders_that_look_ahead_differently_are_refused():
    with pytest.raises(ValueError, match="look ahead alike"):
        FrozenHearing(MelEncoder(6), MelEncoder(6, look_ahead=800), PARTS, [])
