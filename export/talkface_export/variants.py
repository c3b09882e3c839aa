"""What size, look-ahead and each ingredient are worth: ``python -m talkface_export.variants``.

Every variant is trained for the same few steps on the same tapes, exported, scored on the dev split
and timed; the table goes to ``WORK/variants/table.md``. Tapes, teacher and voices are those of a
finished ``make bundle`` in ``--work``.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from talkface import TalkFace
from talkface.bench import cost
from talkface_export.bundle import write_bundle
from talkface_export.make_bundle import bundle_facts, facts_of, golden_audio
from talkface_export.recipe import Plan, prepare, train
from talkface_train import evaluate, suites
from talkface_train.data import real

LOG = logging.getLogger("talkface_export")
COST_SECONDS = 60.0


@dataclass(frozen=True)
class Variant:
    """What differs from the default; ``without`` as in :func:`talkface_export.recipe.prepare`."""

    about: str
    changes: dict[str, Any] = field(default_factory=dict)
    without: str = ""


UNTAUGHT = {"teacher_steps": 0}
FEWER = {**UNTAUGHT, "tapes": 8000}
"""Variants with tapes of their own have a quarter as many."""
VARIANTS: dict[str, Variant] = {
    "default": Variant("the shipped shape, one network"),
    "w112": Variant("half as wide, without teacher", {**UNTAUGHT, "width": 112}),
    "w448": Variant("twice as wide, without teacher", {**UNTAUGHT, "width": 448}),
    "w528": Variant(
        "wider, a layer deeper, without teacher", {**UNTAUGHT, "width": 528, "layers": 4}
    ),
    "look0": Variant("look-ahead 0, without teacher", {**UNTAUGHT, "look_ahead": 0}),
    "look40": Variant("look-ahead 40 ms, without teacher", {**UNTAUGHT, "look_ahead": 640}),
    "look80": Variant("look-ahead 80 ms, without teacher", {**UNTAUGHT, "look_ahead": 1280}),
    "look120": Variant("look-ahead 120 ms, without teacher", {**UNTAUGHT, "look_ahead": 1920}),
    "no-teacher": Variant("without teacher", UNTAUGHT),
    "no-faces": Variant("without captured head", {"face_jaw": 0.0, "face_pucker": 0.0}),
    "no-forecast": Variant("without teacher and forecast", {**UNTAUGHT, "forecast": 0.0}),
    "no-augmentation": Variant(
        "without teacher, augmentation and masks", {**FEWER, "masks": 0}, "augmentation"
    ),
    "no-real": Variant("without teacher and real speech", FEWER, "real"),
    "no-s1": Variant(
        "without teacher and the man of grid_s1, but with emotions",
        {**FEWER, "face_jaw": 0.0, "face_pucker": 0.0, "expression_steps": 500, "head_steps": 300},
        "grid_s1",
    ),
    "no-dutch": Variant("without teacher and the Dutch speaker", FEWER, "nathalie_dutch"),
}
COLUMNS = {
    "english_clean": (
        "accuracy", "closure_f1", "closure_recall_m", "labiodental_recall", "r_jawOpen",
        "rounding_r", "closure_lateness_ms", "jitter_ratio",
    ),
    "english_wide": ("accuracy", "closure_f1"),
    "babble_10": ("closure_f1",),
    "telephone_band": ("closure_f1",),
    "music": ("silence_opening_p99",),
    "faces_seen": ("share_of_phone_fit",),
}  # fmt: skip


def measure(bundle: Path, root: Path) -> dict[str, float]:
    """Columns of the dev split as ``suite.column``, and ``cost`` in CPU ms for each second."""
    face = TalkFace(bundle)
    system = evaluate.BundleSystem(face, "it")
    found = {"cost": cost(face, 16000, None, 640, COST_SECONDS)}
    for name, columns in COLUMNS.items():
        suite = suites.SUITES[name]
        scores = evaluate.evaluate([system], suite.takes(root, "dev"), columns=columns)["it"]
        found |= {f"{name}.{column}": scores[column][0] for column in columns}
    return found


def run(name: str, plan: Plan, root: Path, work: Path, threads: int) -> dict[str, Any]:
    """Train or resume one variant; its row."""
    variant = VARIANTS[name]
    changed = replace(plan, **variant.changes)
    folders = prepare(changed, root, work, threads, variant.without)
    began = time.monotonic()
    model = train(changed, folders, root, work, threads, f"variants/{name}", variant.without)
    minutes = (time.monotonic() - began) / 60
    out = work / "variants" / name / "bundle"
    if not out.exists():
        training = facts_of(changed, model, root, 60 * minutes)
        facts = bundle_facts(name, "0.0.0", training, f"# {name}: {variant.about}\n")
        write_bundle(model, golden_audio(), facts, out)
    return {
        "about": variant.about, "parameters": model.parameters_of_nets,
        "look_ahead_ms": changed.look_ahead / 16,
        "minutes": round(minutes, 1), **measure(out, root),
    }  # fmt: skip


def markdown(rows: dict[str, dict[str, Any]]) -> str:
    """The rows as one table."""
    columns = [f"{suite}.{column}" for suite, names in COLUMNS.items() for column in names]
    short = [c.replace("english_clean.", "").replace("silence_opening_", "") for c in columns]
    lines = [["variant", "M parameters", "look-ahead ms", "CPU ms/s", *short]]
    for row in rows.values():
        size = f"{row['parameters'] / 1e6:.2f}"
        # Rows of an earlier release may lack a column.
        numbers = [f"{row[column]:.3f}" if column in row else "-" for column in columns]
        lines.append(
            [row["about"], size, f"{row['look_ahead_ms']:g}", f"{row['cost']:.1f}", *numbers]
        )
    ruled = [lines[0], ["---"] * len(lines[0]), *lines[1:]]
    return "\n".join("| " + " | ".join(line) + " |" for line in ruled) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and measure the variants that are named."""
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n", 1)[0],
        epilog="variants: " + "; ".join(f"{name}: {v.about}" for name, v in VARIANTS.items()),
    )
    parser.add_argument("names", nargs="*", metavar="VARIANT", help="all, if none is named")
    parser.add_argument("--work", type=Path, default=Path("build/bundle"))
    parser.add_argument("--data", help="shared data folder")
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 2)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    unknown = set(options.names) - set(VARIANTS)
    root = real.data_root(options.data)
    if unknown or root is None:
        reason = f"no variant {', '.join(sorted(unknown))}" if unknown else "no shared data folder"
        print(f"variants: {reason}; see --help", file=sys.stderr)
        return 2
    folder = options.work / "variants"
    folder.mkdir(parents=True, exist_ok=True)
    plan = replace(
        Plan(), steps=options.steps, alone_steps=options.steps // 2, more_steps=0, partner_width=0,
        expression_steps=0,
    )  # fmt: skip
    for name in options.names or VARIANTS:
        row = run(name, plan, root, options.work, options.threads)
        (folder / f"{name}.json").write_text(json.dumps(row, indent=1), encoding="utf-8")
    rows = {
        name: json.loads((folder / f"{name}.json").read_text("utf-8"))
        for name in VARIANTS
        if (folder / f"{name}.json").exists()
    }
    table = markdown(rows)
    (folder / "table.md").write_text(table, encoding="utf-8")
    print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
