"""Forced alignment: which phone of a known text is where in a recording. English, offline.

Uses PocketSphinx (BSD), whose wheel brings an English acoustic model and CMU's pronouncing
dictionary: the [align] extra.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkface.audio import Audio
from talkface.errors import require
from talkface.script.letters import words_of
from talkface.script.phones import SILENCE, to_symbol
from talkface.script.timed import Phone

_RATE = 16000
_FRAME_RATE = 100


def decoder() -> Any:
    """PocketSphinx without a language model; MissingExtraError when it is not installed.

    Take a fresh one for every recording: it remembers, and would not align one twice alike.
    """
    pocketsphinx = require("pocketsphinx", "align", "aligning a text with its recording")
    return pocketsphinx.Decoder(lm=None, samprate=_RATE, loglevel="FATAL")


def _resampled(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """A whole recording at 16 kHz, by its spectrum."""
    if rate == _RATE:
        return samples
    count = max(round(len(samples) * _RATE / rate), 1)
    spectrum = np.fft.rfft(samples)
    kept = np.zeros(count // 2 + 1, dtype=complex)
    shared = min(len(kept), len(spectrum))
    kept[:shared] = spectrum[:shared]
    return (np.fft.irfft(kept, count) * (count / len(samples))).astype(np.float32)


def _pcm(audio: Audio) -> bytes:
    samples = audio.samples
    floats = samples.astype(np.float32) / (32768.0 if samples.dtype == np.int16 else 1.0)
    mono = floats.mean(axis=1) if floats.ndim == 2 else floats
    mono = _resampled(np.nan_to_num(mono, posinf=0.0, neginf=0.0), audio.rate)
    return (np.clip(mono, -1.0, 1.0) * 32767.0).astype("<i2").tobytes()


def _listen(engine: Any, pcm: bytes) -> None:
    engine.start_utt()
    engine.process_raw(pcm, no_search=False, full_utt=True)
    engine.end_utt()


def align(audio: Audio, text: str) -> list[Phone]:
    """Timed phones of a recording whose words are known.

    Punctuation and case do not matter; digits and signs must be written out. Raises ValueError for
    a text without words, with words that the dictionary does not have, or that is not what is
    said; MissingExtraError without the [align] extra.
    """
    engine = decoder()
    words = words_of(text)
    if not words:
        raise ValueError("the text has no words")
    unknown = sorted({word for word in words if engine.lookup_word(word) is None})
    if unknown:
        raise ValueError(
            f"cannot pronounce {', '.join(repr(word) for word in unknown)}: write numbers and "
            f"abbreviations out, use other spellings, or give phones"
        )
    pcm = _pcm(audio)
    try:
        engine.set_align_text(" ".join(words))
        _listen(engine, pcm)
        engine.set_alignment()
        _listen(engine, pcm)
        aligned = engine.get_alignment()
    except RuntimeError as error:
        raise ValueError(f"the text does not fit the recording: {error}") from error
    phones = [_phone(entry) for word in aligned or () for entry in word]
    if not phones:
        raise ValueError("the text does not fit the recording")
    return [phone for phone in phones if phone.end > phone.start]


def _phone(entry: Any) -> Phone:
    start = entry.start / _FRAME_RATE
    noise = not entry.name.isalpha()  # +NSN+ and its like
    symbol = SILENCE if noise else to_symbol(entry.name)
    return Phone(start, start + entry.duration / _FRAME_RATE, symbol)
