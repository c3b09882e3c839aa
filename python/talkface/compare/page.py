"""The page: which animations it shows, which side each is on, and the folder that holds it."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from talkface.audio import Audio, read_file
from talkface.clip import Clip, load_clip
from talkface.rig import CHANNELS
from talkface.rigs import arkit_clip
from talkface.rotation import to_angles
from talkface.sinks import SUFFIXES

KEY_FORMAT = "talkface-compare-key"
QUESTIONS = {
    "lips": "Whose lips fit the speech better?",
    "emotion": "Whose face fits the emotion of the voice better?",
    "whole": "Which face is better as a whole?",
}
SOUND_SUFFIXES = (".wav", ".flac", ".ogg", ".mp3")
FRAME_RATE = 60
"""Of both faces on the page, whatever their files have: a rate would tell them apart."""
SLACK = 0.5
"""Seconds by which an animation may miss the length of its sound."""
ASSETS = Path(__file__).parent


@dataclass(frozen=True)
class Trial:
    """A clip's name and its files: one animation of each system, and the sound."""

    name: str
    animations: tuple[Path, Path]
    sound: Path


def build(first: Path, second: Path, audio: Path, output: Path, key: Path, seed: int = 0) -> int:
    """Write the page of two systems' animations into the folder ``output``, and ``key``, which says
    what was where. Returns the number of clips.

    ``first``, ``second``: folders of animations, or text files that list them, a path a line.
    ``audio``: folder of sounds. Files go together by name. ``seed`` decides order and sides; the
    first system is on the left in half of the clips.

    Raises FileNotFoundError or ValueError where something is missing or does not fit.
    """
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise ValueError(f"{output} is in the way: give a new or an empty folder")
    if output.resolve() in key.resolve().parents:
        raise ValueError(f"{key} would lie in the page's folder, where raters see it")
    for parent in (output.parent, key.parent):
        if not parent.is_dir():
            raise FileNotFoundError(f"no such folder: {parent}")
    trials = matched(first, second, audio)
    draw = random.Random(seed)
    draw.shuffle(trials)
    swapped = sides(len(trials), draw)
    width = max(2, len(str(len(trials))))
    shown: list[dict[str, Any]] = []
    rows: dict[str, dict[str, str]] = {}
    sounds: dict[str, Audio] = {}
    systems = system_names(first, second)
    for number, (trial, swap) in enumerate(zip(trials, swapped, strict=True), start=1):
        name = f"{number:0{width}d}"
        sound = read_file(trial.sound)
        faces = [frames(_clip(path), sound.seconds, path) for path in trial.animations]
        left, right = (1, 0) if swap else (0, 1)
        shown.append({"clip": name, "left": faces[left], "right": faces[right]})
        rows[name] = {"name": trial.name, "left": systems[left], "right": systems[right]}
        sounds[name] = sound
    digest = hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:12]
    document = {"page": digest, "rate": FRAME_RATE, "channels": CHANNELS, "questions": QUESTIONS}
    _write(output, {**document, "trials": shown}, sounds)
    answer = {"format": KEY_FORMAT, "version": 1, "page": digest, "systems": systems, "clips": rows}
    key.write_text(json.dumps(answer, indent=1) + "\n", "utf-8")
    return len(trials)


def matched(first: Path, second: Path, audio: Path) -> list[Trial]:
    """Trials by name; ValueError that lists what one of the three lacks."""
    if not audio.is_dir():
        raise FileNotFoundError(f"no such folder: {audio}")
    sounds: dict[str, Path] = {}
    for suffix in SOUND_SUFFIXES:
        for path in sorted(audio.iterdir()):
            if path.suffix.lower() == suffix:
                sounds.setdefault(path.stem, path)
    one, other = animations(first), animations(second)
    for have, lack, where in ((one, other, second), (other, one, first)):
        _complain(sorted(have.keys() - lack.keys()), f"{where} has no animation of")
    _complain(sorted(one.keys() - sounds.keys()), f"{audio} has no sound of")
    return [Trial(name, (one[name], other[name]), sounds[name]) for name in sorted(one)]


def animations(source: Path) -> dict[str, Path]:
    """Animations by name, of a folder or of a text file that lists paths (from its own folder)."""
    if source.is_dir():
        paths = [path for path in source.iterdir() if path.suffix.lower() in SUFFIXES]
    elif source.is_file():
        lines = [line.strip() for line in source.read_text("utf-8").splitlines()]
        paths = [source.parent / line for line in lines if line]
    else:
        raise FileNotFoundError(f"no such folder or list: {source}")
    found: dict[str, Path] = {}
    for path in sorted(paths):
        if path.stem in found:
            raise ValueError(f"{source} has two animations of {path.stem}")
        found[path.stem] = path
    if not found:
        raise ValueError(f"{source} has no animations ({', '.join(SUFFIXES)})")
    return found


def _complain(missing: Sequence[str], text: str) -> None:
    if missing:
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        raise ValueError(f"{text} {', '.join(missing[:5])}{more}")


def sides(count: int, draw: random.Random) -> list[bool]:
    """Whether the first system is on the right: in half of the clips, at random ones."""
    flip = draw.random() < 0.5
    swapped = [(index % 2 == 0) == flip for index in range(count)]
    draw.shuffle(swapped)
    return swapped


def system_names(first: Path, second: Path) -> tuple[str, str]:
    """What the key calls the systems: last parts of their paths, or all where those are alike."""
    if first.resolve() == second.resolve():
        raise ValueError(f"{first} cannot be compared with itself")
    one, other = (path.resolve().name if path.is_dir() else path.stem for path in (first, second))
    return (one, other) if one != other else (str(first), str(second))


def _clip(path: Path) -> Clip:
    return arkit_clip(load_clip(path), f"a page with {path}")


def frames(clip: Clip, seconds: float, path: Path) -> dict[str, list[list[float]]]:
    """A clip at the page's rate for as long as its sound: ``weights`` in thousandths, ``head`` as
    turn, nod and tilt in thousandths of a radian."""
    if len(clip) == 0 or abs(clip.seconds - seconds) > SLACK:
        raise ValueError(f"{path} lasts {clip.seconds:.2f} s, its sound {seconds:.2f} s")
    times = np.arange(int(seconds * FRAME_RATE) + 1) / FRAME_RATE
    angles = np.stack(to_angles(clip.head_rotation), axis=1)

    def at_rate(values: Any) -> list[list[float]]:
        columns = [np.interp(times, clip.timestamps, column) for column in values.T]
        rows: list[list[float]] = np.rint(1000 * np.stack(columns, axis=1)).astype(int).tolist()
        return rows

    return {"weights": at_rate(np.clip(clip.weights, 0.0, 1.0)), "head": at_rate(angles)}


def _write(output: Path, document: Mapping[str, Any], sounds: Mapping[str, Audio]) -> None:
    import soundfile

    media = output / "media"
    media.mkdir(parents=True)
    for name, sound in sounds.items():
        soundfile.write(media / f"{name}.wav", sound.samples, sound.rate, subtype="PCM_16")
    page = (ASSETS / "page.html").read_text("utf-8")
    for mark, name in (
        ("/* style */", "page.css"),
        ("/* face */", "face.js"),
        ("/* page */", "page.js"),
    ):
        page = page.replace(mark, (ASSETS / name).read_text("utf-8"))
    data = json.dumps(document, separators=(",", ":"))
    (output / "index.html").write_text(page.replace("/* data */", data), "utf-8")
