"""Log-mel features inside the graph: causal, with O(1) state, the same step at any hop.

Feature frame ``j`` of a tape covers samples ``[160 j - 240, 160 j + 160)``. Its log-mel is taken
relative to a slowly falling loudness peak (1 dB/s) and to a speech-weighted running mean (3 s),
the recipe of feasibility.md ("Targets and model"). Both are linear or max recurrences, so a step
of several frames is a few small matrix products and streaming equals the full pass.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

SAMPLE_RATE = 16000
FEATURE_HOP = 160
WINDOW = 400
MELS = 48
SPECTRUM = MELS + 2
"""Columns of a spectrum: log-mel bands, log loudness, and a constant 1."""
FEATURES = SPECTRUM + 1
"""Columns of a feature frame: centred bands, centred loudness, an unused 0, the peak."""
FLOOR = 1e-7
PEAK_START = -6.5
PEAK_FALL = 0.0023
MEAN_RATE = 1.0 / 300.0
WEIGHT_OFFSET = 5.0
WEIGHT_LIMIT = 3.0
MEAN_WEIGHT_FLOOR = 0.06
MEAN_START_WEIGHT = 0.9
FEATURE_FLOOR = -7.0


def _band_edges() -> np.ndarray:
    """Corner frequencies of the mel bands [MELS + 2] in Hz, evenly spaced in mel."""
    low, high = (2595.0 * np.log10(1.0 + hz / 700.0) for hz in (60.0, 7600.0))
    return 700.0 * (10 ** (np.linspace(low, high, MELS + 2) / 2595) - 1)


def _warped(hz: np.ndarray, warp: float) -> np.ndarray:
    limits = [0.0, 4800.0 / max(warp, 1.0), 7600.0], [0.0, 4800.0 * min(warp, 1.0), 7600.0]
    return np.interp(hz, *limits)


def band_positions(warp: float) -> np.ndarray:
    """Where between the unwarped bands, counted from 0, those of :func:`mel_matrix` lie [MELS]."""
    centres = _band_edges()[1:-1]
    return np.interp(_warped(centres, warp), centres, np.arange(MELS))


def mel_matrix(warp: float = 1.0) -> np.ndarray:
    """Triangular mel filters [bins, MELS + 1], 60 to 7600 Hz, each of unit sum.

    The last column is the mean of the others. ``warp`` stretches the frequency axis up to 4.8 kHz
    and makes up for it above (vocal-tract-length augmentation).
    """
    bins = np.arange(2, 191) * (SAMPLE_RATE / WINDOW)
    edges = _warped(_band_edges(), warp)
    rise = (bins[:, None] - edges[:-2]) / np.maximum(np.diff(edges)[:-1], 1e-3)
    fall = (edges[2:] - bins[:, None]) / np.maximum(np.diff(edges)[1:], 1e-3)
    weights = np.maximum(np.minimum(rise, fall), 0.0)
    weights /= np.maximum(weights.sum(axis=0), 1e-6)
    return np.concatenate([weights, weights.mean(axis=1, keepdims=True)], axis=1)


def dft_kernels() -> np.ndarray:
    """Hann-windowed cosine and sine kernels [2 * bins, WINDOW] for bins 2 to 190."""
    time = np.arange(WINDOW)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * time / WINDOW)
    phase = 2 * np.pi * np.outer(np.arange(2, 191), time) / WINDOW
    return np.concatenate([np.cos(phase), np.sin(phase)]) * window


def _spectrum_filters(warp: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Power spectrum [2 * bins] to SPECTRUM columns, and what is added before the logarithm."""
    mel = np.tile(mel_matrix(warp), (2, 1))
    filters = np.concatenate([mel, np.zeros((len(mel), 1))], axis=1)
    return filters, np.append(np.full(MELS + 1, FLOOR), np.e)


def spectrum_of(audio: Tensor, warp: float = 1.0) -> Tensor:
    """Spectra of whole tapes: ``audio`` [B, N] to [B, N // 160, SPECTRUM]."""
    kernels = torch.from_numpy(dft_kernels()).float().unsqueeze(1)
    filters, floor = (torch.from_numpy(a).float() for a in _spectrum_filters(warp))
    padded = nn.functional.pad(audio.unsqueeze(1), (WINDOW - FEATURE_HOP, 0))
    values = nn.functional.conv1d(padded, kernels, stride=FEATURE_HOP).transpose(1, 2)
    return torch.log((values * values) @ filters + floor)


class FrontEnd(nn.Module):
    """One step of the front end over ``frames`` feature frames, in as few operators as it takes.

    State: ``peak`` [B, frames, 1] and ``mean`` [B, frames, SPECTRUM]: the recurrences' values at
    each frame of the step before, of which only the last is used.
    """

    def __init__(self, prior: Tensor, frames: int) -> None:
        super().__init__()
        self.frames = frames
        self.register_buffer("prior", prior)
        filters, floor = _spectrum_filters()
        fall, mix = _recurrences(frames)
        index = np.arange(frames)[:, None] * FEATURE_HOP + np.arange(WINDOW)[None, :]
        relative = np.append(-np.ones(MELS + 1), 0.0)[None]
        constants = {
            "kernels": dft_kernels().T.copy(), "filters": filters, "floor": floor, "fall": fall,
            "mix": mix, "to_relative": relative,
        }  # fmt: skip
        for name, value in constants.items():
            self.register_buffer(name, torch.from_numpy(value).float(), persistent=False)
        self.register_buffer("index", torch.from_numpy(index), persistent=False)
        start = torch.cat([prior, torch.tensor([0.0, 1.0])])
        self.register_buffer("mean_floor", start * MEAN_WEIGHT_FLOOR, persistent=False)
        self.register_buffer("mean_start", start * MEAN_START_WEIGHT, persistent=False)

    def initial_state(self) -> tuple[Tensor, Tensor]:
        """State of a fresh stream, batch 1."""
        peak = torch.full((1, self.frames, 1), PEAK_START)
        return peak, self.mean_start.expand(1, self.frames, -1).clone()

    def forward(self, window: Tensor, peak: Tensor, mean: Tensor) -> tuple[Tensor, ...]:
        """``window`` [B, 240 + 160 frames] and state to features [B, frames, FEATURES], state."""
        values = window[:, self.index] @ self.kernels
        spectrum = torch.log((values * values) @ self.filters + self.floor)
        loudness = spectrum[:, :, MELS : MELS + 1]
        levels = torch.cat([peak, loudness], dim=1).transpose(1, 2)
        peak = (levels + self.fall).amax(dim=2, keepdim=True)
        relative = spectrum + peak @ self.to_relative
        weight = (relative[:, :, MELS : MELS + 1] + WEIGHT_OFFSET).clamp(0.0, WEIGHT_LIMIT)
        weighted = weight * relative + self.mean_floor
        mean = self.mix @ torch.cat([mean, weighted], dim=1)
        centred = (relative - mean / mean[:, :, SPECTRUM - 1 :]).clamp(min=FEATURE_FLOOR)
        return torch.cat([centred, peak], dim=2), peak, mean


def _recurrences(frames: int) -> tuple[np.ndarray, np.ndarray]:
    """Constants that unroll the peak and mean recurrences over a step.

    Columns are the step before, of which only the last counts, then this step.
    """
    step = np.arange(frames)
    unused = np.zeros((frames, frames - 1))
    age = step[:, None] + 1.0 - np.arange(frames + 1)[None, :]
    fall = np.where(age >= 0, -PEAK_FALL * age, -1e9)
    keep = 1.0 - MEAN_RATE
    lag = step[:, None] - step[None, :]
    mix = np.where(lag >= 0, MEAN_RATE * keep ** np.maximum(lag, 0), 0.0)
    decay = keep ** (step + 1.0)
    return (
        np.concatenate([unused - 1e9, fall], axis=1),
        np.concatenate([unused, decay[:, None], mix], axis=1),
    )


def normalise_tape(spectrum: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """What :class:`FrontEnd` gives over a whole tape, in NumPy: [T, SPECTRUM] to [T, FEATURES]."""
    from scipy.signal import lfilter

    frames = len(spectrum)
    loudness = spectrum[:, MELS].astype(np.float64)
    clock = PEAK_FALL * np.arange(1, frames + 1)
    rising = np.maximum.accumulate(np.concatenate([[PEAK_START], loudness + clock]))[1:]
    peak = (rising - clock)[:, None]
    relative = spectrum.astype(np.float64)
    relative[:, : MELS + 1] -= peak
    weight = np.clip(relative[:, MELS : MELS + 1] + WEIGHT_OFFSET, 0.0, WEIGHT_LIMIT)
    start = np.concatenate([prior, [0.0, 1.0]])
    weighted = weight * relative + start * MEAN_WEIGHT_FLOOR
    keep = 1.0 - MEAN_RATE
    state = (keep * MEAN_START_WEIGHT * start)[None, :]
    mean, _ = lfilter([MEAN_RATE], [1.0, -keep], weighted, axis=0, zi=state)
    centred = np.maximum(relative - mean / mean[:, SPECTRUM - 1 :], FEATURE_FLOOR)
    return np.concatenate([centred, peak], axis=1).astype(np.float32)
