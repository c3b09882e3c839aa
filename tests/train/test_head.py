"""The head decoder, the rules it learns from, captured heads and their metrics."""

from __future__ import annotations

import io
import math

import numpy as np
import pytest
import torch

from talkface.rotation import from_angles
from talkface_train.data import head_captured, head_motion, real
from talkface_train.data.head_batches import CapturedSet, RuleSet
from talkface_train.data.phones import PHONE_INDEX
from talkface_train.losses.head import DIVERSITY_CAP, captured_loss, diversity_loss, rule_loss
from talkface_train.metrics import head as metrics
from talkface_train.metrics.prosody import RATE, loudness, phrases, stresses
from talkface_train.models.frontend import MELS
from talkface_train.models.head import (
    HEAD,
    LATENT,
    LIMITS,
    POSE,
    HeadNet,
    head_columns,
    pole_kernel,
)
from talkface_train.models.streaming import StreamingConfig
from talkface_train.train_head import HeadLesson, fit, load, save

STEPS = 12


@pytest.fixture
def net() -> HeadNet:
    torch.manual_seed(3)
    net = HeadNet(hidden=12, width=8)
    with torch.no_grad():
        net.wants.weight *= 20.0
    return net.eval()


def sequence(seed: int = 0, steps: int = STEPS) -> tuple[torch.Tensor, ...]:
    generator = torch.Generator().manual_seed(seed)
    return (
        torch.randn(1, 4 * steps, 51, generator=generator),
        torch.rand(1, 2 * steps, generator=generator),
        torch.rand(1, steps, generator=generator),
        torch.randn(1, steps, LATENT, generator=generator),
    )


def stepped(net: HeadNet, parts: tuple[torch.Tensor, ...], run) -> torch.Tensor:
    features, silence, arousal, latent = parts
    state, heads = net.initial_state(), []
    for k in range(arousal.shape[1]):
        head, state = run(
            features[:, 4 * k : 4 * k + 4], silence[:, 2 * k : 2 * k + 2], arousal[:, k : k + 1],
            latent[:, k], state,
        )  # fmt: skip
        heads.append(head)
    return torch.cat(heads, dim=1)


@torch.inference_mode()
def test_steps_are_the_whole_sequence(net: HeadNet):
    parts = sequence()
    whole = net(*parts)
    assert whole.shape == (1, 2 * STEPS, HEAD)
    torch.testing.assert_close(stepped(net, parts, net.step), whole, atol=1e-6, rtol=0)
    assert float((whole[:, 1:] - whole[:, :-1]).abs().max()) > 1e-3


@pytest.mark.filterwarnings("ignore")
def test_the_exported_step_is_torchs(net: HeadNet):
    onnxruntime = pytest.importorskip("onnxruntime")

    class Step(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.net = net

        def forward(self, *inputs: torch.Tensor) -> tuple[torch.Tensor, ...]:
            return self.net.step(*inputs)

    features, silence, arousal, latent = parts = sequence()
    first = (features[:, :4], silence[:, :2], arousal[:, :1], latent[:, 0], net.initial_state())
    names = ["features", "silence", "arousal", "latent", "state"]
    file = io.BytesIO()
    torch.onnx.export(
        Step(), first, file, opset_version=17, dynamo=False, input_names=names,
        output_names=["head", "next"],
    )  # fmt: skip
    session = onnxruntime.InferenceSession(file.getvalue(), providers=["CPUExecutionProvider"])

    def run(*inputs: torch.Tensor) -> list[torch.Tensor]:
        given = {name: value.numpy() for name, value in zip(names, inputs, strict=True)}
        return [torch.from_numpy(value) for value in session.run(None, given)]

    with torch.inference_mode():
        expected = net(*parts)
    torch.testing.assert_close(stepped(net, parts, run), expected, atol=1e-5, rtol=0)


def test_a_head_begins_at_rest_and_never_leaves_its_limits(net: HeadNet):
    with torch.inference_mode():
        features, silence, arousal, latent = sequence(steps=40)
        wild = net.pose(1e3 * features, silence, arousal, 50 * latent)[0].numpy()
        zeros = [torch.zeros_like(part) for part in (features, silence, arousal, latent)]
        start = net(*zeros)[0, 0].numpy()
    assert (np.abs(wild) <= np.array(LIMITS) + 1e-6).all()
    assert np.abs(wild).max(axis=0)[0] > 0.5 * LIMITS[0]
    # One frame after rest a pole has let in a small part of anything that is wanted.
    assert np.abs(start - [1, 0, 0, 0, 1, 0, 0, 0, 0]).max() < 0.12 * max(LIMITS)
    assert math.degrees(math.hypot(*LIMITS[:3])) < 20


@torch.inference_mode()
def test_a_settled_stream_begins_as_it_goes_on_in_silence(net: HeadNet):
    silent = torch.full((1, 4 * 200, 51), -0.5)
    inputs = (silent, torch.ones(1, 400), torch.zeros(1, 200), torch.zeros(1, 200, LATENT))
    held = net.pose(*inputs)[0, -1]
    net.settle(silent)
    wanted = pole_kernel(200).sum(axis=1)[:, None] * held.numpy()
    np.testing.assert_allclose(net.pose(*inputs)[0].numpy(), wanted, atol=1e-4)
    parts = sequence()
    torch.testing.assert_close(stepped(net, parts, net.step), net(*parts), atol=1e-6, rtol=0)


def test_the_poles_never_overshoot():
    kernel = pole_kernel(100)
    assert kernel.min() >= 0
    assert kernel[-1].sum() == pytest.approx(1.0, abs=1e-6)
    assert np.diff(kernel.sum(axis=1)).min() >= -1e-12


def test_axes_of_the_decoders_head():
    """Positive nod, turn, tilt of a pose are those of a quaternion of docs/conventions.md."""
    matrix, offset = head_columns()
    for axis, angles in enumerate(((0, 0.1, 0), (0.1, 0, 0), (0, 0, 0.1))):
        pose = np.zeros(POSE)
        pose[axis] = math.tan(0.1)
        found = metrics.quaternions_of((pose @ matrix + offset)[None])[0]
        np.testing.assert_allclose(found, from_angles(*angles), atol=1e-6)


def spoken(frames: int = 250) -> tuple[np.ndarray, np.ndarray]:
    """Loudness and phones: silence, three vowels of which the middle one is loudest, silence."""
    phones = np.zeros(frames, dtype=np.uint8)
    phones[60:160] = PHONE_INDEX["S"]
    decibels = np.full(frames, -70.0)
    decibels[60:160] = -30.0
    for first, level in ((70, -27.0), (105, -15.0), (140, -27.0)):
        phones[first : first + 8] = PHONE_INDEX["AA"]
        decibels[first : first + 8] = level
    return decibels, phones


def test_rules_nod_on_stress_and_rest_in_silence():
    decibels, phones = spoken()
    curves, starts = head_motion.basis(decibels, phones)
    assert starts.tolist() == [60]
    latent = np.zeros((len(phones), LATENT), dtype=np.float32)
    still, lively = (
        np.degrees(head_motion.motion(curves, latent, np.full(len(phones), a, dtype=np.float32)))
        for a in (0.0, 1.0)
    )
    nod = int(still[:, 0].argmax())
    assert abs(nod / RATE - (108.5 / RATE + head_motion.LATE)) < 0.08
    assert 1.0 < still[nod, 0] < 3.5
    assert still[nod, 0] * 1.4 < lively[nod, 0] < 8.0
    assert np.abs(still[:40]).max() < 1e-6
    assert np.abs(still[-20:, :3]).max() < 0.05
    turned = latent.copy()
    turned[:, head_motion.LATENT.index("turn side")] = 1.0
    other = np.degrees(head_motion.motion(curves, turned, np.zeros(len(phones), np.float32)))
    assert other[120, 1] - still[120, 1] > 0.8


def test_prosody_of_sound():
    time = np.arange(32000) / 16000
    audio = 0.2 * np.sin(2 * np.pi * 150 * time) * (np.sin(2 * np.pi * time) ** 8 > 0.3)
    audio[:4000] = 0
    decibels = loudness(audio)
    assert len(decibels) == 100
    assert np.argmax(decibels) > 12
    mask = np.array([0, 1, 1, 0, 0, 1, 0] + [0] * 20 + [1, 1], dtype=bool)
    assert phrases(mask) == [(1, 6), (27, 29)]
    assert stresses(decibels, np.zeros(100, dtype=bool)) == []


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_metrics_of_one_axis(axis: int):
    """A sine of 4 degrees at 0.5 Hz about one axis: textbook spread, speed and no other axis."""
    time = np.arange(1000) / 50
    angles = np.zeros((3, 1000))
    angles[axis] = np.radians(4) * np.sin(np.pi * time)
    found = metrics.motion_of(from_angles(*angles), 50)
    assert found.std[axis] == pytest.approx(4 / math.sqrt(2), rel=0.02)
    assert found.range[axis] == pytest.approx(8, rel=0.01)
    assert sum(found.std) == pytest.approx(found.std[axis], abs=1e-3)
    assert found.speed[0] == pytest.approx(4 * math.pi * 2 / math.pi, rel=0.03)
    assert found.jerk[1] == pytest.approx(4 * math.pi**3, rel=0.1)
    assert found.furthest == pytest.approx(4, rel=0.01)


def test_beats_are_nods_down():
    time = np.arange(250) / 50
    nod = np.zeros_like(time)
    for peak in (1.0, 3.0):
        nod += 3 * np.exp(-0.5 * ((time - peak) / 0.1) ** 2)
    zeros = np.zeros_like(time)
    beats = metrics.beats_of(from_angles(zeros, np.radians(nod), zeros), 50)
    np.testing.assert_allclose(beats, [1.0, 3.0], atol=0.03)
    assert len(metrics.beats_of(from_angles(np.radians(nod), zeros, zeros), 50)) == 0
    lag = metrics.BEAT_LAG
    assert metrics.beat_alignment(beats, [1.0 - lag, 3.0 - lag]) > 0.95
    assert metrics.beat_alignment(beats, [2.0]) < 0.01
    assert metrics.beat_alignment(np.arange(0, 5, 0.1), [1.0 - lag]) < 0.3
    assert metrics.beat_alignment([], [1.0]) == 0
    assert math.isnan(metrics.beat_alignment(beats, []))


def test_diversity_quiescence_and_distance():
    generator = np.random.default_rng(0)
    heads = [metrics.random_head(500, 50, (2, 3, 1), generator) for _ in range(3)]
    assert metrics.motion_of(heads[0], 50).std == pytest.approx((2, 3, 1), rel=0.6)
    assert metrics.diversity(heads) > metrics.least_diversity(heads) > 0
    assert metrics.diversity([heads[0], heads[0]]) == pytest.approx(0, abs=1e-3)
    turned = from_angles(np.full(500, math.radians(10)), np.zeros(500), np.zeros(500))
    assert metrics.geodesic(turned, metrics.still_head(500)).mean() == pytest.approx(10, abs=1e-3)
    silent = np.arange(500) < 250
    calm = metrics.settled(np.arange(500) % 250 < 100, 50)
    assert calm[:95].all()
    assert not calm[95:275].any()
    assert calm[276:344].all()
    half = heads[0].copy()
    half[silent] = [0, 0, 0, 1]
    assert metrics.quiescence(half, 50, silent) == pytest.approx(0, abs=1e-6)
    assert metrics.activity(half, 50, silent) < metrics.activity(half, 50, ~silent)
    one, same, bigger = (
        np.concatenate([metrics.windows(h, 50) for h in group])
        for group in (heads, heads, [metrics.random_head(500, 50, (8, 8, 8), generator)])
    )
    assert metrics.frechet(one, same) == pytest.approx(0, abs=1e-6)
    assert metrics.frechet(one, bigger) > 1


def test_losses_fall_with_the_error_and_pay_for_diversity_up_to_a_cap():
    pose = 0.05 * torch.randn(2, 30, POSE, generator=torch.Generator().manual_seed(0))
    assert float(rule_loss(pose, pose)) == 0
    assert float(rule_loss(pose * 0.5, pose)) > float(rule_loss(pose * 0.9, pose)) > 0
    seen = torch.ones(2, 30)
    shifted = pose + torch.tensor([0.03, 0, 0, 0, 0, 0])
    assert float(captured_loss(shifted, pose, seen)) == pytest.approx(0, abs=1e-6)
    assert float(captured_loss(0 * pose, pose, seen)) > 0.1
    change, speech = torch.ones(2, LATENT), torch.ones(2, 30)
    near, far = (
        diversity_loss(pose, pose + torch.tensor([math.radians(x), 0, 0, 0, 0, 0]), change, speech)
        for x in (1.0, 90.0)
    )
    assert float(near) == pytest.approx(-1 / math.sqrt(LATENT), rel=0.01)
    assert float(far) == -DIVERSITY_CAP


class FewTapes:
    """Two short tapes of noise whose loudness follows their phones."""

    def __init__(self) -> None:
        decibels, self._phones = spoken(120)
        generator = np.random.default_rng(0)
        features = generator.normal(0, 0.3, (240, 51)).astype(np.float32)
        features[:, MELS] = np.repeat(decibels, 2) / 10
        self._features = torch.from_numpy(features)

    def whole(self, _: int, primed: bool) -> torch.Tensor:
        assert primed
        return self._features

    def phones(self, _: int) -> np.ndarray:
        return self._phones


def test_training_learns_and_is_repeated_by_its_seed(tmp_path):
    rules = RuleSet(FewTapes(), [0, 1])
    lesson = HeadLesson(steps=25, batch=3, hidden=8, width=8, diverse=2, average=0.8, seed=5)
    first, second = fit(rules, None, lesson), fit(rules, None, lesson)
    for one, two in zip(first.parameters(), second.parameters(), strict=True):
        assert torch.equal(one, two)
    batch = rules.batch(8, np.random.default_rng(1))
    inputs = [batch[name] for name in ("features", "silence", "arousal", "latent")]
    torch.manual_seed(5)
    fresh = HeadNet(8, 8)
    with torch.inference_mode():
        before, after = (float(rule_loss(n.pose(*inputs), batch["pose"])) for n in (fresh, first))
    assert after < before
    louder = batch["features"].clone()
    louder[:, :, -1] += 3.0
    with torch.inference_mode():
        # The front end's peak falls in silence for minutes: the head must not follow it.
        assert torch.equal(first.pose(louder, *inputs[1:]), first.pose(*inputs))
    save(first, tmp_path / "head.safetensors")
    again = load(tmp_path / "head.safetensors")
    with torch.inference_mode():
        assert torch.equal(again.pose(*inputs), first.pose(*inputs))


@pytest.mark.data
def test_captured_heads_are_read(data_root):
    pairs = head_captured.load(data_root, "grid_s1", "dev")[:4]
    assert len(pairs) == 4
    for _, pose in pairs:
        assert np.allclose(np.linalg.norm(pose.rotation, axis=1), 1)
        assert np.abs(np.median(metrics.angles_of(pose.rotation), axis=0)).max() < 0.1
        assert 0.1 < metrics.motion_of(pose.rotation, 25).furthest < 15
        assert np.abs(pose.translation).max() < 0.05
    clips = CapturedSet(pairs, np.full(MELS, -2.0), StreamingConfig())
    assert clips.pose.shape[:2] == clips.seen.shape
    assert clips.features.shape[1] == 2 * clips.pose.shape[1]
    assert float(clips.seen.mean()) > 0.5


@pytest.mark.data
def test_signs_of_captured_heads(data_root):
    """A reader's eyes stay on the prompt, so over clips gaze goes against the head; and a head that
    tilts about the neck takes the face to the side of the lower ear."""
    from talkface_train.articulation.captured import read_face

    medians, tilts = [], []
    for recording in real.load(data_root, "grid_s1", "train"):
        path = real.face_path(recording)
        if path is None:
            continue
        face = read_face(path)
        left = face["eyeLookOutLeft"] - face["eyeLookInLeft"]
        left = left + face["eyeLookInRight"] - face["eyeLookOutRight"]
        down = face["eyeLookDownLeft"] - face["eyeLookUpLeft"]
        medians.append(
            [np.median(c) for c in (face["headYawDeg"], left, face["headPitchDeg"], down)]
        )
        tilts.append([face[n] - np.median(face[n]) for n in ("headRollDeg", "headX")])
    yaw, left, pitch, down = np.array(medians).T
    assert np.corrcoef(yaw, left)[0, 1] < -0.8
    assert np.corrcoef(pitch, down)[0, 1] < -0.8
    assert np.corrcoef(*np.concatenate(tilts, axis=1))[0, 1] < -0.2
