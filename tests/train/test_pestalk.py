"""PESTalk: its KAN layer, library, losses, stream, ablations and graph."""

from __future__ import annotations

import io
import math

import numpy as np
import onnxruntime
import pytest
import torch

from talkface_train.losses.pestalk import (
    PesTalkTerms,
    class_loss,
    disentangle_loss,
    motion_loss,
    position_loss,
)
from talkface_train.models.causal import joined, periodic_position, running_mean
from talkface_train.models.kan import ORDER, KanLayer, spline_basis
from talkface_train.models.pestalk import LOWER, UPPER, PesTalk, StyleLibrary
from talkface_train.models.system import Conditions

FRAMES = 12
CONDITIONS = Conditions(
    torch.ones(1, 1), torch.eye(8)[:1], torch.ones(1), torch.zeros(1, 1)
)  # fmt: skip


def small(**options) -> PesTalk:
    torch.manual_seed(5)
    sizes = {"hidden": 16, "frequency_width": 8, "style_width": 4, "layers": 1, "window": 5}
    return PesTalk(6, 5, mel_width=4, identities=2, **sizes, **options)


def batch(count: int = 4) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    made = {}
    for suffix in ("", "_12", "_21"):
        for name, width in zip(PesTalk.parts, (6, 5, 4), strict=True):
            made[name + suffix] = torch.randn(count, FRAMES, width, generator=generator)
    made["curves"] = torch.rand(count, FRAMES, 52, generator=generator)
    made["emotion"] = torch.arange(count) % 8
    made["mask"] = torch.ones(count, FRAMES)
    made["mask"][0, 8:] = 0.0
    return made


def filled(net: PesTalk) -> PesTalk:
    voice, emotion = net.clip_styles(batch())
    net.library.build(voice, emotion, torch.tensor([0, 0, 1, 1]), torch.tensor([0, 1, 0, 1]))
    return net


@pytest.fixture
def net() -> PesTalk:
    return filled(small()).eval()


def test_cubic_splines_have_their_known_values():
    knots = torch.arange(-3.0, 8.0)
    at_knot = spline_basis(torch.tensor(2.0), knots, 3)
    assert at_knot[2:5].tolist() == pytest.approx([1 / 6, 4 / 6, 1 / 6], abs=1e-6)
    between = spline_basis(torch.tensor(2.5), knots, 3)
    assert between[2:6].tolist() == pytest.approx([1 / 48, 23 / 48, 23 / 48, 1 / 48], abs=1e-6)
    inside = spline_basis(torch.linspace(0.0, 3.99, 50), knots, 3)
    assert torch.allclose(inside.sum(dim=1), torch.ones(50), atol=1e-5)
    assert spline_basis(torch.tensor(9.0), knots, 3).abs().max() == 0.0


def test_a_kan_layer_draws_the_curve_its_weights_say():
    layer = KanLayer(1, 1, intervals=4)
    with torch.no_grad():
        layer.base.weight.zero_()
        layer.base.bias.fill_(0.5)
        # Splines whose coefficients are their centres add up to the identity.
        centres = layer.knots[2:-2].reshape(1, -1)
        assert centres.shape[1] == 4 + ORDER
        layer.spline.weight.copy_(centres)
    x = torch.linspace(-1.9, 1.9, 9).unsqueeze(1)
    assert torch.allclose(layer(x), x + 0.5, atol=1e-5)
    with torch.no_grad():
        layer.base.weight.fill_(2.0)
    far = torch.tensor([[30.0]])
    assert layer(far).item() == pytest.approx(60.5, abs=1e-3)


def test_halves_of_the_face_are_twenty_and_thirty_two():
    assert (len(UPPER), len(LOWER)) == (20, 32)
    assert sorted(UPPER + LOWER) == list(range(52))


def test_channels_go_back_to_their_places(net):
    with torch.no_grad():
        for layer in (net.upper_face, net.lower_face):
            layer.weight.zero_()
        net.upper_face.bias.copy_(torch.tensor(UPPER).float())
        net.lower_face.bias.copy_(torch.tensor(LOWER).float())
    said = net.full(joined(batch(1), PesTalk.parts), CONDITIONS)
    assert said.curves.shape == (1, FRAMES, 52)
    assert said.curves[0, 3].tolist() == list(range(52))
    assert said.emotion is not None
    assert said.emotion.shape == (1, FRAMES, 8)
    assert said.head is None


def test_the_library_averages_and_retrieves_by_both_halves():
    library = StyleLibrary(2, voice=2, emotion=2)
    assert library(torch.ones(1, 2), torch.ones(1, 2)).abs().max() == 0.0
    voice = torch.tensor([[1.0, 0], [3.0, 0], [0, 100.0], [0, 100.0]])
    emotion = torch.tensor([[0, 1.0], [1.0, 0], [0, 5.0], [2.0, 0]])
    library.build(voice, emotion, torch.tensor([0, 0, 1, 1]), torch.tensor([0, 3, 0, 3]))
    assert library.filled.nonzero().flatten().tolist() == [0, 3, 8, 11]
    assert library.rows[3].tolist() == [1, 0, 1, 0]
    # Scale says nothing: a voice a thousand times as long does not drown the emotion.
    found = library(torch.tensor([[1000.0, 10.0]]), torch.tensor([[0.002, 0.001]]))
    assert found.tolist() == [[1, 0, 1, 0]]
    found = library(torch.tensor([[0.1, 0.2]]), torch.tensor([[1.0, 3.0]]))
    assert found.tolist() == [[0, 1, 0, 1]]


def test_library_rows_are_means_of_clips():
    library = StyleLibrary(1, voice=2, emotion=2)
    voice, emotion = torch.tensor([[2.0, 0], [0, 2.0]]), torch.tensor([[3.0, 0], [0, 4.0]])
    library.build(voice, emotion, torch.zeros(2), torch.zeros(2))
    half = math.sqrt(0.5)
    assert library.rows[0].tolist() == pytest.approx([half, half, 0.6, 0.8])


def test_losses_have_hand_computed_values():
    said = torch.tensor([[[0.0, 0], [1, 0], [9, 9]]])
    wanted = torch.tensor([[[1.0, 2], [1, 1], [0, 0]]])
    mask = torch.tensor([[1.0, 1, 0]])
    assert position_loss(said, wanted, mask).item() == pytest.approx((5 + 1) / 2)
    assert motion_loss(said, wanted, mask).item() == pytest.approx(1 + 1)
    logits = torch.tensor([[math.log(3.0), 0.0]])
    assert class_loss(logits, torch.tensor([0])).item() == pytest.approx(-math.log(0.75))


def test_disentangling_draws_contents_together_and_emotions_apart():
    one, right, tilted = (
        torch.tensor([[1.0, 0]]),
        torch.tensor([[0, 1.0]]),
        torch.tensor([[3.0, 4]]),
    )
    assert disentangle_loss(one, one, one, right, 0.0).item() == pytest.approx(0.0)
    assert disentangle_loss(one, right, one, one, 0.2).item() == pytest.approx(1 + 0.8)
    assert disentangle_loss(one, tilted, one, tilted, 0.1).item() == pytest.approx(0.4 + 0.5)
    emotion = torch.tensor([[1.0, 0.2]], requires_grad=True)
    disentangle_loss(one, one, emotion, one, 0.0).backward()
    moved = emotion.detach() - emotion.grad
    cosine = torch.nn.functional.cosine_similarity
    assert cosine(moved, one) < cosine(emotion.detach(), one)


def test_helpers_of_a_stream():
    mean, total = running_mean(
        torch.tensor([[[4.0], [9]]]), torch.tensor([[2.0]]), torch.ones(1, 1)
    )
    assert mean.flatten().tolist() == [3.0, 5.0]
    assert total.item() == 15.0
    place = periodic_position(torch.tensor([[24.0]]), 2, 4, 25)
    assert torch.allclose(place[0, 1], periodic_position(torch.zeros(1, 1), 1, 4, 25)[0, 0])


@pytest.mark.parametrize("size", [1, 5])
def test_a_stream_equals_the_clip(net, size):
    features = torch.cat([joined(batch(1), PesTalk.parts)] * 2, dim=1)[:, :20]
    whole = net.full(features, CONDITIONS)
    state, parts, sizes = net.initial_state(), [], None
    for start in range(0, 20, size):
        said, state = net.step(features[:, start : start + size], CONDITIONS, state)
        parts.append(said)
        shapes = {name: value.shape for name, value in state.items()}
        assert sizes in (None, shapes)
        sizes = shapes
    assert torch.allclose(torch.cat([p.curves for p in parts], 1), whole.curves, atol=1e-5)
    assert torch.allclose(torch.cat([p.emotion for p in parts], 1), whole.emotion, atol=1e-5)


def test_no_frame_hears_the_future(net):
    features = joined(batch(1), PesTalk.parts)
    changed = features.clone()
    changed[:, 7:] += 3.0
    one, other = (net.full(f, CONDITIONS).curves for f in (features, changed))
    assert torch.equal(one[:, :7], other[:, :7])
    assert not torch.allclose(one[:, 7:], other[:, 7:])


def test_training_lowers_the_loss():
    net, data = filled(small()), batch()
    optimiser = torch.optim.Adam(net.parameters(), 3e-3)
    totals = []
    for _ in range(12):
        terms = net.training_loss(data, PesTalkTerms())
        assert set(terms) == {"position", "motion", "class", "disentangle"}
        total = torch.stack(list(terms.values())).sum()
        optimiser.zero_grad()
        total.backward()
        optimiser.step()
        totals.append(total.item())
    assert totals[-1] < 0.7 * totals[0]


@pytest.mark.parametrize("without", [(), *((name,) for name in PesTalk.ablations)])
def test_every_parameter_learns(without):
    net = small(without=without)
    if "style" not in without:
        filled(net)
    terms = net.training_loss(batch(), PesTalkTerms())
    torch.stack(list(terms.values())).sum().backward()
    for name, parameter in net.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().max() > 0, name


def test_ablations_switch_off_what_they_name():
    data = batch()
    features = joined(data, PesTalk.parts)

    def changes(net: PesTalk, part: slice) -> bool:
        other = features.clone()
        other[:, :, part] = other[:, :, part].flip(1) * 2.0
        one, two = (net.full(f, CONDITIONS).curves for f in (features, other))
        return not torch.allclose(one, two)

    mel = slice(11, 15)
    assert changes(filled(small()), mel)
    assert not changes(small(without=("frequency", "style")), mel)
    assert "frequency" not in small(without=("frequency",)).initial_state()
    styled = filled(small())
    before = styled.full(features, CONDITIONS).curves
    styled.library.rows.mul_(-3.0)
    assert not torch.allclose(before, styled.full(features, CONDITIONS).curves)
    assert not any("library" in name for name, _ in small(without=("style",)).named_buffers())
    terms = small(without=("disentangle",)).training_loss(data, PesTalkTerms())
    assert set(terms) == {"position", "motion", "class"}


@pytest.mark.filterwarnings("ignore")
def test_the_graph_of_a_step_equals_torch(net):
    names = list(net.initial_state())

    class Step(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.net = net

        def forward(self, features, *state):
            said, after = self.net.step(features, CONDITIONS, dict(zip(names, state, strict=True)))
            return said.curves, said.emotion, *(after[name] for name in names)

    features, file = joined(batch(1), PesTalk.parts), io.BytesIO()
    state = list(net.initial_state().values())
    torch.onnx.export(
        Step(), (features[:, :1], *state), file, opset_version=17, dynamo=False,
        input_names=["features", *names],
        output_names=["curves", "emotion", *(f"next_{name}" for name in names)],
    )  # fmt: skip
    session = onnxruntime.InferenceSession(file.getvalue(), providers=["CPUExecutionProvider"])
    held = [value.numpy() for value in state]
    for t in range(FRAMES):
        frame = features[:, t : t + 1]
        wanted, _ = (out := Step()(frame, *map(torch.from_numpy, held)))[:2]
        found = session.run(
            None, {"features": frame.numpy(), **dict(zip(names, held, strict=True))}
        )
        for one, other in zip(found, out, strict=True):
            np.testing.assert_allclose(one, other.detach().numpy(), atol=2e-5)
        held = found[2:]
    assert wanted.shape == (1, 1, 52)


def test_the_papers_sizes():
    net = PesTalk.paper(layers=1, window=2)
    assert net.hidden == 256
    assert net.library.filled.shape == (180 * 8,)
