"""Unpacks dist/com.talkface.unity-VERSION.tgz elsewhere and runs its C# on its own library.

`make unity-package` calls it after package.py. ONNX Runtime must be found beside the library, under
its private name: the environment names none.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import csharp
from package import ROOT, release
from validate import problems_of, unpack

RUNTIME = "Runtime/Plugins/Linux/x86_64"
failures: list[str] = []


def check(name: str, good: bool, detail: str = "") -> None:
    print(f"{'ok  ' if good else 'FAIL'} {name}{': ' + detail if detail else ''}", flush=True)
    if not good:
        failures.append(name)


def speak(program: Path, package: Path) -> subprocess.CompletedProcess[str]:
    """The tests of streams, with nothing but the package's own files."""
    environment = {k: v for k, v in os.environ.items() if k != "TALKFACE_ONNXRUNTIME"} | {
        "LD_LIBRARY_PATH": str(package / RUNTIME),
        "TALKFACE_TEST_BUNDLE": str(package / "StreamingAssets~/TalkFace/default"),
        "TALKFACE_TEST_SPEECH": str(program.parent / "speech.f32"),
    }
    return subprocess.run(
        ["mono", str(program), "StreamTests."],
        env=environment, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def main() -> int:
    path = ROOT / "dist" / f"com.talkface.unity-{release()}.tgz"
    wrong = problems_of(path)
    check("the package keeps Unity's rules", not wrong, "; ".join(wrong))
    with tempfile.TemporaryDirectory(prefix="talkface unity ") as scratch:
        folder = Path(scratch)
        package = unpack(path, folder / "package")
        core = csharp.core_of(package, folder)
        tests = sorted((ROOT / "tests/unity/core").glob("*.cs"))
        program = csharp.compile_cs(tests, folder / "Tests.exe", core)
        from talkface.audio import read_file

        speech = read_file(ROOT / "examples/speech.wav").samples
        speech.astype("<f4").tofile(folder / "speech.f32")
        done = speak(program, package)
        said = (done.stdout.strip().splitlines() or ["says nothing"])[-1]
        check("its C# runs on its own library", done.returncode == 0, said + done.stderr)
        print(done.stdout if done.returncode else "", end="")
        (package / RUNTIME / "libtalkface_onnxruntime.so").unlink()
        done = speak(program, package)
        check("(another ONNX Runtime would have been noticed)", "ONNX Runtime" in done.stdout)
    print(f"{len(failures)} failures" + (": " + "; ".join(failures) if failures else ""))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
