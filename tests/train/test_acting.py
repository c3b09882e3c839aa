"""Voices that act."""

from __future__ import annotations

import numpy as np
import pytest

from talkface.rig import EMOTIONS
from talkface_train.data import augment
from talkface_train.data.acting import MANNERS, act, shifted, stretched
from talkface_train.data.made import DIALS, person_of

RATE = 16000
TIMES = np.arange(RATE) / RATE
VOICE = sum(np.sin(2 * np.pi * 120 * k * TIMES) / k for k in range(1, 20)).astype(np.float32) * 0.1


def pitch(audio: np.ndarray) -> float:
    """Fundamental in Hz, by autocorrelation between 60 and 400 Hz."""
    part = audio[4000:12000].astype(np.float64)
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 4 * len(part))) ** 2
    lags = np.fft.irfft(spectrum)[: RATE // 60]
    lags = lags[RATE // 400 :]
    return RATE / (RATE // 400 + int((lags > 0.85 * lags.max()).argmax()))


def test_a_shift_moves_pitch_and_not_time():
    assert pitch(VOICE) == pytest.approx(120, rel=0.05)
    for factor in (0.85, 1.2):
        out = shifted(VOICE, factor)
        assert len(out) == len(VOICE)
        assert pitch(out) == pytest.approx(120 * factor, rel=0.06)


def test_stretching_keeps_pitch_and_moves_events():
    click = VOICE.copy()
    click[8000:8080] += 1.0
    out = stretched(click, 24000)
    assert len(out) == 24000
    assert pitch(out) == pytest.approx(120, rel=0.05)
    assert abs(int(np.abs(out).argmax()) - 12000) < 700


def test_every_emotion_has_a_manner_and_an_emotion_is_heard():
    assert set(MANNERS) == set(EMOTIONS)
    said = {e: act(VOICE, e, 1.0, np.random.default_rng(3)) for e in EMOTIONS}
    assert all(len(a) == len(VOICE) and np.isfinite(a).all() for a in said.values())
    assert pitch(said["surprised"]) > pitch(said["neutral"]) > pitch(said["disgusted"])
    assert augment.rms(said["angry"]) > augment.rms(said["neutral"]) > augment.rms(said["sad"])


def test_less_of_an_emotion_is_nearer_to_neutral():
    weak, strong = (act(VOICE, "surprised", s, np.random.default_rng(1)) for s in (0.4, 1.0))
    assert pitch(VOICE) < pitch(weak) < pitch(strong)


def test_speech_shorter_than_a_grain_is_taken():
    assert len(act(VOICE[:200], "happy", 1.0, np.random.default_rng(0))) == 200


def test_a_name_is_one_person_and_another_is_another():
    assert person_of("made/a") == person_of("made/a")
    assert person_of("made/a") != person_of("made/b")
    assert all(0 <= abs(getattr(person_of("x"), dial)) <= 1.5 for dial in DIALS)
