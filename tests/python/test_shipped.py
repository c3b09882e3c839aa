"""Bundles that ship: found by name, listed, and what the low-latency one promises."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import talkface
from talkface import TalkFace
from talkface.cli import BAD_INPUT, OK, main
from talkface.shipped import default_bundle, listed, locate, names

ROOT = Path(__file__).resolve().parents[2]
SPEECH = str(ROOT / "examples" / "speech.wav")
TINY = ROOT / "tests" / "golden" / "tiny"


def test_a_name_opens_the_bundle_in_the_package(low_latency_face: TalkFace) -> None:
    assert names() == ("default", "low_latency")
    assert low_latency_face.info["name"] == "low_latency"
    assert low_latency_face.path == default_bundle().parent / "low_latency"
    assert locate("default") == locate(None) == default_bundle()


def test_a_folder_of_that_name_comes_first(tmp_path: Path, monkeypatch) -> None:
    shutil.copytree(TINY, tmp_path / "low_latency")
    monkeypatch.chdir(tmp_path)
    assert TalkFace("low_latency").info["name"] == TalkFace(TINY).info["name"]
    assert TalkFace(Path("low_latency")).info["name"] == TalkFace(TINY).info["name"]


def test_an_unknown_name_says_what_there_is(tmp_path: Path, capsys) -> None:
    with pytest.raises(FileNotFoundError, match=r"'high_latency'.*default, low_latency"):
        TalkFace("high_latency")
    with pytest.raises(FileNotFoundError, match=r"a folder with a manifest\.json"):
        TalkFace(tmp_path / "low_latency")
    assert main(["inspect", "high_latency"]) == BAD_INPUT
    assert "low_latency" in capsys.readouterr().err


def test_the_low_latency_bundle_keeps_its_budget(
    low_latency_face: TalkFace, default_face: TalkFace
) -> None:
    assert low_latency_face.info["look_ahead"] <= 640
    assert low_latency_face.stream(16000).latency <= 0.080
    for rate in (8000, 16000, 44100, 48000, 192000):
        latency = low_latency_face.stream(rate).latency
        assert latency <= 0.084
        assert latency == pytest.approx(default_face.stream(rate).latency - 0.060, abs=1e-6)


def test_the_low_latency_bundle_gives_what_the_default_gives(
    low_latency_face: TalkFace, default_face: TalkFace
) -> None:
    assert low_latency_face.bundle_channels == default_face.bundle_channels
    assert low_latency_face.expression_channels == default_face.expression_channels
    assert low_latency_face.emotions == default_face.emotions
    assert low_latency_face.identities == default_face.identities
    assert low_latency_face.info["has_head"]
    assert low_latency_face.info["viseme_count"] == 15
    ours, theirs = (
        face.animate(SPEECH, emotion="neutral").channel("jawOpen")
        for face in (low_latency_face, default_face)
    )
    assert 0.8 < np.corrcoef(ours, theirs)[0, 1] < 1.0


def test_bundles_are_listed(capsys) -> None:
    assert main(["bundles"]) == OK
    text = capsys.readouterr().out
    assert "TalkFace low_latency bundle: lower quality, for conversation" in text
    assert "latency 140 ms (look-ahead 100, hop 40)" in text
    assert "latency 80 ms (look-ahead 40, hop 40)" in text
    assert main(["bundles", "--json"]) == OK
    rows = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in rows] == [bundle.name for bundle in listed()]
    assert [row["latency_ms"] for row in rows] == [140, 80]
    for row in rows:
        assert TalkFace(row["path"]).info["version"] == row["version"]
        assert 1 < row["megabytes"] < 10


def test_commands_take_the_name(tmp_path: Path, low_latency_face: TalkFace, capsys) -> None:
    out = tmp_path / "o.npz"
    assert main(["animate", SPEECH, "-o", str(out), "-q", "--bundle", "low_latency"]) == OK
    expected = low_latency_face.animate(SPEECH)
    assert np.array_equal(talkface.load_clip(out).weights, expected.weights)
    assert main(["inspect", "low_latency"]) == OK
    assert "look-ahead 40 ms" in capsys.readouterr().out
