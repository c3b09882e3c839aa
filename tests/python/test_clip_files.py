"""Clips on disk: what is written is read back, by name, in any order of columns."""

from __future__ import annotations

import csv
import json
import random
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talkface import Clip, load_clip
from talkface.rig import CHANNELS, LIVE_LINK_CSV_COLUMNS
from talkface.rotation import from_angles, to_angles
from talkface.sinks import csv_sink


def make_clip(frames: int = 20, fps: Fraction = Fraction(60), seed: int = 0) -> Clip:
    generator = np.random.default_rng(seed)
    angles = generator.uniform(-0.4, 0.4, (3, frames))
    return Clip(
        weights=generator.uniform(0, 1, (frames, 52)).astype(np.float32),
        timestamps=np.array([float(i / fps) for i in range(frames)]),
        head_rotation=from_angles(*angles),
        head_translation=generator.normal(0, 0.01, (frames, 3)).astype(np.float32),
        emotion=generator.uniform(0, 1, (frames, 2)).astype(np.float32),
        visemes=generator.uniform(0, 1, (frames, 15)).astype(np.float32),
        emotions=("neutral", "happy"),
        fps=fps,
    )


@settings(max_examples=30, deadline=None)
@given(
    frames=st.integers(1, 40),
    fps=st.sampled_from(
        [Fraction(25), Fraction(30), Fraction(50), Fraction(60), Fraction(60000, 1001)]
    ),
    suffix=st.sampled_from(["csv", "json", "npz"]),
    seed=st.integers(0, 1000),
)
def test_round_trip(tmp_path_factory, frames, fps, suffix, seed) -> None:
    clip = make_clip(frames, fps, seed)
    path = clip.save(tmp_path_factory.mktemp("clip") / f"c.{suffix}")
    back = load_clip(path)
    assert np.allclose(back.weights, clip.weights, atol=1e-6)
    assert np.allclose(back.timestamps, clip.timestamps, atol=2e-5 if suffix == "csv" else 1e-8)
    assert np.allclose(back.head_rotation, clip.head_rotation, atol=1e-5)
    if frames > 3:
        assert back.fps == fps
    if suffix != "csv":
        assert np.allclose(back.head_translation, clip.head_translation, atol=1e-7)
        assert np.allclose(back.emotion, clip.emotion, atol=1e-6)
        assert np.allclose(back.visemes, clip.visemes, atol=1e-6)
        assert back.emotions == clip.emotions


def test_npz_is_lossless(tmp_path: Path) -> None:
    clip = make_clip()
    back = load_clip(clip.save(tmp_path / "c.npz"))
    assert np.array_equal(back.weights, clip.weights)
    assert np.array_equal(back.head_rotation, clip.head_rotation)


def test_csv_has_the_apps_header_and_order(tmp_path: Path) -> None:
    path = make_clip().save(tmp_path / "c.csv")
    with path.open(newline="") as handle:
        header, first, *_ = csv.reader(handle)
    assert header[:2] == ["Timecode", "BlendshapeCount"]
    assert tuple(header[2:]) == LIVE_LINK_CSV_COLUMNS
    assert len(header) == 63
    assert first[:2] == ["00:00:00:00.000", "61"]
    assert header.index("JawRight") < header.index("JawLeft")
    assert header.index("MouthRight") < header.index("MouthLeft")


@pytest.mark.data
def test_our_header_is_the_phones(data_root: Path) -> None:
    for name in ("alex_rom_3.csv", "alex_rom_4.csv"):
        with (data_root / "arkit_rom_capture" / name).open(newline="") as handle:
            theirs = next(csv.reader(handle))
        assert [c.lower() for c in theirs[2:]] == [c.lower() for c in LIVE_LINK_CSV_COLUMNS]


@pytest.mark.data
def test_a_real_capture_is_read_by_name(data_root: Path) -> None:
    clip = load_clip(data_root / "arkit_rom_capture" / "alex_rom_3.csv")
    assert len(clip) == 4030
    assert clip.channel("jawOpen").max() > 0.5
    assert clip.timestamps[1] == pytest.approx(1 / 30, abs=1e-3)
    with (data_root / "arkit_rom_capture" / "alex_rom_3.csv").open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    for column, channel in (("JawLeft", "jawLeft"), ("MouthRight", "mouthRight")):
        values = np.array([float(row[column]) for row in rows], dtype=np.float32)
        assert np.array_equal(clip.channel(channel), values)
    yaw = np.array([float(row["LeftEyeYaw"]) for row in rows])
    ours = csv_sink.rotation_columns(clip)["LeftEyeYaw"]
    looking = (clip.channel("eyeLookInLeft") > 0.2) | (clip.channel("eyeLookOutLeft") > 0.2)
    assert np.corrcoef(yaw[looking], ours[looking])[0, 1] > 0.98


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_columns_in_any_order_and_case_are_read_by_name(tmp_path_factory, seed: int) -> None:
    folder = tmp_path_factory.mktemp("permuted")
    clip = make_clip(5, seed=seed)
    path = clip.save(folder / "c.csv")
    with path.open(newline="") as handle:
        rows = list(csv.reader(handle))
    order = list(range(2, 63))
    shuffle = random.Random(seed)
    shuffle.shuffle(order)
    spelled = [shuffle.choice([str, str.lower, str.upper])(rows[0][i]) for i in order]
    with path.open("w", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["Timecode", "BlendShapeCount", *spelled])
        writer.writerows([[*row[:2], *(row[i] for i in order)] for row in rows[1:]])
    back = load_clip(path)
    assert np.allclose(back.weights, clip.weights, atol=1e-6)
    assert np.allclose(back.head_rotation, clip.head_rotation, atol=1e-5)


def test_json_channels_are_read_by_name(tmp_path: Path) -> None:
    clip = make_clip(3)
    path = clip.save(tmp_path / "c.json")
    document = json.loads(path.read_text())
    order = list(range(52))[::-1]
    document["channels"] = [document["channels"][i] for i in order]
    document["weights"] = [[row[i] for i in order] for row in document["weights"]]
    path.write_text(json.dumps(document))
    assert np.allclose(load_clip(path).weights, clip.weights, atol=1e-6)


@pytest.mark.parametrize(
    ("turn", "nod", "tilt", "columns"),
    [
        (0.3, 0, 0, {"HeadYaw": 0.3, "HeadPitch": 0, "HeadRoll": 0}),
        (0, 0.2, 0, {"HeadYaw": 0, "HeadPitch": -0.2, "HeadRoll": 0}),
        (0, 0, 0.1, {"HeadYaw": 0, "HeadPitch": 0, "HeadRoll": 0.1}),
    ],
)
def test_nod_turn_and_tilt_in_the_csv(turn, nod, tilt, columns) -> None:
    clip = make_clip(1)
    object.__setattr__(clip, "head_rotation", from_angles([turn], [nod], [tilt]))
    angles = csv_sink.rotation_columns(clip)
    for name, value in columns.items():
        assert angles[name][0] == pytest.approx(value, abs=1e-6)


@given(st.floats(-3, 3), st.floats(-1.5, 1.5), st.floats(-3, 3))
def test_angles_survive_the_quaternion(turn: float, nod: float, tilt: float) -> None:
    quaternion = from_angles(turn, nod, tilt)
    assert np.linalg.norm(quaternion) == pytest.approx(1, abs=1e-6)
    back = to_angles(quaternion)
    again = from_angles(*back)
    assert min(np.abs(again - quaternion).max(), np.abs(again + quaternion).max()) < 1e-4


def test_axes_are_the_conventions() -> None:
    """+X nods down, +Y turns to the character's left, +Z lowers the character's right ear."""

    def rotate(q, v):
        x, y, z, w = q
        matrix = np.array([
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ])  # fmt: skip
        return matrix @ v

    nose, right_ear = np.array([0, 0, 1.0]), np.array([-1.0, 0, 0])
    assert rotate(from_angles(0, 0.3, 0), nose)[1] < 0
    assert rotate(from_angles(0.3, 0, 0), nose)[0] > 0
    assert rotate(from_angles(0, 0, 0.3), right_ear)[1] < 0


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "00:00:00:00.000"), (0.5, "00:00:00:30.000"), (1 / 50, "00:00:00:01.200"),
     (59.9999999, "00:01:00:00.000"), (3661.25, "01:01:01:15.000")],
)  # fmt: skip
def test_timecodes(seconds: float, text: str) -> None:
    assert csv_sink.timecode(seconds) == text
    assert csv_sink.parse_timecode(text) == pytest.approx(seconds, abs=1e-5)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", "hello\n", "not a Live Link"),
        ("a.csv", "", "not a Live Link"),
        ("a.csv", "Timecode,BlendshapeCount,JawOpen\n00:00:00:00.000,61\n", "damaged"),
        ("a.csv", "Timecode,BlendshapeCount,JawOpen\nnoon,61,0.5\n", "damaged"),
        ("a.csv", "Timecode,BlendshapeCount,JawOpen\n00:00:00:00.000,61,much\n", "damaged"),
        ("a.csv", "Timecode,BlendshapeCount,JawOpen\n00:00:00:00.000,61,nan\n", "finite"),
        ("a.csv", "Timecode,BlendshapeCount,JawOpen,jawopen\n00:00:00:00.000,61,0,0\n", "twice"),
        ("a.json", "{", "not JSON"),
        ("a.json", "[]", "not a TalkFace clip"),
        ("a.json", '{"format": "talkface-clip", "version": 99}', "newer"),
        ("a.json", '{"format": "talkface-clip", "version": 1}', "damaged"),
        ("a.npz", "not a zip", "not a TalkFace clip"),
    ],
)
def test_bad_files_are_refused_with_a_reason(tmp_path: Path, name, content, words) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(ValueError, match=words):
        load_clip(path)


def test_a_pickle_is_never_loaded(tmp_path: Path) -> None:
    path = tmp_path / "evil.npz"
    with path.open("wb") as handle:
        np.savez(handle, weights=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ValueError, match="not a TalkFace clip"):
        load_clip(path)


def test_unknown_suffixes_and_channels_are_refused(tmp_path: Path) -> None:
    clip = make_clip(2)
    with pytest.raises(ValueError, match=r"\.csv, \.json, \.npz"):
        clip.save(tmp_path / "c.fbx")
    with pytest.raises(FileNotFoundError):
        load_clip(tmp_path / "none.csv")
    with pytest.raises(KeyError, match="jawopen"):
        clip.channel("jawopen")
    assert set(CHANNELS) == set(clip.channels)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch) -> None:
    """Whatever stops a writer in the middle, the old file stays and nothing lies about."""
    from talkface.sinks import json_sink

    path = tmp_path / "line.json"
    path.write_text("old", "utf-8")

    def stop(_clip: object, part: Path) -> None:
        part.write_text("half", "utf-8")
        raise KeyboardInterrupt

    monkeypatch.setattr(json_sink, "write", stop)
    with pytest.raises(KeyboardInterrupt):
        make_clip(3).save(path)
    assert path.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "line.json").mkdir()
    with pytest.raises(IsADirectoryError, match="is a folder"):
        make_clip(3).save(tmp_path / "line.json")
