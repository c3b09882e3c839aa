"""The spoken corpus on disk: synthetic voices spoken once and cached, beside the real sets.

``<folder>/<voice>/NNNNN.flac`` and one ``phones.tsv`` a voice (utt, start, end, phone), so that a
synthetic voice reads like a real set.
"""

from __future__ import annotations

import itertools
import json
import logging
import multiprocessing
from collections.abc import Sequence
from pathlib import Path

import soundfile

from talkface_train.data import foreign, real
from talkface_train.data.phones import Segment
from talkface_train.data.real import Recording
from talkface_train.data.text import sentences
from talkface_train.data.voices import MODEL_RATE, SHARES, VOICES, Voice, synthesise

LOG = logging.getLogger(__name__)

TRAIN_WEIGHTS: dict[str, float] = {
    "speechocean762": 3.0,
    "librispeech": 3.4,
    "kathleen_arctic": 1.8,
    "ljspeech": 2.0,
    "vctk": 1.8,
    "grid_s1": 1.8,
    "emodb": 1.4,
    "speech_commands": 1.0,
    "picovoice_wake": 0.8,
    "nathalie_dutch": 0.5,
    "mycroft_community": 0.3,
}
"""Relative hours of each real training set: speakers count more than minutes."""


def speak(folder: Path, hours: float, seed: int = 0, workers: int = 2) -> list[Recording]:
    """Synthesise ``hours`` of speech over all voices into ``folder``, or reuse what is there.

    Raises VoiceError, naming the Debian packages, when a voice is missing.
    """
    jobs = [
        (folder / voice.folder, voice, round(hours * voice.share / SHARES, 4), seed + index)
        for index, voice in enumerate(VOICES)
    ]
    todo = [job for job in jobs if not _spoken(*job)]
    todo.sort(key=lambda job: -job[2])
    if todo:
        with multiprocessing.get_context("spawn").Pool(workers) as pool:
            for name, spoken in pool.imap_unordered(_speak_voice, todo):
                LOG.info("spoke %s: %.2f h", name, spoken / 3600)
    return [recording for job in jobs for recording in _read_voice(job[0], job[1])]


def _spoken(folder: Path, _: Voice, hours: float, seed: int) -> bool:
    """Whether a folder holds what is asked for."""
    path = folder / "done.json"
    if not path.exists():
        return False
    done = json.loads(path.read_text("utf-8"))
    return bool(done["seed"] == seed and done["asked"] == hours)


def _speak_voice(job: tuple[Path, Voice, float, int]) -> tuple[str, float]:
    folder, voice, hours, seed = job
    folder.mkdir(parents=True, exist_ok=True)
    text = sentences(seed) if voice.language == "en" else foreign.sentences(voice.language, seed)
    spoken = 0.0
    rows = ["utt\tstart\tend\tphone"]
    count = 0
    while spoken < hours * 3600:
        batch = list(itertools.islice(text, 50))
        for utterance in synthesise(voice, batch, seed * 1000 + count):
            name = f"{count:05d}"
            soundfile.write(folder / f"{name}.flac", utterance.audio, MODEL_RATE)
            rows += [f"{name}\t{s.start:.4f}\t{s.end:.4f}\t{s.phone}" for s in utterance.segments]
            spoken += len(utterance.audio) / MODEL_RATE
            count += 1
    (folder / "phones.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    done = {
        "utterances": count, "asked": hours, "hours": round(spoken / 3600, 3), "seed": seed,
    }  # fmt: skip
    (folder / "done.json").write_text(json.dumps(done), encoding="utf-8")
    return voice.folder, spoken


def _read_voice(folder: Path, voice: Voice) -> list[Recording]:
    table: dict[str, list[Segment]] = {}
    for line in (folder / "phones.tsv").read_text("utf-8").splitlines()[1:]:
        name, start, end, phone = line.split("\t")
        table.setdefault(name, []).append(Segment(float(start), float(end), phone))
    return [
        Recording(name, voice.folder, voice.folder, folder / f"{name}.flac", tuple(segments))
        for name, segments in table.items()
    ]


def real_training(root: Path) -> list[Recording]:
    """Every recording of the training split of the real sets that may train a shipped model."""
    return [
        recording for name in TRAIN_WEIGHTS for recording in real.load(root, name, split="train")
    ]


def hours_of(recordings: Sequence[Recording]) -> float:
    """Labelled hours."""
    return sum(r.segments[-1].end for r in recordings if r.segments) / 3600
