"""The laws of the runtime (docs/numerics.md): chunking, offline = stream, causality, replay."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from laws import assert_equal, join, noise, run_stream

from talkface import Clip, Stream, TalkFace
from talkface.shipped import names

RATES = [(8000, 1), (16000, 1), (22050, 2), (44100, 1), (47999, 1), (48000, 2), (192000, 1)]


def stereo(audio: np.ndarray, channels: int) -> np.ndarray:
    return audio if channels == 1 else np.stack([audio, np.roll(audio, 3)], axis=1)


@pytest.mark.parametrize("size", [1, 7, 160, 441, 1024, 16000])
def test_any_chunking_gives_the_same_frames(face: TalkFace, speech, size: int) -> None:
    audio = speech[: 6000 if size == 1 else 40000]
    whole = face.animate(audio, fps=60, seed=3)
    chunked = run_stream(face.stream(fps=60, seed=3), audio, [size])
    assert_equal(whole, chunked)


@pytest.mark.parametrize(("rate", "channels"), RATES)
def test_chunking_holds_at_every_rate(face: TalkFace, rate: int, channels: int) -> None:
    audio = stereo(noise(rate), channels)
    whole = face.animate(audio, rate, fps=30)
    stream = face.stream(rate, channels, fps=30)
    assert_equal(whole, run_stream(stream, audio, [441, 7, rate // 50, 1, 1024]))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sizes=st.lists(st.integers(1, 5000), min_size=1, max_size=12), seed=st.integers(0, 2**32))
def test_random_chunking_gives_the_same_frames(tiny_face: TalkFace, sizes, seed: int) -> None:
    audio = np.random.default_rng(seed).normal(0, 0.1, 9000).astype(np.float32)
    assert_equal(tiny_face.animate(audio), run_stream(tiny_face.stream(), audio, sizes))


def test_random_chunking_of_the_default_bundle(default_face: TalkFace, speech) -> None:
    sizes = np.random.default_rng(1).integers(1, 4000, 40)
    audio = speech[:48000]
    assert_equal(
        default_face.animate(audio), run_stream(default_face.stream(), audio, sizes.tolist())
    )


def test_when_process_runs_does_not_matter(face: TalkFace, speech) -> None:
    audio = speech[:14000]
    late = face.stream()
    assert late.push(audio) == len(audio)
    late.flush()
    late.process()
    assert_equal(face.animate(audio), late.read())


def test_no_frame_depends_on_audio_past_its_look_ahead(face: TalkFace, speech) -> None:
    """Perturb everything after a point: frames whose look-ahead ends before it keep their bits."""
    audio = speech[:32000]
    before = face.animate(audio, raw=True)
    reach = face.info["look_ahead"]
    changed_any = False
    for point in (8000, 12345, 20000):
        changed = audio.copy()
        changed[point:] = np.random.default_rng(point).normal(0, 0.3, len(audio) - point)
        after = face.animate(changed, raw=True)
        end = before.timestamps * 16000 + reach
        same = end <= point
        assert same.any()
        assert np.array_equal(before.weights[same], after.weights[same])
        changed_any |= not np.array_equal(before.weights[~same], after.weights[~same])
    assert changed_any


@pytest.mark.parametrize("rate", [8000, 44100, 47999, 48000, 192000])
def test_causality_holds_through_the_resampler(face: TalkFace, rate: int) -> None:
    audio = noise(rate)
    before = face.animate(audio, rate, raw=True)
    reach = face.stream(rate).latency - face.info["hop"] / 16000
    point = len(audio) // 2
    changed = audio.copy()
    changed[point:] = -changed[point:] + np.float32(0.2)
    after = face.animate(changed, rate, raw=True)
    same = before.timestamps + reach <= point / rate
    assert same.sum() > 10
    assert np.array_equal(before.weights[same], after.weights[same])
    assert not np.array_equal(before.weights[~same], after.weights[~same])


def test_reset_then_replay_is_identical(face: TalkFace, speech) -> None:
    audio = speech[:20000]
    stream = face.stream(fps=60, seed=9)
    first = run_stream(stream, audio, [999])
    stream.push(speech[:3000])
    stream.process()
    stream.reset()
    stream.process()
    assert stream.next_sample == 0
    assert_equal(first, run_stream(stream, audio, [4096]))


def test_saved_state_replays(face: TalkFace, speech) -> None:
    stream = face.stream(22050, fps=30, seed=4)
    stream.push(speech[:9000])
    stream.process()
    stream.read(5)
    stream.push(speech[9000:12000])  # unprocessed audio is part of the state
    blob = stream.save()

    def rest(target: Stream) -> Clip:
        target.process()
        target.push(speech[12000:20000])
        target.flush()
        target.process()
        return target.read()

    first = rest(stream)
    stream.load(blob)
    assert_equal(first, rest(stream))
    other = face.stream(22050, fps=30, seed=4)
    other.load(blob)
    assert_equal(first, rest(other))


@pytest.mark.parametrize("name", names())
def test_a_shipped_bundle_gives_its_golden(name: str) -> None:
    """Law (f) without torch: the C++ runtime against what torch made of the golden clip."""
    face = TalkFace(name)
    manifest = json.loads((face.path / "manifest.json").read_text("utf-8"))
    with np.load(face.path / manifest["golden"], allow_pickle=False) as golden:
        clip = face.animate(golden["audio"], 16000, raw=True, emotion="neutral")
        columns = [clip.channels.index(name) for name in manifest["channels"]]
        assert np.abs(clip.weights[:, columns] - golden["weights"]).max() <= manifest["tolerance"]
        assert np.abs(clip.visemes - golden["visemes"]).max() <= manifest["tolerance"]


def test_the_tiny_bundle_gives_its_golden_poses(tiny_face: TalkFace, bursts) -> None:
    clip = tiny_face.animate(bursts, 16000, fps=60, seed=7)
    with np.load(tiny_face.path.parent / "tiny_poses.npz", allow_pickle=False) as golden:
        for name in golden.files:
            assert np.abs(getattr(clip, name) - golden[name]).max() <= 1e-5, name


def test_streams_share_a_model_and_nothing_else(face: TalkFace, speech) -> None:
    audio = speech[:16000]
    alone = face.animate(audio)
    a, b = face.stream(), face.stream()
    parts = []
    for start in range(0, len(audio), 800):
        a.push(audio[start : start + 800])
        b.push(audio[::-1][start : start + 800])
        a.process()
        b.process()
        parts.append(a.read())
    a.flush()
    a.process()
    assert_equal(alone, join([*parts, a.read()]))


@pytest.mark.parametrize("flush_denormals", [False, True])
def test_the_host_may_flush_denormals(face: TalkFace, speech, flush_denormals: bool) -> None:
    """Results do not depend on the host's floating-point mode."""
    torch = pytest.importorskip("torch", reason="sets the processor's flush mode")
    audio = speech[:16000] * np.float32(1e-6)
    expected = face.animate(audio)
    if not torch.set_flush_denormal(flush_denormals) and flush_denormals:
        pytest.skip("this processor cannot flush denormals")
    try:
        assert_equal(expected, face.animate(audio))
    finally:
        torch.set_flush_denormal(False)
