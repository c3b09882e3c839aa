"""Timed phones: one type, checked."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from talkface.script.phones import SILENCE, to_symbol

FARTHEST = 1e8  # seconds
LONGEST = 0.2  # seconds, of a phone whose end nobody gives


@dataclass(frozen=True, order=True)
class Phone:
    """``start`` and ``end`` in seconds, ``symbol`` of :mod:`talkface.script.phones`."""

    start: float
    end: float
    symbol: str


def number(value: Any, what: str = "time") -> float:
    """A finite number; ValueError otherwise."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError(f"{what} must be a number, not {value!r}")
    try:
        result = float(value)
    except (ValueError, OverflowError):
        raise ValueError(f"{what} must be a number, not {str(value)[:40]!r}") from None
    if not math.isfinite(result):
        raise ValueError(f"{what} must be finite, not {result}")
    return result


def phone(start: Any, end: Any, symbol: Any) -> Phone:
    """A checked phone; ValueError for a time or a symbol that cannot be."""
    first, last = number(start, "start"), number(end, "end")
    if not 0 <= first < last <= FARTHEST:
        raise ValueError(
            f"a phone must start at 0 or later and end past its start: {first}, {last}"
        )
    return Phone(first, last, to_symbol(str(symbol)))


def without_empty(rows: Iterable[Sequence[Any]]) -> list[Phone]:
    """Phones of rows of start, end and symbol; rows of no length are left out."""
    return [phone(*row) for row in rows if number(row[0], "start") != number(row[1], "end")]


def as_phone(item: Any) -> Phone:
    """A phone of (start, end, symbol), or of an object with these fields (or ``phone``)."""
    if isinstance(item, Phone):
        return phone(item.start, item.end, item.symbol)
    if hasattr(item, "start") and hasattr(item, "end"):
        symbol = item.symbol if hasattr(item, "symbol") else getattr(item, "phone", None)
        return phone(item.start, item.end, symbol)
    if not isinstance(item, Sequence) or isinstance(item, str) or len(item) != 3:
        raise ValueError(f"a phone must be (start, end, symbol), not {item!r}")
    return phone(*item)


def in_samples(phones: Iterable[Phone], rate: int) -> list[tuple[int, int, str]]:
    """Phones as the core takes them: positions at the sample rate, at least one sample long."""
    timed = []
    for item in phones:
        start = round(item.start * rate)
        timed.append((start, max(round(item.end * rate), start + 1), item.symbol))
    return timed


def until_next(starts: Iterable[tuple[float, str]], end: float | None = None) -> list[Phone]:
    """Phones of which only the starts are known: each lasts until the next.

    The last one lasts until ``end``, else for :data:`LONGEST`; of phones that start together the
    last counts. Raises ValueError for a start that cannot be.
    """
    marks = sorted(((number(time), symbol) for time, symbol in starts), key=lambda mark: mark[0])
    if not marks:
        return []
    stop = marks[-1][0] + LONGEST if end is None else max(number(end), marks[-1][0])
    marks.append((stop, SILENCE))
    return [phone(a, b, symbol) for (a, symbol), (b, _) in pairwise(marks) if b > a]


def parse_json(text: str) -> Any:
    """JSON; ValueError for anything else, however deep."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None
