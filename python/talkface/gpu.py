"""What inference on an NVIDIA GPU needs, and what of it is missing here."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Sequence

WINDOWS = sys.platform == "win32"
DRIVER = ("nvcuda.dll",) if WINDOWS else ("libcuda.so.1", "libcuda.so")
CUDA = (
    ("cudart64_13.dll", "cudart64_12.dll")
    if WINDOWS
    else ("libcudart.so.13", "libcudart.so.12", "libcudart.so.11.0")
)
CUDNN = ("cudnn64_9.dll",) if WINDOWS else ("libcudnn.so.9",)
TENSORRT = ("nvinfer_10.dll",) if WINDOWS else ("libnvinfer.so.10",)
WHEEL = 'pip uninstall -y onnxruntime && pip install "onnxruntime-gpu[cuda,cudnn]"'


def loads(names: Sequence[str]) -> bool:
    """Whether the system finds one of these libraries by its name, or has it loaded already."""
    for name in names:
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return True
    return False


def missing(providers: Sequence[str], found: Callable[[Sequence[str]], bool] = loads) -> list[str]:
    """What stands between this machine and CUDA, in the order in which to mend it; each says how.

    ``providers``: those that the installed ONNX Runtime is built with. Libraries that pip installed
    must be loaded already (:func:`talkface.runtime.load_cuda_libraries`).
    """
    lacks = []
    if not found(DRIVER):
        lacks.append("no NVIDIA driver: install one, on a machine with an NVIDIA GPU")
    if "CUDAExecutionProvider" not in providers:
        return [*lacks, f"this ONNX Runtime is built without CUDA: {WHEEL}"]
    for name, files in (("CUDA runtime", CUDA), ("cuDNN", CUDNN)):
        if not found(files):
            lacks.append(f"the {name} ({files[0]}) is not found: {WHEEL.split(' && ')[1]}")
    return lacks


def missing_tensorrt(
    providers: Sequence[str], found: Callable[[Sequence[str]], bool] = loads
) -> list[str]:
    """What TensorRT needs beyond CUDA."""
    if "TensorrtExecutionProvider" not in providers:
        return ["this ONNX Runtime is built without TensorRT"]
    if not found(TENSORRT):
        return [f"TensorRT's library ({TENSORRT[0]}) is not found: pip install tensorrt"]
    return []
