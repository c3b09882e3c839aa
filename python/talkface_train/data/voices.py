"""Debian's open synthetic voices with their phone timings.

Timing corrections come from feasibility.md ("Do the timings line up with the audio?"):
espeak-ng marks voiceless stops at the burst, Flite's CLUSTERGEN labels run 11 ms early.
Licences: the English Flite and Festival voices and the Russian one are BSD-style, the Catalan and
Finnish ones LGPL, espeak-ng a GPL program whose output carries no licence. They are named in the
bundle's model card.
"""

from __future__ import annotations

import ctypes
import random
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from talkface_train.data.foreign import phone_of
from talkface_train.data.phones import SILENCE, UNKNOWN, Segment, from_festival, from_ipa

MODEL_RATE = 16000
Audio = NDArray[np.float32]


class VoiceError(RuntimeError):
    """A synthesiser is missing or failed; the message says what to install."""


@dataclass(frozen=True)
class Utterance:
    """One synthetic sentence: ``audio`` float32 mono at 16 kHz and its timed phones."""

    text: str
    audio: Audio
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Voice:
    """A synthetic voice. ``share`` is its part of the corpus' hours, relative to the others'."""

    engine: str
    name: str
    share: float
    language: str = "en"

    @property
    def folder(self) -> str:
        return f"{self.engine}-{self.name}".replace("/", "_")


VOICES: tuple[Voice, ...] = (
    Voice("flite", "slt", 0.19),
    Voice("flite", "rms", 0.19),
    Voice("flite", "awb", 0.19),
    Voice("flite", "kal16", 0.06),
    Voice("festival", "kal_diphone", 0.07),
    Voice("festival", "ked_diphone", 0.07),
    Voice("festival", "cmu_us_slt_arctic_hts", 0.11),
    Voice("espeak", "en", 0.06),
    Voice("espeak", "foreign", 0.06),
    Voice("festival", "msu_ru_nsh_clunits", 0.03, "ru"),
    Voice("festival", "upc_ca_ona_hts", 0.03, "ca"),
    Voice("festival", "suo_fi_lj_diphone", 0.02, "fi"),
    Voice("festival", "hy_fi_mv_diphone", 0.02, "fi"),
)
SHARES = sum(voice.share for voice in VOICES)

_APT = {
    "flite": "flite",
    "festival": "festival festvox-kallpc16k festvox-kdlpc16k festvox-us-slt-hts festvox-ru "
    "festvox-ca-ona-hts festvox-suopuhe-lj festvox-suopuhe-mv",
    "espeak": "libespeak-ng1 espeak-ng-data",
}


def resample(audio: Audio, rate: int) -> Audio:
    """Audio at 16 kHz, by soxr."""
    import soxr

    return audio if rate == MODEL_RATE else soxr.resample(audio, rate, MODEL_RATE, quality="HQ")


def synthesise(voice: Voice, texts: Sequence[str], seed: int) -> Iterator[Utterance]:
    """Speak ``texts``, with rate and pitch varied by ``seed``.

    Raises VoiceError when the engine or the voice is not installed.
    """
    generator = random.Random(seed)
    if voice.engine == "festival":
        spoken = _festival(voice, texts, generator)
    else:
        spoken = {"flite": _flite, "espeak": _espeak}[voice.engine](voice.name, texts, generator)
    for utterance in spoken:
        if len(utterance.segments) >= 3 and len(utterance.audio) > MODEL_RATE // 4:
            yield utterance


def _need(program: str, engine: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise VoiceError(f"{program} is not installed; apt-get install {_APT[engine]}")
    return path


def _from_ends(
    ends: Sequence[tuple[str, float]], shift: float, language: str = "en"
) -> tuple[Segment, ...]:
    segments = []
    start = 0.0
    for symbol, end in ends:
        shifted = max(end + shift, start)
        phone = from_festival(symbol) if language == "en" else phone_of(language, symbol)
        segments.append(Segment(start, shifted, phone))
        start = shifted
    return tuple(segments)


def _read_16k(path: Path) -> Audio:
    audio, rate = soundfile.read(path, dtype="float32")
    return resample(audio, rate)


def _flite(name: str, texts: Sequence[str], generator: random.Random) -> Iterator[Utterance]:
    program = _need("flite", "flite")
    shift = 0.0 if name == "kal16" else 0.011
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "speech.wav"
        for text in texts:
            stretch = f"duration_stretch={generator.uniform(0.85, 1.2):.3f}"
            command = [program, "-voice", name, "--setf", stretch, "-psdur", "-t", text, "-o"]
            spoken = subprocess.run(
                [*command, str(wav)], capture_output=True, text=True, check=False
            )
            if spoken.returncode:
                raise VoiceError(f"flite -voice {name} failed: {spoken.stderr.strip()}")
            audio = _read_16k(wav)
            pairs = [item.rsplit(":", 1) for item in spoken.stdout.split() if ":" in item]
            ends = [(symbol, float(end)) for symbol, end in pairs]
            yield Utterance(text, audio, _clip(_from_ends(ends, shift), audio))


def _clip(segments: Sequence[Segment], audio: Audio) -> tuple[Segment, ...]:
    """Cut labels that run past the audio (kal16's final pause)."""
    seconds = len(audio) / MODEL_RATE
    return tuple(replace(s, end=min(s.end, seconds)) for s in segments if s.start < seconds)


_FESTIVAL_SPEAK = """(voice_{name})
(define (talkface_speak text stretch wav segments)
  (Parameter.set 'Duration_Stretch stretch)
  (let ((utt (eval (list 'Utterance 'Text text))))
    (utt.synth utt)
    (utt.save.wave utt wav 'riff)
    (utt.save.segs utt segments)))
"""


def _festival(voice: Voice, texts: Sequence[str], generator: random.Random) -> Iterator[Utterance]:
    program = _need("festival", "festival")
    batch = 50
    for first in range(0, len(texts), batch):
        with tempfile.TemporaryDirectory() as folder:
            part = texts[first : first + batch]
            lines = [_FESTIVAL_SPEAK.format(name=voice.name)]
            for index, text in enumerate(part):
                stem = f"{folder}/{index}"
                stretch = generator.uniform(0.85, 1.2)
                quoted = text.replace('"', "")
                lines.append(f'(talkface_speak "{quoted}" {stretch:.3f} "{stem}.wav" "{stem}.lab")')
            script = Path(folder) / "speak.scm"
            script.write_text("\n".join(lines), encoding="utf-8")
            run = subprocess.run(
                [program, "-b", str(script)], capture_output=True, text=True, check=False
            )
            if run.returncode or not Path(f"{folder}/0.wav").exists():
                raise VoiceError(
                    f"festival voice {voice.name} failed ({run.stderr.strip()[-200:]}); "
                    f"apt-get install {_APT['festival']}"
                )
            for index, text in enumerate(part):
                audio = _read_16k(Path(f"{folder}/{index}.wav"))
                rows = [
                    line.split()
                    for line in Path(f"{folder}/{index}.lab").read_text("utf-8").splitlines()[1:]
                ]
                ends = [(row[2], float(row[0])) for row in rows]
                yield Utterance(text, audio, _clip(_from_ends(ends, 0.0, voice.language), audio))


class _EspeakEvent(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("name", ctypes.c_char * 8),
    )


_ESPEAK_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_EspeakEvent)
)
_PHONEME_EVENT = 7
_VOICELESS_STOPS = frozenset(["P", "T", "K", "CH"])
_STOP_CLOSURE_SECONDS = 0.045
_ESPEAK_VARIANTS = tuple(f"m{i}" for i in range(1, 9)) + tuple(f"f{i}" for i in range(1, 6))
_ESPEAK_VOICES = {
    "en": ("gmw/en-US", "gmw/en", "gmw/en-GB-x-rp", "gmw/en-GB-scotland"),
    "foreign": ("gmw/de", "gmw/nl", "roa/fr", "roa/es", "roa/it", "zlw/pl"),
}


def _espeak(name: str, texts: Sequence[str], generator: random.Random) -> Iterator[Utterance]:
    try:
        library = ctypes.CDLL("libespeak-ng.so.1")
    except OSError as error:
        raise VoiceError(f"apt-get install {_APT['espeak']}") from error
    synchronous, phoneme_events_ipa, utf8 = 2, 0x0003, 1
    rate = library.espeak_Initialize(synchronous, 0, None, phoneme_events_ipa)
    if rate <= 0:
        raise VoiceError(f"espeak-ng has no data; apt-get install {_APT['espeak']}")
    pieces: list[Audio] = []
    events: list[tuple[float, str]] = []

    def receive(wav, count, event):  # type: ignore[no-untyped-def]
        if wav and count > 0:
            pieces.append(np.ctypeslib.as_array(wav, (count,)).astype(np.float32) / 32768.0)
        index = 0
        while event[index].type:
            if event[index].type == _PHONEME_EVENT:
                symbol = event[index].name.decode("utf-8", "ignore")
                if not symbol.startswith("("):
                    events.append((event[index].audio_position / 1000.0, symbol))
            index += 1
        return 0

    callback = _ESPEAK_CALLBACK(receive)
    library.espeak_SetSynthCallback(callback)
    voices = _ESPEAK_VOICES[name]
    for text in texts:
        voice = f"{generator.choice(voices)}+{generator.choice(_ESPEAK_VARIANTS)}"
        if library.espeak_SetVoiceByName(voice.encode()):
            raise VoiceError(f"espeak-ng has no voice {voice}; apt-get install {_APT['espeak']}")
        library.espeak_SetParameter(1, generator.randint(130, 190), 0)
        library.espeak_SetParameter(3, generator.randint(35, 65), 0)
        pieces.clear()
        events.clear()
        data = text.encode("utf-8")
        library.espeak_Synth(data, len(data) + 1, 0, 1, 0, utf8, None, None)
        if not pieces:
            continue
        audio = resample(np.concatenate(pieces), rate)
        yield Utterance(text, audio, _espeak_segments(events, len(audio) / MODEL_RATE))


def _espeak_segments(events: Sequence[tuple[float, str]], seconds: float) -> tuple[Segment, ...]:
    """Events mark onsets; voiceless stops mark their burst, so their closure is added."""
    onsets: list[tuple[float, str]] = []
    for time, symbol in events:
        phone = from_ipa(symbol) if symbol else SILENCE
        if phone == UNKNOWN:
            continue
        onset = time - _STOP_CLOSURE_SECONDS if phone in _VOICELESS_STOPS else time
        onset = max(onset, onsets[-1][0] + 0.01 if onsets else 0.0)
        onsets.append((onset, phone))
    ends = [onset for onset, _ in onsets[1:]] + [seconds]
    return tuple(
        Segment(onset, min(end, seconds), phone)
        for (onset, phone), end in zip(onsets, ends, strict=True)
        if onset < seconds and end > onset
    )
