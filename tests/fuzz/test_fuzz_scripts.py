"""Hostile scripts: files and events with timings that somebody broke on purpose."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talkface import script
from talkface.script import letters
from talkface.script.files import SUFFIXES
from talkface.script.phones import PHONE_INDEX, UNKNOWN

MANY = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
TIMES = st.one_of(st.floats(), st.integers(), st.none(), st.text(max_size=5), st.booleans())
SAMPLES = [
    '{"characters": ["h", "i"], "character_start_times_seconds": [0, 0.1],'
    ' "character_end_times_seconds": [0.1, 0.2]}',
    '{"time":6,"type":"viseme","value":"k"}\n{"time":120,"type":"word","value":"a"}',
    '{"timepoints": [{"markName": "/AA B/", "timeSeconds": 0.5}]}',
    '{"w": [{"w": [{"b": 0, "d": 0.25, "t": "HH"}]}]}',
    '[{"audio_offset": 100, "viseme_id": 3}, {"audio_offset": 5000000, "viseme_id": 0}]',
    'File type = "ooTextFile"\nObject class = "TextGrid"\n0 1 <exists> 1\n'
    '"IntervalTier" "phones" 0 1 2 0 0.5 "AA" 0.5 1 "sp"',
    "start\tend\tphone\n0\t0.5\tAA\n0.5\t0.6\tB\n",
    "0 2500000 AA\n2500000 5000000 B\n",
    "#\n0.25 100 aa\n0.5 100 b\n",
]


@pytest.fixture(autouse=True)
def no_dictionary(monkeypatch) -> None:
    monkeypatch.setattr(letters, "_dictionary", lambda: None)


def check(phones) -> None:
    for phone in phones:
        assert math.isfinite(phone.start)
        assert 0 <= phone.start < phone.end < math.inf
        assert phone.symbol in PHONE_INDEX or phone.symbol == UNKNOWN


def try_file(path: Path, data: bytes) -> None:
    """Either refused with a reason, or phones that can be pushed."""
    path.write_bytes(data)
    try:
        check(script.read(path))
    except ValueError as error:
        assert len(str(error)) > 10


@MANY
@given(data=st.binary(max_size=300), suffix=st.sampled_from(SUFFIXES))
def test_any_bytes_are_a_file(tmp_path: Path, data: bytes, suffix: str) -> None:
    try_file(tmp_path / f"a{suffix}", data)


@MANY
@given(seed=st.integers(0, 2**32))
def test_damaged_files(tmp_path: Path, seed: int) -> None:
    generator = random.Random(seed)
    text = list(generator.choice(SAMPLES))
    pieces = [
        "-1",
        "1e999",
        "nan",
        "\t",
        "\n",
        '"',
        "[",
        "}",
        "0",
        "AA",
        "99999999999999",
        ",",
        "\0",
    ]
    for _ in range(generator.randint(1, 5)):
        at = generator.randrange(len(text))
        text[at : at + generator.randint(0, 6)] = generator.choice(pieces)
    suffix = generator.choice(SUFFIXES)
    try_file(tmp_path / f"a{suffix}", "".join(text).encode("utf-8"))


@MANY
@given(events=st.lists(st.tuples(TIMES, st.one_of(TIMES, st.integers(0, 21))), max_size=6))
def test_any_events(events) -> None:
    for reader in (script.from_azure, script.from_marks, script.as_phones):
        try:
            check(reader(events))
        except ValueError as error:
            assert len(str(error)) > 10


@MANY
@given(text=st.text(max_size=40), times=st.lists(TIMES, max_size=40), word=st.text(max_size=300))
def test_any_letters(text: str, times, word: str) -> None:
    spelled = letters.by_rule(letters.plain(word))
    bounds = [x for _, a, b in spelled for x in (a, b)]
    assert bounds == sorted(bounds)
    json.dumps(letters.words_of(word))
    timings = {
        "characters": list(text),
        "character_start_times_seconds": times,
        "character_end_times_seconds": times[1:] + times[:1],
    }
    try:
        check(script.from_characters(timings))
    except ValueError as error:
        assert len(str(error)) > 10
