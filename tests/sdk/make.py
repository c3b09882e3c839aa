"""Makes dist/talkface-sdk-VERSION.zip, what engine people unpack: `make sdk`.

Builds the library for Linux and, with mingw-w64, for Windows, takes ONNX Runtime from the wheels
of the version installed here, gives it a private name, and zips it all in a fixed order with fixed
times. What crash reporters need goes to dist/talkface-symbols-VERSION.zip.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

from layout import BUNDLE_FILES, BUNDLES, FILES, problems, root_of, sums

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/windows"), str(ROOT / "tests")]
import check as windows  # noqa: E402

from stable_zip import write_zip  # noqa: E402

WORK = ROOT / "build" / "sdk-files"
BUILT = (ROOT / "build/sdk/libtalkface.so", windows.BUILD / "talkface.dll")


def glibc_floor(library: Path) -> str:
    """The newest glibc version that a library asks for."""
    command = ["objdump", "-T", str(library)]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = {tuple(map(int, v.split("."))) for v in re.findall(r"GLIBC_(\d+(?:\.\d+)+)", text)}
    return ".".join(map(str, max(found)))


def build() -> dict[str, bytes]:
    """The libraries, without their local symbols."""
    for preset in ("sdk", "windows"):
        for command in (["--preset", preset], ["--build", "--preset", preset, "-t", "talkface"]):
            subprocess.run(["cmake", *command], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    linux, dll = (
        ship("strip", BUILT[0], "-x", "-S"),
        ship("x86_64-w64-mingw32-strip", BUILT[1], "-p"),
    )
    definitions = windows.BUILD / "talkface.def"
    return {
        "lib/linux-x86_64/libtalkface.so": linux.read_bytes(),
        "lib/windows-x86_64/talkface.dll": dll.read_bytes(),
        "lib/windows-x86_64/libtalkface.dll.a": (windows.BUILD / "libtalkface.dll.a").read_bytes(),
        "lib/windows-x86_64/talkface.def": definitions.read_bytes(),
        "lib/windows-x86_64/talkface.lib": import_library(definitions),
    }


def ship(strip: str, built: Path, *options: str) -> Path:
    """A copy of a library without what only debuggers read; that goes beside it, as NAME.debug."""
    WORK.mkdir(parents=True, exist_ok=True)
    shipped, symbols = WORK / built.name, WORK / f"{built.name}.debug"
    objcopy = strip.replace("strip", "objcopy")
    subprocess.run([objcopy, "--only-keep-debug", built, symbols], check=True)
    subprocess.run([strip, *options, "-o", shipped, built], check=True)
    subprocess.run([objcopy, f"--add-gnu-debuglink={symbols}", shipped], check=True)
    return shipped


def import_library(definitions: Path) -> bytes:
    """talkface.lib for Microsoft's linker, from the exports of talkface.dll."""
    library = WORK / "talkface.lib"
    machine = ["-m", "i386:x86-64", "-D", "talkface.dll"]
    command = ["llvm-dlltool", *machine, "-d", str(definitions), "-l", str(library)]
    subprocess.run(command, check=True)
    return library.read_bytes()


def onnxruntime_files() -> dict[str, bytes]:
    """ONNX Runtime for both systems under a name of ours, and its licence."""
    import onnxruntime

    package = Path(onnxruntime.__file__).parent
    [library] = package.glob("capi/libonnxruntime.so.*")
    private = WORK / "libtalkface_onnxruntime.so"
    shutil.copy(library, private)
    # The loader matches libraries by their inner name too: another ONNX Runtime must not meet ours.
    subprocess.run(["patchelf", "--set-soname", private.name, str(private)], check=True)
    windows.fetch_runtime()
    files = {
        "lib/linux-x86_64/libtalkface_onnxruntime.so": private.read_bytes(),
        "lib/windows-x86_64/talkface_onnxruntime.dll": (
            windows.RUNTIME / "onnxruntime.dll"
        ).read_bytes(),
    }
    [wheel] = windows.RUNTIME.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        for name in ("LICENSE", "ThirdPartyNotices.txt"):
            text = archive.read(f"onnxruntime/{name}")
            if text.split() != (package / name).read_bytes().split():
                sys.exit(f"{name} of ONNX Runtime differs between its wheels: ship both")
            files[f"licences/onnxruntime-{name.removesuffix('.txt')}.txt"] = text
    return files


def collect(release: str) -> dict[str, bytes]:
    """Every file of the zip by its name there."""
    files = build() | onnxruntime_files()
    bundles = ROOT / "python/talkface/bundles"
    for bundle in BUNDLES:
        for name in BUNDLE_FILES:
            files[f"bundles/{bundle}/{name}"] = (bundles / bundle / name).read_bytes()
    for name in FILES:
        if name.startswith("include/"):
            files[name] = (ROOT / "cpp" / name).read_bytes()
    sources = ROOT / "examples/sdk"
    for name in ("CMakeLists.txt", "speak.c", "speak.cpp"):
        files[f"examples/{name}"] = (sources / name).read_bytes()
    for path in (sources / "cmake").iterdir():
        text = path.read_text("utf-8").replace("@VERSION@", release)
        files[f"cmake/{path.name}"] = text.encode()
    files["examples/speech.wav"] = (ROOT / "examples/speech.wav").read_bytes()
    files["LICENSE"] = (ROOT / "LICENSE").read_bytes()
    readme = (sources / "README.md").read_text("utf-8")
    glibc = max(
        (glibc_floor(WORK / f"lib{name}.so") for name in ("talkface", "talkface_onnxruntime")),
        key=lambda floor: [int(part) for part in floor.split(".")],
    )
    stamps = {"VERSION": release, "ORT": version("onnxruntime"), "GLIBC": glibc}
    for key, value in stamps.items():
        readme = readme.replace(f"@{key}@", value)
    files["README.md"] = readme.encode()
    files["SHA256SUMS"] = sums(files).encode()
    return files


def main() -> int:
    text = (ROOT / "cpp/include/talkface/version.h").read_text("utf-8")
    typed = re.search(r'TALKFACE_VERSION "([^"]+)"', text)
    if typed is None:
        sys.exit("version.h types no TALKFACE_VERSION")
    path = ROOT / "dist" / f"{root_of(typed[1])}.zip"
    write_zip(collect(typed[1]), path, path.stem)
    symbols = ROOT / "dist" / f"talkface-symbols-{typed[1]}.zip"
    debug = [WORK / f"{built.name}.debug" for built in BUILT]
    write_zip({file.name: file.read_bytes() for file in debug}, symbols, symbols.stem)
    wrong = problems(path)
    for line in wrong:
        print(f"FAIL {path.name}: {line}")
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
