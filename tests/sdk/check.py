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
CROSS = (
    "-DCMAKE_SYSTEM_NAME=Windows "
    + " ".join(
        f"-DCMAKE_{language}_COMPILER=x86_64-w64-mingw32-{compiler}"
        for language, compiler in (("C", "gcc"), ("CXX", "g++"))
    )
    + " -DCMAKE_EXE_LINKER_FLAGS=-static"
)
SYSTEM = {"libc.so.6", "libm.so.6", "libgcc_s.so.1", "ld-linux-x86-64.so.2"}
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


def check_libraries(lib: Path) -> None:
    """What the libraries need and tell, and that their symbols fit them."""
    linux, windows = lib / "linux-x86_64", lib / "windows-x86_64"
    done = run(["readelf", "-d", "libtalkface_onnxruntime.so"], linux)
    check("ONNX Runtime's inner name is ours", "[libtalkface_onnxruntime.so]" in done.stdout)
    done = run(["readelf", "-dn", "libtalkface.so"], linux)
    needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", done.stdout))
    check("libtalkface.so needs glibc and libgcc_s alone", needed <= SYSTEM, ", ".join(needed))
    check("it looks nowhere else for libraries", not re.search(r"\((RUN|R)PATH\)", done.stdout))
    check("its functions are bound when it is loaded", "BIND_NOW" in done.stdout)
    [build] = re.findall(r"Build ID: (\w+)", done.stdout) or [""]
    exports = (windows / "talkface.lib").read_bytes()
    check("talkface.lib imports by name", b"__imp_talkface_version" in exports)
    for path in (linux / "libtalkface.so", windows / "talkface.dll"):
        check(
            f"{path.name} names no folder of its builder",
            str(ROOT).encode() not in path.read_bytes(),
        )
    [symbols] = (ROOT / "dist").glob("talkface-symbols-*.zip")
    with zipfile.ZipFile(symbols) as archive:
        archive.extractall(lib)
    folder = lib / symbols.stem
    done = run(["readelf", "-n", "libtalkface.so.debug"], folder)
    check("libtalkface.so.debug is of this build", bool(build) and build in done.stdout)
    for name, nm in (("libtalkface.so", "nm"), ("talkface.dll", "x86_64-w64-mingw32-nm")):
        done = run([nm, "-C", "-l", f"{name}.debug"], folder)
        told = re.search(r"talkface::Stream::process\(.*\./cpp/src/stream/stream.cpp:", done.stdout)
        check(f"{name}.debug knows functions and lines", told is not None)


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
        done = run(
            ["bash", "-c", f"cmake -S examples -B cross {CROSS} && cmake --build cross"], folder
        )
        check(
            "cmake -S examples with mingw, over talkface.lib",
            done.returncode == 0,
            done.stderr.strip(),
        )
        done = run([wine(), "cross/speak.exe", *speech], folder)
        check("its speak.exe says the same", jaws(done.stdout) == there, done.stderr.strip())
        check_libraries(folder / "lib")
    print(f"{len(failures)} failures" + (": " + "; ".join(failures) if failures else ""))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
