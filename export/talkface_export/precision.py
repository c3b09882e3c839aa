"""A bundle's variant of another precision, proved on its golden clip (docs/precision.md).

``python -m talkface_export.precision BUNDLE --precision int8 --out FOLDER``
"""

from __future__ import annotations

import argparse
import json
import logging
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np
import onnx

from talkface_export.bundle import ParityError, put_bundle
from talkface_export.reduced import Precision, heavy, to_fp16, to_int8
from talkface_export.verify import run_graph

LOG = logging.getLogger("talkface_export")
HEADROOM = 4.0
"""Of the tolerance over what the golden clip shows on this processor: others, and batches, round
elsewhere."""
LEAST_TOLERANCE = 1e-4
MOST_DAMAGE = 0.02
"""A layer that alone moves any output of the golden clip further stays float32 in int8."""
TITLES = {"fp16": "16-bit floating point", "int8": "8-bit integers"}


class PrecisionError(ValueError):
    """A bundle that has no variant of the precision asked for; the message says why."""


@dataclass(frozen=True)
class Variant:
    """``error``: largest difference from the float32 golden frames, by output; ``tolerance``: what
    the manifest states; ``reduced`` of ``layers`` are of the new precision; ``bytes``: of the
    graph, before and after."""

    error: dict[str, float]
    tolerance: float
    reduced: int
    layers: int
    bytes: tuple[int, int]

    def __str__(self) -> str:
        each = ", ".join(f"{name} {value:.1e}" for name, value in self.error.items())
        before, after = (size / 1e6 for size in self.bytes)
        return (
            f"{self.reduced} of {self.layers} layers, {before:.1f} to {after:.1f} MB, "
            f"tolerance {self.tolerance:g}; from the golden clip: {each}"
        )


def convert(bundle: Path, precision: Precision, out: Path) -> Variant:
    """Write and prove ``bundle``'s variant.

    Raises PrecisionError for an unknown precision, a bundle that is no float32 one or has no golden
    clip, or one without a layer that is worth it; ParityError when the C++ runtime does not keep
    the tolerance. In both cases nothing is written.
    """
    if precision not in get_args(Precision):
        names = " or ".join(get_args(Precision))
        raise PrecisionError(f"precision must be {names}, not {precision!r}")
    manifest = json.loads((bundle / "manifest.json").read_text("utf-8"))
    if manifest.get("precision", "float32") != "float32":
        raise PrecisionError(f"{bundle} is {manifest['precision']} already: take its original")
    if "golden" not in manifest:
        raise PrecisionError(f"{bundle} has no golden clip to measure on")
    model = onnx.load(str(bundle / manifest["graph"]))
    layers = heavy(model, precision)
    found: list[Variant] = []

    def fill(work: Path) -> dict[str, Any]:
        for name in manifest["files"]:
            shutil.copyfile(bundle / name, work / name)
        kept = layers
        if precision == "int8":
            kept = [name for name in layers if _harmless(model, name, bundle, manifest)]
        if not kept:
            raise PrecisionError(f"{bundle} has no layer that {precision} would serve")
        reduced = to_fp16(model, kept) if precision == "fp16" else to_int8(model, kept)
        graph = work / manifest["graph"]
        graph.write_bytes(reduced.SerializeToString(deterministic=True))
        error = _error(reduced, bundle, manifest)
        tolerance = _rounded_up(max(HEADROOM * max(error.values()), LEAST_TOLERANCE))
        sizes = (bundle / manifest["graph"]).stat().st_size, graph.stat().st_size
        found.append(Variant(error, tolerance, len(kept), len(layers), sizes))
        _describe(work, manifest, precision, found[0])
        version = f"{manifest['version']}+{precision}"
        return {**manifest, "version": version, "precision": precision, "tolerance": tolerance}

    out.parent.mkdir(parents=True, exist_ok=True)
    put_bundle(out, fill)
    return found[0]


def _harmless(model: onnx.ModelProto, name: str, bundle: Path, manifest: dict[str, Any]) -> bool:
    damage = max(_error(to_int8(model, [name]), bundle, manifest).values())
    LOG.info("%s alone in int8: %.1e", name, damage)
    return damage <= MOST_DAMAGE


def _error(model: onnx.ModelProto, bundle: Path, manifest: dict[str, Any]) -> dict[str, float]:
    """Largest difference of each output from the golden frames of ``bundle``."""
    with np.load(bundle / manifest["golden"], allow_pickle=False) as golden:
        reference = dict(golden)
    audio = reference.pop("audio").astype(np.float32) / 32768.0
    told = reference.pop("mix", None), reference.pop("noise", None)
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        (work / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        (work / manifest["graph"]).write_bytes(model.SerializeToString())
        said = run_graph(work, audio, *told)
    return {name: float(np.abs(said[name] - value).max()) for name, value in reference.items()}


def _rounded_up(value: float) -> float:
    """Two digits."""
    unit = 10.0 ** (np.floor(np.log10(value)) - 1)
    return float(f"{np.ceil(value / unit - 1e-9) * unit:.1e}")


def _describe(work: Path, manifest: dict[str, Any], precision: Precision, variant: Variant) -> None:
    card = work / "MODEL_CARD.md"
    before = card.read_text("utf-8") if card.exists() else f"# Model card: {manifest['name']}\n"
    card.write_text(
        f"{before.rstrip()}\n\n## Precision\n\n"
        f"This is the {precision} variant ({TITLES[precision]}) of {manifest['name']} "
        f"{manifest['version']}, made by\n`python -m talkface_export.precision`; numbers above are "
        f"of the float32 original.\n{variant.reduced} of {variant.layers} layers are {precision}. "
        f"On the golden clip no output is further than {max(variant.error.values()):.1e} from\n"
        f"the original, and none may be further than {variant.tolerance:g}.\n",
        encoding="utf-8",
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("bundle", type=Path, help="float32 bundle folder")
    parser.add_argument("--precision", choices=get_args(Precision), required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of the variant")
    options = parser.parse_args(arguments)
    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    LOG.setLevel(logging.INFO)
    try:
        variant = convert(options.bundle, options.precision, options.out)
    except (ParityError, OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{options.out}: {variant}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
