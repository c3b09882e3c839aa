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
VOWELS = frozenset("AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW UE OE".split())
BILABIALS = frozenset("P B M".split())
LABIODENTALS = frozenset("F V".split())


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
# fmt: off
_IPA = {
    "t\u0283": "CH", "d\u0292": "JH", "\u0254\u026a": "OY", "a\u026a": "AY", "a\u028a": "AW", "e\u026a": "EY",
    "o\u028a": "OW", "\u0259\u028a": "OW", "\u025bi": "EY", "\u0251u": "AW", "\u0254\u00f8": "OY", "\u0254y": "OY",
    "i": "IY", "\u026a": "IH", "\u0268": "IH", "\u1d7b": "IH", "e": "EY", "\u025b": "EH", "\u00e6": "AE", "a": "AA",
    "\u0251": "AA", "\u0250": "AH", "\u0252": "AO", "\u0254": "AO", "o": "OW", "\u028a": "UH", "u": "UW", "\u026f": "UW",
    "\u028c": "AH", "\u0259": "AH", "\u025a": "ER", "\u025c": "ER", "\u025d": "ER", "y": "UE", "\u028f": "UE",
    "\u00f8": "OE", "\u0153": "OE", "\u0275": "OE", "p": "P", "b": "B", "\u03b2": "B", "m": "M", "\u0271": "M", "f": "F",
    "v": "V", "\u028b": "V", "\u03b8": "TH", "\u00f0": "DH", "t": "T", "\u0288": "T", "d": "D", "\u0256": "D", "\u027e": "D",
    "n": "N", "\u0273": "N", "\u0272": "N", "\u014b": "NG", "s": "S", "z": "Z", "\u0283": "SH", "\u0282": "SH", "\u0255": "SH",
    "\u0292": "ZH", "\u0290": "ZH", "\u0291": "ZH", "l": "L", "\u026b": "L", "\u026d": "L", "\u028e": "L", "r": "R",
    "\u0279": "R", "\u027b": "R", "\u0281": "XX", "\u0280": "XX", "k": "K", "q": "K", "c": "K", "g": "G", "\u0261": "G",
    "\u025f": "G", "x": "XX", "\u0263": "XX", "\u03c7": "XX", "\u00e7": "XX", "h": "HH", "\u0266": "HH", "w": "W",
    "\u0265": "W", "j": "Y", "\u029d": "Y", "\u0294": SILENCE, "ts": "T",
}
# fmt: on
_IPA_MARKS = str.maketrans("", "", "\u02c8\u02cc\u02d0\u02d1\u0303\u0329\u032f\u0361\u0325\u02b0\u02b2\u0330\u031e\u0306:'")


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
# fmt: off
_EMODB = {
    "I": "IH", "i": "IY", "a": "AA", "A": "AA", "E": "EH", "e": "EY", "@": "AH", "6": "AH", "4": "AH", "U": "UH",
    "u": "UW", "o": "OW", "O": "AO", "aI": "AY", "aU": "AW", "AU": "AW", "OY": "OY", "y": "UE", "Y": "UE",
    "9": "OE", "2": "OE", "8": "OE", "i6": "IY", "I6": "IH", "a6": "AA", "E6": "EH", "@6": "AH", "Y6": "UE",
    "t": "T", "d": "D", "D": "D", "n": "N", "nn": "N", "NN": "NG", "N": "NG", "p": "P", "b": "B", "B": "B", "m": "M",
    "s": "S", "z": "Z", "S": "SH", "f": "F", "v": "V", "V": "V", "vv": "V", "g": "G", "G": "G", "k": "K", "l": "L",
    "L": "L", "C": "XX", "x": "XX", "X": "XX", "R": "XX", "h": "HH", "H": "HH", "j": "Y", "?": SILENCE, "": UNKNOWN,
}
# fmt: on


def from_emodb(symbol: str) -> str:
    """Map one symbol of EmoDB's ``base`` column to the inventory."""
    return _EMODB.get(symbol, UNKNOWN)


def from_arpabet(symbol: str) -> str:
    """Map ARPAbet with or without stress digits; anything else becomes UNK."""
    name = symbol.rstrip("012").upper()
    return name if name in PHONE_INDEX else UNKNOWN
