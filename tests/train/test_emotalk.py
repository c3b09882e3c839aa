"""EmoTalk: its losses, crossing over of pairs, guidance, levels, stream, ablations and graph."""

from __future__ import annotations

import io
import math
from types import SimpleNamespace

import numpy as np
import onnxruntime
import pytest
import torch

from talkface_train.losses.emotalk import EmoTalkTerms
from talkface_train.models.causal import joined, running_mean
from talkface_train.models.emotalk import EmoTalk
from talkface_train.models.system import Conditions
from talkface_train.systems import SYSTEMS, RunInfo, build_system, build_terms

FRAMES = 12
WIDTHS = (6, 5)
CONDITIONS = Conditions(
    torch.tensor([[0.3, 0.7]]), torch.eye(8)[:1], torch.tensor([0.4]), torch.zeros(1, 1)
)  # fmt: skip


def small(**options) -> EmoTalk:
    torch.manual_seed(5)
    sizes = {"hidden": 16, "emotion": 8, "told": 4, "window": 5}
    return EmoTalk(*WIDTHS, **{"identities": 2, **sizes, **options})


def spoken(**options) -> EmoTalk:
    """A network whose last layer is no longer zero."""
    net = small(**options)
    torch.nn.init.normal_(net.face.weight, std=0.3)
    torch.nn.init.normal_(net.face.bias, std=0.3)
    return net


def batch(count: int = 4, pairs: bool = True) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    made = {}
    for place, suffix in enumerate(("", "_12", "_21", "_22") if pairs else ("",)):
        for name, width in zip(EmoTalk.parts, WIDTHS, strict=True):
            made[name + suffix] = torch.randn(count, FRAMES, width, generator=generator)
        made["curves" + suffix] = torch.rand(count, FRAMES, 52, generator=generator)
        made["emotion" + suffix] = (torch.arange(count) + place) % 8
        made["identity" + suffix] = torch.eye(2)[torch.arange(count) % 2]
        made["level" + suffix] = ((torch.arange(count) + place) % 3 > 0).float()
        made["mask" + suffix] = torch.ones(count, FRAMES)
        made["mask" + suffix][place % count, FRAMES - 1 - place :] = 0.0
    return made


def answers_of(net: EmoTalk, data: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """What the network hands to its losses."""
    kept = {}

    def keep(answers, _):
        kept.update(answers)
        return {}

    with torch.no_grad():
        net.training_loss(data, keep)
    return kept


def moved(data: dict[str, torch.Tensor], name: str) -> dict[str, torch.Tensor]:
    return {**data, name: data[name].flip(1) * 2.0 + 0.3}


@pytest.fixture
def net() -> EmoTalk:
    return spoken().eval()


def test_shapes(net):
    features = joined(batch(3), EmoTalk.parts)
    conditions = Conditions(torch.eye(2)[[0, 1, 0]], torch.eye(8)[:3], torch.ones(3), None)
    said = net.full(features, conditions)
    assert said.curves.shape == (3, FRAMES, 52)
    assert said.emotion is not None
    assert said.emotion.shape == (3, FRAMES, 8)
    assert said.head is None
    assert spoken(outputs=53).full(features, conditions).curves.shape == (3, FRAMES, 53)


def test_a_fresh_network_says_the_face_at_rest():
    said = small().full(joined(batch(1), EmoTalk.parts), CONDITIONS)
    assert said.curves.abs().max() == 0.0


def test_losses_have_hand_computed_values():
    wanted = torch.tensor([[[1.0, 2], [1, 1], [0, 0]]])
    mask = torch.tensor([[1.0, 1, 0]])
    still = torch.zeros_like(wanted)
    answers = {"curves": still, "logits": torch.tensor([[math.log(3.0), 0.0]])}
    data = {"curves": wanted, "mask": mask, "emotion": torch.tensor([0])}
    terms = EmoTalkTerms()(answers, data)
    assert set(terms) == {"self", "velocity", "classification"}
    assert terms["self"].item() == pytest.approx((5 + 2) / 2)
    assert terms["velocity"].item() == pytest.approx(0.5 * 1)
    assert terms["classification"].item() == pytest.approx(-0.1 * math.log(0.75))


def test_losses_of_pairs_have_hand_computed_values():
    frames = torch.tensor([1.0, 3.0])
    still = torch.zeros(1, 2, 1)
    names = ("curves", "curves_12", "curves_21", "cross", "cross_22")
    answers = dict.fromkeys(names, still)
    answers |= {"cross_mask": torch.tensor([[1.0, 0]]), "cross_mask_22": torch.ones(1, 2)}
    data = {}
    for scale, suffix in zip((1.0, 2.0, 3.0, 4.0), ("", "_12", "_21", "_22"), strict=True):
        data["curves" + suffix] = (scale * frames).reshape(1, 2, 1)
        data["mask" + suffix] = torch.ones(1, 2)
    terms = EmoTalkTerms(cross=2.0, self_=3.0, velocity=5.0)(answers, data)
    mean = (1 + 9) / 2
    assert terms["self"].item() == pytest.approx(3 * mean * (1 + 4 + 9) / 3)
    # The crossing to _11 counts its first frame alone, the one to _22 both.
    assert terms["cross"].item() == pytest.approx(2 * (1 + 16 * mean))
    speeds = [4 * 1, 4 * 4, 4 * 9, 0, 4 * 16]
    assert terms["velocity"].item() == pytest.approx(5 * sum(speeds) / 5)


@pytest.mark.parametrize(
    ("cross", "words", "feeling"), [("cross", "_12", "_21"), ("cross_22", "_21", "_12")]
)
def test_a_crossing_takes_words_of_one_clip_and_emotion_of_the_other(net, cross, words, feeling):
    data = batch()
    before = answers_of(net, data)[cross]
    for name in ("features" + feeling, "emotion_features" + words):
        assert torch.equal(answers_of(net, moved(data, name))[cross], before), name
    for name in ("features" + words, "emotion_features" + feeling):
        assert not torch.allclose(answers_of(net, moved(data, name))[cross], before), name
    for name in ("features", "emotion_features"):
        assert torch.equal(answers_of(net, moved(data, name))[cross], before)


@pytest.mark.parametrize(("cross", "target"), [("cross", ""), ("cross_22", "_22")])
def test_a_crossing_has_person_level_and_frames_of_its_target(net, cross, target):
    data = batch()
    before = answers_of(net, data)
    for name in ("identity", "level"):
        for suffix in ("", "_12", "_21", "_22"):
            changed = {**data, name + suffix: 1.0 - data[name + suffix]}
            same = torch.equal(answers_of(net, changed)[cross], before[cross])
            assert same == (suffix != target), name + suffix
    found = before["cross_mask" + target]
    assert torch.equal(found, data["mask_12"] * data["mask_21"] * data["mask" + target])
    assert 0 < found.sum() < found.numel()


def test_a_crossing_of_a_clip_with_itself_is_the_clip(net):
    data = batch()
    for name in ("features", "emotion_features", "level", "identity"):
        for suffix in ("_12", "_21", "_22"):
            data[name + suffix] = data[name]
    found = answers_of(net, data)
    for name in ("curves_12", "curves_21", "cross", "cross_22"):
        assert torch.allclose(found[name], found["curves"], atol=1e-6)
    mix = torch.eye(8)[data["emotion"]]
    conditions = Conditions(data["identity"], mix, data["level"], torch.zeros(4, 1))
    whole = net.full(joined(data, EmoTalk.parts), conditions)
    assert torch.allclose(found["curves"], whole.curves, atol=1e-6)


def test_logits_are_of_the_mean_so_far(net):
    features = joined(batch(1), EmoTalk.parts)
    state = net.initial_state()
    said, _ = net.hears(features, state)
    mean, _ = running_mean(said.emotion, state["emotion_sum"], state["heard"])
    found = net.full(features, CONDITIONS).emotion
    assert torch.allclose(found, net.classify(mean))
    assert torch.allclose(found[:, 0], net.classify(said.emotion[:, 0]), atol=1e-6)
    clip = {**batch(1, pairs=False), "mask": torch.ones(1, FRAMES)}
    assert torch.allclose(answers_of(net, clip)["logits"], found[:, -1], atol=1e-5)


def test_a_level_goes_from_one_embedding_to_the_other(net):
    person = torch.tensor([[0.0, 1.0]])
    told = [net.tells(person, torch.tensor([level]))[0, 4:] for level in (0.0, 0.25, 1.0)]
    assert torch.equal(told[0], net.levels[0])
    assert torch.allclose(told[2], net.levels[1], atol=1e-6)
    assert torch.allclose(told[1], 0.75 * net.levels[0] + 0.25 * net.levels[1], atol=1e-6)
    features = joined(batch(1), EmoTalk.parts)
    faces = [net.full(features, CONDITIONS._replace(level=torch.tensor([v]))) for v in (0.0, 1.0)]
    assert not torch.allclose(faces[0].curves, faces[1].curves)


def test_a_mix_of_people_is_between_them(net):
    level = torch.tensor([1.0])
    one, other, both = (
        net.tells(torch.tensor([mix]), level)[0, :4] for mix in ([1.0, 0], [0, 1.0], [0.2, 0.8])
    )
    assert not torch.allclose(one, other)
    assert torch.allclose(both, 0.2 * one + 0.8 * other, atol=1e-6)


def test_guidance_is_the_papers_attention_to_one_key(net):
    """With a mask that is a diagonal, attention says its values, through its output layer."""
    block, width = net.blocks[0], net.width
    attention = torch.nn.MultiheadAttention(width, 4, kdim=16, vdim=16, batch_first=True)
    with torch.no_grad():
        attention.v_proj_weight.normal_()
        block.guided.weight.copy_(attention.out_proj.weight @ attention.v_proj_weight)
        value_bias = attention.in_proj_bias[2 * width :].normal_()
        block.guided.bias.copy_(attention.out_proj.weight @ value_bias)
    asks, guide = torch.randn(1, FRAMES, width), torch.randn(1, FRAMES, 16)
    hidden = ~torch.eye(FRAMES, dtype=torch.bool)
    found, _ = attention(asks, guide, guide, attn_mask=hidden)
    assert torch.allclose(block.guided(guide), found, atol=1e-4)


@pytest.mark.parametrize("sizes", [[1] * 20, [5] * 4, [1, 7, 2, 10]])
@pytest.mark.parametrize("layers", [1, 2])
def test_a_stream_equals_the_clip(sizes, layers):
    net = spoken(layers=layers).eval()
    features = torch.cat([joined(batch(1), EmoTalk.parts)] * 2, dim=1)[:, :20]
    whole = net.full(features, CONDITIONS)
    state, parts = net.initial_state(), []
    shapes = {name: value.shape for name, value in state.items()}
    for part in features.split(sizes, dim=1):
        said, state = net.step(part, CONDITIONS, state)
        parts.append(said)
        assert {name: value.shape for name, value in state.items()} == shapes
    assert torch.allclose(torch.cat([p.curves for p in parts], 1), whole.curves, atol=1e-5)
    assert torch.allclose(torch.cat([p.emotion for p in parts], 1), whole.emotion, atol=1e-5)


def test_no_frame_hears_the_future(net):
    features = joined(batch(1), EmoTalk.parts)
    changed = features.clone()
    changed[:, 7:] += 3.0
    one, other = (net.full(f, CONDITIONS) for f in (features, changed))
    assert torch.equal(one.curves[:, :7], other.curves[:, :7])
    assert torch.equal(one.emotion[:, :7], other.emotion[:, :7])
    assert not torch.allclose(one.curves[:, 7:], other.curves[:, 7:])


def test_a_toy_is_learnt_by_heart():
    net, data = small(), batch()
    # Words move even channels, emotion odd ones, so that crossings can be learnt as well.
    words, feelings = torch.rand(2, 4, FRAMES, 26), torch.rand(2, 4, 1, 26)
    for suffix, word, feeling in (("", 0, 0), ("_12", 0, 1), ("_21", 1, 0), ("_22", 1, 1)):
        data["curves" + suffix] = torch.zeros(4, FRAMES, 52)
        data["curves" + suffix][:, :, ::2] = words[word]
        data["curves" + suffix][:, :, 1::2] = feelings[feeling]
        data["emotion" + suffix] = (torch.arange(4) + feeling) % 8
    optimiser = torch.optim.Adam(net.parameters(), 1e-2)
    totals = []
    for _ in range(110):
        terms = net.training_loss(data, EmoTalkTerms())
        assert set(terms) == {"self", "velocity", "cross", "classification"}
        total = torch.stack(list(terms.values())).sum()
        optimiser.zero_grad()
        total.backward()
        optimiser.step()
        totals.append({name: term.item() for name, term in terms.items()})
    for name, share in (("self", 0.2), ("cross", 0.2), ("classification", 0.7)):
        assert totals[-1][name] < share * totals[0][name], name


@pytest.mark.parametrize("without", [(), *((name,) for name in EmoTalk.ablations)])
@pytest.mark.parametrize("pairs", [False, True])
def test_every_parameter_learns(without, pairs):
    net = spoken(without=without)
    terms = net.training_loss(batch(pairs=pairs), EmoTalkTerms())
    torch.stack(list(terms.values())).sum().backward()
    for name, parameter in net.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().max() > 0, name


def test_without_pairs_there_is_no_crossing():
    terms = spoken().training_loss(batch(pairs=False), EmoTalkTerms())
    assert set(terms) == {"self", "velocity", "classification"}


@pytest.mark.parametrize("name", ["cross", "velocity", "classification"])
def test_an_ablation_leaves_out_its_term_alone(name):
    whole = spoken().training_loss(batch(), EmoTalkTerms())
    terms = spoken(without=(name,)).training_loss(batch(), EmoTalkTerms())
    assert set(whole) - set(terms) == {name}


def test_ablations_switch_off_what_they_name():
    features, data = joined(batch(1), EmoTalk.parts), batch()
    assert small().wants_pairs
    alone = spoken(without=("cross",))
    assert not alone.wants_pairs
    assert set(answers_of(alone, data)) == {"curves", "logits"}
    unnamed = spoken(without=("classification",))
    assert unnamed.full(features, CONDITIONS).emotion is None
    assert "emotion_sum" not in unnamed.initial_state()
    assert not any("classify" in name for name, _ in unnamed.named_parameters())
    unguided = spoken(without=("guided",))
    assert not any("guided" in name for name, _ in unguided.named_parameters())
    # Emotion still reaches the face, beside the words.
    other = features.clone()
    other[:, :, WIDTHS[0] :] += 1.0
    one, two = (unguided.full(f, CONDITIONS).curves for f in (features, other))
    assert not torch.allclose(one, two)


def test_it_is_built_by_name():
    ears = SimpleNamespace(widths=dict(zip(EmoTalk.parts, WIDTHS, strict=True)))
    info = RunInfo("emotalk", ("one", "two", "three"), {"hidden": 16}, {}, ("guided",), 53)
    net = build_system(info, ears)
    assert type(net) is SYSTEMS["emotalk"] is EmoTalk
    assert net.people.in_features == 3
    assert net.face.out_features == 53
    assert net.without == {"guided"}
    assert build_terms("emotalk", {"self_": 2.0}) == EmoTalkTerms(self_=2.0)


@pytest.mark.filterwarnings("ignore")
def test_the_graph_of_a_step_equals_torch(net):
    names = list(net.initial_state())

    class Step(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.net = net

        def forward(self, features, identity, level, *state):
            told = CONDITIONS._replace(identity=identity, level=level)
            said, after = self.net.step(features, told, dict(zip(names, state, strict=True)))
            return said.curves, said.emotion, *(after[name] for name in names)

    features, file = joined(batch(1), EmoTalk.parts), io.BytesIO()
    state = list(net.initial_state().values())
    told = (CONDITIONS.identity, CONDITIONS.level)
    torch.onnx.export(
        Step(), (features[:, :1], *told, *state), file, opset_version=17, dynamo=False,
        input_names=["features", "identity", "level", *names],
        output_names=["curves", "emotion", *(f"next_{name}" for name in names)],
    )  # fmt: skip
    session = onnxruntime.InferenceSession(file.getvalue(), providers=["CPUExecutionProvider"])
    held = [value.numpy() for value in state]
    for t in range(FRAMES):
        level = np.array([t / FRAMES], np.float32)
        identity = np.array([[1 - t / FRAMES, t / FRAMES]], np.float32)
        inputs = (features[:, t : t + 1].numpy(), identity, level, *held)
        out = Step()(*map(torch.from_numpy, inputs))
        found = session.run(
            None, dict(zip(["features", "identity", "level", *names], inputs, strict=True))
        )
        for one, other in zip(found, out, strict=True):
            np.testing.assert_allclose(one, other.detach().numpy(), atol=2e-5)
        held = found[2:]
    assert out[0].shape == (1, 1, 52)


def test_the_papers_sizes():
    net = EmoTalk.paper(window=2)
    assert net.width == 512 + 256 + 32 + 32 == 832
    assert net.people.weight.shape == (32, 24)
    assert net.face.weight.shape == (52, 832)
    assert len(net.blocks) == 1
