"""Fitting the articulation model: its torch twin, and that it finds a face that was moved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from talkface_train.articulation import fit, load_articulation
from talkface_train.data.phones import Segment
from talkface_train.data.real import Recording

MODEL = load_articulation("v1")
NAMES = list(MODEL.table["phones"])
PHONES = ("SIL", "B", "UW", "S", "AA", "W", "IY", "R", "SIL")


def start() -> fit.Parameters:
    rows, group = MODEL.table["phones"], MODEL.table["groups"][fit.GROUP]
    return fit.Parameters(
        torch.tensor([row["targets"].get(fit.CURVE, 0.0) for row in rows.values()]),
        torch.tensor([row.get("dominance", {}).get(fit.GROUP, 1.0) for row in rows.values()]).log(),
        torch.tensor([float(group["rate_in"]), float(group["rate_out"])]).log(),
    )


def recording(folder: Path, seed: int) -> Recording:
    """Phones in a random order, with a face that is the rule's rounding, 40 ms late."""
    generator = np.random.default_rng(seed)
    ends = 0.3 + np.cumsum(generator.uniform(0.08, 0.3, len(PHONES)))
    starts = [0.0, *ends[:-1]]
    order = [PHONES[0], *generator.permutation(PHONES[1:-1]), PHONES[-1]]
    segments = tuple(Segment(*row) for row in zip(starts, ends, order, strict=True))
    times = np.arange(0, 3.0, 0.04)
    curves = MODEL.curves(segments, 310, 100)[:, MODEL.channels.index(fit.CURVE)]
    face = np.interp(times - 0.04, np.arange(310) / 100, curves)
    rows = [f"{t:.3f},{v:.5f}" for t, v in zip(times, face, strict=True)]
    (folder / f"{seed}_arkit.csv").write_text(f"time,{fit.CURVE}\n" + "\n".join(rows))
    return Recording(str(seed), "made", "one", folder / f"{seed}.flac", segments)


def test_its_curve_is_the_models(tmp_path: Path) -> None:
    made = recording(tmp_path, 1)
    [clip] = fit.load([made], MODEL, NAMES)
    rule = MODEL.curves(made.segments, 310, 100)[:, MODEL.channels.index(fit.CURVE)]
    seen = np.interp(clip.seconds.numpy(), np.arange(310) / 100, rule)
    assert fit.curve(clip, start(), MODEL).numpy() == pytest.approx(seen, abs=2e-3)


def test_it_moves_towards_a_later_face(tmp_path: Path) -> None:
    clips = fit.load([recording(tmp_path, seed) for seed in range(40)], MODEL, NAMES)
    before = start()
    found = fit.fit(clips, before, MODEL, 0.02, 40)
    missing = [1 - fit.score(clips, p, MODEL) for p in (before, found)]
    assert missing[1] < 0.7 * missing[0]
    assert found.rates[0] > before.rates[0]
    assert (found.targets[before.targets == 0] == 0).all()
