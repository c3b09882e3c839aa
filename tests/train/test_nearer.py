"""A student that is brought to a shorter look-ahead, and the tapes it goes on with."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from talkface_export.nearer import InTurn, moved
from talkface_export.recipe import Plan, model_config
from talkface_train.data import tapes
from talkface_train.data.batches import TapeSet
from talkface_train.models.frontend import FEATURES
from talkface_train.models.streaming import StreamingConfig, StreamingNet

SMALL = StreamingConfig(look_ahead=1600, width=24, layers=1, hidden=16, context=12)


@pytest.fixture
def net() -> StreamingNet:
    torch.manual_seed(0)
    return StreamingNet(SMALL).eval()


def test_a_moved_network_takes_what_is_lost_to_stay_as_it_was(net: StreamingNet) -> None:
    nearer = moved(net, 640)
    assert nearer.config.look_ahead == 640
    lost = 6
    sound = torch.randn(1, 12 - lost, FEATURES)
    still = sound[:, -1:].expand(-1, lost, -1)
    older = torch.randn(1, lost, FEATURES)
    with torch.inference_mode():
        before = net.stacked(torch.cat([sound, still], dim=1))[:, -1]
        after = nearer.stacked(torch.cat([older, sound], dim=1))[:, -1]
        other = nearer.stacked(torch.cat([older, sound + 1], dim=1))[:, -1]
    assert after == pytest.approx(before, abs=1e-5)
    assert other != pytest.approx(before, abs=1e-2)


def test_what_a_network_knows_else_stays(net: StreamingNet) -> None:
    before, after = net.state_dict(), moved(net, 640).state_dict()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed == {"stack.weight"}
    same = moved(net, 1600).state_dict()
    assert all(torch.equal(before[name], same[name]) for name in before)


@pytest.mark.parametrize("look_ahead", [1760, -480])
def test_a_network_cannot_be_moved_anywhere(net: StreamingNet, look_ahead: int) -> None:
    with pytest.raises(ValueError, match="cannot follow one of 1600"):
        moved(net, look_ahead)


def test_sets_of_tapes_take_turns(tmp_path_factory, recordings) -> None:
    folder = tmp_path_factory.mktemp("sets")
    heard = recordings(folder)
    sets = [
        TapeSet(
            tapes.build(
                folder / str(seed), heard, [], tapes.TapePlan(count, 4.0, {"made": 1}, seed), 1
            ),
            SMALL,
        )
        for seed, count in ((1, 3), (2, 2))
    ]
    both = InTurn(sets)
    assert len(both) == 5
    assert both.channels == sets[0].channels
    assert len(both.curve_sample()) == sum(len(part.curve_sample()) for part in sets)
    generator = np.random.default_rng(0)
    alone = [part.batches(2, 40, 4, generator) for part in sets]
    together = both.batches(2, 40, 4, np.random.default_rng(0))
    for turn in range(4):
        assert torch.equal(next(together)["features"], next(alone[turn % 2])["features"])


def test_a_plan_says_how_far_its_bundle_hears() -> None:
    assert Plan().heard_ahead == model_config(Plan()).look_ahead == 1600
    assert Plan(short_look_ahead=640, short_steps=10).heard_ahead == 640
    assert Plan(short_look_ahead=640).heard_ahead == 1600
