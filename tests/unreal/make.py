"""Builds and runs what the Unreal plugin's core is tested with: ``python tests/unreal/make.py``.

The tests are linked with the library that ``talkface`` brings along, and take its default bundle
and examples/speech.wav.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from talkface import TalkFace, runtime
from talkface.audio import load

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "unreal_plugin/TalkFace/Source/TalkFaceCore/Public"
TESTS = ROOT / "tests/unreal/core"
FLAGS = (
    "-std=c++17", "-O1", "-g", "-fno-exceptions", "-fno-rtti", "-pthread",
    "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror",
)  # fmt: skip
"""Unreal builds without exceptions and run-time types, and takes shadowing for an error."""


def library() -> Path:
    """libtalkface of the talkface that is imported."""
    found = Path(runtime.__file__).parent / "libtalkface.so"
    if not found.is_file():
        sys.exit(f"{found} is missing: install talkface first (make setup)")
    return found


def build(compiler: str, sources: list[Path], program: Path, *extra: str) -> None:
    """Compile sources into a program; raises CalledProcessError when they do not compile."""
    includes = [f"-I{folder}" for folder in (CORE, ROOT / "cpp/include", ROOT / "tests/cpp")]
    for name in ("libtalkface.so", "libtalkface.so.0"):  # installed, and as CMake builds it
        beside = program.parent / name
        if not beside.exists():
            beside.symlink_to(library())
    link = [str(library()), "-Wl,-rpath,$ORIGIN"]
    command = [compiler, *FLAGS, *extra, *includes, *map(str, sources), *link, "-o", str(program)]
    subprocess.run(command, check=True)


def test_sources() -> list[Path]:
    return [ROOT / "tests/cpp/main.cpp", *sorted(TESTS.glob("test_*.cpp"))]


def environment(folder: Path) -> dict[str, str]:
    """What the programs read; the speech is put into ``folder``."""
    audio = load(ROOT / "examples/speech.wav")
    speech = folder / "speech.f32"
    scale = 32768 if audio.samples.dtype == np.int16 else 1
    speech.write_bytes((audio.samples / np.float32(scale)).astype("<f4").tobytes())
    return os.environ | {
        "TALKFACE_BUNDLE": str(TalkFace().path),
        "TALKFACE_SPEECH": str(speech),
        "TALKFACE_ONNXRUNTIME": str(runtime.onnxruntime_library()),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--sanitize", help="for instance thread")
    options = parser.parse_args()
    extra = [f"-fsanitize={options.sanitize}"] if options.sanitize else []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build(options.compiler, test_sources(), folder / "core", *extra)
        variables = environment(folder)
        variables["TSAN_OPTIONS"] = f"suppressions={ROOT / 'tests/rt/tsan.supp'}"
        return subprocess.run([folder / "core"], check=False, env=variables).returncode


if __name__ == "__main__":
    sys.exit(main())
