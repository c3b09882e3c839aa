"""Degradations of the test sets do what they say, and the same thing every time."""

from __future__ import annotations

import numpy as np
import pytest

from talkface_train import degrade
from talkface_train.data.augment import rms
from talkface_train.degrade import RATE, generator_of


def decibels(value: float) -> float:
    return 20 * np.log10(value)


def tone(hertz: float, seconds: float = 1.0) -> np.ndarray:
    return (0.1 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)).astype("f4")


def delay(heard: np.ndarray, audio: np.ndarray) -> int:
    """Samples by which ``heard`` comes later, by the peak of the cross-correlation."""
    size = 1 << (2 * len(audio)).bit_length()
    spectrum = np.fft.rfft(heard, size) * np.fft.rfft(audio, size).conj()
    shift = int(np.fft.irfft(spectrum).argmax())
    return shift if shift < size // 2 else shift - size


def test_words_seed_generators() -> None:
    first = generator_of("noise", "a").integers(1 << 60)
    assert first == generator_of("noise", "a").integers(1 << 60)
    assert first != generator_of("noise", "b").integers(1 << 60)
    assert first != generator_of("babble", "a").integers(1 << 60)


@pytest.mark.parametrize("snr", [20, 0])
def test_noise_lies_that_far_below_the_speech(speech, snr: int) -> None:
    noise = degrade.coloured(len(speech), generator_of("x"))
    added = degrade.mix(speech, noise, snr) - speech
    assert decibels(rms(speech) / np.sqrt((added**2).mean())) == pytest.approx(snr, abs=0.2)


def test_loud_mixtures_are_turned_down_not_clipped(speech) -> None:
    loud = speech / np.abs(speech).max()
    mixed = degrade.mix(loud, degrade.coloured(len(loud), generator_of("x")), 0)
    assert np.abs(mixed).max() <= 1
    assert (np.abs(mixed) > 0.999).mean() < 1e-3


def test_babble_holds_every_voice() -> None:
    voices = [tone(hertz) for hertz in (300, 700, 1900)]
    spectrum = np.abs(np.fft.rfft(degrade.babble(RATE, voices, generator_of("x"))))
    loudest = sorted(np.argsort(spectrum)[-3:])
    assert loudest == [300, 700, 1900]


def test_a_telephone_passes_its_band_in_time(speech) -> None:
    for hertz in (100, 5000):
        heard = np.abs(np.fft.rfft(degrade.telephone(tone(hertz) + tone(1000))))
        assert heard[hertz] < 0.02 * heard[1000]
    heard = degrade.telephone(speech)
    assert len(heard) == len(speech)
    assert delay(heard, speech) == 0
    assert decibels(rms(heard)) == pytest.approx(degrade.LINE_DBFS, abs=1)


def test_a_telephone_codes_in_eight_bits() -> None:
    coded = degrade.telephone(tone(1000, 2.0))[RATE // 2 : RATE // 2 + RATE]
    spectrum = np.abs(np.fft.rfft(coded)) ** 2
    noise = spectrum.sum() - spectrum[995:1006].sum()
    assert 30 < 10 * np.log10(spectrum[995:1006].sum() / noise) < 45


def test_a_far_microphone_echoes_but_is_not_late(speech) -> None:
    heard = degrade.far_microphone(speech, generator_of("x"))
    assert delay(heard, speech) == 0
    assert decibels(rms(heard)) == pytest.approx(degrade.FAR_DBFS, abs=0.5)
    click = np.zeros(RATE, dtype=np.float32)
    click[1000] = 1.0
    tail = np.abs(degrade.far_microphone(click, generator_of("x")))
    assert tail.argmax() == 1000
    assert np.sqrt((tail[3000:4000] ** 2).mean()) > 2 * np.sqrt((tail[-2000:] ** 2).mean())


def test_quiet_is_quiet(speech) -> None:
    heard = degrade.quiet(speech)
    assert decibels(rms(heard)) == pytest.approx(-45, abs=0.1)
    assert np.corrcoef(heard, speech)[0, 1] > 0.999


def test_rooms_hold_no_speech(speech) -> None:
    noise = 1e-3 * np.random.default_rng(0).normal(0, 1, 2 * RATE).astype(np.float32)
    room = degrade.room(np.concatenate([noise, speech, noise]), generator_of("x"))
    assert 2 * RATE <= len(room) <= 4 * RATE
    assert -66 < decibels(rms(room)) < -39
    assert np.abs(room).max() < 8 * np.sqrt((room**2).mean())
    assert len(degrade.room(speech, generator_of("x"))) == 0


def test_music_is_there_and_repeats() -> None:
    tune = degrade.music(6.0, generator_of("x"))
    assert len(tune) == 6 * RATE
    assert -41 < decibels(rms(tune)) < -14
    assert np.array_equal(tune, degrade.music(6.0, generator_of("x")))
    assert not np.array_equal(tune, degrade.music(6.0, generator_of("y")))
