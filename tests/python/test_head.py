"""The package's head: sealed lips and lids, hidden teeth, symmetry, and the file itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from talkface.render.head import Head
from talkface.render.raster import rasterise
from talkface.rig import CHANNEL_INDEX, CHANNELS
from talkface.viewer.make_head import assemble, chart, export, lids, lips

HEAD = Path(assemble.__file__).parents[1] / "head.glb"
EYES, TEETH = 0.94, 0.75
"""Gloss of what must not be seen, as the GLB's materials give it."""


@pytest.fixture(scope="module")
def head() -> Head:
    return Head.read(HEAD)


@pytest.fixture(scope="module")
def pieces() -> list[assemble.Piece]:
    return assemble.build()


def pose(**values: float) -> np.ndarray:
    """Weights [52]; a name without its side sets both."""
    weights = np.zeros(len(CHANNELS))
    for name, value in values.items():
        sides = [n for n in (name, f"{name}Left", f"{name}Right") if n in CHANNELS]
        assert sides, name
        for side in sides:
            weights[CHANNEL_INDEX[side]] = value
    return weights


def seen(head: Head, weights: np.ndarray, gloss: float, yaw: float = 0.0) -> int:
    """Pixels of a material, of 600 x 600 over the face, with the camera ``yaw`` round."""
    points = head.posed(weights)
    c, s = np.cos(yaw), np.sin(yaw)
    points = points @ np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]]).T.astype(np.float32)
    middle, scale = np.array([0.0, 0.06]), 600 / 0.22
    screen = np.column_stack([(points[:, :2] - middle) * (scale, -scale) + 300, points[:, 2]])
    shown = rasterise(screen.astype(np.float32), head.triangles, 600, 600)
    material = head.gloss[head.triangles[shown.triangle, 0]]
    return int((np.abs(material - gloss) < 0.005).sum())


def test_the_file_is_small_and_what_the_script_builds(head: Head, pieces, tmp_path: Path) -> None:
    assert HEAD.stat().st_size < 1_500_000
    for name in ("a.glb", "b.glb"):
        export.write(pieces, tmp_path / name)
    assert (tmp_path / "a.glb").read_bytes() == (tmp_path / "b.glb").read_bytes()
    made = Head.read(tmp_path / "a.glb")
    # Not byte for byte: sines and exponentials differ in the last bit between machines.
    assert np.array_equal(made.triangles, head.triangles)
    for part in ("points", "deltas", "colours"):
        assert np.allclose(getattr(made, part), getattr(head, part), atol=3e-5), part


def test_every_channel_moves_its_own_part(head: Head) -> None:
    moved = np.abs(head.deltas).max(axis=2)
    assert (moved.max(axis=1) > 5e-4).all()
    assert not moved[:, head.turns == 0].any()
    high, low = head.points[:, 1] > 0.062, head.points[:, 1] < 0.055
    for name in CHANNELS:
        most = moved[CHANNEL_INDEX[name]].argmax()
        if name.startswith(("eye", "brow")):
            assert high[most], name
        if name.startswith(("jaw", "mouth", "tongue")) and not name.startswith("mouthSmile"):
            assert low[most], name


@pytest.mark.parametrize("name", [name for name in CHANNELS if name.endswith("Left")])
def test_right_is_the_mirror_image_of_left(head: Head, name: str) -> None:
    other = {"jawLeft": "jawRight", "mouthLeft": "mouthRight"}.get(
        name, name.removesuffix("Left") + "Right"
    )
    mirror = np.array([-1, 1, 1])
    turning = head.turns > 0
    left = head.points[turning] + head.deltas[CHANNEL_INDEX[name], turning]
    right = (head.points[turning] + head.deltas[CHANNEL_INDEX[other], turning]) * mirror
    # The hair has a parting and is left out of the likeness: it does not move.
    moved = np.abs(head.deltas[CHANNEL_INDEX[name], turning]).max(axis=1) > 1e-4
    for point in left[moved][::5]:
        assert np.linalg.norm(right - point, axis=1).min() < 2e-5


@pytest.fixture(scope="module")
def margin() -> np.ndarray:
    """Points of the skin that are the lips' margin, in their order about the mouth."""
    return chart.build().mouth[lips.MARGIN]


def margins(pieces, margin: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The margins of the upper and the lower lip in a pose, in centimetres, corner to corner."""
    skin = pieces[0]
    ring = skin.part.points[margin].copy()
    for name, delta in skin.deltas.items():
        ring += weights[CHANNEL_INDEX[name]] * delta[margin]
    return ring[: lips.STEPS + 1], np.vstack([ring[:1], ring[: lips.STEPS - 1 : -1]])


@pytest.mark.parametrize("jaw", [0.0, 0.05, 0.3, 0.7, 1.0])
def test_lips_meet_when_mouth_close_is_as_large_as_the_jaw(pieces, margin, jaw: float) -> None:
    upper, lower = margins(pieces, margin, pose(jawOpen=jaw, mouthClose=jaw))
    assert np.abs(upper - lower).max() < 0.02
    upper, lower = margins(pieces, margin, pose(jawOpen=jaw))
    assert (upper[:, 1] - lower[:, 1]).max() > 2.4 * jaw - 0.02


CLOSED = {
    "rest": {},
    "m": {"jawOpen": 0.06, "mouthClose": 0.06, "mouthPress": 0.5},
    "closed over an open jaw": {"jawOpen": 0.5, "mouthClose": 0.5},
    "smile": {"mouthSmile": 1.0, "cheekSquint": 0.6},
    "one-sided smile": {"mouthSmileLeft": 1.0},
    "frown": {"mouthFrown": 1.0},
    "press": {"mouthPress": 1.0},
    "rolled": {"mouthRollLower": 1.0, "mouthRollUpper": 1.0},
    "pucker": {"mouthPucker": 1.0},
    "stretch": {"mouthStretch": 1.0},
    "dimple": {"mouthDimple": 1.0},
    "shrug": {"mouthShrugLower": 1.0, "mouthShrugUpper": 1.0},
    "aside": {"mouthLeft": 1.0},
    "puff": {"cheekPuff": 1.0},
    "sneer": {"noseSneer": 1.0},
}


@pytest.mark.parametrize("name", CLOSED)
@pytest.mark.parametrize("yaw", [0.0, 0.7, -0.7])
def test_no_tooth_is_seen_through_closed_lips(head: Head, name: str, yaw: float) -> None:
    assert seen(head, pose(**CLOSED[name]), TEETH, yaw) == 0


def test_teeth_are_seen_when_lips_part(head: Head) -> None:
    assert seen(head, pose(jawOpen=0.5), TEETH) > 500
    assert seen(head, pose(mouthUpperUp=1.0, mouthLowerDown=1.0), TEETH) > 1500


@pytest.mark.parametrize("yaw", [0.0, 0.6, -0.6])
@pytest.mark.parametrize(
    "look", [{}, {"eyeLookDown": 0.5}, {"eyeLookOut": 0.6}, {"eyeSquint": 0.6}]
)
def test_a_blink_seals(head: Head, yaw: float, look: dict[str, float]) -> None:
    assert seen(head, pose(eyeBlink=1.0, **look), EYES, yaw) == 0


def test_lids_cover_more_of_the_eye_all_the_way(head: Head) -> None:
    """Nor does an eyeball come through its lid half-way."""
    areas = [seen(head, pose(eyeBlink=w), EYES) for w in np.linspace(0, 1, 9)]
    assert areas[0] > 4000
    assert (np.diff(areas) < 0).all()
    assert areas[4] < 0.75 * areas[0]
    for point in (0.25, 0.5, 0.75):
        up, down = lids.closed(point)
        rings = lids.NEUTRAL + point * (lids.rings(*lids.closed(), bulge=0.1) - lids.NEUTRAL)
        assert np.isfinite(rings).all()
        assert (up >= -down).all()


@pytest.mark.parametrize(
    ("name", "axis", "sign"),
    [("eyeLookUp", 1, 1), ("eyeLookDown", 1, -1), ("eyeLookOut", 0, 1), ("eyeLookIn", 0, -1)],
)
def test_eyes_turn_as_far_as_the_channels_say(head: Head, name: str, axis: int, sign: int) -> None:
    """35 degrees at weight 1 (docs/conventions.md), the pupil's way on the left eye."""
    eye = (np.abs(head.gloss - EYES) < 0.005) & (head.points[:, 0] > 0)
    radius = np.ptp(head.points[eye][:, 0]) / 2
    pupil = np.flatnonzero(eye)[head.points[eye][:, 2].argmax()]
    away = head.deltas[CHANNEL_INDEX[name + "Left"], pupil, axis]
    assert np.sign(away) == sign
    assert abs(away) == pytest.approx(radius * np.sin(0.611), rel=0.01)


def test_skin_is_one_sheet(pieces) -> None:
    """No edge of the skin belongs to more than two triangles, and none runs twice the same way."""
    triangles = pieces[0].part.triangles
    ends = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    assert len(np.unique(ends, axis=0)) == len(ends)
    _, count = np.unique(np.sort(ends, axis=1), axis=0, return_counts=True)
    assert count.max() == 2


@pytest.mark.data
def test_lips_of_the_speaking_head_close_on_m_b_and_p(
    pieces, margin, data_root: Path, default_face
) -> None:
    """At some frame of nearly every bilabial the margins are within half a millimetre, as on
    "mama"; on open vowels they part."""
    folder = data_root / "kathleen_arctic"
    rows = [line.split("\t") for line in (folder / "phones.tsv").read_text("utf-8").splitlines()]
    closed, opened = [], []
    for name in list(dict.fromkeys(row[0] for row in rows[1:]))[:5]:
        clip = default_face.animate(folder / "audio" / f"{name}.flac", fps=60)
        gaps = []
        for weights in clip.weights:
            upper, lower = margins(pieces, margin, weights)
            gaps.append((upper[:, 1] - lower[:, 1]).max())
        for row in rows:
            if row[0] == name and row[3] in ("M", "B", "P", "AA", "AE", "AO"):
                span = gaps[int(float(row[1]) * 60) : int(np.ceil(float(row[2]) * 60)) + 1]
                if row[3] in "MBP":
                    closed.append(min(span))
                else:
                    opened.append(max(span))
    assert len(closed) > 15
    assert np.mean(np.array(closed) < 0.05) >= 0.9
    assert np.median(opened) > 0.4


def test_back_teeth_lie_in_shadow(head: Head) -> None:
    """Lit as the front ones they look like fangs beside the tongue."""
    teeth = np.abs(head.gloss - TEETH) < 0.005
    light, side = head.colours[teeth].mean(axis=1), np.abs(head.points[teeth, 0])
    assert light[side > 0.8 * side.max()].max() < 0.8 * light[side < 0.2 * side.max()].max()
