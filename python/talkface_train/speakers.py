"""Whatever makes a face of speech, behind one call: runs of published systems, bundles in the C++
runtime, baselines. All say faces at the middles of animation frames, at 25 a second.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from talkface.face import TalkFace
from talkface.rig import CHANNEL_INDEX, CHANNELS, EMOTIONS
from talkface.tune import STILL
from talkface_train.articulation.model import expansion
from talkface_train.baselines import Animation, LoudnessJaw, MfccNearest
from talkface_train.data.clips import SAMPLE_RATE, Clip
from talkface_train.metrics.head import quaternions_of
from talkface_train.models.causal import joined
from talkface_train.models.system import Conditions
from talkface_train.systems import load_run
from talkface_train.systems_data import level_of

Floats = NDArray[np.float32]
HOP = SAMPLE_RATE // 25
FINE = 100
"""Frames a second of bundles and baselines, of which every fourth is taken, from the second on."""


@dataclass(frozen=True, eq=False)
class Said:
    """``curves`` [T, 52]; ``rotation``: of the head, quaternions [T, 4] or None; ``heard``: the
    emotion at the end of the clip, or None."""

    curves: Floats
    rotation: NDArray[np.floating] | None = None
    heard: str | None = None


class Speaker(Protocol):
    """Says a clip's face of its audio [N] at 16 kHz."""

    name: str

    def say(self, clip: Clip, audio: Floats) -> Said: ...


def frames_of(audio: Floats) -> int:
    """Whole animation frames of a clip."""
    return len(audio) // HOP


class RunSpeaker:
    """A run in torch, a whole clip at a time; ``whose``: hull weights of identities to use for
    strangers, by default everybody alike. A clip's own level is its condition, as in the papers."""

    def __init__(self, folder: Path, name: str | None = None, whose: Floats | None = None) -> None:
        self.info, self.system, self.hearing = load_run(folder)
        self.name = name or folder.name
        count = len(self.info.identities)
        self.whose = np.full(count, 1.0 / count, np.float32) if whose is None else whose

    def conditions(self, clip: Clip) -> Conditions:
        """A clip's: its own person where that is known, no emotion told but the level."""
        identity = torch.from_numpy(self.whose).float()
        if clip.identity in self.info.identities:
            identity = torch.zeros(len(self.whose))
            identity[self.info.identities.index(clip.identity)] = 1.0
        mix = torch.eye(len(EMOTIONS))[:1]
        noise = torch.zeros(1, max(self.system.noise_width, 1))
        return Conditions(identity[None], mix, torch.tensor([level_of(clip)]), noise)

    @torch.inference_mode()
    def say(self, clip: Clip, audio: Floats) -> Said:
        frames = frames_of(audio)
        spare = -frames % self.system.stride * HOP
        heard = self.hearing(torch.from_numpy(np.pad(audio, (0, spare)))[None])
        out = self.system.full(joined(heard, self.system.parts), self.conditions(clip))
        curves = out.curves[0, :frames].clamp(0.0, 1.0).numpy()
        rotation = None if out.head is None else quaternions_of(out.head[0, :frames].numpy())
        if out.emotion is None:
            return Said(curves, rotation)
        logits = out.emotion[0] if out.emotion.ndim == 2 else out.emotion[0, frames - 1]
        return Said(curves, rotation, EMOTIONS[int(logits.argmax())])


class BundleSpeaker:
    """A bundle in the C++ runtime without idle life, as somebody it knows where it knows the clip's
    person. ``raw``: without the runtime's post-processing."""

    def __init__(self, folder: Path | None, name: str | None = None, raw: bool = False) -> None:
        self.folder, self.raw = folder, raw
        self._known = frozenset(TalkFace(folder).identities)
        self.name = name or (folder.name if folder else "default")
        self._face: Callable[[str], TalkFace] = lru_cache(maxsize=64)(self._opened)

    def _opened(self, identity: str) -> TalkFace:
        return TalkFace(self.folder, style={"identities": {identity: 1.0}} if identity else None)

    def say(self, clip: Clip, audio: Floats) -> Said:
        face = self._face(clip.identity if clip.identity in self._known else "")
        said = face.animate(audio, SAMPLE_RATE, fps=FINE, knobs=STILL, raw=self.raw)
        heard = None
        if said.emotion is not None and said.emotion.shape[1]:
            heard = EMOTIONS[int(said.emotion[-1, : len(EMOTIONS)].argmax())]
        take = slice(2, 4 * frames_of(audio), 4)
        rotation = said.head_rotation[take]
        return Said(said.weights[take], rotation if np.ptp(rotation, axis=0).any() else None, heard)


class BaselineSpeaker:
    """A baseline of docs/quality.md; channels that it does not move stay at 0."""

    def __init__(self, system: LoudnessJaw | MfccNearest) -> None:
        self.system, self.name = system, system.name

    def say(self, clip: Clip, audio: Floats) -> Said:  # noqa: ARG002
        made: Animation = self.system.animate(audio)
        moved, matrix = expansion(tuple(made.curves))
        whole = np.stack(list(made.curves.values()), axis=1) @ matrix
        places = np.minimum(2 + 4 * np.arange(frames_of(audio)), len(whole) - 1)
        curves = np.zeros((len(places), len(CHANNELS)), np.float32)
        curves[:, [CHANNEL_INDEX[name] for name in moved]] = whole[places]
        return Said(curves)
