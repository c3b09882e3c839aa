"""The decoupled system: its stages, losses, stream, rollout, ablations and graph."""

from __future__ import annotations

import io
import math

import numpy as np
import onnxruntime
import pytest
import torch

from talkface_train.losses.decoupled import (
    DecoupledTerms,
    contrastive_loss,
    diversity_loss,
    norm_loss,
)
from talkface_train.models.causal import joined
from talkface_train.models.decoupled import OWN_SHARE, REST, Decoupled, before, upright
from talkface_train.models.system import Conditions, SystemOutput

FRAMES = 12
PERSONS = 3
CONDITIONS = Conditions(
    torch.eye(PERSONS)[:1], torch.eye(8)[:1], torch.ones(1), torch.full((1, 4), 0.7)
)  # fmt: skip


def small(**options) -> Decoupled:
    torch.manual_seed(5)
    sizes = {"hidden": 16, "layers": 1, "window": 5, "noise": 4, "person": 6}
    return Decoupled(6, 5, identities=PERSONS, **sizes, **options)


def batch(count: int = 4, frames: int = FRAMES) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    made = {
        "features": torch.randn(count, frames, 6, generator=generator),
        "emotion_features": torch.randn(count, frames, 5, generator=generator),
        "curves": torch.rand(count, frames, 52, generator=generator),
        "neutral": torch.rand(count, frames, 52, generator=generator),
        "head": torch.randn(count, frames, 9, generator=generator) * 0.1 + torch.tensor(REST),
        "identity": torch.eye(PERSONS)[torch.arange(count) % PERSONS],
        "emotion": torch.arange(count) % 8,
        "level": torch.ones(count),
    }
    made["head"] = upright(made["head"])
    for name in ("mask", "neutral_mask", "head_mask"):
        made[name] = torch.ones(count, frames)
        made[name][0, 8:] = 0.0
    return made


def taught(net: Decoupled, data: dict[str, torch.Tensor], steps: int) -> list[float]:
    optimiser, totals = torch.optim.Adam(net.parameters(), 3e-3), []
    for _ in range(steps):
        total = torch.stack(list(net.training_loss(data, DecoupledTerms()).values())).sum()
        optimiser.zero_grad()
        total.backward()
        optimiser.step()
        totals.append(total.item())
    return totals


@pytest.fixture
def net() -> Decoupled:
    return small().eval()


def test_faces_are_sums_and_heads_are_rotations(net):
    features = joined(batch(1), Decoupled.parts)
    said = net.full(features, CONDITIONS)
    assert said.curves.shape == said.neutral.shape == (1, FRAMES, 52)
    assert said.head.shape == (1, FRAMES, 9)
    first, second, _ = said.head.detach().split(3, dim=2)
    for value, wanted in ((first * first, 1), (second * second, 1), (first * second, 0)):
        assert torch.allclose(value.sum(dim=2), torch.full((1, FRAMES), float(wanted)), atol=1e-5)
    with torch.no_grad():
        net.expression.weight.zero_()
        net.expression.bias.copy_(torch.arange(52.0))
    said = net.full(features, CONDITIONS)
    assert torch.allclose(said.curves - said.neutral, torch.arange(52.0).expand(1, FRAMES, 52))


def test_upright_is_gram_and_schmidt():
    skewed = torch.tensor([[2.0, 0, 0, 3, 4, 0, 7, 8, 9]])
    assert upright(skewed).tolist() == [[1, 0, 0, 0, 1, 0, 7, 8, 9]]
    assert upright(torch.tensor([REST])).tolist() == [list(REST)]


def test_the_neutral_face_is_of_words_and_the_person_alone(net):
    features = joined(batch(1), Decoupled.parts)
    louder, wordier = features.clone(), features.clone()
    louder[:, :, 6:] *= -3.0
    wordier[:, :, :6] *= -3.0
    said, felt, spoken = (net.full(f, CONDITIONS) for f in (features, louder, wordier))
    assert torch.equal(said.neutral, felt.neutral)
    assert not torch.allclose(said.curves, felt.curves)
    assert not torch.allclose(said.neutral, spoken.neutral)
    with torch.no_grad():
        net.person.mul_(-2.0)
    other = net.full(features, CONDITIONS)
    assert not torch.allclose(said.neutral[:, -1], other.neutral[:, -1])
    with torch.no_grad():
        net.start.mul_(-2.0)
    begun = net.full(features, CONDITIONS)
    assert not torch.allclose(other.neutral[:, 0], begun.neutral[:, 0])


def test_a_hull_mixes_embeddings(net):
    features = joined(batch(1), Decoupled.parts)
    mixed = CONDITIONS._replace(identity=torch.tensor([[0.25, 0.75, 0.0]]))
    said = net.full(features, mixed)
    with torch.no_grad():
        net.person[2] = 0.25 * net.person[0] + 0.75 * net.person[1]
        net.start[2] = 0.25 * net.start[0] + 0.75 * net.start[1]
    same = net.full(features, CONDITIONS._replace(identity=torch.eye(PERSONS)[2:]))
    assert torch.allclose(said.curves, same.curves, atol=1e-5)


def test_noise_moves_the_head_and_nothing_else(net):
    features = joined(batch(1), Decoupled.parts)
    said = net.full(features, CONDITIONS)
    other = net.full(features, CONDITIONS._replace(noise=-CONDITIONS.noise))
    assert torch.equal(said.curves, other.curves)
    assert not torch.allclose(said.head, other.head)


@pytest.mark.parametrize("size", [1, 5])
def test_a_stream_equals_the_clip(net, size):
    features = joined(batch(1, 20), Decoupled.parts)
    whole = net.full(features, CONDITIONS)
    state, parts, sizes = net.initial_state(), [], None
    for start in range(0, 20, size):
        said, state = net.step(features[:, start : start + size], CONDITIONS, state)
        parts.append(said)
        shapes = {name: value.shape for name, value in state.items()}
        assert sizes in (None, shapes)
        sizes = shapes
    assert sizes == {name: value.shape for name, value in net.initial_state().items()}
    for name in ("curves", "head", "neutral"):
        joint = torch.cat([getattr(part, name) for part in parts], 1)
        assert torch.allclose(joint, getattr(whole, name), atol=1e-5)


def test_no_frame_hears_the_future(net):
    features = joined(batch(1), Decoupled.parts)
    changed = features.clone()
    changed[:, 7:] += 3.0
    one, other = (net.full(f, CONDITIONS).curves for f in (features, changed))
    assert torch.equal(one[:, :7], other[:, :7])
    assert not torch.allclose(one[:, 7:], other[:, 7:])


def test_forced_frames_follow_what_they_are_told(net):
    features = joined(batch(1), Decoupled.parts)
    whole = net.full(features, CONDITIONS)
    again = net.forced(features, CONDITIONS, whole)
    for name in ("curves", "head", "neutral"):
        assert torch.allclose(getattr(again, name), getattr(whole, name), atol=1e-5)
    told = SystemOutput(whole.curves + 0.5, whole.head, None, whole.neutral)
    moved = net.forced(features, CONDITIONS, told)
    assert torch.allclose(moved.curves[:, 0], whole.curves[:, 0], atol=1e-5)
    assert not torch.allclose(moved.curves[:, 1], whole.curves[:, 1], atol=1e-3)
    assert before(torch.tensor([[[1.0], [2], [3]]]), torch.zeros(1, 1)).flatten().tolist() == [
        0, 1, 2,
    ]  # fmt: skip


def test_norms_are_not_squared():
    said = torch.tensor([[[3.0, 4], [6, 8], [9, 9]]])
    wanted = torch.zeros(1, 3, 2)
    assert norm_loss(said, wanted, torch.tensor([[1.0, 1, 0]])).item() == pytest.approx(7.5)
    near = torch.zeros(1, 1, 2, requires_grad=True)
    norm_loss(near, torch.zeros(1, 1, 2), torch.ones(1, 1)).backward()
    assert near.grad.abs().max() == 0.0


def test_the_contrast_is_over_rows_and_columns():
    # Cosines: rows are faces, columns speech.
    face = torch.tensor([[[2.0, 0], [0, 5.0]]])
    speech = torch.tensor([[[1.0, 0], [0.6, 0.8]]])
    cosine, cold, mask = [[1.0, 0.6], [0.0, 0.8]], torch.tensor(0.5), torch.ones(1, 2)
    rows = columns = 0.0
    for i in range(2):
        rows += math.log(sum(math.exp(cosine[i][j] / 0.5) for j in range(2))) - cosine[i][i] / 0.5
        columns += (
            math.log(sum(math.exp(cosine[j][i] / 0.5) for j in range(2))) - cosine[i][i] / 0.5
        )
    found = contrastive_loss(face, speech, cold, mask, near=0)
    assert found.item() == pytest.approx((rows + columns) / 2, abs=1e-5)
    assert rows != pytest.approx(columns, abs=0.05)
    # Neighbours are no wrong answers, and neither is what does not count.
    assert contrastive_loss(face, speech, cold, mask, near=1).item() == pytest.approx(0.0)
    alone = contrastive_loss(face, speech, cold, torch.tensor([[1.0, 0]]), near=0)
    assert alone.item() == pytest.approx(0.0)
    assert contrastive_loss(face, speech, cold, mask * 0, near=0).item() == 0.0


def test_the_contrast_leaves_out_neutral_clips():
    net, data = small(), batch()
    felt = net.training_loss(data, DecoupledTerms())["contrastive"]
    none = net.training_loss(data | {"emotion": torch.zeros(4)}, DecoupledTerms())["contrastive"]
    assert felt > 0.5
    assert none == 0.0


def test_diversity_rewards_what_is_far_apart_up_to_a_cap():
    head, other = torch.zeros(2, 2, 9), torch.zeros(2, 2, 9)
    other[0, 0, 0], other[0, 0, 8], other[0, 1, 3] = 3.0, 4.0, 1.0
    noise, far = torch.zeros(2, 2), torch.tensor([[6.0, 8.0], [1.0, 0.0]])
    first = torch.tensor([[1.0, 1], [0, 0]])
    # (mean(3, 1) + mean(4, 0)) / 10; the second clip has no head.
    found = diversity_loss(head, other, noise, far, first, 9.0)
    assert found.item() == pytest.approx(-0.4, abs=1e-4)
    assert diversity_loss(head, other, noise, far, first, 0.1).item() == pytest.approx(-0.1)
    assert diversity_loss(head, other, noise, far, torch.ones(2, 2), 9.0).item() == pytest.approx(
        -0.2, abs=3e-4
    )
    assert diversity_loss(head, other, noise, far, first * 0, 9.0).item() == 0.0
    learns = (head + 0.1).requires_grad_()
    diversity_loss(learns, other, noise, far, first, 9.0).backward()
    apart = (head + 0.1 - other)[0].norm()
    assert (head + 0.1 - learns.grad - other)[0].norm() > apart


def test_terms_count_what_is_known():
    data, said = batch(2), batch(2)
    answers = {name: said[name] * 0.5 for name in ("neutral", "head")}
    answers["felt"] = said["curves"] * 0.5
    terms = DecoupledTerms(neutral=2.0)(answers, data)
    wanted = norm_loss(answers["neutral"], data["neutral"], data["neutral_mask"])
    assert terms["neutral"].item() == pytest.approx(2.0 * wanted.item())
    turned = (0.5 * data["head"][:, :, :6]).norm(dim=2)
    mean = (turned * data["head_mask"]).sum() / data["head_mask"].sum()
    assert terms["rotation"].item() == pytest.approx(0.01 * mean.item(), rel=1e-4)
    absent = data | {"neutral_mask": data["mask"] * 0, "head_mask": data["mask"] * 0}
    terms = DecoupledTerms()(answers, absent)
    assert [terms[name].item() for name in ("neutral", "rotation", "translation")] == [0, 0, 0]
    assert terms["felt"] > 0


def test_training_follows_truth_itself_and_nothing(monkeypatch):
    net, data = small(), {name: value[:, :8] if value.dim() > 1 and name != "identity" else value
                          for name, value in batch(64).items()}  # fmt: skip
    data["neutral_mask"][:32] = 0.0
    features, noise = joined(data, Decoupled.parts), torch.zeros(64, 4)
    monkeypatch.setattr("talkface_train.models.decoupled.JITTER", 0.0)
    past = net._past(data, features, noise)
    rest = torch.tensor(REST)
    assert torch.equal(past["head"][:, 0], rest.expand(64, 9))
    # Half at rest on the average, from clip to clip anything.
    dropped = (past["felt"][:, 1:] == 0).all(dim=2).float()
    assert 0.35 < dropped.mean() < 0.65
    assert dropped.mean(dim=1).std() > 0.2
    true = (past["felt"][:, 1:] == data["curves"][:, :-1]).all(dim=2).float()
    assert true.sum() / (1.0 - dropped).sum() == pytest.approx(1.0 - OWN_SHARE, abs=0.1)
    assert not (past["neutral"][:32, 1:] == data["neutral"][:32, :-1]).all(dim=2).any()
    assert (past["neutral"][32:, 1:] == data["neutral"][32:, :-1]).all(dim=2).any()
    monkeypatch.setattr("talkface_train.models.decoupled.JITTER", 0.1)
    off = (net._past(data, features, noise)["felt"][:, 1:] - data["curves"][:, :-1]).abs()
    near = off.mean(dim=2) < 0.1
    # A tenth of the root mean square of curves between 0 and 1.
    assert off[near].square().mean().sqrt().item() == pytest.approx(0.1 / 3**0.5, rel=0.05)


def test_training_lowers_the_loss():
    totals = taught(small(), batch(), 40)
    assert np.mean(totals[-5:]) < 0.7 * np.mean(totals[:3])


@pytest.mark.parametrize("without", [(), *((name,) for name in Decoupled.ablations)])
def test_every_parameter_learns(without):
    net = small(without=without)
    terms = net.training_loss(batch(), DecoupledTerms())
    torch.stack(list(terms.values())).sum().backward()
    for name, parameter in net.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().max() > 0, name


def test_ablations_switch_off_what_they_name():
    data = batch()
    terms = {
        off: set(small(without=(off,)).training_loss(data, DecoupledTerms()))
        for off in Decoupled.ablations
    }
    everything = set(small().training_loss(data, DecoupledTerms()))
    assert everything == {
        "neutral", "felt", "rotation", "translation", "contrastive", "diversity",
    }  # fmt: skip
    assert everything - terms["two_stage"] == {"neutral", "contrastive"}
    assert everything - terms["contrastive"] == {"contrastive"}
    assert everything - terms["diversity"] == {"diversity"}
    names = [name for name, _ in small(without=("contrastive",)).named_parameters()]
    assert not any("space" in name or "temperature" in name for name in names)
    one = small(without=("two_stage",))
    said = one.full(joined(data, Decoupled.parts)[:1], CONDITIONS)
    assert said.neutral is None
    assert said.curves.shape == (1, FRAMES, 52)
    assert not any("neutral" in name for name in one.initial_state())
    again = one.forced(joined(data, Decoupled.parts)[:1], CONDITIONS, said)
    assert torch.allclose(again.curves, said.curves, atol=1e-5)


def waves(count: int = 6, frames: int = 24) -> dict[str, torch.Tensor]:
    """Speech that says faces: smooth features, and curves made from them."""
    data = batch(count, frames)
    generator = torch.Generator().manual_seed(2)
    time = torch.arange(frames).reshape(1, frames, 1) / 6.0
    for name, width in (("features", 6), ("emotion_features", 5)):
        phase = 6.3 * torch.rand(count, 1, width, generator=generator)
        data[name] = torch.sin(time * (1.0 + torch.arange(width) / 4.0) + phase)
    words = torch.randn(6, 52, generator=generator) * 0.1
    feeling = torch.randn(5, 52, generator=generator) * 0.05
    data["neutral"] = 0.3 + data["features"] @ words
    data["curves"] = data["neutral"] + data["emotion_features"] @ feeling
    for name in ("mask", "neutral_mask", "head_mask"):
        data[name] = torch.ones(count, frames)
    return data


def test_a_rollout_stays_with_the_truth():
    net, data = small(), waves()
    data["neutral_mask"][3:] = 0.0
    taught(net, data, 200)
    net.eval()
    features, truth = joined(data, Decoupled.parts), data["curves"]
    asked = (features, Conditions(data["identity"], data["identity"], data["level"],
                                  torch.zeros(len(truth), 4)))  # fmt: skip
    with torch.no_grad():
        rolled = net.full(*asked)
        told = SystemOutput(truth, data["head"], None, data["neutral"])
        forced = net.forced(*asked, told)
        deaf = net.forced(features * 0.0, asked[1], told)

    def off(said: SystemOutput) -> float:
        return norm_loss(said.curves, truth, data["mask"]).item()

    still = norm_loss(truth.mean(dim=(0, 1)).expand_as(truth), truth, data["mask"]).item()
    assert off(rolled) < 0.5 * still
    assert off(rolled) < 1.5 * off(forced) + 0.02
    # The mouth follows the sound, not the past: without sound the true past does not save it.
    assert off(deaf) > 2.0 * off(forced)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("without", [(), ("two_stage",)])
def test_the_graph_of_a_step_equals_torch(without):
    net = small(without=without).eval()
    names = list(net.initial_state())

    class Step(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.net = net

        def forward(self, features, identity, noise, *state):
            given = CONDITIONS._replace(identity=identity, noise=noise)
            said, after = self.net.step(features, given, dict(zip(names, state, strict=True)))
            return said.curves, said.head, *(after[name] for name in names)

    features, file = joined(batch(1), Decoupled.parts), io.BytesIO()
    state = list(net.initial_state().values())
    person = (torch.tensor([[0.2, 0.5, 0.3]]), torch.full((1, 4), -0.4))
    torch.onnx.export(
        Step(), (features[:, :1], *person, *state), file, opset_version=17, dynamo=False,
        input_names=["features", "identity", "noise", *names],
        output_names=["curves", "head_pose", *(f"next_{name}" for name in names)],
    )  # fmt: skip
    session = onnxruntime.InferenceSession(file.getvalue(), providers=["CPUExecutionProvider"])
    held = [value.numpy() for value in state]
    for t in range(FRAMES):
        frame = features[:, t : t + 1]
        out = Step()(frame, *person, *map(torch.from_numpy, held))
        told = {"features": frame.numpy(), "identity": person[0].numpy(),
                "noise": person[1].numpy()}  # fmt: skip
        found = session.run(None, told | dict(zip(names, held, strict=True)))
        for one, other in zip(found, out, strict=True):
            np.testing.assert_allclose(one, other.detach().numpy(), atol=2e-5)
        held = found[2:]
    assert out[1].shape == (1, 1, 9)


def test_the_papers_sizes():
    net = Decoupled.paper(outputs=30)
    assert net.person.shape[0] == 6
    assert len(net.generator.blocks) == 2
    assert net.generator.blocks[0].attention.heads == 4
    assert net.pose.in_features == 128
