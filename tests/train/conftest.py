"""The training side needs torch; everything here is skipped, with that reason, without it."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="the [train] extra is not installed")


@pytest.fixture(autouse=True)
def _one_thread():
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
