"""TalkFace clips in Blender: onto any mesh with ARKit shape keys, and an animator's edits back out.

As an add-on: Edit > Preferences > Add-ons > Install from Disk, this file; then File > Import >
TalkFace clip, and File > Export > TalkFace edits. Without the window:

    blender -b face.blend --python blender_import.py -- import line.json --object Head
    blender -b face.blend --python blender_import.py -- export line.json edits.json --object Head

Edits are what was changed against the clip, as offsets over time: ``talkface edit new.json
edits.json -o final.json`` puts them on a clip that was baked again, and so does importing with
``--edits``. Needs nothing but Blender; all above the line of bpy runs in any Python.
"""

import argparse
import csv
import json
import re
import sys
from itertools import pairwise
from pathlib import Path

bl_info = {
    "name": "TalkFace clips",
    "author": "TalkFace authors",
    "version": (1, 0, 0),
    "blender": (4, 0, 0),
    "location": "File > Import and Export",
    "description": "Face animation onto ARKit shape keys, and edits of it back out",
    "category": "Import-Export",
}

LEAST = 1e-4
"""A change of a weight that counts as an edit."""


# --- the clip ------------------------------------------------------------------------------------


def read_clip(path):
    """A clip as {"times": seconds, "channels": {name: weights}, "head": quaternions x y z w}.

    Takes TalkFace's .json, the Live Link Face app's .csv and a plain table with a ``time`` column.
    Raises ValueError for another file.
    """
    path = Path(path)
    if path.suffix.lower() == ".json":
        return _read_json(path)
    if path.suffix.lower() == ".csv":
        return _read_csv(path)
    raise ValueError(f"{path.name}: give a TalkFace .json or a Live Link Face .csv")


def _read_json(path):
    document = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(document, dict) or document.get("format") != "talkface-clip":
        raise ValueError(f"{path.name} is not a TalkFace clip")
    rows = document["weights"]
    channels = {
        name: [row[column] for row in rows] for column, name in enumerate(document["channels"])
    }
    return {
        "times": list(document["timestamps"]),
        "channels": channels,
        "head": [list(q) for q in document["head_rotation"]],
    }


def _read_csv(path):
    with path.open(newline="", encoding="utf-8-sig") as handle:
        rows = [[cell.strip() for cell in row] for row in csv.reader(handle) if row]
    kind = rows[0][0].lower() if rows else ""
    if kind not in ("timecode", "time") or len(rows) < 2:
        raise ValueError(f"{path.name} has no Timecode or time column, or no frames")
    if kind == "time":
        times = [float(row[0]) for row in rows[1:]]
    else:
        times = [_seconds(row[0]) for row in rows[1:]]
        times = [seconds - times[0] for seconds in times]
    skipped = ("headyaw", "headpitch", "headroll", "blendshapecount")
    channels = {
        name: [float(row[column]) for row in rows[1:]]
        for column, name in enumerate(rows[0])
        if column and name.lower() not in skipped and "eyeyaw" not in name.lower()
        and "eyepitch" not in name.lower() and "eyeroll" not in name.lower()
    }  # fmt: skip
    return {"times": times, "channels": channels, "head": _head(rows)}


def _seconds(timecode):
    """``HH:MM:SS:FF.fff``, 60 frames to the second."""
    hours, minutes, seconds, frames = re.split("[:;]", timecode)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(frames) / 60


def _head(rows):
    """Quaternions of the app's angles: HeadYaw to the character's left, HeadPitch up, HeadRoll to
    its right ear (anchors-sdk.md 7a), applied turn first."""
    from math import cos, sin

    lowered = [name.lower() for name in rows[0]]
    columns = [
        lowered.index(n) if n in lowered else None for n in ("headyaw", "headpitch", "headroll")
    ]
    made = []
    for row in rows[1:]:
        yaw, pitch, roll = (0.0 if c is None else float(row[c]) / 2 for c in columns)
        (sy, sx, sz), (cy, cx, cz) = map(sin, (yaw, -pitch, roll)), map(cos, (yaw, -pitch, roll))
        made.append([
            cy * sx * cz + sy * cx * sz, sy * cx * cz - cy * sx * sz,
            cy * cx * sz - sy * sx * cz, cy * cx * cz + sy * sx * sz,
        ])  # fmt: skip
    return made


# --- names ---------------------------------------------------------------------------------------


def key(name):
    """What spellings of a name have in common: ``head_blendShapes.eyeBlink_L`` and
    ``EyeBlinkLeft`` are both ``eyeblinkleft``."""
    name = re.sub(r"^.*[.|:]", "", name)
    name = re.sub(r"^(bs|arkit|face|head|blend_?shapes?\d*|shape|morph)_", "", name, flags=re.I)
    sided = re.sub(r"_?(?<=[a-z_])([LR])$", lambda m: {"L": "Left", "R": "Right"}[m[1]], name)
    return re.sub(r"[^a-z0-9]", "", sided.lower())


def match(channels, shape_keys):
    """{channel: shape key} by spelling, and the channels that no shape key takes."""
    known = {key(name): name for name in reversed(list(shape_keys))}
    found = {name: known[key(name)] for name in channels if key(name) in known}
    return found, [name for name in channels if name not in found]


# --- edits ---------------------------------------------------------------------------------------


def difference(times, baked, edited):
    """The edits of one channel: [[seconds, offset], ...], empty where nothing changed.

    Straight lines between the points give ``edited - baked`` at all of ``times``, to LEAST.
    """
    offsets = [b - a for a, b in zip(baked, edited, strict=True)]
    if max(map(abs, offsets), default=0.0) <= LEAST:
        return []
    kept = [0]
    for index in range(1, len(offsets) - 1):
        end = index + 1
        start = kept[-1]
        span = times[end] - times[start]
        straight = all(
            abs(
                offsets[start]
                + (offsets[end] - offsets[start]) * (times[i] - times[start]) / span
                - offsets[i]
            )
            <= LEAST / 2
            for i in range(start + 1, end)
        )
        if not straight:
            kept.append(index)
    if len(offsets) > 1:
        kept.append(len(offsets) - 1)
    return [[round(times[i], 6), round(offsets[i], 6)] for i in kept]


def offset(points, seconds):
    """An edit's value at a time: on straight lines between points, held beyond them."""
    if seconds <= points[0][0]:
        return points[0][1]
    for (t0, v0), (t1, v1) in pairwise(points):
        if seconds <= t1:
            return v0 + (v1 - v0) * (seconds - t0) / (t1 - t0)
    return points[-1][1]


def write_edits(path, channels):
    """Write {channel: points} of all channels that were edited."""
    document = {"format": "talkface-edits", "version": 1, "channels": channels}
    Path(path).write_text(json.dumps(document, indent=1), encoding="utf-8")


def read_edits(path):
    """The {channel: points} of a file that :func:`write_edits` wrote; ValueError for another."""
    document = json.loads(Path(path).read_text(encoding="utf-8"))
    if not isinstance(document, dict) or document.get("format") != "talkface-edits":
        raise ValueError(f"{path} is not a file of TalkFace edits")
    return document["channels"]


def with_edits(clip, edits):
    """The clip with edits on it, weights kept within 0 and 1."""
    channels = dict(clip["channels"])
    for name, points in edits.items():
        own = next((own for own in channels if key(own) == key(name)), None)
        if own is not None:
            channels[own] = [
                min(max(w + offset(points, t), 0.0), 1.0)
                for t, w in zip(clip["times"], channels[own], strict=True)
            ]
    return {**clip, "channels": channels}


# --- Blender: all that follows needs bpy ---------------------------------------------------------

try:
    import bpy
except ImportError:
    bpy = None


def _shape_keys(thing):
    keys = getattr(thing.data, "shape_keys", None) if thing is not None else None
    if keys is None:
        name = "nothing" if thing is None else thing.name
        raise ValueError(f"{name} has no shape keys: select the mesh with ARKit shape keys")
    return keys


def _curves(block):
    """The animation curves of a data-block, in Blender's old and new layout of actions."""
    action = block.animation_data.action if block.animation_data else None
    if action is None:
        return []
    if hasattr(action, "fcurves"):
        return list(action.fcurves)
    bags = [bag for layer in action.layers for strip in layer.strips for bag in strip.channelbags]
    return [curve for bag in bags for curve in bag.fcurves]


def _frame(scene, seconds):
    return scene.frame_start + seconds * scene.render.fps / scene.render.fps_base


def _straighten(block, path):
    for curve in _curves(block):
        if curve.data_path.startswith(path):
            for point in curve.keyframe_points:
                point.interpolation = "LINEAR"


def import_clip(clip, thing, scene):
    """Key a clip on the shape keys of an object; returns the channels that found none."""
    keys = _shape_keys(thing)
    found, missing = match(clip["channels"], [block.name for block in keys.key_blocks])
    for channel, name in found.items():
        block = keys.key_blocks[name]
        for seconds, value in zip(clip["times"], clip["channels"][channel], strict=True):
            block.value = value
            block.keyframe_insert("value", frame=_frame(scene, seconds))
    _straighten(keys, "key_blocks")
    if clip["times"]:
        scene.frame_end = max(scene.frame_end, int(_frame(scene, clip["times"][-1])) + 1)
    return missing


def import_head(clip, target, scene):
    """Key the head's rotation on an object or a pose bone, about its rest.

    Blender's world is +Z up and a face looks along -Y: (x, y, z) here is (x, -z, y) there.
    """
    from mathutils import Quaternion

    rest = Quaternion()
    bone = getattr(target, "bone", None)
    if bone is not None:
        rest = (target.id_data.matrix_world @ bone.matrix_local).to_quaternion()
    else:
        rest_own = target.matrix_world.to_quaternion()
    target.rotation_mode = "QUATERNION"
    last = None
    for seconds, (x, y, z, w) in zip(clip["times"], clip["head"], strict=True):
        turned = Quaternion((w, x, -z, y))
        made = rest.inverted() @ turned @ rest if bone is not None else turned @ rest_own
        if last is not None:
            made.make_compatible(last)
        last = made
        target.rotation_quaternion = made
        target.keyframe_insert("rotation_quaternion", frame=_frame(scene, seconds))


def export_edits(clip, thing, scene, path):
    """Write how the shape keys' curves now differ from a clip; returns the edited channels."""
    keys = _shape_keys(thing)
    found, _ = match(clip["channels"], [block.name for block in keys.key_blocks])
    curves = {curve.data_path: curve for curve in _curves(keys)}
    edits = {}
    for channel, name in found.items():
        curve = curves.get(f'key_blocks["{name}"].value')
        if curve is None:
            continue
        now = [curve.evaluate(_frame(scene, seconds)) for seconds in clip["times"]]
        points = difference(clip["times"], clip["channels"][channel], now)
        if points:
            edits[channel] = points
    write_edits(path, edits)
    return list(edits)


def _find(name):
    """An object by its name, or a pose bone as ``Armature:Bone``."""
    thing, _, bone = name.partition(":")
    if thing not in bpy.data.objects:
        raise ValueError(f"no object {thing!r}; there are {', '.join(bpy.data.objects.keys())}")
    found = bpy.data.objects[thing]
    return found.pose.bones[bone] if bone else found


if bpy is not None:
    from bpy.props import StringProperty
    from bpy_extras.io_utils import ExportHelper, ImportHelper

    class TALKFACE_OT_import(bpy.types.Operator, ImportHelper):
        """Key a TalkFace clip on the active mesh's shape keys"""

        bl_idname = "talkface.import_clip"
        bl_label = "Import TalkFace clip"
        filename_ext = ".json"
        filter_glob: StringProperty(default="*.json;*.csv", options={"HIDDEN"})

        def execute(self, context):
            try:
                clip = read_clip(self.filepath)
                missing = import_clip(clip, context.active_object, context.scene)
            except (ValueError, KeyError, OSError) as error:
                self.report({"ERROR"}, str(error))
                return {"CANCELLED"}
            context.active_object["talkface_clip"] = self.filepath
            if missing:
                self.report({"WARNING"}, f"no shape key for {', '.join(missing)}")
            return {"FINISHED"}

    class TALKFACE_OT_export(bpy.types.Operator, ExportHelper):
        """Write what was changed against the imported clip"""

        bl_idname = "talkface.export_edits"
        bl_label = "Export TalkFace edits"
        filename_ext = ".json"

        def execute(self, context):
            thing = context.active_object
            try:
                clip = read_clip(thing["talkface_clip"])
                edited = export_edits(clip, thing, context.scene, self.filepath)
            except (ValueError, KeyError, OSError, TypeError) as error:
                self.report({"ERROR"}, f"import a clip onto this mesh first: {error}")
                return {"CANCELLED"}
            self.report({"INFO"}, f"{len(edited)} channels edited")
            return {"FINISHED"}

    def _import_entry(self, _context):
        self.layout.operator(TALKFACE_OT_import.bl_idname, text="TalkFace clip (.json, .csv)")

    def _export_entry(self, _context):
        self.layout.operator(TALKFACE_OT_export.bl_idname, text="TalkFace edits (.json)")

    def register():
        for operator in (TALKFACE_OT_import, TALKFACE_OT_export):
            bpy.utils.register_class(operator)
        bpy.types.TOPBAR_MT_file_import.append(_import_entry)
        bpy.types.TOPBAR_MT_file_export.append(_export_entry)

    def unregister():
        bpy.types.TOPBAR_MT_file_import.remove(_import_entry)
        bpy.types.TOPBAR_MT_file_export.remove(_export_entry)
        for operator in (TALKFACE_OT_export, TALKFACE_OT_import):
            bpy.utils.unregister_class(operator)


def main(arguments):
    """``import CLIP --object NAME`` and ``export CLIP EDITS --object NAME``, inside Blender."""
    parser = argparse.ArgumentParser(prog="blender_import.py")
    commands = parser.add_subparsers(dest="command", required=True)
    bring = commands.add_parser("import", help="key a clip on an object's shape keys")
    bring.add_argument("clip")
    bring.add_argument("--edits", help="edits to put on the clip first")
    bring.add_argument("--head", help="object, or Armature:Bone, that turns")
    take = commands.add_parser("export", help="write how the curves differ from a clip")
    take.add_argument("clip")
    take.add_argument("edits")
    for command in (bring, take):
        command.add_argument("--object", required=True, help="the mesh with the shape keys")
    bring.add_argument("--save", help=".blend file to write")
    options = parser.parse_args(arguments)
    if bpy is None:
        raise SystemExit("this runs inside Blender: blender -b --python blender_import.py -- ...")
    clip, thing, scene = read_clip(options.clip), _find(options.object), bpy.context.scene
    if options.command == "export":
        edited = export_edits(clip, thing, scene, options.edits)
        print(f"{options.edits}: {', '.join(edited) or 'no channel'} edited")
        return
    if options.edits:
        clip = with_edits(clip, read_edits(options.edits))
    missing = import_clip(clip, thing, scene)
    if options.head:
        import_head(clip, _find(options.head), scene)
    print(f"{options.clip}: {len(clip['times'])} frames; no shape key for {missing or 'none'}")
    if options.save:
        bpy.ops.wm.save_as_mainfile(filepath=str(Path(options.save).resolve()))


if __name__ == "__main__":
    if "--" in sys.argv:
        main(sys.argv[sys.argv.index("--") + 1 :])
    elif bpy is not None:
        register()
