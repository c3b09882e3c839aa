"""Clips for tests of formats and rigs."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from talkface import Clip
from talkface.rig import CHANNELS
from talkface.rotation import from_angles
from talkface.sinks.formats import by_name

RATES = (Fraction(30), Fraction(60), Fraction(60000, 1001), Fraction(50), Fraction(24000, 1001))


def make_clip(
    frames: int = 20,
    fps: Fraction | None = Fraction(60),
    seed: int = 0,
    channels: tuple[str, ...] = CHANNELS,
) -> Clip:
    """A random clip; frames at uneven times when ``fps`` is None."""
    generator = np.random.default_rng(seed)
    if fps is None:
        times = np.cumsum(generator.uniform(0.005, 0.05, frames)) if frames else np.zeros(0)
    else:
        times = np.array([float(i / fps) for i in range(frames)])
    return Clip(
        weights=generator.uniform(0, 1, (frames, len(channels))).astype(np.float32),
        timestamps=times,
        head_rotation=from_angles(*generator.uniform(-0.4, 0.4, (3, frames))),
        head_translation=generator.normal(0, 0.01, (frames, 3)).astype(np.float32),
        emotion=np.zeros((frames, 0), dtype=np.float32),
        visemes=generator.uniform(0, 1, (frames, 15)).astype(np.float32),
        channels=channels,
        fps=fps,
    )


def turned(turn: float = 0.0, nod: float = 0.0, tilt: float = 0.0, frames: int = 3) -> Clip:
    """A clip of still lips whose head holds one pose, in radians."""
    return Clip(
        weights=np.zeros((frames, len(CHANNELS)), dtype=np.float32),
        timestamps=np.arange(frames) / 60,
        head_rotation=from_angles([turn] * frames, [nod] * frames, [tilt] * frames),
        head_translation=np.zeros((frames, 3), dtype=np.float32),
        emotion=np.zeros((frames, 0), dtype=np.float32),
        visemes=np.zeros((frames, 0), dtype=np.float32),
        fps=Fraction(60),
    )


def saved(clip: Clip, folder: Path, name: str, **options: Any) -> Path:
    """The clip in the named format, with a head wherever that can be asked for."""
    if name == "unity-anim":
        options.setdefault("head", "Head")
    return clip.save(folder / f"clip{by_name(name).suffix}", name, **options)


rates = st.sampled_from(RATES)
seeds = st.integers(0, 10**6)
