"""Files that TalkFace writes, opened by pandas, by a YAML parser and by the json module."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from clips import make_clip, saved, turned

from talkface import load_clip
from talkface.rig import CHANNELS, LIVE_LINK_CSV_COLUMNS, ROTATION_COLUMNS
from talkface.rigs import rig
from talkface.rigs.names import pascal
from talkface.rotation import to_angles

yaml = pytest.importorskip("yaml", reason="PyYAML is the independent reader of .anim")
pandas = pytest.importorskip("pandas", reason="pandas is the independent reader of CSV")


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
    assert np.allclose(load_clip(tmp_path / "a.anim", scale=1).weights, clip.weights, atol=1e-6)
    for refused in (lambda: clip.save(tmp_path / "b.anim", scale=0),
                    lambda: load_clip(tmp_path / "a.anim", scale="-1")):  # fmt: skip
        with pytest.raises(ValueError, match="scale must be above 0"):
            refused()


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


def test_a_head_does_not_go_the_long_way_round(tmp_path: Path) -> None:
    """A quaternion and its negative are one rotation, but not one key."""
    clip = make_clip(6)
    clip.head_rotation[2::2] *= -1
    body = unity(clip.save(tmp_path / "a.anim", head="Head"))
    keys = body["m_RotationCurves"][0]["curve"]["m_Curve"]
    turns = np.array([[key["value"][axis] for axis in "xyzw"] for key in keys])
    assert ((turns[1:] * turns[:-1]).sum(axis=1) > 0).all()


def test_ticks_of_an_uneven_clip_do_not_thin_out(tmp_path: Path) -> None:
    clip = make_clip(9, None)
    clip.weights[:] = 0.5
    body = unity(clip.save(tmp_path / "a.anim"))
    assert len(body["m_FloatCurves"][0]["curve"]["m_Curve"]) == 9
