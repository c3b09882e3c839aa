"""Phone sets and their maps onto one inventory, and from there onto 15 visemes.

Everything inside the training line speaks one inventory: ARPAbet without stress,
``SIL``, three front-rounded or fricative phones of other languages (``UE`` as in
German *über*, ``OE`` as in *schön*, ``XX`` for *ich* and *ach*), and ``UNK`` for
spans that must be masked.
"""

from __future__ import annotations

from dataclasses import dataclass

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
BILABIALS = frozenset(["P", "B", "M"])
LABIODENTALS = frozenset(["F", "V"])


@dataclass(frozen=True)
class Segment:
    """One timed phone: ``start`` and ``end`` in seconds, ``phone`` of :data:`PHONES` or UNK.

    ``closed`` gives a hand-labelled oral closure (start, end) inside a stop, if known.
    """

    start: float
    end: float
    phone: str
    closed: tuple[float, float] | None = None


# Festival's radio and CMU sets: lower-case ARPAbet with a few more symbols.
_FESTIVAL = {
    "pau": SILENCE, "h#": SILENCE, "brth": SILENCE, "sil": SILENCE, "ssil": SILENCE, "#": SILENCE,
    "ax": "AH", "axr": "ER", "dx": "D", "el": "L", "em": "M", "en": "N", "hv": "HH", "nx": "N",
}  # fmt: skip


def from_festival(symbol: str) -> str:
    """Map a Festival or Flite segment name (``ax``, ``pau``, ``dh``) to the inventory."""
    name = symbol.lower()
    return _FESTIVAL.get(name, name.upper() if name.upper() in PHONE_INDEX else UNKNOWN)


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


# SAMPA-like symbols of EmoDB's hand labels.
_EMODB_SYMBOLS = {
    "IH": "I I6",
    "IY": "i i6",
    "AA": "a A a6",
    "EH": "E E6",
    "EY": "e",
    "AH": "@ 6 4 @6",
    "UH": "U",
    "UW": "u",
    "OW": "o",
    "AO": "O",
    "AY": "aI",
    "AW": "aU AU",
    "OY": "OY",
    "UE": "y Y Y6",
    "OE": "9 2 8",
    "T": "t",
    "D": "d D",
    "N": "n nn",
    "NG": "NN N",
    "P": "p",
    "B": "b B",
    "M": "m",
    "S": "s",
    "Z": "z",
    "SH": "S",
    "F": "f",
    "V": "v V vv",
    "G": "g G",
    "K": "k",
    "L": "l L",
    "XX": "C x X R",
    "HH": "h H",
    "Y": "j",
    "SIL": "?",
}
_EMODB = {symbol: phone for phone, symbols in _EMODB_SYMBOLS.items() for symbol in symbols.split()}


def from_emodb(symbol: str) -> str:
    """Map one symbol of EmoDB's ``base`` column to the inventory."""
    return _EMODB.get(symbol, UNKNOWN)


def from_arpabet(symbol: str) -> str:
    """Map ARPAbet with or without stress digits; anything else becomes UNK."""
    name = symbol.rstrip("012").upper()
    return name if name in PHONE_INDEX else UNKNOWN
