"""Clips to train published systems on: one folder, whatever set they come from.

``clips.json`` lists them; ``audio/NAME.flac`` is 16 kHz mono; ``faces/NAME.npz`` (or
``.safetensors``) holds a face's frames. docs/data.md describes every field. Nothing here is ever
unpickled.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from talkface.rig import CHANNELS, EMOTIONS
from talkface_train.data.phones import PHONE_INDEX, UNKNOWN, Segment

INDEX = "clips.json"
FORMAT, VERSION = "talkface clips", 1
SAMPLE_RATE = 16000
FRAME_RATE = 25
HEAD = 9
"""Columns of a head: the first two columns of its rotation matrix, then translation in metres."""
_NAME = re.compile(r"[A-Za-z0-9][\w.\-]*(/[A-Za-z0-9][\w.\-]*)*")
_ARRAYS = ("curves", "vertices", "neutral", "head", "seen")

Floats = NDArray[np.float32]


class ClipError(ValueError):
    """A folder of clips that is not what it should be; the message says where and why."""


@dataclass(frozen=True)
class Clip:
    """One recording.

    ``emotion``: of the rig's, None when nobody says. ``level``: how strongly, from 0 (the set's
    weakest) to 1, None when nobody says. ``sentence``: same words, same sentence; by default the
    text without case and punctuation, else the clip alone. ``trainable``: False for what its set
    holds out. ``face``: whether there are frames.
    """

    name: str
    identity: str
    emotion: str | None = None
    level: float | None = None
    text: str | None = None
    sentence: str = ""
    phones: tuple[Segment, ...] = field(default=(), repr=False)
    trainable: bool = True
    face: bool = False

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ClipError(f"{self.name!r} cannot name a clip: letters, digits, - _ . and / only")
        if not self.identity:
            raise ClipError(f"{self.name} has no identity")
        if self.emotion is not None and self.emotion not in EMOTIONS:
            raise ClipError(
                f"{self.name}: emotion {self.emotion!r} is none of {', '.join(EMOTIONS)}"
            )
        if self.level is not None and not 0 <= self.level <= 1:
            raise ClipError(f"{self.name}: level {self.level} is not within 0 and 1")
        for segment in self.phones:
            known = segment.phone in PHONE_INDEX or segment.phone == UNKNOWN
            if not known or segment.end < segment.start:
                raise ClipError(f"{self.name}: {segment} is no timed phone")
        if not self.sentence:
            said = re.sub(r"[^\w']+", " ", self.text or "").strip().lower()
            object.__setattr__(self, "sentence", said or self.name)


@dataclass(frozen=True, eq=False)
class Face:
    """Frames of a face: frame ``i`` is at ``start + i / fps`` seconds of the audio.

    ``curves`` [N, 52] (ARKit, the rig's order) or ``vertices`` [N, V, 3] in metres; ``neutral``, of
    the same shape, the same speech without its emotion; ``head`` [N, 9]; ``seen`` [N], where the
    frames are real, all by default.
    """

    fps: float
    curves: Floats | None = None
    vertices: Floats | None = None
    start: float = 0.0
    neutral: Floats | None = None
    head: Floats | None = None
    seen: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        if (self.curves is None) == (self.vertices is None):
            raise ClipError("a face has curves or vertices")
        if not 1 <= self.fps <= 240:
            raise ClipError(f"{self.fps:g} frames a second are not within 1 and 240")
        shape = self.target.shape
        if not len(self.target):
            raise ClipError("a face without frames")
        if self.curves is not None and shape[1:] != (len(CHANNELS),):
            raise ClipError(f"curves are [frames, {len(CHANNELS)}], not {list(shape)}")
        if self.vertices is not None and (len(shape) != 3 or shape[2] != 3):
            raise ClipError(f"vertices are [frames, vertices, 3], not {list(shape)}")
        wanted = {"neutral": shape, "head": (len(self), HEAD), "seen": (len(self),)}
        for name, need in wanted.items():
            value = getattr(self, name)
            if value is not None and value.shape != need:
                raise ClipError(f"{name} is {list(need)}, not {list(value.shape)}")
        for name in ("curves", "vertices", "neutral", "head"):
            value = getattr(self, name)
            if value is not None and not np.isfinite(value).all():
                raise ClipError(f"{name} holds values that are not finite")

    @property
    def target(self) -> Floats:
        """Curves or vertices."""
        found = self.curves if self.curves is not None else self.vertices
        assert found is not None
        return found

    def __len__(self) -> int:
        return len(self.target)

    def at_frame_rate(self, frames: int) -> dict[str, Floats]:
        """``target``, ``neutral`` and ``head`` where they exist, and ``mask``, at the middles of
        ``frames`` animation frames, linear between the face's own."""
        places = ((np.arange(frames) + 0.5) / FRAME_RATE - self.start) * self.fps
        inside = (places > -0.51) & (places < len(self) - 0.49)
        places = np.clip(places, 0, len(self) - 1)
        first = np.floor(places).astype(int)
        second = np.minimum(first + 1, len(self) - 1)
        share = places - first
        seen = np.ones(len(self), bool) if self.seen is None else self.seen
        real = inside & (seen[first] | (share == 1)) & (seen[second] | (share == 0))
        found = {"mask": real.astype(np.float32)}
        for name in ("target", "neutral", "head"):
            value = getattr(self, name)
            if value is not None:
                weight = share.reshape(-1, *[1] * (value.ndim - 1)).astype(np.float32)
                found[name] = value[first] * (1 - weight) + value[second] * weight
        return found


class ClipWriter:
    """Writes a new folder of clips: ``add`` each, then leave the ``with`` block.

    Raises FileExistsError where clips are already, unless they may be replaced.
    """

    def __init__(self, folder: str | Path, source: str, replace: bool = False) -> None:
        self.folder, self.source = Path(folder), source
        if (self.folder / INDEX).exists() and not replace:
            raise FileExistsError(
                f"{self.folder} holds clips already: name another folder, or --replace them"
            )
        self.clips: list[Clip] = []
        self.samples = 0
        self.uneven: list[str] = []
        """Clips whose frames and sound differ in length by more than a tenth and half a second."""
        self._names: set[str] = set()

    def __enter__(self) -> ClipWriter:
        (self.folder / INDEX).unlink(missing_ok=True)
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is None:
            self._write_index()

    def add(self, clip: Clip, audio: Floats, face: Face | None = None) -> None:
        """One clip with its audio [N] at 16 kHz and its face, if it has one."""
        if clip.name in self._names:
            raise ClipError(f"two clips are named {clip.name}")
        if audio.ndim != 1 or not len(audio):
            raise ClipError(f"{clip.name}: audio is mono samples, not {list(audio.shape)}")
        if not np.isfinite(audio).all():
            raise ClipError(f"{clip.name}: audio holds values that are not finite")
        if clip.face != (face is not None):
            raise ClipError(f"{clip.name}: face is {clip.face}, but its frames say otherwise")
        sound = self.folder / "audio" / f"{clip.name}.flac"
        sound.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(sound, audio, SAMPLE_RATE)
        if face is not None:
            path = self.folder / "faces" / f"{clip.name}.npz"
            path.parent.mkdir(parents=True, exist_ok=True)
            arrays = {name: getattr(face, name) for name in _ARRAYS}
            kept = {name: value for name, value in arrays.items() if value is not None}
            np.savez_compressed(path, fps=face.fps, start=face.start, **kept)
            shown, spoken = face.start + len(face) / face.fps, len(audio) / SAMPLE_RATE
            if abs(shown - spoken) > max(0.5, 0.1 * spoken):
                self.uneven.append(
                    f"{clip.name}: frames to {shown:.1f} s at {face.fps:g} a second, "
                    f"{spoken:.1f} s of sound"
                )
        self.samples += len(audio)
        self._names.add(clip.name)
        self.clips.append(clip)

    def _write_index(self) -> None:
        rows = [_row(clip) for clip in sorted(self.clips, key=lambda clip: clip.name)]
        document = {"format": FORMAT, "version": VERSION, "source": self.source, "clips": rows}
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = self.folder / f"{INDEX}.part"
        text = json.dumps(document, ensure_ascii=False, indent=0)
        partial.write_text(text + "\n", encoding="utf-8")
        partial.replace(self.folder / INDEX)


class ClipSet(Sequence[Clip]):
    """A folder of clips, to read. Raises FileNotFoundError or :class:`ClipError`."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        path = self.folder / INDEX
        if not path.is_file():
            raise FileNotFoundError(
                f"no {INDEX} in {self.folder}: make it with python -m talkface_train.data.prepare"
            )
        try:
            document = json.loads(path.read_text("utf-8"))
            if (document["format"], document["version"]) != (FORMAT, VERSION):
                raise ClipError(f"{path} is not version {VERSION} of {FORMAT}")
            self.source: str = document["source"]
            self.clips = tuple(_clip(row) for row in document["clips"])
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            raise ClipError(f"cannot read {path}: {type(error).__name__} {error}") from error
        self._by_name = {clip.name: clip for clip in self.clips}
        if len(self._by_name) != len(self.clips):
            raise ClipError(f"{path} names a clip twice")

    def __len__(self) -> int:
        return len(self.clips)

    def __getitem__(self, index: Any) -> Any:
        return self.clips[index]

    def __iter__(self) -> Iterator[Clip]:
        return iter(self.clips)

    def named(self, name: str) -> Clip:
        """A clip by name."""
        if name not in self._by_name:
            raise ClipError(f"no clip {name!r} in {self.folder}")
        return self._by_name[name]

    @property
    def identities(self) -> tuple[str, ...]:
        """Everybody in it, sorted."""
        return tuple(sorted({clip.identity for clip in self.clips}))

    def audio_path(self, clip: Clip) -> Path:
        """Where a clip's sound is."""
        paths = [self.folder / "audio" / f"{clip.name}{suffix}" for suffix in (".flac", ".wav")]
        path = next((path for path in paths if path.is_file()), None)
        if path is None:
            raise FileNotFoundError(f"no such audio: {paths[0]} (or .wav)")
        return path

    def audio(self, clip: Clip) -> Floats:
        """A clip's samples [N] at 16 kHz."""
        path = self.audio_path(clip)
        samples, rate = soundfile.read(path, dtype="float32")
        if rate != SAMPLE_RATE or samples.ndim != 1:
            raise ClipError(f"{path} must be {SAMPLE_RATE} Hz mono, it has {rate} Hz")
        found: Floats = samples
        return found

    def face(self, clip: Clip) -> Face | None:
        """A clip's face; None when it has none."""
        if not clip.face:
            return None
        stem = self.folder / "faces" / clip.name
        paths = [stem.with_name(stem.name + suffix) for suffix in (".npz", ".safetensors")]
        path = next((path for path in paths if path.is_file()), None)
        if path is None:
            raise FileNotFoundError(f"no such face: {paths[0]} (or .safetensors)")
        try:
            arrays = _arrays(path)
            rest = {name: arrays[name] for name in _ARRAYS if name in arrays}
            start = float(arrays.get("start", np.zeros(())))
            return Face(float(arrays["fps"]), start=start, **rest)
        except (ValueError, KeyError, TypeError) as error:
            raise ClipError(f"{path}: {error}") from error


def _arrays(path: Path) -> dict[str, Any]:
    if path.suffix == ".npz":
        with np.load(path, allow_pickle=False) as found:
            return dict(found)
    from safetensors.numpy import load_file

    loaded: dict[str, Any] = load_file(path)
    return loaded


def _row(clip: Clip) -> dict[str, Any]:
    phones = [[round(s.start, 4), round(s.end, 4), s.phone] for s in clip.phones]
    return {
        "name": clip.name, "identity": clip.identity, "emotion": clip.emotion, "level": clip.level,
        "text": clip.text, "sentence": clip.sentence, "phones": phones,
        "trainable": clip.trainable, "face": clip.face,
    }  # fmt: skip


def _clip(row: dict[str, Any]) -> Clip:
    phones = tuple(Segment(float(a), float(b), phone) for a, b, phone in row.get("phones", ()))
    return Clip(**{**row, "phones": phones})
