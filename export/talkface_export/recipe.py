"""How a bundle is trained: speech, tapes, teacher, student. Every stage is cached and resumed."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch

from talkface_train import captured
from talkface_train.data import corpus, real, tapes, taught
from talkface_train.data.batches import TapeSet
from talkface_train.data.voices import SHARES, VOICES
from talkface_train.metrics.faces import pairs_of
from talkface_train.models.streaming import (
    SpeechNet,
    StreamingConfig,
    StreamingModel,
    StreamingNet,
)
from talkface_train.train import TrainConfig, Trainer

LOG = logging.getLogger("talkface_export")

DEV_WEIGHTS = {
    "librispeech": 2.0,
    "ljspeech": 1.5,
    "speechocean762": 2.0,
    "grid_s1": 0.7,
    "emodb": 0.6,
}
SYNTHETIC_WEIGHT = 13.0
MORE_SHARE = 0.7
"""How much of the second course's weights the student keeps; the rest are those of before."""
STEADY = (1.5, 3.0)
"""The student's weight of acceleration before and after ``Plan.alone_steps``."""
COMMON: dict[str, Any] = {"crop_steps": 150, "velocity": 2.0, "stretch": 0.04}
TEACHER = StreamingConfig(look_ahead=640, context=16, width=320, layers=4, hidden=256, dropout=0.15)


@dataclass(frozen=True)
class Plan:
    """Sizes of one build. ``hours``: of synthetic speech; ``tapes``: of ``tape_seconds``, short,
    so that many begin: a stream hears its start with a cold mean; ``masks``: of SpecAugment;
    ``forecast``: weight of that head; ``face_jaw`` and ``face_pucker``: how much of jawOpen and of
    mouthPucker the captured head says; ``teacher_steps``: 0 leaves the teacher out; ``steps``: of
    the student, the first ``alone_steps`` without the teacher, so that two cores can train both
    at once; ``more_steps``: of its second course, on ``more_tapes`` new tapes."""

    hours: float = 26.4
    tapes: int = 32000
    tape_seconds: float = 10.0
    teacher_steps: int = 4500
    steps: int = 24000
    alone_steps: int = 12000
    more_tapes: int = 16000
    more_steps: int = 6000
    width: int = 224
    layers: int = 3
    context: int = 16
    look_ahead: int = 1600
    forecast: float = 0.3
    face_jaw: float = 0.1
    face_pucker: float = 0.6
    masks: int = 2
    seed: int = 0


def model_config(plan: Plan) -> StreamingConfig:
    return StreamingConfig(
        look_ahead=plan.look_ahead, context=plan.context, width=plan.width,
        layers=plan.layers, hidden=plan.width, forecast=plan.forecast > 0,
    )  # fmt: skip


def _rooms(root: Path | None) -> list[Path]:
    """Recordings of the training half whose rooms are used as background noise."""
    if root is None:
        return []
    name = "picovoice_commands"
    return [
        path
        for path in sorted((root / name / "audio").glob("*.flac"))
        if real.split_of(root, name, path.name) == "train"
    ]


@dataclass(frozen=True)
class Folders:
    """Tapes to train on, to choose by, and of the second course (None without one)."""

    train: Path
    dev: Path
    more: Path | None


def prepare(plan: Plan, root: Path | None, work: Path, workers: int, without: str = "") -> Folders:
    """Speech and tapes.

    ``without`` leaves ``"real"`` speech, the ``"augmentation"`` of recordings, or one real set out
    of training.
    """
    synthetic = corpus.speak(work / "speech", plan.hours, plan.seed, workers)
    weights = {voice.folder: SYNTHETIC_WEIGHT * voice.share / SHARES for voice in VOICES}
    if root is None:
        held_out = synthetic[::25]
        recordings = [r for i, r in enumerate(synthetic) if i % 25]
        dev, dev_weights = held_out, weights
    else:
        heard = [] if without == "real" else corpus.real_training(root)
        recordings = synthetic + [r for r in heard if r.dataset != without]
        dev = [r for name in DEV_WEIGHTS for r in real.load(root, name, "dev")]
        dev_weights = DEV_WEIGHTS
        weights = {**corpus.TRAIN_WEIGHTS, **weights}
    spoken, total = corpus.hours_of(synthetic), corpus.hours_of(recordings)
    LOG.info("speech: %.1f h synthetic, %.1f h real", spoken, max(total - spoken, 0.0))
    chains: dict[str, float] = {"speechless_share": 0.12, "whispered_share": 0.03}
    if without == "augmentation":
        chains = {"clean_share": 1.0}
    train_plan = tapes.TapePlan(plan.tapes, plan.tape_seconds, weights, plan.seed, **chains)  # type: ignore[arg-type]
    dev_plan = tapes.TapePlan(120, 20.0, dev_weights, 777, clean_share=0.6)
    end = f"-without-{without}" if without else ""
    rooms = [] if without == "augmentation" else _rooms(root)
    train_folder = tapes.build(work / f"tapes{end}", recordings, rooms, train_plan, workers)
    prior = np.array(json.loads((train_folder / "tapes.json").read_text("utf-8"))["prior"])
    dev_folder = tapes.build(work / f"dev{end}", dev, [], dev_plan, workers, prior)
    more = None
    if plan.more_steps:
        again = replace(train_plan, count=plan.more_tapes, seed=plan.seed + 1)
        more = tapes.build(work / f"more{end}", recordings, rooms, again, workers, prior)
    return Folders(train_folder, dev_folder, more)


def teach(plan: Plan, folders: Folders, work: Path, threads: int) -> list[Path]:
    """Train or resume the teacher and write its answers for the training tapes and those of the
    second course."""
    train_set, dev_set = TapeSet(folders.train, TEACHER), TapeSet(folders.dev, TEACHER)
    lesson = TrainConfig(
        model=TEACHER, steps=plan.teacher_steps, teacher=True, learning_rate=1e-3,
        masks=plan.masks, forecast_weight=0.0, threads=threads, seed=plan.seed,
        **COMMON,
    )  # fmt: skip
    trainer = Trainer(work / "teacher", train_set, dev_set, lesson)
    trainer.resume()
    teacher = trainer.run()
    identity = sha256((work / "teacher" / "best.safetensors").read_bytes()).hexdigest()
    told = [taught.record(teacher, train_set, work / "taught.bin", identity)]
    if folders.more:
        more = TapeSet(folders.more, TEACHER)
        told.append(taught.record(teacher, more, work / "taught-more.bin", identity))
    return told


def train(
    plan: Plan,
    folders: Folders,
    root: Path | None,
    work: Path,
    threads: int,
    run: str = "run",
) -> StreamingModel:
    """Train or resume student and teacher; the best student with its front end and captured head,
    for export."""
    first = student(plan, folders, work / run, threads, STEADY[0])
    if plan.alone_steps:
        first.run(until=plan.alone_steps)
    told = teach(plan, folders, work, threads) if plan.teacher_steps else []
    net = student(plan, folders, work / run, threads, STEADY[1], *told[:1]).run()
    if folders.more:
        net = second_course(plan, folders, work / f"{run}-more", threads, net, *told[1:])
    assert isinstance(net, StreamingNet)
    shares = {"jawOpen": plan.face_jaw, "mouthPucker": plan.face_pucker}
    pairs = pairs_of(root, "train") if root else []
    head = captured.fit(net, first.train_set, pairs, shares)
    return StreamingModel(net, first.train_set.prior, head).eval()


def student(
    plan: Plan,
    folders: Folders,
    run: Path,
    threads: int,
    acceleration: float,
    told: Path | None = None,
) -> Trainer:
    """The student's training, where it was left; ``told``: a teacher's answers."""
    config = model_config(plan)
    train_set, dev_set = TapeSet(folders.train, config, told), TapeSet(folders.dev, config)
    lesson = TrainConfig(
        model=config, steps=plan.steps, distil=0.5 if told else 0.0, acceleration=acceleration,
        masks=plan.masks, forecast_weight=plan.forecast, threads=threads, seed=plan.seed,
        **COMMON,
    )  # fmt: skip
    trainer = Trainer(run, train_set, dev_set, lesson)
    trainer.resume()
    return trainer


def second_course(
    plan: Plan,
    folders: Folders,
    run: Path,
    threads: int,
    start: SpeechNet,
    told: Path | None = None,
) -> SpeechNet:
    """Train or resume ``start`` on tapes that are new to it, at a third of the rate, and average
    the weights of before and after, which does better on dev than either."""
    config = model_config(plan)
    assert folders.more is not None
    train_set, dev_set = TapeSet(folders.more, config, told), TapeSet(folders.dev, config)
    lesson = TrainConfig(
        model=config, steps=plan.more_steps, distil=0.5 if told else 0.0, acceleration=STEADY[1],
        masks=plan.masks, forecast_weight=plan.forecast, threads=threads, seed=plan.seed + 1,
        learning_rate=6e-4, check_every=500, **COMMON,
    )  # fmt: skip
    before = start.state_dict()
    trainer = Trainer(run, train_set, dev_set, lesson, initial=before)
    trainer.resume()
    net = trainer.run()
    net.load_state_dict(
        {k: torch.lerp(before[k], after, MORE_SHARE) for k, after in net.state_dict().items()}
    )
    return net
