"""A contact sheet: the face in the middle of the sounds that lips are read by.

``python -m talkface_train.sheet -o sheet.png`` animates a recording of the shared data and draws
ICT-FaceKit's face at moments of it, each with its phone and time.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from talkface import Clip, TalkFace
from talkface_train.data import real
from talkface_train.data.phones import Segment
from talkface_train.render import FaceMesh, render

FEATURED = (
    "M", "B", "P", "F", "V", "W", "UW", "OW", "AO", "SH", "AA", "AE", "IY", "EH", "S", "L", "TH",
)  # fmt: skip
SHORTEST = 0.04
COLUMNS = 6
CLOSE_UP = (0.0, -4.6, 11.0)


def moments(segments: Sequence[Segment], count: int) -> list[tuple[float, str]]:
    """The middle of the longest segment of each featured phone, at most ``count``, by time."""
    longest: dict[str, Segment] = {}
    for segment in segments:
        before = longest.get(segment.phone)
        if before is None or segment.end - segment.start > before.end - before.start:
            longest[segment.phone] = segment
    chosen = [longest[phone] for phone in FEATURED if phone in longest]
    chosen = [segment for segment in chosen if segment.end - segment.start >= SHORTEST]
    return sorted(((s.start + s.end) / 2, s.phone) for s in chosen[:count])


def sheet(clip: Clip, mesh: FaceMesh, wanted: Sequence[tuple[float, str]], path: Path) -> None:
    """Write the picture: one face for each ``(seconds, caption)`` of ``wanted``."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    rows = -(-len(wanted) // COLUMNS)
    figure = Figure(figsize=(2 * COLUMNS, 2.3 * rows), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
    for axis in axes:
        axis.axis("off")
    for axis, (seconds, caption) in zip(axes, wanted, strict=False):
        frame = int(np.abs(clip.timestamps - seconds).argmin())
        pose = clip.weights[frame], clip.head_rotation[frame]
        axis.imshow(render(mesh, *pose, width=260, height=260, view=CLOSE_UP))
        axis.set_title(f"{caption}  {seconds:.2f} s", fontsize=10)
    figure.savefig(path, dpi=100)


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw one recording."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", help="shared data folder")
    parser.add_argument("--set", default="ljspeech", help="data set of the recording")
    parser.add_argument("--split", default="dev", choices=("train", "dev", "test"))
    parser.add_argument("--name", help="of the recording; the one with most to see, if not given")
    parser.add_argument("--bundle", help="folder of a bundle; the default one, if not given")
    parser.add_argument("--count", type=int, default=12, help="faces")
    parser.add_argument("-o", "--out", type=Path, default=Path("sheet.png"))
    options = parser.parse_args(arguments)
    root = real.data_root(options.data)
    if root is None:
        print("sheet: no shared data folder; see --data", file=sys.stderr)
        return 2
    recordings = real.load(root, options.set, options.split)
    named = [r for r in recordings if options.name in (None, r.name)]
    if not named:
        print(f"sheet: no recording {options.name} in {options.set}", file=sys.stderr)
        return 2
    shown = max(named, key=lambda r: len(moments(r.segments, options.count)))
    clip = TalkFace(options.bundle).animate(shown.path, fps=100)
    sheet(clip, FaceMesh.load(root), moments(shown.segments, options.count), options.out)
    print(f"{options.out}: {shown.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
