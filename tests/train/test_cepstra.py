"""What SyncNet hears of a sound."""

from __future__ import annotations

import math

import numpy as np
import pytest

from talkface_train.metrics import features as f


def test_cepstra_of_silence_and_of_a_click() -> None:
    silence = f.cepstra(np.zeros(1000))
    assert silence.shape == (5, 13)  # 400 samples and four steps of 160, the last one padded
    assert silence[:, 0] == pytest.approx(math.log(np.finfo(float).eps))
    assert silence[:, 1:] == pytest.approx(0, abs=1e-9)
    click = np.zeros(400)
    click[0] = 0.5
    # |1 - 0.97 e^-jw|^2 over 257 bins whose cosines cancel.
    energy = 16384.0**2 * 257 * (1 + 0.97**2) / 512
    assert f.cepstra(click)[:, 0] == pytest.approx(math.log(energy))
    with pytest.raises(ValueError, match="audio: empty"):
        f.cepstra(np.zeros(0))


def test_cepstra_change_by_the_log_of_the_gain_alone() -> None:
    noise = np.random.default_rng(4).normal(0, 0.1, 3200)
    soft, loud = f.cepstra(noise), f.cepstra(4 * noise)
    assert loud[:, 0] - soft[:, 0] == pytest.approx(2 * math.log(4))
    assert loud[:, 1:] == pytest.approx(soft[:, 1:], abs=1e-9)


def test_cepstra_of_a_click_are_cosines_of_its_bands() -> None:
    bins = [0, 2, 4, 7, 10, 13, 16, 20, 24, 29, 34, 40, 46, 53, 60, 68, 77, 87, 97, 109, 122, 136]
    bins += [152, 169, 188, 209, 231, 256]
    click = np.zeros(400)
    click[0] = 0.5
    power = [
        16384.0**2 * (1 + 0.97**2 - 1.94 * math.cos(math.pi * k / 256)) / 512 for k in range(257)
    ]
    logs = []
    for low, middle, high in zip(bins, bins[1:], bins[2:], strict=False):
        rise = sum(power[k] * (k - low) / (middle - low) for k in range(low, middle))
        fall = sum(power[k] * (high - k) / (high - middle) for k in range(middle, high))
        logs.append(math.log(rise + fall))
    for order in range(1, 13):
        total = sum(x * math.cos(math.pi * order * (j + 0.5) / 26) for j, x in enumerate(logs))
        lifted = (1 + 11 * math.sin(math.pi * order / 22)) * math.sqrt(2 / 26) * total
        assert f.cepstra(click)[0, order] == pytest.approx(lifted)
