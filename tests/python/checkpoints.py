"""Tiny checkpoints as Hugging Face's `transformers` writes them, with random weights."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

KERNELS, STRIDES = [10, 3, 3, 3, 3, 2, 2], [5, 2, 2, 2, 2, 2, 2]


def checkpoint(
    folder: Path, kind: str = "wav2vec2", norm: str = "layer", seed: int = 1, **more
) -> Path:
    """``more``: settings to change; ``seed``: of the weights."""
    transformers = pytest.importorskip("transformers", reason="the [ssl] extra is not installed")
    torch.manual_seed(seed)
    sizes = {
        "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2,
        "intermediate_size": 24, "conv_dim": [8] * 7, "conv_kernel": KERNELS,
        "conv_stride": STRIDES, "num_conv_pos_embeddings": 8, "num_conv_pos_embedding_groups": 2,
        "feat_extract_norm": norm, "do_stable_layer_norm": norm == "layer", "conv_bias": True,
        **more,
    }  # fmt: skip
    names = {"wav2vec2": "Wav2Vec2", "hubert": "Hubert", "wavlm": "WavLM"}
    config = getattr(transformers, f"{names[kind]}Config")(**sizes)
    model = getattr(transformers, f"{names[kind]}Model")(config)
    model.save_pretrained(folder, safe_serialization=True)
    return folder
