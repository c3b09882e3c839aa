"""Builds TalkFace for Windows and runs it under wine: `make windows`.

Cross-compiles talkface.dll, tools and tests with mingw-w64, fetches ONNX Runtime's win_amd64 wheel,
runs the C and C++ tests, and compares poses with those of Linux. Every check prints a line; exit
status 1 when one fails. Debian's packages: tests/windows/packages.sh.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "windows"
PREFIX = BUILD / "wine"
RUNTIME = BUILD / "onnxruntime"
SPEECH = ROOT / "examples" / "speech.wav"
BUNDLES = {
    "tiny": ROOT / "tests/golden/tiny",
    "tiny_emotion": ROOT / "tests/golden/tiny_emotion",
    "default": ROOT / "python/talkface/bundles/default",
}
TINY_PROGRAMS = (
    "capi_c11", "capi_cxx17", "crowd_c11", "crowd_test", "device_test", "hostile_bundle",
    "hostile_c11", "misuse_test", "threads_test",
)  # fmt: skip
SYSTEM_LIBRARIES = {"KERNEL32.dll", "msvcrt.dll"}
BOUND = 1e-5
"""How far poses on Windows may lie from those on Linux: ONNX Runtime's kernels are those of another
compiler."""

failures: list[str] = []


def check(name: str, good: bool, detail: str = "") -> None:
    print(f"{'ok  ' if good else 'FAIL'} {name}{': ' + detail if detail else ''}", flush=True)
    if not good:
        failures.append(name)


def windows(path: Path) -> str:
    """A path of this machine as wine's programs see it."""
    return "Z:" + str(path).replace("/", "\\")


def wine() -> str:
    found = shutil.which("wine64") or "/usr/lib/wine/wine64"
    if not Path(found).is_file():
        sys.exit("wine64 is not installed: tests/windows/packages.sh")
    return found


def run(
    program: Path, *arguments: str, runtime: str | None = "", folder: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    """A program under wine. ``runtime``: of ONNX Runtime, "" for the wheel's, None for unset."""
    environment = {
        **os.environ, "WINEPREFIX": str(PREFIX), "WINEDEBUG": "-all", "WINEPATH": windows(BUILD),
    }  # fmt: skip
    environment.pop("TALKFACE_ONNXRUNTIME", None)
    if runtime is not None:
        environment["TALKFACE_ONNXRUNTIME"] = runtime or windows(RUNTIME / "onnxruntime.dll")
    command = [wine(), str(program), *arguments]
    return subprocess.run(
        command, env=environment, capture_output=True, check=False, timeout=600, cwd=folder
    )


def build(jobs: int) -> None:
    configure = ["cmake", "--preset", "windows"]
    subprocess.run(configure, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    subprocess.run(["cmake", "--build", str(BUILD), f"-j{jobs}"], check=True)
    decoy = ["x86_64-w64-mingw32-gcc-posix", "-shared", str(ROOT / "tests/windows/decoy.c"), "-o"]
    subprocess.run([*decoy, str(BUILD / "decoy.dll")], check=True)


def fetch_runtime() -> None:
    """ONNX Runtime's library from its wheel for Windows, of the version installed here."""
    import onnxruntime

    mark = RUNTIME / f"{onnxruntime.__version__}.version"
    if mark.is_file():
        return
    shutil.rmtree(RUNTIME, ignore_errors=True)
    RUNTIME.mkdir(parents=True)
    wheel = [
        sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(RUNTIME),
        "--platform", "win_amd64", "--python-version", "311", "--only-binary=:all:",
        f"onnxruntime=={onnxruntime.__version__}",
    ]  # fmt: skip
    subprocess.run(wheel, check=True)
    with zipfile.ZipFile(next(RUNTIME.glob("*.whl"))) as archive:
        for name in archive.namelist():
            if name.endswith(".dll"):
                (RUNTIME / Path(name).name).write_bytes(archive.read(name))
    mark.touch()


def project_version() -> str:
    text = (ROOT / "cpp/include/talkface/version.h").read_text("utf-8")
    return text.split('TALKFACE_VERSION "')[1].split('"')[0]


def check_library() -> None:
    """What talkface.dll exports and needs."""
    command = ["x86_64-w64-mingw32-objdump", "-p", str(BUILD / "talkface.dll")]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    table = text[text.index("[Ordinal/Name Pointer] Table") :]
    exported = sorted(re.findall(r"^\s+\[\s*\d+\].*?(\w+)$", table, flags=re.MULTILINE))
    committed = (ROOT / "tests/abi/exports.txt").read_text("utf-8").split()
    check("talkface.dll exports the C ABI and nothing else", exported == committed)
    needed = set(re.findall(r"DLL Name: (\S+)", text))
    check("talkface.dll needs Windows alone", needed <= SYSTEM_LIBRARIES, ", ".join(sorted(needed)))
    details = {
        field: (BUILD / "talkface.dll").read_bytes().find(field.encode("utf-16-le")) > 0
        for field in ("FileVersion", "ProductName", "LegalCopyright", project_version())
    }
    check("talkface.dll tells its version", all(details.values()), ", ".join(details))
    definition = (BUILD / "talkface.def").read_text("utf-8")
    check("talkface.def names every function", all(name in definition for name in committed))
    check("the import library is there", (BUILD / "libtalkface.dll.a").is_file())


def check_programs() -> None:
    """The C and C++ tests."""
    programs = [("unit_tests", None), ("emotion_capi", "tiny_emotion")]
    programs += [(name, "tiny") for name in TINY_PROGRAMS]
    programs += [(name, "tiny_emotion") for name in ("crowd_test", "threads_test", "device_test")]
    for name, bundle in programs:
        arguments = [windows(BUNDLES[bundle])] if bundle else []
        done = run(BUILD / f"tests/cpp/{name}.exe", *arguments)
        last = (done.stdout.decode(errors="replace").strip().splitlines() or ["says nothing"])[-1]
        check(f"{name} {bundle or ''}".strip(), done.returncode == 0, last)


def table(text: bytes) -> NDArray[np.float64]:
    rows = list(csv.reader(io.StringIO(text.decode())))
    return np.array(rows[1:], float)


def check_poses(native: Path) -> None:
    """Golden poses, and that chunks change nothing."""
    pose = BUILD / "cpp/tools/talkface_pose.exe"
    from talkface import runtime

    environment = {**os.environ, "TALKFACE_ONNXRUNTIME": runtime.onnxruntime_library()}
    for name, folder in BUNDLES.items():
        command = [str(native), str(folder), str(SPEECH), "--fps", "60"]
        here = subprocess.run(command, env=environment, check=True, capture_output=True).stdout
        there = run(pose, windows(folder), windows(SPEECH), "--fps", "60")
        if there.returncode != 0:
            check(f"poses of {name}", False, there.stderr.decode(errors="replace"))
            continue
        a, b = table(here), table(there.stdout)
        apart = np.abs(a - b).max() if a.shape == b.shape else np.inf
        check(
            f"poses of {name} equal Linux's", apart <= BOUND, f"{len(a)} frames, {apart:.1e} apart"
        )
        for chunk in ("160", "977"):
            again = run(pose, windows(folder), windows(SPEECH), "--fps", "60", "--chunk", chunk)
            check(f"poses of {name} in chunks of {chunk}", again.stdout == there.stdout)


def check_paths() -> None:
    """Spaces and letters of everywhere."""
    pose = BUILD / "cpp/tools/talkface_pose.exe"
    folder = BUILD / "ein Ordner für 声と顔 и звук"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(BUNDLES["tiny"], folder / "bundle ü")
    shutil.copy(SPEECH, folder / "Stimme 声.wav")
    shutil.copy(RUNTIME / "onnxruntime.dll", folder / "laufzeit ß.dll")
    done = run(
        pose, windows(folder / "bundle ü"), windows(folder / "Stimme 声.wav"),
        runtime=windows(folder / "laufzeit ß.dll"),
    )  # fmt: skip
    check("paths with spaces and other letters", done.returncode == 0 and len(done.stdout) > 1000)
    done = run(pose, windows(folder / "nicht da ü"), windows(SPEECH))
    check(
        "a missing bundle is named", done.returncode == 1 and "nicht da ü" in done.stderr.decode()
    )


def check_decoy() -> None:
    """An older copy in System32, or beside the program that runs, is never picked up."""
    pose = BUILD / "cpp/tools/talkface_pose.exe"
    system = PREFIX / "drive_c/windows/system32/onnxruntime.dll"
    mark = PREFIX / "drive_c/decoy-was-loaded"
    work = BUILD / "elsewhere"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    beside = BUILD / "talkface_onnxruntime.dll"
    mark.unlink(missing_ok=True)
    beside.unlink(missing_ok=True)
    shutil.copy(BUILD / "decoy.dll", system)
    shutil.copy(BUILD / "decoy.dll", work / "onnxruntime.dll")
    arguments = [windows(BUNDLES["tiny"]), windows(SPEECH)]
    try:
        named = run(pose, *arguments, folder=work)
        check("the named ONNX Runtime is used beside a decoy", named.returncode == 0)
        none = run(pose, *arguments, runtime=None, folder=work)
        told = none.stderr.decode(errors="replace")
        check("without one nothing is searched for", none.returncode == 1 and "not found" in told)
        shutil.copy(RUNTIME / "onnxruntime.dll", beside)
        own = run(pose, *arguments, runtime=None, folder=work)
        check("talkface_onnxruntime.dll beside talkface.dll is used", own.returncode == 0)
        check("the decoy was never loaded", not mark.exists())
        probe = run(pose, *arguments, runtime="C:\\windows\\system32\\onnxruntime.dll", folder=work)
        check("(the decoy would have been noticed)", probe.returncode == 1 and mark.exists())
    finally:
        for path in (system, mark, beside):
            path.unlink(missing_ok=True)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument(
        "--native", type=Path, default=ROOT / "build/release/cpp/tools/talkface_pose",
        help="talkface_pose of this machine (make build)",
    )  # fmt: skip
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    options = parser.parse_args(arguments)
    build(options.jobs)
    fetch_runtime()
    check_library()
    check_programs()
    check_poses(options.native)
    check_paths()
    check_decoy()
    print(f"{len(failures)} failures" + (": " + "; ".join(failures) if failures else ""))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
