"""Training what hears emotion, and asking it about speakers that it has never heard.

``python -m talkface_train.listen`` trains one classifier for each of EmoDB's eight speakers on the
seven others and prints how often each emotion is found in the one left out.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from talkface.audio import read_file
from talkface.progress import Progress
from talkface.rig import EMOTIONS
from talkface.shipped import default_bundle
from talkface_train.data import real
from talkface_train.data.emotion import (
    LONGEST_SECONDS,
    ActedClip,
    acted_clips,
    neutral_clips,
    variant,
)
from talkface_train.metrics.emotion import Answers, recall_by_speaker, render
from talkface_train.models.emotion import (
    BORED,
    HEARD,
    KEEP,
    LEARNT,
    PRIOR_FRAMES,
    SMOOTHING,
    SUMS,
    TOLD_APART,
    Listener,
    pooled,
    weighted_rows,
)
from talkface_train.models.frontend import (
    MEAN_START_WEIGHT,
    MELS,
    SAMPLE_RATE,
    normalise_tape,
    spectrum_of,
)

VARIANTS = 14
HIDDEN = 48
SEEDS = 3
STEPS = 600
BATCH = 256
RATE = 3e-3
WEIGHT_DECAY = 1e-2
DROPOUT = 0.3
NOISE = 0.1
NEUTRAL_PRIOR = 3.0
"""How much oftener neutral is drawn than any other class: most speech is neutral."""
BORED_PRIOR = 0.5
"""The same of boredom: it is neutral speech too."""
EARLIEST_FRAMES = 60
STRETCH = 0.1

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Heard:
    """What was heard of one clip: sums [N, SUMS] at some moments of it and its variants, and at its
    end [1, SUMS]."""

    clip: ActedClip
    moments: Tensor
    end: Tensor


def running_sums(features: NDArray[np.float32]) -> Array:
    """A listener's sums after every frame of a clip [T, SUMS]; a clip begins as a fresh stream."""
    from scipy.signal import lfilter

    frames = torch.from_numpy(features[:, :HEARD]).double()
    before = functional.pad(frames, (0, 0, 1, 0))[:-1]
    sums: Array = lfilter([1.0], [1.0, -KEEP], weighted_rows(frames, before).numpy(), axis=0)
    return sums


def hear(clips: Sequence[ActedClip], prior: Array, seed: int, title: str) -> list[Heard]:
    """Listen to clips and to VARIANTS of each. ``prior``: mean log-mel spectrum of the tapes."""
    generator = np.random.default_rng(seed)
    heard = []
    with Progress(title) as progress:
        for index, clip in enumerate(clips):
            samples = _read(clip.path)
            own = _sums(samples, prior)
            moments = [_some(own, generator)]
            for _ in range(VARIANTS):
                sums = _sums(variant(samples, generator), prior, generator)
                moments.append(_some(sums, generator))
            heard.append(Heard(clip, _tensor(np.concatenate(moments)), _tensor(own[-1:])))
            progress.update(index + 1, len(clips))
    return heard


def fit(acted: Sequence[Heard], neutral: Sequence[Heard], seed: int = 0) -> Listener:
    """A listener from what was heard, in evaluation mode."""
    listener = Listener(HIDDEN * SEEDS)
    sums = torch.cat([item.moments for item in neutral]).sum(dim=0, keepdim=True)
    listener.prior.copy_(sums / sums[:, :1] * PRIOR_FRAMES)
    inputs, answers = _examples(acted, neutral, listener.prior, seed)
    counts = torch.bincount(answers, minlength=len(TOLD_APART)).float()
    priors = torch.ones(len(TOLD_APART))
    priors[TOLD_APART.index("neutral")] = NEUTRAL_PRIOR
    priors[TOLD_APART.index(BORED)] = BORED_PRIOR
    weights = (priors / counts.clamp(min=1))[answers]
    mean, spread = inputs.mean(dim=0), inputs.std(dim=0) + 1e-5
    standard = (inputs - mean) / spread
    nets = [_classifier(standard, answers, weights, seed * SEEDS + index) for index in range(SEEDS)]
    with torch.no_grad():
        weight = torch.cat([first.weight for first, _ in nets]) / spread
        bias = torch.cat([first.bias for first, _ in nets])
        listener.hidden.weight.copy_(weight)
        listener.hidden.bias.copy_(bias - weight @ mean)
        listener.classes.weight.copy_(torch.cat([last.weight for _, last in nets], dim=1) / SEEDS)
        listener.classes.bias.copy_(torch.stack([last.bias for _, last in nets]).mean(dim=0))
    return listener.eval()


def _examples(
    acted: Sequence[Heard], neutral: Sequence[Heard], prior: Tensor, seed: int
) -> tuple[Tensor, Tensor]:
    """Statistics and classes to learn from: what was heard, and each emotion again in a voice that
    is drawn from all neutral ones, as what it adds to its own speaker's neutral mean.

    Few have acted, all of them in one language: without that, another voice sounds neutral because
    it is another one.
    """
    generator = torch.Generator().manual_seed(seed)
    heard = [(item.clip, pooled(item.moments + prior)) for item in (*acted, *neutral)]
    calm = [(clip.speaker, rows) for clip, rows in heard if clip.emotion == "neutral"]
    voices = torch.cat([rows for _, rows in calm])
    means = {
        speaker: torch.cat([rows for name, rows in calm if name == speaker]).mean(dim=0)
        for speaker in {name for name, _ in calm}
    }
    stats, labels = [], []
    for clip, rows in heard[: len(acted)]:
        drawn = torch.randint(len(voices), (len(rows),), generator=generator)
        moved = rows - means.get(clip.speaker, voices.mean(dim=0))
        stats += [rows, voices[drawn] + moved]
        labels += [TOLD_APART.index(clip.emotion)] * (2 * len(rows))
    for clip, rows in heard[len(acted) :]:
        stats.append(rows)
        labels += [TOLD_APART.index(clip.emotion)] * len(rows)
    return torch.cat(stats), torch.tensor(labels)


def answers_of(listener: Listener, items: Sequence[Heard]) -> Answers:
    """What the listener says at the end of each clip."""
    columns = [EMOTIONS.index(name) for name in LEARNT]
    with torch.inference_mode():
        said = listener.answers(pooled(torch.cat([item.end for item in items]) + listener.prior))
    return Answers(
        tuple(item.clip.speaker for item in items),
        tuple(item.clip.emotion for item in items),
        tuple(LEARNT[index] for index in said[:, columns].argmax(dim=1).tolist()),
    )


def leave_one_out(acted: Sequence[Heard], neutral: Sequence[Heard]) -> Answers:
    """Each of EmoDB's speakers through a listener that never heard that speaker."""
    parts = []
    for speaker in sorted({item.clip.speaker for item in acted}):
        listener = fit([item for item in acted if item.clip.speaker != speaker], neutral)
        own = [item for item in acted if item.clip.speaker == speaker]
        parts.append(answers_of(listener, [item for item in own if item.clip.emotion != BORED]))
    return Answers.joined(parts)


def prior_of(bundle: Path) -> Array:
    """The mean log-mel spectrum [MELS] that a bundle's front end starts from."""
    manifest = json.loads((bundle / "manifest.json").read_text("utf-8"))
    start = next(entry["initial"] for entry in manifest["state"] if entry["input"] == "mean")
    return np.array(start[:MELS]) / MEAN_START_WEIGHT


def train(root: Path, prior: Array, seed: int = 0, without: str = "") -> Listener:
    """The listener that ships: from the training speakers of EmoDB and neutral speech, but for one
    set ``without``."""
    acted = hear(acted_clips(root, "train", bored=True), prior, seed, "hearing emotions")
    clips = [c for c in neutral_clips(root, np.random.default_rng(seed)) if c.speaker != without]
    neutral = hear(clips, prior, seed + 1, "hearing neutral speech")
    return fit(acted, neutral, seed)


def _classifier(
    inputs: Tensor, answers: Tensor, weights: Tensor, seed: int
) -> tuple[torch.nn.Linear, torch.nn.Linear]:
    generator = torch.Generator().manual_seed(seed)
    first, last = torch.nn.Linear(inputs.shape[1], HIDDEN), torch.nn.Linear(HIDDEN, len(TOLD_APART))
    for layer in (first, last):
        bound = 1.0 / math.sqrt(layer.in_features)
        for parameter in layer.parameters():
            torch.nn.init.uniform_(parameter, -bound, bound, generator=generator)
    parameters = [*first.parameters(), *last.parameters()]
    optimiser = torch.optim.AdamW(parameters, RATE, weight_decay=WEIGHT_DECAY)

    def dropped(x: Tensor) -> Tensor:
        kept = torch.full_like(x, 1.0 - DROPOUT).bernoulli_(generator=generator)
        return x * kept / (1.0 - DROPOUT)

    for step in range(STEPS):
        optimiser.param_groups[0]["lr"] = RATE * (0.5 + 0.5 * math.cos(math.pi * step / STEPS))
        rows = torch.multinomial(weights, BATCH, replacement=True, generator=generator)
        batch = inputs[rows]
        batch = batch + NOISE * torch.randn(batch.shape, generator=generator)
        hidden = dropped(torch.relu(first(dropped(batch))))
        loss = functional.cross_entropy(last(hidden), answers[rows], label_smoothing=SMOOTHING)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return first, last


def _read(path: Path) -> NDArray[np.float32]:
    samples = read_file(path).samples.astype(np.float32, copy=False)
    return samples[: int(LONGEST_SECONDS * SAMPLE_RATE)]


def _sums(
    audio: NDArray[np.float32], prior: Array, generator: np.random.Generator | None = None
) -> Array:
    warp = 1.0 if generator is None else float(generator.uniform(1 - STRETCH, 1 + STRETCH))
    spectrum = spectrum_of(torch.from_numpy(audio)[None], warp)[0].numpy()
    return running_sums(normalise_tape(spectrum, prior))


def _some(sums: Array, generator: np.random.Generator) -> Array:
    """The last moment and an earlier one."""
    last = len(sums) - 1
    return sums[[last, int(generator.integers(min(EARLIEST_FRAMES, last), last + 1))]]


def _tensor(rows: Array) -> Tensor:
    return torch.from_numpy(rows.reshape(-1, SUMS)).float()


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of ``python -m talkface_train.listen``."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", help="shared data folder")
    parser.add_argument("--bundle", type=Path, help="whose front end (default: the one inside)")
    options = parser.parse_args(arguments)
    root = real.data_root(options.data)
    if root is None:
        print("no shared data: set TALKFACE_DATA", file=sys.stderr)
        return 3
    prior = prior_of(options.bundle or default_bundle())
    acted = hear(acted_clips(root, bored=True), prior, 0, "hearing emotions")
    clips = neutral_clips(root, np.random.default_rng(0))
    answers = leave_one_out(acted, hear(clips, prior, 1, "hearing neutral speech"))
    print(render(answers, LEARNT))
    recalls = recall_by_speaker(answers)
    print("\nunweighted average recall by speaker left out:")
    print("  " + ", ".join(f"{name} {recall:.2f}" for name, recall in recalls.items()))
    print(f"  mean {np.mean(list(recalls.values())):.3f}; chance {1 / len(LEARNT):.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
