"""Speaker, voice and crowd of the Unreal plugin run, over a small engine and the library."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import compile as check  # noqa: E402
import make  # noqa: E402

from talkface import TalkFace, runtime  # noqa: E402

RUNTIME = check.SOURCE / "TalkFaceRuntime"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("g++") is None:
        pytest.skip("needs g++")
    folder = tmp_path_factory.mktemp("glue")
    for name in ("TalkFaceTypes", "TalkFaceKnobs", "TalkFaceBundle"):
        (folder / f"{name}.generated.h").write_text("", encoding="utf-8")
    files = [
        RUNTIME / "Private" / f"TalkFace{name}.cpp"
        for name in ("Crowd", "Sound", "Speaker", "Types", "Voice")
    ]
    for name in ("libtalkface.so", "libtalkface.so.0"):  # installed, and as CMake builds it
        (folder / name).symlink_to(make.library())
    built = folder / "speaker"
    command = [
        *("g++", "-std=c++20", "-O1", "-pthread", "-Wall", "-Wextra", "-Werror", "-o", str(built)),
        f"-I{folder}",
        *(f"-I{RUNTIME / part}" for part in ("Public", "Private")),
        *(f"-I{check.SOURCE / 'TalkFaceCore/Public'}", f"-I{check.SDK}"),
        f"-I{HERE / 'glue/engine'}",
        *map(str, [HERE / "glue/test_speaker.cpp", *files]),
        *(str(make.library()), "-Wl,-rpath,$ORIGIN"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return built


def test_the_speaker_speaks(program: Path, tmp_path: Path) -> None:
    samples, rate = soundfile.read(check.ROOT / "examples/speech.wav", dtype="int16")
    audio = tmp_path / "speech.raw"
    audio.write_bytes(np.ascontiguousarray(samples[: 3 * rate]).tobytes())
    environment = {**os.environ, "TALKFACE_ONNXRUNTIME": str(runtime.onnxruntime_library())}
    command = [str(program), str(TalkFace().path), str(audio), str(rate)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, timeout=150
    )
    assert done.returncode == 0, done.stdout + done.stderr
