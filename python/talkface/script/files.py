"""Files with timed phones: TextGrid, tables, labels, and what text-to-speech engines write."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from talkface.script import engines
from talkface.script.phones import to_symbol
from talkface.script.timed import Phone, number, parse_json, phone, without_empty

SUFFIXES = (".textgrid", ".tsv", ".txt", ".lab", ".json", ".jsonl", ".marks")
_PHONE_TIER = re.compile(r"phone|segment|^mau|^pho", re.IGNORECASE)
_HTK_UNITS = 10_000_000


def read(path: str | os.PathLike[str], utterance: str | None = None) -> list[Phone]:
    """Timed phones of a file; the format is told by its suffix and content (docs/script.md).

    ``utterance``: whose phones to take from a table with a column ``utt``. Raises
    FileNotFoundError, or ValueError that says what is wrong with the file.
    """
    file = Path(path)
    if not file.is_file():
        raise FileNotFoundError(f"no such file with phones: {file}")
    suffix = file.suffix.lower()
    if suffix not in SUFFIXES:
        raise ValueError(
            f"cannot read phones from {file}: a file must end in {', '.join(SUFFIXES)}"
        )
    try:
        text = _decode(file.read_bytes())
        phones = _parse(text, suffix, utterance)
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from error
    if not phones:
        raise ValueError(f"{file} has no phones")
    return phones


def _decode(data: bytes) -> str:
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("the text is neither UTF-8 nor UTF-16") from None


def _parse(text: str, suffix: str, utterance: str | None) -> list[Phone]:
    if suffix == ".textgrid":
        return from_textgrid(text)
    if suffix == ".lab":
        return from_lab(text)
    if suffix in (".json", ".jsonl", ".marks"):
        return from_json(text)
    return from_table(text, utterance)


def from_table(text: str, utterance: str | None = None) -> list[Phone]:
    """Tab-separated seconds and symbols: a header with ``start``, ``end`` and ``phone`` or
    ``symbol`` (and perhaps ``utt``), or three columns without one."""
    rows = [
        row for row in csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE) if row
    ]
    if not rows:
        return []
    header = [name.strip().lower() for name in rows[0]]
    if "start" not in header:
        return without_empty(_columns(row, (0, 1, 2)) for row in rows)
    names = [name for name in ("phone", "symbol") if name in header]
    if "end" not in header or not names:
        raise ValueError("the table needs the columns start, end and phone")
    places = (header.index("start"), header.index("end"), header.index(names[0]))
    body = rows[1:]
    if "utt" in header:
        column = header.index("utt")
        found = {row[column] for row in body if len(row) > column}
        if len(found) > 1 and utterance not in found:
            raise ValueError(f"the table has {len(found)} utterances, but not {utterance!r}")
        if utterance in found:
            body = [row for row in body if len(row) > column and row[column] == utterance]
    return without_empty(_columns(row, places) for row in body)


def _columns(row: list[str], places: tuple[int, int, int]) -> tuple[str, str, str]:
    if len(row) <= max(places):
        raise ValueError(f"a row is too short: {row!r}"[:100])
    return row[places[0]], row[places[1]], row[places[2]]


def from_lab(text: str) -> list[Phone]:
    """HTK labels (``start end phone`` a line, in 100 ns; seconds if there is a decimal point), or
    xwaves labels as Festival writes them (a line ``#``, then ``end colour phone``).

    Formats: The HTK Book, "HTK Label Files"; Edinburgh Speech Tools manual, "Label file formats".
    """
    lines = [line.split() for line in text.splitlines() if line.strip()]
    for index, line in enumerate(lines):
        if line == ["#"]:
            return _xwaves(lines[index + 1 :])
    rows = []
    for line in lines:
        if len(line) < 3:
            raise ValueError(f"not a label: {' '.join(line)[:80]}")
        scale = 1 if "." in line[0] + line[1] else _HTK_UNITS
        rows.append((number(line[0]) / scale, number(line[1]) / scale, line[2]))
    return without_empty(rows)


def _xwaves(lines: list[list[str]]) -> list[Phone]:
    phones = []
    clock = 0.0
    for line in lines:
        if len(line) < 2:
            raise ValueError(f"not a label: {' '.join(line)[:80]}")
        end = number(line[0])
        if end > clock:
            phones.append(phone(clock, end, line[2] if len(line) > 2 else ""))
        clock = end
    return phones


def from_textgrid(text: str) -> list[Phone]:
    """Praat's TextGrid, long or short: the interval tier of phones.

    That is the tier whose name says so (``phones``, ``segments``, ``MAU`` ...), else the only one
    whose labels are all phones. Format: https://www.fon.hum.uva.nl/praat/manual/TextGrid_file_formats.html
    """
    tiers = _tiers(text)
    named = [name for name in tiers if _PHONE_TIER.search(name)]
    fitting = named or [name for name, rows in tiers.items() if _all_phones(rows)]
    if len(fitting) != 1:
        listed = ", ".join(tiers) or "none"
        raise ValueError(f"the TextGrid needs one interval tier 'phones'; its tiers: {listed}")
    return without_empty(tiers[fitting[0]])


def _all_phones(rows: list[tuple[float, float, str]]) -> bool:
    try:
        return all(to_symbol(label) for _, _, label in rows)
    except ValueError:
        return False


def _tiers(text: str) -> dict[str, list[tuple[float, float, str]]]:
    """Interval tiers by name. Only strings and free-standing numbers count in a TextGrid."""
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("!"))
    tokens = re.findall(
        r'"((?:[^"]|"")*)"|(?<![^\s])([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?![^\s])',
        "\n".join(lines),
    )
    values: list[str | float] = [float(n) if n else s.replace('""', '"') for s, n in tokens]
    if values[:2] != ["ooTextFile", "TextGrid"]:
        raise ValueError("not a TextGrid")
    tiers: dict[str, list[tuple[float, float, str]]] = {}
    at = 5  # past the times and the number of tiers
    while at < len(values):
        kind, name, _, _, count = (*values[at : at + 5], None, None, None, None, None)[:5]
        if not isinstance(name, str) or not isinstance(count, float) or not count.is_integer():
            raise ValueError("the TextGrid is damaged")
        width = 3 if kind == "IntervalTier" else 2
        stop = at + 5 + width * int(count)
        if count < 0 or stop > len(values):
            raise ValueError("the TextGrid ends early")
        if kind == "IntervalTier":
            tiers[name] = [_interval(values[i : i + 3]) for i in range(at + 5, stop, 3)]
        at = stop
    return tiers


def _interval(values: list[str | float]) -> tuple[float, float, str]:
    start, end, label = values
    if not isinstance(start, float) or not isinstance(end, float) or not isinstance(label, str):
        raise ValueError("the TextGrid is damaged")
    return start, end, label


def from_json(text: str) -> list[Phone]:
    """What engines and aligners write: Azure's events, Polly's marks, Google's time points,
    ElevenLabs' characters, PocketSphinx' alignment, or a list of ``[start, end, symbol]``."""
    try:
        data = parse_json(text)
    except ValueError as error:
        if "\n" not in text.strip():
            raise ValueError(f"not JSON: {error}") from None
        return engines.from_speech_marks(text)
    if isinstance(data, list):
        triples = data and all(isinstance(item, list) and len(item) == 3 for item in data)
        return without_empty(data) if triples else engines.from_azure(data)
    if not isinstance(data, dict):
        raise ValueError("the JSON holds no timings")
    if "timepoints" in data:
        return engines.from_timepoints(data)
    if isinstance(data.get("w"), list):
        return _aligned(data["w"])
    if "type" in data:
        return engines.from_speech_marks(text.replace("\n", " "))
    return engines.from_characters(data)


def _aligned(words: list[Any]) -> list[Phone]:
    """``pocketsphinx align -phone_align yes``: words and in them phones, begin and length."""
    entries = [
        entry
        for word in words
        if isinstance(word, Mapping)
        for entry in (word["w"] if isinstance(word.get("w"), list) else ())
        if isinstance(entry, Mapping)
    ]
    timed = [(number(e.get("b")), number(e.get("d")), str(e.get("t"))) for e in entries]
    return without_empty((start, start + length, symbol) for start, length, symbol in timed)
