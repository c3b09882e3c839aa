"""A teacher's answers for every frame of the tapes, asked once and kept on disk.

A row is :func:`talkface_train.models.answers.pack` of one label frame, as float16.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from talkface_train.data.batches import TapeSet
from talkface_train.models.answers import answers, half_precision, pack
from talkface_train.models.streaming import SpeechNet

LOG = logging.getLogger(__name__)
BATCH = 64


def record(teacher: SpeechNet, tapes: TapeSet, path: Path, identity: str) -> Path:
    """Write the answers for all of ``tapes``, or reuse those of the same teacher (``identity``)."""
    stamp = path.with_suffix(".json")
    wanted = {"teacher": identity, "tapes": len(tapes)}
    if stamp.exists() and json.loads(stamp.read_text("utf-8")) == wanted:
        return path
    stamp.unlink(missing_ok=True)
    with path.open("wb") as handle:
        for first in range(0, len(tapes), BATCH):
            batch = range(first, min(first + BATCH, len(tapes)))
            for rows in _ask(teacher, tapes, batch):
                handle.write(rows.numpy().tobytes())
            if first // BATCH % max(len(tapes) // BATCH // 10, 1) == 0:
                LOG.info("taught %d / %d tapes", first, len(tapes))
    stamp.write_text(json.dumps(wanted), encoding="utf-8")
    return path


def _ask(teacher: SpeechNet, tapes: TapeSet, batch: range) -> list[Tensor]:
    features = [tapes.whole(tape) for tape in batch]
    longest = max(len(f) for f in features)
    stacked = torch.stack([functional.pad(f, (0, 0, 0, longest - len(f))) for f in features])
    with torch.inference_mode(), half_precision():
        rows = pack(answers(teacher(stacked)))
    found = []
    for tape, row in zip(batch, rows.half(), strict=True):
        short = max(tapes.labels(tape) - len(row), 0)
        found.append(torch.cat([row, row[-1:].expand(short, -1)])[: tapes.labels(tape)])
    return found
