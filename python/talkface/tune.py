"""A style from a few clips of somebody: whose mixture of the bundle's identities, which gains.

The networks stay as they are. What is looked for is a point of the hull of the trained identities
(weights by a softmax), a gain for each channel that speech drives, and what each channel shows at
rest, so that the face that the runtime makes of the clips' sound comes as close as possible to the
captured one. After Lee 2026, who tunes weights of known embeddings on six clips; a softmax keeps
them a hull, which the paper's penalty does not (papers-and-metrics.md 1.1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from talkface.audio import read_file
from talkface.clip import Clip, load_clip
from talkface.face import TalkFace
from talkface.rig import CHANNEL_INDEX, CHANNELS
from talkface.rigs import arkit_clip

MOST_CLIPS = 6
LIPS = tuple(name for name in CHANNELS if name.startswith(("jaw", "mouth")))
"""LIP27 of papers-and-metrics.md 3.2: the channels of lip error."""
STILL = {
    "blink_strength": 0.0, "gaze_strength": 0.0, "brow_strength": 0.0, "breath_strength": 0.0,
    "sway_strength": 0.0, "head_strength": 0.0,
}  # fmt: skip
"""Idle life is drawn and no property of a person: it is off while faces are compared."""
NO_REST = ("jawOpen", "mouthClose", "tongueOut", "eyeBlink", "eyeLook")
GAIN_RANGE = (0.5, 2.5)
"""Estimators of faces from video under-report lips (the shared data's README): a gain near 0 would
take the lower lip from an f because the estimator never saw it."""
MOST_EXPRESSION = 1.5
TURNS = 3
LEAST_REST = 0.01
MOST_REST = 0.6
PULLS = (0.03, 0.1, 0.3, 1.0)
"""How strongly gains are pulled to 1, in units of a channel's own variance; chosen by clips left
out."""
LARGEST_LAG = 0.1
LAG_STEP = 0.01
ROUNDS = 80
PATIENCE = 8
HULL_RATE = 0.5
HULL_COOLING = 0.96
SHORTEST_SECONDS = 0.5
SUFFIXES = (".csv", "_arkit.csv", ".json", ".npz")

Array = NDArray[np.float64]
Tell = Callable[[int, int], object]


@dataclass(frozen=True)
class Pair:
    """A recording and the curves of the face that spoke, on the recording's clock."""

    sound: Path
    curves: Path


@dataclass(frozen=True)
class Errors:
    """Means over frames of the distance (L2 norm over channels) to the captured face: ``lips`` over
    LIP27 (LBE), ``face`` over all captured channels (MBE of papers-and-metrics.md 3.2)."""

    lips: float
    face: float


@dataclass(frozen=True)
class Tuned:
    """``style``: what a style file holds. ``before`` and ``after``: errors on the clips; ``held``:
    the same two on each clip by a style that was tuned without it, None for a single clip. ``lag``:
    seconds by which the curves are later than their sound."""

    style: dict[str, Any]
    before: Errors
    after: Errors
    held: tuple[Errors, Errors] | None
    lag: float


@dataclass(frozen=True)
class _Clip:
    """Neutral faces of the identities [K, T, 52] at the times of the captured one [T, 52], and what
    the emotion heard adds to the first of them [T, 52]."""

    made: Array
    wanted: Array
    felt: Array


@dataclass(frozen=True)
class _Style:
    hull: Array  # [K]
    gain: Array  # [52]
    rest: Array  # [52]
    expression: float = 1.0

    def apply(self, clip: _Clip) -> Array:
        return np.clip(self.neutral(clip.made) + self.expression * clip.felt, 0.0, 1.0)

    def neutral(self, made: Array) -> Array:
        moved: Array = np.tensordot(self.hull, made, axes=1) * self.gain
        return np.clip(moved + self.rest * (1.0 - moved), 0.0, 1.0)


def curves_of(sound: Path) -> Path:
    """The curves beside a recording, under its name. Raises FileNotFoundError without any."""
    for suffix in SUFFIXES:
        path = sound.with_name(sound.stem + suffix)
        if path.is_file():
            return path
    raise FileNotFoundError(f"no curves beside {sound}: {sound.stem}.csv, .json or .npz")


def tune(
    bundle: str | Path | None,
    pairs: Sequence[Pair],
    name: str = "own",
    progress: Tell | None = None,
) -> Tuned:
    """Tune a style on 1 to 6 pairs. ``bundle`` as in :class:`TalkFace`.

    Raises ValueError for no or too many clips, clips too short or without movement, and for curves
    that lie past their sound; TalkFaceError for a bundle that takes no identity.
    """
    if not 1 <= len(pairs) <= MOST_CLIPS:
        raise ValueError(f"tune takes 1 to {MOST_CLIPS} clips, not {len(pairs)}")
    face = TalkFace(bundle)
    names = face.identities
    if not names:
        raise ValueError(f"{face.path} takes no identity: make a newer bundle")
    people = [TalkFace(bundle, style=_hull_only(names, row)) for row in np.eye(len(names))]
    captured = [_captured(pair) for pair in pairs]
    rendered = []
    for index, pair in enumerate(pairs):
        made = [_neutral(person, pair) for person in people]
        rendered.append([*made, face.animate(pair.sound, knobs=STILL)])
        if progress is not None:
            progress(index + 1, len(pairs))
    lag = _lag(rendered, captured)
    clips = [_aligned(r, c, lag) for r, c in zip(rendered, captured, strict=True)]
    known = np.any([clip.wanted.any(axis=0) for clip in clips], axis=0)
    pull, held = _cross_validated(clips, known)
    best = _fit(clips, known, pull)
    plain = _plain(len(names))
    return Tuned(
        _style_of(name, names, best, known),
        _errors(clips, known, plain), _errors(clips, known, best), held, lag,
    )  # fmt: skip


def errors_of(face: TalkFace, pairs: Sequence[Pair], lag: float) -> Errors:
    """How far a face is from captured ones, by running it: for styles, on clips not tuned on."""
    clips = []
    for pair in pairs:
        made = face.animate(pair.sound, knobs=STILL)
        clips.append(_aligned([made, made], _captured(pair), lag))
    known = np.any([clip.wanted.any(axis=0) for clip in clips], axis=0)
    return _errors(clips, known, _plain(1))


def _hull_only(names: Sequence[str], weights: Array) -> dict[str, Any]:
    shares = {name: float(w) for name, w in zip(names, weights, strict=True) if w > 0}
    return {"talkface_style": 1, "name": "hull", "identities": shares}


def _plain(count: int) -> _Style:
    return _Style(np.eye(count)[0], np.ones(len(CHANNELS)), np.zeros(len(CHANNELS)))


def _captured(pair: Pair) -> Clip:
    clip = arkit_clip(load_clip(pair.curves), f"tuning by {pair.curves}")
    seconds = read_file(pair.sound).samples.shape[0] / read_file(pair.sound).rate
    if len(clip) < 2 or clip.timestamps[-1] - clip.timestamps[0] < SHORTEST_SECONDS:
        raise ValueError(f"{pair.curves}: at least {SHORTEST_SECONDS:g} s of curves are needed")
    if clip.timestamps[-1] > seconds + 1.0:
        raise ValueError(
            f"{pair.curves} goes on for {clip.timestamps[-1]:.1f} s, {pair.sound} for {seconds:.1f}"
        )
    if not clip.weights[:, CHANNEL_INDEX["jawOpen"]].std() > 0:
        raise ValueError(f"{pair.curves}: jawOpen never moves")
    return clip


def _aligned(made: Sequence[Clip], captured: Clip, lag: float) -> _Clip:
    times = captured.timestamps - lag
    inside = (times >= 0) & (times <= made[0].timestamps[-1])
    at = times[inside]
    *rows, felt = (
        np.stack([np.interp(at, clip.timestamps, column) for column in clip.weights.T], axis=1)
        for clip in made
    )
    return _Clip(np.stack(rows), captured.weights[inside].astype(np.float64), felt - rows[0])


def _neutral(face: TalkFace, pair: Pair) -> Clip:
    # By the knob, not by a direction: some bundles hear the emotion that they show and take none.
    return face.animate(pair.sound, knobs={**STILL, "expression_strength": 0.0})


def _lag(made: Sequence[Sequence[Clip]], captured: Sequence[Clip]) -> float:
    """Where the jaw of the first identity agrees best with the captured one."""
    jaw = CHANNEL_INDEX["jawOpen"]
    steps = round(LARGEST_LAG / LAG_STEP)
    scores = []
    for lag in np.arange(-steps, steps + 1) * LAG_STEP:
        pairs = [_aligned([m[0], m[0]], c, lag) for m, c in zip(made, captured, strict=True)]
        ours = np.concatenate([p.made[0, :, jaw] - p.made[0, :, jaw].mean() for p in pairs])
        theirs = np.concatenate([p.wanted[:, jaw] - p.wanted[:, jaw].mean() for p in pairs])
        scores.append(float(ours @ theirs) / (np.linalg.norm(ours) * np.linalg.norm(theirs) + 1e-9))
    return float((int(np.argmax(scores)) - steps) * LAG_STEP)


def _errors(clips: Sequence[_Clip], known: NDArray[np.bool_], style: _Style) -> Errors:
    off = np.concatenate([style.apply(clip) - clip.wanted for clip in clips])
    lips = np.array([name in LIPS for name in CHANNELS]) & known
    return Errors(
        float(np.linalg.norm(off[:, lips], axis=1).mean()),
        float(np.linalg.norm(off[:, known], axis=1).mean()),
    )


def _cross_validated(
    clips: Sequence[_Clip], known: NDArray[np.bool_]
) -> tuple[float, tuple[Errors, Errors] | None]:
    """The pull that does best on clips left out, and errors there before and after."""
    if len(clips) < 2:
        return PULLS[-1], None
    plain = _plain(len(clips[0].made))
    found = []
    for pull in PULLS:
        parts = []
        for index, clip in enumerate(clips):
            others = [c for i, c in enumerate(clips) if i != index]
            parts.append(_errors([clip], known, _fit(others, known, pull)))
        found.append(_mean(parts))
    best = int(np.argmin([errors.lips + errors.face for errors in found]))
    before = _mean([_errors([clip], known, plain) for clip in clips])
    return PULLS[best], (before, found[best])


def _mean(parts: Sequence[Errors]) -> Errors:
    return Errors(float(np.mean([p.lips for p in parts])), float(np.mean([p.face for p in parts])))


def _fit(clips: Sequence[_Clip], known: NDArray[np.bool_], pull: float) -> _Style:
    """The neutral face beside as much of what is felt as so far, then how much of that, in turn."""
    made = np.concatenate([clip.made for clip in clips], axis=1)
    wanted = np.concatenate([clip.wanted for clip in clips])
    felt = np.concatenate([clip.felt for clip in clips])
    share, style = 1.0, _plain(len(made))
    for _ in range(TURNS):
        style = _speech(made, wanted - share * felt, known, pull)
        share = _expression((wanted - style.neutral(made))[:, known], felt[:, known], pull)
    return replace(style, expression=share)


def _speech(made: Array, wanted: Array, known: NDArray[np.bool_], pull: float) -> _Style:
    """Gains and rests in closed form for the hull so far, then a step on the hull, until the error
    has not fallen for a while."""
    logits = np.zeros(len(made))
    best, least, waited = _plain(len(made)), np.inf, 0
    for turn in range(ROUNDS):
        hull = np.exp(logits - logits.max())
        hull /= hull.sum()
        gain, rest = _gains(np.tensordot(hull, made, axes=1), wanted, known, pull)
        style = _Style(hull, gain, rest)
        off = (style.neutral(made) - wanted) * known
        pulled = pull * float(((gain - 1.0) ** 2 * made[0].var(axis=0)).sum())
        error = float((off**2).sum(axis=1).mean()) + pulled
        waited = 0 if error < least * (1 - 1e-4) else waited + 1
        if error < least:
            best, least = style, error
        if waited >= PATIENCE:
            break
        slope = np.array([float((off * m * gain).sum(axis=1).mean()) for m in made])
        slope -= hull @ slope
        logits -= HULL_RATE * HULL_COOLING**turn * slope / (np.abs(slope).max() + 1e-12)
    return best


def _expression(missing: Array, felt: Array, pull: float) -> float:
    """How much of the emotion that is heard explains what the neutral face lacks."""
    power = float((felt**2).sum())
    if power < 1e-6 * felt.size:
        return 1.0
    fit = (float((felt * missing).sum()) + pull * power) / (power * (1 + pull))
    return float(np.clip(fit, 0.0, MOST_EXPRESSION))


def _gains(
    made: Array, wanted: Array, known: NDArray[np.bool_], pull: float
) -> tuple[Array, Array]:
    gain, rest = np.ones(len(CHANNELS)), np.zeros(len(CHANNELS))
    for index in np.flatnonzero(known):
        x, y = made[:, index], wanted[:, index]
        allowed = not CHANNELS[index].startswith(NO_REST)
        spread = float(x.var())
        moves = spread > 1e-8
        centre = float(x.mean()) if allowed else 0.0
        level = float(y.mean()) if allowed else 0.0
        if moves:
            power = float(((x - centre) ** 2).mean())
            fit = float(((x - centre) * (y - level)).mean())
            gain[index] = np.clip((fit + pull * power) / (power * (1 + pull)), *GAIN_RANGE)
        mean = float((gain[index] * x).mean())
        if allowed and mean < 1.0:
            rest[index] = np.clip((float(y.mean()) - mean) / (1.0 - mean), 0.0, MOST_REST)
        if allowed and moves and rest[index] == 0.0:
            power, fit = float((x**2).mean()), float((x * y).mean())
            gain[index] = np.clip((fit + pull * power) / (power * (1 + pull)), *GAIN_RANGE)
    return gain, rest


def _style_of(
    name: str, names: Sequence[str], style: _Style, known: NDArray[np.bool_]
) -> dict[str, Any]:
    hull = [round(float(w), 4) for w in style.hull]
    hull[int(np.argmax(hull))] += round(1.0 - sum(hull), 4)

    def by_channel(values: Array, plain: float) -> Mapping[str, float]:
        rounded = [round(float(v), 3) for v in values]
        return {c: v for c, v, k in zip(CHANNELS, rounded, known, strict=True) if k and v != plain}

    return {
        "talkface_style": 1,
        "name": name,
        "identities": {n: round(w, 4) for n, w in zip(names, hull, strict=True) if w > 0},
        "gain": by_channel(style.gain, 1.0),
        "rest": by_channel(np.where(style.rest < LEAST_REST, 0.0, style.rest), 0.0),
        "expression": round(style.expression, 3),
    }
