"""Floors (docs/architecture.md): a file includes or imports only what stands below it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = {
    "base": {"base"},
    "dsp": {"base", "dsp"},
    "anim": {"base", "anim"},
    "model": {"base", "dsp", "anim", "model", "talkface"},
    "stream": {"base", "dsp", "anim", "model", "stream", "talkface"},
    "api": {"base", "anim", "model", "stream", "api", "talkface"},
}
PYTHON = {
    "talkface": {"numpy", "onnxruntime", "soundfile", "matplotlib", "mediapipe", "scipy",
                 "sounddevice", "websockets", "yaml", "bpy", "talkface",
                 "talkface_train", "talkface_export"},
    "talkface_train": {"numpy", "torch", "scipy", "soundfile", "soxr", "safetensors", "matplotlib",
                       "yaml", "transformers", "onnxruntime", "talkface", "talkface_train"},
    "talkface_export": {"numpy", "onnx", "onnxruntime", "torch", "soundfile", "safetensors",
                        "transformers", "talkface", "talkface_train", "talkface_export"},
}  # fmt: skip
WEB = {
    "face.cpp": {"onnx_web.h", "talkface/talkface.hpp"},
    "onnx_web.cpp": {"onnx_web.h", "base/json.h", "model/ort_api.h"},
    "onnx_web.h": set(),
}
"""What stands in for ONNX Runtime sees its table alone; the rest is a host like any other."""
OUTSIDE = (
    "bindings.h", "wav.h", "arguments.h", "control.h", "crowd_load.h", "../tools/control.h",
    "../tools/crowd_load.h", "talkface/talkface.hpp", "talkface/crowd.hpp",
)  # fmt: skip
STANDARD = set(__import__("sys").stdlib_module_names) | {"__future__"}


def includes(path: Path) -> list[str]:
    return re.findall(r'^#include "([^"]+)"', path.read_text("utf-8"), flags=re.M)


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("floor", sorted(FLOORS))
def test_includes_point_downwards(floor: str) -> None:
    files = sorted((ROOT / "cpp/src" / floor).glob("*.*"))
    assert files
    for path in files:
        for name in includes(path):
            folder = name.split("/")[0]
            assert folder in FLOORS[floor], f"{path.name} includes {name}"


def test_only_the_api_sees_the_c_abi() -> None:
    for path in (ROOT / "cpp/src").rglob("*.*"):
        if path.parent.name != "api":
            assert "talkface/talkface.h" not in includes(path), path


def test_the_outside_sees_only_the_public_headers() -> None:
    files = [*(ROOT / "cpp/bindings").glob("*.*pp"), *(ROOT / "cpp/tools").glob("*.cpp")]
    assert len(files) > 4
    for path in files:
        for name in includes(path):
            assert name in OUTSIDE, f"{path}: {name}"


def test_the_web_sees_one_table_of_the_inside() -> None:
    files = sorted((ROOT / "cpp/web").glob("*.[ch]*"))
    assert {path.name for path in files} == set(WEB)
    for path in files:
        assert set(includes(path)) == WEB[path.name], path


def test_onnxruntime_is_named_in_one_folder() -> None:
    for path in (ROOT / "cpp/src").rglob("*.cpp"):
        if path.parent.name not in ("model", "api"):
            assert "ort::" not in path.read_text("utf-8"), path


@pytest.mark.parametrize("package", sorted(PYTHON))
def test_imports_point_downwards(package: str) -> None:
    folder = ROOT / ("export" if package == "talkface_export" else "python") / package
    files = sorted(folder.rglob("*.py"))
    assert len(files) > 4
    for path in files:
        for module in imports(path):
            top = module.split(".")[0]
            assert top in PYTHON[package] | STANDARD, f"{path} imports {module}"
            if package == "talkface" and top == "talkface_train":
                assert path.name == "cli_training.py", path
            if package == "talkface" and top in ("onnxruntime", "matplotlib", "mediapipe", "scipy"):
                assert path.name in (
                    "doctor.py",
                    "plots.py",
                    "capture.py",
                    "runtime.py",
                ), path


def test_the_training_packages_keep_apart() -> None:
    train = ROOT / "python/talkface_train"
    checked = 0
    for folder, forbidden in (("losses", "data"), ("metrics", "losses"), ("models", "data")):
        for path in (train / folder).glob("*.py"):
            checked += 1
            for module in imports(path):
                assert not module.startswith(f"talkface_train.{forbidden}"), f"{path}: {module}"
    assert checked >= 6


def test_files_stay_readable() -> None:
    long = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
        for pattern in ("cpp/**/*.[ch]*", "python/**/*.py", "export/**/*.py")
        for path in ROOT.glob(pattern)
        if path.is_file() and len(path.read_text("utf-8").splitlines()) > 450
    }
    assert set(long) <= {"cpp/include/talkface/talkface.h"}, long
