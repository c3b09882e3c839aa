"""All parts of the head with their 52 blendshapes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from talkface.rig import CHANNELS

from . import chart, lids, lips, parts, shapes
from .parts import Part
from .sculpt import EYE, Array, mirrored, smoothstep

_EYE_SHAPES = ("Blink", "LookDown", "LookIn", "LookOut", "LookUp", "Squint", "Wide")


@dataclass(frozen=True, eq=False)
class Piece:
    """A part, its material and what each channel adds to its points: {channel: [V, 3]}."""

    part: Part
    material: str
    deltas: dict[str, Array]


def skin_part(skin: chart.Skin) -> Part:
    """The skin with its colours: lips, cheeks, lids and the mouth's inside."""
    colours = parts.painted(len(skin.points), parts.SKIN)
    rosy = np.array([0.90, 0.55, 0.48])
    p = skin.points * (1, 1, 1)
    p[:, 0] = np.abs(p[:, 0])
    for centre, size, share in (
        ((4.1, -2.9, 5.0), (1.6, 1.2, 2.5), 0.38),
        ((0.0, -3.5, 8.2), (0.9, 0.8, 1.2), 0.28),
        ((3.3, 0.9, 6.2), (1.7, 0.45, 2.0), 0.22),
    ):
        mix = share * np.exp(-0.5 * (((p - centre) / size) ** 2).sum(axis=1))[:, None]
        colours = colours * (1 - mix) + rosy * mix
    lip = np.array(parts.LIP)
    for ring in range(lips.RINGS):
        ids = skin.mouth[ring]
        taper = smoothstep(1.0, 0.93, np.abs(lips.S))[:, None]
        if ring == 0:
            colours[ids] = colours[ids] * (1 - 0.35 * taper) + lip * 0.35 * taper
        elif ring < lips.MARGIN:
            colours[ids] = colours[ids] * (1 - taper) + lip * taper
        elif ring == lips.MARGIN:
            colours[ids] = lip * 0.72
        elif ring < lips.LIP_RINGS:
            colours[ids] = lip * (0.62 if ring == 4 else 0.5)
        else:
            colours[ids] = np.array(parts.INSIDE) * (1.0, 0.75, 0.45, 0.35)[ring - lips.LIP_RINGS]
    for ids in skin.eyes:
        colours[ids[4:]] = (0.80, 0.52, 0.47)
        colours[ids[0]] *= np.where(lids.UPPER, 0.90, 1.0)[:, None]
    return Part("skin", skin.points, chart.triangles(skin.quads), colours)


def _eye_shape(skin: chart.Skin, name: str, side: str) -> Array:
    made = np.zeros_like(skin.points)
    moved = shapes.eye_rings("eye" + name)[0]
    if side == "Right":
        moved = mirrored(moved)
    made[skin.eyes[0 if side == "Left" else 1].ravel()] = moved.reshape(-1, 3)
    return made


def _field(points: Array, name: str, side: str) -> Array:
    field = shapes.left_field(name)
    return field(points) if side == "Left" else mirrored(field(mirrored(points)))


def skin_deltas(skin: chart.Skin) -> dict[str, Array]:
    """What each channel adds to the skin's points."""
    points, rig = skin.points, shapes.Rig(skin)
    mouth = skin.mouth
    share = shapes.jaw_share(points)
    share[mouth.ravel()] = np.tile(lips.JAW, lips.RINGS)
    sliding = share.copy()
    sliding[mouth.ravel()] = np.tile(0.3 + 0.65 * lips.JAW, lips.RINGS)
    corner = np.zeros_like(points)
    corner[:, 0] = (
        -0.22
        * np.sign(points[:, 0])
        * np.exp(
            -0.5
            * (
                ((np.abs(points[:, 0]) - lips.HALF_WIDTH) / 1.0) ** 2
                + ((points[:, 1] - lips.CENTRE_Y) / 1.2) ** 2
            )
        )
        * (points[:, 2] > 1)
    )
    made = {
        "jawOpen": shapes.jaw_drop(points) * share[:, None] + corner,
        "jawForward": sliding[:, None] * (0.0, -0.03, 0.55),
        "jawLeft": sliding[:, None] * shapes.jaw_aside(points),
        "jawRight": -sliding[:, None] * shapes.jaw_aside(points),
        "mouthClose": rig.spread(shapes.mouth_close(), 1.6),
        "browInnerUp": shapes.INNER_UP(points),
    }
    fade = shapes._inside_fade()[:, None, None]
    for name, (pose, reach) in shapes.mouth_poses().items():
        made[name] = rig.spread((lips.rings(pose) - lips.NEUTRAL) * fade, reach)
    made["mouthShrugLower"] += shapes.LOWER_SHRUG(points)
    for name in shapes.LEFT_FIELDS:
        for side in ("Left", "Right"):
            added = _field(points, name, side)
            if name == "cheekPuff":
                made[name] = made.get(name, 0) + added
            else:
                made[name + side] = made.get(name + side, 0) + added
    still = np.ones(len(points))
    for ids in skin.eyes:
        still[ids] = np.array([0.45, 0.2, 0.05, 0, 0, 0])[:, None]
    for name in (
        "browDownLeft",
        "browDownRight",
        "browInnerUp",
        "browOuterUpLeft",
        "browOuterUpRight",
    ):
        made[name] = made[name] * still[:, None]
    for name in _EYE_SHAPES:
        for side in ("Left", "Right"):
            made["eye" + name + side] = _eye_shape(skin, name, side)
    for side in ("Left", "Right"):
        made["cheekSquint" + side] = made["cheekSquint" + side] + 0.45 * _lower_lid(skin, side)
    return made


def _lower_lid(skin: chart.Skin, side: str) -> Array:
    moved = shapes.eye_rings("eyeSquint")[0] * (~lids.UPPER)[None, :, None]
    made = np.zeros_like(skin.points)
    eye = skin.eyes[0 if side == "Left" else 1]
    made[eye.ravel()] = (moved if side == "Left" else mirrored(moved)).reshape(-1, 3)
    return made


def _tongue_deltas(points: Array) -> dict[str, Array]:
    back, front = points[:, 2].min(), points[:, 2].max()
    tip = (points[:, 2] - back) / (front - back)
    ahead = 3.1 * smoothstep(-0.1, 0.8, tip)
    over = lips.ARCH[-1] + 0.2
    droop = 0.55 * np.maximum(points[:, 2] + ahead - over, 0) ** 1.6
    lift = 0.92 * smoothstep(0.1, 0.62, tip)
    out = np.stack([-0.15 * points[:, 0] * tip, lift - droop, ahead], axis=1)
    return {"tongueOut": out, **_jaw(points)}


def _jaw(points: Array) -> dict[str, Array]:
    ones = np.ones((len(points), 1))
    return {
        "jawOpen": shapes.jaw_drop(points),
        "jawForward": ones * (0.0, -0.03, 0.55),
        "jawLeft": shapes.jaw_aside(points),
        "jawRight": -shapes.jaw_aside(points),
    }


def _both(part: Part, material: str, deltas: dict[str, Array]) -> list[Piece]:
    """A left piece and its mirror image, for channels without their side."""
    right = parts.mirror(part, part.name.replace("Left", "Right"))
    return [
        Piece(part, material, {name + "Left": d for name, d in deltas.items()}),
        Piece(right, material, {name + "Right": mirrored(d) for name, d in deltas.items()}),
    ]


def build() -> list[Piece]:
    """The head's pieces."""
    skin = chart.build()
    upper, lower = parts.teeth()
    tongue, ball, lash, brow = parts.tongue(), parts.eyeball(), parts.lash(), parts.brow()
    brow_deltas = {
        name: shapes.left_field(name)(brow.points) for name in ("browDown", "browOuterUp")
    }
    brows = _both(brow, "hair", brow_deltas)
    brows = [
        Piece(b.part, "brows", {**b.deltas, "browInnerUp": shapes.INNER_UP(b.part.points)})
        for b in brows
    ]
    nostril = parts.nostril()
    rig = shapes.Rig(skin)
    nostrils = _both(nostril, "skin", {"noseSneer": shapes.left_field("noseSneer")(nostril.points)})
    fade = shapes._inside_fade()[:, None, None]
    felt = {
        n: ((lips.rings(pose) - lips.NEUTRAL) * fade, reach)
        for n, (pose, reach) in shapes.mouth_poses().items()
    }
    felt["mouthClose"] = shapes.mouth_close(), 1.6
    for piece in nostrils:
        for name, (moved, reach) in felt.items():
            piece.deltas[name] = rig.around(piece.part.points, moved, reach)
    names = ["eye" + name for name in _EYE_SHAPES]
    pieces = [
        Piece(skin_part(skin), "skin", skin_deltas(skin)),
        *_both(parts.ear(), "skin", {}),
        *nostrils,
        *_both(ball, "eyes", {name: shapes.eyeball(name, ball.points) for name in names}),
        *_both(
            lash,
            "brows",
            {n: parts.lash_of(lids.NEUTRAL + shapes.eye_rings(n)[0]) - lash.points for n in names},
        ),
        *brows,
        Piece(upper, "teeth", {}),
        Piece(lower, "teeth", _jaw(lower.points)),
        Piece(tongue, "tongue", _tongue_deltas(tongue.points)),
        Piece(parts.hair(), "hair", {}),
    ]
    known = set(CHANNELS)
    assert all(set(piece.deltas) <= known for piece in pieces)
    return pieces
