"""Training the expression network: tapes, drawn emotions, people, and targets by rule."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, maximum_filter1d
from torch import Tensor

from talkface.progress import Progress
from talkface.rig import EMOTIONS
from talkface_train.data import expressions
from talkface_train.data.batches import TapeSet
from talkface_train.data.expressions import PEOPLE, Person
from talkface_train.models.expression import MEMORY, ExpressionNet
from talkface_train.models.frontend import FEATURE_HOP, MELS, SAMPLE_RATE, WINDOW
from talkface_train.models.streaming import (
    FEATURES_PER_STEP,
    FRAME_RATE,
    FRAMES_PER_STEP,
    SpeechNet,
)

CROP_STEPS = 100
WARM_UP = 25
CROPS = 960
BATCH = 24
STEPS = 2000
RATE = 3e-3
VELOCITY = 4.0
VOICE_SECONDS = 0.08
"""Standard deviation of the window over which a mouth gives way to speech and takes it back."""
STRESS_SECONDS = 0.08
STRESS_SPACING = 0.3
STRESS_RANGE = 2.0
"""Log power above the mean of a second that is a full stress."""

Array = NDArray[np.float32]


def stress_of(loudness: Array, voice: Array) -> Array:
    """Stresses [T] in [0, 1] of a clip's loudness [T] (log power, 50 Hz): syllables that stand out
    of the second around them."""
    around = gaussian_filter1d(loudness, FRAME_RATE / 2)
    above = np.clip((loudness - around) / STRESS_RANGE, 0.0, 1.0) * voice
    peaks = above * (above >= maximum_filter1d(above, round(STRESS_SPACING * FRAME_RATE)) - 1e-6)
    wide = gaussian_filter1d(peaks, STRESS_SECONDS * FRAME_RATE)
    return np.clip(wide * STRESS_SECONDS * FRAME_RATE * np.sqrt(2 * np.pi), 0.0, 1.0)


def course_of(frames: int, generator: np.random.Generator) -> Array:
    """A drawn course of emotions [T, 8]: one or a mixture, that stays or goes over to another."""
    keys = int(generator.integers(1, 4))
    rows = np.zeros((keys, len(EMOTIONS)))
    for row in rows:
        count = int(generator.choice([1, 2, 3], p=[0.6, 0.3, 0.1]))
        chosen = generator.choice(np.arange(1, len(EMOTIONS)), count, replace=False)
        shares = generator.dirichlet(np.ones(count))
        strength = 0.0 if generator.random() < 0.1 else generator.random()
        row[chosen] = strength * shares
    times = np.sort(generator.uniform(0, frames, keys))
    mix = np.stack([np.interp(np.arange(frames), times, column) for column in rows.T], axis=1)
    mix[:, 0] = 1.0 - mix[:, 1:].sum(axis=1)
    return mix.astype(np.float32)


def train(
    net: SpeechNet,
    tapes: TapeSet,
    people: Sequence[Person] = PEOPLE,
    seed: int = 0,
    steps: int = STEPS,
) -> ExpressionNet:
    """An expression network for ``people``, who become its identities, in evaluation mode.

    ``net`` says the visemes that it will hear.
    """
    torch.manual_seed(seed)
    generator = np.random.default_rng(seed)
    crops = _crops(net, tapes, generator)
    model = ExpressionNet(len(expressions.channels()), len(people))
    optimiser = torch.optim.AdamW(model.parameters(), RATE, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps)
    with Progress("learning expressions") as progress:
        for step in range(steps):
            batch = _batch(crops, people, generator)
            loss = _loss(_run(model, batch), batch)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            progress.update(step + 1, steps)
    return model.eval()


def _crops(net: SpeechNet, tapes: TapeSet, generator: np.random.Generator) -> dict[str, Tensor]:
    """Features, visemes that the network hears in them, voice and stress of CROPS crops."""
    batches = tapes.batches(BATCH, CROP_STEPS, 0, generator)
    # Centres of a step's first feature frames lie this many frames past its first frame.
    newest = net.config.look_ahead - (FEATURES_PER_STEP - 1) * FEATURE_HOP - WINDOW // 2
    late = max(round(newest * FRAME_RATE / SAMPLE_RATE), 1)
    found: dict[str, list[Tensor]] = {"features": [], "visemes": [], "voice": [], "stress": []}
    for _ in range(CROPS // BATCH):
        batch = next(batches)
        features = batch["features"]
        with torch.inference_mode():
            visemes = net(features)["visemes"].softmax(dim=2)
        spoken = ((batch["phones"] > 0) & (batch["phones"] < 255)).numpy().astype(np.float32)
        voice = gaussian_filter1d(spoken, VOICE_SECONDS * FRAME_RATE, axis=1)
        loud = features[:, ::FRAMES_PER_STEP, MELS].numpy()
        loud = np.concatenate([np.repeat(loud[:, :1], late, axis=1), loud[:, :-late]], axis=1)
        stress = np.stack([stress_of(a, b) for a, b in zip(loud, voice, strict=True)])
        for name, value in (
            ("features", features),
            ("visemes", visemes),
            ("voice", torch.from_numpy(voice)),
            ("stress", torch.from_numpy(stress.astype(np.float32))),
        ):
            found[name].append(value)
    return {name: torch.cat(parts) for name, parts in found.items()}


def _batch(
    crops: dict[str, Tensor], people: Sequence[Person], generator: np.random.Generator
) -> dict[str, Tensor]:
    rows = generator.integers(len(crops["features"]), size=BATCH)
    batch = {name: value[rows] for name, value in crops.items()}
    frames = CROP_STEPS * FRAMES_PER_STEP
    mixes, wanted, persons = [], [], []
    for voice, stress in zip(batch["voice"].numpy(), batch["stress"].numpy(), strict=True):
        mix = course_of(frames, generator)
        who = int(generator.integers(len(people)))
        mixes.append(mix)
        persons.append(who)
        wanted.append(expressions.targets(mix, voice, stress, people[who]))
    batch["emotion"] = torch.from_numpy(np.stack(mixes))[:, FRAMES_PER_STEP - 1 :: FRAMES_PER_STEP]
    batch["identity"] = torch.nn.functional.one_hot(torch.tensor(persons), len(people)).float()
    batch["wanted"] = torch.from_numpy(np.stack(wanted))
    return batch


def _run(model: ExpressionNet, batch: dict[str, Tensor]) -> Tensor:
    memory = torch.zeros(BATCH, MEMORY)
    features = batch["features"].unflatten(1, (-1, FEATURES_PER_STEP))
    visemes = batch["visemes"].unflatten(1, (-1, FRAMES_PER_STEP))
    memories = []
    for step in range(CROP_STEPS):
        memory = model.listen(features[:, step], visemes[:, step], memory)
        memories.append(memory)
    identity = batch["identity"].repeat_interleave(CROP_STEPS, dim=0)
    shown = model(batch["emotion"].flatten(0, 1), identity, torch.stack(memories, 1).flatten(0, 1))
    return shown.reshape(BATCH, CROP_STEPS * FRAMES_PER_STEP, -1)


def _loss(made: Tensor, batch: dict[str, Tensor]) -> Tensor:
    start = WARM_UP * FRAMES_PER_STEP
    error = (made - batch["wanted"])[:, start:]
    return error.square().mean() + VELOCITY * error.diff(dim=1).square().mean()
