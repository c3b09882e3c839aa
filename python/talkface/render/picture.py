"""Pictures of the head: a camera in front, three lamps, a soft background."""

from __future__ import annotations

import os
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from talkface.render.head import Floats, Head, matrix
from talkface.render.raster import rasterise

Picture = NDArray[np.uint8]
SAMPLING = 2
"""Samples to a pixel, in either direction."""


def _unit(x: float, y: float, z: float) -> Floats:
    vector = np.array((x, y, z), dtype=np.float32)
    unit: Floats = (vector / np.linalg.norm(vector)).astype(np.float32)
    return unit


def _colour(red: float, green: float, blue: float, strength: float) -> Floats:
    colour: Floats = np.array((red, green, blue), dtype=np.float32) * np.float32(strength)
    return colour


# Lamps: where they stand from the face, and their light.
_KEY, _KEY_LIGHT = _unit(0.45, 0.55, 0.75), _colour(1.0, 0.95, 0.88, 0.78)
_FILL, _FILL_LIGHT = _unit(-0.8, 0.15, 0.5), _colour(0.75, 0.85, 1.0, 0.28)
_RIM, _RIM_LIGHT = _unit(-0.3, 0.5, -0.9), _colour(0.9, 0.95, 1.0, 0.35)
_SKY, _GROUND = _colour(0.52, 0.53, 0.56, 0.80), _colour(0.36, 0.31, 0.29, 0.85)
_HALFWAY = _unit(float(_KEY[0]), float(_KEY[1]), float(_KEY[2]) + 1)
_WRAP = 0.25
"""How far the key light goes round an edge, as under skin."""
_TINY = np.float32(1e-12)
"""Square metres under which a side counts as none."""
_TOP, _BOTTOM = (0.86, 0.89, 0.92), (0.68, 0.73, 0.78)


@dataclass(frozen=True)
class Camera:
    """``size``: width and height in pixels; ``yaw`` and ``pitch``: radians by which the camera goes
    round the head to its left and up; ``centre`` (x, y) and ``tall``: what is in view, metres."""

    size: tuple[int, int] = (384, 384)
    yaw: float = 0.0
    pitch: float = 0.0
    centre: tuple[float, float] = (0.0, 0.068)
    tall: float = 0.32

    def __post_init__(self) -> None:
        if not all(16 <= side <= 4096 for side in self.size):
            raise ValueError(f"a picture is 16 to 4096 pixels wide and high, not {self.size}")


def draw(
    head: Head,
    weights: ArrayLike,
    rotation: ArrayLike = (0.0, 0.0, 0.0, 1.0),
    translation: ArrayLike = (0.0, 0.0, 0.0),
    camera: Camera = Camera(),
) -> Picture:
    """A picture [height, width, 3] of the head in a pose (see :meth:`Head.posed`)."""
    points = head.posed(weights, rotation, translation) @ _look(camera).T
    width, height = camera.size[0] * SAMPLING, camera.size[1] * SAMPLING
    seen = rasterise(_project(points, camera, width, height), head.triangles, width, height)
    surface = np.column_stack([_normals(points, head.triangles), head.colours, head.gloss])
    at = seen.mix(surface.astype(np.float32), head.triangles)
    picture = _background(width, height)
    picture[seen.pixel] = _lit(at[:, :3], at[:, 3:6], at[:, 6])
    samples = picture.reshape(camera.size[1], SAMPLING, camera.size[0], SAMPLING, 3)
    near = [samples[:, i, :, j] for i in range(SAMPLING) for j in range(SAMPLING)]
    averaged = sum(near[1:], start=near[0]) / len(near)
    drawn: Picture = (averaged * 255 + 0.5).astype(np.uint8)
    return drawn


def _look(camera: Camera) -> Floats:
    """The world as the camera stands: turned against it."""
    half = np.array((camera.pitch, -camera.yaw)) / 2
    (sx, sy), (cx, cy) = np.sin(half), np.cos(half)
    return matrix((sx, 0, 0, cx)) @ matrix((0, sy, 0, cy))


def _project(points: Floats, camera: Camera, width: int, height: int) -> Floats:
    """Columns, rows and nearness, in the perspective of a camera some way off."""
    away = 6 * camera.tall
    near = away / np.maximum(away - points[:, 2], 0.1 * away)
    scale = height / camera.tall
    column = width / 2 + (points[:, 0] - camera.centre[0]) * scale * near
    row = height / 2 - (points[:, 1] - camera.centre[1]) * scale * near
    return np.stack([column, row, near], axis=1).astype(np.float32)


def _normals(points: Floats, triangles: NDArray[np.int32]) -> Floats:
    """Unit normals [V, 3]: those of the triangles, weighted by 1 / (a^2 b^2) of the sides at the
    corner (Max 1999), so that a sphere's come out right however it is cut into triangles."""
    corners = [points[triangles[:, corner]] for corner in range(3)]
    flat = np.cross(corners[1] - corners[0], corners[2] - corners[0])
    sides = [((corners[k] - corners[k - 1]) ** 2).sum(axis=1) + _TINY for k in range(3)]
    weights = np.stack([1 / (sides[k] * sides[(k + 1) % 3]) for k in range(3)], axis=1)
    at, count = triangles.ravel(), len(points)
    sums = [
        np.bincount(at, (flat[:, axis : axis + 1] * weights).ravel(), count) for axis in range(3)
    ]
    made = np.stack(sums, axis=1).astype(np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True) + np.float32(1e-12)
    return made


def _lit(normals: Floats, colours: Floats, gloss: Floats) -> Floats:
    """Colours [N, 3] of surfaces in the light."""
    normals = normals / (np.linalg.norm(normals, axis=1, keepdims=True) + 1e-9)
    light = _GROUND + (_SKY - _GROUND) * ((normals[:, 1:2] + 1) / 2)
    key = np.clip((normals @ _KEY + _WRAP) / (1 + _WRAP), 0, 1)
    light += _KEY_LIGHT * (key * (0.7 + 0.3 * key))[:, None]
    light += _FILL_LIGHT * np.clip(normals @ _FILL, 0, 1)[:, None]
    rim = np.clip(normals @ _RIM, 0, 1)
    light += _RIM_LIGHT * (rim * np.sqrt(rim))[:, None]
    mirror = np.clip(normals @ _HALFWAY, 0, 1)
    eighth = mirror * mirror
    eighth *= eighth
    eighth *= eighth
    shine = 0.35 * gloss * eighth * eighth * eighth
    wet = gloss > 0.9
    shine[wet] = 0.9 * eighth[wet] ** 20
    edge = 0.10 * (1 - np.clip(normals[:, 2], 0, 1)) ** 3
    lit = colours * light + shine[:, None] + edge[:, None] * _RIM_LIGHT
    clipped: Floats = np.clip(lit, 0, 1).astype(np.float32)
    return clipped


def _background(width: int, height: int) -> Floats:
    """A soft gradient [height * width, 3]."""
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    rows = np.array(_TOP, np.float32) * (1 - down) + np.array(_BOTTOM, np.float32) * down
    return np.repeat(rows, width, axis=0)


def png(picture: Picture) -> bytes:
    """A picture [height, width, 3] as a PNG file."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    height, width, _ = picture.shape
    rows = np.zeros((height, 1 + 3 * width), np.uint8)
    rows[:, 0] = 2  # each row as its difference from the one above
    flat = picture.reshape(height, -1)
    rows[0, 1:] = flat[0]
    rows[1:, 1:] = flat[1:] - flat[:-1]
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows.tobytes(), 6))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def save(picture: Picture, path: str | os.PathLike[str]) -> None:
    """Write a picture as PNG."""
    Path(path).write_bytes(png(picture))
