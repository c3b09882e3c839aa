"""Batches for published systems from folders of clips (docs/data.md), alone or in pairs.

What encoders hear without weights is kept in a ``hearing-*.npz`` beside the clips, so that a run
starts at once when another one came before.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from talkface.progress import Progress
from talkface.rig import EMOTIONS
from talkface_train.data.clips import FRAME_RATE, SAMPLE_RATE, Clip, ClipError, ClipSet
from talkface_train.data.splits import read_splits
from talkface_train.models.hearing import Hearing
from talkface_train.models.system import Batch

Floats = NDArray[np.float32]
MASKS = ("mask", "neutral_mask", "head_mask")
PAIRED = ("_12", "_21", "_22")
UNLABELLED = ("error", "neutral", "leave out")


@dataclass(frozen=True, eq=False)
class Item:
    """A clip in memory. ``frontend``: what :meth:`Hearing.frontend` made of its audio [R, F];
    ``target`` [T, K], ``neutral`` alike or None, ``head`` [T, 9] or None, ``mask`` [T]."""

    clip: Clip
    source: str
    frontend: Floats
    target: Floats
    neutral: Floats | None
    head: Floats | None
    mask: Floats

    @property
    def frames(self) -> int:
        return len(self.mask)


class SystemSet:
    """Clips with faces of one split of some folders. ``frames``: of the longest crop.

    ``unlabelled``: what becomes of clips whose emotion nobody says. Raises ClipError or
    FileNotFoundError.
    """

    def __init__(
        self,
        folders: Sequence[Path],
        split: str,
        hearing: Hearing,
        identities: Sequence[str] | None = None,
        frames: int = 100,
        unlabelled: str = "error",
        progress: bool = True,
    ) -> None:
        self.hearing, self.longest = hearing, frames
        self.items: list[Item] = []
        for folder in folders:
            self.items += _items(folder, split, hearing, unlabelled, progress)
        if not self.items:
            raise ClipError(
                f"no clip with a face in {split} of {', '.join(map(str, folders))}: "
                "talkface_train.data.prepare says how many it put into each split"
            )
        widths = {item.target.shape[1] for item in self.items}
        if len(widths) != 1:
            raise ClipError(f"faces of different sizes in one run: {sorted(widths)}")
        self.outputs = widths.pop()
        known = sorted({item.clip.identity for item in self.items})
        self.identities = tuple(identities if identities is not None else known)
        self._takes = _takes(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def batch(self, size: int, generator: np.random.Generator, pairs: bool) -> Batch:
        """Random crops. ``pairs``: with ``_12``, ``_21`` and ``_22`` (models/system.py) of clips
        that have them; ClipError when there are none."""
        if not pairs:
            chosen = generator.integers(len(self.items), size=size)
            return self.collate([self.items[i] for i in chosen], generator)
        self.need_pairs()
        columns: list[list[Item]] = [[], [], [], []]
        for _ in range(size):
            takes = self._takes[generator.integers(len(self._takes))]
            for column, item in zip(columns, takes.drawn(generator), strict=True):
                column.append(item)
        own = [_start(item, self.longest, generator) for item in columns[0]]
        other = [_start(item, self.longest, generator) for item in columns[2]]
        found: dict[str, Tensor] = {}
        frames = self._frames([item for column in columns for item in column])
        for suffix, items, starts in zip(
            ("", *PAIRED), columns, (own, own, other, other), strict=True
        ):
            rows = self._rows(items, starts, frames)
            found |= {name + suffix: value for name, value in rows.items()}
        return cast(Batch, found)

    def need_pairs(self) -> None:
        """ClipError where no clips make a pair."""
        if not self._takes:
            raise ClipError(
                "no pairs: somebody must say two sentences in the same two emotions each; "
                "pairs: 0 in the settings trains without the losses that need them"
            )

    def collate(self, items: Sequence[Item], generator: np.random.Generator | None) -> Batch:
        """A batch of clips, each from a random place, or from its start without a generator."""
        starts = [0 if generator is None else _start(i, self.longest, generator) for i in items]
        return cast(Batch, self._rows(items, starts, self._frames(items)))

    def batches(self, size: int) -> Iterator[Batch]:
        """All clips once, whole or as far as ``frames`` go, those of like length together."""
        order = sorted(self.items, key=lambda item: item.frames)
        for first in range(0, len(order), size):
            yield self.collate(order[first : first + size], None)

    def _frames(self, items: Sequence[Item]) -> int:
        return -(-min(max(item.frames for item in items), self.longest) // 4) * 4

    def _rows(self, items: Sequence[Item], starts: Sequence[int], frames: int) -> dict[str, Tensor]:
        stride, lead = self.hearing.rows_per_frame, self.hearing.priming_steps
        count, rows = len(items), (frames + lead) * stride
        heard = np.zeros((count, rows, items[0].frontend.shape[1]), np.float32)
        face = {
            name: np.zeros((count, frames, width), np.float32)
            for name, width in (("curves", self.outputs), ("neutral", self.outputs), ("head", 9))
        }
        masks = {name: np.zeros((count, frames), np.float32) for name in MASKS}
        for row, (item, start) in enumerate(zip(items, starts, strict=True)):
            part = item.frontend[start * stride :][:rows]
            heard[row, : len(part)] = part
            # A clip of a pair may end before the place where its own clip's crop starts.
            end = max(start, min(start + frames, item.frames))
            place = (row, slice(0, end - start))
            real = item.mask[start:end]
            masks["mask"][place] = real
            face["curves"][place] = item.target[start:end]
            for name, value, mask in (
                ("neutral", item.neutral, "neutral_mask"), ("head", item.head, "head_mask"),
            ):  # fmt: skip
                if value is not None:
                    face[name][place] = value[start:end]
                    masks[mask][place] = real
        found = {"frontend": heard, **face, **masks}
        tensors = {name: torch.from_numpy(value) for name, value in found.items()}
        return tensors | {
            "identity": torch.stack([self.one_hot(item.clip.identity) for item in items]),
            "emotion": torch.tensor([EMOTIONS.index(_emotion(item.clip)) for item in items]),
            "level": torch.tensor([level_of(item.clip) for item in items]),
        }

    def one_hot(self, identity: str) -> Tensor:
        """[I] of somebody known; everybody alike for a stranger."""
        if identity in self.identities:
            row = torch.zeros(len(self.identities))
            row[self.identities.index(identity)] = 1.0
            return row
        return torch.full((len(self.identities),), 1.0 / len(self.identities))


def encoded(hearing: Hearing, batch: Batch) -> Batch:
    """A batch with what encoders say in place of what their front ends heard."""
    found = dict(cast(Mapping[str, Tensor], batch))
    for suffix in ("", *PAIRED):
        rows = found.pop("frontend" + suffix, None)
        if rows is not None:
            said = hearing.encode(rows)
            found |= {name + suffix: value for name, value in said.items()}
    return cast(Batch, found)


def level_of(clip: Clip) -> float:
    """A clip's level; 1 where nobody says, 0 for neutral."""
    if _emotion(clip) == "neutral":
        return 0.0
    return 1.0 if clip.level is None else float(clip.level)


def _emotion(clip: Clip) -> str:
    return clip.emotion or "neutral"


def _start(item: Item, longest: int, generator: np.random.Generator) -> int:
    return int(generator.integers(max(item.frames - longest, 0) + 1))


@dataclass(frozen=True)
class _Takes:
    """Takes of one sentence by one person by emotion, and the person's other sentences that have
    two emotions in common with it."""

    own: Mapping[str, Sequence[Item]]
    others: Sequence[Mapping[str, Sequence[Item]]]

    def drawn(self, generator: np.random.Generator) -> tuple[Item, Item, Item, Item]:
        """A clip, its ``_12``, ``_21`` and ``_22``."""
        other = self.others[int(generator.integers(len(self.others)))]
        shared = sorted(set(self.own) & set(other))
        first, second = (shared[i] for i in generator.permutation(len(shared))[:2])

        def two(takes: Mapping[str, Sequence[Item]]) -> tuple[Item, Item]:
            one = takes[first][int(generator.integers(len(takes[first])))]
            # Takes of one length are takes of one recording: words at the same times.
            even = [i for i in takes[second] if i.frames == one.frames] or takes[second]
            return one, even[int(generator.integers(len(even)))]

        return (*two(self.own), *two(other))


def _takes(items: Sequence[Item]) -> list[_Takes]:
    spoken: dict[str, dict[str, dict[str, list[Item]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    for item in items:
        spoken[item.clip.identity][item.clip.sentence][_emotion(item.clip)].append(item)
    found = []
    for sentences in spoken.values():
        varied = {name: takes for name, takes in sentences.items() if len(takes) > 1}
        for name, takes in varied.items():
            others = [
                other
                for key, other in varied.items()
                if key != name and len(set(takes) & set(other)) > 1
            ]
            if others:
                found.append(_Takes(takes, others))
    return found


def _items(
    folder: Path, split: str, hearing: Hearing, unlabelled: str, progress: bool
) -> list[Item]:
    clips = ClipSet(folder)
    names = set(read_splits(folder, clips.clips)[split])
    chosen = [clip for clip in clips if clip.name in names and clip.face]
    silent = [clip.name for clip in chosen if clip.emotion is None]
    if silent and unlabelled == "error":
        raise ClipError(
            f"nobody says the emotion of {silent[0]} and {len(silent) - 1} more in {folder}: "
            "set unlabelled: neutral or unlabelled: leave out in the settings (--config)"
        )
    if unlabelled == "leave out":
        chosen = [clip for clip in chosen if clip.emotion is not None]
    heard = _heard(clips, chosen, hearing, split, progress)
    templates = _templates(clips, chosen)
    items = []
    for clip, rows in zip(chosen, heard, strict=True):
        face = clips.face(clip)
        assert face is not None
        frames = len(rows) // hearing.rows_per_frame - hearing.priming_steps
        found = face.at_frame_rate(frames)
        rest = templates.get(clip.identity)
        target, neutral = (
            None if part is None else _flat(part, rest)
            for part in (found["target"], found.get("neutral"))
        )
        assert target is not None
        # An unfelt face is its own neutral one.
        if neutral is None and _emotion(clip) == "neutral":
            neutral = target
        items.append(
            Item(clip, clips.source, rows, target, neutral, found.get("head"), found["mask"])
        )
    return items


def _flat(face: Floats, rest: Floats | None) -> Floats:
    moved = face if rest is None else face - rest
    return np.ascontiguousarray(moved.reshape(len(moved), -1), dtype=np.float32)


def _templates(clips: ClipSet, chosen: Sequence[Clip]) -> dict[str, Floats]:
    """Mean vertices [V, 3] of each person, which systems say offsets from; nothing for curves."""
    sums: dict[str, list[Floats]] = defaultdict(list)
    for clip in chosen:
        face = clips.face(clip)
        if face is not None and face.vertices is not None:
            sums[clip.identity].append(face.vertices.mean(axis=0))
    return {name: np.mean(means, axis=0).astype(np.float32) for name, means in sums.items()}


def _heard(
    clips: ClipSet, chosen: Sequence[Clip], hearing: Hearing, split: str, progress: bool
) -> list[Floats]:
    """What the hearing's front end makes of each clip [R, F], from the cache or into it."""
    sounds = [clips.audio_path(clip).stat() for clip in chosen]
    key = json.dumps(
        [
            hearing.frontend_key,
            [(c.name, s.st_size, s.st_mtime_ns) for c, s in zip(chosen, sounds, strict=True)],
        ]
    )
    digest = hashlib.sha256(key.encode()).hexdigest()[:16]
    path = clips.folder / f"hearing-{split}-{digest}.npz"
    if path.is_file():
        with np.load(path, allow_pickle=False) as stored:
            rows, ends = stored["rows"], stored["ends"]
        return np.split(rows, ends[:-1])
    found: list[Floats] = []
    with Progress(f"hearing {clips.folder.name}", enabled=progress) as bar, torch.inference_mode():
        for clip in chosen:
            audio = clips.audio(clip)
            if len(audio) < SAMPLE_RATE // FRAME_RATE:
                raise ClipError(f"{clip.name} is shorter than a frame")
            found.append(hearing.frontend(torch.from_numpy(audio)[None])[0].numpy())
            bar.update(len(found), len(chosen))
    if found:
        ends = np.cumsum([len(rows) for rows in found])
        partial = path.with_suffix(".part.npz")
        np.savez(partial, rows=np.concatenate(found), ends=ends)
        partial.replace(path)
    return found
