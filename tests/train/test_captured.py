"""The head that was fitted to captured faces, in torch and back from a bundle."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from talkface_export.bundle import BundleFacts, write_bundle
from talkface_export.restore import restore
from talkface_train import captured
from talkface_train.data import tapes
from talkface_train.data.batches import TapeSet
from talkface_train.metrics.faces import Face
from talkface_train.models.captured import CapturedHead
from talkface_train.models.frontend import MELS
from talkface_train.models.streaming import (
    StreamingConfig,
    StreamingNet,
    smoothed,
)
from talkface_train.models.whole import Member, StreamingModel

CONFIG = StreamingConfig(width=24, layers=2, hidden=16, context=8)
PRIOR = torch.full((MELS,), -2.0)
JAW, PUCKER = 1, 4


@pytest.fixture
def net() -> StreamingNet:
    torch.manual_seed(4)
    net = StreamingNet(CONFIG)
    torch.nn.init.constant_(net.curves.bias, -1.0)
    return net.eval()


@pytest.fixture
def head() -> CapturedHead:
    return CapturedHead(CONFIG.width, 3, [JAW, PUCKER], [0.25, 1.0])


@pytest.fixture
def made(tmp_path: Path, recordings):
    (tmp_path / "sounds").mkdir()
    made = recordings(tmp_path / "sounds")
    plan = tapes.TapePlan(6, 4.0, {"made": 1.0}, seed=3)
    built = tapes.build(tmp_path / "t", made, [], plan, workers=1)
    return made, TapeSet(built, CONFIG)


def some_audio() -> np.ndarray:
    return np.random.default_rng(1).normal(0, 0.05, 24000).astype(np.float32)


def hidden(net: StreamingNet, audio: np.ndarray, prior: torch.Tensor) -> torch.Tensor:
    features = captured.features_of(audio, prior.double().numpy(), net.config)
    with torch.inference_mode():
        return net.trunk(features[None])[0, net.config.priming_steps :]


def test_the_graph_mixes_rules_and_faces(net: StreamingNet, head: CapturedHead) -> None:
    audio = some_audio()
    steps = hidden(net, audio, PRIOR)
    with torch.inference_mode():
        mixed = StreamingModel([Member(net, head)], PRIOR).eval().full(torch.from_numpy(audio))
        ruled = StreamingModel([Member(net)], PRIOR).eval().full(torch.from_numpy(audio))
        said = head(steps)
    said = smoothed(said[:, :2].reshape(1, -1, 2), said[None, :, 2], CONFIG)[0]
    mixed, ruled = mixed["curves"], ruled["curves"]
    # The first frame is smoothed with the priming steps, which `hidden` leaves out.
    count = len(mixed) - 2
    expected = ruled.clone()
    expected[2:, JAW] = 0.75 * ruled[2:, JAW] + 0.25 * said[2 : count + 2, 0]
    expected[2:, PUCKER] = said[2 : count + 2, 1]
    assert said.min() < 0
    assert torch.allclose(mixed[2:], expected[2:].clamp(min=0), atol=1e-4)


def test_a_face_that_the_sound_tells_of_is_learned(net: StreamingNet, made) -> None:
    sounds, tape_set = made
    heard = [soundfile.read(recording.path, dtype="float32")[0] for recording in sounds]
    steps = [hidden(net, audio, tape_set.prior) for audio in heard]
    liveliest = torch.cat(steps).std(dim=0).argmax()
    pairs = []
    for recording, clip in zip(sounds, steps, strict=True):
        unit = clip[:, liveliest]
        curve = 0.3 * (unit - unit.min()) / (unit.max() - unit.min())
        times = np.arange(len(clip)) / 25.0
        pairs.append((recording, Face(times, {"jawOpen": curve.double().numpy()})))
    head = captured.fit(net, tape_set, pairs, {"jawOpen": 0.5, "mouthPucker": 0.0})
    assert head is not None
    assert head.channels.tolist() == [tape_set.channels.index("jawOpen")]
    for clip, (_, face) in zip(steps, pairs, strict=True):
        with torch.inference_mode():
            said = head(clip)[:, 0, 0].numpy()
        assert np.corrcoef(said, face.curves["jawOpen"])[0, 1] > 0.6


def test_without_faces_or_shares_there_is_no_head(net: StreamingNet, made) -> None:
    _, tape_set = made
    assert captured.fit(net, tape_set, [], {"jawOpen": 0.5}) is None


def test_it_is_carried_to_a_network_that_was_trained_on(
    net: StreamingNet, head: CapturedHead, made
) -> None:
    _, tape_set = made
    later = StreamingNet(CONFIG).eval()
    later.load_state_dict(net.state_dict())
    with torch.no_grad():
        later.merge.weight *= 2
        later.merge.bias *= 2
    carried = captured.carry(head, net, later, tape_set)
    features = next(tape_set.batches(2, 40, 4, np.random.default_rng(9)))["features"]
    with torch.inference_mode():
        before, after = head(net.trunk(features)), carried(later.trunk(features))
        stale = head(later.trunk(features))
    assert (after - before).abs().mean() < 0.1 * (stale - before).abs().mean()
    assert torch.equal(carried.shares, head.shares)


def test_a_pair_and_its_heads_come_back_from_a_bundle(
    net: StreamingNet, head: CapturedHead, tmp_path: Path
) -> None:
    partner = StreamingNet(replace(CONFIG, width=20, layers=1, hidden=12)).eval()
    other = CapturedHead(20, 3, [JAW, PUCKER], [0.25, 1.0])
    audio = (some_audio() * 32767).astype(np.int16)
    facts = BundleFacts("small", "0.0.1", "Apache-2.0", "v1", {})
    model = StreamingModel([Member(net, head), Member(partner, other)], PRIOR, [0.7, 0.3]).eval()
    write_bundle(model, audio, facts, tmp_path / "small")
    back = restore(tmp_path / "small")
    assert [member.net.config.width for member in back.members] == [24, 20]
    assert back.shares.tolist() == [pytest.approx([0.7, 0.3])]
    for member, told in zip(back.members, (head, other), strict=True):
        assert member.captured is not None
        assert member.captured.channels.tolist() == [JAW, PUCKER]
        assert torch.allclose(member.captured.shares, told.shares)
        assert torch.allclose(member.captured.rows.weight, told.rows.weight, atol=1e-6)
    with torch.inference_mode():
        heard = torch.from_numpy(some_audio())
        again = back.full(heard)
        for name, before in model.full(heard).items():
            assert torch.allclose(before, again[name], atol=1e-5)
