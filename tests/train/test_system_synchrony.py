"""Mouths against sound, and rendered faces through toy networks, by hand."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from talkface.rig import CHANNELS
from talkface_train.metrics.features import (
    FrameFeatures,
    lip_sync,
    lip_sync_error,
    rendered,
    sound_windows,
    video_windows,
    visual_emotion_fid,
)
from talkface_train.metrics.synchrony import (
    audio_beats,
    audio_visual_offset,
    beat_alignment,
    loudness_correlation,
    motion_beats,
    opening,
)
from talkface_train.metrics.system_scores import SCORES, score_sound
from talkface_train.render import FaceMesh

RATE, FPS = 16000, 25
TONES = ((0.5, 0.8), (1.2, 1.6), (1.9, 2.1), (2.5, 2.8))
JAW, CLOSE = CHANNELS.index("jawOpen"), CHANNELS.index("mouthClose")


def tones(seconds: float = 3.2) -> np.ndarray:
    at = np.arange(int(seconds * RATE)) / RATE
    on = np.any([(at >= a) & (at < b) for a, b in TONES], axis=0)
    return np.where(on, 0.3, 0.001) * np.sin(2 * np.pi * 200 * at)


def mouth(delay: float = 0.0, seconds: float = 3.2) -> tuple[np.ndarray, np.ndarray]:
    """An opening that is wide where there is a tone, ``delay`` later, and its times."""
    times = (np.arange(int(seconds * FPS)) + 0.5) / FPS
    wide = [np.exp(-(((times - delay - (a + b) / 2) / (b - a) * 2) ** 2)) for a, b in TONES]
    return np.sum(wide, axis=0), times


def test_onsets_are_where_tones_begin():
    assert audio_beats(tones()).tolist() == pytest.approx([a for a, _ in TONES], abs=0.021)
    assert len(audio_beats(np.full(RATE, 0.1))) == 0
    assert len(audio_beats(np.zeros(RATE))) == 0
    with pytest.raises(ValueError, match="empty"):
        audio_beats(np.zeros(0))


def test_beats_of_motion_are_moments_of_rest():
    times = np.arange(100) / FPS
    curves = np.zeros((100, 3))
    curves[:, 0] = np.cos(np.pi * times)
    curves[:, 1] = 0.01 * np.cos(np.pi * times)
    # Turning points each second; the ends are none.
    assert motion_beats(curves, times).tolist() == pytest.approx([1.0, 2.0, 3.0], abs=0.021)
    assert len(motion_beats(np.ones((100, 3)), times)) == 0
    assert len(motion_beats(np.ones((1, 3)), times[:1])) == 0
    with pytest.raises(ValueError, match=r"times: \[100\]"):
        motion_beats(curves, times[1:])


def test_a_channel_counts_by_its_own_size():
    times = np.arange(100) / FPS
    small = 0.01 * np.cos(np.pi * times)
    large = np.cumsum(np.full(100, 0.02))
    found = motion_beats(np.stack([small, large], axis=1), times)
    assert found.tolist() == pytest.approx([1.0, 2.0, 3.0], abs=0.021)


def test_masked_frames_hold_no_beat():
    times = np.arange(100) / FPS
    curves = np.cos(np.pi * times)[:, None]
    counts = np.abs(times - 2.0) > 0.3
    broken = np.where(counts[:, None], curves, np.nan)
    found = motion_beats(broken, times, counts)
    assert found.tolist() == pytest.approx([1.0, 3.0], abs=0.021)


def test_beat_alignment_by_hand():
    one_off = math.exp(-0.5)
    assert beat_alignment([1.0, 2.0], [2.0, 1.1, 7.0]) == pytest.approx((one_off + 1) / 2)
    assert beat_alignment([1.0], [0.8]) == pytest.approx(math.exp(-2))
    assert beat_alignment([1.0], []) == 0
    assert math.isnan(beat_alignment([], [1.0]))


def test_a_mouth_that_follows_loudness_correlates():
    wide, times = mouth()
    heard = loudness_correlation(wide, times, tones())
    assert heard > 0.8
    assert loudness_correlation(-wide, times, tones()) == pytest.approx(-heard)
    assert loudness_correlation(np.zeros_like(wide), times, tones()) == 0
    assert math.isnan(loudness_correlation(wide, times, np.zeros(RATE)))


@pytest.mark.parametrize("delay", [-0.2, 0.0, 0.1, 0.3])
def test_the_offset_is_how_late_the_mouth_is(delay):
    wide, times = mouth(delay)
    assert audio_visual_offset(wide, times, tones()) == pytest.approx(1000 * delay, abs=15)


def test_an_offset_needs_a_second_and_a_mouth():
    wide, times = mouth()
    assert math.isnan(audio_visual_offset(wide[:20], times[:20], tones()))
    assert math.isnan(audio_visual_offset(np.zeros_like(wide), times, tones()))


def test_scores_of_sound():
    wide, _ = mouth()
    curves = np.zeros((len(wide), 52))
    curves[:, JAW], curves[:, CLOSE] = wide, 0.25 * wide
    assert opening(curves).tolist() == pytest.approx((0.75 * wide).tolist())
    scores = score_sound(curves, FPS, tones())
    assert list(scores) == list(SCORES)[-3:]
    assert scores["offset"] == pytest.approx(0, abs=15)
    assert scores["SLCC"] > 0.8
    # The mouth rests in the middle of each tone, 150, 200, 100 and 150 ms after its onset.
    expected = np.mean([math.exp(-0.5 * d**2) for d in (1.5, 2.0, 1.0, 1.5)])
    assert scores["BA_audio"] == pytest.approx(expected, abs=0.05)
    with pytest.raises(ValueError, match=r"\[T, 52\]"):
        score_sound(curves[:, :51], FPS, tones())
    late = score_sound(curves, FPS, tones(), first=0.5 / FPS + 0.1)
    assert late["offset"] == pytest.approx(scores["offset"] + 100, abs=5)


def network(path: Path, shape: list[int | str], rows: np.ndarray, kind: int = TensorProto.FLOAT):
    """An ONNX file that flattens its input and multiplies it with ``rows`` [size, D]."""
    nodes = [
        helper.make_node("Cast", ["frames"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("Flatten", ["float"], ["flat"], axis=1),
        helper.make_node("MatMul", ["flat", "rows"], ["features"]),
    ]
    graph = helper.make_graph(
        nodes,
        "toy",
        [helper.make_tensor_value_info("frames", kind, shape)],
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, [shape[0], rows.shape[1]])],
        [numpy_helper.from_array(rows.astype(np.float32), "rows")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, path)
    return FrameFeatures(path)


@pytest.mark.parametrize("first", ["N", 3])
def test_features_by_hand(tmp_path, first):
    rows = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [2.0, 0.0]])
    net = network(tmp_path / "toy.onnx", [first, 2, 2], rows)
    frames = np.arange(40 * 4, dtype=np.float64).reshape(40, 2, 2)
    flat = frames.reshape(40, 4)
    expected = np.stack([flat[:, 0] + 2 * flat[:, 3], flat[:, 1] + flat[:, 2]], axis=1)
    assert net(frames).tolist() == expected.tolist()


def test_pictures_that_do_not_fit_are_refused(tmp_path):
    net = network(tmp_path / "toy.onnx", ["N", 3, 2, 2], np.ones((12, 1)), TensorProto.UINT8)
    assert net(np.full((2, 3, 2, 2), 200, dtype=np.uint8)).tolist() == [[2400.0], [2400.0]]
    with pytest.raises(ValueError, match=r"toy\.onnx takes \[N, 3, 2, 2\], not \[1, 3, 2, 4\]"):
        net(np.zeros((1, 3, 2, 4)))
    with pytest.raises(ValueError, match=r"not \[1, 2, 2\]"):
        net(np.zeros((1, 2, 2)))
    with pytest.raises(ValueError, match="no frames"):
        net(np.zeros((0, 3, 2, 2)))
    floats = network(tmp_path / "floats.onnx", ["N", 2, 2], np.ones((4, 1)))
    with pytest.raises(ValueError, match="finite"):
        floats(np.full((1, 2, 2), np.nan))
    network(tmp_path / "flat.onnx", ["N", 2], np.ones((2, 1)))
    model = onnx.load(tmp_path / "flat.onnx")
    model.graph.input.append(helper.make_tensor_value_info("more", TensorProto.INT64, [1]))
    onnx.save(model, tmp_path / "two.onnx")
    with pytest.raises(ValueError, match=r"one input .* more tensor\(int64\)"):
        FrameFeatures(tmp_path / "two.onnx")


def test_frechet_distance_of_known_normals():
    square = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
    assert visual_emotion_fid(square, square) == pytest.approx(0, abs=1e-9)
    assert visual_emotion_fid(square + np.array([3.0, 4.0]), square) == pytest.approx(25)
    # Covariances 4/3 I and 4 * 4/3 I: the trace of (2 - 1)^2 * 4/3 in two dimensions.
    assert visual_emotion_fid(2 * square, square) == pytest.approx(2 * 4 / 3)
    assert visual_emotion_fid(2 * square[:, :1], square[:, :1]) == pytest.approx(4 / 3)
    with pytest.raises(ValueError, match="two rows"):
        visual_emotion_fid(square[:1], square)
    with pytest.raises(ValueError, match="differ"):
        visual_emotion_fid(square[:, :1], square)


def test_windows_of_picture_and_sound_begin_together():
    grey = np.arange(7 * 6).reshape(7, 2, 3)
    assert video_windows(grey).shape == (3, 5, 2, 3)
    assert (video_windows(grey)[2] == grey[2:7]).all()
    colour = np.arange(7 * 18).reshape(7, 3, 2, 3)
    assert video_windows(colour).shape == (3, 3, 5, 2, 3)
    assert (video_windows(colour)[1, :, 4] == colour[5]).all()
    sound = np.arange(28.0 * 2).reshape(28, 2)
    assert sound_windows(sound).shape == (3, 1, 2, 20)
    assert (sound_windows(sound)[2, 0] == sound[8:28].T).all()
    with pytest.raises(ValueError, match="no window of 5"):
        video_windows(grey[:4])
    with pytest.raises(ValueError, match="no window of 20"):
        sound_windows(sound[:19])


@pytest.mark.parametrize("late", [-4, 0, 7])
def test_lip_sync_error_finds_the_shift(late):
    said = np.random.default_rng(0).normal(size=(60, 8))
    video = np.roll(said, late, axis=0)[16:44]
    found = lip_sync_error(video, said[16:44])
    assert found.offset == late
    assert found.distance == pytest.approx(0, abs=1e-12)
    # Strangers are about sqrt(2 * 8) apart.
    assert found.confidence == pytest.approx(4, abs=0.4)


def test_lip_sync_error_by_hand():
    """Of a ramp, ``d(o) = |o - 2|``: the mouth is 2 windows early."""
    ramp = np.arange(40.0)[:, None]
    found = lip_sync_error(ramp + 2, ramp)
    values = sorted(abs(o - 2) for o in range(-15, 16))
    assert (found.distance, found.confidence, found.offset) == (0.0, values[15], -2)
    with pytest.raises(ValueError, match="too few"):
        lip_sync_error(ramp[:15], ramp)
    with pytest.raises(ValueError, match="numbers differ"):
        lip_sync_error(ramp, np.zeros((40, 2)))


def test_lip_sync_through_two_networks(tmp_path):
    """Both networks say the mean of their 200 ms, of pictures that show the level of the sound
    three frames late."""
    level = np.random.default_rng(1).random(60)
    video = network(tmp_path / "v.onnx", ["N", 5, 2, 2], np.full((20, 1), 1 / 20))
    audio = network(tmp_path / "a.onnx", ["N", 1, 13, 20], np.full((260, 1), 1 / 260))
    frames = np.broadcast_to(np.roll(level, 3)[:, None, None], (60, 2, 2))
    sound = np.broadcast_to(np.repeat(level, 4)[:, None], (240, 13))
    found = lip_sync((video, audio), frames[5:], sound[20:])
    assert found.offset == 3
    assert found.distance == pytest.approx(0, abs=1e-6)
    assert found.confidence > 0.05


def test_frames_are_rendered_for_networks(tmp_path):
    corners = np.array([[-9, -9, 0], [9, -9, 0], [9, 9, 0], [-9, 9, 0]], dtype=np.float32)
    deltas = np.zeros((52, 4, 3), dtype=np.float32)
    deltas[JAW, :, 0] = 100.0
    triangles = np.array([[0, 1, 2], [0, 2, 3]], dtype=np.int32)
    red = np.tile(np.array([1, 0, 0], dtype=np.float32), (2, 1))
    curves = np.zeros((2, 52))
    curves[1, JAW] = 1.0
    pictures = rendered(FaceMesh(corners, deltas, triangles, red), curves, size=8)
    assert pictures.shape == (2, 3, 8, 8)
    assert pictures[0, 1, 4, 4] == 0
    assert pictures[0, 0, 4, 4] > 200
    assert (pictures[1] == 255).all()
    net = network(tmp_path / "toy.onnx", ["N", 3, 8, 8], np.full((192, 1), 1 / 192))
    assert net(pictures)[1, 0] == pytest.approx(255, abs=1e-3)
