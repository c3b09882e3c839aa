"""Training tapes: one speaker's utterances in a row through one recording chain, as features.

A tape is what a stream hears: pauses, several sentences, one microphone, one room, one level.
Tapes are stored as raw log-mel and labels, then normalised in one pass with the corpus' own prior.
"""

from __future__ import annotations

import json
import logging
import multiprocessing
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import torch
from numpy.typing import NDArray

from talkface_train.articulation import load_articulation
from talkface_train.articulation.model import LATEST
from talkface_train.data import augment
from talkface_train.data.phones import PHONE_INDEX, SILENCE, UNKNOWN, Segment
from talkface_train.data.real import Recording
from talkface_train.data.voices import MODEL_RATE
from talkface_train.models.frontend import MELS, SPECTRUM, normalise_tape, spectrum_of

LOG = logging.getLogger(__name__)
LABEL_RATE = 50
IGNORE = 255
WHISPERED_EFFORT = 1.1
"""Whispering moves jaw and tongue more than speaking does (Folia Phoniatrica 76(5), 2024)."""
LEAD_SAMPLES = 640
"""Zeros before each tape: what the first step of a fresh stream hears of the time before, at most
(a look-ahead of 0, models/streaming.py)."""


@dataclass(frozen=True)
class TapePlan:
    """How many tapes to make and from what. ``weights`` maps dataset to relative hours.

    ``clean_share`` of the tapes keep their recordings as they are; ``speechless_share`` hold noise,
    music, typing, coughs or a room alone, and a mouth at rest; ``whispered_share`` are whispered;
    ``prompt_share`` begin at their first phone or up to 50 ms before, as a trimmed voice line does.
    """

    count: int
    seconds: float
    weights: dict[str, float]
    seed: int = 0
    clean_share: float = 0.35
    articulation: str = LATEST
    speechless_share: float = 0.0
    whispered_share: float = 0.0
    prompt_share: float = 0.0


class _Studio:
    """Draws recordings and makes tapes; one a worker process."""

    def __init__(
        self, recordings: Sequence[Recording], rooms: Sequence[Path], plan: TapePlan
    ) -> None:
        self.plan = plan
        self.articulation = load_articulation(plan.articulation)
        self.by_dataset: dict[str, dict[str, list[Recording]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for recording in recordings:
            self.by_dataset[recording.dataset][recording.speaker].append(recording)
        self.datasets = [name for name in plan.weights if name in self.by_dataset]
        weights = np.array([plan.weights[name] for name in self.datasets])
        self.shares = weights / weights.sum()
        heard = (augment.room_of(soundfile.read(path, dtype="float32")[0]) for path in rooms)
        self.rooms = [room for room in heard if len(room) > MODEL_RATE]

    def draw(self, generator: np.random.Generator, speaker: str | None = None) -> Recording:
        dataset = self.datasets[int(generator.choice(len(self.datasets), p=self.shares))]
        speakers = self.by_dataset[dataset]
        if speaker is None or speaker not in speakers:
            speaker = sorted(speakers)[int(generator.integers(len(speakers)))]
        choices = speakers[speaker]
        return choices[int(generator.integers(len(choices)))]

    def make(self, index: int) -> dict[str, NDArray[Any]]:
        generator = np.random.default_rng([self.plan.seed, index])
        total = int(self.plan.seconds * MODEL_RATE)
        if self.plan.speechless_share > 0 and generator.random() < self.plan.speechless_share:
            audio = augment.ambience(total, self.rooms, generator)
            return self._label(audio, [Segment(0.0, self.plan.seconds, SILENCE)], 1.0, [])
        first = self.draw(generator)
        whispered = generator.random() < self.plan.whispered_share
        factor = float(generator.choice([1.0, generator.uniform(0.86, 1.18)], p=[0.4, 0.6]))
        pieces: list[NDArray[np.float32]] = []
        segments: list[Segment] = []
        efforts: list[tuple[float, float]] = []
        clock = 0
        prompt = self.plan.prompt_share > 0 and generator.random() < self.plan.prompt_share
        if not prompt and generator.random() < 0.5:
            clock = self._pause(pieces, 0, generator.uniform(0.05, 2.0), generator)
        siblings = self.by_dataset[first.dataset][first.speaker]
        while clock < total:
            recording = siblings[int(generator.integers(len(siblings)))]
            offset = 0.0
            if clock == 0 and prompt:
                early = max(generator.uniform(-0.05, 0.05), 0.0)
                offset = max(_first_phone(recording) - early, 0.0)
            elif clock == 0 and generator.random() < 0.3:
                offset = generator.uniform(0, 0.5)
            audio, labels = self._take(recording, factor, offset)
            if whispered:
                audio = augment.whisper(audio, generator)
            start = clock / MODEL_RATE
            efforts.append((start, WHISPERED_EFFORT if whispered else recording.effort))
            segments += [_shift(s, start, factor) for s in labels]
            pieces.append(augment.set_level(audio, -20 + generator.normal(0, 2.5)))
            clock += len(audio)
            if generator.random() < 0.7:
                clock = self._pause(pieces, clock, generator.exponential(0.35), generator)
        audio = np.concatenate(pieces)[:total]
        audio = augment.degrade(
            audio,
            lambda: self._babble(generator),
            self.rooms,
            generator,
            clean=generator.random() < self.plan.clean_share,
        )
        warp = float(np.clip(generator.normal(1, 0.07), 0.84, 1.18))
        return self._label(audio, segments, warp, efforts)

    @staticmethod
    def _pause(
        pieces: list[NDArray[np.float32]],
        clock: int,
        seconds: float,
        generator: np.random.Generator,
    ) -> int:
        count = int(min(seconds, 3.0) * MODEL_RATE)
        breathes = seconds > 0.35 and generator.random() < 0.25
        pieces.append(
            augment.breath(count, generator) if breathes else np.zeros(count, dtype=np.float32)
        )
        return clock + count

    @staticmethod
    def _take(
        recording: Recording, factor: float, offset: float
    ) -> tuple[NDArray[np.float32], list[Segment]]:
        """A recording from ``offset`` seconds on, as fast as ``factor`` says."""
        audio = soundfile.read(recording.path, dtype="float32")[0]
        end = recording.segments[-1].end
        segments = list(recording.segments)
        if len(audio) / MODEL_RATE - end > 0.03:
            segments.append(Segment(end, len(audio) / MODEL_RATE, SILENCE))
        if offset > 0:
            audio = audio[int(offset * MODEL_RATE) :]
            segments = [
                Segment(max(s.start - offset, 0.0), s.end - offset, s.phone, _closed(s, -offset))
                for s in segments
                if s.end > offset
            ]
        if factor != 1.0:
            audio = augment.speed(audio, factor)
        fade = min(80, len(audio) // 4)
        audio = audio.copy()
        audio[:fade] *= np.linspace(0, 1, fade, dtype=np.float32)
        audio[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
        return audio, segments

    def _babble(self, generator: np.random.Generator) -> NDArray[np.float32]:
        audio: NDArray[np.float32] = soundfile.read(self.draw(generator).path, dtype="float32")[0]
        return audio

    def _label(
        self,
        audio: NDArray[np.float32],
        segments: list[Segment],
        warp: float,
        efforts: list[tuple[float, float]],
    ) -> dict[str, NDArray[Any]]:
        padded = np.concatenate([np.zeros(LEAD_SAMPLES, dtype=np.float32), audio])
        with torch.inference_mode():
            spectrum = spectrum_of(torch.from_numpy(padded)[None], warp)[0].numpy()
        frames = len(audio) * LABEL_RATE // MODEL_RATE
        times = np.arange(frames) / LABEL_RATE
        phones = np.full(frames, PHONE_INDEX[SILENCE], dtype=np.uint8)
        for segment in segments:
            first, last = np.searchsorted(times, (segment.start, segment.end))
            known = segment.phone != UNKNOWN
            phones[first:last] = PHONE_INDEX[segment.phone] if known else IGNORE
        strength = np.ones((frames, 1))
        for start, effort in efforts:
            strength[np.searchsorted(times, start) :] = effort
        curves = self.articulation.curves(segments, frames, LABEL_RATE, strength)
        return {
            "spectrum": spectrum.astype(np.float16),
            "phones": phones,
            "closure": self.articulation.closure_curve(segments, times).astype(np.float16),
            "curves": curves.astype(np.float16),
        }


def _first_phone(recording: Recording) -> float:
    return next((s.start for s in recording.segments if s.phone != SILENCE), 0.0)


def _closed(segment: Segment, offset: float) -> tuple[float, float] | None:
    if segment.closed is None or segment.closed[0] + offset < 0:
        return None
    return segment.closed[0] + offset, segment.closed[1] + offset


def _shift(segment: Segment, start: float, factor: float) -> Segment:
    closed = segment.closed
    return Segment(
        start + segment.start / factor,
        start + segment.end / factor,
        segment.phone,
        closed and (start + closed[0] / factor, start + closed[1] / factor),
    )


_STUDIO: _Studio | None = None


def _open_studio(recordings: list[Recording], rooms: list[Path], plan: TapePlan) -> None:
    global _STUDIO  # noqa: PLW0603 - one studio a worker process
    torch.set_num_threads(1)
    _STUDIO = _Studio(recordings, rooms, plan)


def _make_tape(index: int) -> dict[str, NDArray[Any]]:
    assert _STUDIO is not None
    return _STUDIO.make(index)


def build(
    folder: Path,
    recordings: list[Recording],
    rooms: list[Path],
    plan: TapePlan,
    workers: int = 2,
    prior: NDArray[np.float64] | None = None,
) -> Path:
    """Make all tapes of a plan into ``folder`` (features, labels, manifest), or reuse them.

    ``prior``: the mean spectrum that a model starts from [MELS]; by default the tapes' own.
    """
    manifest = folder / "tapes.json"
    wanted = {
        **asdict(plan), "recordings": len(recordings), "rooms": len(rooms),
        "prior": None if prior is None else [float(x) for x in prior],
    }  # fmt: skip
    if manifest.exists() and json.loads(manifest.read_text("utf-8"))["plan"] == wanted:
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    manifest.unlink(missing_ok=True)
    names = ("spectrum", "phones", "closure", "curves")
    lengths: list[tuple[int, int]] = []
    files = {name: (folder / f"{name}.bin").open("wb") for name in names}
    context = multiprocessing.get_context("spawn")
    with context.Pool(workers, _open_studio, (recordings, rooms, plan)) as pool:
        for count, tape in enumerate(pool.imap(_make_tape, range(plan.count), chunksize=4), 1):
            for name in names:
                files[name].write(np.ascontiguousarray(tape[name]).tobytes())
            lengths.append((len(tape["spectrum"]), len(tape["phones"])))
            if count % max(plan.count // 20, 1) == 0:
                LOG.info("tapes %d / %d", count, plan.count)
    for handle in files.values():
        handle.close()
    prior = _normalise(folder, lengths, prior)
    summary = {"plan": wanted, "lengths": lengths, "prior": prior.tolist()}
    manifest.write_text(json.dumps(summary), encoding="utf-8")
    return folder


def _mean_spectrum(raw: NDArray[np.float16]) -> NDArray[np.float64]:
    """The mean spectrum of speech relative to its peak, from a part of all frames."""
    sample = np.concatenate([raw[start : start + 2000] for start in range(0, len(raw), 40000)])
    loudness = sample[:, MELS : MELS + 1].astype(np.float32)
    speech = loudness[:, 0] > np.quantile(loudness, 0.6)
    mean: NDArray[np.float64] = (sample[speech, :MELS] - loudness[speech]).mean(axis=0) - 1.0
    return mean


def _normalise(
    folder: Path, lengths: list[tuple[int, int]], prior: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    """Write ``features.bin``, centred from ``prior`` on; returns the prior."""
    total = sum(frames for frames, _ in lengths)
    raw = np.memmap(folder / "spectrum.bin", np.float16, "r", shape=(total, SPECTRUM))
    if prior is None:
        prior = _mean_spectrum(raw)
    with (folder / "features.bin").open("wb") as handle:
        start = 0
        for frames, _ in lengths:
            tape = np.asarray(raw[start : start + frames], dtype=np.float32)
            handle.write(normalise_tape(tape, prior).astype(np.float16).tobytes())
            start += frames
    return prior
