"""Words to phones: the dictionary that the [align] extra brings, else letter-to-sound rules.

The rules are a sketch of English spelling, good enough for the shape of a mouth: longest spelling
first, silent final *e*, long vowels before it, soft *c*. They know which letters a phone comes
from, so character timings carry over.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

from talkface.errors import MissingExtraError
from talkface.script.phones import to_symbol

# fmt: off
_SPELLINGS: dict[str, str] = {
    "eigh": "EY", "ough": "AO", "augh": "AO", "tion": "SH AH N", "sion": "ZH AH N",
    "tch": "CH", "sch": "S K", "igh": "AY", "dge": "JH", "air": "EH R", "ear": "IH R",
    "eer": "IH R", "our": "AW R", "oor": "AO R", "ing": "IH NG",
    "ch": "CH", "sh": "SH", "th": "TH", "ph": "F", "wh": "W", "ng": "NG", "ck": "K", "qu": "K W",
    "gh": "", "kn": "N", "wr": "R", "gn": "N", "ee": "IY", "ea": "IY", "ie": "IY", "ei": "IY",
    "oo": "UW", "ou": "AW", "ow": "OW", "oa": "OW", "oe": "OW", "oi": "OY", "oy": "OY", "ai": "EY",
    "ay": "EY", "ey": "IY", "au": "AO", "aw": "AO", "ew": "UW", "ue": "UW", "ui": "UW",
    "ar": "AA R", "er": "ER", "ir": "ER", "or": "AO R", "ur": "ER",
    "a": "AE", "b": "B", "c": "K", "d": "D", "e": "EH", "f": "F", "g": "G", "h": "HH", "i": "IH",
    "j": "JH", "k": "K", "l": "L", "m": "M", "n": "N", "o": "AA", "p": "P", "q": "K", "r": "R",
    "s": "S", "t": "T", "u": "AH", "v": "V", "w": "W", "x": "K S", "y": "IY", "z": "Z", "'": "",
}
_LONG = {"a": "EY", "e": "IY", "i": "AY", "o": "OW", "u": "UW", "y": "AY"}
_DIGITS = {
    "0": "Z IH R OW", "1": "W AH N", "2": "T UW", "3": "TH R IY", "4": "F AO R", "5": "F AY V",
    "6": "S IH K S", "7": "S EH V AH N", "8": "EY T", "9": "N AY N",
}
# fmt: on
_VOWELS = "aeiouy"
_SHORT_WORDS = {"a": "AH", "i": "AY", "the": "DH AH", "to": "T UW", "of": "AH V", "you": "Y UW"}

Spelled = list[tuple[str, float, float]]
"""Phones with the part of the word that each comes from."""


def plain(text: str) -> str:
    """Lower-case letters without accents, straight apostrophes."""
    bare = unicodedata.normalize("NFKD", text.replace("\u2019", "'"))
    return "".join(c for c in bare if not unicodedata.combining(c)).lower()


def words_of(text: str) -> list[str]:
    """Words of a text as a dictionary lists them: no punctuation, hyphens part words."""
    found = re.findall(r"[^\W_]+(?:'[^\W_]+)*", plain(text))
    return [str(word) for word in found]


def by_rule(word: str) -> Spelled:
    """Phones of a word by spelling, from letter to letter.

    ``word`` has been made :func:`plain`; signs that are no letters are silent.
    """
    if word in _SHORT_WORDS:
        return _shared(_SHORT_WORDS[word].split(), 0, len(word))
    phones: Spelled = []
    at = 0
    while at < len(word):
        sound, length = _spelling(word, at)
        if sound or not phones:
            phones += _shared(sound.split(), at, at + length)
        else:  # a silent letter lengthens the phone before it
            symbol, first, _ = phones[-1]
            phones[-1] = (symbol, first, at + length)
        at += length
    return phones


def _spelling(word: str, at: int) -> tuple[str, int]:
    """The sound of the letters at a place, and how many they are."""
    letter, left = word[at], len(word) - at
    following = word[at + 1] if left > 1 else ""
    single: str | None = _DIGITS.get(letter)
    if letter == "e" and left == 1 and any(c in _VOWELS for c in word[:at]):
        single = ""
    elif letter in _VOWELS and left == 3 and word[-1] == "e" and following not in "aeiouyrwx":
        single = _LONG[letter]
    elif letter == "y" and at == 0 and left > 1:
        single = "Y"
    elif left == 1 and at > 0 and (letter == "o" or (letter == "y" and at < 3)):
        single = _LONG[letter]
    elif letter == "c" and following and following in "eiy":
        single = "S"
    if single is not None:
        return single, 1
    if letter == following and letter not in "aeiou'":
        return _SPELLINGS.get(letter, ""), 2
    for length in range(min(4, left), 0, -1):
        if word[at : at + length] in _SPELLINGS:
            return _SPELLINGS[word[at : at + length]], length
    return "", 1


def _shared(symbols: list[str], first: int, last: int) -> Spelled:
    step = (last - first) / max(len(symbols), 1)
    return [(symbol, first + i * step, first + (i + 1) * step) for i, symbol in enumerate(symbols)]


@cache
def _dictionary() -> Any:
    from talkface.script.align import decoder

    try:
        return decoder()
    except MissingExtraError:
        return None


def in_dictionary(word: str) -> list[str] | None:
    """Phones of a word by the dictionary of the [align] extra; None without it or the word."""
    source = _dictionary()
    found = source.lookup_word(word) if source is not None else None
    return [to_symbol(name) for name in found.split()] if found else None


def pronounce(word: str) -> Spelled:
    """Phones of a word with their shares of it, from 0 to 1."""
    bare = plain(word)
    listed = in_dictionary(bare)
    if listed:
        return [
            (name, a / len(listed), b / len(listed))
            for name, a, b in _shared(listed, 0, len(listed))
        ]
    return [(name, a / len(bare), b / len(bare)) for name, a, b in by_rule(bare)]
