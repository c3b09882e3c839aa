"""Makes dist/com.talkface.unity-VERSION.tgz, what Unity's Package Manager installs.

``make unity-package``. The libraries are those of the SDK zip (tests/sdk/make.py): for Linux and,
by mingw-w64, for Windows, with ONNX Runtime under a private name. The same files give the same
bytes.
"""

from __future__ import annotations

import gzip
import io
import re
import subprocess
import sys
import tarfile
from pathlib import Path

from metas import PACKAGE, metas
from validate import problems_of

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "unity_plugin" / PACKAGE
BUNDLE = ROOT / "python/talkface/bundles/default"
PLUGINS = {"linux-x86_64": "Linux/x86_64", "windows-x86_64": "Windows/x86_64"}
"""Folder of the SDK zip to folder below Runtime/Plugins."""


def release() -> str:
    """The version, typed once."""
    text = (ROOT / "cpp/include/talkface/version.h").read_text("utf-8")
    typed = re.search(r'TALKFACE_VERSION "([^"]+)"', text)
    if typed is None:
        sys.exit("version.h types no TALKFACE_VERSION")
    return typed[1]


def sources() -> dict[str, bytes]:
    """What git has of the package, and files that other folders have."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "."]
    listed = subprocess.run(command, cwd=SOURCE, check=True, capture_output=True).stdout
    names = [name for name in listed.decode().split("\0") if name and (SOURCE / name).is_file()]
    files = {name: (SOURCE / name).read_bytes() for name in names}
    files["LICENSE.md"] = (ROOT / "LICENSE").read_bytes()
    files["Documentation~/unity.md"] = manual((ROOT / "docs/unity.md").read_text("utf-8")).encode()
    for path in sorted(BUNDLE.iterdir()):
        files[f"StreamingAssets~/TalkFace/default/{path.name}"] = path.read_bytes()
    return files


def manual(page: str) -> str:
    """The page without links to others, which the package has not."""
    return re.sub(r"\[([^\]]+)\]\((?!https?:)[^)]*\)", r"\1", page)


def libraries(sdk: dict[str, bytes]) -> dict[str, bytes]:
    """Native libraries and licences by their names in the package, from those of the SDK zip."""
    files = {}
    for name, data in sdk.items():
        kind, _, rest = name.partition("/")
        platform, _, file = rest.partition("/")
        if kind == "lib" and file.endswith((".so", ".dll")):
            files[f"Runtime/Plugins/{PLUGINS[platform]}/{file}"] = data
        elif kind == "licences":
            files[f"Documentation~/licences/{rest}"] = data
    return files


def package(native: dict[str, bytes]) -> dict[str, bytes]:
    """Every file of the package by its path in it."""
    files = sources() | libraries(native)
    return files | {name: text.encode() for name, text in metas(files)}


def write_tgz(files: dict[str, bytes], path: Path) -> None:
    """An npm archive that depends on names and bytes alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        path.open("wb") as out,
        gzip.GzipFile("", "wb", compresslevel=9, fileobj=out, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive,
    ):
        for name in sorted(files):
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size, entry.mode = len(files[name]), 0o644
            archive.addfile(entry, io.BytesIO(files[name]))


def main() -> int:
    sys.path.insert(0, str(ROOT / "tests/sdk"))
    import make  # type: ignore[import-not-found]

    path = ROOT / "dist" / f"{PACKAGE}-{release()}.tgz"
    write_tgz(package(make.build() | make.onnxruntime_files()), path)
    wrong = problems_of(path)
    for line in wrong:
        print(f"FAIL {path.name}: {line}")
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
