"""TalkFace clips as AnimSequences, in the Unreal editor, with or without the plugin.

Needs the Python Editor Script Plugin and nothing else. In the editor's Python console::

    import talkface_import
    talkface_import.import_clip("C:/lines/hello.json", "/Game/MetaHumans/Face_Archetype_Skeleton")

or in its Cmd console, many at once::

    py talkface_import.py C:/lines --skeleton /Game/MetaHumans/Face_Skeleton --rig metahuman

Takes what `talkface animate` writes: .json, the Live Link Face .csv, and a plain table of curves
(.csv whose first column is time). Rigs: ``arkit`` gives curves as Unreal spells ARKit's (JawOpen),
for a face blueprint with ARKit's mapping pose; ``metahuman`` gives the raw controls
(CTRL_expressions_jawOpen), by Content/Data/metahuman.json; ``as-is`` keeps the file's names.
"""

import argparse
import csv
import json
import math
import re
from itertools import pairwise
from pathlib import Path

RIGS = ("arkit", "metahuman", "as-is")
FOLDER = "/Game/TalkFace"
BASE_RATE = 30
"""Frames a second of a new AnimSequence; it takes only a multiple of that."""
MAP = "metahuman.json"
"""Beside this script, or in the plugin's Content/Data."""

_SIDES = (("_L", "Left"), ("_R", "Right"))
_TIMECODE = re.compile(r"(\d+):(\d+):(\d+)[:;](\d+(?:\.\d+)?)$")
_ANGLE = re.compile(r"(Head|LeftEye|RightEye)(Yaw|Pitch|Roll)$", re.IGNORECASE)


# --- clips: any Python ---------------------------------------------------------------------------


def read_clip(path):
    """A clip as {"times": seconds, "channels": {name: weights}, "head": angles or None}.

    Angles are (turn, nod, tilt) in radians: to the character's left, down, right ear down.
    ValueError for a file that is none of the three kinds.
    """
    path = Path(path)
    kinds = {".json": _read_json, ".csv": _read_csv}
    if path.suffix.lower() not in kinds:
        raise ValueError(f"{path.name}: give a .json or .csv that talkface wrote")
    try:
        clip = kinds[path.suffix.lower()](path)
    except (LookupError, TypeError) as error:
        raise ValueError(f"{path.name} is damaged, write it again: {error!r}") from error
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from error
    times = clip["times"]
    if not times or any(after <= before for before, after in pairwise(times)):
        raise ValueError(f"{path.name} holds no frames, or frames out of order")
    return clip


def _read_json(path):
    document = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(document, dict) or document.get("format") != "talkface-clip":
        raise ValueError("it is not a TalkFace clip")
    if document["version"] > 1:
        raise ValueError("it was written by a newer TalkFace, update this script")
    rows = document["weights"]
    return {
        "times": [float(time) for time in document["timestamps"]],
        "channels": {
            name: [float(row[column]) for row in rows]
            for column, name in enumerate(document["channels"])
        },
        "head": [_angles(*rotation) for rotation in document["head_rotation"]],
    }


def _angles(x, y, z, w):
    """Turn, nod and tilt of a quaternion, intrinsic Y-X-Z (docs/conventions.md)."""
    return (
        math.atan2(2 * (x * z + w * y), 1 - 2 * (x * x + y * y)),
        math.asin(max(-1.0, min(1.0, 2 * (w * x - y * z)))),
        math.atan2(2 * (x * y + w * z), 1 - 2 * (x * x + z * z)),
    )


def _read_csv(path):
    with path.open(newline="", encoding="utf-8-sig") as handle:
        header, *rows = [row for row in csv.reader(handle) if row] or [[]]
    first = header[0].strip().lower() if header else ""
    if first == "time":
        times = [float(row[0]) for row in rows]
        start = 1
    elif first == "timecode" and len(header) > 2 and header[1].strip().lower() == "blendshapecount":
        times = [_seconds(row[0]) for row in rows]
        times = [time - times[0] for time in times]
        start = 2
    else:
        raise ValueError("its first column must be Timecode or time")
    names = [name.strip() for name in header]
    channels = {}
    angles = {}
    for column, name in enumerate(names[start:], start):
        values = [float(row[column]) for row in rows]
        (angles if _ANGLE.match(name) else channels)[name] = values
    head = None
    if start == 2 and "HeadYaw" in angles:
        columns = (angles["HeadYaw"], angles["HeadPitch"], angles["HeadRoll"])
        head = [(yaw, -pitch, roll) for yaw, pitch, roll in zip(*columns, strict=True)]
    return {"times": times, "channels": channels, "head": head}


def _seconds(timecode):
    found = _TIMECODE.match(timecode.strip())
    if found is None:
        raise ValueError(f"{timecode!r} is not a timecode")
    hours, minutes, seconds, frames = found.groups()
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(frames) / 60


def pascal(name):
    """ARKit's name as Unreal spells it: eyeBlink_L and eyeBlinkLeft give EyeBlinkLeft."""
    for short, long in _SIDES:
        if name.endswith(short):
            name = name[: -len(short)] + long
    return name[:1].upper() + name[1:]


def to_curves(clip, rig, head=True):
    """Curves of a clip by name on a rig; ``head`` adds the head's angles.

    ValueError for an unknown rig, or when a map finds none of its sources in the clip.
    """
    if rig not in RIGS:
        raise ValueError(f"no rig {rig!r}: there are {', '.join(RIGS)}")
    if rig == "metahuman":
        curves = _mapped(clip["channels"], len(clip["times"]))
    else:
        spell = pascal if rig == "arkit" else str
        curves = {spell(name): values for name, values in clip["channels"].items()}
    if head and clip["head"]:
        curves.update(
            _bone_curves(clip["head"]) if rig == "metahuman" else _app_curves(clip["head"])
        )
    return curves


def _mapped(channels, frames):
    rows = json.loads(_map_file().read_text(encoding="utf-8"))["rows"]
    known = {pascal(name): values for name, values in channels.items()}
    if not any(pascal(source) in known for row in rows for source in row["from"]):
        raise ValueError("the clip has none of ARKit's channels: take rig as-is")
    curves = {}
    for row in rows:
        total = [0.0] * frames
        for source, weight in row["from"].items():
            values = known.get(pascal(source), [0.0] * frames)
            total = [before + weight * value for before, value in zip(total, values, strict=True)]
        low, high = row.get("range", (0.0, 1.0))
        curves[row["to"]] = [max(low, min(high, value)) for value in total]
    return curves


def _map_file():
    here = Path(__file__).resolve().parent
    for place in (here / MAP, here.parent / "Data" / MAP):
        if place.is_file():
            return place
    raise ValueError(f"{MAP} of the plugin's Content/Data is missing: copy it beside this script")


def _app_curves(head):
    """As the Live Link Face app has them, in radians."""
    return {
        "HeadYaw": [turn for turn, _, _ in head],
        "HeadPitch": [-nod for _, nod, _ in head],
        "HeadRoll": [tilt for _, _, tilt in head],
    }


def _bone_curves(head):
    """Degrees of a MetaHuman's head bone, X up, Y out of the face, Z to the right."""
    rotators = [_bone_rotator(*angles) for angles in head]
    return {
        "HeadControlSwitch": [1.0] * len(head),
        "HeadRoll": [roll for roll, _, _ in rotators],
        "HeadPitch": [pitch for _, pitch, _ in rotators],
        "HeadYaw": [yaw for _, _, yaw in rotators],
    }


def _bone_rotator(turn, nod, tilt):
    sy, sx, sz = (math.sin(angle / 2) for angle in (turn, nod, tilt))
    cy, cx, cz = (math.cos(angle / 2) for angle in (turn, nod, tilt))
    up = sy * cx * cz - cy * sx * sz
    out = cy * cx * sz - sy * sx * cz
    right = cy * sx * cz + sy * cx * sz
    x, y, z, w = -up, -out, right, cy * cx * cz + sy * sx * sz
    roll = math.atan2(-2 * (w * x + y * z), 1 - 2 * (x * x + y * y))
    pitch = math.asin(max(-1.0, min(1.0, 2 * (z * x - w * y))))
    yaw = math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))
    return tuple(math.degrees(angle) for angle in (roll, pitch, yaw))


def sequence_rate(times):
    """Frames a second of the AnimSequence: the least multiple of 30 that loses no frame."""
    if len(times) < 2:
        return BASE_RATE
    steps = sorted(after - before for before, after in pairwise(times))
    fps = 1 / steps[len(steps) // 2]
    return BASE_RATE * max(1, math.ceil(fps / BASE_RATE - 0.01))


def resample(times, values, rate, frames):
    """Values at frames 0 to ``frames`` of ``rate``, in straight lines, held beyond the ends."""
    out = []
    right = 0
    for frame in range(frames + 1):
        time = times[0] + frame / rate
        while right < len(times) and times[right] < time - 1e-6:
            right += 1
        if right == 0 or right == len(times):
            out.append(values[min(right, len(times) - 1)])
            continue
        share = min(1.0, (time - times[right - 1]) / (times[right] - times[right - 1]))
        out.append((1 - share) * values[right - 1] + share * values[right])
    return out


# --- the editor ----------------------------------------------------------------------------------


def import_clip(path, skeleton, folder=FOLDER, name=None, rig="arkit", head=True):
    """Import one file as an AnimSequence, saved in ``folder``; returns it.

    ``skeleton``: a Skeleton or its path. A sequence that is there already gets new curves.
    ValueError says what is wrong with the file or the skeleton.
    """
    import unreal

    clip = read_clip(path)
    curves = to_curves(clip, rig, head)
    sequence = _sequence(unreal, name or asset_name(path), folder, _skeleton(unreal, skeleton))
    times = clip["times"]
    rate = sequence_rate(times)
    frames = max(1, round((times[-1] - times[0]) * rate))
    _set_length(unreal, sequence, rate, frames)
    library = unreal.AnimationLibrary
    library.remove_all_curve_data(sequence)
    for curve, values in curves.items():
        at_frames = resample(times, values, rate, frames)
        count = 1 if min(at_frames) == max(at_frames) else len(at_frames)
        library.add_curve(sequence, curve, unreal.RawCurveTrackTypes.RCT_FLOAT, False)
        library.add_float_curve_keys(
            sequence, curve, [frame / rate for frame in range(count)], at_frames[:count]
        )
    unreal.EditorAssetLibrary.save_loaded_asset(sequence)
    unreal.log(f"TalkFace: {sequence.get_path_name()}: {len(curves)} curves, {frames} frames")
    return sequence


def asset_name(path):
    """The file's name as an asset may be called."""
    return re.sub(r"\W", "_", Path(path).stem, flags=re.ASCII) or "clip"


def _skeleton(unreal, skeleton):
    found = unreal.load_asset(skeleton) if isinstance(skeleton, str) else skeleton
    if not isinstance(found, unreal.Skeleton):
        raise ValueError(
            f"{skeleton} is not a Skeleton: in the Content Browser, Copy Reference of one"
        )
    return found


def _sequence(unreal, name, folder, skeleton):
    path = f"{folder}/{name}"
    if unreal.EditorAssetLibrary.does_asset_exist(path):
        found = unreal.load_asset(path)
        if not isinstance(found, unreal.AnimSequence):
            raise ValueError(f"{path} is there already and is no AnimSequence: give another name")
        return found
    factory = unreal.AnimSequenceFactory()
    factory.set_editor_property("target_skeleton", skeleton)
    tools = unreal.AssetToolsHelpers.get_asset_tools()
    made = tools.create_asset(name, folder, unreal.AnimSequence, factory)
    if made is None:
        raise ValueError(f"the editor could not create {path}; its log says why")
    return made


def _set_length(unreal, sequence, rate, frames):
    controller = sequence.get_editor_property("controller")
    controller.open_bracket("TalkFace clip", False)
    try:
        controller.set_frame_rate(unreal.FrameRate(rate, 1), False)
        controller.set_number_of_frames(unreal.FrameNumber(frames), False)
    finally:
        controller.close_bracket(False)


def import_many(paths, skeleton, **options):
    """Import files one by one with a progress bar; returns {path: AnimSequence or error}."""
    import unreal

    done = {}
    with unreal.ScopedSlowTask(len(paths), "Importing TalkFace clips") as task:
        task.make_dialog(True)
        for path in paths:
            if task.should_cancel():
                break
            task.enter_progress_frame(1, Path(path).name)
            try:
                done[path] = import_clip(path, skeleton, **options)
            except ValueError as error:
                unreal.log_error(f"TalkFace: {error}")
                done[path] = error
    return done


def files_of(path):
    """The clips of a folder, or the file itself."""
    path = Path(path)
    if not path.is_dir():
        return [path]
    return sorted(p for p in path.iterdir() if p.suffix.lower() in (".json", ".csv"))


def main(words=None):
    parser = argparse.ArgumentParser(
        prog="talkface_import.py", description="TalkFace clips as AnimSequences."
    )
    parser.add_argument("path", help="a .json or .csv that talkface wrote, or a folder of them")
    parser.add_argument("--skeleton", required=True, help="path of the Skeleton, /Game/...")
    parser.add_argument("--folder", default=FOLDER, help="where the sequences go")
    parser.add_argument("--rig", default="arkit", choices=RIGS)
    parser.add_argument("--no-head", action="store_true", help="leave the head to the body")
    options = parser.parse_args(words)
    done = import_many(
        files_of(options.path), options.skeleton,
        folder=options.folder, rig=options.rig, head=not options.no_head,
    )  # fmt: skip
    return 1 if not done or any(isinstance(each, ValueError) for each in done.values()) else 0


if __name__ == "__main__":
    main()
