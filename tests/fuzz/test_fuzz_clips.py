"""Hostile clips and rig maps: files that somebody broke on purpose."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from clips import make_clip, saved
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talkface import load_clip
from talkface.rigs import load_map, rig
from talkface.sinks import FORMATS, SUFFIXES

pytest.importorskip("yaml", reason="PyYAML reads .anim")

MANY = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
PIECES = [b"NaN", b"1e999", b"-", b",", b"[", b"{", b'"', b"\n", b"\x00", b"\xff", b"9" * 400,
          b": ", b"null", b"Infinity", b"&a *a", b"time", b"[]", b"{}"]  # fmt: skip


def try_clip(path: Path, data: bytes) -> None:
    """Either refused with a reason, or a clip whose parts fit and are finite."""
    path.write_bytes(data)
    try:
        clip = load_clip(path)
    except ValueError as error:
        assert len(str(error)) > 10
        return
    assert clip.weights.shape == (len(clip), len(clip.channels))
    assert clip.head_rotation.shape == (len(clip), 4)
    for part in (clip.weights, clip.timestamps, clip.head_rotation):
        assert np.isfinite(part).all()


def broken(data: bytes, seed: int) -> bytes:
    """The data with a cut, a piece put in, or bytes changed."""
    generator = random.Random(seed)
    text = bytearray(data)
    for _ in range(generator.randint(1, 3)):
        at = generator.randrange(len(text) + 1)
        end = min(len(text), at + generator.choice((0, 1, 3, 40)))
        text[at:end] = generator.choice((b"", generator.choice(PIECES), text[at:end][::-1]))
    return bytes(text)


@MANY
@given(data=st.binary(max_size=200), suffix=st.sampled_from(SUFFIXES))
def test_any_bytes(tmp_path: Path, data: bytes, suffix: str) -> None:
    try_clip(tmp_path / f"a{suffix}", data)


@MANY
@given(seed=st.integers(0, 10**9), name=st.sampled_from([entry.name for entry in FORMATS]))
def test_broken_files(tmp_path: Path, seed: int, name: str) -> None:
    path = saved(make_clip(3), tmp_path, name)
    try_clip(path, broken(path.read_bytes(), seed))


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".anim", "AnimationClip: {m_FloatCurves: [{attribute: blendShape.jawOpen, curve: "
         "{m_Curve: [{time: 0, value: 0}, {time: 1e12, value: 0}]}}]}"),
        (".json", '{"exportFps": 1' + "0" * 400 + ', "facsNames": [], "weightMat": []}'),
        (".json", '{"exportFps": 1, "facsNames": ["a"], "weightMat": [[1' + "0" * 400 + "]]}"),
        (".json", "[" * 100_000),
        (".anim", "[" * 20_000),
    ],
)  # fmt: skip
def test_files_that_ask_for_too_much(tmp_path: Path, suffix: str, text: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"\w{4}"):
        load_clip(path)


@MANY
@given(seed=st.integers(0, 10**9))
def test_broken_maps(tmp_path: Path, seed: int) -> None:
    path = rig("vrm1").save(tmp_path / "map.json")
    path.write_bytes(broken(path.read_bytes(), seed))
    try:
        made = load_map(path).apply(make_clip(2))
    except ValueError as error:
        assert len(str(error)) > 10
    else:
        assert np.isfinite(made.weights).all()
