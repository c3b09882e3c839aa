"""The streaming resampler against soxr: same band, no aliases."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

soxr = pytest.importorskip("soxr", reason="soxr is not installed")
ROOT = Path(__file__).resolve().parents[2]
RATES = [8000, 22050, 24000, 32000, 44100, 47999, 48000, 96000, 192000]


@pytest.fixture(scope="module")
def tool() -> Path:
    folder = Path(os.environ.get("TALKFACE_BUILD", ROOT / "build" / "release"))
    path = (ROOT / folder / "tests" / "cpp" / "resample_tool").resolve()
    if not path.is_file():
        pytest.skip("the C++ tests are not built (make build)")
    return path


def resample(tool: Path, audio: np.ndarray, rate: int, chunk: int = 1000) -> np.ndarray:
    done = subprocess.run(
        [str(tool), str(rate), str(chunk)],
        input=audio.astype(np.float32).tobytes(), capture_output=True, check=True,
    )  # fmt: skip
    return np.frombuffer(done.stdout, np.float32)


def band(signal: np.ndarray, low: float, high: float) -> np.ndarray:
    """Energy between two frequencies, of a windowed signal at 16 kHz."""
    spectrum = np.abs(np.fft.rfft(signal * np.hanning(len(signal)))) ** 2
    hertz = np.fft.rfftfreq(len(signal), 1 / 16000)
    return spectrum[(hertz >= low) & (hertz < high)].sum()


def overlap(ours: np.ndarray, theirs: np.ndarray) -> slice:
    return slice(800, min(len(ours), len(theirs)) - 800)


@pytest.mark.parametrize("rate", RATES)
def test_speech_band_agrees_with_soxr(tool: Path, rate: int) -> None:
    """Noise below 3.2 or 6 kHz: both give the same samples, without delay."""
    from scipy.signal import firwin, lfilter

    top = 3200 if rate == 8000 else 6000
    noise = np.random.default_rng(rate).normal(0, 0.1, rate)
    audio = lfilter(firwin(511, top, fs=rate), 1.0, noise).astype(np.float32)
    ours = resample(tool, audio, rate)
    theirs = soxr.resample(audio, rate, 16000, quality="VHQ")
    part = overlap(ours, theirs)
    error = np.abs(ours[part] - theirs[part]).max()
    assert error < 1e-3 * np.abs(theirs).max()


@pytest.mark.parametrize("rate", [r for r in RATES if r > 16000])
def test_aliases_are_as_low_as_soxrs(tool: Path, rate: int) -> None:
    """A sweep above 8.1 kHz leaves nothing that anybody could hear, ours or theirs."""
    time = np.arange(rate) / rate
    top = min(rate / 2 * 0.98, 40000)
    phase = 2 * np.pi * (8100 * time + (top - 8100) * time**2 / 2)
    audio = (0.5 * np.sin(phase)).astype(np.float32)
    ours = resample(tool, audio, rate)
    theirs = soxr.resample(audio, rate, 16000, quality="HQ")
    part = overlap(ours, theirs)
    level = 20 * np.log10(np.sqrt((ours[part] ** 2).mean()) / np.sqrt((audio**2).mean()) + 1e-12)
    soxr_level = 20 * np.log10(
        np.sqrt((theirs[part] ** 2).mean()) / np.sqrt((audio**2).mean()) + 1e-12
    )
    assert level < -80
    assert level < max(soxr_level + 6, -85)


@pytest.mark.parametrize("rate", [8000, 11025])
def test_upsampling_leaves_no_image(tool: Path, rate: int) -> None:
    noise = np.random.default_rng(rate).normal(0, 0.1, rate).astype(np.float32)
    ours = resample(tool, noise, rate)
    image = band(ours[800:-800], rate / 2 * 1.02, 8000)
    speech = band(ours[800:-800], 100, rate / 2 * 0.9)
    assert 10 * np.log10(image / speech) < -55


def test_chunks_do_not_matter(tool: Path) -> None:
    audio = np.random.default_rng(0).normal(0, 0.1, 44100).astype(np.float32)
    whole = resample(tool, audio, 44100, 44100)
    for chunk in (1, 7, 441):
        assert np.array_equal(resample(tool, audio, 44100, chunk), whole)
