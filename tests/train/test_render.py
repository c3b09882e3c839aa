"""Pictures of the face: nearer hides farther, weights move what is drawn, sheets are ordered."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from talkface.rig import CHANNELS
from talkface_train.data.phones import Segment
from talkface_train.render import FaceMesh, render
from talkface_train.sheet import main, moments


def two_squares() -> FaceMesh:
    """A red square 2 cm wide in front of a blue one 4 cm wide; jawOpen pulls the red one down."""
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], dtype=np.float32)
    red = np.column_stack([corners, np.full(4, 1.0)])
    blue = np.column_stack([2 * corners, np.zeros(4)])
    deltas = np.zeros((52, 8, 3), dtype=np.float32)
    deltas[CHANNELS.index("jawOpen"), :4, 1] = -4.0
    triangles = np.array([[0, 1, 2], [0, 2, 3], [4, 5, 6], [4, 6, 7]], dtype=np.int32)
    colours = np.repeat(np.array([[1, 0, 0], [0, 0, 1]], dtype=np.float32), 2, axis=0)
    return FaceMesh(np.concatenate([red, blue]).astype(np.float32), deltas, triangles, colours)


def test_nearer_hides_farther_and_weights_move() -> None:
    mesh = two_squares()
    view = (0.0, 0.0, 8.0)
    still = render(mesh, np.zeros(52), width=40, height=40, view=view).astype(int)
    assert still[0, 0].tolist() == [255, 255, 255]
    red = still[:, :, 0] - still[:, :, 2] > 50
    blue = still[:, :, 2] - still[:, :, 0] > 50
    assert red.sum() == 10 * 10
    assert blue.sum() == 20 * 20 - 10 * 10
    weights = np.zeros(52)
    weights[CHANNELS.index("jawOpen")] = 0.5
    moved = render(mesh, weights, width=40, height=40, view=view).astype(int)
    rows = np.flatnonzero((moved[:, :, 0] - moved[:, :, 2] > 50).any(axis=1))
    assert rows.mean() == pytest.approx(np.flatnonzero(red.any(axis=1)).mean() + 10)


def test_a_back_is_not_drawn() -> None:
    mesh = two_squares()
    away = (0.0, 1.0, 0.0, 0.0)
    picture = render(mesh, np.zeros(52), away, width=40, height=40, view=(0.0, 0.0, 8.0))
    assert (picture == 255).all()


def test_a_turn_to_the_left_goes_to_the_right_of_the_picture() -> None:
    mesh = two_squares()
    half = np.sin(np.radians(15)), np.cos(np.radians(15))
    turned = render(mesh, np.zeros(52), (0.0, half[0], 0.0, half[1]), 80, 80, (0.0, 0.0, 16.0))
    red = turned[:, :, 0].astype(int) - turned[:, :, 2] > 50
    blue = turned[:, :, 2].astype(int) - turned[:, :, 0] > 50
    assert np.nonzero(red)[1].mean() > np.nonzero(blue)[1].mean() + 1


def test_large_triangles_are_drawn_whole() -> None:
    mesh = two_squares()
    picture = render(mesh, np.zeros(52), width=150, height=150, view=(0.0, 0.0, 4.0))
    assert (picture.min(axis=2) < 200).all()


def test_moments_are_ordered_and_long_enough() -> None:
    segments = [
        Segment(0.0, 0.1, "SIL"), Segment(0.1, 0.12, "B"), Segment(0.2, 0.3, "OW"),
        Segment(0.3, 0.4, "M"), Segment(0.5, 0.7, "M"),
    ]  # fmt: skip
    assert moments(segments, 9) == [(pytest.approx(0.25), "OW"), (pytest.approx(0.6), "M")]
    assert moments(segments, 1) == [(pytest.approx(0.6), "M")]


def test_sheet_of_a_recording(
    data_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "sheet.png"
    assert main(["--data", str(data_root), "--count", "2", "-o", str(out)]) == 0
    assert out.read_bytes().startswith(b"\x89PNG")
    assert main(["--data", str(data_root), "--name", "nobody"]) == 2
    assert "nobody" in capsys.readouterr().err
