"""Text to timed phones, with the [align] extra and without it."""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest

from talkface import TalkFace
from talkface.audio import load, read_file
from talkface.errors import MissingExtraError
from talkface.script import align as aligner
from talkface.script import letters
from talkface_train.data import real


@pytest.fixture
def extra() -> None:
    pytest.importorskip("pocketsphinx", reason="the [align] extra is not installed")


def test_without_the_extra_text_is_refused_by_name(default_face: TalkFace, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "pocketsphinx", None)
    letters._dictionary.cache_clear()
    try:
        with pytest.raises(MissingExtraError, match=r"talkface\[align\]"):
            default_face.animate(np.zeros(16000, np.float32), text="Hello.")
        assert letters.in_dictionary("hello") is None
    finally:
        letters._dictionary.cache_clear()


def test_words_of_a_text() -> None:
    text = "\u201cDon\u2019t\u201d, said O'Neil \u2014 twenty-two caf\u00e9s!"
    assert letters.words_of(text) == ["don't", "said", "o'neil", "twenty", "two", "cafes"]
    assert letters.words_of(" ... ") == []


@pytest.mark.usefixtures("extra")
def test_the_dictionary_wins_over_spelling() -> None:
    assert letters.in_dictionary("choir") == ["K", "W", "AY", "ER"]
    assert [symbol for symbol, _, _ in letters.pronounce("Choir")] == ["K", "W", "AY", "ER"]
    assert letters.in_dictionary("qqxyz") is None


@pytest.mark.usefixtures("extra")
def test_what_cannot_be_aligned_is_said(default_face: TalkFace) -> None:
    audio = np.zeros(16000, np.float32)
    with pytest.raises(ValueError, match="'42', 'xqzzy'"):
        default_face.animate(audio, text="Hello, xqzzy 42!")
    with pytest.raises(ValueError, match="no words"):
        default_face.animate(audio, text="...")
    with pytest.raises(ValueError, match="does not fit"):
        default_face.animate(audio[:800], text="a sentence that is much longer than its audio")


@pytest.mark.data
@pytest.mark.usefixtures("extra")
@pytest.mark.parametrize("rate", [16000, 48000, 22050])
def test_alignment_finds_the_phones(data_root: Path, default_face: TalkFace, rate: int) -> None:
    [recording] = [r for r in real.load(data_root, "ljspeech") if r.name == "LJ001-0001"]
    rows = (data_root / "ljspeech" / "phones.tsv").read_text("utf-8").splitlines()
    words = [row.split("\t")[4] for row in rows if row.startswith(recording.name)]
    text = " ".join(word for word, _ in groupby(words) if word != "<sil>")
    audio = read_file(recording.path)
    samples = audio.samples
    if rate != 16000:
        times = np.arange(int(audio.seconds * rate)) / rate
        samples = np.interp(times, np.arange(audio.frames) / 16000, samples).astype(np.float32)
    stereo = np.stack([samples, samples], axis=1)
    phones = aligner.align(load(stereo, rate), text)
    spoken = [p for p in phones if p.symbol != "SIL"]
    labelled = [s for s in recording.segments if s.phone != "SIL"]
    found = sum(
        any(p.symbol == s.phone and abs(p.start - s.start) < 0.05 for p in spoken) for s in labelled
    )
    assert found > 0.85 * len(labelled)
    by_text = default_face.animate(stereo, rate, text=text, seed=1)
    by_phones = default_face.animate(stereo, rate, phones=phones, seed=1)
    assert np.array_equal(by_text.weights, by_phones.weights)
