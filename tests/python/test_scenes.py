"""glTF, VRM animation and UsdSkel: opened by independent readers, and read back by name."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from clips import make_clip, rates, seeds, turned
from hypothesis import given, settings
from hypothesis import strategies as st

from talkface import Clip, load_clip
from talkface.glb import Glb
from talkface.rig import CHANNELS
from talkface.rotation import to_angles
from talkface.sinks import read_named
from talkface.sinks.gltf_nodes import Nodes, multiply, turn
from talkface.sinks.gltf_sink import fit
from talkface.sinks.vrma import PRESETS

pygltflib = pytest.importorskip("pygltflib", reason="an independent reader of glTF")
trimesh = pytest.importorskip("trimesh", reason="an independent reader of glTF")
Usd = pytest.importorskip("pxr.Usd", reason="usd-core is the independent reader of USD")

SUFFIX = {"gltf": ".glb", "vrma": ".vrma", "usd": ".usda"}
WHOLE = {"gltf": {}, "vrma": {"expressions": "arkit"}, "usd": {}}
"""Options with which all 52 channels are kept."""


def shuffled(clip: Clip, seed: int) -> Clip:
    order = np.random.default_rng(seed).permutation(len(clip.channels))
    names = tuple(clip.channels[i] for i in order)
    return replace(clip, channels=names, weights=clip.weights[:, order])


@settings(max_examples=40, deadline=None)
@given(frames=st.integers(1, 20), fps=rates, name=st.sampled_from([*SUFFIX]), seed=seeds)
def test_what_is_written_is_read_back_by_name(tmp_path_factory, frames, fps, name, seed) -> None:
    clip = make_clip(frames, fps, seed)
    path = tmp_path_factory.mktemp("scene") / f"clip{SUFFIX[name]}"
    options = {**WHOLE[name], **({"mesh": False} if name == "usd" else {})}
    shuffled(clip, seed).save(path, name, **options)
    back = load_clip(path)
    assert back.channels == CHANNELS
    assert np.allclose(back.weights, clip.weights, atol=1e-6)
    assert np.allclose(back.timestamps, clip.timestamps, atol=1e-6)
    assert np.allclose(np.abs((back.head_rotation * clip.head_rotation).sum(1)), 1, atol=1e-6)
    if name != "vrma":
        assert np.allclose(back.head_translation, clip.head_translation, atol=1e-6)
    if frames > 3:
        assert back.fps == fps


@pytest.mark.parametrize("name", SUFFIX)
def test_uneven_frames_keep_their_times(tmp_path: Path, name: str) -> None:
    clip = make_clip(12, None, 3)
    back = load_clip(clip.save(tmp_path / f"clip{SUFFIX[name]}", name, **WHOLE[name]))
    assert np.allclose(back.timestamps, clip.timestamps, atol=1e-6)
    assert np.allclose(back.weights, clip.weights, atol=1e-6)


def gltf_head(path: Path) -> tuple[float, float, float]:
    """Angles of the head by pygltflib."""
    document = pygltflib.GLTF2().load_binary(str(path))
    return quaternion_angles(sampled_by_pygltflib(document, "head", "rotation")[0])


def sampled_by_pygltflib(document: Any, node: str, path: str) -> np.ndarray:
    index = next(i for i, item in enumerate(document.nodes) if item.name == node)
    animation = document.animations[0]
    channel = next(
        c for c in animation.channels if c.target.node == index and c.target.path == path
    )
    accessor = document.accessors[animation.samplers[channel.sampler].output]
    view = document.bufferViews[accessor.bufferView]
    start = view.byteOffset + (accessor.byteOffset or 0)
    width = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}[accessor.type]
    data = document.binary_blob()[start : start + 4 * width * accessor.count]
    return np.frombuffer(data, "<f4").reshape(-1, width)


def quaternion_angles(quaternion: np.ndarray) -> tuple[float, float, float]:
    """How far +Z goes to +X, how far +Z goes down, and how far +Y goes to -X, by a matrix that is
    not of the package."""
    transforms = trimesh.transformations
    x, y, z, w = (float(v) for v in quaternion)
    matrix = transforms.quaternion_matrix([w, x, y, z])[:3, :3]
    forward, up = matrix[:, 2], matrix[:, 1]
    return float(forward[0]), float(-forward[1]), float(-up[0])


def usd_head(path: Path) -> tuple[float, float, float]:
    """Angles of the head's joint by usd-core."""
    from pxr import UsdSkel

    stage = Usd.Stage.Open(str(path))
    animation = UsdSkel.Animation(stage.GetPrimAtPath("/Face/Animation"))
    rotation = animation.GetRotationsAttr().Get(0)[0]
    return quaternion_angles(np.array([*rotation.GetImaginary(), rotation.GetReal()]))


HEADS: dict[str, Callable[[Path], tuple[float, float, float]]] = {
    "gltf": gltf_head,
    "vrma": gltf_head,
    "usd": usd_head,
}


@pytest.mark.parametrize("name", HEADS)
def test_turn_nod_and_tilt_have_the_signs_of_the_format(tmp_path: Path, name: str) -> None:
    """+Y up and +Z out of the face in all three: turning left takes +Z to +X, nodding takes it
    down, tilting to the right takes +Y to -X."""
    for which in range(3):
        angles = [0.0, 0.0, 0.0]
        angles[which] = 0.3
        path = turned(*angles).save(tmp_path / f"head{SUFFIX[name]}", name)
        found = HEADS[name](path)
        expected = [0.0, 0.0, 0.0]
        expected[which] = np.sin(0.3)
        assert np.allclose(found, expected, atol=1e-6)
        assert np.allclose(
            np.ravel(to_angles(load_clip(path).head_rotation[:1])), angles, atol=1e-6
        )


def test_gltf_opens_in_independent_readers(tmp_path: Path) -> None:
    clip = make_clip(30)
    path = clip.save(tmp_path / "clip.glb")
    scene = trimesh.load(path)
    assert len(scene.geometry) > 3
    low, high = scene.bounds
    assert high[1] - low[1] > 0.3
    assert abs(low[0] + high[0]) < 1e-3

    document = pygltflib.GLTF2().load_binary(str(path))
    mesh = document.meshes[0]
    assert mesh.extras["targetNames"] == list(CHANNELS)
    assert {len(p.targets) for p in mesh.primitives} == {52}
    weights = sampled_by_pygltflib(document, "head", "weights").reshape(-1, 52)
    assert np.array_equal(weights, clip.weights)
    moved = sampled_by_pygltflib(document, "head", "translation")
    assert np.allclose(moved, clip.head_translation)
    for sampler in document.animations[0].samplers:
        times = document.accessors[sampler.input]
        assert (times.type, times.componentType) == ("SCALAR", 5126)
        assert times.min == [0.0]
        assert times.max == pytest.approx([clip.seconds])
        assert sampler.interpolation == "LINEAR"
        assert document.accessors[sampler.output].componentType == 5126


def test_a_glb_is_laid_out_as_the_specification_says(tmp_path: Path) -> None:
    data = make_clip(5).save(tmp_path / "clip.glb").read_bytes()
    magic, version, size, text_size, kind = struct.unpack_from("<4sIIII", data)
    assert (magic, version, size, kind) == (b"glTF", 2, len(data), 0x4E4F534A)
    assert text_size % 4 == 0
    document = json.loads(data[20 : 20 + text_size])
    binary_size, kind = struct.unpack_from("<II", data, 20 + text_size)
    assert (binary_size % 4, kind) == (0, 0x004E4942)
    assert document["buffers"][0]["byteLength"] == binary_size
    for view in document["bufferViews"]:
        assert view["byteOffset"] % 4 == 0
        assert view["byteOffset"] + view["byteLength"] <= binary_size


def model(path: Path, meshes: dict[str, list[str]], nodes: list[dict[str, Any]]) -> Path:
    """A GLB of flat triangles with named blendshapes, in the order of the given nodes."""
    glb = Glb({"asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": [0]}]})
    corners = glb.accessor(np.eye(3, dtype="<f4"), bounds=True)
    for name, names in meshes.items():
        targets = [{"POSITION": corners} for _ in names]
        primitive = {"attributes": {"POSITION": corners}, "targets": targets}
        extras = {"targetNames": names} if names else {}
        glb.add("meshes", {"name": name, "primitives": [primitive], "extras": extras})
    glb.document["nodes"] = nodes
    glb.write(path)
    return path


def test_a_model_of_the_users_is_matched_by_name(tmp_path: Path) -> None:
    """Other spellings, two meshes, targets that nobody knows, a head bone deep in a rig."""
    source = model(
        tmp_path / "mine.glb",
        {"Face": ["head_blendShapes.jawOpen", "EyeBlink_L", "Nonsense"], "Teeth": ["JawOpen"]},
        [
            {"name": "Root", "children": [1], "rotation": [0.7071068, 0, 0, 0.7071068]},
            {"name": "Armature", "children": [2, 3], "scale": [0.01, 0.01, 0.01]},
            {
                "name": "mixamorig:Head", "translation": [0, 0, 150],
                "rotation": [-0.7071068, 0, 0, 0.7071068],
            },
            {"name": "FaceNode", "mesh": 0, "children": [4]},
            {"name": "TeethNode", "mesh": 1},
        ],
    )  # fmt: skip
    clip = make_clip(10)
    report = fit(clip, source, tmp_path / "out.glb")
    assert report.matched == ("head_blendShapes.jawOpen", "EyeBlink_L", "JawOpen")
    assert report.unmatched == ("Nonsense",)
    assert report.head == "mixamorig:Head"
    assert set(report.missing) == set(CHANNELS) - {"jawOpen", "eyeBlinkLeft"}
    assert "left alone: Nonsense" in str(report)

    document = pygltflib.GLTF2().load_binary(str(tmp_path / "out.glb"))
    face = sampled_by_pygltflib(document, "FaceNode", "weights").reshape(-1, 3)
    assert np.array_equal(face[:, 0], clip.channel("jawOpen"))
    assert np.array_equal(face[:, 1], clip.channel("eyeBlinkLeft"))
    assert not face[:, 2].any()
    teeth = sampled_by_pygltflib(document, "TeethNode", "weights").reshape(-1, 1)
    assert np.array_equal(teeth[:, 0], clip.channel("jawOpen"))

    # The bone's turn in the world is the head's: root's times its own, against its rest.
    own = sampled_by_pygltflib(document, "mixamorig:Head", "rotation")
    root = np.array([0.7071068, 0, 0, 0.7071068])
    assert np.allclose(np.abs((multiply(root, own) * clip.head_rotation).sum(axis=1)), 1, atol=1e-6)
    moved = sampled_by_pygltflib(document, "mixamorig:Head", "translation")
    away = turn(root, (moved - (0, 0, 150)) * 0.01)
    assert np.allclose(away, clip.head_translation, atol=1e-6)
    back = read_named(tmp_path / "out.glb")
    assert np.allclose(back.head_translation, clip.head_translation, atol=1e-6)
    assert np.allclose(np.abs((back.head_rotation * clip.head_rotation).sum(1)), 1, atol=1e-6)


def test_bones_look_about_where_blendshapes_cannot(tmp_path: Path) -> None:
    nodes = [
        {"name": "Face", "mesh": 0, "children": [1]},
        {"name": "Head", "children": [2, 3]},
        {"name": "LeftEye"},
        {"name": "RightEye"},
    ]
    source = model(tmp_path / "mine.glb", {"Face": ["jawOpen"]}, nodes)
    clip = turned(frames=2)
    for name in ("eyeLookOutLeft", "eyeLookInRight"):
        clip.weights[:, CHANNELS.index(name)] = 1.0
    report = fit(clip, source, tmp_path / "out.glb")
    assert report.eyes == ("LeftEye", "RightEye")
    document = pygltflib.GLTF2().load_binary(str(tmp_path / "out.glb"))
    for eye in report.eyes:
        found = quaternion_angles(sampled_by_pygltflib(document, eye, "rotation")[0])
        assert np.allclose(found, (np.sin(0.611), 0, 0), atol=1e-6)


def test_visemes_of_a_model_move_too(tmp_path: Path) -> None:
    names = [f"viseme_{name}" for name in ("sil", "PP", "aa", "O", "U", "E", "I", "FF")]
    source = model(tmp_path / "mine.glb", {"Face": names}, [{"name": "Face", "mesh": 0}])
    clip = make_clip(8)
    report = fit(clip, source, tmp_path / "out.glb")
    assert report.meshes == {"Face": "oculus15"}
    assert report.head is None
    back = read_named(tmp_path / "out.glb")
    assert np.allclose(back.channel("viseme_PP"), clip.visemes[:, 1], atol=1e-6)


def test_models_that_cannot_be_moved_are_refused(tmp_path: Path) -> None:
    clip = make_clip(3)
    nodes = [{"name": "Face", "mesh": 0}]
    nameless = model(tmp_path / "nameless.glb", {"Face": []}, nodes)
    with pytest.raises(ValueError, match="no blendshape that is known"):
        clip.save(tmp_path / "out.glb", model=str(nameless))
    strange = model(tmp_path / "strange.glb", {"Face": ["Foo", "Bar"]}, nodes)
    with pytest.raises(ValueError, match="Foo, Bar"):
        clip.save(tmp_path / "out.glb", model=str(strange))
    good = model(tmp_path / "good.glb", {"Face": ["jawOpen"]}, nodes)
    with pytest.raises(ValueError, match="no node named 'Skull'"):
        clip.save(tmp_path / "out.glb", model=str(good), head="Skull")
    with pytest.raises(FileNotFoundError, match="no such model"):
        clip.save(tmp_path / "out.glb", model=str(tmp_path / "none.glb"))
    with pytest.raises(ValueError, match="not a GLB"):
        fit(clip, make_clip(2).save(tmp_path / "clip.json"), tmp_path / "out.glb")
    with pytest.raises(ValueError, match="at least one frame"):
        make_clip(0).save(tmp_path / "out.glb")


def test_a_matrix_is_taken_apart(tmp_path: Path) -> None:
    """Animated nodes must have none (glTF 2.0, 3.6.2.2)."""
    matrix = trimesh.transformations.euler_matrix(0.3, -0.5, 0.8) @ np.diag([2, 2, 2, 1.0])
    matrix[:3, 3] = (1, 2, 3)
    nodes = [{"name": "Head", "mesh": 0, "matrix": matrix.T.ravel().tolist()}]
    glb = Glb.read(model(tmp_path / "mine.glb", {"Face": ["jawOpen"]}, nodes))
    rest = Nodes(glb).rest(0)
    x, y, z, w = rest.rotation
    again = trimesh.transformations.quaternion_matrix([w, x, y, z]) @ np.diag([2, 2, 2, 1.0])
    assert np.allclose(again[:3, :3], matrix[:3, :3])
    assert np.allclose(rest.translation, (1, 2, 3))
    assert "matrix" not in glb.document["nodes"][0]


@pytest.mark.parametrize("cut", [4, 19, 200, -7])
@pytest.mark.parametrize("suffix", [".glb", ".vrma"])
def test_a_cut_glb_is_refused(tmp_path: Path, suffix: str, cut: int) -> None:
    path = make_clip(5).save(tmp_path / f"clip{suffix}")
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ValueError, match=r"not a GLB|damaged"):
        load_clip(path)


QUIET, SIGNALLING = (struct.pack("<I", bits) for bits in (0x7FC00000, 0x7F800001))
"""NaN in two ways: a processor raises a flag at the second."""


@pytest.mark.parametrize(
    ("suffix", "new"),
    [(".glb", QUIET), (".glb", SIGNALLING), (".vrma", SIGNALLING), (".usda", b"NaN")],
)
def test_values_that_are_not_finite_are_never_read(tmp_path: Path, suffix: str, new: bytes) -> None:
    clip = make_clip(4)
    clip.weights[2, 7] = 0.123456
    path = clip.save(
        tmp_path / f"clip{suffix}", **({"expressions": "arkit"} if suffix == ".vrma" else {})
    )
    data = path.read_bytes()
    old = b"0.123456" if suffix == ".usda" else struct.pack("<f", 0.123456)
    assert old in data
    path.write_bytes(data.replace(old, new))
    with pytest.raises(ValueError, match="not finite"):
        load_clip(path)


def test_vrma_has_what_vrm_asks_for(tmp_path: Path) -> None:
    """Presets but for looks, which are the gaze's; the required bones; only the head moves."""
    clip = turned(nod=0.2, frames=4)
    clip.weights[:, CHANNELS.index("eyeLookUpLeft")] = 1.0
    clip.weights[:, CHANNELS.index("eyeLookUpRight")] = 1.0
    clip.weights[:, CHANNELS.index("eyeBlinkLeft")] = 0.5
    document = pygltflib.GLTF2().load_binary(str(clip.save(tmp_path / "clip.vrma")))
    extension = document.extensions["VRMC_vrm_animation"]
    assert document.extensionsUsed == ["VRMC_vrm_animation"]
    assert extension["specVersion"] == "1.0"
    bones = extension["humanoid"]["humanBones"]
    for bone in ("hips", "spine", "head", "leftHand", "rightFoot", "leftUpperLeg"):
        assert document.nodes[bones[bone]["node"]].name == bone
    presets = extension["expressions"]["preset"]
    assert set(presets) <= set(PRESETS)
    assert {"aa", "ih", "ou", "ee", "oh", "blinkLeft", "blinkRight"} <= set(presets)
    assert "custom" not in extension["expressions"]
    blink = sampled_by_pygltflib(document, "blinkLeft", "translation")
    assert np.allclose(blink, [[0.5, 0, 0]] * 4)
    look = quaternion_angles(sampled_by_pygltflib(document, "lookAt", "rotation")[0])
    assert np.allclose(look, (0, -np.sin(0.611), 0), atol=1e-6)
    channels = document.animations[0].channels
    moved = {document.nodes[c.target.node].name for c in channels if c.target.path == "rotation"}
    assert moved == {"head", "lookAt"}
    back = read_named(tmp_path / "clip.vrma")
    assert set(back.channels) == set(presets)
    with pytest.raises(ValueError, match="presets or arkit"):
        clip.save(tmp_path / "clip.vrma", expressions="all")


def test_usd_opens_in_usd_core_and_the_skeleton_moves_the_face(tmp_path: Path) -> None:
    from pxr import UsdGeom, UsdSkel

    clip = make_clip(6)
    stage = Usd.Stage.Open(str(clip.save(tmp_path / "clip.usda")))
    assert UsdGeom.GetStageUpAxis(stage) == "Y"
    assert UsdGeom.GetStageMetersPerUnit(stage) == 1.0
    assert stage.GetTimeCodesPerSecond() == 60
    assert (stage.GetStartTimeCode(), stage.GetEndTimeCode()) == (0, 5)
    animation = UsdSkel.Animation(stage.GetPrimAtPath("/Face/Animation"))
    assert list(animation.GetBlendShapesAttr().Get()) == list(CHANNELS)
    weights = np.array(animation.GetBlendShapeWeightsAttr().Get(3))
    assert np.allclose(weights, clip.weights[3], atol=1e-6)
    moved = animation.GetTranslationsAttr().Get(3)[0]
    assert np.allclose(np.array(moved), clip.head_translation[3], atol=1e-6)

    root = UsdSkel.Root(stage.GetPrimAtPath("/Face"))
    cache = UsdSkel.Cache()
    assert cache.Populate(root, Usd.PrimDefaultPredicate)
    mesh = stage.GetPrimAtPath("/Face/Head")
    query = cache.GetSkinningQuery(mesh)
    assert query.HasBlendShapes()
    assert list(query.GetBlendShapeOrder()) == list(CHANNELS)
    skeleton = cache.GetSkelQuery(UsdSkel.Skeleton(stage.GetPrimAtPath("/Face/Skeleton")))
    assert skeleton.GetAnimQuery().GetPrim().GetPath() == "/Face/Animation"
    shapes = UsdSkel.BlendShapeQuery(UsdSkel.BindingAPI(mesh))
    assert shapes.GetNumBlendShapes() == 52
    points = UsdGeom.Mesh(mesh).GetPointsAttr().Get()
    before = np.array(points)
    open_mouth = [float(name == "jawOpen") for name in CHANNELS]
    subshapes = shapes.ComputeSubShapeWeights(open_mouth)
    deformed = type(points)(points)
    assert shapes.ComputeDeformedPoints(
        *subshapes,
        shapes.ComputeBlendShapePointIndices(),
        shapes.ComputeSubShapePointOffsets(),
        deformed,
    )
    assert (before - np.array(deformed))[:, 1].max() > 0.02


def test_usd_without_the_mesh_takes_any_rig(tmp_path: Path) -> None:
    clip = replace(make_clip(4), channels=tuple(f"CTRL_{i}" for i in range(52)))
    stage = Usd.Stage.Open(str(clip.save(tmp_path / "clip.usda", mesh=False)))
    assert not stage.GetPrimAtPath("/Face/Head")
    back = read_named(tmp_path / "clip.usda")
    assert back.channels == clip.channels
    assert np.allclose(back.weights, clip.weights, atol=1e-6)
    with pytest.raises(ValueError, match="no blendshape for 'CTRL_0'"):
        clip.save(tmp_path / "clip.usda")
    with pytest.raises(ValueError, match="cannot name"):
        replace(clip, channels=("a.b", *clip.channels[1:])).save(tmp_path / "clip.usda", mesh=False)


def test_binary_usd_says_what_to_do(tmp_path: Path) -> None:
    stage = Usd.Stage.Open(str(make_clip(3).save(tmp_path / "clip.usda")))
    stage.Export(str(tmp_path / "clip.usdc"))
    (tmp_path / "clip.usda").write_bytes((tmp_path / "clip.usdc").read_bytes())
    with pytest.raises(ValueError, match="binary USD; save it as text"):
        load_clip(tmp_path / "clip.usda")


def test_usd_that_another_tool_wrote_is_read(tmp_path: Path) -> None:
    """usd-core's own text of the same stage."""
    clip = make_clip(6)
    stage = Usd.Stage.Open(str(clip.save(tmp_path / "clip.usda")))
    stage.Export(str(tmp_path / "again.usda"))
    back = load_clip(tmp_path / "again.usda")
    assert np.allclose(back.weights, clip.weights, atol=1e-6)
    assert np.allclose(back.head_translation, clip.head_translation, atol=1e-6)


def test_the_command_tells_what_a_model_did_not_take(tmp_path: Path, caplog) -> None:
    from talkface.cli import main

    nodes = [{"name": "Face", "mesh": 0}]
    source = model(tmp_path / "mine.glb", {"Face": ["jawOpen", "Wart"]}, nodes)
    clip = make_clip(3).save(tmp_path / "line.json")
    out = tmp_path / "out.glb"
    assert main(["convert", str(clip), str(out), "--option", f"model={source}"]) == 0
    assert "left alone: Wart" in caplog.text
    assert "channels without a blendshape: eyeBlinkLeft" in caplog.text
    assert "head: no node of a known name; name it with head=" in caplog.text
