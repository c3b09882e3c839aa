"""What tests of scripts share."""

from __future__ import annotations

import numpy as np

LINE = [
    (0.00, 0.20, "SIL"), (0.20, 0.28, "M"), (0.28, 0.40, "AA"), (0.40, 0.48, "B"),
    (0.48, 0.64, "AY"), (0.64, 0.70, "F"), (0.70, 0.80, "IY"), (0.85, 0.95, "UW"),
    (0.95, 1.02, "P"), (1.02, 1.15, "OW"), (1.15, 1.40, "SIL"), (1.40, 1.50, "TH"),
    (1.50, 1.60, "AE"), (1.60, 1.68, "V"), (1.68, 1.80, "UNK"), (2.30, 2.40, "M"),
    (2.40, 2.55, "ER"),
]  # fmt: skip
"""Timed phones with a bilabial of every kind, a short and a long gap, diphthongs and silences."""


def quiet_noise(seconds: float, rate: int = 16000) -> np.ndarray:
    """Audio in which nobody speaks."""
    generator = np.random.default_rng(11)
    return generator.normal(0, 1e-3, int(seconds * rate)).astype(np.float32)


def columns(phones) -> tuple[list[float], list[float], list[str]]:
    starts, ends, symbols = zip(*phones, strict=True)
    return list(starts), list(ends), list(symbols)
