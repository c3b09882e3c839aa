"""``python -m talkface.render.sheet FOLDER``: the pictures of docs/3d.md. Needs the [plot] extra.

``head.png``: the head in some poses. ``head-channels.png``: each channel at full weight.
``head-speech.png``: phones of a sentence as the default bundle animates them, where ``--audio``
and ``--phones`` give a recording and a table of its phones (utt, start, end, phone).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from talkface.errors import require
from talkface.progress import Progress
from talkface.render.head import Head
from talkface.render.picture import Camera, Picture, draw
from talkface.rig import CHANNEL_INDEX, CHANNELS
from talkface.rotation import from_angles

POSES: dict[str, dict[str, float]] = {
    "rest": {},
    "smile": {"mouthSmile": 0.8, "cheekSquint": 0.5, "eyeSquint": 0.2},
    "surprise": {"browInnerUp": 0.8, "browOuterUp": 0.8, "eyeWide": 0.6, "jawOpen": 0.35},
    "anger": {"browDown": 1.0, "noseSneer": 0.4, "mouthPress": 0.7, "eyeSquint": 0.5},
    "sadness": {"browInnerUp": 0.9, "mouthFrown": 0.7, "eyeLookDown": 0.4},
    "aa": {"jawOpen": 0.6},
    "ee": {"jawOpen": 0.12, "mouthStretch": 0.6, "mouthUpperUp": 0.35, "mouthLowerDown": 0.4},
    "oo": {"jawOpen": 0.15, "mouthPucker": 0.8, "mouthFunnel": 0.2},
    "f": {"jawOpen": 0.08, "mouthRollLower": 0.6, "mouthUpperUp": 0.35},
    "m": {"jawOpen": 0.06, "mouthClose": 0.06, "mouthPress": 0.5},
    "th": {"jawOpen": 0.3, "tongueOut": 0.7},
    "wink": {"eyeBlinkLeft": 1.0, "mouthSmileLeft": 0.7, "cheekSquintLeft": 0.5},
}
"""Poses by name; a channel without its side stands for both."""
_FACE = Camera((132, 132), centre=(0.0, 0.05), tall=0.225)
_BUST = Camera((230, 230), yaw=0.25)


def weights_of(values: Mapping[str, float]) -> np.ndarray:
    """Weights [52] of named values."""
    weights = np.zeros(len(CHANNELS))
    for name, value in values.items():
        for channel in (name, f"{name}Left", f"{name}Right"):
            if channel in CHANNEL_INDEX:
                weights[CHANNEL_INDEX[channel]] = value
    return weights


def sheet(pictures: Sequence[tuple[str, Picture]], columns: int, path: Path) -> None:
    """Write labelled pictures of one size side by side, as PNG."""
    figure_of = require("matplotlib.figure", "plot", "a sheet").Figure
    height, width, _ = pictures[0][1].shape
    rows, line = -(-len(pictures) // columns), 13
    figure = figure_of(figsize=(columns * width / 100, rows * (height + line) / 100), dpi=100)
    whole = np.full((rows * (height + line), columns * width, 3), 255, np.uint8)
    for index, (label, picture) in enumerate(pictures):
        top, left = index // columns * (height + line), index % columns * width
        whole[top + line : top + line + height, left : left + width] = picture
        figure.text(
            (left + width / 2) / whole.shape[1], 1 - (top + line / 2) / whole.shape[0], label,
            ha="center", va="center", fontsize=6.5,
        )  # fmt: skip
    figure.figimage(whole, origin="upper", resize=True)
    canvas = require("matplotlib.backends.backend_agg", "plot", "a sheet").FigureCanvasAgg(figure)
    canvas.draw()
    drawn = np.asarray(canvas.buffer_rgba())[..., :3]
    # 256 colours of its own keep the file small; Pillow comes with matplotlib.
    image = require("PIL.Image", "plot", "a sheet").fromarray(drawn)
    image.quantize(256, method=1, dither=1).save(path, optimize=True)


def poses(head: Head, path: Path) -> None:
    """The head in :data:`POSES`, turned a little."""
    turn = from_angles(0.12, 0.02, 0.03)
    made = [(name, draw(head, weights_of(v), turn, camera=_BUST)) for name, v in POSES.items()]
    sheet(made, 4, path)


def channels(head: Head, path: Path) -> None:
    """Each channel at full weight, from the front."""
    made = [(name, draw(head, weights_of({name: 1.0}), camera=_FACE)) for name in CHANNELS]
    sheet(made, 9, path)


def speech(head: Head, audio: Path, phones: Path, path: Path, most: int = 36) -> None:
    """The middle of each phone of a recording, animated by the default bundle."""
    from talkface.face import TalkFace

    clip = TalkFace().animate(audio, fps=60)
    rows = [line.split("\t") for line in phones.read_text("utf-8").splitlines()]
    spoken = [row for row in rows if row[0] == audio.stem and row[3].lower() not in ("sil", "sp")]
    if not spoken:
        raise ValueError(f"{phones} has no phones of {audio.stem}")
    made = []
    for row in spoken[:most]:
        middle = (float(row[1]) + float(row[2])) / 2
        at = min(round(middle * 60), len(clip) - 1)
        picture = draw(head, clip.weights[at], clip.head_rotation[at], camera=_FACE)
        made.append((f"{row[3]}  {middle:.2f} s", picture))
    sheet(made, 9, path)


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw the sheets."""
    parser = argparse.ArgumentParser(prog="python -m talkface.render.sheet", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--audio", type=Path)
    parser.add_argument("--phones", type=Path)
    options = parser.parse_args(arguments)
    head = Head.load()
    with Progress("drawing") as progress:
        poses(head, options.folder / "head.png")
        progress.update(1, 3)
        channels(head, options.folder / "head-channels.png")
        progress.update(2, 3)
        if options.audio and options.phones:
            speech(head, options.audio, options.phones, options.folder / "head-speech.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
