"""A folder of made-up clips and a run small enough for tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from talkface_train.data.clips import Clip, ClipSet, ClipWriter, Face
from talkface_train.data.splits import SplitPlan, make_splits, write_splits

TINY = {
    "model": {"hidden": 16, "layers": 1, "window": 8}, "encoder": {"width": 8, "layers": 1},
    "steps": 6, "batch": 3, "frames": 12, "check_every": 3, "log_every": 1, "pairs": 0.5,
}  # fmt: skip


def make_clips(folder: Path, emotions=("neutral", "happy"), vertices=0, **changes) -> Path:
    """Three people say five sentences in some emotions; the face follows the sound's level.
    ``vertices``: so many of them instead of curves."""
    generator = np.random.default_rng(0)
    with ClipWriter(folder, "toy") as writer:
        for person in "abc":
            for sentence in range(5):
                for emotion in emotions:
                    audio = generator.normal(0, 0.1, 9600 + 640 * sentence).astype(np.float32)
                    frames = len(audio) // 640
                    curves = np.zeros((frames, 52), np.float32)
                    level = np.abs(audio[: frames * 640]).reshape(frames, -1).mean(axis=1)
                    curves[:, 24] = 5 * level + 0.2 * (emotion == "happy")
                    clip = Clip(
                        f"{person}{sentence}{emotion}", person, emotion, text=f"say {sentence}",
                        face=True, **changes,
                    )  # fmt: skip
                    head = np.zeros((frames, 9), np.float32)
                    faces = {"curves": curves}
                    if vertices:
                        places = np.full((frames, vertices, 3), float(ord(person)), np.float32)
                        faces = {"vertices": places + curves[:, 24, None, None]}
                    writer.add(clip, audio, Face(25, start=0.02, head=head, **faces))
    plan = SplitPlan()
    write_splits(folder, make_splits(ClipSet(folder).clips, plan), plan)
    return folder
