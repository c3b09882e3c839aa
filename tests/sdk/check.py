"""Unpacks the SDK zip in an empty folder and does what its README says, natively and under wine.

`make sdk` calls it after tests/sdk/make.py. Nothing of the source tree is used but this script.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from layout import problems

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/windows"))
from check import wine  # noqa: E402

SPEAKS = re.compile(r"^ *(-?[\d.]+) s jawOpen ([\d.]+) \|", flags=re.M)
failures: list[str] = []


def check(name: str, good: bool, detail: str = "") -> None:
    print(f"{'ok  ' if good else 'FAIL'} {name}{': ' + detail if detail else ''}", flush=True)
    if not good:
        failures.append(name)


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k != "TALKFACE_ONNXRUNTIME"}
    environment.pop("LD_LIBRARY_PATH", None)
    environment |= {
        "WINEPREFIX": str(folder.parent / "wine"),
        "WINEDEBUG": "-all",
        "PWD": str(folder),
    }
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False,
        timeout=300,
    )  # fmt: skip


def commands(readme: str) -> list[str]:
    """README's compiler lines."""
    return re.findall(r"^(?:x86_64-w64-mingw32-)?g(?:cc|\+\+) .*$", readme, flags=re.M)


def jaws(text: str) -> list[float]:
    return [float(jaw) for _, jaw in SPEAKS.findall(text)]


def main() -> int:
    [path] = sys.argv[1:] or sorted(map(str, (ROOT / "dist").glob("talkface-sdk-*.zip")))
    wrong = problems(Path(path))
    check("the zip holds what it should", not wrong, "; ".join(wrong))
    with tempfile.TemporaryDirectory(prefix="talkface sdk ") as scratch:
        with zipfile.ZipFile(path) as archive:
            archive.extractall(scratch)
        folder = Path(scratch) / Path(path).stem
        done = run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], folder)
        check("sha256sum -c SHA256SUMS", done.returncode == 0, done.stdout.strip())
        lines = commands((folder / "README.md").read_text("utf-8"))
        check("README has a line for each compiler and language", len(lines) == 4)
        for line in lines:
            done = run(["bash", "-c", line], folder)
            check(line.split(" -I")[0], done.returncode == 0, done.stderr.strip())
        speech = ["bundles/default", "examples/speech.wav"]
        native = run(["./speak", *speech], folder)
        spoken = jaws(native.stdout)
        good = native.returncode == 0 and len(spoken) > 20 and max(spoken) > 0.1 > min(spoken)
        said = f"{len(spoken)} lines, jawOpen at most {max(spoken, default=0)}"
        check("speak", good, native.stderr.strip() or said)
        done = run([wine(), "lib/windows-x86_64/speak.exe", *speech], folder)
        there = jaws(done.stdout)
        same = len(there) == len(spoken) and all(
            abs(a - b) <= 0.001 for a, b in zip(spoken, there, strict=True)
        )
        good = done.returncode == 0 and same
        check("speak.exe under wine says the same", good, "" if good else done.stderr.strip())
        for program in (["./speak_cpp"], [wine(), "lib/windows-x86_64/speak_cpp.exe"]):
            done = run([*program, "bundles/low_latency", "examples/speech.wav"], folder)
            check(
                shlex.join(program),
                done.returncode == 0 and "widest" in done.stdout,
                done.stdout.strip() or done.stderr.strip(),
            )
        done = run(["bash", "-c", "cmake -S examples -B build && cmake --build build"], folder)
        check("cmake -S examples", done.returncode == 0, done.stderr.strip())
        again = run(["build/speak", *speech], folder)
        check("build/speak says the same", again.stdout == native.stdout and bool(again.stdout))
        done = run(["readelf", "-d", "lib/linux-x86_64/libtalkface_onnxruntime.so"], folder)
        check("ONNX Runtime's inner name is ours", "[libtalkface_onnxruntime.so]" in done.stdout)
    print(f"{len(failures)} failures" + (": " + "; ".join(failures) if failures else ""))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
