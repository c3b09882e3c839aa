"""A bundle's network back in torch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from talkface.shipped import default_bundle, locate, names
from talkface_export.restore import ForeignBundleError, restore
from talkface_train.models.streaming import StreamingConfig


@pytest.mark.parametrize("name", names())
def test_a_shipped_bundle_comes_back_whole(name: str) -> None:
    folder = locate(name)
    model = restore(folder)
    golden = np.load(folder / "golden.npz")
    with torch.inference_mode():
        made = model.full(torch.from_numpy(golden["audio"].astype(np.float32) / 32768))
    assert made["visemes"].numpy() == pytest.approx(golden["visemes"], abs=1e-5)
    assert made["closure"].numpy() == pytest.approx(golden["closure"], abs=1e-5)
    assert {round(float(x), 4) for x in made["curves"][40]} <= {
        round(float(x), 4) for x in golden["weights"][40]
    }


def test_how_frames_are_smoothed_comes_back_too() -> None:
    config = restore(default_bundle()).config
    assert config.smoothing == pytest.approx(StreamingConfig().smoothing, abs=1e-6)
    assert config.blending == pytest.approx(StreamingConfig().blending, abs=1e-6)


def test_training_can_go_on_from_it() -> None:
    net = restore(default_bundle()).members[-1].net
    features = torch.randn(2, 80, 51)
    outputs = net.train()(features)
    assert outputs["phones"].shape == (2, 40, 43)
    outputs["curves"].sum().backward()
    assert all(p.grad is not None for p in net.splices.parameters())


def test_another_network_is_refused() -> None:
    tiny = Path(__file__).parents[1] / "golden" / "tiny"
    with pytest.raises(ForeignBundleError, match="another network"):
        restore(tiny)
