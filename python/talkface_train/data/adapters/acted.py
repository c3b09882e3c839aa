"""Acted speech with emotions and levels: RAVDESS, CREMA-D and MEAD.

They come as sound and film. Faces are captured from the film (``talkface capture``) and named with
``--faces``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from talkface_train.data.adapters.base import (
    EMOTIONS,
    Adapter,
    FaceReader,
    LayoutError,
    Options,
    Source,
    captured,
    found,
)
from talkface_train.data.clips import Clip

RAVDESS_LAYOUT = "Actor_01/03-01-05-02-01-01-01.wav"
RAVDESS_EMOTIONS = (
    "neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised",
)  # fmt: skip
"""Codes 01 to 08."""
RAVDESS_TEXTS = ("Kids are talking by the door", "Dogs are sitting by the door")
CREMA_LAYOUT = "AudioWAV/1001_DFA_ANG_XX.wav"
CREMA_EMOTIONS = {
    "ANG": "anger", "DIS": "disgust", "FEA": "fear", "HAP": "happy", "NEU": "neutral", "SAD": "sad",
}  # fmt: skip
CREMA_LEVELS = {"LO": 0.0, "MD": 0.5, "HI": 1.0, "XX": None, "X": None}
CREMA_TEXTS = {
    "IEO": "It's eleven o'clock",
    "TIE": "That is exactly what happened",
    "IOM": "I'm on my way to the meeting",
    "IWW": "I wonder what this is about",
    "TAI": "The airplane is almost full",
    "MTI": "Maybe tomorrow it will be cold",
    "IWL": "I would like a new alarm clock",
    "ITH": "I think I have a doctor's appointment",
    "DFA": "Don't forget a jacket",
    "ITS": "I think I've seen this before",
    "TSI": "The surface is slick",
    "WSI": "We'll stop in a couple of minutes",
}
MEAD_LAYOUT = "M003/audio/angry/level_1/001.m4a"
MEAD_LEVELS = {"level_1": 0.0, "level_2": 0.5, "level_3": 1.0}


def parse_ravdess(stem: str) -> tuple[int, ...] | None:
    """Modality, channel, emotion, intensity, statement, repetition and actor; None for a name that
    is not RAVDESS's."""
    parts = stem.split("-")
    if len(parts) != 7 or not all(len(p) == 2 and p.isdigit() for p in parts):
        return None
    numbers = tuple(int(part) for part in parts)
    limits = (3, 2, 8, 2, 2, 2, 24)
    return numbers if all(1 <= n <= most for n, most in zip(numbers, limits, strict=True)) else None


def ravdess_clip(name: str, stem: str, face: bool) -> Clip | None:
    """A clip of spoken RAVDESS by its seven-part name; None for song and for other names."""
    parts = parse_ravdess(stem)
    if parts is None or parts[1] != 1:
        return None
    _, _, emotion, intensity, statement, _, actor = parts
    return Clip(
        name,
        f"ravdess/{actor:02d}",
        EMOTIONS[RAVDESS_EMOTIONS[emotion - 1]],
        float(intensity - 1),
        RAVDESS_TEXTS[statement - 1],
        face=face,
    )


def _ravdess(root: Path, options: Options) -> Iterator[Source]:
    takes: dict[str, Path] = {}
    for path in found(root, ["**/Actor_*/*.mp4", "**/Actor_*/*.wav"], RAVDESS_LAYOUT):
        parts = parse_ravdess(path.stem)
        # Modality 2 is film without sound; a take's sound alone is better than its film's.
        if parts and parts[0] != 2 and (parts[0] == 3 or path.stem[3:] not in takes):
            takes[path.stem[3:]] = path
    if not takes:
        raise LayoutError(f"no file in {root} has a seven-part name such as {RAVDESS_LAYOUT}")
    for take, path in sorted(takes.items()):
        actor = path.parent.name
        stems = [f"{modality}-{take}" for modality in ("01", "02", "03")]
        face = captured(options, [*(f"{actor}/{stem}" for stem in stems), *stems])
        clip = ravdess_clip(f"{actor}/{path.stem}", path.stem, face is not None)
        if clip is not None:
            yield Source(clip, path, face)


def _crema(root: Path, options: Options) -> Iterator[Source]:
    for path in found(root, ["AudioWAV/*.wav", "*.wav"], CREMA_LAYOUT):
        parts = path.stem.split("_")
        known = len(parts) == 4 and parts[1] in CREMA_TEXTS and parts[2] in CREMA_EMOTIONS
        if not known or parts[3] not in CREMA_LEVELS:
            raise LayoutError(f"{path.name} is not named as {CREMA_LAYOUT} is")
        actor, sentence, emotion, level = parts
        face = captured(options, [path.stem])
        clip = Clip(
            path.stem,
            f"crema_d/{actor}",
            EMOTIONS[CREMA_EMOTIONS[emotion]],
            CREMA_LEVELS[level],
            CREMA_TEXTS[sentence],
            face=face is not None,
        )
        yield Source(clip, path, face)


def _mead(root: Path, options: Options) -> Iterator[Source]:
    patterns = [f"*/audio/*/level_*/*{suffix}" for suffix in (".wav", ".m4a")]
    for path in found(root, patterns, MEAD_LAYOUT):
        if path.suffix == ".m4a" and path.with_suffix(".wav").is_file():
            continue
        level, emotion, actor = path.parent.name, path.parent.parent.name, path.parents[3].name
        if level not in MEAD_LEVELS or emotion not in EMOTIONS:
            raise LayoutError(f"{path} is not laid out as {MEAD_LAYOUT} is")
        name = f"{actor}/{emotion}/{level}/{path.stem}"
        film = f"{actor}/video/front/{emotion}/{level}/{path.stem}"
        face: FaceReader | None = captured(options, [name, film])
        clip = Clip(
            name,
            f"mead/{actor}",
            EMOTIONS[emotion],
            MEAD_LEVELS[level],
            # Some numbers are the same words in every emotion, and no table says which.
            sentence=f"mead/{path.stem}",
            face=face is not None,
        )
        yield Source(clip, path, face)


ADAPTERS = (
    Adapter("ravdess", RAVDESS_LAYOUT, _ravdess),
    Adapter("crema_d", CREMA_LAYOUT, _crema),
    Adapter("mead", MEAD_LAYOUT, _mead),
)
