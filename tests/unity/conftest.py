"""C# for the tests here: mcs compiles, mono runs against the library of the installed package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/unity"))
import csharp  # noqa: E402

PACKAGE = ROOT / "unity_plugin" / "com.talkface.unity"
Mono = Callable[..., "subprocess.CompletedProcess[str]"]


def library_folder() -> Path:
    from talkface import _core

    folder = Path(_core.__file__).parent
    if not list(folder.glob("libtalkface.*")):
        pytest.skip("libtalkface does not lie beside _core: a development build")
    return folder


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
def core(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """TalkFace.Native.dll and TalkFace.Core.dll, in one folder."""
    if shutil.which("mcs") is None:
        pytest.skip("mcs is not installed: Debian's mono-mcs, by `make test-unity`")
    return csharp.core_of(PACKAGE, tmp_path_factory.mktemp("core"))


@pytest.fixture(scope="session")
def core_tests(core: tuple[Path, Path]) -> Path:
    """The console runner of tests/unity/core, beside the two."""
    sources = sorted((ROOT / "tests/unity/core").glob("*.cs"))
    return csharp.compile_cs(sources, core[0].parent / "Tests.exe", core)
