"""A finished animation."""

from __future__ import annotations

import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkface.audio import Audio
from talkface.rig import CHANNELS, VISEMES


@dataclass(frozen=True, eq=False, repr=False)
class Clip:
    """Frames of one face on the audio's own clock.

    ``weights``: float32 [frames, len(channels)], columns named by ``channels``: ARKit's 52, in
    [0, 1], unless a rig map has put the clip on another rig (docs/rigs.md).
    ``timestamps``: float64 seconds [frames].
    ``head_rotation``: float32 [frames, 4], unit quaternions x y z w about the neck, identity =
    neutral; +X nods down, +Y turns to the character's left, +Z lowers the character's right ear.
    ``head_translation``: float32 [frames, 3], metres; +X the character's left, +Y up, +Z forward.
    ``emotion``: float32 [frames, len(emotions)]; no columns when the bundle hears no emotion.
    ``affect``: float32 [frames, 2] in [-1, 1], valence and arousal heard; None with no emotion.
    ``visemes``: float32 [frames, 15] probabilities (``talkface.rig.VISEMES``), or no columns.
    ``fps``: the frame rate as a fraction, None when frames are not evenly spaced.
    """

    weights: NDArray[np.float32]
    timestamps: NDArray[np.float64]
    head_rotation: NDArray[np.float32]
    head_translation: NDArray[np.float32]
    emotion: NDArray[np.float32]
    visemes: NDArray[np.float32]
    emotions: tuple[str, ...] = ()
    channels: tuple[str, ...] = CHANNELS
    fps: Fraction | None = None
    audio: Audio | None = None
    affect: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.timestamps)

    def __repr__(self) -> str:
        pace = "uneven frames" if self.fps is None else f"{float(self.fps):g} fps"
        return (
            f"<Clip: {len(self)} frames, {pace}, {self.seconds:.2f} s, "
            f"{len(self.channels)} channels, {len(self.emotions)} emotions>"
        )

    @property
    def seconds(self) -> float:
        """Time of the last frame."""
        return float(self.timestamps[-1]) if len(self) else 0.0

    def channel(self, name: str) -> NDArray[np.float32]:
        """One channel's weights [frames]; KeyError for an unknown name."""
        if name not in self.channels:
            raise KeyError(f"no channel {name!r}; there are {', '.join(self.channels)}")
        return self.weights[:, self.channels.index(name)]

    def save(self, path: str | os.PathLike[str], format: str | None = None, **options: Any) -> Path:
        """Write the clip in the named format, or that of the suffix (``.csv`` is the Live Link
        Face app's); docs/formats.md and ``talkface formats`` list them and their options.

        Returns the path. Raises ValueError for an unknown format, suffix or option, for a clip
        that the format cannot hold, and for values that are not finite.
        """
        from talkface.sinks import save_clip

        return save_clip(self, Path(path), format, **options)

    def plot(self, path: str | os.PathLike[str]) -> Path:
        """Draw the spectrogram over the main curves into a picture; needs the [plot] extra."""
        from talkface.plots import plot_clip

        return plot_clip(self, Path(path))


def load_clip(path: str | os.PathLike[str], format: str | None = None, **options: Any) -> Clip:
    """Read a clip of the named format, or of the one that its suffix and beginning tell.

    ``options`` are the format's (``scale`` of .anim). ARKit's names, in any spelling and order,
    come on the 52 canonical channels; another rig's stay as they are in the file. Raises
    FileNotFoundError, or ValueError that says what is wrong.
    """
    from talkface.sinks import read_clip

    return read_clip(Path(path), format, **options)


def from_poses(
    poses: NDArray[Any],
    emotions: tuple[str, ...],
    has_visemes: bool,
    fps: Fraction | None,
    audio: Audio | None = None,
) -> Clip:
    """A clip from the runtime's array of poses."""

    def take(name: str) -> NDArray[np.float32]:
        return np.ascontiguousarray(poses[name])

    return Clip(
        weights=take("weights"),
        timestamps=np.ascontiguousarray(poses["seconds"]),
        head_rotation=take("head_rotation"),
        head_translation=take("head_translation"),
        emotion=take("emotion")[:, : len(emotions)],
        visemes=take("visemes")[:, : len(VISEMES) if has_visemes else 0],
        emotions=emotions,
        fps=fps,
        audio=audio,
        affect=np.stack([take("valence"), take("arousal")], axis=1) if emotions else None,
    )


def even_rate(times: NDArray[np.float64], tolerance: float) -> Fraction | None:
    """The frame rate of ``times`` [frames] from 0 on, when they lie on the grid of a whole rate, or
    of one by 1.001, to within ``tolerance`` seconds."""
    if len(times) < 2 or times[-1] <= 0:
        return None
    whole = round((len(times) - 1) / float(times[-1]))
    for candidate in (Fraction(whole), Fraction(whole * 1000, 1001)):
        grid = np.arange(len(times)) / float(candidate) if candidate else np.inf
        if np.abs(times - grid).max() < tolerance:
            return candidate
    return None
