"""A contact sheet of emotions: a row an emotion, a column an intensity.

``python -m talkface_train.emotion_sheet -o sheet.png`` shows the bundle's face in silence at rising
intensities, and at full intensity in the middle of a vowel and of a lip closure.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from talkface import Clip, TalkFace
from talkface.rig import EMOTIONS
from talkface.tune import STILL
from talkface_train.data import real
from talkface_train.data.real import Recording
from talkface_train.render import FaceMesh, render
from talkface_train.sheet import moments

LEVELS = (0.25, 0.5, 0.75, 1.0)
SPOKEN = ("AA", "P")
SILENCE_SECONDS = 1.5
SIDE = 240
FPS = 100


def rows(face: TalkFace, recording: Recording) -> list[tuple[str, list[Clip], list[float]]]:
    """Of each emotion its name, a clip for each column and the time to look at."""
    quiet = np.zeros(int(SILENCE_SECONDS * 16000), np.float32)
    times = {phone: seconds for seconds, phone in moments(recording.segments, 99)}
    missing = [phone for phone in SPOKEN if phone not in times]
    if missing:
        raise ValueError(f"{recording.name} has no {' and no '.join(missing)}")
    found = []
    for emotion in EMOTIONS[1:]:
        clips = [
            face.animate(quiet, 16000, fps=FPS, emotion={emotion: level}, knobs=STILL)
            for level in LEVELS
        ]
        spoken = face.animate(recording.path, fps=FPS, emotion={emotion: 1.0}, knobs=STILL)
        at = [SILENCE_SECONDS - 0.1] * len(LEVELS) + [times[phone] for phone in SPOKEN]
        found.append((emotion, clips + [spoken] * len(SPOKEN), at))
    return found


def draw(mesh: FaceMesh, table: Sequence[tuple[str, list[Clip], list[float]]], path: Path) -> None:
    """Write the picture."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    titles = [f"{level:g}" for level in LEVELS] + [f"1, on {phone}" for phone in SPOKEN]
    figure = Figure(figsize=(1.7 * len(titles), 1.75 * len(table)), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(len(table), len(titles), squeeze=False)
    for axis, title in zip(axes[0], titles, strict=True):
        axis.set_title(title, fontsize=10)
    for line, (emotion, clips, times) in zip(axes, table, strict=True):
        for axis, clip, seconds in zip(line, clips, times, strict=True):
            axis.imshow(_picture(mesh, clip, seconds))
            axis.set_xticks([])
            axis.set_yticks([])
            axis.spines[:].set_visible(False)
        line[0].set_ylabel(emotion, fontsize=10)
    figure.savefig(path, dpi=90)


def _picture(mesh: FaceMesh, clip: Clip, seconds: float) -> NDArray[np.uint8]:
    frame = int(np.abs(clip.timestamps - seconds).argmin())
    return render(mesh, clip.weights[frame], clip.head_rotation[frame], width=SIDE, height=SIDE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw the sheet."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", help="shared data folder")
    parser.add_argument("--bundle", help="folder of a bundle; the default one, if not given")
    parser.add_argument("--name", default="LJ003-0056", help="recording of ljspeech's dev part")
    parser.add_argument("-o", "--out", type=Path, default=Path("emotions.png"))
    options = parser.parse_args(arguments)
    root = real.data_root(options.data)
    if root is None:
        print("emotion_sheet: no shared data folder; see --data", file=sys.stderr)
        return 2
    named = [r for r in real.load(root, "ljspeech", "dev") if r.name == options.name]
    if not named:
        print(f"emotion_sheet: no recording {options.name}", file=sys.stderr)
        return 2
    draw(FaceMesh.load(root), rows(TalkFace(options.bundle), named[0]), options.out)
    print(options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
