"""The programs in examples/ run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from building import compile_and_link, run
from pages import ROOT

from talkface import TalkFace

SPEECH = ROOT / "examples" / "speech.wav"


@pytest.mark.parametrize("name", ["animate.py", "stream.py"])
def test_python_examples_run(name: str, tmp_path: Path) -> None:
    assert run([sys.executable, str(ROOT / "examples" / name), str(SPEECH)], tmp_path)


@pytest.mark.parametrize(
    ("name", "argument"),
    [("animate.cpp", str(SPEECH)), ("stream.c", None), ("crowd.cpp", None)],
)
def test_compiled_examples_run(name: str, argument: str | None, tmp_path: Path) -> None:
    compile_and_link(ROOT / "examples" / name, tmp_path / "example")
    out = run([str(tmp_path / "example"), argument or str(TalkFace().path)], tmp_path)
    assert "jawOpen" in out
