"""Clips as films: through ffmpeg where there is one, as numbered PNG files otherwise."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from talkface import whole
from talkface.audio import Audio
from talkface.clip import Clip
from talkface.errors import ToolError
from talkface.render.head import Head
from talkface.render.picture import Camera, Picture, draw, save
from talkface.retime import retime
from talkface.rig import CHANNELS

Advance = Callable[[int, int], bool]
SUFFIXES = (".mp4", ".mov", ".mkv", ".webm")


def has_ffmpeg() -> bool:
    """Whether ``ffmpeg`` is on the PATH."""
    return shutil.which("ffmpeg") is not None


def pictures(
    clip: Clip, head: Head, camera: Camera, fps: Fraction, turntable: bool = False
) -> Iterator[Picture]:
    """Pictures of a clip at ``t = i / fps``; before its first frame and after its last it holds.

    ``turntable`` turns the camera once round the head from its yaw on while the clip lasts.
    """
    even = retime(_on_arkit(clip), fps)
    count = length(clip, fps)
    first = round(even.timestamps[0] * float(fps))
    for index in range(count):
        at = min(max(index - first, 0), len(even) - 1)
        yaw = camera.yaw + (2 * np.pi * index / count if turntable else 0.0)
        view = replace(camera, yaw=yaw)
        yield draw(head, even.weights[at], even.head_rotation[at], even.head_translation[at], view)


def _on_arkit(clip: Clip) -> Clip:
    """The clip on the 52 canonical channels; ValueError for one of another rig."""
    from talkface.rigs import identify, to_arkit

    if clip.channels == CHANNELS:
        return clip
    if identify(clip.channels) != "arkit":
        raise ValueError(
            f"the head is drawn from ARKit's channels, not from {', '.join(clip.channels[:4])}...: "
            "put the clip on them with talkface convert --rig arkit"
        )
    return to_arkit(clip)[0]


def length(clip: Clip, fps: Fraction) -> int:
    """Pictures of a clip: to the end of its last frame, or of its sound where that is later."""
    if not len(clip):
        raise ValueError("the clip has no frames to draw")
    sound = clip.audio.seconds if clip.audio else 0.0
    return max(int(np.floor(clip.seconds * float(fps) + 1e-6)) + 1, round(sound * float(fps)))


def write(
    clip: Clip,
    output: Path,
    camera: Camera,
    fps: Fraction,
    turntable: bool = False,
    progress: Advance | None = None,
) -> int:
    """Draw a clip into a film (``.mp4``, ``.mov``, ``.mkv``, ``.webm``; needs ffmpeg) with the
    clip's sound, or, where ``output`` has no suffix, into a folder of ``000000.png`` and so on.

    Returns the number of pictures. Raises ValueError for another suffix, without ffmpeg, or for a
    folder with pictures of a longer film, and ToolError with ffmpeg's own words when that fails.
    """
    film = check(output)
    total = length(clip, fps)
    if not film:
        _check_folder(output, total)
    frames = pictures(clip, Head.load(), camera, fps, turntable)

    def told() -> Iterator[Picture]:
        for index, picture in enumerate(frames):
            yield picture
            if progress:
                progress(index + 1, total)

    if film:
        with whole.written(output) as part:
            _encode(told(), part, camera.size, fps, clip.audio)
    else:
        output.mkdir(parents=True, exist_ok=True)
        for index, picture in enumerate(told()):
            save(picture, output / f"{index:06d}.png")
    return total


def check(output: Path) -> bool:
    """Whether an output is a film rather than a folder; ValueError when it can be neither."""
    if not output.suffix:
        if output.exists() and not output.is_dir():
            raise ValueError(f"{output} is a file; give a folder for PNG files, or a film's name")
        return False
    if output.suffix.lower() not in SUFFIXES:
        raise ValueError(
            f"{output.name}: a film ends in {', '.join(SUFFIXES)}; a name without a suffix makes a "
            "folder of PNG files"
        )
    if not has_ffmpeg():
        raise ValueError(
            f"{output.name} needs ffmpeg on the PATH; install it, or name a folder (no suffix) for "
            "PNG files"
        )
    whole.check(output)
    return True


def _check_folder(folder: Path, count: int) -> None:
    """ValueError when pictures of a longer film would stay behind the new ones."""
    for path in sorted(folder.glob("*.png")) if folder.is_dir() else ():
        if re.fullmatch(r"\d{6}", path.stem) and int(path.stem) >= count:
            raise ValueError(
                f"{folder} holds pictures of a longer film ({path.name}; this one has {count}): "
                "empty it or name another folder"
            )


def _encode(
    frames: Iterator[Picture],
    output: Path,
    size: tuple[int, int],
    fps: Fraction,
    audio: Audio | None,
) -> None:
    video = ["-c:v", "libvpx-vp9", "-b:v", "0", "-crf", "32"]
    if output.suffix.lower() != ".webm":
        video = ["-c:v", "libx264", "-crf", "18", "-movflags", "+faststart"]
        if output.suffix.lower() == ".mkv":
            video = video[:4]
    raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{size[0]}x{size[1]}"]
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as words:
        command = ["ffmpeg", "-y", "-loglevel", "error", *raw, "-r", str(fps), "-i", "-"]
        if audio:
            command += ["-i", str(_wav(audio, Path(folder)))]
        # yuv420p wants even sides; players that know only it are many.
        even = "pad=ceil(iw/2)*2:ceil(ih/2)*2"
        command += ["-vf", even, *video, "-pix_fmt", "yuv420p", str(output)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=words) as process:
            assert process.stdin is not None
            try:
                for picture in frames:
                    process.stdin.write(picture.tobytes())
                process.stdin.close()
            except BrokenPipeError:
                pass
        words.seek(0)
        said = words.read().decode(errors="replace").strip()
        if process.returncode:
            raise ToolError(f"ffmpeg failed: {said or process.returncode}")


def _wav(audio: Audio, folder: Path) -> Path:
    import soundfile

    path = folder / "sound.wav"
    soundfile.write(path, audio.samples, audio.rate)
    return path
