"""All parts of the head with their 52 blendshapes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from talkface.rig import CHANNELS

from . import chart, lids, lips, mouths, parts, shapes
from .parts import Part
from .sculpt import Array, bump, mirrored, smoothstep

SIDES = ("Left", "Right")
Deltas = dict[str, Array]


@dataclass(frozen=True, eq=False)
class Piece:
    """A part, its material and what each channel adds to its points: {channel: [V, 3]}."""

    part: Part
    material: str
    deltas: Deltas


_ROSY = np.array([0.90, 0.55, 0.48])
_FLUSH = (
    ((4.1, -2.9, 5.0), (1.6, 1.2, 2.5), 0.38),
    ((0.0, -3.5, 8.2), (0.9, 0.8, 1.2), 0.28),
    ((3.3, 0.9, 6.2), (1.7, 0.45, 2.0), 0.22),
)
"""Where skin is redder: cheeks, the nose's tip, upper lids; centre, size, share."""
_LID_EDGE = (0.80, 0.52, 0.47)


def skin_part(skin: chart.Skin) -> Part:
    """The skin with its colours: lips, cheeks, lids and the mouth's inside."""
    colours = parts.painted(len(skin.points), parts.SKIN)
    folded = skin.points.copy()
    folded[:, 0] = np.abs(folded[:, 0])
    for centre, size, share in _FLUSH:
        mix = share * bump(folded, centre, size)[:, None]
        colours = colours * (1 - mix) + _ROSY * mix
    red = np.array(parts.LIP)
    taper = smoothstep(1.0, 0.93, np.abs(lips.S))[:, None]
    for ring, share in enumerate((0.35, 1.0, 1.0)):
        ids = skin.mouth[ring]
        colours[ids] = colours[ids] * (1 - share * taper) + red * share * taper
    for ring, dark in enumerate((0.72, 0.62, 0.5), lips.MARGIN):
        colours[skin.mouth[ring]] = red * dark
    for ring, dark in enumerate((1.0, 0.75, 0.45, 0.35), lips.LIP_RINGS):
        colours[skin.mouth[ring]] = np.array(parts.INSIDE) * dark
    for ids in skin.eyes:
        colours[ids[lids.MARGIN + 1 :]] = _LID_EDGE
        colours[ids[0]] *= np.where(lids.UPPER, 0.90, 1.0)[:, None]
    return Part("skin", skin.points, chart.triangles(skin.quads), colours)


def skin_deltas(skin: chart.Skin, mouth: dict[str, mouths.Felt]) -> Deltas:
    """What each channel adds to the skin's points."""
    points, rings = skin.points, skin.mouth.ravel()
    made: Deltas = {name: mouths.spread(skin, felt) for name, felt in mouth.items()}

    def add(name: str, values: Array) -> None:
        made[name] = made[name] + values if name in made else values

    share = shapes.jaw_share(points)
    sliding = share.copy()
    share[rings] = np.tile(lips.JAW, lips.RINGS)
    sliding[rings] = np.tile(0.3 + 0.65 * lips.JAW, lips.RINGS)
    for name, moved in shapes.jaw(points).items():
        add(name, moved * (share if name == "jawOpen" else sliding)[:, None])
    add("jawOpen", shapes.corners_in(points))
    add("mouthShrugLower", shapes.LOWER_SHRUG(points))
    add("browInnerUp", shapes.INNER_UP(points))
    for side in SIDES:
        for name in shapes.SIDED:
            whole = name if name == "cheekPuff" else name + side
            add(whole, shapes.field(name, points, side))
        for name in shapes.EYE_SHAPES:
            add("eye" + name + side, _lids(skin, shapes.lid_rings("eye" + name), side))
        lower = shapes.lid_rings("eyeSquint") * (~lids.UPPER)[:, None]
        add("cheekSquint" + side, 0.45 * _lids(skin, lower, side))
    still = np.ones((len(points), 1))
    for ids in skin.eyes:
        still[ids, 0] = np.array([0.45, 0.2, 0.05, 0, 0, 0])[:, None]
    for name in CHANNELS:
        if name.startswith("brow"):
            made[name] = made[name] * still
    return made


def _lids(skin: chart.Skin, moved: Array, side: str) -> Array:
    """Displacement of the left lids' rings, on the lids of a side."""
    made = np.zeros_like(skin.points)
    ids = skin.eyes[SIDES.index(side)].ravel()
    made[ids] = (moved if side == "Left" else mirrored(moved)).reshape(-1, 3)
    return made


def _tongue_deltas(points: Array) -> Deltas:
    """The tongue goes over the lower lip and droops in front of it."""
    back, front = points[:, 2].min(), points[:, 2].max()
    tip = (points[:, 2] - back) / (front - back)
    ahead = 3.1 * smoothstep(-0.1, 0.8, tip)
    over = lips.ARCH[-1] + 0.2
    droop = 0.55 * np.maximum(points[:, 2] + ahead - over, 0) ** 1.6
    lift = 0.92 * smoothstep(0.1, 0.62, tip)
    out = np.stack([-0.15 * points[:, 0] * tip, lift - droop, ahead], axis=1)
    return {"tongueOut": out, **shapes.jaw(points)}


def _both(part: Part, material: str, deltas: Deltas) -> list[Piece]:
    """A left piece and its mirror image, for channels without their side."""
    right = parts.mirror(part, part.name.replace("Left", "Right"))
    return [
        Piece(part, material, {name + "Left": d for name, d in deltas.items()}),
        Piece(right, material, {name + "Right": mirrored(d) for name, d in deltas.items()}),
    ]


def _eyes() -> list[Piece]:
    names = ["eye" + name for name in shapes.EYE_SHAPES]
    ball, lash = parts.eyeball(), parts.lash()
    turned = {name: shapes.eyeball(name, ball.points) for name in names}
    lashes = {
        name: parts.lash_of(lids.NEUTRAL + shapes.lid_rings(name)) - lash.points for name in names
    }
    return [*_both(ball, "eyes", turned), *_both(lash, "brows", lashes)]


def _brows() -> list[Piece]:
    brow = parts.brow()
    pieces = _both(brow, "brows", {n: shapes.field(n, brow.points) for n in shapes.BROWS})
    for piece in pieces:
        piece.deltas["browInnerUp"] = shapes.INNER_UP(piece.part.points)
    return pieces


def _nostrils(skin: chart.Skin, mouth: dict[str, mouths.Felt]) -> list[Piece]:
    nostril = parts.nostril()
    sneer = shapes.field("noseSneer", nostril.points)
    pieces = _both(nostril, "skin", {"noseSneer": sneer})
    for piece in pieces:
        for name, felt in mouth.items():
            piece.deltas[name] = mouths.about(skin, piece.part.points, felt)
    return pieces


def build() -> list[Piece]:
    """The head's pieces."""
    skin = chart.build()
    mouth = mouths.poses(shapes.jaw_drop(lips.NEUTRAL[lips.MARGIN]))
    upper, lower = parts.teeth()
    tongue = parts.tongue()
    return [
        Piece(skin_part(skin), "skin", skin_deltas(skin, mouth)),
        *_both(parts.ear(), "skin", {}),
        *_nostrils(skin, mouth),
        *_eyes(),
        *_brows(),
        Piece(upper, "teeth", {}),
        Piece(lower, "teeth", shapes.jaw(lower.points)),
        Piece(tongue, "tongue", _tongue_deltas(tongue.points)),
        Piece(parts.hair(), "hair", {}),
    ]
