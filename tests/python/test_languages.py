"""Phones of other languages than English, as aligners and TTS engines write them."""

from __future__ import annotations

import pytest

from talkface.script.phones import PHONES, to_symbol

DICTIONARIES = {
    "german": """a aj aw aː b c ç cʰ d eː f h iː j k kʰ l l̩ m m̩ n n̩ oː p pf pʰ s t ts tʃ tʰ uː v
        x yː z øː ŋ œ ɐ ɔ ɔʏ ə ɛ ɟ ɡ ɪ ɲ ʁ ʃ ʊ ʏ""",
    "mandarin": """a˥˩ aj˧˥ aw˩ ej˥˩ ow˥ e o i˥ u˨˩˦ y˥ ə ɤ ɻ f j k kʰ l m n p pʰ s t tʰ ts tsʰ
        tɕ tɕʰ ʈʂ ʈʂʰ ŋ ɕ ɥ ɲ ʂ ʎ ʐ ʔ w x z̩ ʐ̩""",
    "japanese": """a aː b bʲ c ç d dz dʑ e h i j k m mʲ n o p pʲ s t ts tɕ v w z ŋ ɕ ɖ ɟ ɡ ɨ ɯ ɰ̃ ɲ ɴ
        ɸ ɾ ɾʲ ʑ ʔ""",
}


@pytest.mark.parametrize("language", DICTIONARIES)
def test_every_phone_of_a_dictionary_has_a_mouth(language: str) -> None:
    for symbol in DICTIONARIES[language].split():
        assert to_symbol(symbol) in PHONES, symbol


def test_lips_of_other_languages() -> None:
    pairs = {"tɕʰ": "CH", "ʈʂ": "CH", "dʑ": "JH", "pf": "F", "ɸ": "F", "ɔʏ": "OY", "y˥": "UE",
             "a˥˩": "AA", "pʲ": "P", "ɤ": "AH"}  # fmt: skip
    assert {symbol: to_symbol(symbol) for symbol in pairs} == pairs
