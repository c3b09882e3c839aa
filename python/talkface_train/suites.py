"""The named test sets of ``talkface evaluate``: recordings, and what is done to their audio.

Choose by the dev split, report on the test split. A degradation draws from a generator seeded by
the recording's name, so every run hears the same; babble comes from other speakers of the same
split. Sets that are only for reporting have no dev part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from talkface_train import degrade, sounds
from talkface_train.data import real
from talkface_train.data.real import Recording
from talkface_train.degrade import Generator, generator_of
from talkface_train.evaluate import STATISTICS, Take, read_audio, suite_recordings
from talkface_train.metrics.faces import FACE_CURVES, PhoneFit, load_face, pairs_of

SNRS = (20, 10, 5, 0)
VOICES = 6
MADE = 20
MADE_SECONDS = 6.0
BABBLE_SETS = ("ljspeech", "librispeech", "speechocean762", "vctk", "kathleen_arctic", "grid_s1")
OPENING = ("silence_opening_p99",)
FACES = tuple(name for name in STATISTICS if name.startswith(("face_r_", "share_")))
PHONES = tuple(name for name in STATISTICS if name not in FACES)
KEYED = tuple(f"face_r_{name}" for name in FACE_CURVES)

Audio = NDArray[np.float32]


@dataclass(frozen=True)
class Suite:
    """A named test set: ``takes(root, split)`` plays it, ``columns`` are those that apply."""

    name: str
    about: str
    takes: Callable[[Path, str], list[Take]]
    columns: tuple[str, ...] = PHONES


@lru_cache(maxsize=128)
def _read(path: Path) -> Audio:
    audio = read_audio(path)
    audio.setflags(write=False)
    return audio


def _plain(suite: str, root: Path, split: str) -> list[Take]:
    return [Take(recording) for recording in suite_recordings(root, suite, split)]


def _faces(suite: str, root: Path, split: str) -> list[Take]:
    takes = []
    for recording in suite_recordings(root, suite, split):
        path = real.face_path(recording)
        face = load_face(path) if path else None
        fit = _fit(root).correlation(recording, face) if face else {}
        takes.append(Take(recording, face=face, fit=fit))
    return takes


@cache
def _fit(root: Path) -> PhoneFit:
    return PhoneFit(pairs_of(root, "train"))


def _telephone(root: Path, split: str) -> list[Take]:
    return _plain("telephone", root, split) if split == "test" else []


def _degraded(change: Callable[[Audio, Recording], Audio], root: Path, split: str) -> list[Take]:
    def listen(recording: Recording) -> Audio:
        return change(_read(recording.path), recording)

    clean = suite_recordings(root, "english_clean", split)
    return [Take(recording, partial(listen, recording)) for recording in clean]


def _seeded(kind: str, recording: Recording) -> Generator:
    return generator_of(kind, recording.dataset, recording.name)


def company(recording: Recording, others: Sequence[Recording]) -> list[Recording]:
    """Six recordings to babble behind one, by other speakers, always the same ones."""
    strangers = sorted(
        (other for other in others if other.speaker != recording.speaker),
        key=lambda other: (other.dataset, other.name),
    )
    picks = _seeded("company", recording).choice(len(strangers), VOICES, replace=False)
    return [strangers[pick] for pick in picks]


def babble_sources(root: Path, split: str) -> list[Recording]:
    """Who may babble in a split: the split's own speakers."""
    return [r for name in BABBLE_SETS for r in real.load(root, name, split)]


def _babble(snr: float, root: Path, split: str) -> list[Take]:
    sources = babble_sources(root, split)

    def change(audio: Audio, recording: Recording) -> Audio:
        voices = [_read(voice.path) for voice in company(recording, sources)]
        return degrade.mix(
            audio, degrade.babble(len(audio), voices, _seeded("babble", recording)), snr
        )

    return _degraded(change, root, split)


def _noise(snr: float, audio: Audio, recording: Recording) -> Audio:
    return degrade.mix(audio, degrade.coloured(len(audio), _seeded("noise", recording)), snr)


def _far(audio: Audio, recording: Recording) -> Audio:
    return degrade.far_microphone(audio, _seeded("far", recording))


def _unspoken(name: str, listen: Callable[[], Audio]) -> Take:
    return Take(Recording(name, "unspoken", "nobody", Path(name), ()), listen)


def _silence(_: Path, __: str) -> list[Take]:
    count = 10 * degrade.RATE
    dither = generator_of("dither").integers(-1, 2, count).astype(np.float32) / 32768
    kinds = {"zeros": 0 * dither, "offset": 0 * dither + np.float32(0.01), "dither": dither}
    return [_unspoken(name, partial(np.copy, audio)) for name, audio in kinds.items()]


def _rooms(root: Path, split: str) -> list[Take]:
    takes = []
    for path in real.held_out(root, "picovoice_commands")[0 if split == "dev" else 1 :: 2]:
        listen = partial(_room, path)
        if len(listen()):
            takes.append(_unspoken(path.stem, listen))
    return takes


def _room(path: Path) -> Audio:
    return degrade.room(read_audio(path), generator_of("room", path.stem))


def _made(kind: str, make: Callable[[float, Generator], Audio], _: Path, split: str) -> list[Take]:
    def listen(name: str) -> Audio:
        return make(MADE_SECONDS, generator_of(kind, name))

    names = [f"{split}_{index}" for index in range(MADE)]
    return [_unspoken(name, partial(listen, name)) for name in names]


def _keyed(root: Path, split: str) -> list[Take]:
    takes = []
    for path in real.held_out(root, "facegood_lipsync") if split == "test" else []:
        recording = Recording(path.stem, "facegood_lipsync", "one", path, ())
        curves = real.face_path(recording)
        takes.append(Take(recording, face=load_face(curves, lag=0.0) if curves else None))
    return takes


def _suites() -> list[Suite]:
    plain = [
        Suite(name, about, partial(_plain, name))
        for name, about in (
            ("english_clean", "read English; the bars are read here"),
            ("english_wide", "learners, children, command phrases"),
            ("german", "acted German, hand-labelled closures"),
        )
    ]
    faces = [
        Suite(name, about, partial(_faces, name), PHONES + FACES)
        for name, about in (
            ("faces_seen", "one GRID speaker with his captured face; others of his takes train"),
            ("faces_unseen", "other GRID speakers with captured faces (test only)"),
        )
    ]
    line = [
        Suite("telephone", "real telephone calls (test only)", _telephone),
        Suite("telephone_band", "english_clean over a simulated telephone line",
              partial(_degraded, lambda audio, _: degrade.telephone(audio))),
        Suite("far_microphone", "english_clean across a room, at -38 dBFS",
              partial(_degraded, _far)),
        Suite("quiet", "english_clean at -45 dBFS",
              partial(_degraded, lambda audio, _: degrade.quiet(audio))),
    ]  # fmt: skip
    noisy = [
        *(Suite(f"babble_{snr}", f"english_clean, six other voices {snr} dB below",
                partial(_babble, snr)) for snr in SNRS),
        *(Suite(f"noise_{snr}", f"english_clean, coloured noise {snr} dB below",
                partial(_degraded, partial(_noise, snr))) for snr in SNRS),
    ]  # fmt: skip
    nobody = [
        Suite("silence", "zeros, one-bit dither, a constant offset", _silence, OPENING),
        Suite("room_noise", "recorded rooms before and after speech", _rooms, OPENING),
        *(Suite(kind, about, partial(_made, kind, make), OPENING) for kind, about, make in (
            ("music", "synthetic tunes alone", degrade.music),
            ("breaths", "breathing alone, by rule", sounds.breaths),
            ("coughs", "coughs alone, by rule", sounds.coughs),
            ("laughter", "laughter alone, by rule", sounds.laughter),
            ("keys", "typing alone, by rule", sounds.keys),
        )),
    ]  # fmt: skip
    keyed = Suite(
        "mandarin_timing", "Mandarin with curves keyed by animators (test only)", _keyed, KEYED
    )
    return [*plain, *faces, *line, *noisy, *nobody, keyed]


SUITES: dict[str, Suite] = {suite.name: suite for suite in _suites()}


def named(patterns: Sequence[str] = ()) -> list[Suite]:
    """Suites whose names match one of the patterns (``babble_*``), all without one.

    Raises ValueError for a pattern that matches nothing.
    """
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in SUITES):
            raise ValueError(f"no suite {pattern!r}; there are {', '.join(SUITES)}")
    return [
        suite
        for name, suite in SUITES.items()
        if not patterns or any(fnmatchcase(name, pattern) for pattern in patterns)
    ]
