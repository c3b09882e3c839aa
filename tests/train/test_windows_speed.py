"""What windows cost: the command makes, steps and tells; its graphs say what torch says."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from checkpoints import checkpoint

from talkface.bench import speech_like
from talkface_export import windows_speed
from talkface_export.windowed_graph import WindowOptions
from talkface_train.huggingface import HuggingFaceEncoder


def test_a_checkpoint_is_measured_every_way(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(windows_speed, "NEEDED", 0.0)  # a tiny net is all overhead
    words = ["--checkpoint", str(checkpoint(tmp_path)), "--seconds", "2", "--hop-seconds", "0.16"]
    assert windows_speed.main(words) == 0
    rows = [line.split(" | ") for line in capsys.readouterr().out.splitlines()[2:]]
    assert [row[0].removeprefix("| ") for row in rows] == [
        "windows of 1 s, front end once",
        "windows of 1 s, front end anew each window",
        "windows of 1 s, front end once",
        "2.13 s run anew",
        "1 s run anew",
    ]
    assert [row[1] for row in rows] == ["320", "320", "160", "1000", "20"]
    assert [row[2] for row in rows] == ["820", "820", "500", "1000", "20"]
    ratios = [float(row[5].removesuffix(" |")) for row in rows]
    assert ratios[0] == 1.0
    assert all(ratio > 0 for ratio in ratios)
    monkeypatch.setattr(windows_speed, "NEEDED", 1e9)
    assert windows_speed.main(words) == 1


def test_what_cannot_be_cached_is_named(tmp_path, capsys):
    assert windows_speed.main(["--checkpoint", str(checkpoint(tmp_path, norm="group"))]) == 1
    assert "feat_extract_norm is group" in capsys.readouterr().err


@pytest.mark.parametrize("rows", [1, 3])
def test_graphs_with_a_cache_and_without_say_the_same_features(tmp_path, rows):
    """In ONNX Runtime, before a system makes small numbers of them; alone and in a batch."""
    encoder = HuggingFaceEncoder(checkpoint(tmp_path / "checkpoint"))
    audio = speech_like(0.32 * 13 * rows).reshape(rows, -1)
    found = []
    for cached in (True, False):
        windows = windows_speed.encoder_windows(encoder, WindowOptions(), cached)
        windows_speed.write_windows(windows, tmp_path / "graph.onnx")
        step = windows_speed.stepper(tmp_path / "graph.onnx", windows, rows)
        found.append(np.concatenate([step(hop) for hop in np.split(audio, 13, axis=1)], axis=1))
    state = {n: v.expand(rows, *v.shape[1:]) for n, v in windows.initial_state().items()}
    wanted = []
    with torch.inference_mode():
        for hop in np.split(audio, 13, axis=1):
            said, state = windows.step(torch.from_numpy(hop.copy()), state)
            wanted.append(said["features"].numpy())
    assert found[0].shape == (rows, 104, 16)
    assert found[0].std(axis=1).max() > 0.1
    assert np.abs(found[0] - found[1]).max() < 1e-5
    assert np.abs(found[0] - np.concatenate(wanted, axis=1)).max() < 1e-5
