"""``talkface train SYSTEM``: a published system on clips of one's own."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from talkface_train.systems_train import SystemTrainer, read_config

CONFIGS = Path(__file__).parent / "configs"


def train_system(options: argparse.Namespace) -> int:
    """Run the training that the command line and the YAML describe; returns the exit status.

    Raises ValueError or OSError for settings, clips or a folder that will not do.
    """
    path = Path(options.config) if options.config else CONFIGS / f"{options.folder}.yaml"
    changes: dict[str, Any] = {"system": options.folder}
    for name in ("steps", "seed"):
        if getattr(options, name) is not None:
            changes[name] = getattr(options, name)
    if options.data:
        changes["data"] = options.data
    if options.without:
        changes["without"] = options.without
    trainer = SystemTrainer(read_config(path, changes), Path(options.output))
    trainer.resume()
    config, clips = trainer.config, trainer.train_set
    weights = sum(value.numel() for value in trainer.net.parameters())
    print(
        f"{config.system}: {len(clips)} clips of {len(clips.identities)} people, "
        f"{len(trainer.dev_set)} to choose by, {weights / 1e6:.2f} M weights, {config.steps} steps"
        + (f", {trainer.step} of them done" if trainer.step else ""),
        flush=True,
    )
    try:
        best = trainer.run()
    except FloatingPointError as error:
        print(f"talkface: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"stopped; the same command goes on from {options.output}", file=sys.stderr)
        return 130
    print(
        f"best error on dev {best:.4f} (MBE); {options.output} holds run.json, best.safetensors\n"
        f"a bundle of it: python -m talkface_export.systems {options.output} --out BUNDLE"
    )
    return 0
