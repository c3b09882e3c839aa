"""Light on a face: a hemisphere, three lamps, a little gloss."""
from __future__ import annotations
import numpy as np
from numpy.typing import NDArray
from .raster import rasterise

F = NDArray[np.float32]


def _unit(*v: float) -> F:
    a = np.array(v, dtype=np.float32)
    return a / np.linalg.norm(a)

KEY, FILL, RIM = _unit(0.45, 0.55, 0.75), _unit(-0.8, 0.15, 0.5), _unit(-0.3, 0.5, -0.9)
KEY_COLOUR = np.array([1.0, 0.95, 0.88], np.float32) * 0.80
FILL_COLOUR = np.array([0.75, 0.85, 1.0], np.float32) * 0.26
RIM_COLOUR = np.array([0.9, 0.95, 1.0], np.float32) * 0.35
SKY = np.array([0.52, 0.53, 0.56], np.float32) * 0.75
GROUND = np.array([0.36, 0.30, 0.28], np.float32) * 0.75


def normals(points: F, triangles, count=None) -> F:
    a, b, c = points[triangles[:, 0]], points[triangles[:, 1]], points[triangles[:, 2]]
    flat = np.cross(b - a, c - a)
    made = np.zeros((len(points), 3), np.float64)
    for axis in range(3):
        for k in range(3):
            made[:, axis] += np.bincount(triangles[:, k], flat[:, axis], minlength=len(points))
    made /= np.linalg.norm(made, axis=1, keepdims=True) + 1e-12
    return made.astype(np.float32)


def paint(points, norms, colours, gloss, triangles, width, height, centre, tall, background, sampling=2, distance=9.0):
    w, h = width * sampling, height * sampling
    scale = h / tall
    z = points[:, 2] - centre[2]
    near = distance * tall / (distance * tall - z)
    screen = np.stack([(points[:, 0] - centre[0]) * scale * near + w / 2, h / 2 - (points[:, 1] - centre[1]) * scale * near, near], 1).astype(np.float32)
    seen = rasterise(screen, triangles, w, h)
    tri = triangles[seen.triangle]
    def mix(a):
        return (a[tri] * (seen.shares[..., None] if a.ndim > 1 else seen.shares)).sum(1)
    n = mix(norms)
    n /= np.linalg.norm(n, axis=1, keepdims=True) + 1e-9
    c = mix(colours)
    g = mix(gloss)
    up = (n[:, 1:2] + 1) / 2
    light = GROUND + (SKY - GROUND) * up
    k = n @ KEY
    light = light + KEY_COLOUR * np.clip((k + 0.25) / 1.25, 0, 1)[:, None] ** 1.3
    light += FILL_COLOUR * np.clip(n @ FILL, 0, 1)[:, None]
    light += RIM_COLOUR * (np.clip(n @ RIM, 0, 1) ** 1.5)[:, None]
    half = _unit(*(KEY + np.array([0, 0, 1], np.float32)))
    s = np.clip(n @ half, 0, 1)
    spec = np.where(g > 0.5, 0.9 * s ** 160, 0.30 * g * s ** 24)
    fresnel = (1 - np.clip(n[:, 2], 0, 1)) ** 3
    out = c * light + spec[:, None] + 0.10 * fresnel[:, None] * RIM_COLOUR
    picture = np.tile(background, (1, 1)).reshape(-1, 3).astype(np.float32)
    picture[seen.pixel] = np.clip(out, 0, 1)
    picture = picture.reshape(height, sampling, width, sampling, 3).mean((1, 3))
    return (np.clip(picture, 0, 1) ** (1 / 1.0) * 255 + 0.5).astype(np.uint8)
