"""Formats of clips: written, opened by an independent reader, and read back by name."""

from __future__ import annotations

import csv
import json
import math
import random
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from clips import make_clip, rates, seeds, turned
from hypothesis import given, settings
from hypothesis import strategies as st

from talkface import Clip, load_clip
from talkface.rig import CHANNELS, LIVE_LINK_CSV_COLUMNS, ROTATION_COLUMNS
from talkface.rigs import rig
from talkface.rigs.names import pascal
from talkface.rotation import to_angles
from talkface.sinks import FORMATS, SUFFIXES, for_reading, read_named
from talkface.sinks.formats import by_name

yaml = pytest.importorskip("yaml", reason="PyYAML reads .anim")
pandas = pytest.importorskip("pandas", reason="pandas is the independent reader of CSV")

SCENES = {"gltf", "vrma", "usd"}
"""Formats with a scene besides the curves: test_scenes.py."""
NAMES = [entry.name for entry in FORMATS if entry.name not in SCENES]
CURVES = [name for name in NAMES if name != "head-csv"]
ANY_RIG = [name for name in CURVES if not name.startswith("livelink")]
HEADS = ["livelink-csv", "livelink-engine-csv", "head-csv", "json", "npz", "unity-anim"]
WEIGHT_ERROR = {"livelink-engine-csv": 6e-4}
HEAD_ERROR = {"livelink-engine-csv": 2e-3}


def saved(clip: Clip, folder: Path, name: str, **options: Any) -> Path:
    if name == "unity-anim":
        options.setdefault("head", "Head")
    return clip.save(folder / f"clip{by_name(name).suffix}", name, **options)


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


# Independent readers.


def test_pandas_opens_the_apps_csv(tmp_path: Path) -> None:
    clip = make_clip(7)
    table = pandas.read_csv(saved(clip, tmp_path, "livelink-csv"))
    assert list(table.columns) == ["Timecode", "BlendshapeCount", *LIVE_LINK_CSV_COLUMNS]
    assert (table["BlendshapeCount"] == 61).all()
    for name in CHANNELS:
        assert np.allclose(table[pascal(name)], clip.channel(name), atol=1e-6)
    turn, nod, tilt = to_angles(clip.head_rotation)
    for column, angle in (("HeadYaw", turn), ("HeadPitch", -nod), ("HeadRoll", tilt)):
        assert np.allclose(table[column], angle, atol=1e-6)


def test_pandas_opens_the_engines_csv(tmp_path: Path) -> None:
    clip = make_clip(70, Fraction(60))
    path = saved(clip, tmp_path, "livelink-engine-csv")
    assert path.read_bytes().startswith(b"Timecode, FrameRate, EyeBlinkLeft, EyeLookDownLeft, ")
    assert path.read_bytes().count(b"\r\n") == 71
    table = pandas.read_csv(path, skipinitialspace=True)
    assert list(table.columns) == ["Timecode", "FrameRate", *map(pascal, CHANNELS),
                                   *ROTATION_COLUMNS]  # fmt: skip
    assert (table["FrameRate"] == 60).all()
    assert list(table["Timecode"][[0, 59, 69]]) == ["0:0:0:0", "0:0:0:59", "0:0:1:9"]
    for name in CHANNELS:
        assert np.allclose(table[pascal(name)], clip.channel(name), atol=6e-4)
    degrees = np.degrees(to_angles(clip.head_rotation)[0])
    assert np.allclose(table["HeadYaw"] * 180, degrees, atol=0.1)


def test_pandas_opens_audio2faces_csv(tmp_path: Path) -> None:
    clip = make_clip(9, Fraction(30))
    table = pandas.read_csv(saved(clip, tmp_path, "a2f-csv"))
    assert list(table.columns) == ["timeCode", *(f"blendShapes.{pascal(n)}" for n in CHANNELS)]
    assert np.allclose(table["timeCode"], clip.timestamps)
    assert np.allclose(table["blendShapes.JawOpen"], clip.channel("jawOpen"), atol=1e-6)


def test_pandas_opens_tables_and_head_tracks(tmp_path: Path) -> None:
    clip = rig("metahuman").apply(make_clip(9))
    table = pandas.read_csv(saved(clip, tmp_path, "table-csv"))
    assert list(table.columns) == ["time", *clip.channels]
    name = "CTRL_expressions_jawOpen"
    assert np.allclose(table[name], clip.channel(name), atol=1e-6)
    head = pandas.read_csv(saved(clip, tmp_path, "head-csv"))
    assert list(head.columns) == [
        "time",
        "x",
        "y",
        "z",
        "qx",
        "qy",
        "qz",
        "qw",
        "turn",
        "nod",
        "tilt",
    ]
    assert np.allclose(head[["x", "y", "z"]], clip.head_translation, atol=1e-7)
    assert np.allclose(head[["qx", "qy", "qz", "qw"]], clip.head_rotation, atol=1e-7)
    assert np.allclose(np.radians(head["nod"]), to_angles(clip.head_rotation)[1], atol=1e-6)


def test_audio2faces_json(tmp_path: Path) -> None:
    clip = make_clip(6, Fraction(60000, 1001))
    document = json.loads(saved(clip, tmp_path, "a2f-json", track="hello.wav").read_text())
    assert document["exportFps"] == pytest.approx(59.94, abs=1e-4)
    assert (document["numPoses"], document["numFrames"]) == (52, 6)
    assert document["trackPath"] == "hello.wav"
    assert document["facsNames"] == [pascal(name) for name in CHANNELS]
    assert np.allclose(document["weightMat"], clip.weights, atol=1e-6)


class UnityLoader(yaml.SafeLoader):  # type: ignore[misc]
    """PyYAML, told that Unity's tags are plain mappings."""


UnityLoader.add_multi_constructor(
    "tag:unity3d.com,2011:", lambda loader, _, node: loader.construct_mapping(node, deep=True)
)


def unity(path: Path) -> dict[str, Any]:
    documents = list(yaml.load_all(path.read_text(), UnityLoader))
    assert len(documents) == 1
    return documents[0]["AnimationClip"]


def test_a_yaml_parser_opens_unitys_anim(tmp_path: Path) -> None:
    clip = make_clip(8, Fraction(30))
    path = clip.save(tmp_path / "line one.anim", mesh="Hero/Face: main")
    body = unity(path)
    assert body["m_Name"] == "line one"
    assert body["m_SampleRate"] == 30
    assert body["m_AnimationClipSettings"]["m_StopTime"] == pytest.approx(7 / 30)
    assert body["m_RotationCurves"] == []
    curves = body["m_FloatCurves"]
    assert [c["attribute"] for c in curves] == [f"blendShape.{name}" for name in CHANNELS]
    assert {c["path"] for c in curves} == {"Hero/Face: main"}
    assert {c["classID"] for c in curves} == {137}
    keys = curves[CHANNELS.index("jawOpen")]["curve"]["m_Curve"]
    values = np.array([key["value"] for key in keys])
    assert np.allclose(values, 100 * clip.channel("jawOpen"), atol=1e-4)
    assert np.allclose([key["time"] for key in keys], clip.timestamps)
    slopes = np.diff(values) * 30
    assert np.allclose([key["outSlope"] for key in keys[:-1]], slopes, rtol=1e-3, atol=1e-2)
    assert np.allclose([key["inSlope"] for key in keys[1:]], slopes, rtol=1e-3, atol=1e-2)


def test_unity_for_gltf_imports_runs_to_one(tmp_path: Path) -> None:
    clip = make_clip(3)
    body = unity(clip.save(tmp_path / "a.anim", scale=1))
    keys = body["m_FloatCurves"][17]["curve"]["m_Curve"]
    assert np.allclose([key["value"] for key in keys], clip.weights[:, 17], atol=1e-6)
    with pytest.raises(ValueError, match="scale must be above 0"):
        clip.save(tmp_path / "b.anim", scale=0)


def test_a_held_value_needs_two_keys(tmp_path: Path) -> None:
    clip = turned(frames=50)
    body = unity(clip.save(tmp_path / "still.anim"))
    assert {len(c["curve"]["m_Curve"]) for c in body["m_FloatCurves"]} == {2}
    assert len(load_clip(tmp_path / "still.anim")) == 50


def test_an_animators_curve_is_read_as_unity_plays_it(tmp_path: Path) -> None:
    path = tmp_path / "ease.anim"
    path.write_text(
        "%YAML 1.1\n%TAG !u! tag:unity3d.com,2011:\n--- !u!74 &7400000\nAnimationClip:\n"
        "  m_SampleRate: 4\n  m_FloatCurves:\n  - curve:\n      m_Curve:\n"
        "      - {time: 0, value: 0, inSlope: 0, outSlope: 0}\n"
        "      - {time: 1, value: 100, inSlope: 0, outSlope: Infinity}\n"
        "      - {time: 2, value: 40, inSlope: Infinity, outSlope: 0}\n"
        "    attribute: blendShape.jawOpen\n    path: Face\n    classID: 137\n"
        "  - curve:\n      m_Curve:\n      - {time: 0, value: 7}\n"
        "    attribute: m_IsActive\n    path: Hat\n    classID: 1\n"
    )
    clip = load_clip(path)
    ease = [3 * u**2 - 2 * u**3 for u in (0, 0.25, 0.5, 0.75)]
    assert clip.fps == 4
    assert np.allclose(clip.channel("jawOpen"), [*ease, 1, 1, 1, 1, 0.4], atol=1e-6)


@pytest.mark.parametrize(
    ("pose", "unity_axis"),
    [({"nod": 0.2}, (1, 0, 0)), ({"turn": 0.3}, (0, -1, 0)), ({"tilt": 0.1}, (0, 0, -1))],
)
def test_nod_turn_and_tilt_in_unity(tmp_path: Path, pose, unity_axis) -> None:
    """Unity is left-handed, y up, z forward: + about x looks down, + about y turns right, and +
    about z lifts the right side."""
    body = unity(turned(**pose).save(tmp_path / "head.anim", head="Armature/Head"))
    (curve,) = body["m_RotationCurves"]
    assert curve["path"] == "Armature/Head"
    value = curve["curve"]["m_Curve"][0]["value"]
    angle = next(iter(pose.values()))
    expected = [*(math.sin(angle / 2) * a for a in unity_axis), math.cos(angle / 2)]
    assert np.allclose([value[axis] for axis in "xyzw"], expected, atol=1e-6)
    assert np.allclose(
        load_clip(tmp_path / "head.anim").head_rotation, turned(**pose).head_rotation, atol=1e-6
    )


@pytest.mark.parametrize(
    ("pose", "column", "value"),
    [
        ({"turn": 0.3}, "HeadYaw", 0.3),
        ({"nod": 0.3}, "HeadPitch", -0.3),
        ({"tilt": 0.3}, "HeadRoll", 0.3),
    ],
)
def test_nod_turn_and_tilt_in_the_engines_csv(tmp_path: Path, pose, column, value) -> None:
    path = saved(turned(**pose), tmp_path, "livelink-engine-csv")
    row = pandas.read_csv(path, skipinitialspace=True).iloc[0]
    for name in ("HeadYaw", "HeadPitch", "HeadRoll"):
        expected = math.degrees(value) / 180 if name == column else 0
        assert row[name] == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize("pose", [{"turn": 0.3}, {"nod": 0.2}, {"tilt": 0.1}])
def test_nod_turn_and_tilt_in_a_head_track(tmp_path: Path, pose) -> None:
    path = saved(turned(**pose), tmp_path, "head-csv")
    table = pandas.read_csv(path)
    for name in ("turn", "nod", "tilt"):
        assert np.allclose(table[name], math.degrees(pose.get(name, 0.0)), atol=1e-5)
    table[["time", "turn", "nod", "tilt"]].to_csv(path, index=False)
    assert np.allclose(load_clip(path).head_rotation, turned(**pose).head_rotation, atol=1e-6)


def test_an_audio2face_csv_of_pandas(tmp_path: Path) -> None:
    """NVIDIA's client writes it with pandas, row numbers first."""
    clip = make_clip(5, Fraction(30))
    path = saved(clip, tmp_path, "a2f-csv")
    pandas.read_csv(path).to_csv(path)
    assert path.read_text().startswith(",timeCode,blendShapes.EyeBlinkLeft")
    assert np.allclose(load_clip(path).weights, clip.weights, atol=2e-6)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
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
    odd = make_clip(4).save(tmp_path / "a.txt", "a2f-json")
    assert np.allclose(load_clip(odd, "a2f-json").weights, make_clip(4).weights, atol=1e-6)
    with pytest.raises(ValueError, match="suffix must be one of"):
        load_clip(odd)


def test_strangers_beside_arkits_names_are_left_out_and_said(tmp_path: Path, caplog) -> None:
    path = tmp_path / "a.csv"
    path.write_text("time,jawOpen,mood,mouthClose\n0,0.25,3,0.5\n")
    with caplog.at_level("INFO", logger="talkface"):
        clip = load_clip(path)
    assert clip.channels == CHANNELS
    assert clip.channel("jawOpen")[0] == 0.25
    assert "left out: mood" in caplog.text
    assert read_named(path).channels == ("jawOpen", "mood", "mouthClose")
