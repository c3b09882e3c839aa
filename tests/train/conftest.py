"""The training side needs torch; everything here is skipped, with that reason, without it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

pytest.importorskip("torch", reason="the [train] extra is not installed")


@pytest.fixture(autouse=True)
def _one_thread():
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def recordings():
    """Makes labelled recordings in a folder: tones for vowels, noise for s, near silence for
    closures."""
    return _record


def _record(folder: Path, count: int = 4) -> list:
    from talkface_train.data.phones import Segment
    from talkface_train.data.real import Recording

    generator = np.random.default_rng(0)
    made = []
    for index in range(count):
        segments, parts, clock = [], [], 0.0
        for _ in range(14):
            phone = str(generator.choice(["SIL", "AA", "IY", "S", "M", "P", "UW"]))
            seconds = float(generator.uniform(0.08, 0.25))
            time = np.arange(int(seconds * 16000)) / 16000
            pitch = {"AA": 300, "IY": 900, "M": 120, "UW": 500}.get(phone, 0)
            tone = 0.2 * np.sin(2 * np.pi * pitch * time)
            if phone == "S":
                tone = generator.normal(0, 0.1, len(time))
            segments.append(Segment(clock, clock + len(time) / 16000, phone))
            clock += len(time) / 16000
            parts.append(tone)
        path = folder / f"{index}.flac"
        soundfile.write(path, np.concatenate(parts), 16000)
        made.append(Recording(str(index), "made", f"made/{index % 2}", path, tuple(segments)))
    return made
