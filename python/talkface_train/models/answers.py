"""What a teacher tells a student: a network's logits as weights and probabilities."""

from __future__ import annotations

import torch
from torch import Tensor

from talkface_train.models.streaming import VISEME_COUNT, StreamingConfig

NAMES = ("curves", "closure", "visemes", "phones")


def answers(outputs: dict[str, Tensor]) -> dict[str, Tensor]:
    """Weights and probabilities [B, T, n] of a network's logits."""
    return {
        "curves": torch.sigmoid(outputs["curves"]),
        "closure": torch.sigmoid(outputs["closure"]),
        "visemes": outputs["visemes"].softmax(dim=2),
        "phones": outputs["phones"].softmax(dim=2),
    }


def pack(given: dict[str, Tensor]) -> Tensor:
    """Answers beside each other, one row [B, T, n] a frame."""
    return torch.cat([given[name] for name in NAMES], dim=2)


def unpack(rows: Tensor, model: StreamingConfig) -> dict[str, Tensor]:
    """The answers in rows of :func:`pack`."""
    sizes = [model.curves, 1, VISEME_COUNT, model.phones]
    return dict(zip(NAMES, rows.split(sizes, dim=2), strict=True))


def half_precision() -> torch.autocast:
    """Matrix products in bfloat16 where the processor multiplies them (AMX, AVX512-BF16):
    faster there, slower elsewhere (feasibility.md)."""
    capabilities = getattr(torch.cpu, "get_capabilities", dict)()
    quick = any(capabilities.get(name, False) for name in ("amx_bf16", "avx512_bf16"))
    return torch.autocast("cpu", torch.bfloat16, enabled=quick)
