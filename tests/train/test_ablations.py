"""Ablations: what is trained, what counts as a tie."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from toy_clips import TINY, make_clips

from talkface_train import ablations
from talkface_train.systems_train import config_of


def table(lve: float, uar: float = 0.5) -> dict:
    return {"made test_seen": {"x": {"LVE": lve, "emotion_uar": uar, "clips": 1.0}}}


SCORES = {
    "full": {0: table(1.0), 1: table(1.2)},
    "sync": {0: table(1.1), 1: table(1.3)},
    "triplet": {0: table(2.0, 0.4), 1: table(2.2, 0.4)},
}


def test_the_noise_is_what_a_repeat_changes():
    assert ablations.noise_of(SCORES, "made test_seen", "LVE") == pytest.approx(0.2)
    assert ablations.noise_of(SCORES, "made test_seen", "emotion_uar") == 0


def test_a_difference_within_the_noise_is_a_tie():
    lines = ablations.markdown(SCORES).splitlines()
    rows = {line.split(" | ")[0][2:]: line for line in lines if line.startswith("| ")}
    assert rows["nothing"] == "| nothing | 1.100 | 0.500 |"
    assert rows["sync"] == "| sync | 1.200 tie | 0.500 tie |"
    assert rows["triplet"] == "| triplet | 2.100 | 0.400 |"
    assert rows["noise"] == "| noise | 0.200 | 0.000 |"


def test_every_ablation_is_planned_with_every_seed():
    config = config_of({**TINY, "system": "ecoface", "data": ["x"]}, "x")
    found = ablations.plans(config, (0, 1))
    assert len(found) == 2 * 6
    assert found["full", 1].without == ()
    assert found["sync", 0].without == ("sync",)
    assert found["sync", 1].seed == 1


@pytest.mark.data
def test_the_command_trains_scores_and_keeps(tmp_path: Path, data_root: Path, capsys):
    clips, out = make_clips(tmp_path / "clips"), tmp_path / "out"
    recipe = tmp_path / "run.yaml"
    recipe.write_text(json.dumps({**TINY, "system": "emotalk", "data": [str(clips)]}))
    order = ["emotalk", "--out", str(out), "--config", str(recipe), "--shared", str(data_root)]
    order += ["--steps", "2", "--seeds", "0", "--clips", "1"]
    assert ablations.main(order) == 0
    first = capsys.readouterr().out
    assert "| cross |" in first
    for scores in out.glob("*/*/best.safetensors"):
        scores.unlink()
    assert ablations.main(order) == 0
    assert capsys.readouterr().out == first
