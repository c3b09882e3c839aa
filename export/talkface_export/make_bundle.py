"""From nothing to the default bundle: speak, record tapes, train, export, prove, score, describe.

``python -m talkface_export.make_bundle`` (``make bundle``). Every stage is cached in ``--work`` and
resumed; delete the folder to start afresh. Without the shared data folder the bundle is trained on
synthetic voices alone and says so.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from talkface_export.bundle import BundleFacts, write_bundle
from talkface_export.card import licence_text, model_card
from talkface_train.articulation.model import LATEST
from talkface_train.data import corpus, real, tapes
from talkface_train.data.batches import TapeSet
from talkface_train.data.voices import VOICES, synthesise
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
SYNTHETIC_WEIGHT = 14.4
COMMON: dict[str, Any] = {"crop_steps": 150, "masks": 1, "velocity": 6.0, "acceleration": 20.0}
GOLDEN_TEXT = "My mother bought five blue boats, and who saw the baby sheep?"
LICENCE = "CC-BY-4.0"


@dataclass(frozen=True)
class Plan:
    """Sizes of one build. ``hours``: of synthetic speech; ``tapes``: of 20 s each;
    ``teacher_steps``: 0 leaves the teacher out."""

    hours: float = 24.0
    tapes: int = 16000
    teacher_steps: int = 8000
    steps: int = 9000
    width: int = 224
    layers: int = 3
    context: int = 16
    look_ahead: int = 1600
    seed: int = 0


def model_config(plan: Plan) -> StreamingConfig:
    return StreamingConfig(
        look_ahead=plan.look_ahead, context=plan.context, width=plan.width,
        layers=plan.layers, hidden=plan.width,
    )  # fmt: skip


def _rooms(root: Path | None) -> list[Path]:
    """Recorded rooms and orders of the training half, for background noise."""
    if root is None:
        return []
    name = "picovoice_commands"
    return [
        path
        for path in sorted((root / name / "audio").glob("*.flac"))
        if real.split_of(root, name, path.name) == "train"
    ]


def prepare(plan: Plan, root: Path | None, work: Path, workers: int) -> tuple[Path, Path]:
    """Speech and tapes; returns the folders of the training and the dev tapes."""
    synthetic = corpus.speak(work / "speech", plan.hours, plan.seed, workers)
    weights = {voice.folder: SYNTHETIC_WEIGHT * voice.share for voice in VOICES}
    if root is None:
        held_out = synthetic[::25]
        recordings = [r for i, r in enumerate(synthetic) if i % 25]
        dev, dev_weights = held_out, weights
    else:
        recordings = synthetic + corpus.real_training(root)
        dev = [r for name in DEV_WEIGHTS for r in real.load(root, name, "dev")]
        dev_weights = DEV_WEIGHTS
        weights = {**corpus.TRAIN_WEIGHTS, **weights}
    LOG.info(
        "speech: %.1f h synthetic, %.1f h real", corpus.hours_of(synthetic),
        corpus.hours_of(recordings) - corpus.hours_of(synthetic) if root else 0.0,
    )  # fmt: skip
    train_plan = tapes.TapePlan(plan.tapes, 20.0, weights, plan.seed, speechless_share=0.06)
    dev_plan = tapes.TapePlan(120, 20.0, dev_weights, 777, clean_share=0.6)
    train_folder = tapes.build(work / "tapes", recordings, _rooms(root), train_plan, workers)
    prior = np.array(json.loads((train_folder / "tapes.json").read_text("utf-8"))["prior"])
    dev_folder = tapes.build(work / "dev", dev, [], dev_plan, workers, prior)
    return train_folder, dev_folder


TEACHER = StreamingConfig(context=16, width=320, layers=2, hidden=256, dropout=0.2)


def train(plan: Plan, folders: tuple[Path, Path], work: Path) -> StreamingModel:
    """Train or resume teacher and student; the best student with its front end, for export."""
    config = model_config(plan)
    train_set, dev_set = (TapeSet(folder, config) for folder in folders)
    teacher = None
    if plan.teacher_steps:
        wide = replace(TEACHER, look_ahead=config.look_ahead)
        lesson = TrainConfig(
            model=wide, steps=plan.teacher_steps, teacher=True, learning_rate=1e-3,
            **COMMON, seed=plan.seed,
        )  # fmt: skip
        teacher = _run(Trainer(work / "teacher", train_set, dev_set, lesson))
    run = TrainConfig(
        model=config, steps=plan.steps, distil=0.5 if teacher else 0.0, **COMMON, seed=plan.seed
    )
    student = _run(Trainer(work / "run", train_set, dev_set, run, teacher))
    assert isinstance(student, StreamingNet)
    return StreamingModel(student, train_set.prior).eval()


def _run(trainer: Trainer) -> SpeechNet:
    trainer.resume()
    return trainer.run()


def golden_audio() -> NDArray[np.int16]:
    """One synthetic sentence with every kind of lip shape, int16 at 16 kHz."""
    utterance = next(iter(synthesise(VOICES[0], [GOLDEN_TEXT], seed=1)))
    return (np.clip(utterance.audio, -1, 1) * 32767).astype(np.int16)


def facts_of(
    plan: Plan, model: StreamingModel, root: Path | None, seconds: float
) -> dict[str, Any]:
    """What ``training.json`` says."""
    parameters = sum(p.numel() for p in model.net.parameters())
    return {
        "plan": asdict(plan),
        "data": "synthetic and real" if root else "synthetic only",
        "parameters": parameters,
        "torch": torch.__version__.split("+")[0],
        "cpu_count": os.cpu_count(),
        "minutes": round(seconds / 60, 1),
    }


def export(
    plan: Plan, model: StreamingModel, root: Path | None, out: Path, version: str, seconds: float
) -> None:
    """Write and prove the bundle, scored on the English test suite where the data is present."""
    training = facts_of(plan, model, root, seconds)
    audio = golden_audio()

    def write(scores: dict[str, Any] | None, folder: Path) -> None:
        documents = {
            "MODEL_CARD.md": model_card(training, scores),
            "LICENSE": licence_text(training),
            "training.json": json.dumps(training, indent=1) + "\n",
        }
        facts = BundleFacts(out.name, version, LICENCE, LATEST, documents)
        LOG.info("exported: %s", write_bundle(model, audio, facts, folder))

    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        unscored = Path(temporary) / out.name
        write(None, unscored)
        scores = _score(unscored, root) if root else None
    write(scores, out)


def _score(bundle: Path, root: Path) -> dict[str, Any]:
    from talkface import TalkFace
    from talkface_train import evaluate

    system = evaluate.BundleSystem(TalkFace(bundle), "bundle")
    recordings = evaluate.suite_recordings(root, "english_clean")
    return evaluate.evaluate([system], recordings)["bundle"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of ``make bundle``."""
    defaults = Plan()
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--out", type=Path, default=Path("python/talkface/bundles/default"))
    parser.add_argument("--work", type=Path, default=Path("build/bundle"))
    parser.add_argument("--data", help="shared data folder, or 'none' for synthetic speech alone")
    parser.add_argument("--version", default="1.0.1", help="of the bundle")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2)
    for name, value in asdict(defaults).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    plan = Plan(**{name: getattr(options, name) for name in asdict(defaults)})
    root = None if options.data == "none" else real.data_root(options.data)
    if root is None:
        LOG.warning("no shared data: the bundle learns from synthetic voices alone")
    clock = _Clock(options.work)
    try:
        folders = prepare(plan, root, options.work, options.workers)
        model = train(plan, folders, options.work)
    finally:
        seconds = clock.stop()
    export(plan, model, root, options.out, options.version, seconds)
    LOG.info("%s is ready after %.0f minutes of work", options.out, seconds / 60)
    return 0


class _Clock:
    """Working time of a build over all its resumptions, kept in ``work/seconds``.

    It is written twice a minute, so that a killed build counts too.
    """

    def __init__(self, work: Path) -> None:
        work.mkdir(parents=True, exist_ok=True)
        self._path = work / "seconds"
        self._before = float(self._path.read_text()) if self._path.exists() else 0.0
        self._began = time.monotonic()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True)
        self._thread.start()

    def _total(self) -> float:
        return self._before + time.monotonic() - self._began

    def _keep(self) -> None:
        while not self._stopped.wait(30):
            self._path.write_text(f"{self._total():.1f}")

    def stop(self) -> float:
        """End the clock; returns the total in seconds."""
        self._stopped.set()
        self._thread.join()
        total = self._total()
        self._path.write_text(f"{total:.1f}")
        return total


if __name__ == "__main__":
    sys.exit(main())
