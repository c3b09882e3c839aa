"""What the SDK zip must hold: one folder, every file named here and summed, nothing else."""

from __future__ import annotations

import hashlib
import re
import zipfile
from pathlib import Path

LIBRARIES = {
    "linux-x86_64": ("libtalkface.so", "libtalkface_onnxruntime.so"),
    "windows-x86_64": (
        "libtalkface.dll.a", "talkface.def", "talkface.dll", "talkface.lib",
        "talkface_onnxruntime.dll",
    ),
}  # fmt: skip
BUNDLES = ("default", "low_latency")
BUNDLE_FILES = (
    "LICENSE", "MODEL_CARD.md", "articulation.json", "golden.npz", "manifest.json", "model.onnx",
    "training.json",
)  # fmt: skip
HEADERS = ("crowd.hpp", "model.hpp", "talkface.h", "talkface.hpp", "version.h")
FILES = (
    "LICENSE",
    "README.md",
    "SHA256SUMS",
    *(f"bundles/{bundle}/{file}" for bundle in BUNDLES for file in BUNDLE_FILES),
    *(f"cmake/TalkFaceConfig{end}.cmake" for end in ("", "Version")),
    *(f"examples/{file}" for file in ("CMakeLists.txt", "speak.c", "speak.cpp", "speech.wav")),
    *(f"include/talkface/{file}" for file in HEADERS),
    *(f"lib/{platform}/{file}" for platform, files in LIBRARIES.items() for file in files),
    "licences/onnxruntime-LICENSE.txt",
    "licences/onnxruntime-ThirdPartyNotices.txt",
)  # fmt: skip
TIME = (1980, 1, 1, 0, 0, 0)
"""Of every file in the zip: the same files give the same bytes."""


def sums(folder: dict[str, bytes]) -> str:
    """SHA256SUMS of files by name, as sha256sum writes and reads it."""
    return "".join(
        f"{hashlib.sha256(folder[name]).hexdigest()}  {name}\n"
        for name in sorted(folder)
        if name != "SHA256SUMS"
    )


def root_of(version: str) -> str:
    return f"talkface-sdk-{version}"


def problems(path: Path) -> list[str]:
    """What is wrong with an SDK zip; empty when nothing is.

    Raises:
        zipfile.BadZipFile: the file is not a zip.
    """
    root = path.stem
    found = []
    if not re.fullmatch(r"talkface-sdk-\d+\.\d+\.\d+", root):
        found.append(f"{path.name} is not named talkface-sdk-VERSION.zip")
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        names = [entry.filename for entry in entries]
        folder = {
            name.removeprefix(root + "/"): archive.read(name)
            for name in names
            if name.startswith(root + "/")
        }
    found += [f"{name} lies outside {root}/" for name in names if not name.startswith(root + "/")]
    found += [f"{name} is missing" for name in FILES if name not in folder]
    found += [f"{name} is not expected" for name in folder if name not in FILES]
    found += [f"{name} is empty" for name, data in folder.items() if not data]
    if names != sorted(names):
        found.append("files are not sorted")
    found += [f"{entry.filename} has a time" for entry in entries if entry.date_time != TIME]
    if folder.get("SHA256SUMS", b"").decode(errors="replace") != sums(folder):
        found.append("SHA256SUMS does not match the files")
    return found
