"""C# for the tests here: mcs compiles, mono runs against the library of the installed package."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "unity_plugin" / "com.talkface.unity"
LANGUAGE = "7.2"
"""The highest that Mono 6.8's compiler knows; Unity 2021.3 takes 9. Nothing of 7.3 is used."""

Compile = Callable[..., Path]
Mono = Callable[..., "subprocess.CompletedProcess[str]"]


def library_folder() -> Path:
    from talkface import _core

    folder = Path(_core.__file__).parent
    if not list(folder.glob("libtalkface.*")):
        pytest.skip("libtalkface does not lie beside _core: a development build")
    return folder


@pytest.fixture(scope="session")
def compile_cs() -> Compile:
    """Compiles C# with all warnings as errors; returns the assembly."""
    compiler = shutil.which("mcs")
    if compiler is None:
        pytest.skip("mcs is not installed: Debian's mono-mcs, by `make test-unity`")

    def make(sources: Sequence[Path], out: Path, references: Sequence[Path] = ()) -> Path:
        kind = "library" if out.suffix == ".dll" else "exe"
        command = [
            compiler, f"-langversion:{LANGUAGE}", "-unsafe", "-warn:4", "-warnaserror",
            f"-target:{kind}", f"-out:{out}", *(f"-r:{path}" for path in references),
            *map(str, sources),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return out

    return make


@pytest.fixture(scope="session")
def mono() -> Mono:
    """Runs a program with the library and ONNX Runtime in reach."""
    runtime = shutil.which("mono")
    if runtime is None:
        pytest.skip("mono is not installed: Debian's mono-runtime, by `make test-unity`")
    from talkface.runtime import onnxruntime_library

    environment = {
        **os.environ,
        "LD_LIBRARY_PATH": str(library_folder()),
        "TALKFACE_ONNXRUNTIME": onnxruntime_library(),
        "MONO_GC_PARAMS": "nursery-size=512k",
        "OMP_NUM_THREADS": "1",
        "LC_ALL": "C.UTF-8",
    }

    def run(
        program: Path, *arguments: str, more: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [runtime, str(program), *arguments],
            env=environment | dict(more or {}), capture_output=True, text=True, check=False,
            timeout=600,
        )  # fmt: skip

    return run


@pytest.fixture(scope="session")
def core(compile_cs: Compile, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """TalkFace.Native.dll and TalkFace.Core.dll, in one folder."""
    folder = tmp_path_factory.mktemp("core")
    native = compile_cs(
        sorted((PACKAGE / "Runtime/Native").glob("*.cs")), folder / "TalkFace.Native.dll"
    )
    above = sorted((PACKAGE / "Runtime/Core").glob("*.cs"))
    return native, compile_cs(above, folder / "TalkFace.Core.dll", [native])


@pytest.fixture(scope="session")
def core_tests(core: tuple[Path, Path], compile_cs: Compile) -> Path:
    """The console runner of tests/unity/core, beside the two."""
    sources = sorted((ROOT / "tests/unity/core").glob("*.cs"))
    return compile_cs(sources, core[0].parent / "Tests.exe", core)
