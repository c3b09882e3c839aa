"""Audio of the tiny bundle's goldens; needs neither onnx nor torch."""

from __future__ import annotations

import numpy as np


def tiny_speech(seconds: float = 2.0, rate: int = 16000, seed: int = 5) -> np.ndarray:
    """Speech-like noise bursts, int16."""
    generator = np.random.default_rng(seed)
    time = np.arange(int(seconds * rate)) / rate
    rhythm = np.clip(np.sin(2 * np.pi * 3 * time), 0, 1) ** 2
    return (generator.normal(0, 2500, len(time)) * rhythm).astype(np.int16)
