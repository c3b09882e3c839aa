"""Rule curves against faces: the numbers and the pictures, on made faces."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from talkface_train.articulation import agreement, load_articulation
from talkface_train.articulation.captured import FPS
from talkface_train.data.phones import Segment
from talkface_train.data.real import Recording

CHANNELS = load_articulation("v2").channels
PHONES = ("SIL", "B", "UW", "T", "AA", "W", "IY", "M", "AE", "SIL")


def item(folder: Path, seed: int, gain: float, lag: float) -> Recording:
    """A recording whose face is the rule's own, ``gain`` times as far and ``lag`` seconds late."""
    generator = np.random.default_rng(seed)
    ends = 0.3 + np.cumsum(generator.uniform(0.08, 0.25, len(PHONES)))
    segments = tuple(
        Segment(a, b, p) for a, b, p in zip([0.0, *ends[:-1]], ends, PHONES, strict=True)
    )
    times = np.arange(0, ends[-1], 0.04)
    curves = load_articulation("v2").curves(segments, int(FPS * (ends[-1] + 0.2)), FPS)
    grid = np.arange(len(curves)) / FPS
    columns = {"jawOpen": curves[:, 0], "mouthPressLeft": curves[:, CHANNELS.index("mouthPress")]}
    columns["mouthPressRight"] = columns["mouthPressLeft"]
    face = [gain * np.interp(times - lag, grid, c) for c in columns.values()]
    rows = [",".join(f"{x:.6f}" for x in row) for row in zip(times, *face, strict=True)]
    (folder / f"{seed}_arkit.csv").write_text("\n".join([",".join(["time", *columns]), *rows]))
    return Recording(str(seed), "grid_s1", "s1", folder / f"{seed}.flac", segments)


def test_a_face_that_is_the_rule_agrees_in_everything(tmp_path: Path) -> None:
    made = [item(tmp_path, seed, 1.0, agreement.LAG_SECONDS) for seed in range(4)]
    table = agreement.by_channel(agreement.pairs(made, "v2"), CHANNELS)
    assert table["jawOpen"]["r"] == pytest.approx(1.0, abs=0.01)
    assert table["jawOpen"]["range_rule"] == pytest.approx(table["jawOpen"]["range_captured"], 0.02)
    assert table["mouthPress"]["speed_rule"] == pytest.approx(
        table["mouthPress"]["speed_captured"], rel=0.02
    )
    assert np.isnan(table["tongueOut"]["r"])


def test_a_livelier_and_later_face_shows(tmp_path: Path) -> None:
    made = [item(tmp_path, seed, 2.0, 0.1) for seed in range(4)]
    items = agreement.pairs(made, "v2")
    row = agreement.by_channel(items, CHANNELS)["jawOpen"]
    assert row["r"] < 0.95
    assert row["range_captured"] == pytest.approx(2 * row["range_rule"], rel=0.1)
    classes = agreement.by_class(items, CHANNELS.index("jawOpen"))
    rule, face = classes["aa ae ay"]
    assert face > 1.3 * rule > 0.2
    both = agreement.coupling(items, CHANNELS, "rule")
    assert np.allclose(np.diag(both)[~np.isnan(np.diag(both))], 1.0)


def test_tables_and_pictures(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    items = agreement.pairs([item(tmp_path, seed, 1.0, 0.02) for seed in range(3)], "v2")
    text = agreement.render(items, CHANNELS)
    assert text.count("\n| ") >= len(CHANNELS)
    assert "mouthFunnel (not seen)" in text
    for path in agreement.draw(items, CHANNELS, tmp_path / "pictures"):
        assert path.read_bytes()[:4] == b"\x89PNG"
