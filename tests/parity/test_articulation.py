"""The articulation model in C++ against the one that training uses."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from scripted import LINE, quiet_noise

from talkface import TalkFace
from talkface.audio import read_file
from talkface.rig import CHANNELS, VISEMES
from talkface_train.articulation import Articulation, load_articulation
from talkface_train.articulation.model import expansion
from talkface_train.data import real
from talkface_train.data.phones import VISEME_OF, Segment

NAMES, MATRIX = expansion(load_articulation().channels)
COLUMNS = [CHANNELS.index(name) for name in NAMES]
# The rule in a stream does not know where the audio ends: the last phones and the silence after
# them look different in a clip that stops there.
TAIL = 0.7


def rule_of(face: TalkFace) -> Articulation:
    """The model of the table in a bundle."""
    return Articulation(json.loads((face.path / "articulation.json").read_text("utf-8")))


def on_grid(segments, rate: int) -> list[Segment]:
    """Segments whose ends are samples, as the runtime counts time."""
    timed = [(round(s.start * rate), round(s.end * rate), s.phone) for s in segments]
    return [Segment(a / rate, b / rate, phone) for a, b, phone in timed if b > a]


def difference(face: TalkFace, audio, rate: int, segments) -> float:
    fps = float(face.frame_rate)
    neutral = "neutral" if face.expression_channels else "auto"
    clip = face.animate(audio, rate, raw=True, phones=segments, emotion=neutral)
    reference = rule_of(face).curves(segments, len(clip), fps) @ MATRIX
    end = min(segments[-1].end, len(clip) / fps - TAIL)
    covered = (clip.timestamps >= segments[0].start) & (clip.timestamps <= end)
    assert covered.sum() > 20
    return float(np.abs(clip.weights[:, COLUMNS] - reference)[covered].max())


def test_curves_are_those_of_python(face: TalkFace) -> None:
    segments = on_grid([Segment(*row) for row in LINE[:15]], 16000)
    assert difference(face, quiet_noise(3.0), 16000, segments) < 1e-4


@pytest.mark.parametrize("rate", [8000, 22050, 44100, 47999, 192000])
def test_they_are_so_at_every_rate(tiny_face: TalkFace, rate: int) -> None:
    segments = on_grid([Segment(*row) for row in LINE[:15]], rate)
    assert difference(tiny_face, quiet_noise(3.0, rate), rate, segments) < 1e-4


def test_random_phones_agree(tiny_face: TalkFace) -> None:
    generator = np.random.default_rng(8)
    symbols = [s for s in (*VISEME_OF, "UNK") if s != "SIL"] + ["SIL"] * 6
    for _ in range(20):
        clock, segments = 0.0, []
        while clock < 4.0:
            clock += float(generator.choice([0.0, 0.0, 0.0, 0.03, 0.1, 0.25]))
            length = float(generator.uniform(0.01, 0.3))
            segments.append(Segment(clock, clock + length, str(generator.choice(symbols))))
            clock += length
        segments = on_grid(segments, 16000)
        assert difference(tiny_face, quiet_noise(5.0), 16000, segments) < 2e-4


@pytest.mark.data
@pytest.mark.parametrize("dataset", ["emodb", "librispeech", "grid_s1", "nathalie_dutch", "vctk"])
def test_real_label_tables_agree(data_root: Path, face: TalkFace, dataset: str) -> None:
    """Twice the bound: at exactly 0.6 s a phone may count for one and not for the other."""
    long_enough = [r for r in real.load(data_root, dataset)[::3] if r.segments[-1].end > 1.9]
    assert len(long_enough) > 3
    for recording in long_enough[:6]:
        audio = read_file(recording.path)
        segments = on_grid(recording.segments, audio.rate)
        assert difference(face, audio.samples, audio.rate, segments) < 2e-4


def test_visemes_are_those_of_the_phones(default_face: TalkFace) -> None:
    clip = default_face.animate(quiet_noise(2.0), raw=True, phones=LINE[:7])
    for start, end, phone in LINE[1:7]:
        frame = int(np.ceil((start + end) / 2 * 50))
        assert VISEMES[int(clip.visemes[frame].argmax())] == VISEMES[VISEME_OF[phone]], phone
    assert np.allclose(clip.visemes.sum(axis=1), 1, atol=2e-3)


def test_the_frame_grid_of_the_kernel_is_the_graphs(tiny_face: TalkFace) -> None:
    """Frames at other rates lie between graph frames, whatever was asked for."""
    graph = tiny_face.animate(quiet_noise(1.5), raw=True, phones=LINE[:8])
    thirds = tiny_face.animate(quiet_noise(1.5), raw=True, phones=LINE[:8], fps=Fraction(300))
    assert np.allclose(graph.weights, thirds.weights[::3][: len(graph)], atol=1e-6)
