"""Formats of clips: written, opened by an independent reader, and read back by name."""

from __future__ import annotations

import csv
import json
import math
import random
import re
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from clips import make_clip, rates, saved, seeds, turned
from hypothesis import given, settings
from hypothesis import strategies as st

from talkface import load_clip
from talkface.errors import MissingExtraError
from talkface.rig import CHANNELS
from talkface.rigs import rig
from talkface.sinks import FORMATS, SUFFIXES, for_reading, read_named

pytest.importorskip("yaml", reason="PyYAML reads .anim")

SCENES = {"gltf", "vrma", "usd"}
"""Formats with a scene besides the curves: test_scenes.py."""
NAMES = [entry.name for entry in FORMATS if entry.name not in SCENES]
CURVES = [name for name in NAMES if name != "head-csv"]
ANY_RIG = [name for name in CURVES if not name.startswith("livelink")]
HEADS = ["livelink-csv", "livelink-engine-csv", "head-csv", "json", "npz", "unity-anim"]
WEIGHT_ERROR = {"livelink-engine-csv": 6e-4}
HEAD_ERROR = {"livelink-engine-csv": 2e-3}


@settings(max_examples=60, deadline=None)
@given(frames=st.integers(0, 25), fps=rates, name=st.sampled_from(NAMES), seed=seeds)
def test_what_is_written_is_read_back(tmp_path_factory, frames, fps, name, seed) -> None:
    """Any whole or broken rate, down to no frames at all; the format is told from the file."""
    if name == "livelink-engine-csv":
        fps = Fraction(round(fps))
    clip = make_clip(frames, fps, seed)
    path = saved(clip, tmp_path_factory.mktemp("clip"), name)
    assert for_reading(path).name == name
    back = load_clip(path)
    assert len(back) == frames
    assert np.allclose(back.timestamps, clip.timestamps, atol=2e-5)
    if name in CURVES:
        assert back.channels == CHANNELS
        assert np.allclose(back.weights, clip.weights, atol=WEIGHT_ERROR.get(name, 2e-6))
    if name in HEADS:
        error = HEAD_ERROR.get(name, 1e-5)
        assert np.allclose(back.head_rotation, clip.head_rotation, atol=error)
    if frames > 3:
        assert back.fps == fps


@settings(max_examples=30, deadline=None)
@given(seed=seeds, name=st.sampled_from(["a2f-csv", "table-csv", "head-csv", "json", "npz"]))
def test_uneven_frames_keep_their_times(tmp_path_factory, seed, name) -> None:
    clip = make_clip(12, None, seed)
    back = load_clip(saved(clip, tmp_path_factory.mktemp("uneven"), name))
    assert np.allclose(back.timestamps, clip.timestamps, atol=1e-8)
    assert back.fps is None


def test_uneven_frames_in_unity_keep_their_times(tmp_path: Path) -> None:
    clip = make_clip(12, None, 5)
    clip.weights[3:9] = 0.25
    back = load_clip(saved(clip, tmp_path, "unity-anim"))
    assert np.allclose(back.timestamps, clip.timestamps, atol=1e-7)
    assert np.allclose(back.weights, clip.weights, atol=2e-6)


@pytest.mark.parametrize("name", ["a2f-json", "livelink-engine-csv"])
def test_formats_that_count_frames_refuse_uneven_ones(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="evenly spaced"):
        saved(make_clip(5, None), tmp_path, name)


def test_the_engine_csv_refuses_broken_rates(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"not 59\.9401.*--fps 60"):
        saved(make_clip(5, Fraction(60000, 1001)), tmp_path, "livelink-engine-csv")


@settings(max_examples=30, deadline=None)
@given(seed=seeds, name=st.sampled_from(ANY_RIG), rig_name=st.sampled_from(["metahuman", "vrm1"]))
def test_other_rigs_keep_their_names(tmp_path_factory, seed, name, rig_name) -> None:
    made = rig(rig_name).apply(make_clip(4, seed=seed))
    back = load_clip(saved(made, tmp_path_factory.mktemp("rig"), name))
    assert back.channels == rig(rig_name).targets
    assert np.allclose(back.weights, made.weights, atol=2e-6)


@pytest.mark.parametrize("name", ["livelink-csv", "livelink-engine-csv"])
def test_live_link_refuses_other_rigs(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="needs ARKit's 52 channels"):
        saved(rig("metahuman").apply(make_clip(3)), tmp_path, name)


def permuted_csv(path: Path, skip: int, shuffle: random.Random, pad: str = "") -> None:
    with path.open(newline="") as handle:
        rows = [[cell.strip() for cell in row] for row in csv.reader(handle)]
    order = list(range(skip, len(rows[0])))
    shuffle.shuffle(order)
    with path.open("w", newline="") as handle:
        for row in rows:
            handle.write(("," + pad).join([*row[:skip], *(row[i] for i in order)]) + "\n")


def permuted_json(path: Path, names: str, weights: str, shuffle: random.Random) -> None:
    document = json.loads(path.read_text())
    order = list(range(len(document[names])))
    shuffle.shuffle(order)
    document[names] = [document[names][i] for i in order]
    document[weights] = [[row[i] for i in order] for row in document[weights]]
    path.write_text(json.dumps(document))


def permuted_anim(path: Path, shuffle: random.Random) -> None:
    head, rest = path.read_text().split("  m_FloatCurves:\n")
    body, tail = rest.split("  m_PPtrCurves")
    curves = re.split(r"(?m)^(?=  - curve:)", body)[1:]
    shuffle.shuffle(curves)
    path.write_text(head + "  m_FloatCurves:\n" + "".join(curves) + "  m_PPtrCurves" + tail)


PERMUTE: dict[str, Callable[[Path, random.Random], None]] = {
    "livelink-csv": lambda path, shuffle: permuted_csv(path, 2, shuffle),
    "livelink-engine-csv": lambda path, shuffle: permuted_csv(path, 2, shuffle, " "),
    "a2f-csv": lambda path, shuffle: permuted_csv(path, 1, shuffle),
    "table-csv": lambda path, shuffle: permuted_csv(path, 1, shuffle),
    "head-csv": lambda path, shuffle: permuted_csv(path, 1, shuffle),
    "json": lambda path, shuffle: permuted_json(path, "channels", "weights", shuffle),
    "a2f-json": lambda path, shuffle: permuted_json(path, "facsNames", "weightMat", shuffle),
    "unity-anim": permuted_anim,
}


@settings(max_examples=40, deadline=None)
@given(seed=seeds, name=st.sampled_from(sorted(PERMUTE)))
def test_columns_are_read_by_name_in_any_order(tmp_path_factory, seed, name) -> None:
    clip = make_clip(4, seed=seed)
    path = saved(clip, tmp_path_factory.mktemp("permuted"), name)
    before = path.read_bytes()
    PERMUTE[name](path, random.Random(seed))
    assert path.read_bytes() != before
    back = load_clip(path)
    if name in CURVES:
        assert np.allclose(back.weights, clip.weights, atol=WEIGHT_ERROR.get(name, 2e-6))
    if name in HEADS:
        error = HEAD_ERROR.get(name, 1e-5)
        assert np.allclose(back.head_rotation, clip.head_rotation, atol=error)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("part", ["weights", "timestamps", "head_rotation", "head_translation"])
def test_values_that_are_not_finite_are_never_written(tmp_path, name: str, part: str) -> None:
    for value in (math.nan, math.inf):
        clip = make_clip(3)
        getattr(clip, part)[1] = value
        with pytest.raises(ValueError, match=f"holds {part} that are not finite"):
            saved(clip, tmp_path, name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", NAMES)
def test_values_that_are_not_finite_are_never_read(tmp_path: Path, name: str) -> None:
    path = saved(make_clip(3), tmp_path, name)
    if name == "npz":
        with np.load(path) as archive:
            arrays = dict(archive)
        arrays["weights"][0, 0] = np.nan
        np.savez(path, **arrays)
    else:
        text = path.read_text()
        place = list(re.finditer(r"(?<=[ ,\[])-?\d\.\d+", text))[-1]
        if name == "unity-anim":
            place = list(re.finditer(r"(?<=        value: )[\d.]+$", text, re.MULTILINE))[-1]
        if name == "json":
            place = re.compile(r"(?<=\[)\d\.\d+").search(text, text.index('"weights"'))
        path.write_text(text[: place.start()] + "NaN" + text[place.end() :])
    with pytest.raises(ValueError, match=r"finite|not a number"):
        load_clip(path)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.csv", "time,jawOpen\n0,0.1\n1,1e39\n", "not finite"),
        ("a.json", '{"exportFps": 30, "facsNames": ["a"], "weightMat": [[1e39]]}', "not finite"),
        ("a.csv", "time,jawOpen\n0,0.1\n0,0.2\n", "do not grow"),
        ("a.csv", "time,jawOpen,jawopen\n0,0.1,1\n", "twice"),
        ("a.csv", "time,jawOpen\n0\n", "damaged"),
        ("a.csv", "time,jawOpen,JawOpen_\n0,1,1\n", "both name jawOpen"),
        ("a.csv", "time,qx,qy,qz,qw\n0,0,0,0,0\n", "not a unit quaternion"),
        ("a.csv", "time,turn\n0,0\n", "needs columns qx qy qz qw or turn nod tilt"),
        ("a.csv", "timeCode,blendShapes.JawOpen,Other\n0,1,1\n", "Audio2Face"),
        ("a.csv", "Timecode, FrameRate, JawOpen\n0:0:0:0, 60, 0\n0:0:0:1, 30, 0\n", "FrameRate"),
        ("a.csv", "Timecode, FrameRate, JawOpen\n0:0:0, 60, 0\n", "not a timecode"),
        ("a.json", '{"exportFps": 30, "facsNames": ["a"]}', "needs exportFps, facsNames, weight"),
        ("a.json", '{"exportFps": 0, "facsNames": ["a"], "weightMat": [[1]]}', "frame rate"),
        ("a.json", '{"exportFps": 30, "facsNames": ["a"], "weightMat": [[1, 2]]}', "damaged"),
        ("a.json", '{"exportFps": 30, "facsNames": ["a", "a"], "weightMat": [[1, 2]]}', "twice"),
        ("a.json", '{"exportFps": 30, "facsNames": [1], "weightMat": [[1]]}', "list of names"),
        ("a.json", '{"exportFps": 30, "facsNames": ["a"], "weightMat": [[1]], "numFrames": 2}',
         "numFrames says 2, there are 1"),
        ("a.anim", "- 1\n", "not a Unity AnimationClip"),
        ("a.anim", "{", "not YAML"),
        ("a.anim", "AnimationClip: {m_FloatCurves: [{attribute: blendShape.a}]}", "damaged"),
        ("a.anim", "AnimationClip: {m_FloatCurves: [{attribute: blendShape.a, curve: {m_Curve: "
         "[{time: 1, value: 0}, {time: 0, value: 0}]}}]}", "do not grow"),
    ],
)  # fmt: skip
def test_bad_files_are_refused_with_a_reason(tmp_path: Path, name, text, words) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(ValueError, match=words):
        load_clip(path)


def test_meshes_that_disagree_are_refused(tmp_path: Path) -> None:
    path = make_clip(4).save(tmp_path / "a.anim")
    text = path.read_text()
    path.write_text(text.replace("blendShape.jawLeft", "blendShape.jawOpen"))
    with pytest.raises(ValueError, match="several meshes move jawOpen differently"):
        load_clip(path)
    same = turned().save(tmp_path / "b.anim")
    same.write_text(same.read_text().replace("blendShape.jawLeft", "blendShape.jawOpen"))
    assert len(load_clip(same)) == 3


def test_formats_are_named_and_told_apart(tmp_path: Path) -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert {".csv", ".json", ".npz", ".anim"} <= set(SUFFIXES)
    with pytest.raises(ValueError, match=r"no format 'gif'.*livelink-csv"):
        make_clip(1).save(tmp_path / "a.csv", "gif")
    with pytest.raises(ValueError, match="has no option depth; it has mesh, head, scale"):
        make_clip(1).save(tmp_path / "a.anim", depth=3)
    with pytest.raises(ValueError, match="reading npz has no option scale; it has none"):
        load_clip(make_clip(1).save(tmp_path / "a.npz"), scale=3)
    odd = make_clip(4).save(tmp_path / "a.txt", "a2f-json")
    assert np.allclose(load_clip(odd, "a2f-json").weights, make_clip(4).weights, atol=1e-6)
    with pytest.raises(ValueError, match="suffix must be one of"):
        load_clip(odd)


def test_without_pyyaml_the_extra_is_named(tmp_path: Path, monkeypatch) -> None:
    path = make_clip(2).save(tmp_path / "a.anim")
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(MissingExtraError, match=r"talkface\[formats\]"):
        load_clip(path)


def test_nothing_but_numpy_is_needed_until_a_format_asks() -> None:
    code = (
        "import sys; import talkface.sinks, talkface.rigs, talkface.convert; "
        "print(sorted({'yaml', 'pandas', 'torch', 'scipy', 'onnxruntime'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_strangers_beside_arkits_names_are_left_out_and_said(tmp_path: Path, caplog) -> None:
    path = tmp_path / "a.csv"
    path.write_text("time,jawOpen,mood,mouthClose\n0,0.25,3,0.5\n")
    with caplog.at_level("INFO", logger="talkface"):
        clip = load_clip(path)
    assert clip.channels == CHANNELS
    assert clip.channel("jawOpen")[0] == 0.25
    assert "left out: mood" in caplog.text
    assert read_named(path).channels == ("jawOpen", "mood", "mouthClose")
