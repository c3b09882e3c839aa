"""What the Unreal plugin's folder must hold: ``python tests/unreal/layout.py [FOLDER | ZIP]``.

A folder of the repository has no libraries; a package, the zip of `make unreal-package`, has them.
"""

from __future__ import annotations

import argparse
import json
import re
import struct
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = ROOT / "unreal_plugin/TalkFace"
NAME = "TalkFace"

SDK = "Source/ThirdParty/TalkFaceSDK"
BINARIES = "Binaries/ThirdParty/TalkFaceSDK"
LIBRARIES = (
    f"{BINARIES}/Linux/libtalkface.so",
    f"{BINARIES}/Linux/libtalkface_onnxruntime.so",
    f"{BINARIES}/Win64/talkface.dll",
    f"{BINARIES}/Win64/talkface_onnxruntime.dll",
    f"{SDK}/lib/Win64/talkface.lib",
)
HEADERS = tuple(f"{SDK}/include/talkface/{name}" for name in ("talkface.h", "version.h"))
BUNDLE_FILES = (
    "LICENSE", "MODEL_CARD.md", "articulation.json", "golden.npz", "manifest.json", "model.onnx",
    "training.json",
)  # fmt: skip
"""The library checks the sums of all of them when it opens a bundle."""
BUNDLE = tuple(f"Content/Bundles/default/{name}" for name in BUNDLE_FILES)
NOTICES = ("LICENSE", "THIRD_PARTY_NOTICES.md")
ALWAYS = (
    "README.md",
    "Config/FilterPlugin.ini",
    "Content/Data/metahuman.json",
    "Content/Python/talkface_import.py",
    "Resources/Icon128.png",
)
PACKAGED = (*NOTICES, *HEADERS, *LIBRARIES, *BUNDLE)

FIELDS: Mapping[str, type] = {
    "FileVersion": int, "Version": int, "VersionName": str, "FriendlyName": str,
    "Description": str, "Category": str, "CreatedBy": str, "CanContainContent": bool,
    "Installed": bool, "Modules": list, "SupportedTargetPlatforms": list,
}  # fmt: skip
MODULE_TYPES = ("Runtime", "RuntimeNoCommandlet", "Developer", "Editor", "UncookedOnly")
LOADING_PHASES = (
    "EarliestPossible", "PostConfigInit", "PreEarlyLoadingScreen", "PreLoadingScreen", "PreDefault",
    "Default", "PostDefault", "PostEngineInit",
)  # fmt: skip
PLATFORMS = ("Win64", "Linux", "LinuxArm64", "Mac")
BINARY_SUFFIXES = (".a", ".dll", ".dylib", ".exe", ".lib", ".o", ".obj", ".pdb", ".so")
MADE_FOLDERS = ("Intermediate", "Saved", "DerivedDataCache", "__pycache__", ".vs", ".idea")
RESERVED = {"con", "prn", "aux", "nul", *(f"{d}{i}" for d in ("com", "lpt") for i in range(1, 10))}
MOST_PATH = 170
"""Windows allows 260 characters, and projects lie deep."""

Files = Mapping[str, bytes]


def read_folder(folder: Path) -> dict[str, bytes]:
    """Files of a plugin's folder by path from there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def read_zip(path: Path) -> dict[str, bytes]:
    """Files of a package by path from the plugin's folder; what lies beside it keeps ``../``."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        return {
            name.removeprefix(f"{NAME}/") if name.startswith(f"{NAME}/") else f"../{name}":
                archive.read(name)
            for name in names
        }  # fmt: skip


def version() -> str:
    """The version that is typed in version.h."""
    text = (ROOT / "cpp/include/talkface/version.h").read_text("utf-8")
    found = re.search(r'TALKFACE_VERSION "([^"]+)"', text)
    if found is None:
        raise SystemExit("version.h types no TALKFACE_VERSION")
    return found[1]


def problems(files: Files, release: str, packaged: bool) -> list[str]:
    """What is wrong with a plugin's files; empty when nothing is."""
    wanted = (*ALWAYS, *(PACKAGED if packaged else ()))
    found = [f"{name} is missing" for name in wanted if not files.get(name)]
    return [
        *found,
        *_descriptor_problems(files, release),
        *_build_file_problems(files),
        *_name_problems(files),
        *_place_problems(files, packaged),
        *_icon_problems(files.get("Resources/Icon128.png", b"")),
        *_filter_problems(files, packaged),
    ]


def _descriptor_problems(files: Files, release: str) -> list[str]:
    descriptors = [name for name in files if name.endswith(".uplugin")]
    if descriptors != [f"{NAME}.uplugin"]:
        return [f"there must be one {NAME}.uplugin, not {', '.join(descriptors) or 'none'}"]
    try:
        plugin = json.loads(files[descriptors[0]])
    except ValueError as error:
        return [f"{NAME}.uplugin is not JSON: {error}"]
    found = [
        f"{NAME}.uplugin: {field} must be a {kind.__name__}"
        for field, kind in FIELDS.items()
        if type(plugin.get(field)) is not kind or plugin[field] in ("", [])
    ]
    if plugin.get("FileVersion") != 3:
        found.append(f"{NAME}.uplugin: FileVersion must be 3")
    if plugin.get("VersionName") != release:
        found.append(f"{NAME}.uplugin: VersionName must be {release}, as version.h has it")
    if "EngineVersion" in plugin:
        found.append(f"{NAME}.uplugin: EngineVersion ties the plugin to one engine; leave it out")
    for platform in plugin.get("SupportedTargetPlatforms") or []:
        if platform not in PLATFORMS:
            found.append(f"{NAME}.uplugin: unknown platform {platform}")
    for other in plugin.get("Plugins", []):
        if not other.get("Name") or other.get("Enabled") is not True:
            found.append(f"{NAME}.uplugin: a plugin it needs has no Name or is not Enabled")
    modules = plugin.get("Modules") or []
    names = [module.get("Name") for module in modules]
    found += [f"module {name} is listed twice" for name in {n for n in names if names.count(n) > 1}]
    return found + [line for module in modules for line in _module_problems(module, files)]


def _module_problems(module: Mapping[str, Any], files: Files) -> list[str]:
    name = module.get("Name")
    found = []
    if module.get("Type") not in MODULE_TYPES:
        found.append(f"module {name}: Type must be one of {', '.join(MODULE_TYPES)}")
    if module.get("LoadingPhase") not in LOADING_PHASES:
        found.append(f"module {name}: LoadingPhase must be one of {', '.join(LOADING_PHASES)}")
    if f"Source/{name}/{name}.Build.cs" not in files:
        return [*found, f"module {name}: Source/{name}/{name}.Build.cs is missing"]
    sources = [n for n in files if n.startswith(f"Source/{name}/") and n.endswith(".cpp")]
    macro = re.compile(rf"^IMPLEMENT_MODULE\(\s*\w+,\s*{name}\s*\)", re.M)
    count = sum(bool(macro.search(files[source].decode("utf-8"))) for source in sources)
    if count != 1:
        found.append(f"module {name}: one source must IMPLEMENT_MODULE(..., {name}), {count} do")
    return found


def _build_file_problems(files: Files) -> list[str]:
    found = []
    listed = set(re.findall(rb'"Name":\s*"(\w+)"', files.get(f"{NAME}.uplugin", b"")))
    for name in (n for n in files if n.endswith(".Build.cs")):
        module = PurePosixPath(name).name.removesuffix(".Build.cs")
        text = files[name].decode("utf-8")
        if PurePosixPath(name).parent.name != module:
            found.append(f"{name}: its folder must be named {module}")
        if not re.search(rf"class {module} : ModuleRules\b", text):
            found.append(f"{name}: it must declare class {module} : ModuleRules")
        if "ModuleType.External" not in text and module.encode() not in listed:
            found.append(f"{name}: {module} is neither in {NAME}.uplugin nor External")
    return found


def _name_problems(files: Files) -> list[str]:
    found = []
    seen: dict[str, str] = {}
    for name in files:
        if len(f"{NAME}/{name}") > MOST_PATH:
            found.append(f"{name}: the path has more than {MOST_PATH} characters")
        if not re.fullmatch(r"[\w./-]+", name, flags=re.ASCII):
            found.append(f"{name}: names need letters, digits, _, - and dots alone")
        parts = PurePosixPath(name).parts
        if RESERVED & {part.split(".")[0].lower() for part in parts}:
            found.append(f"{name}: Windows reserves that name")
        if set(MADE_FOLDERS) & set(parts):
            found.append(f"{name}: it is made by a build and must not be here")
        if seen.setdefault(name.lower(), name) != name:
            found.append(f"{name} and {seen[name.lower()]} differ in case alone")
        if parts[0] == "..":
            found.append(f"{name} lies outside {NAME}/")
    return found


def _place_problems(files: Files, packaged: bool) -> list[str]:
    found = []
    for name in files:
        suffixes = PurePosixPath(name).suffixes
        if not set(suffixes) & set(BINARY_SUFFIXES):
            continue
        if name not in LIBRARIES:
            found.append(f"{name}: libraries belong where {SDK}'s Build.cs looks for them")
        elif not packaged:
            found.append(f"{name}: libraries are in the package, not in the repository")
    staged = rb'RuntimeDependencies\.Add\([^;]*"Content", "Bundles"'
    if not any(re.search(staged, files[n]) for n in files if n.endswith(".Build.cs")):
        found.append("no Build.cs stages Content/Bundles by RuntimeDependencies")
    return found


def _icon_problems(icon: bytes) -> list[str]:
    if icon and (
        icon[:8] != b"\x89PNG\r\n\x1a\n" or struct.unpack(">II", icon[16:24]) != (128, 128)
    ):
        return ["Resources/Icon128.png must be a PNG of 128 x 128"]
    return []


def _filter_problems(files: Files, packaged: bool) -> list[str]:
    lines = files.get("Config/FilterPlugin.ini", b"").decode("utf-8").splitlines()
    kept = [line.strip() for line in lines if line.strip() and not line.startswith(";")]
    if kept[:1] != ["[FilterPlugin]"]:
        return ["Config/FilterPlugin.ini must begin with [FilterPlugin]"]
    found = []
    for line in kept[1:]:
        if not line.startswith("/"):
            found.append(f"Config/FilterPlugin.ini: {line} must begin with /")
        start = line[1:].split("...")[0]
        if packaged and not any(name.startswith(start) for name in files):
            found.append(f"Config/FilterPlugin.ini: {line} names nothing")
    kept_files = tuple(line[1:].split("...")[0] for line in kept[1:])
    for name in (*NOTICES, *LIBRARIES):
        if name.startswith("Source/") or name.startswith(kept_files):
            continue
        found.append(f"Config/FilterPlugin.ini: a packaged plugin loses {name}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", nargs="?", type=Path, default=PLUGIN)
    path = parser.parse_args().path
    packaged = path.is_file()
    files = read_zip(path) if packaged else read_folder(path)
    wrong = problems(files, version(), packaged)
    for line in wrong:
        print(f"FAIL {line}")
    print(f"{path}: {len(files)} files, {len(wrong)} problems")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
