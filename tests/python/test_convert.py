"""Retiming, ``talkface convert`` and ``talkface formats``."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from clips import make_clip, rates, seeds, turned
from hypothesis import given, settings
from hypothesis import strategies as st

from talkface import Clip, cli, load_clip
from talkface.retime import frame_rate, retime
from talkface.rig import CHANNELS
from talkface.rigs import rig
from talkface.rotation import to_angles


@pytest.mark.parametrize(
    ("given", "rate"),
    [
        (30, Fraction(30)), ("60", Fraction(60)), (59.94, Fraction(60000, 1001)),
        ("29.97", Fraction(30000, 1001)), (23.976, Fraction(24000, 1001)),
        ("60000/1001", Fraction(60000, 1001)), (12.5, Fraction(25, 2)),
    ],
)  # fmt: skip
def test_frame_rates(given: float | str, rate: Fraction) -> None:
    assert frame_rate(given) == rate


@pytest.mark.parametrize("given", ["fast", 0, -30, 2000, "1/0", float("nan"), float("inf")])
def test_bad_frame_rates(given: float | str) -> None:
    with pytest.raises(ValueError, match="frame rate"):
        frame_rate(given)


@settings(max_examples=40, deadline=None)
@given(seed=seeds, frames=st.integers(1, 30), fps=rates, start=st.integers(0, 50))
def test_retimed_frames_lie_between_their_neighbours(seed, frames, fps, start) -> None:
    clip = make_clip(frames, Fraction(60), seed)
    object.__setattr__(clip, "timestamps", clip.timestamps + start / 60)
    made = retime(clip, fps)
    assert made.fps == fps
    indices = made.timestamps * float(fps)
    assert np.allclose(indices, np.rint(indices), atol=1e-6)
    for column in range(52):
        expected = np.interp(made.timestamps, clip.timestamps, clip.weights[:, column])
        assert np.allclose(made.weights[:, column], expected, atol=1e-6)
    assert np.allclose(np.linalg.norm(made.head_rotation, axis=1), 1, atol=1e-6)
    if frames > 1 and len(made) > 1:
        assert made.timestamps[0] >= clip.timestamps[0] - 1e-6
        assert made.timestamps[-1] <= clip.timestamps[-1] + 1e-6


def test_the_same_rate_changes_nothing() -> None:
    clip = make_clip(30)
    made = retime(clip, 60)
    assert np.allclose(made.weights, clip.weights, atol=1e-6)
    assert np.allclose(made.head_rotation, clip.head_rotation, atol=1e-6)
    assert len(retime(make_clip(0), 30)) == 0


def test_heads_turn_evenly_along_the_shortest_arc() -> None:
    clip = turned(frames=2)
    clip.head_rotation[1] = -turned(turn=1.0, frames=1).head_rotation[0]
    object.__setattr__(clip, "timestamps", np.array([0.0, 1.0]))
    turn, nod, tilt = to_angles(retime(clip, 4).head_rotation)
    assert np.allclose(turn, [0, 0.25, 0.5, 0.75, 1.0], atol=1e-6)
    assert np.abs([nod, tilt]).max() < 1e-6


def run(*arguments: object) -> int:
    return cli.main([str(argument) for argument in arguments])


@pytest.fixture
def source(tmp_path: Path) -> tuple[Clip, Path]:
    clip = make_clip(31, Fraction(30), 4)
    return clip, clip.save(tmp_path / "in.npz")


def test_convert_between_formats_and_rates(tmp_path: Path, source, capsys) -> None:
    clip, path = source
    assert run("convert", path, tmp_path / "b.csv", "--fps", "59.94") == cli.OK
    assert "52 of 52 channels used" in capsys.readouterr().err
    assert run("convert", tmp_path / "b.csv", tmp_path / "c.anim", "--fps", 30) == cli.OK
    assert run("convert", tmp_path / "c.anim", tmp_path / "d.json", "--to", "a2f-json") == cli.OK
    back = load_clip(tmp_path / "d.json")
    assert back.fps == 30
    assert len(back) == pytest.approx(len(clip), abs=1)
    at_59 = retime(retime(clip, 59.94), 30)
    assert np.allclose(back.weights, at_59.weights[: len(back)], atol=1e-4)


def test_convert_to_a_rig_and_back(tmp_path: Path, source, capsys) -> None:
    clip, path = source
    there = tmp_path / "b.anim"
    assert run("convert", path, there, "--rig", "metahuman", "--json") == cli.OK
    report = json.loads(capsys.readouterr().out)
    assert report["source_rig"] == "arkit"
    assert len(report["matched"]) == 52
    assert len(report["driven"]) + len(report["neutral"]) == 251
    assert "CTRL_expressions_jawOpen" in report["driven"]
    assert "CTRL_expressions_earUpL" in report["neutral"]
    assert run("convert", there, tmp_path / "c.csv") == cli.BAD_INPUT
    assert "--rig arkit" in capsys.readouterr().err
    assert run("convert", there, tmp_path / "c.csv", "--rig", "arkit") == cli.OK
    assert "metahuman; 75 of 251 channels used" in capsys.readouterr().err
    assert np.allclose(load_clip(tmp_path / "c.csv").weights, clip.weights, atol=1e-5)
    assert run("convert", there, tmp_path / "d.npz", "--rig", "cc4") == cli.OK
    expected = rig("cc4").apply(clip)
    assert np.allclose(load_clip(tmp_path / "d.npz").weights, expected.weights, atol=1e-5)
    assert run("convert", there, tmp_path / "e.npz", "--rig", "metahuman") == cli.OK
    expected = rig("metahuman").apply(clip)
    assert np.allclose(load_clip(tmp_path / "e.npz").weights, expected.weights, atol=1e-5)


def test_convert_by_a_map_of_the_user(tmp_path: Path, source, capsys) -> None:
    clip, path = source
    mine = tmp_path / "mine.json"
    mine.write_text(
        json.dumps({
            "format": "talkface-rig-map", "version": 1, "name": "mine",
            "rows": [{"to": "Jaw", "from": {"jawOpen": 0.5}}, {"to": "Tail", "from": {"wag": 1}}],
        })
    )  # fmt: skip
    out = tmp_path / "b.csv"
    assert run("convert", path, out, "--map", mine, "--to", "table-csv", "--prefix", "m.") == 0
    said = capsys.readouterr().err
    assert "1 of 52 channels used" in said
    assert "taken as 0: wag" in said
    assert "1 channels driven, 1 at rest" in said
    back = load_clip(out)
    assert back.channels == ("m.Jaw", "m.Tail")
    assert np.allclose(back.channel("m.Jaw"), clip.channel("jawOpen") / 2, atol=1e-6)
    with pytest.raises(SystemExit):
        run("convert", path, out, "--map", mine, "--rig", "vrm1")
    capsys.readouterr()
    assert run("convert", path, out, "--map", tmp_path / "no.json") == cli.BAD_INPUT


def test_convert_onto_an_avatars_own_names(tmp_path: Path, source, capsys) -> None:
    clip, path = source
    names = tmp_path / "names.txt"
    names.write_text("BS_jawOpen\nhat\n\nBS_eyeBlink_R\n")
    out = tmp_path / "b.anim"
    assert run("convert", path, out, "--names", names, "--option", "mesh=Hero/Face") == cli.OK
    assert "2 channels driven, 1 at rest" in capsys.readouterr().err
    text = out.read_text()
    assert text.count("path: Hero/Face") == 3
    assert "attribute: blendShape.BS_eyeBlink_R" in text
    back = load_clip(out)
    assert back.channels == CHANNELS
    assert np.allclose(back.channel("eyeBlinkRight"), clip.channel("eyeBlinkRight"), atol=1e-5)


def test_convert_between_scales_of_unity(tmp_path: Path, source, capsys) -> None:
    clip, path = source
    one, two = tmp_path / "one.anim", tmp_path / "two.npz"
    assert run("convert", path, one, "--option", "scale=1") == cli.OK
    assert "unity-anim keeps any rig" in capsys.readouterr().err
    assert run("convert", one, two, "--from-option", "scale=1", "-q") == cli.OK
    assert capsys.readouterr().err == ""
    assert np.allclose(load_clip(two).weights, clip.weights, atol=1e-6)


def test_what_the_source_lacks_is_at_rest(tmp_path: Path, capsys) -> None:
    path = rig("mediapipe").apply(make_clip(4)).save(tmp_path / "a.csv", "table-csv")
    assert run("convert", path, path, "--rig", "cc4", "--to", "a2f-csv", "--json") == cli.OK
    report = json.loads(capsys.readouterr().out)
    assert report["source_format"] == "table-csv"
    assert report["unmatched"] == ["_neutral"]
    assert report["missing"] == ["tongueOut"]
    assert report["neutral"] == ["Tongue_Out"]
    assert len(report["driven"]) == 61


def test_visemes_go_onto_oculus_and_nowhere_else(tmp_path: Path, source, capsys) -> None:
    clip, path = source
    out = tmp_path / "b.json"
    assert run("convert", path, out, "--rig", "oculus15", "--to", "a2f-json") == cli.OK
    assert "15 channels driven" in capsys.readouterr().err
    assert np.allclose(load_clip(out).weights, clip.visemes, atol=1e-6)
    assert run("convert", out, tmp_path / "c.csv", "--rig", "arkit") == cli.BAD_INPUT


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["none.npz", "b.csv"], "no such clip"),
        (["in.npz", "b.fbx"], "suffix must be one of"),
        (["in.npz", "b.csv", "--rig", "spider"], "no rig 'spider'"),
        (["in.npz", "b.csv", "--to", "fbx"], "no format 'fbx'"),
        (["in.npz", "b.csv", "--option", "mesh=a"], "no option mesh"),
        (["odd.csv", "b.csv", "--rig", "arkit"], "cannot tell the rig of 2 channels"),
        (["in.npz", "deep/b.csv"], "no such folder"),
        (["odd.csv", "b.csv", "--from", "npz"], "no zip archive"),
        (["in.npz", "b.csv", "--rig", "vrm1"], "--to table-csv"),
        (["in.npz", "b.csv", "--names", "in.npz"], "in.npz is not text in UTF-8"),
        (["header.csv", "b.csv"], "header.csv holds no frames"),
        (["cut.usda", "b.csv"], "cut.usda is damaged"),
        (["cut.anim", "b.csv"], "cut.anim is damaged: an entry has no attribute"),
    ],
)
def test_what_cannot_be_converted_is_refused_with_a_reason(
    tmp_path: Path, source, monkeypatch, capsys, arguments, words
) -> None:
    assert source[1].parent == tmp_path
    (tmp_path / "odd.csv").write_text("time,alpha,beta\n0,1,2\n")
    (tmp_path / "header.csv").write_text("Timecode,BlendshapeCount,JawOpen\n")
    for suffix, end in ((".usda", b"float[] blendShapeWeights"), (".anim", b"attribute")):
        whole = load_clip(source[1]).save(tmp_path / f"whole{suffix}").read_bytes()
        (tmp_path / f"cut{suffix}").write_bytes(whole[: whole.index(end)])
    monkeypatch.chdir(tmp_path)
    assert run("convert", *arguments) == cli.BAD_INPUT
    assert words in capsys.readouterr().err
    assert not (tmp_path / "b.csv").exists()


def test_formats_lists_formats_and_rigs(capsys) -> None:
    assert run("formats", "--json") == cli.OK
    listed = json.loads(capsys.readouterr().out)
    names = {entry["name"] for entry in listed["formats"]}
    assert {"livelink-csv", "livelink-engine-csv", "a2f-json", "unity-anim"} <= names
    assert {entry["name"]: len(entry["channels"]) for entry in listed["rigs"]}["metahuman"] == 251
    assert run("formats") == cli.OK
    text = capsys.readouterr().out
    assert all(name in text for name in names)
    assert "options mesh, head, scale" in text
