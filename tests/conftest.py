"""Fixtures: the bundles, audio of several kinds, the shared data folder."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from numpy.typing import NDArray

settings.register_profile("steady", derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

ROOT = Path(__file__).resolve().parent.parent
TINY = ROOT / "tests" / "golden" / "tiny"
TINY_EMOTION = ROOT / "tests" / "golden" / "tiny_emotion"
SPEECH = ROOT / "examples" / "speech.wav"


def data_folder() -> Path | None:
    for candidate in (os.environ.get("TALKFACE_DATA"), ROOT.parent / "shared" / "data"):
        if candidate and (Path(candidate) / "splits.json").is_file():
            return Path(candidate)
    return None


@pytest.fixture(scope="session")
def data_root() -> Path:
    folder = data_folder()
    if folder is None:
        pytest.skip("no shared data folder: set TALKFACE_DATA")
    return folder


@pytest.fixture(scope="session")
def default_face():
    from talkface import TalkFace

    return TalkFace()


@pytest.fixture(scope="session")
def low_latency_face():
    from talkface import TalkFace

    return TalkFace("low_latency")


@pytest.fixture(scope="session")
def tiny_face():
    from talkface import TalkFace

    return TalkFace(TINY)


@pytest.fixture(scope="session")
def emotion_face():
    """The tiny bundle of schema 2."""
    from talkface import TalkFace

    return TalkFace(TINY_EMOTION)


@pytest.fixture(scope="session", params=["default", "low_latency", "tiny", "emotion"])
def face(request: pytest.FixtureRequest):
    return request.getfixturevalue(f"{request.param}_face")


@pytest.fixture(scope="session")
def speech() -> NDArray[np.float32]:
    """The recording in examples/: float32 mono at 16 kHz."""
    from talkface.audio import read_file

    audio = read_file(SPEECH)
    assert audio.rate == 16000
    return audio.samples.astype(np.float32)


@pytest.fixture(scope="session")
def bursts() -> NDArray[np.int16]:
    """Two seconds of speech-like noise, int16 mono at 16 kHz."""
    from tiny_speech import tiny_speech

    return tiny_speech()
