"""What a bundle's emotions are worth: heard, shown beside speech, and in the head.

``talkface evaluate --feelings`` prints the tables of this module. Everything is measured on what a
user gets, the runtime's own frames; idle life is off where it would only add noise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from talkface import TalkFace, load_clip
from talkface.rig import EMOTIONS
from talkface.tune import STILL
from talkface_train.articulation import load_articulation
from talkface_train.baselines import Animation
from talkface_train.data import head_captured, real
from talkface_train.data.emotion import acted_clips
from talkface_train.data.real import Recording
from talkface_train.evaluate import (
    REFERENCE,
    BundleSystem,
    read_audio,
    score_file,
    suite_recordings,
)
from talkface_train.head_report import Clip, Heads, clip_of, compared
from talkface_train.listen import prior_of
from talkface_train.metrics.closure import ClosureScore
from talkface_train.metrics.emotion import Answers
from talkface_train.metrics.expression import (
    above_rest,
    differences,
    longest_pin,
    spearman,
    upper_energy,
    upper_speed,
)
from talkface_train.models.emotion import LEARNT
from talkface_train.models.streaming import FRAME_RATE, StreamingConfig

LEVELS = (0.0, 0.25, 0.5, 0.75, 1.0)
CLIPS = 10
SEEDS = 20
FACE_FPS = 25
HEAD_EMOTIONS = ("neutral", "happy", "angry")
SUITE = "english_clean"

Tell = Callable[[int, int], object]


def heard_emotions(face: TalkFace, root: Path, split: str) -> Answers:
    """The likeliest of the six emotions that were learnt, at the end of each EmoDB clip."""
    clips = acted_clips(root, split)
    columns = [EMOTIONS.index(name) for name in LEARNT]
    heard = []
    for clip in clips:
        said = face.animate(clip.path, raw=True).emotion[-1, columns]
        heard.append(LEARNT[int(said.argmax())])
    return Answers(
        tuple(clip.speaker for clip in clips), tuple(clip.emotion for clip in clips), tuple(heard)
    )


def affect(face: TalkFace, root: Path) -> dict[str, tuple[float, float]]:
    """Valence and arousal at the end of each of a2f_emotion_clips."""
    found = {}
    for path in sorted((root / "a2f_emotion_clips").glob("*.flac")):
        clip = face.animate(path, raw=True)
        if clip.affect is None:
            raise ValueError(f"{face.path} hears no emotion")
        found[path.stem] = (float(clip.affect[-1, 0]), float(clip.affect[-1, 1]))
    return found


@dataclass(frozen=True)
class Sweep:
    """One emotion at LEVELS on the same clips. ``f1``: of closures, ``energy`` of the upper face,
    ``pinned``: most frames in a row of any channel at 1."""

    emotion: str
    f1: tuple[float, ...]
    energy: tuple[float, ...]
    pinned: int

    @property
    def drop(self) -> float:
        """Largest fall of F1 below that of the neutral face."""
        return max(self.f1[0] - value for value in self.f1)

    @property
    def rank(self) -> float:
        return spearman(LEVELS, self.energy)


class _Directed(BundleSystem):
    """A bundle that shows one emotion; its clips are kept."""

    def __init__(self, face: TalkFace, emotion: dict[str, float]) -> None:
        super().__init__(face)
        self.emotion = emotion
        self.weights: list[NDArray[np.float32]] = []

    def animate(self, audio: NDArray[np.float32]) -> Animation:
        clip = self._clip(audio, emotion=self.emotion, knobs=STILL)
        self.weights.append(clip.weights)
        return self._as_animation(clip)


def sweeps(
    face: TalkFace, root: Path, split: str, progress: Tell | None = None
) -> tuple[list[Sweep], list[tuple[str, str, float]]]:
    """Each emotion's :class:`Sweep`, and of each pair of emotions at full intensity how much more
    the upper face differs than lips do while they should be sealed."""
    recordings = _chosen(root, split)
    shown, full = [], {}
    emotions = EMOTIONS[1:]
    for index, emotion in enumerate(emotions):
        f1, energy, pinned = [], [], 0
        for level in LEVELS:
            system = _Directed(face, {emotion: level})
            scores = [score_file(system, r, read_audio(r.path)).closures for r in recordings]
            f1.append(sum(scores, ClosureScore()).f1)
            energy.append(float(np.mean([upper_energy(w) for w in system.weights])))
            pinned = max(pinned, *(longest_pin(w) for w in system.weights))
        full[emotion] = system.weights
        shown.append(Sweep(emotion, tuple(f1), tuple(energy), pinned))
        if progress is not None:
            progress(index + 1, len(emotions))
    closed = [_at_closures(r, w) for r, w in zip(recordings, full[emotions[0]], strict=True)]
    ratios = []
    for i, one in enumerate(emotions):
        for other in emotions[i + 1 :]:
            pairs = zip(full[one], full[other], closed, strict=True)
            parts = np.array([differences(a, b, mask) for a, b, mask in pairs if mask.any()])
            ratios.append((one, other, float(parts[:, 0].sum() / parts[:, 1].sum())))
    return shown, ratios


def faces(face: TalkFace, root: Path, split: str) -> dict[str, tuple[float, float, int]]:
    """Upper faces on GRID's captured clips, 25 frames a second: norm above rest, speed and longest
    pin of the captured ones and of the bundle's, with idle life."""
    sets = ("grid_s1", "grid_face") if split == "test" else ("grid_s1",)
    recordings = [r for name in sets for r in real.load(root, name, split)]
    shown: dict[str, Callable[[Recording], NDArray[np.float32]]] = {
        "captured": lambda r: load_clip(str(real.face_path(r))).weights
    }
    for emotion in ("auto", *HEAD_EMOTIONS):
        shown[emotion] = lambda r, e=emotion: (  # type: ignore[misc]
            face.animate(r.path, fps=FACE_FPS, emotion=e).weights
        )
    rows = {}
    for name, weights_of in shown.items():
        weights = [weights_of(r) for r in recordings if real.face_path(r)]
        above = [above_rest(w) for w in weights]
        rows[name] = (
            float(np.mean([upper_energy(w) for w in above])),
            float(np.mean([upper_speed(w, FACE_FPS) for w in above])),
            max(longest_pin(w) for w in weights),
        )
    return rows


def render_faces(rows: dict[str, tuple[float, float, int]]) -> str:
    """A Markdown table."""
    lines = ["| | upper face above rest | speed | pinned |", "|---|---|---|---|"]
    lines += [f"| {name} | {e:.2f} | {s:.2f} | {p} |" for name, (e, s, p) in rows.items()]
    return "\n".join(lines)


def heads(
    face: TalkFace, root: Path, split: str, progress: Tell | None = None, seeds: int = SEEDS
) -> dict[str, dict[str, float]]:
    """Rows of :func:`talkface_train.head_report.measure`: captured heads of GRID, those of the
    bundle with idle sway and breath, neutral and in two emotions, a still and a random head."""
    prior, config = prior_of(face.path), StreamingConfig()
    known = [clip_of(*pair, prior, config) for pair in head_captured.load(root, "grid_s1", "train")]
    sets = ("grid_s1", "grid_face") if split == "test" else ("grid_s1",)
    clips = [
        clip_of(*pair, prior, config)
        for name in sets
        for pair in head_captured.load(root, name, split)
    ]
    done = 0

    def shown(emotion: str) -> Callable[[int, Clip], Heads]:
        def made(_: int, clip: Clip) -> Heads:
            nonlocal done
            done += 1
            if progress is not None:
                progress(done, len(clips) * len(HEAD_EMOTIONS))
            return [
                face.animate(clip.audio, 16000, fps=FRAME_RATE, emotion=emotion, seed=seed)
                .head_rotation.astype(np.float64)
                for seed in range(seeds)
            ]  # fmt: skip

        return made

    systems = {name: shown(name) for name in HEAD_EMOTIONS}
    return compared(clips, known, systems, seeds)


def render(
    answers: Answers,
    moods: dict[str, tuple[float, float]],
    shown: Sequence[Sweep],
    ratios: Sequence[tuple[str, str, float]],
) -> str:
    """The tables as Markdown."""
    from talkface_train.metrics import emotion as metric

    lines = ["## Emotion heard", "", metric.render(answers, LEARNT), ""]
    recalls = metric.recall_by_speaker(answers)
    told = ", ".join(f"{name} {value:.2f}" for name, value in recalls.items())
    lines += [f"Unweighted average recall {metric.unweighted_recall(answers):.3f} ({told}).", ""]
    lines += ["| clip | valence | arousal |", "|---|---|---|"]
    lines += [f"| {name} | {v:+.2f} | {a:+.2f} |" for name, (v, a) in moods.items()]
    lines += ["", f"## Emotion shown, on {CLIPS} clips of {SUITE}", ""]
    levels = " / ".join(f"{level:g}" for level in LEVELS)
    lines += [f"| emotion | closure F1 at {levels} | most it falls | upper face | rank | pinned |"]
    lines += ["|---|---|---|---|---|---|"]
    for row in shown:
        f1 = " / ".join(f"{value:.3f}" for value in row.f1)
        energy = " / ".join(f"{value:.2f}" for value in row.energy)
        lines.append(
            f"| {row.emotion} | {f1} | {row.drop:.3f} | {energy} | {row.rank:.2f} | {row.pinned} |"
        )
    least = min(ratios, key=lambda row: row[2])
    middle = float(np.median([row[2] for row in ratios]))
    lines += [
        "",
        f"Two emotions differ in the upper face {middle:.1f} times as much as at lip closures "
        f"(median of {len(ratios)} pairs; least {least[2]:.1f}, {least[0]} and {least[1]}).",
    ]
    return "\n".join(lines)


def _chosen(root: Path, split: str) -> list[Recording]:
    """CLIPS recordings of SUITE, evenly spread over those with a lip closure."""
    table = load_articulation(REFERENCE)
    found = [r for r in suite_recordings(root, SUITE, split) if table.closures(r.segments)]
    at = np.linspace(0, len(found) - 1, min(CLIPS, len(found))).astype(int)
    return [found[i] for i in at]


def _at_closures(recording: Recording, weights: NDArray[np.float32]) -> NDArray[np.bool_]:
    times = np.arange(len(weights)) / 100
    mask = np.zeros(len(weights), dtype=bool)
    for start, end in load_articulation(REFERENCE).closures(recording.segments):
        mask |= (times >= start) & (times < end)
    return mask
