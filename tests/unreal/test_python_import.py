"""The editor's import script: clips and curves in plain Python, and its calls against a stub."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from loading import load

from talkface import TalkFace
from talkface.clip import Clip
from talkface.retime import retime
from talkface.rig import CHANNELS
from talkface.rigs import rig
from talkface.rigs.names import pascal
from talkface.rotation import from_angles, to_angles

script = load("unreal_plugin/TalkFace/Content/Python/talkface_import.py")
SKELETON = "/Game/Heads/Skeleton"


@pytest.fixture(scope="module")
def clip() -> Clip:
    return TalkFace().animate(Path(__file__).parents[2] / "examples/speech.wav", fps=60)


@pytest.fixture
def unreal(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    stub = load("tests/unreal/editor/unreal.py")
    monkeypatch.setitem(sys.modules, "unreal", stub)
    stub.ASSETS[SKELETON] = stub.Skeleton()
    yield stub
    stub.reset()


def saved(clip: Clip, folder: Path, name: str, **how: str) -> Path:
    clip.save(folder / name, **how)
    return folder / name


def test_a_json_clip_is_read_as_it_is(clip: Clip, tmp_path: Path) -> None:
    read = script.read_clip(saved(clip, tmp_path, "line.json"))
    np.testing.assert_allclose(read["times"], clip.timestamps, atol=1e-9)
    assert list(read["channels"]) == list(CHANNELS)
    for name in CHANNELS:
        np.testing.assert_allclose(read["channels"][name], clip.channel(name), atol=1e-6)
    np.testing.assert_allclose(read["head"], np.stack(to_angles(clip.head_rotation), 1), atol=1e-6)


def test_an_app_csv_is_read_by_column_names(clip: Clip, tmp_path: Path) -> None:
    read = script.read_clip(saved(clip, tmp_path, "line.csv"))
    np.testing.assert_allclose(read["times"], clip.timestamps, atol=1e-4)
    assert {script.pascal(name) for name in CHANNELS} == set(read["channels"])
    for name in ("jawLeft", "jawRight", "mouthLeft", "mouthSmileRight"):
        np.testing.assert_allclose(read["channels"][pascal(name)], clip.channel(name), atol=1e-6)
    np.testing.assert_allclose(read["head"], np.stack(to_angles(clip.head_rotation), 1), atol=1e-6)


def test_a_table_has_no_head(clip: Clip, tmp_path: Path) -> None:
    mapped = rig("metahuman").apply(clip)
    read = script.read_clip(saved(mapped, tmp_path, "table.csv", format="table-csv"))
    assert read["head"] is None
    curves = script.to_curves(read, "as-is")
    assert list(curves) == list(mapped.channels)
    np.testing.assert_allclose(
        curves["CTRL_expressions_jawOpen"], clip.channel("jawOpen"), atol=1e-6
    )


def test_metahuman_curves_are_the_rig_map(clip: Clip, tmp_path: Path) -> None:
    read = script.read_clip(saved(clip, tmp_path, "line.json"))
    curves = script.to_curves(read, "metahuman", head=False)
    mapped = rig("metahuman").apply(clip)
    assert list(curves) == list(mapped.channels)
    for index, name in enumerate(mapped.channels):
        np.testing.assert_allclose(curves[name], mapped.weights[:, index], atol=1e-6)


def test_arkit_curves_have_unreals_names_and_the_apps_head(clip: Clip, tmp_path: Path) -> None:
    read = script.read_clip(saved(clip, tmp_path, "line.json"))
    curves = script.to_curves(read, "arkit")
    assert list(curves) == [*map(pascal, CHANNELS), "HeadYaw", "HeadPitch", "HeadRoll"]
    turn, nod, tilt = to_angles(clip.head_rotation)
    np.testing.assert_allclose(curves["HeadYaw"], turn, atol=1e-6)
    np.testing.assert_allclose(curves["HeadPitch"], -nod, atol=1e-6)
    np.testing.assert_allclose(curves["HeadRoll"], tilt, atol=1e-6)
    assert "HeadYaw" not in script.to_curves(read, "arkit", head=False)


@pytest.mark.parametrize(("axis", "name"), [(0, "HeadRoll"), (1, "HeadYaw"), (2, "HeadPitch")])
def test_shake_nod_and_tilt_turn_the_metahumans_bone(axis: int, name: str) -> None:
    angles = [0.0, 0.0, 0.0]
    angles[axis] = math.radians(12)
    clip = {"times": [0.0], "channels": {"jawOpen": [0.5]}, "head": [tuple(angles)]}
    curves = script.to_curves(clip, "metahuman")
    assert curves["HeadControlSwitch"] == [1.0]
    for curve in ("HeadRoll", "HeadPitch", "HeadYaw"):
        assert curves[curve] == pytest.approx([12.0 if curve == name else 0.0])


def test_a_mixed_turn_is_the_rotation_of_the_bone() -> None:
    """The rotator, put together again as Unreal does it, is the quaternion that C++ tests against
    the bone's axes."""
    turn, nod, tilt = 0.3, -0.2, 0.15
    x, y, z, w = from_angles(turn, nod, tilt).astype(float)
    roll, pitch, yaw = np.radians(script._bone_rotator(turn, nod, tilt)) / 2
    sp, cp, sy, cy, sr, cr = (f(a) for a in (pitch, yaw, roll) for f in (np.sin, np.cos))
    rebuilt = (
        cr * sp * sy - sr * cp * cy, -cr * sp * cy - sr * cp * sy,
        cr * cp * sy - sr * sp * cy, cr * cp * cy + sr * sp * sy,
    )  # fmt: skip
    np.testing.assert_allclose(rebuilt, (-y, -z, x, w), atol=1e-6)


@pytest.mark.parametrize(
    ("fps", "rate"), [(24, 30), (25, 30), (30, 30), (50, 60), (60, 60), (59.94, 60), (120, 120)]
)
def test_the_sequences_rate_is_a_multiple_of_30_that_loses_no_frame(fps: float, rate: int) -> None:
    times = [i / fps for i in range(100)]
    assert script.sequence_rate(times) == rate


@pytest.mark.parametrize("fps", [24, 30, 50, 60])
def test_resampled_curves_stay_on_the_clips_lines(clip: Clip, fps: int) -> None:
    moved = retime(clip, fps)
    times = [float(t) for t in moved.timestamps]
    rate = script.sequence_rate(times)
    frames = round(times[-1] * rate)
    made = script.resample(times, [float(v) for v in moved.channel("jawOpen")], rate, frames)
    wanted = np.interp(np.arange(frames + 1) / rate, times, moved.channel("jawOpen"))
    np.testing.assert_allclose(made, wanted, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("line.fbx", "", "give a .json or .csv"),
        ("line.json", "{}", "not a TalkFace clip"),
        ("line.json", "{", "line.json: Expecting"),
        ("line.csv", "time,jawOpen\n0,x\n", "line.csv: could not convert"),
        ("line.json", '{"format": "talkface-clip", "version": 9}', "newer"),
        ("line.json", '{"format": "talkface-clip", "version": 1}', "damaged"),
        ("line.csv", "", "first column"),
        ("line.csv", "a,b\n1,2\n", "first column"),
        ("line.csv", "time,jawOpen\n", "no frames"),
        ("line.csv", "time,jawOpen\n1,0\n1,0\n", "out of order"),
        ("line.csv", "time,jawOpen\n0,0\n1\n", "damaged"),
        ("line.csv", "Timecode,BlendshapeCount,JawOpen\nx,61,0\n", "not a timecode"),
    ],
)
def test_files_that_cannot_be_read_say_why(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(ValueError, match=message):
        script.read_clip(tmp_path / name)


def test_rigs_that_do_not_fit_say_why() -> None:
    clip = {"times": [0.0], "channels": {"Hat": [0.5]}, "head": None}
    with pytest.raises(ValueError, match="no rig 'cc4'"):
        script.to_curves(clip, "cc4")
    with pytest.raises(ValueError, match="none of ARKit's channels"):
        script.to_curves(clip, "metahuman")


def test_the_map_may_lie_beside_the_script_and_is_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "__file__", str(tmp_path / "talkface_import.py"))
    with pytest.raises(ValueError, match="copy it beside"):
        script._map_file()
    (tmp_path / "metahuman.json").write_text("{}")
    assert script._map_file() == tmp_path / "metahuman.json"


@pytest.mark.parametrize("fps", [24, 50, 60])
def test_a_clip_becomes_a_sequence(
    unreal: ModuleType, clip: Clip, tmp_path: Path, fps: int
) -> None:
    moved = retime(clip, fps)
    made = script.import_clip(saved(moved, tmp_path, "my line.json"), SKELETON, rig="metahuman")
    assert made.path == "/Game/TalkFace/my_line"
    assert made.skeleton is unreal.ASSETS[SKELETON]
    assert [made] == unreal.SAVED
    controller = made.controller
    assert controller.depth == 0
    assert controller.frames / controller.rate == pytest.approx(moved.timestamps[-1], abs=0.04)
    assert len(made.curves) == 251 + 4
    keys = np.array(made.curves["CTRL_expressions_jawOpen"])
    wanted = np.interp(keys[:, 0], moved.timestamps, moved.channel("jawOpen"))
    np.testing.assert_allclose(keys[:, 1], wanted, atol=1e-5)
    assert made.curves["CTRL_expressions_earUpL"] == [(0.0, 0.0)]


def test_a_second_import_replaces_the_curves(
    unreal: ModuleType, clip: Clip, tmp_path: Path
) -> None:
    path = saved(clip, tmp_path, "line.json")
    first = script.import_clip(path, SKELETON)
    second = script.import_clip(path, unreal.ASSETS[SKELETON], rig="metahuman")
    assert second is first
    assert "JawOpen" not in second.curves


def test_assets_that_do_not_fit_say_why(unreal: ModuleType, clip: Clip, tmp_path: Path) -> None:
    path = saved(clip, tmp_path, "line.json")
    with pytest.raises(ValueError, match="is not a Skeleton"):
        script.import_clip(path, "/Game/Nothing")
    unreal.ASSETS["/Game/TalkFace/line"] = unreal.Skeleton()
    with pytest.raises(ValueError, match="no AnimSequence"):
        script.import_clip(path, SKELETON)
    with pytest.raises(ValueError, match="could not create"):
        script.import_clip(path, SKELETON, folder="Game")


def test_a_folder_is_imported_and_errors_do_not_stop_it(
    unreal: ModuleType, clip: Clip, tmp_path: Path
) -> None:
    saved(clip, tmp_path, "a.json")
    saved(clip, tmp_path, "c.csv")
    (tmp_path / "b.json").write_text("{}")
    (tmp_path / "notes.txt").write_text("")
    assert script.main([str(tmp_path), "--skeleton", SKELETON, "--no-head"]) == 1
    assert set(unreal.ASSETS) == {SKELETON, "/Game/TalkFace/a", "/Game/TalkFace/c"}
    assert any("b.json" in line and line.startswith("error") for line in unreal.LOG)
    (tmp_path / "b.json").unlink()
    assert script.main([str(tmp_path), "--skeleton", SKELETON, "--rig", "metahuman"]) == 0


def test_an_import_can_be_cancelled(unreal: ModuleType, clip: Clip, tmp_path: Path) -> None:
    paths = [saved(clip, tmp_path, f"{name}.json") for name in "abc"]
    unreal.CANCEL_AFTER.append(1)
    assert list(script.import_many(paths, SKELETON)) == paths[:1]


def test_the_script_needs_nothing_but_the_editors_python() -> None:
    """UE 5.4 to 5.8 have Python 3.11 and no packages."""
    import ast

    text = Path(script.__file__).read_text("utf-8")
    tree = ast.parse(text, feature_version=(3, 11))
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported == {"argparse", "csv", "json", "math", "re", "itertools", "pathlib", "unreal"}
    assert json.loads(script._map_file().read_text("utf-8"))["name"] == "metahuman"
