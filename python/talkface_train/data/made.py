"""Faces by rule for labelled speech: what the phones ask for, on top of it an emotion as one person
shows it, and a head by the prosody-to-head model. Exact, neutral and felt alike, and nobody's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from talkface.rig import CHANNEL_INDEX, CHANNELS, EMOTIONS
from talkface_train.articulation import load_articulation
from talkface_train.articulation.model import Articulation, expansion
from talkface_train.data import expressions, head_motion
from talkface_train.data.clips import Face, Floats
from talkface_train.data.expressions import PEOPLE, Person
from talkface_train.data.head_motion import phone_codes, vowel_runs
from talkface_train.data.phones import PHONE_INDEX, SILENCE, Segment
from talkface_train.metrics.prosody import RATE, loudness, stresses
from talkface_train.models.emotion import VALENCE_AROUSAL
from talkface_train.models.head import head_columns

DIALS = ("upper", "mouth", "lean", "jaw", "spread", "rounding", "lips")
WEIGHTS = (0.6, 1.0)
"""How much of an emotion the levels 0 and 1 are."""
VOICE_SECONDS = 0.08
STRESS_SECONDS = 0.08
CORNERS_SEALED = 0.5
"""What is left of the corners' expression while lips are closed for a bilabial; of the rest of the
mouth's, nothing."""


class FaceMaker:
    """Makes faces with one articulation model."""

    def __init__(self, articulation: Articulation | None = None) -> None:
        self.articulation = articulation or load_articulation()
        self.names, self.matrix = expansion(self.articulation.channels)
        self.spoken = [CHANNEL_INDEX[name] for name in self.names]
        self.felt = [CHANNEL_INDEX[name] for name in expressions.channels()]

    def face(
        self,
        audio: Floats,
        segments: Sequence[Segment],
        emotion: str,
        level: float,
        person: Person,
        effort: float = 1.0,
        seed: int = 0,
    ) -> Face:
        """A face at 50 frames a second, with the same speech's neutral face. ``seed``: of its
        head."""
        decibels = loudness(audio)
        frames = len(decibels)
        times = np.arange(frames) / RATE
        curves = self.articulation.curves(segments, frames, RATE, effort) @ self.matrix
        gains = expressions.articulation_gains(person, self.names)
        neutral = np.zeros((frames, len(CHANNELS)), dtype=np.float32)
        neutral[:, self.spoken] = np.clip(curves * gains, 0.0, 1.0)
        mix = np.zeros((frames, len(EMOTIONS)), dtype=np.float32)
        mix[:, EMOTIONS.index(emotion)] = np.interp(level, (0.0, 1.0), WEIGHTS)
        voice, stress = _voice_and_stress(decibels, segments, times)
        shown = expressions.targets(mix, voice, stress, person)
        sealed = self.articulation.closure_curve(segments, times)[:, None]
        upper, corners = expressions.regions()
        given_way = np.where(upper, 0.0, np.where(corners, 1.0 - CORNERS_SEALED, 1.0))
        felt = neutral.copy()
        felt[:, self.felt] += (shown * (1.0 - sealed * given_way)).astype(np.float32)
        arousal = max(VALENCE_AROUSAL[emotion][1], 0.0) * float(mix[0, EMOTIONS.index(emotion)])
        head = head_of(decibels, phone_codes(segments, times), arousal, seed)
        return Face(float(RATE), np.clip(felt, 0.0, 1.0), neutral=neutral, head=head)


def person_of(name: str) -> Person:
    """Somebody of one's own for a name, within the range of PEOPLE: the same on every machine."""
    key = int.from_bytes(hashlib.sha256(f"person/{name}".encode()).digest()[:8], "big")
    drawn = np.random.default_rng(key)
    low, high = (
        np.array([best(getattr(p, dial) for p in PEOPLE) for dial in DIALS]) for best in (min, max)
    )
    return Person(name, *(float(value) for value in drawn.uniform(low, high)))


def head_of(
    decibels: NDArray[np.float64], phones: NDArray[np.uint8], arousal: float, seed: int
) -> Floats:
    """A head [T, 9] at 50 frames a second by the prosody-to-head model (docs/head.md)."""
    curves, starts = head_motion.basis(decibels, phones)
    latents = head_motion.drawn_latents(len(curves), starts, np.random.default_rng(seed))
    pose = head_motion.motion(curves, latents, np.full(len(curves), arousal, dtype=np.float32))
    matrix, offset = head_columns()
    return (pose @ matrix + offset).astype(np.float32)


def _voice_and_stress(
    decibels: NDArray[np.float64], segments: Sequence[Segment], times: NDArray[np.float64]
) -> tuple[Floats, Floats]:
    """How much of a frame is speech, and how stressed it is, [T] each in [0, 1]."""
    from scipy.ndimage import gaussian_filter1d

    phones = phone_codes(segments, times)
    speech = phones != PHONE_INDEX[SILENCE]
    voice = gaussian_filter1d(speech.astype(np.float32), VOICE_SECONDS * RATE)
    stress = np.zeros(len(times))
    for peak in stresses(decibels, speech, vowel_runs(phones)):
        pulse = np.exp(-0.5 * ((times - peak.frame / RATE) / STRESS_SECONDS) ** 2)
        stress = np.maximum(stress, np.clip(peak.score, 0.0, 1.0) * pulse)
    return voice, stress.astype(np.float32)
