"""Phone sets of the training data, mapped onto the inventory of ``talkface.script.phones``.

``UNK`` marks spans that must be masked.
"""

from __future__ import annotations

from dataclasses import dataclass

from talkface.script.phones import (
    ARPABET,
    PHONE_INDEX,
    PHONES,
    SILENCE,
    UNKNOWN,
    VISEME_OF,
    from_arpabet,
    from_ipa,
)

__all__ = [
    "ARPABET", "BILABIALS", "LABIODENTALS", "PHONES", "PHONE_INDEX", "SILENCE", "UNKNOWN",
    "VISEME_OF", "Segment", "from_arpabet", "from_emodb", "from_festival", "from_ipa",
]  # fmt: skip

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
