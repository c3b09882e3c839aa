"""EcoFace: its emotion space, flow, losses, stream, ablations and graph."""

from __future__ import annotations

import io
import math

import numpy as np
import onnxruntime
import pytest
import torch

from talkface_train.losses.ecoface import (
    EcoFaceTerms,
    audio_visual_loss,
    contrastive_loss,
    expert_loss,
    flow_divergence,
    reconstruction_loss,
    sync_loss,
    triplet_loss,
    visual_emotion_loss,
)
from talkface_train.models.causal import joined
from talkface_train.models.ecoface import FLAME, MOUTH, EcoFace, FlowPrior, SyncExpert
from talkface_train.models.system import Conditions

FRAMES = 16
LATENT = 4


def small(**options) -> EcoFace:
    torch.manual_seed(2)
    sizes = {"hidden": 16, "told": 8, "latent": LATENT, "layers": 2, "flow": (8, 3), "window": 6}
    return EcoFace(6, 5, identities=2, **{**sizes, **options})


def batch(outputs: int = 52) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    made = {
        name: torch.randn(6, FRAMES + 1, width, generator=generator)
        for name, width in zip(EcoFace.parts, (6, 5), strict=True)
    }
    made["curves"] = torch.rand(6, FRAMES + 1, outputs, generator=generator)
    made["identity"] = torch.eye(2).repeat(3, 1)
    made["emotion"] = torch.tensor([1, 1, 1, 2, 2, 2])
    made["level"] = torch.tensor([0.0, 0, 1, 0, 1, 1])
    made["mask"] = torch.ones(6, FRAMES + 1)
    made["mask"][0, 13:] = 0.0
    return made


def conditions(person: int = 0) -> Conditions:
    noise = torch.tensor([[0.3, -0.2, 0.9, 0.1]])
    return Conditions(torch.eye(2)[person : person + 1], torch.eye(8)[:1], torch.ones(1), noise)


def clip() -> torch.Tensor:
    return joined(batch(), EcoFace.parts)[1:2, :FRAMES]


@pytest.fixture
def flow() -> FlowPrior:
    torch.manual_seed(4)
    flow = FlowPrior(LATENT, condition=3, width=8, count=3, layers=2)
    with torch.no_grad():
        for coupling in flow.couplings:
            coupling.net.leave.weight.mul_(20.0)
    return flow


@pytest.fixture
def net() -> EcoFace:
    return small().eval()


def test_the_flow_goes_back_where_it_came_from(flow):
    z, told = torch.randn(2, 5, LATENT), torch.randn(2, 5, 3)
    u, _ = flow(z, told)
    assert not torch.allclose(u, z, atol=0.1)
    memory = flow.initial_state().expand(2, -1, -1, -1)
    back, _ = flow.inverse(u, told, memory)
    assert torch.allclose(back, z, atol=1e-4)


def test_the_flows_log_determinant_is_autograds(flow):
    frames, told = 3, torch.randn(1, 3, 3)
    z = torch.randn(frames * LATENT)
    jacobian = torch.autograd.functional.jacobian(
        lambda flat: flow(flat.reshape(1, frames, LATENT), told)[0].flatten(), z
    )
    _, log_det = flow(z.reshape(1, frames, LATENT), told)
    wanted = torch.linalg.slogdet(jacobian)[1].item()
    assert abs(wanted) > 0.1
    assert log_det.sum().item() == pytest.approx(wanted, abs=1e-4)


def test_divergence_is_that_of_the_one_sample():
    one = torch.ones(1, 1, 2)
    # N(1; mean 1, variance e^2) against N(prior 2; 0, 1) e^0.5, in two dimensions.
    found = flow_divergence(
        one, 2.0 * one, one, 2.0 * one, torch.full((1, 1), 0.5), torch.ones(1, 1)
    )
    assert found.item() == pytest.approx(-2.0 + 4.0 - 0.5)


def test_divergence_over_many_samples_is_the_known_one():
    noise = torch.randn(4000, 5, 1, generator=torch.Generator().manual_seed(0))
    mean, log_variance = torch.full_like(noise, 0.7), torch.full_like(noise, -1.0)
    latent = mean + noise * (0.5 * log_variance).exp()
    none = torch.zeros(4000, 5)
    found = flow_divergence(mean, log_variance, latent, latent, none, torch.ones(4000, 5))
    known = 0.5 * (0.7**2 + math.exp(-1.0) - 1.0 + 1.0)
    assert found.item() == pytest.approx(known, abs=0.02)


def test_contrast_has_its_hand_computed_value():
    space = torch.tensor([[2.0, 0], [5.0, 0], [0, 1.0]])
    # Of the two anchors with a partner: -log(e / (e + 1)) at temperature 1; length does not count.
    found = contrastive_loss(space, torch.tensor([1, 1, 0]), 1.0)
    assert found.item() == pytest.approx(-math.log(math.e / (math.e + 1.0)))
    assert contrastive_loss(space, torch.tensor([0, 1, 2]), 1.0).item() == 0.0


def test_triplets_are_within_an_emotion_and_across_levels():
    space = torch.tensor([[0.0, 0], [1.0, 0], [0, 2.0], [9.0, 9]])
    label, level = torch.tensor([3, 3, 3, 4]), torch.tensor([0.0, 0, 1, 1])
    # (0, 1, 2): 1 - 4 + a; (1, 0, 2): 1 - 5 + a.
    assert triplet_loss(space, label, level, 3.5).item() == pytest.approx((0.5 + 0.0) / 2)
    assert triplet_loss(space, label, level, 5.0).item() == pytest.approx((2.0 + 1.0) / 2)
    assert triplet_loss(space, torch.arange(4), level, 5.0).item() == 0.0


def test_other_losses_have_hand_computed_values():
    one, other = torch.tensor([[[1.0, 0], [0, 3]]]), torch.tensor([[[0.0, 2], [0, 0]]])
    first, both = torch.tensor([[1.0, 0]]), torch.ones(1, 2)
    assert audio_visual_loss(one, other, first).item() == pytest.approx(5.0)
    assert audio_visual_loss(one, other, both).item() == pytest.approx(7.0)
    assert reconstruction_loss(one, other, first, 0.5).item() == pytest.approx(2.0 * 2.5)
    assert visual_emotion_loss(one, other, first).item() == pytest.approx(1.0)
    assert visual_emotion_loss(one, -2.0 * one, both).item() == pytest.approx(2.0)
    sure = torch.tensor([[0.5, 0.25]])
    assert sync_loss(sure, both).item() == pytest.approx(1.5 * math.log(2.0))
    assert sync_loss(sure, first).item() == pytest.approx(math.log(2.0))
    wanted = 0.5 * (-math.log(0.5) - math.log(0.8))
    assert expert_loss(sure, torch.tensor([[0.2, 0.9]]), first).item() == pytest.approx(wanted)


def test_the_expert_learns_what_is_in_step():
    torch.manual_seed(0)
    expert = SyncExpert(3, 3, 16)
    optimiser = torch.optim.Adam(expert.parameters(), 1e-2)
    speech = torch.randn(8, 30, 3)
    mouth, mask = speech.roll(1, dims=2), torch.ones(8, 26)
    for _ in range(60):
        true, false = expert(mouth, speech), expert(mouth.roll(7, dims=1), speech)
        loss = expert_loss(true, false, mask)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert true.shape == (8, 26)
    assert loss.item() < 0.5
    assert true.mean() > false.mean() + 0.3


@pytest.mark.parametrize("size", [4, 8])
def test_a_stream_equals_the_clip(net, size):
    whole = net.full(clip(), conditions()).curves
    assert whole.shape == (1, FRAMES, 52)
    state, parts = net.initial_state(), []
    shapes = {name: value.shape for name, value in state.items()}
    for start in range(0, FRAMES, size):
        said, state = net.step(clip()[:, start : start + size], conditions(), state)
        parts.append(said.curves)
        assert {name: value.shape for name, value in state.items()} == shapes
    assert torch.allclose(torch.cat(parts, dim=1), whole, atol=1e-5)


def test_no_block_hears_the_future(net):
    changed = clip()
    changed[:, 8:] += 3.0
    one, other = (net.full(f, conditions()).curves for f in (clip(), changed))
    assert torch.equal(one[:, :8], other[:, :8])
    assert not torch.allclose(one[:, 8:], other[:, 8:])


def test_speech_person_and_noise_are_all_heard(net):
    base = net.full(clip(), conditions()).curves
    assert not torch.allclose(base, net.full(clip(), conditions(1)).curves)
    louder = conditions()._replace(noise=torch.full((1, LATENT), 2.0))
    assert not torch.allclose(base, net.full(clip(), louder).curves)
    for part in (slice(0, 6), slice(6, 11)):
        other = clip()
        other[:, :, part] += 1.0
        assert not torch.allclose(base, net.full(other, conditions()).curves)


def test_flame_comes_out_where_it_is_asked_for():
    net = small(outputs=FLAME, mouth=range(FLAME))
    assert net.full(clip(), conditions()).curves.shape == (1, FRAMES, 53)
    assert net.training_loss(batch(FLAME), EcoFaceTerms())["expert"] > 0
    paper = EcoFace.paper(24, hidden=32, window=4)
    assert (paper.outputs, paper.widths) == (53, [1024, 1024])
    assert len(MOUTH) == 32


def test_training_lowers_the_loss():
    net, data = small(), batch()
    optimiser = torch.optim.Adam(net.parameters(), 3e-3)
    totals = []
    for _ in range(25):
        terms = net.training_loss(data, EcoFaceTerms())
        total = torch.stack(list(terms.values())).sum()
        optimiser.zero_grad()
        total.backward()
        optimiser.step()
        totals.append(total.item())
    assert totals[-1] < 0.8 * totals[0]


@pytest.mark.parametrize("without", [(), *((name,) for name in EcoFace.ablations)])
def test_every_parameter_learns(without):
    net = small(without=without)
    terms = net.training_loss(batch(), EcoFaceTerms())
    torch.stack(list(terms.values())).sum().backward()
    for name, parameter in net.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().max() > 0, name


def test_ablations_switch_off_what_they_name():
    data = batch()
    whole = set(small().training_loss(data, EcoFaceTerms()))
    for name in ("audio_visual", "triplet", "emotion"):
        assert whole - set(small(without=(name,)).training_loss(data, EcoFaceTerms())) == {name}
    deaf = small(without=("sync",))
    assert whole - set(deaf.training_loss(data, EcoFaceTerms())) == {"sync", "expert"}
    assert not any(name.startswith("expert") for name, _ in deaf.named_parameters())
    alike = small(without=("speaker",))
    one, other = (alike.full(clip(), conditions(person)).curves for person in (0, 1))
    assert torch.equal(one, other)


def test_what_judges_is_not_bent_by_what_it_judges():
    net = small()
    terms = net.training_loss(batch(), EcoFaceTerms())
    (terms["sync"] + terms["emotion"] + terms["reconstruction"]).backward()
    for module in (net.expert, net.seen, net.heard):
        assert all(parameter.grad is None for parameter in module.parameters())
    assert net.decoder.leave.weight.grad.abs().max() > 0


@pytest.mark.filterwarnings("ignore")
def test_the_graph_of_a_step_equals_torch(net):
    names = list(net.initial_state())

    class Step(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.net = net

        def forward(self, features, identity, noise, *state):
            told = conditions()._replace(identity=identity, noise=noise)
            said, after = self.net.step(features, told, dict(zip(names, state, strict=True)))
            return said.curves, *(after[name] for name in names)

    told, file = conditions(), io.BytesIO()
    state = list(net.initial_state().values())
    inputs = ["features", "identity", "noise", *names]
    torch.onnx.export(
        Step(), (clip()[:, :4], told.identity, told.noise, *state), file, opset_version=17,
        dynamo=False, input_names=inputs,
        output_names=["curves", *(f"next_{name}" for name in names)],
    )  # fmt: skip
    session = onnxruntime.InferenceSession(file.getvalue(), providers=["CPUExecutionProvider"])
    held = [value.numpy() for value in state]
    for start in range(0, FRAMES, 4):
        given = [clip()[:, start : start + 4], told.identity, told.noise]
        wanted = Step()(*given, *map(torch.from_numpy, held))
        feed = dict(zip(inputs, [*(part.numpy() for part in given), *held], strict=True))
        found = session.run(None, feed)
        for one, other in zip(found, wanted, strict=True):
            np.testing.assert_allclose(one, other.detach().numpy(), atol=2e-5)
        held = found[1:]
