"""The model card and the licence notice of a published system's bundle."""

from __future__ import annotations

from typing import Any

from talkface_export.system_graph import SystemGraph
from talkface_train.systems import RunInfo

UNSTATED = "unstated"


def system_licence(name: str, licence: str) -> str:
    """The LICENSE file."""
    if licence == UNSTATED:
        return (
            f"Nobody has stated a licence for {name}. Its weights were made from the data that\n"
            "training.json names, whose terms apply; do not pass it on without one.\n"
        )
    return f"{name} (model.onnx and the files beside it) is licensed under {licence}.\n"


def system_card(name: str, info: RunInfo, graph: SystemGraph, training: dict[str, Any]) -> str:
    """MODEL_CARD.md; ``training``: what training.json says."""
    says = {
        "weights": "weights of ARKit's 52 channels",
        "emotion": "the emotion heard (eight classes, valence, arousal)",
        "expression": "what emotion adds to the neutral face",
        "head": "rotation and translation of the head",
    }
    without = f", without {', '.join(info.without)}" if info.without else ""
    distance = training["distance_to_offline"]
    kept = _kept(training)
    return f"""# Model card: {name}

**What it does.** Hears 16 kHz speech and gives, 25 times a second, {
        "; ".join(says[n] for n in graph.outputs)
    }.
Hop {graph.hop // 16} ms, look-ahead {graph.look_ahead // 16} ms.

**What it is.** The published system *{info.system}*{without}: {training["parameters"] / 1e6:.2f} M
parameters with its encoders. {kept}
On the golden clip its curves are {distance["mean"]:.1e} (mean) and {distance["largest"]:.1e}
(largest) from those of one pass over the whole clip.

**What it learned from.** See `training.json`. Identities: {", ".join(info.identities)}.

## Numbers

The export measured the distance above alone.

## Licence

See LICENSE in this folder.
"""


def _kept(training: dict[str, Any]) -> str:
    if training["mode"] == "stateful":
        return "Encoders and decoder stream: a frame is what one pass over the whole clip says."
    front = (
        "Their convolutional front end hears each sample once."
        if training["feature_cache"]
        else "Nothing of them is kept from window to window."
    )
    if training["calibrated"]:
        front += "\nIt is normalised by the statistics of a calibration clip."
    return (
        f"The encoders hear whole clips, so each step of {training['hop_seconds']:g} s encodes a "
        f"window of\n{training['window_seconds']:.4g} s, {training['right_seconds']:.2g} s of it "
        f"behind the step's last frame; the decoder's state carries on.\n{front}"
    )
