"""Programs of pages and examples, compiled against the library that the package brought."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from pages import ROOT

from talkface import TalkFace, runtime


def run(command: list[str], folder: Path) -> str:
    environment = {**os.environ, "TALKFACE_ONNXRUNTIME": runtime.onnxruntime_library()}
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def compile_and_link(source: Path, out: Path) -> None:
    from talkface import _core

    compiler = "g++" if source.suffix == ".cpp" else "gcc"
    library = Path(_core.__file__).parent / "libtalkface.so"
    if shutil.which(compiler) is None or not library.is_file():
        pytest.skip(f"{compiler} or libtalkface.so beside _core is missing")
    flags = ["-std=c++17"] if source.suffix == ".cpp" else ["-std=c11"]
    command = [compiler, *flags, "-Wall", "-Wextra", "-Werror", f"-I{ROOT / 'cpp' / 'include'}"]
    bundle = f'-DBUNDLE="{TalkFace().path}"'
    command += [bundle, str(source), "-o", str(out), str(library), f"-Wl,-rpath,{library.parent}"]
    subprocess.run([*command, "-lm", "-pthread"], check=True)
