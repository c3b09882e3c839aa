"""The plugin's folder and its package have the layout that the engine and people expect."""

from __future__ import annotations

import json
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from loading import load

from talkface.version import __version__

layout = load("tests/unreal/layout.py")

Files = dict[str, bytes]

BUILD = "Source/TalkFace/TalkFace.Build.cs"
MODULE = "Source/TalkFace/Private/TalkFaceModule.cpp"
FILTER = "Config/FilterPlugin.ini"
KEEP_ALL = b"/LICENSE\n/THIRD_PARTY_NOTICES.md\n/Binaries/...\n"
LIBRARIES = "Binaries/ThirdParty/TalkFaceSDK"


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height)


def module(name: str, kind: str = "Runtime") -> dict[str, str]:
    return {"Name": name, "Type": kind, "LoadingPhase": "Default"}


def descriptor() -> dict[str, object]:
    return {
        "FileVersion": 3, "Version": 1, "VersionName": "1.2.3", "FriendlyName": "TalkFace",
        "Description": "Faces", "Category": "Animation", "CreatedBy": "TalkFace",
        "CanContainContent": True, "Installed": False, "SupportedTargetPlatforms": ["Win64"],
        "Modules": [module("TalkFace"), module("TalkFaceEditor", "Editor")],
        "Plugins": [{"Name": "LiveLink", "Enabled": True}],
    }  # fmt: skip


def with_descriptor(files: Files, **changes: object) -> Files:
    plugin = {**descriptor(), **changes}
    kept = {key: value for key, value in plugin.items() if value is not None}
    return {**files, "TalkFace.uplugin": json.dumps(kept).encode()}


def good() -> Files:
    """A package in which nothing is wrong."""
    files = dict.fromkeys((*layout.ALWAYS, *layout.PACKAGED), b"x")
    files["Resources/Icon128.png"] = png(128, 128)
    files[FILTER] = b"[FilterPlugin]\n; kept\n/README.md\n" + KEEP_ALL
    stage = 'RuntimeDependencies.Add(Path.Combine(PluginDirectory, "Content", "Bundles", "..."));'
    for name in ("TalkFace", "TalkFaceEditor"):
        files[f"Source/{name}/{name}.Build.cs"] = f"class {name} : ModuleRules {stage}".encode()
        files[f"Source/{name}/Private/{name}Module.cpp"] = f"IMPLEMENT_MODULE(F, {name})".encode()
    sdk = f"{layout.SDK}/TalkFaceSDK.Build.cs"
    files[sdk] = b"class TalkFaceSDK : ModuleRules { Type = ModuleType.External; }"
    return with_descriptor(files)


def problems(files: Files, packaged: bool = True) -> list[str]:
    found: list[str] = layout.problems(files, "1.2.3", packaged)
    return found


def test_a_good_package_has_no_problem() -> None:
    assert problems(good()) == []


def without(name: str) -> Callable[[Files], Files]:
    return lambda files: {key: value for key, value in files.items() if key != name}


def changed(name: str, text: bytes) -> Callable[[Files], Files]:
    return lambda files: {**files, name: text}


def described(**changes: object) -> Callable[[Files], Files]:
    return lambda files: with_descriptor(files, **changes)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        *((without(name), f"{name} is missing") for name in (*layout.ALWAYS, *layout.PACKAGED)),
        (changed("LICENSE", b""), "LICENSE is missing"),
        (without("TalkFace.uplugin"), "there must be one TalkFace.uplugin"),
        (changed("Other.uplugin", b"{}"), "there must be one TalkFace.uplugin"),
        (changed("TalkFace.uplugin", b"{"), "is not JSON"),
        *((described(**{field: None}), f"{field} must be a") for field in layout.FIELDS),
        (described(Description=""), "Description must be a str"),
        (described(Version="1"), "Version must be a int"),
        (described(Version=True), "Version must be a int"),
        (described(FileVersion=2), "FileVersion must be 3"),
        (described(VersionName="1.2.4"), "VersionName must be 1.2.3"),
        (described(EngineVersion="5.4.0"), "EngineVersion ties"),
        (described(SupportedTargetPlatforms=["Windows"]), "unknown platform Windows"),
        (described(Plugins=[{"Name": "LiveLink"}]), "not Enabled"),
        (described(Modules=[module("TalkFace"), module("TalkFace")]), "listed twice"),
        (described(Modules=[module("TalkFace", "Game")]), "Type must be one of"),
        (described(Modules=[{**module("TalkFace"), "LoadingPhase": "Soon"}]), "LoadingPhase must"),
        (described(Modules=[module("Ghost")]), "Source/Ghost/Ghost.Build.cs is missing"),
        (described(Modules=[module("TalkFace")]), "TalkFaceEditor is neither in"),
        (without(MODULE), "must IMPLEMENT_MODULE(..., TalkFace), 0"),
        (
            changed("Source/TalkFace/Private/Again.cpp", b"IMPLEMENT_MODULE(F, TalkFace)"),
            "must IMPLEMENT_MODULE(..., TalkFace), 2",
        ),
        (changed(BUILD, b"class Other : ModuleRules"), "must declare class TalkFace"),
        (changed("Source/Wrong/TalkFaceX.Build.cs", b""), "its folder must be named TalkFaceX"),
        (
            lambda files: {
                name: data.replace(b'"Bundles"', b"") for name, data in files.items()
            },
            "no Build.cs stages Content/Bundles",
        ),
        (changed("Source/" + "a" * 170, b"x"), "more than 170 characters"),
        (changed("Source/a b.h", b"x"), "names need letters"),
        (changed("Source/\u00e4.h", b"x"), "names need letters"),
        (changed("Source/Aux.h", b"x"), "Windows reserves"),
        (changed("Source/com1/a.h", b"x"), "Windows reserves"),
        (changed("Intermediate/a.h", b"x"), "made by a build"),
        (changed("Content/Python/__pycache__/a.pyc", b"x"), "made by a build"),
        (changed("license", b"x"), "differ in case alone"),
        (changed("../README.md", b"x"), "lies outside"),
        (changed("Source/ThirdParty/talkface.dll", b"x"), "libraries belong"),
        (changed(f"{LIBRARIES}/Win64/onnxruntime.dll", b"x"), "libraries belong"),
        (changed(f"{LIBRARIES}/Linux/libonnxruntime.so.1.20", b"x"), "libraries belong"),
        (changed("Binaries/Win64/UnrealEditor-TalkFace.pdb", b"x"), "libraries belong"),
        (changed("Resources/Icon128.png", png(256, 256)), "128 x 128"),
        (changed("Resources/Icon128.png", b"GIF89a" + bytes(30)), "128 x 128"),
        (changed(FILTER, b"/LICENSE\n"), "must begin with [FilterPlugin]"),
        (changed(FILTER, b"[FilterPlugin]\nLICENSE\n" + KEEP_ALL), "must begin with /"),
        (changed(FILTER, b"[FilterPlugin]\n/Docs/...\n" + KEEP_ALL), "/Docs/... names nothing"),
        (changed(FILTER, b"[FilterPlugin]\n/LICENSE\n"), "loses THIRD_PARTY_NOTICES.md"),
        (changed(FILTER, b"[FilterPlugin]\n/LICENSE\n"), "loses Binaries/ThirdParty"),
    ],
)  # fmt: skip
def test_every_rule_is_seen_to_be_broken(spoil: Callable[[Files], Files], message: str) -> None:
    assert any(message in line for line in problems(spoil(good()))), problems(spoil(good()))


def test_the_repository_has_no_libraries() -> None:
    assert any("not in the repository" in line for line in problems(good(), packaged=False))


def test_the_plugin_of_the_repository_is_laid_out() -> None:
    assert layout.problems(layout.read_folder(layout.PLUGIN), layout.version(), False) == []


def test_the_version_is_typed_once() -> None:
    assert layout.version() == __version__


# --- the package ---------------------------------------------------------------------------------


def sdk_zip(path: Path, release: str) -> Path:
    """An SDK zip with real headers and bundle, and libraries of a few bytes."""
    sources = {
        name: (layout.ROOT / "cpp" / name).read_bytes()
        for name in ("include/talkface/talkface.h", "include/talkface/version.h")
    }
    for name in layout.BUNDLE_FILES:
        bundle = layout.ROOT / "python/talkface/bundles/default" / name
        sources[f"bundles/default/{name}"] = bundle.read_bytes()
    for name in (
        "lib/linux-x86_64/libtalkface.so", "lib/linux-x86_64/libtalkface_onnxruntime.so",
        "lib/windows-x86_64/talkface.dll", "lib/windows-x86_64/talkface_onnxruntime.dll",
        "lib/windows-x86_64/talkface.lib",
        "licences/onnxruntime-LICENSE.txt", "licences/onnxruntime-ThirdPartyNotices.txt", "LICENSE",
    ):  # fmt: skip
        sources[name] = name.encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in sources.items():
            archive.writestr(f"talkface-sdk-{release}/{name}", data)
    return path


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "layout", layout)
    return load("tests/unreal/package.py")


def run(package, monkeypatch: pytest.MonkeyPatch, sdk: Path, out: Path) -> int:
    monkeypatch.setattr(sys, "argv", ["package.py", "--sdk", str(sdk), "--out", str(out)])
    status: int = package.main()
    return status


def test_a_package_opens_and_depends_on_its_files_alone(
    package, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sdk = sdk_zip(tmp_path / "sdk.zip", layout.version())
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    assert run(package, monkeypatch, sdk, first) == 0
    assert run(package, monkeypatch, sdk, second) == 0
    assert first.read_bytes() == second.read_bytes()
    files = layout.read_zip(first)
    assert layout.problems(files, layout.version(), True) == []
    assert files[f"{layout.SDK}/lib/Win64/talkface.lib"] == b"lib/windows-x86_64/talkface.lib"
    assert b"ThirdPartyNotices" in files["THIRD_PARTY_NOTICES.md"]
    bundle = tmp_path / "TalkFace/Content/Bundles/default"
    with zipfile.ZipFile(first) as archive:
        archive.extractall(tmp_path)
    from talkface import TalkFace

    assert TalkFace(bundle).stream() is not None


def test_a_package_without_its_sdk_says_what_to_do(
    package, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(SystemExit, match="make sdk"):
        run(package, monkeypatch, tmp_path / "none.zip", tmp_path / "out.zip")
    with pytest.raises(SystemExit, match="does not hold"):
        run(package, monkeypatch, sdk_zip(tmp_path / "old.zip", "0.0.1"), tmp_path / "out.zip")
