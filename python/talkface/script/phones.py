"""Phones: one inventory, its visemes, and maps of other alphabets onto it.

The inventory is ARPAbet without stress, ``SIL``, three front-rounded or fricative phones of other
languages (``UE`` as in German *über*, ``OE`` as in *schön*, ``XX`` for *ich* and *ach*), and
``UNK`` for speech of an unknown sound.
"""

from __future__ import annotations

from talkface.rig import VISEMES

SILENCE = "SIL"
UNKNOWN = "UNK"

# fmt: off
ARPABET: tuple[str, ...] = (
    "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH",
    "IH", "IY", "JH", "K", "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH",
    "UW", "V", "W", "Y", "Z", "ZH",
)
PHONES: tuple[str, ...] = (SILENCE, *ARPABET, "UE", "OE", "XX")
"""Classes of the auxiliary phone head, in order. ``UNK`` is not one of them."""

_VISEME_PHONES = {
    "sil": "SIL", "PP": "P B M", "FF": "F V", "TH": "TH DH", "DD": "T D L", "kk": "K G HH XX",
    "CH": "CH JH SH ZH", "SS": "S Z", "nn": "N NG", "RR": "R ER", "aa": "AA AE AH AY",
    "E": "EH EY IH", "I": "IY Y", "O": "AO OW OY AW OE", "U": "UW UH W UE",
}
# fmt: on

VISEME_OF: dict[str, int] = {
    phone: VISEMES.index(viseme)
    for viseme, phones in _VISEME_PHONES.items()
    for phone in phones.split()
}
"""Phone to index into :data:`talkface.rig.VISEMES` (papers-and-metrics.md 6.1)."""

PHONE_INDEX: dict[str, int] = {phone: index for index, phone in enumerate(PHONES)}

# IPA as espeak-ng and the Dutch set write it; longest match wins.
_IPA_SYMBOLS = {
    "CH": "tʃ",
    "JH": "dʒ",
    "OY": "ɔɪ ɔø ɔy",
    "AY": "aɪ",
    "AW": "aʊ ɑu",
    "EY": "eɪ ɛi e",
    "OW": "oʊ əʊ o",
    "IY": "i",
    "IH": "ɪ ɨ ᵻ",
    "EH": "ɛ",
    "AE": "æ",
    "AA": "a ɑ",
    "AH": "ɐ ʌ ə",
    "AO": "ɒ ɔ",
    "UH": "ʊ",
    "UW": "u ɯ",
    "ER": "ɚ ɜ ɝ",
    "UE": "y ʏ",
    "OE": "ø œ ɵ",
    "P": "p",
    "B": "b β",
    "M": "m ɱ",
    "F": "f",
    "V": "v ʋ",
    "TH": "θ",
    "DH": "ð",
    "T": "t ʈ ts",
    "D": "d ɖ ɾ",
    "N": "n ɳ ɲ",
    "NG": "ŋ",
    "S": "s",
    "Z": "z",
    "SH": "ʃ ʂ ɕ",
    "ZH": "ʒ ʐ ʑ",
    "L": "l ɫ ɭ ʎ",
    "R": "r ɹ ɻ",
    "XX": "ʁ ʀ x ɣ χ ç",
    "K": "k q c",
    "G": "g ɡ ɟ",
    "HH": "h ɦ",
    "W": "w ɥ",
    "Y": "j ʝ",
    "SIL": "ʔ",
}
_IPA = {symbol: phone for phone, symbols in _IPA_SYMBOLS.items() for symbol in symbols.split()}
_IPA_MARKS = str.maketrans(
    "", "", "\u02c8\u02cc\u02d0\u02d1\u0303\u0329\u032f\u0361\u0325\u02b0\u02b2\u0330\u031e\u0306:'"
)


def from_ipa(symbol: str) -> str:
    """Map one IPA phone, with or without stress and length marks, to the inventory."""
    if symbol in (SILENCE, "SPN"):
        return SILENCE if symbol == SILENCE else UNKNOWN
    bare = symbol.translate(_IPA_MARKS)
    for length in (2, 1):
        if bare[:length] in _IPA:
            return _IPA[bare[:length]]
    return UNKNOWN


def from_arpabet(symbol: str) -> str:
    """Map ARPAbet with or without stress digits; anything else becomes UNK."""
    name = symbol.rstrip("012").upper()
    return name if name in PHONE_INDEX else UNKNOWN


# What aligners, TIMIT and TextGrids write for silence and for speech without a label.
_SILENT = frozenset(["", "sil", "sp", "pau", "ssil", "brth", "h#", "#", "_", "-", "<sil>", "<p:>"])
_UNHEARD = frozenset(["unk", "spn", "<unk>", "<spn>"])
_MORE_ARPABET = {
    "AX": "AH", "AXR": "ER", "AXH": "AH", "IX": "IH", "UX": "UW", "DX": "D", "NX": "N", "EL": "L",
    "EM": "M", "EN": "N", "ENG": "NG", "HV": "HH", "WH": "W", "H": "HH", "Q": SILENCE,
}  # fmt: skip

# IPA that scripts use beside what the training sets do: affricates and diphthongs as aligners of
# German, Mandarin, Polish or Japanese write them, apical vowels, clicks of the tongue left out.
_MORE_IPA_SYMBOLS = {
    "CH": "tɕ tʂ ʈʂ",
    "JH": "dʑ dʐ ɖʐ ɖʑ",
    "S": "ɬ",
    "Z": "dz",
    "F": "pf ɸ",
    "OY": "ɔʏ ɔi oi",
    "AY": "aj ai ae",
    "AW": "aw au ao",
    "EY": "ej ei",
    "OW": "ow ou",
    "AH": "ɤ ɘ",
    "IH": "ɿ",
    "ER": "ʅ əɻ aɻ",
    "OE": "ɞ ɶ",
    "UW": "ʉ",
    "B": "ɓ",
    "D": "ɗ ɽ",
    "G": "ɠ",
    "NG": "ɴ",
    "W": "ʍ ɰ",
    "HH": "ħ ʕ",
    "L": "ɮ",
    "R": "ɺ",
}
_MORE_IPA = {
    symbol: phone for phone, symbols in _MORE_IPA_SYMBOLS.items() for symbol in symbols.split()
}
_TONES = str.maketrans("", "", "˥˦˧˨˩¹²³⁴⁵")


def to_symbol(symbol: str) -> str:
    """Map ARPAbet, IPA or a name of silence to the inventory.

    Capitals, and two or more lower-case ASCII letters, are ARPAbet (``AH0``, ``sh``); anything else
    is one IPA phone, with or without stress, length and tone marks. Raises ValueError for anything
    else.
    """
    text = symbol.strip()
    if text.lower() in _SILENT:
        return SILENCE
    if text.lower() in _UNHEARD:
        return UNKNOWN
    name = text.rstrip("012")
    if name.isascii() and (name.isupper() or len(name) > 1):
        known = _MORE_ARPABET.get(name.upper(), name.upper())
        if known in PHONE_INDEX:
            return known
    bare = text.translate(_IPA_MARKS).translate(_TONES)
    for table in (_IPA, _MORE_IPA):
        if bare in table:
            return table[bare]
    raise ValueError(f"no phone {symbol!r}: write ARPAbet (AH0, SH, sil) or one IPA phone")
