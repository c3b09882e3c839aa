"""Metrics of systems on rigs of four vertices, against values worked out by hand."""

from __future__ import annotations

import json
import math
import time
from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from talkface.rig import CHANNELS
from talkface_train.metrics.checks import compared
from talkface_train.metrics.coefficients import (
    LIP12,
    LIP27,
    UPPER13,
    blendshape_error,
    channel_spread,
    mean_absolute_error,
    normalised_error,
    root_mean_square_error,
    variance_error,
    worst_channel_error,
)
from talkface_train.metrics.curves import jitter_ratio, velocity_ratio
from talkface_train.metrics.mesh import (
    CHUNK,
    dynamics_deviation,
    legacy_vertex_error,
    mean_vertex_error,
    mesh_scores,
    mouth_opening_difference,
    vertex_error,
)
from talkface_train.metrics.rig import OUTER_LIPS, Rig, inside, lips_of, upper_of
from talkface_train.metrics.samples import (
    average_pairwise_distance,
    coverage_error,
    mean_estimate_error,
)
from talkface_train.metrics.system_scores import SCORES, score_pair

JAW, BROW = CHANNELS.index("jawOpen"), CHANNELS.index("browInnerUp")
LIPS, UPPER = np.array([0, 1]), np.array([2, 3])


@pytest.fixture
def rig() -> Rig:
    """In centimetres: upper lip, lower lip, two of the forehead. jawOpen lowers the lower lip by 2
    and the upper one by 0.5; browInnerUp lifts the forehead by 1 and 0.5."""
    template = np.array([[0, 0, 9], [0, -1, 9], [-1, 5, 8], [1, 5, 8]], dtype=np.float32)
    basis = np.zeros((2, 4, 3), dtype=np.float32)
    basis[0, :2, 1] = -0.5, -2.0
    basis[1, 2:, 1] = 1.0, 0.5
    return Rig(template, basis, ("jawOpen", "browInnerUp"), LIPS, UPPER, unit=10.0)


def smooth(frames: int, seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).random((frames, len(CHANNELS)))
    return gaussian_filter1d(noise, 1.5, axis=0)


def test_vertices_follow_curves_in_millimetres(rig):
    placed = rig.vertices(np.array([[0.0, 0.0], [0.5, 1.0]]))
    assert placed.shape == (2, 4, 3)
    assert placed[0].tolist() == (10 * rig.template).tolist()
    assert placed[1, :, 1].tolist() == [-2.5, -20.0, 60.0, 55.0]
    assert rig.vertices(np.array([[0.5, 1.0]]), LIPS)[0].tolist() == placed[1, :2].tolist()


def test_a_rig_takes_its_channels_by_name(rig):
    curves = np.zeros((3, 52))
    curves[:, JAW], curves[:, BROW] = 0.25, 0.75
    assert rig.columns(curves)[1].tolist() == [0.25, 0.75]
    with pytest.raises(ValueError, match=r"\[T, 52\] are needed"):
        rig.columns(curves[:, :10])
    strange = Rig(rig.template, rig.basis, ("jawOpen", "exp_01"), LIPS, UPPER)
    with pytest.raises(ValueError, match="exp_01"):
        strange.columns(curves)


def test_a_rig_refuses_what_does_not_fit(rig):
    with pytest.raises(ValueError, match="3 targets"):
        Rig(rig.template, rig.basis, ("a", "b", "c"), LIPS, UPPER)
    with pytest.raises(ValueError, match="lips: not vertices"):
        Rig(rig.template, rig.basis, rig.names, np.array([4]), UPPER)
    with pytest.raises(ValueError, match="upper: not vertices"):
        Rig(rig.template, rig.basis, rig.names, LIPS, np.array([], dtype=int))
    with pytest.raises(ValueError, match="2 channels, not 3"):
        rig.vertices(np.zeros((1, 3)))


def test_points_in_a_polygon_that_is_not_convex():
    arrow = np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [2.0, 1.0], [0.0, 4.0]])
    points = np.array([[1.0, 1.0], [2.0, 0.5], [2.0, 2.0], [3.5, 2.0], [5.0, 1.0]])
    assert inside(points, arrow).tolist() == [True, True, False, True, False]


def write_obj(path: Path, vertices: np.ndarray) -> None:
    lines = [f"v {x} {y} {z}" for x, y, z in vertices]
    path.write_text("\n".join(["# made", *lines, "vn 0 0 1", "f 1 2 3"]) + "\n")


def test_a_folder_of_targets_is_a_rig(tmp_path, rig):
    write_obj(tmp_path / "neutral.obj", rig.template)
    for name, row in (("jawOpen", 0), ("browInnerUp", 1), ("zz", 0)):
        write_obj(tmp_path / f"{name}.obj", rig.template + rig.basis[row])
    with pytest.raises(ValueError, match=r"lips must be listed in regions\.json"):
        Rig.obj_folder(tmp_path)
    (tmp_path / "regions.json").write_text(json.dumps({"lips": [0, 1], "upper": [3]}))
    read = Rig.obj_folder(tmp_path, unit=10.0)
    assert read.names == ("jawOpen", "browInnerUp", "zz")
    assert np.allclose(read.basis[:2], rig.basis, atol=1e-6)
    assert (read.lips.tolist(), read.upper.tolist()) == ([0, 1], [3])
    assert read.vertices(np.zeros((1, 3)))[0, 1].tolist() == [0.0, -10.0, 90.0]
    write_obj(tmp_path / "zz.obj", rig.template[:3])
    with pytest.raises(ValueError, match="3 vertices, not 4"):
        Rig.obj_folder(tmp_path)


def test_regions_are_found_by_what_targets_move():
    names = ("mouthRollLower", "mouthRollUpper", "mouthPucker", "mouthFunnel", "browInnerUp")
    far = np.array([
        [10.0, 6.9, 0.0, 0.0, 0.0, 0.0],
        [0.0, 0.0, 5.0, 0.0, 0.0, 0.6],
        [1.0, 1.0, 1.0, 0.2, 0.0, 0.0],
        [8.0, 0.0, 8.0, 0.0, 0.0, 0.0],
        [0.0, 0.0, 0.0, 0.9, 1.1, 9.0],
    ])  # fmt: skip
    basis = np.zeros((5, 6, 3), dtype=np.float32)
    basis[:, :, 2] = far
    assert lips_of(names, basis).tolist() == [0, 1, 2]
    assert upper_of(names, basis).tolist() == [4]
    with pytest.raises(ValueError, match="brows and eyes"):
        upper_of(names[:4], basis[:4])


def test_regions_of_the_shared_face(data_root):
    rig = Rig.ict(data_root)
    assert (len(rig.template), len(rig.lips), len(rig.upper)) == (6706, 987, 1957)
    assert set(OUTER_LIPS) <= set(rig.lips.tolist())
    lips, upper = rig.template[rig.lips] * 10, rig.template[rig.upper] * 10
    assert 45 < np.ptp(lips[:, 0]) < 55
    assert 15 < np.ptp(lips[:, 1]) < 25
    assert upper[:, 1].min() > lips[:, 1].max() + 30
    # A mouth that opens wide: some four centimetres at the lower lip, none at the brows.
    wide = np.zeros((1, 52))
    wide[0, JAW] = 1.0
    still = np.zeros((1, 52))
    scores = mesh_scores(rig, wide, still)
    assert 30 < scores["LVE"] < 45
    assert scores["EVE"] < 0.5


@pytest.fixture
def pair(rig) -> tuple[np.ndarray, np.ndarray]:
    """Vertices of two frames. The second: lower lip 3 and 4 mm off, upper lip 1 mm; forehead 12 mm
    off at one vertex."""
    wanted = rig.vertices(np.zeros((2, 2)))
    said = wanted.copy()
    said[1, 1] += (0.0, -3.0, 4.0)
    said[1, 0] += (0.0, 1.0, 0.0)
    said[0, 3] += (0.0, 12.0, 0.0)
    return said, wanted


def test_vertex_errors_by_hand(pair):
    assert vertex_error(*pair, LIPS) == pytest.approx((0 + 5) / 2)
    assert vertex_error(*pair, UPPER) == pytest.approx((12 + 0) / 2)
    assert vertex_error(*pair) == pytest.approx((12 + 5) / 2)
    assert mean_vertex_error(*pair, LIPS) == pytest.approx((5 + 1) / 4)
    assert mean_vertex_error(*pair) == pytest.approx((5 + 1 + 12) / 8)
    # The height of the lips: 10 mm, and 1 up + 3 down in the second frame.
    assert mouth_opening_difference(*pair, LIPS) == pytest.approx(4 / 2)


def test_the_legacy_error_is_squared_metres(pair):
    said, wanted = pair
    assert legacy_vertex_error(said, wanted, LIPS) == pytest.approx((25e-6 + 0) / 2)
    one = np.zeros((1, 1, 3))
    off = one + np.array([0.0, 4.7, 0.0])
    assert math.sqrt(legacy_vertex_error(off, one)) * 1000 == pytest.approx(vertex_error(off, one))


def test_too_still_faces_have_positive_dynamics():
    template = np.zeros((2, 3))
    swing = np.array([0.0, 2.0, 0.0, 2.0])
    wanted, said = np.zeros((4, 2, 3)), np.zeros((4, 2, 3))
    wanted[:, 0, 1] = swing
    said[:, 1, 0] = 3 * swing
    found = dynamics_deviation(said, wanted, template)
    # Norms spread by 1 and 0 of the truth, 0 and 3 of the other; squares by 2, 0 and 0, 18.
    assert found.signed == pytest.approx((1 - 3) / 2)
    assert found.absolute == pytest.approx((1 + 3) / 2)
    assert found.legacy == pytest.approx((2 - 18) / 2 * 1e-6)
    still = dynamics_deviation(np.zeros_like(wanted), wanted, template, np.array([0]))
    assert (still.signed, still.absolute) == (pytest.approx(1), pytest.approx(1))


def test_scores_of_curves_are_those_of_their_vertices(rig):
    frames = CHUNK + 40
    said, wanted = (smooth(frames, seed)[:, :2] for seed in (1, 2))
    scores = mesh_scores(rig, said, wanted)
    a, b = rig.vertices(said), rig.vertices(wanted)
    dynamics = dynamics_deviation(a, b, rig.template * 10, UPPER)
    expected = {
        "LVE": vertex_error(a, b, LIPS),
        "LVE_legacy": legacy_vertex_error(a, b, LIPS),
        "EVE": vertex_error(a, b, UPPER),
        "MVE": mean_vertex_error(a, b),
        "lip_L2": mean_vertex_error(a, b, LIPS),
        "MOD": mouth_opening_difference(a, b, LIPS),
        "FDD": dynamics.signed,
        "FDD_abs": dynamics.absolute,
        "FDD_legacy": dynamics.legacy,
    }
    assert scores == pytest.approx(expected, rel=1e-3)


def test_meshes_that_cannot_be_compared_are_refused(pair):
    said, wanted = pair
    with pytest.raises(ValueError, match="differ"):
        vertex_error(said[:1], wanted)
    with pytest.raises(ValueError, match="empty"):
        vertex_error(said[:0], wanted[:0])
    with pytest.raises(ValueError, match=r"\[T, V, 3\]"):
        vertex_error(said[..., :2], wanted[..., :2])
    with pytest.raises(ValueError, match="3 axes"):
        vertex_error(said[0], wanted[0])
    with pytest.raises(ValueError, match="finite"):
        vertex_error(np.where(said > 90, np.nan, said), wanted)


def test_lists_of_channels():
    assert (len(LIP12), len(LIP27), len(UPPER13)) == (12, 27, 13)
    assert set(LIP12) < set(LIP27)
    assert not set(LIP27) & set(UPPER13)
    assert JAW in LIP12
    assert BROW in UPPER13


def test_coefficient_errors_by_hand():
    wanted = np.zeros((2, 52))
    said = wanted.copy()
    smile, blink = CHANNELS.index("mouthSmileLeft"), CHANNELS.index("eyeBlinkLeft")
    said[0, [JAW, smile, BROW, blink]] = 0.3, -0.4, 0.6, 1.2
    assert blendshape_error(said, wanted, LIP12) == pytest.approx(0.3 / 2)
    assert blendshape_error(said, wanted, LIP27) == pytest.approx(0.5 / 2)
    assert blendshape_error(said, wanted, UPPER13) == pytest.approx(0.6 / 2)
    whole = math.sqrt(0.25 + 0.36 + 1.44)
    assert blendshape_error(said, wanted) == pytest.approx(whole / 2)
    assert worst_channel_error(said, wanted) == pytest.approx(1.2 / 2)
    assert root_mean_square_error(said, wanted) == pytest.approx(whole / math.sqrt(104))
    assert mean_absolute_error(said, wanted) == pytest.approx(2.5 / 104)
    with pytest.raises(ValueError, match=r"\[T, 52\]"):
        blendshape_error(said[:, :20], wanted[:, :20], LIP12)


def test_small_channels_count_when_normalised():
    wanted = np.zeros((2, 3))
    said = np.array([[0.2, 0.02, 9.0], [0.0, 0.02, 9.0]])
    spread = np.array([0.1, 0.01, 0.001])
    # Two frames of two channels; the third does not move in the training set.
    assert normalised_error(said, wanted, spread) == pytest.approx((4 + 0 + 4 + 4) / 4)
    assert math.isnan(normalised_error(said, wanted, np.zeros(3)))
    with pytest.raises(ValueError, match=r"spread: \[3\]"):
        normalised_error(said, wanted, spread[:2])
    clips = [np.array([[0.0, 1.0], [2.0, 1.0]]), np.array([[4.0, 3.0]])]
    expected = [math.sqrt(8 / 3), math.sqrt(8 / 9)]
    assert channel_spread(clips).tolist() == pytest.approx(expected)
    # The mean of the training set, said all the time, scores 1.
    curves = smooth(50)
    mean = np.broadcast_to(curves.mean(axis=0), curves.shape)
    assert normalised_error(mean, curves, channel_spread([curves])) == pytest.approx(1)


def test_variance_error_by_hand():
    wanted = np.array([[0.0, 0.0], [2.0, 4.0]])
    assert variance_error(np.ones((2, 2)), wanted) == pytest.approx(math.hypot(1, 4))
    assert variance_error(wanted + 7, wanted) == pytest.approx(0)


def test_ratios_of_change_and_their_masks():
    wanted = np.array([[0.0], [1.0], [0.0], [1.0], [0.0]])
    assert velocity_ratio(wanted * 2, wanted) == pytest.approx(2)
    assert math.isnan(velocity_ratio(wanted, np.zeros_like(wanted)))
    assert math.isnan(jitter_ratio(wanted[:2], wanted[:2]))
    said = wanted.copy()
    said[2] = np.nan
    counts = np.array([True, True, False, True, True])
    said[4] = 3.0
    # Changes inside the two runs: 1 and 2 of the one, 1 and 1 of the other.
    assert velocity_ratio(said, wanted, counts) == pytest.approx(1.5)
    assert math.isnan(jitter_ratio(said, wanted, counts))


def test_several_answers():
    wanted = np.zeros((2, 1))
    samples = np.array([[[1.0], [1.0]], [[-1.0], [-1.0]], [[3.0], [0.0]]])
    assert mean_estimate_error(samples, wanted) == pytest.approx((1 + 0) / 2)
    assert coverage_error(samples, wanted) == pytest.approx(1)
    assert average_pairwise_distance(samples) == pytest.approx((2 + 1.5 + 2.5) / 3)
    with pytest.raises(ValueError, match="two samples"):
        average_pairwise_distance(samples[:1])


def test_what_is_masked_may_be_anything():
    wanted = np.zeros((3, 2))
    said = np.array([[1.0, 1.0], [np.nan, 1.0], [2.0, 2.0]])
    kept = compared(said, wanted, np.array([1.0, 0.0, 1.0]))[0]
    assert kept.tolist() == [[1.0, 1.0], [2.0, 2.0]]
    with pytest.raises(ValueError, match="empty"):
        compared(said, wanted, np.zeros(3))
    with pytest.raises(ValueError, match=r"mask: \[3\]"):
        compared(said, wanted, np.ones(2))
    with pytest.raises(ValueError, match="finite"):
        compared(said, wanted)


def test_a_true_clip_scores_nothing_and_moves_alike(rig):
    curves = smooth(75)
    scores = score_pair(rig, curves, curves, 25)
    ones = {"velocity_ratio", "jitter_ratio", "BA_motion"}
    for name, value in scores.items():
        assert value == pytest.approx(1.0 if name in ones else 0.0, abs=1e-12), name
    names = list(SCORES)
    assert names[: len(scores)] == list(scores)
    assert ones == {n for n in scores if SCORES[n].better in ("one", "higher")}


def test_a_face_of_half_size_is_off_by_half(rig):
    wanted = smooth(75)
    scores = score_pair(rig, wanted / 2, wanted, 25, spread=np.full(52, 0.1))
    assert scores["LVE"] == pytest.approx(10 * wanted[:, JAW].mean(), rel=1e-5)
    assert scores["MBE"] == pytest.approx(np.linalg.norm(wanted, axis=1).mean() / 2)
    assert scores["velocity_ratio"] == pytest.approx(0.5)
    assert scores["NMSE"] == pytest.approx((wanted**2).mean() / 4 / 0.01)
    assert scores["FDD"] == pytest.approx(scores["FDD_abs"], rel=1e-5)
    assert scores["FDD"] > 0


def test_a_still_face_meets_no_beat_and_a_still_truth_has_none(rig):
    moving, still = smooth(75), np.zeros((75, 52))
    assert score_pair(rig, still, moving, 25)["BA_motion"] == 0
    undefined = score_pair(rig, moving, still, 25)
    names = {name for name, value in undefined.items() if math.isnan(value)}
    assert names == {"NMSE", "velocity_ratio", "jitter_ratio", "BA_motion"}


def test_frames_outside_the_mask_change_no_score(rig):
    said, wanted = smooth(75, 1), smooth(75, 2)
    counts = np.ones(75)
    counts[60:] = 0.0
    padded = said.copy()
    padded[60:] = np.nan
    assert score_pair(rig, padded, wanted, 25, counts) == pytest.approx(
        score_pair(rig, said[:60], wanted[:60], 25), rel=1e-6
    )


def test_clips_that_cannot_be_scored_are_refused(rig):
    curves = smooth(10)
    with pytest.raises(ValueError, match=r"\[T, 52\]"):
        score_pair(rig, curves[:, :51], curves[:, :51], 25)
    with pytest.raises(ValueError, match="differ"):
        score_pair(rig, curves[:5], curves, 25)
    with pytest.raises(ValueError, match="empty"):
        score_pair(rig, curves[:0], curves[:0], 25)
    with pytest.raises(ValueError, match="said: not all"):
        score_pair(rig, np.where(curves > 0.5, np.inf, curves), curves, 25)


def test_two_hundred_clips_take_less_than_a_minute(data_root):
    rig = Rig.ict(data_root)
    said, wanted = smooth(75, 1), smooth(75, 2)
    score_pair(rig, said, wanted, 25)
    start = time.process_time()
    for _ in range(5):
        score_pair(rig, said, wanted, 25)
    assert (time.process_time() - start) / 5 * 200 < 60
