"""Batches in pairs from clips of unlike lengths."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from talkface_train.data.clips import Clip, ClipWriter, Face
from talkface_train.data.splits import SplitPlan, write_splits
from talkface_train.losses.emotalk import EmoTalkTerms
from talkface_train.models.emotalk import EmoTalk
from talkface_train.models.hearing import MelHearing
from talkface_train.systems_data import SystemSet, encoded

LENGTHS = {("short", "happy"): 18, ("short", "sad"): 18, ("long", "happy"): 31, ("long", "sad"): 9}


@pytest.fixture
def hearing() -> MelHearing:
    torch.manual_seed(0)
    return MelHearing(width=16, layers=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    generator = np.random.default_rng(0)
    with ClipWriter(tmp_path, "made up") as writer:
        for (text, emotion), frames in LENGTHS.items():
            audio = generator.normal(0, 0.1, frames * 640).astype(np.float32)
            clip = Clip(f"{text}-{emotion}", identity="anna", text=text, emotion=emotion, face=True)
            face = Face(25, generator.random((frames, 52)).astype(np.float32), start=0.02)
            writer.add(clip, audio, face)
    names = [f"{text}-{emotion}" for text, emotion in LENGTHS]
    write_splits(tmp_path, {"train": names}, SplitPlan())
    return tmp_path


@pytest.mark.parametrize("longest", [8, 24, 100])
def test_clips_of_pairs_have_the_same_number_of_frames(folder, hearing, longest):
    clips = SystemSet([folder], "train", hearing, frames=longest, progress=False)
    for seed in range(6):
        batch = encoded(hearing, clips.batch(1, np.random.default_rng(seed), pairs=True))
        shapes = {batch["features" + s].shape for s in ("", "_12", "_21", "_22")}
        shapes |= {batch["emotion_features" + s].shape for s in ("", "_12", "_21", "_22")}
        assert len(shapes) == 1
        assert next(iter(shapes))[1] == min(-(-31 // 4) * 4, longest)
        net = EmoTalk(16, 16, hidden=16, emotion=8, told=4)
        terms = net.training_loss(batch, EmoTalkTerms())
        assert all(torch.isfinite(term) for term in terms.values())
        assert "cross" in terms
