"""Encoders in windows: a front end that hears each sample once says what one that hears whole
windows says."""

from __future__ import annotations

import json

import pytest
import torch
from checkpoints import checkpoint

from talkface_train.huggingface import HuggingFaceEncoder
from talkface_train.models.encoders import HOP
from talkface_train.models.hearing import PARTS, FrozenHearing, MelHearing
from talkface_train.models.windows import Windows, check_windows, same_front


def hearing_of(folder, parts=PARTS[:2], kind="wav2vec2", scaled=True, twins=False, **more):
    """A hearing of one tiny checkpoint, or of two."""
    path = checkpoint(folder / "content", kind, **more)
    (path / "preprocessor_config.json").write_text(json.dumps({"do_normalize": scaled}))
    content = HuggingFaceEncoder(path)
    emotion = content
    if twins:
        other = checkpoint(folder / "emotion", kind, seed=2, **more)
        emotion = HuggingFaceEncoder(other)
    return FrozenHearing(content, emotion, parts, ["tiny"]).eval()


def sound(blocks: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(blocks)
    loud = torch.sin(torch.arange(HOP * blocks) * 4e-4).square()
    return 0.1 * loud * torch.randn(1, HOP * blocks, generator=generator)


@torch.inference_mode()
def streamed(windows: Windows, audio: torch.Tensor) -> tuple[dict[str, torch.Tensor], list]:
    """A clip [1, 640 S] from a fresh stream on, and the states after each step."""
    size, frames = HOP * windows.kept, audio.shape[1] // HOP
    skipped = (windows.ahead + windows.early) // windows.kept
    steps = skipped + -(-frames // windows.kept)
    before = audio.new_zeros(1, HOP * windows.early)
    padded = torch.cat([before, audio, audio.new_zeros(1, size * steps)], dim=1)
    state, found, states = windows.initial_state(), [], []
    for index in range(steps):
        said, state = windows.step(padded[:, size * index : size * (index + 1)], state)
        states.append(state)
        if index >= skipped:
            found.append(said)
    joined = {n: torch.cat([said[n] for said in found], 1)[:, :frames] for n in found[0]}
    return joined, states


@pytest.mark.parametrize("kind", ["wav2vec2", "hubert", "wavlm"])
@pytest.mark.parametrize("scaled", [True, False])
def test_a_cache_changes_nothing(tmp_path, kind, scaled):
    hearing = hearing_of(tmp_path, PARTS, kind, scaled, twins=True)
    audio = sound(83)
    said = {}
    for cached in (True, False):
        said[cached], _ = streamed(Windows(hearing, 8, 1.0, 4, cached), audio)
    for name in PARTS:
        assert said[True][name].shape == (1, 83, hearing.widths[name])
        assert said[True][name].std(dim=1).max() > 1e-3
        torch.testing.assert_close(said[True][name], said[False][name], atol=1e-5, rtol=0.0)


@pytest.mark.parametrize(
    ("kept", "seconds", "right"), [(4, 0.3, 0), (5, 0.7, 9), (8, 1.0, 4), (9, 0.1, 1), (25, 1.0, 0)]
)
def test_hops_windows_and_contexts_of_any_size_need_no_other_frames(tmp_path, kept, seconds, right):
    hearing = hearing_of(tmp_path)
    cached, anew = (
        streamed(Windows(hearing, kept, seconds, right, c), sound(61))[0] for c in (1, 0)
    )
    torch.testing.assert_close(cached["features"], anew["features"], atol=1e-5, rtol=0.0)


def test_the_front_end_makes_every_frame_once_and_keeps_it_by_absolute_index(tmp_path):
    hearing = hearing_of(tmp_path)
    windows, audio, heard = Windows(hearing, 8, 1.0, 4), sound(80), []
    hearing.content.front.register_forward_pre_hook(lambda _, given: heard.append(given[0].shape))
    _, states = streamed(windows, audio)
    layout = windows.layouts["features"]
    assert (layout.frames, layout.made, layout.cached, layout.tail) == (50, 16, 34, 320)
    # 16 frames of 320 new samples each, and the 320 that the oldest of them began with.
    assert heard == [(1, 16 * 320 + 320)] * len(states)
    with torch.inference_mode():
        scaled = hearing.content.scale.whole(audio)
        whole = hearing.content.convolve(torch.cat([torch.zeros(1, 320), scaled], dim=1))
        silence = windows.features_silence[0]
    for index, state in enumerate(states[:9]):
        end = (8 * (index + 1) - windows.early) * HOP
        newest = (end - 400) // 320
        for slot, frame in enumerate(state["features_frames"][0]):
            absolute = newest - 33 + slot  # -1 hears the clip's first 80 samples
            wanted = silence[0] if absolute < -1 else whole[0, absolute + 1]
            torch.testing.assert_close(frame, wanted, atol=1e-5, rtol=0.0)


def test_a_step_says_the_middle_of_a_window_of_the_clip(tmp_path):
    """By hand: the encoder's own stages on one second about the frames of step 3."""
    encoder = hearing_of(tmp_path, scaled=False).content
    windows = Windows(FrozenHearing(encoder, encoder, PARTS[:1], ["tiny"]).eval(), 8, 1.0, 4)
    audio = sound(60)
    said, _ = streamed(windows, audio)
    assert windows.ahead == 5  # four of right context, and one that the last frame reaches into
    assert windows.seconds == pytest.approx(1.005)
    end = HOP * (32 + 5)
    newest = (end - 400) // 320
    with torch.inference_mode():
        rows = encoder.attend(encoder.convolve(audio)[:, newest - 49 : newest + 1])
    for frame in range(24, 32):
        place = 2 * frame - (newest - 49)
        wanted = rows[:, place] * 0.625 + rows[:, place + 1] * 0.375
        torch.testing.assert_close(said["features"][:, frame], wanted, atol=1e-5, rtol=0.0)


def test_a_window_over_the_whole_clip_says_what_the_clip_says(tmp_path):
    """But for the silence before it: a window begins there, a clip does not."""
    hearing = hearing_of(tmp_path, PARTS)
    audio, windows = sound(30), Windows(hearing, 25, 1.1, 4)
    said, _ = streamed(windows, audio)
    with torch.inference_mode():
        clip = hearing(audio)
    torch.testing.assert_close(said["mel"][:, :25], clip["mel"][:, :25], atol=2e-5, rtol=1e-4)
    near = (said["features"] - clip["features"])[:, 15:25].abs().mean()
    assert 0 < near < 0.2 * clip["features"].std()


def test_nothing_past_the_right_context_is_heard(tmp_path):
    windows, audio = Windows(hearing_of(tmp_path, PARTS), 8, 1.0, 4), sound(60)
    end = HOP * (32 + windows.ahead)
    later, within = audio.clone(), audio.clone()
    later[:, end:] = 0.3
    within[:, end - 640 :] = 0.3
    before, after, changed = (streamed(windows, given)[0] for given in (audio, later, within))
    for name in PARTS[:2]:
        assert torch.equal(before[name][:, :32], after[name][:, :32])
        assert not torch.allclose(before[name][:, 24:32], changed[name][:, 24:32])
    assert torch.equal(before["mel"][:, :32], after["mel"][:, :32])


def test_one_checkpoint_runs_once_and_equal_front_ends_share_a_cache(tmp_path):
    alone = Windows(hearing_of(tmp_path / "one"), 8, 1.0, 4)
    calls = []
    alone.hearing.content.model.register_forward_pre_hook(lambda *_: calls.append(1))
    said, states = streamed(alone, sound(20))
    assert len(calls) == len(states)
    assert torch.equal(said["features"], said["emotion_features"])
    twins = hearing_of(tmp_path / "two", twins=True)
    assert len(Windows(twins, 8, 1.0, 4).fronts) == 2
    twins.emotion.front.load_state_dict(twins.content.front.state_dict())
    assert same_front(twins.content, twins.emotion)
    shared = Windows(twins, 8, 1.0, 4)
    apart = Windows(twins, 8, 1.0, 4, cached=False)
    assert [n for n in shared.initial_state() if n.endswith("_frames")] == ["features_frames"]
    ours, theirs = (streamed(w, sound(40))[0] for w in (shared, apart))
    assert not torch.equal(ours["features"], ours["emotion_features"])
    for name in PARTS[:2]:
        torch.testing.assert_close(ours[name], theirs[name], atol=1e-5, rtol=0.0)


def test_batches_of_streams_begin_when_they_like(tmp_path):
    windows = Windows(hearing_of(tmp_path, PARTS), 8, 1.0, 4)
    audio = sound(24).reshape(3, -1)
    with torch.inference_mode():
        _, old = windows.step(audio[:1], windows.initial_state())
        fresh = windows.initial_state()
        both = {name: torch.cat([old[name], fresh[name]]) for name in old}
        said, _ = windows.step(audio[1:], both)
        for row, state in enumerate((old, fresh)):
            alone, _ = windows.step(audio[1 + row : 2 + row], state)
            for name in PARTS:
                torch.testing.assert_close(said[name][row], alone[name][0], atol=1e-5, rtol=0.0)


def test_a_front_end_that_hears_all_at_once_is_not_cached(tmp_path):
    hearing = hearing_of(tmp_path, norm="group")
    with pytest.raises(ValueError, match=r"cannot be cached: .*feat_extract_norm is group"):
        Windows(hearing, 8, 1.0, 4)
    said, _ = streamed(Windows(hearing, 8, 1.0, 4, cached=False), sound(40))
    assert said["features"].shape == (1, 40, 16)


def test_what_has_no_windows_says_why(tmp_path):
    with pytest.raises(ValueError, match="encoders that stream"):
        check_windows(MelHearing())
    odd = hearing_of(tmp_path, conv_stride=[5, 2, 2, 2, 2, 2, 3])
    with pytest.raises(ValueError, match="every 480 samples"):
        Windows(odd, 8, 1.0, 4)
