"""Sentences for the synthetic corpus: templates over our own word lists.

Meaning does not matter, phone contexts do: labials, labiodentals and rounded sounds are
drawn more often than their share (see :func:`sentences`).
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

_SLOT = re.compile(r"\{(\w+)\}")
_FAVOURED = re.compile(r"[pbmfvw]|oo|ou|qu|sh|ch")

_OPENERS = (
    "in the beginning",
    "after all",
    "by the way",
    "before we move on",
    "of course",
    "without warning",
    "from time to time",
    "in my opinion",
    "once upon a time",
)


@cache
def _words() -> dict[str, list[str]]:
    text = resources.files("talkface_train.data").joinpath("words.txt").read_text("utf-8")
    lists: dict[str, list[str]] = {}
    for line in text.splitlines():
        kind, _, rest = line.partition(":")
        words = rest.split()
        if kind == "place":
            words = [f"the {word}" for word in words]
        elif kind == "open":
            words.extend(_OPENERS)
        lists[kind] = words
    return lists


@cache
def _templates() -> list[str]:
    text = resources.files("talkface_train.data").joinpath("templates.txt").read_text("utf-8")
    return text.splitlines()


def _pick(generator: random.Random, words: list[str]) -> str:
    """A word, drawn twice when the first has no labial, labiodental or rounded letter."""
    word = generator.choice(words)
    return word if _FAVOURED.search(word) else generator.choice(words)


def sentences(seed: int) -> Iterator[str]:
    """An endless, reproducible run of sentences."""
    generator = random.Random(seed)
    words = _words()
    while True:
        template = generator.choice(_templates())
        text = _SLOT.sub(lambda slot: _pick(generator, words[slot[1]]), template)
        yield text[0].upper() + text[1:]
