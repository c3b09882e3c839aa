"""The Build.cs files compile, and say what a platform links, loads late and stages."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import layout  # noqa: E402

pytestmark = pytest.mark.skipif(
    shutil.which("mcs") is None or shutil.which("mono") is None, reason="needs mono-mcs and mono"
)
MODULES = sorted(p.name.removesuffix(".Build.cs") for p in layout.PLUGIN.rglob("*.Build.cs"))


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = tmp_path_factory.mktemp("rules") / "Show.exe"
    files = [*sorted((HERE / "build_tool").glob("*.cs")), *layout.PLUGIN.rglob("*.Build.cs")]
    command = ["mcs", "-warnaserror+", f"-out:{built}", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return built


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    """A package's folder with empty files at the places that the layout names."""
    for name in (*layout.LIBRARIES, *layout.HEADERS):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    return tmp_path


def rules(program: Path, plugin: Path, module: str, platform: str) -> list[str]:
    part = "ThirdParty/" if module == "TalkFaceSDK" else ""
    folder = plugin / "Source" / f"{part}{module}"
    command = ["mono", str(program), platform, str(plugin), module, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return [line.replace(f"{plugin}/", "") for line in done.stdout.splitlines()] or [done.stderr]


def test_windows_loads_the_library_late_and_stages_both(program: Path, plugin: Path) -> None:
    lines = rules(program, plugin, "TalkFaceSDK", "Win64")
    assert lines == [
        "library Source/ThirdParty/TalkFaceSDK/lib/Win64/talkface.lib",
        "delay talkface.dll",
        "staged Binaries/ThirdParty/TalkFaceSDK/Win64/talkface.dll",
        "staged Binaries/ThirdParty/TalkFaceSDK/Win64/talkface_onnxruntime.dll",
        "include Source/ThirdParty/TalkFaceSDK/include",
        "external True",
    ]


def test_linux_links_and_stages_both(program: Path, plugin: Path) -> None:
    lines = rules(program, plugin, "TalkFaceSDK", "Linux")
    folder = "Binaries/ThirdParty/TalkFaceSDK/Linux"
    assert f"library {folder}/libtalkface.so" in lines
    staged = [line for line in lines if line.startswith("staged ")]
    assert staged == [
        f"staged {folder}/libtalkface.so",
        f"staged {folder}/libtalkface_onnxruntime.so",
    ]
    assert not any(line.startswith("delay ") for line in lines)


@pytest.mark.parametrize("name", [*layout.LIBRARIES, layout.HEADERS[0]])
def test_a_missing_file_stops_the_build(program: Path, plugin: Path, name: str) -> None:
    (plugin / name).unlink()
    platform = "Linux" if "/Linux/" in name else "Win64"
    lines = rules(program, plugin, "TalkFaceSDK", platform)
    assert lines[0].startswith("error ")
    assert name in lines[0]
    assert "make unreal-package" in lines[0]


def test_a_mac_is_told_what_it_lacks(program: Path, plugin: Path) -> None:
    lines = rules(program, plugin, "TalkFaceSDK", "Mac")
    assert "Mac/libtalkface.dylib is missing" in lines[0]


def test_the_default_bundle_is_staged(program: Path, plugin: Path) -> None:
    lines = rules(program, plugin, "TalkFaceRuntime", "Win64")
    assert "staged Content/Bundles/..." in lines


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_rules(module: str, program: Path, plugin: Path) -> None:
    lines = rules(program, plugin, module, "Linux")
    external = module in ("TalkFaceCore", "TalkFaceSDK")
    assert f"external {external}" in lines
