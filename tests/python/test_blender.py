"""The Blender script: its plain core in any Python, and the rest where bpy is installed."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from clips import make_clip, seeds, turned
from hypothesis import given, settings
from hypothesis import strategies as st

from talkface.cli import main
from talkface.clip import load_clip
from talkface.edits import load_edits
from talkface.rig import CHANNELS
from talkface.rigs.names import pascal, sided

SCRIPT = Path(__file__).resolve().parents[2] / "examples" / "blender_import.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("blender_import", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["line.json", "line.csv", "table-csv"])
def test_clips_are_read_as_the_package_reads_them(script, tmp_path: Path, name: str) -> None:
    clip = make_clip(12)
    kind = "table-csv" if name == "table-csv" else None
    path = clip.save(tmp_path / (name if kind is None else "table.csv"), kind)
    read = script.read_clip(path)
    ours = load_clip(path)
    assert np.allclose(read["times"], ours.timestamps)
    found, missing = script.match(read["channels"], CHANNELS)
    assert not missing
    for channel, own in found.items():
        assert np.allclose(read["channels"][channel], ours.channel(own))
    assert np.allclose(np.abs((np.array(read["head"]) * ours.head_rotation).sum(axis=1)), 1)


@pytest.mark.parametrize(
    "spell",
    [str, pascal, sided, lambda n: f"head_blendShapes.{sided(n)}", lambda n: f"BS_{pascal(n)}"],
)
def test_shape_keys_are_found_in_any_spelling(script, spell) -> None:
    names = [spell(name) for name in reversed(CHANNELS)]
    found, missing = script.match(CHANNELS, ["Basis", *names])
    assert not missing
    assert [found[name] for name in CHANNELS] == [spell(name) for name in CHANNELS]
    assert script.match(["jawOpen", "tongueOut"], ["Basis", "JawOpen"]) == (
        {"jawOpen": "JawOpen"},
        ["tongueOut"],
    )


@settings(max_examples=60, deadline=None)
@given(seed=seeds, frames=st.integers(2, 40), share=st.floats(0, 1))
def test_edits_give_back_what_the_animator_made(script, tmp_path_factory, seed, frames, share):
    """Baked plus edits is edited again, to LEAST; an untouched channel has no edits."""
    folder = tmp_path_factory.mktemp("edits")
    generator = np.random.default_rng(seed)
    baked = make_clip(frames, seed=seed)
    wanted = baked.weights.copy()
    touched = generator.uniform(size=(frames, 52)) < share
    wanted[:, ::2] = np.where(touched, generator.uniform(0, 1, (frames, 52)), wanted)[:, ::2]
    times = [float(t) for t in baked.timestamps]
    edits = {}
    for index, name in enumerate(CHANNELS):
        points = script.difference(times, baked.weights[:, index], wanted[:, index])
        if points:
            edits[name] = [[float(t), float(v)] for t, v in points]
    assert not set(edits) & set(CHANNELS[1::2])
    script.write_edits(folder / "edits.json", edits)
    again = load_edits(folder / "edits.json").apply(baked)
    assert np.abs(again.weights - wanted).max() < 2 * script.LEAST
    inside = script.with_edits(
        {"times": times, "channels": {n: baked.channel(n).tolist() for n in CHANNELS}},
        script.read_edits(folder / "edits.json"),
    )
    for name in CHANNELS:
        assert np.allclose(inside["channels"][name], again.channel(name), atol=1e-5)


def test_a_long_straight_edit_is_few_points(script) -> None:
    times = [i / 60 for i in range(601)]
    ramp = np.interp(times, [0, 2, 3, 5, 10], [0, 0, 0.4, 0, 0])
    points = script.difference(times, np.zeros(601), ramp)
    assert len(points) <= 6
    assert np.allclose([script.offset(points, t) for t in times], ramp, atol=script.LEAST)


def test_edits_fit_a_clip_that_was_baked_again(script, tmp_path: Path, capsys) -> None:
    """At another rate and length, with other weights; edited channels stay within 0 and 1."""
    points = {"mouthSmileLeft": [[0.1, 0.0], [0.2, 0.5], [0.3, 0.0]], "JawOpen": [[0.0, -2.0]]}
    script.write_edits(tmp_path / "edits.json", points)
    clip = make_clip(40, seed=4)
    path = clip.save(tmp_path / "new.npz")
    out = tmp_path / "out.npz"
    assert main(["edit", str(path), str(tmp_path / "edits.json"), "-o", str(out)]) == 0
    assert "2 channels edited" in capsys.readouterr().err
    made = load_clip(out)
    offset = np.interp(clip.timestamps, [0.1, 0.2, 0.3], [0, 0.5, 0])
    smile = np.clip(clip.channel("mouthSmileLeft") + offset, 0, 1)
    assert np.allclose(made.channel("mouthSmileLeft"), smile, atol=1e-6)
    assert not made.channel("jawOpen").any()
    rest = [i for i, n in enumerate(CHANNELS) if n not in ("mouthSmileLeft", "jawOpen")]
    assert np.array_equal(made.weights[:, rest], clip.weights[:, rest])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", "not a file of TalkFace edits"),
        ("{", "not JSON"),
        ('{"format": "talkface-edits", "version": 2, "channels": {}}', "newer TalkFace"),
        ('{"format": "talkface-edits", "version": 1}', "damaged"),
        ('{"format": "talkface-edits", "version": 1, "channels": {"a": [[1, 0], [1, 1]]}}', "grow"),
        ('{"format": "talkface-edits", "version": 1, "channels": {"a": [1, 2]}}', "pairs"),
    ],
)
def test_damaged_edits_are_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "edits.json").write_text(text)
    with pytest.raises(ValueError, match=words):
        load_edits(tmp_path / "edits.json")


def test_an_edited_channel_that_a_clip_lacks_is_told(script, tmp_path: Path) -> None:
    script.write_edits(tmp_path / "edits.json", {"earWiggle": [[0.0, 1.0]]})
    with pytest.raises(ValueError, match="no channel 'earWiggle'"):
        load_edits(tmp_path / "edits.json").apply(make_clip(3))


def test_other_files_are_refused(script, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"format": "other"}))
    (tmp_path / "a.csv").write_text("frame,jawOpen\n0,0.5\n")
    for name in ("a.json", "a.csv", "a.npz"):
        with pytest.raises(ValueError, match=r"not a TalkFace clip|no Timecode|give a TalkFace"):
            script.read_clip(tmp_path / name)


@pytest.fixture
def face():
    """A mesh in Blender with ARKit shape keys as Maya spells them, but for the tongue."""
    bpy = pytest.importorskip("bpy", reason="Blender's Python module is not installed")
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.context.scene.render.fps = 24
    mesh = bpy.data.meshes.new("Face")
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (0, 1, 0)], [], [(0, 1, 2)])
    thing = bpy.data.objects.new("Face", mesh)
    bpy.context.collection.objects.link(thing)
    thing.shape_key_add(name="Basis")
    for name in CHANNELS[:-1]:
        thing.shape_key_add(name=sided(name))
    return bpy, thing


def test_blender_takes_a_clip_and_gives_edits_back(script, face, tmp_path: Path) -> None:
    bpy, thing = face
    clip = make_clip(20, seed=1)
    path = clip.save(tmp_path / "line.json")
    scene = bpy.context.scene
    read = script.read_clip(path)
    assert script.import_clip(read, thing, scene) == ["tongueOut"]
    keys = thing.data.shape_keys
    for index in (0, 7, 19):
        at = scene.frame_start + clip.timestamps[index] * 24
        scene.frame_set(int(at), subframe=at % 1)
        for name in ("jawOpen", "eyeBlinkLeft"):
            assert keys.key_blocks[sided(name)].value == pytest.approx(
                float(clip.channel(name)[index]), abs=1e-4
            )
    assert script.export_edits(read, thing, scene, tmp_path / "none.json") == []

    curve = next(c for c in script._curves(keys) if "mouthSmile_L" in c.data_path)
    for point in curve.keyframe_points[5:12]:
        point.co.y = 0.9
    curve.update()
    assert script.export_edits(read, thing, scene, tmp_path / "edits.json") == ["mouthSmileLeft"]
    made = load_edits(tmp_path / "edits.json").apply(clip)
    assert np.allclose(made.channel("mouthSmileLeft")[5:12], 0.9, atol=1e-3)
    assert np.allclose(made.weights[:5], clip.weights[:5], atol=1e-3)


@pytest.mark.parametrize("which", ["turn", "nod", "tilt"])
def test_blender_turns_objects_and_bones(script, face, tmp_path: Path, which: str) -> None:
    """In Blender's world a face looks along -Y and its left is +X."""
    bpy, _ = face
    from mathutils import Vector

    read = script.read_clip(turned(**{which: 0.3}).save(tmp_path / "line.json"))
    scene = bpy.context.scene
    empty = bpy.data.objects.new("Pivot", None)
    armature = bpy.data.objects.new("Rig", bpy.data.armatures.new("Rig"))
    for thing in (empty, armature):
        bpy.context.collection.objects.link(thing)
    bpy.context.view_layer.objects.active = armature
    bpy.ops.object.mode_set(mode="EDIT")
    bone = armature.data.edit_bones.new("Head")
    bone.head, bone.tail, bone.roll = (0, 0, 1), (0.1, 0.2, 1.3), 0.7
    bpy.ops.object.mode_set(mode="OBJECT")
    script.import_head(read, empty, scene)
    pose = armature.pose.bones["Head"]
    script.import_head(read, pose, scene)
    scene.frame_set(scene.frame_start)
    bpy.context.view_layer.update()
    rest = armature.data.bones["Head"].matrix_local.to_quaternion()
    for turn in (empty.matrix_world.to_quaternion(), pose.matrix.to_quaternion() @ rest.inverted()):
        ahead, up = turn @ Vector((0, -1, 0)), turn @ Vector((0, 0, 1))
        found = {"turn": ahead.x, "nod": -ahead.z, "tilt": -up.x}
        for name, value in found.items():
            assert value == pytest.approx(np.sin(0.3) if name == which else 0.0, abs=1e-5)


def test_blender_runs_the_script_as_a_command(script, face, tmp_path: Path, capsys) -> None:
    _, thing = face
    path = make_clip(6).save(tmp_path / "line.json")
    script.main(["import", str(path), "--object", thing.name, "--save", str(tmp_path / "f.blend")])
    assert "no shape key for ['tongueOut']" in capsys.readouterr().out
    assert (tmp_path / "f.blend").is_file()
    script.main(["export", str(path), str(tmp_path / "edits.json"), "--object", thing.name])
    assert "no channel edited" in capsys.readouterr().out
    with pytest.raises(ValueError, match="no object 'Nobody'; there are"):
        script.main(["import", str(path), "--object", "Nobody"])


def test_the_add_on_registers(script, face, tmp_path: Path) -> None:
    bpy, thing = face
    script.register()
    try:
        bpy.context.view_layer.objects.active = thing
        path = make_clip(6).save(tmp_path / "line.json")
        assert bpy.ops.talkface.import_clip(filepath=str(path)) == {"FINISHED"}
        out = tmp_path / "edits.json"
        assert bpy.ops.talkface.export_edits(filepath=str(out)) == {"FINISHED"}
        assert load_edits(out).channels == {}
    finally:
        script.unregister()


def test_blender_opens_our_gltf(face, tmp_path: Path) -> None:
    """52 shape keys by name and their animation, by Blender's own importer."""
    bpy, _ = face
    clip = turned(turn=0.3, frames=5)
    clip.weights[:, CHANNELS.index("jawOpen")] = [0.0, 0.25, 0.5, 0.75, 1.0]
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.context.scene.render.fps = 60
    bpy.ops.import_scene.gltf(filepath=str(clip.save(tmp_path / "line.glb")))
    head = bpy.data.objects["head"]
    keys = head.data.shape_keys
    assert {block.name for block in keys.key_blocks[1:]} == set(CHANNELS)
    assert len(head.data.materials) == 6
    bpy.context.scene.frame_set(3)
    assert keys.key_blocks["jawOpen"].value == pytest.approx(0.75, abs=0.02)
    turn = head.matrix_world.to_quaternion()
    assert turn.to_euler().z == pytest.approx(0.3, abs=1e-3)
