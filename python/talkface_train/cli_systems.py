"""``talkface train SYSTEM``: a published system on clips of one's own."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from talkface_train.systems_train import SystemTrainer, read_config

CONFIGS = Path(__file__).parent / "configs"


def train_system(options: argparse.Namespace) -> int:
    """Run the training that the command line and the YAML describe; returns the exit status."""
    path = Path(options.config) if options.config else CONFIGS / f"{options.folder}.yaml"
    changes: dict[str, Any] = {"system": options.folder}
    for name in ("steps", "seed"):
        if getattr(options, name) is not None:
            changes[name] = getattr(options, name)
    if options.data:
        changes["data"] = options.data
    if options.without:
        changes["without"] = options.without
    try:
        config = read_config(path, changes)
        trainer = SystemTrainer(config, Path(options.output))
        clips, people = len(trainer.train_set), len(trainer.train_set.identities)
        weights = sum(value.numel() for value in trainer.net.parameters())
        print(
            f"{config.system}: {clips} clips of {people} people, {len(trainer.dev_set)} to choose "
            f"by, {weights / 1e6:.2f} M weights, {config.steps} steps from {trainer.step} on"
        )
        best = trainer.run()
    except (OSError, ValueError, FloatingPointError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"stopped; the same command goes on from {options.output}", file=sys.stderr)
        return 130
    print(f"best error on dev {best:.4f} (MBE); {options.output} holds run.json, best.safetensors")
    return 0
