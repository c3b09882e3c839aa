"""Where ONNX Runtime's shared library lies."""

from __future__ import annotations

import os
from contextlib import redirect_stdout
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

LIBRARY_PATTERNS = ("libonnxruntime.so*", "onnxruntime.dll", "libonnxruntime*.dylib")
ENVIRONMENT = "TALKFACE_ONNXRUNTIME"
PROVIDERS = ("cpu", "cuda", "tensorrt")


def wheel_folder() -> Path | None:
    """``onnxruntime/capi`` of the installed wheel, found without importing it."""
    spec = find_spec("onnxruntime")
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(next(iter(spec.submodule_search_locations))) / "capi"
    return folder if folder.is_dir() else None


def onnxruntime_library() -> str:
    """Full path of ONNX Runtime's library: ``TALKFACE_ONNXRUNTIME``, else the installed wheel's.

    Empty when neither exists; the C++ runtime then looks beside itself and explains.
    """
    named = os.environ.get(ENVIRONMENT)
    if named:
        return named
    folder = wheel_folder()
    if folder is not None:
        for pattern in LIBRARY_PATTERNS:
            for path in sorted(folder.glob(pattern)):
                return str(path)
    return ""


def installed_wheels() -> dict[str, str]:
    """Installed ONNX Runtime wheels and their versions. They share one folder: have only one."""
    found = {}
    for name in ("onnxruntime", "onnxruntime-gpu", "onnxruntime-directml"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def load_cuda_libraries() -> None:
    """Load the CUDA and cuDNN libraries that pip installed: ONNX Runtime does not look there.

    onnxruntime 1.21 and newer know where these wheels keep them; without such a wheel, or without
    onnxruntime, nothing happens, and the system's libraries count.
    """
    if os.environ.get(ENVIRONMENT) or "onnxruntime-gpu" not in installed_wheels():
        return
    import onnxruntime

    preload = getattr(onnxruntime, "preload_dlls", None)
    if preload is not None:
        # It prints what it does not find; doctor and the fallback's log line say it better.
        with redirect_stdout(StringIO()):
            preload()
