"""Tuning a system to a person: the hull, gains, what is held out, and that weights stay."""

from __future__ import annotations

import pytest
import torch

from talkface_train.models.causal import joined
from talkface_train.models.decoupled import Decoupled
from talkface_train.models.ecoface import EcoFace
from talkface_train.models.hearing import MelHearing
from talkface_train.models.system import Conditions
from talkface_train.systems_tuning import HELD_OUT, tune_person

PERSONS, CLIPS = 3, 6
HEARING = MelHearing(width=4, layers=1)


def small() -> Decoupled:
    torch.manual_seed(5)
    return Decoupled(6, 5, identities=PERSONS, hidden=16, layers=1, window=5, noise=4, person=6)


def clips(count: int = CLIPS, frames: int = 24) -> dict[str, torch.Tensor]:
    """Speech without faces."""
    generator = torch.Generator().manual_seed(2)
    time = torch.arange(frames).reshape(1, frames, 1) / 6.0
    data = {
        "curves": torch.zeros(count, frames, 52),
        "identity": torch.full((count, PERSONS), 1.0 / PERSONS),
        "emotion": torch.arange(count) % 8,
        "level": torch.ones(count),
        "mask": torch.ones(count, frames),
    }
    for name, width in (("features", 6), ("emotion_features", 5)):
        phase = 6.3 * torch.rand(count, 1, width, generator=generator)
        data[name] = torch.sin(time * (1.0 + torch.arange(width) / 4.0) + phase)
    return data


@torch.no_grad()
def said_by(net, data: dict[str, torch.Tensor], *hull: float) -> torch.Tensor:
    person = Conditions(
        torch.tensor([hull] * CLIPS), torch.zeros(CLIPS, 8), data["level"], torch.zeros(CLIPS, 4)
    )
    return net.full(joined(data, net.parts), person).curves


def test_a_known_mixture_is_found():
    net = small().eval()
    kept = {name: value.clone() for name, value in net.state_dict().items()}
    mix, data = torch.tensor([0.7, 0.0, 0.3]), clips()
    data["mask"][0, 16:] = 0.0
    data["curves"] = said_by(net, data, *mix)
    calls: list[tuple[int, int]] = []
    rows = [{name: value[:4] for name, value in data.items()},
            {name: value[4:] for name, value in data.items()}]  # fmt: skip
    net.train()
    tuned = tune_person(
        net, HEARING, rows, 80, 0.15, gains=False, progress=lambda *c: calls.append(c)
    )
    assert tuned.identity.sum().item() == pytest.approx(1.0, abs=1e-5)
    assert torch.allclose(tuned.identity, mix, atol=0.06)
    assert tuned.after < 0.2 * tuned.before
    assert tuned.gain.tolist() == [1.0] * 52
    assert tuned.offset.tolist() == [0.0] * 52
    assert calls[0] == (1, 80)
    assert net.training
    assert all(torch.equal(value, kept[name]) for name, value in net.state_dict().items())
    assert all(p.grad is None and p.requires_grad for p in net.parameters())


def test_gains_find_a_wider_mouth_and_are_pulled_to_one():
    net, data = small().eval(), clips()
    said = said_by(net, data, 0.0, 1.0, 0.0)
    data["curves"] = said.clone()
    data["curves"][:, :, 20] = 1.8 * said[:, :, 20] + 0.5
    with_gains, without = (
        tune_person(net, HEARING, [data], 60, 0.1, gains=gains) for gains in (True, False)
    )
    assert with_gains.after < 0.6 * without.after
    worn = with_gains.worn(said)
    assert (worn - data["curves"])[:, :, 20].abs().mean() < 0.3 * (
        said - data["curves"]
    )[:, :, 20].abs().mean()  # fmt: skip
    rest = [k for k in range(52) if k != 20]
    assert (with_gains.gain[rest] - 1.0).abs().max() < 0.2


def test_tuning_takes_any_system_and_keeps_what_is_best():
    torch.manual_seed(3)
    net = EcoFace(6, 5, identities=PERSONS, hidden=8, told=4, latent=4, layers=1, flow=(4, 2))
    net.eval()
    data = clips()
    with torch.no_grad():
        net.tell_person.weight.mul_(5.0)
    data["curves"] = said_by(net, data, 0.1, 0.8, 0.1)
    tuned = tune_person(net, HEARING, [data], 60, 0.1, gains=False)
    assert tuned.after < 0.5 * tuned.before
    assert tuned.identity.argmax() == 1
    # Learnt clips that say otherwise than those held out change nothing.
    data["curves"] = said_by(net, data, 1 / 3, 1 / 3, 1 / 3)
    learnt = torch.arange(6) % HELD_OUT != 1
    data["curves"][learnt] += torch.rand(52)
    kept = tune_person(net, HEARING, [data], 60, 0.1)
    assert kept.after == kept.before
    assert kept.identity.tolist() == pytest.approx([1 / 3] * 3)


def test_one_clip_is_not_enough_to_tune():
    with pytest.raises(ValueError, match="two clips"):
        tune_person(small(), HEARING, [clips(1)], 5, 0.1)
