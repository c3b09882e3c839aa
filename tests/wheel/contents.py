"""What a wheel of TalkFace may and must hold."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

MAX_BYTES = 40_000_000
NAME = re.compile(
    r"talkface-(?P<version>[^-]+)-cp(?P<python>3\d+)-cp(?P=python)-(?P<platform>\S+)\.whl"
)
PLATFORMS = re.compile(r"manylinux_2_\d+_(x86_64|aarch64)|macosx_\d+_\d+_arm64|win_amd64")
LIBRARIES = re.compile(r"\.(so|dll|pyd|dylib)(\.[\d.]+)?$")
BUNDLE = ("manifest.json", "model.onnx", "articulation.json", "LICENSE", "MODEL_CARD.md")


def problems(wheel: Path) -> list[str]:
    """What is wrong with a wheel's name and contents; empty when nothing is.

    Raises:
        zipfile.BadZipFile: the file is not a wheel.
    """
    found = []
    name = NAME.fullmatch(wheel.name)
    if name is None:
        found.append(f"{wheel.name} is not named talkface-VERSION-cpXY-cpXY-PLATFORM.whl")
    else:
        found += [
            f"{tag}: not a platform that an index takes (manylinux, macosx arm64, win_amd64)"
            for tag in name["platform"].split(".")
            if not PLATFORMS.fullmatch(tag)
        ]
    if wheel.stat().st_size > MAX_BYTES:
        found.append(f"{wheel.stat().st_size} bytes: more than {MAX_BYTES}")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = next((n for n in names if n.endswith(".dist-info/METADATA")), None)
        text = archive.read(metadata).decode() if metadata else ""
    if not re.search(r"^Requires-Dist: onnxruntime>=", text, flags=re.MULTILINE):
        found.append("ONNX Runtime is not a dependency")
    libraries = [Path(n).name for n in names if LIBRARIES.search(n)]
    found += [f"{n} is vendored" for n in libraries if "onnxruntime" in n]
    ours = re.compile(r"_core\..+|(lib)?talkface\.(so|dll|dylib)")
    found += [
        f"{n} came along" for n in libraries if "onnxruntime" not in n and not ours.fullmatch(n)
    ]
    for stem in ("_core.", "talkface."):
        if not any(n.removeprefix("lib").startswith(stem) for n in libraries):
            found.append(f"no library {stem}*")
    for bundle in ("default", "low_latency"):
        found += [
            f"talkface/bundles/{bundle}/{file} is missing"
            for file in BUNDLE
            if f"talkface/bundles/{bundle}/{file}" not in names
        ]
    return found
