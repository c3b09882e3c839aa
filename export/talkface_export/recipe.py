"""How a bundle is trained: speech, tapes, teacher, student. Every stage is cached and resumed."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from talkface_export.feelings import feel
from talkface_export.nearer import InTurn, moved
from talkface_train import captured
from talkface_train.data import corpus, real, tapes, taught
from talkface_train.data.batches import TapeSet
from talkface_train.data.voices import SHARES, VOICES
from talkface_train.metrics.faces import pairs_of
from talkface_train.models.streaming import (
    SpeechNet,
    StreamingConfig,
    StreamingNet,
)
from talkface_train.models.whole import Member, StreamingModel
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
STEADY = (1.5, 3.0)
"""The student's weight of acceleration before and after ``Plan.alone_steps``."""
COMMON: dict[str, Any] = {"crop_steps": 150, "velocity": 2.0, "stretch": 0.04}
TEACHER = StreamingConfig(look_ahead=640, context=16, width=320, layers=4, hidden=256, dropout=0.15)


@dataclass(frozen=True)
class Course:
    """More training on new tapes. ``share``: of its weights in the student's; ``prompt_share``: of
    its tapes, those that begin at a phone; ``start_weight``: of a tape's first frame."""

    share: float
    prompt_share: float = 0.0
    start_weight: float = 1.0


COURSES = {"more": Course(0.5), "prompt": Course(0.3, prompt_share=0.5, start_weight=8.0)}
"""What the student goes through after its training, each from there on; its weights are the mean of
those before and after. Voice lines are trimmed to speech, and a network that has mostly heard
silence first opens late (adr 0013)."""


@dataclass(frozen=True)
class Plan:
    """Sizes of one build. ``hours``: of synthetic speech; ``tapes``: of ``tape_seconds``, short,
    so that many begin: a stream hears its start with a cold mean; ``masks``: of SpecAugment;
    ``forecast``: weight of that head; ``face_jaw`` and ``face_pucker``: how much of jawOpen and of
    mouthPucker the captured head says; ``teacher_steps``: 0 leaves the teacher out; ``steps``: of
    the student, the first ``alone_steps`` without the teacher, so that two cores can train both
    at once; ``more_steps``: of each of COURSES, on ``more_tapes`` new tapes; ``partner_width``: of
    a second student, which starts from another seed and takes no courses, 0 for none;
    ``partner_share``: how much of what both say is its; ``expression_steps``, ``head_steps``: of
    what emotion adds and of the head, 0 of the first for a face that does not feel;
    ``short_look_ahead``: samples that the student then learns to do with in ``short_steps`` more
    steps, 0 to stay as it is."""

    hours: float = 26.4
    tapes: int = 32000
    tape_seconds: float = 10.0
    teacher_steps: int = 4500
    steps: int = 24000
    alone_steps: int = 12000
    more_tapes: int = 16000
    more_steps: int = 6000
    width: int = 224
    partner_width: int = 208
    partner_share: float = 0.333
    layers: int = 3
    context: int = 16
    look_ahead: int = 1600
    forecast: float = 0.3
    face_jaw: float = 0.1
    face_pucker: float = 0.75
    masks: int = 2
    expression_steps: int = 2000
    head_steps: int = 2600
    seed: int = 0
    short_look_ahead: int = 0
    short_steps: int = 0

    @property
    def heard_ahead(self) -> int:
        """Look-ahead of the bundle in samples."""
        return self.short_look_ahead if self.short_steps else self.look_ahead


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
    """Tapes to train on, to choose by, and of each course."""

    train: Path
    dev: Path
    courses: dict[str, Path]


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
        dev_weights = {name: w for name, w in DEV_WEIGHTS.items() if name != without}
        dev = [r for name in dev_weights for r in real.load(root, name, "dev")]
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
    courses = {}
    again = replace(train_plan, count=plan.more_tapes, seed=plan.seed + 1)
    for name, course in COURSES.items() if plan.more_steps else ():
        own = replace(again, prompt_share=course.prompt_share)
        courses[name] = tapes.build(work / f"{name}{end}", recordings, rooms, own, workers, prior)
    return Folders(train_folder, dev_folder, courses)


def teach(plan: Plan, folders: Folders, work: Path, threads: int) -> dict[Path, Path]:
    """Train or resume the teacher and write its answers for the training tapes and those of the
    courses; where they are, by folder of tapes."""
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
    told = {folders.train: taught.record(teacher, train_set, work / "taught.bin", identity)}
    for name, folder in folders.courses.items():
        path = work / f"taught-{name}.bin"
        told[folder] = taught.record(teacher, TapeSet(folder, TEACHER), path, identity)
    return told


def train(
    plan: Plan,
    folders: Folders,
    root: Path | None,
    work: Path,
    threads: int,
    run: str = "run",
    without: str = "",
) -> StreamingModel:
    """Train or resume teacher and students; the best students with their front end, captured heads
    and feeling, for export. ``without``: a real set that none of them may hear or see."""
    plans = {run: plan}
    if plan.partner_width:
        plans[f"{run}-partner"] = replace(
            plan, width=plan.partner_width, seed=plan.seed + 1, more_steps=0
        )
    for name, own in plans.items():
        if own.alone_steps:
            student(own, folders, work / name, threads, STEADY[0]).run(until=own.alone_steps)
    told = teach(plan, folders, work, threads) if plan.teacher_steps else {}
    shares = {"jawOpen": plan.face_jaw, "mouthPucker": plan.face_pucker}
    pairs = pairs_of(root, "train") if root else []
    tapes_heard = TapeSet(folders.train, replace(model_config(plan), look_ahead=plan.heard_ahead))
    nets, members = [], []
    for name, own in plans.items():
        net = student(own, folders, work / name, threads, STEADY[1], told.get(folders.train)).run()
        if own.more_steps:
            net = schooled(own, folders, work / name, threads, net, told)
        assert isinstance(net, StreamingNet)
        nets.append(net)
        if own.short_steps:
            nearer = work / f"{name}-ahead{own.short_look_ahead}"
            net = shortened(own, folders, nearer, threads, net, told)
        members.append(Member(net, captured.fit(net, tapes_heard, pairs, shares)))
    counts = [1.0 - plan.partner_share, plan.partner_share] if plan.partner_width else None
    model = StreamingModel(members, tapes_heard.prior, counts).eval()
    if plan.expression_steps:
        model.feeling = feel(
            nets[0], folders.train, root, work / f"{run}-feeling", plan.seed,
            plan.expression_steps, plan.head_steps, without,
        )  # fmt: skip
    return model


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


def schooled(
    plan: Plan,
    folders: Folders,
    run: Path,
    threads: int,
    start: SpeechNet,
    told: dict[Path, Path],
) -> SpeechNet:
    """Train or resume ``start`` through each of COURSES, at a third of the rate, and average the
    weights of before and after, which does better on dev than any of them."""
    config = model_config(plan)
    before = start.state_dict()
    kept = 1.0 - sum(course.share for course in COURSES.values())
    mean = {name: kept * value for name, value in before.items()}
    for name, course in COURSES.items():
        folder = folders.courses[name]
        train_set = TapeSet(folder, config, told.get(folder))
        lesson = TrainConfig(
            model=config, steps=plan.more_steps, distil=0.5 if folder in told else 0.0,
            acceleration=STEADY[1], masks=plan.masks, forecast_weight=plan.forecast,
            threads=threads, seed=plan.seed + 1, learning_rate=6e-4, check_every=500,
            start_weight=course.start_weight, **COMMON,
        )  # fmt: skip
        place = run.with_name(f"{run.name}-{name}")
        trainer = Trainer(place, train_set, TapeSet(folders.dev, config), lesson, initial=before)
        trainer.resume()
        for key, value in trainer.run().state_dict().items():
            mean[key] = mean[key] + course.share * value
    start.load_state_dict(mean)
    return start


def shortened(
    plan: Plan,
    folders: Folders,
    run: Path,
    threads: int,
    start: StreamingNet,
    told: dict[Path, Path],
) -> StreamingNet:
    """Train or resume ``start`` with ``plan.short_look_ahead``, on all tapes in turn; where a tape
    starts counts for as much as in the course that asks for most."""
    begun = moved(start, plan.short_look_ahead)
    heard = [folders.train, *folders.courses.values()]
    tape_sets = [TapeSet(folder, begun.config, told.get(folder)) for folder in heard]
    lesson = TrainConfig(
        model=begun.config, steps=plan.short_steps, distil=0.5 if told else 0.0,
        acceleration=STEADY[1], masks=plan.masks, forecast_weight=plan.forecast,
        threads=threads, seed=plan.seed + 2, learning_rate=1e-3, check_every=500,
        start_weight=max(course.start_weight for course in COURSES.values()), **COMMON,
    )  # fmt: skip
    dev_set = TapeSet(folders.dev, begun.config)
    trainer = Trainer(run, InTurn(tape_sets), dev_set, lesson, initial=begun.state_dict())
    trainer.resume()
    net = trainer.run()
    assert isinstance(net, StreamingNet)
    return net
