"""From nothing to a bundle that ships: speak, record tapes, train, export, prove, score, describe.

``python -m talkface_export.make_bundle`` (``make bundle``) makes the default bundle, with
``--preset`` another one, which takes what it can from the same folder. Every stage is cached in
``--work`` and resumed; delete the folder to start afresh. Without the shared data folder the bundle
is trained on synthetic voices alone and says so.
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
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from talkface_export.bundle import BundleFacts, write_bundle
from talkface_export.card import licence_text, model_card
from talkface_export.presets import PRESETS, Preset
from talkface_export.recipe import Plan, prepare, train
from talkface_train.articulation.model import LATEST
from talkface_train.data import real
from talkface_train.data.voices import VOICES, synthesise
from talkface_train.models.whole import StreamingModel

LOG = logging.getLogger("talkface_export")

GOLDEN_TEXT = "My mother bought five blue boats, and who saw the baby sheep?"
LICENCE = "CC-BY-4.0"


def golden_audio() -> NDArray[np.int16]:
    """One synthetic sentence with every kind of lip shape, int16 at 16 kHz."""
    utterance = next(iter(synthesise(VOICES[0], [GOLDEN_TEXT], seed=1)))
    return (np.clip(utterance.audio, -1, 1) * 32767).astype(np.int16)


def facts_of(
    plan: Plan, model: StreamingModel, root: Path | None, seconds: float
) -> dict[str, Any]:
    """What ``training.json`` says."""
    return {
        "plan": asdict(plan),
        "data": "synthetic and real" if root else "synthetic only",
        "parameters": model.parameters_of_nets,
        "torch": torch.__version__.split("+")[0],
        "cpu_count": os.cpu_count(),
        "minutes": round(seconds / 60, 1),
    }


def bundle_facts(name: str, version: str, training: dict[str, Any], card: str) -> BundleFacts:
    """What a bundle of this line says about itself."""
    documents = {
        "MODEL_CARD.md": card,
        "LICENSE": licence_text(name, training),
        "training.json": json.dumps(training, indent=1) + "\n",
    }
    return BundleFacts(name, version, LICENCE, LATEST, documents)


def export(
    preset: Preset, model: StreamingModel, root: Path | None, out: Path, seconds: float
) -> None:
    """Write and prove the bundle, scored on the English test suite where the data is present."""
    training = facts_of(preset.plan, model, root, seconds)
    title = f"TalkFace {out.name} bundle" + (f": {preset.label}" if preset.label else "")
    audio = golden_audio()

    def write(scores: dict[str, Any] | None, folder: Path) -> None:
        card = model_card(title, training, scores)
        facts = bundle_facts(out.name, preset.version, training, card)
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
    named = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    named.add_argument(
        "--preset", choices=PRESETS, default="default", help="gives the defaults of the others"
    )
    name = named.parse_known_args(arguments)[0].preset
    preset = PRESETS[name]
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0], parents=[named])
    parser.add_argument("--out", type=Path, default=Path("python/talkface/bundles") / name)
    parser.add_argument("--work", type=Path, default=Path("build/bundle"))
    parser.add_argument("--data", help="shared data folder, or 'none' for synthetic speech alone")
    parser.add_argument("--version", default=preset.version, help="of the bundle")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 2, help="of training")
    sizes = asdict(preset.plan)
    for size, value in sizes.items():
        parser.add_argument(f"--{size.replace('_', '-')}", type=type(value), default=value)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    plan = Plan(**{size: getattr(options, size) for size in sizes})
    root = None if options.data == "none" else real.data_root(options.data)
    if root is None:
        LOG.warning("no shared data: the bundle learns from synthetic voices alone")
    clock = _Clock(options.work)
    try:
        folders = prepare(plan, root, options.work, options.workers)
        model = train(plan, folders, root, options.work, options.threads)
    finally:
        seconds = clock.stop()
    chosen = replace(preset, plan=plan, version=options.version)
    export(chosen, model, root, options.out, seconds)
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
