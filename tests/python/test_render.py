"""Pictures and films of the head, drawn on the CPU."""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
import subprocess
import sys
import zlib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from clips import make_clip, turned

from talkface.audio import Audio
from talkface.cli import main
from talkface.render import Camera, Head, draw, film, png
from talkface.render.raster import rasterise
from talkface.rig import CHANNEL_INDEX, CHANNELS
from talkface.rotation import from_angles

SMALL = Camera((96, 96))
REST = np.zeros(len(CHANNELS))


@pytest.fixture(scope="module")
def head() -> Head:
    return Head.load()


def test_the_nearest_triangle_is_seen() -> None:
    points = np.array(
        [[0, 0, 1], [0, 8, 1], [8, 8, 1], [8, 0, 1], [2, 2, 2], [2, 6, 2], [6, 6, 2], [6, 2, 2]],
        dtype=np.float32,
    )
    square = [[0, 1, 2], [0, 2, 3]]
    triangles = np.array([*square, [4, 5, 6], [4, 6, 7]], dtype=np.int32)
    for order in (triangles, triangles[::-1]):
        seen = rasterise(points, order, 8, 8)
        depth = seen.mix(points, order)[:, 2].reshape(8, 8)
        assert len(seen.pixel) == 64
        assert (depth[2:6, 2:6] == 2).all()
        assert (depth == 2).sum() == 16
    away = rasterise(points, triangles[:, ::-1], 8, 8)
    assert len(away.pixel) == 0


def test_shares_of_corners_are_where_a_pixel_lies() -> None:
    points = np.array([[0, 0, 0], [0, 16, 0], [16, 0, 0]], dtype=np.float32)
    seen = rasterise(points, np.array([[0, 1, 2]], dtype=np.int32), 16, 16)
    at = seen.mix(points, np.array([[0, 1, 2]], dtype=np.int32))
    assert np.allclose(at[:, 0], seen.pixel % 16 + 0.5, atol=1e-4)
    assert np.allclose(at[:, 1], seen.pixel // 16 + 0.5, atol=1e-4)


def nose(head: Head, **angles: float) -> np.ndarray:
    rotation = from_angles(angles.get("turn", 0), angles.get("nod", 0), angles.get("tilt", 0))
    return head.posed(REST, rotation)[head.points[:, 2].argmax()]


def test_the_head_turns_nods_and_tilts_as_the_conventions_say(head: Head) -> None:
    rest = nose(head)
    assert nose(head, turn=0.3)[0] > rest[0] + 0.02
    assert nose(head, nod=0.3)[1] < rest[1] - 0.01
    crown = head.points[:, 1].argmax()
    tilted = head.posed(REST, from_angles(0, 0, 0.3))[crown]
    assert tilted[0] < head.points[crown, 0] - 0.04
    moved = head.posed(REST, translation=(0.01, 0.02, 0.03)) - head.posed(REST)
    assert np.allclose(moved[head.turns > 0], (0.01, 0.02, 0.03), atol=1e-6)
    assert not moved[head.turns == 0].any()


def test_a_picture_shows_the_weights(head: Head) -> None:
    rest = draw(head, REST, camera=SMALL).astype(int)
    assert rest.shape == (96, 96, 3)
    assert np.ptp(rest[48]) > 60
    open_mouth = REST.copy()
    open_mouth[CHANNEL_INDEX["jawOpen"]] = 1.0
    changed = np.abs(draw(head, open_mouth, camera=SMALL) - rest).max(axis=2) > 20
    rows = np.flatnonzero(changed.any(axis=1))
    assert changed.sum() > 60
    assert rows.min() > 50


def test_the_camera_goes_round_to_the_heads_left_and_up(head: Head) -> None:
    """Seen from its left the nose is to the left in the picture, from above it is lower down."""
    tip = np.linalg.norm(head.points - nose(head), axis=1) < 0.01
    marked = replace(head, colours=np.where(tip[:, None], (1, 0, 0), (0, 0, 1)).astype(np.float32))

    def place(camera: Camera) -> tuple[float, float]:
        picture = draw(marked, REST, camera=camera).astype(int)
        row, column = np.nonzero(picture[..., 0] > picture[..., 2] + 60)
        return float(column.mean()), float(row.mean())

    column, row = place(SMALL)
    assert column == pytest.approx(47.5, abs=1)
    assert place(replace(SMALL, yaw=0.7))[0] < column - 15
    assert place(replace(SMALL, pitch=0.5))[1] > row + 10


def test_a_png_is_read_back_by_another_reader() -> None:
    image = pytest.importorskip("matplotlib.image", reason="the independent reader of PNG")
    picture = np.random.default_rng(0).integers(0, 256, (7, 5, 3), dtype=np.uint8)
    back = image.imread(io.BytesIO(png(picture)), format="png")
    assert np.array_equal((back * 255 + 0.5).astype(np.uint8)[..., :3], picture)
    assert zlib.crc32(png(picture)) == zlib.crc32(png(picture.copy()))


def test_a_film_lasts_as_long_as_its_sound_and_holds_its_last_pose() -> None:
    clip = make_clip(31, Fraction(60))
    assert film.length(clip, Fraction(30)) == 16
    longer = replace(clip, audio=Audio(np.zeros(16000, np.float32), 16000, 1))
    assert film.length(longer, Fraction(30)) == 30
    with pytest.raises(ValueError, match="no frames"):
        film.length(make_clip(0), Fraction(30))


def test_pictures_lie_on_the_films_clock(head: Head) -> None:
    """Picture ``i`` is the pose at ``i / fps``, whatever the clip's own rate and start."""
    clip = turned(frames=61)
    clip.weights[:, CHANNEL_INDEX["jawOpen"]] = np.linspace(0, 1, 61)
    shown = list(film.pictures(clip, head, SMALL, Fraction(3)))
    for index, picture in enumerate(shown):
        weights = REST.copy()
        weights[CHANNEL_INDEX["jawOpen"]] = index / 3
        assert np.abs(picture.astype(int) - draw(head, weights, camera=SMALL)).max() <= 1
    late = replace(clip, timestamps=clip.timestamps + 1.0)
    delayed = list(film.pictures(late, head, SMALL, Fraction(3)))
    assert len(delayed) == len(shown) + 3
    assert np.array_equal(delayed[0], shown[0])
    assert np.array_equal(delayed[4], shown[1])


def test_render_makes_png_files_from_a_clip(tmp_path: Path, capsys) -> None:
    source = turned(turn=0.4, frames=12).save(tmp_path / "line.json")
    out = tmp_path / "frames"
    arguments = ["render", str(source), "-o", str(out), "--size", "64x48", "--fps", "30"]
    assert main([*arguments, "--turntable"]) == 0
    assert "6 pictures, without sound" in capsys.readouterr().err
    files = sorted(out.glob("*.png"))
    assert [file.name for file in files] == [f"{i:06d}.png" for i in range(6)]
    assert len({file.read_bytes() for file in files}) == 6
    assert files[0].read_bytes()[16:24] == bytes([0, 0, 0, 64, 0, 0, 0, 48])


FAKE = """#!{python}
import json, pathlib, sys
data = sys.stdin.buffer.read()
sound = [a for a in sys.argv if a.endswith(".wav")]
sizes = [pathlib.Path(a).stat().st_size for a in sound]
pathlib.Path(sys.argv[-1]).write_text(json.dumps([len(data), sizes, sys.argv[1:]]))
sys.stderr.write({words!r})
sys.exit({code})
"""


def fake_ffmpeg(folder: Path, words: str = "", code: int = 0) -> str:
    tool = folder / "ffmpeg"
    tool.write_text(FAKE.format(python=sys.executable, words=words, code=code))
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def test_render_gives_ffmpeg_pictures_and_sound(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("PATH", fake_ffmpeg(tmp_path))
    clip = turned(frames=6)
    clip = replace(clip, audio=Audio(np.zeros(1600, np.float32), 16000, 1))
    count = film.write(clip, tmp_path / "out.mp4", Camera((32, 32)), Fraction(30))
    taken, sounds, arguments = json.loads((tmp_path / "out.mp4").read_text())
    assert taken == count * 32 * 32 * 3
    assert sounds == [44 + 3200]
    assert arguments[arguments.index("-r") + 1] == "30"


def test_what_ffmpeg_says_is_told(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("PATH", fake_ffmpeg(tmp_path, "Unknown encoder 'libx264'", 1))
    with pytest.raises(RuntimeError, match="Unknown encoder"):
        film.write(turned(frames=2), tmp_path / "out.mp4", Camera((16, 16)), Fraction(30))


def test_without_ffmpeg_a_film_says_what_to_do(tmp_path: Path, monkeypatch, capsys) -> None:
    source = turned(frames=2).save(tmp_path / "line.json")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["render", str(source), "-o", str(tmp_path / "out.mp4")]) == 3
    assert "needs ffmpeg on the PATH" in capsys.readouterr().err
    assert main(["render", str(source), "-o", str(tmp_path / "out.gif")]) == 3
    assert "a film ends in" in capsys.readouterr().err


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not on the PATH")
def test_ffmpeg_makes_a_film(tmp_path: Path) -> None:
    clip = replace(turned(frames=12), audio=Audio(np.zeros(3200, np.float32), 16000, 1))
    path = tmp_path / "out.mp4"
    assert film.write(clip, path, Camera((33, 32)), Fraction(30)) == 6
    data = path.read_bytes()
    assert data[4:8] == b"ftyp"
    assert b"avc1" in data
    assert b"mp4a" in data
    short = replace(clip, audio=Audio(np.zeros(1600, np.float32), 16000, 1))
    film.write(short, path, Camera((33, 32)), Fraction(30))
    shown = path.with_suffix(".gray")
    subprocess.run(
        ["ffmpeg", "-v", "error", "-i", path, "-f", "rawvideo", "-pix_fmt", "gray", shown],
        check=True,
    )
    assert shown.stat().st_size == 6 * 34 * 32  # also what comes behind the sound


def test_a_sheet_holds_its_pictures_in_order(tmp_path: Path) -> None:
    image = pytest.importorskip("matplotlib.image", reason="sheets need the [plot] extra")
    from talkface.render.sheet import POSES, sheet, weights_of

    colours = [(255, 0, 0), (0, 255, 0), (0, 0, 255)]
    pictures = [
        (name, np.full((40, 60, 3), colour, np.uint8))
        for name, colour in zip("abc", colours, strict=True)
    ]
    sheet(pictures, 2, tmp_path / "sheet.png")
    made = image.imread(tmp_path / "sheet.png")[..., :3]
    assert made.shape == (106, 120, 3)
    for (row, column), colour in zip([(33, 30), (33, 90), (86, 30)], colours, strict=True):
        assert np.allclose(made[row, column] * 255, colour, atol=8)
    assert all(weights_of(pose).any() for name, pose in POSES.items() if name != "rest")


def test_a_clip_of_another_rig_is_not_drawn_by_chance(head: Head, tmp_path: Path, capsys) -> None:
    """Channels go by name: in another order the picture is the same, and a VRM's are refused."""
    clip = turned(frames=2)
    clip.weights[:, CHANNEL_INDEX["jawOpen"]] = 0.8
    order = np.random.default_rng(1).permutation(len(CHANNELS))
    names = tuple(f"{CHANNELS[i][0].upper()}{CHANNELS[i][1:]}" for i in order)
    mixed = replace(clip, channels=names, weights=clip.weights[:, order])
    one, other = (next(film.pictures(c, head, SMALL, Fraction(30))) for c in (clip, mixed))
    assert np.array_equal(one, other)
    source = clip.save(tmp_path / "line.vrma")
    assert main(["render", str(source), "-o", str(tmp_path / "frames")]) == 3
    assert "talkface convert --rig arkit" in capsys.readouterr().err


@pytest.mark.parametrize(
    "given",
    [
        ["--emotion", "happy"], ["--emotion-weight", "0.5"], ["--neutral"], ["--emotion-only"],
        ["--style", "x.json"], ["--knob", "head_strength=0"], ["--seed", "3"],
        ["--bundle", "low_latency"], ["--threads", "2"], ["--provider", "cuda"],
    ],
)  # fmt: skip
def test_what_shapes_sound_is_refused_for_a_clip(tmp_path: Path, capsys, given) -> None:
    source = turned(turn=0.4, frames=12).save(tmp_path / "nod.csv")
    assert main(["render", str(source), "-o", str(tmp_path / "frames"), *given]) == 3
    said = capsys.readouterr().err
    assert given[0] in said
    assert "nod.csv is a clip" in said
    assert "talkface animate" in said
    assert not (tmp_path / "frames").exists()


def test_pictures_of_a_longer_film_do_not_stay_behind(tmp_path: Path, capsys) -> None:
    source = turned(turn=0.4, frames=12).save(tmp_path / "line.json")
    out = tmp_path / "frames"
    out.mkdir()
    arguments = ["render", str(source), "-o", str(out), "--size", "64", "--fps", "30", "-q"]
    assert main(arguments) == 0
    assert main(arguments) == 0
    (out / "000006.png").write_bytes(b"old")
    assert main(arguments) == 3
    assert "000006.png" in capsys.readouterr().err


def test_a_film_that_fails_leaves_the_old_one(tmp_path: Path, monkeypatch, capsys) -> None:
    source = turned(turn=0.4, frames=12).save(tmp_path / "line.json")
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    monkeypatch.setenv("PATH", fake_ffmpeg(bin_folder, "no such codec", 1))
    out = tmp_path / "out.mp4"
    out.write_bytes(b"old")
    assert main(["render", str(source), "-o", str(out), "--size", "64", "-q"]) == 1
    assert "no such codec" in capsys.readouterr().err
    assert out.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bin", "line.json", "out.mp4"]
